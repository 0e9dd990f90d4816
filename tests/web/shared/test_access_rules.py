"""`Access` by itself, without a database."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from diaodu.web.shared.access import NOBODY, Access, Grant
from diaodu.web.shared.roles import ALLOWED, CAPABILITIES, MAY_READ_EARLY, OWN_ORG_ONLY, ROLES


def grant(role: str, *orgs: str, indicators: set[str] | None = None, early: bool = False) -> Grant:
    chosen = None if indicators is None else frozenset(indicators)
    return Grant(role, orgs[0], frozenset(orgs), chosen, early)


def test_the_table_of_roles_is_whole():
    assert set(ALLOWED) == set(ROLES)
    assert {one for held in ALLOWED.values() for one in held} <= set(CAPABILITIES)
    assert set(ROLES) >= MAY_READ_EARLY and set(CAPABILITIES) >= OWN_ORG_ONLY


def test_every_capability_is_somebodys():
    assert {one for held in ALLOWED.values() for one in held} == set(CAPABILITIES)


def test_administrators_touch_no_figure():
    figures = {"view", "fill", "sign", "review", "correct", "import", "run", "publish", "live"}
    assert ALLOWED["admin"].isdisjoint(figures)


def test_nobody_may_nothing():
    for capability in CAPABILITIES:
        assert not NOBODY.may(capability) and NOBODY.orgs(capability) == frozenset()


def test_grants_add_up_and_do_not_mix():
    """A role over one org and another role over another: neither lends to the other."""
    access = Access(1, (grant("clerk", "a"), grant("statistics", "b", indicators={"x"})))
    assert access.may("fill", org="a") and not access.may("fill", org="b")
    assert access.may("review", org="b", indicator="x")
    assert not access.may("review", org="b", indicator="y")
    assert not access.may("review", org="a", indicator="x")
    assert access.may("view", org="a", indicator="y")


def test_fill_and_sign_hold_at_the_org_itself_alone():
    access = Access(1, (grant("leader", "county", "town"), grant("owner", "county", "town")))
    for capability in ("fill", "sign"):
        assert access.may(capability, org="county") and not access.may(capability, org="town")
        assert access.orgs(capability) == {"county"}
    assert access.may("view", org="town")


def test_public_orgs_are_for_those_who_may_view_something():
    public = frozenset({"city"})
    assert Access(1, (grant("clerk", "a"),), public).may("view", org="city", indicator="x")
    assert not Access(1, (grant("admin", "a"),), public).may("view", org="city")
    assert not Access(1, (grant("clerk", "a"),), public).may("fill", org="city")


def test_early_reading_is_the_roles_that_may_and_where_it_was_given():
    access = Access(1, (
        grant("statistics", "a", indicators={"x"}, early=True), grant("clerk", "b", early=True),
        grant("statistics", "c"),
    ))  # fmt: skip
    assert access.reads_early(org="a", indicator="x")
    assert not access.reads_early(org="a", indicator="y")
    assert not access.reads_early(org="b", indicator="x")
    assert not access.reads_early(org="c", indicator="x")


def test_a_refusal_names_what_is_wanted():
    with pytest.raises(PermissionDenied, match="要有“审核报表”的权限"):
        NOBODY.need("review", org="a")


def test_a_misspelt_capability_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        Access(1, (grant("clerk", "a"),)).may("veiw")
