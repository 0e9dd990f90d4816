"""The first page and the health of the desk."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from diaodu.web.site.context import page


@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Everyone's first page is the first of their menu."""
    menu = page(request)["menu"]
    return redirect(menu[0].url) if menu else render(request, "site/nothing.html")


def healthz(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"ok": True})
