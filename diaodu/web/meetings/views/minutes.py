"""Minutes while the meeting goes on: a page to be projected, one field, one line at a time."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from diaodu.web.meetings import actions, queries
from diaodu.web.meetings.actions.minutes import Content
from diaodu.web.meetings.forms import LineForm, QuickForm, line_values, read_values
from diaodu.web.meetings.models import NOTE
from diaodu.web.meetings.views.answers import filled
from diaodu.web.shared import clock
from diaodu.web.shared.answers import act, told_at
from diaodu.web.shared.guard import DeskRequest, need


@require_http_methods(["GET", "POST"])
@need("meet")
def minutes(request: DeskRequest, id: int) -> HttpResponse:
    """A line that says who, what and by when is kept at once; else the rest is asked for."""
    meeting = queries.meeting_to_run(request.access, id)
    if request.method == "GET":
        return _page(request, meeting, quick=QuickForm())
    return _whole(request, meeting) if "text" in request.POST else _quick(request, meeting)


def _quick(request: DeskRequest, meeting: Any) -> HttpResponse:
    quick = QuickForm(request.POST)
    if not quick.is_valid():
        return _page(request, meeting, quick=quick)
    known = queries.choices(request.access, clock.today())
    kind, said = quick.cleaned_data["line_kind"], quick.cleaned_data["said"]
    if kind == NOTE:  # as it was said: nobody is named by it
        return _keep(request, meeting, Content(kind, said), LineForm(known=known))
    read = queries.read(said, known, clock.today())
    content = Content(
        kind, read.text, read.org, read.supporting, read.person, read.latest, read.best
    )
    whole = LineForm(known=known, initial=read_values(read, kind))
    if asked := content.missing:
        days = "、".join(f"{day:%-m月%-d日}" for day in read.days)
        context = {"asked": asked, "days": days}
        return _page(request, meeting, whole=whole, **context)
    return _keep(request, meeting, content, whole)


def _whole(request: DeskRequest, meeting: Any) -> HttpResponse:
    whole = LineForm(request.POST, known=queries.choices(request.access, clock.today()))
    if not whole.is_valid():
        return _page(request, meeting, whole=whole)
    return _keep(request, meeting, _content(whole), whole)


def _content(form: LineForm) -> Content:
    given = form.cleaned_data
    return Content(**{**given, "supporting": tuple(given["supporting"])})


def _keep(request: DeskRequest, meeting: Any, content: Content, whole: LineForm) -> HttpResponse:
    try:
        actions.add_line(meeting=meeting, content=content, by=request.user, at=clock.now())
    except ValidationError as error:
        if not whole.is_bound:
            whole = LineForm(_posted(content), known=queries.choices(request.access, clock.today()))
            whole.is_valid()
        told_at(whole, error)
        return _page(request, meeting, whole=whole)
    return redirect("meetings:minutes", meeting.pk)


def _posted(content: Content) -> dict[str, Any]:
    return {
        "kind": content.kind, "text": content.text, "org": content.org or "",
        "person": content.person or "", "latest": content.latest, "best": content.best,
        "supporting": list(content.supporting), "proof": content.proof,
    }  # fmt: skip


def _page(request: DeskRequest, meeting: Any, **more: Any) -> HttpResponse:
    form = more.get("whole") or more.get("quick")
    context = {
        "meeting": meeting, "lines": queries.lines(meeting, request.access, clock.now()),
        "today": clock.today(), **more,
    }  # fmt: skip
    wrong = form is not None and form.is_bound
    return render(request, "meetings/minutes.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "POST"])
@need("meet")
def line(request: DeskRequest, id: int) -> HttpResponse:
    """Change a line, or give what was missing."""
    found = queries.line_to_change(request.access, id)
    known = queries.choices(request.access, clock.today())
    form = LineForm(request.POST or None, known=known, initial=line_values(found))
    return filled(
        request, form,
        lambda: actions.change_line(
            line=found, content=_content(form), by=request.user, at=clock.now()
        ),
        ("meetings:minutes", found.meeting_id), heading="改会议记录", meeting=found.meeting,
        line=found,
    )  # fmt: skip


@require_POST
@need("meet")
def strike(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.line_to_change(request.access, id)
    return act(
        request, lambda: actions.strike_line(line=found, by=request.user, at=clock.now()),
        "已划去这一条", "meetings:minutes", found.meeting_id,
    )  # fmt: skip
