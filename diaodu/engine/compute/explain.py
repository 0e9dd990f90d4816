"""Where a number comes from: the tree from a measure down to cells of returns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple, Protocol

from diaodu.engine.compute.book import is_usual
from diaodu.engine.ground.errors import DiaoduError, PeriodError
from diaodu.engine.ground.period import Period, normal, parse_period, print_period
from diaodu.engine.ground.records import Measure, Observation, Target
from diaodu.engine.ground.words import (
    COMPARATOR_NAMES,
    CORRECTED,
    FACET_NAMES,
    KIND_NAMES,
    MEASURE_NAMES,
    MEASURE_WORD_NAMES,
    OBS_TRACK_NAMES,
    OBS_WORD_NAMES,
    TIER_NAMES,
)
from diaodu.engine.rules.suggest import suggestion

PEERS = "peers:"
# What is explained where no measure is named, the first that the run has.
_USUAL = ("value", "growth_published", "growth")
# A measure rests on others at most a few steps deep; more would be a circle.
_DEEPEST = 40


class ExplainError(DiaoduError):
    """Nothing to explain under that name."""


Thing = Literal["indicator", "org"]


@dataclass(frozen=True)
class Names:
    """What ids are called. `written`: every id, name and alias that may be typed → its id, by
    kind of thing; `printed`: id of an indicator, org or peer group → what people read;
    `parents`: org → the org above it."""

    written: Mapping[str, Mapping[str, str]]
    printed: Mapping[str, str]
    parents: Mapping[str, str]

    def of(self, identity: str) -> str:
        """The printed name; a period as offices write it; else the id itself."""
        if identity in self.printed:
            return self.printed[identity]
        try:
            return str(Period.from_id(identity))
        except PeriodError:
            return identity

    def height(self, org: str, above: str) -> int | None:
        """How many steps `above` stands above an org, None where it does not."""
        for step in range(1, _DEEPEST):
            org = self.parents.get(org, "")
            if org == above:
                return step
        return None


class Run(Protocol):
    """A finished run, looked up in batches. What is not there is left out of the answer."""

    @property
    def names(self) -> Names: ...

    def measures_of(self, indicator: str, org: str) -> Sequence[Measure]: ...

    def measures(self, keys: Iterable[str]) -> Mapping[str, Measure]: ...

    def observations(self, ids: Iterable[str]) -> Mapping[str, Observation]: ...

    def targets(self, ids: Iterable[str]) -> Mapping[str, Target]: ...

    def peer_sets(self, ids: Iterable[str]) -> Mapping[str, Sequence[str]]:
        """Set id (without “peers:”) → its obs_ids."""
        ...


@dataclass(frozen=True)
class Leaf:
    """Where in the returns a figure stands."""

    file: str
    sha256: str
    sheet: str
    cell: str
    value_given: str
    unit_given: str
    received: date


class Other(NamedTuple):
    """A measure that fits what was asked just as well."""

    key: str
    title: str


@dataclass(frozen=True)
class Node:
    """One number and what it was made of. `title` says in words what it is, as far as that is
    not said by the number above; `others` stand only on the top."""

    key: str
    kind: Literal["measure", "observation", "target"]
    value: Decimal | None
    shown: str
    word: str | None
    unit: str
    formula: str
    inputs: tuple[Node, ...] = ()
    leaf: Leaf | None = None
    title: str = ""
    others: tuple[Other, ...] = field(default=())


def explain(
    run: Run, indicator: str, org: str, period: str | Period, measure: str | None = None
) -> Node:
    """The tree under a measure of a run.

    Names, aliases and ids are taken for indicator and org, any written form for the period.
    `measure` is an id, a Chinese name (增速 is the published one, else the computed), a whole key
    or its end (`rank_growth|||<group>`). The counts of an org belong to no indicator: for them
    any may stand, or a dash. Raises ExplainError.
    """
    names = run.names
    wanted = _wanted(measure)
    is_count = indicator.strip() in _NO_INDICATOR or any(one.startswith(_COUNT) for one in wanted)
    indicator_id = "" if is_count else _named(names, "indicator", indicator)
    org_id = _named(names, "org", org)
    asked = parse_period(period) if isinstance(period, str) else period
    rows = run.measures_of(indicator_id, org_id)
    if not rows:
        raise ExplainError(
            f"结果里没有“{org}”的“{indicator}”；请核对指标和单位的写法，或换一个结果目录"
        )
    here = _at(rows, asked, indicator, org)
    fitting = _fitting(here, measure, wanted)
    if not fitting:
        raise ExplainError(_not_here(here, indicator, org, str(measure)))
    targets = run.targets({one.target_id for one in fitting} - {""})
    first, *others = sorted(fitting, key=lambda one: _nearness(one, wanted, names, targets))
    return _Tree(run, first).top(
        tuple(Other(one.key, _title(one, names, targets.get(one.target_id))) for one in others)
    )


_NO_INDICATOR = ("", "-", "－", "—", "–", "——")
_COUNT = "count_"
_KEY_PARTS, _MEASURE_PART = 7, 3


def _wanted(measure: str | None) -> tuple[str, ...]:
    """The ids of measures that a text may mean, best first; none for a name nobody bears."""
    if measure is None:
        return _USUAL
    if "|" in measure:
        parts = measure.split("|")
        return (parts[_MEASURE_PART] if len(parts) == _KEY_PARTS else parts[0],)
    text = normal(measure)
    if measure in MEASURE_NAMES:
        return (measure,)
    exact = tuple(one for one, name in MEASURE_NAMES.items() if normal(name) == text)
    same = [one for one, name in MEASURE_NAMES.items() if _stem(name) == text]
    return exact or tuple(sorted(same, key=lambda one: not one.endswith("_published")))


def _stem(name: str) -> str:
    """增速 for 增速（公布）."""
    return normal(name.partition("（")[0])


def _named(names: Names, kind: Thing, text: str) -> str:
    known = names.written.get(kind, {})
    found = known.get(text) or known.get(normal(text))
    if found is None:
        what = "指标" if kind == "indicator" else "单位"
        near = _near(text, known)
        hint = f"，是不是{_quoted(near, names.of(known[near]))}？" if near else "；"
        raise ExplainError(f"结果里没有{what}“{text}”{hint}请写编号或全称")
    return found


def _quoted(near: str, full: str) -> str:
    return f"“{near}”" if near == full else f"“{near}”（{full}）"


def _near(text: str, known: Iterable[str]) -> str | None:
    """The nearest name, or the shortest that has the text's characters in their order."""
    names = sorted(known, key=lambda name: (len(name), name))
    holding = (name for name in names if len(text) > 1 and _has_in_order(name, text))
    return suggestion(text, names) or next(holding, None)


