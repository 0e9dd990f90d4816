"""How acts are answered: back on the form's page, with what was done or what is to be mended."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form as DjangoForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from diaodu.web.intake.queries.forms import Key
from diaodu.web.shared.answers import act


def address(key: Key, name: str = "form") -> str:
    return reverse(f"intake:{name}", args=key)


def came_from(request: HttpRequest, otherwise: str) -> str:
    """The page of this site that an act was begun on, filters and all."""
    named = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = named.startswith("/") and url_has_allowed_host_and_scheme(named, allowed_hosts=None)
    return named if is_ours else otherwise


def answer(request: HttpRequest, key: Key, doing: Callable[[], object], done: str) -> HttpResponse:
    """Do it and go back to the form; what keeps it from being done is said there."""
    return act(request, doing, done, "intake:form", *key)


def faulty(request: HttpRequest, key: Key, form: DjangoForm) -> HttpResponse:
    """A small form with faults: they are said on the page it was sent from."""
    for told in form.errors.values():
        for one in told:
            messages.error(request, str(one))
    return redirect(address(key))
