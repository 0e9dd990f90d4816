"""Each check: what it finds, word for word, and what it must leave alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from diaodu.engine.rules.models import CalendarEntry, Check
from diaodu.engine.verify.check import held_ids

# -- out_of_range ----------------------------------------------------------------------------


def test_a_declared_limit_is_named_with_how_far_off(county):
    county.checks = [Check(id="dust-range", kind="range", indicators=("dust",), hi=Decimal(500))]
    one = county.add("dust", "512.5")
    [found] = county.findings("out_of_range")
    assert found.message == (
        "城东镇PM2.5浓度2023年1—5月为512.5微克/立方米，高于上限500微克/立方米，"
        "差12.5微克/立方米。位置：“2023-06-12/east.xlsx”“表”B1。"
    )
    assert found.action == (
        "请核对“2023-06-12/east.xlsx”“表”B1的数值和计量单位；属实的，请修改规则 checks/ 中"
        "“dust-range”的上下限。"
    )
    assert found.severity == "hard"
    assert held_ids([found]) == {one.obs_id}


@pytest.mark.parametrize(
    ("value", "is_found"),
    [("500.0", False), ("500.04", False), ("500.1", True), ("501", True), ("500.5", True)],
)
def test_a_limit_is_overstepped_only_beyond_rounding(county, value, is_found):
    tolerance = Decimal("0.03")
    county.checks = [
        Check(id="r", kind="range", indicators=("dust",), hi=Decimal(500), tolerance=tolerance)
    ]
    county.add("dust", value)
    # 500.1 may be 500.05, 0.05 over; 500.04 may be 500.035, 0.035 over
    expected = {"500.04": True}.get(value, is_found)
    assert bool(county.findings("out_of_range")) is expected


def test_a_limit_for_one_indicator_wins_over_the_general_one(county):
    county.checks = [
        Check(id="all", kind="range", hi=Decimal(100)),
        Check(id="loans", kind="range", indicators=("loans",), hi=Decimal(1000)),
    ]
    county.add("loans", "500.00", period="2023-05")
    county.add("output", "500.00")
    assert [f.indicator for f in county.findings("out_of_range")] == ["output"]


@pytest.mark.parametrize(
    ("indicator", "facet", "value", "n", "severity"),
    [
        ("firms", "level", "-3", None, "hard"),
        ("output", "rank_level", "0", None, "hard"),
        ("output", "rank_level", "2.5", 3, "hard"),
        ("output", "rank_level", "4", 3, "hard"),
        ("output", "share", "123.4", None, "soft"),
        ("output", "growth", "-120.5", None, "soft"),
    ],
)
def test_what_cannot_be(county, indicator, facet, value, n, severity):
    county.add(indicator, value, facet=facet, n=n)
    assert [f.severity for f in county.findings("out_of_range")] == [severity]


@pytest.mark.parametrize(
    ("indicator", "facet", "value", "n"),
    [
        ("firms", "level", "0", None),
        ("output", "level", "-3.5", None),
        ("output", "rank_level", "3", 3),
        ("output", "share", "100", None),
        ("output", "growth", "-100", None),
        ("output", "growth", "350.2", None),
        ("output", "completion", "180.1", None),
    ],
)
def test_what_can_be_is_left_alone(county, indicator, facet, value, n):
    county.add(indicator, value, facet=facet, n=n)
    assert county.findings("out_of_range") == []


# -- one year against itself -----------------------------------------------------------------


def test_a_fallen_cumulative_names_both_cells(county):
    county.add("output", "44.40", period="2023-01/04")
    county.add("output", "43.15")
    [found] = county.findings("cumulative_fell")
    assert found.message == (
        "城东镇规上工业总产值2023年1—5月累计43.15亿元，比2023年1—4月累计44.40亿元少1.25亿元；"
        "年内累计数不应下降。本期：“2023-06-12/east.xlsx”“表”B2；上期：“2023-06-12/east.xlsx”“表”B1。"
    )
    assert (found.severity, found.cell, len(found.obs_ids)) == ("soft", "B2", 2)
    assert held_ids([found]) == set()


@pytest.mark.parametrize(
    ("before", "now"), [("44.4", "44.4"), ("44.4", "44.38"), ("-3.0", "-5.0"), ("3.0", "-1.0")]
)
def test_no_fall_within_rounding_or_where_parts_are_negative(county, before, now):
    county.add("output", before, period="2023-01/04")
    county.add("output", now)
    assert county.findings("cumulative_fell") == []


def test_no_fall_across_the_turn_of_the_year(county):
    county.add("output", "90.0", period="2022-01/12")
    county.add("output", "7.0", period="2023-01")
    assert county.findings("cumulative_fell") == []


def test_a_gap_in_the_year_is_no_excuse(county):
    county.add("output", "44.4", period="2023-01/03")
    county.add("output", "40.0")
    assert len(county.findings("cumulative_fell")) == 1


def test_the_rulebook_makes_it_hard_and_then_only_the_fallen_figure_is_held(county):
    county.checks = [Check(id="c", kind="cumulative_fell", indicators=("output",), severity="hard")]
    county.add("output", "44.40", period="2023-01/04")
    now = county.add("output", "43.15")
    assert held_ids(county.findings("cumulative_fell")) == {now.obs_id}


def test_the_rulebook_switches_it_off_for_its_time(county):
    off = {"kind": "cumulative_fell", "off": True, "reason": "冲减", "indicators": ("output",)}
    county.add("output", "44.40", period="2023-01/04")
    county.add("output", "43.15")
    county.checks = [Check(id="c", **off)]
    assert county.findings("cumulative_fell") == []
    county.checks = [Check(id="c", **off, to="2022")]
    assert len(county.findings("cumulative_fell")) == 1


def test_counts_may_fall_unless_the_rulebook_names_them(county):
    county.add("firms", "56", period="2023-01/04")
    county.add("firms", "55")
    assert county.findings("cumulative_fell") == []
    county.checks = [Check(id="c", kind="cumulative_fell", indicators=("firms",))]
    assert len(county.findings("cumulative_fell")) == 1


def test_a_month_off_the_difference_of_the_cumulatives(county):
    county.add("output", "35.0", period="2023-01/04")
    county.add("output", "44.4")
    county.add("output", "12.3", period="2023-05")
    [found] = county.findings("month_vs_ytd")
    assert found.message == (
        "城东镇规上工业总产值2023年5月本期数12.3亿元，而累计数之差为9.4亿元"
        "（2023年1—5月44.4亿元 − 2023年1—4月35.0亿元），多2.9亿元。"
        "本期数：“2023-06-12/east.xlsx”“表”B3；累计数：“2023-06-12/east.xlsx”“表”B2、"
        "“2023-06-12/east.xlsx”“表”B1。"
    )


@pytest.mark.parametrize(("month", "is_found"), [("9.4", 0), ("9.5", 0), ("9.3", 0), ("9.6", 1)])
def test_a_month_may_differ_by_the_three_roundings(county, month, is_found):
    county.add("output", "35.0", period="2023-01/04")
    county.add("output", "44.4")
    county.add("output", month, period="2023-05")
    assert len(county.findings("month_vs_ytd")) == is_found


def test_a_quarter_is_the_difference_of_two_cumulatives_too(county):
    county.add("output", "30.0", period="2023-01/03", org="west")
    county.add("output", "70.0", period="2023-01/06", org="west")
    county.add("output", "44.0", period="2023-04/06", org="west")
    assert len(county.findings("month_vs_ytd")) == 1


# -- children and parent ---------------------------------------------------------------------


def _orgs(**more):
    return Check(id="sum", kind="parts", of="orgs", indicators=("output",), **more)


def _townships(county, *values):
    for org, value in zip(("east", "west", "north"), values, strict=False):
        county.add("output", value, org=org)


def test_children_off_the_parent(county):
    county.checks = [_orgs(child_level="township")]
    whole = county.add("output", "100.0", org="county")
    _townships(county, "30.0", "30.0", "45.0")
    [found] = county.findings("parts_vs_parent")
    assert found.message == (
        "示例县规上工业总产值2023年1—5月为100.0亿元，3个下级合计105.0亿元，比总数多5.0亿元。"
        "总数：“2023-06-12/county.xlsx”“表”B1；下级：城东镇、城西镇、城北镇。"
    )
    assert found.cell == whole.cell
    assert len(found.obs_ids) == 4


def test_a_part_above_its_whole(county):
    county.checks = [
        Check(id="part", kind="part", of="orgs", indicators=("output",), child_level="township")
    ]
    county.add("output", "30.0", org="county")
    part = county.add("output", "30.2", org="east")
    county.add("output", "30.1", org="west")  # two roundings of 0.05
    [found] = county.findings("parts_vs_parent")
    assert (found.severity, found.cell, found.obs_ids) == ("hard", part.cell, (part.obs_id,))
    assert found.message.startswith(
        "城东镇规上工业总产值2023年1—5月为30.2亿元，大于示例县30.0亿元；其中项不能大于总数。"
    )
    assert found.expected == "不大于30.0亿元"


@pytest.mark.parametrize(
    ("values", "more"),
    [
        (("30.0", "30.0", "40.2"), {}),  # four roundings of 0.05
        (("30.0", "30.0", "45.0"), {"tolerance": Decimal(5)}),
        (("30.0", "30.0", "45.0"), {"tolerance_pct": Decimal(5)}),
        (("30.0", "90.0"), {}),  # one part is not there
        (("30.0", "30.0", "45.0"), {"off": True}),
        (("30.0", "30.0", "45.0"), {"to": "2022"}),
    ],
)
def test_children_that_agree_or_are_not_all_there(county, values, more):
    county.checks = [_orgs(**more)]
    county.add("output", "100.0", org="county")
    _townships(county, *values)
    assert county.findings("parts_vs_parent") == []


def test_an_org_closed_in_mid_year_is_a_part_while_it_existed_and_not_after(county):
    county.checks = [_orgs()]
    for period, old in (("2023-01/03", "10.0"), ("2023-01/05", None)):
        county.add("output", "100.0", org="county", period=period)
        for org, value in (("east", "30.0"), ("west", "30.0"), ("north", "40.0")):
            county.add("output", value, org=org, period=period)
        if old:
            county.add("output", old, org="old", period=period)
    [found] = county.findings("parts_vs_parent")
    assert found.period == "2023-01/03"
    assert "4个下级合计110.0亿元" in found.message


def test_child_indicators_in_another_unit(county):
    county.checks = [Check(id="power", kind="parts", of="indicators")]
    county.add("power", "1.50")
    county.add("power_industry", "10000")
    county.add("power_home", "4000")
    [found] = county.findings("parts_vs_parent")
    assert "2个分项合计1.40亿千瓦时，比总数少0.10亿千瓦时" in found.message


def test_child_indicators_that_agree(county):
    county.checks = [Check(id="power", kind="parts", of="indicators")]
    county.add("power", "1.40")
    county.add("power_industry", "10001")
    county.add("power_home", "4000")
    assert county.findings("parts_vs_parent") == []


def test_means_are_never_summed(county):
    county.checks = [Check(id="dust", kind="parts", of="orgs", indicators=("dust",))]
    county.add("dust", "35", org="county")
    for org in ("east", "west", "north"):
        county.add("dust", "35", org=org)
    assert county.findings("parts_vs_parent") == []


# -- published against computed --------------------------------------------------------------


def _retail(county, indicator="retail"):
    """National retail sales, January and February 2018, as printed."""
    county.add(indicator, "57959.7", period="2017-01/02")
    county.add(indicator, "61081.8", period="2018-01/02")
    county.add(indicator, "9.7", period="2018-01/02", facet="growth")


def test_a_published_growth_that_the_levels_do_not_give(county):
    _retail(county)
    implied, published = county.findings("implied_base") + county.findings("published_vs_computed")
    assert implied.message == (
        "城东镇社零总额2018年1—2月61081.8亿元、公布增速9.7%，反推同期数为55680.8亿元，"
        "在册同期数为57959.7亿元，反推比在册少2278.9亿元（3.93%）。"
        "总量：“2023-06-12/east.xlsx”“表”B2；增速：“2023-06-12/east.xlsx”“表”B3；"
        "同期：“2023-06-12/east.xlsx”“表”B1。"
    )
    assert published.message == (
        "城东镇社零总额2018年1—2月增速公布为9.7%，按2018年1—2月61081.8亿元、"
        "2017年1—2月57959.7亿元计算为5.4%，公布数高4.3百分点，超出四舍五入的范围。"
        "公布数：“2023-06-12/east.xlsx”“表”B3；计算依据：“2023-06-12/east.xlsx”“表”B2、"
        "“2023-06-12/east.xlsx”“表”B1。"
    )
    assert implied.severity == published.severity == "soft"


def test_a_real_growth_is_not_compared_with_levels(county):
    _retail(county, "gdp")
    assert county.findings() == []


def test_without_price_the_growth_is_compared_and_the_base_is_not(county):
    _retail(county, "power")
    assert [f.code for f in county.findings()] == ["published_vs_computed"]


@pytest.mark.parametrize(
    ("level", "base", "growth", "is_found"),
    [
        ("108.5", "100.0", "8.5", 0),
        ("108.5", "100.0", "8.4", 0),  # 108.45 / 100.05 is 8.396
        ("108.5", "100.0", "8.6", 0),
        ("108.5", "100.0", "8.8", 1),
        ("108.50", "100.00", "8.6", 1),
        ("108.50", "100.00", "8.5", 0),
        ("-5.0", "100.0", "-104.0", 1),
        ("5.0", "-3.0", "12.0", 0),  # a negative base: no number to compare with
        ("5.0", "0.0", "12.0", 0),
    ],
)
def test_growth_is_compared_by_intervals(county, level, base, growth, is_found):
    county.add("power", base, period="2022-01/05")
    county.add("power", level)
    county.add("power", growth, facet="growth")
    assert len(county.findings("published_vs_computed")) == is_found


def test_figures_of_different_tracks_are_not_compared(county):
    county.add("power", "100.0", period="2022-01/05", track="accounted")
    county.add("power", "108.5")
    county.add("power", "20.0", facet="growth")
    assert county.findings("published_vs_computed") == []


def test_shares_of_the_parent_org_and_of_a_parent_indicator(county):
    county.add("output", "30.0")
    county.add("output", "100.0", org="county")
    county.add("output", "31.2", facet="share")
    county.add("power_home", "40", org="west")
    county.add("power_industry", "100", org="west")
    county.add("power_home", "45.0", org="west", facet="share", against="power_industry")
    messages = [f.message for f in county.findings("published_vs_computed")]
    assert len(messages) == 2
    assert messages[0].startswith(
        "城东镇规上工业总产值2023年1—5月占比公布为31.2%，"
        "按30.0亿元占示例县规上工业总产值2023年1—5月100.0亿元计算为30.0%，公布数高1.2百分点"
    )


def test_gap_change_and_completion(county):
    county.add("added", "8.5", facet="growth")
    county.add("added", "7.2", facet="growth", org="county")
    county.add("added", "9.0", facet="growth", period="2023-01/04")
    county.add("added", "1.3", facet="gap", against="county")
    county.add("added", "-0.5", facet="change_pp")
    county.add("output", "44.4")
    county.target("output", "100")
    county.target("output", "120", tier="stretch")
    county.add("output", "37.0", facet="completion")
    assert county.findings("published_vs_computed") == []
    county.add("added", "2.3", facet="gap", against="county", received=date(2023, 6, 13))
    county.add("added", "0.5", facet="change_pp", received=date(2023, 6, 13))
    county.add("output", "55.0", facet="completion", received=date(2023, 6, 13))
    assert {f.found for f in county.findings("published_vs_computed")} == {
        "2.3百分点", "0.5百分点", "55.0%",
    }  # fmt: skip


def _ranked(county, *growths, direction="added"):
    for org, growth in zip(("east", "west", "north"), growths, strict=False):
        county.add(direction, growth, org=org, facet="growth")


@pytest.mark.parametrize(
    ("growths", "rank", "n", "is_found"),
    [
        (("8.5", "9.0", "7.0"), "2", 3, 0),
        (("8.5", "9.0", "7.0"), "1", 3, 1),
        (("8.5", "9.0", "7.0"), "1", 4, 0),  # four were ranked, three are on file
        (("8.5", "9.0"), "1", None, 0),  # one peer is not on file
        (("8.5", "8.5", "7.0"), "1", 3, 0),
        (("8.5", "8.5", "7.0"), "2", 3, 0),  # decided by digits that were not printed
        (("8.5", "8.5", "7.0"), "3", 3, 1),
    ],
)
def test_published_places(county, growths, rank, n, is_found):
    _ranked(county, *growths)
    county.add("added", rank, facet="rank_growth", against="county", n=n)
    assert len(county.findings("published_vs_computed")) == is_found


def test_a_misplaced_rank_is_told(county):
    _ranked(county, "8.5", "9.0", "7.0")
    county.add("added", "1", facet="rank_growth", n=3)
    [found] = county.findings("published_vs_computed")
    assert found.message == (
        "城东镇规上工业增加值2023年1—5月增速位次公布为第1位，按在册3个单位的数值计算为第2位"
        "，本单位8.5%。公布数：“2023-06-12/east.xlsx”“表”B4；"
        "计算依据：“2023-06-12/east.xlsx”“表”B1等3处。"
    )


def test_a_low_indicator_is_ranked_from_the_smallest(county):
    for org, value in (("east", "30"), ("west", "40"), ("north", "50")):
        county.add("dust", value, org=org)
    county.add("dust", "1", facet="rank_level")
    assert county.findings("published_vs_computed") == []
    county.add("dust", "3", facet="rank_level", org="west")
    assert len(county.findings("published_vs_computed")) == 1


# -- unit slips ------------------------------------------------------------------------------


def test_a_unit_slip_is_held_and_a_unit_proposed(county):
    county.add("output", "40.10", period="2022-01/05")
    county.add("output", "35.00", period="2023-01/04")
    now = county.add("output", "444000", unit_given="亿元")
    [found] = county.findings("unit_slip")
    assert found.message == (
        "城东镇规上工业总产值2023年1—5月为444000亿元（原填444000亿元），约为历史水平的10000倍，"
        "疑似把“万元”的数填成了“亿元”。历史：2022年1—5月40.10亿元（“2023-06-12/east.xlsx”“表”B1）、"
        "2023年1—4月35.00亿元（“2023-06-12/east.xlsx”“表”B2）。"
        "位置：“2023-06-12/east.xlsx”“表”B3。"
    )
    assert found.action.startswith("请报送单位核对该格：如确以“万元”为单位，")
    assert (found.expected, found.found) == ("约44.40亿元", "444000亿元")
    assert found.severity == "hard"
    assert held_ids([found]) == {now.obs_id}


def test_a_slip_is_told_with_the_decimals_of_the_indicator(county):
    county.add("output", "1.1005", period="2022-01/05")
    county.add("output", "0.0004", period="2023-01/04", org="west")
    county.add("output", "12187.0000", unit_given="亿元")
    county.add("output", "4.0000", org="west")
    found = {one.org: one for one in county.findings("unit_slip")}
    assert (found["east"].expected, found["east"].found) == ("约1.22亿元", "12187.00亿元")
    assert "历史：2022年1—5月1.10亿元（" in found["east"].message
    assert (found["west"].expected, found["west"].found) == ("约0.0004亿元", "4.00亿元")


@pytest.mark.parametrize(
    ("last_year", "before", "now", "is_found"),
    [
        ("40.1", "35.0", "0.00444", 1),
        ("40.1", None, "444000", 1),
        (None, "35.0", "444000", 1),
        ("40.1", None, "4010", 0),  # 10² on one history alone is too little
        ("40.1", "35.0", "4010", 1),
        ("40.1", "35.0", "1000", 0),  # 25 times is no power of ten beyond 10¹
        ("40.1", "350000", "444000", 0),  # history does not agree with itself
        (None, None, "444000", 0),
        ("0", "35.0", "444000", 1),
    ],
)
def test_when_a_slip_is_a_slip(county, last_year, before, now, is_found):
    if last_year:
        county.add("output", last_year, period="2022-01/05")
    if before:
        county.add("output", before, period="2023-01/04")
    county.add("output", now)
    held = [f for f in county.findings("unit_slip") if f.period == "2023-01/05"]
    assert len(held) == is_found


def test_a_slip_is_no_history_for_the_next_month(county):
    for month, value in (("2022-01/03", "28.0"), ("2022-01/04", "31.0"), ("2022-01/05", "40.0")):
        county.add("output", value, period=month)
    county.add("output", "30.0", period="2023-01/03")
    slipped = [county.add("output", "350000", period="2023-01/04"), county.add("output", "444000")]
    assert held_ids(county.findings("unit_slip")) == {one.obs_id for one in slipped}


def test_a_month_after_a_slip_is_not_taken_for_one(county):
    county.add("output", "31.0", period="2022-01/04")
    county.add("output", "40.0", period="2022-01/05")
    slip = county.add("output", "350000", period="2023-01/04")
    county.add("output", "44.4")
    found = county.findings()
    assert [f.code for f in found] == ["unit_slip"]
    assert held_ids(found) == {slip.obs_id}


# -- absence ---------------------------------------------------------------------------------


def _owed(day=15, **more):
    return CalendarEntry(
        id="monthly", indicators=("output",), levels=("township",),
        due={"months_after": 1, "day": day}, **more,
    )  # fmt: skip


def test_late_names_the_day_and_no_cell(county):
    county.calendar = [_owed()]
    _townships(county, "30.0", "30.0")
    [found] = county.findings()
    assert found.message == (
        "城北镇规上工业总产值2023年1—5月应于2023年6月15日前报送，截至2023年6月20日未收到，"
        "已逾期5天。"
    )
    assert found.action == "请催报城北镇；收到前该数按逾期未报处理，不作零计算。"
    assert (found.code, found.severity, found.org) == ("late", "soft", "north")
    assert (found.file, found.cell, found.obs_ids) == ("", "", ())


@pytest.mark.parametrize(("as_of", "is_late"), [(14, 0), (15, 0), (16, 1)])
def test_the_due_day_itself_is_not_late(county, as_of, is_late):
    county.calendar = [_owed()]
    county.as_of = date(2023, 6, as_of)
    _townships(county, "30.0", "30.0")
    assert len(county.findings("late")) == is_late


def test_blank_nil_and_held_are_not_late(county):
    county.calendar = [_owed()]
    county.add("output", None, org="east", word="missing")
    county.add("output", None, org="west", word="nil")
    county.add("output", "12.0", org="north", held=True)
    [found] = county.findings()
    assert (found.code, found.org) == ("missing", "east")
    assert found.message == (
        "城东镇规上工业总产值2023年1—5月：报表已收到，但该格为空或填了无数据符号。"
    )


def test_blank_before_the_due_day_says_nothing(county):
    county.calendar = [_owed(day=25)]
    county.add("output", None, org="east", word="missing")
    assert county.findings() == []


def test_expected_by_its_own_history_where_no_calendar_obliges(county):
    county.add("added", "8.0", facet="growth", period="2022-01/08", org="county")
    county.add("added", "8.0", facet="growth", period="2022-01/04", org="west")
    [found] = county.findings()
    assert (found.code, found.org) == ("missing", "county")
    assert found.message == (
        "示例县规上工业增加值2023年1—5月增速：没有数据，而近12个月该单位报过此指标。"
    )


def test_history_expects_nothing_before_the_period_is_over(county):
    county.add("output", "8.0", period="2023-01/04")
    county.as_of = date(2023, 5, 31)
    assert county.findings() == []


def test_a_quarterly_indicator_is_not_missing_in_may(county):
    county.add("gdp", "80.0", period="2023-01/03")
    assert county.findings("missing") == []


def test_a_closed_org_owes_nothing(county):
    county.calendar = [_owed()]
    county.add("output", "3.0", org="old", period="2023-01/03")
    assert "old" not in {f.org for f in county.findings()}


def test_an_entry_that_only_dates_makes_the_expected_late(county):
    county.calendar = [
        CalendarEntry(id="d", indicators=("output",), due={"months_after": 1, "day": 15})
    ]
    county.add("output", "30.0", period="2023-01/04")
    assert [(f.code, f.org) for f in county.findings()] == [("late", "east")]
    county.as_of = date(2023, 6, 10)
    assert county.findings() == []


@pytest.mark.parametrize(("as_of", "codes"), [(20, []), (22, []), (23, ["missing"])])
def test_who_is_not_obliged_is_waited_for_until_the_last_day_of_others(county, as_of, codes):
    """The county's figures of upper orgs: no storm of “missing” before anybody releases."""
    county.calendar = [_owed(day=15, released={"months_after": 1, "day": 22})]
    _townships(county, "30.0", "30.0", "30.0")
    county.add("output", "300.0", org="county", period="2023-01/04")
    county.as_of = date(2023, 6, as_of)
    assert [f.code for f in county.findings() if f.org == "county"] == codes


