"""The rulebook's worked cases of targets and gates come out as they say, and none is missing."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from diaodu.adapters.rulebook_in import read_rulebook
from diaodu.engine.compute.outcomes import Asked, outcome
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import half_unit
from diaodu.engine.ground.records import Measure, Target
from diaodu.engine.ground.words import (
    COMPARATOR_NAMES,
    KIND_NAMES,
    MEASURE_NAMES,
    MEASURE_WORD_NAMES,
)
from diaodu.engine.judge import gates
from diaodu.engine.judge.gates import GATE_NAMES, Point, Points
from diaodu.engine.rules.models import Gate, HolidayCalendar, Indicator, Org, Pace
from diaodu.engine.rules.rulebook import Rulebook

RULES = Path(__file__).resolve().parents[3] / "rulebook"
D = Decimal
DAY = date(2024, 1, 20)
CLASSES = ("met", "edge", "missed", "undecidable")
ALL = ("达到", "以上", "突破", "左右", "以内", "控制在")
# 突破 asks for more than is printed: the printed figure always tells. Places are whole numbers.
NEVER_UNDECIDABLE = {"突破"}
SAID: dict[str, tuple[str, ...]] = {
    "level": ALL, "growth": ALL, "ceiling": ("达到", "左右", "以内", "控制在"),
    "increment": ("达到", "以上", "突破", "左右"), "rank": ("达到", "以内"),
    "not_bottom": ("达到",), "mean": ("达到", "以上", "突破"), "sign": ("达到",),
    "relative": ("达到", "以上", "突破"), "times": ("达到", "以上"),
}  # fmt: skip
EXACT = {"rank", "not_bottom", "sign"}
# The bounds of a difference are those of two printed figures.
DIFFERENCES = {"gap_parent", "change"}
PACES = ("month", "day", "milestones", "working_day", "last_year", "phase", "share", "growth")


def _read(name: str) -> list[dict[str, Any]]:
    text = (RULES / "cases" / "targets" / f"{name}.yaml").read_text(encoding="utf-8")
    return list(yaml.safe_load(text))


KINDS, GATES = _read("kinds"), _read("gates")


def _code(names: dict[str, str], word: str) -> str:
    return next(code for code, name in names.items() if name == word)


# -- none is missing ---------------------------------------------------------------------------


def test_every_kind_and_comparator_has_each_of_its_cases() -> None:
    wanted = {
        f"{kind}_{comparator}_{one}"
        for kind, comparators in SAID.items()
        for comparator in comparators
        for one in CLASSES
        if one != "undecidable"
        or not (kind in EXACT or comparator in NEVER_UNDECIDABLE)
    }  # fmt: skip
    wanted |= {"yes_no_达到_met", "yes_no_达到_missed", "qualitative", "not_issued", "no_figure"}
    assert wanted - {case["id"] for case in KINDS} == set()
    assert {_code(KIND_NAMES, case["target"]["kind"]) for case in KINDS} == set(KIND_NAMES)
    said = {case["target"]["comparator"] for case in KINDS}
    assert said == set(COMPARATOR_NAMES.values())


def test_every_profile_and_rule_of_a_gate_has_each_of_its_cases() -> None:
    wanted = {
        f"{pace}_{op}_{one}" for pace in PACES for op in ("at_least", "above") for one in CLASSES
    }
    assert wanted == {case["id"] for case in GATES}
    shapes = set(Pace.model_json_schema()["properties"]["pace_basis"]["enum"])
    assert shapes <= set(PACES)


def test_each_is_told_in_its_own_figures() -> None:
    every = [*KINDS, *GATES]
    assert len({case["id"] for case in every}) == len(every)
    for case in every:
        printed = set(re.findall(r"-?\d+(?:\.\d+)?", case["sentence"]))
        given = [*case.get("figures", {}).values(), *case.get("other", {}).values()]
        given += [case["done"]] if "done" in case else []
        numbers = {one for one in given if re.fullmatch(r"-?\d+(\.\d+)?", str(one))}
        told = {*printed, *(f"-{one}" for one in printed)}  # 下降1.0%
        assert numbers <= told, case["id"]


# -- kinds and comparators ---------------------------------------------------------------------


def _indicator(id: str, kind: str) -> Indicator:
    given = {"id": id, "name": id, "unit": "亿元", "basis": "ytd", "decimals": 1}
    if kind == "yes_no":
        given |= {"unit": "个", "basis": "stock", "decimals": 0}
    return Indicator.model_validate(given)


def _orgs() -> dict[str, Org]:
    city = Org.model_validate({"id": "city", "name": "示例市", "level": "city"})
    county = {"id": "county", "name": "示例县", "level": "county", "parent": "city"}
    return {"city": city, "county": Org.model_validate(county)}


def _measure(indicator: str, org: str, name: str, text: str, year: Period) -> Measure:
    base = {"change": year.last_year().id, "gap_parent": "city"}.get(name, "")
    group = "city/county" if name.startswith("rank") else ""
    key = Measure.make_key(indicator, org, year.id, name, "", base, group)
    shared = (key, indicator, org, year.id, name, "", base, group)
    word = next((code for code, told in MEASURE_WORD_NAMES.items() if told == text), None)
    if word is not None:
        return Measure(*shared, None, text, None, word, "", None, None, "", ())
    value, decimals = D(text), len(text.partition(".")[2])
    half = half_unit(decimals) * (2 if name in DIFFERENCES else 1)
    if name.startswith("rank"):
        half = D(0)
    return Measure(
        *shared, value, text, decimals, None, "", value - half, value + half, "", ()
    )  # fmt: skip


class Known:
    """The case's figures, looked up as in a run."""

    def __init__(self, measures: list[Measure]) -> None:
        self.measures = measures

    def get(
        self, indicator: str, org: str, measure: str, target_id: str = "",
        base: str | None = None, peer_group: str | None = None,
    ) -> Measure | None:  # fmt: skip
        for one in self.measures:
            if (one.indicator, one.org, one.measure) != (indicator, org, measure):
                continue
            if base in (None, one.base) and peer_group in (None, one.peer_group):
                return one
        return None


