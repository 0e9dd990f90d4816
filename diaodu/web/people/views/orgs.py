"""The tree of orgs and its editor."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from diaodu.adapters.table_xlsx import table_xlsx
from diaodu.web.people import actions, queries
from diaodu.web.people.actions.orgs import STALE
from diaodu.web.people.forms import CloseForm, OrgForm, codes_text
from diaodu.web.people.models import Org
from diaodu.web.people.views.answers import status
from diaodu.web.shared import acts, clock
from diaodu.web.shared.answers import told_at
from diaodu.web.shared.downloads import excel
from diaodu.web.shared.guard import DeskRequest, need

_HISTORY = 10
_HEADER = (
    "编号", "名称", "层级", "上级单位", "别名", "代码", "分组", "排列次序", "设立日期", "撤销日期",
)  # fmt: skip


@require_GET
@need("people")
def home(request: DeskRequest) -> HttpResponse:
    wanted = request.GET.get("q", "").strip()[:50]
    with_closed = "closed" in request.GET
    tree = queries.branches(wanted, None if with_closed else clock.today())
    return render(
        request,
        "people/home.html",
        {"tree": tree, "wanted": wanted, "with_closed": with_closed, "tab": "orgs",
         "may_add_top": _is_everywhere(request)},
    )  # fmt: skip


@require_GET
@need("people")
def orgs_export(request: DeskRequest) -> FileResponse:
    """All of them, the closed ones too, in the order of the tree."""
    today, names = clock.today(), queries.names()
    rows = [
        (
            one.pk, one.name, one.get_level_display(), names.get(one.parent_id or "", "没有"),
            "、".join(one.aliases), codes_text(one.codes), "、".join(one.groups),
            "" if one.order is None else one.order, f"{one.opened or ''}", f"{one.closed or ''}",
        )
        for one in queries.in_tree_order()
    ]  # fmt: skip
    return excel(f"单位{today}.xlsx", table_xlsx("单位", _HEADER, rows))


@require_GET
@need("people")
def org(request: DeskRequest, id: str) -> HttpResponse:
    found = _org(id)
    may_edit = request.access.may("people", org=id)
    return render(
        request,
        "people/org.html",
        {"org": found, "tab": "orgs", "may_edit": may_edit,
         "may_audit": request.access.may("audit"), "children": queries.children(id),
         "members": queries.members(id) if may_edit else None,
         "history": acts.told(acts.of("people.Org", id)[:_HISTORY], request.access)},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@need("people")
def org_new(request: DeskRequest) -> HttpResponse:
    form = OrgForm(
        request.POST or None, org=None, parents=_parents(request, None),
        initial={"parent": request.GET.get("parent", ""), "level": "township"},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        saved = _saved(request, form, None)
        if saved is not None:
            messages.success(request, f"已增加单位“{saved.name}”")
            return redirect("people:org", saved.pk)
    return _form_page(request, form, None)


@require_http_methods(["GET", "POST"])
@need("people")
def org_edit(request: DeskRequest, id: str) -> HttpResponse:
    found = _org_to_change(request, id)
    form = OrgForm(request.POST or None, org=found, parents=_parents(request, found))
    if request.method == "POST" and form.is_valid():
        saved = _saved(request, form, form.cleaned_data["version"])
        if saved is not None:
            messages.success(request, f"已保存“{saved.name}”")
            return redirect("people:org", saved.pk)
    return _form_page(request, form, found)


@require_http_methods(["GET", "POST"])
@need("people")
def org_close(request: DeskRequest, id: str) -> HttpResponse:
    """Says what hangs on the org before it is closed."""
    found = _org_to_change(request, id)
    form = CloseForm(
        request.POST or None, initial={"version": found.version, "closed": clock.today()}
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.close_org(
                id=id, version=told["version"], closed=told["closed"], reason=told["reason"],
                by=request.user, at=clock.now(),
            )  # fmt: skip
        except ValidationError as error:
            told_at(form, error)
        else:
            messages.success(request, f"“{found.name}”的最后一天是{told['closed']}")
            return redirect("people:org", id)
    return render(
        request,
        "people/org_close.html",
        {"form": form, "org": found, "tab": "orgs", "children": queries.children(id),
         "members": queries.members(id)},
        status=status(form),
    )  # fmt: skip


def _org(id: str) -> Org:
    try:
        return queries.org(id)
    except Org.DoesNotExist:
        raise Http404 from None


def _org_to_change(request: DeskRequest, id: str) -> Org:
    found = _org(id)
    request.access.need("people", org=id)
    return found


def _is_everywhere(request: DeskRequest) -> bool:
    return queries.EVERYWHERE in request.access.roots("people")


def _parents(request: DeskRequest, org: Org | None) -> list[tuple[str, str]]:
    """Where this administrator may put it: into their own orgs, or where it already is."""
    allowed = request.access.orgs("people")
    if org is not None and org.parent_id is not None:
        allowed |= {org.parent_id}
    may_be_top = _is_everywhere(request) or (org is not None and org.parent_id is None)
    return [*([("", "（没有上级）")] if may_be_top else []), *queries.options(allowed)]


def _saved(request: DeskRequest, form: OrgForm, version: int | None) -> Org | None:
    try:
        return actions.save_org(
            org=form.rule_org(), version=version, by=request.user, at=clock.now(),
            reason=form.cleaned_data["reason"],
        )  # fmt: skip
    except ValidationError as error:
        told_at(form, error)
        return None


def _form_page(request: DeskRequest, form: OrgForm, org: Org | None) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "org": org, "tab": "orgs"}
    if org is not None and form.has_error("__all__", STALE):
        # What was typed stays; the next save is against what is there now.
        now = queries.org(org.pk)
        context["now"] = now
        form.data = {**form.data.dict(), "version": str(now.version)}  # type: ignore[attr-defined]
    return render(request, "people/org_form.html", context, status=status(form))
