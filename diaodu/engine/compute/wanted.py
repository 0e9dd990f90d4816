"""What a target of a further kind asks, in an office's words: 增速进前3位, 不低于全市平均."""

from __future__ import annotations

from decimal import Decimal

from diaodu.engine.compute.outcomes import TIMES, reference, sort_and_group
from diaodu.engine.ground.records import Target
from diaodu.engine.ground.words import COMPARATOR_NAMES
from diaodu.engine.rules.models import Indicator
from diaodu.engine.rules.rulebook import Rulebook

_BY = {"growth": "增速", "level": "总量"}


def wanted(target: Target, indicator: Indicator, rulebook: Rulebook) -> str:
    """Of a target of any kind; 未下达 for one without a number, the words of a qualitative one."""
    if target.kind == "qualitative":
        return target.text
    if target.value is None:
        return "未下达"
    if target.kind in ("rank", "not_bottom"):
        return _place(target, indicator, rulebook)
    if target.kind in ("mean", "relative"):
        return _beside(target, indicator, rulebook)
    if target.kind == "sign":
        return "增速由负转正"
    if target.kind == "yes_no":
        return f"完成“{indicator.name}”"
    return {"increment": "净增", "growth": "增速"}.get(target.kind, "") + target_text(target)


def target_text(target: Target) -> str:
    """8.5%以上, 突破9%: the target with its comparator; 达到 goes without saying."""
    assert target.value is not None
    told = f"{target.value.normalize():f}{target.unit}"
    if target.comparator == "exceed":
        return f"{COMPARATOR_NAMES['exceed']}{told}"
    if target.comparator == "hold":
        return f"{COMPARATOR_NAMES['hold']}{told}以内"
    after = "" if target.comparator == "reach" else COMPARATOR_NAMES[target.comparator]
    return f"{told}{after}"


def _place(target: Target, indicator: Indicator, rulebook: Rulebook) -> str:
    by = _BY[sort_and_group(target, indicator, rulebook)[0]]
    count = _digits(target.value)
    if target.kind == "not_bottom":
        return f"{by}不进后{count}位"
    return f"{by}居第1位" if target.value == 1 else f"{by}进前{count}位"


def _beside(target: Target, indicator: Indicator, rulebook: Rulebook) -> str:
    """不低于 where more is better, by how many points or times where it says so."""
    way = "不高于" if indicator.direction == "low" else "不低于"
    other = _other(target, rulebook)
    if target.unit == TIMES:
        return f"增速{way}{other}的{_digits(target.value)}倍"
    if not target.value:
        if target.comparator == "exceed":
            return f"增速高于{other}"
        return f"增速{way}{other}"
    size = f"{_digits(abs(target.value))}个百分点"
    side = "高于" if target.value > 0 else "低于"
    after = "" if target.comparator == "reach" else COMPARATOR_NAMES[target.comparator]
    return f"增速{side}{other}{size}{after}"


def _other(target: Target, rulebook: Rulebook) -> str:
    if target.kind == "relative":
        indicator, org = reference(target)
        whose = "" if org == target.org else rulebook.names_of([org])[0]
        what = "" if indicator == target.indicator else rulebook.names_of([indicator])[0]
        return f"{whose}{what}增速"
    whom = target.against or rulebook.orgs[target.org].parent or ""
    name = rulebook.names_of([whom.partition("/")[0]])[0]
    return f"{name}平均" if whom in rulebook.orgs else "同组平均"


def _digits(value: Decimal | None) -> str:
    assert value is not None
    return f"{value.normalize():f}"
