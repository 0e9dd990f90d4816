"""What was done last year, for bases and shapes: levels on the track that tables are made from."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal, localcontext

from django.db.models import Q

from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import EXACT
from diaodu.web.figures import queries as figures
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.targets.queries.columns import Column

_USE = "board"


def year_levels(
    year: int, indicators: Collection[str], seen: Q | None = None
) -> dict[tuple[str, str], Decimal]:
    """(indicator, org) → the level of the whole year, or of its last month where it is a
    balance. `seen`: only of figures that a reader may see; without, for calculation alone."""
    if not indicators:
        return {}
    whole = Period.of_months(year, 1, 12)
    found = _levels(indicators, (whole, whole.last_month()), seen=seen)
    best: dict[tuple[str, str], Decimal] = {}
    for (indicator, org, period), value in found.items():
        if period == whole.id or (indicator, org) not in best:
            best[indicator, org] = value
    return best


def own_amounts(
    indicator: str, orgs: Collection[str], year: int, columns: Iterable[Column]
) -> dict[str, list[Decimal | None]]:
    """org → what each part of that year added, None where a figure is missing."""
    ends = [Period.of_months(year, 1, one.month) for one in columns]
    found = _levels((indicator,), ends, orgs)
    amounts: dict[str, list[Decimal | None]] = {}
    with localcontext(EXACT):
        for org in orgs:
            before: Decimal | None = Decimal(0)
            amounts[org] = []
            for period in ends:
                so_far = found.get((indicator, org, period.id))
                known = so_far is not None and before is not None
                amounts[org].append(so_far - before if known else None)  # type: ignore[operator]
                before = so_far
    return amounts


def _levels(
    indicators: Collection[str],
    periods: Iterable[Period],
    orgs: Collection[str] | None = None,
    seen: Q | None = None,
) -> dict[tuple[str, str, str], Decimal]:
    """Numbers that stand, of each the best track."""
    ids = [one.id for one in periods]
    chosen = {"indicator__in": list(indicators), "period__in": ids, "facet": "level", "held": False}
    if orgs is not None:
        chosen["org_id__in"] = list(orgs)
    year = int(ids[0][:4])
    tracks = rulebooks.current().tracks(_USE, date(year, 12, 31))
    rank = {track: at for at, track in enumerate(tracks)}
    found: dict[tuple[str, str, str], tuple[int, Decimal]] = {}
    standing = figures.standing(**chosen).filter(seen or Q())
    rows = standing.values_list("indicator", "org_id", "period", "track", "value")
    for indicator, org, period, track, value in rows:
        if value is None or track not in rank:
            continue
        key = (indicator, org, period)
        if key not in found or rank[track] < found[key][0]:
            found[key] = (rank[track], value)
    return {key: value for key, (_, value) in found.items()}
