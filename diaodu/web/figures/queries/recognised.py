"""认定差: what units report of themselves beside what is recognised above."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from diaodu.engine.ground.words import OBS_WORD_NAMES
from diaodu.web.figures.models import Observation
from diaodu.web.figures.queries.seen import visible
from diaodu.web.people import queries as people
from diaodu.web.shared.access import Access


class Side(NamedTuple):
    """One of the two figures: a number, or the word that stands there, or nothing at all."""

    id: int
    value: Decimal | None
    word: str | None
    unit: str
    early: bool

    @property
    def shown(self) -> str:
        return (
            f"{self.value:f}" if self.value is not None else OBS_WORD_NAMES[self.word or "missing"]
        )


class GapRow(NamedTuple):
    org: str
    name: str
    own: Side | None
    recognised: Side | None
    gap: Decimal | None  # own − recognised, where both are numbers

    @property
    def sides(self) -> tuple[Side | None, Side | None]:
        return self.own, self.recognised


class Gaps(NamedTuple):
    """`own`, `recognised` and `gap` add up the units that have both numbers, and only those;
    the others are named."""

    rows: tuple[GapRow, ...]
    own: Decimal | None
    recognised: Decimal | None
    gap: Decimal | None
    without_own: tuple[str, ...]
    without_recognised: tuple[str, ...]

    @property
    def both(self) -> int:
        return sum(row.gap is not None for row in self.rows)


def gaps(access: Access, now: datetime, indicator: str, period: str, parent: str) -> Gaps:
    """The units directly below an org, one row each that has either figure."""
    units = people.orgs_on(None).filter(parent_id=parent)
    sides = _sides(access, now, indicator, period, [unit.id for unit in units])
    rows = [
        _row(unit.id, unit.name, sides.get((unit.id, "self")), sides.get((unit.id, "recognised")))
        for unit in units
        if (unit.id, "self") in sides or (unit.id, "recognised") in sides
    ]
    both = [row for row in rows if row.gap is not None]
    return Gaps(
        tuple(rows),
        _sum(row.own.value for row in both if row.own),
        _sum(row.recognised.value for row in both if row.recognised),
        _sum(row.gap for row in both),
        tuple(row.name for row in rows if row.own is None or row.own.value is None),
        tuple(row.name for row in rows if row.recognised is None or row.recognised.value is None),
    )


def _sides(
    access: Access, now: datetime, indicator: str, period: str, orgs: list[str]
) -> dict[tuple[str, str], Side]:
    rows = visible(access, now).filter(
        standing=True, indicator=indicator, period=period, org_id__in=orgs, facet="level",
        against="", track__in=("self", "recognised"),
    )  # fmt: skip
    return {(row.org_id, row.track): _side(row, now) for row in rows}


def _side(row: Observation, now: datetime) -> Side:
    early = row.release_at is not None and row.release_at > now
    return Side(row.id, row.value, row.word, row.unit, early)


def _row(org: str, name: str, own: Side | None, recognised: Side | None) -> GapRow:
    gap = None
    if own and recognised and own.value is not None and recognised.value is not None:
        gap = own.value - recognised.value
    return GapRow(org, name, own, recognised, gap)


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    found = [value for value in values if value is not None]
    return sum(found, Decimal(0)) if found else None
