"""Chasing what is owed, and letting a unit in after the window has closed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from diaodu.web.intake.actions.common import THING, leave_trace, locked, name
from diaodu.web.intake.models import ACCEPTED, REVIEW, SUBMITTED, Exemption, Reminder
from diaodu.web.intake.queries.forms import Form
from diaodu.web.intake.queries.windows import window_of
from diaodu.web.shared import audit

_WITH_US = (SUBMITTED, REVIEW, ACCEPTED)


def grant_exception(
    *, form: Form, until: datetime, reason: str, by: Any, at: datetime
) -> Exemption:
    """Let this unit fill this form until a new moment, though its window has closed."""
    if not reason.strip():
        raise ValidationError("请写明为什么准许补报")
    with transaction.atomic():
        return let_in(form, until, reason.strip(), by, at)


def let_in(form: Form, until: datetime, reason: str, by: Any, at: datetime) -> Exemption:
    """The same inside another act's transaction."""
    window = window_of(form)
    if until <= at:
        raise ValidationError("新的截止时间已经过去，请填今后的时间")
    if until <= window.last:
        raise ValidationError(f"现在的截止时间是{window.last_said}，新的要比它晚")
    made = Exemption.objects.create(
        form=form.key.form, period=form.key.period, reporter_id=form.key.reporter, until=until,
        reason=reason[:500], by=by, at=at,
    )  # fmt: skip
    sheet = locked(form)
    if sheet is not None:
        leave_trace(
            sheet, act="except", by=by, at=at, before={"until": window.last},
            after={"until": until}, note=reason,
        )  # fmt: skip
    else:
        audit.record(
            by=by, at=at, action="intake.except", thing=THING, id=name(form.key),
            before={"until": window.last}, after={"until": until}, reason=reason,
        )  # fmt: skip
    return made


def remind(*, forms: Iterable[Form], text: str, by: Any, at: datetime) -> list[Reminder]:
    """Chase the units of these forms; each sees it on its own page. Forms that were handed in
    meanwhile are passed over."""
    with transaction.atomic():
        # All returns are locked before the head of the chain is: a clerk's save takes it last too.
        owed = [form for form in sorted(forms, key=lambda one: one.key) if _is_owed(form)]
        made = [_remind(form, text.strip(), by, at) for form in owed]
    if not made:
        raise ValidationError("这些表都已经交了，不用催")
    return made


def _is_owed(form: Form) -> bool:
    sheet = locked(form)
    return sheet is None or sheet.state not in _WITH_US


def _remind(form: Form, text: str, by: Any, at: datetime) -> Reminder:
    made = Reminder.objects.create(
        form=form.key.form, period=form.key.period, reporter_id=form.key.reporter,
        text=text[:500], by=by, at=at,
    )  # fmt: skip
    audit.record(
        by=by, at=at, action="intake.remind", thing=THING, id=name(form.key),
        after={"text": text},
    )  # fmt: skip
    return made
