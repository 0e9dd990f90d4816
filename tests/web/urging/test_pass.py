"""The pass over all duties: reminders once, steps listed for a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from diaodu.adapters.webhook_out import Robot
from diaodu.web.shared import outbox
from diaodu.web.shared.models import Act
from diaodu.web.urging import actions, queries
from diaodu.web.urging.models import Proposed, Step

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_before_on_and_after_the_day_each_reminder_goes_out_once(
    assign: Callable[..., Any], users: SimpleNamespace, now: datetime
) -> None:
    duty = assign(3)
    told = []
    for days in range(8):
        at = now + days * DAY
        first = actions.pass_day(at=at).reminded
        assert actions.pass_day(at=at + timedelta(hours=5)).reminded == 0
        told.append(first)
    assert told == [1, 0, 0, 1, 1, 0, 0, 0], "three days before, on the day, the day after"
    titles = [one.title for one in outbox.inbox(users.clerk.pk).order_by("pk")]
    assert [title.partition("，")[2] for title in titles] == ["还剩3天", "今天到期", "已逾期1天"]
    assert set(Step.objects.values_list("duty_id", "by")) == {(duty.pk, None)}


def test_the_heads_of_the_unit_hear_of_what_is_late(
    assign: Callable[..., Any], users: SimpleNamespace, now: datetime
) -> None:
    assign(0)
    actions.pass_day(at=now)
    assert outbox.unread(users.township_head.pk) == 0
    actions.pass_day(at=now + DAY)
    assert outbox.unread(users.township_head.pk) == 1
    assert outbox.unread(users.other_clerk.pk) == 0


def test_steps_for_a_person_are_listed_and_go_when_no_longer_due(
    assign: Callable[..., Any], users: SimpleNamespace, now: datetime
) -> None:
    duty = assign(-1)
    actions.pass_day(at=now)
    [listed] = Proposed.objects.all()
    assert (listed.duty_id, listed.step, str(listed.org)) == (duty.pk, "urge", "青石镇")
    duty.state = "answered"
    duty.save()
    actions.pass_day(at=now + timedelta(minutes=30))
    assert not Proposed.objects.exists()


def test_what_was_put_off_stays_put_off(
    assign: Callable[..., Any], users: SimpleNamespace, now: datetime
) -> None:
    assign(-1)
    actions.pass_day(at=now)
    until = now.date() + 3 * DAY
    actions.put_off(
        proposed=Proposed.objects.get(), until=until, reason="等省里文件", by=users.supervision,
        at=now,
    )  # fmt: skip
    actions.pass_day(at=now + DAY)
    assert Proposed.objects.get().put_off == until


def test_one_note_a_pass_tells_a_person_of_all_their_duties(
    assign: Callable[..., Any], users: SimpleNamespace, now: datetime
) -> None:
    assign(3, title="报送用地清单")
    assign(0)
    late = assign(-1, title="报送停产企业名单")
    assign(-1, title="协调用电", lead="liuhe", person=users.other_clerk)
    assert actions.pass_day(at=now).reminded == 4
    [mine] = outbox.inbox(users.clerk.pk)
    assert mine.title == "交办事项3件：期限已过1件，今天到期1件，快到期1件"
    assert mine.text.splitlines() == [
        "1. 报送停产企业名单（青石镇）：最晚期限6月5日，已逾期1天",
        "2. 补报入库项目（青石镇）：最晚期限6月6日，今天到期",
        "3. 报送用地清单（青石镇）：最晚期限6月9日，还剩3天",
    ]
    assert mine.url == "/duties/?mine=owe"
    [head] = outbox.inbox(users.township_head.pk)
    assert (head.title, head.url) == ("最晚期限6月5日，已逾期1天", f"/duties/{late.pk}/")
    [other] = outbox.inbox(users.other_clerk.pk)
    assert other.text.startswith("协调用电（柳荷镇）。")


def test_what_comes_due_after_a_pass_is_a_note_of_its_own(
    assign: Callable[..., Any], users: SimpleNamespace, now: datetime
) -> None:
    assign(0)
    actions.pass_day(at=now)
    assign(0, title="当天交办的")
    assert actions.pass_day(at=now + timedelta(minutes=30)).reminded == 1
    newest, first = outbox.inbox(users.clerk.pk)
    assert newest.text.startswith("当天交办的") and first.text.startswith("补报入库项目")


def test_a_long_note_says_how_many_more_there_are(
    assign: Callable[..., Any], users: SimpleNamespace, now: datetime
) -> None:
    for number in range(30):
        assign(0, title=f"第{number}件，{'很' * 100}长")
    actions.pass_day(at=now)
    [mine] = outbox.inbox(users.clerk.pk)
    *lines, more = mine.text.splitlines()
    assert more == f"另有{30 - len(lines)}件，请到督办里看"
    assert len(lines) >= 3 and len(mine.text) < 500


def test_a_reminder_that_was_not_sent_yet_is_taken_back_when_the_duty_went_on(
    assign: Callable[..., Any], users: SimpleNamespace, now: datetime, frozen_clock: Any,
    settings: Any,
) -> None:  # fmt: skip
    settings.DIAODU_WEBHOOK = Robot("wecom", "http://127.0.0.1:9/")
    went_on, put_off = assign(0), assign(0)
    stays = assign(0, title="留下的")
    others = assign(0, lead="liuhe", person=users.other_clerk)
    actions.pass_day(at=now)
    for one in (went_on, others):
        one.state = "answered"
        one.save()
    put_off.latest += 9 * DAY
    put_off.save()
    actions.pass_day(at=now + timedelta(minutes=30))
    mine = outbox.sent_out().get(to=users.clerk)
    assert (mine.state, mine.title) == ("waiting", "最晚期限6月6日，今天到期")
    assert mine.text.startswith("留下的") and mine.url == f"/duties/{stays.pk}/"
    theirs = outbox.sent_out().get(to=users.other_clerk)
    assert (theirs.state, theirs.trouble) == ("dropped", "事项已有进展，或者改了期限、单位")
    [seen] = outbox.inbox(users.clerk.pk)
    assert seen.title == "交办事项3件：今天到期3件", "what was told stays as it was told"


def test_a_note_that_failed_shows_at_each_of_its_duties(
    assign: Callable[..., Any], users: SimpleNamespace, now: datetime, frozen_clock: Any,
    settings: Any,
) -> None:  # fmt: skip
    settings.DIAODU_WEBHOOK = Robot("wecom", "http://127.0.0.1:9/")
    both = [assign(0), assign(0)]
    alone = assign(0, lead="liuhe", person=users.other_clerk)
    actions.pass_day(at=now)
    outbox.sent_out().filter(to=users.clerk).update(state="failed")
    assert [queries.under(one.pk).troubled for one in (*both, alone)] == [1, 1, 0]


def test_a_pass_leaves_no_line_in_the_chain_of_acts(
    assign: Callable[..., Any], now: datetime
) -> None:
    """Reminders are the desk's own routine; each stands as a step."""
    assign(0)
    before = Act.objects.count()
    actions.pass_day(at=now)
    assert Act.objects.count() == before


def test_the_number_of_queries_does_not_grow_with_the_duties(
    assign: Callable[..., Any], now: datetime, django_assert_max_num_queries: Any
) -> None:
    for days in range(-20, 4):
        assign(days)
    with django_assert_max_num_queries(32):
        actions.pass_day(at=now)
