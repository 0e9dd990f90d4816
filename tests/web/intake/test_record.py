"""How a unit hands in over a year: in time, right at once, and how often it is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from diaodu.web.intake import actions
from diaodu.web.intake.queries import Form, record_of


def test_nothing_handed_in_is_never_and_no_rate_of_nothing(
    form: Form, access: Callable[..., Any], people: SimpleNamespace, now: Any
) -> None:
    found = record_of(access(people.leader), "qingshi", now)
    assert found is not None
    # January to April are over, May is open.
    assert (found.due, found.in_time, found.later, found.never) == (4, 0, 0, 4)
    assert found.in_time_rate == "0.0"
    assert found.at_once_rate is None
    assert [(str(one.month), one.forms, one.reminders) for one in found.asked][-1] == (
        "2023年5月", 1, 0,
    )  # fmt: skip


def test_handed_in_before_the_close_is_in_time(
    history: None, form: Form, submitted: Any, access: Callable[..., Any],
    people: SimpleNamespace, now: Any,
) -> None:  # fmt: skip
    before = record_of(access(people.leader), "qingshi", now)
    after = record_of(access(people.leader), "qingshi", form.closes + timedelta(minutes=1))
    assert before is not None and after is not None
    assert (after.due - before.due, after.in_time - before.in_time) == (1, 1)
    assert after.later == before.later


def test_sent_back_before_it_was_taken_is_not_at_once(
    history: None, form: Form, submitted: Any, access: Callable[..., Any],
    people: SimpleNamespace, now: Any,
) -> None:  # fmt: skip
    actions.send_back(form=form, reason="有误", until=None, by=people.statistics, at=now)
    found = record_of(access(people.leader), "qingshi", now)
    assert found is not None
    assert (found.accepted, found.at_once, found.sent_back) == (0, 0, 1)


def test_taken_at_the_first_try(
    history: None, form: Form, accepted: Any, access: Callable[..., Any], people: SimpleNamespace,
    now: Any,
) -> None:  # fmt: skip
    found = record_of(access(people.clerk), "qingshi", now)
    assert found is not None
    assert (found.accepted, found.at_once_rate) == (1, "100.0")


def test_every_reminder_is_counted_in_its_month(
    form: Form, access: Callable[..., Any], people: SimpleNamespace, now: Any
) -> None:
    for _ in range(2):
        actions.remind(forms=[form], text="请快报", by=people.dispatch, at=now)
    found = record_of(access(people.leader), "qingshi", now)
    assert found is not None
    assert found.asked[-1].reminders == 2


def test_it_is_told_to_those_who_look_after_the_unit(
    form: Form, access: Callable[..., Any], people: SimpleNamespace, now: Any
) -> None:
    for who in ("leader", "supervision", "clerk", "township_reader", "township_head"):
        assert record_of(access(getattr(people, who)), "qingshi", now) is not None, who
    # An owner looks after two indicators there, neighbours and administrators after nothing.
    for who in ("owner", "other_clerk", "neighbour", "admin", "stranger"):
        assert record_of(access(getattr(people, who)), "qingshi", now) is None, who


def test_a_unit_that_is_asked_for_nothing_has_no_record(
    form: Form, access: Callable[..., Any], people: SimpleNamespace, now: Any
) -> None:
    assert record_of(access(people.leader), "donglinqu", now) is None
    assert record_of(access(people.leader), "shilixian", now) is None
