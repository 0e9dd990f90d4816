"""A small county with its rules in force, and duties that come due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser

from diaodu.web.duties import actions as duties
from diaodu.web.people import queries as people
from diaodu.web.shared.access import Access

HAND_OUT = timedelta(days=60)


@pytest.fixture
def access(users: SimpleNamespace, now: datetime) -> Callable[[AbstractUser], Access]:
    return lambda user: people.access_of(user, now.date())


@pytest.fixture
def assign(rules: Any, users: SimpleNamespace, now: datetime) -> Callable[..., Any]:
    """Hand out one duty to 青石镇, sixty days ago, to be done by a day that is so many days from
    now (negative: before)."""

    def handed_out(
        due: int, *, title: str = "补报入库项目", lead: str = "qingshi", person: Any = None,
        at: datetime = now - HAND_OUT,
    ) -> Any:  # fmt: skip
        wanted = duties.Wanted(
            title=title, source="meeting", origin="5月10日调度会决定第4条", lead=lead,
            supporting=(), person=(person or users.clerk).pk, best=None, proof_asked=("入库通知",),
            latest=day(now, due),
        )  # fmt: skip
        [made] = duties.hand_out(wanted=[wanted], by=users.supervision, at=at)
        return made

    return handed_out


def day(now: datetime, days: int) -> date:
    return now.date() + timedelta(days=days)
