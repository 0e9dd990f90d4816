"""Rules of one series: every fault of bands, paces and shapes with its line."""

from __future__ import annotations

from typing import Any

import pytest

from diaodu.engine.ground.errors import RulebookError
from diaodu.engine.rules.build import build
from diaodu.engine.rules.faults import Fault
from diaodu.engine.rules.validate import Entry

ORG = {"id": "county", "name": "示例县", "level": "county"}
COMMON = {"direction": "high", "decimals": "1", "cadence": "month"}
INDICATORS = (
    {"id": "va", "name": "增加值", "unit": "%", "basis": "rate", "facets": ["growth"],
     "january": "merged", **COMMON},
    {"id": "tax", "name": "税收", "unit": "亿元", "basis": "ytd", "facets": ["level"],
     "january": "yes", **COMMON},
)  # fmt: skip


def lines_of(data: Any, start: int = 1, path: tuple[str | int, ...] = ()) -> dict[Any, int]:
    """Every key on a line of its own, counted from the entry's first."""
    found = {path: start}
    items = data.items() if isinstance(data, dict) else enumerate(data)
    at = start
    for key, value in items:
        at += 1
        found[(*path, key)] = at
        if isinstance(value, dict | list):
            inner = lines_of(value, at, (*path, key))
            found |= inner
            at = max(inner.values())
    return found


def faults(*rules: tuple[str, dict[str, Any]]) -> list[Fault]:
    entries = [Entry("orgs", "orgs/a.yaml", ORG, lines_of(ORG))]
    entries += [Entry("indicators", "indicators/a.yaml", i, lines_of(i)) for i in INDICATORS]
    entries += [Entry(kind, f"{kind}/a.yaml", data, lines_of(data)) for kind, data in rules]
    try:
        build(entries, {})
    except RulebookError as error:
        return list(error.faults)
    return []


def bands(*given: dict[str, str], **more: Any) -> tuple[str, dict[str, Any]]:
    return "bands", {"id": "档", "of": "completion", "bands": list(given), **more}


LOW, HIGH = {"name": "低", "hi": "50"}, {"name": "高", "lo": "50"}


def test_bands_that_cover_are_taken():
    assert faults(bands(LOW, HIGH)) == []
    assert faults(bands({"name": "全部"})) == []


@pytest.mark.parametrize(
    ("given", "key", "message"),
    [
        ((LOW, {"name": "高", "lo": "60"}), "bands.2.lo", "“低”与“高”之间有空当：50到60没有档"),
        ((LOW, {"name": "高", "lo": "40"}), "bands.2.lo", "“低”与“高”重叠：40到50有两档"),
        (({"name": "低", "lo": "0", "hi": "50"}, HIGH), "bands.1.lo",
         "最低一档“低”从0起，比它低的没有档"),
        ((LOW, {"name": "高", "lo": "50", "hi": "100"}), "bands.2.hi",
         "最高一档“高”不到100，100及以上的没有档"),
        ((LOW, {"name": "高"}), "bands.2", "“低”与“高”相接的地方没有写‘lo’"),
        ((LOW, {"name": "低", "lo": "50"}), "bands.2.name", "档名“低”重复"),
    ],
)  # fmt: skip
def test_bands_with_gap_or_overlap(given, key, message):
    (fault,) = faults(bands(*given))
    assert (fault.key, fault.message) == (key, message)
    assert fault.file == "bands/a.yaml" and fault.line > 1 and fault.action


def test_two_sets_of_one_sort_at_one_time():
    (fault,) = faults(bands(LOW, HIGH), bands(LOW, HIGH, id="另一档"))
    assert fault.message == "与“档”在同一时段都管“全部指标”"
    assert faults(bands(LOW, HIGH, to="2022"), bands(LOW, HIGH, id="新", **{"from": "2023"})) == []
    assert faults(bands(LOW, HIGH), bands(LOW, HIGH, id="差", of="pace_gap")) == []


def shape(weights: list[str], **more: Any) -> tuple[str, dict[str, Any]]:
    return "shapes", {"id": "形", "indicators": ["va"], "weights": weights, **more}


ELEVEN = ["20", *["8"] * 10]


def test_a_shape_that_fits_is_taken():
    assert faults(shape(ELEVEN)) == []
    assert faults(shape(ELEVEN), shape(ELEVEN, id="县", orgs=["county"])) == []


@pytest.mark.parametrize(
    ("weights", "key", "message"),
    [
        (["12", *["8"] * 11], "weights", "写了12个比重，“增加值”一年报11期"),
        (["10", *["8"] * 10], "weights", "各期比重合计90，不是100"),
        (["110", "-10", *["0"] * 9], "weights.2", "比重-10是负数"),
    ],
)
def test_a_shape_that_does_not_fit(weights, key, message):
    (fault,) = faults(shape(weights))
    assert (fault.key, fault.message) == (key, message)
    assert fault.line > 1 and fault.action


def test_a_shape_of_what_has_levels_of_its_own():
    (fault,) = faults(shape(["8"] * 11 + ["12"], indicators=["tax"]))
    assert fault.message == "“税收”有总量，上年结构由上年来数得出，不必另写"


def test_one_target_has_one_pace_at_a_time():
    one = {"id": "甲", "tiers": ["assigned"], "pace_basis": "day"}
    assert faults(("paces", one), ("paces", {**one, "id": "乙", "tiers": ["own"]})) == []
    (fault,) = faults(("paces", one), ("paces", {**one, "id": "乙"}))
    assert fault.message == "与“甲”在同一时段都管“全部指标”"


def test_a_measure_that_nobody_computes_is_named():
    wrong = {**INDICATORS[1], "id": "t", "name": "别的", "measures": ["streaks"]}
    (fault,) = faults(("indicators", wrong))
    assert fault.key == "measures.1"
    assert "streak" in fault.message
