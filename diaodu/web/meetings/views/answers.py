"""How acts are answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from diaodu.web.shared.guard import DeskRequest


def act(
    request: DeskRequest, doing: Callable[[], Any], done: str, to: str, *args: Any
) -> HttpResponse:
    """Do it and go back to the page; what stood in the way is told there."""
    try:
        doing()
    except ValidationError as error:
        for told in error.messages:
            messages.error(request, told)
    else:
        messages.success(request, done)
    return redirect(to, *args)


def filled(
    request: DeskRequest, form: forms.Form, doing: Callable[[], Any], to: tuple[Any, ...],
    **context: Any,
) -> HttpResponse:  # fmt: skip
    """The page of a form. What it says is done, and then the other page follows; what was refused
    stands at its fields."""
    if request.method == "POST" and form.is_valid():
        try:
            doing()
        except ValidationError as error:
            told_at(form, error)
        else:
            return redirect(*to)
    return render(request, "meetings/form.html", {"form": form, **context}, status=status(form))


def told_at(form: forms.Form, error: ValidationError) -> None:
    """The action's refusals, each at its field."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, faults in error.error_dict.items():
        form.add_error(name if name in form.fields else None, faults)


def status(form: forms.Form) -> int:
    return 422 if form.is_bound else 200
