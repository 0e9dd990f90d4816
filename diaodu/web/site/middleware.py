"""What every request passes: the door, then what its user may do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from diaodu.adapters.page_table import page_table
from diaodu.adapters.table_xlsx import table_xlsx
from diaodu.web.people import queries
from diaodu.web.shared import clock, guard
from diaodu.web.shared.downloads import excel
from diaodu.web.shared.paging import cut_short


class LimitMiddleware:
    """Refuses a body larger than any page takes before it is read: it is read before the door."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        told = request.META.get("CONTENT_LENGTH") or "0"
        if told.isdecimal() and int(told) > settings.MOST_REQUEST_BYTES:
            most = settings.MOST_REQUEST_BYTES // 1024 // 1024
            said = f"一次上传的超过{most}兆，没有收下。请返回上一页，去掉图片或分几次上传。"
            return HttpResponse(said, status=413, content_type="text/plain; charset=utf-8")
        return self.get_response(request)


class PrivateMiddleware:
    """Pages hold figures: no proxy and no browser keeps one, so none is left after signing out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class TableMiddleware:
    """Any table of any page as Excel: `?table=0` hands out the first one of the page that this
    address is, as this reader reads it there; a list in pages whole."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        asked = request.GET.get("table") if request.method == "GET" else None
        is_page = response.get("Content-Type", "").startswith("text/html")
        if asked is None or response.status_code != 200 or response.streaming or not is_page:
            return response
        place = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else -1
        table = page_table(response.content.decode(), place)
        if table is None:
            raise Http404("这一页没有这张表")
        now = clock.now()
        parts = (table.told, f"导出{now:%Y-%m-%d %H:%M}", cut_short(request))
        note = "　".join(one for one in parts if one)
        name = f"{table.heading or '表'}_{now:%Y-%m-%d}.xlsx"
        return excel(name, table_xlsx(table.heading or "表", table.header, table.rows, note))


class DoorMiddleware(LoginRequiredMiddleware):
    """Every page wants a user unless its view says `login_not_required`: a view that forgot to
    ask is closed, not open."""

    def handle_no_permission(  # type: ignore[override]  # a fragment is not redirected
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponse:
        return guard.sign_in_first(request)


class AccessMiddleware:
    """`request.access`: looked up once, when first asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.access = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: queries.access_of(request.user, clock.today())
        )
        return self.get_response(request)
