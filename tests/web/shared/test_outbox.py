"""Words to people: each once, or visibly not. Real receivers on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import Q

from diaodu.adapters.webhook_out import Robot
from diaodu.web.shared import outbox
from diaodu.web.shared.models import Delivery
from diaodu.web.shared.outbox import Note

pytestmark = pytest.mark.django_db


def note(user: Any, occasion: str = "due", thing: str = "7", **more: Any) -> Note:
    content = {"title": "3天后到期", "text": "补报固定资产投资入库项目", "url": "/duties/7/"}
    return Note("duties.remind", "duties.Duty", thing, occasion, user.pk, **(content | more))


def run(at: datetime) -> outbox.Delivered:
    return outbox.deliver(now=lambda: at)


def only() -> Delivery:
    return Delivery.objects.exclude(channel="site").get()


def test_in_the_site_it_is_there_at_once_and_unread(users: SimpleNamespace, now: datetime) -> None:
    assert outbox.post([note(users.clerk)], at=now) == 1
    assert outbox.unread(users.clerk.pk) == 1
    assert outbox.unread(users.other_clerk.pk) == 0
    assert outbox.mark_read(Q(), user_id=users.other_clerk.pk, at=now) == 0
    assert outbox.mark_read(Q(), user_id=users.clerk.pk, at=now) == 1
    assert outbox.unread(users.clerk.pk) == 0


def test_the_same_is_put_in_once(users: SimpleNamespace, now: datetime, by_robot: Any) -> None:
    both = [note(users.clerk), note(users.clerk)]
    assert outbox.post(both, at=now) == 2  # in the site and to the group
    assert outbox.post(both, at=now + timedelta(days=1)) == 0
    assert run(now).sent == 1
    assert outbox.post(both, at=now) == 0
    assert run(now).sent == 0
    assert len(by_robot.got) == 1
    other_day = [note(users.clerk, "late")]
    assert outbox.post(other_day, at=now) == 2


def test_the_group_s_robot_is_told_whom_it_concerns(
    users: SimpleNamespace, now: datetime, by_robot: Any, settings: Any
) -> None:
    settings.DIAODU_ADDRESS = "https://desk.example"
    users.clerk.phone = "13800000000"
    users.clerk.save()
    outbox.post([note(users.clerk)], at=now)
    run(now)
    [(path, content)] = by_robot.got
    assert path == "/send?key=abc"
    assert content["text"]["mentioned_mobile_list"] == ["13800000000"]
    assert content["text"]["content"] == (
        "clerk某：3天后到期\n补报固定资产投资入库项目\nhttps://desk.example/duties/7/"
    )
    assert content["idempotency_key"] == only().key


def test_dingtalk_is_asked_in_its_own_way(
    users: SimpleNamespace, now: datetime, robot: Any, settings: Any
) -> None:
    settings.DIAODU_WEBHOOK = Robot("dingtalk", robot.url, secret="SEC0")
    outbox.post([note(users.clerk)], at=now)
    run(now)
    [(path, content)] = robot.got
    assert content["at"] == {"atMobiles": [], "isAtAll": False}
    assert path.startswith("/send?key=abc&timestamp=") and "&sign=" in path


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [((500, ""), "接收方出错"), ((200, '{"errcode": -1}'), "接收方忙")],
)
def test_what_did_not_arrive_is_tried_again_later_and_then_fails(
    users: SimpleNamespace, now: datetime, by_robot: Any, answer: Any, trouble: str
) -> None:
    by_robot.answers[:] = [answer] * 6
    outbox.post([note(users.clerk)], at=now)
    at = now
    for number in range(1, 6):
        run(at)
        assert (only().state, only().tries) == ("waiting", number)
        assert trouble in only().trouble
        assert run(at + outbox.WAITS[number - 1] - timedelta(seconds=1)).sent == 0
        assert len(by_robot.got) == number
        at += outbox.WAITS[number - 1]
    run(at)
    assert only().state == "failed"
    assert "试了6次" in only().trouble
    assert len(by_robot.got) == 6


def test_too_fast_is_no_try_and_stops_the_way_for_now(
    users: SimpleNamespace, now: datetime, by_robot: Any
) -> None:
    by_robot.answers[:] = [(200, '{"errcode": 45009}')]
    outbox.post([note(users.clerk, thing=str(n)) for n in range(3)], at=now)
    assert run(now) == (0, 0, 3)
    assert len(by_robot.got) == 1
    assert {row.tries for row in Delivery.objects.filter(channel="webhook")} == {0}
    assert run(now + outbox.WAITS[0]).sent == 3


def test_what_is_refused_fails_at_once(
    users: SimpleNamespace, now: datetime, by_robot: Any
) -> None:
    by_robot.answers[:] = [(200, '{"errcode": 93000, "errmsg": "invalid webhook url"}')]
    outbox.post([note(users.clerk)], at=now)
    assert run(now) == (0, 1, 0)
    assert only().state == "failed"
    assert "invalid webhook url" in only().trouble


@pytest.mark.parametrize("answer", [None, (200, "<html>")])
def test_where_nobody_knows_it_is_said_and_never_sent_again_by_itself(
    users: SimpleNamespace, now: datetime, by_robot: Any, answer: Any
) -> None:
    by_robot.answers[:] = [answer]
    outbox.post([note(users.clerk)], at=now)
    assert run(now) == (0, 1, 0)
    assert only().state == "unsure"
    assert run(now + timedelta(days=2)) == (0, 0, 0)
    assert len(by_robot.got) == 1
    assert outbox.again(delivery=only(), at=now)
    assert not outbox.again(delivery=only(), at=now)
    assert run(now).sent == 1


def test_a_receiver_that_is_away_waits_a_day_and_then_fails(
    users: SimpleNamespace, now: datetime, settings: Any
) -> None:
    settings.DIAODU_WEBHOOK = Robot("wecom", "http://127.0.0.1:9/")  # discard: nobody listens
    outbox.post([note(users.clerk, thing=str(n)) for n in range(3)], at=now)
    assert run(now) == (0, 0, 3)
    assert Delivery.objects.filter(channel="webhook", tries=1).count() == 1
    run(now + timedelta(hours=24, seconds=1))
    assert set(outbox.sent_out().values_list("state", flat=True)) == {"failed"}
    assert "等了一天" in outbox.sent_out()[0].trouble


def test_what_a_dead_worker_had_in_hand_is_unsure(
    users: SimpleNamespace, now: datetime, by_robot: Any
) -> None:
    outbox.post([note(users.clerk)], at=now)
    Delivery.objects.filter(channel="webhook").update(state="sending", claim="dead", claimed_at=now)
    assert run(now + outbox.SILENT - timedelta(seconds=1)) == (0, 0, 0)
    assert only().state == "sending"
    run(now + outbox.SILENT + timedelta(seconds=1))
    assert only().state == "unsure"
    assert by_robot.got == []


def test_what_another_worker_claimed_meanwhile_is_left_alone(
    users: SimpleNamespace, now: datetime, by_robot: Any
) -> None:
    outbox.post([note(users.clerk, thing="1"), note(users.clerk, thing="2")], at=now)
    claimed = Delivery.objects.filter(channel="webhook", thing_id="2")

    def moments() -> Iterator[datetime]:
        """The other worker comes between this one's reading and its claiming."""
        for number in range(100):
            if number == 3:
                claimed.update(state="sending", claim="another", claimed_at=now)
            yield now

    told = moments()
    assert outbox.deliver(now=lambda: next(told)).sent == 1
    assert len(by_robot.got) == 1
    assert claimed.get().claim == "another"


