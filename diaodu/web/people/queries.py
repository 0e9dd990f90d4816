"""Who is who, and what each may see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings
from django.db.models import Q, QuerySet

from diaodu.engine.rules.models import Org as RuleOrg
from diaodu.web.people.models import Membership, OneTimeLink, Org, User
from diaodu.web.shared import signals
from diaodu.web.shared.access import NOBODY, Access, Grant
from diaodu.web.shared.roles import ALLOWED

_HOME_LEVELS = ("city", "county")
_OWN_LEVELS = ("township", "department", "park")
EVERYWHERE = ""  # the root of a membership without org

# -- orgs ------------------------------------------------------------------------------------


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
    return tuple(engine_org(one) for one in Org.objects.all())


def engine_org(one: Org) -> RuleOrg:
    return RuleOrg.model_validate(
        {
            "id": one.id, "name": one.name, "level": one.level, "parent": one.parent_id,
            "aliases": one.aliases, "codes": one.codes, "groups": one.groups,
            "opened": one.opened, "closed": one.closed, "order": one.order,
        }
    )  # fmt: skip


def names() -> dict[str, str]:
    return dict(Org.objects.values_list("id", "name"))


def home() -> Org | None:
    """The org whose desk this is: the one set, else the county or city with the most townships,
    departments and parks of its own. None before there are orgs."""
    found = settings.DIAODU_HOME_ORG or _Tree.now().home
    return Org.objects.filter(pk=found).first() if found else None


def subtree(root: str, on: date | None = None) -> frozenset[str]:
    """The org and all below it; without a day whatever the day, since a closed org's figures stay
    visible."""
    below = _Tree.now().below(root)
    return below if on is None else below & set(orgs_on(on).values_list("id", flat=True))


class _Tree:
    """All orgs by id and parent: one query, walked in memory."""

    def __init__(self, rows: Iterable[tuple[str, str | None, str]]) -> None:
        self.parents: dict[str, str | None] = {}
        self.levels: dict[str, str] = {}
        self.children: dict[str | None, list[str]] = {}
        for id, parent, level in rows:
            self.parents[id] = parent
            self.levels[id] = level
            self.children.setdefault(parent, []).append(id)

    @classmethod
    def now(cls) -> _Tree:
        return cls(Org.objects.values_list("id", "parent_id", "level"))

    def below(self, root: str) -> frozenset[str]:
        """The org itself too."""
        found, waiting = {root}, [root]
        while waiting:
            for child in self.children.get(waiting.pop(), ()):
                if child not in found:
                    found.add(child)
                    waiting.append(child)
        return frozenset(found)

    def above(self, id: str) -> list[str]:
        found: list[str] = []
        parent = self.parents.get(id)
        while parent is not None and parent not in found:
            found.append(parent)
            parent = self.parents[parent]
        return found

    @property
    def home(self) -> str | None:
        candidates = [one for one, level in self.levels.items() if level in _HOME_LEVELS]
        best = max(candidates, key=self._own, default=None)
        return best if best is not None and self._own(best) else None

    def _own(self, id: str) -> int:
        """The counties under a city are desks of their own."""
        return sum(self.levels[child] in _OWN_LEVELS for child in self.children.get(id, ()))


# -- what a user may do ----------------------------------------------------------------------


def access_of(user: User, on: date) -> Access:
    """What the user's memberships in force on that day allow. Inactive users: nothing."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    tree = _Tree.now()
    grants = tuple(_grant(one, tree) for one in in_force(Membership.objects, on).filter(user=user))
    return Access(user.pk, grants, _public(grants, tree))


def in_force(memberships: QuerySet[Membership], on: date) -> QuerySet[Membership]:
    return memberships.filter(Q(since=None) | Q(since__lte=on)).filter(
        Q(until=None) | Q(until__gte=on)
    )


