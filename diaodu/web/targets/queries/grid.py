"""The grid of one indicator: tiers × units × months, with what the parts lack to the whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import NamedTuple

from diaodu.engine.ground.quantity import EXACT
from diaodu.engine.ground.words import COMPARATOR_NAMES, TIER_NAMES
from diaodu.engine.rules.models import Indicator
from diaodu.web.people import queries as people
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared.access import Access
from diaodu.web.shared.templatetags.figures import figure
from diaodu.web.targets.models import Line, Version
from diaodu.web.targets.queries.columns import (
    WHOLE,
    Column,
    adds_up_by_month,
    adds_up_by_org,
    month_columns,
    unit_of,
)
from diaodu.web.targets.queries.reading import NO_TARGET_NAME, read_cell
from diaodu.web.targets.queries.rights import lines_for

UNITS, DEPARTMENTS = "units", "departments"
SHOWN = {UNITS: "乡镇和园区", DEPARTMENTS: "部门"}
DEPARTMENT = "department"
_LEVELS = {UNITS: ("county", "township", "park"), DEPARTMENTS: (DEPARTMENT,)}


class Fault(NamedTuple):
    """Something to mend: where it stands, what is wrong, what to do. `key`: the cell."""

    key: str
    place: str
    text: str


class Gap(NamedTuple):
    """Parts against their whole: Σ, and what they exceed it by after the declared margin (None
    where either is missing)."""

    total: Decimal | None
    gap: Decimal | None

    @property
    def is_even(self) -> bool:
        return self.gap is None or self.gap == 0


@dataclass(frozen=True)
class Cell:
    """`look`: empty or `must`, for what cannot be read."""

    key: str
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
    is_parent: bool = False

    @property
    def comparator(self) -> str:
        return COMPARATOR_NAMES.get(self.line.comparator, "") if self.line else ""


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
    def heads(self) -> tuple[str, ...]:
        return ("全年", *(one.label for one in self.columns))


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
    made = _Maker(known, kind, columns, rows, lines)
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
    faults: list[Fault] = field(default_factory=list)

    def block(self, tier: str, name: str) -> TierBlock:
        parents = {one.parent for one in self.units}
        rows = tuple(self._row(tier, one, one.id in parents) for one in self.units)
        feet = tuple(
            self._foot(one, rows) for one in rows if one.is_parent and self._is_split(one, rows)
        )  # fmt: skip
        return TierBlock(
            tier, name, rows, feet if adds_up_by_org(self.indicator, self.kind) else ()
        )

    def _row(self, tier: str, unit: Unit, is_parent: bool) -> Row:
        line = self.lines.get((tier, unit.id))
        keys = (WHOLE, *(one.key for one in self.columns))
        labels = ("全年", *(one.label for one in self.columns))
        cells = [
            self._cell(line, f"{tier}:{unit.id}:{key}", key, unit.name, label)
            for key, label in zip(keys, labels, strict=True)
        ]
        gap = month_gap(line, self.indicator, self.columns) if line else Gap(None, None)
        return Row(unit.id, unit.name, unit.depth, line, cells[0], tuple(cells[1:]), gap, is_parent)

    def _cell(self, line: Line | None, key: str, column: str, org: str, label: str) -> Cell:
        if line is None:
            return Cell(key, "")
        typed = line.typed.get(column)
        if typed is not None:
            fault = read_cell(typed, line.unit, self.kind, column).fault
            tier = TIER_NAMES[line.tier]
            self.faults.append(Fault(key, f"{tier}　{org}·{label}", fault))
            return Cell(key, typed, "must")
        return Cell(key, shown_in(line, column))

    def _is_split(self, parent: Row, rows: Sequence[Row]) -> bool:
        return any(one.line for one in self._below(parent, rows))

    def _below(self, parent: Row, rows: Sequence[Row]) -> list[Row]:
        own = {one.id for one in self.units if one.parent == parent.org}
        return [one for one in rows if one.org in own]

    def _foot(self, parent: Row, rows: Sequence[Row]) -> Foot:
        below = [one.line for one in self._below(parent, rows) if one.line is not None]
        keys = (WHOLE, *(one.key for one in self.columns))
        margin = margin_of(parent.line, "org")
        gaps = tuple(
            against(
                [number_in(line, key) for line in below],
                number_in(parent.line, key) if parent.line else None,
                margin if key == WHOLE else Decimal(0),
            )
            for key in keys
        )
        return Foot(parent.org, parent.name, gaps)


def number_in(line: Line, column: str) -> Decimal | None:
    if column == WHOLE:
        return line.value
    text = line.months.get(column)
    return None if text is None else Decimal(text)


def shown_in(line: Line, column: str) -> str:
    if column == WHOLE and line.word is not None:
        return NO_TARGET_NAME
    number = number_in(line, column)
    return "" if number is None else figure(number)


def margin_of(line: Line | None, split: str) -> Decimal:
    """What the parts may exceed the whole by, as declared."""
    if line is None or split not in line.margins:
        return Decimal(0)
    return Decimal(line.margins[split]["value"])


def month_gap(line: Line, indicator: Indicator, columns: Sequence[Column]) -> Gap:
    """Of what is summed up: Σ of the months; of the others the last month against the target."""
    if not line.months or not columns:
        return Gap(None, None)
    if adds_up_by_month(indicator, line.kind):
        parts = [number_in(line, one.key) for one in columns]
        return against(parts, line.value, margin_of(line, "month"))
    return against([number_in(line, columns[-1].key)], line.value, Decimal(0))


def against(parts: Iterable[Decimal | None], whole: Decimal | None, margin: Decimal) -> Gap:
    known = [one for one in parts if one is not None]
    if not known:
        return Gap(None, None)
    with localcontext(EXACT):
        total = sum(known, Decimal(0))
        return Gap(total, None if whole is None else total - whole - margin)


def name_of(indicator: str) -> str:
    known = rulebooks.current().indicators.get(indicator)
    return known.name if known else indicator


def cells_told(found: Grid) -> dict[str, list[str]]:
    """Cell → [text, look], for the page to bring its inputs up to date; empty ones are left out."""
    cells = (
        cell for block in found.blocks for row in block.rows for cell in (row.whole, *row.months)
    )
    return {one.key: [one.text, one.look] for one in cells if one.text}
