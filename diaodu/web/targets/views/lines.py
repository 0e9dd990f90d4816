"""One line: what it asks beside its numbers, and what its owner proposes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from diaodu.engine.compute import years_ahead
from diaodu.engine.ground.words import TIER_NAMES
from diaodu.web.shared import clock
from diaodu.web.shared.answers import act, told_at
from diaodu.web.shared.guard import DeskRequest, need
from diaodu.web.targets import actions, queries
from diaodu.web.targets.forms import (
    LineForm,
    MarginForm,
    PartForm,
    PathForm,
    ProposeForm,
    ReasonForm,
    SupportForm,
    line_values,
)


@require_http_methods(["GET", "POST"])
@need("view")
def line(request: DeskRequest, id: int) -> HttpResponse:
    if request.method == "GET":
        found = queries.line_for(request.access, id)
        return _page(request, found)
    found = queries.line_to_edit(request.access, id)
    form = LineForm(request.POST, line=found)
    if form.is_valid():
        try:
            actions.save_line(line=found, **form.cleaned_data, by=request.user, at=clock.now())
        except ValidationError as error:
            told_at(form, error)
        else:
            return redirect("targets:line", id)
    return _page(request, found, form=form)


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
    return _page(request, found, proposing=form)


@require_http_methods(["GET", "POST"])
@need("view")
def path(request: DeskRequest, id: int) -> HttpResponse:
    """A goal some years away, taken back to this year's target; a draft takes the year's number."""
    is_post = request.method == "POST"
    found = (queries.line_to_edit if is_post else queries.line_for)(request.access, id)
    if found.kind != "level":
        raise Http404
    year = found.version.year
    initial = {
        "base": queries.base_of(found, request.access, clock.now()),
        "since": year - 1,
        "until": year + 2,
    }
    given = request.POST if is_post else request.GET
    form = PathForm(given if "base" in given else None, initial=initial)
    years = _years(form, found) if form.is_bound and form.is_valid() else []
    own = next((one for one in years if one.year == year), None)
    if is_post and own is not None:
        return _take_year(request, found, own)
    context = {
        "form": form, "line": found, "name": queries.name_of(found.indicator), "years": years,
        "tier": TIER_NAMES[found.tier], "own": own,
        "may_edit": found.version.is_draft and queries.may_target(request.access),
    }  # fmt: skip
    refused = is_post or bool(form.errors)
    return render(request, "targets/path.html", context, status=422 if refused else 200)


def _years(form: PathForm, line: Any) -> list[years_ahead.PathYear]:
    given = form.cleaned_data
    decimals = queries.decimals_in(line, given["base"], given["goal"] or Decimal(0))
    try:
        return years_ahead.path(
            base=given["base"], factor=given["factor"], since=given["since"],
            until=given["until"], decimals=decimals,
        )  # fmt: skip
    except ValueError:
        form.add_error("base", "路上的数小到印不出来；请换一个小一点的计量单位")
        return []


def _take_year(request: DeskRequest, found: Any, own: years_ahead.PathYear) -> HttpResponse:
    entered = [actions.Entered(found.tier, str(found.org_id), queries.WHOLE, f"{own.value:f}")]
    told = f"{own.year}年的目标已改为{own.value:f}{found.unit}，不对可以撤销"
    return act(
        request,
        lambda: actions.save_cells(
            version=found.version, indicator=found.indicator, kind=found.kind, entered=entered,
            seen=0, by=request.user, at=clock.now(), what=f"多年路径：{own.year}年{own.value:f}",
        ),
        told, "targets:line", found.pk,
    )  # fmt: skip


@require_POST
@need("target")
def margin(request: DeskRequest, id: int) -> HttpResponse:
    form = MarginForm(request.POST)
    return _beside(
        request, id, form, "margin",
        lambda line, given: actions.set_margin(
            line=line, split=given["by"], value=given["value"], reason=given["reason"],
            by=request.user, at=clock.now(),
        ),
    )  # fmt: skip


@require_POST
@need("target")
def part(request: DeskRequest, id: int) -> HttpResponse:
    form = PartForm(request.POST)
    return _beside(
        request, id, form, "part",
        lambda line, given: actions.add_part(
            line=line, split=given["by"], name=given["name"], value=given["value"],
            by=request.user, at=clock.now(),
        ),
    )  # fmt: skip


@require_POST
@need("target")
def support(request: DeskRequest, id: int) -> HttpResponse:
    form = SupportForm(request.POST)
    return _beside(
        request, id, form, "support",
        lambda line, given: actions.add_support(
            line=line, **given, by=request.user, at=clock.now()
        ),
    )  # fmt: skip


def _beside(
    request: DeskRequest, id: int, form: Form, name: str, act_on: Callable[[Any, Any], Any]
) -> HttpResponse:
    """What is added to a line beside its numbers; faults stand at their fields."""
    found = queries.line_to_edit(request.access, id)
    if form.is_valid():
        try:
            act_on(found, form.cleaned_data)
        except ValidationError as error:
            told_at(form, error)
        else:
            return redirect("targets:line", id)
    return _page(request, found, **{name: form})


@require_POST
@need("target")
def drop_part(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.part_to_edit(request.access, id)
    return act(
        request, lambda: actions.drop_part(part=found, by=request.user, at=clock.now()),
        f"已删去{found.name}", "targets:line", found.line_id,
    )  # fmt: skip


@require_POST
@need("target")
def drop_support(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.support_to_edit(request.access, id)
    return act(
        request, lambda: actions.drop_support(support=found, by=request.user, at=clock.now()),
        f"已删去{found.name}", "targets:line", found.line_id,
    )  # fmt: skip


def _page(request: DeskRequest, found: Any, **bound: Form) -> HttpResponse:
    """`bound`: the form that was sent and refused, by its name."""
    forms = {
        "form": LineForm(initial=line_values(found), line=found), "proposing": ProposeForm(),
        "margin": MarginForm(), "part": PartForm(), "support": SupportForm(), **bound,
    }  # fmt: skip
    context = {
        **forms, "line": queries.line_page(found, request.access, clock.now()),
        "may_edit": found.version.is_draft and queries.may_target(request.access),
        "may_propose": queries.may_propose(request.access, found),
    }  # fmt: skip
    return render(request, "targets/line.html", context, status=422 if bound else 200)


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
