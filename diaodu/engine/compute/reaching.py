"""What it takes: two targets of one indicator held together, the next place, what a ceiling leaves.
Pure functions over exact or printed numbers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from diaodu.engine.compute.made import half_up
from diaodu.engine.ground.interval import Interval

_HUNDRED = 100


def shown(value: Fraction, decimals: int) -> str:
    """四舍五入, once."""
    digits = half_up(value.numerator * 10**decimals, value.denominator)
    return f"{Decimal(digits).scaleb(-decimals):f}"


def enough(value: Fraction, decimals: int) -> str:
    """Rounded up: what is printed must do."""
    digits = -(-value.numerator * 10**decimals // value.denominator)
    return f"{Decimal(digits).scaleb(-decimals):f}"


# -- a level and a growth target ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ImpliedBases:
    """`by_targets`: the base that both targets together stand on. `needed`: the growth (%) that the
    level target really asks, over the base on file; `level_needed`: the level that the growth
    target really asks. `agree` within the rounding of the base on file."""

    by_targets: Fraction
    on_file: Interval
    needed: Interval
    level_needed: Interval

    @property
    def agree(self) -> bool:
        return self.on_file.lo <= self.by_targets <= self.on_file.hi


def implied_bases(level: Decimal, growth: Decimal, on_file: Interval) -> ImpliedBases | None:
    """50亿 with 24 %: the two stand on 40.32; over a base of 39.2 the 50 ask for 27.6 %. None where
    a growth says nothing: from −100 % down, or over a base that may be zero or below."""
    factor = 1 + Fraction(growth) / _HUNDRED
    if factor <= 0 or on_file.lo <= 0:
        return None
    needed = (Interval.exact(level) / on_file).times(_HUNDRED) - Interval.exact(_HUNDRED)
    return ImpliedBases(Fraction(level) / factor, on_file, needed, on_file.times(factor))


def said(bases: ImpliedBases, level: str, growth: str, unit: str) -> str:
    """50亿元与24%两个目标对不上：……"""
    by, held = shown(bases.by_targets, 2), shown(bases.on_file.value, 2)
    if bases.agree:
        return f"总量目标{level}{unit}与增速目标{growth}%对得上，同期数{held}{unit}"
    return (
        f"总量目标{level}{unit}与增速目标{growth}%对不上：两者合起来要求同期数是{by}{unit}，"
        f"而同期数是{held}{unit}；按总量需增长{shown(bases.needed.value, 1)}%，"
        f"按增速需达到{shown(bases.level_needed.value, 2)}{unit}"
    )


# -- the next place ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Overtaking:
    """`points`: distance to the one before. `to_tie` and `to_pass`: the level that is there today
    and would have made the two growths print alike, or one printed step apart; amounts beside
    today's level, None where no base is known."""

    points: Decimal
    to_tie: Fraction | None
    to_pass: Fraction | None


def overtaking(
    own: Decimal, ahead: Decimal, decimals: int, level: Decimal | None, base: Decimal | None
) -> Overtaking:
    """Of two printed growths, `ahead` the higher. A growth prints as `ahead` from half a step below
    it on."""
    half = Fraction(1, 2 * 10**decimals)
    if level is None or base is None or base <= 0:
        return Overtaking(ahead - own, None, None)

    def more(growth: Fraction) -> Fraction:
        wanted = Fraction(base) * (1 + growth / _HUNDRED)
        return max(wanted - Fraction(level), Fraction(0))

    tie = Fraction(ahead) - half
    return Overtaking(ahead - own, more(tie), more(tie + 2 * half))


# -- what a ceiling leaves ---------------------------------------------------------------------


def mean_left(ceiling: Decimal, so_far: Interval, gone: int, span: int) -> Interval | None:
    """The mean of the rest of the year that keeps a ceiling on the year's mean, weighted by days:
    (ceiling × span − mean × gone) ÷ (span − gone). None once the year is over."""
    if not 0 <= gone < span:
        return None
    left = Interval.exact(Fraction(ceiling) * span) - so_far.times(gone)
    return left.times(Fraction(1, span - gone))
