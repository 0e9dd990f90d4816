"""What a run says to every target of its year, whatever its tier and kind."""

from __future__ import annotations

from decimal import Decimal

import narwhals as nw
import pytest

from diaodu.adapters.frames import observation_frame, target_frame
from diaodu.engine.compute.changed import recompute
from diaodu.engine.compute.month import compute_month
from diaodu.engine.ground.period import Period

NOW, LAST, MAY = "2023-01/05", "2022-01/05", Period.of_months(2023, 1, 5)
GDP = {"id": "gdp", "name": "生产总值", "unit": "亿元", "basis": "ytd"}
COUNTS = ("above", "at", "below", "target_not_comparable")


def aim(county, value, kind="level", tier="assigned", **more):
    target = county.aim("a", value, kind=kind, tier=tier)
    county.targets[-1] = county.targets[-1]._replace(**more)
    return target


def told(county, target):
    found = county.compute().find("outcome", target_id=target)
    return found.shown, found.unit, found.formula


def test_every_tier_has_its_own(make_county):
    county = make_county()
    county.see("a", NOW, "41.0")
    floor, assigned, stretch = (
        aim(county, value, tier=tier)
        for value, tier in (("90", "floor"), ("100", "assigned"), ("120", "stretch"))
    )
    assert told(county, floor) == (
        "3.9", "百分点", "按序时达到：本期值41.00亿元，完成率与序时进度之差3.9个百分点，目标90亿元"
    )  # fmt: skip
    assert told(county, assigned)[2].startswith("按序时未达到：")
    assert told(county, stretch)[:2] == ("-7.5", "百分点")
    row = county.compute().find("outcome", target_id=assigned)
    assert row.inputs == (
        f"tax|a|{NOW}|value|||", f"tax|a|{NOW}|pace_gap|{assigned}||", assigned
    )  # fmt: skip


def test_a_growth_says_by_how_much_and_within_what(make_county):
    county = make_county()
    county.see("a", NOW, "7.1", facet="growth")
    target = aim(county, "8.5", "growth", comparator="at_least")
    row = county.compute().find("outcome", target_id=target)
    assert (row.shown, row.unit, row.lo, row.hi) == (
        "-1.4", "百分点", Decimal("-1.45"), Decimal("-1.35")
    )  # fmt: skip
    assert row.formula == "未达到：增速（公布）7.1%，目标增速8.5%以上"


@pytest.mark.parametrize(
    ("value", "goal", "comparator", "shown", "formula"),
    [
        ("8.5", "8.5", "reach", "0.0", "恰好，算达到：增速（公布）8.5%，目标增速8.5%"),
        ("8.5", "8.5", "exceed", "0.0", "恰好，不算达到：增速（公布）8.5%，目标增速突破8.5%"),
        ("8.5", "8.52", "reach", "按印发精度不能判定",
         "按印发精度不能判定：增速（公布）8.5%，目标增速8.52%"),
        ("8.5", "8.25", "reach", "0.25", "达到：增速（公布）8.5%，目标增速8.25%"),
        ("8.5", None, "reach", "未下达", "未下达"),
        (None, "8.5", "reach", "未发布", "没有数：增速（公布）未发布，目标增速8.5%"),
    ],
)  # fmt: skip
def test_the_edge_and_what_cannot_be_told(make_county, value, goal, comparator, shown, formula):
    county = make_county()
    county.indicators[0]["facets"] = ["growth"]
    county.see("a", NOW, value, facet="growth", word=None if value else "missing")
    target = aim(county, goal, "growth", comparator=comparator)
    assert told(county, target)[::2] == (shown, formula)


def test_of_the_further_kinds(make_county):
    county = make_county(indicators=[{**county_tax(), "facets": ["level", "growth"]}, dict(GDP)])
    for org, growth in (("a", "7.1"), ("b", "8.0"), ("c", "6.5")):
        county.see(org, NOW, growth, facet="growth")
    county.see("a", NOW, "5.4", indicator="gdp", facet="growth")
    first = aim(county, "1", "rank", unit="位")
    bottom = aim(county, "1", "not_bottom", unit="位")
    beside = aim(county, "2", "relative", unit="百分点", against="gdp")
    sign = aim(county, "0", "sign", unit="")
    aim(county, None, "qualitative", text="稳中有进")
    assert told(county, first) == ("-1", "位", "未达到：增速位次2位，目标增速居第1位")
    assert told(county, bottom)[2] == "达到：增速倒数位次2位，目标增速不进后1位"
    assert told(county, beside) == (
        "-0.3", "百分点",
        "未达到：增速（公布）7.1%，增速（公布）5.4%，目标增速高于生产总值增速2个百分点",
    )  # fmt: skip
    assert told(county, sign)[::2] == ("7.1", "达到：增速（公布）7.1%，目标增速由负转正")
    assert sum(one.measure == "outcome" for one in county.compute().rows) == 4


