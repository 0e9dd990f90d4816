"""Ranks, movement, gaps and shares: hand-worked."""

from __future__ import annotations

from datetime import date

import pytest

from diaodu.engine.ground.records import digest

NOW, LAST = "2023-01/05", "2022-01/05"


def places(results, measure, orgs="abc"):
    return [results.shown(measure, org, peer_group="city/county") for org in orgs]


@pytest.mark.parametrize(
    ("values", "ranks", "reverse"),
    [
        (("3.00", "2.00", "1.00"), ["1", "2", "3"], ["3", "2", "1"]),
        (("3.00", "3.00", "1.00"), ["1", "1", "3"], ["2", "2", "1"]),
        (("1.00", "3.00", "3.00"), ["3", "1", "1"], ["1", "2", "2"]),
        (("2.001", "2.004", "1.996"), ["1", "1", "1"], ["1", "1", "1"]),  # printed alike
        (("2.004", "2.005", "1.00"), ["2", "1", "3"], ["2", "3", "1"]),  # printed 2.00 and 2.01
    ],
)
def test_ranks_on_printed_decimals(county, values, ranks, reverse):
    for org, value in zip("abc", values, strict=True):
        county.see(org, NOW, value)
    results = county.compute()
    assert places(results, "rank_level") == ranks
    assert places(results, "rank_level_reverse") == reverse


def test_low_is_better(make_county):
    county = make_county([{"id": "tax", "name": "能耗", "unit": "吨标准煤", "basis": "ytd",
                           "direction": "low"}])  # fmt: skip
    for org, value in zip("abc", ("3", "1", "2"), strict=True):
        county.see(org, NOW, value)
    assert places(county.compute(), "rank_level") == ["3", "1", "2"]


def test_the_peer_set_is_named_once(county):
    ids = [county.see(org, NOW, value) for org, value in zip("abc", "123", strict=True)]
    results = county.compute()
    rank = results.find("rank_level")
    assert rank.inputs == (f"peers:{digest(*sorted(ids))}",)
    assert results.sets() == {digest(*sorted(ids)): sorted(ids)}
    assert rank.formula == "1 + 更优的单位数（按本期值，3家参加）"
    assert rank.lo == rank.hi == rank.value


def test_the_number_ranked_is_a_measure(county):
    for org, value in (("a", "3.0"), ("b", "2.0"), ("city", "9.0")):
        county.see(org, "2023-01/05", value)
        county.see(org, "2022-01/05", "2.0")
    results = county.compute()
    rank = results.find("rank_level", "b")
    number = results.find("rank_level_n", "b", peer_group="city/county")
    assert (number.shown, number.unit, number.decimals) == ("2", "个", 0)
    assert number.inputs == rank.inputs
    assert number.formula == "有数可排的单位数（按本期值）"
    assert results.find("rank_growth_n", "a").formula == "有数可排的单位数（按计算增速）"
    assert results.find("rank_level_n", "c") is None


def test_nobody_is_ranked_alone(county):
    for org in ("a", "b"):
        county.see(org, "2023-01/04", "1.0")
        county.see(org, "2022-01/04", "1.0")
    county.see("a", "2023-01/05", "3.0")
    county.see("a", "2022-01/05", "2.0")
    results = county.compute()
    alone = [r.key for r in results.rows if r.org == "a" and r.peer_group]
    assert alone == []
    assert results.shown("growth") == "50.0"
    assert results.sets() == {}
    assert results.shown("rank_level") is None
    assert county.compute("2023-04").shown("rank_level") == "1"


def test_no_peer_set_is_kept_that_no_measure_names(county):
    """Bases of zero: everybody has both figures, nobody has a growth."""
    for org in ("a", "b"):
        county.see(org, "2023-01/05", "3.0")
        county.see(org, "2022-01/05", "0.0")
    results = county.compute()
    named = {
        one.removeprefix("peers:")
        for row in results.rows for one in row.inputs if one.startswith("peers:")
    }  # fmt: skip
    assert named == set(results.sets())


def test_unpublished_peers_are_left_out(county):
    county.see("a", NOW, "1")
    county.see("b", NOW, "2")
    county.see("c", NOW, word="missing")
    results = county.compute()
    assert places(results, "rank_level") == ["2", "1", None]
    assert "2家参加" in results.find("rank_level").formula


def test_published_growth_where_anybody_has_one(county):
    for org, value in zip("abc", ("11", "12", "13"), strict=True):
        county.see(org, NOW, value)
        county.see(org, LAST, "10")
    assert places(county.compute(), "rank_growth") == ["3", "2", "1"]
    county.see("a", NOW, "1.0", facet="growth")
    county.see("b", NOW, "2.0", facet="growth")
    results = county.compute()
    assert places(results, "rank_growth") == ["2", "1", None]
    assert "按公布增速" in results.find("rank_growth").formula


def test_a_word_is_not_ranked_by_growth(county):
    for org, value, base in (("a", "1", "-1"), ("b", "2", "1"), ("c", "1", "2")):
        county.see(org, NOW, value)
        county.see(org, LAST, base)
    assert places(county.compute(), "rank_growth") == [None, "1", "2"]


def test_movement_against_the_period_before(county):
    for org, value, before in (("a", "3", "1"), ("b", "2", "3"), ("c", "1", "0.5")):
        county.see(org, NOW, value)
        county.see(org, "2023-01/04", before)
    results = county.compute()
    assert places(results, "rank_level_move") == ["1", "-1", "0"]
    assert results.find("rank_level_move").base == "2023-01/04"


