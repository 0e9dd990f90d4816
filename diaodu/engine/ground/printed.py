"""Figures as judging and dispatching read them: as printed, whether they come from a run in hand
or from rows that were kept of one."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Protocol

from diaodu.engine.ground.words import MEASURE_WORD_NAMES, OBS_WORD_NAMES

_NUMERIC = re.compile(r"-?\d+(\.\d+)?")
_FLAT = OBS_WORD_NAMES["flat"]


class Printed(Protocol):
    """A measure: `shown` as printed with an ASCII minus, or a word in its place."""

    @property
    def shown(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def word(self) -> str | None: ...


def number_of(figure: Printed) -> Decimal | None:
    """The number as everybody reads it; None for a word."""
    return _number(figure.shown)


@lru_cache(maxsize=65_536)
def _number(shown: str) -> Decimal | None:
    """A pass reads the same few thousand texts many times."""
    if _NUMERIC.fullmatch(shown):
        return Decimal(shown)
    return Decimal(0) if shown == _FLAT else None


def plain(number: Decimal) -> str:
    """All its digits, without trailing zeros."""
    return f"{number.normalize():f}"


def with_unit(digits: str, unit: str) -> str:
    """0.4个百分点, 1.20亿元; with a real minus."""
    return f"{digits.replace('-', '−')}{'个' if unit == '百分点' else ''}{unit}"


def said(figure: Printed) -> str:
    """The figure with its unit, or its word."""
    if figure.word is not None or number_of(figure) is None:
        return MEASURE_WORD_NAMES.get(figure.word or "", figure.shown)
    return figure.shown if figure.shown == _FLAT else with_unit(figure.shown, figure.unit)
