"""单位名片: all figures of one org, how they stand, and how it hands in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from diaodu.engine.ground.words import LEVEL_NAMES, LIGHT_NAMES
from diaodu.web.board.queries.choosing import Chosen
from diaodu.web.board.queries.grades import place_in
from diaodu.web.board.queries.table import Line, goal_of, lines
from diaodu.web.intake import queries as intake
from diaodu.web.runs import queries as runs
from diaodu.web.runs.queries import Figure, RowView
from diaodu.web.shared.access import Access
from diaodu.web.shared.templatetags.figures import figure, owed

_ORDER = ("behind", "watch", "good")
_TOP = 3
_NAMED = 12
_ONE_TABLE = 20  # indicators that need no table of their own for the headline ones


@dataclass(frozen=True, slots=True)
class Owing:
    """One indicator's line with its arrears, each as printed; empty where it has none."""

    line: Line
    pace: str
    year: str
    unit: str


@dataclass(frozen=True, slots=True)
class Share:
    """Some of the indicators, named: those of a light, of a place, of a band of completion."""

    kind: str
    name: str
    members: tuple[tuple[str, str, str], ...]  # name, its figure, url

    @property
    def count(self) -> int:
        return len(self.members)

    @property
    def named(self) -> tuple[tuple[str, str, str], ...]:
        """Those that are named where there is little room; the tables name them all."""
        return self.members[:_NAMED]

    @property
    def unnamed(self) -> int:
        return self.count - len(self.named)


@dataclass(frozen=True, slots=True)
class Bands:
    """Completion in the bands of one set of the rulebook, the lowest first."""

    name: str
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class Card:
    """`first` are the headline indicators, or all where they are few; `others` the rest.
    `classes`: what the engine counted of the org's places; empty where no rule says how."""

    level: str
    closed: str
    first: Sequence[Owing]
    others: Sequence[Owing]
    lights: Sequence[Share]
    counted: Sequence[tuple[str, str]]
    places: Sequence[Share]
    classes: Sequence[tuple[str, str]]
    bands: Sequence[Bands]
    record: intake.Record | None
    is_looked_after: bool

    @property
    def all(self) -> list[Owing]:
        return [*self.first, *self.others]


def card(chosen: Chosen, access: Access, now: datetime) -> Card:
    rows = runs.rows(chosen.run, access, now, org=chosen.org.id, counts=True, history=False)
    own = [row for row in rows if row.indicator is not None]
    counts = next((row for row in rows if not row.indicator_id), None)
    headlines = {one.id for one in chosen.rulebook.headlines}
    first = [row for row in own if row.indicator_id in headlines]
    if not first or len(own) <= _ONE_TABLE:
        first = own
    others = [row for row in own if row.indicator_id not in headlines] if first != own else []
    told = lines(chosen, first)
    rest = lines(chosen, others)
    return Card(
        level=LEVEL_NAMES[chosen.org.level], closed=chosen.closed,
        first=[_owing(one) for one in told],
        others=[_owing(one) for one in rest],
        lights=_lights([*told, *rest]), counted=_counted(counts), places=_places([*told, *rest]),
        classes=_classes(counts), bands=_bands(chosen, [*told, *rest]),
        record=intake.record_of(access, chosen.org.id, now),
        is_looked_after=_looks_after(access, chosen.org.id),
    )  # fmt: skip


def _looks_after(access: Access, org: str) -> bool:
    """Orgs are public for figures, never for what they owe."""
    return any(org in one.orgs for one in access.granting("view"))


def _owing(line: Line) -> Owing:
    level = goal_of(line.row, "level")
    pace = level.get("arrears_pace") if level is not None else None
    short = level.shortfall if level is not None else None
    unit = next((one.unit for one in (pace, short) if one is not None and one.is_number), "")
    return Owing(line, _owed(pace), figure(short.shown) if short is not None else "", unit)


def _owed(one: Figure | None) -> str:
    return owed(one.shown) if one is not None else ""


# -- counted -----------------------------------------------------------------------------------


def _lights(found: Sequence[Line]) -> list[Share]:
    """The worst first; the counts add up to the lines."""
    told = [
        Share(kind, LIGHT_NAMES[kind], _named(one for one in found if one.light == kind))
        for kind in _ORDER
    ]
    rest = Share("", "未判", _named(one for one in found if one.light not in _ORDER))
    return [*told, rest]


def _named(found: Iterable[Line]) -> tuple[tuple[str, str, str], ...]:
    return tuple((one.short, _growth(one), one.url) for one in found)


def _growth(line: Line) -> str:
    if line.absent:
        return line.absent
    return f"{line.growth}%" if line.growth[-1:].isdigit() else line.growth


_COUNTED = {
    "count_above_target": "高于目标", "count_at_target": "持平", "count_below_target": "低于目标",
    "count_growth_up": "增速回升", "count_growth_flat": "增速持平", "count_growth_down": "增速回落",
}  # fmt: skip


def _counted(counts: RowView | None) -> list[tuple[str, str]]:
    """As the engine counted the headline indicators."""
    if counts is None:
        return []
    return [
        (name, one.shown)
        for measure, name in _COUNTED.items()
        if (one := counts.get(measure)) is not None
    ]


def _classes(counts: RowView | None) -> list[tuple[str, str]]:
    """前三分之一 5, as the rules class places."""
    if counts is None:
        return []
    wanted = ("places_growth", "places_level")
    return [(one.base, one.shown) for one in counts.figures if one.measure in wanted]


def _places(found: Sequence[Line]) -> list[Share]:
    """The first, those after it, the middle, the last three, those without a place."""
    told: dict[str, list[Line]] = {name: [] for name in ("第1位", "第2、3位", "中间", "后三位")}
    for line in found:
        if line.standing is not None:
            told[_where(line)].append(line)
    return [
        Share("behind" if name == "后三位" else "", name, _placed(some))
        for name, some in told.items()
    ]


def _where(line: Line) -> str:
    place = line.standing
    assert place is not None
    if place.place == 1:
        return "第1位"
    if place.is_bottom:
        return "后三位"
    return "第2、3位" if place.place <= _TOP else "中间"


def _placed(found: Iterable[Line]) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (one.short, f"{one.standing.place}/{one.standing.n}", one.url)
        for one in found
        if one.standing is not None
    )


def _bands(chosen: Chosen, found: Sequence[Line]) -> list[Bands]:
    """Where each completion lies, as the engine classed it: of several tiers of one indicator the
    one it is shown by."""
    sets = {one.id: one for one in chosen.rulebook.bands}
    told: dict[str, dict[int, list[tuple[str, str, str]]]] = {}
    for line in found:
        for id, one in sets.items():
            if place := place_in(one, line.row):
                member = (line.short, _in_band(line, one.of), line.url)
                told.setdefault(id, {}).setdefault(place, []).append(member)
    return [
        Bands(
            id,
            tuple(
                Share("", band.name, tuple(told[id].get(at, ())))
                for at, band in enumerate(one.bands, 1)
            ),
        )
        for id, one in sets.items()
        if id in told
    ]


def _in_band(line: Line, of: str) -> str:
    """The figure that was classed."""
    target = goal_of(line.row, "level")
    shown = target.get(of) if target is not None else None
    if shown is None:
        return ""
    return f"{figure(shown.shown)}{'%' if of == 'completion' else '点'}"
