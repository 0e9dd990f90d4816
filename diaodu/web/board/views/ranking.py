"""One indicator over the units below an org: map, ranking, small multiples."""

from __future__ import annotations

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
def ranking(request: DeskRequest, org: str, indicator: str) -> HttpResponseBase:
    """The map with the ranking beside it. `?indicator=` goes to the page of that one."""
    asked = given(request).get("indicator", "")
    run = run_of(request)
    if run is None or not run.is_done:
        return no_run(request, run)
    chosen = chosen_of(request, run, org)
    if asked and asked in chosen.rulebook.indicators and asked != indicator:
        return redirect(f"{reverse('board:ranking', args=[org, asked])}?{chosen.link}")
    found = places.ranking(chosen, request.access, clock.now(), indicator)
    kept = maps.standing_map(org)
    url = f"{request.path}?{chosen.link}"
    chart = map_charts.map_chart(chosen, found, kept, url)
    context = {
        "chosen": chosen, "found": found, "kept": kept, "chart": chart, "link": chosen.link,
        "off_map": map_charts.off_map(found, kept),
        "above": places.above_of(chosen, request.access),
        "choices": queries.choices(request.access, chosen, orgs=False),
    }  # fmt: skip
    return chart_book(request, [chart]) or render(request, "board/ranking.html", context)


@require_safe
@need("view")
def multiples(request: DeskRequest, org: str, indicator: str) -> HttpResponseBase:
    """One indicator month by month, a small chart a unit."""
    asked = given(request).get("indicator", "")
    run = run_of(request)
    if run is None or not run.is_done:
        return no_run(request, run)
    chosen = chosen_of(request, run, org)
    if asked and asked in chosen.rulebook.indicators and asked != indicator:
        return redirect(f"{reverse('board:multiples', args=[org, asked])}?{chosen.link}")
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


def _multiples(
    request: DeskRequest, chosen: queries.Chosen, found: small.Multiples, indicator: str
) -> HttpResponseBase:
    context = {
        "chosen": chosen, "found": found, "indicator": indicator, "link": chosen.link,
        "choices": queries.choices(request.access, chosen, orgs=False),
    }  # fmt: skip
    return chart_book(request, [found.chart]) or render(request, "board/multiples.html", context)