def test_what_need_not_be_said_any_more_is_not(
    users: SimpleNamespace, now: datetime, by_robot: Any
) -> None:
    outbox.post([note(users.clerk)], at=now)
    assert outbox.drop(Q(thing="duties.Duty", thing_id="7"), at=now, reason="已销号") == 1
    assert run(now) == (0, 0, 0)
    assert (only().state, only().trouble) == ("dropped", "已销号")
    assert outbox.unread(users.clerk.pk) == 1


def test_a_mail_goes_to_those_with_an_address(
    users: SimpleNamespace, now: datetime, by_mail: Any
) -> None:
    users.clerk.email = "clerk@desk.example"
    users.clerk.save()
    outbox.post([note(users.clerk), note(users.other_clerk)], at=now)
    assert run(now) == (1, 0, 0)
    [mail] = by_mail.got
    assert (mail["To"], mail["Subject"]) == ("clerk@desk.example", "3天后到期")
    assert mail["Message-ID"].startswith(f"<{only().key[:32]}@")
    assert mail.get_content().strip() == "补报固定资产投资入库项目"


@pytest.mark.parametrize(
    ("say", "state", "trouble"),
    [
        ({"RCPT": "550 no such user"}, "failed", "550 no such user"),
        ({"RCPT": "450 later"}, "waiting", "450 later"),
        ({"MAIL": "421 closing"}, "waiting", "421 closing"),
        ({"DATA": "554 no"}, "failed", "554 no"),
        ({"END": "452 full"}, "waiting", "452 full"),
        ({"END": ""}, "unsure", "没有等到邮件服务器的回音"),
    ],
)
def test_what_a_mail_server_says_decides(
    users: SimpleNamespace, now: datetime, by_mail: Any, say: dict[str, str], state: str,
    trouble: str,
) -> None:  # fmt: skip
    users.clerk.email = "clerk@desk.example"
    users.clerk.save()
    by_mail.say = say
    outbox.post([note(users.clerk)], at=now)
    run(now)
    assert only().state == state
    assert trouble in only().trouble


def test_a_mail_server_that_hung_up_between_two_mails_is_called_again(
    users: SimpleNamespace, now: datetime, by_mail: Any
) -> None:
    users.clerk.email = "clerk@desk.example"
    users.clerk.save()
    outbox.post([note(users.clerk, thing="1"), note(users.clerk, thing="2")], at=now)
    by_mail.say = {"NOOP": ""}
    assert run(now) == (2, 0, 0)
    assert len(by_mail.got) == 2


def test_a_mail_server_that_is_away_is_asked_once(
    users: SimpleNamespace, now: datetime, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    users.clerk.email = "clerk@desk.example"
    users.clerk.save()
    outbox.post([note(users.clerk, thing=str(n)) for n in range(3)], at=now)
    assert run(now) == (0, 0, 3)
    assert outbox.counts() == {"waiting": 3}
