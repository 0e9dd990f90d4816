"""Coverage: how much of a growth comes of parts that entered or left (入库退库、入统退统).

Of a breakdown with `coverage`, a part has entered that has a figure now and none a year ago, and
left that had one and has none now. A part whose figure is still owed, late or held has not left:
until it is there nothing is said. The lists are short, so they are gone through one by one,
exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any, NamedTuple

import narwhals as nw

from diaodu.engine.compute.breaks import keeps_apart
from diaodu.engine.compute.emit import BREAK, Row
from diaodu.engine.compute.exact import Frame, Range, from_scaled
from diaodu.engine.compute.figures import table
from diaodu.engine.compute.plan import Plan, Step, owed_figures
from diaodu.engine.compute.wholes import common_unit, parts_of, wholes_of
from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import SCALE
from diaodu.engine.rules.models import Breakdown, Indicator
from diaodu.engine.rules.rulebook import Rulebook

_MOST_NAMED = 3
_NOTHING = Interval.exact(0)
Place = tuple[str, str, str]  # indicator, org, period id


class _Figure(NamedTuple):
    """A level on file, or the word that stands there; `is_nil` where there is truly nothing."""

    range: Interval | None
    ref: str | None
    is_nil: bool


@dataclass
class _Parts:
    """The parts of one whole, by what became of them in a year; figures in the whole's unit."""

    same: list[tuple[Interval, Interval]]
    entered: list[Interval]
    left: list[Interval]
    names: dict[str, list[str]]  # entered, left, unknown, apart → printed names
    refs: list[str]

    @property
    def told(self) -> str:
        """同口径5个，进入1个（甲），退出2个（乙、丙）."""
        said = [f"同口径{len(self.same)}个"]
        for key, word in (("entered", "进入"), ("left", "退出")):
            said.append(f"{word}{_named(self.names[key])}")
        return "，".join(said)


def _named(names: Sequence[str]) -> str:
    if not names:
        return "0个"
    shown = "、".join(names[:_MOST_NAMED]) + ("等" if len(names) > _MOST_NAMED else "")
    return f"{len(names)}个（{shown}）"


class _Row(NamedTuple):
    """One measure of one whole."""

    indicator: str
    org: str
    period: str
    measure: str
    base: str
    breakdown: str
    number: Interval | None
    word: str | None
    unit: str
    decimals: int
    formula: str
    keys: str


def measures(cells: Frame, figures: Frame, rulebook: Rulebook, plan: Plan) -> Iterator[Frame]:
    """like_for_like, coverage_effect and coverage_effect_pp of every whole that is broken down
    with `coverage`; `base` is last year's period, `peer_group` the breakdown."""
    breakdowns = [one for one in rulebook.breakdowns if one.coverage]
    found = list(_Book(figures, rulebook, plan, breakdowns).rows()) if breakdowns else []
    if found:
        yield _frame(cells, found)


