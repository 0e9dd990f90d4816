"""Boards: how many duties went which way, by unit, leader, source, light or age."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet

from diaodu.engine.dispatch.due import FATE_NAMES, Fate, Tally
from diaodu.engine.ground.words import DUTY_SOURCE_NAMES
from diaodu.web.duties.models import Duty
from diaodu.web.duties.queries.due import Standing
from diaodu.web.duties.queries.listing import AGES, LIGHTS, _aged
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
    name: str
    number: int
    query: str
    is_bad: bool


class Line(NamedTuple):
    name: str
    kind: str  # of the light tag; empty for what is no light
    total: Cell
    cells: list[Cell]
    tally: Tally
    org: str = ""


class Board(NamedTuple):
    by: str
    since: date
    columns: list[str]
    lines: list[Line]
    whole: Line


def board(access: Access, on: Standing, by: str, since: date) -> Board:
    """Of what was issued since a day. The lines add up to the whole."""
    rows = seen(access).filter(issued__gte=since).exclude(state__in=("draft", "withdrawn"))
    made = _by_column(rows, on, by, since) if by in _COLUMNS else _by_test(rows, on, by, since)
    whole = _line("合计", "", {}, _counted(rows, on), since)
    return Board(by, since, [FATE_NAMES[one] for one in FATES], made, whole)


_COLUMNS = {"org": "lead_id", "leader": "leader_id", "source": "source"}


def _tests(on: Standing) -> dict[str, Count]:
    # A plain name would hide the column of that name.
    return {f"number_{one}": Count("pk", filter=on.fate(one)) for one in FATES}


def _counted(rows: QuerySet[Duty], on: Standing) -> dict[str, int]:
    return rows.order_by().aggregate(number_total=Count("pk"), **_tests(on))


def _by_column(rows: QuerySet[Duty], on: Standing, by: str, since: date) -> list[Line]:
    column = _COLUMNS[by]
    found = rows.order_by().values(column).annotate(number_total=Count("pk"), **_tests(on))
    counted = {one[column]: one for one in found}
    return [
        _line(name, "", {by: str(key)} if key else {}, counted[key], since)._replace(
            org=str(key) if by == "org" else ""
        )
        for key, name in _named(by, counted)
        if key in counted
    ]


def _named(by: str, keys: Iterable[Any]) -> list[tuple[Any, str]]:
    """In the order in which each is usually read."""
    if by == "source":
        return list(DUTY_SOURCE_NAMES.items())
    if by == "org":
        return list(people.names().items())
    names = people.user_names([str(one) for one in keys if one])
    return [(key, names[str(key)] if key else "没有分管领导") for key in sorted(
        keys, key=lambda one: (one is None, names.get(str(one), ""))
    )]  # fmt: skip


def _by_test(rows: QuerySet[Duty], on: Standing, by: str, since: date) -> list[Line]:
    tests = (
        {one: (name, on.light(one)) for one, name in LIGHTS.items()}
        if by == "light"
        else {one: (_AGE_NAMES[one], _aged(one, on.clock.day)) for one in AGES}
    )
    found = rows.order_by().aggregate(
        **{
            f"{key}_number_{fate}": Count("pk", filter=test & wanted)
            for key, (_, test) in tests.items()
            for fate, wanted in (("total", Q()), *((one, on.fate(one)) for one in FATES))
        }
    )
    return [
        _line(
            name, key if by == "light" else "", {by: key},
            {f"number_{one}": found[f"{key}_number_{one}"] for one in ("total", *FATES)}, since,
        )
        for key, (name, _) in tests.items()
        if found[f"{key}_number_total"]
    ]  # fmt: skip


def _line(
    name: str, kind: str, asked: dict[str, str], counted: dict[str, int], since: date
) -> Line:
    asked = {**asked, "since": since.isoformat()}
    cells = [
        Cell(
            FATE_NAMES[one],
            counted[f"number_{one}"],
            urlencode({**asked, "fate": one}),
            one == "overdue",
        )
        for one in FATES
    ]
    tally = Tally(**{one: counted[f"number_{one}"] for one in FATES})
    total = Cell("合计", counted["number_total"], urlencode({**asked, "state": "all"}), False)
    return Line(name, "unknown" if kind == "none" else kind, total, cells, tally)
