"""What memberships allow: the union of them, the same in memory and in SQL, at few queries."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from diaodu.engine.rules.models import Org as RuleOrg
from diaodu.web.people import actions, queries
from diaodu.web.people.models import Membership, Org, User
from diaodu.web.shared import clock
from diaodu.web.shared.access import NOBODY, Access
from diaodu.web.shared.roles import ROLES

TODAY = date(2023, 6, 6)
pytestmark = pytest.mark.django_db


def test_access_costs_three_queries_whatever_the_user_holds(
    users, now, django_assert_max_num_queries
):
    for org in ("qingshi", "liuhe", "chengdong"):
        for role in ("clerk", "reader", "leader"):
            actions.grant(user=users.stranger, role=role, org=org, by=None, at=now)
    with django_assert_max_num_queries(2):
        access = queries.access_of(users.stranger, TODAY)
    with django_assert_max_num_queries(0):
        assert access.may("fill", org="qingshi")
        access.q("view")
        access.released_q(now)


def test_a_page_costs_few_queries_in_all(users, client_as, django_assert_max_num_queries):
    """Session, user, memberships, orgs, home; then the page's own."""
    client = client_as(users.reader)
    client.get(reverse("people:account"))
    with django_assert_max_num_queries(10):
        client.get(reverse("people:account"))


def test_the_roles_of_the_county(users):
    def may(name: str, capability: str, org: str) -> bool:
        return queries.access_of(getattr(users, name), TODAY).may(capability, org=org)

    assert may("clerk", "fill", "qingshi") and not may("clerk", "fill", "liuhe")
    assert may("clerk", "view", "shilixian")  # above one's own: public
    assert may("clerk", "view", "donglinqu")  # outside the county: public
    assert not may("clerk", "view", "liuhe") and not may("clerk", "view", "tongjiju")
    assert may("leader", "view", "liuhe") and may("leader", "sign", "shilixian")
    assert not may("leader", "sign", "qingshi")  # a unit's return is its own people's
    assert may("township_head", "sign", "qingshi")
    assert not may("admin", "view", "shilixian") and may("admin", "people", "liuhe")
    assert not may("neighbour", "review", "shilixian")
    assert may("statistics", "review", "liuhe")


def test_someone_without_membership_or_switched_off_may_nothing(users):
    assert queries.access_of(users.stranger, TODAY).grants == ()
    assert not queries.access_of(users.stranger, TODAY).may("view", org="donglinqu")
    users.leader.is_active = False
    assert queries.access_of(users.leader, TODAY) is NOBODY


def test_only_the_early_roles_read_early(users):
    held = users.clerk.memberships.get()
    held.early = True  # as someone would write it past the action
    held.save()
    access = queries.access_of(users.clerk, TODAY)
    assert not access.reads_early(org="qingshi", indicator="retail")


def test_indicators_limit_what_is_seen_of_ones_own(users, now):
    actions.grant(
        user=users.stranger, role="reader", org="qingshi", indicators=["tax"], by=None, at=now
    )
    access = queries.access_of(users.stranger, TODAY)
    assert access.may("view", org="qingshi", indicator="tax")
    assert not access.may("view", org="qingshi", indicator="retail")
    assert access.may("view", org="shilixian", indicator="retail")  # public: all of them


def test_home_is_the_county_with_units_of_its_own(county, settings):
    assert queries.home().pk == "shilixian"
    settings.DIAODU_HOME_ORG = "donglinqu"
    assert queries.home().pk == "donglinqu"


# -- the same in memory and in SQL -----------------------------------------------------------

_ids = [f"org{one}" for one in range(8)]
_indicators = ["a", "b", "c"]


@st.composite
def trees(draw: st.DrawFn) -> list[RuleOrg]:
    """Each org stands under one before it, or at the top."""
    made: list[RuleOrg] = []
    for at, id in enumerate(_ids):
        parent = draw(st.sampled_from([None, *_ids[:at]]))
        level = draw(st.sampled_from(["county", "township"]))
        made.append(RuleOrg(id=id, name=id, level=level, parent=parent))
    return made


@st.composite
def memberships(draw: st.DrawFn) -> dict[str, object]:
    since = draw(st.sampled_from([None, -2, 0, 2]))
    until = draw(st.sampled_from([None, -1, 0, 3]))
    return {
        "role": draw(st.sampled_from(list(ROLES))),
        "org_id": draw(st.sampled_from(_ids)),
        "indicators": draw(st.lists(st.sampled_from(_indicators), unique=True)),
        "early": draw(st.booleans()),
        "since": None if since is None else TODAY + timedelta(days=since),
        "until": None if until is None else TODAY + timedelta(days=until),
    }


@settings(max_examples=40)
@given(
    orgs=trees(),
    held=st.lists(memberships(), max_size=4),
    capability=st.sampled_from(["view", "fill", "sign", "review", "correct", "people"]),
)
def test_may_and_q_agree_and_are_the_union_of_the_grants(orgs, held, capability):
    actions.sync_orgs(orgs=orgs, by=None, at=clock.now())
    access = _access(held)
    by_rule = {
        (org, indicator)
        for org in _ids
        for indicator in _indicators
        if access.may(capability, org=org, indicator=indicator)
    }
    rows = Membership.objects.filter(user=_keeper())
    in_sql = rows.filter(access.q(capability, indicator="role"))
    assert set(in_sql.values_list("org_id", "role")) == by_rule
    without = Org.objects.filter(access.q(capability, org="pk", indicator=""))
    assert set(without.values_list("pk", flat=True)) == access.orgs(capability)
    alone = [_access([one]) for one in held]
    assert by_rule == {
        (org, indicator)
        for org in _ids
        for indicator in _indicators
        if any(one.may(capability, org=org, indicator=indicator) for one in alone)
    }


@settings(max_examples=25)
@given(orgs=trees(), held=st.lists(memberships(), max_size=3))
def test_what_is_not_released_is_for_early_readers_alone(orgs, held):
    actions.sync_orgs(orgs=orgs, by=None, at=clock.now())
    access, keeper, now = _access(held), _keeper(), clock.now()

    def rows(release: datetime | None) -> set[tuple[str, str]]:
        User.objects.filter(pk=keeper.pk).update(last_login=release)
        found = Membership.objects.filter(
            access.released_q(now, release="user__last_login", indicator="role"), user=keeper
        )
        return set(found.values_list("org_id", "role"))

    every = {(org, indicator) for org in _ids for indicator in _indicators}
    assert rows(None) == rows(now) == every
    assert rows(now + timedelta(microseconds=1)) == {
        (org, one) for org, one in every if access.reads_early(org=org, indicator=one)
    }


def _access(held: list[dict[str, object]]) -> Access:
    user = User.objects.get_or_create(username="tried", name="某")[0]
    user.memberships.all().delete()
    Membership.objects.bulk_create(Membership(user=user, **one) for one in held)
    return queries.access_of(user, TODAY)


def _keeper() -> User:
    """Holds a row of every org and indicator: a membership's role stands in for the indicator."""
    keeper, is_new = User.objects.get_or_create(username="keeper", name="某")
    if is_new:
        Membership.objects.bulk_create(
            Membership(user=keeper, role=indicator, org_id=org)
            for org in _ids
            for indicator in _indicators
        )
    return keeper
