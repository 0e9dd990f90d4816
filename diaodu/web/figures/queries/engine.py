"""Figures and targets as the engine reads them: without scope and embargo, for calculation only."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple

import narwhals as nw
from django.db.models import Case, IntegerField, Min, Q, QuerySet, TextField, When
from django.db.models.functions import Cast

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
_TURNED = 500
_MOST_NAMED = 500  # ids in one statement


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
    rows = _chosen(
        indicators, years, as_of, entered_before, up_to_entry, orgs, periods
    ).values_list(*_COLUMNS)
    ordered = sorted(rows.iterator(chunk_size=_AT_ONCE), key=_IN_ORDER)
    return list(_made(_known(_vintages(ordered))))


def frame(
    *, indicators: Collection[str] | None = None, years: Collection[int] | None = None,
    as_of: date | None = None, entered_before: datetime | None = None,
    up_to_entry: int | None = None, orgs: Collection[str] | None = None,
    periods: Collection[str] | None = None,
) -> frames.Frame:  # fmt: skip
    """`engine_observations` as the engine's frame, in the same order, without making records."""
    rows = _chosen(indicators, years, as_of, entered_before, up_to_entry, orgs, periods)
    found = frames.frame_of_columns(_columns(rows))
    found = _known_rows(_counting_rows(found))
    return found.join(_sheets(found), on="place_id").sort(*_ORDER).select(*_OBSERVATION)


_TEXTS = {
    "digits": Cast("value", TextField()), "day": Cast("received", TextField()),
    "free": Case(When(held=True, then=0), default=1, output_field=IntegerField()),
}  # fmt: skip
_READ = {
    "obs_id": "obs_id", "indicator": "indicator", "org": "org_id", "period": "period",
    "facet": "facet", "against": "against", "n": "n", "track": "track", "received": "day",
    "value": "digits", "decimals": "decimals", "word": "word", "unit": "unit",
    "unit_given": "unit_given", "value_given": "value_given", "cell": "cell",
    "is_free": "free", "place_id": "place_id", "entry_id": "entry_id", "id": "id",
}  # fmt: skip
_OBSERVATION = EngineObservation._fields
_PLACE = ["indicator", "org", "period", "facet", "against", "track"]
_ORDER = [*_PLACE, "received", "is_free", "entry_id", "id"]


def _columns(rows: QuerySet[Observation]) -> dict[str, list[Any]]:
    """Some thousand rows at a time, turned while they are near the processor."""
    columns: dict[str, list[Any]] = {name: [] for name in _READ}
    tuples = rows.annotate(**_TEXTS).values_list(*_READ.values()).iterator(chunk_size=_AT_ONCE)
    while some := list(islice(tuples, _TURNED)):
        for column, values in zip(columns.values(), zip(*some, strict=True), strict=True):
            column.extend(values)
    return columns


def _counting_rows(found: frames.Frame) -> frames.Frame:
    """The rows that count; most keys have one row, and that is it."""
    found = found.with_columns(rows=nw.len().over(*_PLACE))
    many = found.filter(nw.col("rows") > 1).sort(*_ORDER)
    names = (*_PLACE, "received", "entry_id", "id", "is_free", "value", "word")
    kept: list[int] = []
    for _, group in groupby(many.select(*names).iter_rows(), itemgetter(*range(len(_PLACE)))):
        rows = [
            _Row(day, (entry, id), not free, value, word, (id,))
            for *_, day, entry, id, free, value, word in group
        ]
        kept += [one.row[0] for one in counting(rows)]
    return found.filter((nw.col("rows") == 1) | nw.col("id").is_in(kept))


def _known_rows(found: frames.Frame) -> frames.Frame:
    """Columns as the engine has them; what the rules in force no longer name is left out."""
    against = nw.when(nw.col("against") != "").then(nw.col("against"))
    if rulebooks.has_rulebook():
        rules = rulebooks.current()
        found = found.filter(
            nw.col("indicator").is_in(list(rules.indicators)), nw.col("org").is_in(list(rules.orgs))
        )
    return found.with_columns(against=against, held=nw.col("is_free") == 0)


