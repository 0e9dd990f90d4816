"""The first administrator comes by a command and a link; there is no default password."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from diaodu.web.people import actions, queries
from diaodu.web.people.models import Org, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

TODAY = date(2023, 6, 6)


def link_of(said: str) -> str:
    return said.strip().splitlines()[-1]


def test_a_fresh_desk_has_nobody_who_can_sign_in():
    assert not User.objects.exists()


def test_the_first_administrator_sets_a_password_and_finds_the_pages(capsys):
    """Before there is a single org."""
    call_command("first_admin", "boss", "--site", "http://10.0.0.5/")
    link = link_of(capsys.readouterr().out)
    assert link.startswith("http://10.0.0.5/people/link/")
    assert not User.objects.get(username="boss").has_usable_password()
    client = Client()
    new = {"new_password1": "quite-a-secret-1", "new_password2": "quite-a-secret-1"}
    client.post(link.removeprefix("http://10.0.0.5"), new)
    signed = client.post(
        reverse("account_login"), {"login": "boss", "password": "quite-a-secret-1"}
    )
    assert signed.status_code == 302
    assert "还没有单位" in client.get(reverse("people:home")).content.decode()
    done = client.post(
        reverse("people:org_new"), {"id": "xian", "name": "某县", "level": "county", "parent": ""}
    )
    assert done.status_code == 302 and Org.objects.get().pk == "xian"
    assert queries.access_of(User.objects.get(), TODAY).may("people", org="xian")


def test_it_refuses_when_there_is_one_unless_told_again(users, capsys):
    with pytest.raises(CommandError, match="已有管理员，没有再设"):
        call_command("first_admin", "boss")
    assert not User.objects.filter(username="boss").exists()
    call_command("first_admin", "boss", "--again")
    assert "/people/link/" in capsys.readouterr().out
    names = {one.username for one in queries.administrators(TODAY)}
    assert names == {"admin", "boss"}


def test_again_gives_a_locked_out_administrator_a_new_link(users, capsys):
    call_command("first_admin", "admin", "--again")
    assert Client().get(link_of(capsys.readouterr().out)).status_code == 200
    assert users.admin.memberships.count() == 1


def test_an_administrator_of_a_township_alone_is_not_the_desks(users, now, capsys):
    actions.grant(user=users.stranger, role="admin", org="qingshi", by=None, at=now)
    users.admin.is_active = False
    users.admin.save()
    call_command("first_admin", "boss")
    assert "/people/link/" in capsys.readouterr().out


def test_the_link_is_printed_and_only_its_digest_kept(capsys):
    call_command("first_admin", "boss")
    token = link_of(capsys.readouterr().out).rstrip("/").rpartition("/")[2]
    from diaodu.web.people.models import OneTimeLink

    assert OneTimeLink.objects.get().digest == actions.digest(token) != token
