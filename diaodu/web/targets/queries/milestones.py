"""Milestones as people write them: 6月60% 9月90%, 双过半60%, 8月（双过半）60%."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from diaodu.engine.compute.decomposition import milestones_before_gates
from diaodu.engine.rules.models import Gate, Milestone
from diaodu.web.rulebooks import queries as rulebooks

_WRITTEN = re.compile(
    r"(?:(?P<month>\d{1,2})月[底末]?)?[（(]?(?P<gate>[^\d\s（）()%％，,、；;]*)[）)]?\s*"
    r"(?P<share>\d{1,4}(?:\.\d{1,4})?)\s*[%％]"
)
_HOW = "请照“6月60% 9月90%”这样写"
_BETWEEN = " ，,、；;。\t\n"


class MilestoneError(ValueError):
    """Everything that is wrong with what was written, each in words."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = list(faults)
        super().__init__("；".join(faults))


def gates_of(indicator: str, year: int) -> list[Gate]:
    return rulebooks.current().gates_for(indicator, year)


def read_milestones(text: str, gates: Sequence[Gate]) -> list[Milestone]:
    """In order of their months. Raises MilestoneError."""
    faults: list[str] = []
    left = _WRITTEN.sub("", text).strip(_BETWEEN)
    if left:
        faults.append(f"“{left}”读不懂；{_HOW}")
    found = [one for match in _WRITTEN.finditer(text) if (one := _read(match, gates, faults))]
    found.sort(key=lambda one: one.month)
    faults += _out_of_order(found)
    if not faults:
        late = milestones_before_gates(found, gates)
        faults = [f"{one.message}；{one.action}" for one in late]
    if faults:
        raise MilestoneError(faults)
    return found


def _read(match: re.Match[str], gates: Sequence[Gate], faults: list[str]) -> Milestone | None:
    said, name, share = match.group().strip(), match["gate"], Decimal(match["share"])
    gate = next((one for one in gates if one.name == name), None)
    month = int(match["month"]) if match["month"] else gate.month if gate else 0
    before = len(faults)
    if name and gate is None:
        named = "、".join(one.name for one in gates) or "没有"
        faults.append(f"没有叫“{name}”的关口；规则里的关口：{named}")
    elif not 1 <= month <= 12:
        faults.append(f"“{said}”要写到几月底，1到12月；{_HOW}")
    if not 0 < share <= 100:
        faults.append(f"“{said}”超出了0到100%；到年底是100%，节点不能超过它")
    if len(faults) > before:
        return None
    return Milestone(month=month, share=share, gate=gate.id if gate else None)


def _out_of_order(found: Sequence[Milestone]) -> list[str]:
    faults = []
    for one, two in pairwise(found):
        if one.month == two.month:
            faults.append(f"{one.month}月写了两次；只留一个")
        elif two.share < one.share:
            faults.append(
                f"{two.month}月底{two.share:f}%比{one.month}月底的{one.share:f}%少；"
                "累计的数不往回走，请核对"
            )
    return faults
