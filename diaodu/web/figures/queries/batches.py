"""Uploads of returns and what became of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet

from diaodu.web.figures.models import ImportBatch, ImportFile
from diaodu.web.shared.access import Access


def batches(access: Access) -> QuerySet[ImportBatch]:
    """Newest first. One's own; all of them for those who import for the whole desk and read all
    figures of it before their release: files and findings print figures."""
    found = ImportBatch.objects.select_related("by", "entry")
    if access.may("import") and access.reads_everything_early:
        return found
    return found.filter(by_id=access.user_id)


def batch(access: Access, id: int) -> ImportBatch:
    """Raises ImportBatch.DoesNotExist."""
    return batches(access).get(pk=id)


def batch_file(access: Access, id: int) -> ImportFile:
    """Raises ImportFile.DoesNotExist."""
    return ImportFile.objects.get(pk=id, batch__in=batches(access))


def found_by_imports(up_to_entry: int) -> Iterator[list[Any]]:
    """What was found while uploads were read, oldest first, as the columns of Finding. For runs:
    they are of everything that is on file, whoever looks at them later."""
    done = ImportBatch.objects.filter(state="done", entry_id__lte=up_to_entry).order_by("id")
    for found in done.values_list("findings", flat=True):
        yield from found


def seen_files(digests: Collection[str]) -> set[tuple[str, date]]:
    """(SHA-256, day of receipt) of the files that an earlier upload brought in."""
    rows = ImportFile.objects.filter(batch__state="done", sha256__in=set(digests), told="")
    found = rows.values_list("sha256", "received")
    return {(sha256, received) for sha256, received in found if received is not None}
