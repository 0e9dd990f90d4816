"""Measures as numbers alone, for a whole country: neither keys nor texts are made of any cell.

A cell is one number, its place: (period · indicators + indicator) · orgs + org, each counted in
the order of `Places`. The same definitions as in a month's run are evaluated over frames that hold
places in place of names (`figures.is_numbers`): `period` is the place, and so are `last_year`,
`previous` and the like; `indicator` and `org` are empty, and so is every text. What is compared
is found by its place, see `numbered`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw

from diaodu.engine.compute import figures as on_file
from diaodu.engine.compute import own, standing, values
from diaodu.engine.compute.cells import OF_INDICATOR, beside, with_growth
from diaodu.engine.compute.exact import Frame
from diaodu.engine.compute.figures import facet, only, table
from diaodu.engine.compute.numbered import with_numbered
from diaodu.engine.compute.peers import PeerSets
from diaodu.engine.compute.plan import Plan, doubtful_periods, make_plan
from diaodu.engine.compute.seats import seats
from diaodu.engine.compute.stated import kept
from diaodu.engine.ground.period import Period
from diaodu.engine.rules.rulebook import PeerGroup, Rulebook

_FACETS = ("level", "growth", "change_pp")
_NO_TEXTS = ("ref", "word", "flat", "track", "track_name", "first_ref", "first_value", "formula",
             "inputs", "said")  # fmt: skip
_OF_INDICATOR = ("digit", "growth_digit", "low", "rate_only", "additive", "computes")
_SAID_ONLY = ("indicator", "org", "unit", "points", "decimals", "growth_decimals", "real")
_COMPARED = ("last_year", "previous", "previous_cumulative", "own_month")


@dataclass(frozen=True)
class Places:
    """The names that places stand for: what has a figure anywhere; indicators and periods sorted,
    orgs of a group next to each other."""

    indicators: Sequence[str]
    periods: Sequence[str]
    orgs: Sequence[str]

    def named(self, rows: Frame) -> Frame:
        """Rows with a `place`, with the indicator, org and period it stands for."""
        size, orgs = len(self.indicators), len(self.orgs)
        step = nw.col("place") // orgs
        numbers = {"indicator": step % size, "org": nw.col("place") % orgs, "period": step // size}
        names = {"indicator": self.indicators, "org": self.orgs, "period": self.periods}
        return rows.with_columns(
            **{
                name: number.replace_strict(
                    list(range(len(names[name]))), list(names[name]), return_dtype=nw.String
                )
                for name, number in numbers.items()
            }
        )


@dataclass(frozen=True)
class Compact:
    """Figures by place, in its order, and what is computed from them. `figures` has the columns
    of `figures.select`; of those only facet, value, lo and hi say something."""

    figures: Frame
    places: Places
    plan: Plan
    rulebook: Rulebook


def compacted(
    observations: Frame, rulebook: Rulebook, months: Sequence[Period], as_of: date,
    use: str = "board",
) -> Compact:  # fmt: skip
    """What the runs of some months read, of the rulebook's indicators. Words are left out.

    Raises ValueError for a rulebook with breaks in series: what they mark is told in texts.
    """
    if rulebook.breaks:
        raise ValueError("numbers alone know no breaks in series")
    doubtful = doubtful_periods(rulebook, months, as_of)
    plan = make_plan(rulebook, months, as_of, on_file.on_file(observations, as_of, doubtful))
    needed = sorted(set(plan.needed) | values.needed_periods(rulebook, plan))
    chosen = observations.filter(nw.col("indicator").is_in(sorted(rulebook.indicators)))
    read = on_file.select(chosen, rulebook, needed, as_of, use)
    read = values.with_formulas(read, rulebook, plan).filter(_IS_NUMBER)
    indicators, periods, orgs = (
        sorted(read[name].unique().to_list()) for name in ("indicator", "period", "org")
    )
    places = Places(indicators, periods, _side_by_side(orgs, rulebook.peer_groups(as_of)))
    return Compact(_by_place(read, places), places, plan, rulebook)


def _side_by_side(orgs: Iterable[str], groups: Iterable[PeerGroup]) -> list[str]:
    """In order of the smallest group each is in, then of the next larger one."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, group in enumerate(sorted(groups, key=lambda one: (len(one.members), one.id))):
        for org in group.members:
            places[org].append(place)
    return sorted(orgs, key=lambda org: (places[org], org))


_IS_NUMBER = kept(
    ~nw.col("value").is_null() & nw.col("facet").is_in(_FACETS) & (nw.col("against") == "")
)


