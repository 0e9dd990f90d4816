"""What must hold for any figures: order is nothing, rounding is no finding, doubles are nothing."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diaodu.engine.ground.quantity import round_half_up
from diaodu.engine.rules.models import Check

SLOW = settings(
    max_examples=30, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
amounts = st.integers(1, 10**7).map(lambda n: Decimal(n).scaleb(-3))


def _printed(value, decimals=1):
    return f"{round_half_up(value, decimals):f}"


@SLOW
@given(months=st.lists(amounts, min_size=5, max_size=5))
def test_true_figures_printed_rounded_give_no_finding(new_county, months):
    """Months, cumulatives and two parts, each rounded on its own, never contradict each other."""
    county = new_county()
    county.checks = [
        Check(id="p", kind="parts", of="orgs", child_level="township"),
        Check(id="slip", kind="unit_slip", off=True, reason="任意数"),
    ]
    shares = {"east": Decimal("0.5"), "west": Decimal("0.3"), "north": Decimal("0.2")}
    for org, share in (*shares.items(), ("county", Decimal(1))):
        total = Decimal(0)
        for number, month in enumerate(months, start=1):
            total += month * share
            span = f"2023-01/{number:02d}" if number > 1 else "2023-01"
            county.add("output", _printed(total), org=org, period=span)
            if number > 1:
                single = f"2023-{number:02d}"
                county.add("output", _printed(month * share), org=org, period=single)
    assert county.findings() == []


@SLOW
@given(base=amounts, level=amounts)
def test_a_growth_computed_and_printed_agrees_with_its_levels(new_county, base, level):
    county = new_county()
    county.add("retail", _printed(base, 3), period="2022-01/05")
    county.add("retail", _printed(level, 3))
    county.add("retail", _printed((level / base - 1) * 100), facet="growth")
    codes = {f.code for f in county.findings()}
    assert not codes & {"published_vs_computed", "implied_base"}


def _messy(county):
    county.checks = [Check(id="sum", kind="parts", of="orgs", indicators=("output",))]
    for org, value in (("east", "30.0"), ("west", "31.0"), ("north", "444000"), ("county", "99.9")):
        county.add("output", "30.0", org=org, period="2022-01/05")
        county.add("output", "33.0", org=org, period="2023-01/04")
        county.add("output", value, org=org)
        county.add("output", "25.5", org=org, facet="growth")
        county.add("output", "1", org=org, facet="rank_growth")
    return county


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_changes_nothing(county, seed):
    expected = _messy(county).findings()
    assert len({f.code for f in expected}) > 3
    random.Random(seed).shuffle(county.observations)
    assert county.findings() == expected


def test_an_unrelated_figure_changes_no_id(county):
    before = {f.id for f in _messy(county).findings()}
    county.add("loans", "12.0", period="2023-05")
    assert {f.id for f in county.findings()} == before


def test_a_row_twice_changes_nothing(county):
    expected = _messy(county).findings()
    county.observations *= 2
    assert county.findings() == expected


def test_the_newest_periods_alone_give_the_same_findings_about_them(county):
    newest = [f for f in _messy(county).findings() if f.period == "2023-01/05"]
    found = county.findings(all_periods=False)
    assert [f for f in found if f.period == "2023-01/05"] == newest