def _has_in_order(name: str, characters: str) -> bool:
    rest = iter(name)
    return all(character in rest for character in characters)


def _at(rows: Sequence[Measure], asked: Period, indicator: str, org: str) -> list[Measure]:
    """The rows of the period meant: exactly it, else its cumulative, else its last month."""
    for wanted in (asked, asked.ytd(), asked.last_month()):
        here = [row for row in rows if row.period == wanted.id]
        if here:
            return here
    known = "、".join(str(Period.from_id(p)) for p in sorted({row.period for row in rows}))
    raise ExplainError(f"“{org}”的“{indicator}”没有{asked}的结果；有的统计期：{known}")


def _fitting(
    rows: Sequence[Measure], measure: str | None, wanted: tuple[str, ...]
) -> list[Measure]:
    """All rows of the first of the wanted measures that there is; a key means one row."""
    if measure is not None and "|" in measure:
        found = [row for row in rows if measure in (row.key, row.key.split("|", 3)[3])]
        return found or [row for row in rows if row.key.endswith(f"|{measure}")]
    for one in wanted:
        found = [row for row in rows if row.measure == one]
        if found:
            return found
    return list(rows) if measure is None else []


def _not_here(rows: Sequence[Measure], indicator: str, org: str, measure: str) -> str:
    present = {one.measure for one in rows}
    there = [one for one in MEASURE_NAMES if one in present]
    names = [MEASURE_NAMES[one] for one in there]
    near = _near(measure, [*there, *names, *map(_stem, names)])
    hint = f"，是不是“{near}”？" if near else "；"
    known = "、".join(f"{MEASURE_NAMES[one]}（{one}）" for one in there)
    return f"“{org}”的“{indicator}”在这一期没有“{measure}”{hint}有的是：{known}"


def _nearness(
    one: Measure, wanted: Sequence[str], names: Names, targets: Mapping[str, Target]
) -> tuple[int, int, int, int, bool, str]:
    """The nearest org above first, the most binding target, the group under the own parent."""
    target = targets.get(one.target_id)
    return (
        wanted.index(one.measure) if one.measure in wanted else len(wanted),
        names.height(one.org, one.base) or 0,
        list(TIER_NAMES).index(target.tier) if target is not None else 0,
        list(KIND_NAMES).index(target.kind) if target is not None else 0,
        not one.peer_group.startswith(f"{names.parents.get(one.org, '')}/"),
        one.key,
    )


