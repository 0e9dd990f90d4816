"""Whatever people do in whatever order: a return moves only along the table, and what is on file is
what was last accepted."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diaodu.web.figures import queries as figures
from diaodu.web.intake import actions
from diaodu.web.intake.actions import Entered
from diaodu.web.intake.models import DRAFT, MOVES, Return, ReturnCell, Signature
from diaodu.web.intake.queries import Form

ACTS = ("save", "submit", "sign", "send_back", "accept", "reopen")
PEOPLE = (
    "clerk", "second_clerk", "town_statistics", "town_vice", "township_head", "statistics",
)  # fmt: skip
PLACES = {"town_statistics": 1, "town_vice": 2, "township_head": 3}

# Half of the steps are the right one next, so that the runs come as far as a second acceptance.
anything = st.tuples(st.sampled_from(ACTS), st.sampled_from(PEOPLE), st.integers(1, 3))
steps = st.lists(st.one_of(st.none(), anything), min_size=10, max_size=24)


def right_one(value: int) -> tuple[str, str, int]:
    """What comes next where everybody does their part."""
    sheet = Return.objects.first()
    if sheet is None or (sheet.unfilled and sheet.state == DRAFT):
        return "save", "clerk", value
    if sheet.state == "submitted":
        signed = Signature.objects.filter(sheet=sheet, attempt=sheet.attempt).count()
        return "sign", list(PLACES)[signed], value
    nexts = {"draft": "submit", "returned": "submit", "review": "accept", "accepted": "reopen"}
    who = "statistics" if sheet.state == "review" else "clerk"
    return nexts[sheet.state], who, value


def act(form: Form, name: str, by: Any, who: str, value: int, at: datetime) -> None:
    sheet = Return.objects.filter(form=form.key.form, reporter_id=form.key.reporter).first()
    seen = sheet.version if sheet else 0
    if name == "save":
        texts = (str(66300 + value), "41900", "13")
        entered = [Entered(*pair, seen) for pair in zip(form.cells, texts, strict=True)]
        actions.save_cells(form=form, entered=entered, seen=seen, by=by, at=at)
    elif name == "submit":
        actions.submit(form=form, seen=seen, by=by, at=at)
    elif name == "sign":
        places = frozenset({PLACES[who]} if who in PLACES else ())
        actions.sign(form=form, places=places, seen=seen, by=by, at=at)
    elif name == "send_back":
        actions.send_back(form=form, reason="请核", until=None, by=by, at=at)
    elif name == "accept":
        actions.accept(form=form, seen=seen, by=by, at=at)
    else:
        actions.reopen(form=form, reason="漏统", until=None, by=by, at=at)


@given(taken=steps)
@settings(
    max_examples=12, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
def test_a_return_moves_only_along_the_table(
    form: Form, people: SimpleNamespace, now: datetime, taken: list[tuple[str, str, int] | None]
) -> None:
    Return.objects.all().delete()
    state, accepted = DRAFT, None
    for minute, chosen in enumerate(taken):
        name, who, value = chosen or right_one(minute)
        by, at = getattr(people, who), now + timedelta(minutes=minute)
        with suppress(ValidationError, PermissionDenied):
            act(form, name, by, who, value, at)
        sheet = Return.objects.first()
        if sheet is None:
            continue
        if sheet.state != state:
            assert sheet.state in MOVES[state, name], (state, name, sheet.state)
        if name == "accept" and sheet.state == "accepted" and state != "accepted":
            accepted = ReturnCell.objects.get(sheet=sheet, indicator="investment").value
        state = sheet.state
        _holds(sheet)
    if accepted is not None:
        on_file = figures.engine_observations(indicators={"investment"}, orgs={"qingshi"})
        assert on_file[-1].value == accepted


def _holds(sheet: Return) -> None:
    """Nobody twice, the submitter never, and only who has not signed may decide."""
    signers = list(
        Signature.objects.filter(sheet=sheet, attempt=sheet.attempt).values_list("by_id", flat=True)
    )
    assert len(set(signers)) == len(signers)
    if sheet.state in ("review", "accepted"):
        assert len(signers) == 3
    if signers:
        assert sheet.submitted_by_id not in signers
    if sheet.state == "accepted":
        assert sheet.decided_by_id not in [sheet.submitted_by_id, *signers]


@pytest.mark.parametrize("state", ["submitted", "review", "accepted"])
def test_no_act_types_into_what_was_handed_in(state: str) -> None:
    assert (state, "save") not in MOVES
