"""Figures met in the field: a table of cases made by hand, each computed again.

`table`: one row for each result of a case that the calculator has a function for. `expected` and
`tolerance` are the case's own; `turned` where the case states a shortfall as a positive number,
`bound` where it states an end of the interval, `doubt` where we think the case itself is weak.
`variants`: the same figures put another way, the expectations ours. `rest`: cases without a
function, with the reason.

Verdicts. holds: the printed result can be right. truncated: it is cut off instead of rounded.
contradicts: it cannot be right. derived: nothing was printed, the case worked the result out.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from diaodu.engine.compute.calculator import calculate
from diaodu.engine.compute.grading import grade
from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.quantity import Printed, half_unit, read_number

CASES = json.loads((Path(__file__).parent / "calculator_cases.json").read_text(encoding="utf-8"))
TABLE: list[dict[str, Any]] = CASES["table"]
ROWS = TABLE + CASES["variants"]
GRADES = {"holds": "holds", "truncated": "truncated", "contradicts": "wrong"}
FUNCTIONS = {
    "completion", "pace_gap", "growth", "implied_base", "share", "difference", "sum", "pp_diff",
    "pull", "contribution", "two_year_average", "mean_required", "growth_needed", "gap_to_close",
    "rank", "multi_year_path", "ratio", "implied_whole", "part_of",
}  # fmt: skip


@dataclass(frozen=True)
class Expected:
    """What a row expects, and how far off the case itself lets it be."""

    printed: Printed
    slack: Fraction

    @property
    def value(self) -> Fraction:
        return Fraction(self.printed.value)


def expected(row: dict[str, Any]) -> Expected:
    printed = read_number(row["expected"])
    assert printed is not None
    slack = max(Fraction(row["tolerance"]), Fraction(half_unit(printed.decimals)))
    return Expected(printed, slack)


def computed(row: dict[str, Any]) -> Interval:
    found = calculate(row["function"], row["arguments"])
    assert found.value is not None and found.lo is not None and found.hi is not None
    interval = Interval(found.value, found.lo, found.hi)
    return -interval if row.get("turned") else interval


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['case']} {row.get('result', '')}")
def test_a_case_computed_again(row: dict[str, Any]) -> None:
    stated, found = expected(row), computed(row)
    if "bound" in row:
        assert abs(getattr(found, row["bound"]) - stated.value) <= stated.slack
        return
    if row["verdict"] in GRADES:
        assert grade(stated.printed, found) == GRADES[row["verdict"]]
    if row["verdict"] in ("holds", "derived"):
        assert found.lo - stated.slack <= stated.value <= found.hi + stated.slack
    if row["verdict"] == "derived":  # worked out from the printed numbers as they stand
        assert abs(found.value - stated.value) <= stated.slack


def test_every_function_and_every_way_of_calling_it_is_met() -> None:
    assert len(TABLE) >= 650
    assert {row["function"] for row in TABLE} == FUNCTIONS
    ways = Counter((row["function"], frozenset(row["arguments"])) for row in TABLE)
    assert {keys for name, keys in ways if name == "pull"} == {
        frozenset(("part_change", "parent_base")),
        frozenset(("share", "growth")),
        frozenset(("contribution", "parent_growth")),
    }
    for name, count in {
        "completion": 2, "pace_gap": 3, "growth": 2, "contribution": 2, "two_year_average": 2,
        "mean_required": 2, "rank": 2, "pp_diff": 2,
    }.items():  # fmt: skip
        assert sum(way[0] == name for way in ways) == count, name


def test_what_speeches_get_wrong_comes_out() -> None:
    told = {(row["case"], row["expected"]): row["verdict"] for row in TABLE}
    assert told[("slice1:48", "10")] == "truncated"
    assert told[("slice6:58", "29.6")] == "truncated"
    wrong = {row["expected"] for row in TABLE if row["verdict"] == "contradicts"}
    assert wrong == {"24.0", "188", "32.9", "17.61"}
