"""Figures from before and after a break that cannot be compared are set against each other nowhere.

What was printed: growth itself was 无法比较, but two years' average, what the rest of the year must
grow, pull, contribution, like-for-like growth and streaks were still made of the old base, without
a mark. Right: a word and the reason; what was published as growth stays.
"""

from __future__ import annotations

import pytest

from diaodu.engine.rules.models import Break, Breakdown

APART = Break.model_validate(
    {"id": "scope", "indicators": ("output",), "orgs": ("east",), "from": "2023-02",
     "kind": "scope", "comparable": "false", "reason": "统计范围扩大", "document": "1号"}
)  # fmt: skip
PARTS = Breakdown.model_validate(
    {"id": "towns", "name": "各镇", "of": "orgs", "parent": "county", "indicators": ("output",),
     "orgs": ("east", "west"), "coverage": True}
)  # fmt: skip
FIGURES = {
    "county": {"2022-01/05": "200.0", "2023-01/05": "260.0"},
    "west": {"2022-01/05": "100.0", "2023-01/05": "110.0"},
    "east": {
        "2021-01/04": "80.0", "2021-01/05": "90.0", "2022-01/04": "85.0", "2022-01/05": "100.0",
        "2022-01/12": "240.0", "2023-01/04": "120.0", "2023-01/05": "150.0",
    },
}  # fmt: skip


def _month(county, breaks=(APART,)):
    county.more = {"breaks": breaks, "breakdowns": (PARTS,)}
    for org, figures in FIGURES.items():
        for period, value in figures.items():
            county.add("output", value, org=org, period=period)
    county.target("300")
    return county.month()


@pytest.mark.parametrize(
    ("measure", "org"),
    [
        ("change", "east"), ("growth", "east"), ("month_growth", "east"),
        ("two_year_average", "east"), ("pull", "east"),
        ("contribution", "east"), ("like_for_like", "county"), ("coverage_effect", "county"),
        ("coverage_effect_pp", "county"),
    ],
)  # fmt: skip
def test_nothing_is_compared_across_it(county, measure, org):
    told = _month(county).measure(measure, org=org)
    assert (told.value, told.word) == (None, "not_comparable")
    assert "口径变动" in told.formula or "统计范围变动" in told.formula


def test_the_rest_of_the_year_is_not_set_against_last_years(county):
    book = _month(county).book
    told = book.get("output", "east", "growth_needed", target_id=county.targets[0].target_id)
    assert (told.value, told.word) == (None, "not_comparable")


@pytest.mark.parametrize("measure", ["streak", "streak_sign", "streak_month"])
def test_no_streak_counts_it(county, measure):
    assert _month(county).measure(measure) is None


def test_the_rest_of_the_whole_is_still_told(county):
    month = _month(county)
    assert month.measure("pull", org="west").shown == "5.00"
    assert month.measure("pull_other", org="county").shown == "25.00"


def test_without_the_break_all_of_it_is_a_number(county):
    month = _month(county, breaks=())
    shown = {name: month.measure(name).shown for name in ("two_year_average", "pull", "streak")}
    assert shown == {"two_year_average": "29.1", "pull": "25.00", "streak": "1"}
    assert month.measure("like_for_like", org="county").shown == "30.0"


def test_published_growth_was_made_alike_by_who_published_it(county):
    county.add("output", "8.0", facet="growth")
    county.add("output", "2.0", facet="growth", period="2022-01/05")
    told = _month(county).measure("two_year_average")
    assert told.shown == "5.0"
    assert told.formula.endswith("（自2023年2月起统计范围变动：统计范围扩大，1号；与以前不可比）")
