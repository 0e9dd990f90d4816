"""A whole shared out exactly: parts of so many decimals that add up to it, by largest remainder.

Each part is first cut down to its decimals; what is left goes, one last unit each, to the parts
that lost most by the cut, the earlier one where two lost alike. A part of no weight gets nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, localcontext
from fractions import Fraction
from math import lcm

from diaodu.engine.ground.errors import DiaoduError
from diaodu.engine.ground.quantity import EXACT

Weight = Decimal | Fraction | int


class SpreadError(DiaoduError):
    """A whole that cannot be shared out by these weights in so many decimals."""


def spread(whole: Decimal, weights: Sequence[Weight], decimals: int) -> list[Decimal]:
    """Parts of `decimals` decimals in proportion to `weights`, which sum to `whole` exactly.

    Raises SpreadError where there are no weights, one is negative, all are zero, or the whole has
    more decimals than its parts may have: nothing is rounded away.
    """
    units = in_units(whole, decimals)
    parts = parts_of(units, as_integers(weights))
    return [Decimal(part).scaleb(-decimals) for part in parts]


def in_units(whole: Decimal, decimals: int) -> int:
    """The whole counted in units of its last decimal. Raises SpreadError where it has more."""
    with localcontext(EXACT):
        units = whole.scaleb(decimals)
        if units != units.to_integral_value():
            raise SpreadError(
                f"{whole:f}不止{decimals}位小数，各部分只印{decimals}位，加不出它；"
                f"请把它写成{decimals}位小数，或放宽各部分的小数位"
            )
        return int(units)


def as_integers(weights: Sequence[Weight]) -> list[int]:
    """Whole numbers in the same proportion. Raises SpreadError for weights that are none."""
    if not weights:
        raise SpreadError("没有可分的对象；请先写明分给谁（或分到哪几个月）")
    exact = [Fraction(one) for one in weights]
    for at, one in enumerate(exact, 1):
        if one < 0:
            raise SpreadError(
                f"第{at}份的权重{weights[at - 1]}是负数，不能按它分解；"
                "请改用别的办法，或先更正这个数"
            )
    if not any(exact):
        raise SpreadError("各份的权重全是0，分不出大小；请改用别的办法（如按月平均）")
    common = lcm(*(one.denominator for one in exact))
    return [one.numerator * (common // one.denominator) for one in exact]


def parts_of(units: int, weights: Sequence[int]) -> list[int]:
    """The same on whole numbers, for many wholes by the same weights: `weights` as from
    `as_integers`. A whole below zero is shared out as its size would be."""
    total = sum(weights)
    size = abs(units)
    shares = [size * weight for weight in weights]
    parts = [share // total for share in shares]
    left = size - sum(parts)
    if left:
        # Sorting keeps the earlier of two that lost alike in front.
        lost = [share % total for share in shares]
        for at in sorted(range(len(lost)), key=lost.__getitem__, reverse=True)[:left]:
            parts[at] += 1
    return parts if units >= 0 else [-part for part in parts]
