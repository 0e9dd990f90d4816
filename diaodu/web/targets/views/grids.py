"""The grid of one indicator, and what is typed into it."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from diaodu.engine.ground.words import KIND_NAMES, TIER_NAMES
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared import clock
from diaodu.web.shared.guard import DeskRequest, need
from diaodu.web.targets import actions, queries
from diaodu.web.targets.forms import CellsForm


@require_GET
@need("view")
def grid(request: DeskRequest, id: int, indicator: str, kind: str) -> HttpResponse:
    found = queries.version_for(request.access, id)
    _known(indicator, kind)
    shown = request.GET.get("units", queries.UNITS)
    tiers = [one for one in request.GET.getlist("tier") if one in TIER_NAMES]
    made = queries.grid(
        found, request.access, indicator=indicator, kind=kind,
        shown=shown if shown in queries.SHOWN else queries.UNITS, tiers=tiers,
    )  # fmt: skip
    context = {
        "grid": made, "version": found, "kind_name": KIND_NAMES[kind], "units": queries.SHOWN,
        "may_edit": found.is_draft and queries.may_target(request.access),
    }  # fmt: skip
    return render(request, "targets/grid.html", context)


@require_POST
@need("target")
def save(request: DeskRequest, id: int, indicator: str, kind: str) -> HttpResponse:
    found = queries.draft_to_edit(request.access, id)
    _known(indicator, kind)
    form = CellsForm(request.POST)
    if not form.is_valid():
        return _refused(request, [str(one) for some in form.errors.values() for one in some])
    try:
        saved = actions.save_cells(
            version=found, indicator=indicator, kind=kind, entered=form.cleaned_data["cells"],
            seen=form.cleaned_data["seen"], by=request.user, at=clock.now(),
        )  # fmt: skip
    except ValidationError as error:
        return _refused(request, error.messages)
    return _told(request, found, indicator, kind, saved)


def _told(
    request: DeskRequest, found: Any, indicator: str, kind: str, saved: actions.Saved
) -> HttpResponse:
    """What stands in the grid now, its faults, and what others changed meanwhile."""
    made = queries.grid(found, request.access, indicator=indicator, kind=kind)
    context = {
        "grid": made, "saved": saved, "now": clock.now(), "cells": _json(queries.cells_told(made)),
    }  # fmt: skip
    code = 409 if saved.conflicts else 200
    return render(request, "targets/parts/saved.html", context, status=code)


def _json(told: dict[str, list[str]]) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def _refused(request: DeskRequest, faults: list[str]) -> HttpResponse:
    return render(request, "targets/parts/saved.html", {"refused": faults}, status=422)


def _known(indicator: str, kind: str) -> None:
    if indicator not in rulebooks.current().indicators or kind not in KIND_NAMES:
        raise Http404
