"""Where a target of the year should be by the end of a month: what a chart draws beside what was
done. Pure: the rules and printed digits in, printed digits out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from diaodu.engine.compute.pace import elapsed
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import EXACT, show
from diaodu.engine.rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Due:
    """`digits`: exact, to draw by. `shown`: as it is printed."""

    digits: str
    shown: str


def due(goal: str, share: Fraction, decimals: int) -> Due:
    """That share of the target."""
    exact = Fraction(goal) * share
    number = EXACT.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    return Due(f"{number:f}", show(number, decimals))


def share_gone(
    rulebook: Rulebook, indicator: str, tier: str, period: Period, done: str | None,
    whole: str | None,
) -> Fraction | None:  # fmt: skip
    """What of the year's target should be done by then. `done` and `whole`: last year's amounts up
    to then and of the year, which some targets run by; None where these are wanted and are not
    there."""
    gone = elapsed(rulebook, indicator, tier, period)
    if gone is not None:
        return Fraction(gone.gone, gone.span)
    if done is None or whole is None or Decimal(whole) <= 0:
        return None
    return Fraction(done) / Fraction(whole)