def county_tax():
    return {"id": "tax", "name": "税收", "unit": "亿元", "basis": "ytd", "headline": True}


@pytest.mark.parametrize(
    ("place", "counted"), [("3", "above"), ("2", "at"), ("1", "below")]
)  # fmt: skip
def test_a_place_counts_among_those_above_and_below(make_county, place, counted):
    county = make_county(indicators=[county_tax()])
    for org, growth in (("a", "7.1"), ("b", "8.0"), ("c", "6.5")):
        county.see(org, NOW, growth, facet="growth")
    target = aim(county, place, "rank", unit="位")
    results = county.compute()
    counts = {
        name: results.find(
            f"count_{name}_target" if name in ("above", "at", "below") else f"count_{name}",
            indicator="",
        ).value
        for name in COUNTS
    }  # fmt: skip
    assert counts == {name: int(name == counted) for name in COUNTS}
    count = results.find(f"count_{counted}_target", indicator="")
    assert count.inputs == (f"tax|a|{NOW}|outcome|{target}||",)


@pytest.mark.parametrize(
    ("growth", "counted"),
    [("8.0", "above"), ("7.7", "at"), ("7.2", "at"), ("6.7", "at"), ("6.6", "below")],
)
def test_within_what_left_and_right_allow_a_mean_counts_as_level(make_county, growth, counted):
    county = make_county(indicators=[county_tax()])
    county.see("a", NOW, growth, facet="growth")
    county.see("city", NOW, "6.2", facet="growth")
    aim(county, "1", "mean", unit="百分点", comparator="about", tolerance=Decimal("0.5"))
    counts = {
        name: county.compute().find(f"count_{name}_target", indicator="").value
        for name in ("above", "at", "below")
    }
    assert counts == {name: int(name == counted) for name in counts}


def test_the_worst_of_a_place_and_a_growth_counts(make_county):
    county = make_county(indicators=[county_tax()])
    for org, growth in (("a", "7.1"), ("b", "8.0")):
        county.see(org, NOW, growth, facet="growth")
    aim(county, "1", "rank", unit="位")
    aim(county, "7.0", "growth")
    results = county.compute()
    assert results.find("count_below_target", indicator="").value == 1
    assert results.find("count_above_target", indicator="").value == 0


def test_a_target_of_another_year_or_of_nobody_says_nothing(make_county):
    county = make_county()
    county.see("a", NOW, "41.0")
    county.aim("a", "90", year=2022)
    county.aim("a", "90")
    county.targets[-1] = county.targets[-1]._replace(org="elsewhere")
    assert not [one for one in county.compute().rows if one.measure == "outcome"]


def test_one_held_against_a_changed_indicator_is_renewed_with_it(make_county):
    county = make_county(indicators=[county_tax(), dict(GDP)])
    county.see("a", NOW, "7.1", facet="growth")
    county.see("a", NOW, "5.4", indicator="gdp", facet="growth")
    target = aim(county, "2", "relative", unit="百分点", against="gdp")

    def frames():
        return observation_frame(county.observations), target_frame(county.targets)

    day = county.observations[0].received
    before = compute_month(*frames(), county.rulebook, MAY, day)
    county.observations[1] = county.observations[1]._replace(value=Decimal("5.0"))
    ours = recompute(before, ["gdp"], *frames(), county.rulebook, MAY, day)
    whole = compute_month(*frames(), county.rulebook, MAY, day)
    assert nw.to_native(ours.measures).equals(nw.to_native(whole.measures))
    row = ours.measures.filter(nw.col("measure") == "outcome", nw.col("target_id") == target)
    assert row["shown"].to_list() == ["0.1"]


@pytest.mark.parametrize(("now", "word"), [("3.0", "达到"), ("-3.0", "未达到")])
def test_a_turn_is_told_by_computed_growth_where_none_was_published(county, now, word):
    """A cell of published growth that came blank says nothing; the levels do."""
    county.see("a", "2022-01/05", "-2.0")
    county.see("a", NOW, now)
    county.see("a", NOW, None, facet="growth", word="missing")
    sign = aim(county, "0", "sign", unit="")
    row = county.compute().find("outcome", target_id=sign)
    assert row.formula.startswith(f"{word}：")
    assert row.inputs[0] == f"tax|a|{NOW}|growth||2022-01/05|"
