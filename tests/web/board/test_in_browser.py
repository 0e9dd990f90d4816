"""The board in a real Chromium: strict CSP, drawer and focus, charts, axe."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium")
ROOT = Path(__file__).resolve().parents[3]
AXE = ROOT / "build" / "vendor" / "axe.min.js"
ECHARTS = ROOT / "diaodu" / "web" / "site" / "vendor" / "echarts.min.js"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        CHROMIUM is None or not AXE.is_file() or not ECHARTS.is_file(),
        reason="needs Chromium and the front-end files of make setup",
    ),
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Playwright's loop runs in this thread, so Django would refuse the database here."""
    with pytest.MonkeyPatch.context() as patch, sync_api.sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page_of(
    chromium: Any, transactional_db: None, live_server: Any, run: Any, users: SimpleNamespace,
    client_as: Callable[..., Client],
) -> Iterator[Callable[..., Any]]:  # fmt: skip
    """A page of the leader's browser; what it complains of ends the test."""
    cookie = client_as(users.leader).cookies[settings.SESSION_COOKIE_NAME].value
    complaints: list[str] = []
    contexts: list[Any] = []

    def opened(path: str, **options: Any) -> Any:
        context = chromium.new_context(
            base_url=live_server.url, permissions=["clipboard-write"],
            **{"viewport": {"width": 1366, "height": 768}, **options},
        )  # fmt: skip
        contexts.append(context)
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        page = context.new_page()
        page.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
        page.on("pageerror", lambda one: complaints.append(str(one)))
        assert page.goto(path).status == 200
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints


def _faults(page: Any) -> list[str]:
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize("path", ["/board/", "/board/shilixian/retail/why/"])
def test_axe_finds_nothing(page_of: Callable[..., Any], path: str, width: int, scheme: str) -> None:
    page = page_of(path, color_scheme=scheme, viewport={"width": width, "height": 844})
    assert _faults(page) == []


def test_no_sideways_scrolling(page_of: Callable[..., Any]) -> None:
    for width in (1366, 1920, 390):
        page = page_of("/board/", viewport={"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


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
    assert saved.value.suggested_filename == "示例县社会消费品零售总额累计完成与目标2023年1—5月.png"
    assert Path(saved.value.path()).read_bytes().startswith(b"\x89PNG")


def test_print_shows_the_table_and_no_tools(page_of: Callable[..., Any]) -> None:
    page = page_of("/board/")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator(".head .tools").first.is_hidden()
    assert page.locator(".bar").is_hidden()
    assert page.locator(".grid").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_a_phone_shows_cards_the_worst_first(page_of: Callable[..., Any]) -> None:
    page = page_of("/board/", viewport={"width": 390, "height": 844})
    assert page.locator(".grid").is_hidden()
    assert page.locator(".card").first.inner_text().startswith("社会消费品零售总额")
    low = page.evaluate(
        "[...document.querySelectorAll('.card,.line')].filter("
        "one => one.getBoundingClientRect().height < 48).length"
    )
    assert low == 0
