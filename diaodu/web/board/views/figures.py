"""The pages a leader reads. Each loads a run and an org in the reader's view, or answers 404."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from diaodu.adapters.excel_out import Sheet, write_sheets
from diaodu.engine.report.material import whole
from diaodu.engine.report.workbook import Series
from diaodu.web.board import queries
from diaodu.web.board.views.asking import chosen_of, given, no_run, run_of, run_with_rows
from diaodu.web.shared import clock
from diaodu.web.shared.charts import chart_book
from diaodu.web.shared.downloads import excel
from diaodu.web.shared.guard import DeskRequest, need

_FILTERS = ("field", "owner", "light", "sort")


@require_safe
@need("view")
def table(request: DeskRequest) -> HttpResponse:
    """一张表."""
    run = run_of(request)
    if run is None or not run.is_done:
        return no_run(request, run)
    context = _table(request, run)
    context["choices"] = queries.choices(request.access, context["chosen"])
    return render(request, "board/table.html", context)


@require_safe
@need("view")
def table_body(request: DeskRequest) -> HttpResponse:
    """What filters change; the address becomes the page's own. A page that looks for news says
    what it has `seen`, and is sent nothing where there is none."""
    seen = request.GET.get("seen")
    run = run_of(request) if seen else None
    if seen and (run is None or not run.is_done or seen == queries.news_of(run, clock.now())):
        return HttpResponse(status=204)
    run = run or run_with_rows(request)
    context = _table(request, run)
    response = render(request, "board/parts/body.html", context)
    if not seen:
        response["HX-Push-Url"] = f"{reverse('board:table')}?{context['link']}"
    return response


def _table(request: DeskRequest, run: queries.Run) -> dict[str, Any]:
    asked = given(request)
    chosen = chosen_of(request, run, asked.get("org", ""))
    shown = queries.table(chosen, request.access, clock.now(), asked)
    filters = {name: asked.get(name, "") for name in _FILTERS}
    link = chosen.query(org=chosen.org.id, **filters)
    news = queries.news_of(run, clock.now()) if run.is_live else ""
    return {"chosen": chosen, "table": shown, "asked": filters, "link": link, "news": news}


@require_safe
@need("view")
def below(request: DeskRequest) -> HttpResponse:
    """Under 一张表: who of the units below is last in what."""
    chosen = chosen_of(request, run_with_rows(request), given(request).get("org", ""))
    lines = queries.of_children(chosen, request.access, clock.now())
    return render(request, "board/parts/below.html", {"lines": lines})


@require_safe
@need("view")
def export(request: DeskRequest) -> HttpResponseBase:
    """一张表 as an Excel workbook, with the filters and the order of the page."""
    run = run_with_rows(request)
    context = _table(request, run)
    chosen, board = context["chosen"], context["table"]
    sheets = queries.board_sheets(chosen, board)
    title = f"{chosen.org.name}{chosen.period}一张表"
    return _workbook(chosen, sheets, queries.board_series(board), title)


@require_safe
@need("view")
def indicator(request: DeskRequest, org: str, indicator: str) -> HttpResponseBase:
    """One indicator of one org."""
    run = run_of(request)
    if run is None or not run.is_done:
        return no_run(request, run)
    context = _indicator(request, run, org, indicator)
    book = chart_book(request, context["charts"].values())
    return book or render(request, "board/indicator.html", context)


@require_safe
@need("view")
def indicator_trace(request: DeskRequest, org: str, indicator: str) -> HttpResponse:
    """为什么是这个数: to htmx the drawer alone, else the page with the drawer open."""
    if request.htmx:
        chosen = chosen_of(request, run_with_rows(request), org)
        urls = _urls(chosen, org, indicator)
        why = _why(request, chosen, indicator)
        return render(request, "board/parts/why.html", {"chosen": chosen, "why": why, **urls})
    context = _indicator(request, run_with_rows(request), org, indicator)
    context["why"] = _why(request, context["chosen"], indicator)
    return render(request, "board/indicator.html", context)


@require_safe
@need("view")
def indicator_export(request: DeskRequest, org: str, indicator: str) -> HttpResponseBase:
    """The indicator page as an Excel workbook with its charts."""
    context = _indicator(request, run_with_rows(request), org, indicator)
    chosen, page = context["chosen"], context["page"]
    title = f"{chosen.org.name}{page.indicator.name}{page.period}"
    sheets = queries.indicator_sheets(chosen, page)
    return _workbook(chosen, sheets, [queries.series_of(page.row)], title)


def _indicator(request: DeskRequest, run: queries.Run, org: str, indicator: str) -> dict[str, Any]:
    access, chosen = request.access, chosen_of(request, run, org)
    page = queries.indicator_page(chosen, access, clock.now(), indicator)
    urls = _urls(chosen, org, indicator)
    charts = queries.indicator_charts(chosen, page, urls["page_url"])
    choices = queries.choices(access, chosen, orgs=False)
    return {
        "chosen": chosen, "page": page, "link": chosen.query(), "charts": charts,
        "pull_charts": [(one, charts[one.id]) for one in page.pulls],
        "may_note": access.may("note"),
        "note_url": reverse("board:note_new", args=[org, indicator]),
        "choices": choices,
        "other_runs": [one for one in choices.runs if one[0] != chosen.run_value],
        "upper": whole(chosen.ancestors[0]) if chosen.ancestors else "同级",
        **urls,
    }  # fmt: skip


def _why(request: DeskRequest, chosen: queries.Chosen, indicator: str) -> queries.Tree:
    measure = request.GET.get("measure", "")
    return queries.why_tree(chosen, request.access, clock.now(), indicator, measure)


def _urls(chosen: queries.Chosen, org: str, indicator: str) -> dict[str, str]:
    link = chosen.query()
    return {
        "page_url": f"{reverse('board:indicator', args=[org, indicator])}?{link}",
        "why_url": f"{reverse('board:indicator_trace', args=[org, indicator])}?{link}",
    }


def _workbook(
    chosen: queries.Chosen, sheets: list[Sheet], series: list[Series], title: str
) -> HttpResponseBase:
    file = BytesIO()
    day = chosen.run.as_of
    write_sheets(sheets, series, file, day, title=title, note=queries.sheet_note(chosen))
    return excel(f"{title}_{chosen.run.name}_截至{day.isoformat()}.xlsx", file.getvalue())
