"""What one user may see and do: decided where an object is loaded, by the same words everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.core.exceptions import PermissionDenied
from django.db.models import Q

from diaodu.web.shared.roles import (
    ALLOWED,
    CAPABILITIES,
    DESK_WIDE,
    MAY_READ_EARLY,
    OWN_ORG_ONLY,
)


@dataclass(frozen=True)
class Grant:
    """One membership: a role over `root` and the orgs below it. `indicators` None means all."""

    role: str
    root: str
    orgs: frozenset[str]
    indicators: frozenset[str] | None
    early: bool

    def covers(self, org: str | None, indicator: str | None) -> bool:
        return (org is None or org in self.orgs) and (
            indicator is None or self.indicators is None or indicator in self.indicators
        )


@dataclass(frozen=True)
class Access:
    """All grants of a user. `public` orgs are those whose released figures everyone here may see:
    outside the home org, and above the user's own. No grants: nothing at all. `home` None: there
    are no orgs yet."""

    user_id: int | None
    grants: tuple[Grant, ...] = ()
    public: frozenset[str] = frozenset()
    home: str | None = None

    def granting(self, capability: str) -> Iterator[Grant]:
        """The grants that allow it, with the orgs they allow it in."""
        if capability not in CAPABILITIES:
            raise KeyError(capability)
        found = (grant for grant in self.grants if capability in ALLOWED[grant.role])
        if capability in DESK_WIDE and self.home is not None:
            return (grant for grant in found if self.home in grant.orgs)
        if capability in OWN_ORG_ONLY:
            return (replace(grant, orgs=frozenset({grant.root})) for grant in found)
        return found

    def may(self, capability: str, *, org: str | None = None, indicator: str | None = None) -> bool:
        """Whether some grant allows it there; without org or indicator: anywhere at all."""
        found = list(self.granting(capability))
        if capability == "view" and found and org in self.public:
            return True
        return any(grant.covers(org, indicator) for grant in found)

    def need(
        self, capability: str, *, org: str | None = None, indicator: str | None = None
    ) -> None:
        """Raises PermissionDenied (a 403 page) where it is not allowed."""
        if not self.may(capability, org=org, indicator=indicator):
            raise PermissionDenied(_refusal(capability))

    def need_any(self, *capabilities: str) -> None:
        """Raises PermissionDenied unless one of them is allowed somewhere."""
        if not any(self.may(one) for one in capabilities):
            raise PermissionDenied(_refusal(*capabilities))

    def orgs(self, capability: str) -> frozenset[str]:
        """Where it is allowed, for at least one indicator; for `view` with the public orgs."""
        found = frozenset[str]().union(*(grant.orgs for grant in self.granting(capability)))
        return found | self.public if capability == "view" and found else found

    def roots(self, capability: str) -> tuple[str, ...]:
        """The tops of the subtrees it is allowed in, in the order of the grants."""
        return tuple(dict.fromkeys(grant.root for grant in self.granting(capability)))

    def q(self, capability: str, org: str = "org_id", indicator: str = "indicator") -> Q:
        """The rows one may touch. `indicator` empty: the rows carry none."""
        found = list(self.granting(capability))
        if not found:
            return Q(pk__in=[])
        allowed = Q(**{f"{org}__in": self.public}) if capability == "view" else Q(pk__in=[])
        for grant in found:
            allowed |= _within(grant, org, indicator)
        return allowed

    def released_q(
        self, now: datetime, release: str = "release_at", org: str = "org_id",
        indicator: str = "indicator",
    ) -> Q:  # fmt: skip
        """Released by now, or never embargoed, or read early by this user."""
        open_ = Q(**{f"{release}__isnull": True}) | Q(**{f"{release}__lte": now})
        return open_ | self.early_q(org, indicator)

    def early_q(self, org: str = "org_id", indicator: str = "indicator") -> Q:
        """The rows that this user reads before their release."""
        found = Q(pk__in=[])
        for grant in self._early:
            found |= _within(grant, org, indicator)
        return found

    def reads_early(self, *, org: str, indicator: str) -> bool:
        return any(grant.covers(org, indicator) for grant in self._early)

    @property
    def reads_everything_early(self) -> bool:
        """Every figure of the desk, released or not."""
        return any(
            one.indicators is None and self.home is not None and self.home in one.orgs
            for one in self._early
        )

    @cached_property
    def _early(self) -> tuple[Grant, ...]:
        return tuple(one for one in self.grants if one.early and one.role in MAY_READ_EARLY)

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)


def _refusal(*capabilities: str) -> str:
    wanted = "”或“".join(CAPABILITIES[one] for one in capabilities)
    return f"要有“{wanted}”的权限"


def _within(grant: Grant, org: str, indicator: str) -> Q:
    inside = Q(**{f"{org}__in": grant.orgs})
    if grant.indicators is None or not indicator:
        return inside
    return inside & Q(**{f"{indicator}__in": grant.indicators})


NOBODY = Access(None)
