"""The line of the pace: shares of a target, exact and printed once."""

from __future__ import annotations

from fractions import Fraction

import pytest

from diaodu.adapters.rulebook_in import read_rulebook_files
from diaodu.engine.compute.pace_drawn import Due, due, share_gone
from diaodu.engine.ground.period import Period
from diaodu.engine.rules.rulebook import Rulebook

INDICATORS = """
- {id: retail, name: 零售额, unit: 亿元, basis: ytd, decimals: 2, facets: [level], direction: high,
   cadence: month, january: merged}
"""
ORGS = "- {id: xian, name: 示例县, level: county}"
MAY = Period.of_months(2023, 1, 5)


def _rules(shape: str = "") -> Rulebook:
    pace = f"- {{id: p, from: 2023-01, tiers: [assigned], pace_basis: {shape}}}"
    files = {"indicators/a.yaml": INDICATORS.encode(), "orgs/a.yaml": ORGS.encode()}
    if shape:
        files["paces/p.yaml"] = pace.encode()
    return read_rulebook_files(files)


def _share(shape: str, done: str | None = None, whole: str | None = None) -> Fraction | None:
    return share_gone(_rules(shape), "retail", "assigned", MAY, done, whole)


@pytest.mark.parametrize(
    ("shape", "share"),
    [
        ("", Fraction(5, 12)), ("month", Fraction(5, 12)), ("day", Fraction(151, 365)),
        ("milestones, milestones: [{month: 6, share: 60}]", Fraction(1, 2)),
    ],
)  # fmt: skip
def test_what_of_the_year_is_gone(shape: str, share: Fraction) -> None:
    assert _share(shape) == share


def test_a_pace_by_last_year_needs_last_year() -> None:
    assert _share("last_year", "40", "100") == Fraction(2, 5)
    for done, whole in ((None, "100"), ("40", None), ("40", "0"), ("40", "-5")):
        assert _share("last_year", done, whole) is None


def test_it_is_rounded_once_half_away_from_zero() -> None:
    assert due("120", Fraction(5, 12), 2) == Due("50", "50.00")
    assert due("1", Fraction(1, 8), 2).shown == "0.13"
    assert due("-1", Fraction(1, 8), 2).shown == "-0.13"
    third = due("100", Fraction(1, 3), 1)
    assert third.shown == "33.3" and third.digits.startswith("33.33333333")
