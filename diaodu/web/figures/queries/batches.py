"""Uploads of returns and what became of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from diaodu.web.figures.models import ImportBatch, ImportFile


def batches() -> QuerySet[ImportBatch]:
    """Newest first."""
    return ImportBatch.objects.select_related("by", "entry")


def batch(id: int) -> ImportBatch:
    """Raises ImportBatch.DoesNotExist."""
    return batches().get(pk=id)


def seen_files(digests: Collection[str]) -> set[tuple[str, date]]:
    """(SHA-256, day of receipt) of the files that an earlier upload brought in."""
    rows = ImportFile.objects.filter(batch__state="done", sha256__in=set(digests), told="")
    found = rows.values_list("sha256", "received")
    return {(sha256, received) for sha256, received in found if received is not None}
