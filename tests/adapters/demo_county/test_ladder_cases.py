"""The rulebook's worked cases of the ladder come out as they say."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from diaodu.adapters.rulebook_in import read_rulebook
from diaodu.engine.dispatch.duty import Duty
from diaodu.engine.dispatch.ladder import Taken, escalate
from diaodu.engine.rules.rulebook import Rulebook

RULES = Path(__file__).resolve().parents[3] / "rulebook"
KEYS = {"id", "sentence", "day", "duty", "expected"}


def _cases() -> list[dict[str, Any]]:
    return [
        case
        for path in sorted((RULES / "cases" / "ladders").glob("*.yaml"))
        for case in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return read_rulebook(RULES)


def test_each_is_whole() -> None:
    cases = _cases()
    assert len(cases) >= 10
    assert len({case["id"] for case in cases}) == len(cases)
    for case in cases:
        assert set(case) >= KEYS
        assert set(case) <= KEYS | {"taken", "follows"}
        assert case["sentence"].endswith("。")


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case["id"])
def test_case(case: dict[str, Any], rulebook: Rulebook) -> None:
    duty = Duty.model_validate(
        {"id": "d", "title": "事项", "source": "meeting", "lead": "bailu", "person": "某人",
         **case["duty"]}
    )  # fmt: skip
    taken = [_taken(duty, **one) for one in case.get("taken", ())]
    found = escalate([duty], taken, [], rulebook, case["day"])
    assert [one.step for one in found] == case["expected"]
    follows = [words for one in found for words in one.evidence if "第2次" in words]
    assert follows == ([case["follows"]] if "follows" in case else [])


def _taken(duty: Duty, step: Any, day: date, latest: date | None = None) -> Taken:
    """The rungs of the demo's ladder stand where the reminder of the day after does."""
    until = latest or duty.latest
    key = f"{duty.id}|{duty.lead}|{until}|reminder|1" if step == "reminder" else ""
    return Taken(duty.id, duty.lead, duty.matter, step, day, until, key)
