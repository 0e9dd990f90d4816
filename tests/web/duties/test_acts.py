"""Every act in every state by everybody: the engine's table, held in the tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from diaodu.engine.dispatch.duty import ACTS, RULES, STATES, refusals, replay
from diaodu.web.duties import actions, queries
from diaodu.web.duties.actions import Given, Untimely
from diaodu.web.duties.models import Duty, Event
from diaodu.web.shared.models import Act

pytestmark = pytest.mark.django_db
# What each person is towards a duty of 青石镇 that 工信局 supports.
HATS = {
    "supervision": {"office", "leader"}, "dispatch": {"leader"}, "leader": {"leader"},
    "vice": {"leader"}, "clerk": {"lead"}, "township_head": {"lead"}, "owner": {"support"},
    "other_clerk": set(), "reader": set(), "township_reader": set(), "assessment": set(),
    "statistics": set(), "neighbour": set(), "stranger": set(),
}  # fmt: skip
STATES_ISSUED = tuple(one for one in STATES if one != "draft")
BY_TABLE = tuple(one for one in ACTS if one not in ("amend", "issue"))


@pytest.mark.parametrize("state", STATES_ISSUED)
def test_every_act_by_everybody(
    brought: Callable[[str], Any], users: SimpleNamespace, now: datetime, given: Given, state: str
) -> None:
    duty = brought(state)
    kept = {name: getattr(duty, name) for name in ("state", "version", "latest")}
    for who, hats in HATS.items():
        worn = {*hats, "reader"} | (
            {"office"} if state == "declined" and "leader" in hats else set()
        )
        own = "lead" in hats
        for act in BY_TABLE:
            if not refusals(state, act, worn, own=own):
                continue
            expected = Untimely if state not in RULES[act].states else PermissionDenied
            with pytest.raises(expected):
                actions.do(duty_id=duty.pk, act=act, given=given, by=getattr(users, who), at=now)
    duty.refresh_from_db()
    assert kept == {name: getattr(duty, name) for name in kept}, "nothing refused left a trace"


@pytest.mark.parametrize(
    ("state", "act"),
    [(state, act) for act in BY_TABLE for state in STATES_ISSUED if state in RULES[act].states],
)
def test_every_act_that_may_be_done_leads_where_the_table_says(
    brought: Callable[[str], Any], users: SimpleNamespace, now: datetime, given: Given, state: str,
    act: str, day: Callable[[int], date],
) -> None:  # fmt: skip
    duty = brought(state)
    given = replace(given, latest=day(40))
    by = next(
        getattr(users, who)
        for who in ("supervision", "clerk", "leader")
        if not refusals(state, act, {*HATS[who], "reader"}, own=who == "clerk")
    )
    actions.do(duty_id=duty.pk, act=act, given=given, by=by, at=now)
    duty.refresh_from_db()
    assert duty.state == (RULES[act].to or state)
    course = list(Event.objects.filter(duty=duty).values_list("act", flat=True))
    assert replay(course) == duty.state
    last = Act.objects.filter(thing="duties.Duty").latest("number")
    assert (last.action, last.after["state"]) == (f"duties.{act}", duty.state)


def test_what_an_act_asks_for_is_told_all_at_once(
    brought: Callable[[str], Any], users: SimpleNamespace, now: datetime
) -> None:
    duty = brought("working")
    with pytest.raises(ValidationError) as refused:
        actions.do(duty_id=duty.pk, act="ask_extension", given=Given(), by=users.clerk, at=now)
    assert refused.value.messages == ["申请延期要写最晚期限", "申请延期要写原因"]


def test_two_at_once_one_is_told_and_nothing_is_lost(
    brought: Callable[[str], Any], users: SimpleNamespace, now: datetime, given: Given
) -> None:
    duty = brought("working")
    actions.do(
        duty_id=duty.pk, act="answer", given=Given(text="入库2个"), by=users.clerk, at=now,
        seen=duty.version,
    )  # fmt: skip
    with pytest.raises(
        Untimely, match="clerk某刚刚反馈，这件事项现在是“待核实”。您填的内容还在本页"
    ):
        actions.do(
            duty_id=duty.pk, act="answer", given=Given(text="入库3个"), by=users.township_head,
            at=now, seen=duty.version,
        )  # fmt: skip
    assert [one.text for one in Event.objects.filter(act="answer")] == ["入库2个"]


def test_nobody_verifies_their_own(
    wanted: Callable[..., Any], users: SimpleNamespace, now: datetime, given: Given
) -> None:
    """Who supervises may be given a duty of the county's own."""
    mine = wanted(lead="shilixian", person=users.leader.pk, proof_asked=())
    [duty] = actions.hand_out(wanted=[mine], by=users.supervision, at=now)
    actions.do(duty_id=duty.pk, act="sign", given=given, by=users.leader, at=now)
    actions.do(duty_id=duty.pk, act="answer", given=given, by=users.leader, at=now)
    with pytest.raises(PermissionDenied, match="自己办的事项不能由自己按决定销号"):
        actions.do(duty_id=duty.pk, act="decide", given=given, by=users.leader, at=now)


def test_a_draft_is_seen_by_those_who_hand_out_alone(
    wanted: Callable[..., Any], users: SimpleNamespace, now: datetime, access: Any
) -> None:
    [duty] = actions.write(wanted=[wanted()], by=users.dispatch, at=now)
    for who in HATS:
        found = queries.seen(access(getattr(users, who))).filter(pk=duty.pk).exists()
        assert found == ("leader" in HATS[who]), who
    with pytest.raises(PermissionDenied):
        actions.issue(duty_id=duty.pk, by=users.clerk, at=now)
    made = actions.issue(duty_id=duty.pk, by=users.dispatch, at=now)
    assert (made.state, made.number) == ("issued", "示督交〔2023〕1号")


def test_who_sees_an_issued_duty(duty: Duty, users: SimpleNamespace, access: Any) -> None:
    seen = {who for who in HATS if queries.seen(access(getattr(users, who))).exists()}
    assert seen == {
        "supervision", "dispatch", "leader", "vice", "clerk", "township_head", "owner", "reader",
        "township_reader", "assessment", "statistics",
    }  # fmt: skip


@pytest.mark.parametrize("who", ["clerk", "owner", "reader", "stranger", "assessment"])
def test_only_those_who_hand_out_write(
    wanted: Callable[..., Any], users: SimpleNamespace, now: datetime, who: str
) -> None:
    with pytest.raises(PermissionDenied):
        actions.hand_out(wanted=[wanted()], by=getattr(users, who), at=now)
    assert not Duty.objects.exists()
