"""The list of warnings, one warning, what is done about it, fragments for other pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from diaodu.adapters.table_xlsx import table_xlsx
from diaodu.web.shared import clock
from diaodu.web.shared.answers import told_at
from diaodu.web.shared.downloads import excel
from diaodu.web.shared.guard import DeskRequest, need
from diaodu.web.warnings import actions, forms, queries

_A_PAGE = 50
_MOST_EXPORTED = 20_000
HEADER = (
    "预警", "状态", "级别", "规则", "种类", "领域", "牵头", "情况", "从哪期起", "这一状态从哪期起",
    "原因", "结果",
)  # fmt: skip


@require_safe
@need("view")
def home(request: DeskRequest) -> HttpResponse:
    """What is open, by where it stands; or what was asked for."""
    asked = queries.Asked.of(request.GET.dict())
    page = Paginator(queries.found(request.access, asked), _A_PAGE).get_page(
        request.GET.get("page")
    )
    rows = cast("QuerySet[Any]", page.object_list)
    context = {
        "asked": asked, "page": page, "views": queries.shown(rows),
        "counts": queries.counts(request.access, asked),
        "choices": queries.choices(request.access), "lights": queries.LIGHTS,
        "mines": queries.MINE, "may_answer": request.access.may("answer"),
        "link": request.GET.urlencode(), "today": clock.today(),
    }  # fmt: skip
    return render(request, "warnings/home.html", context)


@require_safe
@need("view")
def export(request: DeskRequest) -> HttpResponseBase:
    """The list with its filters, as an Excel table."""
    asked = queries.Asked.of(request.GET.dict())
    views = queries.shown(queries.found(request.access, asked)[:_MOST_EXPORTED])
    note = f"预警清单，截至{clock.today():%Y年%-m月%-d日}"
    content = table_xlsx("预警清单", HEADER, _rows(views), note)
    return excel(f"预警清单_{clock.today()}.xlsx", content)


def _rows(views: list[queries.WarningView]) -> Iterator[tuple[str, ...]]:
    for one in views:
        yield (
            one.title, one.word, one.grade, one.rule, one.kind_name, one.field, one.lead, one.said,
            one.opened, one.since, "已填报" if one.explained else "未填报", one.end,
        )  # fmt: skip


@require_safe
@need("view")
def summary(request: DeskRequest) -> HttpResponse:
    """A strip for 一张表: a fragment."""
    found = queries.summary(request.access, org=request.GET.get("org", "")[:64])
    return render(request, "warnings/parts/summary.html", {"found": found})


@require_safe
@need("view")
def of_figure(request: DeskRequest, org: str, indicator: str) -> HttpResponse:
    """A fragment for the page of an indicator."""
    views = queries.of_figure(request.access, indicator=indicator, org=org)
    return render(request, "warnings/parts/of_figure.html", {"views": views})


# -- one warning -----------------------------------------------------------------------------------


@require_safe
@need("view")
def warning(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.warning_for(request.access, id)
    return _page(request, found)


def _page(
    request: DeskRequest, found: Any, refused: tuple[str, django_forms.Form] | None = None
) -> HttpResponse:
    """With the form that was refused, where one was, at its place."""
    page = queries.page(request.access, found)
    given = dict([refused]) if refused else {}
    seen = {"seen": found.version}
    reason = forms.ReasonForm
    cause = {"cause": page.cause.text, "plan": page.cause.plan} if page.cause else {}
    context = {
        "warning": found, "page": page, "refused": refused[0] if refused else "",
        "cause_form": given.get("explain") or forms.CauseForm(initial=seen | cause),
        "false_form": given.get("false_alarm") or reason(initial=seen, auto_id="false_%s"),
        "restore_form": given.get("restore") or reason(initial=seen, auto_id="back_%s"),
        "acknowledge_form": forms.SeenForm(initial=seen, auto_id="known_%s"),
        "may_assign": request.access.may("assign"), "today": clock.today(),
    }  # fmt: skip
    return render(request, "warnings/warning.html", context, status=422 if refused else 200)


@require_POST
@need("view")
def acknowledge(request: DeskRequest, id: int) -> HttpResponse:
    found = _answered_for(request, id)
    return _act(request, found, "acknowledge", forms.SeenForm(request.POST), actions.acknowledge,
                "已知悉")  # fmt: skip


@require_POST
@need("view")
def explain(request: DeskRequest, id: int) -> HttpResponse:
    found = _answered_for(request, id)
    return _act(request, found, "explain", forms.CauseForm(request.POST), actions.explain,
                "原因已填报")  # fmt: skip


@require_POST
@need("assign")
def false_alarm(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.warning_for(request.access, id)
    form = forms.ReasonForm(request.POST, auto_id="false_%s")
    return _act(request, found, "false_alarm", form, actions.mark_false, "已标为误报")


@require_POST
@need("assign")
def restore(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.warning_for(request.access, id)
    form = forms.ReasonForm(request.POST, auto_id="back_%s")
    return _act(request, found, "restore", form, actions.restore, "已撤销误报")


def _answered_for(request: DeskRequest, id: int) -> Any:
    """404 where one may not see it, 403 where one's unit does not answer for it."""
    found = queries.warning_for(request.access, id)
    if not queries.may_answer(request.access, found):
        raise PermissionDenied("这件预警由牵头单位的人办")
    return found


def _act(
    request: DeskRequest, found: Any, name: str, form: django_forms.Form,
    act: Callable[..., Any], done: str,
) -> HttpResponse:  # fmt: skip
    if form.is_valid():
        try:
            act(warning_id=found.pk, **form.cleaned_data, by=request.user, at=clock.now())
        except actions.Untimely as error:
            messages.error(request, error.message)
            return redirect("warnings:warning", found.pk)
        except ValidationError as error:
            told_at(form, error)
        else:
            messages.success(request, done)
            return redirect("warnings:warning", found.pk)
    return _page(request, found, (name, form))
