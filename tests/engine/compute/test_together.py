"""Gross and net arrears of the orgs below: what is behind, and what those ahead make up."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st


def _aimed(county, **done):
    """Each county of the city aims at 12.0: 1.0 a month."""
    for org, value in done.items():
        county.aim(org, "12.0")
        if value is not None:
            county.see(org, "2023-01/05", value)
    return county


def test_gross_counts_those_behind_and_net_lets_the_others_make_up(county):
    results = _aimed(county, a="3.0", b="4.5", c="6.0").compute()
    gross = results.find("arrears_gross", "city", base="assigned")
    net = results.find("arrears_net", "city", base="assigned")
    assert (gross.shown, net.shown, gross.unit) == ("2.50", "1.50", "亿元")
    assert gross.formula == "下级进度欠账之和，只计欠账的（3个目标，3个有数）"
    assert net.formula == "下级进度欠账之和，超额的抵减（3个目标，3个有数）"
    assert gross.inputs == net.inputs
    assert [results.by_key[key].shown for key in net.inputs] == ["2.00", "0.50", "-1.00"]
    assert results.find("arrears_gross", "a") is None


def test_who_has_no_figure_is_counted_as_such(county):
    results = _aimed(county, a="3.0", b="4.5", c=None).compute()
    gross = results.find("arrears_gross", "city")
    assert (gross.shown, gross.formula) == (
        "2.50", "下级进度欠账之和，只计欠账的（3个目标，2个有数）",
    )  # fmt: skip


def test_one_alone_is_no_sum(county):
    assert _aimed(county, a="3.0", b=None).compute().find("arrears_net", "city") is None


def test_where_less_is_better_the_excess_is_owed(county):
    county.indicators[0]["direction"] = "low"
    results = _aimed(county, a="3.0", b="6.0").compute()
    assert results.shown("arrears_gross", "city") == "1.00"
    assert results.shown("arrears_net", "city") == "-1.00"


def test_tiers_are_kept_apart(county):
    _aimed(county, a="3.0", b="4.5")
    for org in ("a", "b"):
        county.aim(org, "24.0", tier="own")
    results = county.compute()
    assert results.shown("arrears_gross", "city", base="assigned") == "2.50"
    assert results.shown("arrears_gross", "city", base="own") == "12.50"


tenths = st.integers(0, 200).map(lambda n: f"{Decimal(n) / 10:.1f}")


@settings(max_examples=30, deadline=None)
@given(done=st.tuples(tenths, tenths, tenths))
def test_they_are_the_sums_of_the_arrears_within_their_bounds(make_county, done):
    results = _aimed(make_county(), **dict(zip("abc", done, strict=True))).compute()
    owed = [Decimal(5) - Decimal(one) for one in done]
    gross, net = (results.find(name, "city") for name in ("arrears_gross", "arrears_net"))
    assert gross.value == sum(max(one, Decimal(0)) for one in owed)
    assert net.value == sum(owed)
    surplus = sum(max(-one, Decimal(0)) for one in owed)
    assert net.value == gross.value - surplus
    assert gross.value >= max(net.value, 0)
    assert gross.lo <= gross.value <= gross.hi
    assert (net.lo, net.hi) == (net.value - Decimal("0.15"), net.value + Decimal("0.15"))
