"""From draft to accepted and back: submit, sign, send back, accept, reopen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from diaodu.engine.ground.records import Observation
from diaodu.web.figures import actions as figures
from diaodu.web.intake.actions.chasing import let_in
from diaodu.web.intake.actions.common import (
    Untimely,
    leave_trace,
    locked,
    locked_for,
    move,
    refuse_closed,
    refuse_old,
)
from diaodu.web.intake.models import (
    ACCEPTED,
    DRAFT,
    RETURNED,
    REVIEW,
    SUBMITTED,
    Return,
    ReturnCell,
    Signature,
)
from diaodu.web.intake.queries.checks import (
    Checked,
    check_form,
    is_as_taken,
    line_name,
    observation_of,
)
from diaodu.web.intake.queries.forms import Form
from diaodu.web.intake.queries.ledger import ledger_of
from diaodu.web.intake.queries.reconciling import only_compared
from diaodu.web.intake.queries.sheets import cells_of, signatures_of

TYPED_HERE = "网页填报"


def submit(*, form: Form, seen: int, by: Any, at: datetime) -> Return:
    """Hand the form in. A second click of the same person finds it handed in and changes nothing.

    Raises ValidationError with everything that is still to be done, Untimely where the window is
    closed or the form was changed since the page was loaded.
    """
    with transaction.atomic():
        sheet = locked(form)
        if sheet is None:
            raise ValidationError("还一格都没有填，不能提交")
        if sheet.state in (SUBMITTED, REVIEW) and sheet.submitted_by_id == by.pk:
            return sheet
        sheet = locked_for(form, "submit")
        refuse_closed(form, at)
        refuse_old(sheet, seen)
        cells = cells_of(sheet)
        checked = _check(form, sheet, cells, at)
        _refuse_unfinished(form, checked)
        _note_printed_decimals(form, cells)
        before = sheet.state
        move(sheet, "submit", SUBMITTED if form.signatures else REVIEW)
        sheet.attempt += 1
        sheet.version += 1
        sheet.submitted_at, sheet.submitted_by = at, by
        sheet.hard = sheet.soft = sheet.unfilled = 0
        sheet.save()
        leave_trace(
            sheet, act="submit", by=by, at=at, before={"state": before},
            after={"state": sheet.state, "cells": _told(cells)},
        )  # fmt: skip
    return sheet


def sign(*, form: Form, places: frozenset[int], seen: int, by: Any, at: datetime) -> Return:
    """Give the signature that is waited for; the last one hands the form on to review. `places`
    are those the signer's role at the unit allows. Raises PermissionDenied for the wrong person.
    """
    with transaction.atomic():
        sheet = locked_for(form, "sign")
        given = signatures_of(sheet)
        place = len(given) + 1
        if place > len(form.signatures):
            raise Untimely(_no_more_signatures(form, len(given)))
        if any(one.by_id == by.pk for one in given):
            raise PermissionDenied("您已经签过，每道签字要由不同的人签")
        if sheet.submitted_by_id == by.pk:
            raise PermissionDenied("表是您提交的，不能自己签字")
        if place not in places:
            wanted = form.signatures[place - 1].title
            raise PermissionDenied(f"现在等“{wanted}”签字，您不是")
        refuse_old(sheet, seen)
        asked = form.signatures[place - 1]
        Signature.objects.create(
            sheet=sheet, attempt=sheet.attempt, place=place, title=asked.title, role=asked.role,
            by=by, at=at,
        )  # fmt: skip
        before = sheet.state
        move(sheet, "sign", REVIEW if place == len(form.signatures) else SUBMITTED)
        sheet.version += 1
        sheet.save(update_fields=["state", "version"])
        leave_trace(
            sheet, act="sign", by=by, at=at, before={"state": before},
            after={"state": sheet.state, "place": place}, note=asked.title,
        )  # fmt: skip
    return sheet


def send_back(*, form: Form, reason: str, until: datetime | None, by: Any, at: datetime) -> Return:
    """Return the form to the unit with a reason. `until`: by when it may be mended, where its
    window has closed or would close too soon."""
    if not reason.strip():
        raise ValidationError("请写明退回的原因，填报人要照着改")
    with transaction.atomic():
        sheet = locked_for(form, "send_back")
        _refuse_hand(sheet, by, "退回")
        before = sheet.state
        move(sheet, "send_back", RETURNED)
        sheet.version += 1
        sheet.returned_because = reason.strip()
        sheet.decided_at, sheet.decided_by = at, by
        sheet.save()
        leave_trace(
            sheet, act="send_back", by=by, at=at, before={"state": before},
            after={"state": RETURNED}, note=reason.strip(),
        )  # fmt: skip
        if until is not None:
            let_in(form, until, f"退回修改：{reason.strip()}", by, at)
    return sheet


def accept(*, form: Form, seen: int, by: Any, at: datetime) -> Return:
    """Take the figures into the ledger, in the same transaction: all of them the first time,
    those that differ after a reopening. A second click finds it accepted and changes nothing.

    Raises ValidationError where a figure has become impossible beside what came in meanwhile.
    """
    with transaction.atomic():
        sheet = locked(form)
        if sheet is not None and sheet.state == ACCEPTED and sheet.decided_by_id == by.pk:
            return sheet
        sheet = locked_for(form, "accept")
        _refuse_hand(sheet, by, "审核")
        refuse_old(sheet, seen)
        cells = cells_of(sheet)
        checked = _check(form, sheet, cells, at)
        _refuse_changed(form, cells, checked)
        entries = list(_entries(form, cells, at))
        before = {
            "state": sheet.state,
            "cells": {key: one.taken["given"] for key, one in cells.items() if one.taken},
        }
        if entries:
            figures.record(
                observations=entries, by=by, at=at, origin="return", origin_id=str(sheet.pk),
                reason=sheet.reopened_because, document=_paper(form, sheet, by),
            )  # fmt: skip
        for cell in cells.values():
            cell.taken = {
                "given": cell.given, "value": _text(cell), "word": cell.word, "unit": cell.unit,
            }  # fmt: skip
        ReturnCell.objects.bulk_update(cells.values(), ["taken"], batch_size=200)
        move(sheet, "accept", ACCEPTED)
        sheet.version += 1
        sheet.decided_at, sheet.decided_by = at, by
        sheet.returned_because = ""
        sheet.save()
        leave_trace(
            sheet, act="accept", by=by, at=at, before=before,
            after={"state": ACCEPTED, "round": sheet.round, "cells": _told(cells)},
            note=sheet.reopened_because,
        )  # fmt: skip
    return sheet


def reopen(*, form: Form, reason: str, until: datetime | None, by: Any, at: datetime) -> Return:
    """Begin a change after acceptance: a new draft on top of the accepted figures, which stay in
    force until the change is accepted in its turn."""
    if not reason.strip():
        raise ValidationError("请写明为什么要改已接收的数")
    with transaction.atomic():
        sheet = locked_for(form, "reopen")
        if until is not None:
            let_in(form, until, f"改数：{reason.strip()}", by, at)
        refuse_closed(form, at)
        move(sheet, "reopen", DRAFT)
        sheet.version += 1
        sheet.round += 1
        sheet.reopened_because = reason.strip()
        sheet.saved_at, sheet.saved_by = at, by
        sheet.save()
        leave_trace(
            sheet, act="reopen", by=by, at=at, before={"state": ACCEPTED},
            after={"state": DRAFT, "round": sheet.round}, note=reason.strip(),
        )  # fmt: skip
    return sheet


# -- conditions -----------------------------------------------------------------------------------


def _check(form: Form, sheet: Return, cells: Mapping[str, ReturnCell], at: datetime) -> Checked:
    explanations = sheet.explanations.select_related("by")
    return check_form(form, cells, explanations, ledger_of(form), at)


def _refuse_unfinished(form: Form, checked: Checked) -> None:
    """Everything at once, in the order of the list on the page."""
    told = [f"{form.name_of(key)}：{fault}" for key, fault in checked.faults.items()]
    told += [one.message for one in checked.hard]
    told += [f"要说明：{one.message}" for one in checked.unexplained]
    told += [f"{form.name_of(key)}填了“无”，请选原因" for key in checked.unreasoned]
    told += [f"未填：{form.name_of(key)}" for key in checked.unfilled]
    if told:
        raise ValidationError([*told, f"还有{len(told)}处没有办完，不能提交"])


def _no_more_signatures(form: Form, given: int) -> str:
    wanted = f"只要{len(form.signatures)}道签字" if form.signatures else "不要签字"
    return (
        f"提交以后规则改过，这张表现在{wanted}，已经签了{given}道，不用再签。"
        "请审核的人退回，填报人再提交一次，就按新规则办"
    )


def _note_printed_decimals(form: Form, cells: Mapping[str, ReturnCell]) -> None:
    """With what digits the figures are handed in."""
    changed = []
    for key, (row, facet) in form.cells.items():
        if cells[key].printed_decimals != row.decimals(facet):
            cells[key].printed_decimals = row.decimals(facet)
            changed.append(cells[key])
    ReturnCell.objects.bulk_update(changed, ["printed_decimals"], batch_size=200)


def _refuse_changed(form: Form, cells: Mapping[str, ReturnCell], checked: Checked) -> None:
    """Since it was handed in other figures came in, or the rules changed: what they ask for, the
    unit or the digits of an indicator."""
    told = [f"{form.name_of(key)}：{fault}" for key, fault in checked.faults.items()]
    told += [one.message for one in checked.hard]
    told += [f"未填：{form.name_of(key)}" for key in checked.unfilled]
    for key, (row, facet) in form.cells.items():
        was, now = cells[key].printed_decimals if key in cells else None, row.decimals(facet)
        if was is not None and was != now:
            told.append(
                f"{form.name_of(key)}：提交以后规则把小数位数由{was}位改成了{now}位，要填报单位重新核对"
            )
    if told:
        raise ValidationError([*told, "没有接收。请先退回，填报单位改好、重新提交后再接收"])


def _refuse_hand(sheet: Return, by: Any, doing: str) -> None:
    """Whoever submitted or signed does not judge it."""
    if sheet.submitted_by_id == by.pk:
        raise PermissionDenied(f"表是您提交的，不能自己{doing}")
    if any(one.by_id == by.pk for one in signatures_of(sheet)):
        raise PermissionDenied(f"您在这张表上签过字，不能再{doing}")


# -- into the ledger ------------------------------------------------------------------------------


def _entries(form: Form, cells: Mapping[str, ReturnCell], at: datetime) -> Iterator[Observation]:
    """The figures that are new or differ from those accepted before, each with where it came
    from: the workbook, sheet and cell, else the line typed on the page. Figures given only to be
    compared with another form's stay out."""
    for key, (row, facet) in form.cells.items():
        cell = cells[key]
        if is_as_taken(cell) or only_compared(form, row):
            continue
        yield observation_of(
            form, row, facet, cell, at.date(), file=cell.file or TYPED_HERE, sha256=cell.sha256,
            sheet=cell.tab, place=cell.place or line_name(row),
        )  # fmt: skip


def _paper(form: Form, sheet: Return, by: Any) -> str:
    """What the figures rest on: the form and the people who answer for it."""
    signed = "、".join(str(one.by) for one in signatures_of(sheet))
    hands = [f"填报：{sheet.submitted_by}", f"签字：{signed}" if signed else "", f"接收：{by}"]
    title = f"{form.reporter.name}{form.span}{form.title}"
    return f"{title}（{'，'.join(one for one in hands if one)}）"


def _text(cell: ReturnCell) -> str | None:
    return None if cell.value is None else f"{cell.value:f}"


def _told(cells: Mapping[str, ReturnCell]) -> dict[str, str]:
    return {key: one.given for key, one in cells.items()}
