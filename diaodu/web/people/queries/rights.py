"""What a user may do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from diaodu.web.people.models import Membership, User
from diaodu.web.people.queries.orgs import Tree
from diaodu.web.shared.access import NOBODY, Access, Grant
from diaodu.web.shared.roles import ALLOWED, CAPABILITIES, MAY_READ_EARLY, OWN_ORG_ONLY, ROLES

EVERYWHERE = ""  # the root of a membership without org


def access_of(user: User | AnonymousUser, on: date) -> Access:
    """What the user's memberships in force on that day allow. Inactive users: nothing."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    tree = Tree.now()
    grants = tuple(
        _grant(one, tree) for one in in_force(Membership.objects.all(), on).filter(user=user)
    )
    home = settings.DIAODU_HOME_ORG or tree.home
    return Access(user.pk, grants, _public(grants, tree, home), home)


def in_force(memberships: QuerySet[Membership], on: date) -> QuerySet[Membership]:
    return memberships.filter(Q(since=None) | Q(since__lte=on)).filter(
        Q(until=None) | Q(until__gte=on)
    )


def _grant(one: Membership, tree: Tree) -> Grant:
    orgs = frozenset(tree.parents) if one.org_id is None else tree.below(one.org_id)
    chosen = frozenset(one.indicators) if one.indicators else None
    return Grant(one.role, one.org_id or EVERYWHERE, orgs, chosen, one.early)


def _public(grants: Iterable[Grant], tree: Tree, home: str | None) -> frozenset[str]:
    """Orgs outside the home subtree, and those above where the user may see figures."""
    above = {
        one for grant in grants if "view" in ALLOWED[grant.role] for one in tree.above(grant.root)
    }
    inside = tree.below(home) if home else frozenset(tree.parents)
    return frozenset(above | (set(tree.parents) - inside))


class Permission(NamedTuple):
    """A line of the preview: what may be done, as which role, where, for which indicators."""

    what: str
    role: str
    where: str
    indicators: str


def preview(
    access: Access, orgs: Mapping[str, str], indicators: Mapping[str, str]
) -> list[Permission]:
    """Everything an access allows, in words, in the order of the capabilities."""
    found = [
        Permission(
            CAPABILITIES[capability],
            ROLES[grant.role],
            _where(grant, orgs, own=capability in OWN_ORG_ONLY),
            _which(grant, indicators),
        )
        for capability in CAPABILITIES
        for grant in access.granting(capability)
    ]
    if access.public and access.may("view"):
        named = "、".join(name for id, name in orgs.items() if id in access.public)
        found.append(Permission("看已发布的数", "所有人", named, "全部指标"))
    found += [
        Permission(
            "发布前看数", ROLES[one.role], _where(one, orgs, own=False), _which(one, indicators)
        )
        for one in access.grants
        if one.early and one.role in MAY_READ_EARLY
    ]
    return found


def _where(grant: Grant, orgs: Mapping[str, str], *, own: bool) -> str:
    if grant.root == EVERYWHERE:
        return "全部单位"
    name = orgs.get(grant.root, grant.root)
    below = len(grant.orgs) - 1
    return name if own or not below else f"{name}和下面{below}个单位"


def _which(grant: Grant, indicators: Mapping[str, str]) -> str:
    if grant.indicators is None:
        return "全部指标"
    return "、".join(indicators.get(one, one) for one in sorted(grant.indicators))
