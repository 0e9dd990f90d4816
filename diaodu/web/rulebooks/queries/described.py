"""The parts of a rulebook as people read them: entries, what each key says, what rests on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from diaodu.engine.ground.words import (
    DUTY_SOURCE_NAMES,
    FACET_NAMES,
    FURTHER_NAMES,
    LADDER_STEP_NAMES,
    LEVEL_NAMES,
    LIGHT_NAMES,
    MEASURE_NAMES,
    SIGNER_NAMES,
    TELLER_NAMES,
    TIER_NAMES,
    TRACK_NAMES,
    WARNING_KIND_NAMES,
)
from diaodu.engine.rules.models import (
    BottomRule,
    Code,
    Condition,
    Counter,
    DayAfter,
    DaysOff,
    LightRule,
    Model,
    Ranking,
    Reconciled,
    Rung,
    Signature,
)
from diaodu.engine.rules.models_warnings import WarningRule
from diaodu.engine.rules.rulebook import Rulebook

PARTS: dict[str, str] = {
    "indicators": "指标", "orgs": "单位", "calendar": "报送日历", "checks": "审核",
    "lights": "亮灯规则", "outlines": "通报提纲", "uses": "取数次序", "sources": "读表办法",
    "breaks": "口径变动", "corrections": "更正",
    "breakdowns": "总量的分解", "standings": "位次分析",
    "paces": "序时办法", "bands": "完成档次", "shapes": "上年结构",
    "ladders": "督办阶梯", "warnings": "预警规则", "gates": "关口", "holidays": "放假安排",
}  # fmt: skip

_BASIS = {"ytd": "累计", "month": "当月", "stock": "期末", "rate": "率", "mean": "累计平均",
          "count": "个数"}  # fmt: skip
_CADENCE = {"day": "每日", "week": "每周", "xun": "每旬", "month": "每月", "quarter": "每季",
            "half": "每半年", "year": "每年"}  # fmt: skip
_PACE = {"month": "按月", "day": "按天", "milestones": "按节点", "last_year": "按上年进度",
         "working_day": "按工作日"}  # fmt: skip
_GATE = {">=": "不低于", ">": "高于"}
_WORDS: dict[str, Mapping[str, str]] = {
    "level": LEVEL_NAMES, "levels": LEVEL_NAMES, "child_level": LEVEL_NAMES,
    "facets": FACET_NAMES, "facet": FACET_NAMES, "track": TRACK_NAMES, "tracks": TRACK_NAMES,
    "tiers": TIER_NAMES, "light": LIGHT_NAMES, "role": SIGNER_NAMES, "basis": _BASIS,
    "cadence": _CADENCE, "measure": MEASURE_NAMES,
    "measures": FURTHER_NAMES, "pace_basis": _PACE,
    "direction": {"high": "越高越好", "low": "越低越好"},
    "january": {"yes": "单独有1月", "merged": "1—2月合并为一期"},
    "price": {"current": "现价", "real": "可比价"},
    "filled_by": {"own": "各单位自己填", "owner": "指标的牵头单位填"},
    "severity": {"hard": "硬（扣下）", "soft": "软（带提示用）"},
    "use": {"board": "看板", "bulletin": "通报", "assessment": "考核"},
    "layout": {"long": "一行一数", "matrix": "交叉表"},
    "hidden": {"ask": "先问", "read": "照读", "ignore": "不读"},
    "of": {"orgs": "下级单位之和", "indicators": "分项指标之和",
           "completion": "完成率", "pace_gap": "与序时进度之差",
           "matter": "同一事项", "org": "同一单位"},
    "sources": DUTY_SOURCE_NAMES, "step": LADDER_STEP_NAMES,
    "days": {"calendar": "日历天数", "working": "工作日"},
    "sections": {"headlines": "主要指标", "comparison": "比较", "structure": "结构与走势",
                 "rankings": "排名", "behind": "落后指标", "duties": "交办落实",
                 "findings": "审核意见"},
    "kind": {"range": "取值范围", "parts": "分项与总数", "cumulative_fell": "累计数下降",
             "month_vs_ytd": "当月与累计", "implied_base": "推算同期数",
             "published_vs_computed": "公布与计算", "unit_slip": "单位错位",
             "part": "其中项", "whole": "整数", "computed_growth": "算出的增速", "jump": "数字突变",
             "contradiction": "相互矛盾", "heaped": "数字扎堆", "revised": "成批修订",
             "revision": "数据修订", "scope": "统计范围变动", "method": "统计方法变动"},
    "pattern": {"one_number": "同一个数", "at_target": "恰好等于目标",
                "last_period": "与上期相同", "last_digit": "尾数集中"},
    "comparable": {"false": "无法比较", "revised_base": "同期数已修订，可以比较"},
    "by": {"level": "总量", "growth": "增速"},
    "done": _GATE, "growth": _GATE,
    "op": {"<": "小于", "<=": "不大于", "==": "等于", ">=": "不小于", ">": "大于",
           "missing": "没有", "present": "有", "is": "是"},
}  # fmt: skip
# What each key is called on a page, where it is more than a word or two in the schema.
_LABELS = {
    "from": "起", "to": "止", "name": "名称", "title": "名称", "aliases": "别名",
    "unit": "计量单位", "basis": "口径", "facets": "面", "facet": "面", "direction": "方向",
    "decimals": "总量小数位",
    "growth_decimals": "增速小数位", "price": "价格", "cadence": "频率", "january": "1月",
    "owner": "牵头单位", "headline": "主要指标", "order": "次序", "children": "组成部分",
    "reportable": "在库可报额", "formula": "公式", "field": "领域", "definition": "口径说明",
    "source": "数据来源", "level": "层级", "parent": "上级", "codes": "代码", "groups": "分组",
    "opened": "设立", "closed": "撤销", "indicators": "指标", "levels": "哪些层级",
    "orgs": "哪些单位", "track": "轨", "tracks": "取数次序", "opens": "开网", "due": "截止",
    "released": "发布", "filled_by": "谁填", "signatures": "签字", "reconciles": "对账",
    "kind": "种类", "lo": "下限", "hi": "上限", "of": "哪些之和", "child_level": "下级层级",
    "band": "幅度（百分点）", "times": "离散的几倍", "at_least": "至少几个", "share": "占比（%）",
    "pattern": "哪一样", "with": "与哪些指标比", "opposite": "一升一降（百分点）",
    "comparable": "能不能比", "received": "收到日", "unit_factor": "乘以", "against": "与谁比",
    "tolerance": "容差", "tolerance_pct": "容差（%）", "severity": "轻重", "off": "关掉",
    "reason": "原因", "tiers": "看哪一层目标", "rules": "规则", "use": "用途", "org": "单位",
    "issuer": "发文单位", "document": "发文字号", "sections": "各部分", "rankings": "排名表",
    "note": "说明", "match": "哪些表", "layout": "排法", "indicator": "指标", "period": "统计期",
    "measures": "还算哪些", "pace_basis": "序时进度", "bands": "各档", "weights": "各期比重（%）",
    "parts": "组成部分", "coverage": "有进有出", "classes": "位次分段",
    "sources": "管哪些来源", "days": "天数怎么数", "holidays": "放假", "workdays": "调休上班",
    "soon": "期限前几天关注", "sign_within": "几天内签收", "rungs": "各步",
    "counters": "次数和后果", "bottoms": "倒数几名",
    "milestones": "节点", "month": "到几月底", "done": "总量目标", "growth": "增速目标",
    "year": "年份",
    "rename": "改读", "ignore": "不读", "hidden": "隐藏的行列",
}  # fmt: skip
# The same keys mean something else in a rule on warnings.
_OF_WARNINGS: dict[str, str] = {
    "reference": "依据", "headlines": "只看主要指标", "months": "只看到几月",
    "points": "门槛（百分点）",
    "below": "低于", "above": "高于", "by": "位次按", "group": "分组", "bottom": "倒数几名",
    "against": "关口时", "gate": "关口（月）", "side": "看哪一边", "of": "数什么",
    "times": "连续几个月",
    "classes": "位次分段", "alarm": "落入哪段触发", "days": "过截止几天", "light": "级别",
    "raise_after": "连续几期触发才预警", "clear_after": "连续几期未触发才解除",
    "again_within": "解除后几个月内算同一件", "tell": "告诉谁",
}  # fmt: skip
_WARNING_WORDS: dict[str, Mapping[str, str]] = {
    "kind": WARNING_KIND_NAMES, "tell": TELLER_NAMES,
    "against": {"target": "良好", "zero": "增速为正"},
    "side": {"both": "升降都看", "fall": "回落", "rise": "加快"},
    "of": {"growth": "累计增速连降", "month": "当月增速连降", "sign": "增速连续为负",
           "target": "连续落后于目标"},
}  # fmt: skip
_THINGS = frozenset(
    "parent owner org orgs indicator indicators children parts reportable with".split()
)


class Shown(NamedTuple):
    """One entry. `id` is unique in its part; `title` is what people call it."""

    id: str
    title: str
    model: Model


class Part(NamedTuple):
    kind: str
    title: str
    number: int


class Line(NamedTuple):
    """One key of an entry."""

    key: str
    label: str
    text: str


class Dependent(NamedTuple):
    """An entry that rests on another, and how."""

    kind: str
    id: str
    title: str
    how: str

    @property
    def part(self) -> str:
        return PARTS[self.kind]


def parts(rulebook: Rulebook) -> list[Part]:
    return [Part(kind, title, len(entries(rulebook, kind))) for kind, title in PARTS.items()]


def entries(rulebook: Rulebook, kind: str, wanted: str = "") -> list[Shown]:
    """All entries of a part in their order, or those in which the words can be read."""
    held = getattr(rulebook, kind)
    models = list(held.values() if isinstance(held, Mapping) else held)
    found = [Shown(_id(model), _title(model), model) for model in models]
    if not wanted:
        return found
    words = wanted.lower().split()
    return [one for one in found if _says(rulebook, one, words)]


def entry(rulebook: Rulebook, kind: str, id: str) -> Shown | None:
    return next((one for one in entries(rulebook, kind) if one.id == id), None)


def _says(rulebook: Rulebook, one: Shown, words: list[str]) -> bool:
    text = " ".join((one.id, one.title, *(line.text for line in lines(rulebook, one.model))))
    return all(word in text.lower() for word in words)


def _id(model: Model) -> str:
    """`uses` have no ids: the use and its first day tell them apart."""
    id = getattr(model, "id", None)
    if id is not None:
        return str(id)
    return f"{getattr(model, 'use', '')}@{getattr(model, 'from_', None) or ''}"


def _title(model: Model) -> str:
    for key in ("name", "title"):
        if getattr(model, key, None):
            return str(getattr(model, key))
    use = getattr(model, "use", None)
    return _WORDS["use"][use] if use else _id(model)


# -- an entry in words -------------------------------------------------------------------------


def lines(rulebook: Rulebook, model: Model) -> list[Line]:
    """What the entry says, key by key; what it leaves open is left out."""
    found: list[Line] = []
    for name, field in type(model).model_fields.items():
        value = getattr(model, name)
        if value is None or value in ((), {}) or name == "id":
            continue
        key = field.alias or name
        if isinstance(model, WarningRule):
            found.append(_of_warning(rulebook, model, key, value))
        else:
            found.append(Line(key, _LABELS.get(key, key), say(rulebook, key, value)))
    return found


def _of_warning(rulebook: Rulebook, rule: WarningRule, key: str, value: Any) -> Line:
    words = _WARNING_WORDS.get(key)
    if key == "classes":
        text = "；".join(f"{one.name}到{one.upto}" for one in rule.classes)
    elif words is None:
        text = say(rulebook, key, value)
    else:
        text = "、".join(words[one] for one in (value if isinstance(value, tuple) else (value,)))
    return Line(key, _OF_WARNINGS.get(key, _LABELS.get(key, key)), text)


def say(rulebook: Rulebook, key: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Model):
        return _say_group(rulebook, value)
    if isinstance(value, tuple):
        return _BETWEEN.get(key, "、").join(say(rulebook, key, one) for one in value)
    if isinstance(value, Mapping):
        return "、".join(f"“{printed}”读作{meant}" for printed, meant in value.items())
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    text = str(value)
    if key in _THINGS and text != "*":
        return rulebook.names_of([text])[0]
    return "全部" if text == "*" else _WORDS.get(key, {}).get(text, text)


_BETWEEN = {"signatures": " → ", "rules": "；", "rankings": "；", "reconciles": "；", "codes": "；",
            "bands": "；", "ignore": "；", "when": "，且", "rungs": "；", "counters": "；",
            "bottoms": "；", "milestones": "；"}  # fmt: skip


def _say_group(rulebook: Rulebook, group: Model) -> str:
    """A group of keys as a phrase."""
    if isinstance(group, DayAfter):
        return _day_after(group)
    if isinstance(group, Signature):
        return f"{group.title}（{SIGNER_NAMES[group.role]}）"
    if isinstance(group, Reconciled):
        name = rulebook.names_of([group.indicator])[0]
        return f"{name}与“{group.with_}”对账，{group.reason}"
    if isinstance(group, LightRule):
        when = say(rulebook, "when", group.when) or "其余"
        return f"{group.name}：{when}，{LIGHT_NAMES[group.light]}"
    if isinstance(group, Condition):
        value = "" if group.value is None else say(rulebook, "value", group.value)
        return f"{say(rulebook, 'measure', group.measure)}{_WORDS['op'][group.op]}{value}"
    if isinstance(group, Ranking):
        among = f"（{group.group}）" if group.group else ""
        name = rulebook.names_of([group.indicator])[0]
        return f"{name}按{_WORDS['by'][group.by]}{among}"
    if isinstance(group, Rung | Counter | BottomRule | DaysOff):
        return _of_ladder(rulebook, group)
    if isinstance(group, Code):
        days = f"（{group.from_ or ''}至{group.to or ''}）" if group.from_ or group.to else ""
        return f"{group.code}{days}"
    return "，".join(f"{line.label}：{line.text}" for line in lines(rulebook, group))


def _of_ladder(rulebook: Rulebook, group: Rung | Counter | BottomRule | DaysOff) -> str:
    """A part of a ladder as a phrase."""
    if isinstance(group, DaysOff):
        return f"{group.from_}至{group.to}"
    step = LADDER_STEP_NAMES[group.step]
    if isinstance(group, Rung):
        day = f"期限{'后' if group.after > 0 else '前'}第{abs(group.after)}天"
        wait = f"，距上一步至少{group.wait}天" if group.wait else ""
        sent = "，由系统发" if group.automatic else ""
        return f"{step}：{day if group.after else '到期当天'}起{wait}{sent}"
    if isinstance(group, Counter):
        whose = _WORDS["of"][group.of]
        return f"{whose}{group.within_months}个月内{step}{group.times}次，{group.then}"
    names = "、".join(rulebook.names_of(group.indicators))
    months = f"（{'、'.join(str(month) for month in group.months)}月）" if group.months else ""
    by = _WORDS["by"][group.by]
    return f"{group.name}：{names}按{by}在{group.group}倒数{group.bottom}名以内{months}，{step}"


def _day_after(when: DayAfter) -> str:
    month = {0: "当月", 1: "次月"}.get(when.months_after, f"之后第{when.months_after}个月")
    day = "月末" if when.day == 31 else f"{when.day}日"
    return f"{month}{day}{when.time or ''}"


# -- what rests on it --------------------------------------------------------------------------


def dependents(rulebook: Rulebook, kind: str, id: str) -> list[Dependent]:
    """The entries that name this one, and those for all indicators."""
    if kind == "indicators":
        return list(_on_indicator(rulebook, id))
    if kind == "orgs":
        return list(_on_org(rulebook, id))
    if kind == "calendar":
        return [
            _named("calendar", one, "与它对账")
            for one in rulebook.calendar
            if any(part.with_ == id for part in one.reconciles)
        ]
    return []


def _named(kind: str, model: Model, how: str) -> Dependent:
    return Dependent(kind, _id(model), _title(model), how)


def _on_indicator(rulebook: Rulebook, id: str) -> Iterator[Dependent]:
    for bound in rulebook.formulas:
        if any(term.indicator == id for term in bound.terms):
            yield _named("indicators", rulebook.indicators[bound.indicator], "公式里用到")
    for one in rulebook.indicators.values():
        if id in one.children:
            yield _named("indicators", one, "是它的组成部分")
        if one.reportable == id:
            yield _named("indicators", one, "存放它的在库可报额")
    for kind in (
        "calendar",
        "checks",
        "lights",
        "paces",
        "bands",
        "shapes",
        "breakdowns",
        "standings",
    ):
        for model in getattr(rulebook, kind):
            if id in model.indicators:
                yield _named(kind, model, "写明管它")
            elif "*" in model.indicators:
                yield _named(kind, model, "管全部指标")
    for ladder in rulebook.ladders:
        if any(id in bottom.indicators for bottom in ladder.bottoms):
            yield _named("ladders", ladder, "倒数几名按它排")
    for outline in rulebook.outlines:
        if any(ranking.indicator == id for ranking in outline.rankings):
            yield _named("outlines", outline, "印它的排名")
    for source in rulebook.sources:
        if id in source.rename.values():
            yield _named("sources", source, "把别的写法读作它")


def _on_org(rulebook: Rulebook, id: str) -> Iterator[Dependent]:
    for org in rulebook.orgs.values():
        if org.parent == id:
            yield _named("orgs", org, "下级")
    for indicator in rulebook.indicators.values():
        if indicator.owner == id:
            yield _named("indicators", indicator, "由它牵头")
    level = rulebook.orgs[id].level if id in rulebook.orgs else None
    for entry_ in rulebook.calendar:
        if id in entry_.orgs or level in entry_.levels:
            yield _named("calendar", entry_, "要它报")
    for check in rulebook.checks:
        if check.parent == id:
            yield _named("checks", check, "核对它的下级之和")
    for breakdown in rulebook.breakdowns:
        if breakdown.parent == id or id in breakdown.orgs:
            yield _named("breakdowns", breakdown, "分解它的数，或分到它")
    for outline in rulebook.outlines:
        if outline.org == id:
            yield _named("outlines", outline, "通报它")
