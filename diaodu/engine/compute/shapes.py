"""Last year's shape of a rate-only indicator: how its amount was spread over the year, as the
rulebook says; no figures of its own tell it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from diaodu.engine.ground.period import Period
from diaodu.engine.rules.calendar import periods_a_year
from diaodu.engine.rules.rulebook import Rulebook

_YEAR = 12


@dataclass(frozen=True, slots=True)
class Spread:
    """Weights in %: `done` up to the end of a period, `last` of what the period adds to the one
    before, `whole` of the year. `id` names the rule."""

    id: str
    done: Fraction
    last: Fraction
    whole: Fraction

    @staticmethod
    def told(weight: Fraction) -> str:
        """As printed; the rulebook gives finite decimals."""
        exact = Decimal(weight.numerator) / Decimal(weight.denominator)
        return f"{exact.normalize():f}"


def spread(rulebook: Rulebook, indicator: str, org: str, period: Period) -> Spread | None:
    """The weights for a cumulative period; None where the rulebook has no shape for it."""
    shape = rulebook.shape(indicator, org, period.end)
    if shape is None:
        return None
    known = rulebook.indicators[indicator]
    weights = [Fraction(weight) for weight in shape.weights]
    # 1—2月 is the first of eleven, a quarter one of four.
    left = _periods_left(periods_a_year(known), period)
    done = weights[: len(weights) - left]
    return Spread(shape.id, sum(done, Fraction(0)), done[-1], sum(weights, Fraction(0)))


def _periods_left(a_year: int, period: Period) -> int:
    """How many of a year's periods end after this one."""
    if a_year >= _YEAR - 1:
        return _YEAR - period.month
    return (_YEAR - period.month) * a_year // _YEAR
