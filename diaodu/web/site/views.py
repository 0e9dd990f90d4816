"""The first page and the health of the desk."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from diaodu.web.shared import clock
from diaodu.web.shared.guard import DeskRequest, signed_in
from diaodu.web.site import context
from diaodu.web.site import find as finding
from diaodu.web.site import tasks as doing
from diaodu.web.site.supervisor import are_workers_alive


def start(request: HttpRequest) -> HttpResponse:
    """A clerk's first page is what they have to do; everyone else's the first of their menu."""
    menu = context.page(request)["menu"]
    if not menu:
        return render(request, "site/nothing.html")
    access = request.access  # type: ignore[attr-defined]
    if access.may("fill") and not access.may("live"):
        return redirect("tasks")
    return redirect(menu[0].url)


@require_safe
@signed_in
def tasks(request: DeskRequest) -> HttpResponse:
    """我的任务, over all rooms."""
    now = clock.now()
    groups = doing.tasks(request.access, now)
    shown = {"groups": groups, "now": now, "count": sum(len(one.tasks) for one in groups)}
    return render(request, "site/tasks.html", shown)


@require_safe
@signed_in
def find(request: DeskRequest) -> HttpResponse:
    """What has a name, found by it: under the box of every page, or as a page of its own."""
    wanted = request.GET.get("q", "").strip()
    most = finding.MOST if request.htmx else finding.MOST_ON_A_PAGE
    groups = finding.search(request.access, context.named(), wanted, clock.now(), most)
    template = "site/parts/found.html" if request.htmx else "site/find.html"
    return render(request, template, {"groups": groups, "wanted": wanted[: finding.LONGEST]})


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when database and worker are well, else 503 with what is not."""
    try:
        well = {"database": True, "workers": are_workers_alive(timezone.now())}
    except DatabaseError:
        well = {"database": False, "workers": False}
    ok = all(well.values())
    return JsonResponse({"ok": ok, **well}, status=200 if ok else 503)
