"""How a form comes back that was not taken."""

from __future__ import annotations

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import BaseForm

from diaodu.web.people.actions.orgs import STALE


def status(form: BaseForm) -> int:
    if not form.is_bound or form.is_valid():
        return 200
    return 409 if form.has_error(NON_FIELD_ERRORS, STALE) else 422
