"""Text → Reading."""

from __future__ import annotations

from diaodu.engine.proofread.reading.model import Reading


def read(text: str) -> Reading:
    """The sentences of a text with their figures. Never fails: what is not understood is prose."""
    return Reading(text, ())
