"""Paces in a run: milestones, working days, last year's shape, phase targets; and none at all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diaodu.engine.rules.models import BandSet, HolidayCalendar, Pace

NAMES = ("pace", "pace_gap", "arrears_pace", "arrears_pace_pp")


def paced(county: Any, **rule: Any) -> None:
    county.more["paces"] = (Pace.model_validate({"id": "p", **rule}),)


def phase(county: Any, org: str, value: str | None, period: str = "2023-01/05", **more: Any) -> str:
    """A target issued for part of the year; its id."""
    county.aim(org, value, **more)
    last = county.targets[-1]
    made = last._replace(target_id=f"phase-{org}", period=period)
    county.targets[-1] = made
    return made.target_id


def told(results: Any, org: str) -> list[str]:
    return [results.shown(name, org) for name in NAMES]


def test_by_milestones(county):
    paced(county, pace_basis="milestones", milestones=[{"month": 6, "share": "60"}])
    county.aim("a", "100.0")
    county.see("a", "2023-01/05", "45.0")
    results = county.compute()
    assert told(results, "a") == ["50.0", "-5.0", "5.00", "5.0"]
    assert results.find("pace", "a").formula == "按节点（6月底60%，节点之间按月均匀）"


def test_by_working_days(county):
    paced(county, pace_basis="working_day")
    off = {"from": "2023-01-02", "to": "2023-01-06"}
    calendar = {"id": "h", "year": 2023, "holidays": [off], "workdays": ["2023-01-07"]}
    county.more["holidays"] = (HolidayCalendar.model_validate(calendar),)
    county.aim("a", "256.0")
    county.see("a", "2023-01/05", "105.0")
    results = county.compute()
    # 108 weekdays by May of 260, five of them off and a Saturday made up for it.
    assert results.find("pace", "a").formula.endswith("（按工作日：104 ÷ 256）")
    assert results.shown("arrears_pace", "a") == "-1.00"


def test_by_last_years_shape_each_org_by_its_own(county):
    paced(county, pace_basis="last_year")
    for org, done in (("a", "30.0"), ("b", "60.0")):
        county.aim(org, "200.0")
        county.see(org, "2022-01/05", done)
        county.see(org, "2022-01/12", "100.0")
        county.see(org, "2023-01/05", "100.0")
    results = county.compute()
    assert told(results, "a") == ["30.0", "20.0", "-40.00", "-20.0"]
    assert told(results, "b") == ["60.0", "-10.0", "20.00", "10.0"]
    refs = results.find("pace", "a").inputs
    assert len(refs) == 3  # the target and last year's two figures
    assert results.shown("arrears_gross", "city") == "20.00"
    assert results.shown("arrears_net", "city") == "-20.00"


def test_without_last_years_figures_there_is_no_pace(county):
    paced(county, pace_basis="last_year")
    county.aim("a", "200.0")
    county.see("a", "2023-01/05", "100.0")
    results = county.compute()
    assert [results.find(name, "a").word for name in NAMES] == ["no_base"] * 4
    assert results.find("pace", "a").formula.startswith("序时进度的依据不全")
    assert results.shown("completion", "a") == "50.0"
    assert results.shown("mean_required", "a") == "14.29"


def test_a_phase_target_goes_before_all(county):
    paced(county, pace_basis="milestones", milestones=[{"month": 6, "share": "60"}])
    county.aim("a", "100.0")
    identity = phase(county, "a", "40.0")
    county.aim("b", "100.0")
    for org in ("a", "b"):
        county.see(org, "2023-01/05", "45.0")
    results = county.compute()
    assert told(results, "a") == ["40.0", "5.0", "-5.00", "-5.0"]
    assert told(results, "b") == ["50.0", "-5.0", "5.00", "5.0"]
    assert identity in results.find("pace", "a").inputs
    assert results.shown("arrears_net", "city") == "0.00"
    assert results.shown("completion", "a") == "45.0"  # of the year's target


def test_a_phase_that_is_taken_back_says_nothing_any_more(county):
    county.aim("a", "120.0")
    phase(county, "a", "40.0", day=date(2023, 1, 9))
    phase(county, "a", None, day=date(2023, 5, 9))
    county.see("a", "2023-01/05", "50.0")
    assert told(county.compute(), "a") == ["41.7", "0.0", "0.00", "0.0"]
    assert told(county.compute(as_of=date(2023, 5, 8)), "a") == [None] * 4  # no target known yet


def test_a_phase_of_another_period_or_tier_says_nothing(county):
    county.aim("a", "120.0")
    phase(county, "a", "1.0", period="2023-01/03")
    phase(county, "a", "2.0", tier="stretch")
    county.see("a", "2023-01/05", "50.0")
    assert told(county.compute(), "a") == ["41.7", "0.0", "0.00", "0.0"]


def test_bands_are_read_by_the_same_pace(county):
    bands = [{"name": "慢", "hi": 0}, {"name": "快", "lo": 0}]
    county.more["bands"] = (
        BandSet.model_validate({"id": "快慢", "of": "pace_gap", "bands": bands}),
    )
    county.aim("a", "100.0")
    phase(county, "a", "40.0")
    county.see("a", "2023-01/05", "41.0")
    assert "“快”" in county.compute().find("completion_band", "a").formula


@pytest.mark.parametrize("month", [5, 12])
def test_in_december_last_years_shape_is_the_whole(county, month):
    paced(county, pace_basis="last_year")
    county.aim("a", "200.0")
    county.see("a", f"2023-01/{month:02d}", "100.0")
    results = county.compute(period=f"2023-01/{month:02d}")
    if month == 12:
        assert results.shown("pace", "a") == "100.0"
    else:
        assert results.find("pace", "a").word == "no_base"


@settings(max_examples=20, deadline=None)
@given(due=st.integers(1, 2000), wanted=st.integers(1, 4000), done=st.integers(0, 3000))
def test_what_is_owed_to_a_phase_is_phase_less_done(make_county, due, wanted, done):
    county = make_county()
    county.aim("a", f"{Decimal(wanted) / 10}")
    phase(county, "a", f"{Decimal(due) / 10}")
    county.see("a", "2023-01/05", f"{Decimal(done) / 10:.1f}")
    owed = county.compute().find("arrears_pace", "a")
    exact = Decimal(due - done) / 10
    assert abs(owed.value - exact) <= Decimal("1e-11")
    assert owed.lo <= exact <= owed.hi
