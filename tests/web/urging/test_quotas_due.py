"""What comes round is reminded of by every way, once on each occasion."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from diaodu.adapters.webhook_out import Robot
from diaodu.web.duties import actions as duties
from diaodu.web.shared import outbox
from diaodu.web.urging import actions

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def moment(month: int, day: int) -> datetime:
    return datetime.fromisoformat(f"2023-{month:02}-{day:02}T10:00:00+08:00")


@pytest.fixture
def quota(rules: Any, users: SimpleNamespace, now: datetime) -> Any:
    """Twice a month by the 28th, by the clerk of 青石镇, from June on; what is left rolls over."""
    return duties.set_quota(
        title="走访包联企业", org="qingshi", person=users.clerk.pk, every="month", times=2, day=28,
        rolls=True, since=date(2023, 6, 1), until=None, source="", by=users.supervision, at=now,
    )  # fmt: skip


def done(quota: Any, users: SimpleNamespace, at: datetime) -> None:
    duties.do_once(quota=quota, on=at.date(), text="走访2户", by=users.clerk, at=at)


def test_before_on_and_after_the_day_once_with_what_rolled_over(
    quota: Any, users: SimpleNamespace, frozen_clock: Any
) -> None:
    done(quota, users, moment(6, 8))
    told = []
    for days in range(44):
        at = moment(6, 15) + days * DAY
        frozen_clock(at)
        told.append((f"{at:%m-%d}", actions.pass_day(at=at).quotas))
        assert actions.pass_day(at=at + timedelta(hours=3)).quotas == 0
    assert [on for on, number in told if number] == [
        "06-25", "06-28", "06-29", "07-25", "07-28",
    ]  # fmt: skip
    notes = list(outbox.inbox(users.clerk.pk).order_by("pk"))
    assert [one.title for one in notes] == [
        "走访包联企业：最晚6月28日，还差1次，还剩3天", "走访包联企业：最晚6月28日，今天到期，差1次",
        "走访包联企业：最晚6月28日，到期未清，差1次", "走访包联企业：最晚7月28日，还差3次，还剩3天",
        "走访包联企业：最晚7月28日，今天到期，差3次",
    ]  # fmt: skip
    assert notes[3].text == (
        "走访包联企业（青石镇）。最晚7月28日，还差3次，还剩3天；"
        "每月2次，2023年7月要做3次（上一期转来1次），做了0次。"
    )
    assert {one.url for one in notes} == {f"/duties/quotas/{quota.pk}/"}
    [late] = outbox.inbox(users.township_head.pk)
    assert late.title.endswith("到期未清，差1次"), "once it is late the head hears of it"
    assert outbox.unread(users.other_clerk.pk) == outbox.unread(users.supervision.pk) == 0


def test_by_every_way_and_both_told_can_open_it(
    quota: Any, users: SimpleNamespace, settings: Any, frozen_clock: Any,
    client_as: Callable[..., Client],
) -> None:  # fmt: skip
    settings.DIAODU_WEBHOOK = Robot("wecom", "http://127.0.0.1:9/")
    frozen_clock(moment(6, 29))
    assert actions.pass_day(at=moment(6, 29)).quotas == 1
    out = {(one.to_id, one.channel) for one in outbox.sent_out()}
    assert out == {(one.pk, "webhook") for one in (users.clerk, users.township_head)}
    for one in (users.clerk, users.township_head):
        [note] = outbox.inbox(one.pk)
        assert client_as(one).get(note.url).status_code == 200


def test_what_was_not_sent_yet_is_taken_back_once_it_is_cleared(
    quota: Any, users: SimpleNamespace, settings: Any, frozen_clock: Any
) -> None:
    settings.DIAODU_WEBHOOK = Robot("wecom", "http://127.0.0.1:9/")
    frozen_clock(moment(6, 28))
    actions.pass_day(at=moment(6, 28))
    done(quota, users, moment(6, 28))
    actions.pass_day(at=moment(6, 28) + timedelta(minutes=30))
    assert outbox.sent_out().get().state == "waiting", "one of two was done"
    done(quota, users, moment(6, 28))
    actions.pass_day(at=moment(6, 28) + timedelta(minutes=60))
    [note] = outbox.sent_out()
    assert (note.state, note.trouble) == ("dropped", "已经做完，或者不再要求")


def test_who_left_and_what_ended_is_not_reminded_of(
    quota: Any, users: SimpleNamespace, frozen_clock: Any
) -> None:
    users.clerk.is_active = False
    users.clerk.save()
    frozen_clock(moment(6, 28))
    assert actions.pass_day(at=moment(6, 28)).quotas == 0
    frozen_clock(moment(6, 29))
    assert actions.pass_day(at=moment(6, 29)).quotas == 1, "the head of the unit hears of it"
    assert outbox.unread(users.clerk.pk) == 0
    duties.end_quota(quota=quota, until=date(2023, 7, 10), by=users.supervision, at=moment(6, 30))
    assert actions.pass_day(at=moment(7, 28)).quotas == 0


def test_the_number_of_queries_does_not_grow_with_what_comes_round(
    quota: Any, users: SimpleNamespace, now: datetime, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        duties.set_quota(
            title=f"第{number}项", org="qingshi", person=users.clerk.pk, every="week", times=1,
            day=7, rolls=False, since=date(2023, 1, 2), until=None, source="",
            by=users.supervision, at=now,
        )  # fmt: skip
    with django_assert_max_num_queries(32):
        assert actions.pass_day(at=moment(6, 29)).quotas == 13
