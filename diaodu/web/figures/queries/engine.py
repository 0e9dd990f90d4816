"""Figures and targets as the engine reads them: without scope and embargo, for calculation only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from diaodu.adapters import frames
from diaodu.engine.ground.records import Observation as EngineObservation
from diaodu.engine.ground.records import Target
from diaodu.web.figures.models import Entry, Observation, Sheet, TargetRecord
from diaodu.web.figures.queries.counting import counting
from diaodu.web.rulebooks import queries as rulebooks

_COLUMNS = (
    "obs_id", "indicator", "org_id", "period", "facet", "against", "n", "track", "received",
    "value", "decimals", "word", "unit", "unit_given", "value_given", "cell", "held",
    "place_id", "entry_id", "id",
)  # fmt: skip
_KEY = itemgetter(1, 2, 3, 4, 5, 7)
_IN_ORDER = itemgetter(1, 2, 3, 4, 5, 7, 8, 18, 19)
_AT_ONCE = 5000


class _Row(NamedTuple):
    """What decides whether a row counts, and the row."""

    received: date
    order: tuple[int, int]
    held: bool
    value: Decimal | None
    word: str | None
    row: tuple[Any, ...]


def last_entry() -> int:
    """The number of the newest act of recording; 0 before the first. It grows with every one."""
    return Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0


def engine_observations(
    *, indicators: Collection[str] | None = None, years: Collection[int] | None = None,
    as_of: date | None = None, entered_before: datetime | None = None,
    up_to_entry: int | None = None, orgs: Collection[str] | None = None,
    periods: Collection[str] | None = None,
) -> list[EngineObservation]:  # fmt: skip
    """The vintages on file, sorted by key and day of receipt, as the engine settles them.

    years: those in which the period ends. as_of: received by that day, included.
    entered_before: entered by that moment, included; up_to_entry: by that act of recording.
    Left out are figures of orgs and indicators that the rules in force no longer name.
    """
    chosen = Observation.objects.filter(
        _some("indicator", indicators), _some("org_id", orgs), _some("period", periods),
        _years(years),
    )  # fmt: skip
    if as_of is not None:
        chosen = chosen.filter(received__lte=as_of)
    if entered_before is not None:
        chosen = chosen.filter(entered_at__lte=entered_before)
    if up_to_entry is not None:
        chosen = chosen.filter(entry_id__lte=up_to_entry)
    rows = sorted(
        chosen.order_by().values_list(*_COLUMNS).iterator(chunk_size=_AT_ONCE), key=_IN_ORDER
    )
    return list(_made(_known(_vintages(rows))))


def frame(
    *, indicators: Collection[str] | None = None, years: Collection[int] | None = None,
    as_of: date | None = None, entered_before: datetime | None = None,
    up_to_entry: int | None = None, orgs: Collection[str] | None = None,
    periods: Collection[str] | None = None,
) -> frames.Frame:  # fmt: skip
    """`engine_observations` as the engine's frame."""
    return frames.observation_frame(
        engine_observations(
            indicators=indicators, years=years, as_of=as_of, entered_before=entered_before,
            up_to_entry=up_to_entry, orgs=orgs, periods=periods,
        )
    )  # fmt: skip


def _vintages(rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    for _, of_key in groupby(rows, _KEY):
        group = list(of_key)
        if len(group) == 1:
            yield group[0]
        else:
            yield from (one.row for one in counting(map(_row, group)))


def _row(row: tuple[Any, ...]) -> _Row:
    return _Row(row[8], (row[18], row[19]), row[16], row[9], row[11], row)


def _known(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    if not rulebooks.has_rulebook():
        yield from rows
        return
    rules = rulebooks.current()
    for row in rows:
        if row[1] in rules.indicators and row[2] in rules.orgs:
            yield row


def _made(rows: Iterable[tuple[Any, ...]]) -> Iterator[EngineObservation]:
    sheets = _Sheets()
    for row in rows:
        file, sha256, sheet = sheets[row[17]]
        yield EngineObservation._make(
            (*row[:5], row[5] or None, *row[6:15], file, sha256, sheet, row[15], row[16])
        )


class _Sheets(dict[int, tuple[str, str, str]]):
    """Sheets by id, all fetched when the first is asked for: there are few beside the figures."""

    def __missing__(self, id: int) -> tuple[str, str, str]:
        rows = Sheet.objects.values_list("id", "file", "sha256", "sheet")
        self.update({one: (file, sha256, sheet) for one, file, sha256, sheet in rows.iterator()})
        return self[id]


# -- targets -----------------------------------------------------------------------------------

_WANTED = itemgetter(6, 7, 8, 10)  # comparator, value, tolerance, word


def targets(
    *, as_of: date | None = None, indicators: Collection[str] | None = None,
    entered_before: datetime | None = None, up_to_entry: int | None = None,
) -> list[Target]:  # fmt: skip
    """The targets that stand: the last received of each; none while two of one day and entry
    contradict each other."""
    chosen = TargetRecord.objects.filter(_some("indicator", indicators)).select_related("place")
    if as_of is not None:
        chosen = chosen.filter(received__lte=as_of)
    if entered_before is not None:
        chosen = chosen.filter(entered_at__lte=entered_before)
    if up_to_entry is not None:
        chosen = chosen.filter(entry_id__lte=up_to_entry)
    by_key: dict[tuple[Any, ...], list[TargetRecord]] = {}
    for one in chosen.order_by("received", "entry_id", "id"):
        by_key.setdefault((one.indicator, one.org_id, one.year, one.tier, one.kind), []).append(one)
    standing = (_standing(by_key[key]) for key in sorted(by_key))
    return [one for one in standing if one is not None]


def _standing(received: list[TargetRecord]) -> Target | None:
    """The oldest record of what is wanted now, so that a target sent again keeps its origin."""
    last = received[-1]
    day = [
        one for one in received if (one.received, one.entry_id) == (last.received, last.entry_id)
    ]
    if len({_WANTED(one.as_engine()) for one in day}) > 1:
        return None
    wanted = _WANTED(last.as_engine())
    chosen = last
    for one in reversed(received):
        if _WANTED(one.as_engine()) != wanted:
            break
        chosen = one
    return chosen.as_engine()


def target_frame(
    *, as_of: date | None = None, indicators: Collection[str] | None = None,
    entered_before: datetime | None = None, up_to_entry: int | None = None,
) -> frames.Frame:  # fmt: skip
    return frames.target_frame(
        targets(as_of=as_of, indicators=indicators, entered_before=entered_before,
                up_to_entry=up_to_entry)
    )  # fmt: skip


# -- shared --------------------------------------------------------------------------------------


def _some(column: str, wanted: Collection[str] | None) -> Q:
    return Q() if wanted is None else Q(**{f"{column}__in": sorted(wanted)})


def _years(years: Collection[int] | None) -> Q:
    if years is None:
        return Q()
    chosen = Q(pk__in=[])
    for year in years:
        chosen |= Q(ends__range=(date(year, 1, 1), date(year, 12, 31)))
    return chosen


def standing(**chosen: Any) -> QuerySet[Observation]:
    """Rows that stand, by columns, without scope and embargo: for calculation and checks only."""
    return Observation.objects.filter(standing=True, **chosen)


def recorded_since(entry: int, up_to: int) -> frozenset[str]:
    """The indicators of which figures or targets were recorded after one act of recording, up to
    another, included."""
    rows = (
        table.objects.filter(entry_id__gt=entry, entry_id__lte=up_to)
        .order_by()
        .values_list("indicator", flat=True)
        .distinct()
        for table in (Observation, TargetRecord)
    )
    return frozenset(one for found in rows for one in found)
