"""Papers due before the meeting."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diaodu.web.meetings import actions, queries
from diaodu.web.meetings.forms import FileForm, PapersForm, ReasonForm
from diaodu.web.meetings.views.answers import filled
from diaodu.web.shared import clock
from diaodu.web.shared.answers import act
from diaodu.web.shared.guard import DeskRequest, need


@require_http_methods(["GET", "POST"])
@need("meet")
def ask(request: DeskRequest, id: int) -> HttpResponse:
    meeting = queries.meeting_to_run(request.access, id)
    form = PapersForm(request.POST or None, known=queries.choices(request.access, clock.today()))
    return filled(
        request, form,
        lambda: actions.ask_papers(
            meeting=meeting, **form.cleaned_data, by=request.user, at=clock.now()
        ),
        ("meetings:meeting", id), heading="向单位要材料", meeting=meeting,
    )  # fmt: skip


@require_GET
@need("view")
def paper(request: DeskRequest, id: int) -> HttpResponseBase:
    """The file as it was handed in; always a download, whatever is in it."""
    found = queries.paper_for(request.access, id, to="read")
    if not found.file:
        raise Http404
    answer = FileResponse(
        found.file.open("rb"), as_attachment=True, filename=found.name,
        content_type="application/octet-stream",
    )  # fmt: skip
    answer["Cache-Control"] = "no-store"
    return answer


@require_http_methods(["GET", "POST"])
@need("view")
def hand_in(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.paper_for(request.access, id, to="hand_in")
    form = FileForm(request.POST or None, request.FILES or None)
    return filled(
        request, form, lambda: _take_in(request, found, form),
        ("meetings:meeting", found.meeting_id), heading=f"交“{found.title}”",
        meeting=found.meeting, paper=found,
    )  # fmt: skip


def _take_in(request: DeskRequest, paper: Any, form: FileForm) -> None:
    sent = form.cleaned_data["file"]
    actions.hand_in(
        paper=paper, name=sent.name, content=sent.read(), by=request.user, at=clock.now()
    )


@require_POST
@need("meet")
def send_back(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.paper_for(request.access, id, to="ask")
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return act(
        request,
        lambda: actions.send_back(paper=found, reason=reason, by=request.user, at=clock.now()),
        f"已退回{found.org}的“{found.title}”", "meetings:meeting", found.meeting_id,
    )  # fmt: skip


@require_POST
@need("meet")
def drop_paper(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.paper_for(request.access, id, to="ask")
    return act(
        request, lambda: actions.drop_paper(paper=found, by=request.user, at=clock.now()),
        f"不再要{found.org}的“{found.title}”", "meetings:meeting", found.meeting_id,
    )  # fmt: skip
