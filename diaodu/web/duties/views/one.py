"""The page of one duty, its acts and its proof."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from diaodu.adapters.proof_preview import Preview, preview_of
from diaodu.engine.ground.words import DUTY_ACT_NAMES, DutyAct
from diaodu.web.duties import actions, forms, queries
from diaodu.web.duties.models import Duty, Proof
from diaodu.web.shared import clock
from diaodu.web.shared.answers import status, told_at
from diaodu.web.shared.guard import DeskRequest, need

_SHOWN = {".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg"}
_KINDS = _SHOWN | {".jpeg": "image/jpeg"}


@require_safe
@need("view")
def duty(request: DeskRequest, id: int) -> HttpResponse:
    return _page(request, queries.duty_for(request.access, id))


def _page(
    request: DeskRequest, found: Duty, *, act: forms.ActForm | None = None,
    proof: forms.ProofForm | None = None, code: int = 200,
) -> HttpResponse:  # fmt: skip
    page = queries.page(found, request.access, clock.now())
    known = None
    if "reassign" in page.acts:
        known = forms.choices(request.access, clock.today())
    bound = act.act if act is not None else ""
    context: dict[str, Any] = {
        "page": page, "duty": found, "today": clock.today(), "opened": bound,
        "forms": [
            act if act is not None and one == bound
            else forms.ActForm(act=one, duty=found, known=known)
            for one, _ in page.named_acts
        ],
        "proof_form": proof or forms.ProofForm(asked=found.proof_asked),
        "lost": act if act is not None and bound not in page.acts else None,
    }  # fmt: skip
    return render(request, "duties/duty.html", context, status=code)


@require_POST
@need("view")
def do(request: DeskRequest, id: int, act: DutyAct) -> HttpResponse:
    """One act of the table. What is refused stands on the page with what was typed."""
    found = queries.duty_for(request.access, id)
    if act not in queries.BUTTONS:
        raise Http404
    known = forms.choices(request.access, clock.today()) if act == "reassign" else None
    form = forms.ActForm(request.POST, act=act, duty=found, known=known)
    if form.is_valid():
        try:
            _carry_out(found, act, form, request)
        except ValidationError as error:
            told_at(form, error)
        else:
            messages.success(request, f"已{DUTY_ACT_NAMES[act]}")
            return redirect("duties:duty", id)
    elif act not in queries.acts_for(request.access, found):
        raise PermissionDenied("这一步不归您办，或者现在不能办")
    return _page(request, queries.duty_for(request.access, id), act=form, code=422)


def _carry_out(found: Duty, act: DutyAct, form: forms.ActForm, request: DeskRequest) -> None:
    seen, at = form.cleaned_data["seen"], clock.now()
    if act == "issue":
        actions.issue(duty_id=found.pk, seen=seen, by=request.user, at=at)
    else:
        actions.do(duty_id=found.pk, act=act, given=form.given(), seen=seen, by=request.user, at=at)


@require_POST
@need("view")
def hand_in(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.duty_for(request.access, id)
    form = forms.ProofForm(request.POST, request.FILES, asked=found.proof_asked)
    if "note" not in queries.acts_for(request.access, found):
        raise PermissionDenied("凭证由主办、协办单位和督查交")
    if form.is_valid():
        try:
            _take_in(found, form, request)
        except ValidationError as error:
            told_at(form, error)
        else:
            messages.success(request, "凭证已收到；办完以后还要“反馈”")
            return redirect("duties:duty", id)
    return _page(request, found, proof=form, code=422)


def _take_in(found: Duty, form: forms.ProofForm, request: DeskRequest) -> None:
    told, by, at = form.cleaned_data, request.user, clock.now()
    sent = told["file"]
    if sent is not None:
        actions.hand_in_file(
            duty_id=found.pk, name=sent.name, content=sent.read(), proves=told["proves"], by=by,
            at=at,
        )  # fmt: skip
    elif told["kind"]:
        actions.hand_in_words(
            duty_id=found.pk, kind=told["kind"], name=told["name"], text=told["text"],
            proves=told["proves"], by=by, at=at,
        )  # fmt: skip
    else:
        raise ValidationError({"file": "请选一个文件；没有文件的，写明数据或网址"})


def _proof(request: DeskRequest, id: int) -> Proof:
    found = Proof.objects.select_related("by").filter(pk=id).first()
    if found is None:
        raise Http404
    queries.duty_for(request.access, found.duty_id)
    return found


@require_safe
@need("view")
def proof(request: DeskRequest, id: int) -> HttpResponseBase:
    """The file as it was handed in: a PDF or picture to be looked at, others to be kept."""
    found = _proof(request, id)
    if not found.file:
        raise Http404
    looked = found.ending in _KINDS and "keep" not in request.GET
    answer = FileResponse(
        found.file.open("rb"), as_attachment=not looked, filename=found.name,
        content_type=_KINDS[found.ending] if looked else "application/octet-stream",
    )  # fmt: skip
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_safe
@need("view")
def preview(request: DeskRequest, id: int) -> HttpResponse:
    """In the drawer beside the duty, or as the page with the drawer open."""
    found = _proof(request, id)
    shown = Preview()
    if found.ending in (".docx", ".xlsx"):
        with found.file.open("rb") as file:
            shown = preview_of(file.read(), found.ending)
    context = {"proof": found, "shown": shown, "is_picture": found.ending in _KINDS}
    if request.htmx:
        return render(request, "duties/parts/preview.html", context)
    return render(request, "duties/preview.html", context)


@require_POST
@need("view")
def take_back(request: DeskRequest, id: int) -> HttpResponse:
    found = _proof(request, id)
    try:
        actions.take_back(proof=found, by=request.user, at=clock.now())
    except ValidationError as error:
        for told in error.messages:
            messages.error(request, told)
    else:
        messages.success(request, f"“{found.name}”已撤回")
    return redirect("duties:duty", found.duty_id)


@require_http_methods(["GET", "POST"])
@need("assign")
def amend(request: DeskRequest, id: int) -> HttpResponse:
    """Change a draft, or what the unit handed back."""
    found = queries.duty_for(request.access, id)
    if "amend" not in queries.acts_for(request.access, found):
        raise PermissionDenied("交办以后的事项不能直接修改；可以改交、延期或撤销")
    known = forms.choices(request.access, clock.today())
    initial = forms.duty_values(found)
    form = forms.DutyForm(request.POST or None, known=known, initial=initial)
    if request.method == "POST" and form.is_valid():
        wanted = actions.Wanted(**form.wanted(), parent=found.parent_id)
        try:
            seen = int(request.POST.get("seen") or -1)
            actions.amend(
                duty_id=id, seen=seen, wanted=wanted, by=request.user, at=clock.now()
            )  # fmt: skip
        except ValidationError as error:
            told_at(form, error)
        else:
            messages.success(request, "已保存")
            return redirect("duties:duty", id)
    context = {"form": form, "duty": found, "heading": "修改交办事项"}
    return render(request, "duties/form.html", context, status=status(form))
