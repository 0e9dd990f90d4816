"""Running numbers of papers: one after the other, none twice, none left out."""

from __future__ import annotations

from django.conf import settings
from django.db import connection, transaction

from diaodu.web.shared.models import Serial


def next_number(*, series: str, year: int) -> int:
    """The next number of this series in this year, to be written in the transaction one is in:
    where that is undone, so is the number. Who wants one waits until the one before is decided.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a number is given with what bears it")
    Serial.objects.get_or_create(series=series, year=year)
    held = Serial.objects.select_for_update().get(series=series, year=year)
    held.last += 1
    held.save(update_fields=["last"])
    return held.last


def letter_number(*, sign: str, home: str, year: int) -> str:
    """示督交〔2023〕41号: the next one of the letters with this sign."""
    series = f"{settings.DIAODU_LETTER_WORD or home[:1]}督{sign}"
    return f"{series}〔{year}〕{next_number(series=series, year=year)}号"
