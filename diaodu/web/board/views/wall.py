"""大屏: one page for a screen on the wall, which looks for news by itself."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from diaodu.web.board import queries
from diaodu.web.board.forms.wall import WallForm
from diaodu.web.board.queries import wall as shown
from diaodu.web.board.views.asking import chosen_of, given, no_run, run_of
from diaodu.web.shared import clock
from diaodu.web.shared.answers import status
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


@require_safe
@need("view")
def choose(request: DeskRequest) -> HttpResponse:
    """选指标: leads to the address of the wall that was chosen. A wall follows the newest run."""
    run = run_of(request)
    if run is None or not run.is_done:
        return no_run(request, run)
    chosen = chosen_of(request, run, request.GET.get("org", ""))
    offer = shown.offered(chosen, request.access, clock.now())
    form = _form(request, offer)
    if form.is_bound and form.is_valid():
        return redirect(_address(request, form))
    context = {
        "chosen": chosen, "choices": queries.choices(request.access, chosen), "offer": offer,
        "form": form, "figures": shown.FIGURES,
    }  # fmt: skip
    return render(request, "board/wall_choose.html", context, status=status(form))


def _form(request: DeskRequest, offer: shown.Offer) -> WallForm:
    """What was sent; else what the wall one comes from shows."""
    asked = given(request)
    if "go" in asked:
        return WallForm(offer.figures, offer.maps, offer.ranks, asked)
    at = enumerate(shown.shown_of(asked)[: shown.FIGURES], start=1)
    initial = {f"figure{number}": id for number, id in at}
    initial |= {name: asked[name] for name in ("map", "rank") if name in asked}
    return WallForm(offer.figures, offer.maps, offer.ranks, initial=initial)


def _address(request: DeskRequest, form: WallForm) -> str:
    told = {
        "org": request.GET.get("org", ""), "show": ",".join(form.figures()),
        "map": form.cleaned_data["map"], "rank": form.cleaned_data["rank"],
    }  # fmt: skip
    query = urlencode({name: value for name, value in told.items() if value}, safe=",")
    return f"{reverse('board:wall')}?{query}" if query else reverse("board:wall")


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
