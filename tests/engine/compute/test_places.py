"""Distances to the neighbours, dispersion of a group, and where the headline indicators stand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import narwhals as nw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diaodu.adapters.frames import observation_frame, target_frame
from diaodu.engine.compute.changed import recompute
from diaodu.engine.compute.month import compute_month
from diaodu.engine.ground.period import Period
from diaodu.engine.rules.models import Standing

NOW, LAST = "2023-01/05", "2022-01/05"
PERIOD, DAY = Period.of_months(2023, 1, 5), date(2023, 12, 31)
GROUP = "city/county"
THIRDS = (
    {"name": "前三分之一", "upto": "1/3"},
    {"name": "中间三分之一", "upto": "2/3"},
    {"name": "后三分之一", "upto": "1"},
)


def rule(**more):
    return Standing.model_validate({"id": "counties", "groups": (GROUP,), **more})


@pytest.fixture
def ranked(make_county):
    return make_county(more={"standings": (rule(),)})


def see(county, *values, indicator="tax", period=NOW, **more):
    for org, value in zip("abc", values, strict=True):
        if value is not None:
            county.see(org, period, value, indicator=indicator, **more)
    return county


def told(results, measure, orgs="abc", **parts):
    return [results.shown(measure, org, **parts) for org in orgs]


@pytest.mark.parametrize(
    ("values", "ahead", "behind"),
    [
        (("6.50", "6.20", "5.00"), [None, "0.30", "1.20"], ["0.30", "1.20", None]),
        (("6.20", "6.50", "6.20"), ["0.00", None, "0.00"], ["0.00", "0.30", "0.00"]),
        (("6.50", "6.50", "5.00"), ["0.00", "0.00", "1.50"], ["0.00", "0.00", None]),
        (("5.00", "5.00", "5.00"), ["0.00"] * 3, ["0.00"] * 3),
        (("2.001", "2.004", "1.996"), ["0.00"] * 3, ["0.00"] * 3),  # printed alike
    ],
)
def test_distances_to_the_neighbours(ranked, values, ahead, behind):
    results = see(ranked, *values).compute()
    assert told(results, "rank_level_gap_next", peer_group=GROUP) == ahead
    assert told(results, "rank_level_gap_behind", peer_group=GROUP) == behind


def test_the_neighbour_is_named_and_leads_to_the_cells(ranked):
    results = see(ranked, "6.5", "6.2", "5.0").compute()
    gap = results.find("rank_level_gap_next", "b")
    assert gap.formula == "与前一位（a县）的本期值相差（按印发位数）"
    assert (gap.value, gap.lo, gap.hi) == (Decimal("0.3"), Decimal("0.29"), Decimal("0.31"))
    assert gap.inputs == ("tax|b|2023-01/05|value|||", "tax|a|2023-01/05|value|||")
    assert results.find("rank_level_gap_behind", "b").formula.startswith("与后一位（c县）的")


def test_growth_published_where_anybody_has_one(ranked):
    see(ranked, "11.0", "12.0", "13.0")
    see(ranked, "10.0", "10.0", "10.0", period=LAST)
    computed = ranked.compute()
    assert told(computed, "rank_growth_gap_next") == ["10.0", "10.0", None]
    see(ranked, "1.0", "2.5", None, facet="growth")
    results = ranked.compute()
    assert told(results, "rank_growth_gap_next") == ["1.5", None, None]
    gap = results.find("rank_growth_gap_next")
    assert (gap.unit, gap.inputs[0]) == ("百分点", "tax|a|2023-01/05|growth_published|||")


def test_where_less_is_better_the_smallest_is_first(make_county):
    county = make_county(
        [{"id": "tax", "name": "企业", "unit": "家", "basis": "count", "decimals": 0,
          "direction": "low"}],
        more={"standings": (rule(),)},
    )  # fmt: skip
    results = see(county, "3", "1", "9").compute()
    assert told(results, "rank_level_gap_next") == ["2", None, "6"]
    gap = results.find("rank_level_gap_next")
    assert (gap.unit, gap.lo, gap.hi) == ("家", 2, 2)


def test_dispersion_of_the_group_is_told_of_the_org_above(ranked):
    results = see(ranked, "6.00", "2.00", "4.00").compute()
    spread = results.find("range_level", "city")
    assert (spread.shown, spread.peer_group, spread.unit) == ("4.00", GROUP, "亿元")
    assert spread.formula == "最大（a县）− 最小（b县）的本期值（按印发位数，3个单位）"
    variation = results.find("variation_level", "city")
    assert (variation.shown, variation.unit) == ("40.8", "%")
    assert variation.formula == "标准差 ÷ 平均数 × 100（3个单位）"
    assert len(variation.inputs) == 3
    assert variation.lo < variation.value < variation.hi
    assert results.find("range_level", "a") is None


@pytest.mark.parametrize(
    "more", [{"groups": ("shire",)}, {"indicators": ("fees",)}, {"by": ("growth",)},
             {"to": "2022"}],
)  # fmt: skip
def test_only_what_a_rule_names(make_county, more):
    county = make_county(more={"standings": (rule(**more),)})
    results = see(county, "6.0", "2.0", "4.0").compute()
    assert results.find("rank_level_gap_next") is None
    assert results.find("range_level", "city") is None


def test_where_the_headline_indicators_stand(make_county):
    names = ("tax", "fees", "jobs")
    county = make_county(
        [{"id": name, "name": name, "unit": "亿元", "basis": "ytd", "headline": True}
         for name in names] + [{"id": "more", "name": "more", "unit": "亿元", "basis": "ytd"}],
        more={"standings": (rule(classes=THIRDS, by=("level",)),)},
    )  # fmt: skip
    see(county, "3.0", "2.0", "1.0")
    see(county, "2.0", "3.0", "1.0", indicator="fees")
    see(county, "9.0", "3.0", "5.0", indicator="jobs")
    see(county, "9.0", "3.0", "5.0", indicator="more")
    results = county.compute()
    counts = [
        told(results, "places_level", indicator="", base=one["name"], peer_group=GROUP)
        for one in THIRDS
    ]
    assert counts == [["2", "1", "0"], ["1", "1", "1"], ["0", "1", "2"]]
    first = results.find("places_level", indicator="", base="前三分之一")
    assert first.formula == "位次 ÷ 参加个数不超过1/3的重点指标个数（有位次的共3个）"
    assert first.inputs == (
        "jobs|a|2023-01/05|rank_level|||city/county", "tax|a|2023-01/05|rank_level|||city/county",
    )  # fmt: skip
    middle = results.find("places_level", indicator="", base="中间三分之一")
    assert middle.formula.startswith("位次 ÷ 参加个数大于1/3、不超过2/3的")


@pytest.mark.parametrize("changed", ["tax", "fees", "more"])
def test_recomputed_equals_computed_anew(make_county, changed):
    county = make_county(
        [{"id": name, "name": name, "unit": "亿元", "basis": "ytd", "headline": name != "more"}
         for name in ("tax", "fees", "more")],
        more={"standings": (rule(classes=THIRDS),)},
    )  # fmt: skip
    for name in ("tax", "fees", "more"):
        see(county, "3.0", "2.0", "1.0", indicator=name)
        see(county, "2.0", "2.0", "2.0", indicator=name, period=LAST)
    before = run(county)
    at = next(
        n for n, one in enumerate(county.observations)
        if (one.indicator, one.org, one.period) == (changed, "c", NOW)
    )  # fmt: skip
    county.observations[at] = county.observations[at]._replace(value=Decimal(8))
    now = run(county)
    frames = (observation_frame(county.observations), target_frame([]))
    ours = recompute(before, [changed], *frames, county.rulebook, PERIOD, DAY)
    assert nw.to_native(ours.measures).equals(nw.to_native(now.measures))
    assert not nw.to_native(now.measures).equals(nw.to_native(before.measures))


def run(county):
    return compute_month(
        observation_frame(county.observations), target_frame([]), county.rulebook, PERIOD, DAY
    )


hundredths = st.integers(1, 2000).map(lambda n: Decimal(n) / 100)


@settings(max_examples=30, deadline=None)
@given(values=st.tuples(hundredths, hundredths, hundredths))
def test_distances_and_ranks_tell_one_story(make_county, values):
    county = make_county(more={"standings": (rule(),)})
    results = see(county, *[f"{value:.2f}" for value in values]).compute()
    ranks = {org: int(results.shown("rank_level", org, peer_group=GROUP)) for org in "abc"}
    by_value = dict(zip("abc", values, strict=True))
    for org, own in by_value.items():
        ahead = results.find("rank_level_gap_next", org)
        tied = list(ranks.values()).count(ranks[org]) > 1
        better = [value for value in values if value > own]
        assert (ahead is None) == (not tied and not better)
        if ahead is not None:
            assert ahead.value == (0 if tied else min(better) - own)
    chain = sum(
        results.find("rank_level_gap_next", org).value
        for org in "abc" if ranks[org] > 1 and list(ranks.values()).count(ranks[org]) == 1
    )  # fmt: skip
    spread = results.find("range_level", "city").value
    assert spread == max(values) - min(values)
    if len(set(values)) == len(values):
        assert chain == spread


@settings(max_examples=30, deadline=None)
@given(values=st.tuples(hundredths, hundredths, hundredths))
def test_the_variation_is_cut_off_from_the_exact_one(make_county, values):
    county = make_county(more={"standings": (rule(),)})
    found = see(county, *[f"{value:.2f}" for value in values]).compute()
    variation = found.find("variation_level", "city")
    mean = Fraction(sum(values)) / 3
    square = sum((Fraction(value) - mean) ** 2 for value in values) / 3 / mean**2 * 10**4
    cut = Fraction(variation.value)
    assert cut**2 <= square < (cut + Fraction(1, 10**12)) ** 2
    assert variation.lo <= variation.value <= variation.hi
