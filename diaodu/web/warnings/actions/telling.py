"""Who is told of new warnings: by each rule's list, one note to a person, without figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from django.urls import reverse

from diaodu.web.people import queries as people
from diaodu.web.people.queries import Member
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared.outbox import Note
from diaodu.web.warnings.models import Warning

RAISED, PERSON = "warnings.raised", "people.User"
_UNIT_ROLES: Final = frozenset({"clerk", "leader"})
_NAMED: Final = 3


def notes_on(raised: Sequence[Warning], at: datetime) -> Iterator[Note]:
    if not raised:
        return
    staff = people.staff(at.date())
    home = people.home()
    indicators = rulebooks.current().indicators
    by_person: dict[int, list[Warning]] = {}
    for one in raised:
        found = indicators.get(one.indicator)
        owner = (found.owner if found else None) or one.lead_id
        for person in sorted(_told(one, owner, staff, home.pk if home else "")):
            by_person.setdefault(person, []).append(one)
    for person, listed in sorted(by_person.items()):
        yield _note(person, listed, at)


def _told(one: Warning, owner: str, staff: Sequence[Member], home: str) -> set[int]:
    return {
        member.id
        for teller in one.tell
        for member in staff
        if _is_meant(teller, member, one, owner, home)
    }


def _is_meant(teller: str, member: Member, one: Warning, owner: str, home: str) -> bool:
    if teller == "unit":
        return member.org == one.org_id and member.role in _UNIT_ROLES
    if teller == "owner":
        return member.org == owner and member.role == "owner"
    return member.org == home and member.role == teller


def _note(person: int, listed: Sequence[Warning], at: datetime) -> Note:
    titles = "；".join(one.title for one in listed[:_NAMED])
    more = f"；等{len(listed)}件" if len(listed) > _NAMED else ""
    url = (
        reverse("warnings:warning", args=[listed[0].pk])
        if len(listed) == 1
        else reverse("warnings:home")
    )
    return Note(
        RAISED, PERSON, str(person), at.isoformat(), person, f"新预警{len(listed)}件",
        f"{titles}{more}", url,
    )  # fmt: skip
