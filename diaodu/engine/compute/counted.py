"""Rates of counts: 11 of 12 are 91.7 %."""

from __future__ import annotations

from decimal import Decimal


def rate(part: int, whole: int) -> str | None:
    """The share in %, to one decimal, half up once; None where there is nothing to count.

    Raises ValueError where the part is no part.
    """
    if not 0 <= part <= whole:
        raise ValueError(f"{part} of {whole}")
    if whole == 0:
        return None
    tenths = (2 * 1000 * part + whole) // (2 * whole)
    return str(Decimal(tenths).scaleb(-1))
