"""The first page and the health of the desk."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from diaodu.web.site.context import page
from diaodu.web.site.supervisor import are_workers_alive


def start(request: HttpRequest) -> HttpResponse:
    """Everyone's first page is the first of their menu."""
    menu = page(request)["menu"]
    return redirect(menu[0].url) if menu else render(request, "site/nothing.html")


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when database and worker are well, else 503 with what is not."""
    try:
        well = {"database": True, "workers": are_workers_alive(timezone.now())}
    except DatabaseError:
        well = {"database": False, "workers": False}
    ok = all(well.values())
    return JsonResponse({"ok": ok, **well}, status=200 if ok else 503)
