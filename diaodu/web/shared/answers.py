"""How acts are answered: back on a page, with what was done or what is to be mended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def act(
    request: HttpRequest, doing: Callable[[], Any], done: str, to: str, *args: Any
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


def told_at(form: BaseForm, error: ValidationError) -> None:
    """The action's refusals, each at its field; at the top where the page has no such."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, faults in error.error_dict.items():
        form.add_error(name if name in form.fields else None, faults)


def status(form: BaseForm) -> int:
    return 422 if form.is_bound else 200
