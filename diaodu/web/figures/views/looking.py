"""Looking at figures: search, one figure with its vintages, 认定差, export."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from diaodu.engine.ground.period import Period, due_period
from diaodu.engine.ground.words import FACET_NAMES, TRACK_NAMES
from diaodu.web.figures import actions, queries
from diaodu.web.figures.forms import ALL, GapForm, SearchForm, month_end
from diaodu.web.figures.models import Observation
from diaodu.web.people import queries as people
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared import clock
from diaodu.web.shared.guard import DeskRequest, need

_A_PAGE = 100
AT_ONCE = 20_000  # rows of an export that a page waits for


@require_GET
@need("view")
def home(request: DeskRequest) -> HttpResponse:
    now = clock.now()
    form = _search_form(request)
    shown: dict[str, Any] = {"form": form, "may": _may(request)}
    if form.is_valid():
        wanted = form.search()
        pages = queries.CountedTo(queries.search(request.access, now, wanted).select_related(
            "entry", "entry__by"), _A_PAGE)  # fmt: skip
        page = pages.get_page(request.GET.get("page"))
        teller = queries.Teller(now)
        shown |= {
            "page": page, "rows": [teller.tell(row) for row in page], "wanted": wanted,
            "all_months": form.cleaned_data["month"] == ALL,
        }  # fmt: skip
    return render(request, "figures/home.html", shown, status=200 if form.is_valid() else 422)


@require_GET
@need("view")
def figure(request: DeskRequest, id: int) -> HttpResponse:
    row = _row(request, id)
    now = clock.now()
    found = queries.vintages(request.access, now, row.indicator, row.org_id, row.period)
    teller = queries.Teller(now)
    told = [teller.tell(one) for one in found]
    may = queries.may_change(request.access, "correct")(row.org_id, row.indicator)
    own = request.access.may("fill", org=row.org_id, indicator=row.indicator)
    shown = {
        "row": row, "told": teller.tell(row), "groups": _groups(told),
        "may_correct": may and not own,
        "definition": rulebooks.current().indicators.get(row.indicator), "chosen": id,
        "early": any(one.early for one in told), "may_import": request.access.may("import"),
    }  # fmt: skip
    return render(request, "figures/figure.html", shown)


@require_GET
@need("view")
def by_obs_id(request: DeskRequest, obs_id: str) -> HttpResponse:
    """From a trace: the newest entry of that observation."""
    rows = queries.visible(request.access, clock.now()).filter(obs_id=obs_id).order_by("-entry_id")
    id = rows.values_list("id", flat=True).first()
    if id is None:
        raise Http404
    return redirect("figures:figure", id)


@require_GET
@need("view")
def gaps(request: DeskRequest) -> HttpResponse:
    now = clock.now()
    names = _indicator_names()
    form = GapForm(request.GET or None, indicators=names)
    shown: dict[str, Any] = {"form": form}
    home = people.home()
    if form.is_bound and form.is_valid() and home is not None:
        newest = queries.newest_period(request.access, now)
        ends = month_end(form.cleaned_data["month"]) or newest
        indicator = rulebooks.current().indicators[form.cleaned_data["indicator"]]
        if ends is not None:
            period = due_period(Period.of_month(ends.year, ends.month), indicator.basis)
            found = queries.gaps(request.access, now, indicator.id, period.id, home.id)
            shown |= {"found": found, "indicator": indicator, "period": period, "parent": home}
    wrong = form.is_bound and not form.is_valid()
    return render(request, "figures/gaps.html", shown, status=422 if wrong else 200)


# -- export --------------------------------------------------------------------------------------


@require_http_methods(["POST"])
@need("view")
def export(request: DeskRequest) -> HttpResponseBase:
    now = clock.now()
    form = _search_form(request, request.POST)
    kind = request.POST.get("kind", "")
    if not form.is_valid() or kind not in actions.KINDS:
        return redirect(f"{reverse('figures:home')}?{_address(request)}")
    wanted = form.search()
    if queries.search(request.access, now, wanted)[: AT_ONCE + 1].count() > AT_ONCE:
        actions.ask_export(by=request.user, at=now, kind=kind, wanted=wanted)
        return redirect("figures:exports")
    with TemporaryDirectory(prefix="diaodu-export-") as folder:
        path = Path(folder) / "export"
        rows = actions.write_export(path, kind, request.access, now, wanted)
        content = path.read_bytes()
    actions.note_export(by=request.user, at=now, kind=kind, wanted=wanted, rows=rows)
    return _download(HttpResponse(content), f"数据{actions.KINDS[kind]}")


@require_GET
@need("view")
def exports(request: DeskRequest) -> HttpResponse:
    found = queries.exports_of(request.user.pk)[:50]
    waiting = any(one.state == "waiting" for one in found)
    return render(request, "figures/exports.html", {"found": found, "waiting": waiting})


@require_GET
@need("view")
def export_file(request: DeskRequest, id: int) -> HttpResponseBase:
    found = queries.exports_of(request.user.pk).filter(pk=id, state="done").first()
    if found is None or not default_storage.exists(queries.export_path(found.name)):
        raise Http404
    content = default_storage.open(queries.export_path(found.name))
    return _download(FileResponse(content), f"数据{actions.KINDS[found.kind]}")


def _download(answer: HttpResponseBase, name: str) -> HttpResponseBase:
    encoded = urlencode({"": name})[1:]
    answer["Content-Type"] = "application/octet-stream"
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{encoded}"
    answer["Cache-Control"] = "no-store"
    return answer


# -- shared by the views -------------------------------------------------------------------------


def _search_form(request: DeskRequest, data: Any = None) -> SearchForm:
    seen = request.access.orgs("view")
    orgs = [(one.id, one.name) for one in people.orgs_on(None) if one.id in seen]
    newest = queries.newest_period(request.access, clock.now())
    return SearchForm(request.GET if data is None else data, orgs=orgs, newest=newest)


def _address(request: DeskRequest) -> str:
    told = {key: value for key, value in request.POST.items() if key in SearchForm.base_fields}
    return urlencode(told)


def _row(request: DeskRequest, id: int) -> Observation:
    try:
        return queries.one(request.access, clock.now(), id)
    except Observation.DoesNotExist:
        raise Http404 from None


def _may(request: DeskRequest) -> dict[str, bool]:
    return {"import": request.access.may("import"), "correct": request.access.may("correct")}


def _indicator_names() -> list[tuple[str, str]]:
    try:
        return [(one.id, one.name) for one in rulebooks.current().indicators.values()]
    except rulebooks.NoRulebook:
        return []


def _groups(told: list[Any]) -> list[dict[str, Any]]:
    """By facet and what it is compared with, then by track; vintages newest last."""
    found: dict[tuple[str, str], dict[str, list[Any]]] = {}
    for one in told:
        tracks = found.setdefault((one.row.facet, one.row.against), {})
        tracks.setdefault(one.row.track, []).append(one)
    return [
        {"facet": tracks[next(iter(tracks))][0].facet or FACET_NAMES[facet],
         "tracks": [(TRACK_NAMES[track], rows) for track, rows in tracks.items()]}
        for (facet, _), tracks in found.items()
    ]  # fmt: skip
