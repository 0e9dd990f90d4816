"""What the base page prints on every page: the menu and whose desk it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from diaodu.web.duties import queries as duties
from diaodu.web.intake import queries as intake
from diaodu.web.people import queries
from diaodu.web.shared.access import Access
from diaodu.web.site.find import Named
from diaodu.web.urging import queries as urging
from diaodu.web.warnings import queries as warnings


class Item(NamedTuple):
    label: str
    url: str
    active: bool
    badge: int = 0


# label, the room's first page, who sees it (any of these capabilities)
MENU = (
    ("一张表", "board:table", ("view",)),
    ("预警", "warnings:home", ("view",)),
    ("督办", "duties:home", ("view",)),
    ("会议", "meetings:home", ("view",)),
    ("催办", "urging:home", ("view",)),
    ("报送", "intake:home", ("fill", "review", "sign", "chase")),
    ("目标", "targets:home", ("view",)),
    ("数据", "figures:home", ("view",)),
    ("运行", "runs:home", ("live", "run", "publish")),
    ("文稿", "bulletins:home", ("view",)),
    ("规则", "rulebooks:home", ("rulebook", "view")),
    ("单位与人员", "people:home", ("people",)),
    ("操作记录", "people:audit", ("audit",)),
)


def named() -> list[Named]:
    """The entries of the menu as the box that finds names takes them."""
    return [(label, address, wanted, ()) for label, address, wanted in MENU]


# room's first page → how many things there wait for the reader
BADGES: dict[str, Callable[[Access], int]] = {
    "intake:home": lambda access: len(intake.waiting_for(access).all),
    "duties:home": duties.waiting,
    "urging:home": urging.waiting,
    "warnings:home": warnings.waiting,
}


def page(request: HttpRequest) -> dict[str, Any]:
    access = getattr(request, "access", None)
    if access is None:  # refused before anybody was asked who they are
        return {"menu": [], "home": None}
    if not request.user.is_authenticated:
        return {"menu": [], "home": SimpleLazyObject(queries.home)}
    # A fragment prints no menu and asks for none.
    return {"menu": SimpleLazyObject(lambda: _menu(request)), "home": queries.home(access.home)}


def _menu(request: HttpRequest) -> list[Item]:
    may = request.access.may  # type: ignore[attr-defined]
    return [
        Item(label, url, request.path.startswith(url), _badge(request, name))
        for label, name, wanted in MENU
        if any(map(may, wanted))
        for url in (reverse(name),)
    ]


def _badge(request: HttpRequest, name: str) -> int:
    """How much waits for this user in the room."""
    ask = BADGES.get(name)
    return ask(request.access) if ask else 0  # type: ignore[attr-defined]
