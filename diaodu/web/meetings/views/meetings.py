"""The list of meetings, one meeting, planning, opening, closing, its papers for others."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diaodu.adapters.table_xlsx import table_xlsx
from diaodu.adapters.word_out import word_bytes
from diaodu.web.meetings import actions, queries
from diaodu.web.meetings.forms import MeetingForm, OutcomeForm, ReasonForm, meeting_values
from diaodu.web.meetings.queries.papers_out import LIST_HEADER, list_rows, minutes_document
from diaodu.web.meetings.views.answers import filled
from diaodu.web.runs import queries as runs
from diaodu.web.shared import clock
from diaodu.web.shared.answers import act, status, told_at
from diaodu.web.shared.downloads import excel, word_file
from diaodu.web.shared.guard import DeskRequest, need
from diaodu.web.shared.paging import page_of

_PER_PAGE = 30
_MOST_RUNS = 24


@require_GET
@need("view")
def home(request: DeskRequest) -> HttpResponse:
    found = queries.meetings_for(request.access)
    page = page_of(request, found, _PER_PAGE)
    context = {"page": page, "may_meet": queries.may_meet(request.access)}
    return render(request, "meetings/home.html", context)


@require_http_methods(["GET", "POST"])
@need("meet")
def new(request: DeskRequest) -> HttpResponse:
    form = MeetingForm(request.POST or None, runs=_runs(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.plan(**form.cleaned_data, by=request.user, at=clock.now())
        except ValidationError as error:
            told_at(form, error)
        else:
            return redirect("meetings:meeting", made.pk)
    context = {"form": form, "heading": "筹备一次会议"}
    return render(request, "meetings/form.html", context, status=status(form))


@require_http_methods(["GET", "POST"])
@need("meet")
def edit(request: DeskRequest, id: int) -> HttpResponse:
    meeting = queries.meeting_to_run(request.access, id)
    form = MeetingForm(request.POST or None, runs=_runs(request), initial=meeting_values(meeting))
    return filled(
        request, form,
        lambda: actions.change(
            meeting=meeting, **form.cleaned_data, by=request.user, at=clock.now()
        ),
        ("meetings:meeting", id), heading=f"修改“{meeting}”", meeting=meeting,
    )  # fmt: skip


def _runs(request: DeskRequest) -> list[tuple[int, str]]:
    """Frozen ones that were published: what is shown to the meeting was released to it."""
    found = runs.published(runs.runs_for(request.access))[:_MOST_RUNS]
    return [
        (one.pk, f"{one.name}（{one.months}，数据截至{one.as_of:%-m月%-d日}）") for one in found
    ]


@require_GET
@need("view")
def meeting(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.meeting_for(request.access, id)
    return render(request, "meetings/meeting.html", _context(request, found))


def _context(request: DeskRequest, found: Any) -> dict[str, Any]:
    now = clock.now()
    return {"page": queries.page(found, request.access, now), "now": now}


@require_POST
@need("meet")
def open_meeting(request: DeskRequest, id: int) -> HttpResponse:
    meeting = queries.meeting_to_run(request.access, id)
    return act(
        request, lambda: actions.open_meeting(meeting=meeting, by=request.user, at=clock.now()),
        "会议开始，可以记会议记录了", "meetings:minutes", id,
    )  # fmt: skip


@require_POST
@need("meet")
def close(request: DeskRequest, id: int) -> HttpResponse:
    meeting = queries.meeting_to_run(request.access, id)
    try:
        actions.close(meeting=meeting, by=request.user, at=clock.now())
    except ValidationError as error:
        context = {**_context(request, meeting), "faults": error.messages}
        return render(request, "meetings/meeting.html", context, status=422)
    number = len(_context(request, meeting)["page"].duty_lines)
    handed = f"交办了{number}件，等主办单位签收" if number else "没有交办的事项"
    messages.success(request, f"散会了，{handed}")
    return redirect("meetings:meeting", id)


@require_POST
@need("meet")
def call_off(request: DeskRequest, id: int) -> HttpResponse:
    meeting = queries.meeting_to_run(request.access, id)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return act(
        request,
        lambda: actions.call_off(meeting=meeting, reason=reason, by=request.user, at=clock.now()),
        "这次会议不开了", "meetings:meeting", id,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@need("meet")
def settle(request: DeskRequest, id: int) -> HttpResponse:
    """Whether what was promised was done."""
    line = queries.line_to_change(request.access, id)
    initial = {"outcome": line.outcome, "reason": line.outcome_reason}
    form = OutcomeForm(request.POST or None, initial=initial)
    return filled(
        request, form,
        lambda: actions.settle_promise(
            line=line, **form.cleaned_data, by=request.user, at=clock.now()
        ),
        ("meetings:meeting", line.meeting_id), heading="记表态的结果", meeting=line.meeting,
        line=line,
    )  # fmt: skip


# -- for others ------------------------------------------------------------------------------


@require_GET
@need("view")
def word(request: DeskRequest, id: int) -> HttpResponseBase:
    """The bulletin of the meeting's duties in 公文 layout."""
    found = queries.meeting_with_minutes(request.access, id)
    now = clock.now()
    document = minutes_document(queries.page(found, request.access, now), request.access, now)
    return word_file(f"{found.title}交办事项通报.docx", word_bytes(document, now.date()))


@require_GET
@need("view")
def excel_list(request: DeskRequest, id: int) -> HttpResponseBase:
    found = queries.meeting_with_minutes(request.access, id)
    rows = list_rows(queries.page(found, request.access, clock.now()))
    title = f"{found.title}交办事项清单"
    note = f"截至{clock.now():%Y年%-m月%-d日%H:%M}"
    return excel(f"{title}.xlsx", table_xlsx("交办事项", LIST_HEADER, rows, note))
