"""contradiction, heaped, whole counts and computed growth: what is told and what is left alone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from diaodu.engine.ground.words import AUDIENCES
from diaodu.engine.rules.models import Check
from diaodu.engine.verify.check import CODES, held_ids


def _check(kind, **keys):
    return Check.model_validate({"id": "规则甲", "kind": kind, **keys})


# -- contradiction -----------------------------------------------------------------------------


def _matched(county, **keys):
    given = {"indicators": ["added"], "with": ["power_industry"], "band": "8", **keys}
    county.checks = [_check("contradiction", **given)]


def test_both_figures_are_named_with_their_cells(county):
    _matched(county, reason="工业用电与产出同向")
    county.add("added", "12.5", facet="growth")
    county.add("power_industry", "1000", period="2022-01/05")
    county.add("power_industry", "1010")
    [found] = county.findings("contradiction")
    assert found.severity == "soft"
    assert held_ids([found]) == set()
    assert found.message == (
        "城东镇2023年1—5月规上工业增加值增速12.5%（公布，“2023-06-12/east.xlsx”“表”B1），"
        "工业用电量增速1.0%（按总量计算，“2023-06-12/east.xlsx”“表”B3、“2023-06-12/east.xlsx”“表”B2），"
        "相差11.5个百分点，超过规则允许的8个百分点（工业用电与产出同向）。"
    )
    assert found.action == (
        "请两项指标的牵头部门对照核实：口径、统计范围、错月和价格因素；能说明的写明原因，数照常使用。"
        "幅度在规则 checks/“规则甲”里。"
    )
    assert len(found.obs_ids) == 3


@pytest.mark.parametrize(
    ("own", "other", "keys", "how"),
    [
        ("12.5", "4.6", {}, ""),
        ("12.5", "4.3", {}, "超过规则允许的8个百分点"),
        ("3.0", "-2.0", {}, "一升一降"),
        ("3.0", "-2.0", {"opposite": "6"}, ""),
        ("0.3", "-0.4", {}, ""),  # less than a point apart: neither rises nor falls
        ("0.0", "-2.0", {}, ""),
        ("3.0", "-2.0", {"off": True, "reason": "错月"}, ""),
        ("30.0", "-20.0", {"from": "2024"}, ""),
    ],
)
def test_bands_and_signs(county, own, other, keys, how):
    _matched(county, **keys)
    county.add("added", own, facet="growth")
    county.add("power_industry", other, facet="growth")
    found = county.findings("contradiction")
    assert len(found) == bool(how)
    assert all(how in one.message for one in found)


def test_rounding_is_no_contradiction(county):
    """11.9 may be 11.85 and 3.8 may be 3.85: eight points apart at the nearest."""
    _matched(county)
    county.add("added", "11.9", facet="growth")
    county.add("power_industry", "3.8", facet="growth")
    assert county.findings("contradiction") == []


def test_a_published_growth_is_taken_before_a_computed_one(county):
    _matched(county)
    county.add("added", "12.5", facet="growth")
    county.add("power_industry", "11.0", facet="growth")
    county.add("power_industry", "1000", period="2022-01/05")
    county.add("power_industry", "1010")
    assert county.findings("contradiction") == []


def test_only_one_org_and_one_period_are_held_together(county):
    _matched(county)
    county.add("added", "30.0", facet="growth")
    county.add("power_industry", "1.0", facet="growth", org="west")
    county.add("power_industry", "1.0", facet="growth", period="2023-01/04")
    county.add("power_industry", "1.0", facet="growth", period="2023-05")
    county.add("power_industry", "1.0", facet="growth", track="estimate")
    assert county.findings("contradiction") == []


# -- heaped ------------------------------------------------------------------------------------

ORGS = ("east", "west", "north", "county", "old")


def _heaped(county, pattern, **keys):
    county.checks = [_check("heaped", pattern=pattern, **keys)]


def test_it_is_for_the_statistics_office_alone(county):
    _heaped(county, "one_number", at_least=3)
    for org in ORGS[:3]:
        county.add("output", "12.50", org=org)
    [found] = county.findings("heaped")
    assert (found.severity, held_ids([found])) == ("soft", set())
    assert AUDIENCES == {"heaped": "statistics"}
    assert AUDIENCES.keys() <= CODES
    assert county.findings("heaped", absences=False) == []
    assert found.found == "3个单位中有3个都是12.50亿元"
    assert found.message.startswith("规上工业总产值2023年1—5月：3个单位中有3个都是12.50亿元。城")
    assert set(found.obs_ids) == {one.obs_id for one in county.observations}
    assert found.action == (
        "只供统计部门参考：请抽查这些单位的台账和原始凭证，看是不是照抄、照目标填或估填；"
        "查实无误的不必处理。尺度在规则 checks/“规则甲”里。"
    )


@pytest.mark.parametrize(
    ("value", "indicator", "facet", "keys", "is_told"),
    [
        ("12.50", "output", "level", {"at_least": 3}, True),
        ("12.50", "output", "level", {}, False),  # six at least
        ("0.12", "output", "level", {"at_least": 3}, False),  # two digits meet by chance
        ("0.00", "output", "growth", {"at_least": 3}, False),
        ("8.0", "output", "growth", {"at_least": 3}, True),
        ("8.0", "output", "growth", {"at_least": 3, "facet": "level"}, False),
        ("123", "firms", "level", {"at_least": 3}, False),  # counts under “*”
        ("123", "firms", "level", {"at_least": 3, "indicators": ["firms"]}, True),
    ],
)
def test_one_number(county, value, indicator, facet, keys, is_told):
    _heaped(county, "one_number", **keys)
    for org in ORGS[:3]:
        county.add(indicator, value, org=org, facet=facet)
    assert bool(county.findings("heaped")) is is_told


def test_a_small_share_of_one_number_is_chance(county):
    _heaped(county, "one_number", at_least=2, share=60)
    for org, value in zip(ORGS, ("12.50", "12.50", "13.10", "14.20", "15.30"), strict=True):
        county.add("output", value, org=org)
    assert county.findings("heaped") == []


def test_exactly_at_the_target(county):
    _heaped(county, "at_target", at_least=2)
    for org, value in (("east", "50.00"), ("west", "60.00"), ("north", "71.50")):
        county.target("output", value, org=org)
        county.add("output", value if org != "north" else "70.00", org=org)
    county.add("output", "44.10", org="county")
    [found] = county.findings("heaped")
    assert found.found == "有目标的3个单位中有2个恰好等于目标"


def test_the_same_as_last_month_is_asked_of_an_org(county):
    _heaped(county, "last_period", at_least=3)
    for name, value in (("output", "12.50"), ("retail", "30.40"), ("power", "1.25")):
        for org in ("east", "west"):
            county.add(name, value, org=org, period="2023-01/04")
            county.add(name, value if org == "east" else f"{Decimal(value) + 1}", org=org)
    [found] = county.findings("heaped")
    assert (found.org, found.found) == ("east", "3项指标中有3项与上期一字不差")


@pytest.mark.parametrize(
    ("step", "start", "is_told"),
    [("0.05", "12.05", True), ("0.01", "12.05", False), ("0.10", "12.10", False)],
)
def test_last_digits(county, step, start, is_told):
    """By tenths every figure ends in 0 because the unit is coarse, not because it is rounded."""
    _heaped(county, "last_digit", at_least=4)
    value = Decimal(start)
    for org in ORGS:
        county.add("output", f"{value}", org=org)
        value += Decimal(step)
    assert bool(county.findings("heaped")) is is_told


def test_nothing_is_told_where_no_rule_asks(county):
    for org in ORGS:
        county.add("output", "12.50", org=org)
        county.add("firms", "12.5", org=org)
    assert county.findings("heaped") == []
    assert county.findings("out_of_range") == []


# -- counts and growth -------------------------------------------------------------------------


def test_a_count_with_decimals(county):
    county.checks = [_check("whole")]
    one = county.add("firms", "12.5")
    county.add("loans", "12.5", period="2023-05")
    [found] = county.findings("out_of_range")
    assert held_ids([found]) == {one.obs_id}
    assert found.message == (
        "城东镇规上企业个数2023年1—5月为12.5个，按个计的数应是整数。"
        "位置：“2023-06-12/east.xlsx”“表”B1。"
    )
    assert found.action == (
        "请核对“2023-06-12/east.xlsx”“表”B1的数值和计量单位：以万计的请把计量单位写成“万个”。"
    )


@pytest.mark.parametrize("value", ["12", "12.0", "0"])
def test_a_whole_count(county, value):
    county.checks = [_check("whole", indicators=["firms"])]
    county.add("firms", value)
    assert county.findings("out_of_range") == []


@pytest.mark.parametrize(
    ("now", "is_told"),
    [("30.0", False), ("29.97", False), ("29.9", True), ("110.0", False), ("110.3", True)],
)
def test_computed_growth_within_its_limits(county, now, is_told):
    """30.0 is −25 % of 40.0 and 110.0 is 175 % more; rounding of both is allowed for."""
    county.checks = [_check("computed_growth", lo="-25", hi="175")]
    county.add("output", "40.0", period="2022-01/05")
    county.add("output", now)
    assert bool(county.findings("out_of_range")) is is_told


def test_computed_growth_in_words(county):
    county.checks = [_check("computed_growth", lo="-80", hi="200", reason="先核对单位")]
    county.add("output", "10.00", period="2022-01/05")
    county.add("output", "40.00")
    [found] = county.findings("out_of_range")
    assert found.severity == "soft"
    assert found.message == (
        "城东镇规上工业总产值2023年1—5月为40.00亿元，比2022年1—5月10.00亿元算得增速300.0%，"
        "应不高于200%（先核对单位）。本期：“2023-06-12/east.xlsx”“表”B2；"
        "同期：“2023-06-12/east.xlsx”“表”B1。"
    )


@pytest.mark.parametrize("base", ["0.00", "-5.00"])
def test_no_growth_over_no_base(county, base):
    county.checks = [_check("computed_growth", lo="-80", hi="200")]
    county.add("output", base, period="2022-01/05")
    county.add("output", "40.00")
    assert county.findings("out_of_range") == []
