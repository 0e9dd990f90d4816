"""Which period a daily, weekly or ten-day indicator files, and which it does not have."""

from __future__ import annotations

from datetime import date

import pytest

from diaodu.engine.compute.plan import make_plan
from diaodu.engine.ground.period import Period
from diaodu.engine.rules.calendar import is_filed, latest_filed, previous_filed
from diaodu.engine.rules.models import Indicator
from diaodu.engine.rules.rulebook import Rulebook

JUNE = Period.of_months(2023, 1, 6)


def one(cadence: str, basis: str = "month") -> Indicator:
    return Indicator(id="x", name="某数", unit="万元", basis=basis, cadence=cadence)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cadence", "basis", "newest", "before"),
    [
        ("day", "month", "2023-06-30", "2023-06-29"),
        ("day", "stock", "2023-06-30", "2023-06-29"),
        ("day", "ytd", "2023-01/06", "2023-01-01/2023-06-29"),
        ("week", "month", "2023-W25", "2023-W24"),
        ("week", "ytd", "2023-01-01/2023-06-25", "2023-01-01/2023-06-18"),
        ("xun", "month", "2023-06-X3", "2023-06-X2"),
        ("xun", "rate", "2023-01/06", "2023-01-01/2023-06-20"),
        ("month", "ytd", "2023-01/06", "2023-01/05"),
    ],
)
def test_newest_and_the_one_before(cadence: str, basis: str, newest: str, before: str) -> None:
    found = latest_filed(one(cadence, basis), JUNE)
    assert found.id == newest
    assert previous_filed(one(cadence, basis), found).id == before


@pytest.mark.parametrize(
    ("cadence", "period", "filed"),
    [
        ("day", "2023-06-12", True),
        ("day", "2023-06-X2", False),
        ("day", "2023-06", False),
        ("week", "2023-W24", True),
        ("week", "2023-06-12", False),
        ("week", "2023-06", False),
        ("xun", "2023-06-X2", True),
        ("xun", "2023-W24", False),
        ("xun", "2023-01-01/2023-06-20", True),
        ("xun", "2023-01/06", True),
        ("month", "2023-06-X2", False),
        ("month", "2023-01-01/2023-06-20", False),
    ],
)
def test_what_the_calendar_knows(cadence: str, period: str, filed: bool) -> None:
    assert is_filed(one(cadence), Period.from_id(period)) is filed


@pytest.mark.parametrize(
    ("basis", "on_file", "horizon"),
    [
        ("month", ["2023-W23", "2023-W24"], "2023-W24"),
        ("month", [], "2023-W25"),
        ("ytd", ["2023-W24"], "2023-W24"),
        ("ytd", ["2023-W24", "2023-01-01/2023-06-18"], "2023-01-01/2023-06-18"),
        ("ytd", ["2023-01-01/2023-06-20"], "2023-01-01/2023-06-20"),
    ],
)
def test_the_month_reports_the_newest_on_file(basis: str, on_file: list[str], horizon: str) -> None:
    book = Rulebook("test", {}, {"x": one("week", basis)})
    plan = make_plan(book, [JUNE], date(2023, 7, 2), {("x", period) for period in on_file})
    assert plan.horizon["x"].id == horizon


def test_the_own_part_of_a_cumulative_week_is_the_week() -> None:
    book = Rulebook("test", {}, {"x": one("week", "ytd")})
    plan = make_plan(book, [JUNE], date(2023, 7, 2), {("x", "2023-01-01/2023-06-18")})
    step = plan.steps["x", "2023-01-01/2023-06-18"]
    assert (step.own_month, step.previous_cumulative) == ("2023-W24", "2023-01-01/2023-06-11")
    assert step.last_year == "2022-01-01/2022-06-18"
