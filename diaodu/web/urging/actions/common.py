"""What the acts of this room share."""

from __future__ import annotations

from django.core.exceptions import ValidationError


class Untimely(ValidationError):
    """What is answered is no more: somebody was first, or the duty went on."""
