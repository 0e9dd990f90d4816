"""The same for rules: sources, checks, lights, calendar, uses, outlines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Any

from diaodu.engine.ground.errors import PeriodError
from diaodu.engine.ground.period import normal, parse_period
from diaodu.engine.ground.quantity import find_unit
from diaodu.engine.ground.words import (
    FACET_NAMES,
    FACTS,
    MEASURE_WORD_NAMES,
    MEASURES,
    TRACK_NAMES,
)
from diaodu.engine.rules.cross import ALL, overlap, same_time, span
from diaodu.engine.rules.faults import Fault
from diaodu.engine.rules.messages import Path
from diaodu.engine.rules.models import (
    CalendarEntry,
    Check,
    Condition,
    DayAfter,
    Indicator,
    LightTable,
    Place,
    Source,
)
from diaodu.engine.rules.suggest import suggestion
from diaodu.engine.rules.validate import Entries, Made

_WHERE = "运行 diaodu explain --help 可看到全部"
_DIMENSIONS = ("indicator", "org", "period", "facet", "track", "unit")


# -- sources ---------------------------------------------------------------------------------


def sources(entries: Entries) -> Iterator[Fault]:
    words = _words(entries)
    for made in entries.sources:
        yield from _match(made)
        for dimension in _DIMENSIONS:
            place = getattr(made.model, dimension)
            if place is not None:
                yield from _place(made, dimension, place, words[dimension])
        yield from _renamed(made, words)


def _match(made: Made[Source]) -> Iterator[Fault]:
    match = made.model.match
    if not (match.file or match.sheet or match.title):
        yield from made.fault(
            ("match",),
            "‘match’里一项也没有写，会套到所有的表上",
            "写 file、sheet、title 中至少一项",
        )
    if match.title is not None:
        try:
            re.compile(match.title)
        except re.error:
            yield from made.fault(
                ("match", "title"),
                f"“{match.title}”不是正则表达式",
                "改正；要找的括号、星号、问号前加“\\”",
            )


def _place(
    made: Made[Source], dimension: str, place: Place, is_word: Callable[[str], bool]
) -> Iterator[Fault]:
    given = [key for key in ("fixed", "column", "row", "title") if getattr(place, key)]
    if len(given) != 1:
        yield from made.fault(
            (dimension,),
            f"‘{dimension}’要写一项，写了{len(given)}项",
            "写 {fixed: 值}、{column: 列标题}、{row: 行标题}、{title: true} 中的一项",
        )
    elif place.fixed is not None and not is_word(place.fixed):
        yield from made.fault(
            (dimension, "fixed"),
            f"“{place.fixed}”{_NOT_A[dimension]}",
            "改正，或写明它在表上的哪里",
        )


_NOT_A = {
    "indicator": "不是指标的编号或名称",
    "org": "不是单位的编号、名称或代码",
    "period": "看不出统计期",
    "facet": "不是面（level、growth……）",
    "track": "不是轨（self、flash、accounted……）",
    "unit": "不是认识的计量单位",
}


def _words(entries: Entries) -> dict[str, Callable[[str], bool]]:
    """For each dimension, whether a text names something of it."""
    indicators = _said(entries, "indicators")
    orgs = _said(entries, "orgs")
    orgs |= {code.code for made in entries.orgs for code in made.model.codes}
    return {
        "indicator": lambda text: text in indicators or normal(text) in indicators,
        "org": lambda text: text in orgs or normal(text) in orgs,
        "period": _is_period,
        "facet": lambda text: text in FACET_NAMES or text in FACET_NAMES.values(),
        "track": lambda text: text in TRACK_NAMES or text in TRACK_NAMES.values(),
        "unit": lambda text: find_unit(text) is not None,
    }


def _said(entries: Entries, kind: str) -> set[str]:
    found = set(entries.declared.get(kind, {}))
    for made in getattr(entries, kind):
        found.update(normal(name) for name in (made.model.name, *made.model.aliases))
    return found


def _is_period(text: str) -> bool:
    try:
        parse_period(text)
    except PeriodError:
        return False
    return True


def _renamed(made: Made[Source], words: dict[str, Callable[[str], bool]]) -> Iterator[Fault]:
    for printed, meant in made.model.rename.items():
        if not any(is_word(meant) for is_word in words.values()):
            yield from made.fault(
                ("rename", printed),
                f"“{printed}”改读为“{meant}”，但没有编号为“{meant}”的指标或单位",
                "改正编号，或在 indicators/、orgs/ 里补上",
            )


# -- checks ----------------------------------------------------------------------------------


def checks(entries: Entries) -> Iterator[Fault]:
    for made in entries.checks:
        yield from _check(made)


def _check(made: Made[Check]) -> Iterator[Fault]:
    check = made.model
    if check.off and not made.gives("reason"):
        yield from made.fault(("off",), "关掉审核没有写原因", "补上“reason: ……”")
    if check.kind in ("range", "computed_growth"):
        if not made.gives("lo") and not made.gives("hi"):
            yield from made.fault(("kind",), f"‘{check.kind}’没有写‘lo’和‘hi’", "至少写一项")
        if check.lo is not None and check.hi is not None and check.lo > check.hi:
            yield from made.fault(("hi",), f"下限{check.lo}大于上限{check.hi}", "对调或改正 lo、hi")
    if check.kind in ("parts", "part") and not made.gives("of"):
        yield from made.fault(
            ("kind",),
            f"‘{check.kind}’没有写‘of’",
            "写 of: orgs（下级单位）或 of: indicators（分项）",
        )


# -- lights ----------------------------------------------------------------------------------


def lights(entries: Entries) -> Iterator[Fault]:
    for made in entries.lights:
        yield from _rules(made)
    for first, other in combinations(entries.lights, 2):
        yield from same_time(first, other)


def _rules(made: Made[LightTable]) -> Iterator[Fault]:
    rules = made.model.rules
    names: dict[str, int] = {}
    for at, rule in enumerate(rules):
        is_last = at == len(rules) - 1
        if names.setdefault(rule.name, at) != at:
            yield from made.fault(
                ("rules", at, "name"), f"规则名“{rule.name}”重复", "改成不同的名称"
            )
        if is_last and rule.when:
            yield from made.fault(
                ("rules", at, "when"),
                "最后一条规则还有条件，可能一条也不成立",
                "在最后加一条不写 when 的规则",
            )
        if not is_last and not rule.when:
            yield from made.fault(
                ("rules", at, "when"),
                f"“{rule.name}”没有条件，它后面的规则永远轮不到",
                "补上 when，或把它移到最后",
            )
        for field in re.findall(r"\{(\w+)\}", rule.reason or ""):
            if field not in MEASURES and field not in FACTS:
                yield from made.fault(
                    ("rules", at, "reason"),
                    f"理由里的“{{{field}}}”不是度量" + _nearest(field, (*MEASURES, *FACTS)),
                    f"改成度量的编号（{_WHERE}）",
                )
        for number, condition in enumerate(rule.when):
            yield from _condition(made, ("rules", at, "when", number), condition)


def _condition(made: Made[LightTable], path: Path, condition: Condition) -> Iterator[Fault]:
    known = (*MEASURES, *FACTS)
    if condition.measure not in known:
        yield from made.fault(
            (*path, "measure"),
            f"没有“{condition.measure}”这个度量" + _nearest(condition.measure, known),
            f"改成度量的编号（{_WHERE}），或事实：" + "、".join(FACTS),
        )
    elif made.is_patched(*path, "op"):
        return  # whether the value fits depends on the comparison that is not known
    elif condition.op in ("missing", "present"):
        if condition.value is not None:
            yield from made.fault(
                (*path, "value"), f"‘{condition.op}’不带‘value’", "删去 value，或改 op"
            )
    elif condition.value is None:
        yield from made.fault(path, f"‘{condition.op}’缺少‘value’", "补上与什么比")
    elif condition.op == "is" or (condition.op == "==" and isinstance(condition.value, str)):
        yield from _compared_with_a_word(made, (*path, "value"), condition)
    elif FACTS.get(condition.measure):
        yield from made.fault(
            (*path, "op"), f"“{condition.measure}”是词，不能用‘{condition.op}’来比", "用 op: is"
        )
    elif not isinstance(condition.value, Decimal):
        yield from made.fault(
            (*path, "value"),
            f"“{condition.value}”不是数，不能用‘{condition.op}’来比",
            "写一个数；要比的是词时用 op: is",
        )


def _compared_with_a_word(
    made: Made[LightTable], path: Path, condition: Condition
) -> Iterator[Fault]:
    """A word that can never be the answer would make a rule that never applies."""
    words = FACTS.get(condition.measure)
    if words is None:
        words = (*MEASURE_WORD_NAMES, *MEASURE_WORD_NAMES.values())
    if condition.value not in words:
        allowed = f"可以写的是：{'、'.join(words)}" if words else "用 <、<=、==、>=、> 与数相比"
        yield from made.fault(
            path, f"“{condition.measure}”不会是“{condition.value}”这个词", allowed
        )


# -- calendar, uses, outlines ----------------------------------------------------------------


def calendar(entries: Entries) -> Iterator[Fault]:
    for made in entries.calendar:
        opens, due = made.model.opens, made.model.due
        if opens is not None and _when(opens, "00:00") >= _when(due, "24:00"):
            yield from made.fault(("due",), "截止日早于开网日", "改正 opens 或 due")
        yield from _nobody_to_fill(entries, made)
        yield from _reconciled(entries, made)
    yield from _asked_twice(entries)


def _when(day: DayAfter, usual: str) -> tuple[int, int, str]:
    return day.months_after, day.day, day.time or usual


def _nobody_to_fill(entries: Entries, made: Made[CalendarEntry]) -> Iterator[Fault]:
    """Indicators of a form that the owner fills, but that have none."""
    if made.model.filled_by != "owner" or made.is_patched("indicators"):
        return
    wanted = made.model.indicators
    without = [
        one.model.name
        for one in entries.indicators
        if (ALL in wanted or one.model.id in wanted)
        and one.model.owner is None
        and not one.is_patched("owner")
    ]
    if without:
        yield from made.fault(
            ("filled_by",),
            f"由牵头单位填，但没有牵头单位的指标有：{'、'.join(without)}",
            "在 indicators/ 里给它们写上 owner，或改 filled_by、indicators",
        )


def _reconciled(entries: Entries, made: Made[CalendarEntry]) -> Iterator[Fault]:
    known = entries.declared.get("calendar", {})
    for at, one in enumerate(made.model.reconciles):
        path = ("reconciles", at)
        if one.with_ not in known:
            yield from made.fault(
                (*path, "with"),
                f"没有编号为“{one.with_}”的日历" + _nearest(one.with_, list(known)),
                "改正编号",
            )
        elif one.with_ == made.model.id:
            yield from made.fault((*path, "with"), "不能与自己对账", "写另一条日历的编号")
        if ALL not in made.model.indicators and one.indicator not in made.model.indicators:
            yield from made.fault(
                (*path, "indicator"),
                f"这一条不要“{one.indicator}”，无从对账",
                "改正指标编号，或在 indicators 里补上",
            )


def _asked_twice(entries: Entries) -> Iterator[Fault]:
    """A figure asked of one org by two entries at a time, where neither says that it reconciles
    with the other: one of the two is work for nothing, and two numbers come of it."""
    owed = _Owed(entries)
    asking = [made for made in entries.calendar if made.model.obliges and not made.patches]
    for first, other in combinations(asking, 2):
        if overlap(span(first.model), span(other.model)):
            shared = owed.figures(first.model, other.model)
            orgs = owed.orgs_of(first.model) & owed.orgs_of(other.model) if shared else set()
            if orgs:
                yield from _twice(first, other, shared, owed.named(orgs))


def _twice(
    first: Made[CalendarEntry], other: Made[CalendarEntry], shared: list[Indicator], orgs: str
) -> Iterator[Fault]:
    where = f"{first.entry.file}:{first.entry.line()}"
    names = "、".join(f"“{indicator.name}”" for indicator in shared)
    return other.fault(
        ("indicators",),
        f"{orgs}的{names}已由“{first.model.id}”（{where}）要过，同一个数要了两次",
        "只留一处；有意两边都要来对账的，写 reconciles: "
        f"[{{indicator: {shared[0].id}, with: {first.model.id}, reason: ……}}]",
    )


class _Owed:
    """Which figures an entry asks of whom."""

    _MOST_NAMED = 3

    def __init__(self, entries: Entries) -> None:
        self.indicators = {made.model.id: made.model for made in entries.indicators}
        self.orgs = {made.model.id: made.model for made in entries.orgs}
        self._orgs_of: dict[str, set[str]] = {}

    def figures(self, first: CalendarEntry, other: CalendarEntry) -> list[Indicator]:
        """The indicators of which both ask the same facet on the same track, undeclared."""
        if (first.track or _USUAL_TRACK) != (other.track or _USUAL_TRACK):
            return []
        declared = _declared(first, other) | _declared(other, first)
        return [
            indicator
            for indicator in self.indicators.values()
            if indicator.id not in declared
            and _asks(first, indicator.id)
            and _asks(other, indicator.id)
            and set(first.facets_of(indicator)) & set(other.facets_of(indicator))
        ]

    def orgs_of(self, entry: CalendarEntry) -> set[str]:
        if entry.id not in self._orgs_of:
            self._orgs_of[entry.id] = {
                org.id
                for org in self.orgs.values()
                if org.id in entry.orgs or org.level in entry.levels
            }
        return self._orgs_of[entry.id]

    def named(self, orgs: set[str]) -> str:
        names = [one.name for one in self.orgs.values() if one.id in orgs]
        shown = "、".join(names[: self._MOST_NAMED])
        return shown if len(names) <= self._MOST_NAMED else f"{shown}等{len(names)}个单位"


_USUAL_TRACK = "flash"  # what a figure is filed under where nothing says otherwise


def _asks(entry: CalendarEntry, indicator: str) -> bool:
    return ALL in entry.indicators or indicator in entry.indicators


def _declared(entry: CalendarEntry, other: CalendarEntry) -> set[str]:
    return {one.indicator for one in entry.reconciles if one.with_ == other.id}


def uses(entries: Entries) -> Iterator[Fault]:
    for made in entries.uses:
        repeated = _repeated(made.model.tracks)
        if repeated:
            yield from made.fault(("tracks",), f"‘{repeated}’写了两次", "每一轨只写一次")
    for first, other in combinations(entries.uses, 2):
        same = first.model.use == other.model.use
        if same and overlap(span(first.model), span(other.model)):
            yield from _second(first, other, ("use",), f"“{other.model.use}”")


def outlines(entries: Entries) -> Iterator[Fault]:
    groups = _groups(entries)
    unsure = {made.model.parent for made in entries.orgs if made.is_patched("level")}
    for made in entries.outlines:
        for at, ranking in enumerate(made.model.rankings):
            if ranking.group is None or ranking.group.partition("/")[0] in unsure:
                continue
            if ranking.group not in groups:
                yield from made.fault(
                    ("rankings", at, "group"),
                    f"没有“{ranking.group}”这个分组" + _nearest(ranking.group, groups),
                    "写单位 groups 里的分组，或“上级编号/层级”",
                )
    for first, other in combinations(entries.outlines, 2):
        same = first.model.org == other.model.org
        if same and overlap(span(first.model), span(other.model)):
            yield from _second(first, other, ("id",), f"“{other.model.org}”的通报")


def _second(first: Made[Any], other: Made[Any], path: Path, what: str) -> Iterator[Fault]:
    where = f"{first.entry.file}:{first.entry.line()}"
    return other.fault(
        path, f"{what}在同一时段已有一条（{where}）", "用 from、to 分开时段，或只留一条"
    )


def _groups(entries: Entries) -> list[str]:
    found: dict[str, None] = {}
    for made in entries.orgs:
        found.update(dict.fromkeys(made.model.groups))
        if made.model.parent is not None:
            found[f"{made.model.parent}/{made.model.level}"] = None
    return list(found)


def _nearest(given: str, known: Sequence[str]) -> str:
    near = suggestion(given, known)
    return f"，是不是“{near}”？" if near else ""


def _repeated(words: Sequence[str]) -> str:
    return next((word for at, word in enumerate(words) if word in words[:at]), "")


CHECKS: tuple[Callable[[Entries], Iterable[Fault]], ...] = (
    sources, checks, lights, calendar, uses, outlines,
)  # fmt: skip
