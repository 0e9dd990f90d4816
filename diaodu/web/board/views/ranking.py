"""One indicator over the units below an org: map, ranking, small multiples."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from diaodu.web.board import queries
from diaodu.web.board.queries import map_charts, maps
from diaodu.web.board.queries import multiples as small
from diaodu.web.board.queries import ranking as places
from diaodu.web.board.views.asking import chosen_of, given, no_run, run_of
from diaodu.web.shared import clock
from diaodu.web.shared.charts import chart_book
from diaodu.web.shared.guard import DeskRequest, need


@require_safe
@need("view")
def rankings(request: DeskRequest) -> HttpResponseBase:
    """The way in, and where choosing leads: to the units below an org, or those beside it."""
    run = run_of(request)
    if run is None or not run.is_done:
        return no_run(request, run)
    asked = given(request)
    chosen = chosen_of(request, run, asked.get("org", ""))
    where, indicator = places.usual(chosen, request.access, clock.now(), asked.get("indicator", ""))
    if not indicator:
        choices = queries.choices(request.access, chosen)
        context = {"chosen": chosen, "link": chosen.link, "choices": choices}
        return render(request, "board/nothing_ranked.html", context)
    url = reverse("board:ranking", args=[where.org.id, indicator])
    return redirect(f"{url}?{chosen.link}")


@require_safe
@need("view")
def all_multiples(request: DeskRequest) -> HttpResponseBase:
    """The same for small multiples; without an indicator those of the org."""
    run = run_of(request)
    if run is None or not run.is_done:
        return no_run(request, run)
    asked = given(request)
    chosen = chosen_of(request, run, asked.get("org", ""))
    indicator = asked.get("indicator", "")
    if indicator in dict(places.options(chosen, request.access)):
        url = reverse("board:multiples", args=[chosen.org.id, indicator])
    else:
        url = reverse("board:multiples_of_org", args=[chosen.org.id])
    return redirect(f"{url}?{chosen.link}")


@require_safe
@need("view")
def ranking(request: DeskRequest, org: str, indicator: str) -> HttpResponseBase:
    """The map with the ranking beside it."""
    run = run_of(request)
    if run is None or not run.is_done:
        return no_run(request, run)
    chosen = chosen_of(request, run, org)
    found = places.ranking(chosen, request.access, clock.now(), indicator)
    kept = maps.standing_map(org)
    url = f"{request.path}?{chosen.link}"
    chart = map_charts.map_chart(chosen, found, kept, url)
    context = {
        "chosen": chosen, "found": found, "kept": kept, "chart": chart, "link": chosen.link,
        "off_map": map_charts.off_map(found, kept),
        "above": places.above_of(chosen, request.access),
        **_choosing(request, chosen), "options": found.options, "indicator": indicator,
        "action": reverse("board:rankings"),
    }  # fmt: skip
    return chart_book(request, [chart]) or render(request, "board/ranking.html", context)


@require_safe
@need("view")
def multiples(request: DeskRequest, org: str, indicator: str) -> HttpResponseBase:
    """One indicator month by month, a small chart a unit."""
    run = run_of(request)
    if run is None or not run.is_done:
        return no_run(request, run)
    chosen = chosen_of(request, run, org)
    url = f"{request.path}?{chosen.link}"
    found = small.of_indicator(chosen, request.access, clock.now(), indicator, url)
    return _multiples(request, chosen, found, indicator)


@require_safe
@need("view")
def multiples_of_org(request: DeskRequest, org: str) -> HttpResponseBase:
    """One org month by month, a small chart an indicator."""
    run = run_of(request)
    if run is None or not run.is_done:
        return no_run(request, run)
    chosen = chosen_of(request, run, org)
    url = f"{request.path}?{chosen.link}"
    found = small.of_org(chosen, request.access, clock.now(), url)
    return _multiples(request, chosen, found, "")


def _choosing(request: DeskRequest, chosen: queries.Chosen) -> dict[str, Any]:
    """Units stand beside the indicators, not beside the months."""
    found = queries.choices(request.access, chosen)
    return {"orgs": found.orgs, "choices": replace(found, orgs=[])}


def _multiples(
    request: DeskRequest, chosen: queries.Chosen, found: small.Multiples, indicator: str
) -> HttpResponseBase:
    context = {
        "chosen": chosen, "found": found, "indicator": indicator, "link": chosen.link,
        **_choosing(request, chosen), "options": places.options(chosen, request.access),
        "action": reverse("board:all_multiples"),
    }  # fmt: skip
    return chart_book(request, [found.chart]) or render(request, "board/multiples.html", context)
