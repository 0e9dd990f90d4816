"""The sentences that give a light its reasons."""

from __future__ import annotations

import re
from decimal import Decimal

from diaodu.engine.compute.against import printed
from diaodu.engine.compute.wanted import target_text
from diaodu.engine.ground.period import print_period
from diaodu.engine.ground.quantity import SCALE, round_half_up, show
from diaodu.engine.ground.records import Measure
from diaodu.engine.ground.words import MEASURE_WORD_NAMES
from diaodu.engine.judge.facts import FACTS, Facts


def with_unit(digits: str, unit: str) -> str:
    return f"{digits}个百分点" if unit == "百分点" else f"{digits}{unit}"


def amount(number: Decimal, decimals: int, unit: str) -> str:
    """At least the decimals given; more where a difference would print as nothing."""
    while number != 0 and round_half_up(number, decimals) == 0 and decimals < SCALE:
        decimals += 1
    return with_unit(show(number, decimals), unit)


def measure(one: Measure) -> str:
    if one.word is not None or one.value is None:
        return MEASURE_WORD_NAMES.get(one.word or "", one.shown)
    return with_unit(one.shown, one.unit)


def fill(template: str, facts: Facts) -> str:
    """Put {measure} and {fact} fields into a rule's reason; a field without figure reads 无数据."""

    def field(match: re.Match[str]) -> str:
        name = match.group(1)
        if name == "growth" and facts.growth is not None:
            return measure(facts.growth)
        if name in facts.measures:
            return measure(facts.measures[name])
        answer = facts.answer(name) if name in FACTS else None
        if isinstance(answer, Decimal):
            unit = "%" if name == "short_pct" else "百分点"
            return amount(answer, facts.indicator.growth_decimals, unit)
        return answer or "无数据"

    return re.sub(r"\{(\w+)\}", field, template)


def describe(facts: Facts) -> tuple[str, ...]:
    """What stands behind a light in plain figures, each arrears by its name."""
    if not facts.has_target:
        return ("未下达任务，不判进度",)
    if not facts.has_value:
        return (_absence(facts),)
    assert facts.target is not None
    if facts.met == "undecidable":
        return (_undecidable(facts),)
    if facts.target.kind == "growth":
        return _growth(facts)
    if facts.target.kind == "ceiling":
        return _ceiling(facts)
    return _level(facts)


def _absence(facts: Facts) -> str:
    period = print_period(facts.period)
    if facts.held:
        return f"{period}报来的数被核验扣留，待核实"
    if not facts.is_due:
        return f"{period}数据未到报送期"
    if facts.owed:
        return f"{period}数据逾期未报"
    return f"{period}没有数据"


def _undecidable(facts: Facts) -> str:
    assert facts.figure is not None and facts.target is not None
    return f"{_figure(facts)}，目标{target_text(facts.target)}，按印发精度不能判定是否达到"


def _figure(facts: Facts) -> str:
    assert facts.figure is not None
    rate = facts.figure.measure in ("growth", "growth_published")
    return f"{'增速' if rate else '完成'}{measure(facts.figure)}"


def _beside(facts: Facts, of_what: str, unit: str, decimals: int) -> str:
    """低于年度目标0.3个百分点 / 与年度目标持平 / 高于 … by the plain difference."""
    assert facts.figure is not None and facts.target is not None
    told, against = printed(facts.figure), facts.against
    assert told is not None and facts.target.value is not None and against is not None
    off = told - facts.target.value
    if off == 0:
        return f"与{of_what}持平"
    size = amount(abs(off), decimals, unit)
    if against.within_slack:
        slack = with_unit(f"{against.slack.normalize():f}", unit)
        side = "高" if off > 0 else "低"
        return f"与{of_what}{target_text(facts.target)}持平（{side}{size}，在容差{slack}以内）"
    return f"{'高于' if off > 0 else '低于'}{of_what}{size}"


def _growth(facts: Facts) -> tuple[str, ...]:
    decimals = _decimals(facts)
    told = f"{_figure(facts)}，{_beside(facts, '年度目标', '百分点', decimals)}"
    return (told, *_owed(facts, "增速欠账", "百分点", decimals))


def _ceiling(facts: Facts) -> tuple[str, ...]:
    assert facts.figure is not None and facts.short is not None and facts.target is not None
    unit = "百分点" if facts.figure.unit == "%" else facts.figure.unit
    figure, decimals = measure(facts.figure), _decimals(facts)
    bound = f"上限{facts.target.value:f}{facts.target.unit}"
    off = amount(abs(facts.short), decimals, unit)
    if facts.short > 0:
        return (f"{figure}，超过{bound}，超出{off}",)
    return (f"{figure}，在{bound}以内，余量{off}",)


def _level(facts: Facts) -> tuple[str, ...]:
    if not facts.has_pace:
        return _stock(facts)
    completion, gap = facts.measures.get("completion"), facts.number("pace_gap")
    if completion is None or completion.value is None or gap is None:
        return ("完成率或序时进度没有算出，无法判断",)
    decimals = facts.indicator.growth_decimals
    ahead = "快于" if gap > 0 else "低于"
    beside = f"{ahead}序时进度{amount(abs(gap), decimals, '百分点')}" if gap else "与序时进度持平"
    reasons = [f"完成年度目标{measure(completion)}，{beside}"]
    if facts.falling and facts.growth is not None:
        reasons.append(f"增速{measure(facts.growth)}，不能只看进度")
    owed = facts.measures.get("arrears_pace")
    behind = facts.short_pace is not None and facts.short_pace > 0
    if behind and owed is not None and owed.value is not None and owed.value > 0:
        reasons.append(f"进度欠账{amount(owed.value, owed.decimals or 0, owed.unit)}")
    return tuple(reasons)


def _stock(facts: Facts) -> tuple[str, ...]:
    assert facts.figure is not None and facts.short is not None
    unit = "百分点" if facts.figure.unit == "%" else facts.figure.unit
    decimals = _decimals(facts)
    told = f"{measure(facts.figure)}，{_beside(facts, '年度目标', unit, decimals)}"
    return (told,) if facts.upper else (told, *_owed(facts, "全年缺口", unit, decimals))


def _owed(facts: Facts, name: str, unit: str, decimals: int) -> tuple[str, ...]:
    """What is owed, where a slack makes it another size than what was just told."""
    assert facts.target is not None and facts.target.value is not None
    told = printed(facts.figure)
    if facts.met != "否" or facts.short is None or facts.short <= 0:
        return ()
    assert told is not None
    if facts.short == abs(told - facts.target.value):
        return ()
    return (f"{name}{amount(facts.short, decimals, unit)}",)


def _decimals(facts: Facts) -> int:
    """As many as the figure or the target is given with."""
    assert facts.figure is not None and facts.target is not None
    assert facts.target.value is not None
    exponent = facts.target.value.normalize().as_tuple().exponent
    target = -exponent if isinstance(exponent, int) else 0
    return max(facts.figure.decimals or 0, target, 0)
