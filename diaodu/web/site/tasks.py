"""我的任务: what one reader has to do, out of all rooms, by when it has to be done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse

from diaodu.web.duties import queries as duties
from diaodu.web.intake import queries as intake
from diaodu.web.meetings import queries as meetings
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared import outbox
from diaodu.web.shared.access import Access
from diaodu.web.urging import queries as urging

_SOON = timedelta(days=3)
_MOST = 100  # duties of a sort: who has more looks into the room

# How a duty in that state is called, as something to do.
_DUTY_ACTS = {
    "issued": "签收", "working": "办理并反馈", "returned": "补充后再反馈", "reopened": "重新办理",
    "answered": "核实", "verified": "销号", "extension": "批延期", "declined": "改交或撤销",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Task:
    """`act`: what to do; `more`: of what, for whom; `kind` and `word`: its light tag."""

    act: str
    title: str
    more: str
    url: str
    due: date | None
    due_said: str
    kind: str
    word: str


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    is_bad: bool
    tasks: tuple[Task, ...]


def tasks(access: Access, now: datetime) -> list[Group]:
    """The most pressing first; what has no day last."""
    found = [
        *_forms(access, now), *_waiting_forms(access), *_duties(access, now),
        *_papers(access, now), *_messages(access), *_steps(access, now),
    ]  # fmt: skip
    found.sort(key=lambda one: (one.due is None, one.due or date.max))
    today = now.date()
    told = (
        ("已逾期", True, lambda day: day is not None and day < today),
        ("今天到期", False, lambda day: day == today),
        ("三天内到期", False, lambda day: day is not None and today < day <= today + _SOON),
        ("以后到期", False, lambda day: day is not None and day > today + _SOON),
        ("没有期限", False, lambda day: day is None),
    )
    groups = [
        Group(title, is_bad, tuple(one for one in found if within(one.due)))
        for title, is_bad, within in told
    ]
    return [group for group in groups if group.tasks]


def _forms(access: Access, now: datetime) -> Iterator[Task]:
    for one in intake.owed(access, now):
        key = one.form.key
        yield Task(
            "填报", one.form.title, f"{one.form.reporter.name}　已填{one.filled}/{one.asked}格",
            reverse("intake:form", args=key), one.window.last.astimezone(now.tzinfo).date(),
            f"{one.window.last_said}截止　{one.time_said}", one.look or "unknown", one.word,
        )  # fmt: skip


def _waiting_forms(access: Access) -> Iterator[Task]:
    for one in intake.waiting_for(access).all:
        of = f"{one.form.reporter.name}　{one.month_said}"
        yield Task(
            "签字" if one.title else "审核", one.form.title, of,
            reverse("intake:form", args=one.form.key),
            None, f"{one.window.last_said}截止", "unknown",
            f"等{one.title}签字" if one.title else "等审核",
        )  # fmt: skip


def _duties(access: Access, now: datetime) -> Iterator[Task]:
    if not rulebooks.has_rulebook():
        return
    on = duties.standing(now.date())
    names = ["verify", "extension", "declined"] if access.may("verify") else []
    names += ["owe"] if access.may("answer") else []
    seen: set[str] = set()
    for name in names:
        rows = duties.found(access, duties.Asked(mine=name), on)[:_MOST]
        for one in duties.shown(rows, on):
            if one.id in seen:
                continue
            seen.add(one.id)
            latest = one.fact.latest
            own = name == "owe"  # what the office does with it has no day of its own
            yield Task(
                _DUTY_ACTS[one.fact.state], one.title,
                "　".join(part for part in (one.lead_name, one.number) if part), one.url,
                latest if own else None,
                f"{latest.month}月{latest.day}日到期" if own and latest else "", one.kind, one.word,
            )  # fmt: skip


def _papers(access: Access, now: datetime) -> Iterator[Task]:
    for one in meetings.owed_papers(access, now):
        paper, due = one.paper, one.paper.due.astimezone(now.tzinfo)
        yield Task(
            "交会议材料", paper.title, f"{paper.meeting.title}　{paper.org.name}",
            reverse("meetings:meeting", args=[paper.meeting_id]), due.date(),
            f"{due.month}月{due.day}日 {due:%H:%M}前", one.kind, one.word,
        )  # fmt: skip


def _messages(access: Access) -> Iterator[Task]:
    unread = outbox.unread(access.user_id) if access.user_id is not None else 0
    if unread:
        yield Task("看提醒", f"{unread}条提醒没看", "", reverse("urging:home"), None, "", "", "")


def _steps(access: Access, now: datetime) -> Iterator[Task]:
    count = urging.listed(access, now.date()).count()
    if count:
        url = reverse("urging:steps")
        yield Task("催办", f"{count}件逾期事项等您定下一步", "", url, None, "", "", "")
