"""Milestones, gates, holidays: every fault with its line."""

from __future__ import annotations

from typing import Any

import pytest

from diaodu.engine.ground.errors import RulebookError
from diaodu.engine.rules.build import build
from diaodu.engine.rules.faults import Fault
from diaodu.engine.rules.validate import Entry

ORG = {"id": "county", "name": "示例县", "level": "county"}
TAX = {
    "id": "tax", "name": "税收", "unit": "亿元", "basis": "ytd", "facets": ["level"],
    "direction": "high", "decimals": "1", "cadence": "month", "january": "yes",
}  # fmt: skip


def faults(*rules: tuple[str, dict[str, Any]]) -> list[Fault]:
    entries = [Entry("orgs", "orgs/a.yaml", ORG, {(): 1})]
    entries.append(Entry("indicators", "indicators/a.yaml", TAX, {(): 1}))
    entries += [Entry(kind, f"{kind}/a.yaml", data, {(): 1}) for kind, data in rules]
    try:
        build(entries, {})
    except RulebookError as error:
        return list(error.faults)
    return []


def gate(**more: Any) -> tuple[str, dict[str, Any]]:
    return "gates", {"id": "half", "name": "双过半", "month": "6", "done": ">=", "share": "50",
                     **more}  # fmt: skip


def pace(*milestones: dict[str, str], **more: Any) -> tuple[str, dict[str, Any]]:
    return "paces", {"id": "p", "pace_basis": "milestones", "milestones": list(milestones), **more}


HOLIDAYS: dict[str, Any] = {
    "id": "h", "year": "2023", "holidays": [{"from": "2023-05-01", "to": "2023-05-03"}],
}  # fmt: skip


def test_sound_rules_are_taken():
    assert faults(
        gate(growth=">"),
        gate(id="red", name="开门红", month="3", growth=">=", done=None, share=None),
        pace({"month": "6", "share": "60", "gate": "half"}, {"month": "9", "share": "90"}),
        ("holidays", {**HOLIDAYS, "workdays": ["2023-05-06"]}),
    ) == []  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "key", "message"),
    [
        (gate(done=None, share=None), "", "“双过半”什么也没有要求"),
        (gate(done=None, growth=">="), "share", "写了 share，却没有要求总量目标"),
        (pace(), "pace_basis", "按节点算序时，却没有写节点"),
        (pace({"month": "6", "share": "60"}, pace_basis="month"), "milestones",
         "写了节点，序时却不按节点算"),
        (pace({"month": "6", "share": "60"}, {"month": "6", "share": "70"}),
         "milestones.2.month", "6月的节点排在6月之后"),
        (pace({"month": "6", "share": "60"}, {"month": "9", "share": "50"}),
         "milestones.2.share", "9月应完成50%，比6月的60%还少"),
        (pace({"month": "12", "share": "90"}), "milestones.1.share",
         "年底的节点是90%，不是全年目标"),
        (pace({"month": "7", "share": "60", "gate": "half"}), "milestones.1.month",
         "这个节点为“双过半”而定，关口在6月底，节点却在7月底"),
        (pace({"month": "5", "share": "45", "gate": "half"}), "milestones.1.share",
         "“双过半”要求完成50%，为它定的节点只有45%"),
        (pace({"month": "5", "share": "45", "gate": "halt"}), "milestones.1.gate",
         "没有编号为“halt”的关口，是不是“half”？"),
        (("holidays", {**HOLIDAYS, "workdays": ["2023-05-04"]}), "workdays.1",
         "2023-05-04不是周末，不用写成调休上班"),
        (("holidays", {**HOLIDAYS, "workdays": ["2024-05-04"]}), "workdays.1",
         "2024-05-04不在2023年"),
        (("holidays", {**HOLIDAYS, "holidays": [{"from": "2023-05-03", "to": "2023-05-01"}]}),
         "holidays.1", "从2023-05-03放到2023-05-01，先后颠倒"),
        (("holidays", {**HOLIDAYS, "holidays": [{"from": "2024-05-01", "to": "2024-05-03"}]}),
         "holidays.1", "2024-05-01至2024-05-03不在2023年"),
    ],
)  # fmt: skip
def test_each_fault_is_told(rule, key, message):
    known = () if rule[0] == "gates" else (gate(),)
    found = faults(*known, rule)
    assert [(one.key, one.message) for one in found] == [(key, message)]


def test_a_profile_over_100_is_refused():
    found = faults(pace({"month": "6", "share": "120"}))
    assert [one.key for one in found] == ["milestones.1.share"]


def test_two_gates_of_one_month_are_told_apart_by_tier_or_time():
    second = gate(id="other")
    assert [one.message for one in faults(gate(), second)] == ["与“half”在同一时段都管“全部指标”"]
    assert faults(gate(), gate(id="other", tiers=["stretch"])) == []
    assert faults(gate(to="2023"), gate(id="other", **{"from": "2024"})) == []
    twice = faults(("holidays", HOLIDAYS), ("holidays", {**HOLIDAYS, "id": "g"}))
    assert [one.message for one in twice] == ["2023年的放假安排已写在“h”里"]
