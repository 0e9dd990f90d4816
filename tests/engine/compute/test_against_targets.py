"""Completion, pace, the arrears and what is left: hand-worked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

NOW = "2023-01/05"


def shown(results, target, *measures):
    return [results.shown(measure, target_id=target) for measure in measures]


def test_a_level_target(county):
    county.see("a", NOW, "12.00")
    target = county.aim("a", "30")
    results = county.compute()
    assert shown(results, target, "completion", "pace", "pace_gap") == ["40.0", "41.7", "-1.7"]
    assert shown(results, target, "arrears_pace", "arrears_pace_pp") == ["0.50", "1.7"]
    assert shown(results, target, "shortfall_year", "mean_required") == ["18.00", "2.57"]
    assert results.find("pace").value == Decimal("41.666666666666")
    assert results.find("pace_gap").value == Decimal("-1.666666666666")
    assert results.find("mean_required").value == Decimal("2.571428571428")
    assert [results.find(m).unit for m in ("completion", "pace_gap", "arrears_pace")] == [
        "%", "百分点", "亿元",
    ]  # fmt: skip


def test_the_pace_gap_of_the_requirement(county):
    county.see("a", "2023-01/04", "22.7")
    county.aim("a", "100")
    assert county.compute("2023-04").shown("pace_gap") == "-10.6"


def test_january_and_february_are_two_twelfths(make_county):
    county = make_county([{"id": "tax", "name": "税收", "unit": "亿元", "basis": "ytd",
                           "january": "merged"}])  # fmt: skip
    county.see("a", "2023-01/02", "5.00")
    county.aim("a", "30")
    assert county.compute("2023-02").shown("pace") == "16.7"


def test_nothing_is_required_once_the_year_is_over(county):
    county.see("a", "2023-01/12", "29.00")
    county.aim("a", "30")
    results = county.compute("2023-12")
    assert results.find("mean_required") is None
    assert results.shown("shortfall_year") == "1.00"


@pytest.mark.parametrize(
    ("published", "target", "gap", "lo", "hi"),
    [
        ("8.5", "9", "0.5", "0.45", "0.55"),
        ("8.5", "8.5", "0.0", "-0.05", "0.05"),
        ("9.5", "9", "-0.5", "-0.55", "-0.45"),
        # the target has a digit more than the print: the interval straddles it
        ("8.5", "8.52", "0.0", "-0.03", "0.07"),
    ],
)
def test_arrears_of_a_published_growth(county, published, target, gap, lo, hi):
    county.see("a", NOW, published, facet="growth")
    county.aim("a", target, kind="growth")
    found = county.compute().find("arrears_growth")
    assert (found.shown, found.lo, found.hi) == (gap, Decimal(lo), Decimal(hi))
    assert found.formula == "目标增速 − 公布增速"
    assert found.unit == "百分点"


@pytest.mark.parametrize(
    ("value", "base", "target", "gap"),
    [
        ("4.00", "3.00", "33", "-0.333333333333"),
        ("4.00", "3.00", "34", "0.666666666666"),  # 34 − 33.33…: cut toward zero
        ("2.00", "3.00", "-33", "0.333333333333"),
        ("2.00", "3.00", "-34", "-0.666666666666"),
        ("11.00", "10.00", "10", "0"),
    ],
)
def test_arrears_of_a_computed_growth_are_cut_exactly(county, value, base, target, gap):
    county.see("a", NOW, value)
    county.see("a", "2022-01/05", base)
    county.aim("a", target, kind="growth")
    found = county.compute().find("arrears_growth")
    assert found.value == Decimal(gap)
    assert found.formula == "目标增速 − 计算增速"


def test_a_growth_that_is_a_word_leaves_a_word(county):
    county.see("a", NOW, "1.00")
    county.see("a", "2022-01/05", "-1.00")
    county.aim("a", "5", kind="growth")
    found = county.compute().find("arrears_growth")
    assert (found.word, found.shown, found.value) == ("turned_positive", "由负转正", None)


def test_lower_is_better_turns_the_arrears_round(make_county):
    county = make_county([{"id": "tax", "name": "能耗", "unit": "吨标准煤", "basis": "ytd",
                           "direction": "low"}])  # fmt: skip
    county.see("a", NOW, "60")
    county.see("a", NOW, "2.0", facet="growth")
    level, growth = county.aim("a", "120"), county.aim("a", "-1", kind="growth")
    results = county.compute()
    assert shown(results, growth, "arrears_growth") == ["3.0"]
    assert shown(results, level, "arrears_pace", "arrears_pace_pp") == ["10.00", "8.3"]
    assert shown(results, level, "pace_gap", "shortfall_year") == ["8.3", "-60.00"]
    assert results.find("mean_required") is None
    assert results.find("arrears_growth").formula == "公布增速 − 目标增速"


def test_a_ceiling(make_county):
    county = make_county([{"id": "tax", "name": "不良率", "unit": "%", "basis": "stock",
                           "direction": "low"}])  # fmt: skip
    county.see("a", "2023-05", "2.40")
    target = county.aim("a", "3", kind="ceiling")
    results = county.compute()
    found = results.find("allowance", target_id=target)
    assert (found.shown, found.unit, found.formula) == ("0.60", "百分点", "上限 − 本期")
    assert results.find("completion") is None


def test_no_pace_for_a_stock(make_county):
    county = make_county([{"id": "tax", "name": "贷款余额", "unit": "亿元", "basis": "stock"}])
    county.see("a", "2023-05", "90")
    county.aim("a", "100")
    results = county.compute()
    assert results.shown("completion") == "90.0"
    assert results.find("pace") is None and results.find("arrears_pace") is None


def test_a_target_not_issued_and_a_figure_not_come(county):
    county.see("a", NOW, "12.00")
    county.aim("a", None)
    county.aim("b", "30")
    results = county.compute()
    assert results.find("completion").word == "no_target"
    assert results.find("completion", "b").word == "not_published"
    assert results.find("value", "b").word == "not_published"
    assert results.find("pace_gap", "b") is None


def test_a_target_too_large_is_not_computed_with(county):
    county.see("a", NOW, "12.00")
    county.aim("a", "100000000000001")
    results = county.compute()
    assert results.find("completion").word == "not_comparable"
    assert results.find("pace") is None


@pytest.mark.parametrize("target", ["0", "-5"])
def test_a_target_at_or_below_zero_has_no_completion(county, target):
    county.see("a", NOW, "12.00")
    county.aim("a", target)
    results = county.compute()
    assert results.find("completion").word == "not_comparable"
    assert results.find("shortfall_year").word is None


def test_shortfall_after_what_may_be_reported(make_county):
    county = make_county([
        {"id": "tax", "name": "固投", "unit": "亿元", "basis": "ytd", "reportable": "stock"},
        {"id": "stock", "name": "在库可报额", "unit": "亿元", "basis": "stock"},
    ])  # fmt: skip
    county.see("a", NOW, "12.00")
    county.see("b", NOW, "12.00")
    county.see("a", "2023-05", "10.50", indicator="stock")
    county.aim("a", "30")
    county.aim("b", "30")
    results = county.compute()
    assert results.shown("shortfall_reportable") == "7.50"
    assert results.find("shortfall_reportable", "b").word == "not_published"


def test_the_newest_decision_by_the_day_asked(county):
    county.see("a", NOW, "12.00", day=date(2023, 1, 1))
    county.aim("a", "30", day=date(2023, 1, 5))
    county.aim("a", "40", day=date(2023, 7, 1))
    assert county.compute(as_of=date(2023, 6, 30)).shown("completion") == "40.0"
    assert county.compute(as_of=date(2023, 7, 1)).shown("completion") == "30.0"


def test_a_target_of_another_year_is_not_used(county):
    county.see("a", NOW, "12.00")
    county.aim("a", "30", year=2022)
    assert county.compute().find("completion") is None


def counts(results, org="a"):
    return {
        row.measure: row.shown for row in results.rows if row.org == org and row.indicator == ""
    }


def test_counts_hold_each_headline_once(make_county):
    base = {"unit": "亿元", "basis": "ytd", "headline": True}
    county = make_county([
        {"id": "tax", "name": "税收", **base}, {"id": "two", "name": "零售", **base},
        {"id": "three", "name": "进出口", **base}, {"id": "four", "name": "用电", **base},
        {"id": "five", "name": "存款", **base, "headline": False},
    ])  # fmt: skip
    for indicator, growth, before, target in (
        ("tax", "8.5", "8.0", "8"), ("two", "8.5", "8.5", "8.5"), ("three", "7.0", "7.2", "8"),
        ("four", "5.0", None, None), ("five", "9.9", "1.0", "1"),
    ):  # fmt: skip
        county.see("a", NOW, growth, indicator=indicator, facet="growth")
        if before:
            county.see("a", "2023-01/04", before, indicator=indicator, facet="growth")
        if target:
            county.aim("a", target, indicator=indicator, kind="growth")
    results = county.compute()
    assert counts(results) == {
        "count_above_target": "1", "count_at_target": "1", "count_below_target": "1",
        "count_no_target": "1", "count_target_not_comparable": "0", "count_growth_up": "1",
        "count_growth_flat": "1", "count_growth_down": "1", "count_growth_not_comparable": "1",
    }  # fmt: skip
    above = results.find("count_above_target", indicator="")
    assert above.inputs == tuple(
        r.key for r in results.rows if (r.indicator, r.measure) == ("tax", "arrears_growth")
    )
    assert (above.period, above.unit) == (NOW, "个")


def test_the_worst_target_of_the_judged_tier_counts(make_county):
    county = make_county([{"id": "tax", "name": "税收", "unit": "亿元", "basis": "ytd",
                           "headline": True}])  # fmt: skip
    county.see("a", NOW, "20.00")
    county.see("a", NOW, "3.0", facet="growth")
    county.aim("a", "30")
    county.aim("a", "8", kind="growth")
    county.aim("a", "1", kind="growth", tier="stretch")
    assert counts(county.compute())["count_below_target"] == "1"


def test_a_part_of_a_count_is_printed_with_a_decimal(county):
    """29 left in 7 months are 4.1 each: 4 each would not reach the target."""
    county.indicators[0] |= {"unit": "家", "basis": "count", "decimals": 0}
    county.see("a", "2023-01/05", "11")
    county.aim("a", "40")
    results = county.compute()
    assert results.shown("mean_required") == "4.1"
    assert results.shown("arrears_pace") == "5.7"
    assert results.shown("shortfall_year") == "29"
    assert (results.find("mean_required").decimals, results.find("value").decimals) == (1, 0)
