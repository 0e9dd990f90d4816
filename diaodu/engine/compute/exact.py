"""Exact arithmetic on frames: scaled integers, long division, rounding, intervals.

A number is an Int128, the figure times 10^12. Nothing here touches a binary float. Figures beyond
10^14 (`LIMIT`) are not computed with, so that every product below stays inside 128 bits; a
quotient that would not is null.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import narwhals as nw

from diaodu.engine.ground.quantity import EXACT, SCALE

Frame = nw.DataFrame[Any]

ONE = 10**SCALE
HUNDRED = 100 * ONE
LIMIT = 10 ** (14 + SCALE)  # what is computed with: figures up to 10^14, scaled
_STORED = 10**38  # what decimal(38,12) holds, scaled
MOST_DECIMALS = 12
FEWEST_DECIMALS = -12

_CHUNK = 8  # digits gained by one step of the long division
_DIVISOR_LIMIT = 10**30  # a remainder below it, times 10^8, stays below 2^127
_RESULT_DIGITS = 36  # a quotient keeps below 10^36, as decimal(38,12) needs
_TAIL_STEPS = 8  # 64 digits tell any two fractions with divisors below 10^30 apart


def to_scaled(value: Decimal) -> int:
    """The integer a frame holds for a value. Raises ValueError where it would lose digits or
    leave the range."""
    scaled = value.scaleb(SCALE, context=EXACT)
    if scaled != scaled.to_integral_value(context=EXACT):
        raise ValueError("more than twelve decimals")
    if scaled.copy_abs() >= _STORED:  # abs() would round to 28 digits
        raise ValueError("from 10^26 up")
    return int(scaled)


def from_scaled(value: int) -> Decimal:
    return Decimal(value).scaleb(-SCALE, context=EXACT)


def whole(number: int) -> nw.Expr:
    return nw.lit(number, dtype=nw.Int128)


def half_step(decimals: nw.Expr) -> nw.Expr:
    """Half a unit of the last printed digit, scaled; at twelve decimals rounded outward to 1."""
    span = list(range(FEWEST_DECIMALS, MOST_DECIMALS + 1))
    halves = [max(1, 10 ** (SCALE - d) // 2) for d in span]
    return decimals.cast(nw.Int64).replace_strict(span, halves, return_dtype=nw.Int128)


def power_of_ten(exponent: nw.Expr) -> nw.Expr:
    """10^exponent for 0..12."""
    span = list(range(SCALE + 1))
    return exponent.cast(nw.Int64).replace_strict(
        span, [10**d for d in span], return_dtype=nw.Int128
    )


def with_quotient(frame: Frame, name: str, num: nw.Expr, den: nw.Expr, places: int) -> Frame:
    """Add ⌊num · 10^places ÷ den⌋ as `name`, its remainder `name_rem` and divisor `name_den`.

    All three are null where the divisor is null, not positive or too large, or the quotient out
    of range. `places` 9..16. With num and den both scaled, 12 places give a scaled ratio and 14 a
    scaled percentage.
    """
    fits = (den > 0) & (den <= _DIVISOR_LIMIT)
    frame = frame.with_columns(_n=num, _d=nw.when(fits).then(den))
    frame = frame.with_columns(_q=nw.col("_n") // nw.col("_d"), _r=nw.col("_n") % nw.col("_d"))
    limit = whole(10 ** (_RESULT_DIGITS - places))
    inside = nw.col("_q").abs() < limit
    frame = frame.with_columns(_q=nw.when(inside).then(nw.col("_q")))
    for digits in (_CHUNK, places - _CHUNK):
        shifted = nw.col("_r") * whole(10**digits)
        frame = frame.with_columns(
            _q=nw.col("_q") * whole(10**digits) + shifted // nw.col("_d"),
            _r=shifted % nw.col("_d"),
        )
    known = ~nw.col("_q").is_null()
    return frame.with_columns(
        nw.col("_q").alias(name),
        nw.when(known).then(nw.col("_r")).alias(f"{name}_rem"),
        nw.when(known).then(nw.col("_d")).alias(f"{name}_den"),
    ).drop("_n", "_d", "_q", "_r")


def cut_quotient(name: str) -> nw.Expr:
    """The quotient cut off toward zero."""
    floor = nw.col(name)
    return floor + ((floor < 0) & (nw.col(f"{name}_rem") > 0)).cast(nw.Int128)


def ceil_quotient(name: str) -> nw.Expr:
    return nw.col(name) + (nw.col(f"{name}_rem") > 0).cast(nw.Int128)


def with_ratio(
    frame: Frame, name: str, num: Range, den: Range, places: int, minus: int = 0
) -> Frame:
    """Add `name` = num ÷ den − minus, cut off, with `name_lo` and `name_hi`, rounded outward.

    `name_floor`, `name_rem`, `name_den` keep the exact fraction. The bounds are null where the
    divisor's reach down to zero.
    """
    low_den = nw.when(num.lo >= 0).then(den.hi).otherwise(den.lo)
    high_den = nw.when(num.hi >= 0).then(den.lo).otherwise(den.hi)
    bounded = den.lo > 0
    pairs = (
        (num.value, den.value),
        (num.lo, nw.when(bounded).then(low_den)),
        (num.hi, nw.when(bounded).then(high_den)),
    )
    # One below the other: each step then costs its price once, not three times.
    stacked = nw.concat([frame.select(_a=a, _b=b) for a, b in pairs])
    stacked = with_quotient(stacked, "_x", nw.col("_a"), nw.col("_b"), places)
    stacked = stacked.with_columns(
        _x=nw.col("_x") - whole(minus), _up=ceil_quotient("_x") - whole(minus)
    ).with_columns(_cut=cut_quotient("_x"))
    size = len(frame)
    value, lo, hi = (stacked[at * size : (at + 1) * size] for at in range(3))
    columns = {
        name: "_cut",
        f"{name}_floor": "_x",
        f"{name}_rem": "_x_rem",
        f"{name}_den": "_x_den",
    }
    parts = [
        value.select(**{new: nw.col(old) for new, old in columns.items()}),
        lo.select(nw.col("_x").alias(f"{name}_lo")),
        hi.select(nw.col("_up").alias(f"{name}_hi")),
    ]
    return nw.concat([frame, *parts], how="horizontal")


@dataclass(frozen=True)
class Range:
    """A scaled value with the bounds its printed digits leave open, as expressions."""

    value: nw.Expr
    lo: nw.Expr
    hi: nw.Expr

    @classmethod
    def of(cls, name: str) -> Range:
        """The columns `name`, `name_lo`, `name_hi`."""
        return cls(nw.col(name), nw.col(f"{name}_lo"), nw.col(f"{name}_hi"))

    @classmethod
    def exact(cls, value: nw.Expr) -> Range:
        return cls(value, value, value)

    def __add__(self, other: Range) -> Range:
        return Range(self.value + other.value, self.lo + other.lo, self.hi + other.hi)

    def __sub__(self, other: Range) -> Range:
        return Range(self.value - other.value, self.lo - other.hi, self.hi - other.lo)

    def __neg__(self) -> Range:
        return Range(whole(0) - self.value, whole(0) - self.hi, whole(0) - self.lo)

    def where(self, condition: nw.Expr) -> Range:
        """Null elsewhere."""
        value, lo, hi = (nw.when(condition).then(end) for end in (self.value, self.lo, self.hi))
        return Range(value, lo, hi)

    def times(self, factor: int | nw.Expr) -> Range:
        """Times a factor that is not negative."""
        by = whole(factor) if isinstance(factor, int) else factor
        return Range(self.value * by, self.lo * by, self.hi * by)


def with_part(frame: Frame, name: str, one: Range, by: nw.Expr) -> Frame:
    """Add `name` = one ÷ by, cut off, with `name_lo` and `name_hi`, rounded outward. `by` is a
    positive whole number, not scaled: that takes no long division."""
    frame = frame.with_columns(_a=one.value, _b=one.lo, _c=one.hi, _d=by)
    value, lo, hi, parts = (nw.col(column) for column in ("_a", "_b", "_c", "_d"))
    cut_up = ((value < 0) & (value % parts > 0)).cast(nw.Int128)
    return frame.with_columns(
        (value // parts + cut_up).alias(name),
        (lo // parts).alias(f"{name}_lo"),
        (whole(0) - (whole(0) - hi) // parts).alias(f"{name}_hi"),
    ).drop("_a", "_b", "_c", "_d")


def with_difference(frame: Frame, name: str, one: str, other: str) -> Frame:
    """Add `name` = one − other, cut off toward zero, for two exact fractions.

    Each is held as `x_floor`, `x_rem`, `x_den`. Cutting both first and then subtracting could
    miss a tie by one in the last place, hence the comparison of the two remainders.
    """
    frame = frame.with_columns(
        _a=nw.col(f"{one}_rem"), _b=nw.col(f"{other}_rem"), _c=whole(0),
    )  # fmt: skip
    a_den, b_den = nw.col(f"{one}_den"), nw.col(f"{other}_den")
    for _ in range(_TAIL_STEPS):
        frame = frame.with_columns(
            _a=nw.col("_a") * whole(10**_CHUNK), _b=nw.col("_b") * whole(10**_CHUNK)
        )
        step = nw.col("_a") // a_den - nw.col("_b") // b_den
        frame = frame.with_columns(
            _c=nw.when(nw.col("_c") == 0).then(step).otherwise(nw.col("_c")),
            _a=nw.col("_a") % a_den,
            _b=nw.col("_b") % b_den,
        )
        open_still = (nw.col("_c") == 0) & ((nw.col("_a") > 0) | (nw.col("_b") > 0))
        if not frame.select(open_still.any()).item():
            break
    floor = nw.col(f"{one}_floor") - nw.col(f"{other}_floor")
    down = ((floor > 0) & (nw.col("_c") < 0)).cast(nw.Int128)
    up = ((floor < 0) & (nw.col("_c") > 0)).cast(nw.Int128)
    return frame.with_columns((floor - down + up).alias(name)).drop("_a", "_b", "_c")


def rounded(value: nw.Expr, decimals: nw.Expr) -> nw.Expr:
    """四舍五入, half away from zero: how many units of the last printed digit. `decimals` 0..8."""
    step = power_of_ten(SCALE - decimals.cast(nw.Int64))
    size = (value.abs() + step // 2) // step
    return nw.when(value < 0).then(whole(0) - size).otherwise(size)


def with_printed(frame: Frame, name: str, value: nw.Expr, decimals: nw.Expr) -> Frame:
    """Add the digits as `ground.quantity.show` prints them; null for null. `decimals` 0..8."""
    frame = frame.with_columns(_p=power_of_ten(decimals))
    frame = frame.with_columns(_s=whole(ONE) // nw.col("_p"))
    frame = frame.with_columns(_u=(value.abs() + nw.col("_s") // 2) // nw.col("_s"))
    units, base = nw.col("_u"), nw.col("_p")
    sign = nw.when((value < 0) & (units > 0)).then(nw.lit("-")).otherwise(nw.lit(""))
    before = (units // base).cast(nw.String)
    # 10^d in front keeps the leading zeros of the fraction: 5 of 2 decimals is 105, then “05”.
    # What is left is below 2 · 10^8, and narrow numbers are printed faster than wide ones.
    after = (units % base + base).cast(nw.Int64).cast(nw.String).str.slice(1)
    point = nw.when(base > 1).then(nw.lit(".")).otherwise(nw.lit(""))
    return frame.with_columns(nw.concat_str([sign, before, point, after]).alias(name)).drop(
        "_u", "_p", "_s"
    )
