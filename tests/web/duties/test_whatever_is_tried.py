"""Whatever people try with duties, in whatever order: what must hold of them still does."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from diaodu.engine.dispatch.closing import unproven
from diaodu.engine.dispatch.duty import ACTS, RULES, STATES, replay
from diaodu.engine.ground.words import DutyState
from diaodu.web.duties import actions, queries
from diaodu.web.duties.actions import Given
from diaodu.web.duties.models import Duty
from diaodu.web.duties.queries.facts import of
from diaodu.web.shared.models import Act
from tests.web.duties.conftest import PNG

pytestmark = pytest.mark.django_db
ONWARD = ("issue", "sign", "answer", "verify", "close", "reopen")
WHO = (
    "supervision",
    "supervision",
    "clerk",
    "clerk",
    "dispatch",
    "leader",
    "township_head",
    "owner",
    "reader",
    "stranger",
)
DUTIES, TRIES = 8, 600


@pytest.fixture(params=[1, 2, 3])
def tried(
    request: pytest.FixtureRequest, wanted: Callable[..., Any], users: SimpleNamespace,
    now: datetime,
) -> Counter[str]:  # fmt: skip
    """Some duties after many tries by everybody over a month; how often each act succeeded."""
    drawn = random.Random(request.param)
    sources = ("meeting", "light", "upper", "inspection", "audit", "letter")
    asked = [
        wanted(
            title=f"第{number}件", source=drawn.choice(sources),
            leader=drawn.choice((None, users.vice.pk)), proof_asked=("通知",) * drawn.randrange(2),
            latest=now.date() + timedelta(days=drawn.randrange(1, 40)),
        )
        for number in range(DUTIES)
    ]  # fmt: skip
    ids = [one.pk for one in actions.write(wanted=asked, by=users.supervision, at=now)]
    done: Counter[str] = Counter()
    for number in range(TRIES):
        at = now + timedelta(hours=2 * number)
        id = drawn.choice(ids)
        act = _act(Duty.objects.get(pk=id).stands, drawn)
        by = getattr(users, drawn.choice(WHO))
        what = _try(id, act, by, at, users, drawn)
        done[what] += 1
        if what in ("close", "decide"):
            _is_justly_closed(Duty.objects.get(pk=id))
    assert all(done[act] for act in ONWARD), "some duties went all the way, and further"
    return done


def _is_justly_closed(duty: Duty) -> None:
    [fact] = of(Duty.objects.filter(pk=duty.pk))
    assert (fact.state, fact.closed is None) == ("closed", False)
    assert fact.decision or (fact.proof and not unproven(fact)), fact


def _act(state: DutyState, drawn: random.Random) -> str:
    """Mostly one that the state allows, and that leads on."""
    fitting = [act for act in ACTS if state in RULES[act].states]
    tried = fitting if fitting and drawn.random() < 0.9 else list(ACTS)
    [act] = drawn.choices(tried, [12 if one in ONWARD else 1 for one in tried])
    return act


def _try(
    id: int, act: Any, by: Any, at: datetime, users: SimpleNamespace, drawn: random.Random
) -> str:
    given = Given(
        text="已核对" if drawn.random() < 0.9 else "", person=users.clerk.pk,
        latest=at.date() + timedelta(days=drawn.randrange(-5, 60)),
        every=drawn.choice(("month", "")),
    )  # fmt: skip
    try:
        if drawn.random() < 0.4:
            actions.hand_in_file(
                duty_id=id, name="照片.png", content=PNG + bytes([drawn.randrange(256)]),
                proves=drawn.choice(("通知", "")), by=by, at=at,
            )  # fmt: skip
        if act == "issue":
            actions.issue(duty_id=id, by=by, at=at)
        elif act == "amend":
            return "refused"
        else:
            actions.do(duty_id=id, act=act, given=given, by=by, at=at)
    except (ValidationError, PermissionDenied):
        return "refused"
    return str(act)


def test_the_acts_on_record_tell_the_present_state(tried: Counter[str]) -> None:
    """Course and audit chain alike."""
    for duty in Duty.objects.all():
        course = list(duty.events.values_list("act", flat=True))
        chain = [
            name.removeprefix("duties.")
            for name in Act.objects.filter(thing="duties.Duty", thing_id=str(duty.pk))
            .order_by("number")
            .values_list("action", flat=True)
        ]
        assert [one for one in chain if one in ACTS] == course
        assert replay(course) == duty.state
        assert duty.version == len(course)
        assert [one.state for one in duty.events.all()][-1:] in ([], [duty.state])


def test_whatever_is_closed_has_proof_or_a_decision(tried: Counter[str]) -> None:
    """Each was looked at as soon as it was closed (`tried`), and is at the end."""
    for duty in Duty.objects.all():
        if duty.state == "closed":
            _is_justly_closed(duty)
        else:
            assert duty.closed is None


def _is_what_the_list_finds(line: Any, reader: Any, on: queries.Standing) -> None:
    """Behind each number stand so many duties: all of them, and of each fate."""
    numbers = {"all": line.tally.total, **{one.fate: one.number for one in line.cells}}
    for fate, number in numbers.items():
        asked = queries.Asked.of({**dict(parse_qsl(line.query)), "fate": fate})
        assert queries.found(reader, asked, on).count() == number, (line, fate)


def test_each_is_in_one_state_and_every_partition_adds_up(
    tried: Counter[str], users: SimpleNamespace, access: Callable[..., Any], now: datetime
) -> None:
    day = (now + timedelta(hours=2 * TRIES)).date()
    on, reader = queries.standing(day), access(users.supervision)
    states = Counter(Duty.objects.values_list("state", flat=True))
    assert set(states) <= set(STATES) and sum(states.values()) == DUTIES
    boards = [queries.board(reader, on, by, now.date()) for by in queries.BY]
    for board in boards:
        assert sum(line.tally.total for line in board.lines) == board.whole.tally.total
        assert board.whole.tally == boards[0].whole.tally
        for at, cell in enumerate(board.whole.cells):
            assert sum(line.cells[at].number for line in board.lines) == cell.number
        for line in board.lines:
            _is_what_the_list_finds(line, reader, on)
    issued = DUTIES - states["draft"] - states["withdrawn"]
    assert boards[0].whole.tally.total == issued
    desk = queries.desk(reader, on)
    assert desk.open == issued - states["closed"]
    assert sum(one.number for one in desk.sources) == desk.open
    assert sum(one.number for one in desk.terms) == desk.open
