"""The bulletin of a meeting's duties, and its list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from diaodu.engine.report.decided import Came, Decided, Minutes, Promised, decided
from diaodu.engine.report.document import Document
from diaodu.web.meetings.models import Line, Meeting
from diaodu.web.meetings.queries.page import LineView, Page
from diaodu.web.people import queries as people
from diaodu.web.shared import clock
from diaodu.web.shared.access import Access

LIST_HEADER = (
    "序号", "字号", "事项", "主办", "协办", "承办人", "力争", "最晚", "凭证", "现在",
)  # fmt: skip


def minutes_document(page: Page, access: Access, now: datetime) -> Document:
    home = people.home(access.home)
    meeting, came = page.meeting, page.came
    return decided(
        Minutes(
            meeting=meeting.title,
            opening=_opening(meeting),
            issuer=f"{home.name if home else ''}人民政府督查室",
            day=now.date(),
            duties=[_decided(one) for one in page.duty_lines],
            promises=[_promised(one, now) for one in page.promises],
            last_meeting=came.meeting.title if came else "",
            came_counted=came.counted if came else "",
            came=[_came(one) for one in came.duties] if came else [],
        )
    )


def list_rows(page: Page) -> Iterator[tuple[str | int, ...]]:
    for number, one in enumerate(page.duty_lines, start=1):
        told = _decided(one)
        line = one.line
        state = one.duty.state_name if one.duty else "没有交办"
        yield (
            number, told.number, told.what, told.lead, told.supporting, told.person,
            _day(line.best), _day(line.latest), told.proof, state,
        )  # fmt: skip


def _opening(meeting: Meeting) -> str:
    at = clock.local(meeting.at)
    place = f"在{meeting.place}" if meeting.place else ""
    host = f"，{meeting.host}主持" if meeting.host else ""
    run = meeting.run
    basis = f"，按{run.name}（{run.months}，数据截至{_day(run.as_of)}）调度" if run else ""
    return f"{at:%Y年%-m月%-d日%H:%M}{place}召开{host}{basis}。"


def _decided(one: LineView) -> Decided:
    line = one.line
    hoped = f"（力争{_day(line.best)}）" if line.best else ""
    return Decided(
        number=one.duty.number if one.duty else "",
        what=line.text,
        lead=line.org.name if line.org else "没有定",
        supporting=one.supporting,
        person=str(line.person) if line.person else "没有定",
        until=f"最晚{_day(line.latest)}{hoped}" if line.latest else "没有定",
        proof=line.proof,
    )


def _promised(line: Line, now: datetime) -> Promised:
    if line.outcome:
        outcome = line.get_outcome_display()
    else:
        due = line.latest is not None and now.date() > line.latest
        outcome = "到期没有记结果" if due else "未到期"
    org = line.org.name if line.org else "没有定"
    return Promised(org, line.text, _day(line.latest) or "没有定", outcome)


def _came(one: LineView) -> Came:
    told = _decided(one)
    return Came(
        told.what, told.lead, _day(one.line.latest), one.duty.state_name if one.duty else "看不到"
    )


def _day(day: date | None) -> str:
    return f"{day.month}月{day.day}日" if day else ""
