"""实时: for those who follow edits, named on the page, by default of the month that is over."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from diaodu.web.figures import actions as figures
from diaodu.web.runs import actions as runs


@pytest.fixture
def live(on_file: None, now: Any, frozen_clock: Any) -> None:
    runs.rebuild_live(periods=["2023-05", "2023-06"], at=now)


def test_the_office_sees_the_live_run_of_the_month_that_is_over(
    live: None, users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    page = client_as(users.dispatch).get("/board/")
    assert page.context["chosen"].run.period == "2023-05"
    assert "<b>实时</b>" in page.content.decode()
    assert page.context["table"].lines[0].level == "44.00"


def test_an_edit_shows_at_once_and_only_live(
    run: Any, live: None, users: SimpleNamespace, client_as: Callable[..., Client], now: Any,
    figure: Callable[..., Any],
) -> None:  # fmt: skip
    figures.record(
        observations=[figure("retail", "shilixian", "2023-01/05", "level", "43.00",
                             received=now.date())],
        by=users.statistics, at=now + timedelta(minutes=1), origin="import",
    )  # fmt: skip
    runs.refresh_live(at=now + timedelta(minutes=2), periods=["2023-05"])
    dispatch = client_as(users.dispatch)
    assert dispatch.get("/board/").context["table"].lines[0].level == "43.00"
    assert dispatch.get("/board/", {"run": "1"}).context["table"].lines[0].level == "44.00"
    leader = client_as(users.leader)
    assert leader.get("/board/").context["table"].lines[0].level == "44.00"
    assert leader.get("/board/", {"run": "live"}).status_code == 404


def _poll(client: Client) -> str:
    """The address the page asks for news."""
    page = client.get("/board/").content.decode()
    [address] = re.findall(r'hx-get="([^"]+seen=[^"]+)" hx-trigger="every', page)
    return html.unescape(address)


def test_an_open_live_page_hears_of_an_edit_and_of_nothing_else(
    run: Any, live: None, users: SimpleNamespace, client_as: Callable[..., Client], now: Any,
    figure: Callable[..., Any],
) -> None:  # fmt: skip
    dispatch = client_as(users.dispatch)
    address = _poll(dispatch)
    assert dispatch.get(address).status_code == 204
    figures.record(
        observations=[figure("retail", "shilixian", "2023-01/05", "level", "43.00",
                             received=now.date())],
        by=users.statistics, at=now + timedelta(minutes=1), origin="import",
    )  # fmt: skip
    assert dispatch.get(address).status_code == 204  # not computed yet
    runs.refresh_live(at=now + timedelta(minutes=2), periods=["2023-05"])
    news = dispatch.get(address)
    assert "43.00" in news.content.decode() and "HX-Push-Url" not in news
    assert client_as(users.leader).get(address).status_code == 404


def test_an_open_live_page_hears_of_a_release(
    live: None, users: SimpleNamespace, client_as: Callable[..., Client], now: Any,
    frozen_clock: Any,
) -> None:  # fmt: skip
    dispatch = client_as(users.dispatch)
    address = _poll(dispatch)
    frozen_clock(now + timedelta(minutes=1))
    assert dispatch.get(address).status_code == 200


def test_a_frozen_page_asks_for_no_news(
    run: Any, live: None, users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    assert "seen=" not in client_as(users.leader).get("/board/").content.decode()


def test_the_live_trace_is_as_deep(
    live: None, users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    page = client_as(users.dispatch).get("/board/shilixian/retail/why/")
    assert page.status_code == 200
    assert "单元格F12" in page.content.decode()
