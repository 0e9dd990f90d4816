"""Changing what is on file: corrections and imports."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from diaodu.engine.ground.records import Finding
from diaodu.web.figures import actions, queries
from diaodu.web.figures.forms import CorrectForm, ImportForm
from diaodu.web.figures.models import ImportBatch, ImportFile, Observation
from diaodu.web.shared import clock
from diaodu.web.shared.guard import DeskRequest, need
from diaodu.web.shared.paging import page_of

_A_PAGE = 30
_FINDINGS_A_PAGE = 100


# -- correction ----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@need("view")
def correct(request: DeskRequest, id: int) -> HttpResponse:
    row = _correctable(request, id)
    posted = request.method == "POST"
    form = CorrectForm(request.POST if posted else None, row=row)
    status = 422 if posted else 200
    if posted and form.is_valid():
        try:
            made = _correct(request, row, form)
        except ValidationError as error:
            form.add_error(None, error)
            status = 422 if _stands(row) else 409
        else:
            messages.success(request, "已经更正，原来的数留在版次里。")
            return redirect("figures:figure", made.pk)
    told = queries.Teller(clock.now()).tell(row)
    return render(
        request, "figures/correct.html", {"form": form, "row": row, "told": told}, status=status
    )


def _correct(request: DeskRequest, row: Observation, form: CorrectForm) -> Observation:
    told = form.cleaned_data
    return actions.correct(
        row=row.pk, value=told["value"], word=told["word"] or None, by=request.user,
        at=clock.now(), reason=told["reason"], document=told["document"],
        value_given=form.data["value"].strip(),
    )  # fmt: skip


def _correctable(request: DeskRequest, id: int) -> Observation:
    """What the reader may see and correct. A figure that one reports oneself goes through 报送,
    where somebody else accepts it."""
    try:
        row = queries.one(request.access, clock.now(), id)
    except Observation.DoesNotExist:
        raise Http404 from None
    if not queries.may_change(request.access, "correct")(row.org_id, row.indicator):
        raise PermissionDenied("您没有更正这个数的权限")
    if request.access.may("fill", org=row.org_id, indicator=row.indicator):
        raise PermissionDenied("这个数由您自己填报，请在“报送”里改，由审核的人接收")
    return row


def _stands(row: Observation) -> bool:
    return queries.standing(pk=row.pk).exists()


# -- import --------------------------------------------------------------------------------------


@require_GET
@need("import")
def imports(request: DeskRequest) -> HttpResponse:
    page = page_of(request, queries.batches(request.access), _A_PAGE)
    return render(request, "figures/imports.html", {"page": page})


@require_http_methods(["GET", "POST"])
@need("import")
def new_import(request: DeskRequest) -> HttpResponse:
    posted = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if posted else ImportForm()
    if form.is_valid():
        told = form.cleaned_data
        try:
            made = actions.open_import(
                files=told["files"], received=told["received"], by=request.user, at=clock.now(),
                document=told["document"], reason=told["reason"],
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("figures:batch", made.pk)
    return render(request, "figures/new_import.html", {"form": form}, status=422 if posted else 200)


@require_GET
@need("import")
def batch(request: DeskRequest, id: int) -> HttpResponse:
    found = _batch(request, id)
    findings = [Finding._make(one) for one in found.findings]
    findings.sort(key=lambda one: (one.severity != "hard", one.file, one.sheet, one.cell))
    page = page_of(request, findings, _FINDINGS_A_PAGE)
    return render(request, "figures/batch.html", {**_progress(found), "page": page})


@require_GET
@need("import")
def progress(request: DeskRequest, id: int) -> HttpResponse:
    """A fragment that asks again while the batch is read; then the page is shown anew."""
    found = _batch(request, id)
    answer = render(request, "figures/parts/progress.html", _progress(found))
    if found.state not in actions.OPEN:
        answer["HX-Refresh"] = "true"
    return answer


@require_GET
@need("import")
def file(request: DeskRequest, id: int) -> HttpResponseBase:
    """The file as it came."""
    try:
        found = queries.batch_file(request.access, id)
    except ImportFile.DoesNotExist:
        raise Http404 from None
    if not default_storage.exists(actions.stored(found.sha256)):
        raise Http404
    content = default_storage.open(actions.stored(found.sha256))
    answer = FileResponse(content, as_attachment=True, filename=found.name.rpartition("/")[2])
    answer["Content-Type"] = "application/octet-stream"
    answer["Cache-Control"] = "no-store"
    return answer


def _batch(request: DeskRequest, id: int) -> ImportBatch:
    try:
        return queries.batch(request.access, id)
    except ImportBatch.DoesNotExist:
        raise Http404 from None


def _progress(found: ImportBatch) -> dict[str, Any]:
    return {"batch": found, "open": found.state in actions.OPEN, "files": found.files.all()}
