"""Recompute after a change: only the measures that can depend on the indicators that changed.

The result equals a full `compute_month` on the same observations, row for row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import narwhals as nw

from diaodu.engine.compute import counting, emit, places, wholes
from diaodu.engine.compute.exact import Frame
from diaodu.engine.compute.month import Computed, compute_month
from diaodu.engine.compute.outcomes import held_against
from diaodu.engine.compute.peers import PREFIX
from diaodu.engine.ground.period import Period
from diaodu.engine.rules import formula
from diaodu.engine.rules.rulebook import Rulebook

# The counts of an org stand under no indicator.
_COUNTS = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """affected: the indicators whose measures may change. read: those whose figures it takes to
    compute them. Both without the counts, which change when a headline indicator does."""

    affected: frozenset[str]
    read: frozenset[str]
    touches_counts: bool


def reach(rulebook: Rulebook, changed: Iterable[str], *, counts: bool = True) -> Reach:
    """What a change in the figures of these indicators can change, over formulas, shares of
    child indicators, breakdowns, reportable stocks and counts. Without `counts`, what it takes to
    count the headline indicators again is not in `read`."""
    inputs = _formula_inputs(rulebook)
    values = set(changed)
    while more := {name for name, needed in inputs.items() if needed & values} - values:
        values |= more
    affected = values | {one.id for one in rulebook.indicators.values() if one.reportable in values}
    for name in values & rulebook.indicators.keys():
        affected |= set(rulebook.indicators[name].children)
    groups = wholes.indicator_groups(rulebook)
    affected = affected.union(*(group for group in groups if group & values))
    headlines = {one.id for one in rulebook.headlines}
    touches_counts = bool(affected & headlines)
    read = affected | (headlines if touches_counts and counts else set())
    read = read.union(*(group for group in groups if group & affected))
    for one in rulebook.indicators.values():
        if affected & set(one.children):
            read.add(one.id)
        if one.id in affected and one.reportable is not None:
            read.add(one.reportable)
    while more := {needed for name in read for needed in inputs.get(name, ())} - read:
        read |= more
    return Reach(frozenset(affected), frozenset(read), touches_counts)


def rests_on(rulebook: Rulebook) -> dict[str, frozenset[str]]:
    """Indicator → the other indicators whose figures its measures give away: what its formula
    reads, the whole it is a share of, the whole and the other parts it is broken down with, the
    stock it draws on, and what these read in their turn."""
    inputs = _formula_inputs(rulebook)
    found = {name: set(needed) for name, needed in inputs.items()}
    for one in rulebook.indicators.values():
        for child in one.children:
            found.setdefault(child, set()).add(one.id)
        if one.reportable is not None:
            found.setdefault(one.id, set()).add(one.reportable)
    for group in wholes.indicator_groups(rulebook):
        for name in group:
            found.setdefault(name, set()).update(group - {name})
    for names in found.values():
        while more := {needed for name in names for needed in inputs.get(name, ())} - names:
            names |= more
    return {name: frozenset(names) for name, names in found.items()}


def _formula_inputs(rulebook: Rulebook) -> dict[str, set[str]]:
    """Indicator with a formula → the indicators it is computed from."""
    return {
        one.id: set(formula.needed(formula.parse(one.formula), rulebook.indicators))
        for one in rulebook.indicators.values()
        if one.formula is not None
    }


def tied(
    changed: Iterable[str], relative: Iterable[tuple[str, str, str]]
) -> frozenset[str]:  # fmt: skip
    """With them the indicators that relative targets (indicator, org, against) hold against each
    other, either way: what is said of one rests on the figures of the other."""
    pairs = [{name, held_against(name, org, whom)[0]} for name, org, whom in relative]
    found = set(changed)
    while more := {name for pair in pairs if pair & found for name in pair} - found:
        found |= more
    return frozenset(found)


def recompute(
    before: Computed, changed: Iterable[str], observations: Frame, targets: Frame,
    rulebook: Rulebook, period: Period, as_of: date, use: str = "board",
) -> Computed:  # fmt: skip
    """`before` brought up to `observations` and `targets`, in which only figures (or targets) of
    the indicators `changed` differ from those it was computed from; all else as in
    `compute_month`. A changed rulebook, period or as_of needs a full run."""
    relative = targets.filter(nw.col("kind") == "relative").select("indicator", "org", "against")
    within = reach(rulebook, tied(changed, relative.iter_rows()), counts=False)
    indicators = {name: one for name, one in rulebook.indicators.items() if name in within.read}
    now = compute_month(
        observations.filter(nw.col("indicator").is_in(sorted(within.read))),
        targets.filter(nw.col("indicator").is_in(sorted(within.read))),
        replace(rulebook, indicators=indicators, standings=places.unclassed(rulebook)),
        period, as_of, use,
    )  # fmt: skip
    is_renewed = nw.col("indicator").is_in(sorted(within.affected))
    is_count = nw.col("indicator") == _COUNTS
    if not within.touches_counts:  # then no headline indicator has moved
        is_count &= ~nw.col("measure").is_in(places.DISTRIBUTIONS)
    kept = before.measures.filter(~is_renewed, ~is_count)
    counts = counting.merged(before.measures, now.measures, within.affected, rulebook)
    horizon = {**before.horizon, **now.horizon}
    found = [kept, now.measures.filter(is_renewed), counts]
    if within.touches_counts:
        steps = [(name, at.id) for name, at in horizon.items()]
        told = places.distributions(found, rulebook, {period.ytd().id: steps})
        found += [emit.in_order([emit.finished(one)]) for one in told]
    measures = nw.concat(found).sort("key")
    return Computed(measures, _in_use(before, now, measures), horizon)


def _in_use(before: Computed, now: Computed, measures: Frame) -> Frame:
    """The peer sets that the measures name."""
    named = measures.select(name="inputs").explode("name")
    named = named.filter(nw.col("name").str.starts_with(PREFIX))
    used = named.select(id=nw.col("name").str.replace(PREFIX, "", literal=True)).unique()
    both = nw.concat([before.peersets, now.peersets]).unique()
    return both.join(used, on="id", how="semi").sort("id", "obs_id")
