"""The agenda."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from diaodu.web.meetings import actions, queries
from diaodu.web.meetings.forms import ItemForm, PlacedItemForm, item_values
from diaodu.web.meetings.views.answers import filled
from diaodu.web.shared import clock
from diaodu.web.shared.answers import act
from diaodu.web.shared.guard import DeskRequest, need


@require_http_methods(["GET", "POST"])
@need("meet")
def item_new(request: DeskRequest, id: int) -> HttpResponse:
    meeting = queries.meeting_to_run(request.access, id)
    known = queries.choices(request.access, clock.today())
    form = ItemForm(request.POST or None, known=known)
    return filled(
        request, form,
        lambda: actions.add_item(
            meeting=meeting, **form.cleaned_data, by=request.user, at=clock.now()
        ),
        ("meetings:meeting", id), heading="加一项议程", meeting=meeting,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@need("meet")
def item(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.item_to_change(request.access, id)
    known = queries.choices(request.access, clock.today())
    form = PlacedItemForm(request.POST or None, known=known, initial=item_values(found))
    return filled(
        request, form,
        lambda: actions.change_item(
            item=found, **form.cleaned_data, by=request.user, at=clock.now()
        ),
        ("meetings:meeting", found.meeting_id), heading="改议程", meeting=found.meeting,
        item=found,
    )  # fmt: skip


@require_POST
@need("meet")
def drop_item(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.item_to_change(request.access, id)
    return act(
        request, lambda: actions.drop_item(item=found, by=request.user, at=clock.now()),
        "已删去这一项", "meetings:meeting", found.meeting_id,
    )  # fmt: skip


@require_POST
@need("meet")
def call_speakers(request: DeskRequest, id: int) -> HttpResponse:
    """Put on the agenda who must speak by the rules."""
    meeting = queries.meeting_to_run(request.access, id)
    now = clock.now()
    found = queries.speakers(meeting, request.access, now)
    return act(
        request,
        lambda: actions.call_speakers(meeting=meeting, speakers=found, by=request.user, at=now),
        "已按规则列出要表态的单位", "meetings:meeting", id,
    )  # fmt: skip
