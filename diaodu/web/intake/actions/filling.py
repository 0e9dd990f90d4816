"""Typing: drafts are kept cell by cell; two clerks at one form lose nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from diaodu.web.intake.actions.common import (
    leave_trace,
    locked,
    locked_for,
    refuse_closed,
    refuse_unless,
)
from diaodu.web.intake.models import Explanation, Return, ReturnCell, Save
from diaodu.web.intake.queries.checks import Checked, about, check_form, says_the_same
from diaodu.web.intake.queries.forms import Form
from diaodu.web.intake.queries.ledger import ledger_of
from diaodu.web.intake.queries.sheets import cells_of
from diaodu.web.intake.queries.typed import NIL, Typed, read_typed

_CONTENT = ("given", "unit", "word", "reason", "file", "sha256", "tab", "place")


@dataclass(frozen=True)
class Entered:
    """What somebody typed in a cell. `seen` is the cell's version on their page: where the cell
    has changed since, they are asked, not overruled. file …: where it came from in a workbook."""

    key: str
    text: str
    seen: int
    reason: str = ""
    file: str = ""
    sha256: str = ""
    tab: str = ""
    place: str = ""


@dataclass(frozen=True)
class Conflict:
    """The same cell was changed by another meanwhile; what was typed is not saved but told."""

    key: str
    label: str
    yours: str
    theirs: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Saved:
    """What a save came to. `others`: keys of cells that colleagues changed since `seen`."""

    sheet: Return
    changed: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    others: tuple[str, ...] = ()
    checked: Checked | None = field(default=None, repr=False)


def open_return(*, form: Form, by: Any, at: datetime) -> Return:
    """The form's return; made where there is none yet. Inside the caller's transaction, locked."""
    found = locked(form)
    if found is not None:
        return found
    try:
        with transaction.atomic():
            made = Return.objects.create(
                form=form.key.form, period=form.key.period, reporter_id=form.key.reporter,
                opened_at=at, saved_at=at, saved_by=by, unfilled=len(form.cells),
            )  # fmt: skip
    except IntegrityError:  # a colleague was faster by a moment
        again = locked(form)
        assert again is not None
        return again
    leave_trace(made, act="open", by=by, at=at)
    return made


def save_cells(
    *, form: Form, entered: Sequence[Entered], seen: int, by: Any, at: datetime
) -> Saved:
    """Keep what was typed. Cells that only others changed are merged; a cell that both changed is
    a conflict and stays as the other left it, until somebody chooses.

    Raises Untimely outside the window and after submission.
    """
    with transaction.atomic():
        refuse_closed(form, at)
        sheet = open_return(form=form, by=by, at=at)
        refuse_unless(sheet, "save")
        cells = cells_of(sheet)
        conflicts = tuple(_conflicts(form, cells, entered))
        refused = {one.key for one in conflicts}
        others = tuple(
            key
            for key, one in cells.items()
            if one.version > seen and one.by != by and key not in refused
        )
        wanted = {one.key: _content_of(form, one) for one in entered if one.key not in refused}
        changed = _write(form, sheet, cells, wanted, by, at)
    return Saved(sheet, changed, conflicts, others, retell(form, sheet, at))


def undo(*, form: Form, by: Any, at: datetime) -> Saved:
    """Take back one's own last save, where nobody has changed those cells since."""
    with transaction.atomic():
        refuse_closed(form, at)
        sheet = locked_for(form, "save")
        last = sheet.saves.filter(by=by, undone=False).order_by("-version").first()
        if last is None:
            raise ValidationError("没有可以撤销的改动")
        cells = cells_of(sheet)
        before = {one["key"]: one["before"] for one in last.changes}
        touched = [
            one["key"]
            for one in last.changes
            if not one["after"].items() <= _content(cells.get(one["key"])).items()
        ]
        if touched:
            names = "、".join(form.name_of(key) for key in touched if key in form.cells)
            raise ValidationError(f"{names}后来又改过，不能撤销；要改请直接填")
        wanted = {
            key: (read_typed(*form.cells[key], was["given"]), was)
            for key, was in before.items()
            if key in form.cells
        }
        last.undone = True
        last.save(update_fields=["undone"])
        changed = _write(form, sheet, cells, wanted, by, at, undone=True)
    return Saved(sheet, changed, checked=retell(form, sheet, at))


def declare_none(*, form: Form, keys: Iterable[str], reason: str, by: Any, at: datetime) -> Saved:
    """本期确无数据: these cells have no figure, and why. Cells that hold one are left alone."""
    if not reason.strip():
        raise ValidationError("请写明为什么本期没有数")
    with transaction.atomic():
        refuse_closed(form, at)
        sheet = open_return(form=form, by=by, at=at)
        refuse_unless(sheet, "save")
        cells = cells_of(sheet)
        wanted = {
            key: (Typed("无", word=NIL), {"reason": reason.strip()})
            for key in keys
            if key in form.cells and _may_be_none(cells.get(key))
        }
        changed = _write(form, sheet, cells, wanted, by, at)
    return Saved(sheet, changed, checked=retell(form, sheet, at))


def explain_finding(*, form: Form, finding: str, text: str, by: Any, at: datetime) -> Saved:
    """Say why a figure that looks odd is right; an empty text takes it back. It is kept with the
    figure, its period and the numbers it was said of."""
    with transaction.atomic():
        refuse_closed(form, at)
        sheet = locked_for(form, "save")
        checked = _check(form, sheet, at)
        asked = next((one for one in checked.soft if one.id == finding), None)
        if asked is None:
            raise ValidationError("这一条已经不用说明了")
        before = checked.explanations.get(finding)
        Explanation.objects.update_or_create(
            sheet=sheet, finding=finding,
            defaults={
                "code": asked.code, "org": asked.org, "indicator": asked.indicator,
                "period": asked.period, "about": about(asked), "message": asked.message,
                "text": text.strip(), "by": by, "at": at,
            },
        )  # fmt: skip
        sheet.version += 1
        sheet.saved_at, sheet.saved_by = at, by
        sheet.save(update_fields=["version", "saved_at", "saved_by"])
        leave_trace(
            sheet, act="explain", by=by, at=at, before={"text": before.text if before else ""},
            after={"text": text.strip(), "finding": finding, "message": asked.message},
        )  # fmt: skip
    return Saved(sheet, checked=retell(form, sheet, at))


