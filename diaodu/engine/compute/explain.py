"""Where a number comes from: the tree from a measure down to cells of returns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Protocol

from diaodu.engine.ground.errors import DiaoduError
from diaodu.engine.ground.period import Period, parse_period
from diaodu.engine.ground.records import Measure, Observation, Target
from diaodu.engine.ground.words import (
    COMPARATOR_NAMES,
    FACET_NAMES,
    KIND_NAMES,
    MEASURE_NAMES,
    MEASURE_WORD_NAMES,
    OBS_WORD_NAMES,
    TIER_NAMES,
    TRACK_NAMES,
)

PEERS = "peers:"
# What is explained where no measure is named, the first that the run has.
_USUAL = ("value", "growth_published", "growth")
# A measure rests on others at most a few steps deep; more would be a circle.
_DEEPEST = 40


class ExplainError(DiaoduError):
    """Nothing to explain under that name."""


class Run(Protocol):
    """A finished run, looked up in batches. What is not there is left out of the answer."""

    def name_of(self, kind: Literal["indicator", "org"], text: str) -> str | None:
        """The id that an id, name or alias stands for, or None."""
        ...

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


@dataclass(frozen=True)
class Node:
    """One number and what it was made of. `others`: keys that fit what was asked just as well
    (only on the top)."""

    key: str
    kind: Literal["measure", "observation", "target"]
    value: Decimal | None
    shown: str
    word: str | None
    unit: str
    formula: str
    inputs: tuple[Node, ...] = ()
    leaf: Leaf | None = None
    others: tuple[str, ...] = field(default=())


def explain(
    run: Run, indicator: str, org: str, period: str | Period, measure: str | None = None
) -> Node:
    """The tree under a measure of a run.

    Names, aliases and ids are taken for indicator and org, any written form for the period.
    `measure` may carry the rest of its key (`rank_growth|||<group>`). Raises ExplainError.
    """
    indicator_id = _named(run, "indicator", indicator)
    org_id = _named(run, "org", org)
    asked = parse_period(period) if isinstance(period, str) else period
    rows = run.measures_of(indicator_id, org_id)
    if not rows:
        raise ExplainError(
            f"结果里没有“{org}”的“{indicator}”；请核对指标和单位的写法，或换一个结果目录"
        )
    here = _at(rows, asked, indicator, org)
    fitting = _fitting(here, measure)
    if not fitting:
        known = "、".join(dict.fromkeys(one.measure for one in here))
        raise ExplainError(f"“{org}”的“{indicator}”在这一期没有“{measure}”；有的是：{known}")
    chosen, *others = fitting
    tree = _Tree(run, chosen)
    return tree.top(tuple(one.key for one in others))


def _named(run: Run, kind: Literal["indicator", "org"], text: str) -> str:
    found = run.name_of(kind, text)
    if found is None:
        what = "指标" if kind == "indicator" else "单位"
        raise ExplainError(f"结果里没有{what}“{text}”；请写编号或全称")
    return found


def _at(rows: Sequence[Measure], asked: Period, indicator: str, org: str) -> list[Measure]:
    """The rows of the period meant: exactly it, else its cumulative, else its last month."""
    for wanted in (asked, asked.ytd(), asked.last_month()):
        here = [row for row in rows if row.period == wanted.id]
        if here:
            return here
    known = "、".join(str(Period.from_id(p)) for p in sorted({row.period for row in rows}))
    raise ExplainError(f"“{org}”的“{indicator}”没有{asked}的结果；有的统计期：{known}")


def _fitting(rows: Sequence[Measure], measure: str | None) -> list[Measure]:
    """The measures asked for, by key; those without a target, base or group of their own first."""
    if measure is None:
        for usual in _USUAL:
            found = [row for row in rows if row.measure == usual]
            if found:
                return found
        return list(rows)
    tail = [row for row in rows if row.key.endswith(f"|{measure}")]
    return tail or [row for row in rows if row.measure == measure]


class _Tree:
    """Fetches level by level, so that a set of thousands of peers is one look-up."""

    def __init__(self, run: Run, top: Measure) -> None:
        self.run = run
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

    def top(self, others: tuple[str, ...]) -> Node:
        return self._measure(self.first, 0, others)

    def _measure(self, one: Measure, depth: int, others: tuple[str, ...] = ()) -> Node:
        if depth > _DEEPEST:
            raise ExplainError(f"{one.key} 绕回到自己，结果目录已损坏；请重新计算")
        inputs = [node for name in one.inputs for node in self._nodes(name, depth + 1)]
        return Node(
            one.key, "measure", one.value, one.shown, one.word, one.unit, one.formula,
            tuple(inputs), None, others,
        )  # fmt: skip

    def _nodes(self, name: str, depth: int) -> list[Node]:
        """One input, or for a peer set each of its observations."""
        if name.startswith(PEERS):
            members = self.sets.get(name.removeprefix(PEERS))
            if members is not None:
                return [node for member in members for node in self._nodes(member, depth)]
        if name in self.measures:
            return [self._measure(self.measures[name], depth)]
        if name in self.observations:
            return [observation_node(self.observations[name])]
        if name in self.targets:
            return [target_node(self.targets[name])]
        raise ExplainError(f"结果目录里找不到 {name}；文件不全，请重新计算")


def observation_node(one: Observation) -> Node:
    formula = (
        f"{TRACK_NAMES.get(one.track, one.track)}来数：{FACET_NAMES.get(one.facet, one.facet)}"
    )
    leaf = Leaf(
        one.file, one.sha256, one.sheet, one.cell, one.value_given, one.unit_given, one.received
    )
    shown = _as_given(one.value, one.decimals, one.word)
    return Node(one.obs_id, "observation", one.value, shown, one.word, one.unit, formula, (), leaf)


def target_node(one: Target) -> Node:
    """A target; its leaf repeats the value and unit it is kept in."""
    parts = (TIER_NAMES.get(one.tier, one.tier), KIND_NAMES.get(one.kind, one.kind),
             COMPARATOR_NAMES.get(one.comparator, one.comparator))  # fmt: skip
    shown = _as_given(one.value, None, one.word)
    leaf = Leaf(one.file, one.sha256, one.sheet, one.cell, shown, one.unit, one.received)
    formula = f"{one.year}年目标：{'、'.join(parts)}"
    return Node(one.target_id, "target", one.value, shown, one.word, one.unit, formula, (), leaf)


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
    """The tree as dicts and lists. A value is a number where a JSON reader gets exactly its
    digits back (up to about fifteen), else their text."""
    told: dict[str, Any] = {
        "key": node.key, "kind": node.kind, "value": _json_number(node.value),
        "shown": node.shown, "word": node.word, "unit": node.unit, "formula": node.formula,
        "inputs": [as_json(one) for one in node.inputs],
    }  # fmt: skip
    if node.leaf is not None:
        told |= {
            "file": node.leaf.file, "sha256": node.leaf.sha256, "sheet": node.leaf.sheet,
            "cell": node.leaf.cell, "value_given": node.leaf.value_given,
            "unit_given": node.leaf.unit_given, "received": node.leaf.received.isoformat(),
        }  # fmt: skip
    if node.others:
        told["others"] = list(node.others)
    return told


def _json_number(value: Decimal | None) -> int | float | str | None:
    if value is None:
        return None
    if value == value.to_integral_value():
        return int(value)
    near = float(value)
    return near if Decimal(repr(near)) == value else f"{value:f}"


def as_text(node: Node) -> str:
    """The tree for people: one line each, inputs indented below what they make."""
    lines = list(_lines(node, 0))
    if node.others:
        lines.append("同名的还有（--measure 写到第四个“|”之后的全文）：")
        lines += [f"  {key}" for key in node.others]
    return "\n".join(lines)


def _lines(node: Node, depth: int) -> Iterable[str]:
    indent = "  " * depth
    unit = "" if node.word else node.unit
    yield f"{indent}{_title(node)}：{node.shown}{unit}　{node.formula}"
    if node.leaf is not None:
        sheet = f" 工作表“{node.leaf.sheet}”" if node.leaf.sheet else ""
        unit = (
            node.leaf.unit_given.removesuffix("%")
            if "%" in node.leaf.value_given
            else (node.leaf.unit_given)
        )
        given = f"{node.leaf.value_given}{unit}"
        yield (
            f"{indent}  └ {node.leaf.file}{sheet} {node.leaf.cell}，"
            f"原文“{given}”，{node.leaf.received.isoformat()}收到"
        )
    for one in node.inputs:
        yield from _lines(one, depth + 1)


def _title(node: Node) -> str:
    if node.kind == "observation":
        return "来数"
    if node.kind == "target":
        return "目标"
    measure, base, group = (node.key.split("|")[part] for part in (3, 5, 6))
    against = f"（{base or group}）" if base or group else ""
    return MEASURE_NAMES.get(measure, measure) + against
