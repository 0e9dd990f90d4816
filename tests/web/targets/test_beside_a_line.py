"""Parts by project and person, and what a target is to be reached with."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from diaodu.web.targets import actions
from diaodu.web.targets.models import Line, Part, Support, Version


@pytest.fixture
def line(draft: Version, put: Callable[..., Any]) -> Line:
    put(draft, "own:shilixian:w=47.2")
    return Line.objects.get()


@pytest.fixture
def office(client_as: Callable[..., Client], users: SimpleNamespace, frozen_clock: Any) -> Client:
    return client_as(users.dispatch)


def test_people_share_the_whole(
    draft: Version, line: Line, office: Client, lock: Callable[..., Any]
) -> None:
    url = reverse("targets:part", args=[line.pk])
    for name, value in (("王某", "40"), ("李某", "7")):
        office.post(url, {"by": "person", "name": name, "value": value})
    page = office.get(reverse("targets:line", args=[line.pk])).content.decode()
    assert "合计47" in page and "还差0.2" in page
    with pytest.raises(ValidationError, match="按人分解的合计47万元"):
        lock(draft)
    answer = office.post(url, {"by": "person", "name": "李某", "value": "1"})
    assert answer.status_code == 422 and "“李某”已经在里面" in answer.content.decode()
    office.post(reverse("targets:drop_part", args=[Part.objects.get(name="李某").pk]))
    office.post(url, {"by": "person", "name": "李某", "value": "7.2"})
    lock(draft)


def test_support_is_listed_with_its_owner_and_goes_into_the_next_version(
    draft: Version, line: Line, office: Client, lock: Callable[..., Any], users: Any, now: Any
) -> None:
    url = reverse("targets:support", args=[line.pk])
    given = {
        "kind": "project", "name": "新材料产业园二期", "amount": "18.5", "month": "9",
        "owner": "王某", "certainty": "registered",
    }  # fmt: skip
    assert office.post(url, {**given, "month": "13"}).status_code == 422
    assert office.post(url, {**given, "amount": "很多"}).status_code == 422
    office.post(url, given)
    page = office.get(reverse("targets:line", args=[line.pk])).content.decode()
    assert "新材料产业园二期" in page and "合计18.5万元：在库18.5；目标47.2万元" in page
    first = lock(draft)
    with pytest.raises(actions.Untimely):
        actions.drop_support(support=Support.objects.get(), by=users.dispatch, at=now)
    second = actions.rebase(version=first, reason="调整", by=users.dispatch, at=now)
    assert Support.objects.get(line__version=second).amount == Decimal("18.5")
    assert Support.objects.filter(line__version=first).count() == 1


@pytest.mark.parametrize(
    ("kind", "indicator", "said"),
    [
        ("rank", "tax", "3"), ("not_bottom", "tax", "2"), ("mean", "tax", ""),
        ("sign", "tax", ""), ("yes_no", "projects", ""), ("qualitative", "projects", ""),
    ],
)  # fmt: skip
def test_what_asks_for_no_amount_has_no_parts_and_no_support(
    draft: Version, office: Client, kind: str, indicator: str, said: str,
) -> None:  # fmt: skip
    known = Line.objects.create(
        version=draft, indicator=indicator, kind=kind, tier="own", org_id="qingshi",
        value=Decimal(said) if said else None,
    )  # fmt: skip
    page = office.get(reverse("targets:line", args=[known.pk])).content.decode()
    for heading in ("增长支撑", "分给项目", "余量", "按去年进度分解", "与全年比"):
        assert heading not in page
    assert "没有逐月的要求" in page
    part = {"by": "person", "name": "王某", "value": "1"}
    support = {"kind": "project", "name": "二期", "amount": "1", "month": "9", "owner": "王某",
               "certainty": "registered"}  # fmt: skip
    margin = {"by": "person", "value": "1", "reason": "留余地"}
    for name, given in (("part", part), ("support", support), ("margin", margin)):
        answer = office.post(reverse(f"targets:{name}", args=[known.pk]), given)
        assert answer.status_code == 422 and "没有数量，不能分" in str(answer.context[name].errors)
    assert not Part.objects.exists() and not Support.objects.exists()


def test_an_amount_keeps_its_boxes(line: Line, office: Client) -> None:
    page = office.get(reverse("targets:line", args=[line.pk])).content.decode()
    for heading in ("增长支撑", "分给项目", "余量"):
        assert heading in page
