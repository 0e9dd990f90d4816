"""Exact arithmetic on frames: scaled integers, long division, rounding, intervals.

A number is an Int128, the figure times 10^12. Nothing here touches a binary float. Figures beyond
10^14 (`LIMIT`) are not computed with, so that every product below stays inside 128 bits; a
quotient that would not is null.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

import narwhals as nw

from diaodu.engine.compute.stated import stated
from diaodu.engine.ground.quantity import EXACT, SCALE

Frame = nw.DataFrame[Any]
Column = nw.Series[Any]

ONE = 10**SCALE
HUNDRED = 100 * ONE
LIMIT = 10 ** (14 + SCALE)  # what is computed with: figures up to 10^14, scaled
_STORED = 10**38  # what decimal(38,12) holds, scaled
MOST_DECIMALS = 12
FEWEST_DECIMALS = -12

_CHUNK = 8  # digits gained by one step of the long division
_DIVISOR_LIMIT = 10**30  # a remainder below it, times 10^8, stays below 2^127
_PRODUCT_LIMIT = 2**126  # products of a remainder and a divisor, so that their difference fits
_FACTOR_DIGITS = 38  # what is divided stays below 2^127
_LEAST_DIVISOR = 100  # and its quotient below 10^36
_RESULT_DIGITS = 36  # a quotient keeps below 10^36, as decimal(38,12) needs
_MANY = 100_000  # rows: the price of a step no longer matters beside theirs
_NARROW = 2**62
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


def narrow(column: Column) -> Column:
    """In 64 bits where they hold them all with room for rounding: these are counted with three
    times as fast."""
    least, most = column.min(), column.max()
    fits = most is not None and least > -_NARROW and most < _NARROW
    return column.cast(nw.Int64) if fits else column


def last_digit(decimals: int) -> int:
    """A unit of the last of 0..12 printed decimals, scaled."""
    return int(10 ** (SCALE - decimals))


class _Numbers:
    """Whole numbers as columns of one row, which stand against columns of any length; None is a
    row without number."""

    def __init__(self, like: Frame) -> None:
        self._backend = nw.get_native_namespace(like)

    def __call__(self, number: int | None) -> Column:
        return _number_column(self._backend, number)


@cache
def _number_column(backend: Any, number: int | None) -> Column:
    return nw.new_series("", [number], nw.Int128, backend=backend)


# Columns are computed one by one here, not as expressions: over the few rows of one changed cell
# an expression costs four times as much to state as to evaluate.


def _quotient(num: Column, den: Column, places: int, number: _Numbers) -> tuple[Column, ...]:
    """⌊num · 10^places ÷ den⌋, its remainder and its divisor.

    All three are null where the divisor is null, not positive or too large, or the quotient out
    of range. `places` 9..16. With num and den both scaled, 12 places give a scaled ratio and 14 a
    scaled percentage.
    """
    nothing = number(None)
    den = _divisor(den, number)
    if _fits_at_once(num, den, places):
        raised = num * number(10**places)
        quotient = raised // den
        told = den.zip_with(~num.is_null(), nothing) if num.null_count() else den
        return quotient, raised - quotient * den, told
    quotient, rest = num // den, num % den
    limit = 10 ** (_RESULT_DIGITS - places)
    inside = (quotient < number(limit)) & (quotient > number(-limit))
    quotient = quotient.zip_with(inside, nothing)
    for digits in (_CHUNK, places - _CHUNK):
        shifted = rest * number(10**digits)
        quotient = quotient * number(10**digits) + shifted // den
        rest = shifted % den
    return quotient, rest.zip_with(inside, nothing), den.zip_with(inside, nothing)


def _whole_part(num: Column, den: Column, places: int, number: _Numbers) -> Column:
    """The first of `_quotient`, by itself."""
    den = _divisor(den, number)
    if _fits_at_once(num, den, places):
        return num * number(10**places) // den
    return _quotient(num, den, places, number)[0]


def _divisor(den: Column, number: _Numbers) -> Column:
    """Null where it is not positive or too large."""
    least, most = den.min(), den.max()
    if least is None or (least > 0 and most <= _DIVISOR_LIMIT):
        return den
    return den.zip_with((den > number(0)) & (den <= number(_DIVISOR_LIMIT)), number(None))


def _fits_at_once(num: Column, den: Column, places: int) -> bool:
    """Whether all digits can be had by one division: a third of the time, and true of nearly all
    figures. num · 10^places stays below 10^38, the quotient below 10^36."""
    most, least, smallest = num.max(), num.min(), den.min()
    if most is None or least is None or smallest is None:
        return False
    low_enough = max(most, -least) < 10 ** (_FACTOR_DIGITS - places)
    return bool(low_enough and smallest >= _LEAST_DIVISOR)


def _beside(frame: Frame, columns: dict[str, Column]) -> Frame:
    added = [column.alias(name).to_frame() for name, column in columns.items()]
    return nw.concat([frame, *added], how="horizontal")


@dataclass(frozen=True)
class Range:
    """A scaled value with the bounds its printed digits leave open, as expressions."""

    value: nw.Expr
    lo: nw.Expr
    hi: nw.Expr
    count: nw.Expr | None = None  # of a place or count the whole number, not scaled

    @classmethod
    def of(cls, name: str) -> Range:
        """The columns `name`, `name_lo`, `name_hi`."""
        return cls(nw.col(name), nw.col(f"{name}_lo"), nw.col(f"{name}_hi"))

    @classmethod
    def exact(cls, value: nw.Expr) -> Range:
        return cls(value, value, value)

    @property
    def is_exact(self) -> bool:
        """Whether it was stated to be: its ends are then one expression."""
        return self.lo is self.value

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


class Ratio:
    """num ÷ den − minus, stated once."""

    def __init__(self, name: str, num: Range, den: Range, places: int, minus: int = 0) -> None:
        self._name, self._places, self._minus = name, places, minus
        low_den = nw.when(num.lo >= 0).then(den.hi).otherwise(den.lo)
        high_den = nw.when(num.hi >= 0).then(den.lo).otherwise(den.hi)
        bounded = den.lo > 0
        self._pairs = stated(
            _a0=num.value, _b0=den.value,
            _a1=num.lo, _b1=nw.when(bounded).then(low_den),
            _a2=num.hi, _b2=nw.when(bounded).then(high_den),
        )  # fmt: skip

    def beside(self, frame: Frame) -> Frame:
        """Add `name`, cut off, with `name_lo` and `name_hi`, rounded outward.

        `name_floor`, `name_rem`, `name_den` keep the exact fraction. The bounds are null where the
        divisor's reach down to zero.
        """
        pairs = frame.select(self._pairs)
        number = _Numbers(frame)
        value, low, high = self._divided(pairs, number)
        floor = value[0] - number(self._minus)
        more = value[1] > number(0)
        cut = floor + ((floor < number(0)) & more).cast(nw.Int128)
        up = high[0] - number(self._minus) + (high[1] > number(0)).cast(nw.Int128)
        name = self._name
        return _beside(
            frame,
            {
                name: cut, f"{name}_floor": floor, f"{name}_rem": value[1], f"{name}_den": value[2],
                f"{name}_lo": low - number(self._minus), f"{name}_hi": up,
            },
        )  # fmt: skip

    def _divided(
        self, pairs: Frame, number: _Numbers
    ) -> tuple[tuple[Column, ...], Column, tuple[Column, ...]]:
        """Quotient, remainder and divisor of value and hi, the quotient of lo."""
        if len(pairs) > _MANY:
            value, low, high = ((pairs[f"_a{n}"], pairs[f"_b{n}"]) for n in range(3))
            return (
                _quotient(*value, self._places, number), _whole_part(*low, self._places, number),
                _quotient(*high, self._places, number),
            )  # fmt: skip
        # One below the other: each step then costs its price once, not three times.
        stacked = nw.concat([pairs.select(pair) for pair in _PAIRS])
        found = _quotient(stacked["_a"], stacked["_b"], self._places, number)
        size = len(pairs)
        of_value, of_low, of_high = (
            tuple(one[n * size : (n + 1) * size] for one in found) for n in range(3)
        )
        return of_value, of_low[0], of_high


_PAIRS = [stated(_a=f"_a{n}", _b=f"_b{n}") for n in range(3)]


class Part:
    """one ÷ by, stated once. `by` is a positive whole number, not scaled: that takes no long
    division."""

    def __init__(self, name: str, one: Range, by: nw.Expr) -> None:
        self._name = name
        self._parts = stated(_a=one.value, _b=one.lo, _c=one.hi, _d=by)

    def beside(self, frame: Frame) -> Frame:
        """Add `name`, cut off, with `name_lo` and `name_hi`, rounded outward."""
        parts = frame.select(self._parts)
        number = _Numbers(frame)
        value, lo, hi, divisor = (parts[column] for column in ("_a", "_b", "_c", "_d"))
        cut_up = (value < number(0)) & (value % divisor > number(0))
        return _beside(
            frame,
            {
                self._name: value // divisor + cut_up.cast(nw.Int128),
                f"{self._name}_lo": lo // divisor,
                f"{self._name}_hi": number(0) - (number(0) - hi) // divisor,
            },
        )


def with_difference(frame: Frame, name: str, one: str, other: str) -> Frame:
    """Add `name` = one − other, cut off toward zero, for two exact fractions.

    Each is held as `x_floor`, `x_rem`, `x_den`. Cutting both first and then subtracting could
    miss a tie by one in the last place, hence the comparison of the two remainders.
    """
    number = _Numbers(frame)
    nought = number(0)
    fractions = [frame[f"{end}_{part}"] for end in (one, other) for part in ("rem", "den")]
    apart = _apart(fractions, _TAIL_STEPS, number)
    floor = frame[f"{one}_floor"] - frame[f"{other}_floor"]
    down = ((floor > nought) & (apart < nought)).cast(nw.Int128)
    up = ((floor < nought) & (apart > nought)).cast(nw.Int128)
    return _beside(frame, {name: floor - down + up})


def _apart(fractions: Sequence[Column], steps: int, number: _Numbers) -> Column:
    """Remainder, divisor, remainder, divisor → a number with the sign of the one fraction less the
    other: of their cross products where they are narrow enough, else of the first digits in which
    they differ. Only the few that are alike so far are followed further."""
    nought, step = number(0), number(10**_CHUNK)
    a, a_den, b, b_den = fractions
    if (a_den.max() or 0) * (b_den.max() or 0) < _PRODUCT_LIMIT:
        return a * b_den - b * a_den
    a, b = a * step, b * step
    apart = a // a_den - b // b_den
    alike = ((apart == nought) & ((a > nought) | (b > nought))).arg_true()
    if steps == 1 or not len(alike):
        return apart
    a, a_den, b, b_den = (column[alike] for column in (a, a_den, b, b_den))
    rest = (a % a_den, a_den, b % b_den, b_den)
    return apart.scatter(alike, _apart(rest, steps - 1, number))


def rounded(value: nw.Expr, step: nw.Expr) -> nw.Expr:
    """四舍五入, half away from zero: how many units of the last printed digit, which is `step`,
    scaled (see `last_digit`); an even number."""
    # What lies half-way below zero is to go down, so a little less is added there.
    return (value + step // 2 - (value < 0).cast(nw.Int64)) // step


class Printed:
    """The digits of a number as `ground.quantity.show` prints them, stated once; null for null.
    `decimals` 0..8."""

    def __init__(self, name: str, value: nw.Expr, decimals: nw.Expr) -> None:
        places = decimals.cast(nw.Int64)
        units, base = nw.col("_u"), nw.col("_p")
        sign = nw.when((value < 0) & (units > 0)).then(nw.lit("-")).otherwise(nw.lit(""))
        before = (units // base).cast(nw.String)
        # 10^d in front keeps the leading zeros of the fraction: 5 of 2 decimals is 105, then “05”.
        # What is left is below 2 · 10^8, and narrow numbers are printed faster than wide ones.
        after = (units % base + base).cast(nw.Int64).cast(nw.String).str.slice(1)
        point = nw.when(base > 1).then(nw.lit(".")).otherwise(nw.lit(""))
        self._steps = (
            stated(_p=power_of_ten(places), _s=power_of_ten(SCALE - places)),
            stated(_u=(value.abs() + nw.col("_s") // 2) // nw.col("_s")),
            stated(**{name: nw.concat_str([sign, before, point, after])}),
        )

    def beside(self, frame: Frame) -> Frame:
        for step in self._steps:
            frame = frame.with_columns(step)
        return frame.drop("_u", "_p", "_s")
