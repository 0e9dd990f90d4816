"""Handing in a text, what was found in it, and taking it along as Word, Excel or JSON."""

from __future__ import annotations

from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diaodu.adapters.texts_in import TextError
from diaodu.web.bulletins import actions, queries
from diaodu.web.bulletins.forms import CheckForm
from diaodu.web.bulletins.models import Check
from diaodu.web.shared import clock
from diaodu.web.shared.guard import DeskRequest, need
from diaodu.web.shared.paging import page_of

_A_PAGE = 20


@require_http_methods(["GET", "POST"])
@need("view")
def home(request: DeskRequest) -> HttpResponse:
    runs = queries.runs_offered(request.access)
    posted = request.method == "POST"
    names = {key: one.name for key, one in runs.items()}
    sent = (request.POST, request.FILES) if posted else ()
    form = CheckForm(*sent, runs=names)
    if posted and form.is_valid():
        told = form.cleaned_data
        made = actions.check(
            name=told["name"], loaded=told["loaded"], content=told["content"],
            run=runs.get(told["run"]), by=request.user, at=clock.now(),
        )  # fmt: skip
        return redirect("bulletins:check", made.pk)
    page = page_of(request, queries.checks_of(request.user, clock.now()), _A_PAGE)
    return render(
        request, "bulletins/home.html",
        {"form": form, "page": page},
        status=422 if posted else 200,
    )  # fmt: skip


@require_GET
@need("view")
def check(request: DeskRequest, id: int) -> HttpResponse:
    found = _check(request, id)
    verdict = request.GET.get("verdict", "")
    sheet = queries.sheet(found, verdict, request.GET.get("page", "")) if found.is_done else None
    return render(request, "bulletins/check.html", {"check": found, "sheet": sheet})


@require_GET
@need("view")
def progress(request: DeskRequest, id: int) -> HttpResponse:
    """Asked for every second while a text is checked; reloads the page when that has ended."""
    found = _check(request, id)
    answer = render(request, "bulletins/parts/progress.html", {"check": found})
    if not found.is_open:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
@need("view")
def delete(request: DeskRequest, id: int) -> HttpResponse:
    found = _check(request, id)
    name = found.name
    actions.delete(check=found, by=request.user, at=clock.now())
    messages.success(request, f"“{name}”的校核已经删去，系统里不再有这份文稿")
    return redirect("bulletins:home")


@require_GET
@need("view")
def export(request: DeskRequest, id: int, kind: str) -> HttpResponse | FileResponse:
    """`?all=1`: the Word file with comments also where a figure agrees."""
    found = _check(request, id)
    if not found.is_done or kind not in queries.KINDS:
        raise Http404
    try:
        name, content = queries.exported(found, kind, everything=bool(request.GET.get("all")))
    except TextError as error:
        messages.error(request, f"{error}；请改用 Excel 或在网页上看")
        return redirect("bulletins:check", id)
    answer = FileResponse(
        BytesIO(content), as_attachment=True, filename=name, content_type=queries.KINDS[kind]
    )
    answer["Cache-Control"] = "no-store"
    return answer


def _check(request: DeskRequest, id: int) -> Check:
    found = queries.check_of(request.user, id, clock.now())
    if found is None:
        raise Http404
    return found
