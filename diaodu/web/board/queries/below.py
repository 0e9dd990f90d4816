"""The units below an org: who is last in what, and how many are in which band."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from diaodu.engine.rules.models import BandSet, Indicator
from diaodu.web.board.queries.choosing import Chosen
from diaodu.web.board.queries.grades import place_in
from diaodu.web.board.queries.table import indicator_url, standing
from diaodu.web.runs import queries as runs
from diaodu.web.runs.queries import RowView
from diaodu.web.shared.access import Access
from diaodu.web.shared.templatetags.figures import figure


@dataclass(frozen=True, slots=True)
class Last:
    """One of the last: 青石镇 4.8% 22/22."""

    name: str
    url: str
    growth: str
    place: str


@dataclass(frozen=True, slots=True)
class Band:
    """`is_lowest`: of the set, whose names are printed; those of the others come on focus."""

    name: str
    units: tuple[str, ...]
    is_lowest: bool


@dataclass(frozen=True, slots=True)
class Graded:
    """A set of bands over the units. `ungraded`: those it does not grade, with the word why."""

    title: str
    bands: tuple[Band, ...]
    ungraded: int


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator over the units. `silent`: who has no figure, with its word."""

    indicator: Indicator
    url: str
    ranked: int
    last: tuple[Last, ...]
    graded: tuple[Graded, ...]
    silent: tuple[tuple[str, str], ...]


def of_children(chosen: Chosen, access: Access, now: datetime) -> list[Line]:
    """The headline indicators in which any of the units below has a place or a band."""
    day = chosen.period.end
    children = [one.id for one in chosen.rulebook.children(chosen.org.id, day)]
    if not children:
        return []
    headlines = [one.id for one in chosen.rulebook.headlines]
    rows = runs.rows(chosen.run, access, now, orgs=children, indicators=headlines)
    by_indicator: dict[str, list[RowView]] = {}
    for row in rows:
        by_indicator.setdefault(row.indicator_id, []).append(row)
    found = (_line(chosen, told) for told in by_indicator.values())
    return [line for line in found if line.last or line.graded]


def _line(chosen: Chosen, rows: Sequence[RowView]) -> Line:
    indicator = rows[0].indicator
    assert indicator is not None
    return Line(
        indicator=indicator, url=indicator_url(chosen, indicator.id),
        ranked=sum(standing(row) is not None for row in rows), last=tuple(_last(chosen, rows)),
        graded=tuple(_graded(chosen, rows)),
        silent=tuple((row.org.name, row.missing) for row in rows if row.missing),
    )  # fmt: skip


def _last(chosen: Chosen, rows: Iterable[RowView]) -> Iterator[Last]:
    """The last first."""
    placed = [(place, row) for row in rows if (place := standing(row)) and place.is_bottom]
    for place, row in sorted(placed, key=lambda pair: -pair[0].place):
        growth = row.growth
        yield Last(
            row.org.name, indicator_url(chosen, row.indicator_id, row.org_id),
            f"{figure(growth.shown)}%" if growth is not None and growth.is_number else "",
            f"{place.place}/{place.n}",
        )  # fmt: skip


def _graded(chosen: Chosen, rows: Sequence[RowView]) -> Iterator[Graded]:
    for bands in chosen.rulebook.bands:
        places = {row.org.name: place_in(bands, row) for row in rows}
        if any(places.values()):
            yield Graded(_TITLES[bands.of], tuple(_bands(bands, places)),
                         sum(not place for place in places.values()))  # fmt: skip


_TITLES = {"completion": "完成年度目标", "pace_gap": "与序时进度比"}


def _bands(bands: BandSet, places: dict[str, int]) -> Iterator[Band]:
    for number, band in enumerate(bands.bands, 1):
        units = tuple(name for name, place in places.items() if place == number)
        if units:
            yield Band(band.name, units, number == 1)
