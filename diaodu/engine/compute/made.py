"""Rows of measures made one by one, exactly, where there are few or where no frame can do it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product
from math import ceil, floor
from typing import Any, NamedTuple

import narwhals as nw

from diaodu.engine.compute.emit import BREAK, Row
from diaodu.engine.compute.exact import Frame, Range
from diaodu.engine.compute.figures import table
from diaodu.engine.ground.quantity import SCALE
from diaodu.engine.ground.words import MeasureWord

_ONE = 10**SCALE


class Number(NamedTuple):
    """Scaled: cut off, its bounds rounded outward; the bounds may be unknown."""

    value: int
    lo: int | None
    hi: int | None


class Made(NamedTuple):
    """One row of a measure. `inputs` in the order in which they are told."""

    indicator: str
    org: str
    period: str
    measure: str
    number: Number | None
    word: MeasureWord | str | None
    unit: str
    decimals: int
    formula: str
    inputs: Sequence[str]
    target_id: str = ""
    base: str = ""
    peer_group: str = ""


_TEXTS = (
    "indicator", "org", "period", "measure", "word", "unit", "formula", "target_id", "base",
    "peer_group",
)  # fmt: skip


def frame_of(like: Frame, made: Sequence[Made]) -> Frame:
    columns: dict[str, list[Any]] = {name: [getattr(one, name) for one in made] for name in _TEXTS}
    columns["decimals"] = [one.decimals for one in made]
    columns["inputs"] = [BREAK.join(dict.fromkeys(one.inputs)) for one in made]
    for name in Number._fields:
        columns[name] = [None if one.number is None else getattr(one.number, name) for one in made]
    types: dict[str, Any] = dict.fromkeys(columns, nw.String)
    types |= {"decimals": nw.Int64, **dict.fromkeys(Number._fields, nw.Int128)}
    return _ROW.of(table(like, columns, types))


_ROW = Row(
    nw.col("measure"), number=Range(nw.col("value"), nw.col("lo"), nw.col("hi")),
    word=nw.col("word"), unit=nw.col("unit"), decimals=nw.col("decimals"),
    formula=nw.col("formula"), inputs=nw.col("inputs"), target_id=nw.col("target_id"),
    base=nw.col("base"), peer_group=nw.col("peer_group"),
)  # fmt: skip


def number_of(value: Fraction, lo: Fraction | None = None, hi: Fraction | None = None) -> Number:
    """A number in its unit as it is kept."""
    return Number(
        int(value * _ONE),
        None if lo is None else floor(lo * _ONE),
        None if hi is None else ceil(hi * _ONE),
    )


def counted(number: int) -> Number:
    return Number(number * _ONE, number * _ONE, number * _ONE)


class Known(NamedTuple):
    """A figure and the bounds of its printed digits, scaled integers."""

    value: int
    lo: int
    hi: int

    @classmethod
    def exact(cls, value: int) -> Known:
        return cls(value, value, value)


def over_bounds(
    function: Callable[..., Fraction], figures: Sequence[Known], *, bounded: bool = True
) -> Number:
    """A function of independent figures, monotone in each of them: its extremes lie where every
    figure is at one of its ends. Without bounds where the caller says that it has none there."""
    value = function(*(one.value for one in figures))
    if not bounded:
        return number_of(value)
    ends = [function(*corner) for corner in product(*({one.lo, one.hi} for one in figures))]
    return number_of(value, min(value, *ends), max(value, *ends))


def half_up(numerator: int, denominator: int) -> int:
    """四舍五入 of a fraction to a whole number, half away from zero; the divisor is positive."""
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -size if numerator < 0 else size