def retell(form: Form, sheet: Return, at: datetime) -> Checked:
    """Check what is there now and note on the return what is left to do, for the lists. Outside
    the lock: the note is for reading only, and a newer save writes its own."""
    checked = _check(form, sheet, at)
    left = {
        "hard": checked.must, "soft": len(checked.unexplained),
        "unfilled": len(checked.unfilled) + len(checked.unreasoned),
    }  # fmt: skip
    Return.objects.filter(pk=sheet.pk, version=sheet.version).update(**left)
    return checked


def _check(form: Form, sheet: Return, at: datetime) -> Checked:
    explanations = sheet.explanations.select_related("by")
    return check_form(form, cells_of(sheet), explanations, ledger_of(form), at)


# -- one save -------------------------------------------------------------------------------------

_Wanted = Mapping[str, tuple[Typed, Mapping[str, str]]]


def _content_of(form: Form, one: Entered) -> tuple[Typed, Mapping[str, str]]:
    typed = read_typed(*form.cells[one.key], one.text)
    reason = one.reason if typed.word == NIL else ""
    origin = {"file": one.file, "sha256": one.sha256, "tab": one.tab, "place": one.place}
    row, facet = form.cells[one.key]
    unit = "" if typed.value is None else row.unit(facet)
    return typed, {"reason": reason, "unit": unit, **origin}


def _conflicts(
    form: Form, cells: Mapping[str, ReturnCell], entered: Iterable[Entered]
) -> Iterator[Conflict]:
    for one in entered:
        held = cells.get(one.key)
        if held is None or held.version <= one.seen:
            continue
        if not says_the_same(form, one.key, held, read_typed(*form.cells[one.key], one.text)):
            yield Conflict(
                one.key, form.name_of(one.key), one.text.strip(), held.given, str(held.by),
                held.at,
            )  # fmt: skip


def _written(one: Typed | ReturnCell) -> tuple[object, ...]:
    """The figure with its digits: who makes 1.5 into 1.50 says how exact it is."""
    plain = one.value is not None and not one.fault
    return (one.value, one.decimals) if plain else (one.given, one.word)


def _write(
    form: Form, sheet: Return, cells: dict[str, ReturnCell], wanted: _Wanted, by: Any,
    at: datetime, *, undone: bool = False,
) -> tuple[str, ...]:  # fmt: skip
    """Write the cells that differ as one save with its trace; nothing where none does."""
    changes: list[dict[str, Any]] = []
    touched: list[ReturnCell] = []
    for key, (typed, more) in wanted.items():
        cell = cells.get(key) or _new_cell(form, sheet, key, by, at)
        before = _content(cells.get(key))
        if _written(typed) == _written(cell) and all(
            before[one] == more.get(one, "") for one in ("reason", "unit")
        ):
            continue
        _fill(cell, typed, more)
        after = _content(cell)
        cell.version, cell.by, cell.at = sheet.version + 1, by, at
        touched.append(cell)
        changes.append({"key": key, "before": before, "after": after})
    if not changes:
        return ()
    sheet.version += 1
    sheet.saved_at, sheet.saved_by = at, by
    sheet.save(update_fields=["version", "saved_at", "saved_by"])
    _store(touched)
    Save.objects.create(
        sheet=sheet, version=sheet.version, by=by, at=at, changes=changes, undone=undone
    )
    leave_trace(
        sheet, act="undo" if undone else "save", by=by, at=at,
        before={one["key"]: one["before"]["given"] for one in changes},
        after={one["key"]: one["after"]["given"] for one in changes},
    )  # fmt: skip
    return tuple(one["key"] for one in changes)


def _new_cell(form: Form, sheet: Return, key: str, by: Any, at: datetime) -> ReturnCell:
    row, facet = form.cells[key]
    return ReturnCell(
        sheet=sheet, org_id=row.org, indicator=row.indicator.id, period=row.period.id,
        facet=facet, by=by, at=at,
    )  # fmt: skip


def _fill(cell: ReturnCell, typed: Typed, more: Mapping[str, str]) -> None:
    cell.given, cell.value, cell.decimals = typed.given, typed.value, typed.decimals
    cell.word, cell.fault = typed.word, typed.fault
    cell.unit, cell.reason = more.get("unit", ""), more.get("reason", "")
    cell.file, cell.sha256 = more.get("file", ""), more.get("sha256", "")
    cell.tab, cell.place = more.get("tab", ""), more.get("place", "")


def _content(cell: ReturnCell | None) -> dict[str, str]:
    if cell is None:
        return dict.fromkeys(_CONTENT, "")
    return {field: getattr(cell, field) for field in _CONTENT}


def _store(cells: Sequence[ReturnCell]) -> None:
    new = [one for one in cells if one.pk is None]
    ReturnCell.objects.bulk_create(new, batch_size=500)
    ReturnCell.objects.bulk_update(
        [one for one in cells if one not in new],
        [*_CONTENT, "value", "decimals", "fault", "version", "by", "at"], batch_size=100,
    )  # fmt: skip


def _may_be_none(cell: ReturnCell | None) -> bool:
    return cell is None or not cell.given or cell.word == NIL
