"""The chain of acts, for those who look after it."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from diaodu.adapters.table_xlsx import table_xlsx
from diaodu.web.people import queries
from diaodu.web.people.forms import ActSearch
from diaodu.web.shared import acts, clock
from diaodu.web.shared.audit import head
from diaodu.web.shared.downloads import excel
from diaodu.web.shared.guard import DeskRequest, need
from diaodu.web.shared.models import Act

_PAGE = 50
_SHOWN = 3  # changes of an act in the list; all of them on its own page
_MOST = 100_000
_AT_ONCE = 2000
_CELL = 32_000  # signs that fit in a cell of Excel
_HEADER = (
    "号", "时间", "谁", "做了什么", "对象", "名称", "编号", "原因", "改动（原来 → 现在）", "校验码",
)  # fmt: skip


@require_GET
@need("audit")
def audit(request: DeskRequest) -> HttpResponse:
    form = ActSearch(request.GET, actions=acts.actions())
    found = acts.search(**(form.cleaned_data if form.is_valid() else {}))
    page = Paginator(found, _PAGE).get_page(request.GET.get("page"))
    rows = acts.told(page, request.access, queries.words(), _SHOWN)
    return render(
        request, "people/audit.html", {"form": form, "page": page, "rows": rows, "last": head()}
    )


@require_GET
@need("audit")
def act(request: DeskRequest, number: int) -> HttpResponse:
    found = acts.get(number)
    if found is None:
        raise Http404
    [row] = acts.told([found], request.access, queries.words())
    return render(request, "people/act.html", {"row": row})


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
    rows = (
        (
            one.act.number, f"{clock.local(one.act.at):%Y-%m-%d %H:%M:%S}",
            one.act.by_name or "系统", one.action, one.thing, one.name, one.act.thing_id,
            one.act.reason, "\n".join(map(_line, one.changes))[:_CELL], one.act.hash,
        )
        for one in _in_parts(found, request)
    )  # fmt: skip
    content = table_xlsx("操作记录", _HEADER, rows)
    return excel(f"操作记录{clock.today()}.xlsx", content)


def _in_parts(found: QuerySet[Act], request: DeskRequest) -> Iterator[acts.Told]:
    names = queries.words()
    for page in Paginator(found, _AT_ONCE):
        yield from acts.told(page, request.access, names)


def _line(one: acts.Change) -> str:
    told = f"{one.before} → {one.after}" if one.before else one.after
    return f"{one.key}：{told}"
