"""The chain of acts, for those who look after it."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from diaodu.adapters.table_xlsx import table_xlsx
from diaodu.web.people.forms import ActSearch
from diaodu.web.shared import acts, clock
from diaodu.web.shared.audit import head
from diaodu.web.shared.downloads import excel
from diaodu.web.shared.guard import DeskRequest, need

_PAGE = 50
_SHOWN = 3  # changes of an act in the list; all of them on its own page
_MOST = 100_000
_CELL = 32_000  # signs that fit in a cell of Excel
_HEADER = (
    "号", "时间", "谁", "做了什么", "对象", "对象编号", "原因", "改动（原来 → 现在）", "校验码",
)  # fmt: skip


@require_GET
@need("audit")
def audit(request: DeskRequest) -> HttpResponse:
    form = ActSearch(request.GET, actions=acts.actions())
    found = acts.search(**(form.cleaned_data if form.is_valid() else {}))
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    figures = request.access.reads_everything_early
    rows = [acts.told(one, _SHOWN, figures=figures) for one in page]
    return render(
        request, "people/audit.html", {"form": form, "page": page, "rows": rows, "last": head()}
    )


@require_GET
@need("audit")
def act(request: DeskRequest, number: int) -> HttpResponse:
    found = acts.get(number)
    if found is None:
        raise Http404
    return render(
        request,
        "people/act.html",
        {"row": acts.told(found, figures=request.access.reads_everything_early)},
    )


@require_GET
@need("audit")
def audit_export(request: DeskRequest) -> HttpResponseBase:
    form = ActSearch(request.GET, actions=acts.actions())
    if not form.is_valid():
        return redirect(f"{reverse('people:audit')}?{request.GET.urlencode()}")
    found = acts.search(**form.cleaned_data)
    if found.count() > _MOST:
        messages.error(request, f"超过{_MOST}条，一个文件放不下。请缩小日期范围，分几次导出。")
        return redirect(f"{reverse('people:audit')}?{request.GET.urlencode()}")
    told = partial(acts.told, figures=request.access.reads_everything_early)
    rows = (
        (
            one.act.number, f"{clock.local(one.act.at):%Y-%m-%d %H:%M:%S}",
            one.act.by_name or "系统", one.action, one.thing, one.act.thing_id, one.act.reason,
            "\n".join(f"{key}：{old} → {new}" for key, old, new in one.changes)[:_CELL],
            one.act.hash,
        )
        for one in map(told, found.iterator(chunk_size=2000))
    )  # fmt: skip
    content = table_xlsx("操作记录", _HEADER, rows)
    return excel(f"操作记录{clock.today()}.xlsx", content)
