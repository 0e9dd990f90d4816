"""What came in between two runs: the figures that one of them reads and the other does not."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Q

from diaodu.engine.ground.period import Period
from diaodu.engine.ground.words import FACET_NAMES, OBS_TRACK_NAMES, OBS_WORD_NAMES
from diaodu.web.figures import queries as figures
from diaodu.web.runs.queries import Run
from diaodu.web.shared.access import Access
from diaodu.web.shared.templatetags.figures import figure

_MOST = 3  # of one indicator; the newest
_TOLD = ("level", "growth")


class Received(NamedTuple):
    """One figure, in words: 6月8日收到2023年1—5月总量（上级认定）43.00，核实后更正."""

    text: str


def received_between(
    one: Run, other: Run, access: Access, now: datetime, org: str, indicators: Collection[str]
) -> dict[str, list[Received]]:
    """By indicator, the newest first, whichever of the two runs is the later; in one query."""
    earlier, later = sorted((one, other), key=lambda run: (run.entry, run.as_of))
    unread = Q(entry_id__gt=earlier.entry) | Q(received__gt=earlier.as_of)
    rows = figures.visible(access, now).filter(
        unread, entry_id__lte=later.entry, received__lte=later.as_of, org_id=org,
        indicator__in=indicators, facet__in=_TOLD, held=False,
    )  # fmt: skip
    found: dict[str, list[Received]] = {}
    for row in rows.select_related("entry").order_by("-ends", "-entry_id", "facet", "-pk"):
        told = found.setdefault(row.indicator, [])
        if len(told) < _MOST:
            told.append(Received(_told(row)))
    return found


def _told(row: Any) -> str:
    """`Any`: an observation of the room figures."""
    day = f"{row.received.month}月{row.received.day}日"
    value = figure(row.value) if row.value is not None else OBS_WORD_NAMES.get(row.word or "", "")
    what = f"{Period.from_id(row.period)}{FACET_NAMES[row.facet]}"
    track = OBS_TRACK_NAMES.get(row.track, row.track)
    reason = f"，{row.entry.reason}" if row.entry.reason else ""
    return f"{day}收到{what}（{track}）{value}{reason}"
