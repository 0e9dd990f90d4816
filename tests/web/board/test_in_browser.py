"""The board in a real Chromium: strict CSP, drawer and focus, charts, axe."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from tests.web.in_browser import NEEDED, faults, pages_of

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = NEEDED


@pytest.fixture
def page_of(
    chromium: Any, transactional_db: None, live_server: Any, run: Any, users: SimpleNamespace,
    client_as: Callable[..., Client],
) -> Iterator[Callable[..., Any]]:  # fmt: skip
    """A page of the leader's browser."""
    client = client_as(users.leader)
    with pages_of(chromium, live_server.url, client, permissions=["clipboard-write"]) as opened:
        yield opened


WALL = "/board/wall/"
PAGES = (
    "/board/", "/board/shilixian/retail/why/", "/board/calc/?do=rank&fill=1&indicator=retail",
    "/board/calc/?do=growth&way=0&actual=x&base=", "/board/compare/?kind=org&b=donglinqu",
    "/board/notes/", "/board/shilixian/retail/note/",
    "/board/unit/shilixian/", "/board/ranking/shilixian/retail/",
    "/board/multiples/shilixian/retail/", WALL, "/find/?q=s", "/tasks/",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_in_both_schemes_at_every_width(page_of: Callable[..., Any], path: str) -> None:
    """Axe finds nothing, and nothing is to be looked for at the side."""
    page = page_of(path)
    page.wait_for_load_state("networkidle")
    for width in (1366, 1920, *(() if path == WALL else (390,))):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert faults(page) == [], f"{width} {scheme}"


def test_what_was_drawn_wider_does_not_widen_the_page(page_of: Callable[..., Any]) -> None:
    """Between a phone's turning and the next drawing a chart still has its old width."""
    page = page_of("/board/ranking/shilixian/retail/")
    page.wait_for_load_state("networkidle")
    page.set_viewport_size({"width": 390, "height": 844})
    wide = "for (const one of document.querySelectorAll('.plot > *')) one.style.width = '1138px'"
    page.evaluate(wide)
    assert page.locator(".plot > *").count()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_box_finds_by_keys_alone(page_of: Callable[..., Any]) -> None:
    page = page_of("/board/")
    page.keyboard.press("/")
    page.keyboard.type("qsz")
    box = page.locator("#find")
    sync_api.expect(page.locator("#found a")).to_have_count(1)
    sync_api.expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    sync_api.expect(box).to_have_attribute("aria-activedescendant", "found-1-1")
    assert faults(page) == []
    page.keyboard.press("Escape")
    sync_api.expect(page.locator("#found")).to_be_hidden()
    page.keyboard.type("x")
    page.keyboard.press("Backspace")
    sync_api.expect(page.locator("#found a")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "qingshi" in page.url


def test_a_table_is_saved_as_it_stands(page_of: Callable[..., Any]) -> None:
    page = page_of("/board/shilixian/retail/")
    with page.expect_download() as saved:
        page.locator("a.to-sheet:visible").first.click()
    assert saved.value.suggested_filename.startswith("社会消费品零售总额　")
    assert Path(saved.value.path()).read_bytes().startswith(b"PK")


def test_a_result_is_copied_as_a_sentence(page_of: Callable[..., Any]) -> None:
    page = page_of("/board/calc/?do=growth&way=0&actual=46.28亿元&base=39.22亿元")
    page.get_by_role("button", name="复制这句话").click()
    sync_api.expect(page.get_by_role("button", name="已复制")).to_be_visible()


def test_a_filter_changes_lines_and_address_without_a_new_page(page_of: Callable[..., Any]) -> None:
    page = page_of("/board/")
    page.evaluate("window.stays = true")
    page.select_option("#pick-light", "good")
    sync_api.expect(page.locator(".grid tbody tr")).to_have_count(2)
    assert "light=good" in page.url
    assert page.evaluate("window.stays")


def test_the_heads_stay_in_sight(page_of: Callable[..., Any]) -> None:
    page = page_of("/board/", viewport={"width": 1366, "height": 400})
    page.evaluate("window.scrollTo(0, 300)")
    box = page.locator(".grid thead").bounding_box()
    assert box is not None and box["y"] == 44


def test_the_drawer_opens_beside_and_gives_focus_back(page_of: Callable[..., Any]) -> None:
    page = page_of("/board/shilixian/retail/")
    fact = page.locator(".facts a").nth(1)
    fact.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#drawer:not([hidden]) .tree")
    assert "/why/" in page.url
    assert page.evaluate("document.activeElement.id") == "drawer-title"
    assert "单元格F12" in page.locator("#drawer").inner_text()
    page.keyboard.press("Escape")
    page.wait_for_selector("#drawer[hidden]", state="attached")
    assert "/why/" not in page.url
    assert fact.evaluate("one => one === document.activeElement")


def test_the_drawer_has_a_link_of_its_own(page_of: Callable[..., Any]) -> None:
    page = page_of("/board/shilixian/retail/why/")
    assert page.locator("#drawer .tree").is_visible()
    page.locator("[data-close-drawer]").click()
    assert page.locator("#drawer").is_hidden()
    assert page.url.split("?")[0].endswith("/board/shilixian/retail/")


def test_arrows_walk_the_rows(page_of: Callable[..., Any]) -> None:
    page = page_of("/board/")
    page.locator(".grid tbody tr a").first.focus()
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "固定资产投资"


def test_charts_are_drawn_and_can_be_saved(page_of: Callable[..., Any]) -> None:
    page = page_of("/board/shilixian/retail/")
    assert page.locator(".plot canvas").count() == 3
    with page.expect_download() as saved:
        page.locator("[data-save-chart]").first.click()
    named = "示例县-社会消费品零售总额-2023年1—5月-第1次运行-累计完成与目标.png"
    assert saved.value.suggested_filename == named
    assert Path(saved.value.path()).read_bytes().startswith(b"\x89PNG")


def test_print_shows_the_table_and_no_tools(page_of: Callable[..., Any]) -> None:
    page = page_of("/board/")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator(".head .tools").first.is_hidden()
    assert page.locator(".bar").is_hidden()
    assert page.locator(".grid").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_the_paper_says_what_a_filter_leaves_out(page_of: Callable[..., Any]) -> None:
    page = page_of("/figures/?month=2023-05&facet=level")
    page.emulate_media(media="print")
    shown = page.evaluate(
        "[...document.querySelectorAll('.filter :is(input,select)')]"
        ".filter(one => one.checkVisibility()).map(one => one.name)"
    )
    assert shown == ["month", "facet"]
    assert page.locator(".tabs").first.is_hidden()


def test_what_was_drawn_wider_is_fitted_to_the_paper(page_of: Callable[..., Any]) -> None:
    page = page_of("/board/shilixian/retail/")
    page.emulate_media(media="print")
    wide = "for (const one of document.querySelectorAll('.plot *')) one.style.width = '3000px'"
    page.evaluate(wide)
    plots = page.evaluate("[...document.querySelectorAll('.plot')].map(one => one.clientWidth)")
    drawn = page.evaluate(
        "[...document.querySelectorAll('.plot canvas')].map(one => one.clientWidth)"
    )
    assert drawn == plots and plots


def test_a_phone_shows_cards_the_worst_first(page_of: Callable[..., Any]) -> None:
    page = page_of("/board/", viewport={"width": 390, "height": 844})
    assert page.locator(".grid").is_hidden()
    assert page.locator(".card").first.inner_text().startswith("社会消费品零售总额")
    low = page.evaluate(
        "[...document.querySelectorAll('.card,.line')].filter("
        "one => one.getBoundingClientRect().height < 48).length"
    )
    assert low == 0
