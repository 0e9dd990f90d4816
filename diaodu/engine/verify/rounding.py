"""What the printed digits of an observation leave open, and how far two such figures lie apart.

A difference that fits inside the intervals is rounding and never a finding; ends that touch
count as overlapping.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.quantity import COUNT_WORDS, EXACT, half_unit
from diaodu.engine.ground.records import Observation


def half_of(decimals: int | None, unit: str) -> Decimal:
    """Half a unit of the last digit given; nothing for whole counts, which are exact."""
    if decimals is None or (decimals == 0 and unit in COUNT_WORDS):
        return Decimal(0)
    return half_unit(decimals)


def printed(observation: Observation) -> Interval:
    """The interval of a figure as received. Raises ValueError for one that has no number."""
    if observation.value is None:
        raise ValueError(f"observation {observation.obs_id} has no number")
    value = Fraction(observation.value)
    half = Fraction(half_of(observation.decimals, observation.unit))
    return Interval(value, value - half, value + half)


def over(one: Interval, other: Interval) -> Interval | None:
    """The quotient; None where the divisor may be zero or negative."""
    return one / other if other.lo > 0 else None


def gap(one: Interval, other: Interval) -> Fraction:
    """How far apart two intervals lie; 0 where they overlap or touch."""
    return max(one.lo - other.hi, other.lo - one.hi, Fraction(0))


def decimal_of(number: Fraction) -> Decimal:
    """For showing only: 76 digits, more than any printed figure has."""
    with localcontext(EXACT):
        return Decimal(number.numerator) / Decimal(number.denominator)
