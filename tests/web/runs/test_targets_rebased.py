"""Targets re-based in mid-year: what was frozen keeps its bytes, the next run says which version it
used."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diaodu.web.runs import actions
from diaodu.web.runs.models import Run
from diaodu.web.runs.queries.trace import folder_of
from diaodu.web.targets import actions as targets
from diaodu.web.targets.models import Version

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _no_worker(settings: Any) -> None:
    """Only what a test asks for is computed."""
    backend = "django_tasks.backends.dummy.DummyBackend"
    settings.TASKS = {"default": {"BACKEND": backend, "QUEUES": []}}


def _set(version: Version, value: str, by: Any, at: Any) -> None:
    entered = [targets.Entered("own", "shilixian", "w", value)]
    targets.save_cells(
        version=version, indicator="tax", kind="level", entered=entered, seen=0, by=by, at=at
    )
    version.refresh_from_db()


def _run(users: Any, at: Any) -> Run:
    run = actions.freeze(period="2023-05", as_of=at.date(), note="月度", by=users.dispatch, at=at)
    actions.carry_out(run_id=run.pk, now=lambda: at)
    run.refresh_from_db()
    return run


def _bytes(run: Run) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder_of(run).iterdir())}


def _targets(run: Run) -> list[tuple[str, str]]:
    row = run.rows.get(indicator="tax", org="shilixian")
    return [(one["tier"], one["value"]) for one in row.targets if one["tier"] == "own"]


def test_rebasing_leaves_what_was_frozen(
    filed: Any, users: Any, now: Any, client_as: Callable[..., Client],
    frozen_clock: Callable[..., None],
) -> None:  # fmt: skip
    office = users.dispatch
    none = _run(users, now)
    first = targets.begin(year=2023, source=targets.EMPTY, by=office, at=now)
    _set(first, "9000", office, now)
    targets.lock(
        version=first, document="示例县发〔2023〕1号", effective=now.date(), seen=first.changes,
        by=office, at=now,
    )  # fmt: skip
    before = _run(users, now + DAY)
    kept, rows = _bytes(before), list(before.rows.values_list("targets", "measures"))
    second = targets.rebase(version=first, reason="市里调减任务", by=office, at=now)
    _set(second, "8000", office, now)
    targets.lock(
        version=second, document="示例县发〔2023〕9号", effective=(now + 25 * DAY).date(),
        seen=second.changes, by=office, at=now,
    )  # fmt: skip
    after = _run(users, now + 26 * DAY)
    assert _targets(none) == []
    assert (_targets(before), _targets(after)) == ([("own", "9000")], [("own", "8000")])
    assert _bytes(before) == kept
    assert list(before.rows.values_list("targets", "measures")) == rows
    client = client_as(office)
    said = [
        client.get(reverse("runs:run", args=[run.number])).content.decode()
        for run in (none, before, after)
    ]
    assert "收到的目标，没有锁定的版次" in said[0]
    assert "2023年目标第1版（2023年6月6日起，示例县发〔2023〕1号）" in said[1]
    assert "2023年目标第2版（2023年7月1日起，示例县发〔2023〕9号）" in said[2]
