"""Maps of units: putting one up, looking at it, taking it out of use."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from diaodu.web.board import actions
from diaodu.web.board.forms.maps import MapForm, ReasonForm
from diaodu.web.board.queries import map_charts
from diaodu.web.board.queries import maps as kept
from diaodu.web.shared import clock
from diaodu.web.shared.guard import DeskRequest, need


@require_http_methods(["GET", "HEAD", "POST"])
@need("people")
def maps(request: DeskRequest) -> HttpResponse:
    """All versions, and the form for a new one."""
    posted = request.method == "POST"
    orgs = kept.keepable(request.access)
    form = MapForm(orgs, request.POST, request.FILES) if posted else MapForm(orgs)
    if posted and form.is_valid():
        made = _saved(request, form)
        if made is not None:
            messages.success(request, f"{made.org.name}的地图第{made.number}版已启用")
            return redirect("board:map", made.pk)
    context = {"form": form, "maps": kept.maps(request.access), "orgs": orgs}
    return render(request, "board/maps.html", context, status=422 if posted else 200)


def _saved(request: DeskRequest, form: MapForm) -> Any:
    """The new version; None where it does not fit, with every reason at the file."""
    given = form.cleaned_data
    try:
        return actions.save_map(
            org=given["org"], file=given["file"].name, content=given["file"].read(),
            sketch=given["sketch"], note=given["note"], without=given["without"],
            by=request.user, at=clock.now(),
        )  # fmt: skip
    except ValidationError as refused:
        form.add_error("file", refused)
        return None


@require_safe
@need("people")
def one_map(request: DeskRequest, id: int) -> HttpResponse:
    """One version, drawn without figures."""
    found = _map(request, id)
    context = {"map": found, "chart": map_charts.plain_chart(found, request.path)}
    return render(request, "board/map.html", context)


@require_safe
@need("people")
def map_file(request: DeskRequest, id: int) -> HttpResponse:
    """What was taken over, as GeoJSON, its areas named by the orgs' ids."""
    found = _map(request, id)
    text = json.dumps(kept.features(found.shapes), ensure_ascii=False)
    answer = HttpResponse(text, content_type="application/geo+json")
    name = f"map-{found.org_id}-{found.number}.geojson"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_POST
@need("people")
def withdraw_map(request: DeskRequest, id: int) -> HttpResponse:
    found = _map(request, id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "没有停用：请写明原因")
        return redirect("board:map", id)
    try:
        actions.withdraw_map(
            made=found, reason=form.cleaned_data["reason"], by=request.user, at=clock.now()
        )
    except ValidationError as refused:
        messages.error(request, "；".join(refused.messages))
        return redirect("board:map", id)
    messages.success(request, f"第{found.number}版已停用，改用前一版；没有前一版的，一个单位一格")
    return redirect("board:maps")


def _map(request: DeskRequest, id: int) -> Any:
    found = kept.map_for(request.access, id)
    if found is None:
        raise Http404("没有这一版地图")
    return found
