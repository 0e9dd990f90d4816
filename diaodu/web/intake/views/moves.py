"""From draft to accepted and back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from diaodu.web.intake import actions, forms
from diaodu.web.intake.queries import rights, sheets
from diaodu.web.intake.queries.forms import Key
from diaodu.web.intake.queries.windows import end_said
from diaodu.web.intake.views.answers import answer, came_from, faulty
from diaodu.web.shared import clock
from diaodu.web.shared.guard import signed_in


@require_POST
@signed_in
def submit(request: HttpRequest, period: str, form: str, reporter: str) -> HttpResponse:
    loaded = sheets.to_fill(request.access, Key(period, form, reporter))  # type: ignore[attr-defined]
    sent = forms.SeenForm(request.POST)
    if not sent.is_valid():
        return faulty(request, loaded.form.key, sent)
    return answer(
        request, loaded.form.key,
        lambda: actions.submit(
            form=loaded.form, by=request.user, at=clock.now(), **sent.cleaned_data
        ),
        "已提交",
    )  # fmt: skip


@require_POST
@signed_in
def sign(request: HttpRequest, period: str, form: str, reporter: str) -> HttpResponse:
    loaded = sheets.return_for(request.access, Key(period, form, reporter))  # type: ignore[attr-defined]
    places = rights.places_to_sign(loaded.access, loaded.form)
    if not places:
        raise PermissionDenied("这张表不用您签字")
    sent = forms.SeenForm(request.POST)
    if not sent.is_valid():
        return faulty(request, loaded.form.key, sent)
    return answer(
        request, loaded.form.key,
        lambda: actions.sign(
            form=loaded.form, places=places, by=request.user, at=clock.now(), **sent.cleaned_data
        ),
        "已签字",
    )  # fmt: skip


@require_POST
@signed_in
def send_back(request: HttpRequest, period: str, form: str, reporter: str) -> HttpResponse:
    loaded = sheets.to_send_back(request.access, Key(period, form, reporter))  # type: ignore[attr-defined]
    sent = forms.SendBackForm(request.POST, may_let_in=loaded.may_let_in)
    if not sent.is_valid():
        return faulty(request, loaded.form.key, sent)
    return answer(
        request, loaded.form.key,
        lambda: actions.send_back(
            form=loaded.form, reason=sent.cleaned_data["reason"],
            until=sent.cleaned_data.get("until"), by=request.user, at=clock.now(),
        ),
        "已退回",
    )  # fmt: skip


@require_POST
@signed_in
def accept(request: HttpRequest, period: str, form: str, reporter: str) -> HttpResponse:
    loaded = sheets.to_review(request.access, Key(period, form, reporter))  # type: ignore[attr-defined]
    sent = forms.SeenForm(request.POST)
    if not sent.is_valid():
        return faulty(request, loaded.form.key, sent)
    return answer(
        request, loaded.form.key,
        lambda: actions.accept(
            form=loaded.form, by=request.user, at=clock.now(), **sent.cleaned_data
        ),
        "已接收，数已入库",
    )  # fmt: skip


@require_POST
@signed_in
def reopen(request: HttpRequest, period: str, form: str, reporter: str) -> HttpResponse:
    loaded = sheets.to_reopen(request.access, Key(period, form, reporter))  # type: ignore[attr-defined]
    sent = forms.ReopenForm(request.POST, may_let_in=loaded.may_let_in)
    if not sent.is_valid():
        return faulty(request, loaded.form.key, sent)
    return answer(
        request, loaded.form.key,
        lambda: actions.reopen(
            form=loaded.form, reason=sent.cleaned_data["reason"],
            until=sent.cleaned_data.get("until"), by=request.user, at=clock.now(),
        ),
        "可以改数了，改好后重新提交；接收以前，原来的数仍然有效",
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def let_in(request: HttpRequest, period: str, form: str, reporter: str) -> HttpResponse:
    """A unit fills after its closing moment: asked beside the chase list, for those who see the
    state of a form and not what is in it, or on the form's own page."""
    loaded = sheets.to_let_in(request.access, Key(period, form, reporter))  # type: ignore[attr-defined]
    sent = forms.LetInForm(request.POST or None)
    back = came_from(request, _list_of(loaded.form.key))
    if request.method == "POST" and sent.is_valid():
        try:
            made = actions.grant_exception(
                form=loaded.form, by=request.user, at=clock.now(), **sent.cleaned_data
            )
        except ValidationError as error:
            sent.add_error("until", error)
        else:
            said = f"已准许{loaded.form.reporter.name}补报到{end_said(made.until)}"
            messages.success(request, said)
            return redirect(back)
    context = {
        "loaded": loaded, "form": loaded.form, "key": loaded.form.key, "let_in_form": sent,
        "back": back,
    }  # fmt: skip
    is_part = getattr(request, "htmx", False)
    template = "intake/parts/let_in.html" if is_part else "intake/let_in.html"
    return render(request, template, context, status=422 if sent.errors else 200)


def _list_of(key: Key) -> str:
    return f"{reverse('intake:home')}?period={key.period}#chase"
