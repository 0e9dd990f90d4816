"""The wall takes up what is published while it hangs there; the card is one page of paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from tests.web.in_browser import NEEDED, faults, pages_of

sync_api = pytest.importorskip("playwright.sync_api")
pytestmark = NEEDED
SCREEN = {"width": 1920, "height": 1080}
CARD = "/board/unit/shilixian/"
_PAGE = re.compile(rb"/Type\s*/Page\b")


def test_the_wall_brings_itself_up_to_date_and_the_card_is_one_page(
    chromium: Any, transactional_db: None, live_server: Any, run: Any, users: SimpleNamespace,
    client_as: Callable[..., Client], freeze: Callable[..., Any],
) -> None:  # fmt: skip
    with pages_of(chromium, live_server.url, client_as(users.leader), viewport=SCREEN) as opened:
        card = opened(CARD)
        card.wait_for_load_state("networkidle")
        assert len(_PAGE.findall(card.pdf(format="A4", landscape=True))) == 1
        wall = opened("/board/wall/")
        wall.clock.install()
        wall.reload()
        sync_api.expect(wall.locator("#wall header")).to_contain_text("第1次运行")
        sync_api.expect(wall.locator("#wall canvas, #wall svg").first).to_be_visible()
        freeze()
        wall.clock.fast_forward(61_000)
        sync_api.expect(wall.locator("#wall header")).to_contain_text("第2次运行")
        sync_api.expect(wall.locator("#stale")).to_be_hidden()
        sizes = wall.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
        )
        assert sizes[0] <= SCREEN["width"]
        assert sizes[1] <= SCREEN["height"], "what is under the edge nobody scrolls to"
        assert faults(wall) == []
