"""A meeting is planned, opened, closed or called off."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from diaodu.web.meetings.actions.common import leave_trace, locked
from diaodu.web.meetings.actions.handing import hand_out
from diaodu.web.meetings.models import (
    CANCELLED,
    DUTY,
    HELD,
    OPEN,
    PLANNED,
    REVIEW,
    Item,
    Line,
    Meeting,
)

_FIELDS = ("kind", "title", "at", "place", "host", "run_id")


@transaction.atomic
def plan(
    *, kind: str, title: str, held_at: datetime, place: str, host: str, run_id: int | None,
    by: Any, at: datetime,
) -> Meeting:  # fmt: skip
    """Plan a meeting. It opens with what came of the last one of its kind."""
    if held_at <= at:
        raise ValidationError({"held_at": "开会时间已经过去，请填今后的时间"})
    meeting = Meeting(
        kind=kind, title=title, at=held_at, place=place, host=host, run_id=run_id, made_by=by,
        made_at=at, previous=_last_held(kind),
    )  # fmt: skip
    meeting.full_clean(exclude=["previous"])
    meeting.save()
    if meeting.previous is not None:
        title = f"{meeting.previous}落实情况"
        Item.objects.create(meeting=meeting, place=1, kind=REVIEW, title=title)
    leave_trace(meeting, act="plan", by=by, at=at, after=_content(meeting))
    return meeting


def _last_held(kind: str) -> Meeting | None:
    return Meeting.objects.filter(kind=kind, state=HELD).order_by("-at").first()


@transaction.atomic
def change(
    *, meeting: Meeting, kind: str, title: str, held_at: datetime, place: str, host: str,
    run_id: int | None, by: Any, at: datetime,
) -> Meeting:  # fmt: skip
    held = locked(meeting, (PLANNED, OPEN), "修改")
    before = _content(held)
    held.kind, held.title, held.at = kind, title, held_at
    held.place, held.host, held.run_id = place, host, run_id
    held.full_clean(exclude=["previous"])
    after = _content(held)
    if before == after:
        return held
    held.save(update_fields=_FIELDS)
    leave_trace(held, act="change", by=by, at=at, before=before, after=after)
    return held


@transaction.atomic
def open_meeting(*, meeting: Meeting, by: Any, at: datetime) -> Meeting:
    """From now on minutes are taken."""
    held = locked(meeting, (PLANNED,), "开会")
    _move(held, OPEN)
    leave_trace(held, act="open", by=by, at=at)
    return held


@transaction.atomic
def close(*, meeting: Meeting, by: Any, at: datetime) -> Meeting:
    """Every line that assigns something becomes a duty and is issued; where one does not say who,
    what or by when, nothing is."""
    held = locked(meeting, (OPEN,), "散会")
    lines = list(
        Line.objects.filter(meeting=held, struck=False).select_related("org", "person")
    )  # fmt: skip
    faults = [
        f"第{number}条“{line.text}”没有写明{'、'.join(line.missing)}"
        for number, line in enumerate(lines, start=1)
        if line.missing
    ]
    if faults:
        raise ValidationError(faults)
    made = hand_out(held, [one for one in lines if one.kind == DUTY], by=by, at=at)
    _move(held, HELD)
    held.closed_by, held.closed_at = by, at
    held.save(update_fields=["closed_by", "closed_at"])
    leave_trace(held, act="close", by=by, at=at, after={"duties": made, "lines": len(lines)})
    return held


@transaction.atomic
def call_off(*, meeting: Meeting, reason: str, by: Any, at: datetime) -> Meeting:
    if not reason.strip():
        raise ValidationError({"reason": "请写明为什么不开了"})
    held = locked(meeting, (PLANNED,), "取消")
    _move(held, CANCELLED)
    leave_trace(held, act="call_off", by=by, at=at, reason=reason.strip())
    return held


def _move(meeting: Meeting, state: str) -> None:
    meeting.state = state
    meeting.save(update_fields=["state"])


def _content(meeting: Meeting) -> dict[str, Any]:
    return {name: getattr(meeting, name) for name in _FIELDS}
