"""The grid of one indicator, and what is typed, pasted and spread in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from diaodu.adapters.targets_excel import FormError, read_form, write_form
from diaodu.engine.ground.words import KIND_NAMES, TIER_NAMES
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared import clock
from diaodu.web.shared.answers import told_at
from diaodu.web.shared.downloads import excel
from diaodu.web.shared.guard import DeskRequest, need
from diaodu.web.targets import actions, queries
from diaodu.web.targets.forms import AddLineForm, CellsForm, FileForm, PasteForm, SpreadForm
from diaodu.web.targets.queries.columns import WORDLESS
from diaodu.web.targets.queries.excel_form import form_of


@require_GET
@need("view")
def grid(request: DeskRequest, id: int, indicator: str, kind: str) -> HttpResponse:
    found = queries.version_for(request.access, id)
    return _page(request, found, indicator, kind, None)


def _page(
    request: DeskRequest, found: Any, indicator: str, kind: str, form: SpreadForm | None,
    adding: AddLineForm | None = None,
) -> HttpResponse:  # fmt: skip
    made = _grid(request, found, indicator, kind)
    may_edit = found.is_draft and queries.may_target(request.access)
    if may_edit and kind in WORDLESS:
        adding = adding or AddLineForm(orgs=_units(request))
    elif may_edit and form is None and made.blocks:
        form = SpreadForm(grid=made)
    context = {
        "grid": made, "version": found, "kind_name": KIND_NAMES[kind], "units": queries.SHOWN,
        "may_edit": may_edit, "form": form, "adding": adding,
        "in_words": kind in WORDLESS, "file_form": FileForm() if may_edit else None,
        "held": _held(found, made) if may_edit else None,
    }  # fmt: skip
    bound = [one for one in (form, adding) if one is not None and one.is_bound]
    return render(request, "targets/grid.html", context, status=422 if bound else 200)


def _held(found: Any, made: queries.Grid) -> queries.Held:
    told = {one.key for one in made.faults}
    return queries.held_in(found, made.indicator.id, made.kind, told, clock.now())


def _grid(request: DeskRequest, found: Any, indicator: str, kind: str) -> queries.Grid:
    _known(indicator, kind)
    shown = request.GET.get("units", queries.UNITS)
    tiers = [one for one in request.GET.getlist("tier") if one in TIER_NAMES]
    return queries.grid(
        found, request.access, indicator=indicator, kind=kind, tiers=tiers,
        shown=shown if shown in queries.SHOWN else queries.UNITS,
    )  # fmt: skip


@require_POST
@need("target")
def add_line(request: DeskRequest, id: int, indicator: str, kind: str) -> HttpResponse:
    """A target in words, of a kind that asks for no number."""
    found = queries.draft_to_edit(request.access, id)
    _known(indicator, kind)
    form = AddLineForm(request.POST, orgs=_units(request))
    if form.is_valid():
        try:
            made = actions.add_line(
                version=found, indicator=indicator, kind=kind, **form.cleaned_data,
                by=request.user, at=clock.now(),
            )  # fmt: skip
        except ValidationError as error:
            told_at(form, error)
        else:
            return redirect("targets:line", made.pk)
    return _page(request, found, indicator, kind, None, adding=form)


def _units(request: DeskRequest) -> list[tuple[str, str]]:
    found = [*queries.units(request.access, queries.UNITS)]
    found += queries.units(request.access, queries.DEPARTMENTS)[1:]
    return [(one.id, one.name) for one in found]


@require_POST
@need("target")
def save(request: DeskRequest, id: int, indicator: str, kind: str) -> HttpResponse:
    found = queries.draft_to_edit(request.access, id)
    _known(indicator, kind)
    form = CellsForm(request.POST)
    if not form.is_valid():
        return _refused(request, [str(one) for some in form.errors.values() for one in some])
    return _told(
        request, found, indicator, kind,
        lambda: actions.save_cells(
            version=found, indicator=indicator, kind=kind, entered=form.cleaned_data["cells"],
            seen=form.cleaned_data["seen"], by=request.user, at=clock.now(),
        ),
    )  # fmt: skip


@require_POST
@need("target")
def paste(request: DeskRequest, id: int, indicator: str, kind: str) -> HttpResponse:
    found = queries.draft_to_edit(request.access, id)
    _known(indicator, kind)
    form = PasteForm(request.POST)
    if not form.is_valid():
        return _refused(request, [str(one) for some in form.errors.values() for one in some])
    made = _grid(request, found, indicator, kind)
    orgs = [row.org for row in made.blocks[0].rows] if made.blocks else []
    return _told(
        request, found, indicator, kind,
        lambda: actions.paste(
            version=found, indicator=indicator, kind=kind, orgs=orgs, columns=made.columns,
            **form.cleaned_data, by=request.user, at=clock.now(),
        ),
    )  # fmt: skip


@require_POST
@need("target")
def undo_here(request: DeskRequest, id: int, indicator: str, kind: str) -> HttpResponse:
    """The newest change of the draft, wherever it was; the grid shows what stands now."""
    found = queries.draft_to_edit(request.access, id)
    _known(indicator, kind)
    return _told(
        request, found, indicator, kind,
        lambda: actions.undo(version=found, by=request.user, at=clock.now()),
    )  # fmt: skip


def _told(
    request: DeskRequest, found: Any, indicator: str, kind: str, act: Callable[[], Any]
) -> HttpResponse:
    """What came of an act: what stands in the grid now, its faults, what others changed."""
    try:
        done = act()
    except ValidationError as error:
        return _refused(request, error.messages)
    found.refresh_from_db(fields=["changes"])
    made = _grid(request, found, indicator, kind)
    saved = done.saved if isinstance(done, actions.Pasted) else done
    conflicts = saved.conflicts if isinstance(saved, actions.Saved) else ()
    context = {
        "grid": made, "now": clock.now(), "cells": _json(queries.cells_told(made)),
        "seen": found.changes, "conflicts": conflicts,
        "lost": done.lost if isinstance(done, actions.Pasted) else (),
        "undone": done if isinstance(done, str) else "", "held": _held(found, made),
    }  # fmt: skip
    return render(
        request, "targets/parts/saved.html", context, status=409 if conflicts else 200
    )  # fmt: skip


def _json(told: dict[str, list[str]]) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _refused(request: DeskRequest, faults: list[str]) -> HttpResponse:
    return render(request, "targets/parts/saved.html", {"refused": faults}, status=422)


@require_POST
@need("target")
def spread(request: DeskRequest, id: int, indicator: str, kind: str) -> HttpResponse:
    """Take the targets of a tier apart at one stroke; then the grid again."""
    found = queries.draft_to_edit(request.access, id)
    form = SpreadForm(request.POST, grid=_grid(request, found, indicator, kind))
    if form.is_valid():
        try:
            saved = _spread(request, found, indicator, kind, form.cleaned_data)
        except ValidationError as error:
            told_at(form, error)
        else:
            messages.success(request, f"已分好，改了{saved.changed}格；不对可以撤销")
            return redirect(_back(request, id, indicator, kind))
    return _page(request, found, indicator, kind, form)


def _spread(
    request: DeskRequest, found: Any, indicator: str, kind: str, given: dict[str, Any]
) -> actions.Saved:
    about = {
        "version": found, "indicator": indicator, "kind": kind, "tier": given["tier"],
        "by": request.user, "at": clock.now(),
    }  # fmt: skip
    what, _, way = given["what"].partition(":")
    if what == "months":
        return actions.spread_months(
            **about, orgs=given["orgs"], way=way, milestones=given["milestones"]
        )
    if what == "orgs":
        return actions.spread_orgs(**about, org=given["org"], way=way)
    return actions.copy_tier(**about, source=way)


def _back(request: DeskRequest, id: int, indicator: str, kind: str) -> str:
    asked = request.GET.urlencode()
    return reverse("targets:grid", args=[id, indicator, kind]) + (f"?{asked}" if asked else "")


# -- Excel -----------------------------------------------------------------------------------


@require_GET
@need("view")
def as_excel(request: DeskRequest, id: int, indicator: str, kind: str) -> HttpResponseBase:
    """The grid as a form with hidden keys; of a draft it can be filled and handed back."""
    found = queries.version_for(request.access, id)
    made = _grid(request, found, indicator, kind)
    name = f"{found.year}年{made.indicator.name}目标第{found.number}版.xlsx"
    return excel(name, write_form(form_of(made)))


@require_POST
@need("target")
def upload(request: DeskRequest, id: int, indicator: str, kind: str) -> HttpResponse:
    """The filled form: its cells go into the draft, what cannot be read is told on the page."""
    found = queries.draft_to_edit(request.access, id)
    made = _grid(request, found, indicator, kind)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, "没有选文件；请选择填好的表（.xlsx）")
        return redirect(_back(request, id, indicator, kind))
    try:
        read = read_form(form.cleaned_data["file"].read(), form_of(made))
        entered = [actions.Entered.at(key, text) for key, text in read.cells]
        saved = actions.save_cells(
            version=found, indicator=indicator, kind=kind, entered=entered, seen=read.seen,
            by=request.user, at=clock.now(), what=f"从Excel读入{len(entered)}格",
        )  # fmt: skip
    except (FormError, ValidationError) as error:
        for one in error.messages if isinstance(error, ValidationError) else [str(error)]:
            messages.error(request, one)
        return redirect(_back(request, id, indicator, kind))
    for clash in saved.conflicts:
        told = f"{clash.place}：下载以后{clash.by}改为{clash.theirs}"
        messages.warning(request, f"{told}，表里是{clash.yours or '空'}，没有动")
    for remark in read.remarks:
        messages.warning(request, remark)
    messages.success(request, f"读入{len(entered)}格，改了{saved.changed}格")
    return redirect(_back(request, id, indicator, kind))


def _known(indicator: str, kind: str) -> None:
    if indicator not in rulebooks.current().indicators or kind not in KIND_NAMES:
        raise Http404
