"""The demo's own rulebook: names, units and the tree of orgs, so that no name stands twice."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import yaml

from diaodu.engine.rules.models import Indicator, Org
from diaodu.engine.rules.rulebook import Rulebook

FOLDER = Path(__file__).resolve().parent / "rulebook"


def read_catalog() -> Rulebook:
    """Orgs and indicators of the demo county; the rest of its rulebook is not needed here."""
    orgs = [Org.model_validate(row) for row in _rows("orgs")]
    indicators = [Indicator.model_validate(row) for row in _rows("indicators")]
    return Rulebook(
        version="", orgs={org.id: org for org in orgs},
        indicators={indicator.id: indicator for indicator in indicators},
    )  # fmt: skip


def _rows(kind: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for path in sorted((FOLDER / kind).iterdir()):
        if path.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as file:
                rows += csv.DictReader(file)
        elif path.suffix == ".yaml":
            rows += yaml.safe_load(path.read_text(encoding="utf-8"))
    return rows
