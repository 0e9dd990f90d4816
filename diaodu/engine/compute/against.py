"""How a figure stands to its target: decided here once, for counts, lights and sentences alike.

What is compared is the figure as printed (docs/decisions/0005): a difference that prints as zero
is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal, Protocol

from diaodu.engine.ground.quantity import round_half_up
from diaodu.engine.rules.models import Indicator

Met = Literal["是", "否", "undecidable"]
Standing = Literal["above", "at", "below", "undecidable"]


class Figure(Protocol):
    """A measure, or what is known of one; numbers None for a word."""

    @property
    def value(self) -> Decimal | None: ...
    @property
    def decimals(self) -> int | None: ...
    @property
    def lo(self) -> Decimal | None: ...
    @property
    def hi(self) -> Decimal | None: ...


class Aim(Protocol):
    """A target that has a number, or what is known of one."""

    @property
    def kind(self) -> str: ...
    @property
    def comparator(self) -> str: ...
    @property
    def value(self) -> Decimal | None: ...
    @property
    def tolerance(self) -> Decimal | None: ...


def printed(figure: Figure | None) -> Decimal | None:
    """The number as it is printed; None for a word or no figure."""
    if figure is None or figure.value is None:
        return None
    if figure.decimals is None:
        return figure.value
    return round_half_up(figure.value, figure.decimals)


def figure_names(indicator: Indicator, kind: str) -> tuple[str, ...]:
    """The measures held against a target of that kind, the first that has a number counts."""
    if kind == "growth" or indicator.is_rate_only:
        return ("growth_published", "growth")
    return ("value",)


def is_upper(indicator: Indicator, aim: Aim) -> bool:
    """Whether a target is a bound from above."""
    low = indicator.direction == "low"
    return (
        aim.kind == "ceiling"
        or aim.comparator in ("within", "hold")
        or (low and aim.comparator in ("reach", "about"))
    )


@dataclass(frozen=True)
class Against:
    """One target and the figure held against it (see `figure_names`); `pace_gap` where there is
    a pace. “Above” is the good side, whichever that is."""

    indicator: Indicator
    aim: Aim
    figure: Figure | None
    pace_gap: Figure | None
    year_end: bool

    @property
    def has_pace(self) -> bool:
        return self.aim.kind == "level" and self.indicator.is_flow

    @property
    def upper(self) -> bool:
        """Whether the target is a bound from above."""
        return is_upper(self.indicator, self.aim)

    @property
    def slack(self) -> Decimal:
        """What 左右 leaves open on either side."""
        about = self.aim.comparator == "about" and self.aim.tolerance is not None
        return self.aim.tolerance if about and self.aim.tolerance is not None else Decimal(0)

    @cached_property
    def line(self) -> Decimal | None:
        """The target, with the slack in the org's favour."""
        if self.aim.value is None:
            return None
        return self.aim.value + self.slack if self.upper else self.aim.value - self.slack

    @cached_property
    def short(self) -> Decimal | None:
        """How far the printed figure lies on the wrong side of the line, in its unit."""
        return self._short_of(self.line)

    @cached_property
    def off(self) -> Decimal | None:
        """How far it lies on the wrong side of the target itself: what 左右 leaves open may let it
        pass, and is no part of what was asked."""
        return self._short_of(self.aim.value)

    def _short_of(self, line: Decimal | None) -> Decimal | None:
        told = printed(self.figure)
        if told is None or line is None:
            return None
        return told - line if self.upper else line - told

    @cached_property
    def short_pace(self) -> Decimal | None:
        """Points on the wrong side of the pace, as printed. At the end of the year nothing is
        owed once the target is met, its slack included."""
        gap = printed(self.pace_gap)
        if gap is None:
            return None
        short = gap if self.upper else -gap
        if self.slack and self.year_end and self.met == "是":
            return min(short, Decimal(0))
        return short

    @cached_property
    def met(self) -> Met:
        """Undecidable where the figure as printed misses the line and its rounding reaches it.

        A flow is measured against the year's target at the end of the year only: before, what is
        not yet reached is not undecidable.
        """
        if self.short is None or self.figure is None or self.line is None:
            return "否"
        if self.short < 0 or (self.short == 0 and self.aim.comparator != "exceed"):
            return "是"
        if self.aim.comparator == "exceed" or (self.has_pace and not self.year_end):
            return "否"
        reach = self.figure.lo if self.upper else self.figure.hi
        if reach is None:
            return "否"
        within = reach <= self.line if self.upper else self.line < reach
        return "undecidable" if within else "否"

    @property
    def within_slack(self) -> bool:
        told = printed(self.figure)
        if told is None or self.aim.value is None:
            return False
        return abs(told - self.aim.value) <= self.slack

    @property
    def standing(self) -> Standing | None:
        """Against the pace where there is one, else against the target; None without a figure.
        Within the slack of 左右 is “at”."""
        short = self.short_pace if self.has_pace else self.short
        if short is None:
            return None
        if self.met == "undecidable":
            return "undecidable"
        if not self.has_pace and self.within_slack:
            return "at"
        if short == 0:
            return "at"
        return "below" if short > 0 else "above"
