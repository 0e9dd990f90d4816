"""What an address of the board asks for: the run, the org, the day."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpResponse
from django.shortcuts import render

from diaodu.web.board import queries
from diaodu.web.shared import clock
from diaodu.web.shared.guard import DeskRequest


def given(request: DeskRequest) -> Mapping[str, str]:
    return request.GET.dict()


def run_of(request: DeskRequest) -> queries.Run | None:
    return queries.run_of(request.access, given(request), clock.today())


def run_with_rows(request: DeskRequest) -> queries.Run:
    """404 where there is none, for what is part of a page or a file."""
    run = run_of(request)
    if run is None or not run.is_done:
        raise Http404("这次运行还没有结果")
    return run


def chosen_of(request: DeskRequest, run: queries.Run, org: str) -> queries.Chosen:
    """404 for an org outside the reader's view."""
    return queries.chosen(request.access, run, org, queries.day_of(given(request)))


def no_run(request: DeskRequest, run: queries.Run | None) -> HttpResponse:
    """The page that says why there is nothing to see."""
    asked = given(request)
    none = None if run else queries.none_stood(request.access, asked)
    newest = None if run or none else queries.run_of(request.access, {}, clock.today())
    context = {"run": run, "none": none, "month": queries.month_of(asked), "newest": newest}
    return render(request, "board/no_run.html", context)