def _grant(one: Membership, tree: _Tree) -> Grant:
    orgs = frozenset(tree.parents) if one.org_id is None else tree.below(one.org_id)
    chosen = frozenset(one.indicators) if one.indicators else None
    return Grant(one.role, one.org_id or EVERYWHERE, orgs, chosen, one.early)


def _public(grants: Iterable[Grant], tree: _Tree) -> frozenset[str]:
    """Orgs outside the home subtree, and those above where the user may see figures."""
    above = {
        one for grant in grants if "view" in ALLOWED[grant.role] for one in tree.above(grant.root)
    }
    own = settings.DIAODU_HOME_ORG or tree.home
    inside = tree.below(own) if own else frozenset(tree.parents)
    return frozenset(above | (set(tree.parents) - inside))


# -- users -----------------------------------------------------------------------------------


def users(access: Access) -> QuerySet[User]:
    """The people an administrator sees: those with a role in their orgs, and those with none."""
    here = Q(memberships__org__in=access.orgs("people")) | Q(memberships=None)
    if EVERYWHERE in access.roots("people"):
        here |= Q(memberships__org=None)
    return User.objects.filter(here).distinct().order_by("username")


def may_manage(access: Access, user: User) -> bool:
    """Whether an administrator may change the account itself (name, password, state): only where
    all roles of that user are, else a township's administrator could take over the county's."""
    orgs, roots = access.orgs("people"), access.roots("people")
    held = Membership.objects.filter(user=user).values_list("org_id", flat=True)
    return access.may("people") and all(
        EVERYWHERE in roots if one is None else one in orgs for one in held
    )


def users_with(role: str, org_id: str, on: date | None = None) -> QuerySet[User]:
    """Active users who hold a role at exactly that org (today's, where a day is given)."""
    held = Membership.objects.filter(role=role, org_id=org_id)
    if on is not None:
        held = in_force(held, on)
    return User.objects.filter(is_active=True, memberships__in=held).distinct()


class Contact(NamedTuple):
    """Whom to ask at a unit."""

    name: str
    post: str
    phone: str


def contacts(orgs: Iterable[str], roles: Iterable[str], on: date) -> dict[str, list[Contact]]:
    """The active users with one of the roles at exactly these orgs, in one query."""
    held = in_force(Membership.objects, on).filter(
        org__in=list(orgs), role__in=list(roles), user__is_active=True
    )
    found: dict[str, list[Contact]] = {}
    fields = ("org_id", "user__name", "user__post", "user__phone")
    for org_id, name, post, phone in held.order_by("id").values_list(*fields):
        one = Contact(name, post, phone)
        if one not in found.setdefault(str(org_id), []):
            found[str(org_id)].append(one)
    return found


def administrators(on: date) -> QuerySet[User]:
    """Active users who are administrators of the whole desk on that day."""
    own = home()
    wide = Q(org=None)
    if own is not None:
        wide |= Q(org__in=[own.pk, *_Tree.now().above(own.pk)])
    held = in_force(Membership.objects.filter(wide, role="admin"), on)
    return User.objects.filter(is_active=True, memberships__in=held).distinct()


def indicator_names() -> dict[str, str]:
    """Id → name of the indicators of the rulebook in force, told by the room that keeps it."""
    found: dict[str, str] = {}
    for _, told in signals.indicator_names_asked.send(sender=None):
        found.update(told)
    return found


# -- one-time links --------------------------------------------------------------------------


class LinkState(NamedTuple):
    link: OneTimeLink | None
    why: str  # why it does not work; empty where it does


def link_state(digest: str, at: datetime) -> LinkState:
    found = OneTimeLink.objects.select_related("user").filter(digest=digest).first()
    if found is None:
        return LinkState(None, "链接不对，或者已被新的链接代替")
    if found.used_at is not None:
        return LinkState(found, "链接已经用过，每个只能用一次")
    if found.expires_at <= at:
        return LinkState(found, "链接已过期")
    if not found.user.is_active:
        return LinkState(found, "账号已停用")
    return LinkState(found, "")
