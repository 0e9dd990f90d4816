"""What lies between figures as they are printed: exact, in the digits of the finest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from diaodu.engine.ground.quantity import EXACT


def difference(now: str, then: str) -> str:
    """now − then, both printed digits; never “-0.0”."""
    return _told(EXACT.subtract(Decimal(now), Decimal(then)))


@dataclass(frozen=True, slots=True)
class LeftOver:
    """What parts leave of a whole. `is_rounding`: no more than the printed digits leave open."""

    digits: str
    is_rounding: bool

    @property
    def is_nothing(self) -> bool:
        return Decimal(self.digits) == 0


def left_over(whole: str, parts: Sequence[str]) -> LeftOver:
    """The whole less its parts, all printed digits. It is told as it is, never spread."""
    rest = Decimal(whole)
    for part in parts:
        rest = EXACT.subtract(rest, Decimal(part))
    open_ = sum((_half_a_digit(one) for one in (whole, *parts)), Decimal(0))
    return LeftOver(_told(rest), abs(rest) <= open_)


def _half_a_digit(shown: str) -> Decimal:
    exponent = Decimal(shown).as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(5).scaleb(exponent - 1)


def _told(number: Decimal) -> str:
    return f"{abs(number) if number == 0 else number:f}"
