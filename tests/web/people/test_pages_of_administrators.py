"""Every page of this room: administrators see it, nobody else does, strangers must sign in."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from diaodu.web.people import actions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

ROLES = (
    "leader", "vice", "dispatch", "statistics", "owner", "clerk", "supervision", "assessment",
    "reader", "stranger",
)  # fmt: skip


def pages(users) -> dict[str, str]:
    clerk = users.clerk
    held = clerk.memberships.get()
    return {
        "home": reverse("people:home"),
        "orgs_export": reverse("people:orgs_export"),
        "org_new": reverse("people:org_new"),
        "org": reverse("people:org", args=["qingshi"]),
        "org_edit": reverse("people:org_edit", args=["qingshi"]),
        "org_close": reverse("people:org_close", args=["qingshi"]),
        "users": reverse("people:users"),
        "users_export": reverse("people:users_export"),
        "user_new": reverse("people:user_new"),
        "user": reverse("people:user", args=[clerk.pk]),
        "user_edit": reverse("people:user_edit", args=[clerk.pk]),
        "membership_new": reverse("people:membership_new", args=[clerk.pk]),
        "membership_edit": reverse("people:membership_edit", args=[held.pk]),
        "audit": reverse("people:audit"),
        "act": reverse("people:act", args=[1]),
        "audit_export": reverse("people:audit_export"),
    }


def posts(users) -> dict[str, str]:
    clerk = users.clerk
    return {
        "user_active": reverse("people:user_active", args=[clerk.pk]),
        "user_link": reverse("people:user_link", args=[clerk.pk]),
        "user_second_step": reverse("people:user_second_step", args=[clerk.pk]),
        "membership_revoke": reverse("people:membership_revoke", args=[clerk.memberships.get().pk]),
    }


def test_the_administrator_sees_every_page(users, client_as):
    client = client_as(users.admin)
    assert {
        name: client.get(url).status_code for name, url in pages(users).items()
    } == dict.fromkeys(pages(users), 200)


@pytest.mark.parametrize("role", ROLES)
def test_nobody_else_sees_or_does_anything_here(users, client_as, role):
    client = client_as(getattr(users, role))
    answers = {name: client.get(url).status_code for name, url in pages(users).items()}
    answers |= {name: client.post(url).status_code for name, url in posts(users).items()}
    assert answers == dict.fromkeys({**pages(users), **posts(users)}, 403)


def test_without_signing_in_every_page_leads_to_the_login_and_back(users):
    client = Client()
    for url in pages(users).values():
        assert client.get(url).headers["Location"] == f"{reverse('account_login')}?next={url}"


def test_acts_take_a_post_and_nothing_else(users, client_as):
    client = client_as(users.admin)
    assert {client.get(url).status_code for url in posts(users).values()} == {405}


def test_an_administrator_of_one_township_keeps_to_it(users, client_as, now):
    actions.grant(user=users.stranger, role="admin", org="qingshi", by=users.admin, at=now)
    client = client_as(users.stranger)
    assert client.get(reverse("people:org_edit", args=["qingshi"])).status_code == 200
    assert client.get(reverse("people:org_edit", args=["liuhe"])).status_code == 403
    assert client.get(reverse("people:user", args=[users.clerk.pk])).status_code == 200
    assert client.get(reverse("people:user", args=[users.other_clerk.pk])).status_code == 404
    theirs = users.other_clerk.memberships.get().pk
    assert client.get(reverse("people:membership_edit", args=[theirs])).status_code == 404
    assert client.post(reverse("people:membership_revoke", args=[theirs])).status_code == 404


def test_an_administrator_below_cannot_take_over_an_account_with_rights_above(
    users, client_as, now
):
    actions.grant(user=users.stranger, role="admin", org="qingshi", by=users.admin, at=now)
    actions.grant(user=users.statistics, role="reader", org="qingshi", by=users.admin, at=now)
    client = client_as(users.stranger)
    assert client.get(reverse("people:user", args=[users.statistics.pk])).status_code == 200
    for name in ("user_edit", "user_active", "user_link", "user_second_step"):
        answer = client.post(reverse(f"people:{name}", args=[users.statistics.pk]))
        assert answer.status_code == 403, name


def test_an_administrator_below_gives_roles_only_below(users, client_as, now):
    actions.grant(user=users.stranger, role="admin", org="qingshi", by=users.admin, at=now)
    client = client_as(users.stranger)
    url = reverse("people:membership_new", args=[users.clerk.pk])
    for org in ("shilixian", "liuhe", "*", ""):
        answer = client.post(url, {"role": "reader", "org": org, "scope": "all"})
        assert answer.status_code == 422, org
    assert users.clerk.memberships.count() == 1
    answer = client.post(url, {"role": "reader", "org": "qingshi", "scope": "all"})
    assert answer.status_code == 302
    assert users.clerk.memberships.count() == 2
