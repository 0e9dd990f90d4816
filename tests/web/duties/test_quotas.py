"""What comes round: on the desk of whoever does it, as long as it is not cleared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from diaodu.web.duties import actions, queries
from diaodu.web.duties.models import Done, Quota

pytestmark = pytest.mark.django_db


@pytest.fixture
def quota(rules: Any, users: SimpleNamespace, now: datetime, frozen_clock: Any) -> Quota:
    """Twice a month by the 28th, by the clerk of 青石镇, since April; what is left rolls over."""
    return actions.set_quota(
        title="走访包联企业", org="qingshi", person=users.clerk.pk, every="month", times=2, day=28,
        rolls=True, since=date(2023, 4, 1), until=None, source="重点工作安排", by=users.supervision,
        at=now,
    )  # fmt: skip


def done(quota: Quota, by: Any, on: date, at: datetime) -> Done:
    return actions.do_once(quota=quota, on=on, text="走访2户", by=by, at=at)


def test_it_stands_on_the_desk_of_whoever_does_it(
    quota: Quota, users: SimpleNamespace, now: datetime, client_as: Callable[..., Client]
) -> None:
    for day in (3, 4, 5):
        done(quota, users.clerk, date(2023, 4, day), now)
    done(quota, users.clerk, date(2023, 5, 20), now)
    for who in ("clerk", "township_head"):
        page = client_as(getattr(users, who)).get(reverse("duties:home")).content.decode()
        assert "走访包联企业　6月28日前" in page and "<b>3次</b>" in page, "one of May rolled over"
    for who in ("supervision", "reader", "township_reader", "other_clerk"):
        page = client_as(getattr(users, who)).get(reverse("duties:home")).content.decode()
        assert "走访包联企业" not in page


def test_once_cleared_it_is_gone_from_the_desk(
    quota: Quota, users: SimpleNamespace, now: datetime, access: Callable[..., Any]
) -> None:
    for on in (date(2023, 4, 3), date(2023, 4, 4), date(2023, 5, 3), date(2023, 5, 4)):
        done(quota, users.clerk, on, now)
    own = access(users.clerk)
    assert [one.now.left for one in queries.own_quotas(own, now.date()) if one.now] == [2]
    for day in (1, 2):
        done(quota, users.clerk, date(2023, 6, day), now)
    assert queries.own_quotas(own, now.date()) == []


@pytest.mark.parametrize("who", ["supervision", "other_clerk", "reader", "township_reader"])
def test_only_who_does_it_tells_that_it_was_done(
    quota: Quota, users: SimpleNamespace, now: datetime, who: str
) -> None:
    with pytest.raises(PermissionDenied):
        done(quota, getattr(users, who), date(2023, 6, 1), now)
    assert done(quota, users.township_head, date(2023, 6, 1), now).pk, "a colleague may"


@pytest.mark.parametrize("on", [date(2023, 3, 31), date(2023, 6, 7)])
def test_not_before_it_began_nor_in_days_to_come(
    quota: Quota, users: SimpleNamespace, now: datetime, on: date
) -> None:
    with pytest.raises(ValidationError) as refused:
        done(quota, users.clerk, on, now)
    assert list(refused.value.message_dict) == ["on"]


@pytest.mark.parametrize("who", ["clerk", "reader", "owner", "stranger"])
def test_only_who_hands_out_sets_and_ends_one(
    quota: Quota, users: SimpleNamespace, now: datetime, who: str
) -> None:
    by = getattr(users, who)
    with pytest.raises(PermissionDenied):
        actions.end_quota(quota=quota, until=date(2023, 6, 30), by=by, at=now)
    with pytest.raises(PermissionDenied):
        actions.set_quota(
            title="走访", org="qingshi", person=users.clerk.pk, every="month", times=1, day=28,
            rolls=True, since=now.date(), until=None, source="", by=by, at=now,
        )  # fmt: skip
    assert Quota.objects.count() == 1
