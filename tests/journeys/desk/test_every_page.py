"""Every page of every role's menu, and the pages behind them, on a laptop, a desk and a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

WIDTHS = ((1366, 768), (1920, 1080), (390, 844))
# role → who has it in the demo county
ROLES = {
    "leader": "xianzhang", "vice": "fuxianzhang", "dispatch": "diaodu", "statistics": "tongji",
    "owner": "gongxinju", "clerk": "qingshi", "supervision": "ducha", "assessment": "kaohe",
    "admin": "guanli", "reader": "zhidu",
}  # fmt: skip
# page → who goes there, and the links that lead there from a page of the menu
BEHIND = {
    "indicator": ("leader", "/board/", ["table.grid tbody th a"]),
    "form": ("clerk", "/intake/", ["main table th a"]),
    "form-reviewed": ("statistics", "/intake/", ["table.matrix td a"]),
    "run": ("dispatch", "/runs/", ["main table th a"]),
    "run-new": ("dispatch", "/runs/", ["text=起一次运行"]),
    "figure": ("statistics", "/figures/", ["main table th a, main table td a"]),
    "gaps": ("statistics", "/figures/gaps/", []),
    "imports": ("statistics", "/figures/imports/", []),
    "batch": ("statistics", "/figures/imports/", ["main table th a, main table td a"]),
    "import-new": ("statistics", "/figures/imports/new/", []),
    "exports": ("statistics", "/figures/exports/", []),
    "rules-version": ("statistics", "/rulebooks/", ["section:last-of-type table th a"]),
    "rules-part": ("statistics", "/rulebooks/", ["ul.parts a"]),
    "rules-entry": ("statistics", "/rulebooks/", ["ul.parts a", "main table th a"]),
    "rules-import": ("statistics", "/rulebooks/import/", []),
    "org": ("admin", "/people/manage/", ["ul.tree a >> nth=2"]),
    "org-new": ("admin", "/people/manage/orgs/new/", []),
    "users": ("admin", "/people/manage/users/", []),
    "user": ("admin", "/people/manage/users/", ["main table th a"]),
    "user-new": ("admin", "/people/manage/users/new/", []),
    "role-new": ("admin", "/people/manage/users/", ["main table th a", "text=/^(增加|给).*角色/"]),
    "act": ("admin", "/people/acts/", ["main table th a"]),
    "text-checked": ("reader", "/bulletins/", ["main table th a"]),
    "account": ("reader", "/people/account/", []),
    "password": ("reader", "/accounts/password/change/", []),
    "second-step": ("reader", "/accounts/2fa/", []),
    "sign-out": ("reader", "/accounts/logout/", []),
}


def _at_every_width(person: Any, name: str) -> None:
    """Pictures of it; axe and the width are checked in each."""
    for width, height in WIDTHS:
        person.page.set_viewport_size({"width": width, "height": height})
        person.look()
        person.picture(f"{name}-{width}")
        wide = person.page.evaluate("document.scrollingElement.scrollWidth")
        if wide > width:
            person.faults.append(f"{person.page.url} is {wide} wide at {width}")


@pytest.mark.parametrize("role", ROLES)
def test_menu(role: str, desk_to_look_at: Any, sign_in: Callable[..., Any]) -> None:
    person = sign_in(desk_to_look_at, ROLES[role])
    links = person.page.locator("nav.menu a")
    paths = [one.get_attribute("href") for one in links.all()]
    assert paths, f"{role} has no menu"
    for path in paths:
        person.page.set_viewport_size({"width": 1366, "height": 768})
        person.page.goto(path)
        _at_every_width(person, f"{role}-{re.sub('[^a-z]+', '-', path.strip('/'))}")


@pytest.mark.parametrize("role", sorted({role for role, *_ in BEHIND.values()}))
def test_pages_behind(role: str, desk_to_look_at: Any, sign_in: Callable[..., Any]) -> None:
    person = sign_in(desk_to_look_at, ROLES[role])
    for name, (who, path, links) in BEHIND.items():
        if who != role:
            continue
        person.page.set_viewport_size({"width": 1366, "height": 768})
        person.page.goto(path)
        for link in links:
            person.look()
            with person.page.expect_navigation():
                person.page.locator(link).first.click()
        _at_every_width(person, f"{role}-{name}")
