"""Which figures a user may bring in or correct."""

from __future__ import annotations

from collections.abc import Callable

from diaodu.web.people import queries as people
from diaodu.web.shared.access import Access


def may_change(access: Access, capability: str) -> Callable[[str, str], bool]:
    """(org, indicator) → whether. Where the capability covers the figure; for orgs outside the
    desk's own (the city, the neighbours) where it covers the desk's own org: nobody else here
    brings their figures in."""
    home = people.home()
    inside = people.subtree(home.id) if home else frozenset[str]()

    def may(org: str, indicator: str) -> bool:
        if access.may(capability, org=org, indicator=indicator):
            return True
        if home is None or org in inside:
            return False
        return access.may(capability, org=home.id, indicator=indicator)

    return may
