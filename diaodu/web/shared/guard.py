"""Who gets past the door of a view. What they may do to which object is decided by `Access` in the
query that loads the object; these only answer for a whole page.

    @need("people")          signed in and allowed somewhere, else 403
    @need("fill", "review")  any of them
    @signed_in               any user
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.html import format_html

from diaodu.web.shared.access import Access
from diaodu.web.shared.roles import CAPABILITIES

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class DeskRequest(HttpRequest):
    """A request that has passed the door, as views name it. Never made: only for the checker."""

    user: Any  # a people.User: this room does not know it
    access: Access
    htmx: Any


GuardedView = Callable[Concatenate[DeskRequest, P], HttpResponseBase]


def signed_in(view: GuardedView[P]) -> View[P]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return sign_in_first(request)
        return view(cast(DeskRequest, request), *args, **kwargs)

    return guarded


def need(*capabilities: str) -> Callable[[GuardedView[P]], View[P]]:
    """Signed in, and any of the capabilities held somewhere."""
    assert capabilities and set(capabilities) <= set(CAPABILITIES), capabilities

    def decorate(view: GuardedView[P]) -> View[P]:
        @wraps(view)
        def guarded(request: DeskRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            request.access.need_any(*capabilities)
            return view(request, *args, **kwargs)

        return signed_in(guarded)

    return decorate


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """The way to the login page and back. A fragment is answered 401 with a notice and the event
    `signed-out`, never by a redirect: the page, and what was typed on it, stays where it is."""
    back = _page_of(request)
    if not getattr(request, "htmx", False):
        return redirect_to_login(back, settings.LOGIN_URL)
    notice = format_html(
        '<div class="notice bad" role="alert">登录已过期，填的内容还在本页。'
        '请<a href="{}" target="_blank">在新窗口登录</a>，再回到本页接着做。</div>',
        resolve_url(settings.LOGIN_URL),
    )
    return HttpResponse(notice, status=401, headers={"HX-Trigger": "signed-out"})


def _page_of(request: HttpRequest) -> str:
    """Where to come back to: this page, or the one a form was sent from."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc != request.get_host():
        return "/"
    return came.path + (f"?{came.query}" if came.query else "")
