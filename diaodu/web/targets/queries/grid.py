"""The grid of one indicator: tiers × units × months, with what the parts lack to the whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from diaodu.engine.ground.words import COMPARATOR_NAMES, TIER_NAMES
from diaodu.engine.rules.models import Indicator
from diaodu.web.people import queries as people
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared.access import Access
from diaodu.web.shared.templatetags.figures import figure
from diaodu.web.targets.models import Line, Version
from diaodu.web.targets.queries.against import COMPARED, AgainstError, read_against, written
from diaodu.web.targets.queries.columns import (
    AGAINST,
    AGAINST_NAME,
    WHOLE,
    Column,
    adds_up_by_month,
    adds_up_by_org,
    month_columns,
    unit_of,
)
from diaodu.web.targets.queries.reading import NO_TARGET_NAME, TIMES, read_cell
from diaodu.web.targets.queries.rights import lines_for, sees_all
from diaodu.web.targets.queries.sums import NO_GAP, Gap, gap_of, margin_of, month_gap, number_in

UNITS, DEPARTMENTS = "units", "departments"
SHOWN = {UNITS: "乡镇和园区", DEPARTMENTS: "部门"}
DEPARTMENT = "department"
_LEVELS = {UNITS: ("county", "township", "park"), DEPARTMENTS: (DEPARTMENT,)}


class Fault(NamedTuple):
    """Something to mend: where it stands, what is wrong, what to do. `key`: the cell."""

    key: str
    place: str
    text: str


@dataclass(frozen=True)
class Cell:
    """`look`: empty or `must`, for what cannot be read."""

    key: str
    label: str
    text: str
    look: str = ""


@dataclass(frozen=True)
class Row:
    org: str
    name: str
    depth: int
    line: Line | None
    whole: Cell
    months: tuple[Cell, ...]
    sum: Gap
    against: Cell | None = None
    parent: str = ""
    is_parent: bool = False

    @property
    def comparator(self) -> str:
        return COMPARATOR_NAMES.get(self.line.comparator, "") if self.line else ""

    @property
    def cells(self) -> tuple[Cell, ...]:
        """As they stand from left to right."""
        beside = (self.against,) if self.against is not None else ()
        return (self.whole, *beside, *self.months)


@dataclass(frozen=True)
class Foot:
    """What the units below a parent come to, column by column (the whole first)."""

    org: str
    name: str
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class TierBlock:
    tier: str
    name: str
    rows: tuple[Row, ...]
    feet: tuple[Foot, ...]


@dataclass(frozen=True)
class Grid:
    version: Version
    indicator: Indicator
    kind: str
    shown: str
    columns: tuple[Column, ...]
    blocks: tuple[TierBlock, ...]
    faults: tuple[Fault, ...]
    by_month: bool
    by_org: bool
    more_tiers: tuple[tuple[str, str], ...] = field(default=())

    @property
    def unit(self) -> str:
        return unit_of(self.indicator, self.kind)

    @property
    def wide(self) -> int:
        """Columns of the table."""
        return 1 + len(self.heads) + (2 if self.columns else 0)

    @property
    def heads(self) -> tuple[str, ...]:
        beside = (AGAINST_NAME,) if self.is_compared else ()
        return ("全年", *beside, *(one.label for one in self.columns))

    @property
    def is_compared(self) -> bool:
        """Whether its targets are held against somebody else's figures."""
        return self.kind in COMPARED


class Unit(NamedTuple):
    """A row of the grid, wanted or not."""

    id: str
    name: str
    depth: int
    parent: str | None


def units(access: Access, shown: str, extra: Iterable[str] = ()) -> list[Unit]:
    """The home org and those below it of the levels asked for, in the order of the tree; `extra`:
    units that have a line. Only what the reader may see."""
    home = access.home
    if home is None:
        return []
    below = people.subtree(home)
    seen = access.orgs("view")
    levels, wanted = _LEVELS[shown], set(extra)
    found = [
        one
        for one in people.in_tree_order()
        if one.pk in below and one.pk in seen and (one.level in levels or one.pk == home)
        and (one.closed is None or one.pk in wanted)
    ]  # fmt: skip
    return [
        Unit(one.pk, one.name, 0 if one.pk == home else 1, str(one.parent_id or ""))
        for one in found
    ]


def grid(
    version: Version, access: Access, *, indicator: str, kind: str, shown: str = UNITS,
    tiers: Sequence[str] = (),
) -> Grid:  # fmt: skip
    """`tiers`: shown though nothing stands in them yet. Raises KeyError for an indicator that the
    rules do not know."""
    known = rulebooks.current().indicators[indicator]
    held = lines_for(access, version).filter(indicator=indicator, kind=kind)
    lines = {(one.tier, str(one.org_id)): one for one in held}
    rows = units(access, shown, {org for _, org in lines})
    columns = month_columns(known, version.year)
    there = {tier for tier, _ in lines} | set(tiers)
    made = _Maker(known, kind, columns, rows, lines, sees_all(access), version.is_draft)
    blocks = tuple(made.block(tier, name) for tier, name in TIER_NAMES.items() if tier in there)
    return Grid(
        version, known, kind, shown, columns, blocks, tuple(made.faults),
        adds_up_by_month(known, kind), adds_up_by_org(known, kind),
        tuple((tier, name) for tier, name in TIER_NAMES.items() if tier not in there),
    )  # fmt: skip


