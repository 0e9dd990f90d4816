"""Pages of the rooms in a real Chromium: what it needs, how a page is opened, what axe says."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium")
AXE = ROOT / "build" / "vendor" / "axe.min.js"
ECHARTS = ROOT / "diaodu" / "web" / "site" / "vendor" / "echarts.min.js"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

NEEDED = [
    pytest.mark.slow,
    pytest.mark.skipif(
        CHROMIUM is None or not AXE.is_file() or not ECHARTS.is_file(),
        reason="needs Chromium and the front-end files of make setup",
    ),
]


@contextmanager
def pages_of(browser: Any, address: str, client: Any, **usual: Any) -> Iterator[Callable[..., Any]]:
    """Opens pages in the browser of who signed in as `client`; what it complains of ends the
    test. `usual`: options of every window."""
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    complaints: list[str] = []
    contexts: list[Any] = []

    def opened(path: str, **options: Any) -> Any:
        wanted = {"viewport": {"width": 1366, "height": 768}, **usual, **options}
        context = browser.new_context(base_url=address, **wanted)
        contexts.append(context)
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}]
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


def faults(page: Any) -> list[str]:
    """What axe finds on a page."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]
