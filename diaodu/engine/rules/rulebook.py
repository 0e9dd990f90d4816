"""The whole rulebook, immutable, with the look-ups every room needs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from diaodu.engine.ground.period import Period
from diaodu.engine.rules.formula import BoundFormula, in_order
from diaodu.engine.rules.models import (
    BandSet,
    Break,
    Breakdown,
    CalendarEntry,
    Check,
    Correction,
    Gate,
    HolidayCalendar,
    Indicator,
    Ladder,
    LightTable,
    Org,
    Outline,
    Pace,
    PaceShape,
    Shape,
    Source,
    Standing,
    Uses,
)
from diaodu.engine.rules.models_warnings import WarningRule


@dataclass(frozen=True)
class PeerGroup:
    """Orgs that are ranked together. `members` in the rulebook's order."""

    id: str
    name: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Rulebook:
    """What a month is computed under. `version` is a digest of its text."""

    version: str
    orgs: Mapping[str, Org]
    indicators: Mapping[str, Indicator]
    sources: tuple[Source, ...] = ()
    checks: tuple[Check, ...] = ()
    lights: tuple[LightTable, ...] = ()
    calendar: tuple[CalendarEntry, ...] = ()
    outlines: tuple[Outline, ...] = ()
    uses: tuple[Uses, ...] = ()
    breaks: tuple[Break, ...] = ()
    corrections: tuple[Correction, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)  # corrections/<id> → file:line
    breakdowns: tuple[Breakdown, ...] = ()
    standings: tuple[Standing, ...] = ()
    paces: tuple[Pace, ...] = ()
    bands: tuple[BandSet, ...] = ()
    shapes: tuple[Shape, ...] = ()
    ladders: tuple[Ladder, ...] = ()
    warnings: tuple[WarningRule, ...] = ()
    gates: tuple[Gate, ...] = ()
    holidays: tuple[HolidayCalendar, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)  # path → SHA-256

    @cached_property
    def _children(self) -> dict[str, list[Org]]:
        children: dict[str, list[Org]] = {}
        for org in self.orgs.values():
            if org.parent is not None:
                children.setdefault(org.parent, []).append(org)
        return children

    def children(self, org: str, on: date) -> list[Org]:
        """The orgs directly below, as they stood on a day, in the rulebook's order."""
        return [child for child in self._children.get(org, []) if child.exists_on(on)]

    def members(self, breakdown: Breakdown, on: date) -> list[Org]:
        """The orgs that a breakdown by org takes its whole apart into, as they stood on a day."""
        if breakdown.orgs:
            return [o for one in breakdown.orgs if (o := self.orgs[one]).exists_on(on)]
        below = self.children(breakdown.parent or "", on)
        return [org for org in below if breakdown.child_level in (None, org.level)]

    def ancestors(self, org: str) -> list[Org]:
        """Parent, grandparent … to the root, nearest first."""
        found: list[Org] = []
        parent = self.orgs[org].parent
        while parent is not None:
            found.append(self.orgs[parent])
            parent = self.orgs[parent].parent
        return found

    def peer_groups(self, on: date) -> Sequence[PeerGroup]:
        """Siblings of one level under one parent (`<parent>/<level>`), and the named groups.

        Groups of fewer than two orgs are left out: nobody is ranked alone. Days between which no
        org comes or goes have the same groups.
        """
        turn = bisect_right(self._turns, on)
        if turn not in self._groups:
            self._groups[turn] = self._groups_on(on)
        return self._groups[turn]

    @cached_property
    def _turns(self) -> list[date]:
        """The days from which on some org is there, or is no longer."""
        orgs = self.orgs.values()
        gone = {one.closed + timedelta(days=1) for one in orgs if one.closed is not None}
        return sorted(gone | {one.opened for one in orgs if one.opened is not None})

    @cached_property
    def _groups(self) -> dict[int, Sequence[PeerGroup]]:
        """Those asked for so far, by how many turns lie before."""
        return {}

    def _groups_on(self, on: date) -> Sequence[PeerGroup]:
        members: dict[str, list[str]] = {}
        names: dict[str, str] = {}
        for org in self.orgs.values():
            if not org.exists_on(on):
                continue
            if org.parent is not None:
                group = f"{org.parent}/{org.level}"
                names[group] = self.orgs[org.parent].name
                members.setdefault(group, []).append(org.id)
            for group in org.groups:
                names[group] = group
                members.setdefault(group, []).append(org.id)
        return tuple(
            PeerGroup(group, names[group], tuple(ids))
            for group, ids in members.items()
            if len(ids) > 1
        )

    @property
    def headlines(self) -> list[Indicator]:
        """Headline indicators by their order, then as written."""
        chosen = [i for i in self.indicators.values() if i.headline]
        return sorted(chosen, key=lambda i: (i.order is None, i.order or 0))

    def tracks(self, use: str, on: date) -> tuple[str, ...]:
        """Which tracks a use reads, best first."""
        for entry in self.uses:
            if entry.use == use and entry.holds_on(on):
                return entry.tracks
        return STANDARD_TRACKS

    def outline(self, on: date) -> Outline | None:
        return next((o for o in self.outlines if o.holds_on(on)), None)

    def light_table(self, indicator: str, on: date) -> LightTable | None:
        """The table that names the indicator on that day, else the one for all, else None."""
        for wanted in (indicator, "*"):
            for table in self.lights:
                if wanted in table.indicators and table.holds_on(on):
                    return table
        return None

    def pace(self, indicator: str, tier: str, on: date) -> Pace | None:
        """How the pace of a target runs: as the entry that names the indicator says, else the one
        for all; None where only the indicator itself says."""
        for wanted in (indicator, "*"):
            for one in self.paces:
                if wanted in one.indicators and tier in one.tiers and one.holds_on(on):
                    return one
        return None

    def pace_basis(self, indicator: str, tier: str, on: date) -> PaceShape:
        """By what the pace of a target runs, see `pace`."""
        rule = self.pace(indicator, tier, on)
        return self.indicators[indicator].pace_basis if rule is None else rule.pace_basis

    def gates_for(self, indicator: str, year: int) -> list[Gate]:
        """The gates of a year, by month: of each month those that name the indicator, else those
        for all."""
        found: list[Gate] = []
        for month in range(1, 13):
            end = Period.of_month(year, month).end
            held = [one for one in self.gates if one.month == month and one.holds_on(end)]
            own = [one for one in held if indicator in one.indicators]
            found += own or [one for one in held if "*" in one.indicators]
        return found

    def holidays_of(self, year: int) -> HolidayCalendar | None:
        """As declared for the year; None where nothing is."""
        return next((one for one in self.holidays if one.year == year), None)

    def band_sets(self, indicator: str, on: date) -> list[BandSet]:
        """The bands in force: of each sort those that name the indicator, else those for all."""
        found: dict[str, BandSet] = {}
        for wanted in ("*", indicator):
            for one in self.bands:
                if wanted in one.indicators and one.holds_on(on):
                    found[one.of] = one
        return list(found.values())

    def band_name(self, bands: str, place: int) -> str:
        """The name of a band, by its set and its place from below, counted from 1."""
        return next(one for one in self.bands if one.id == bands).bands[place - 1].name

    def shape(self, indicator: str, org: str, on: date) -> Shape | None:
        """How last year's amount was spread over its periods: as the entry that names the org
        says, else one that names none."""
        found = [one for one in self.shapes if indicator in one.indicators and one.holds_on(on)]
        own = (one for one in found if org in one.orgs)
        return next(own, next((one for one in found if not one.orgs), None))

    @cached_property
    def formulas(self) -> tuple[BoundFormula, ...]:
        """Every formula ready to be evaluated, each after those it needs."""
        return tuple(in_order(self.indicators))

    def calendar_for(self, indicator: str, period: Period) -> list[CalendarEntry]:
        return [
            entry
            for entry in self.calendar
            if entry.holds_on(period.end)
            and ("*" in entry.indicators or indicator in entry.indicators)
        ]

    def names_of(self, things: Iterable[str]) -> list[str]:
        """Printed names of org or indicator ids, for messages."""
        found: list[str] = []
        for thing in things:
            known = self.orgs.get(thing) or self.indicators.get(thing)
            found.append(known.name if known else thing)
        return found


# Read where the rulebook's `uses/` says nothing. Estimates never stand in for a figure.
STANDARD_TRACKS = ("recognised", "accounted", "flash", "self")
