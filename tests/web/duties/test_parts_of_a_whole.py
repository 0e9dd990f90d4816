"""A duty that is part of another one, and forms that say what is missing in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from diaodu.web.duties import actions
from diaodu.web.duties.actions import Given
from diaodu.web.duties.models import Duty

pytestmark = pytest.mark.django_db


def test_a_part_is_not_due_after_its_whole(
    duty: Duty, wanted: Callable[..., Any], now: datetime, day: Callable[[int], date]
) -> None:
    part = {"title": "先报清单", "parent": duty.pk}
    assert actions.faults_of(wanted(**part, latest=duty.latest), now.date()) == {}
    told = "上一级事项最晚2023年6月16日办结，下级事项不能比它晚"
    assert actions.faults_of(wanted(**part, latest=day(11)), now.date()) == {"latest": told}
    told = "2023年6月5日已经过去，请填今天或以后的日期"
    assert actions.faults_of(wanted(**part, latest=day(-1)), now.date()) == {"latest": told}
    gone = wanted(title="先报清单", parent=duty.pk + 1)
    assert actions.faults_of(gone, now.date()) == {"parent": "上一级事项已经没有了，请重新选"}


@pytest.mark.parametrize(("state", "said"), [("closed", "已销号"), ("withdrawn", "已撤销")])
def test_what_is_over_is_not_divided_any_more(
    brought: Callable[[str], Any], wanted: Callable[..., Any], now: datetime, state: str, said: str
) -> None:
    part = wanted(title="先报清单", parent=brought(state).pk)
    told = f"上一级事项{said}，不能再分解"
    assert actions.faults_of(part, now.date()) == {"parent": told}


def test_a_draft_of_a_part_waits_for_its_whole_when_it_is_issued(
    duty: Duty, wanted: Callable[..., Any], users: SimpleNamespace, now: datetime
) -> None:
    [part] = actions.write(wanted=[wanted(parent=duty.pk)], by=users.supervision, at=now)
    given = Given(text="重复")
    actions.do(duty_id=duty.pk, act="withdraw", given=given, by=users.leader, at=now)
    with pytest.raises(ValidationError) as refused:
        actions.issue(duty_id=part.pk, by=users.supervision, at=now)
    assert refused.value.messages == ["上一级事项已撤销，不能再分解"]


def test_amended_it_stays_a_part_of_its_whole(
    duty: Duty, wanted: Callable[..., Any], users: SimpleNamespace, now: datetime,
    day: Callable[[int], date],
) -> None:  # fmt: skip
    [part] = actions.write(wanted=[wanted(parent=duty.pk)], by=users.supervision, at=now)
    changed = wanted(title="先报清单")
    actions.amend(duty_id=part.pk, seen=part.version, wanted=changed, by=users.supervision, at=now)
    part.refresh_from_db()
    assert (part.title, part.parent_id) == ("先报清单", duty.pk)
    late = wanted(latest=day(11))
    with pytest.raises(ValidationError, match="不能比它晚"):
        actions.amend(duty_id=part.pk, seen=part.version, wanted=late, by=users.supervision, at=now)


def test_an_empty_form_says_at_each_field_what_to_fill_in(
    users: SimpleNamespace, rules: Any, client_as: Callable[..., Client], frozen_clock: Any
) -> None:
    browser = client_as(users.supervision)
    for name, said in (
        ("new", ("请填要做什么", "请选主办单位", "请选承办人", "请填最晚哪天前办结")),
        ("new_quota", ("请填要做什么", "请选单位", "请选承办人", "请填每期几次", "请填从哪天起")),
        ("many", ("请选填好的表",)),
    ):
        answer = browser.post(reverse(f"duties:{name}"), {"title": ""})
        page = answer.content.decode()
        assert answer.status_code == 422 and "必填项" not in page, name
        assert [one for one in said if one not in page] == [], name
