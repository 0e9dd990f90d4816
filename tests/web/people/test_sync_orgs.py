"""The table of orgs follows a rulebook's orgs, and closes nothing silently."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from diaodu.engine.rules.models import Code, Org
from diaodu.web.people import actions, queries
from diaodu.web.shared.models import Act

pytestmark = pytest.mark.django_db


def test_the_orgs_come_back_as_they_went_in(county, now):
    orgs = (
        *county,
        Org(
            id="laoxiang", name="老乡", level="township", parent="shilixian", groups=("north",),
            codes=(Code.model_validate({"code": "990101200", "from": "2019", "to": "2022"}),),
            opened=date(2010, 1, 1), closed=date(2022, 12, 31), order=9,
        ),
    )  # fmt: skip
    actions.sync_orgs(orgs=orgs, by=None, at=now)
    assert queries.engine_orgs() == orgs


def test_nothing_changes_and_nothing_is_written_when_they_are_equal(county, now):
    acts = Act.objects.count()
    assert actions.sync_orgs(orgs=county, by=None, at=now) == 0
    assert Act.objects.count() == acts


def test_an_org_the_rulebook_lost_is_refused_by_name(county, now):
    with pytest.raises(ValidationError) as refused:
        actions.sync_orgs(orgs=county[:-1], by=None, at=now)
    assert refused.value.messages == [
        "单位“柳荷镇”（liuhe）在新的规则里没有了。要撤销请在规则里写撤销日期（closed），不要删去这一行。"
    ]
    assert queries.engine_orgs() == county


def test_a_changed_org_is_in_the_chain_before_and_after(county, now):
    renamed = tuple(
        one.model_copy(update={"name": "柳荷街道"}) if one.id == "liuhe" else one for one in county
    )
    actions.sync_orgs(orgs=renamed, by=None, at=now)
    act = Act.objects.latest("number")
    assert list(act.before) == list(act.after) == ["liuhe"]
    assert (act.before["liuhe"]["name"], act.after["liuhe"]["name"]) == ("柳荷镇", "柳荷街道")