def _target(given: dict[str, Any], indicator: str) -> Target:
    kind = _code(KIND_NAMES, given["kind"])
    value = D(given["value"]) if "value" in given else None
    tolerance = D(given["tolerance"]) if "tolerance" in given else None
    return Target(
        "t", indicator, "county", 2023, "own", kind, _code(COMPARATOR_NAMES, given["comparator"]),
        value, tolerance, given["unit"], None if value is not None else "no_target", "", "", DAY,
        "", "", "", "", "", given.get("against", ""), given.get("text", ""),
    )  # fmt: skip


@pytest.mark.parametrize("case", KINDS, ids=[case["id"] for case in KINDS])
def test_a_kind_comes_out_as_it_says(case: dict[str, Any]) -> None:
    year = Period.of_months(2023, 1, 12)
    target = _target(case["target"], "own")
    indicator = _indicator("own", target.kind)
    rulebook = Rulebook("v", _orgs(), {"own": indicator, "gdp": _indicator("gdp", "growth")})
    measures = [
        _measure("own", "county", _code(MEASURE_NAMES, name), str(text), year)
        for name, text in case["figures"].items()
    ]
    place = ("gdp", "county") if target.against == "gdp" else ("own", "city")
    measures += [
        _measure(*place, _code(MEASURE_NAMES, name), str(text), year)
        for name, text in case.get("other", {}).items()
    ]
    found = outcome(Asked(target, indicator, year, rulebook, Known(measures), due=Fraction(1)))
    assert found.word == case["expected"]["result"], case["sentence"]
    assert found.is_met == (case["expected"]["met"] == "是"), case["sentence"]
    if said := re.search(r"：[差低高]([\d.]+)", case["sentence"]):
        assert found.short is not None and abs(found.short) == D(said[1]), case["sentence"]


# -- gates and profiles ------------------------------------------------------------------------


class Printed(NamedTuple):
    value: Decimal
    decimals: int
    lo: Decimal
    hi: Decimal


def _point(text: str) -> Point:
    value, decimals = D(text), len(text.partition(".")[2])
    half = half_unit(decimals)
    return Point(Printed(value, decimals, value - half, value + half), ("o",))


@pytest.fixture(scope="module")
def holidays() -> tuple[HolidayCalendar, ...]:
    return read_rulebook(RULES).holidays


@pytest.mark.parametrize("case", GATES, ids=[case["id"] for case in GATES])
def test_a_gate_comes_out_as_it_says(
    case: dict[str, Any], holidays: tuple[HolidayCalendar, ...]
) -> None:
    pace, op, given = case["target"]["pace"], case["gate"]["op"], case.get("given", {})
    kind = "growth" if pace == "growth" else "level"
    rule = {"id": "half", "name": "双过半", "month": case["gate"]["month"], "growth": op}
    rule |= {"done": op, "share": case["gate"].get("share")}
    shape = {"id": "p", "pace_basis": pace, "milestones": given.get("milestones", ())}
    own = pace not in ("phase", "share", "growth")
    indicator = _indicator("own", "level")
    rulebook = Rulebook(
        "v", _orgs(), {"own": indicator}, gates=(Gate.model_validate(rule),), holidays=holidays,
        paces=(Pace.model_validate(shape),) if own else (),
    )  # fmt: skip
    wanted = {"kind": KIND_NAMES[kind], "comparator": "达到", "value": case["target"]["value"]}
    target = _target({**wanted, "unit": "亿元"}, "own")
    targets = [target]
    if "phase" in given:
        targets.append(target._replace(value=D(given["phase"]), period="2023-01/06", target_id="f"))
    done = ("own", "county", "2023-01/06")
    levels = {
        ("own", "county", period): _point(text)
        for period, text in given.get("last_year", {}).items()
    }
    points = Points(
        levels | ({done: _point(case["done"])} if kind == "level" else {}),
        {done: _point(case["done"])} if kind == "growth" else {},
    )
    asked = gates.asked(targets, rulebook, 2023, DAY)
    paces = gates.paces_of(targets, rulebook, points, DAY)
    horizon = {"own": Period.of_months(2023, 1, 6)}
    (found,) = gates.judge_gates(asked, rulebook, points, paces, horizon, DAY)
    assert GATE_NAMES[found.result] == case["expected"], case["sentence"]