def _title(one: Measure, names: Names, target: Target | None) -> str:
    """增速（计算）·2022年1—5月; 完成率·上级下达总量; 增速位次·示例县各乡镇."""
    against = [names.of(part) for part in (one.base, one.peer_group) if part]
    if target is not None:
        tier, kind = TIER_NAMES.get(target.tier, ""), KIND_NAMES.get(target.kind, "")
        against.insert(0, f"{tier}{kind}")
    return "·".join([_measure_name(one), *against])


# What is told against another base than last year's same period is never called 同比.
_AGAINST_OTHERS = {
    "change": ("比年初增减", "比上年全年增减"), "growth": ("比年初增长", "比上年全年增长"),
}  # fmt: skip


def _measure_name(one: Measure) -> str:
    if not is_usual(one.measure, one.period, one.base):
        start, whole = _AGAINST_OTHERS[one.measure]
        return whole if Period.from_id(one.base).is_cumulative else start
    return MEASURE_NAMES.get(one.measure, one.measure)


class _Tree:
    """Fetches level by level, so that a set of thousands of peers is one look-up."""

    def __init__(self, run: Run, top: Measure) -> None:
        self.run = run
        self.names = run.names
        self.first = top
        self.measures: dict[str, Measure] = {top.key: top}
        self.observations: dict[str, Observation] = {}
        self.targets: dict[str, Target] = {}
        self.sets: dict[str, Sequence[str]] = {}
        self._fetch(set(top.inputs))

    def _fetch(self, wanted: set[str]) -> None:
        seen: set[str] = set()
        for _ in range(_DEEPEST):
            wanted -= seen
            if not wanted:
                return
            seen |= wanted
            keys = {name for name in wanted if "|" in name}
            sets = {name.removeprefix(PEERS) for name in wanted if name.startswith(PEERS)}
            ids = {name for name in wanted - keys if not name.startswith(PEERS)}
            new_measures = self.run.measures(keys)
            new_sets = self.run.peer_sets(sets)
            self.measures |= new_measures
            self.sets |= new_sets
            self.observations |= self.run.observations(ids)
            self.targets |= self.run.targets(ids - self.observations.keys())
            wanted = {name for one in new_measures.values() for name in one.inputs}
            wanted |= {name for members in new_sets.values() for name in members}

    def top(self, others: tuple[Other, ...]) -> Node:
        return self._measure(self.first, 0, _Subject("", "", ""), others)

    def _measure(
        self, one: Measure, depth: int, above: _Subject, others: tuple[Other, ...] = ()
    ) -> Node:
        if depth > _DEEPEST:
            raise ExplainError(f"{one.key} 绕回到自己，结果目录已损坏；请重新计算")
        here = _Subject(one.org, one.period, one.indicator)
        inputs = [node for name in one.inputs for node in self._nodes(name, depth + 1, here)]
        title = _title(one, self.names, self.targets.get(one.target_id))
        return Node(
            one.key, "measure", one.value, one.shown, one.word, one.unit, one.formula,
            tuple(inputs), None, here.told(title, above, self.names), others,
        )  # fmt: skip

    def _nodes(self, name: str, depth: int, above: _Subject) -> list[Node]:
        """One input, or for a peer set each of its observations."""
        if name.startswith(PEERS):
            members = self.sets.get(name.removeprefix(PEERS))
            if members is not None:
                return [node for member in members for node in self._nodes(member, depth, above)]
        if name in self.measures:
            return [self._measure(self.measures[name], depth, above)]
        if name in self.observations:
            seen = self.observations[name]
            here = _Subject(seen.org, seen.period, seen.indicator)
            title = "更正后的数" if seen.track == CORRECTED else "来数"
            return [observation_node(seen, here.told(title, above, self.names))]
        if name in self.targets:
            aim = self.targets[name]
            here = _Subject(aim.org, above.period, aim.indicator)
            return [target_node(aim, here.told("目标", above, self.names))]
        raise ExplainError(f"结果目录里找不到 {name}；文件不全，请重新计算")


class _Subject(NamedTuple):
    """What a number is about."""

    org: str
    period: str
    indicator: str

    def told(self, title: str, above: _Subject, names: Names) -> str:
        """The title behind whatever the number above is not about."""
        new = [names.of(own) for own, known in zip(self, above, strict=True) if own != known]
        return " ".join([*new, title])


