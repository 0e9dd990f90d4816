"""Notes pinned to figures: written, answered, settled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from diaodu.web.board import actions, queries
from diaodu.web.board.forms.notes import EditForm, NoteForm, ReplyForm
from diaodu.web.board.views.asking import chosen_of, run_with_rows
from diaodu.web.shared import clock
from diaodu.web.shared.guard import DeskRequest, need
from diaodu.web.shared.paging import page_of

_ON_A_PAGE = 20


@require_safe
@need("view")
def notes(request: DeskRequest) -> HttpResponse:
    """我的批注."""
    now, access = clock.now(), request.access
    asked = {name: request.GET.get(name, "")[:100].strip() for name in ("q", "state")}
    found = queries.notes.mine(access, now, asked["q"], asked["state"])
    page = page_of(request, found, _ON_A_PAGE)
    context = {
        "page": page, "threads": queries.notes.threads(access, now, page.object_list),
        "asked": asked, "states": queries.notes.STATES,
    }  # fmt: skip
    return render(request, "board/notes.html", context)


@require_safe
@need("view")
def note(request: DeskRequest, id: int) -> HttpResponse:
    """One remark with its answers."""
    found = queries.notes.note_for(request.access, clock.now(), id)
    if found.to_id is not None:
        return redirect("board:note", found.to_id)
    return _thread(request, found, ReplyForm())


def _thread(request: DeskRequest, found: Any, form: forms.Form) -> HttpResponse:
    thread = queries.notes.thread(request.access, clock.now(), found)
    context = {"thread": thread, "form": form, "figure_url": _figure_url(thread)}
    return render(request, "board/note.html", context, status=_status(form))


def _figure_url(thread: Any) -> str:
    note = thread.note
    return reverse("board:indicator", args=[note.org_id, note.indicator])


@require_http_methods(["GET", "POST"])
@need("note")
def note_new(request: DeskRequest, org: str, indicator: str) -> HttpResponse:
    """A remark on the figure of the period in the address, else of the one the page shows."""
    now = clock.now()
    period = request.GET.get("of") or _period_shown(request, org, indicator)
    place = queries.notes.place_for(request.access, now, org, indicator, period)
    people = queries.notes.possible_readers(place, now.date(), request.user.pk)
    form = NoteForm(request.POST or None, people=people)
    if request.method == "POST" and form.is_valid():
        made = _tried(
            form, lambda: actions.pin(place=place, **form.wanted(), by=request.user, at=now)
        )
        if made is not None:
            messages.success(request, "批注已写上")
            return redirect("board:note", made.pk)
    context = {
        "form": form, "heading": "写批注", "place": queries.notes.named(place), "save": "写上",
        "back": reverse("board:indicator", args=[org, indicator]),
    }  # fmt: skip
    return render(request, "board/note_form.html", context, status=_status(form))


def _period_shown(request: DeskRequest, org: str, indicator: str) -> str:
    chosen = chosen_of(request, run_with_rows(request), org)
    return queries.period_shown(chosen, request.access, clock.now(), indicator)


@require_POST
@need("note")
def note_reply(request: DeskRequest, id: int) -> HttpResponse:
    now = clock.now()
    found = queries.notes.remark_for(request.access, now, id)
    form = ReplyForm(request.POST)
    if form.is_valid():
        made = _tried(
            form, lambda: actions.reply(note=found, **form.cleaned_data, by=request.user, at=now)
        )
        if made is not None:
            return redirect("board:note", found.pk)
    return _thread(request, found, form)


@require_http_methods(["GET", "POST"])
@need("note")
def note_edit(request: DeskRequest, id: int) -> HttpResponse:
    now = clock.now()
    found = queries.notes.own_note(request.access, now, id)
    form = EditForm(request.POST or None, initial={"text": found.text, "seen": found.version})
    root = found.to_id or found.pk
    if request.method == "POST" and form.is_valid():
        made = _tried(
            form, lambda: actions.edit(note=found, **form.cleaned_data, by=request.user, at=now)
        )
        if made is not None:
            return redirect("board:note", root)
    context = {
        "form": form, "heading": "改批注", "save": "保存",
        "back": reverse("board:note", args=[root]),
    }  # fmt: skip
    return render(request, "board/note_form.html", context, status=_status(form))


@require_POST
@need("note")
def note_delete(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.notes.own_note(request.access, clock.now(), id)
    return _done(request, found, actions.delete, "已删去，留下一行记录")


@require_POST
@need("note")
def note_close(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.notes.remark_for(request.access, clock.now(), id)
    return _done(request, found, actions.close, "已办结")


@require_POST
@need("note")
def note_reopen(request: DeskRequest, id: int) -> HttpResponse:
    found = queries.notes.remark_for(request.access, clock.now(), id)
    return _done(request, found, actions.reopen, "已重开")


def _done(
    request: DeskRequest, found: Any, act: Callable[..., Any], told: str
) -> HttpResponse:  # fmt: skip
    """Do it and go back to the thread; what stood in the way is told there."""
    try:
        act(note=found, by=request.user, at=clock.now())
    except ValidationError as error:
        for one in error.messages:
            messages.error(request, one)
    else:
        messages.success(request, told)
    return redirect("board:note", found.to_id or found.pk)


def _tried(form: forms.Form, act: Callable[[], Any]) -> Any:
    """What the action made; None where it refused, with its reasons at their fields."""
    try:
        return act()
    except ValidationError as error:
        form.add_error(None, error)
        return None


def _status(form: forms.Form) -> int:
    return 422 if form.is_bound else 200
