"""New duties: typed, drafted from a figure, many from an Excel list; what comes round."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from diaodu.adapters.duty_list import ListError, read_list, write_form
from diaodu.engine.ground.words import DUTY_SOURCE_NAMES
from diaodu.web.duties import actions, forms, queries
from diaodu.web.duties.models import Upload
from diaodu.web.duties.queries.sheets import Read, understood
from diaodu.web.shared import clock
from diaodu.web.shared.answers import status, told_at
from diaodu.web.shared.downloads import excel
from diaodu.web.shared.guard import DeskRequest, need

_MOST_BYTES = 5 * 1024 * 1024


@require_http_methods(["GET", "POST"])
@need("assign")
def new(request: DeskRequest) -> HttpResponse:
    """A duty is written: from nothing, from a figure that is behind, or as a part of another."""
    drafted, trouble = _drafted(request)
    parent = _parent(request)
    known = forms.choices(request.access, clock.today())
    initial = _initial(drafted, parent)
    form = forms.DutyForm(request.POST or None, known=known, initial=initial)
    if request.method == "POST" and form.is_valid():
        wanted = actions.Wanted(
            **form.wanted(), parent=parent.pk if parent else None,
            goal=drafted.goal if drafted else None,
            basis=drafted.basis if drafted else (), run=drafted.run if drafted else "",
        )  # fmt: skip
        make = actions.hand_out if "issue" in request.POST else actions.write
        try:
            [made] = make(wanted=[wanted], by=request.user, at=clock.now())
        except ValidationError as error:
            told_at(form, error)
        else:
            said = f"已交办，{made.number}" if made.number else "已存为拟稿，还没有交办"
            messages.success(request, said)
            return redirect("duties:duty", made.pk)
    context = {
        "form": form, "drafted": drafted, "trouble": trouble, "parent": parent,
        "heading": "新交办", "chosen": {
            name: request.GET[name] for name in ("org", "indicator") if name in request.GET
        },
    }  # fmt: skip
    return render(request, "duties/form.html", context, status=status(form))


def _drafted(request: DeskRequest) -> tuple[queries.Drafted | None, str]:
    org, indicator = request.GET.get("org", ""), request.GET.get("indicator", "")
    if not org or not indicator:
        return None, ""
    try:
        warning = _number(request.GET.get("warning", ""))
        found = queries.drafted(
            request.access, clock.now(), indicator=indicator, org=org, warning=warning
        )
        return found, ""
    except ValidationError as error:
        return None, error.messages[0]


def _parent(request: DeskRequest) -> Any:
    id = _number(request.GET.get("parent", ""))
    return None if id is None else queries.duty_for(request.access, id)


def _number(given: str) -> int | None:
    """404 for what is no id."""
    if not given:
        return None
    if not (given.isascii() and given.isdecimal() and len(given) < 10):
        raise Http404
    return int(given)


def _initial(drafted: queries.Drafted | None, parent: Any) -> dict[str, Any]:
    if drafted is not None:
        made = drafted.draft
        head = queries.head_of(made.lead, clock.today())
        return {
            "title": made.title, "lead": made.lead, "supporting": list(made.supporting),
            "source": "light", "origin": f"{made.origin}（{drafted.run}）", "latest": made.latest,
            "things": "\n".join(one.text for one in made.things), "person": head,
            "proof_asked": "\n".join(made.proof_asked),
            "measures": "\n".join((*made.owed, *made.needed)),
        }  # fmt: skip
    if parent is not None:
        return {
            "source": parent.source, "origin": parent.origin, "latest": parent.latest,
            "leader": parent.leader_id, "title": parent.title,
        }  # fmt: skip
    return {"source": "meeting"}


@require_safe
@need("assign")
def persons(request: DeskRequest) -> HttpResponse:
    """The people of the unit that was chosen: a fragment for the forms."""
    day = clock.today()
    chosen = request.GET.get("lead") or request.GET.get("org")
    orgs = [one for one in queries.orgs(day) if one[0] == chosen]
    context = {"persons": queries.person_choices(day, orgs or queries.orgs(day))}
    return render(request, "duties/parts/persons.html", context)


# -- many at once ------------------------------------------------------------------------------


@require_safe
@need("assign")
def template(request: DeskRequest) -> HttpResponseBase:
    known = forms.choices(request.access, clock.today())
    content = write_form(
        [name for _, name in known.orgs], [name for _, name in known.persons],
        list(DUTY_SOURCE_NAMES.values()), [name for _, name in known.leaders],
    )  # fmt: skip
    return excel("交办事项清单.xlsx", content)


@require_http_methods(["GET", "POST"])
@need("assign")
def many(request: DeskRequest) -> HttpResponse:
    form = forms.ListFile(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            if sent.size > _MOST_BYTES:
                raise ListError("文件超过5兆；请只留事项清单这一张表")
            content = sent.read()
            read_list(content)
        except ListError as error:
            form.add_error("file", str(error))
        else:
            made = Upload.objects.create(
                name=sent.name[-200:], content=content, by=request.user, at=clock.now()
            )
            return redirect("duties:upload", made.pk)
    return render(request, "duties/many.html", {"form": form}, status=status(form))


@require_http_methods(["GET", "POST"])
@need("assign")
def upload(request: DeskRequest, id: int) -> HttpResponse:
    """What the list says, cell by cell; nothing of it is handed out before all of it is right."""
    found = Upload.objects.filter(pk=id, by=request.user).first()
    if found is None:
        raise Http404
    rows = understood(read_list(bytes(found.content)), clock.today())
    faults = [fault for row in rows for fault in row.faults]
    told: list[str] = []
    if request.method == "POST" and not faults and not found.taken:
        make = actions.hand_out if "issue" in request.POST else actions.write
        try:
            actions.take_list(
                upload_id=found.pk, wanted=[_wanted(one) for one in rows], make=make,
                by=request.user, at=clock.now(),
            )  # fmt: skip
        except ValidationError as error:
            told = error.messages
        else:
            done = "交办" if make is actions.hand_out else "存为拟稿"
            messages.success(request, f"{len(rows)}件已{done}")
            return redirect("duties:home")
    context = {"upload": found, "rows": rows, "faults": faults, "told": told}
    code = 422 if request.method == "POST" else 200
    return render(request, "duties/upload.html", context, status=code)


def _wanted(row: Read) -> actions.Wanted:
    return actions.Wanted(
        title=row.title, source=row.source, lead=row.lead, person=row.person, latest=row.latest,
        origin=row.origin, supporting=row.supporting, best=row.best, leader=row.leader,
        measures=row.measures, things=row.things, proof_asked=row.proof_asked,
    )  # fmt: skip


# -- what comes round --------------------------------------------------------------------------


@require_safe
@need("view")
def quotas(request: DeskRequest) -> HttpResponse:
    found = queries.quotas(request.access, clock.today(), org=request.GET.get("org", ""))
    context = {"quotas": found, "may_assign": request.access.may("assign")}
    return render(request, "duties/quotas.html", context)


@require_http_methods(["GET", "POST"])
@need("assign")
def new_quota(request: DeskRequest) -> HttpResponse:
    known = forms.choices(request.access, clock.today())
    form = forms.QuotaForm(request.POST or None, known=known, initial={"since": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_quota(**form.cleaned_data, by=request.user, at=clock.now())
        except ValidationError as error:
            told_at(form, error)
        else:
            return redirect("duties:quotas")
    context = {"form": form, "heading": "新的定期任务"}
    return render(request, "duties/quota_form.html", context, status=status(form))


@require_http_methods(["GET", "POST"])
@need("view")
def quota(request: DeskRequest, id: int) -> HttpResponse:
    """One quota, turn by turn; what was done is told here."""
    found = queries.quota_for(request.access, id)
    view = queries.quota_view(found, request.access, clock.today())
    form = forms.DoneForm(request.POST or None, initial={"on": clock.today()})
    if request.method == "POST" and not view.may_do:
        raise PermissionDenied("这一项由承办单位自己记")
    if request.method == "POST" and form.is_valid():
        try:
            actions.do_once(
                quota=found, **form.cleaned_data, by=request.user, at=clock.now()
            )  # fmt: skip
        except ValidationError as error:
            told_at(form, error)
        else:
            return redirect("duties:quota", id)
    context = {
        "view": view, "form": form, "may_assign": request.access.may("assign"),
        "dones": found.dones.select_related("by").order_by("-on", "-pk"), "end": forms.EndForm(),
    }  # fmt: skip
    return render(request, "duties/quota.html", context, status=status(form))


@require_POST
@need("assign")
def end_quota(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.quota_for(request.access, id)
    form = forms.EndForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError("请填到哪天止")
        until = form.cleaned_data["until"]
        actions.end_quota(quota=found, until=until, by=request.user, at=clock.now())
    except ValidationError as error:
        for told in error.messages:
            messages.error(request, told)
    return redirect("duties:quota", id)