def test_movement_is_not_comparable_when_the_peers_changed(county):
    for org, value, before in (("a", "3", "1"), ("b", "2", "3"), ("c", "1", None)):
        county.see(org, NOW, value)
        if before:
            county.see(org, "2023-01/04", before)
    results = county.compute()
    assert places(results, "rank_level_move") == ["无法比较"] * 3


def test_no_movement_without_a_period_before(county):
    for org, value in zip("abc", "123", strict=True):
        county.see(org, NOW, value)
    assert places(county.compute(), "rank_level_move") == [None] * 3


def test_a_closed_org_leaves_the_group(make_county):
    county = make_county()
    county.orgs[3]["closed"] = date(2023, 4, 30)
    for org, value in zip("abc", "123", strict=True):
        county.see(org, NOW, value)
        county.see(org, "2023-01/04", value)
    results = county.compute()
    assert places(results, "rank_level") == ["2", "1", None]
    assert places(results, "rank_level_move") == ["无法比较", "无法比较", None]


def test_published_ranks_stand_as_received(county):
    county.see("a", NOW, "8.0", facet="growth")
    county.see("a", NOW, "7", facet="rank_growth", against="city/county", n=8)
    found = county.compute().find("rank_growth_published")
    assert (found.shown, found.peer_group, found.formula) == ("7", "city/county", "来数（共8家）")


# -- gaps ------------------------------------------------------------------------------------------


def test_gap_to_the_parent_like_with_like(county):
    county.see("a", NOW, "18.6", facet="growth")
    county.see("city", NOW, "18.5", facet="growth")
    found = county.compute().find("gap_parent", base="city")
    assert (found.shown, found.unit, found.formula) == ("0.1", "百分点", "公布增速 − 上级公布增速")


def test_gap_to_the_parent_of_computed_growths(county):
    for org, value, base in (("a", "11.0", "10.0"), ("city", "105.0", "100.0")):
        county.see(org, NOW, value)
        county.see(org, LAST, base)
    county.see("a", NOW, "9.0", facet="growth")
    found = county.compute().find("gap_parent")
    assert (found.shown, found.formula) == ("5.0", "计算增速 − 上级计算增速")


def test_gap_of_unlike_growths_is_not_comparable(county):
    county.see("a", NOW, "9.0", facet="growth")
    county.see("city", NOW, "105.0")
    county.see("city", LAST, "100.0")
    assert county.compute().find("gap_parent").word == "not_comparable"


def test_a_published_gap_stands_where_none_can_be_computed(county):
    county.see("a", NOW, "9.0", facet="growth")
    county.see("a", NOW, "-0.4", facet="gap", against="city")
    found = county.compute().find("gap_parent")
    assert (found.shown, found.formula, found.base) == ("-0.4", "来数（相差百分点）", "city")


def test_the_peers_mean_is_of_sums_not_of_rates(county):
    for org, value, base in (("a", "2.0", "1.0"), ("b", "101.0", "100.0"), ("c", "5.0", None)):
        county.see(org, NOW, value)
        if base:
            county.see(org, LAST, base)
    results = county.compute()
    # (103 ÷ 101 − 1) × 100 = 1.98…, not the mean of 100 and 1; c has no base and is left out
    assert results.shown("gap_peers_mean") == "98.0"
    assert results.shown("gap_peers_mean", "b") == "-1.0"
    assert results.find("gap_peers_mean", "c") is None


def test_rates_alone_have_no_peers_mean(make_county):
    county = make_county([{"id": "tax", "name": "工业", "unit": "%", "basis": "rate",
                           "facets": ["growth"]}])  # fmt: skip
    county.see("a", NOW, "5.0", facet="growth")
    county.see("b", NOW, "6.0", facet="growth")
    assert county.compute().find("gap_peers_mean").word == "not_comparable"


# -- shares ----------------------------------------------------------------------------------------


def test_share_in_the_parent(county):
    county.see("a", NOW, "25.0")
    county.see("city", NOW, "200.0")
    found = county.compute().find("share", base="city")
    assert (found.shown, found.unit, found.formula) == ("12.5", "%", "本单位 ÷ 上级单位 × 100")


def test_share_in_the_parent_indicator_over_units(make_county):
    county = make_county([
        {"id": "tax", "name": "税收", "unit": "万元", "basis": "ytd"},
        {"id": "all", "name": "预算收入", "unit": "亿元", "basis": "ytd", "children": ["tax"]},
    ])  # fmt: skip
    county.see("a", NOW, "60000")
    county.see("a", NOW, "8.0", indicator="all")
    assert county.compute().shown("share", base="all") == "75.0"


@pytest.mark.parametrize("whole", ["0", "-3"])
def test_no_share_in_nothing(county, whole):
    county.see("a", NOW, "25.0")
    county.see("city", NOW, whole)
    assert county.compute().find("share").word == "not_comparable"


@pytest.mark.parametrize(
    "indicator",
    [
        {"unit": "元/人", "basis": "ytd"},
        {"unit": "%", "basis": "stock"},
        {"unit": "微克/立方米", "basis": "mean"},
    ],
)
def test_ratios_have_no_share(make_county, indicator):
    county = make_county([{"id": "tax", "name": "均值", **indicator}])
    period = "2023-05" if indicator["basis"] == "stock" else NOW
    county.see("a", period, "25.0")
    county.see("city", period, "200.0")
    results = county.compute()
    assert results.find("value") is not None
    assert results.find("share") is None
