"""Single figures on file, for rooms that show them beside an input. The one who asks has decided
that the reader may fill or review that org's figures."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q

from diaodu.engine.ground.period import Period
from diaodu.engine.rules.rulebook import STANDARD_TRACKS
from diaodu.web.figures.models import Observation
from diaodu.web.rulebooks import queries as rulebooks


class Known(NamedTuple):
    """A figure that stands. `id` is the row's: its page is figures:figure."""

    id: int
    obs_id: str
    indicator: str
    org: str
    period: str
    facet: str
    against: str
    track: str
    received: date
    value: Decimal | None
    decimals: int | None
    word: str | None
    unit: str
    entered_at: datetime
    release_at: datetime | None


Place = tuple[str, str, str, str]  # indicator, org, period, facet


def last_known(
    indicator: str, org: str, period: str, facet: str, track: str | None = None
) -> Known | None:
    """The figure that stands; without a track: of the first track that the board reads."""
    found = known(indicators=[indicator], orgs=[org], periods=[period], facets=[facet], track=track)
    return found.get((indicator, org, period, facet))


def known(
    *, indicators: Collection[str], orgs: Collection[str], periods: Collection[str],
    facets: Collection[str] | None = None, track: str | None = None,
) -> dict[Place, Known]:  # fmt: skip
    """`last_known` of many at once. Figures compared with another org are left out."""
    chosen = Observation.objects.filter(
        Q(standing=True, against=""), indicator__in=set(indicators), org_id__in=set(orgs),
        period__in=set(periods),
    )  # fmt: skip
    if facets is not None:
        chosen = chosen.filter(facet__in=set(facets))
    if track is not None:
        chosen = chosen.filter(track=track)
    orders = {} if track is not None else _track_orders(periods)
    best: dict[Place, tuple[int, Known]] = {}
    for row in chosen:
        place = (row.indicator, row.org_id, row.period, row.facet)
        order = 0 if track is not None else orders[row.period].get(row.track)
        if order is not None and (place not in best or order < best[place][0]):
            best[place] = (order, _known(row))
    return {place: one for place, (_, one) in best.items()}


def _known(row: Observation) -> Known:
    return Known(
        row.id, row.obs_id, row.indicator, row.org_id, row.period, row.facet, row.against,
        row.track, row.received, row.value, row.decimals, row.word, row.unit, row.entered_at,
        row.release_at,
    )  # fmt: skip


def _track_orders(periods: Collection[str]) -> dict[str, dict[str, int]]:
    """For each period, the place of each track that the board reads."""
    if not rulebooks.has_rulebook():
        return {period: _places(STANDARD_TRACKS) for period in periods}
    rules = rulebooks.current()
    return {
        period: _places(rules.tracks("board", Period.from_id(period).end)) for period in periods
    }


def _places(tracks: tuple[str, ...]) -> dict[str, int]:
    return {track: at for at, track in enumerate(tracks)}
