"""The calendar is moved after a run was published: what is not public yet waits for the new day,
what is public stays, and no figure changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from diaodu.web.rulebooks import actions as rulebooks
from diaodu.web.rulebooks import queries as rules_on_file
from diaodu.web.runs import actions, queries
from diaodu.web.runs.models import Finding, Run
from diaodu.web.shared.models import Act

SHANGHAI = ZoneInfo("Asia/Shanghai")
RELEASE = datetime(2023, 6, 18, 9, 0, tzinfo=SHANGHAI)
LATER = datetime(2023, 6, 25, 9, 0, tzinfo=SHANGHAI)
MOMENT = timedelta(microseconds=1)
Move = Callable[..., None]


@pytest.fixture
def published(frozen: Run, users: Any, now: datetime) -> Run:
    Finding.objects.create(
        run=frozen, finding_id="f1", code="cumulative_fell", severity="soft", indicator="tax",
        org="shilixian", period="2023-01/05", message="少了", release_at=RELEASE,
    )  # fmt: skip
    return actions.publish(run=frozen, note="会", by=users.dispatch, at=now)


@pytest.fixture
def move(rules: Any, rules_files: dict[str, bytes], now: datetime) -> Move:
    """Publish the calendar with another day of release."""
    path, seen = "calendar/returns.yaml", [rules.id]

    def moved(day: int, at: datetime = now) -> None:
        files = dict(rules_files)
        files[path] = files[path].replace(
            b'released: {months_after: 1, day: 18, time: "09:00"}',
            b'released: {months_after: 1, day: %d, time: "09:00"}' % day,
        )
        made = rulebooks.import_files(files=files, by=None, at=at)
        assert made.version is not None, made.faults
        version = rulebooks.publish(
            version_id=made.version.id, by=None, at=at, note="改期", seen=seen[-1]
        )
        seen.append(version.id)
        actions.follow_calendar(version_id=version.id, at=at)

    return moved


def is_seen(run: Run, access: Any, at: datetime) -> bool:
    """By every way there is; they must agree."""
    found = Run.objects.get(pk=run.pk)
    about = {"indicator": "tax", "org": "shilixian"}
    row = queries.row(found, access, at, **about)
    [counts] = queries.rows(found, access, at, org="shilixian", indicator="")
    assert row is not None
    ways = {
        "row": not row.embargoed,
        "history": row.series[-1].period == "2023-01/05",
        "counts": not counts.embargoed,
        "trace": queries.trace(found, access, at, **about) is not None,
        "findings": queries.findings(found, access, at, **about).exists(),
        "files": not queries.why_no_files(found, access, at),
    }
    assert len(set(ways.values())) == 1, ways
    return ways["row"]


def test_what_is_not_public_waits_for_the_later_day(
    published: Run, access: Any, users: Any, move: Move
) -> None:
    before = list(published.rows.order_by("id").values_list("measures", "series", "light"))
    move(25)
    leader = access(users.leader)
    assert not is_seen(published, leader, RELEASE - MOMENT)
    assert not is_seen(published, leader, RELEASE)
    assert not is_seen(published, leader, LATER - MOMENT)
    assert is_seen(published, leader, LATER)
    assert list(published.rows.order_by("id").values_list("measures", "series", "light")) == before
    act = Act.objects.get(action="runs.follow_calendar")
    assert (act.thing, act.thing_id) == ("runs.Run", str(published.number))


def test_what_is_public_stays_public(published: Run, access: Any, users: Any, move: Move) -> None:
    move(25, at=RELEASE)
    assert is_seen(published, access(users.leader), RELEASE)
    assert not Act.objects.filter(action="runs.follow_calendar").exists()


def test_an_earlier_day_opens_no_run_before_its_own(
    published: Run, access: Any, users: Any, move: Move, now: datetime
) -> None:
    move(9)
    assert not is_seen(published, access(users.leader), RELEASE - MOMENT)
    assert is_seen(published, access(users.leader), RELEASE)


def test_the_last_of_several_moves_counts(
    published: Run, access: Any, users: Any, move: Move, now: datetime
) -> None:
    """Later, and then by a version of after the run's own day: it was never public."""
    move(25)
    move(28, at=RELEASE + timedelta(days=1))
    leader = access(users.leader)
    assert not is_seen(published, leader, LATER)
    assert is_seen(published, leader, LATER.replace(day=28))


def test_a_run_computed_under_old_rules_after_the_move_waits_too(
    rules: Any, filed: Any, access: Any, users: Any, move: Move, now: datetime
) -> None:
    run = actions.freeze(period="2023-05", as_of=now.date(), note="", by=users.statistics, at=now)
    move(25)
    actions.carry_out(run_id=run.pk, now=lambda: now)
    run.refresh_from_db()
    assert run.release_at == LATER


def test_a_run_of_after_a_move_that_came_too_late_shows_what_is_public(
    rules: Any, filed: Any, access: Any, users: Any, move: Move
) -> None:
    """Live and frozen alike: no run hides what 数据 shows."""
    move(25, at=RELEASE + timedelta(days=1))
    at = RELEASE + timedelta(days=2)
    run = actions.freeze(period="2023-05", as_of=at.date(), note="", by=users.statistics, at=at)
    actions.carry_out(run_id=run.pk, now=lambda: at)
    run.refresh_from_db()
    actions.publish(run=run, note="会", by=users.dispatch, at=at)
    [row] = queries.rows(run, access(users.leader), at, org="shilixian", indicator="tax")
    assert not row.embargoed
    assert not queries.why_no_files(Run.objects.get(pk=run.pk), access(users.leader), at)
    actions.rebuild_live(periods=["2023-05"], at=at)
    live = queries.live_run(access(users.statistics), "2023-05")
    assert live is not None
    [row] = queries.rows(live, access(users.statistics), at, org="shilixian", indicator="tax")
    assert row.release_at == RELEASE


def test_the_look_up_costs_one_query_however_many_figures(
    published: Run, move: Move, django_assert_num_queries: Any
) -> None:
    move(25)
    with django_assert_num_queries(1):
        embargo = rules_on_file.Embargo(published.version_id)
        for month in range(1, 13):
            embargo.until("tax", f"2023-01/{month:02}")


def test_publishing_rules_queues_it(
    published: Run, rules_files: dict[str, bytes], rules: Any, now: datetime,
    django_capture_on_commit_callbacks: Any, access: Any, users: Any,
) -> None:  # fmt: skip
    files = dict(rules_files)
    path = "calendar/returns.yaml"
    files[path] = files[path].replace(b"day: 18", b"day: 25")
    made = rulebooks.import_files(files=files, by=None, at=now)
    assert made.version is not None
    with django_capture_on_commit_callbacks(execute=True):
        rulebooks.publish(version_id=made.version.id, by=None, at=now, note="改期", seen=rules.id)
    assert not is_seen(published, access(users.leader), RELEASE)
