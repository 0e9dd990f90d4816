"""The demo's own rulebook: names, units and the tree of orgs, so that no name stands twice."""

from __future__ import annotations

from pathlib import Path

from diaodu.adapters.rulebook_in import read_rulebook
from diaodu.engine.rules.rulebook import Rulebook

FOLDER = Path(__file__).resolve().parent / "rulebook"


def read_catalog() -> Rulebook:
    """The rulebook of the demo county. Raises RulebookError where somebody broke it."""
    return read_rulebook(FOLDER)
