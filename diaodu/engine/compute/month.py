"""The measures of a month: observations, targets and a rulebook in, measures out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import narwhals as nw

from diaodu.engine.compute import cells as cell_rows
from diaodu.engine.compute import counting, emit, figures, goals, own, standing, together, values
from diaodu.engine.compute.exact import Frame
from diaodu.engine.compute.peers import PeerSets
from diaodu.engine.compute.plan import Plan, doubtful_periods, make_plan
from diaodu.engine.ground.period import Period
from diaodu.engine.rules.rulebook import Rulebook

_BATCH = 500_000  # rows


@dataclass(frozen=True)
class Computed:
    """measures: columns of Measure, sorted by key; value, lo, hi as Int128 × 10^12, inputs a list
    (null for none). peersets: id, obs_id. horizon: indicator → the period its measures are for
    (of the newest run)."""

    measures: Frame
    peersets: Frame
    horizon: Mapping[str, Period]


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


def _compute(
    observations: Frame, targets: Frame, rulebook: Rulebook, months: Sequence[Period],
    as_of: date, use: str,
) -> Computed:  # fmt: skip
    doubtful = doubtful_periods(rulebook, months, as_of)
    plan = make_plan(rulebook, months, as_of, figures.on_file(observations, as_of, doubtful))
    peers = PeerSets()
    found = _finished(observations, goals.newest(targets, as_of), rulebook, plan, peers, as_of, use)
    measures = emit.in_order(found)
    return Computed(measures, peers.frame(measures), plan.horizon)


def _finished(
    observations: Frame, targets: Frame, rulebook: Rulebook, plan: Plan, peers: PeerSets,
    as_of: date, use: str,
) -> list[Frame]:  # fmt: skip
    """All rows in batches; what they were made from is given up with this call."""
    needed = set(plan.needed) | values.needed_periods(rulebook, plan)
    read = figures.select(observations, rulebook, sorted(needed), as_of, use)
    read = values.with_formulas(read, rulebook, plan)
    cells = cell_rows.build(read, targets, rulebook, plan)
    found: list[Frame] = []
    deciding: list[Frame] = []
    for batch in _batches(_rows(cells, read, targets, rulebook, plan, peers)):
        deciding.append(counting.deciding(batch, rulebook))
        found.append(emit.finished(batch))
    counts = counting.measures(cells, targets, nw.concat(deciding), rulebook, plan)
    return [*found, emit.finished(counts)]


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
    cells: Frame, read: Frame, targets: Frame, rulebook: Rulebook, plan: Plan, peers: PeerSets
) -> Iterator[Frame]:
    members = standing.group_members(cells, rulebook, plan)
    yield from own.measures(cells, read)
    yield from goals.measures(cells, read, targets)
    yield from together.measures(cells, targets, rulebook)
    yield from standing.ranks(cells, members, peers)
    yield from standing.published_ranks(cells, read)
    yield from standing.gaps_to_ancestors(cells, read, rulebook)
    yield from standing.gaps_to_peers(cells, members, peers)
    yield from standing.shares(cells, rulebook)