@dataclass
class _Maker:
    indicator: Indicator
    kind: str
    columns: tuple[Column, ...]
    units: Sequence[Unit]
    lines: Mapping[tuple[str, str], Line]
    sees_all: bool
    is_draft: bool
    faults: list[Fault] = field(default_factory=list)

    def block(self, tier: str, name: str) -> TierBlock:
        parents = {one.parent for one in self.units}
        rows = tuple(self._row(tier, one, one.id in parents) for one in self.units)
        if not self.is_draft:
            rows = tuple(one for one in rows if self._says_something(one, rows))
        feet = tuple(
            self._foot(one, rows) for one in rows if one.is_parent and self._is_split(one, rows)
        )  # fmt: skip
        adds_up = self.sees_all and adds_up_by_org(self.indicator, self.kind)
        return TierBlock(tier, name, rows, feet if adds_up else ())

    def _row(self, tier: str, unit: Unit, is_parent: bool) -> Row:
        line = self.lines.get((tier, unit.id))
        keys = (WHOLE, *(one.key for one in self.columns))
        labels = ("全年", *(one.label for one in self.columns))
        cells = [
            self._cell(line, f"{tier}:{unit.id}:{key}", key, unit.name, label)
            for key, label in zip(keys, labels, strict=True)
        ]
        gap = month_gap(line, self.indicator, self.columns) if line else NO_GAP
        against = self._against(line, tier, unit) if self.kind in COMPARED else None
        return Row(
            unit.id, unit.name, unit.depth, line, cells[0], tuple(cells[1:]), gap, against,
            unit.parent or "", is_parent,
        )  # fmt: skip

    def _against(self, line: Line | None, tier: str, unit: Unit) -> Cell:
        return self._cell(line, f"{tier}:{unit.id}:{AGAINST}", AGAINST, unit.name, AGAINST_NAME)

    def _cell(self, line: Line | None, key: str, column: str, org: str, label: str) -> Cell:
        if line is None:
            return Cell(key, label, "")
        typed = line.typed.get(column)
        if typed is not None:
            fault = fault_in(line, column, typed)
            tier = TIER_NAMES[line.tier]
            self.faults.append(Fault(key, f"{tier}　{org}·{label}", fault))
            return Cell(key, label, typed, "must")
        return Cell(key, label, shown_in(line, column))

    def _is_split(self, parent: Row, rows: Sequence[Row]) -> bool:
        below = self._below(parent, rows)
        return (self.is_draft and bool(below)) or any(one.line for one in below)

    def _says_something(self, row: Row, rows: Sequence[Row]) -> bool:
        """What is locked has no places left to fill in."""
        return row.line is not None or any(one.line for one in self._below(row, rows))

    def _below(self, parent: Row, rows: Sequence[Row]) -> list[Row]:
        own = {one.id for one in self.units if one.parent == parent.org}
        return [one for one in rows if one.org in own]

    def _foot(self, parent: Row, rows: Sequence[Row]) -> Foot:
        below = [one.line for one in self._below(parent, rows) if one.line is not None]
        keys = (WHOLE, *(one.key for one in self.columns))
        gaps = tuple(self._column(parent.line, below, key) for key in keys)
        return Foot(parent.org, parent.name, gaps)

    @staticmethod
    def _column(parent: Line | None, below: Sequence[Line], key: str) -> Gap:
        whole = number_in(parent, key) if parent else None
        margin = margin_of(parent, "org") if key == WHOLE else None
        return gap_of([number_in(line, key) for line in below], whole, margin)


def shown_in(line: Line, column: str) -> str:
    if column == WHOLE and line.word is not None:
        return NO_TARGET_NAME
    if column == AGAINST:
        return written(line.against, line.kind)
    number = number_in(line, column)
    times = TIMES if line.unit == TIMES and column == WHOLE else ""
    return "" if number is None else f"{figure(number)}{times}"


def fault_in(line: Line, column: str, text: str) -> str:
    """What is wrong with a text that could not be read; the rules may have changed since."""
    if column != AGAINST:
        return read_cell(text, line.unit, line.kind, column).fault
    try:
        read_against(text, kind=line.kind, indicator=line.indicator, org=str(line.org_id))
    except AgainstError as error:
        return str(error)
    return ""


def name_of(indicator: str) -> str:
    known = rulebooks.current().indicators.get(indicator)
    return known.name if known else indicator


def grid_lines(version: Version, indicator: str, kind: str, tier: str, org: str) -> list[Line]:
    """The line at one place, in a list: none or one."""
    return list(
        Line.objects.filter(version=version, indicator=indicator, kind=kind, tier=tier, org=org)
    )  # fmt: skip


def cells_told(found: Grid) -> dict[str, list[str]]:
    """Cell → [text, look], for the page to bring its inputs up to date; empty ones are left out."""
    cells = (cell for block in found.blocks for row in block.rows for cell in row.cells)
    return {one.key: [one.text, one.look] for one in cells if one.text}
