"""How a form comes back that was not taken."""

from __future__ import annotations

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseForm

from diaodu.web.people.actions.orgs import STALE


def add(form: BaseForm, error: ValidationError) -> None:
    """An action's refusal, at the fields it concerns; at the top where the page has no such."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, problems in error.error_dict.items():
        form.add_error(field if field in form.fields else None, problems)


def status(form: BaseForm) -> int:
    if not form.is_bound or form.is_valid():
        return 200
    return 409 if form.has_error(NON_FIELD_ERRORS, STALE) else 422
