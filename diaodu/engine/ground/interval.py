"""Arithmetic on printed figures: a value with the bounds that its rounding leaves open.

A printed 8.5 stands for [8.45, 8.55). Values and bounds are `Fraction`, so nothing is rounded on
the way; only a root is, to 30 places, its bounds outward. Bounds are kept closed: the upper end
of a printed figure is never reached, which makes them wider by a single point and no more.

Each operation gives the exact range over its two operands when they vary independently: a formula
that uses every figure once therefore has exact bounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from diaodu.engine.ground.quantity import Printed, half_unit

ROOT_DIGITS = 30


@dataclass(frozen=True, slots=True)
class Interval:
    """`lo` ≤ `value` ≤ `hi`, all in one unit that the caller knows."""

    value: Fraction
    lo: Fraction
    hi: Fraction

    def __post_init__(self) -> None:
        if not self.lo <= self.value <= self.hi:
            raise ValueError(f"{self.value} lies outside [{self.lo}, {self.hi}]")

    @classmethod
    def exact(cls, value: Fraction | Decimal | int) -> Interval:
        fraction = Fraction(value)
        return cls(fraction, fraction, fraction)

    @classmethod
    def printed(cls, number: Printed) -> Interval:
        """What a printed number stands for, in its printed unit; counts are exact."""
        if number.is_count:
            return cls.exact(number.value)
        value, half = Fraction(number.value), Fraction(half_unit(number.decimals))
        return cls(value, value - half, value + half)

    @property
    def holds_zero(self) -> bool:
        return self.lo <= 0 <= self.hi

    def overlaps(self, other: Interval) -> bool:
        """Whether the two may be the same number; ends that only touch do not count, unless
        one of the two is a single number."""
        if self.lo == self.hi or other.lo == other.hi:
            return self.lo <= other.hi and other.lo <= self.hi
        return self.lo < other.hi and other.lo < self.hi

    def __neg__(self) -> Interval:
        return Interval(-self.value, -self.hi, -self.lo)

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.value + other.value, self.lo + other.lo, self.hi + other.hi)

    def __sub__(self, other: Interval) -> Interval:
        return self + -other

    def __mul__(self, other: Interval) -> Interval:
        ends = [one * two for one in (self.lo, self.hi) for two in (other.lo, other.hi)]
        return Interval(self.value * other.value, min(ends), max(ends))

    def __truediv__(self, other: Interval) -> Interval:
        """Raises ZeroDivisionError where the divisor may be zero."""
        if other.holds_zero:
            raise ZeroDivisionError("the divisor may be zero")
        return self * Interval(1 / other.value, 1 / other.hi, 1 / other.lo)

    def times(self, factor: Fraction | int) -> Interval:
        """Multiplied with an exact number."""
        return self * Interval.exact(factor)

    def root(self, degree: int) -> Interval:
        """The degree-th root, cut off at 30 places, `hi` rounded up. ValueError below zero."""
        if self.lo < 0:
            raise ValueError("no root of a negative number")
        floor = [_floor_root(end, degree) for end in (self.value, self.lo, self.hi)]
        value, lo, hi = floor
        if hi**degree != self.hi:
            hi += Fraction(1, 10**ROOT_DIGITS)
        return Interval(value, lo, hi)


def _floor_root(value: Fraction, degree: int) -> Fraction:
    """The largest number of 30 places whose degree-th power is at most `value` (≥ 0)."""
    scale = 10**ROOT_DIGITS
    power = value.numerator * scale**degree // value.denominator
    return Fraction(_integer_root(power, degree), scale)


def _integer_root(number: int, degree: int) -> int:
    """⌊number^(1/degree)⌋ by Newton's method from above."""
    if number == 0:
        return 0
    root = 1 << -(-number.bit_length() // degree)
    while True:
        better = ((degree - 1) * root + number // root ** (degree - 1)) // degree
        if better >= root:
            return root
        root = better
