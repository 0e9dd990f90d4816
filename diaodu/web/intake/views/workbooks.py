"""Workbooks: the pre-filled form out, a filled one or a unit's own table in, remarks back."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from diaodu.adapters.forms_excel import annotate, write_form
from diaodu.adapters.memory import all_kept
from diaodu.web.intake import actions, forms
from diaodu.web.intake.queries import sheets, workbooks
from diaodu.web.intake.queries.forms import Key
from diaodu.web.intake.queries.ledger import ledger_of
from diaodu.web.intake.views.answers import address
from diaodu.web.intake.views.sheet import page_context
from diaodu.web.shared import clock
from diaodu.web.shared.downloads import excel
from diaodu.web.shared.guard import signed_in
from diaodu.web.shared.paging import page_of

_A_PAGE = 200


@require_GET
@signed_in
@all_kept()
def download(request: HttpRequest, period: str, form: str, reporter: str) -> HttpResponseBase:
    loaded = sheets.return_for(request.access, Key(period, form, reporter))  # type: ignore[attr-defined]
    content = write_form(workbooks.form_sheet(loaded, ledger_of(loaded.form)))
    name = f"{loaded.form.reporter.name}{loaded.form.span}{loaded.form.title}.xlsx"
    return excel(name, content)


@require_POST
@signed_in
@all_kept()
def upload(request: HttpRequest, period: str, form: str, reporter: str) -> HttpResponse:
    """Read it and go to the difference; the draft is not touched. A file that cannot be taken is
    told beside the field it came in by."""
    loaded = sheets.to_fill(request.access, Key(period, form, reporter))  # type: ignore[attr-defined]
    sent = forms.UploadForm(request.POST, request.FILES)
    if sent.is_valid():
        file = sent.cleaned_data["file"]
        try:
            made = actions.upload(
                loaded=loaded, file_name=file.name, content=file.read(), by=request.user,
                at=clock.now(),
            )  # fmt: skip
        except ValidationError as error:
            sent.add_error("file", error)
        else:
            return redirect("intake:reading", *loaded.form.key, made.pk)
    context = {**page_context(request, loaded), "upload_form": sent}
    return render(request, "intake/form.html", context, status=422)


@require_GET
@signed_in
@all_kept()
def reading(request: HttpRequest, period: str, form: str, reporter: str, id: int) -> HttpResponse:
    """What was read, old beside new, before anything of it is taken: all that is wrong, and page by
    page what passed."""
    loaded = sheets.to_fill(request.access, Key(period, form, reporter))  # type: ignore[attr-defined]
    found = sheets.upload_of(loaded, id)
    now = clock.now()
    shown = workbooks.difference(loaded, ledger_of(loaded.form), found, now)
    return render(
        request, "intake/reading.html",
        {"shown": shown, "form": loaded.form, "key": loaded.form.key, "loaded": loaded,
         "page": page_of(request, shown.passed, _A_PAGE),
         "may_take": loaded.may_type(now) and found.taken_at is None},
    )  # fmt: skip


@require_POST
@signed_in
@all_kept()
def take(request: HttpRequest, period: str, form: str, reporter: str, id: int) -> HttpResponse:
    loaded = sheets.to_fill(request.access, Key(period, form, reporter))  # type: ignore[attr-defined]
    found = sheets.upload_of(loaded, id)
    sent = forms.SeenForm(request.POST)
    seen = sent.cleaned_data["seen"] if sent.is_valid() else 0
    try:
        saved = actions.take(
            form=loaded.form, upload=found, only=loaded.fillable, seen=seen, by=request.user,
            at=clock.now(),
        )  # fmt: skip
    except ValidationError as error:
        for told in error.messages:
            messages.error(request, told)
        return redirect("intake:reading", *loaded.form.key, id)
    messages.success(request, f"取了{len(saved.changed)}格，都在草稿里，还没有提交")
    for one in saved.conflicts:
        messages.warning(
            request,
            f"{one.label}：{one.by}刚改成“{one.theirs}”，文件里是“{one.yours}”，没有取，请选留哪一个",
        )
    return redirect(address(loaded.form.key))


@require_GET
@signed_in
@all_kept()
def annotated(
    request: HttpRequest, period: str, form: str, reporter: str, id: int
) -> HttpResponseBase:
    """The workbook as it came, with what was found at its cells."""
    loaded = sheets.to_fill(request.access, Key(period, form, reporter))  # type: ignore[attr-defined]
    found = sheets.upload_of(loaded, id)
    shown = workbooks.difference(loaded, ledger_of(loaded.form), found, clock.now())
    notes = workbooks.remarks_for(loaded.form, shown)
    content = annotate(bytes(found.content), notes, name=found.name)
    return excel(f"{found.name.rsplit('.', 1)[0]}（批注）.xlsx", content)
