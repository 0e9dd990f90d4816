"""What the list finds, counts and leads to."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from diaodu.web.duties import actions, queries
from diaodu.web.duties.models import Duty
from diaodu.web.shared import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(wanted: Callable[..., Any], users: SimpleNamespace) -> list[Duty]:
    """120 of one meeting, issued today, every other under a leader, ten with Latin letters."""
    now = clock.now()
    asked = [
        wanted(
            title=f"第{number:03}件{'ABC项目' if number % 12 == 0 else '项目'}",
            leader=users.vice.pk if number % 2 else None, latest=now.date() + timedelta(days=10),
        )
        for number in range(120)
    ]  # fmt: skip
    return list(actions.hand_out(wanted=asked, by=users.supervision, at=now))


@pytest.fixture
def page(
    many: list[Duty], users: SimpleNamespace, client_as: Callable[..., Client]
) -> Callable[[str], str]:
    browser = client_as(users.supervision)
    return lambda asked: browser.get(f"{reverse('duties:home')}?{asked}").content.decode()


def _found(told: str) -> tuple[int, list[str]]:
    number = re.search(r"<h2>找到</h2><span>(\d+)件", told)
    assert number is not None
    return int(number[1]), re.findall(r"第(\d{3})件", told)


@pytest.mark.parametrize("asked", ["q=第", "state=issued"])
def test_pages_follow_each_other_and_the_last_stands_for_what_is_behind_it(
    page: Callable[[str], str], asked: str
) -> None:
    pages = [_found(page(f"{asked}&page={number}")) for number in (1, 2, 3)]
    assert [number for number, _ in pages] == [120] * 3
    assert [len(titles) for _, titles in pages] == [50, 50, 20]
    assert sorted(one for _, titles in pages for one in titles) == [f"{n:03}" for n in range(120)]
    for beyond in ("4", "999999"):
        assert _found(page(f"{asked}&page={beyond}")) == pages[2]
    for nonsense in ("0", "-1", "x", "9999999999"):
        assert _found(page(f"{asked}&page={nonsense}")) == pages[0]


def test_words_are_found_whatever_their_capitals(page: Callable[[str], str]) -> None:
    for word in ("ABC", "abc", "Abc项"):
        assert _found(page(f"q={word}"))[0] == 10, word
    assert _found(page("q=第007件"))[0] == 1
    assert _found(page("q=6月5日调度会"))[0] == 120
    told = page("q=没有这个")
    assert _found(told) == (0, []) and "没有这样的事项" in told


def test_leaders_are_those_who_look_after_duties(
    page: Callable[[str], str], users: SimpleNamespace, access: Callable[..., Any]
) -> None:
    assert queries.leaders(access(users.supervision)) == [(users.vice.pk, str(users.vice))]
    assert queries.leaders(access(users.stranger)) == []
    assert _found(page(f"leader={users.vice.pk}&state=all"))[0] == 60
    nobody = page(f"leader={queries.NOBODY}&state=all")
    assert _found(nobody)[0] == 60
    assert f'value="{queries.NOBODY}" selected>没有分管领导' in nobody


def test_what_boards_count_is_what_they_lead_to(
    page: Callable[[str], str], many: list[Duty], users: SimpleNamespace,
    client_as: Callable[..., Client],
) -> None:  # fmt: skip
    for one in many[:20]:
        given = actions.Given(text="重复")
        actions.do(duty_id=one.pk, act="withdraw", given=given, by=users.leader, at=clock.now())
    browser = client_as(users.supervision)
    told = browser.get(f"{reverse('duties:boards')}?by=org").content.decode()
    row = re.search(
        r'青石镇</a></th><td data-label="合计"><a href="[^?]*\?([^"]*)">(\d+)</a>', told
    )
    assert row is not None and row[2] == "100"
    assert _found(page(row[1].replace("&amp;", "&")))[0] == 100
