"""A fragment for the card of a unit."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from diaodu.web.duties.queries.of_org import for_org
from diaodu.web.shared import clock
from diaodu.web.shared.guard import DeskRequest, need


@require_safe
@need("view")
def of_org(request: DeskRequest, org: str) -> HttpResponse:
    found = for_org(request.access, clock.today(), org)
    context = {"found": found, "org": org, "year": clock.today().year}
    return render(request, "duties/parts/of_org.html", context)
