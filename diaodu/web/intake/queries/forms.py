"""Which forms a month has: computed from the calendar of the published rulebook.

A form is a calendar entry, a month and the unit that fills it. Where the entry is filled by the
indicators' owners, each owner department has a form of its own for all orgs the entry obliges.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.utils import timezone

from diaodu.engine.collect.plans import DEFAULT_TRACK
from diaodu.engine.ground.errors import PeriodError
from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.ground.words import FACET_NAMES
from diaodu.engine.rules.calendar import closes_at, latest_filed, opens_at, released_at
from diaodu.engine.rules.models import CalendarEntry, Indicator, Org, Signature
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.web.rulebooks import queries as rulebooks

_KEPT_MONTHS = 60
# As the collector reads figures that come without a word on their standing.
_FACET_UNITS = {
    "growth": "%", "share": "%", "completion": "%", "change_pp": "百分点", "gap": "百分点",
    "rank_level": "位", "rank_growth": "位",
}  # fmt: skip
_RANKS = ("rank_level", "rank_growth")


class Key(NamedTuple):
    """What names a form in addresses and tables."""

    period: str
    form: str
    reporter: str


class Block(NamedTuple):
    """Cells alike in all but org and indicator."""

    facet: str
    period: str
    track: str
    indicators: frozenset[str]


@dataclass(frozen=True)
class Row:
    """A line of a form: one indicator of one org, and which facets of it are asked."""

    number: int
    org: str
    org_name: str
    indicator: Indicator
    period: Period
    facets: tuple[str, ...]
    depth: int = 0

    def key(self, facet: str) -> str:
        return f"{self.org}|{self.indicator.id}|{facet}"

    def unit(self, facet: str) -> str:
        return _FACET_UNITS.get(facet, self.indicator.unit)

    def decimals(self, facet: str) -> int:
        """How many are printed; what is typed keeps its own."""
        if facet in _RANKS:
            return 0
        return self.indicator.decimals if facet == "level" else self.indicator.growth_decimals


@dataclass(frozen=True)
class Form:
    """One form to fill. `rows` in the entry's order, children under their parent. Figures are
    taken from `opens` until `closes`, that moment no longer."""

    entry: CalendarEntry
    month: Period
    reporter: Org
    rows: tuple[Row, ...]
    opens: datetime
    closes: datetime
    released: datetime | None
    book: Rulebook = field(repr=False, compare=False)  # the one it was computed from

    @property
    def key(self) -> Key:
        return Key(self.month.id, self.entry.id, self.reporter.id)

    @property
    def title(self) -> str:
        return self.entry.title or f"{self.reporter.name}报表"

    @property
    def track(self) -> str:
        """Where the entry names none, as the collector files figures that come without a word on
        their standing: so a return continues the series that the imports began."""
        return self.entry.track or DEFAULT_TRACK

    @property
    def signatures(self) -> tuple[Signature, ...]:
        return self.entry.signatures

    @cached_property
    def facets(self) -> tuple[str, ...]:
        """The input columns: every facet some row asks, in the order of the first that asks."""
        return tuple(dict.fromkeys(facet for row in self.rows for facet in row.facets))

    @cached_property
    def cells(self) -> dict[str, tuple[Row, str]]:
        """Key of a cell → its row and facet."""
        return {row.key(facet): (row, facet) for row in self.rows for facet in row.facets}

    def name_of(self, key: str) -> str:
        """固定资产投资, with the org where the form is about several, the facet where it is not
        the level."""
        row, facet = self.cells[key]
        org = row.org_name if len(self.orgs) > 1 else ""
        return org + row.indicator.name + ("" if facet == "level" else FACET_NAMES[facet])

    @cached_property
    def blocks(self) -> dict[Block, frozenset[str]]:
        """The cells by what one question to the ledger covers: block → orgs."""
        asked: dict[tuple[str, str, str], set[str]] = {}
        for row, facet in self.cells.values():
            asked.setdefault((row.org, facet, row.period.id), set()).add(row.indicator.id)
        found: dict[Block, set[str]] = {}
        for (org, facet, period), indicators in asked.items():
            block = Block(facet, period, self.track, frozenset(indicators))
            found.setdefault(block, set()).add(org)
        return {block: frozenset(orgs) for block, orgs in found.items()}

    @cached_property
    def indicators(self) -> frozenset[str]:
        return frozenset(row.indicator.id for row in self.rows)

    @cached_property
    def orgs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(row.org for row in self.rows))

    @property
    def span(self) -> str:
        """2023年1—5月 where the figures are cumulative, else 2023年5月."""
        periods = [row.period for row in self.rows]
        return print_period(max(periods, key=lambda one: one.days))


def forms_of(month: Period, book: Rulebook | None = None) -> tuple[Form, ...]:
    """All forms of a month, by entry and then by unit in the rulebook's order.

    book: the published rulebook, by one who has it at hand. Raises NoRulebook before one is
    published.
    """
    rulebook = book or rulebooks.current()
    key = (rulebook.version, month.id)
    if key not in _made:
        if len(_made) >= _KEPT_MONTHS:
            _made.clear()
        _made[key] = tuple(_forms(rulebook, month))
    return _made[key]


_made: dict[tuple[str, str], tuple[Form, ...]] = {}


def form_of(key: Key) -> Form | None:
    """The form of that name; None where the published rulebook has none."""
    month = month_of(key.period)
    if month is None:
        return None
    return next((one for one in forms_of(month) if one.key == key), None)


def month_of(text: str) -> Period | None:
    try:
        period = Period.from_id(text)
    except PeriodError:
        return None
    return period if period.kind == "month" else None


def months(now: datetime, book: Rulebook | None = None) -> list[Period]:
    """Every month whose returns have opened by now, newest first, down to the calendar's start."""
    rulebook = book or rulebooks.current()
    starts = [one.from_ for one in rulebook.calendar if one.from_ and one.obliges]
    if not starts:
        return []
    month, first = Period.of_month(now.year, now.month), min(starts)
    found: list[Period] = []
    while month.end >= first:
        if found or any(one.opens <= now for one in forms_of(month, rulebook)):
            found.append(month)
        month = month.previous_month()
    return found


