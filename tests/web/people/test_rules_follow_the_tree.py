"""An org edited on the page is an org of the rules in force, or it is not edited."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from diaodu.engine.rules.models import Org
from diaodu.web.people import actions, queries
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared import audit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock", "rules")]


def test_a_new_org_is_in_the_rules_at_once(users, now):
    before = rulebooks.current_version()
    actions.save_org(
        org=Org(id="baihe", name="白河镇", level="township", parent="shilixian"),
        version=None, by=users.admin, at=now,
    )  # fmt: skip
    assert rulebooks.current_version().number == before.number + 1
    assert tuple(rulebooks.current().orgs.values()) == queries.engine_orgs()
    assert "baihe" not in rulebooks.rulebook_of(before.id).orgs
    assert list(audit.verify()) == []


def test_a_closed_org_is_closed_in_the_rules(users, now):
    actions.close_org(
        id="liuhe", version=0, closed=date(2023, 6, 30), by=users.admin, at=now, reason="撤并"
    )
    assert rulebooks.current().orgs["liuhe"].closed == date(2023, 6, 30)


def test_what_is_refused_here_is_not_in_the_rules_either(users, now):
    number = rulebooks.current_version().number
    with pytest.raises(ValidationError):
        actions.save_org(
            org=Org(id="gongxinju", name="青石镇", level="township", parent="shilixian"),
            version=0, by=users.admin, at=now,
        )  # fmt: skip
    assert rulebooks.current_version().number == number
    assert queries.org("gongxinju").name == "县工业和信息化局"


def test_chosen_indicators_are_offered_by_name(users, client_as):
    url = reverse("people:membership_new", args=[users.stranger.pk])
    page = client_as(users.admin).get(url).content.decode()
    assert "规模以上工业增加值" in page and 'value="industry_va"' in page
