"""A run folder → what a text is held against."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from diaodu.adapters.store import StoreError, open_run
from diaodu.engine.ground.period import Period
from diaodu.engine.proofread.ledger.model import Ledger


def read_ledger(folder: Path) -> Ledger:
    """The run that `month` wrote. Raises StoreError where it is none, or is not whole."""
    run = open_run(folder)
    path = folder / "run.json"
    if not path.is_file():
        raise StoreError(f"{folder} 里没有 run.json：结果目录没有写完；请重新计算")
    told = json.loads(path.read_text(encoding="utf-8"))
    return Ledger(run, _home(told), Period.from_id(told["period"]).ytd())


def _home(told: dict[str, object]) -> str:
    """The org that the run's bulletin is about; in a run that does not tell, the one with most
    orgs right below it."""
    home = told.get("home")
    if isinstance(home, str) and home:
        return home
    names = told.get("names")
    parents = names.get("parents", {}) if isinstance(names, dict) else {}
    below = Counter(sorted(parents.values()))
    return below.most_common(1)[0][0] if below else ""
