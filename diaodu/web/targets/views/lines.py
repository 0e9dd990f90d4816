"""One line: what it asks beside its numbers, and what its owner proposes."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from diaodu.web.shared import clock
from diaodu.web.shared.guard import DeskRequest, need
from diaodu.web.targets import actions, queries
from diaodu.web.targets.forms import LineForm, ProposeForm, ReasonForm, line_values
from diaodu.web.targets.views.answers import act, status, told_at


@require_http_methods(["GET", "POST"])
@need("view")
def line(request: DeskRequest, id: int) -> HttpResponse:
    if request.method == "GET":
        found = queries.line_for(request.access, id)
        return _page(request, found, LineForm(initial=line_values(found)), ProposeForm())
    found = queries.line_to_edit(request.access, id)
    form = LineForm(request.POST)
    if form.is_valid():
        try:
            actions.save_line(
                line=found, **form.cleaned_data, against=found.against, by=request.user,
                at=clock.now(),
            )  # fmt: skip
        except ValidationError as error:
            told_at(form, error)
        else:
            return redirect("targets:line", id)
    return _page(request, found, form, ProposeForm())


@require_POST
@need("propose")
def propose(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.line_to_propose(request.access, id)
    form = ProposeForm(request.POST)
    if form.is_valid():
        try:
            actions.propose(line=found, **form.cleaned_data, by=request.user, at=clock.now())
        except ValidationError as error:
            told_at(form, error)
        else:
            return redirect("targets:line", id)
    return _page(request, found, LineForm(initial=line_values(found)), form)


def _page(request: DeskRequest, found: Any, form: LineForm, proposing: ProposeForm) -> HttpResponse:
    context = {
        "line": queries.line_page(found, request.access), "form": form, "proposing": proposing,
        "may_edit": found.version.is_draft and queries.may_target(request.access),
        "may_propose": queries.may_propose(request.access, found),
    }  # fmt: skip
    bound = form if form.is_bound else proposing
    return render(request, "targets/line.html", context, status=status(bound))


@require_POST
@need("target")
def take(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.proposal_to_decide(request.access, id)
    return act(
        request, lambda: actions.take(proposal=found, by=request.user, at=clock.now()),
        "已采用，目标已改", "targets:version", found.version_id,
    )  # fmt: skip


@require_POST
@need("target")
def decline(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.proposal_to_decide(request.access, id)
    form = ReasonForm(request.POST)
    answer = form.cleaned_data["reason"] if form.is_valid() else ""
    return act(
        request,
        lambda: actions.decline(proposal=found, answer=answer, by=request.user, at=clock.now()),
        "已答复，没有采用", "targets:version", found.version_id,
    )  # fmt: skip
