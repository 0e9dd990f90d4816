"""Exports made in the background. Each belongs to the one who asked."""

from __future__ import annotations

from django.db.models import QuerySet

from diaodu.web.figures.models import Export


def exports_of(user_id: int) -> QuerySet[Export]:
    """Newest first."""
    return Export.objects.filter(by_id=user_id)


def export_path(name: str) -> str:
    """Where a finished export lies in the desk's files."""
    return f"exports/{name}"
