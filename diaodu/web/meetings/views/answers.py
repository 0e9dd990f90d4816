"""How the forms of meetings are answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from diaodu.web.shared.answers import status, told_at
from diaodu.web.shared.guard import DeskRequest


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
