"""What growth a target of amount comes to, and the mean that a ceiling leaves, in a run."""

from __future__ import annotations

from decimal import Decimal

NOW, LAST, WHOLE = "2023-01/05", "2022-01/05", "2022-01/12"


def test_a_level_and_a_growth_target_that_do_not_fit(make_county):
    county = make_county()
    county.see("a", NOW, "20.00")
    county.see("a", LAST, "16.00")
    whole = county.see("a", WHOLE, "39.22")
    level, growth = county.aim("a", "50"), county.aim("a", "24", kind="growth")
    found = county.compute().find("target_growth")
    assert (found.shown, found.unit, found.target_id, found.base) == ("27.5", "%", level, WHOLE)
    assert found.lo < found.value < found.hi
    assert found.inputs == (whole, level, growth)
    assert found.formula == (
        "总量目标 ÷ 上年全年 × 100 − 100；总量目标50亿元与增速目标24%对不上：两者合起来要求同期数是"
        "40.32亿元，而同期数是39.22亿元；按总量需增长27.5%，按增速需达到48.63亿元"
    )


def test_alone_or_over_real_prices_nothing_is_compared(make_county):
    county = make_county()
    county.see("a", NOW, "20.00")
    county.see("a", WHOLE, "40.00")
    county.aim("a", "50")
    assert county.compute().find("target_growth").formula == "总量目标 ÷ 上年全年 × 100 − 100"
    county.aim("a", "24", kind="growth", tier="own")
    assert "对" not in county.compute().find("target_growth").formula
    county.aim("a", "24", kind="growth")
    county.indicators[0]["price"] = "real"
    told = county.compute().find("target_growth").formula
    assert told.endswith("；增速是可比价的，与总量目标不相比")


def test_none_without_last_year_at_its_end_or_of_a_balance(make_county):
    county = make_county()
    county.see("a", NOW, "20.00")
    county.aim("a", "50")
    assert county.compute().find("target_growth") is None
    county.see("a", WHOLE, "40.00")
    county.see("a", "2023-01/12", "50.00")
    assert county.compute("2023-12").find("target_growth") is None


def test_what_a_ceiling_on_a_mean_leaves(make_county):
    county = make_county()
    county.indicators[0] |= {"unit": "微克/立方米", "basis": "mean", "decimals": 0}
    county.indicators[0]["direction"] = "low"
    county.see("a", "2023-01/06", "38")
    target = county.aim("a", "35", kind="ceiling")
    found = county.compute("2023-06").find("mean_left")
    assert (found.shown, found.target_id) == ("32", target)
    assert found.formula == "（上限 × 365 − 本期 × 181）÷ 184，按天数加权"
    assert (Decimal(38) * 181 + found.value * 184) / 365 - 35 < Decimal("1e-9")
    county.see("a", "2023-01/12", "36")
    assert county.compute("2023-12").find("mean_left") is None
