"""How long an org has been first among its peers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

RATE = {"id": "tax", "name": "固投", "unit": "%", "basis": "rate", "facets": ["growth"],
        "january": "merged", "headline": True}  # fmt: skip
SIBLINGS = "city/county"


def county_with(make_county, rows: dict[str, list[str | None]], **more):
    """Growths of 2023 by org, 1—2月 first; None: nothing was published."""
    county = make_county([{**RATE, **more}])
    for org, growths in rows.items():
        for month, growth in enumerate(growths, 2):
            if growth is not None:
                county.see(org, f"2023-01/{month:02d}", growth, facet="growth")
    return county


def test_months_in_a_row_count_and_1_to_2_counts_two(make_county):
    county = county_with(
        make_county, {"a": ["9.0", "8.0", "7.0", "6.0"], "b": ["9.5", "7.9", "6.9", "5.9"]}
    )
    found = county.compute().find("streak_first", peer_group=SIBLINGS)
    assert (found.shown, found.unit, found.lo, found.hi) == ("3", "个月", 3, 3)
    assert found.formula == (
        "增速连续居示例市第1（含并列）的月数（1—2月按两个月计），自2023年1—3月起"
    )
    assert county.compute("2023-02").find("streak_first", "b").shown == "2"


def test_only_who_is_first_has_one(make_county):
    county = county_with(make_county, {"a": ["9.0"], "b": ["8.0"], "c": ["9.0"]})
    results = county.compute("2023-02")
    assert [results.shown("streak_first", org) for org in "abc"] == ["2", None, "2"]


def test_alone_nobody_is_first(make_county):
    county = county_with(make_county, {"a": ["9.0"]})
    assert county.compute("2023-02").find("streak_first") is None


def test_less_is_first_where_less_is_better(make_county):
    county = county_with(make_county, {"a": ["9.0"], "b": ["8.0"]}, direction="low")
    results = county.compute("2023-02")
    assert (results.shown("streak_first", "a"), results.shown("streak_first", "b")) == (None, "2")


def test_a_month_that_nobody_can_tell_leaves_the_beginning_open(make_county):
    county = county_with(make_county, {"a": ["9.0", "8.0", "7.0"], "b": [None, "7.9", "6.9"]})
    found = county.compute("2023-04").find("streak_first")
    assert (found.value, found.lo, found.hi) == (2, 2, None)
    assert found.formula.endswith("自2023年1—3月起；再往前没有可比的数")


def test_a_month_without_the_own_figure_ends_it(make_county):
    rows = {"a": ["9.0", None, "7.0"], "b": ["8.0", "7.9", "6.9"], "c": ["7.0", "7.0", "6.0"]}
    found = county_with(make_county, rows).compute("2023-04").find("streak_first")
    assert (found.value, found.lo, found.hi) == (1, 1, 1)


def test_it_rests_on_the_own_growth_and_the_nearest_one_behind(make_county):
    county = make_county([RATE])
    seen = {
        org: county.see(org, "2023-01/02", growth, facet="growth")
        for org, growth in (("a", "9.0"), ("b", "8.0"), ("c", "7.0"))
    }
    results = county.compute("2023-02")
    found = results.find("streak_first")
    assert set(found.inputs) == {seen["a"], seen["b"]}
    assert results.reaches(found.key)


@pytest.mark.parametrize("published", [True, False])
@given(
    table=st.lists(
        st.tuples(*[st.none() | st.integers(-5, 5)] * 3), min_size=3, max_size=8
    )
)  # fmt: skip
@settings(max_examples=25, deadline=None)
def test_it_counts_the_months_whose_rank_is_one(make_county, published, table):
    indicator = RATE if published else {**RATE, "unit": "亿元", "basis": "ytd",
                                        "facets": ["level"], "decimals": 1}  # fmt: skip
    county = make_county([indicator])
    for month, row in enumerate(table, 2):
        for org, growth in zip("abc", row, strict=True):
            if growth is None:
                continue
            period = f"01/{month:02d}"
            if published:
                county.see(org, f"2023-{period}", f"{growth}.0", facet="growth")
            else:
                county.see(org, f"2022-{period}", "100.0")
                county.see(org, f"2023-{period}", f"{Decimal(100 + growth)}.0")
    runs = [county.compute(f"2023-{month:02d}") for month in range(2, 2 + len(table))]
    for org in "abc":
        months = 0
        for number, (one, row) in enumerate(zip(runs, table, strict=True)):
            is_told = row["abc".index(org)] is not None
            is_first = is_told and one.shown("rank_growth", org, peer_group=SIBLINGS) == "1"
            months = months + (2 if number == 0 else 1) if is_first else 0
            found = one.find("streak_first", org, peer_group=SIBLINGS) if is_told else None
            assert (0 if found is None else int(found.value)) == months
