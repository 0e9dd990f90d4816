"""Ratios, bases that are no bases, ties and roundings."""

from __future__ import annotations

from decimal import Decimal

import pytest

from diaodu.engine.ground.quantity import show


@pytest.mark.parametrize(
    ("base", "now", "word"),
    [
        ("0.0", "5.0", "zero_base"),
        ("-3.0", "5.0", "turned_positive"),
        ("-3.0", "-1.0", "loss_narrowed"),
        ("-3.0", "-5.0", "loss_widened"),
        ("3.0", "-5.0", "turned_negative"),
    ],
)
def test_growth_over_a_base_that_is_none_is_a_word(county, base, now, word):
    county.add("profit", base, period="2022-01/05")
    county.add("profit", now)
    growth = county.month().measure("growth", indicator="profit")
    assert (growth.value, growth.word) == (None, word)


def test_the_growth_of_peers_together_is_no_mean_of_growths(county):
    """10 → 20 and 90 → 90 is +10 % together; the mean of +100 % and 0 % says +50 %."""
    for org, base, now in (("east", "10.0", "20.0"), ("west", "45.0", "45.0"),
                           ("north", "45.0", "45.0")):  # fmt: skip
        county.add("output", base, org=org, period="2022-01/05")
        county.add("output", now, org=org)
    gap = county.month().measure("gap_peers_mean")
    assert gap.value == 90


def test_ratios_are_never_summed_against_their_parent(county):
    for org in ("county", "east", "west", "north"):
        county.add("rate", "98.0", org=org)
    assert "parts_vs_parent" not in county.month().codes()


def test_a_tenth_and_two_tenths_tie_with_three_tenths(county):
    county.add("output", "0.1", period="2023-01/04")
    county.add("output", "0.3")
    county.add("output", "0.2", period="2023-05")
    assert "month_vs_ytd" not in county.month().codes()
    assert Decimal("0.1") + Decimal("0.2") == Decimal("0.3")


def test_equal_figures_in_other_digits_share_a_place(county):
    for org, value in (("east", "0.30"), ("west", "0.3"), ("north", "0.10")):
        county.add("output", value, org=org)
    month = county.month()
    places = {org: month.measure("rank_level", org=org).value for org in ("east", "west", "north")}
    assert places == {"east": 1, "west": 1, "north": 3}


@pytest.mark.parametrize(
    ("value", "shown"),
    [("0.125", "0.13"), ("-0.125", "-0.13"), ("2.675", "2.68"), ("1.005", "1.01")],
)
def test_a_half_is_rounded_away_from_zero_once(value, shown):
    assert show(Decimal(value), 2) == shown


def test_a_printed_figure_meets_a_target_it_equals(county):
    county.target("8.5", "growth")
    county.add("output", "8.5", facet="growth")
    assert county.month().light().light == "good"


def test_a_figure_finer_targets_cannot_be_held_against_is_said_to_be_undecidable(county):
    county.target("8.52", "growth")
    county.add("output", "8.5", facet="growth")
    found = county.month().light()
    assert (found.light, found.word) == ("unknown", "按印发精度不能判定")


def test_a_slip_of_unit_moves_no_measure(county):
    county.add("output", "40.0", period="2022-01/05")
    county.add("output", "35.0", period="2023-01/04")
    county.add("output", "444000.0")
    month = county.month()
    assert "unit_slip" in month.codes()
    value = month.measure("value")
    assert value is None or value.value is None


def test_the_same_figure_twice_counts_once(county):
    for org, value in (("east", "20.0"), ("west", "10.0"), ("county", "30.0")):
        county.add("output", value, org=org)
    once = county.month()
    county.observations *= 2
    twice = county.month()
    for name in ("value", "rank_level", "share"):
        one, two = once.measure(name), twice.measure(name)
        assert (one is None) == (two is None)
        assert one is None or one.value == two.value
    assert once.codes() == twice.codes()
