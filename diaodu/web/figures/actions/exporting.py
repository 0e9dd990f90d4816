"""Exports that are too large to wait for."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

from diaodu.adapters.long_table import write_csv_zip, write_xlsx
from diaodu.web.figures import queries
from diaodu.web.figures.models import Export
from diaodu.web.people import queries as people
from diaodu.web.shared import audit
from diaodu.web.shared.access import Access
from diaodu.web.shared.queue import enqueue

KINDS = {"xlsx": ".xlsx", "csv": ".csv.zip"}
TITLE = "数据"


def write_export(
    path: Path, kind: str, access: Access, now: datetime, wanted: queries.Search
) -> int:
    """What this reader may see at that moment of what is looked for. Returns the rows written."""
    rows = queries.export_rows(queries.search(access, now, wanted), now)
    writer = write_xlsx if kind == "xlsx" else write_csv_zip
    return writer(path, TITLE, queries.HEADER, rows)


@transaction.atomic
def note_export(*, by: Any, at: datetime, kind: str, wanted: queries.Search, rows: int) -> None:
    """Figures left the desk: who took which."""
    audit.record(
        by=by, at=at, action="figures.export", thing="figures.Export", id=kind,
        after={**wanted.as_json(), "rows": rows},
    )  # fmt: skip


@transaction.atomic
def ask_export(*, by: Any, at: datetime, kind: str, wanted: queries.Search) -> Export:
    found = Export.objects.create(by=by, at=at, kind=kind, search=wanted.as_json())
    enqueue("figures.make_export", export_id=found.pk)
    return found


def make_export(*, export_id: int, now: datetime) -> None:
    """Under what the one who asked may see now. Run again it makes the file anew."""
    found = Export.objects.select_related("by").get(pk=export_id)
    if found.state != "waiting":
        return
    access = people.access_of(found.by, now.date())
    wanted = queries.Search.from_json(found.search)
    name = f"{found.pk}{KINDS[found.kind]}"
    with TemporaryDirectory(prefix="diaodu-export-") as folder:
        path = Path(folder) / name
        found.rows = write_export(path, found.kind, access, now, wanted)
        default_storage.delete(queries.export_path(name))
        with path.open("rb") as content:
            default_storage.save(queries.export_path(name), File(content))
    found.state, found.name = "done", name
    with transaction.atomic():
        found.save(update_fields=["state", "name", "rows"])
        note_export(by=found.by, at=now, kind=found.kind, wanted=wanted, rows=found.rows)


def give_up_export(*, export_id: int) -> None:
    fail_export(export_id=export_id, why="多次中断")


def fail_export(*, export_id: int, why: str) -> None:
    Export.objects.filter(pk=export_id, state="waiting").update(
        state="failed", message=f"{why}，没有做成；请缩小范围再导出"
    )
