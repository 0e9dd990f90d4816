"""Boards: how many duties went which way, by unit, leader, source, light or age."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Case, CharField, Count, F, Value, When
from django.db.models.expressions import Combinable

from diaodu.engine.dispatch.due import FATE_NAMES, Fate, Tally
from diaodu.engine.ground.words import DUTY_SOURCE_NAMES
from diaodu.web.duties.queries.due import LIGHTS, WORK, Standing
from diaodu.web.duties.queries.listing import AGES, NOBODY, _aged
from diaodu.web.duties.queries.rights import seen
from diaodu.web.people import queries as people
from diaodu.web.shared.access import Access

BY = {"org": "单位", "leader": "领导", "source": "来源", "light": "亮灯", "age": "时长"}
# The columns; drafts and what was withdrawn are no work and stand in none.
FATES: tuple[Fate, ...] = ("at_work", "overdue", "long_term", "in_time", "done_late")
_AGE_NAMES = {
    "7": "7天以内", "30": "8—30天", "90": "31—90天", "180": "91—180天", "more": "180天以上",
}  # fmt: skip


class Cell(NamedTuple):
    fate: Fate
    name: str
    number: int
    is_bad: bool


class Line(NamedTuple):
    """`query`: what leads to its duties in the list; with `fate` to those of one cell."""

    name: str
    kind: str  # of the light tag; empty for what is no light
    query: str
    tally: Tally
    org: str = ""

    @property
    def cells(self) -> list[Cell]:
        told = self.tally._asdict()
        return [Cell(one, FATE_NAMES[one], told[one], one == "overdue") for one in FATES]


class Board(NamedTuple):
    by: str
    since: date
    columns: list[str]
    lines: list[Line]
    whole: Line


def board(access: Access, on: Standing, by: str, since: date) -> Board:
    """Of what was issued since a day. The lines add up to the whole."""
    rows = seen(access).filter(WORK, issued__gte=since)
    keyed = rows.order_by().annotate(key=_key(on, by), fate=on.fates())
    counted: dict[Any, dict[str, int]] = {}
    for key, fate, number in keyed.values_list("key", "fate").annotate(number=Count("pk")):
        counted.setdefault(key, {})[fate] = number
    tallies = {key: Tally(**told) for key, told in counted.items()}
    whole = Tally()
    for one in tallies.values():
        whole = whole.plus(one)
    lines = [
        Line(name, _kind(by, key), _query(by, key, since), tallies[key], key if by == "org" else "")
        for key, name in _names(by, tallies)
        if key in tallies
    ]
    columns = [FATE_NAMES[one] for one in FATES]
    return Board(by, since, columns, lines, Line("合计", "", "", whole))


_COLUMNS = {"org": "lead_id", "leader": "leader_id", "source": "source"}


def _key(on: Standing, by: str) -> Combinable:
    if by == "light":
        return on.lights()
    if by == "age":
        bands = [When(_aged(one, on.clock.day), then=Value(one)) for one in AGES]
        return Case(*bands, default=Value(""), output_field=CharField())
    return F(_COLUMNS[by])


def _names(by: str, keys: Collection[Any]) -> list[tuple[Any, str]]:
    """In the order in which each is usually read."""
    named = {"source": DUTY_SOURCE_NAMES, "light": LIGHTS, "age": _AGE_NAMES}
    if by in named:
        return list(named[by].items())
    if by == "org":
        return list(people.names().items())
    names = people.user_names([str(one) for one in keys if one])
    return [(key, names[str(key)] if key else "没有分管领导") for key in sorted(
        keys, key=lambda one: (one is None, names.get(str(one), ""))
    )]  # fmt: skip


def _kind(by: str, key: str) -> str:
    if by != "light":
        return ""
    return "unknown" if key == "none" else key


def _query(by: str, key: Any, since: date) -> str:
    asked = NOBODY if key is None else str(key)
    return urlencode({by: asked, "since": since.isoformat()})