class _Book:
    def __init__(
        self, figures: Frame, rulebook: Rulebook, plan: Plan, breakdowns: Sequence[Breakdown]
    ) -> None:
        self.rulebook = rulebook
        self.plan = plan
        self.breakdowns = breakdowns
        self.levels = _levels(figures, self._indicators())
        self._owed: frozenset[Place] | None = None

    def _indicators(self) -> set[str]:
        found: set[str] = set()
        for breakdown in self.breakdowns:
            for one in wholes_of(breakdown, self.rulebook):
                found.add(one.id)
                if breakdown.of == "indicators":
                    found |= {part.id for part in parts_of(breakdown, one, self.rulebook)}
        return found

    def rows(self) -> Iterator[_Row]:
        for breakdown in self.breakdowns:
            for one in wholes_of(breakdown, self.rulebook):
                for indicator, period_id in sorted(self.plan.asked):
                    step = self.plan.steps[indicator, period_id]
                    if indicator == one.id and breakdown.holds_on(step.period.end):
                        yield from self._of_step(breakdown, one, step)

    def _of_step(self, breakdown: Breakdown, one: Indicator, step: Step) -> Iterator[_Row]:
        for org, parts in self._parts(breakdown, one, step).items():
            sorted_out = self._sorted_out(one, parts, step)
            if sorted_out.same or sorted_out.entered or sorted_out.left:
                yield from _rows_of(one, org, step, breakdown, sorted_out)

    def _parts(
        self, breakdown: Breakdown, one: Indicator, step: Step
    ) -> dict[str, list[tuple[Indicator, str]]]:
        """org of the whole → its parts, each an indicator of an org: those there are now and
        those there were a year ago."""
        days = (step.period.end, step.period.last_year().end)
        if breakdown.of == "orgs":
            members = {m.id: None for day in days for m in self.rulebook.members(breakdown, day)}
            return {breakdown.parent or "": [(one, org) for org in members]}
        parts = parts_of(breakdown, one, self.rulebook)
        return {
            org.id: [(part, org.id) for part in parts]
            for org in self.rulebook.orgs.values()
            if any(org.exists_on(day) for day in days)
        }

    def _sorted_out(
        self, one: Indicator, parts: Iterable[tuple[Indicator, str]], step: Step
    ) -> _Parts:
        found = _Parts([], [], [], {key: [] for key in ("entered", "left", "unknown", "apart")}, [])
        for part, org in parts:
            now = self.levels.get((part.id, org, step.period.id))
            base = self.levels.get((part.id, org, step.last_year))
            value, last = (_in_unit(figure, part, one) for figure in (now, base))
            name = part.name if part.id != one.id else self.rulebook.orgs[org].name
            found.refs += [figure.ref for figure in (now, base) if figure and figure.ref]
            if value is not None and last is not None:
                if self._is_apart(part, org, step):
                    found.names["apart"].append(name)
                found.same.append((value, last))
            elif value is not None:
                found.entered.append(value)
                found.names["entered"].append(name)
            elif last is not None and self._is_open((part.id, org, step.period.id), now):
                found.names["unknown"].append(name)
            elif last is not None:
                found.left.append(last)
                found.names["left"].append(name)
        return found

    def _is_apart(self, part: Indicator, org: str, step: Step) -> bool:
        base = Period.from_id(step.last_year)
        return keeps_apart(self.rulebook, part.id, org, base, step.period)

    def _is_open(self, place: Place, now: _Figure | None) -> bool:
        """Whether a figure that is not there may still come: a word says so, or it is owed."""
        if now is not None:
            return not now.is_nil
        if self._owed is None:
            self._owed = frozenset(owed_figures(self.rulebook, self.plan))
        return place in self._owed


def _levels(figures: Frame, indicators: set[str]) -> dict[Place, _Figure]:
    chosen = figures.filter(
        (nw.col("facet") == "level") & (nw.col("against") == "")
        & nw.col("indicator").is_in(sorted(indicators))
    ).select("indicator", "org", "period", "value", "lo", "hi", "ref", "word")  # fmt: skip
    found: dict[Place, _Figure] = {}
    for indicator, org, period, value, lo, hi, ref, word in chosen.iter_rows():
        ends = None if value is None else [Fraction(from_scaled(n)) for n in (value, lo, hi)]
        number = None if ends is None else Interval(*ends)
        found[indicator, org, period] = _Figure(number, ref, word == "nil")
    return found


def _in_unit(figure: _Figure | None, part: Indicator, one: Indicator) -> Interval | None:
    if figure is None or figure.range is None:
        return None
    return figure.range.times(Fraction(*common_unit(part.unit, one.unit)))


def _sum(numbers: Iterable[Interval]) -> Interval:
    total = _NOTHING
    for one in numbers:
        total = total + one
    return total


def _growth(now: Interval, base: Interval) -> tuple[Interval | None, str | None]:
    """In %, or the word where the base bears none."""
    if base.value <= 0:
        return None, "zero_base" if base.value == 0 else "negative_base"
    if base.holds_zero:
        return Interval.exact((now.value / base.value - 1) * 100), None
    return (now / base - Interval.exact(1)).times(100), None


