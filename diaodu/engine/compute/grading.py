"""A printed number held against what a calculation finds: does it hold?

The finding is an interval (`ground.interval`), because the figures it was computed from are
printed figures themselves. A printed result is therefore never wrong by rounding alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.quantity import Printed

Grade = Literal["holds", "truncated", "wrong"]


def grade(printed: Printed, found: Interval) -> Grade:
    """How a printed number stands to `found`, both in one unit.

    `holds`: some number of the interval rounds (half away from zero) to what is printed.
    `truncated`: none does, but one becomes what is printed when its further digits are cut off,
    as 10 for 10.71 and 29.6 for 29.67. `wrong`: neither.

    A count is graded like any other number: where whole things are added up, rounding changes
    nothing; where they are divided, a mean of 4.7 may be printed as 5.
    """
    if _rounded_to(printed).meets(found):
        return "holds"
    return "truncated" if _cut_to(printed).meets(found) else "wrong"


@dataclass(frozen=True, slots=True)
class _Span:
    """All numbers that are printed alike; says of each end whether it belongs to them."""

    lo: Fraction
    hi: Fraction
    has_lo: bool
    has_hi: bool

    def meets(self, found: Interval) -> bool:
        """Whether the two share a number. Ends of a true interval are not reached (see Interval),
        so only a single number can meet an end."""
        if found.lo < found.hi:
            return found.lo < self.hi and self.lo < found.hi
        number = found.value
        above = self.lo < number or (self.has_lo and self.lo == number)
        return above and (number < self.hi or (self.has_hi and self.hi == number))


def _rounded_to(printed: Printed) -> _Span:
    value, half = Fraction(printed.value), Fraction(1, 2 * 10**printed.decimals)
    return _Span(value - half, value + half, has_lo=value > 0, has_hi=value < 0)


def _cut_to(printed: Printed) -> _Span:
    value, step = Fraction(printed.value), Fraction(1, 10**printed.decimals)
    lo = value if value > 0 else value - step
    hi = value if value < 0 else value + step
    return _Span(lo, hi, has_lo=value > 0, has_hi=value < 0)