def _sheets(found: frames.Frame) -> frames.Frame:
    rows = _sheet_rows(found["place_id"].unique().to_list())
    names = ("place_id", "file", "sha256", "sheet")
    columns = dict(zip(names, zip(*rows, strict=True), strict=False))
    return frames.frame_of_columns(columns or dict.fromkeys(names, ()))


def _sheet_rows(ids: Collection[int]) -> QuerySet[Sheet, tuple[int, str, str, str]]:
    """Id, file, digest and sheet; of all there are where many are asked for."""
    rows = Sheet.objects.values_list("id", "file", "sha256", "sheet")
    return rows.filter(pk__in=ids) if len(ids) <= _MOST_NAMED else rows


def _chosen(
    indicators: Collection[str] | None, years: Collection[int] | None, as_of: date | None,
    entered_before: datetime | None, up_to_entry: int | None, orgs: Collection[str] | None,
    periods: Collection[str] | None,
) -> QuerySet[Observation]:  # fmt: skip
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
    return chosen.order_by()


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
    kept = list(rows)
    sheets = {id: place for id, *place in _sheet_rows({row[17] for row in kept})}
    for row in kept:
        yield EngineObservation._make(
            (*row[:5], row[5] or None, *row[6:15], *sheets[row[17]], row[15], row[16])
        )


# -- targets -----------------------------------------------------------------------------------

_WANTED = itemgetter(6, 7, 8, 10, 20)  # comparator, value, tolerance, word, text


def targets(
    *, as_of: date | None = None, indicators: Collection[str] | None = None,
    entered_before: datetime | None = None, up_to_entry: int | None = None,
    year: int | None = None, not_from: str = "", kinds: Collection[str] | None = None,
) -> list[Target]:  # fmt: skip
    """The targets that stand: the last received of each; none while two of one day and entry
    contradict each other. not_from: an origin whose records are left out."""
    wanted = _some("indicator", indicators) & _some("kind", kinds)
    chosen = TargetRecord.objects.filter(wanted).select_related("place")
    if as_of is not None:
        chosen = chosen.filter(received__lte=as_of)
    if entered_before is not None:
        chosen = chosen.filter(entered_at__lte=entered_before)
    if up_to_entry is not None:
        chosen = chosen.filter(entry_id__lte=up_to_entry)
    if year is not None:
        chosen = chosen.filter(year=year)
    if not_from:
        chosen = chosen.exclude(entry__origin=not_from)
    by_key: dict[tuple[Any, ...], list[TargetRecord]] = {}
    for one in chosen.order_by("received", "entry_id", "id"):
        by_key.setdefault(
            (one.indicator, one.org_id, one.year, one.tier, one.kind, one.period, one.against), []
        ).append(one)
    standing = (_standing(by_key[key]) for key in sorted(by_key))
    return [one for one in standing if one is not None]


def target_years(*, not_from: str = "") -> list[int]:
    """The years that have any targets, newest first; not_from: see `targets`."""
    found = TargetRecord.objects.all()
    if not_from:
        found = found.exclude(entry__origin=not_from)
    return list(found.order_by("-year").values_list("year", flat=True).distinct())


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


class Since(NamedTuple):
    """What was recorded: figures or targets of which indicators, of periods that end (targets: of
    years that begin) on which day or later; whether targets alone."""

    indicators: frozenset[str]
    day: date
    of_targets: bool


def recorded_since(entry: int, up_to: int) -> Since:
    """What was recorded after one act of recording, up to another, included."""
    between = {"entry_id__gt": entry, "entry_id__lte": up_to}
    figures = Observation.objects.filter(**between).order_by().values_list("indicator")
    aims = TargetRecord.objects.filter(**between).order_by().values_list("indicator", "year")
    first = dict(figures.annotate(Min("ends")))
    days = [*first.values(), *(date(year, 1, 1) for _, year in aims.distinct())]
    named = frozenset(first) | {indicator for indicator, _ in aims.distinct()}
    return Since(named, min(days, default=date.max), not first)
