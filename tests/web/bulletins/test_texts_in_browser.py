"""A checked text in a real Chromium: axe, keys from mark to mark, print, phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from diaodu.adapters.texts_in import Loaded
from diaodu.web.bulletins import actions
from tests.web.in_browser import NEEDED, faults, pages_of

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = NEEDED

BAD = "全年任务20亿元，已完成15亿元，完成全年任务的85%。"
GOOD = "全年任务20亿元，已完成15亿元，完成全年任务的75%。"
TEXT = "在全县经济运行调度会上的讲话\n" + "\n".join(
    f"{BAD if number % 5 == 0 else GOOD}{'各乡镇各部门要抓紧。' * 12}" for number in range(200)
)


@pytest.fixture
def page_of(
    chromium: Any, transactional_db: None, live_server: Any, rules: Any, users: SimpleNamespace,
    now: datetime, frozen_clock: Callable[[datetime], None], client_as: Callable[..., Client],
) -> Iterator[Callable[..., Any]]:  # fmt: skip
    """A page of the leader's browser, who has handed in a text."""
    check = actions.check(
        name="讲话.docx", loaded=Loaded(TEXT), content=None, run=None, by=users.leader, at=now
    )
    with pages_of(chromium, live_server.url, client_as(users.leader)) as opened:
        yield lambda path, **options: opened(path.format(check=check.pk), **options)


def now_at(page: Any) -> str:
    return str(page.locator(".at.now").inner_text())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize("path", ["/bulletins/", "/bulletins/{check}/"])
def test_axe_finds_nothing(page_of: Callable[..., Any], path: str, width: int, scheme: str) -> None:
    page = page_of(path, color_scheme=scheme, viewport={"width": width, "height": 844})
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_keys_walk_from_mark_to_mark_and_on_to_the_next_page(page_of: Callable[..., Any]) -> None:
    page = page_of("/bulletins/{check}/?verdict=contradicts")
    page.keyboard.press("n")
    assert now_at(page) == "1"
    assert page.evaluate("document.activeElement.id") == "m1"
    page.keyboard.press("n")
    assert now_at(page) == "6"
    card = page.locator("#c6")
    assert "now" in card.get_attribute("class")
    assert card.bounding_box()["y"] < 768
    page.keyboard.press("p")
    assert now_at(page) == "1"
    marks = page.locator("#paper .at").count()
    for _ in range(marks - 1):
        page.keyboard.press("n")
    page.keyboard.press("n")
    page.wait_for_url("**page=2**")
    sync_api.expect(page.locator(".at.now")).to_have_count(1)
    page.keyboard.press("p")
    page.wait_for_url("**page=1**")
    assert page.locator("#paper .at").last.get_attribute("class").endswith("now")


def test_a_card_leads_to_its_mark(page_of: Callable[..., Any]) -> None:
    page = page_of("/bulletins/{check}/")
    page.locator("#c8 h2 a").click()
    assert now_at(page) == "8"
    assert page.url.endswith("#m8")
    sync_api.expect(page.locator("#m8")).to_be_in_viewport()


def test_a_text_is_handed_in_and_deleted_again(page_of: Callable[..., Any]) -> None:
    page = page_of("/bulletins/")
    page.get_by_label("或者粘贴文字").fill(BAD)
    page.get_by_role("button", name="校核", exact=True).click()
    sync_api.expect(page.get_by_text("算得 75%")).to_be_visible()
    page.get_by_role("button", name="删除").click()
    page.locator("dialog[open]").get_by_role("button", name="删除").click()
    sync_api.expect(page.get_by_text("系统里不再有这份文稿")).to_be_visible()
    assert page.locator("tbody tr").count() == 1


def test_on_paper_the_remarks_follow_the_text(page_of: Callable[..., Any]) -> None:
    page = page_of("/bulletins/{check}/")
    page.emulate_media(media="print")
    paper, cards = page.locator(".paper").bounding_box(), page.locator(".beside").bounding_box()
    assert cards["y"] >= paper["y"] + paper["height"]
    assert not page.locator(".verdicts").is_visible()
