"""Who owes what: a clerk's own forms, a signer's, and for those above the matrix and chase list."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from diaodu.adapters.table_xlsx import table_xlsx
from diaodu.engine.ground.period import print_period
from diaodu.web.intake import actions, forms
from diaodu.web.intake.queries import sheets
from diaodu.web.intake.queries.forms import Key, month_of
from diaodu.web.intake.queries.obligations import STATE_WORDS
from diaodu.web.intake.queries.overview import Overview, overview
from diaodu.web.intake.views.answers import came_from
from diaodu.web.rulebooks.queries import NoRulebook
from diaodu.web.shared import clock
from diaodu.web.shared.downloads import excel
from diaodu.web.shared.guard import need

_SEES = ("fill", "sign", "review", "chase", "except")


@require_GET
@need(*_SEES)
def home(request: HttpRequest) -> HttpResponse:
    try:
        shown = _overview(request)
    except NoRulebook as error:
        return render(request, "intake/home.html", {"nothing": str(error)})
    if shown is None:
        return render(request, "intake/home.html", {"nothing": "还没有到开网的报表"})
    filters = forms.HomeFilter(request.GET)
    filters.is_valid()
    return render(
        request, "intake/home.html",
        {"shown": shown, "filters": filters.cleaned_data, "states": STATE_WORDS,
         "now": clock.now(), "remind_form": forms.RemindForm()},
    )  # fmt: skip


@require_GET
@need("review", "chase", "except")
def export(request: HttpRequest) -> HttpResponseBase:
    """The list as it is filtered, for a message or a bulletin."""
    shown = _overview(request)
    if shown is None:
        raise Http404
    title = f"{print_period(shown.month)}报送情况"
    rows = [
        (
            one.form.reporter.name, one.form.title, one.word, f"{one.filled}/{one.asked}",
            one.window.last_said, one.time_said,
            "、".join(f"{each.name}{each.phone}" for each in one.contacts),
        )
        for one in shown.overseen
    ]  # fmt: skip
    heads = ("单位", "报表", "状态", "已填", "截止", "剩余或逾期", "联系人")
    note = f"截至{clock.now():%Y年%-m月%-d日%H:%M}"
    return excel(f"{title}.xlsx", table_xlsx(title, heads, rows, note))


@require_POST
@need("chase")
def remind(request: HttpRequest) -> HttpResponse:
    """Chase the chosen forms; each is decided on its own."""
    chosen = [_key(text) for text in request.POST.getlist("forms")]
    loaded = [sheets.to_remind(request.access, key) for key in chosen if key]  # type: ignore[attr-defined]
    sent = forms.RemindForm(request.POST)
    period = f"?period={loaded[0].form.key.period}" if loaded else ""
    back = came_from(request, reverse("intake:home") + period)
    if not loaded or not sent.is_valid():
        messages.error(request, "请先选要催的单位" if not loaded else "附言最多500个字")
        return redirect(back)
    try:
        made = actions.remind(
            forms=[one.form for one in loaded], by=request.user, at=clock.now(), **sent.cleaned_data
        )
    except ValidationError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"已催{len(made)}家，对方打开报送页面就能看到")
    return redirect(back)


def _overview(request: HttpRequest) -> Overview | None:
    sent = forms.HomeFilter(request.GET)
    sent.is_valid()
    filters: dict[str, Any] = sent.cleaned_data
    return overview(
        wanted=month_of(filters.get("period") or ""), now=clock.now(),
        access=request.access, filters=filters,  # type: ignore[attr-defined]
    )  # fmt: skip


def _key(text: str) -> Key | None:
    parts = text.split("|")
    return Key(*parts) if len(parts) == len(Key._fields) else None
