"""The list of runs, starting one, one run with its files and findings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diaodu.engine.ground.errors import DiaoduError
from diaodu.web.runs import actions, queries
from diaodu.web.runs.forms import MonthForm, ReasonForm, StartForm
from diaodu.web.runs.models import Run
from diaodu.web.shared import clock
from diaodu.web.shared.guard import DeskRequest, need
from diaodu.web.shared.paging import page_of
from diaodu.web.shared.roles import CAPABILITIES
from diaodu.web.targets import queries as targets

_PER_PAGE = 30
_FINDINGS_PER_PAGE = 100
_SEVERITIES = {"hard": "暂扣的", "soft": "提示的"}


@require_GET
@need("view", "live", "run", "publish")
def home(request: DeskRequest) -> HttpResponse:
    return _home(request, MonthForm(today=clock.today()))


def _home(request: DeskRequest, form: MonthForm) -> HttpResponse:
    runs = queries.runs_for(request.access).select_related("version", "by", "published_by")
    page = page_of(request, runs, _PER_PAGE)
    return render(
        request,
        "runs/home.html",
        {"page": page, "live": queries.live_runs(request.access), "form": form,
         "may_live": request.access.may("live"),
         "may_run": queries.may_here(request.access, "run")},
        status=422 if form.is_bound else 200,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@need("run")
def start(request: DeskRequest) -> HttpResponse:
    _need_here(request, "run")
    form = StartForm(request.POST or None, today=clock.today())
    if request.method == "POST" and form.is_valid():
        try:
            run = actions.freeze(**form.cleaned_data, by=request.user, at=clock.now())
        except ValidationError as error:
            form.add_error(None, error)
        except DiaoduError as error:
            form.add_error(None, str(error))
        else:
            return redirect("runs:run", run.number)
    status = 422 if form.is_bound else 200
    return render(request, "runs/start.html", {"form": form}, status=status)


@require_POST
@need("live")
def ask(request: DeskRequest) -> HttpResponse:
    """Have a month computed live that is not in the list."""
    form = MonthForm(request.POST, today=clock.today())
    if not form.is_valid():
        return _home(request, form)
    found = actions.ask_live(period=form.cleaned_data["period"], at=clock.now())
    if found is None:
        form.add_error("period", "还没有规则或数据，不能计算")
        return _home(request, form)
    messages.success(request, f"{found.months}的实时结果已排队计算，算完后可在“一张表”里选")
    return redirect("runs:home")


@require_POST
@need("run")
def again(request: DeskRequest, period: str) -> HttpResponse:
    """Compute a month's live run anew, whole."""
    _need_here(request, "run")
    found = queries.live_run(request.access, period)
    if found is None:
        raise Http404
    actions.ask_again(run=found, by=request.user, at=clock.now())
    messages.success(request, f"{found.months}的实时结果已排队重算")
    return redirect("runs:home")


@require_GET
@need("view", "live", "run", "publish")
def run(request: DeskRequest, number: int) -> HttpResponse:
    return _page(request, _run(request, number))


def _page(
    request: DeskRequest, found: Run, *, faults: ValidationError | None = None
) -> HttpResponse:
    access, now = request.access, clock.now()
    severity = request.GET.get("severity", "")
    severity = severity if severity in _SEVERITIES else ""
    rows = queries.findings(found, access, now, severity=severity or None)
    page = page_of(request, rows, _FINDINGS_PER_PAGE)
    rulebook = queries.rulebook_of(found)
    told = [
        (one, "".join(rulebook.names_of(name for name in (one.org, one.indicator) if name)))
        for one in page
    ]
    return render(
        request,
        "runs/run.html",
        {"run": found, "page": page,
         "findings": told, "severity": severity, "severities": _SEVERITIES,
         "files": queries.FILES if found.is_done else {},
         "why_no_files": queries.why_no_files(found, access, now),
         "may_publish": queries.may_here(access, "publish"),
         "aims": targets.version_used(
             year=found.months.year, as_of=found.as_of, entry=found.entry
         ),
         "faults": faults.messages if faults else []},
        status=422 if faults else 200,
    )  # fmt: skip


@require_GET
@need("view", "live", "run", "publish")
def progress(request: DeskRequest, number: int) -> HttpResponse:
    """Asked for every second while a run is computed; reloads the page when it has ended."""
    found = _run(request, number)
    answer = render(request, "runs/parts/progress.html", {"run": found})
    if found.state in (Run.State.DONE, Run.State.FAILED):
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
@need("publish")
def publish(request: DeskRequest, number: int) -> HttpResponse:
    return _act(
        request, number, "已发布，领导打开“一张表”看到的就是这一次",
        lambda found, text: actions.publish(
            run=found, note=text, by=request.user, at=clock.now()
        ),
    )  # fmt: skip


@require_POST
@need("publish")
def withdraw(request: DeskRequest, number: int) -> HttpResponse:
    return _act(
        request, number, "已撤回",
        lambda found, text: actions.withdraw(
            run=found, reason=text, by=request.user, at=clock.now()
        ),
    )  # fmt: skip


def _act(
    request: DeskRequest, number: int, done: str, act: Callable[[Run, str], Any]
) -> HttpResponse:
    _need_here(request, "publish")
    found = _run(request, number)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, faults=ValidationError(list(form.errors["reason"])))
    try:
        act(found, form.cleaned_data["reason"])
    except ValidationError as error:
        return _page(request, found, faults=error)
    messages.success(request, f"{found}{done}")
    return redirect("runs:run", number)


@require_GET
@need("view")
def file(request: DeskRequest, number: int, name: str) -> HttpResponse | FileResponse:
    found = _run(request, number)
    path = queries.file_of(found, name, request.access)
    if path is None:
        raise Http404
    why = queries.why_no_files(found, request.access, clock.now())
    if why:
        raise PermissionDenied(why)
    called = queries.FILES[name].partition("（")[0]
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=f"{found.months}{called}·{found}{path.suffix}"
    )


def _run(request: DeskRequest, number: int) -> Run:
    runs = queries.runs_for(request.access)
    found = runs.select_related("version", "by", "published_by", "withdrawn_by")
    try:
        return found.get(number=number)
    except Run.DoesNotExist:
        raise Http404 from None


def _need_here(request: DeskRequest, capability: str) -> None:
    if not queries.may_here(request.access, capability):
        raise PermissionDenied(f"您没有“{CAPABILITIES[capability]}”的权限")
