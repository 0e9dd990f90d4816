"""Rules in the browser: versions, their parts and entries, import, comparison, publishing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diaodu.web.rulebooks import actions, queries
from diaodu.web.rulebooks.forms import PublishForm, UploadForm
from diaodu.web.rulebooks.models import Version
from diaodu.web.shared import clock
from diaodu.web.shared.guard import need
from diaodu.web.shared.paging import page_of

_A_PAGE = 100
_VERSIONS_A_PAGE = 30


@require_GET
@need("view", "rulebook")
def home(request: HttpRequest) -> HttpResponse:
    held = queries.published().select_related("published_by").first()
    page = page_of(request, _seen(request), _VERSIONS_A_PAGE)
    shown = {
        "held": held, "page": page, "may_edit": _may_edit(request),
        "parts": queries.parts(queries.rulebook_of(held.id)) if held else [],
    }  # fmt: skip
    return render(request, "rulebooks/home.html", shown)


@require_http_methods(["GET", "POST"])
@need("rulebook")
def upload(request: HttpRequest) -> HttpResponse:
    posted = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if posted else UploadForm()
    faults: tuple[Any, ...] = ()
    if form.is_valid():
        files = form.whole if form.whole is not None else _patched(form.single)
        done = actions.import_files(
            files=files, by=request.user, at=clock.now(), note=form.cleaned_data["note"]
        )
        if done.version is not None:
            if done.again:
                messages.warning(request, f"与{done.version}完全相同，没有再存一份。")
            return redirect("rulebooks:version", done.version.pk)
        faults = done.faults
    return render(
        request, "rulebooks/import.html", {"form": form, "faults": faults},
        status=422 if posted else 200,
    )  # fmt: skip


@require_GET
@need("view", "rulebook")
def version(request: HttpRequest, id: int) -> HttpResponse:
    return _version_page(request, _version(request, id), PublishForm())


@require_GET
@need("view", "rulebook")
def part(request: HttpRequest, id: int, part: str) -> HttpResponse:
    found = _version(request, id)
    if part not in queries.PARTS:
        raise Http404
    wanted = request.GET.get("q", "").strip()[:50]
    rulebook = queries.rulebook_of(found.id)
    entries = queries.entries(rulebook, part, wanted)
    page = page_of(request, entries, _A_PAGE)
    rows = [
        (one, [line for line in queries.lines(rulebook, one.model) if line.text != one.title])
        for one in page
    ]
    shown = {
        "version": found, "part": part, "title": queries.PARTS[part], "page": page, "rows": rows,
        "wanted": wanted, "parts": queries.parts(rulebook),
    }  # fmt: skip
    return render(request, "rulebooks/part.html", shown)


@require_GET
@need("view", "rulebook")
def entry(request: HttpRequest, id: int, part: str, entry: str) -> HttpResponse:
    found = _version(request, id)
    rulebook = queries.rulebook_of(found.id)
    one = queries.entry(rulebook, part, entry) if part in queries.PARTS else None
    if one is None:
        raise Http404
    shown = {
        "version": found, "part": part, "title": queries.PARTS[part], "entry": one,
        "lines": queries.lines(rulebook, one.model), "history": queries.history(part, entry),
        "dependents": queries.dependents(rulebook, part, entry), "kinds": queries.PARTS,
        "runs": _runs_of(found),
    }  # fmt: skip
    return render(request, "rulebooks/entry.html", shown)


@require_GET
@need("view", "rulebook")
def export(request: HttpRequest, id: int) -> HttpResponse:
    found = _version(request, id)
    name = f"rulebook-{found.number or f'draft{found.id}'}.zip"
    return HttpResponse(
        queries.export_zip(found.id), content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip


@require_POST
@need("rulebook")
def publish(request: HttpRequest, id: int) -> HttpResponse:
    found = _version(request, id)
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _version_page(request, found, form, status=422)
    try:
        done = actions.publish(
            version_id=found.id, by=request.user, at=clock.now(), **form.cleaned_data
        )
    except ValidationError as error:
        again = PublishForm(initial={"note": form.cleaned_data["note"]})
        messages.error(request, "；".join(error.messages))
        return _version_page(request, queries.version(id), again, status=409)
    messages.success(request, f"{done}已经发布，从现在起按它计算。")
    return redirect("rulebooks:version", done.pk)


@require_POST
@need("rulebook")
def discard(request: HttpRequest, id: int) -> HttpResponse:
    found = _version(request, id)
    try:
        actions.discard(version_id=found.id, by=request.user, at=clock.now())
    except ValidationError as error:
        messages.error(request, "；".join(error.messages))
        return redirect("rulebooks:version", id)
    messages.success(request, f"{found}已经作废。")
    return redirect("rulebooks:home")


# -- shared by the views -----------------------------------------------------------------------


def _may_edit(request: HttpRequest) -> bool:
    return bool(request.access.may("rulebook"))  # type: ignore[attr-defined]


def _seen(request: HttpRequest) -> Any:
    """Drafts are for those who make rules."""
    found = queries.versions()
    return found if _may_edit(request) else found.filter(state="published")


def _version(request: HttpRequest, id: int) -> Version:
    found = _seen(request).filter(pk=id).first()
    if found is None:
        raise Http404
    return found


def _patched(single: dict[str, bytes]) -> dict[str, bytes]:
    """The folder in force with some files put in."""
    held = queries.published().first()
    return {**(queries.files_of(held.id) if held else {}), **single}


def _version_page(
    request: HttpRequest, found: Version, form: PublishForm, status: int = 200
) -> HttpResponse:
    base = _compared_with(found)
    rulebook = queries.rulebook_of(found.id)
    if not form.is_bound:
        form.initial["seen"] = base.id if base else None
    shown = {
        "version": found, "form": form, "base": base, "may_edit": _may_edit(request),
        "changes": queries.changes(queries.rulebook_of(base.id) if base else None, rulebook),
        "files": queries.changed_files(base.id if base else None, found.id),
        "parts": queries.parts(rulebook), "runs": _runs_of(found),
        "discard_url": reverse("rulebooks:discard", args=[found.id]),
    }  # fmt: skip
    return render(request, "rulebooks/version.html", shown, status=status)


def _compared_with(found: Version) -> Version | None:
    """A draft with the version in force, a published one with the one before it."""
    others = queries.published()
    return (others.filter(number__lt=found.number) if found.number else others).first()


def _runs_of(found: Version) -> str:
    """The fragment of the room above that lists the runs under this version."""
    try:
        return reverse("runs:under", args=[found.id])
    except NoReverseMatch:
        return ""
