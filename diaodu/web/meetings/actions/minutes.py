"""Minutes while the meeting goes on: one line, one duty or promise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from diaodu.web.duties import queries as duties
from diaodu.web.meetings.actions.common import THING, Untimely, leave_trace, locked
from diaodu.web.meetings.models import HELD, OPEN, PROMISE, Line, Meeting, missing
from diaodu.web.people import queries as people
from diaodu.web.shared import audit


@dataclass(frozen=True, slots=True)
class Content:
    """What a line says. `person`: a user's id. What is not known yet stays empty."""

    kind: str
    text: str
    org: str | None = None
    supporting: tuple[str, ...] = ()
    person: int | None = None
    latest: date | None = None
    best: date | None = None
    proof: str = ""

    @property
    def missing(self) -> list[str]:
        return missing(self.kind, self.org, self.person, self.latest)


@transaction.atomic
def add_line(*, meeting: Meeting, content: Content, by: Any, at: datetime) -> Line:
    held = locked(meeting, (OPEN,), "记会议记录")
    last = held.lines.aggregate(last=Max("place"))["last"] or 0
    line = Line(meeting=held, place=last + 1, by=by, at=at)
    _fill(line, content, at.date())
    line.save()
    leave_trace(held, act="add_line", by=by, at=at, after=_told(line))
    return line


@transaction.atomic
def change_line(*, line: Line, content: Content, by: Any, at: datetime) -> Line:
    held = locked(line.meeting, (OPEN,), "改会议记录")
    found = _still_there(line)
    before = _told(found)
    _fill(found, content, at.date())
    after = _told(found)
    if before == after:
        return found
    found.save()
    leave_trace(held, act="change_line", by=by, at=at, before=before, after=after)
    return found


@transaction.atomic
def strike_line(*, line: Line, by: Any, at: datetime) -> Line:
    """Take it back; it stays to be read, struck through."""
    held = locked(line.meeting, (OPEN,), "划去记录")
    found = _still_there(line)
    found.struck = True
    found.save(update_fields=["struck"])
    leave_trace(held, act="strike_line", by=by, at=at, before=_told(found))
    return found


@transaction.atomic
def settle_promise(*, line: Line, outcome: str, reason: str, by: Any, at: datetime) -> Line:
    """Record whether what was said was done; it may be corrected later, with a reason."""
    meeting = locked(line.meeting, (HELD,), "记表态的结果")
    found = _still_there(line)
    if found.kind != PROMISE:
        raise Untimely("这一条不是表态")
    if not reason.strip():
        raise ValidationError({"reason": "请写明依据：看了哪份材料、哪个数"})
    before = {"outcome": found.outcome, "reason": found.outcome_reason}
    found.outcome, found.outcome_reason = outcome, reason.strip()[:500]
    found.outcome_on, found.outcome_by = at.date(), by
    found.full_clean(exclude=["person"])
    found.save()
    audit.record(
        by=by, at=at, action="meetings.settle_promise", thing=THING, id=meeting.pk,
        before=before, after={"line": found.text, "outcome": outcome}, reason=reason.strip(),
    )  # fmt: skip
    return found


def _fill(line: Line, content: Content, today: date) -> None:
    faults: dict[str, str] = {}
    if not content.text.strip():
        faults["text"] = "请写要做什么"
    if content.latest is not None and content.latest < today:
        faults["latest"] = "最晚期限已经过去，请填今天或以后的日期"
    if content.best and content.latest and content.best > content.latest:
        faults["best"] = "力争的日期不能晚于最晚期限"
    faults |= _gone(content, today)
    if faults:
        raise ValidationError(faults)
    line.kind, line.text, line.org_id = content.kind, content.text.strip(), content.org
    line.supporting = [one for one in content.supporting if one != content.org]
    line.person_id, line.latest, line.best = content.person, content.latest, content.best
    line.proof = content.proof.strip()
    line.full_clean(exclude=["meeting", "org", "person", "supporting"])


def _gone(content: Content, today: date) -> dict[str, str]:
    """A unit that was closed, a person who left: told at the field."""
    faults: dict[str, str] = {}
    open_orgs = {org.id for org in people.orgs_on(today)}
    if content.org and content.org not in open_orgs:
        faults["org"] = "这个单位已经撤销，请改交承接它工作的单位"
    if gone := [one for one in content.supporting if one not in open_orgs]:
        names = people.names()
        told = "、".join(names.get(one, one) for one in gone)
        faults["supporting"] = f"{told}已经撤销，请改为承接它工作的单位"
    if content.person is not None and not _answers(content, today):
        whose = "不在主办单位任职" if content.org else "已不在任"
        faults["person"] = f"这个人{whose}，或者账号已停用，请改交别人"
    return faults


def _answers(content: Content, today: date) -> bool:
    """Whether the person works at the unit, or anywhere as long as it is not known."""
    if content.org is None:
        return any(one.id == content.person for one in people.staff(today))
    return content.person is not None and duties.works_at(today, content.person, content.org)


def _still_there(line: Line) -> Line:
    found = Line.objects.select_related("meeting").filter(pk=line.pk).first()
    if found is None or found.struck:
        raise Untimely("这一条已经被划去，请刷新页面")
    return found


def _told(line: Line) -> dict[str, Any]:
    return {
        "line_kind": line.kind, "line": line.text, "org": line.org_id,
        "supporting": list(line.supporting), "person": line.person_id, "latest": line.latest,
        "best": line.best, "proof": line.proof,
    }  # fmt: skip
