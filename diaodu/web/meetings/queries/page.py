"""What the page of a meeting shows: what came of the last one, the agenda, papers, minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from diaodu.web.duties import queries as duties
from diaodu.web.meetings.models import (
    BROKEN,
    DUTY,
    KEPT,
    OPEN,
    PLANNED,
    PROMISE,
    Item,
    Line,
    Meeting,
    Paper,
)
from diaodu.web.meetings.queries.rights import (
    belongs_here,
    late,
    may_hand_in,
    may_meet,
    sees_minutes,
)
from diaodu.web.people import queries as people
from diaodu.web.shared.access import Access


class PaperView(NamedTuple):
    """`kind` is that of the light tag."""

    paper: Paper
    word: str
    kind: str
    may_read: bool
    may_hand_in: bool


class PromiseView(NamedTuple):
    line: Line
    word: str
    kind: str


class LineView(NamedTuple):
    """`duty`: how the duty it became stands, where one may see it; `promise`: what came of one."""

    line: Line
    number: int
    supporting: str
    duty: duties.DutyView | None
    promise: PromiseView | None


@dataclass(frozen=True)
class Came:
    """What came of a meeting's decisions, on a day."""

    meeting: Meeting
    duties: tuple[LineView, ...]
    promises: tuple[PromiseView, ...]

    @property
    def counted(self) -> str:
        """上次会议交办3件：已销号1件，办理中2件；其中1件逾期没有办结。 The parts add up to the
        whole."""
        words: dict[str, int] = {}
        for one in self.duties:
            word = one.duty.state_name if one.duty is not None else "看不到"
            words[word] = words.get(word, 0) + 1
        if not words:
            return "上次会议没有交办事项。"
        parts = "，".join(f"{word}{many}件" for word, many in words.items())
        late = sum(1 for one in self.duties if one.duty and one.duty.kind == "behind")
        told = f"；其中{late}件逾期没有办结" if late else ""
        return f"上次会议交办{len(self.duties)}件：{parts}{told}。"


@dataclass(frozen=True)
class Page:
    meeting: Meeting
    came: Came | None
    items: tuple[Item, ...]
    papers: tuple[PaperView, ...]
    lines: tuple[LineView, ...]
    sees_minutes: bool
    may_meet: bool

    @property
    def handed_in(self) -> int:
        return sum(1 for one in self.papers if one.paper.at and not one.paper.sent_back)

    @property
    def incomplete(self) -> tuple[LineView, ...]:
        return tuple(one for one in self.lines if one.line.missing and not one.line.struck)

    @property
    def duty_lines(self) -> tuple[LineView, ...]:
        return tuple(one for one in self.lines if one.line.kind == DUTY and not one.line.struck)

    @property
    def promises(self) -> tuple[Line, ...]:
        return tuple(
            one.line for one in self.lines if one.line.kind == PROMISE and not one.line.struck
        )


def page(meeting: Meeting, access: Access, now: datetime) -> Page:
    sees = sees_minutes(access, meeting)
    return Page(
        meeting=meeting,
        came=came(meeting.previous, access, now) if meeting.previous is not None else None,
        items=tuple(meeting.items.select_related("org")),
        papers=_papers(meeting, access, now),
        lines=lines(meeting, access, now) if sees else (),
        sees_minutes=sees,
        may_meet=may_meet(access),
    )


def came(meeting: Meeting, access: Access, now: datetime) -> Came:
    found = [one for one in lines(meeting, access, now) if not one.line.struck]
    return Came(
        meeting,
        tuple(one for one in found if one.line.kind == DUTY),
        tuple(_promise(one.line, now) for one in found if one.line.kind == PROMISE),
    )


def lines(meeting: Meeting, access: Access, now: datetime) -> tuple[LineView, ...]:
    """In their order, struck ones too."""
    found = list(meeting.lines.select_related("org", "person"))
    views = duties.views(access, now, [one.duty_id for one in found if one.duty_id])
    names = people.names() if any(one.supporting for one in found) else {}
    return tuple(
        LineView(
            one, number, "、".join(names.get(id, id) for id in one.supporting),
            views.get(one.duty_id) if one.duty_id else None,
            _promise(one, now) if one.kind == PROMISE and not one.struck else None,
        )
        for number, one in enumerate(found, start=1)
    )  # fmt: skip


def _promise(line: Line, now: datetime) -> PromiseView:
    if line.outcome == KEPT:
        return PromiseView(line, "兑现", "done")
    if line.outcome == BROKEN:
        return PromiseView(line, "没有兑现", "overdue")
    if line.latest is not None and now.date() > line.latest:
        return PromiseView(line, "到期没有记结果", "overdue")
    return PromiseView(line, "未到期", "not_due")


def _papers(meeting: Meeting, access: Access, now: datetime) -> tuple[PaperView, ...]:
    wide = may_meet(access)
    found = []
    for one in meeting.papers.select_related("org", "by"):
        own = may_hand_in(access, str(one.org_id))
        word, kind = _standing(one, now)
        found.append(PaperView(one, word, kind, bool(one.at) and (own or wide), own))
    return tuple(found)


def owed_papers(access: Access, now: datetime) -> list[PaperView]:
    """What this reader's units still have to hand in for meetings to come, the nearest first."""
    mine = access.orgs("fill") | access.orgs("sign")
    if not mine or not belongs_here(access):
        return []
    asked = Paper.objects.filter(meeting__state__in=(PLANNED, OPEN), org__in=mine)
    left = asked.filter(Q(at=None) | ~Q(sent_back="")).select_related("meeting", "org", "by")
    return [PaperView(one, *_standing(one, now), False, True) for one in left.order_by("due", "pk")]


def _standing(paper: Paper, now: datetime) -> tuple[str, str]:
    if paper.sent_back:
        return "退回重交", "overdue"
    if paper.at is not None:
        return ("迟交", "late") if late(paper, now) else ("已交", "done")
    return ("逾期未交", "overdue") if late(paper, now) else ("未到期", "not_due")