def test_a_blank_of_who_is_not_obliged_waits_as_well(county):
    county.calendar = [_owed(day=25)]
    county.add("output", "300.0", org="county", period="2023-01/04")
    county.add("output", None, org="county", word="missing")
    assert county.findings() == []
    county.as_of = date(2023, 6, 26)
    assert [f.code for f in county.findings() if f.org == "county"] == ["missing"]


def test_an_entry_that_only_dates_expects_the_facet_that_was_told(county):
    county.calendar = [
        CalendarEntry(id="d", indicators=("output",), due={"months_after": 1, "day": 15})
    ]
    county.add("output", "8.0", facet="growth", period="2023-01/04")
    [found] = county.findings()
    assert (found.code, found.message) == (
        "late",
        "城东镇规上工业总产值2023年1—5月增速应于2023年6月15日前报送，截至2023年6月20日未收到，"
        "已逾期5天。",
    )
    county.add("output", "8.2", facet="growth")
    assert county.findings() == []


def test_a_dash_where_no_level_was_ever_told_is_no_gap(county):
    county.add("output", "8.0", facet="growth", org="county")
    county.add("output", None, org="county", word="missing")
    assert county.findings("missing") == []
    county.add("output", "30.0", org="county", period="2023-01/04")
    [found] = county.findings("missing")
    assert (found.org, found.period) == ("county", "2023-01/05")
