"""大屏: one page for a screen on the wall, which looks for news by itself."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from diaodu.web.board import queries
from diaodu.web.board.queries import wall as shown
from diaodu.web.board.views.asking import chosen_of, given, run_of
from diaodu.web.shared import clock
from diaodu.web.shared.guard import DeskRequest, need


@require_safe
@need("view")
def wall(request: DeskRequest) -> HttpResponse:
    return render(request, "board/wall.html", _wall(request))


@require_safe
@need("view")
def wall_body(request: DeskRequest) -> HttpResponse:
    """What the page asks for every minute."""
    return render(request, "board/parts/wall_body.html", _wall(request))


def _wall(request: DeskRequest) -> dict[str, Any]:
    """Without a run that is done: the page says so, and goes on asking."""
    run = run_of(request)
    asked = {name: told for name, told in given(request).items() if told}
    context: dict[str, Any] = {
        "run": run, "query": request.GET.urlencode(), "told": shown.told_moment(clock.now()),
    }  # fmt: skip
    if run is None or not run.is_done:
        return context
    chosen: queries.Chosen = chosen_of(request, run, asked.get("org", ""))
    found = shown.wall(chosen, request.access, clock.now(), asked)
    return {**context, "chosen": chosen, "wall": found}
