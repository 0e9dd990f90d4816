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
    """A clerk's first page is what they owe; everyone else's the first of their menu."""
    menu = page(request)["menu"]
    if not menu:
        return render(request, "site/nothing.html")
    access = request.access  # type: ignore[attr-defined]
    if access.may("fill") and not access.may("live"):
        return redirect("intake:home")
    return redirect(menu[0].url)


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when database and worker are well, else 503 with what is not."""
    try:
        well = {"database": True, "workers": are_workers_alive(timezone.now())}
    except DatabaseError:
        well = {"database": False, "workers": False}
    ok = all(well.values())
    return JsonResponse({"ok": ok, **well}, status=200 if ok else 503)
