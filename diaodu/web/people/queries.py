"""Who is who, and what each may see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db.models import Q, QuerySet

from diaodu.engine.rules.models import Org as RuleOrg
from diaodu.web.people.models import Membership, Org, User
from diaodu.web.shared.access import NOBODY, Access, Grant

_HOME_LEVELS = ("city", "county")


def org(id: str) -> Org:
    """Raises Org.DoesNotExist."""
    return Org.objects.get(pk=id)


def orgs_on(day: date | None = None) -> QuerySet[Org]:
    """All orgs, or those that exist on a day (the closing day is still one)."""
    if day is None:
        return Org.objects.all()
    return Org.objects.filter(Q(opened=None) | Q(opened__lte=day)).filter(
        Q(closed=None) | Q(closed__gte=day)
    )


def engine_orgs() -> tuple[RuleOrg, ...]:
    """The table as a rulebook's orgs, in its order."""
    return tuple(
        RuleOrg.model_validate(
            {
                "id": one.id, "name": one.name, "level": one.level, "parent": one.parent_id,
                "aliases": one.aliases, "codes": one.codes, "groups": one.groups,
                "opened": one.opened, "closed": one.closed, "order": one.order,
            }
        )
        for one in Org.objects.all()
    )  # fmt: skip


def names() -> dict[str, str]:
    return dict(Org.objects.values_list("id", "name"))


def home() -> Org | None:
    """The org whose desk this is: the one set, else the county or city with the most orgs of its
    own below it. None before there are orgs."""
    if settings.DIAODU_HOME_ORG:
        return Org.objects.filter(pk=settings.DIAODU_HOME_ORG).first()
    children = _children()
    candidates = Org.objects.filter(level__in=_HOME_LEVELS)
    own = [(_own_children(one, children), one) for one in candidates]
    counted = [(number, one) for number, one in own if number]
    return max(counted, key=lambda pair: pair[0])[1] if counted else None


def _own_children(one: Org, children: dict[str | None, list[str]]) -> int:
    """Townships, departments and parks; the counties under a city are desks of their own."""
    levels = dict(Org.objects.filter(parent=one).values_list("id", "level"))
    return sum(
        levels[child] in ("township", "department", "park") for child in children.get(one.id, ())
    )


def subtree(root: str) -> frozenset[str]:
    """The org and all below it, whatever the day: a closed org's figures stay visible."""
    return _below([root], _children())


def access_of(user: User, on: date) -> Access:
    """What the user's memberships in force on that day allow. Inactive users: nothing."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    held = Membership.objects.filter(user=user).filter(Q(since=None) | Q(since__lte=on))
    held = held.filter(Q(until=None) | Q(until__gte=on))
    parents = dict(Org.objects.values_list("id", "parent_id"))
    children = _children(parents)
    grants = tuple(_grant(one, children) for one in held)
    return Access(user.pk, grants, _public(grants, parents, children))


def _grant(one: Membership, children: dict[str | None, list[str]]) -> Grant:
    chosen = frozenset(one.indicators) if one.indicators else None
    return Grant(one.role, one.org_id, _below([one.org_id], children), chosen, one.early)


def _public(
    grants: Iterable[Grant], parents: dict[str, str | None], children: dict[str | None, list[str]]
) -> frozenset[str]:
    """Orgs outside the home subtree, and those above the user's own."""
    above: set[str] = set()
    for grant in grants:
        parent = parents.get(grant.root)
        while parent is not None:
            above.add(parent)
            parent = parents[parent]
    own = home()
    outside = set(parents) - (_below([own.id], children) if own else set(parents))
    return frozenset(above | outside)


def _children(parents: dict[str, str | None] | None = None) -> dict[str | None, list[str]]:
    if parents is None:
        parents = dict(Org.objects.values_list("id", "parent_id"))
    found: dict[str | None, list[str]] = {}
    for child, parent in parents.items():
        found.setdefault(parent, []).append(child)
    return found


def _below(roots: list[str], children: dict[str | None, list[str]]) -> frozenset[str]:
    found, waiting = set(roots), list(roots)
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return frozenset(found)