# -- making --------------------------------------------------------------------------------------


def _forms(rulebook: Rulebook, month: Period) -> Iterator[Form]:
    for entry in rulebook.calendar:
        if not entry.holds_on(month.end):
            continue
        obliged = [
            org
            for org in rulebook.orgs.values()
            if (org.id in entry.orgs or org.level in entry.levels) and org.exists_on(month.end)
        ]
        asked = list(_asked(rulebook, entry, month))
        if not asked or not obliged:
            continue
        for reporter, orgs, indicators in _reporters(rulebook, entry, obliged, asked):
            yield _form(rulebook, entry, month, reporter, orgs, indicators)


def _asked(rulebook: Rulebook, entry: CalendarEntry, month: Period) -> Iterator[Indicator]:
    """The entry's indicators that have a figure for this month and are not computed from others;
    a child right after its parent."""
    ids = list(rulebook.indicators) if "*" in entry.indicators else list(entry.indicators)
    wanted = [
        rulebook.indicators[id]
        for id in ids
        if id in rulebook.indicators
        and not rulebook.indicators[id].formula
        and latest_filed(rulebook.indicators[id], month).end == month.end
    ]
    by_id = {one.id: one for one in wanted}
    under = {child for one in wanted for child in one.children if child in by_id}
    for one in wanted:
        if one.id not in under:
            yield one
            yield from (by_id[child] for child in one.children if child in by_id)


def _reporters(
    rulebook: Rulebook, entry: CalendarEntry, obliged: list[Org], asked: list[Indicator]
) -> Iterator[tuple[Org, list[Org], list[Indicator]]]:
    """Who fills for whom. An indicator without owner falls back on the org itself: somebody must
    be asked for it."""
    if entry.filled_by == "own":
        for org in obliged:
            yield org, [org], asked
        return
    owned: dict[str, list[Indicator]] = {}
    ownerless: list[Indicator] = []
    for one in asked:
        if one.owner and one.owner in rulebook.orgs:
            owned.setdefault(one.owner, []).append(one)
        else:
            ownerless.append(one)
    for id in rulebook.orgs:
        if id in owned:
            yield rulebook.orgs[id], obliged, owned[id]
    for org in obliged if ownerless else []:
        yield org, [org], ownerless


def _form(
    rulebook: Rulebook, entry: CalendarEntry, month: Period, reporter: Org, orgs: list[Org],
    asked: list[Indicator],
) -> Form:  # fmt: skip
    under = {child for one in asked for child in one.children}
    rows: list[Row] = []
    for org in orgs:
        for one in asked:
            place = len(rows) + 1
            depth = 1 if one.id in under else 0
            period, facets = latest_filed(one, month), tuple(entry.facets_of(one))
            rows.append(Row(place, org.id, org.name, one, period, facets, depth))
    released = released_at(entry, month)
    return Form(
        entry, month, reporter, tuple(rows), _here(opens_at(entry, month)),
        _here(closes_at(entry, month)), None if released is None else _here(released), rulebook,
    )  # fmt: skip


def _here(moment: datetime) -> datetime:
    """The rulebook's moments are local time of the desk."""
    return timezone.make_aware(moment, timezone.get_default_timezone())
