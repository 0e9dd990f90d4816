"""Workbooks: the pre-filled form out, a filled one or a unit's own table in, remarks back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from diaodu.web.intake.queries import sheets
from diaodu.web.intake.queries.forms import Key
from diaodu.web.intake.views.answers import address
from diaodu.web.shared.guard import signed_in


@require_GET
@signed_in
def download(request: HttpRequest, period: str, form: str, reporter: str) -> HttpResponseBase:
    loaded = sheets.return_for(request.access, Key(period, form, reporter))  # type: ignore[attr-defined]
    return redirect(address(loaded.form.key))


@require_POST
@signed_in
def upload(request: HttpRequest, period: str, form: str, reporter: str) -> HttpResponse:
    loaded = sheets.to_fill(request.access, Key(period, form, reporter))  # type: ignore[attr-defined]
    return redirect(address(loaded.form.key))


@require_GET
@signed_in
def reading(request: HttpRequest, period: str, form: str, reporter: str, id: int) -> HttpResponse:
    loaded = sheets.to_fill(request.access, Key(period, form, reporter))  # type: ignore[attr-defined]
    return redirect(address(loaded.form.key))


@require_POST
@signed_in
def take(request: HttpRequest, period: str, form: str, reporter: str, id: int) -> HttpResponse:
    loaded = sheets.to_fill(request.access, Key(period, form, reporter))  # type: ignore[attr-defined]
    return redirect(address(loaded.form.key))


@require_GET
@signed_in
def annotated(
    request: HttpRequest, period: str, form: str, reporter: str, id: int
) -> HttpResponseBase:
    loaded = sheets.to_fill(request.access, Key(period, form, reporter))  # type: ignore[attr-defined]
    return redirect(address(loaded.form.key))
