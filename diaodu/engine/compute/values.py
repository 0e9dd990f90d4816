"""Indicators that are formulas over others: their values, as further rows of figures.

These are few and small, so they are evaluated one by one, exactly; an observation on file wins.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

import narwhals as nw

from diaodu.engine.compute.emit import BREAK
from diaodu.engine.compute.exact import LIMIT, Frame, from_scaled, to_scaled
from diaodu.engine.compute.figures import table
from diaodu.engine.compute.plan import Plan, filed_period, period_before
from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import SCALE
from diaodu.engine.ground.records import Measure
from diaodu.engine.rules import formula as formulas
from diaodu.engine.rules.formula import BoundFormula, Shift, Term
from diaodu.engine.rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class _Figure:
    """One level: its interval, the obs_ids it rests on, and what `value` names as inputs."""

    range: Interval | None
    refs: tuple[str, ...]
    inputs: tuple[str, ...] = ()
    said: str | None = None  # a measure word in place of a value


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
                (term.indicator, _shifted(rulebook, term, period))
                for term in bound[indicator].terms
            ]
    return {period.id for _, period in seen}


def _wanted(plan: Plan, bound: Mapping[str, BoundFormula]) -> list[tuple[str, Period]]:
    """Formula indicators and the periods at which their level is used."""
    found: dict[tuple[str, Period], None] = {}
    for step in plan.steps.values():
        if step.indicator in bound:
            ids = (step.period.id, step.last_year, step.previous_cumulative)
            for period in filter(None, ids):
                found[step.indicator, Period.from_id(period)] = None
    return list(found)


def _shifted(rulebook: Rulebook, term: Term, period: Period) -> Period:
    used = rulebook.indicators[term.indicator]
    own = filed_period(used, period)
    if term.shift == "last_year":
        return own.last_year()
    return period_before(used, own) if term.shift == "previous" else own


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
        self.known: dict[Place, _Figure | None] = dict(_observed(figures, bound))
        self.observed = frozenset(self.known)

    def rows(self, wanted: list[tuple[str, Period]]) -> Iterator[tuple[Place, _Figure, str]]:
        for indicator, period in wanted:
            words = formulas.describe(self.bound[indicator].formula, self.rulebook.indicators)
            for org in self.rulebook.orgs.values():
                place = (indicator, org.id, period)
                if place in self.observed or not org.exists_on(period.end):
                    continue
                figure = self.figure(place)
                if figure is not None and figure.refs:
                    yield place, figure, f"公式：{words}"

    def figure(self, place: Place) -> _Figure | None:
        if place not in self.known:
            bound = self.bound.get(place[0])
            self.known[place] = None if bound is None else self._evaluated(place, bound)
        return self.known[place]

    def _evaluated(self, place: Place, bound: BoundFormula) -> _Figure:
        terms = {term: self._term(term, place) for term in bound.terms}
        refs = tuple(dict.fromkeys(ref for f in terms.values() for ref in f.refs))
        inputs = tuple(dict.fromkeys(one for f in terms.values() for one in f.inputs))
        result = formulas.evaluate(bound, lambda name, shift: _middle(terms[Term(name, shift)]))
        if result.value is None:
            return _Figure(None, refs, inputs, result.word)
        if abs(result.value) > from_scaled(LIMIT):
            return _Figure(None, refs, inputs, "not_comparable")
        value = Fraction(result.value)
        ranges = {term: f.range for term, f in terms.items() if f.range is not None}
        return _Figure(_bounded(bound, ranges, value), refs, inputs)

    def _term(self, term: Term, place: Place) -> _Figure:
        _, org, period = place
        at = _shifted(self.rulebook, term, period)
        if term.shift != "children_sum":
            return self._named((term.indicator, org, at), term.shift)
        children = self.rulebook.children(org, at.end)
        parts = [self._named((term.indicator, child.id, at), "same") for child in children]
        refs = tuple(ref for part in parts for ref in part.refs)
        inputs = tuple(one for part in parts for one in part.inputs)
        ranges = [part.range for part in parts if part.range is not None]
        if not parts or len(ranges) < len(parts):
            return _Figure(None, refs, inputs)
        total = ranges[0]
        for one in ranges[1:]:
            total = total + one
        return _Figure(total, refs, inputs)

    def _named(self, place: Place, shift: Shift) -> _Figure:
        """The figure at a place; as input its `value` measure where this run has one."""
        indicator, org, period = place
        figure = self.figure(place)
        if figure is None:
            return _Figure(None, ())
        asked = shift == "same" and (indicator, period.id) in self.plan.asked
        key = Measure.make_key(indicator, org, period.id, "value")
        return _Figure(figure.range, figure.refs, (key,) if asked else figure.refs, figure.said)


def _observed(figures: Frame, bound: Mapping[str, BoundFormula]) -> Iterator[tuple[Place, _Figure]]:
    used = {term.indicator for one in bound.values() for term in one.terms} | set(bound)
    levels = figures.filter(
        (nw.col("facet") == "level") & (nw.col("against") == "")
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
        return ranges[Term(node.indicator, node.shift)].times(node.factor)
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
