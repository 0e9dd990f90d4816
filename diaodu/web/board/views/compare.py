"""比一比: two periods, two orgs or two runs side by side."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from diaodu.adapters.excel_out import write_sheets
from diaodu.web.board import queries
from diaodu.web.board.queries import comparing
from diaodu.web.board.views.asking import given, no_run, run_of
from diaodu.web.shared import clock
from diaodu.web.shared.downloads import excel
from diaodu.web.shared.guard import DeskRequest, need


def _kind(request: DeskRequest) -> str:
    kind = request.GET.get("kind", comparing.PERIODS)
    if kind not in comparing.KINDS:
        raise Http404("没有这种比法")
    return kind


@require_safe
@need("view")
def compare(request: DeskRequest) -> HttpResponse:
    """比一比; of one indicator alone where the address names one, to htmx as a part of its page."""
    kind, asked, access = _kind(request), given(request), request.access
    gone = comparing.without_run(access, kind, asked) if "on" not in asked else []
    run = queries.run_of(access, {}, clock.today()) if gone else run_of(request)
    if run is None or not run.is_done:
        return no_run(request, run)
    at = queries.chosen(access, run, asked.get("org", ""))
    sides = None if gone else comparing.sides_of(access, kind, asked, clock.today())
    named = [asked["indicator"]] if asked.get("indicator") else []
    found = comparing.compared(kind, *sides, access, clock.now(), named) if sides else None
    if request.htmx:
        return render(request, "board/parts/beside.html", {"found": found})
    all_lines = "all" in asked
    context = {
        "kind": kind, "kinds": comparing.KINDS, "chosen": at, "found": found, "all": all_lines,
        "options": comparing.options(access, kind, at), "choices": queries.choices(access, at),
        "lines": (found.lines if all_lines else found.differing) if found else [],
        "picked": comparing.picked(kind, *sides) if sides else (asked.get("a"), asked.get("b")),
        "gone": gone, "link": urlencode(_asked_again(kind, at, sides)),
    }  # fmt: skip
    return render(request, "board/compare.html", context)


def _asked_again(
    kind: str, at: queries.Chosen, sides: tuple[queries.Chosen, queries.Chosen] | None
) -> dict[str, str]:
    """What an address needs to show the same two again."""
    told = {"kind": kind, "org": at.org.id, "period": at.run.period, "run": at.run_value}
    if sides is not None:
        told["a"], told["b"] = comparing.picked(kind, *sides)
    return told


@require_safe
@need("view")
def compare_export(request: DeskRequest) -> HttpResponseBase:
    """All lines, those that do not differ too, with the reasons."""
    kind, access = _kind(request), request.access
    sides = comparing.sides_of(access, kind, given(request), clock.today())
    if sides is None:
        raise Http404("没有可比的两边")
    found = comparing.compared(kind, *sides, access, clock.now())
    org = "" if kind == comparing.ORGS else found.one.org.name
    title = f"{org}{found.heading}比较"
    file = BytesIO()
    write_sheets(
        queries.comparison_sheets(found), [], file, found.other.run.as_of, title=title,
        note=queries.sheet_note(found.other),
    )  # fmt: skip
    return excel(f"{title}.xlsx", file.getvalue())