def observation_node(one: Observation, title: str) -> Node:
    facet = FACET_NAMES.get(one.facet, one.facet)
    formula = f"{OBS_TRACK_NAMES.get(one.track, one.track)}来数：{facet}"
    if one.track == CORRECTED:
        formula = f"更正后：{facet}；原文是更正前的"
    leaf = Leaf(
        one.file, one.sha256, one.sheet, one.cell, one.value_given, one.unit_given, one.received
    )
    shown = _as_given(one.value, one.decimals, one.word)
    return Node(
        one.obs_id, "observation", one.value, shown, one.word, one.unit, formula, (), leaf, title
    )  # fmt: skip


def target_node(one: Target, title: str) -> Node:
    """A target; its leaf repeats the value and unit it is kept in."""
    parts = (TIER_NAMES.get(one.tier, one.tier), KIND_NAMES.get(one.kind, one.kind),
             COMPARATOR_NAMES.get(one.comparator, one.comparator))  # fmt: skip
    shown = _as_given(one.value, None, one.word)
    leaf = Leaf(one.file, one.sha256, one.sheet, one.cell, shown, one.unit, one.received)
    when = (
        f"{print_period(Period.from_id(one.period))}时序任务" if one.period else f"{one.year}年目标"
    )
    formula = f"{when}：{'、'.join(parts)}"
    return Node(
        one.target_id, "target", one.value, shown, one.word, one.unit, formula, (), leaf, title
    )  # fmt: skip


def _as_given(value: Decimal | None, decimals: int | None, word: str | None) -> str:
    if value is None:
        return MEASURE_WORD_NAMES.get(word or "", OBS_WORD_NAMES.get(word or "", word or ""))
    digits = f"{value:f}"
    whole, _, fraction = digits.partition(".")
    fraction = fraction.rstrip("0")
    if decimals is not None:
        fraction = fraction.ljust(decimals, "0")
    return f"{whole}.{fraction}" if fraction else whole


# -- telling -----------------------------------------------------------------------------------


def as_json(node: Node) -> dict[str, Any]:
    """The tree as dicts and lists; values are Decimals (see `to_json`)."""
    told: dict[str, Any] = {
        "key": node.key, "kind": node.kind, "value": node.value, "shown": node.shown,
        "word": node.word, "unit": node.unit, "formula": node.formula,
        "inputs": [as_json(one) for one in node.inputs],
    }  # fmt: skip
    if node.leaf is not None:
        told |= {
            "file": node.leaf.file, "sha256": node.leaf.sha256, "sheet": node.leaf.sheet,
            "cell": node.leaf.cell, "value_given": node.leaf.value_given,
            "unit_given": node.leaf.unit_given, "received": node.leaf.received.isoformat(),
        }  # fmt: skip
    return told


def to_json(node: Node) -> str:
    """The tree as JSON text. A value is a JSON number with all its digits, which no float is."""
    return _json(as_json(node), "")


def _json(told: Any, indent: str) -> str:
    inner = indent + " "
    if isinstance(told, Decimal):
        return _as_given(told, None, None)
    if isinstance(told, dict) and told:
        parts = [f"{json.dumps(key)}: {_json(value, inner)}" for key, value in told.items()]
        return "{\n" + ",\n".join(inner + part for part in parts) + f"\n{indent}}}"
    if isinstance(told, list) and told:
        parts = [_json(value, inner) for value in told]
        return "[\n" + ",\n".join(inner + part for part in parts) + f"\n{indent}]"
    return json.dumps(told, ensure_ascii=False)


def as_text(node: Node) -> str:
    """The tree for people: one line each, inputs indented below what they make."""
    lines = list(_lines(node, 0))
    if node.others:
        lines.append("也符合的还有，要看哪一个就在命令后加上：")
        lines += [f"  --measure '{one.key}'　{one.title}" for one in node.others]
    return "\n".join(lines)


def _lines(node: Node, depth: int) -> Iterable[str]:
    indent = "  " * depth
    unit = "" if node.word else node.unit
    yield f"{indent}{node.title}：{node.shown}{unit}　{node.formula}"
    if node.leaf is not None:
        sheet = f" 工作表“{node.leaf.sheet}”" if node.leaf.sheet else ""
        yield (
            f"{indent}  └ {node.leaf.file}{sheet} {node.leaf.cell}，"
            f"原文“{_given(node.leaf)}”，{node.leaf.received.isoformat()}收到"
        )
    for one in node.inputs:
        yield from _lines(one, depth + 1)


def _given(leaf: Leaf) -> str:
    """The text of the cell and its unit, a percent sign once."""
    unit = leaf.unit_given.removesuffix("%") if "%" in leaf.value_given else leaf.unit_given
    return f"{leaf.value_given}{unit}"
