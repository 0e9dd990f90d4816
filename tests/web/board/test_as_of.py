"""截至哪天: the run that stood on a day, kept in the address; a word where none did."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from diaodu.web.figures import actions as figures
from diaodu.web.runs import actions as runs

INDICATOR = "/board/shilixian/retail/"


@pytest.fixture
def revised(
    run: Any, users: SimpleNamespace, now: datetime, figure: Callable[..., Any],
    frozen_clock: Callable[[datetime], None],
) -> Any:  # fmt: skip
    """A second run, of the 10th: the retail figure was revised that day."""
    later = now + timedelta(days=4)
    frozen_clock(later)
    figures.record(
        observations=[figure("retail", "shilixian", "2023-01/05", "level", "43.00",
                             received=later.date())],
        by=users.statistics, at=later, origin="import",
    )  # fmt: skip
    made = runs.freeze(period="2023-05", as_of=later.date(), note="", by=users.statistics, at=later)
    runs.carry_out(run_id=made.pk, now=lambda: later)
    made.refresh_from_db()
    return runs.publish(run=made, note="修订后", by=users.dispatch, at=later)


def shown(page: Any) -> tuple[int | None, str]:
    assert page.status_code == 200
    return page.context["chosen"].run.number, page.context["table"].lines[0].level


@pytest.mark.parametrize(
    ("day", "number", "level"),
    [
        ("2023-06-06", 1, "44.00"),  # the very day of the first
        ("2023-06-09", 1, "44.00"),
        ("2023-06-10", 2, "43.00"),  # the very day of the second
        ("2023-12-31", 2, "43.00"),
    ],
)
def test_the_run_that_stood_on_that_day_is_shown(
    revised: Any, leader: Client, day: str, number: int, level: str
) -> None:
    assert shown(leader.get("/board/", {"on": day})) == (number, level)
    asked = {"on": day, "period": "2023-05"}
    assert shown(leader.get("/board/", asked)) == (number, level)
    page = leader.get(INDICATOR, asked)
    assert page.context["chosen"].run.number == number
    assert level in page.content.decode()


def test_the_address_keeps_the_day(revised: Any, leader: Client) -> None:
    page = leader.get("/board/", {"on": "2023-06-09"})
    text = page.content.decode()
    assert 'name="on" id="choose-day" value="2023-06-09"' in text
    assert "到2023年6月9日最新的一次" in text
    link = page.context["table"].lines[0].url
    assert link == "/board/shilixian/retail/?period=2023-05&run=1&on=2023-06-09"
    assert "到2023年6月9日最新的一次" in leader.get(link).content.decode()
    body = leader.get("/board/body/", {"on": "2023-06-09", "run": "1"}, headers={"HX-Request": "1"})
    assert "on=2023-06-09" in body["HX-Push-Url"] and "run=1" in body["HX-Push-Url"]


def test_a_day_before_the_run_that_is_named_says_nothing(revised: Any, leader: Client) -> None:
    page = leader.get("/board/", {"run": "2", "on": "2023-06-07"})
    assert shown(page) == (2, "43.00")
    assert "最新的一次" not in page.content.decode()


@pytest.mark.parametrize("url", ["/board/", INDICATOR])
def test_a_word_where_none_stood(revised: Any, leader: Client, url: str) -> None:
    page = leader.get(url, {"on": "2023-06-05", "period": "2023-05"})
    assert page.status_code == 200
    text = page.content.decode()
    assert "到2023年6月5日还没有发布过2023年1—5月的运行" in text
    assert "最早的一次是第1次运行，数据截至2023年6月6日" in text
    assert leader.get("/board/body/", {"on": "2023-06-05"}).status_code == 404


def test_a_run_that_was_withdrawn_stands_on_no_day(
    revised: Any, leader: Client, users: SimpleNamespace, now: datetime
) -> None:
    runs.withdraw(run=revised, reason="数错了", by=users.dispatch, at=now + timedelta(days=5))
    assert shown(leader.get("/board/", {"on": "2023-06-11"})) == (1, "44.00")


def test_what_is_no_day_is_not_found(run: Any, leader: Client) -> None:
    assert leader.get("/board/", {"on": "昨天"}).status_code == 404


def test_live_stands_from_the_day_it_was_computed_for(
    revised: Any, users: SimpleNamespace, client_as: Callable[..., Client], now: datetime
) -> None:
    """It is of today: an earlier day has the published runs alone, for the offices too."""
    runs.rebuild_live(periods=["2023-05"], at=now + timedelta(days=4))
    office = client_as(users.dispatch)
    assert shown(office.get("/board/", {"on": "2023-06-10"}))[0] is None
    assert shown(office.get("/board/", {"on": "2023-06-09"}))[0] == 1
