"""Users, and the links they get."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Q, QuerySet

from diaodu.web.people.models import Membership, OneTimeLink, User
from diaodu.web.people.queries.orgs import Tree, home, names
from diaodu.web.people.queries.rights import EVERYWHERE, in_force
from diaodu.web.shared import acts, signals
from diaodu.web.shared.access import Access
from diaodu.web.shared.roles import ALLOWED


def users(access: Access) -> QuerySet[User]:
    """The people an administrator sees: those with a role in their orgs. Those with none yet are
    seen by the administrators of the whole desk and by who added them: whoever hands out the link
    that sets the password has the account, and all roles it is given later."""
    here = Q(memberships__org__in=access.orgs("people"))
    nobodys = Q(memberships=None)
    if EVERYWHERE in access.roots("people"):
        here |= Q(memberships__org=None)
    elif access.home is None or not access.may("people", org=access.home):
        nobodys &= Q(pk__in=acts.begun_by(access.user_id, "people.save_user"))
    return User.objects.filter(here | nobodys).distinct().order_by("username")


def found_users(
    access: Access, *, q: str = "", role: str = "", org: str = "", state: str = ""
) -> QuerySet[User]:
    """Of those an administrator sees: by text, by role, by org and what is below it, by state."""
    found = users(access).prefetch_related("memberships__org")
    if q:
        found = found.filter(
            Q(name__icontains=q) | Q(username__icontains=q) | Q(post__icontains=q)
            | Q(phone__icontains=q)
        )  # fmt: skip
    held = Membership.objects.all()
    if org:
        held = held.filter(org__in=Tree.now().below(org))
    if role:
        held = held.filter(role=role)
    if org or role:
        found = found.filter(memberships__in=held)
    if state == "none":
        found = found.filter(memberships=None)
    if state != "all":
        found = found.filter(is_active=state != "off")
    return found


def user_for(access: Access, id: int) -> User | None:
    return users(access).filter(pk=id).first()


def memberships(user: User) -> QuerySet[Membership]:
    return user.memberships.select_related("org")


def membership_for(access: Access, id: int) -> Membership | None:
    """One that this administrator may change: of an org of theirs."""
    found = Membership.objects.filter(pk=id).select_related("user", "org").first()
    return found if found is not None and covers(access, found) else None


def covers(access: Access, one: Membership) -> bool:
    """Whether an administrator may change or take away this role."""
    if one.org_id is None:
        return EVERYWHERE in access.roots("people")
    return access.may("people", org=one.org_id)


def members(org_id: str) -> QuerySet[Membership]:
    return Membership.objects.filter(org_id=org_id).select_related("user")


def has_second_step(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def may_manage(access: Access, user: User) -> bool:
    """Whether an administrator may change the account itself (name, password, state): only where
    all roles of that user are, else a township's administrator could take over the county's."""
    return access.may("people") and all(covers(access, one) for one in user.memberships.all())


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
    held = in_force(Membership.objects.all(), on).filter(
        org__in=list(orgs), role__in=list(roles), user__is_active=True
    )
    found: dict[str, list[Contact]] = {}
    fields = ("org_id", "user__name", "user__post", "user__phone")
    for org_id, name, post, phone in held.order_by("id").values_list(*fields):
        one = Contact(name, post, phone)
        if one not in found.setdefault(str(org_id), []):
            found[str(org_id)].append(one)
    return found


class Member(NamedTuple):
    """A person at a unit, by one of their roles."""

    id: int
    name: str
    post: str
    org: str
    role: str


def staff(on: date, orgs: Iterable[str] | None = None) -> list[Member]:
    """The active users of these units, or of all, by the roles they hold on a day."""
    held = in_force(Membership.objects.all(), on).filter(user__is_active=True, org__isnull=False)
    if orgs is not None:
        held = held.filter(org__in=list(orgs))
    fields = ("user_id", "user__name", "user__post", "org_id", "role")
    return [Member(*row) for row in held.order_by("org__place", "id").values_list(*fields)]


def viewers(*, org: str, indicator: str, on: date) -> list[Member]:
    """The active users who may see a figure once it is released, one line for each role that lets
    them: as `access_of` decides it for one."""
    tree = Tree.now()
    upward = {org, *tree.above(org)}
    is_outside = (settings.DIAODU_HOME_ORG or tree.home) not in upward
    held = in_force(Membership.objects.all(), on).filter(
        user__is_active=True, role__in=[role for role, held in ALLOWED.items() if "view" in held]
    )
    fields = ("user_id", "user__name", "user__post", "org_id", "role", "indicators")
    found = []
    for user, name, post, root, role, chosen in held.order_by("org__place", "id").values_list(
        *fields
    ):
        covers = (root is None or root in upward) and (not chosen or indicator in chosen)
        if covers or is_outside or (root is not None and org in tree.above(root)):
            found.append(Member(user, name, post, root or EVERYWHERE, role))
    return found


def administrators(on: date) -> QuerySet[User]:
    """Active users who are administrators of the whole desk on that day."""
    own = home()
    wide = Q(org=None)
    if own is not None:
        wide |= Q(org__in=[own.pk, *Tree.now().above(own.pk)])
    held = in_force(Membership.objects.filter(wide, role="admin"), on)
    return User.objects.filter(is_active=True, memberships__in=held).distinct()


def indicator_names() -> dict[str, str]:
    """Id → name of the indicators of the rulebook in force, told by the room that keeps it."""
    answers: Iterable[tuple[object, Any]] = signals.indicator_names_asked.send(sender=None)
    return {id: name for _, told in answers for id, name in told.items()}


def words() -> acts.Names:
    """What the acts of all rooms call orgs and indicators."""
    return acts.Names(names(), indicator_names())


def user_names(ids: Iterable[str]) -> dict[str, str]:
    found = User.objects.filter(pk__in=[int(one) for one in ids if one.isdecimal()])
    return {str(one.pk): str(one) for one in found}


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
