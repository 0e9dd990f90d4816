"""Lines of minutes become duties, all at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from diaodu.web.duties import actions as duties
from diaodu.web.meetings.models import Line, Meeting
from diaodu.web.shared import clock


def hand_out(meeting: Meeting, lines: Sequence[Line], *, by: Any, at: datetime) -> list[int]:
    """In the order of the minutes; their ids. Every line says who and by when."""
    made = duties.hand_out(wanted=[_wanted(meeting, one) for one in lines], by=by, at=at)
    for line, duty in zip(lines, made, strict=True):
        line.duty = duty
    Line.objects.bulk_update(lines, ["duty"])
    return [duty.pk for duty in made]


def _wanted(meeting: Meeting, line: Line) -> duties.Wanted:
    assert line.org_id and line.person_id and line.latest, line
    held = clock.local(meeting.at)
    return duties.Wanted(
        title=line.text, source="meeting",
        origin=f"{meeting}（{held:%-m月%-d日}）决定第{line.place}条", lead=str(line.org_id),
        supporting=tuple(line.supporting), person=line.person_id, latest=line.latest,
        best=line.best,
        proof_asked=tuple(one.strip() for one in line.proof.split("、") if one.strip()),
    )  # fmt: skip
