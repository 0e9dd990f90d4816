"""The page of one form, and what is typed on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from diaodu.web.intake import actions, forms
from diaodu.web.intake.actions import Saved
from diaodu.web.intake.queries import page as pages
from diaodu.web.intake.queries import sheets
from diaodu.web.intake.queries.forms import Key
from diaodu.web.intake.views.answers import address
from diaodu.web.shared import clock
from diaodu.web.shared.guard import signed_in


@require_GET
@signed_in
def sheet(request: HttpRequest, period: str, form: str, reporter: str) -> HttpResponse:
    loaded = sheets.return_for(request.access, Key(period, form, reporter))  # type: ignore[attr-defined]
    return render(request, "intake/form.html", page_context(request, loaded))


@require_POST
@signed_in
def save(request: HttpRequest, period: str, form: str, reporter: str) -> HttpResponse:
    """Some cells, or all of them by the button. A conflict answers 409 and keeps what was typed
    on the page; the rest is saved all the same."""
    loaded = sheets.to_fill(request.access, Key(period, form, reporter))  # type: ignore[attr-defined]
    me = str(request.user.pk)
    if request.POST.get("user", me) != me:
        who = f"现在登录的是{request.user}，这一页是别人打开的，没有存。请刷新页面再填。"
        return _refused(request, loaded, [who])
    typed = forms.entered(request.POST, loaded.form, loaded.fillable)
    seen = forms.SeenForm({"seen": request.POST.get("version", "0")})
    version = seen.cleaned_data["seen"] if seen.is_valid() else 0
    answer = _fill(
        request, loaded,
        lambda now: actions.save_cells(
            form=loaded.form, entered=typed, seen=version, by=request.user, at=now
        ),
    )  # fmt: skip
    lost = forms.unasked(request.POST, loaded.form)
    if lost:
        messages.warning(
            request, f"报表的内容刚刚改过，有{lost}格这张表不再要，没有存；其余的已经存好"
        )
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
@signed_in
def undo(request: HttpRequest, period: str, form: str, reporter: str) -> HttpResponse:
    loaded = sheets.to_fill(request.access, Key(period, form, reporter))  # type: ignore[attr-defined]
    return _fill(
        request, loaded,
        lambda now: actions.undo(form=loaded.form, by=request.user, at=now),
    )  # fmt: skip


@require_POST
@signed_in
def none(request: HttpRequest, period: str, form: str, reporter: str) -> HttpResponse:
    """There is no figure: for one cell, or (no key) for all that are still empty."""
    loaded = sheets.to_fill(request.access, Key(period, form, reporter))  # type: ignore[attr-defined]
    sent = forms.NoneForm(request.POST)
    if not sent.is_valid():
        return _refused(
            request, loaded, [str(one) for each in sent.errors.values() for one in each]
        )
    chosen = sent.cleaned_data["keys"]
    keys = loaded.fillable & ({chosen} if chosen else set(loaded.form.cells))
    return _fill(
        request, loaded,
        lambda now: actions.declare_none(
            form=loaded.form, keys=sorted(keys), reason=sent.chosen, by=request.user, at=now
        ),
    )  # fmt: skip


@require_POST
@signed_in
def explain(request: HttpRequest, period: str, form: str, reporter: str) -> HttpResponse:
    loaded = sheets.to_fill(request.access, Key(period, form, reporter))  # type: ignore[attr-defined]
    sent = forms.ExplainForm(request.POST)
    if not sent.is_valid():
        return _refused(request, loaded, ["说明最多500个字，请写短一些"])
    return _fill(
        request, loaded,
        lambda now: actions.explain_finding(
            form=loaded.form, by=request.user, at=now, **sent.cleaned_data
        ),
    )  # fmt: skip


# -- answers --------------------------------------------------------------------------------------


def _fill(request: HttpRequest, loaded: sheets.Loaded, act: Callable[[Any], Saved]) -> HttpResponse:
    now = clock.now()
    try:
        saved = act(now)
    except ValidationError as error:
        return _refused(request, loaded, error.messages)
    if not getattr(request, "htmx", False) and not saved.conflicts:
        return redirect(address(loaded.form.key))
    fresh = sheets.Loaded(loaded.form, loaded.window, saved.sheet, loaded.access)
    context = page_context(request, fresh, saved)
    template = "intake/saved.html" if getattr(request, "htmx", False) else "intake/form.html"
    return render(request, template, context, status=409 if saved.conflicts else 200)


def _refused(request: HttpRequest, loaded: sheets.Loaded, told: list[str]) -> HttpResponse:
    """Nothing was done; what was typed stays on the page."""
    if getattr(request, "htmx", False):
        return render(request, "intake/refused.html", {"told": told}, status=422)
    context = page_context(request, sheets.return_for(loaded.access, loaded.form.key))
    return render(request, "intake/form.html", {**context, "told": told}, status=422)


def page_context(
    request: HttpRequest, loaded: sheets.Loaded, saved: Saved | None = None
) -> dict[str, Any]:
    now = clock.now()
    whole = saved is None or not getattr(request, "htmx", False)
    page = pages.page_of(loaded, now, saved.checked if saved else None, whole=whole)
    let_in = loaded.may_let_in
    return {
        "page": page, "form": loaded.form, "key": loaded.form.key, "loaded": loaded, "saved": saved,
        "now": now, "undoable": pages.last_save(loaded, request.user.pk) if page.can_type else None,
        "nil_form": forms.NoneForm(), "send_back_form": forms.SendBackForm(may_let_in=let_in),
        "reopen_form": forms.ReopenForm(may_let_in=let_in), "upload_form": forms.UploadForm(),
        "others_said": page.others_said(saved.others) if saved else "",
    }  # fmt: skip
