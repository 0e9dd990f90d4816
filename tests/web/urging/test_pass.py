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
from diaodu.web.urging import actions
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


def test_a_reminder_that_was_not_sent_yet_is_taken_back_when_the_duty_went_on(
    assign: Callable[..., Any], now: datetime, frozen_clock: Any, settings: Any
) -> None:
    settings.DIAODU_WEBHOOK = Robot("wecom", "http://127.0.0.1:9/")
    went_on, stays, put_off = assign(0), assign(0), assign(0)
    actions.pass_day(at=now)
    went_on.state = "answered"
    went_on.save()
    put_off.latest += 9 * DAY
    put_off.save()
    actions.pass_day(at=now + timedelta(minutes=30))
    states = dict(outbox.sent_out().values_list("thing_id", "state"))
    assert states == {
        str(went_on.pk): "dropped", str(stays.pk): "waiting", str(put_off.pk): "dropped",
    }  # fmt: skip


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
