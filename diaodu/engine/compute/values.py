"""Indicators that are formulas over others: their values, as further rows of figures.

These are few and small, so they are evaluated one by one, exactly; an observation on file wins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import floor
from typing import Any

import narwhals as nw

from diaodu.engine.compute.breaks import keeps_apart
from diaodu.engine.compute.emit import BREAK
from diaodu.engine.compute.exact import LIMIT, Frame, from_scaled, to_scaled
from diaodu.engine.compute.figures import table
from diaodu.engine.compute.plan import Plan, filed_period, owed_figures, period_before
from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import SCALE, round_half_up
from diaodu.engine.ground.records import Measure
from diaodu.engine.rules import formula as formulas
from diaodu.engine.rules.formula import BoundFormula, Condition, Term
from diaodu.engine.rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class _Figure:
    """One level: its interval, the obs_ids it rests on, and what `value` names as inputs."""

    range: Interval | None
    refs: tuple[str, ...]
    inputs: tuple[str, ...] = ()
    said: str | None = None  # a measure word in place of a value
    note: str = ""  # what the formula's words do not say


Place = tuple[str, str, Period]  # indicator, org, period


def needed_periods(rulebook: Rulebook, plan: Plan) -> set[str]:
    """Ids of the further periods that formulas read, formulas over formulas included."""
    bound = {b.indicator: b for b in formulas.in_order(rulebook.indicators)}
    seen: set[tuple[str, Period]] = set()
    todo = list(_wanted(plan, bound))
    while todo:
        indicator, period = todo.pop()
        if (indicator, period) in seen:
            continue
        seen.add((indicator, period))
        if indicator in bound:
            todo += [
                (term.indicator, at)
                for term in bound[indicator].terms
                for at in _read_at(rulebook, term, period)
            ]
    return {period.id for _, period in seen}


def _wanted(plan: Plan, bound: Mapping[str, BoundFormula]) -> list[tuple[str, Period]]:
    """Formula indicators and the periods at which their level is used."""
    found: dict[tuple[str, Period], None] = {}
    for step in plan.steps.values():
        if step.indicator in bound:
            further = plan.further.get((step.indicator, step.period.id), ())
            ids = (step.period.id, step.last_year, step.previous_cumulative, *further)
            for period in filter(None, ids):
                found[step.indicator, Period.from_id(period)] = None
    return list(found)


def _shifted(rulebook: Rulebook, term: Term, period: Period) -> Period:
    used = rulebook.indicators[term.indicator]
    own = filed_period(used, period)
    if term.shift == "last_year":
        return own.last_year()
    return period_before(used, own) if term.shift == "previous" else own


def _read_at(rulebook: Rulebook, term: Term, period: Period) -> list[Period]:
    """Every period at which a term reads figures; of a growth also the one before."""
    own = _shifted(rulebook, term, period)
    if term.shift == "ytd":
        return _in_year(rulebook, term.indicator, own)
    if term.condition is not None and term.condition.of == "growth":
        return [own, own.last_year()]
    return [own]


def _in_year(rulebook: Rulebook, indicator: str, last: Period) -> list[Period]:
    """The periods that make up the year so far, newest first: one that is cumulative, or each
    month's own."""
    used = rulebook.indicators[indicator]
    found = [last]
    while used.basis == "month" and (before := period_before(used, found[-1])).year == last.year:
        found.append(before)
    return found


def with_formulas(figures: Frame, rulebook: Rulebook, plan: Plan) -> Frame:
    """`figures` with a row for every formula that has at least one of its figures."""
    bound = {b.indicator: b for b in formulas.in_order(rulebook.indicators)}
    if not bound:
        return figures
    book = _Book(figures, rulebook, plan, bound)
    rows = list(book.rows(_wanted(plan, bound)))
    return nw.concat([figures, _frame(figures, rows)])


