"""A meeting from planning to closing; the next opens with what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from diaodu.engine.report.document import plain_text
from diaodu.web.duties.models import Duty
from diaodu.web.meetings import actions, queries
from diaodu.web.meetings.actions import Untimely
from diaodu.web.meetings.actions.minutes import Content
from diaodu.web.meetings.models import Line, Meeting
from diaodu.web.meetings.queries.papers_out import list_rows, minutes_document
from diaodu.web.shared.models import Act

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)

_ACTS: dict[str, Callable[[Any, Any, datetime], Any]] = {
    "change": lambda m, by, at: actions.change(
        meeting=m, kind=m.kind, title="改名", held_at=m.at, place="", host="", run_id=None, by=by,
        at=at,
    ),
    "open": lambda m, by, at: actions.open_meeting(meeting=m, by=by, at=at),
    "close": lambda m, by, at: actions.close(meeting=m, by=by, at=at),
    "call off": lambda m, by, at: actions.call_off(meeting=m, reason="合开", by=by, at=at),
    "add item": lambda m, by, at: actions.add_item(
        meeting=m, kind="report", title="汇报", org=None, speaker="", minutes=None, by=by, at=at
    ),
    "ask papers": lambda m, by, at: actions.ask_papers(
        meeting=m, orgs=["liuhe"], title="材料", due=m.at, by=by, at=at
    ),
    "add line": lambda m, by, at: actions.add_line(
        meeting=m, content=Content("note", "议定"), by=by, at=at
    ),
}  # fmt: skip
# state → what may be done in it; everything else is refused
_MAY = {
    "planned": {"change", "open", "call off", "add item", "ask papers"},
    "open": {"change", "close", "add item", "add line"},
    "held": set(),
    "cancelled": set(),
}


@pytest.mark.parametrize("state", _MAY)
@pytest.mark.parametrize("act", _ACTS)
def test_every_act_in_every_state(
    meeting: Meeting, users: SimpleNamespace, now: datetime, state: str, act: str
) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(state=state)
    if act in _MAY[state]:
        _ACTS[act](meeting, users.dispatch, now)
    else:
        with pytest.raises(Untimely, match="这次会议现在是"):
            _ACTS[act](meeting, users.dispatch, now)


def test_lines_that_assign_become_duties_in_their_order(
    opened: Meeting, whole: Content, users: SimpleNamespace, now: datetime
) -> None:
    for text in ("甲", "乙"):
        actions.add_line(
            meeting=opened, content=replace(whole, text=text), by=users.dispatch, at=now
        )
    note = Content("note", "会议听取了汇报")
    actions.add_line(meeting=opened, content=note, by=users.dispatch, at=now)
    actions.close(meeting=opened, by=users.dispatch, at=now)
    made = list(Duty.objects.order_by("pk"))
    assert [one.title for one in made] == ["甲", "乙"]
    assert made[0].origin == "5月经济运行调度会（6月7日）决定第1条"
    assert [line.duty_id for line in Line.objects.all()] == [made[0].pk, made[1].pk, None]
    assert Meeting.objects.get().state == "held"


def test_nothing_is_handed_out_as_long_as_one_line_does_not_say_who_and_by_when(
    opened: Meeting, whole: Content, users: SimpleNamespace, now: datetime
) -> None:
    actions.add_line(meeting=opened, content=whole, by=users.dispatch, at=now)
    for content in (
        Content("duty", "摸清停产企业"),
        replace(whole, text="没有日子", latest=None, best=None),
        Content("promise", "一定完成", "liuhe"),
    ):
        actions.add_line(meeting=opened, content=content, by=users.dispatch, at=now)
    with pytest.raises(ValidationError) as refused:
        actions.close(meeting=opened, by=users.dispatch, at=now)
    assert refused.value.messages == [
        "第2条“摸清停产企业”没有写明谁来办、承办人、哪天前",
        "第3条“没有日子”没有写明哪天前",
        "第4条“一定完成”没有写明哪天前",
    ]
    assert not Duty.objects.exists()
    assert Meeting.objects.get().state == "open"


def test_a_struck_line_stays_and_is_no_duty(
    opened: Meeting, whole: Content, users: SimpleNamespace, now: datetime
) -> None:
    line = actions.add_line(meeting=opened, content=whole, by=users.dispatch, at=now)
    actions.strike_line(line=line, by=users.dispatch, at=now)
    with pytest.raises(Untimely, match="已经被划去"):
        actions.change_line(line=line, content=whole, by=users.dispatch, at=now)
    actions.close(meeting=opened, by=users.dispatch, at=now)
    assert not Duty.objects.exists()
    assert Line.objects.get().struck


@pytest.mark.parametrize(
    ("wrong", "field", "told"),
    [
        ({"text": "  "}, "text", "请写要做什么"),
        ({"latest": datetime(2023, 6, 5).date()}, "latest", "已经过去"),  # noqa: DTZ001
        ({"best": datetime(2023, 8, 1).date()}, "best", "不能晚于"),  # noqa: DTZ001
        ({"org": "nowhere"}, "org", "已经撤销"),
        ({"person": 0}, "person", "请改交别人"),
    ],
)
def test_what_cannot_be_is_told_at_its_field(
    opened: Meeting, whole: Content, users: SimpleNamespace, now: datetime, wrong: Any,
    field: str, told: str,
) -> None:  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        actions.add_line(
            meeting=opened, content=replace(whole, **wrong), by=users.dispatch, at=now
        )  # fmt: skip
    assert told in refused.value.message_dict[field][0]


def test_who_left_is_told_at_the_field(
    opened: Meeting, whole: Content, users: SimpleNamespace, now: datetime
) -> None:
    users.clerk.is_active = False
    users.clerk.save()
    with pytest.raises(ValidationError, match="请改交别人"):
        actions.add_line(meeting=opened, content=whole, by=users.dispatch, at=now)


def test_the_next_meeting_opens_with_what_came_of_it(
    held: Meeting, plan: Callable[..., Any], users: SimpleNamespace, access: Any, now: datetime
) -> None:
    later = now + 30 * DAY
    following = plan(later, title="6月经济运行调度会")
    assert following.previous == held
    assert following.items.get().title == "5月经济运行调度会落实情况"
    page = queries.page(following, access(users.leader), later)
    assert page.came is not None
    assert page.came.counted == "上次会议交办1件：待签收1件；其中1件逾期没有办结。"
    [promise] = page.came.promises
    assert (promise.word, promise.kind) == ("到期没有记结果", "overdue")
    other = plan(later, title="招商推进会", kind="push")
    assert other.previous is None


def test_a_promise_is_kept_or_broken_with_what_tells_it(
    held: Meeting, users: SimpleNamespace, access: Any, now: datetime
) -> None:
    line = Line.objects.get(kind="promise")
    with pytest.raises(ValidationError, match="请写明依据"):
        actions.settle_promise(line=line, outcome="kept", reason=" ", by=users.dispatch, at=now)
    actions.settle_promise(
        line=line, outcome="broken", reason="6月数仍为负", by=users.dispatch, at=now
    )
    came = queries.came(held, access(users.leader), now)
    assert came.promises[0].word == "没有兑现"
    duty = Line.objects.get(kind="duty")
    with pytest.raises(Untimely, match="不是表态"):
        actions.settle_promise(line=duty, outcome="kept", reason="看", by=users.dispatch, at=now)


def test_who_broke_a_promise_or_is_late_must_speak(
    held: Meeting, plan: Callable[..., Any], users: SimpleNamespace, access: Any, now: datetime
) -> None:
    later = now + 30 * DAY
    following = plan(later, title="6月经济运行调度会")
    found = queries.speakers(following, access(users.dispatch), later)
    assert {one.org: one.reasons for one in found} == {
        "qingshi": (
            "“补报入库项目，新入库不少于1.2亿元”应6月16日前办结，逾期20天",
        ),
        "liuhe": ("表态6月26日前“增速转正”，没有做到",),
    }  # fmt: skip
    made = actions.call_speakers(meeting=following, speakers=found, by=users.dispatch, at=later)
    assert [one.title for one in made] == ["青石镇表态发言", "柳荷镇表态发言"]
    with pytest.raises(ValidationError, match="都已在议程上"):
        actions.call_speakers(meeting=following, speakers=found, by=users.dispatch, at=later)


def test_the_paper_and_the_list_say_the_same(
    held: Meeting, users: SimpleNamespace, access: Any, now: datetime
) -> None:
    page = queries.page(held, access(users.leader), now)
    text = plain_text(minutes_document(page, access(users.leader), now))
    [row] = list_rows(page)
    assert row[:4] == (1, page.lines[0].duty.number, "补报入库项目，新入库不少于1.2亿元", "青石镇")
    for told in row[1:4]:
        assert str(told) in text
    assert "2023年6月7日10:00在县政府3楼会议室召开，县长某主持。" in text
    assert "柳荷镇｜增速转正｜6月26日｜未到期" in text


def test_points_of_the_agenda_change_places(
    meeting: Meeting, users: SimpleNamespace, now: datetime
) -> None:
    for title in ("甲", "乙", "丙"):
        _item(meeting, title, users, now)
    last = meeting.items.get(title="丙")
    actions.change_item(
        item=last, kind="talk", title="丙", org=None, speaker="县长某", minutes=20, place=1,
        by=users.dispatch, at=now,
    )  # fmt: skip
    assert [(one.place, one.title) for one in meeting.items.all()] == [
        (1, "丙"), (2, "甲"), (3, "乙"),
    ]  # fmt: skip
    actions.drop_item(item=last, by=users.dispatch, at=now)
    assert [(one.place, one.title) for one in meeting.items.all()] == [(1, "甲"), (2, "乙")]
    with pytest.raises(Untimely, match="被别人删去"):
        actions.drop_item(item=last, by=users.dispatch, at=now)


def _item(meeting: Meeting, title: str, users: SimpleNamespace, now: datetime) -> None:
    actions.add_item(
        meeting=meeting, kind="report", title=title, org=None, speaker="", minutes=10,
        by=users.dispatch, at=now,
    )  # fmt: skip


def test_every_act_leaves_its_line(held: Meeting) -> None:
    told = Act.objects.filter(thing="meetings.Meeting").order_by("number")
    assert [one.action for one in told] == [
        "meetings.plan", "meetings.open", "meetings.add_line", "meetings.add_line",
        "meetings.close",
    ]  # fmt: skip
