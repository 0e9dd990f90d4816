"""The measures of a month: observations, targets and a rulebook in, measures out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

import narwhals as nw

from diaodu.engine.compute import cells as cell_rows
from diaodu.engine.compute import (
    counting,
    coverage,
    emit,
    figures,
    goals,
    mended,
    outcome_rows,
    own,
    pace,
    places,
    recognised,
    series,
    standing,
    streaks,
    together,
    values,
    wholes,
)
from diaodu.engine.compute.bases import further
from diaodu.engine.compute.breaks import marked
from diaodu.engine.compute.exact import Frame
from diaodu.engine.compute.made import frame_of
from diaodu.engine.compute.pace import Paces
from diaodu.engine.compute.peers import PeerSets
from diaodu.engine.compute.plan import Plan, doubtful_periods, history_plan, make_plan
from diaodu.engine.ground.period import Period
from diaodu.engine.rules.rulebook import Rulebook

_BATCH = 500_000  # rows
# What rests on figures alone, by who makes it.
_OF_FIGURES: tuple[frozenset[str], ...] = (
    standing.RANKS | frozenset(places.DISTRIBUTIONS), standing.PUBLISHED_RANKS,
    frozenset({standing.GAP_PARENT}), frozenset({standing.GAP_PEERS_MEAN}),
    frozenset({standing.SHARE}), *series.OF_FIGURES,
)  # fmt: skip


@dataclass(frozen=True)
class Computed:
    """measures: columns of Measure, sorted by key; value, lo, hi as Int128 × 10^12, inputs a list
    (null for none). peersets: id, obs_id. horizon: indicator → the period its measures are for
    (of the newest run); horizons: the same for each month computed. paces: those that the targets
    were held to."""

    measures: Frame
    peersets: Frame
    horizon: Mapping[str, Period]
    horizons: Mapping[Period, Mapping[str, Period]] = field(default_factory=dict)
    paces: Paces | None = None


def compute_month(
    observations: Frame, targets: Frame, rulebook: Rulebook, period: Period, as_of: date,
    use: str = "board",
) -> Computed:  # fmt: skip
    """The measures of the month in which `period` ends, each indicator at its newest period due.

    `observations`, `targets`: columns of Observation and Target, numbers as Int128 × 10^12, every
    vintage; those held or received after `as_of` are not read.
    """
    return _compute(observations, targets, rulebook, [period], as_of, use)


def compute_all(
    observations: Frame, targets: Frame, rulebook: Rulebook, as_of: date, use: str = "board"
) -> Computed:
    """Like `compute_month`, for every month that figures are on file for."""
    months = figures.months_on_file(observations, as_of)
    return _compute(observations, targets, rulebook, months, as_of, use)


def compute_months(
    observations: Frame, targets: Frame, rulebook: Rulebook, months: Sequence[Period],
    as_of: date, use: str = "board", *, left: frozenset[str] = frozenset(),
) -> Computed:  # fmt: skip
    """Like `compute_month`, for several months at the price of little more than one: `horizons`
    says which rows are whose. Without the measures `left`, which are some of `left_standing`."""
    return _compute(observations, targets, rulebook, months, as_of, use, left)


def left_standing(read: Collection[str]) -> frozenset[str]:
    """The measures of figures alone that can be left out where figures are as they were: no other
    measure is made of them, and `read` names none that is made together with them."""
    return frozenset().union(*(made for made in _OF_FIGURES if made.isdisjoint(read)))


def compute_with_series(
    observations: Frame, targets: Frame, rulebook: Rulebook, months: Sequence[Period],
    back: Sequence[Period], as_of: date, use: str = "board",
) -> tuple[Computed, Frame]:  # fmt: skip
    """`compute_months`, and `compute_series` of the months `back` over the same figures, which are
    selected once for both."""
    plan, history = _plan(observations, rulebook, months, as_of), history_plan(rulebook, back)
    read = _Read(rulebook, plan, history)
    selected = read.select(observations, as_of, use)
    computed = _computed(observations, targets, rulebook, plan, months, selected, read, as_of)
    return computed, _history(observations, rulebook, history, selected.of(read.of_history))


def compute_series(
    observations: Frame, rulebook: Rulebook, months: Sequence[Period], as_of: date,
    use: str = "board",
) -> Frame:  # fmt: skip
    """Rows of `value`, `growth` and `growth_published` alone, for every period that is filed in
    these months: the same rows as in the months' own runs."""
    plan = history_plan(rulebook, months)
    read = _Read(rulebook, None, plan)
    selected = read.select(observations, as_of, use)
    return _history(observations, rulebook, plan, selected.of(read.of_history))


