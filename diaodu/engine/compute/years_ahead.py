"""A goal several years away as targets of the years on the way (三年倍增, 年均增长10%)."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import NamedTuple

from diaodu.engine.compute.reaching import shown
from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.quantity import EXACT

MOST_YEARS = 30
_HUNDRED = 100


class PathYear(NamedTuple):
    """`more`: beside the year before, both as printed; `growth` in % over it."""

    year: int
    value: Decimal
    more: Decimal
    growth: Decimal


def on_the_way(base: Interval, factor: Fraction, n: int, years: int) -> Interval:
    """base × factor^(n/years): after n of them where every year grows alike."""
    return base * Interval.exact(factor**n).root(years)


def path(
    *, base: Decimal, factor: Fraction, since: int, until: int, decimals: int
) -> list[PathYear]:  # fmt: skip
    """The year `until` is base × factor. Rounded once, when printed; what a year adds is told
    between printed numbers. Raises ValueError for no path at all."""
    years = until - since
    if not 0 < years <= MOST_YEARS or base <= 0 or factor <= 0:
        raise ValueError("a path goes up from a base above zero, over one year at least")
    found: list[PathYear] = []
    before = base
    for n in range(1, years + 1):
        exact = on_the_way(Interval.exact(base), factor, n, years)
        value = Decimal(shown(exact.value, decimals))
        if not before:
            raise ValueError("a path that prints as nothing leads nowhere")
        growth = Decimal(shown((Fraction(value) / Fraction(before) - 1) * _HUNDRED, 1))
        with localcontext(EXACT):
            found.append(PathYear(since + n, value, value - before, growth))
        before = value
    return found
