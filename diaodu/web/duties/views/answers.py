"""How acts are answered."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError


def told_at(form: forms.Form, error: ValidationError) -> None:
    """The action's refusals, each at its field."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, faults in error.error_dict.items():
        form.add_error(name if name in form.fields else None, faults)


def status(form: forms.Form) -> int:
    return 422 if form.is_bound else 200
