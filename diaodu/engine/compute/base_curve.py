"""Last year's months that this year still has to be held against: where it will be hard.

All from printed figures of one indicator and org, cumulative or of a level without growth.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import EXACT, show

YEAR = 12


class Told(NamedTuple):
    """A period as printed; None where nothing was published."""

    period: str
    level: str | None
    growth: str | None


@dataclass(frozen=True, slots=True)
class BaseMonth:
    """What last year added in a period, by how much that had grown, and where the year then
    stood. `is_high`: it grew faster than last year as a whole, so this year's growth will be
    pressed; None where that cannot be told."""

    months: tuple[int, int]
    amount: str | None
    growth: str | None
    cumulative: str | None
    is_high: bool | None


@dataclass(frozen=True, slots=True)
class Curve:
    """The periods of last year after the month that this year has come to. `year`: last year's
    growth as a whole."""

    year: str | None
    rest: tuple[BaseMonth, ...]


def base_curve(
    points: Iterable[Told], now: Period, *, adds_up: bool, growth_decimals: int = 1
) -> Curve:
    """`adds_up`: levels are cumulative, so that a period's own amount is their difference. With
    amounts of two years a period's own growth is held against last year's as a whole; else, where
    only cumulative growths are known, one that raised the year's growth was high."""
    held = {Period.from_id(one.period): one for one in points}
    last = now.year - 1
    of_last = sorted((period for period in held if period.year == last), key=lambda one: one.month)
    year = next((held[one].growth for one in of_last if one.month == YEAR), None)
    rest: list[BaseMonth] = []
    for place, period in enumerate(of_last):
        before = of_last[place - 1] if place else None
        if period.month <= now.month:
            continue
        amount = _amount(held, period, before) if adds_up else None
        then = _amount(held, *_year_before(period, before)) if adds_up else None
        growth = _growth(amount, then, growth_decimals)
        cumulative = held[period].growth
        earlier = held[before].growth if before is not None else None
        first = before.month + 1 if before is not None else 1
        rest.append(
            BaseMonth(
                (first, period.month), amount, growth, cumulative,
                _is_high(growth, year, cumulative, earlier),
            )
        )  # fmt: skip
    return Curve(year, tuple(rest))


def _year_before(period: Period, before: Period | None) -> tuple[Period, Period | None]:
    return period.last_year(), before.last_year() if before is not None else None


def _amount(held: dict[Period, Told], period: Period, before: Period | None) -> str | None:
    now = held[period].level if period in held else None
    if now is None:
        return None
    if before is None:
        return now
    then = held[before].level if before in held else None
    return None if then is None else f"{EXACT.subtract(Decimal(now), Decimal(then)):f}"


def _growth(amount: str | None, then: str | None, decimals: int) -> str | None:
    """None over a base of zero or less."""
    if amount is None or then is None or Decimal(then) <= 0:
        return None
    exact = Fraction(amount) / Fraction(then) * 100 - 100
    return show(EXACT.divide(Decimal(exact.numerator), Decimal(exact.denominator)), decimals)


def _is_high(
    growth: str | None, year: str | None, cumulative: str | None, earlier: str | None
) -> bool | None:
    if growth is not None and year is not None:
        return Decimal(growth) > Decimal(year)
    if cumulative is not None and earlier is not None:
        return Decimal(cumulative) > Decimal(earlier)
    return None
