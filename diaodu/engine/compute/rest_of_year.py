"""How the rest of the year must run beside how it has run: means for each month."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from diaodu.engine.ground.quantity import EXACT, show

YEAR = 12


@dataclass(frozen=True, slots=True)
class Means:
    """Each printed; None where it cannot be told. `so_far`: of the months gone. `last_year`: of
    last year's months that correspond to those left."""

    so_far: str | None
    last_year: str | None


def means(
    done: Decimal | None, month: int, last_done: Decimal | None, last_whole: Decimal | None,
    decimals: int,
) -> Means:  # fmt: skip
    """Of a cumulative amount up to `month`, and last year's up to then and as a whole."""
    left = YEAR - month
    rest = None
    if last_done is not None and last_whole is not None and left:
        rest = _mean(EXACT.subtract(last_whole, last_done), left, decimals)
    return Means(None if done is None else _mean(done, month, decimals), rest)


def faster(required: Decimal, done: Decimal, month: int, decimals: int = 1) -> str | None:
    """By how many percent the required mean of the months left is above the mean so far; None
    where there was nothing so far."""
    if done <= 0:
        return None
    exact = Fraction(required) * month / Fraction(done) * 100 - 100
    return show(_decimal(exact), decimals)


def _mean(amount: Decimal, months: int, decimals: int) -> str:
    return show(_decimal(Fraction(amount) / months), decimals)


def _decimal(number: Fraction) -> Decimal:
    return EXACT.divide(Decimal(number.numerator), Decimal(number.denominator))
