"""What the units send for May: read from the demo's own files by the collector."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from diaodu.adapters.sheets_in import collect_returns
from diaodu.engine import flow
from diaodu.engine.collect import settle
from diaodu.engine.ground.records import Observation
from diaodu.engine.ground.words import OBS_WORD_NAMES
from diaodu.engine.rules.rulebook import Rulebook


def typed_figures(returns: Path, rulebook: Rulebook, after: date) -> Mapping[str, str]:
    """period|org|indicator|facet → the figure in the indicator's unit, as a clerk would type it;
    from what was received after that day."""
    names = flow.names_of(rulebook)
    _, readings = collect_returns(returns, names)
    last = max(reading.received for reading in readings)
    settled = settle(readings, last, names)
    return {
        f"{one.period}|{one.org}|{one.indicator}|{one.facet}": _typed(one)
        for one in settled.observations
        if one.received > after and one.against is None and (one.value is not None or one.word)
    }


def _typed(one: Observation) -> str:
    return f"{one.value:f}" if one.value is not None else OBS_WORD_NAMES[str(one.word)]
