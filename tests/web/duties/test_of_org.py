"""What a unit was given to do, for its card."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import Http404
from django.test import Client

from diaodu.web.duties.queries.of_org import for_org


def test_fates_add_up_and_the_months_too(
    duty: Any, users: SimpleNamespace, access: Callable[..., Any], now: Any
) -> None:
    found = for_org(access(users.leader), now.date(), "qingshi")
    assert found.total == sum(one.number for one in found.fates) == 1
    assert found.months == [(6, 1)]
    assert [one.title for one in found.views] == ["补报入库项目"]
    late = for_org(access(users.leader), now.date() + timedelta(days=30), "qingshi")
    assert {one.label: one.number for one in late.fates}["逾期未办结"] == 1


def test_what_one_supports_is_counted_apart(
    duty: Any, users: SimpleNamespace, access: Callable[..., Any], now: Any
) -> None:
    found = for_org(access(users.leader), now.date(), "gongxinju")
    assert (found.total, found.supporting) == (0, 1)


def test_what_a_unit_owes_is_not_public(
    duty: Any, users: SimpleNamespace, access: Callable[..., Any], now: Any
) -> None:
    for who, org in (("other_clerk", "qingshi"), ("clerk", "donglinqu"), ("admin", "qingshi")):
        with pytest.raises(Http404):
            for_org(access(getattr(users, who)), now.date(), org)


def test_the_fragment(
    duty: Any, users: SimpleNamespace, client_as: Callable[..., Client], frozen_clock: Any,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    client = client_as(users.clerk)
    html = client.get("/duties/of/qingshi/").content.decode()
    assert "<html" not in html
    assert "2023年交办1件：6月1件。" in html
    assert "补报入库项目" in html
    with django_assert_max_num_queries(14):
        client.get("/duties/of/qingshi/")
    assert client_as(users.other_clerk).get("/duties/of/qingshi/").status_code == 404
