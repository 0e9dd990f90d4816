"""Whom duties can be given to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from diaodu.web.people import queries as people
from diaodu.web.people.queries import Member
from diaodu.web.shared.access import Access

_NAMES = ("owner", "clerk", "leader", "vice", "statistics", "dispatch")


def orgs(day: date) -> list[tuple[str, str]]:
    """The units of this desk that exist on a day, in the order of the tree."""
    home = people.home()
    if home is None:
        return []
    ids = people.subtree(home.pk, day)
    return [(id, name.strip("　")) for id, name in people.options(ids)]


def persons(day: date, orgs: Iterable[str]) -> dict[int, tuple[Member, ...]]:
    """User's id → their roles at these units; nobody who only reads."""
    found: dict[int, tuple[Member, ...]] = {}
    for one in people.staff(day, orgs):
        if one.role in _NAMES:
            found[one.id] = (*found.get(one.id, ()), one)
    return found


def person_choices(day: date, orgs: list[tuple[str, str]]) -> list[tuple[int, str]]:
    """王强（南坪镇镇长）."""
    names = dict(orgs)
    return [
        (id, f"{parts[0].name}（{_post(parts, names)}）")
        for id, parts in persons(day, names).items()
    ]


def _post(parts: tuple[Member, ...], names: dict[str, str]) -> str:
    unit = names.get(parts[0].org, "")
    post = parts[0].post
    return post if post.startswith(unit) else f"{unit}{post}"


def works_at(day: date, person: int, org: str) -> bool:
    """Whether somebody can be given a duty of this unit: active, with a role there."""
    return any(one.id == person and one.role in _NAMES for one in people.staff(day, [org]))


def leader_choices(day: date, access: Access) -> list[tuple[int, str]]:
    home = people.home(access.home)
    if home is None:
        return []
    found = {
        one.id: f"{one.name}（{one.post}）" if one.post else one.name
        for one in people.staff(day, [home.pk])
        if one.role in ("leader", "vice")
    }
    return list(found.items())


def head_of(org: str, day: date) -> int | None:
    """Who answers for a unit: its head, else its first."""
    staff = [one for one in people.staff(day, [org]) if one.role in _NAMES]
    heads = [one.id for one in staff if one.role == "leader"] or [one.id for one in staff]
    return heads[0] if heads else None
