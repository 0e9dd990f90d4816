"""Which period is reported for each indicator, and what is owed."""

from __future__ import annotations

from datetime import date

import pytest

from diaodu.engine.rules.models import CalendarEntry

DUE = {"id": "monthly", "levels": ["county"], "due": {"months_after": 1, "day": 10}}


@pytest.fixture
def owed(county):
    county.more["calendar"] = (CalendarEntry(**DUE),)
    return county


def test_a_late_figure_is_not_published(owed):
    owed.see("a", "2023-01/05", "5.0")
    results = owed.compute(as_of=date(2023, 6, 20))
    assert results.shown("value") == "5.00"
    assert results.find("value", "b").word == "not_published"
    assert results.find("value", "city") is None  # the city owes nothing


def test_before_anybody_has_a_figure_the_period_before_is_reported(owed):
    owed.see("a", "2023-01/04", "4.0", day=date(2023, 5, 9))
    results = owed.compute(as_of=date(2023, 6, 5))
    assert results.computed.horizon["tax"].id == "2023-01/04"
    assert results.find("value").period == "2023-01/04"
    assert results.find("count_growth_up", indicator="") is None


def test_once_it_is_late_the_period_stands(owed):
    owed.see("a", "2023-01/04", "4.0", day=date(2023, 5, 9))
    results = owed.compute(as_of=date(2023, 6, 11))
    assert results.computed.horizon["tax"].id == "2023-01/05"
    assert results.find("value").word == "not_published"


def test_one_early_figure_is_enough(owed):
    owed.see("a", "2023-01/04", "4.0", day=date(2023, 6, 2))
    owed.see("a", "2023-01/05", "5.0", day=date(2023, 6, 2))
    results = owed.compute(as_of=date(2023, 6, 5))
    assert results.computed.horizon["tax"].id == "2023-01/05"


def test_indicators_have_periods_of_their_own(make_county):
    county = make_county([
        {"id": "tax", "name": "税收", "unit": "亿元", "basis": "ytd"},
        {"id": "gdp", "name": "地区生产总值", "unit": "亿元", "basis": "ytd", "cadence": "quarter"},
        {"id": "loan", "name": "贷款余额", "unit": "亿元", "basis": "stock"},
    ])  # fmt: skip
    county.see("a", "2023-01/05", "5.0")
    county.see("a", "2023-01/03", "9.0", indicator="gdp")
    county.see("a", "2023-05", "7.0", indicator="loan")
    results = county.compute()
    assert {name: period.id for name, period in results.computed.horizon.items()} == {
        "tax": "2023-01/05", "gdp": "2023-01/03", "loan": "2023-05",
    }  # fmt: skip


def test_a_month_figure_of_january_and_february(make_county):
    county = make_county([{"id": "tax", "name": "用电量", "unit": "亿千瓦时", "basis": "month",
                           "january": "merged"}])  # fmt: skip
    county.see("a", "2023-01/02", "5.0")
    county.see("a", "2022-01/02", "4.0")
    results = county.compute("2023-02")
    assert results.find("value").period == "2023-01/02"
    assert results.shown("growth") == "25.0"


def test_nothing_on_file_is_an_empty_run(county):
    results = county.compute()
    assert results.rows == [] and results.sets() == {}
    assert county.compute_all().rows == []
