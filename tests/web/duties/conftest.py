"""A small county with its rules in force, and duties in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser

from diaodu.web.duties import actions
from diaodu.web.duties.actions import Given
from diaodu.web.people import queries as people
from diaodu.web.shared.access import Access


@pytest.fixture(autouse=True)
def desk_home(settings: Any, tmp_path: Any) -> None:
    """Files of one test are not another's."""
    settings.DIAODU_HOME = tmp_path / "desk"
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def access(users: SimpleNamespace, now: datetime) -> Callable[[AbstractUser], Access]:
    return lambda user: people.access_of(user, now.date())


@pytest.fixture
def day(now: datetime) -> Callable[[int], date]:
    """The day so many days from today."""
    return lambda days: now.date() + timedelta(days=days)


@pytest.fixture
def wanted(rules: Any, users: SimpleNamespace, day: Callable[[int], date]) -> Callable[..., Any]:
    """What is wanted of 青石镇, by ten days from now."""

    def made(**more: Any) -> actions.Wanted:
        told = {
            "title": "补报入库项目", "source": "meeting", "origin": "6月5日调度会决定第4条",
            "lead": "qingshi", "person": users.clerk.pk, "latest": day(10),
            "supporting": ("gongxinju",), "proof_asked": ("入库通知", "现场照片"),
        }  # fmt: skip
        return actions.Wanted(**{**told, **more})

    return made


@pytest.fixture
def duty(wanted: Callable[..., Any], users: SimpleNamespace, now: datetime) -> Any:
    """Issued, not signed for."""
    return actions.hand_out(wanted=[wanted()], by=users.supervision, at=now)[0]


# Every state → the acts that lead there from an issued duty, and whose each is.
WAYS: dict[str, tuple[tuple[str, str], ...]] = {
    "issued": (),
    "declined": (("decline", "clerk"),),
    "working": (("sign", "clerk"),),
    "answered": (("sign", "clerk"), ("answer", "clerk")),
    "returned": (("sign", "clerk"), ("answer", "clerk"), ("send_back", "supervision")),
    "verified": (("sign", "clerk"), ("answer", "clerk"), ("verify", "supervision")),
    "extension": (("sign", "clerk"), ("ask_extension", "clerk")),
    "long_term": (("sign", "clerk"), ("keep_long", "leader")),
    "closed": (
        ("sign", "clerk"), ("answer", "clerk"), ("verify", "supervision"),
        ("close", "supervision"),
    ),
    "reopened": (
        ("sign", "clerk"), ("answer", "clerk"), ("verify", "supervision"),
        ("close", "supervision"), ("reopen", "leader"),
    ),
    "withdrawn": (("withdraw", "leader"),),
}  # fmt: skip
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture
def given(users: SimpleNamespace, day: Callable[[int], date]) -> Given:
    """Everything that any act asks for."""
    return Given(text="已核对", latest=day(20), person=users.clerk.pk, every="quarter")


@pytest.fixture
def brought(duty: Any, users: SimpleNamespace, now: datetime, given: Given) -> Callable[[str], Any]:
    """The duty, proven and brought to a state by those whose acts lead there."""

    def to(state: str) -> Any:
        for asked in duty.proof_asked:
            actions.hand_in_file(
                duty_id=duty.pk, name="照片.png", content=PNG, proves=asked, by=users.clerk, at=now
            )
        for act, who in WAYS[state]:
            said = Given(text=given.text) if act in ("verify", "close") else given
            actions.do(duty_id=duty.pk, act=act, given=said, by=getattr(users, who), at=now)
        duty.refresh_from_db()
        assert duty.state == state
        return duty

    return to
