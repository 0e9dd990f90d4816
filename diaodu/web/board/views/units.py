"""单位名片."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from diaodu.web.board import queries
from diaodu.web.board.queries import unit
from diaodu.web.board.views.asking import chosen_of, no_run, run_of
from diaodu.web.shared import clock
from diaodu.web.shared.guard import DeskRequest, need


@require_safe
@need("view")
def org(request: DeskRequest, org: str) -> HttpResponse:
    """One unit: its figures, places, returns, and what it is asked for."""
    run = run_of(request)
    if run is None or not run.is_done:
        return no_run(request, run)
    chosen = chosen_of(request, run, org)
    context = {
        "chosen": chosen, "card": unit.card(chosen, request.access, clock.now()),
        "link": chosen.link,
        "choices": queries.choices(request.access, chosen, orgs=False),
    }  # fmt: skip
    return render(request, "board/unit.html", context)