def numbers(compact: Compact) -> Iterator[Frame]:
    """The own measures of every cell that has a figure, its ranks, and its gap to the mean of its
    peers: rows of place, measure, peer_group (of those that have one), value, lo, hi (Int128 ×
    10^12; places and how many are ranked as whole numbers, without bounds) and word, a frame or
    more for each measure."""
    cells = _cells(compact)
    peers, places = PeerSets(), compact.places
    yield from own.measures(cells, compact.figures)
    for some in seats(cells, _groups(compact), places.orgs, len(places.indicators)):
        grouped = standing.seated(cells, some)
        yield from standing.ranks(grouped, some, peers)
        yield from standing.gaps_to_peers(grouped, some, peers)


def _groups(compact: Compact) -> list[Sequence[PeerGroup]]:
    """As they stood on each period's last day; none of periods that nothing is asked of."""
    asked = {period.id: period for period in compact.plan.periods}
    return [
        compact.rulebook.peer_groups(asked[name].end) if name in asked else ()
        for name in compact.places.periods
    ]


def _by_place(read: Frame, places: Places) -> Frame:
    indicator, period, org = (
        nw.col(name).replace_strict(list(names), list(range(len(names))), return_dtype=nw.Int64)
        for name, names in (
            ("indicator", places.indicators), ("period", places.periods), ("org", places.orgs),
        )
    )  # fmt: skip
    place = (period * len(places.indicators) + indicator) * len(places.orgs) + org
    read = read.select(
        period=place, facet=nw.col("facet").cast(nw.Enum(_FACETS)),
        against=nw.lit("").cast(nw.Enum([""])), value="value", lo="lo", hi="hi",
    ).sort("period")  # fmt: skip
    nothing = {name: nw.lit(None) for name in ("indicator", "org", *_NO_TEXTS)}
    return read.with_columns(**nothing)


def _cells(compact: Compact) -> Frame:
    """The wide table of `cells`, of every place that has a figure."""
    places = compact.places
    orgs = len(places.orgs)
    cells = compact.figures["period"].unique().sort().to_frame()
    cells = cells.with_columns(step=nw.col("period") // orgs)
    cells = only(with_numbered(cells, _steps(cells, compact), "step", "step"), _HAS_STEP)
    org = nw.col("period") % orgs
    cells = cells.with_columns(
        *[(nw.col(name) * orgs + org).alias(name) for name in _COMPARED],
        **dict.fromkeys(_SAID_ONLY, nw.lit(None)),
        seat=(nw.col("period") // (len(places.indicators) * orgs) * orgs + org).cast(nw.UInt32),
    )
    for name, prefix in zip(_FACETS, ("v", "p", "c"), strict=True):
        cells = _with_facet(cells, facet(compact.figures, name, prefix))
    cells = beside(cells, facet(compact.figures, "level", "b"), "last_year")
    return with_growth(cells, compact.rulebook)


_HAS_STEP = kept(~nw.col("asked").is_null())


def _with_facet(cells: Frame, found: Frame) -> Frame:
    """Where every cell has one of the figures, they stand side by side."""
    found = found.drop("indicator", "org")
    if len(found) == len(cells) and (found["period"] == cells["period"]).all():
        return nw.concat([cells, found.drop("period")], how="horizontal")
    return with_numbered(cells, found, "period", "period")


def _steps(like: Frame, compact: Compact) -> Frame:
    """step (period · indicators + indicator), and what holds for all orgs at it; what it is
    compared with as steps too."""
    period, number = (
        {name: at for at, name in enumerate(names)}
        for names in (compact.places.periods, compact.places.indicators)
    )

    def step(indicator: str, of: str) -> int | None:
        return period[of] * len(number) + number[indicator] if of in period else None

    def back(previous: str, of: str) -> int | None:
        return period[previous] - period[of] if previous in period else None

    indicators = compact.rulebook.indicators
    steps = [
        one for one in compact.plan.steps.values()
        if one.period.id in period and one.indicator in number
    ]  # fmt: skip
    columns: dict[str, list[Any]] = {
        "step": [step(s.indicator, s.period.id) for s in steps],
        "asked": [(s.indicator, s.period.id) in compact.plan.asked for s in steps],
        "has_month_value": [s.has_month_value for s in steps],
        "starts_year": [not s.previous_cumulative for s in steps],
        "back": [back(s.previous, s.period.id) for s in steps],
        "indicator_no": [number[s.indicator] for s in steps],
    }
    types: dict[str, Any] = dict.fromkeys(columns, nw.Int64)
    types |= dict.fromkeys(("asked", "has_month_value", "starts_year"), nw.Boolean)
    for name in _COMPARED:
        columns[name] = [step(s.indicator, getattr(s, name)) for s in steps]
        types[name] = nw.Int64
    for name in _OF_INDICATOR:
        types[name], read = OF_INDICATOR[name]
        columns[name] = [read(indicators[s.indicator]) for s in steps]
    return table(like, columns, types)