class _Book:
    """Levels by place: observations first, formulas evaluated when asked for."""

    def __init__(
        self, figures: Frame, rulebook: Rulebook, plan: Plan, bound: Mapping[str, BoundFormula]
    ) -> None:
        self.rulebook = rulebook
        self.plan = plan
        self.bound = bound
        self.known: dict[Place, _Figure | None] = dict(_observed(figures, bound, "level"))
        self.observed = frozenset(self.known)
        self.growths = dict(_observed(figures, bound, "growth"))
        self._filed = frozenset(figures.select("indicator", "org").unique().iter_rows())

    def rows(self, wanted: list[tuple[str, Period]]) -> Iterator[tuple[Place, _Figure, str]]:
        for indicator, period in wanted:
            words = formulas.describe(self.bound[indicator].formula, self.rulebook.indicators)
            for org in self.rulebook.orgs.values():
                place = (indicator, org.id, period)
                if place in self.observed or not org.exists_on(period.end):
                    continue
                figure = self.figure(place)
                if figure is not None and figure.refs and self._is_told(place, figure):
                    yield place, figure, f"公式：{words}{figure.note}"

    def _is_told(self, place: Place, figure: _Figure) -> bool:
        """Of an org that never has one of the figures, nothing is missing."""
        lacks = figure.range is None and figure.said in (None, "not_published", "no_base")
        return not lacks or self._concerns(*place)

    def _concerns(self, indicator: str, org: str, period: Period) -> bool:
        """Whether an org has had, or owes, the figure; of a formula all that it is made of."""
        if indicator not in self.bound:
            return (indicator, org) in self._filed or (indicator, org) in self._owed
        return all(
            any(self._concerns(*one) for one in self._places(term, org, period))
            for term in self.bound[indicator].terms
        )

    @cached_property
    def _owed(self) -> frozenset[tuple[str, str]]:
        return frozenset((name, org) for name, org, _ in owed_figures(self.rulebook, self.plan))

    def figure(self, place: Place) -> _Figure | None:
        if place not in self.known:
            bound = self.bound.get(place[0])
            self.known[place] = None if bound is None else self._evaluated(place, bound)
        return self.known[place]

    def _evaluated(self, place: Place, bound: BoundFormula) -> _Figure:
        terms = {term: self._term(term, place) for term in bound.terms}
        refs = tuple(dict.fromkeys(ref for f in terms.values() for ref in f.refs))
        inputs = tuple(dict.fromkeys(one for f in terms.values() for one in f.inputs))
        note = "".join(dict.fromkeys(f.note for f in terms.values()))
        result = formulas.evaluate(bound, lambda term: _middle(terms[term]))
        if result.value is None:
            return _Figure(None, refs, inputs, result.word, note)
        if abs(result.value) > from_scaled(LIMIT):
            return _Figure(None, refs, inputs, "not_comparable", note)
        value = Fraction(result.value)
        ranges = {term: f.range for term, f in terms.items() if f.range is not None}
        return _Figure(_bounded(bound, ranges, value), refs, inputs, None, note)

    def _term(self, term: Term, place: Place) -> _Figure:
        _, org, period = place
        at = _shifted(self.rulebook, term, period)
        if term.shift == "ytd":
            periods = _in_year(self.rulebook, term.indicator, at)
            return _total([self._named((term.indicator, org, one)) for one in periods], "期")
        if term.shift not in ("children_sum", "children_count"):
            return self._named((term.indicator, org, at), shifted=term.shift != "same")
        children = self._places(term, org, period)
        if term.condition is not None:
            return self._counted(children, term.condition)
        return _total([self._named(child) for child in children], "个单位")

    def _places(self, term: Term, org: str, period: Period) -> list[Place]:
        """The org's own, or those of the orgs below it that the term is about."""
        at = _shifted(self.rulebook, term, period)
        if term.shift not in ("children_sum", "children_count"):
            return [(term.indicator, org, at)]
        return [
            (term.indicator, child.id, at)
            for child in self.rulebook.children(org, at.end)
            if term.level in ("", child.level)
        ]

    def _named(self, place: Place, *, shifted: bool = False) -> _Figure:
        """The figure at a place; as input its `value` measure where this run has one."""
        indicator, org, period = place
        figure = self.figure(place)
        if figure is None:
            return _Figure(None, ())
        asked = not shifted and (indicator, period.id) in self.plan.asked
        key = Measure.make_key(indicator, org, period.id, "value")
        return _Figure(figure.range, figure.refs, (key,) if asked else figure.refs, figure.said)

    def _counted(self, children: list[Place], condition: Condition) -> _Figure:
        """How many of them fulfil it, as printed; none where one has no figure yet. Who has no
        growth because of its base does not fulfil it, and is counted in the note."""
        decimals = self._decimals(children, condition)
        parts = [
            self._growth(child) if condition.of == "growth" else self._named(child)
            for child in children
        ]
        refs = tuple(ref for part in parts for ref in part.refs)
        inputs = tuple(one for part in parts for one in part.inputs)
        absent = sum(part.range is None and part.said is None for part in parts)
        if not parts or absent:
            note = f"（{len(parts)}个单位中{absent}个无数）" if parts else ""
            return _Figure(None, refs, inputs, note=note)
        told = [part.range.value for part in parts if part.range is not None]
        printed = [Fraction(round_half_up(_cut(value), decimals)) for value in told]
        bare = len(parts) - len(told)
        if not told:
            note = f"（{bare}个单位都无法比较）"
            return _Figure(None, refs, inputs, "not_comparable", note)
        note = f"（{bare}个单位无法比较，不算在内）" if bare else ""
        number = sum(condition.holds(value) for value in printed)
        return _Figure(Interval.exact(number), refs, inputs, note=note)

    def _decimals(self, children: list[Place], condition: Condition) -> int:
        used = self.rulebook.indicators[children[0][0]] if children else None
        if used is None:
            return 0
        return used.growth_decimals if condition.of == "growth" else used.decimals

    def _growth(self, place: Place) -> _Figure:
        """The growth read: published, else computed; `said` where its base bears none."""
        indicator, org, period = place
        asked = (indicator, period.id) in self.plan.asked
        published = self.growths.get(place)
        if published is not None:
            key = Measure.make_key(indicator, org, period.id, "growth_published")
            return _Figure(published.range, published.refs, (key,) if asked else published.refs)
        now, base = self._named(place), self._named((indicator, org, period.last_year()))
        if now.range is None:
            return _Figure(None, now.refs, now.inputs, now.said)
        key = Measure.make_key(indicator, org, period.id, "growth", base=period.last_year().id)
        refs = (*now.refs, *base.refs)
        inputs = (key,) if asked else refs
        apart = keeps_apart(self.rulebook, indicator, org, period.last_year(), period)
        if apart or base.range is None or base.range.value <= 0 or now.range.value < 0:
            return _Figure(None, refs, inputs, "not_comparable")
        rise = now.range.value / base.range.value - 1
        return _Figure(Interval.exact(rise * 100), refs, inputs)


