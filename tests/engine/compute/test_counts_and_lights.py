"""Counts and lights say the same of a figure and its target, whatever the two are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diaodu.engine.ground.period import parse_period
from diaodu.engine.ground.quantity import show
from diaodu.engine.judge.light import judge

AS_OF = date(2024, 2, 1)
BASES = {"ytd": "level", "stock": "level", "rate": "growth"}


def told(make_county, basis, value, goal, kind, comparator="reach", tolerance=None, month=5):
    """The one class that counts, and the row's verdict."""
    county = make_county()
    county.indicators[0] |= {
        "basis": basis, "headline": True, "decimals": 2,
        "facets": ("growth",) if kind == "growth" else ("level",),
    }  # fmt: skip
    period = f"2023-{month:02d}" if basis == "stock" or month == 1 else f"2023-01/{month:02d}"
    county.see("a", period, value, facet="growth" if kind == "growth" else "level")
    county.aim("a", goal, kind=kind)
    slack = None if tolerance is None else Decimal(tolerance)
    county.targets[0] = county.targets[0]._replace(comparator=comparator, tolerance=slack)
    results = county.compute(f"2023-{month:02d}", AS_OF)
    counts = {
        row.measure.removeprefix("count_")
        for row in results.rows
        if row.org == "a" and "target" in row.measure and row.measure.startswith("count_")
        and row.value == 1
    }  # fmt: skip
    verdict = judge(
        (r for r in results.rows if r.indicator), county.targets, county.rulebook,
        parse_period(f"2023-{month:02d}"), AS_OF,
    )[-1]  # fmt: skip
    [count] = counts
    return count, verdict


@pytest.mark.parametrize(
    ("basis", "value", "goal", "kind", "comparator", "tolerance", "count", "light", "reason"),
    [
        ("rate", "12.9", "13", "growth", "about", "0.5", "at_target", "good",
         "增速12.9%，与年度目标13%左右持平（低0.1个百分点，在容差0.5个百分点以内）"),
        ("rate", "13.6", "13", "growth", "about", "0.5", "above_target", "good",
         "增速13.6%，高于年度目标0.6个百分点"),
        ("rate", "12.4", "13", "growth", "about", "0.5", "below_target", "watch",
         "增速12.4%，低于年度目标0.6个百分点"),
        ("rate", "12.9", "13", "growth", "reach", None, "below_target", "watch",
         "增速12.9%，低于年度目标0.1个百分点"),
        ("rate", "12.96", "13", "growth", "reach", None, "at_target", "good",
         "增速13.0%，与年度目标持平"),
        ("rate", "8.5", "8.52", "growth", "reach", None, "target_not_comparable", "unknown",
         "增速8.5%，目标8.52%，按印发精度不能判定是否达到"),
        ("rate", "8.5", "8.5", "growth", "exceed", None, "at_target", "watch",
         "增速8.5%，与年度目标持平"),
        ("ytd", "41.65", "100", "level", "reach", None, "at_target", "good",
         "完成年度目标41.7%，与序时进度持平"),
        ("ytd", "41.60", "100", "level", "reach", None, "below_target", "watch",
         "完成年度目标41.6%，低于序时进度0.1个百分点"),
        ("ytd", "41.72", "100", "level", "reach", None, "above_target", "good",
         "完成年度目标41.7%，快于序时进度0.1个百分点"),
        ("stock", "49.996", "50", "level", "reach", None, "at_target", "good",
         "50.00亿元，与年度目标持平"),
    ],
)  # fmt: skip
def test_count_light_and_sentence_agree(
    make_county, basis, value, goal, kind, comparator, tolerance, count, light, reason
):
    found, verdict = told(make_county, basis, value, goal, kind, comparator, tolerance)
    assert (found, verdict.light, verdict.reasons[0]) == (count, light, reason)


def test_what_prints_as_nothing_owed_names_no_arrears(make_county):
    _, verdict = told(make_county, "ytd", "41.65", "100", "level")
    assert verdict.reasons == ("完成年度目标41.7%，与序时进度持平",)


def test_at_the_end_of_the_year_the_slack_counts_for_a_flow(make_county):
    count, verdict = told(make_county, "ytd", "98.00", "100", "level", "about", "3", month=12)
    assert (count, verdict.light) == ("at_target", "good")


number = st.builds(
    lambda n, d: show(Decimal(n).scaleb(-d), d), st.integers(1, 3000), st.integers(0, 3)
)
AGREEING = {
    "above_target": {"good"},
    "at_target": {"good", "watch"},
    "below_target": {"watch", "behind"},
    "target_not_comparable": {"unknown"},
}


@settings(max_examples=60, deadline=None)
@given(
    value=number, goal=number, basis=st.sampled_from(sorted(BASES)),
    comparator=st.sampled_from(["reach", "at_least", "exceed", "about", "within"]),
    tolerance=st.none() | st.sampled_from(["0.5", "3"]), month=st.sampled_from([1, 5, 12]),
)  # fmt: skip
def test_they_always_agree(make_county, value, goal, basis, comparator, tolerance, month):
    count, verdict = told(
        make_county, basis, value, goal, BASES[basis], comparator, tolerance, month
    )
    assert verdict.light in AGREEING[count], (count, verdict)
    if count == "at_target" and comparator != "exceed":
        assert verdict.light == "good" or month == 12
