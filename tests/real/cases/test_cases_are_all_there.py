"""The table of cases against the cases themselves: each is there once, with its own figures."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
CASES = ROOT.parent / "shared" / "cases"
TABLE = ROOT / "tests" / "engine" / "compute" / "calculator_cases.json"
VERDICTS = {
    True: {"holds"},
    False: {"contradicts", "truncated", "derived"},
    None: {"derived"},
}

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def cases() -> dict[str, dict[str, Any]]:
    """“slice1:4” → the fourth line of the file of the first slice, numbers as decimals."""
    files = sorted(CASES.glob("arithmetic-*.jsonl"))
    if not files:
        pytest.skip("the shared cases are not beside the repository")
    return {
        f"{file.stem.removeprefix('arithmetic-')}:{number}": json.loads(line, parse_float=Decimal)
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
    }


@pytest.fixture(scope="module")
def told() -> dict[str, list[dict[str, Any]]]:
    table: dict[str, list[dict[str, Any]]] = json.loads(TABLE.read_text(encoding="utf-8"))
    return table


def looked_up(found: Any, path: str) -> Any:
    """The figure at `path`: a key, keys and places in lists after `/`, or `list#n`, of which the
    figure is the place itself."""
    if path in found:
        return found[path]
    name, hash_, place = path.partition("#")
    if hash_:
        assert int(place) < len(found[name])
        return int(place) + 1
    for step in path.split("/"):
        found = found[int(step)] if isinstance(found, list) else found[step]
    return found


def tolerance(case: dict[str, Any], path: str) -> str:
    given = case["tolerance"]
    return str((given.get(path, 0) if isinstance(given, dict) else given) or 0)


def test_every_case_is_in_the_table_or_in_the_rest_and_in_one_of_them_once(
    cases: dict[str, dict[str, Any]], told: dict[str, list[dict[str, Any]]]
) -> None:
    in_table = {row["case"] for row in told["table"]}
    in_rest = Counter(case for group in told["rest"] for case in group["cases"])
    assert max(in_rest.values()) == 1
    assert not in_table & set(in_rest)
    assert in_table | set(in_rest) == set(cases)
    assert {row["case"] for row in told["variants"]} <= in_table


def test_no_row_stands_twice(told: dict[str, list[dict[str, Any]]]) -> None:
    rows = Counter((row["case"], row["result"], str(row["arguments"])) for row in told["table"])
    assert [row for row, count in rows.items() if count > 1] == []


def test_what_a_row_expects_is_what_its_case_expects(
    cases: dict[str, dict[str, Any]], told: dict[str, list[dict[str, Any]]]
) -> None:
    wrong = []
    for row in told["table"]:
        case = cases[row["case"]]
        figure = looked_up(case["expected"], row["result"])
        stated = (str(figure), tolerance(case, row["result"]))
        if (row["expected"], row["tolerance"]) != stated:
            wrong.append((row["case"], row["result"], stated))
    assert wrong == []


def test_a_verdict_agrees_with_the_case(
    cases: dict[str, dict[str, Any]], told: dict[str, list[dict[str, Any]]]
) -> None:
    wrong = [
        (row["case"], row["result"])
        for row in told["table"]
        if row["verdict"] not in VERDICTS[cases[row["case"]]["verifies"]]
    ]
    assert wrong == []


def test_false_shares_and_progress_come_out_false(
    cases: dict[str, dict[str, Any]], told: dict[str, list[dict[str, Any]]]
) -> None:
    false = {
        name
        for name, case in cases.items()
        if case["verifies"] is False and case["kind"] in ("share", "progress")
    }
    caught = {
        row["case"] for row in told["table"] if row["verdict"] in ("contradicts", "truncated")
    }
    assert len(false) >= 5
    assert false <= caught