def _total(parts: list[_Figure], what: str) -> _Figure:
    """The sum of figures, only where every one is there."""
    refs = tuple(ref for part in parts for ref in part.refs)
    inputs = tuple(one for part in parts for one in part.inputs)
    ranges = [part.range for part in parts if part.range is not None]
    if not parts or len(ranges) < len(parts):
        absent = len(parts) - len(ranges)
        note = f"（{len(parts)}{what}中{absent}{what.removesuffix('单位')}无数）" if parts else ""
        return _Figure(None, refs, inputs, note=note)
    total = ranges[0]
    for one in ranges[1:]:
        total = total + one
    return _Figure(total, refs, inputs)


def _observed(
    figures: Frame, bound: Mapping[str, BoundFormula], name: str
) -> Iterator[tuple[Place, _Figure]]:
    used = {term.indicator for one in bound.values() for term in one.terms} | set(bound)
    levels = figures.filter(
        (nw.col("facet") == name) & (nw.col("against") == "")
        & ~nw.col("value").is_null() & nw.col("indicator").is_in(sorted(used))
    ).select("indicator", "org", "period", "value", "lo", "hi", "ref")  # fmt: skip
    for indicator, org, period, value, lo, hi, ref in levels.iter_rows():
        exact = [Fraction(from_scaled(number)) for number in (value, lo, hi)]
        yield (indicator, org, Period.from_id(period)), _Figure(Interval(*exact), (ref,))


def _middle(figure: _Figure) -> Decimal | None:
    return None if figure.range is None else _cut(figure.range.value)


def _bounded(bound: BoundFormula, ranges: Mapping[Term, Interval], value: Fraction) -> Interval:
    """The range its figures leave open; only the value where a divisor may be zero."""
    try:
        found = _range(bound.root, ranges).times(bound.result)
    except ZeroDivisionError:
        return Interval.exact(value)
    return Interval(value, min(found.lo, value), max(found.hi, value))


def _range(node: formulas.Node, ranges: Mapping[Term, Interval]) -> Interval:
    if isinstance(node, formulas.Number):
        return Interval.exact(node.value)
    if isinstance(node, formulas.Figure):
        return ranges[node.term].times(node.factor)
    if isinstance(node, formulas.Negative):
        return -_range(node.inner, ranges)
    assert isinstance(node, formulas.Operation)  # a bound tree holds no bare names
    left, right = _range(node.left, ranges), _range(node.right, ranges)
    if node.sign == "+":
        return left + right
    if node.sign == "−":
        return left - right
    return left * right if node.sign == "×" else left / right


def _frame(like: Frame, rows: list[tuple[Place, _Figure, str]]) -> Frame:
    columns: dict[str, list[Any]] = {name: [None] * len(rows) for name in like.columns}
    columns["indicator"] = [place[0] for place, _, _ in rows]
    columns["org"] = [place[1] for place, _, _ in rows]
    columns["period"] = [place[2].id for place, _, _ in rows]
    columns["facet"] = ["level"] * len(rows)
    columns["against"] = [""] * len(rows)
    columns["flat"] = [False] * len(rows)
    columns["figure"] = [figure.range is not None for _, figure, _ in rows]
    columns["ref"] = [BREAK.join(figure.refs) for _, figure, _ in rows]
    columns["inputs"] = [BREAK.join(figure.inputs) for _, figure, _ in rows]
    columns["said"] = [figure.said for _, figure, _ in rows]
    columns["formula"] = [words for _, _, words in rows]
    ranges = [figure.range for _, figure, _ in rows]
    columns["value"] = [None if r is None else to_scaled(_cut(r.value)) for r in ranges]
    columns["lo"] = [None if r is None else _scaled_floor(r.lo) for r in ranges]
    columns["hi"] = [None if r is None else -_scaled_floor(-r.hi) for r in ranges]
    return table(like, columns, like.schema)


def _cut(value: Fraction) -> Decimal:
    return from_scaled(int(value * 10**SCALE))


def _scaled_floor(value: Fraction) -> int:
    scaled: int = floor(value * 10**SCALE)
    return scaled
