"""The rulebook's worked cases come out as they say."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from diaodu.engine.compute.calculator import calculate
from diaodu.engine.ground.period import Period

CASES = Path(__file__).resolve().parents[3] / "rulebook" / "cases"
KEYS = {"id", "sentence", "period", "calc", "inputs", "expected"}


def _cases() -> list[dict[str, Any]]:
    return [
        case
        for path in sorted(CASES.glob("*.yaml"))
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def _printed(value: Fraction, like: str) -> str:
    """四舍五入 to as many decimals as the expected text has."""
    places = len(like.partition(".")[2])
    whole = (2 * abs(value) * 10**places + 1) // 2
    return f"{Decimal(-whole if value < 0 else whole).scaleb(-places):f}"


def test_there_are_enough_and_each_is_whole() -> None:
    cases = _cases()
    assert len(cases) >= 12
    assert len({case["id"] for case in cases}) == len(cases)
    for case in cases:
        assert set(case) == KEYS
        assert case["sentence"].endswith("。")
        assert Period.from_id(case["period"]).id == case["period"]
    told = {case["calc"] for case in cases}
    assert told >= {"completion", "pace_gap", "growth", "implied_base", "rank"}


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case["id"])
def test_case(case: dict[str, Any]) -> None:
    result = calculate(case["calc"], case["inputs"])
    expected = case["expected"]
    assert result.word == expected.get("word")
    if "value" in expected:
        assert result.value is not None
        assert _printed(result.value, expected["value"]) == expected["value"]
    else:
        assert result.value is None
