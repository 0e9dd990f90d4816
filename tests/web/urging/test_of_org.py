"""How often a unit was urged this year: on its card, for those who look after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from diaodu.web.urging import actions

pytestmark = pytest.mark.django_db
URL = "/urging/of/qingshi/"


def test_every_step_of_the_year_is_counted_by_kind_and_month(
    assign: Callable[..., Any], users: SimpleNamespace, now: datetime,
    client_as: Callable[..., Client], frozen_clock: Any,
) -> None:  # fmt: skip
    leader = client_as(users.leader)
    assert "没有催办过" in leader.get(URL).content.decode()
    assign(0)
    assign(0, lead="liuhe", person=users.other_clerk)
    actions.pass_day(at=now)
    page = leader.get(URL)
    assert page.context["found"] == (1, [("提醒", 1)], [(now.month, 1)])
    html = page.content.decode()
    assert f"共1次：提醒1次。{now.month}月1次。" in html
    assert client_as(users.clerk).get(URL).context["found"].total == 1
    assert client_as(users.other_clerk).get(URL).status_code == 404
    assert client_as(users.admin).get(URL).status_code == 403


def test_what_was_last_year_is_not_counted(
    assign: Callable[..., Any], users: SimpleNamespace, now: datetime,
    client_as: Callable[..., Client], frozen_clock: Any,
) -> None:  # fmt: skip
    assign(-300, at=now - timedelta(days=400))
    actions.pass_day(at=now - timedelta(days=300))
    assert client_as(users.leader).get(URL).context["found"].total == 0