def _rows_of(
    one: Indicator, org: str, step: Step, breakdown: Breakdown, parts: _Parts
) -> Iterator[_Row]:
    keys = BREAK.join(dict.fromkeys(parts.refs))
    effect_unit = (one.unit, one.decimals)
    places = one.growth_decimals
    values: dict[str, tuple[Interval | None, str | None, str]]
    if parts.names["unknown"]:
        why = f"还缺{_named(parts.names['unknown'])}的本期数，分不清是退出还是未报"
        values = dict.fromkeys(_UNITS, (None, "not_published", why))
    elif parts.names["apart"]:
        why = f"口径变动，{_named(parts.names['apart'])}与上年同期不可比"
        values = dict.fromkeys(_UNITS, (None, "not_comparable", why))
    elif not parts.same and not parts.left:
        values = dict.fromkeys(_UNITS, (None, "no_base", "各部分都没有上年同期数，分不清进退"))
    else:
        values = _values(parts)
    for measure, (number, word, formula) in values.items():
        unit, decimals = _UNITS[measure] or effect_unit[0], places
        if measure == "coverage_effect":
            decimals = effect_unit[1]
        yield _Row(
            one.id, org, step.period.id, measure, step.last_year, breakdown.id, number, word,
            unit, decimals, formula, keys,
        )  # fmt: skip


_UNITS: Mapping[str, str] = {
    "like_for_like": "%", "coverage_effect": "", "coverage_effect_pp": "百分点",
}  # fmt: skip


def _values(parts: _Parts) -> dict[str, tuple[Interval | None, str | None, str]]:
    now, base = _sum(now for now, _ in parts.same), _sum(base for _, base in parts.same)
    entered, left = _sum(parts.entered), _sum(parts.left)
    alike, word = _growth(now, base) if parts.same else (None, "no_base")
    every, other = _growth(now + entered, base + left)
    apart = every - alike if every is not None and alike is not None else None
    told = parts.told
    return {
        "like_for_like": (
            alike, word, f"（同口径本期合计 ÷ 同口径上年同期合计 − 1）× 100（{told}）",
        ),
        "coverage_effect": (entered - left, None, f"进入的本期数 − 退出的上年同期数（{told}）"),
        "coverage_effect_pp": (
            apart, (other or word) if apart is None else None,
            f"各部分合计的增速 − 同口径增速（{told}）",
        ),
    }  # fmt: skip


def _frame(like: Frame, found: Sequence[_Row]) -> Frame:
    columns: dict[str, list[Any]] = {
        name: [getattr(row, name) for row in found] for name in _Row._fields if name != "number"
    }
    numbers = [row.number for row in found]
    columns["value"] = [None if n is None else _cut(n.value) for n in numbers]
    columns["lo"] = [None if n is None else _floor(n.lo) for n in numbers]
    columns["hi"] = [None if n is None else -_floor(-n.hi) for n in numbers]
    types: dict[str, Any] = dict.fromkeys(columns, nw.String)
    types |= {"decimals": nw.Int64, **dict.fromkeys(("value", "lo", "hi"), nw.Int128)}
    return _ROW.of(table(like, columns, types))


_ROW = Row(
    nw.col("measure"), number=Range(nw.col("value"), nw.col("lo"), nw.col("hi")),
    word=nw.col("word"), unit=nw.col("unit"), decimals=nw.col("decimals"),
    formula=nw.col("formula"), inputs=nw.col("keys"), base=nw.col("base"),
    peer_group=nw.col("breakdown"),
)  # fmt: skip


def _cut(value: Fraction) -> int:
    """Scaled, cut off toward zero."""
    return int(value * 10**SCALE)


def _floor(value: Fraction) -> int:
    scaled: int = floor(value * 10**SCALE)
    return scaled
