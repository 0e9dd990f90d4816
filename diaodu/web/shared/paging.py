"""Long lists: page by page to read, whole as a table."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

MOST_LINES = 5000  # of a table handed out; a page of so many takes seconds


def page_of(request: HttpRequest, found: Any, size: int) -> Page[Any]:
    """The page of a list that the address asks for. Asked for its table (`?table=`, see
    TableMiddleware) the whole list as filtered, up to the limit, which `cut_short` tells."""
    if "table" not in request.GET:
        return Paginator(found, size).get_page(request.GET.get("page"))
    page = Paginator(found, MOST_LINES).get_page(1)
    if page.has_next():
        request.cut_short = (  # type: ignore[attr-defined]
            f"只存前{MOST_LINES}条，共{page.paginator.count}条。请在页面上缩小范围，分几次存。"
        )
    return page


def cut_short(request: HttpRequest) -> str:
    """What a table that was asked for leaves out; empty where it leaves out nothing."""
    return getattr(request, "cut_short", "")
