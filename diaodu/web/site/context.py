"""What the base page prints on every page: the menu and whose desk it is."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse

from diaodu.web.people import queries


class Item(NamedTuple):
    label: str
    url: str
    active: bool
    badge: int = 0


# label, the room's first page, who sees it (any of these capabilities)
MENU = (
    ("一张表", "board:table", ("view",)),
    ("报送", "intake:home", ("fill", "review", "sign", "chase")),
    ("数据", "figures:home", ("view",)),
    ("运行", "runs:home", ("live", "run", "publish")),
    ("规则", "rulebooks:home", ("rulebook", "view")),
    ("单位与人员", "people:home", ("people",)),
    ("操作记录", "people:audit", ("audit",)),
)


def page(request: HttpRequest) -> dict[str, Any]:
    access = getattr(request, "access", None)
    if access is None or not request.user.is_authenticated:
        return {"menu": [], "home": None}
    return {"menu": _menu(request), "home": queries.home()}


def _menu(request: HttpRequest) -> list[Item]:
    may = request.access.may  # type: ignore[attr-defined]
    seen = [(label, reverse(name)) for label, name, wanted in MENU if any(map(may, wanted))]
    return [Item(label, url, request.path.startswith(url)) for label, url in seen]
