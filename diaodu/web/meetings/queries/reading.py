"""A typed line of minutes → what it says, with this county's units and people."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import NamedTuple

from diaodu.engine.dispatch.minutes import read_line
from diaodu.web.duties import queries as duties
from diaodu.web.people import queries as people
from diaodu.web.people.queries import Member
from diaodu.web.shared.access import Access


class Choices(NamedTuple):
    """Whom one may name: units of the county that exist on the day, and who works there."""

    orgs: dict[str, str]  # id → name
    written: dict[str, str]  # name or alias → id
    staff: list[Member]


class Read(NamedTuple):
    """`days`: deadlines that were said where only one can hold."""

    text: str
    org: str | None
    supporting: tuple[str, ...]
    person: int | None
    latest: date | None
    best: date | None
    days: tuple[date, ...]


def choices(access: Access, day: date) -> Choices:
    here = people.subtree(access.home, on=day) if access.home else frozenset[str]()
    orgs = [one for one in people.orgs_on(day) if one.pk in here]
    written: dict[str, str] = {}
    for one in orgs:
        for name in (one.name, *one.aliases):
            written.setdefault(name, one.pk)
    persons = duties.persons(day, [one.pk for one in orgs])
    staff = [part for parts in persons.values() for part in parts]
    return Choices({one.pk: one.name for one in orgs}, written, staff)


def read(text: str, known: Choices, day: date) -> Read:
    """A name that two people bear names nobody."""
    by_name = {(one.name, one.id): one for one in known.staff}
    shared = Counter(name for name, _ in by_name)
    persons = {name: one for (name, _), one in by_name.items() if shared[name] == 1}
    line = read_line(text, day, known.written, {name: one.org for name, one in persons.items()})
    return Read(
        text=line.what or text.strip(),
        org=line.orgs[0] if line.orgs else None,
        supporting=line.orgs[1:],
        person=persons[line.person].id if line.person else None,
        latest=line.latest, best=line.best, days=line.days_said,
    )  # fmt: skip
