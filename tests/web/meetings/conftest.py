"""A small county, a frozen run of its figures, a meeting planned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser

from diaodu.web.meetings import actions
from diaodu.web.meetings.actions.minutes import Content
from diaodu.web.people import queries as people
from diaodu.web.shared.access import Access

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def desk_home(settings: Any, tmp_path: Any) -> None:
    """Papers and run folders of one test are not another's."""
    settings.DIAODU_HOME = tmp_path / "desk"
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def access(users: SimpleNamespace, now: datetime) -> Callable[[AbstractUser], Access]:
    return lambda user: people.access_of(user, now.date())


@pytest.fixture
def plan(rules: Any, users: SimpleNamespace, now: datetime) -> Callable[..., Any]:
    """Plan a meeting for the day after."""

    def planned(at: datetime = now, **more: Any) -> Any:
        content = {
            "kind": "dispatch", "title": "5月经济运行调度会", "held_at": at + DAY,
            "place": "县政府3楼会议室", "host": "县长某", "run_id": None,
        }  # fmt: skip
        return actions.plan(**{**content, **more}, by=users.dispatch, at=at)

    return planned


@pytest.fixture
def meeting(plan: Callable[..., Any]) -> Any:
    return plan()


@pytest.fixture
def opened(meeting: Any, users: SimpleNamespace, now: datetime) -> Any:
    return actions.open_meeting(meeting=meeting, by=users.dispatch, at=now)


@pytest.fixture
def whole(users: SimpleNamespace, now: datetime) -> Content:
    """A line that says who, what and by when."""
    return Content(
        "duty", "补报入库项目，新入库不少于1.2亿元", "qingshi", ("gongxinju",), users.clerk.pk,
        now.date() + 10 * DAY, now.date() + 5 * DAY, "入库通知、现场照片",
    )  # fmt: skip


@pytest.fixture
def held(opened: Any, whole: Content, users: SimpleNamespace, now: datetime) -> Any:
    """A meeting that was held: one duty, one promise."""
    actions.add_line(meeting=opened, content=whole, by=users.dispatch, at=now)
    promise = Content("promise", "增速转正", "liuhe", latest=now.date() + 20 * DAY)
    actions.add_line(meeting=opened, content=promise, by=users.dispatch, at=now)
    return actions.close(meeting=opened, by=users.dispatch, at=now)
