"""What every request passes: the door, then what its user may do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from diaodu.web.people import queries
from diaodu.web.shared import clock, guard


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
