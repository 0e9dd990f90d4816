"""我的任务: what waits for one reader out of all rooms, by its day; nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from diaodu.web.duties import actions as duties
from diaodu.web.meetings import actions as meetings
from diaodu.web.people.queries import access_of
from diaodu.web.rulebooks import actions as rulebooks
from diaodu.web.rulebooks import queries as stored
from diaodu.web.site.tasks import tasks


@pytest.fixture
def work(rules: Any, users: SimpleNamespace, now: datetime, frozen_clock: Any) -> Any:
    frozen_clock(now)
    wanted = [
        duties.Wanted(
            title=title, source="meeting", lead="qingshi", person=users.clerk.pk,
            latest=now.date() + timedelta(days=days),
        )
        for title, days in (("补报库房", 0), ("上报清单", 2), ("完成入库", 30))
    ]  # fmt: skip
    return duties.hand_out(wanted=wanted, by=users.supervision, at=now)


def _told(user: Any, now: datetime) -> dict[str, list[tuple[str, str]]]:
    return {
        group.title: [(one.act, one.title) for one in group.tasks]
        for group in tasks(access_of(user, now.date()), now)
    }


def test_what_is_due_stands_by_its_day(work: Any, users: SimpleNamespace, now: datetime) -> None:
    told = _told(users.clerk, now)
    assert ("签收", "补报库房") in told["今天到期"]
    assert ("签收", "上报清单") in told["三天内到期"]
    assert ("签收", "完成入库") in told["以后到期"]
    later = now + timedelta(days=1)
    assert ("签收", "补报库房") in _told(users.clerk, later)["已逾期"]


def test_returns_still_to_fill_are_there(work: Any, users: SimpleNamespace, now: datetime) -> None:
    """Once the calendar says since when they are asked for."""
    version = stored.current_version()
    files = {
        name: content.replace(b"id: township_monthly", b"id: township_monthly\n  from: 2023-01-01")
        for name, content in stored.files_of(version.id).items()
    }
    made = rulebooks.import_files(files=files, by=None, at=now).version
    rulebooks.publish(version_id=made.id, by=None, at=now, note="写明起用月份", seen=version.id)
    told = [one for group in _told(users.clerk, now).values() for one in group]
    assert ("填报", "乡镇月报表") in told


def test_a_paper_for_a_meeting_is_there(
    work: Any, users: SimpleNamespace, now: datetime, client_as: Callable[[Any], Client]
) -> None:
    at = now + timedelta(days=5)
    meeting = meetings.plan(
        kind="dispatch", title="六月调度会", held_at=at, place="", host="", run_id=None,
        by=users.dispatch, at=now,
    )  # fmt: skip
    meetings.ask_papers(
        meeting=meeting, title="五月情况", orgs=["qingshi"], due=at - timedelta(days=1),
        by=users.dispatch, at=now,
    )  # fmt: skip
    page = client_as(users.clerk).get("/tasks/").content.decode()
    assert "交会议材料" in page and "五月情况" in page
    assert "五月情况" not in client_as(users.other_clerk).get("/tasks/").content.decode()


def test_nobody_is_told_what_others_owe(
    work: Any, users: SimpleNamespace, now: datetime, client_as: Callable[[Any], Client]
) -> None:
    for name in ("other_clerk", "leader", "reader", "stranger", "neighbour"):
        page = client_as(getattr(users, name)).get("/tasks/")
        assert page.status_code == 200
        assert "补报库房" not in page.content.decode()
    assert "现在没有要办的" in client_as(users.stranger).get("/tasks/").content.decode()


def test_every_link_opens(
    work: Any, users: SimpleNamespace, now: datetime, client_as: Callable[[Any], Client]
) -> None:
    for name in vars(users):
        user = getattr(users, name)
        client = client_as(user)
        for group in tasks(access_of(user, now.date()), now):
            for one in group.tasks:
                assert client.get(one.url).status_code == 200, f"{name}: {one.url}"


def test_a_bounded_number_of_questions(
    work: Any, users: SimpleNamespace, client_as: Any, django_assert_max_num_queries: Any
) -> None:
    client = client_as(users.clerk)
    client.get("/tasks/")
    with django_assert_max_num_queries(60):
        client.get("/tasks/")
