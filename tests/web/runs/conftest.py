"""Figures of the small county for two years, and the helpers to run them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser

from diaodu.engine.ground.records import Target
from diaodu.web.figures import actions as figures
from diaodu.web.people import queries as people
from diaodu.web.rulebooks.models import Version
from diaodu.web.runs import actions
from diaodu.web.runs.models import Run
from diaodu.web.shared.access import Access

PERIODS = ("2022-01/02", "2022-01/03", "2022-01/04", "2022-01/05", "2023-01/02", "2023-01/03",
           "2023-01/04", "2023-01/05")  # fmt: skip
PLACES = ("shilishi", "shilixian", "chengdong", "qingshi", "liuhe")


@pytest.fixture(autouse=True)
def desk_home(settings: Any, tmp_path: Path) -> Path:
    """Run folders of one test are not another's."""
    settings.DIAODU_HOME = tmp_path / "desk"
    return settings.DIAODU_HOME


@pytest.fixture
def access(users: Any, now: datetime) -> Callable[[AbstractUser], Access]:
    return lambda user: people.access_of(user, now.date())


def level(
    indicator: str, org: str, period: str, value: object, *, received: date | None = None,
    facet: str = "level", unit: str = "",
) -> Any:  # fmt: skip
    """A figure received on the 6th of the month after its period, or on the day asked for."""
    year, month = int(period[:4]), int(period[-2:])
    units = {"tax": "万元", "revenue": "万元", "industry_output": "亿元", "industry_va": "%"}
    return figures.new_figure(
        indicator=indicator, org=org, period=period, facet=facet, track="flash",
        received=received or date(year + month // 12, month % 12 + 1, 6),
        unit=unit or ("%" if facet == "growth" else units[indicator]), value=Decimal(str(value)),
        file=f"{period[:4]}.xlsx", sheet="表1", cell="C5", sha256="a" * 64,
    )  # fmt: skip


def two_years() -> Iterator[Any]:
    """Levels of three indicators and the growth of one, grown by a tenth or so in a year."""
    for place, org in enumerate(PLACES):
        for at, period in enumerate(PERIODS):
            month = int(period[-2:])
            size = (place + 1) * month * 100 + (at // 4) * (place + 3) * month * 7
            yield level("tax", org, period, size)
            yield level("revenue", org, period, size * 2 + month)
            yield level("industry_output", org, period, Decimal(size) / 10)
            growth = Decimal(place * 7 + at) / 10
            yield level("industry_va", org, period, growth, facet="growth")


def target(
    indicator: str, org: str, kind: str, value: object, *, tier: str = "assigned",
    received: date = date(2023, 1, 20),
) -> Target:  # fmt: skip
    id = Target.make_id(indicator, org, 2023, tier, kind, received)
    unit = "%" if kind == "growth" else "万元"
    return Target(
        id, indicator, org, 2023, tier, kind, "reach", Decimal(str(value)), None, unit, None,
        "示例市", "示例〔2023〕1号", received, "目标.xlsx", "b" * 64, "表1", "C5",
    )  # fmt: skip


TARGETS = [
    *(target("tax", org, "level", 12000) for org in PLACES),
    *(target("tax", org, "growth", 5) for org in PLACES),
    *(target("industry_va", org, "growth", "2.5") for org in PLACES[1:]),
]


@pytest.fixture
def put(rules: Version, now: datetime) -> Callable[..., Any]:
    """Record figures; each call a second after the one before."""
    clock = iter(range(1, 1_000_000))

    def recorded(found: Sequence[Any], **more: Any) -> Any:
        content = {"by": None, "origin": "import", "at": now + timedelta(seconds=next(clock))}
        return figures.record(observations=list(found), **{**content, **more})

    return recorded


@pytest.fixture
def filed(put: Callable[..., Any]) -> Callable[..., Any]:
    """The two years on file; hands on `put`."""
    put(list(two_years()), targets=TARGETS)
    return put


@pytest.fixture
def live(filed: Any, now: datetime) -> dict[str, Run]:
    """The live runs of the young months, by month."""
    actions.rebuild_live(periods=["2023-06", "2023-05", "2023-04"], at=now)
    return {run.period: run for run in Run.objects.filter(kind="live")}


@pytest.fixture
def frozen(filed: Any, users: Any, now: datetime) -> Run:
    """The first run, computed and not published."""
    return run_now(by=users.statistics, at=now)


def run_now(*, by: Any, at: datetime, period: str = "2023-05", as_of: date | None = None) -> Run:
    run = actions.freeze(period=period, as_of=as_of or at.date(), note="月度", by=by, at=at)
    actions.carry_out(run_id=run.pk, now=lambda: at)
    run.refresh_from_db()
    return run
