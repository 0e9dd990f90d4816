"""A whole shared out exactly; profiles of a year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diaodu.engine.compute import profiles
from diaodu.engine.compute.replanning import Planned, replan
from diaodu.engine.compute.spreading import SpreadError, spread
from diaodu.engine.rules.models import HolidayCalendar, Indicator, Milestone

D = Decimal


def indicator(**more: object) -> Indicator:
    given = {"id": "tax", "name": "税收", "unit": "亿元", "basis": "ytd", **more}
    return Indicator.model_validate(given)


@pytest.mark.parametrize(
    ("whole", "weights", "decimals", "parts"),
    [
        ("100", (1, 1, 1), 0, ("34", "33", "33")),
        ("100", (1, 1, 1), 2, ("33.34", "33.33", "33.33")),
        ("47.2", (D("38.6"), D("61.4")), 1, ("18.2", "29.0")),
        ("-10", (1, 1, 1), 0, ("-4", "-3", "-3")),
        ("1", (1, 0, 1), 0, ("1", "0", "0")),
        ("0.00", (3, 4), 2, ("0.00", "0.00")),
        ("7", (Fraction(1, 3), Fraction(2, 3)), 0, ("2", "5")),
    ],
)
def test_what_is_left_goes_to_those_that_lost_most(whole, weights, decimals, parts):
    assert spread(D(whole), weights, decimals) == [D(part) for part in parts]


@pytest.mark.parametrize(
    ("whole", "weights", "decimals", "words"),
    [
        ("1.05", (1,), 1,
         "1.05不止1位小数，各部分只印1位，加不出它；请把它写成1位小数，或放宽各部分的小数位"),
        ("1", (), 1, "没有可分的对象；请先写明分给谁（或分到哪几个月）"),
        ("1", (1, -2), 1,
         "第2份的权重-2是负数，不能按它分解；请改用别的办法，或先更正这个数"),
        ("1", (0, 0), 1, "各份的权重全是0，分不出大小；请改用别的办法（如按月平均）"),
    ],
)  # fmt: skip
def test_refusals_say_what_to_do(whole, weights, decimals, words):
    with pytest.raises(SpreadError) as told:
        spread(D(whole), weights, decimals)
    assert str(told.value) == words


_WEIGHTS = st.lists(
    st.decimals(min_value=0, max_value=10**9, places=2), min_size=1, max_size=60
).filter(any)


@settings(max_examples=120)
@given(st.integers(-(10**15), 10**15), st.integers(0, 4), _WEIGHTS)
def test_parts_add_up_and_are_off_by_less_than_a_unit(units, decimals, weights):
    whole = D(units).scaleb(-decimals)
    parts = spread(whole, weights, decimals)
    assert sum(parts) == whole
    unit, total = Fraction(1, 10**decimals), sum(map(Fraction, weights))
    for part, weight in zip(parts, weights, strict=True):
        assert abs(Fraction(part) - Fraction(whole) * Fraction(weight) / total) < unit
        assert weight or not part


# -- profiles ----------------------------------------------------------------------------------


def test_a_year_as_it_is_filed():
    merged = profiles.own_periods(indicator(january="merged"), 2023)
    assert [one.id for one in merged][:2] == ["2023-01/02", "2023-03"] and len(merged) == 11
    assert len(profiles.own_periods(indicator(), 2023)) == 12
    quarters = profiles.own_periods(indicator(cadence="quarter"), 2023)
    assert [one.id for one in quarters] == ["2023-01/03", "2023-04/06", "2023-07/09", "2023-10/12"]
    assert len(profiles.own_periods(indicator(cadence="week"), 2023)) == 12
    assert [one.id for one in profiles.own_periods(indicator(cadence="year"), 2023)] == [
        "2023-01/12"
    ]


def test_one_and_two_are_one_period_of_two_months():
    periods = profiles.own_periods(indicator(january="merged"), 2023)
    amounts = profiles.months(D("50"), profiles.by_month(periods), 1)
    assert amounts[0] == D("8.3") and sum(amounts) == 50
    assert profiles.cumulative(amounts)[-1] == 50
    assert profiles.shares_so_far(profiles.by_month(periods))[0] == Fraction(2, 12)
    assert profiles.by_day(periods)[0] == 59


MILESTONES = (Milestone(month=6, share=D(60)), Milestone(month=9, share=D(90)))


def test_milestones_are_reached_at_months_end_and_linear_between():
    assert profiles.milestone_share(MILESTONES, 6) == Fraction(60, 100)
    assert profiles.milestone_share(MILESTONES, 3) == Fraction(30, 100)
    assert profiles.milestone_share(MILESTONES, 7) == Fraction(70, 100)
    assert profiles.milestone_share(MILESTONES, 12) == 1
    periods = profiles.own_periods(indicator(january="merged"), 2023)
    shares = profiles.by_milestones(periods, MILESTONES)
    assert shares[0] == Fraction(20, 100) and sum(shares) == 1


HOLIDAYS = HolidayCalendar.model_validate(
    {
        "id": "fj", "year": 2023,
        "holidays": [{"from": "2023-01-21", "to": "2023-01-27"},
                     {"from": "2023-05-01", "to": "2023-05-03"}],
        "workdays": ["2023-01-28", "2023-01-29", "2023-05-06"],
    }
)  # fmt: skip


def test_working_days_are_those_declared():
    assert profiles.working_days(HOLIDAYS, date(2023, 5, 1), date(2023, 5, 7)) == 3
    periods = profiles.own_periods(indicator(), 2023)
    assert profiles.by_working_day(periods, HOLIDAYS)[0] == 22 - 5 + 2
    with pytest.raises(SpreadError) as told:
        profiles.by_working_day(profiles.own_periods(indicator(), 2024), HOLIDAYS)
    assert str(told.value) == (
        "规则里没有2024年的放假安排，不能按工作日分；请在 holidays/ 里写上2024年的"
    )


def test_last_years_shape_wants_every_period():
    periods = profiles.own_periods(indicator(cadence="quarter"), 2023)
    amounts = [D("2.5"), D("3.0"), D("2.5"), D("2.0")]
    weights = profiles.by_last_year(periods, amounts)
    assert profiles.months(D("11"), weights, 2) == [D("2.75"), D("3.30"), D("2.75"), D("2.20")]
    with pytest.raises(SpreadError) as told:
        profiles.by_last_year(periods, [D(1), None, D(1), D(1)])
    assert str(told.value) == "缺2022年4—6月的数，不能按上年结构分；请先补上，或改用别的办法"
    with pytest.raises(SpreadError, match="是负数-1，不能按上年结构分"):
        profiles.by_last_year(periods, [D(1), D(-1), D(1), D(1)])
    with pytest.raises(SpreadError, match="上年全年合计为0"):
        profiles.by_last_year(periods, [D(0)] * 4)


@settings(max_examples=60)
@given(
    st.integers(-(10**9), 10**9), st.sampled_from(["merged", "yes"]),
    st.sampled_from(["month", "quarter"]), st.integers(1, 11), st.integers(1, 99),
)  # fmt: skip
def test_a_profiles_months_always_sum(units, january, cadence, month, share):
    periods = profiles.own_periods(indicator(january=january, cadence=cadence), 2023)
    whole = D(units).scaleb(-2)
    for weights in (
        profiles.by_month(periods), profiles.by_day(periods),
        profiles.by_working_day(periods, HOLIDAYS),
        profiles.by_milestones(periods, (Milestone(month=month, share=D(share)),)),
        profiles.by_last_year(periods, [D(at + 1) for at in range(len(periods))]),
    ):  # fmt: skip
        amounts = profiles.months(whole, weights, 2)
        assert sum(amounts) == whole and len(amounts) == len(periods)
        assert profiles.shares_so_far(weights)[-1] == 1


# -- many at once ------------------------------------------------------------------------------


def test_many_are_planned_alike_and_those_without_a_shape_are_named():
    targets = [
        Planned("tax", "a", "own", 1100), Planned("tax", "a", "floor", 1000),
        Planned("tax", "b", "own", 5), Planned("tax", "c", "own", 5), Planned("tax", "d", "own", 5),
    ]  # fmt: skip
    amounts = {("tax", "a"): [25, 30, 25, 20], ("tax", "b"): [1, -1], ("tax", "c"): [0, 0]}
    found, without = replan(targets, amounts)
    assert found == {("tax", "a", "own"): [275, 330, 275, 220],
                     ("tax", "a", "floor"): [250, 300, 250, 200]}  # fmt: skip
    assert without == targets[2:]
