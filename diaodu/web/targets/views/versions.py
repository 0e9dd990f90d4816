"""The years, one version by indicator, beginning, locking, re-basing, comparing."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared import clock
from diaodu.web.shared.answers import act, status, told_at
from diaodu.web.shared.guard import DeskRequest, need
from diaodu.web.targets import actions, queries
from diaodu.web.targets.forms import BeginForm, ChooseForm, LockForm, ReasonForm

_MOST_EDITS = 20


@require_GET
@need("view")
def home(request: DeskRequest) -> HttpResponse:
    context = {
        "years": queries.years(request.access), "may_target": queries.may_target(request.access),
    }  # fmt: skip
    return render(request, "targets/home.html", context)


@require_http_methods(["GET", "POST"])
@need("target")
def new(request: DeskRequest) -> HttpResponse:
    initial = {"year": clock.today().year, "source": actions.RECEIVED}
    form = BeginForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.begin(**form.cleaned_data, by=request.user, at=clock.now())
        except ValidationError as error:
            told_at(form, error)
        else:
            return redirect("targets:version", made.pk)
    context = {"form": form, "heading": "拟定一年的目标"}
    return render(request, "targets/form.html", context, status=status(form))


@require_GET
@need("view")
def version(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.version_for(request.access, id)
    chosen = {
        "field": request.GET.get("field", ""),
        "wanted": request.GET.get("wanted", "").strip(),
    }
    if (grid := _asked_grid(request, found)) is not None:
        return grid
    may_edit = found.is_draft and queries.may_target(request.access)
    context = {
        "version": found, "tree": queries.tree(found, request.access, **chosen), **chosen,
        "may_edit": may_edit, "may_target": queries.may_target(request.access),
        "proposals": queries.proposals(found, request.access) if found.is_draft else (),
        "edits": found.edits.select_related("by")[:_MOST_EDITS] if may_edit else (),
        "choose": _chooser(request) if may_edit else None,
        "countdown": queries.countdown(found.year, request.access, clock.now()),
    }  # fmt: skip
    return render(request, "targets/version.html", context)


def _chooser(request: DeskRequest) -> ChooseForm:
    known = [(one.id, one.name) for one in rulebooks.current().indicators.values()]
    return ChooseForm(request.GET if "indicator" in request.GET else None, indicators=known)


def _asked_grid(request: DeskRequest, found: Any) -> HttpResponse | None:
    """The choice of an indicator leads to its grid."""
    if "indicator" not in request.GET:
        return None
    form = _chooser(request)
    if not form.is_valid():
        raise Http404
    return redirect("targets:grid", found.pk, form.cleaned_data["indicator"],
                    form.cleaned_data["kind"])  # fmt: skip


@require_GET
@need("view")
def received(request: DeskRequest, year: int) -> HttpResponse:
    """Version 0."""
    if not queries.belongs_here(request.access):
        raise Http404
    chosen = {
        "field": request.GET.get("field", ""),
        "wanted": request.GET.get("wanted", "").strip(),
    }
    context = {
        "year": year, "tree": queries.received_tree(year, request.access, **chosen), **chosen,
    }  # fmt: skip
    return render(request, "targets/received.html", context)


@require_http_methods(["GET", "POST"])
@need("target")
def lock(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.draft_to_edit(request.access, id)
    initial = {"seen": found.changes, "effective": clock.today(), "document": found.document}
    form = LockForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.lock(version=found, **form.cleaned_data, by=request.user, at=clock.now())
        except ValidationError as error:
            told_at(form, error)
        else:
            return redirect("targets:version", id)
    held = queries.obstacles(found, now=clock.now())
    context = {
        "form": form, "version": found, "obstacles": [one for one in held if one.refused],
        "remarks": [one for one in held if not one.refused],
    }  # fmt: skip
    return render(request, "targets/lock.html", context, status=status(form))


@require_POST
@need("target")
def rebase(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.draft_to_edit(request.access, id)
    try:
        made = actions.rebase(
            version=found, reason=_reason(request), by=request.user, at=clock.now()
        )
    except ValidationError as error:
        return act(request, _raise(error), "", "targets:version", id)
    return redirect("targets:version", made.pk)


def _raise(error: ValidationError) -> Any:
    def told() -> None:
        raise error

    return told


def _reason(request: DeskRequest) -> str:
    form = ReasonForm(request.POST)
    return str(form.cleaned_data["reason"]) if form.is_valid() else ""


@require_POST
@need("target")
def drop(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.draft_to_edit(request.access, id)
    reason = _reason(request)
    return act(
        request,
        lambda: actions.drop(version=found, reason=reason, by=request.user, at=clock.now()),
        f"{found}不用了", "targets:home",
    )  # fmt: skip


@require_POST
@need("target")
def undo(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.draft_to_edit(request.access, id)
    return act(
        request, lambda: actions.undo(version=found, by=request.user, at=clock.now()),
        "已撤销最近一次修改", "targets:version", id,
    )  # fmt: skip


@require_GET
@need("view")
def compare(request: DeskRequest, year: int) -> HttpResponse:
    """Two versions of a year, the newest with what it came from unless others are asked for;
    number 0 is what was received."""
    of_year = [one for one in queries.versions_for(request.access) if one.year == year]
    by_number = {one.number: one for one in of_year}
    two = _number(request, "two", max(by_number, default=0))
    second = by_number.get(two)
    one = _number(request, "one", second.base.number if second and second.base else 0)
    if not {one, two} <= {0, *by_number} or not queries.belongs_here(request.access):
        raise Http404
    found = queries.changes(by_number.get(one), second, year, request.access)
    context = {
        "year": year, "one": one, "two": two, "versions": of_year, "changes": found,
        "tally": queries.tally(found), "first": by_number.get(one), "second": second,
    }  # fmt: skip
    return render(request, "targets/compare.html", context)


def _number(request: DeskRequest, name: str, usual: int) -> int:
    text = request.GET.get(name, "")
    if not text:
        return usual
    if not text.isascii() or not text.isdecimal() or len(text) > 4:
        raise Http404
    return int(text)
