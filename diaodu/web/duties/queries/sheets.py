"""An Excel list of duties against what there is: what every row would become."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from diaodu.adapters.duty_list import COLUMNS, Line, cell_of
from diaodu.engine.dispatch.duty import Thing
from diaodu.engine.ground.words import DUTY_SOURCE_NAMES
from diaodu.web.duties.queries.choices import orgs, persons
from diaodu.web.people import queries as people

_SOURCES = {name: id for id, name in DUTY_SOURCE_NAMES.items()}
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
# Characters: of a whole cell, and of each of several things in one.
_MOST = {"title": 300, "origin": 300, "measures": 2000}
MOST_OF_EACH = {"things": 500, "proof_asked": 100}
_APART = re.compile(r"[、，,；;\n]+")


@dataclass(frozen=True)
class Fault:
    """What is wrong in a cell and what to do."""

    cell: str
    label: str
    text: str


@dataclass(frozen=True)
class Read:
    """A row as understood; with faults it becomes nothing. `who`, `names`: for the page."""

    row: int
    title: str
    lead: str
    lead_name: str
    person: int
    person_name: str
    latest: date | None
    best: date | None
    source: str
    origin: str
    leader: int | None
    measures: str
    supporting: tuple[str, ...]
    things: tuple[Thing, ...]
    proof_asked: tuple[str, ...]
    faults: tuple[Fault, ...]


class Known:
    """Names of units and people on a day."""

    def __init__(self, day: date) -> None:
        listed = orgs(day)
        self.day = day
        self.orgs: dict[str, list[str]] = {}
        for one in people.orgs_on(day).filter(pk__in=[id for id, _ in listed]):
            for name in {one.name, *one.aliases}:
                self.orgs.setdefault(name, []).append(one.pk)
        self.staff = persons(day, [id for id, _ in listed])
        home = people.home()
        self.home = home.pk if home else ""

    def persons(self, name: str, org: str) -> list[int]:
        return [
            id for id, parts in self.staff.items()
            if any(one.name == name and one.org == org for one in parts)
        ]  # fmt: skip

    def leaders(self, name: str) -> list[int]:
        return [
            id for id, parts in self.staff.items()
            if any(
                one.name == name and one.org == self.home and one.role in ("leader", "vice")
                for one in parts
            )
        ]  # fmt: skip


def understood(lines: Iterable[Line], day: date) -> list[Read]:
    known = Known(day)
    return [_Row(line, known).read() for line in lines]


class _Row:
    def __init__(self, line: Line, known: Known) -> None:
        self.line, self.known = line, known
        self.faults: list[Fault] = []

    def read(self) -> Read:
        cells = self.line.cells
        title = cells["title"]
        if not title:
            self._wrong("title", "没有写要做什么")
        self._lengths()
        lead = self._org("lead", cells["lead"])
        person = self._person(lead)
        latest, best = self._day("latest"), self._day("best")
        if latest is not None and latest < self.known.day:
            self._wrong("latest", "日期已经过去，请填今天或以后的日期")
        if latest is not None and best is not None and best > latest:
            self._wrong("best", "力争期限不能晚于最晚期限")
        supporting = [self._org("supporting", one) for one in parts_of(cells["supporting"])]
        return Read(
            row=self.line.row, title=title, lead=lead, lead_name=cells["lead"], person=person,
            person_name=cells["person"], latest=latest, best=best, source=self._source(),
            origin=cells["origin"], leader=self._leader(), measures=cells["measures"],
            supporting=tuple(one for one in supporting if one), things=things_of(cells["things"]),
            proof_asked=tuple(parts_of(cells["proof_asked"])), faults=tuple(self.faults),
        )  # fmt: skip

    def _lengths(self) -> None:
        """Nothing is cut off without a word."""
        for column, most in _MOST.items():
            length = len(self.line.cells[column])
            if length > most:
                self._wrong(column, f"有{length}个字，最多{most}个")
        for column, most in MOST_OF_EACH.items():
            for one in parts_of(self.line.cells[column]):
                if len(one) > most:
                    self._wrong(column, f"“{one[:20]}…”有{len(one)}个字，一项最多{most}个")

    def _wrong(self, column: str, text: str) -> None:
        label = COLUMNS[column].rstrip("＊")
        self.faults.append(Fault(cell_of(self.line.row, column), label, text))

    def _org(self, column: str, name: str) -> str:
        if not name:
            if column == "lead":
                self._wrong(column, "没有写主办单位")
            return ""
        found = self.known.orgs.get(name, [])
        if len(found) == 1:
            return found[0]
        told = "有几个单位叫" if found else "现在没有单位叫"
        self._wrong(column, f"{told}“{name}”，请按“可选”里的名称写")
        return ""

    def _person(self, lead: str) -> int:
        name = self.line.cells["person"]
        if not name:
            self._wrong("person", "没有写承办人")
            return 0
        found = self.known.persons(name.partition("（")[0], lead) if lead else []
        if len(found) == 1:
            return found[0]
        if lead:
            unit = self.line.cells["lead"]
            told = "有几个人叫" if found else "没有在职的人叫"
            self._wrong("person", f"{unit}{told}“{name}”，请核对")
        return 0

    def _leader(self) -> int | None:
        name = self.line.cells["leader"]
        found = self.known.leaders(name.partition("（")[0]) if name else []
        if name and len(found) != 1:
            self._wrong("leader", f"没有认出领导“{name}”，请按“可选”里的写")
            return None
        return found[0] if found else None

    def _source(self) -> str:
        name = self.line.cells["source"]
        if name not in _SOURCES:
            told = f"“{name}”不是来源" if name else "没有写来源"
            self._wrong("source", f"{told}；来源要是{'、'.join(_SOURCES)}之一")
        return _SOURCES.get(name, "")

    def _day(self, column: str) -> date | None:
        text = self.line.cells[column]
        if not text:
            if column == "latest":
                self._wrong(column, "没有写最晚哪天前办结；没有期限的事项不能交办")
            return None
        match = _DAY.fullmatch(text)
        try:
            if match:
                return date(*map(int, match.groups()))
        except ValueError:
            pass  # 30 February
        self._wrong(column, f"“{text}”不是日期，写成2023-10-20")
        return None


def parts_of(text: str) -> list[str]:
    return [one.strip() for one in _APART.split(text) if one.strip()]


def things_of(text: str) -> tuple[Thing, ...]:
    """The objects as they are written, one to a line or part; names of units and indicators that
    are known are taken for them."""
    orgs = {name: id for id, name in people.names().items()}
    indicators = {name: id for id, name in people.indicator_names().items()}
    found = []
    for one in parts_of(text):
        kind, id = "line", None
        if one in indicators:
            kind, id = "indicator", indicators[one]
        elif one in orgs:
            kind, id = "org", orgs[one]
        found.append(Thing.model_validate({"kind": kind, "text": one, "id": id}))
    return tuple(found)
