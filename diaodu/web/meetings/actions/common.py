"""What all acts on a meeting share: the lock, the right moment, the trace."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError

from diaodu.web.meetings.models import STATES, Meeting
from diaodu.web.shared import audit

THING = "meetings.Meeting"


class Untimely(ValidationError):
    """The meeting is in another state than the act needs, or what is changed is no more."""


def locked(meeting: Meeting, states: Collection[str], act: str) -> Meeting:
    """The meeting, locked until the transaction ends. Raises Untimely where it is too early or too
    late for the act."""
    held = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if held.state not in states:
        when = "、".join(f"“{STATES[one]}”" for one in STATES if one in states)
        raise Untimely(f"这次会议现在是“{STATES[held.state]}”，{when}时才能{act}")
    return held


def leave_trace(
    meeting: Meeting, *, act: str, by: Any, at: datetime, before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None, reason: str = "",
) -> None:  # fmt: skip
    """Counts the change and writes the audit line; last in the transaction."""
    meeting.version += 1
    meeting.save(update_fields=["version"])
    audit.record(
        by=by, at=at, action=f"meetings.{act}", thing=THING, id=meeting.pk, before=before,
        after=after, reason=reason,
    )  # fmt: skip
