"""A workbook handed in: first it is read and shown, then, confirmed, taken into the draft."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from diaodu.web.intake.actions.common import (
    THING,
    leave_trace,
    locked,
    name,
    refuse_closed,
)
from diaodu.web.intake.actions.filling import Entered, Saved, retell, save_cells
from diaodu.web.intake.models import Explanation, Return, Upload
from diaodu.web.intake.queries.checks import Checked, about, says_the_same
from diaodu.web.intake.queries.forms import Form
from diaodu.web.intake.queries.sheets import Loaded, cells_of
from diaodu.web.intake.queries.typed import read_typed
from diaodu.web.intake.queries.workbooks import read_upload
from diaodu.web.shared import audit


def upload(*, loaded: Loaded, file_name: str, content: bytes, by: Any, at: datetime) -> Upload:
    """Read a workbook and keep what it says, for the difference to be seen. The draft is as it was.

    Raises ValidationError, with every reason, where the file is none that this form can take.
    """
    refuse_closed(loaded.form, at)
    read = read_upload(loaded, file_name, content, at.date())
    if isinstance(read, list):
        raise ValidationError(read)
    key = loaded.form.key
    with transaction.atomic():
        made = Upload.objects.create(
            form=key.form, period=key.period, reporter_id=key.reporter, name=file_name[:255],
            sha256=read.sha256, content=content, ours=read.is_ours,
            cells=[vars(one) for one in read.cells], left=[asdict(one) for one in read.left],
            remarks=[asdict(one) for one in read.remarks], notes=[list(one) for one in read.notes],
            by=by, at=at,
        )  # fmt: skip
        audit.record(
            by=by, at=at, action="intake.upload", thing=THING, id=name(key),
            after={"file": file_name, "sha256": read.sha256, "cells": len(read.cells)},
        )  # fmt: skip
    return made


def take(
    *, form: Form, upload: Upload, only: frozenset[str], seen: int, by: Any, at: datetime
) -> Saved:
    """Take what was read into the draft, as far as this user may fill it (`only`), with file,
    sheet and cell as the origin of each figure. Explanations written in the form are taken with
    it. A figure that the draft has already stays as it was written. A second click changes
    nothing."""
    with transaction.atomic():
        first = Upload.objects.filter(pk=upload.pk, taken_at=None).update(taken_at=at)
        if not first:
            raise ValidationError("这个文件的数已经取过了；要再取，请重新上传")
        entered = list(_new_figures(form, upload, only, seen))
        saved = save_cells(form=form, entered=entered, seen=seen, by=by, at=at)
        assert saved.checked is not None
        _explain(form, saved.sheet, saved.checked, upload, by, at)
        leave_trace(
            saved.sheet, act="take", by=by, at=at, note=f"“{upload.name}”，{len(saved.changed)}格"
        )
    return Saved(
        saved.sheet, saved.changed, saved.conflicts, saved.others, retell(form, saved.sheet, at)
    )


def _new_figures(form: Form, upload: Upload, only: frozenset[str], seen: int) -> Iterator[Entered]:
    sheet = locked(form)
    held = {} if sheet is None else cells_of(sheet)
    for one in upload.cells:
        key = one["key"]
        if key not in form.cells or key not in only:
            continue
        read = read_typed(*form.cells[key], one["text"])
        if not says_the_same(form, key, held.get(key), read) or held[key].reason != one["reason"]:
            yield Entered(
                key, one["text"], seen, one["reason"], upload.name, upload.sha256, one["tab"],
                one["place"],
            )  # fmt: skip


def _explain(
    form: Form, sheet: Return, checked: Checked, upload: Upload, by: Any, at: datetime
) -> None:
    """The 说明 of a line answers what was found about it."""
    notes: Mapping[tuple[str, str], str] = {
        (org, indicator): text for org, indicator, text in upload.notes
    }
    for one in checked.unexplained:
        text = notes.get((one.org, one.indicator), "")
        if text:
            Explanation.objects.update_or_create(
                sheet=sheet, finding=one.id,
                defaults={
                    "code": one.code, "org": one.org, "indicator": one.indicator,
                    "period": one.period, "about": about(one), "message": one.message,
                    "text": text[:500], "by": by, "at": at,
                },
            )  # fmt: skip
