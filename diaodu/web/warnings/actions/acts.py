"""What people do about a warning."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from diaodu.web.shared import audit
from diaodu.web.warnings.actions.standing import settle, states_of
from diaodu.web.warnings.models import Act, Warning


class Untimely(ValidationError):
    """Somebody else acted since the page was opened, or the moment has passed."""


def _held(warning_id: int, seen: int) -> Warning:
    held = Warning.objects.select_for_update().get(pk=warning_id)
    if held.version != seen:
        raise Untimely("这件预警在您打开之后有人办过，请看最新情况后再办")
    return held


def _changed(held: Warning, *fields: str) -> None:
    held.version += 1
    held.save(update_fields=[*fields, "version"])


@transaction.atomic
def acknowledge(*, warning_id: int, by: Any, at: datetime, seen: int) -> Warning:
    """The answering unit has read it. Once is enough."""
    held = _held(warning_id, seen)
    if held.acknowledged_at is not None:
        raise Untimely("这件预警已经知悉过了")
    held.acknowledged_at, held.acknowledged_by = at, by
    _changed(held, "acknowledged_at", "acknowledged_by")
    Act.objects.create(warning=held, what=Act.What.ACKNOWLEDGE, by=by, at=at)
    audit.record(
        by=by, at=at, action="warnings.acknowledge", thing="warnings.Warning", id=held.pk
    )  # fmt: skip
    return held


@transaction.atomic
def explain(
    *, warning_id: int, cause: str, plan: str, until: date | None, by: Any, at: datetime, seen: int
) -> Act:
    """Why it is so, what is done, until when. The newest cause stands; earlier ones are kept."""
    held = _held(warning_id, seen)
    if not cause.strip():
        raise ValidationError({"cause": "请写明原因：哪个环节、哪家企业或哪个项目，影响多少"})
    if until is not None and until < at.date():
        raise ValidationError({"until": "预计恢复的日子已经过去，请填今天或今后的日子"})
    before = held.acts.filter(what=Act.What.CAUSE).first()
    made = Act.objects.create(
        warning=held, what=Act.What.CAUSE, text=cause.strip(), plan=plan.strip(), until=until,
        by=by, at=at,
    )  # fmt: skip
    held.has_cause = True
    fields = ["has_cause"]
    if held.acknowledged_at is None:  # who explains has read it
        held.acknowledged_at, held.acknowledged_by = at, by
        fields += ["acknowledged_at", "acknowledged_by"]
    _changed(held, *fields)
    audit.record(
        by=by, at=at, action="warnings.explain", thing="warnings.Warning", id=held.pk,
        before={"cause": before.text, "plan": before.plan} if before else {},
        after={"cause": made.text, "plan": made.plan, "until": until},
    )  # fmt: skip
    return made


@transaction.atomic
def mark_false(*, warning_id: int, reason: str, by: Any, at: datetime, seen: int) -> Warning:
    """It is over for people; what the rule says of the figures goes on being kept."""
    held = _held(warning_id, seen)
    if not reason.strip():
        raise ValidationError({"reason": "请写明为什么是误报：规则、数据还是口径的问题"})
    if held.phase == "closed":
        raise Untimely("这件预警已经解除，不必再标为误报")
    held.false_at = at
    _write(held)
    Act.objects.create(
        warning=held, what=Act.What.FALSE_ALARM, text=reason.strip(), by=by, at=at
    )  # fmt: skip
    audit.record(
        by=by, at=at, action="warnings.false_alarm", thing="warnings.Warning", id=held.pk,
        before={"false_alarm": False}, after={"false_alarm": True}, reason=reason.strip(),
    )  # fmt: skip
    return held


@transaction.atomic
def restore(*, warning_id: int, reason: str, by: Any, at: datetime, seen: int) -> Warning:
    """It was no false alarm after all: it stands where its course has led."""
    held = _held(warning_id, seen)
    if not reason.strip():
        raise ValidationError({"reason": "请写明为什么撤销"})
    if held.false_at is None:
        raise Untimely("这件预警没有标为误报")
    held.false_at = None
    _write(held)
    Act.objects.create(warning=held, what=Act.What.RESTORE, text=reason.strip(), by=by, at=at)
    audit.record(
        by=by, at=at, action="warnings.restore", thing="warnings.Warning", id=held.pk,
        before={"false_alarm": True}, after={"false_alarm": False}, reason=reason.strip(),
    )  # fmt: skip
    return held


def _write(held: Warning) -> None:
    settle(held, *states_of(held, held.answers.all()))
    _changed(held, "false_at", "phase", "end", "ended", "public_phase", "public_end")
