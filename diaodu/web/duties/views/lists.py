"""The list with the reader's desk, boards, the chain of an indicator, exports, fragments."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from diaodu.adapters.table_xlsx import table_xlsx
from diaodu.engine.ground.words import DUTY_SOURCE_NAMES, DUTY_STATE_NAMES
from diaodu.web.duties import queries
from diaodu.web.people import queries as people
from diaodu.web.shared import clock
from diaodu.web.shared.downloads import excel
from diaodu.web.shared.guard import DeskRequest, need

_A_PAGE = 50
_MOST_EXPORTED = 20_000
HEADER = (
    "字号", "事项", "状态", "亮灯", "主办", "承办人", "协办", "来源", "来源的名称或文号",
    "分管领导", "交办日", "力争期限", "最晚期限", "反馈日", "销号日", "交办多少天", "要交的凭证",
    "依据的决定",
)  # fmt: skip


@require_safe
@need("view")
def home(request: DeskRequest) -> HttpResponse:
    """My desk beside the duties: open ones by state, or those that were asked for."""
    access, on = request.access, queries.standing(clock.today())
    asked = queries.Asked.of(request.GET.dict())
    context: dict[str, Any] = {
        "asked": asked, "desk": queries.desk(access, on), "today": clock.today(),
        "may_assign": access.may("assign"), "leaders": queries.leaders(access),
        "nobody": queries.NOBODY,
        "orgs": _orgs(request), "sources": DUTY_SOURCE_NAMES, "terms": queries.TERMS,
        "own_quotas": queries.own_quotas(access, clock.today()),
        "lights": queries.LIGHTS, "states": DUTY_STATE_NAMES, "link": request.GET.urlencode(),
    }  # fmt: skip
    if asked.is_grouped:
        context["groups"] = queries.groups(access, asked, on)
    else:
        context |= _page(request, asked, on)
    return render(request, "duties/home.html", context)


def _page(request: DeskRequest, asked: queries.Asked, on: queries.Standing) -> dict[str, Any]:
    """The page that was asked for; the last one where there are not so many."""
    told = request.GET.get("page", "")
    wanted = int(told) if told.isdecimal() and len(told) < 7 else 1

    def read(number: int) -> tuple[list[queries.DutyView], int]:
        first = _A_PAGE * (max(number, 1) - 1)
        return queries.page_of(request.access, asked, on, first=first, many=_A_PAGE)

    views, number = read(wanted)
    if not views and wanted > 1:
        number = queries.found(request.access, asked, on).count()
        views, _ = read(math.ceil(number / _A_PAGE))
    page = Paginator(range(number), _A_PAGE).get_page(wanted)
    return {"page": page, "views": views}


def _orgs(request: DeskRequest) -> list[tuple[str, str]]:
    mine = request.access.orgs("view") - request.access.public
    return [(id, name) for id, name in people.names().items() if id in mine]


@require_safe
@need("view")
def export(request: DeskRequest) -> HttpResponseBase:
    """The list with its filters, as an Excel table."""
    on = queries.standing(clock.today())
    asked = queries.Asked.of(request.GET.dict())
    found = queries.found(request.access, asked, on)
    rows = _rows(queries.shown(found[:_MOST_EXPORTED], on))
    note = f"督办清单，截至{clock.today():%Y年%-m月%-d日}"
    return excel(f"督办清单_{clock.today()}.xlsx", table_xlsx("督办清单", HEADER, rows, note))


def _rows(views: list[queries.DutyView]) -> Iterator[tuple[str | int, ...]]:
    names = people.names()
    for one in views:
        fact = one.fact
        yield (
            one.number, one.title, one.state_name, one.word, one.lead_name, fact.person,
            "、".join(names.get(org, org) for org in fact.supporting), one.source_name,
            fact.origin or "", fact.leader or "", *map(_said, (
                fact.issued, fact.best, fact.latest, fact.answered, fact.closed,
            )), "" if one.age is None else one.age, "、".join(fact.proof_asked),
            fact.decision or "",
        )  # fmt: skip


def _said(day: date | None) -> str:
    return day.isoformat() if day else ""


@require_safe
@need("view")
def facts(request: DeskRequest) -> HttpResponse:
    """Duty facts for `diaodu month … --duties FILE.json`, with the run's number."""
    year = date(clock.today().year, 1, 1)
    answer = HttpResponse(
        queries.handed(request.access, clock.now(), since=year), content_type="application/json"
    )
    answer["Content-Disposition"] = 'attachment; filename="duties.json"'
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
@need("view")
def boards(request: DeskRequest) -> HttpResponse:
    """By unit, leader, source, light or age: how many went which way."""
    today = clock.today()
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    sinces = {
        "quarter": ("本季度交办的", quarter), "year": ("今年交办的", date(today.year, 1, 1)),
        "last": ("去年以来交办的", date(today.year - 1, 1, 1)),
    }  # fmt: skip
    since = request.GET.get("since", "")
    since = since if since in sinces else "year"
    by = request.GET.get("by", "")
    by = by if by in queries.BY else "org"
    board = queries.board(request.access, queries.standing(today), by, sinces[since][1])
    context = {
        "board": board, "by": by, "since": since, "bys": queries.BY, "today": today,
        "sinces": {name: words for name, (words, _) in sinces.items()},
    }  # fmt: skip
    return render(request, "duties/boards.html", context)


@require_safe
@need("view")
def chain(request: DeskRequest, org: str, indicator: str) -> HttpResponse:
    found = queries.chain(request.access, clock.now(), indicator=indicator, org=org)
    context = {"chain": found, "org": org, "indicator": indicator}
    return render(request, "duties/chain.html", context)


@require_safe
@need("view")
def of_figure(request: DeskRequest, org: str, indicator: str) -> HttpResponse:
    """A fragment for the page of an indicator."""
    found = queries.for_figure(request.access, clock.today(), indicator=indicator, org=org)
    draft = f"{reverse('duties:new')}?org={org}&indicator={indicator}"
    context = {
        "views": found, "org": org, "indicator": indicator, "draft": draft,
        "may_assign": request.access.may("assign"),
        "behind": request.GET.get("light") == "behind",
    }  # fmt: skip
    return render(request, "duties/parts/of_figure.html", context)


@require_safe
@need("view")
def summary(request: DeskRequest) -> HttpResponse:
    """交办落实: a fragment for the page that leaders open first."""
    found = queries.desk(request.access, queries.standing(clock.today()))
    return render(request, "duties/parts/summary.html", {"desk": found})
