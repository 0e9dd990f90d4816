"""What every request carries."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from diaodu.web.people import queries
from diaodu.web.shared import clock


class AccessMiddleware:
    """`request.access`: looked up once, when first asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.access = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: queries.access_of(request.user, clock.today())
        )
        return self.get_response(request)
