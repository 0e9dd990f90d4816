"""The release calendar is moved: what is not public yet follows it, what is public stays so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from diaodu.web.figures import actions, queries
from diaodu.web.figures.models import Observation
from diaodu.web.people import queries as people
from diaodu.web.rulebooks import actions as rulebooks
from diaodu.web.shared import acts
from diaodu.web.shared.models import Act

RELEASE = datetime(2023, 6, 18, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
LATER = RELEASE.replace(day=25)
DAY = timedelta(days=1)
Move = Callable[[str, datetime], int]


@pytest.fixture
def move(rules: Any, rules_files: dict[str, bytes]) -> Move:
    """Publish the calendar with another line of release; answers how many figures moved."""
    held = b'released: {months_after: 1, day: 18, time: "09:00"}'
    seen = [rules.id]

    def moved(line: str, at: datetime) -> int:
        path = "calendar/returns.yaml"
        files = {**rules_files, path: rules_files[path].replace(held, line.encode())}
        made = rulebooks.import_files(files=files, by=None, at=at).version
        assert made is not None
        rulebooks.publish(version_id=made.id, by=None, at=at, note="改期", seen=seen[-1])
        seen.append(made.id)
        return actions.refresh_release(at=at)

    return moved


def on(day: int) -> str:
    return f'released: {{months_after: 1, day: {day}, time: "09:00"}}'


def is_seen(user: Any, at: datetime) -> bool:
    found = queries.visible(people.access_of(user, at.date()), at)
    return found.filter(indicator="tax", standing=True).exists()


def test_what_is_not_public_follows_the_calendar(
    on_file: Observation, move: Move, users: Any, now: datetime
) -> None:
    assert move(on(25), now) == 1
    assert actions.refresh_release(at=now) == 0
    assert not is_seen(users.leader, RELEASE)
    assert is_seen(users.leader, LATER)
    assert move(on(12), now + DAY) == 1
    assert is_seen(users.leader, RELEASE.replace(day=12))


def test_what_is_public_stays_public(
    on_file: Observation, move: Move, users: Any, now: datetime
) -> None:
    assert move(on(25), RELEASE) == 0
    assert is_seen(users.leader, RELEASE)
    on_file.refresh_from_db()
    assert on_file.release_at == RELEASE


def test_one_moment_before_the_release_it_can_still_be_put_off(
    on_file: Observation, move: Move, users: Any
) -> None:
    assert move(on(25), RELEASE - timedelta(microseconds=1)) == 1
    assert not is_seen(users.leader, RELEASE)


def test_what_stays_public_is_told_in_the_chain(
    on_file: Observation, move: Move, users: Any
) -> None:
    move(on(25), RELEASE + DAY)
    act = Act.objects.get(action="figures.refresh_release")
    names = acts.Names(indicators={"tax": "税收收入"})
    told = {one.key: one.after for one in acts.changes(act, names)}
    assert told == {
        "改动行数": "0",
        "改期前已经发布、仍然公开·税收收入 2023年1—5月": "2023年6月18日 09:00",
    }


def test_a_figure_of_it_that_comes_in_afterwards_is_public_too(
    on_file: Observation, move: Move, put: Any, figure: Any, users: Any
) -> None:
    """Else a correction would take away what everybody has seen."""
    move(on(25), RELEASE + DAY)
    put(figure("98", received=date(2023, 6, 19)), at=RELEASE + DAY)
    [row] = queries.visible(people.access_of(users.leader, RELEASE.date()), RELEASE + DAY).filter(
        indicator="tax", standing=True
    )
    assert (row.value, row.release_at) == (98, RELEASE)


def test_of_several_moves_the_first_release_that_came_counts(
    on_file: Observation, move: Move, users: Any, now: datetime
) -> None:
    move(on(20), now)
    move(on(28), RELEASE + DAY)  # never public so far: put off again
    assert not is_seen(users.leader, RELEASE.replace(day=20))
    move(on(29), RELEASE.replace(day=28))  # public by now
    assert is_seen(users.leader, RELEASE.replace(day=28))


def test_a_next_month_still_follows_the_new_calendar(
    on_file: Observation, move: Move, put: Any, figure: Any
) -> None:
    move(on(25), RELEASE + DAY)
    put(figure(period="2023-01/06", received=date(2023, 7, 5)))
    row = Observation.objects.get(period="2023-01/06")
    assert row.release_at == LATER.replace(month=7)


def test_a_first_release_day_is_no_postponement(
    on_file: Observation, move: Move, users: Any, now: datetime
) -> None:
    """Without a day nothing was released by it: the day that is set holds."""
    move("", now)
    assert is_seen(users.leader, now)
    move(on(25), now + DAY)
    assert not is_seen(users.leader, now + DAY)
    assert is_seen(users.leader, LATER)


def test_what_was_not_on_file_by_then_was_never_public(
    move: Move, put: Any, figure: Any, users: Any
) -> None:
    """A wrong day in the calendar, mended before the first figure came in, opens nothing."""
    move(on(25), RELEASE + DAY)
    put(figure(), at=RELEASE + 2 * DAY)
    assert not is_seen(users.leader, LATER - DAY)
    assert is_seen(users.leader, LATER)


def test_the_look_back_asks_once_and_once_more_for_what_was_put_off_too_late(
    on_file: Observation, move: Move, django_assert_num_queries: Any
) -> None:
    move(on(25), RELEASE + DAY)
    with django_assert_num_queries(2):
        embargo = queries.Embargo()
        found = {month: embargo.until("tax", f"2023-01/{month:02}") for month in range(1, 13)}
    assert found[5] == RELEASE
    assert found[6] == LATER.replace(month=7)