def _history(like: Frame, rulebook: Rulebook, plan: Plan, selected: Frame) -> Frame:
    # A target alone makes no point of a series.
    of_year = {"indicator": nw.String, "org": nw.String, "year": nw.Int64}
    no_targets = figures.table(like, {name: [] for name in of_year}, of_year)
    read, cells = _cells(selected, no_targets, rulebook, plan)
    rows = emit.together(list(own.history(cells)))
    return emit.finished(mended.told(marked(rows, rulebook), mended.notes(read, rulebook)))


class _Read:
    """Which figures the measures of a plan read, which its streaks, which a history; `left`: the
    measures that are not made."""

    def __init__(
        self, rulebook: Rulebook, plan: Plan | None, history: Plan | None = None, *,
        left: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        self._rulebook = rulebook
        self.left = left
        self.of_plan = self._wanted(plan)
        self.of_streaks = None if plan is None else streaks.wanted(rulebook, plan)
        self.of_history = self._wanted(history)

    def _wanted(self, plan: Plan | None) -> figures.Wanted:
        if plan is None:
            return figures.Wanted(frozenset())
        return figures.Wanted(frozenset(plan.needed) | values.needed_periods(self._rulebook, plan))

    def select(self, observations: Frame, as_of: date, use: str) -> figures.Selected:
        every = (self.of_plan, self.of_streaks, self.of_history)
        wanted = [one for one in every if one is not None and one.periods]
        return figures.Selected(observations, self._rulebook, as_of, use, wanted)


def _compute(
    observations: Frame, targets: Frame, rulebook: Rulebook, months: Sequence[Period],
    as_of: date, use: str, left: frozenset[str] = frozenset(),
) -> Computed:  # fmt: skip
    plan = _plan(observations, rulebook, months, as_of)
    read = _Read(rulebook, plan, left=left)
    selected = read.select(observations, as_of, use)
    return _computed(observations, targets, rulebook, plan, months, selected, read, as_of)


def _plan(
    observations: Frame, rulebook: Rulebook, months: Sequence[Period], as_of: date
) -> Plan:  # fmt: skip
    doubtful = doubtful_periods(rulebook, months, as_of)
    plan = make_plan(rulebook, months, as_of, figures.on_file(observations, as_of, doubtful))
    plan.further = _together(further(rulebook, plan), pace.further(rulebook, plan))
    return plan


def _computed(
    observations: Frame, targets: Frame, rulebook: Rulebook, plan: Plan,
    months: Sequence[Period], selected: figures.Selected, read: _Read, as_of: date,
) -> Computed:  # fmt: skip
    peers = PeerSets()
    found, paces = _finished(observations, targets, rulebook, plan, peers, as_of, selected, read)
    measures = emit.in_order(found)
    horizons = _horizons(plan, months)
    return Computed(measures, peers.frame(measures), plan.horizon, horizons, paces)


def _together(*found: Mapping[tuple[str, str], Sequence[str]]) -> dict[tuple[str, str], list[str]]:
    every: dict[tuple[str, str], list[str]] = {}
    for one in found:
        for place, periods in one.items():
            every.setdefault(place, []).extend(periods)
    return every


def _horizons(plan: Plan, months: Sequence[Period]) -> dict[Period, dict[str, Period]]:
    return {
        month: {
            name: plan.steps[name, period].period for name, period in plan.agenda[month.ytd().id]
        }
        for month in months
    }


def _finished(
    observations: Frame, every_target: Frame, rulebook: Rulebook, plan: Plan, peers: PeerSets,
    as_of: date, selected: figures.Selected, wanted: _Read,
) -> tuple[list[Frame], Paces]:  # fmt: skip
    """All rows in batches, and the paces."""
    targets = goals.newest(every_target, as_of)
    read, cells = _cells(selected.of(wanted.of_plan), targets, rulebook, plan)
    paces = pace.paces_of(rulebook, every_target, read, as_of)
    found: list[Frame] = []
    deciding: list[Frame] = []
    notes = mended.notes(read, rulebook)
    gaps = recognised.measures(observations, cells, rulebook, as_of)

    def makes(some: Collection[str]) -> bool:
        return not wanted.left.issuperset(some)

    rows = _rows(cells, read, targets, paces, plan, peers, makes)
    for batch in _batches(chain(rows, gaps)):
        batch = mended.told(marked(batch, rulebook), notes)
        deciding.append(counting.deciding(batch, rulebook))
        found.append(emit.finished(batch))
    outcomes = outcome_rows.told(found, every_target, paces, plan, as_of)
    judged = outcome_rows.further(outcomes)
    counts = counting.measures(cells, targets, nw.concat(deciding), rulebook, plan, judged)
    past = None if wanted.of_streaks is None else selected.of(wanted.of_streaks)
    more = series.measures(cells, read, targets, past, paces, plan, wanted.left)
    told = places.distributions(found, rulebook, plan.agenda) if makes(standing.RANKS) else []
    if outcomes:
        more = chain(more, [frame_of(cells, list(outcome_rows.made(outcomes)))])
    further_rows = (mended.told(marked(one, rulebook), notes) for one in _batches(more))
    rest = [*further_rows, counts, *told]
    return [*found, *map(emit.finished, rest)], paces


def _cells(selected: Frame, targets: Frame, rulebook: Rulebook, plan: Plan) -> tuple[Frame, Frame]:
    """The figures read, and the wide table of what is asked and what it is compared with."""
    read = values.with_formulas(selected, rulebook, plan)
    return read, cell_rows.build(read, targets, rulebook, plan)


def _batches(frames: Iterator[Frame]) -> Iterator[Frame]:
    """The rows of many frames, put together as long as they are few: each step over a frame has
    a price of its own, and too many rows at once take memory."""
    held: list[Frame] = []
    for frame in frames:
        held.append(frame)
        if sum(len(one) for one in held) >= _BATCH:
            yield emit.together(held)
            held = []
    if held:
        yield emit.together(held)


def _rows(
    cells: Frame, read: Frame, targets: Frame, paces: Paces, plan: Plan, peers: PeerSets,
    makes: Callable[[Collection[str]], bool],
) -> Iterator[Frame]:  # fmt: skip
    rulebook = paces.rulebook
    members = standing.group_members(cells, rulebook, plan)
    yield from own.measures(cells, read)
    yield from goals.measures(cells, read, targets, paces, plan)
    yield from together.measures(cells, targets, paces)
    if makes(standing.RANKS):
        yield from standing.ranks(cells, members, peers)
    if makes(standing.PUBLISHED_RANKS):
        yield from standing.published_ranks(cells, read)
    if makes({standing.GAP_PARENT}):
        yield from standing.gaps_to_ancestors(cells, read, rulebook)
    if makes({standing.GAP_PEERS_MEAN}):
        yield from standing.gaps_to_peers(cells, members, peers)
    if makes({standing.SHARE}):
        yield from standing.shares(cells, rulebook)
    yield from wholes.measures(cells, read, rulebook, plan)
    yield from coverage.measures(cells, read, rulebook, plan)
    yield from places.measures(cells, rulebook, plan)
