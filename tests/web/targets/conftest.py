"""The small county, a draft of its targets for 2023."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser

from diaodu.web.people import queries as people
from diaodu.web.shared.access import Access
from diaodu.web.targets import actions
from diaodu.web.targets.models import Version


@pytest.fixture(autouse=True)
def desk_home(settings: Any, tmp_path: Path) -> None:
    settings.DIAODU_HOME = tmp_path / "desk"
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def access(users: SimpleNamespace, now: datetime) -> Callable[[AbstractUser], Access]:
    return lambda user: people.access_of(user, now.date())


@pytest.fixture
def draft(rules: Any, users: SimpleNamespace, now: datetime) -> Version:
    return actions.begin(year=2023, source=actions.EMPTY, by=users.dispatch, at=now)


@pytest.fixture
def put(users: SimpleNamespace, now: datetime) -> Callable[..., actions.Saved]:
    """put(version, "assigned:shilixian:w=100 own:qingshi:3=5", indicator=…)"""

    def entered(
        version: Version, text: str, *, indicator: str = "tax", kind: str = "level",
        by: Any = None, seen: int = 0,
    ) -> actions.Saved:  # fmt: skip
        cells = []
        for one in text.split():
            key, _, said = one.partition("=")
            tier, org, column = key.split(":")
            cells.append(actions.Entered(tier, org, column, said))
        saved = actions.save_cells(
            version=version, indicator=indicator, kind=kind, entered=cells, seen=seen,
            by=by or users.dispatch, at=now,
        )  # fmt: skip
        version.refresh_from_db()
        return saved

    return entered


@pytest.fixture
def lock(users: SimpleNamespace, now: datetime) -> Callable[..., Version]:
    def locked(version: Version, **more: Any) -> Version:
        version.refresh_from_db()
        given = {
            "document": "示例县发〔2023〕1号", "effective": now.date(), "seen": version.changes,
        }  # fmt: skip
        return actions.lock(version=version, **{**given, **more}, by=users.dispatch, at=now)

    return locked
