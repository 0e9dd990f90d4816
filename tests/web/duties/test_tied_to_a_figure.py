"""A duty tied to a figure: closed when the released figure says so, open again when it no longer
does; and that rows are told by the same verdicts as the engine's clock gives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from diaodu.engine.dispatch.due import FATE_NAMES
from diaodu.engine.dispatch.duty import Goal
from diaodu.web.duties import actions, queries
from diaodu.web.duties.actions import Given
from diaodu.web.duties.models import Duty
from diaodu.web.duties.queries.facts import of
from diaodu.web.duties.queries.listing import TERMS
from diaodu.web.figures import actions as figures
from diaodu.web.runs import actions as runs

pytestmark = pytest.mark.django_db
RELEASED = datetime.fromisoformat("2023-06-18T09:00:00+08:00")


def _record(value: int, at: datetime) -> None:
    row = figures.new_figure(
        indicator="tax", org="qingshi", period="2023-01/05", facet="level", track="flash",
        received=at.date(), unit="万元", value=Decimal(value), file="来表.xlsx", sheet="表1",
        cell="C5", sha256="a" * 64,
    )  # fmt: skip
    figures.record(observations=[row], by=None, at=at, origin="import")


@pytest.fixture
def tied(
    wanted: Callable[..., Any], users: SimpleNamespace, now: datetime, frozen_clock: Any
) -> Duty:
    """Tax of 青石镇 must come to 900; 880 was reported; answered and verified."""
    _record(880, now)
    runs.rebuild_live(periods=["2023-05"], at=now)
    goal = Goal.model_validate(
        {"indicator": "tax", "org": "qingshi", "measure": "value", "value": "900"}
    )
    one = wanted(goal=goal, proof_asked=(), latest=now.date() + timedelta(days=30))
    [duty] = actions.hand_out(wanted=[one], by=users.supervision, at=now)
    said = Given(text="已补缴")
    for act, who in (("sign", users.clerk), ("answer", users.clerk)):
        actions.do(duty_id=duty.pk, act=act, given=said, by=who, at=now)
    actions.do(duty_id=duty.pk, act="verify", given=said, by=users.supervision, at=now)
    return duty


def _close(duty: Duty, users: SimpleNamespace, at: datetime) -> Duty:
    return actions.do(duty_id=duty.pk, act="close", given=Given(), by=users.supervision, at=at)


def test_it_closes_only_when_the_released_figure_says_so(
    tied: Duty, users: SimpleNamespace, now: datetime, frozen_clock: Any
) -> None:
    with pytest.raises(ValidationError, match="还没有数，不能据以销号"):
        _close(tied, users, now)
    frozen_clock(RELEASED)
    runs.rebuild_live(periods=["2023-05"], at=RELEASED)
    with pytest.raises(ValidationError) as refused:
        _close(tied, users, RELEASED)
    assert refused.value.messages == [
        "不能销号：2023年1—5月青石镇税收收入为880万元，要求不低于900万元，还差20万元"
    ]
    _record(905, RELEASED + timedelta(hours=1))
    runs.rebuild_live(periods=["2023-05"], at=RELEASED + timedelta(hours=1))
    closed = _close(tied, users, RELEASED + timedelta(hours=2))
    assert (closed.state, closed.proved_period) == ("closed", "2023-01/05")


def test_a_revised_figure_opens_it_again(
    tied: Duty, users: SimpleNamespace, frozen_clock: Any
) -> None:
    at = RELEASED + timedelta(hours=1)
    frozen_clock(at)
    _record(905, at)
    runs.rebuild_live(periods=["2023-05"], at=at)
    _close(tied, users, at)
    later = at + timedelta(days=1)
    frozen_clock(later)
    _record(910, later)
    runs.rebuild_live(periods=["2023-05"], at=later)
    assert actions.look_back(indicators=frozenset({"tax"}), at=later) == []
    _record(890, later + timedelta(hours=1))
    runs.rebuild_live(periods=["2023-05"], at=later)
    assert actions.look_back(indicators=frozenset({"tax"}), at=later) == [tied.pk]
    tied.refresh_from_db()
    assert (tied.state, tied.closed, tied.proved_period) == ("reopened", None, "")
    event = tied.events.last()
    assert event.by is None
    assert "数据更正后不再够销号条件" in event.text and "890万元" in event.text
    assert actions.look_back(indicators=frozenset({"tax"}), at=later) == []


def test_a_decision_closes_it_whatever_the_figure_says(
    tied: Duty, users: SimpleNamespace, now: datetime
) -> None:
    given = Given(text="县政府第12次常务会议纪要")
    duty = actions.do(duty_id=tied.pk, act="decide", given=given, by=users.leader, at=now)
    assert (duty.state, duty.decision) == ("closed", "县政府第12次常务会议纪要")
    assert actions.look_back(indicators=frozenset({"tax"}), at=now) == []


def test_rows_are_told_by_the_verdicts_of_the_engine_s_clock(
    wanted: Callable[..., Any], users: SimpleNamespace, now: datetime
) -> None:
    """Every state, with deadlines before, on and after the day, answered in time or not."""
    made = actions.write(
        wanted=[wanted(title=f"事项{n}") for n in range(60)], by=users.dispatch, at=now
    )
    days = (-9, -1, 0, 1, 7, 8, 20)
    states = (
        "draft", "issued", "declined", "working", "answered", "returned", "verified",
        "extension", "long_term", "closed", "reopened", "withdrawn",
    )  # fmt: skip
    today = now.date()
    for number, duty in enumerate(made):
        duty.state = states[number % len(states)]
        duty.latest = today + timedelta(days=days[number % len(days)])
        duty.issued = None if duty.state == "draft" else today - timedelta(days=number % 4)
        if duty.state in ("answered", "verified", "closed"):
            duty.answered = today - timedelta(days=number % 3)
            duty.in_time = duty.answered <= duty.latest
            duty.closed = today if duty.state == "closed" else None
        duty.save()
    on = queries.standing(today)
    facts = {int(one.id): one for one in of(Duty.objects.all())}
    for name in ("good", "watch", "behind", "none"):
        found = set(Duty.objects.filter(on.light(name)).values_list("pk", flat=True))
        assert found == {id for id, one in facts.items() if on.clock.due(one).light == name}, name
    for fate in FATE_NAMES:
        found = set(Duty.objects.filter(on.fate(fate)).values_list("pk", flat=True))
        assert found == {id for id, one in facts.items() if on.clock.fate(one) == fate}, fate
    for term in TERMS:
        found = set(Duty.objects.filter(on.term(term)).values_list("pk", flat=True))
        assert found == {id for id, one in facts.items() if on.clock.term(one) == term}, term
