"""The small county with two rules on warnings: taxes that grow too little, and what is late."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AbstractUser

from diaodu.web.figures import actions as figures
from diaodu.web.people import queries as people
from diaodu.web.rulebooks.models import Version
from diaodu.web.runs import actions as runs
from diaodu.web.runs.models import Run
from diaodu.web.shared.access import Access
from diaodu.web.warnings import actions
from diaodu.web.warnings.models import Warning

RULES = """
- id: slow
  name: 税收增速低
  reference: 示例县调度办法第六条
  kind: growth
  indicators: [tax]
  levels: [township, county]
  below: 5
  raise_after: 1
  clear_after: 2
  again_within: 1
  light: behind
  tell: [unit, vice]
- id: late
  name: 报表逾期
  reference: 示例县报送制度第五条
  kind: late
  indicators: [tax]
  levels: [township]
  tell: [unit, statistics]
"""
SHANGHAI = ZoneInfo("Asia/Shanghai")
RELEASED = datetime(2023, 6, 18, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def desk_home(settings: Any, tmp_path: Path) -> Path:
    settings.DIAODU_HOME = tmp_path / "desk"
    return settings.DIAODU_HOME


@pytest.fixture
def rules_files(rules_files: dict[str, bytes]) -> dict[str, bytes]:
    return rules_files | {"warnings/rules.yaml": RULES.encode()}


@pytest.fixture
def access(users: SimpleNamespace, now: datetime) -> Callable[[AbstractUser], Access]:
    return lambda user: people.access_of(user, now.date())


def tax(org: str, month: int, growth: str, *, received: date | None = None) -> list[Any]:
    """A level of 100 a month last year, grown by so many percent this year."""
    base = Decimal(100 * month)
    now = base * (100 + Decimal(growth)) / 100
    return [
        figures.new_figure(
            indicator="tax", org=org, period=f"{year}-01/{month:02}", facet="level", track="flash",
            received=received or date(year, month + 1, 6), unit="万元", value=value,
            file=f"{year}.xlsx", sheet="表1", cell="C5", sha256="a" * 64,
        )
        for year, value in ((2022, base), (2023, now))
    ]  # fmt: skip


@pytest.fixture
def put(rules: Version, now: datetime) -> Callable[..., None]:
    """Record taxes by growth: put("qingshi", {3: "1.0", 4: "8.0"})."""
    clock = iter(range(1, 1_000_000))

    def recorded(org: str, by_month: Mapping[int, str], *, received: date | None = None) -> None:
        found = [
            one
            for month, growth in by_month.items()
            for one in tax(org, month, growth, received=received)
        ]
        at = now + timedelta(seconds=next(clock))
        figures.record(observations=found, by=None, at=at, origin="import")

    return recorded


@pytest.fixture
def published(users: SimpleNamespace, now: datetime) -> Callable[..., Run]:
    """Freeze, compute and publish a month's run."""

    def made(month: int, *, at: datetime = now) -> Run:
        run = runs.freeze(
            period=f"2023-{month:02}", as_of=at.date(), note="月度", by=users.statistics, at=at
        )
        runs.carry_out(run_id=run.pk, now=lambda: at)
        run.refresh_from_db()
        return runs.publish(run=run, note="经同意发布", by=users.statistics, at=at)

    return made


@pytest.fixture
def raised(
    put: Callable[..., None], published: Callable[..., Run], now: datetime, frozen_clock: Any
) -> Warning:
    """Taxes of 青石镇 grew by 1 % to the end of March; the others are well."""
    for org in ("chengdong", "liuhe", "shilixian"):
        put(org, {3: "9.0"})
    put("qingshi", {3: "1.0"})
    published(3)
    actions.judge(at=now)
    return Warning.objects.get(org="qingshi", rule="slow")
