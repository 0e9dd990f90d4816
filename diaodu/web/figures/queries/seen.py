"""Figures as a reader may see them: scope and embargo are decided here and nowhere else."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When

from diaodu.engine.ground.words import FACETS, TRACKS
from diaodu.web.figures.models import Observation
from diaodu.web.figures.queries.counting import ABSENT
from diaodu.web.shared.access import Access


def visible(access: Access, now: datetime) -> QuerySet[Observation]:
    """Every row that this reader may see at that moment, all vintages."""
    return Observation.objects.filter(access.q("view"), access.released_q(now))


def one(access: Access, now: datetime, id: int) -> Observation:
    """Raises Observation.DoesNotExist, also for what this reader may not see."""
    return visible(access, now).select_related("place", "org", "entry__by").get(pk=id)


def vintages(
    access: Access, now: datetime, indicator: str, org: str, period: str
) -> list[Observation]:
    """Everything on file about one indicator, org and period: by facet, track and day."""
    rows = visible(access, now).filter(indicator=indicator, org_id=org, period=period)
    return list(
        rows.select_related("place", "org", "entry__by").order_by(
            rank("facet", FACETS), "against", rank("track", TRACKS), "received", "entry_id", "id"
        )
    )


class Point(NamedTuple):
    """One figure of a series. `early`: shown before its release to this reader only."""

    id: int
    period: str
    ends: date
    row: Observation
    early: bool


def series(
    access: Access, now: datetime, *, indicator: str, org: str, facet: str = "level",
    track: str | None = None, since: date | None = None,
) -> list[Point]:  # fmt: skip
    """The figures that stand, oldest period first; of several tracks all, the track in the row."""
    rows = visible(access, now).filter(
        standing=True, indicator=indicator, org_id=org, facet=facet, against=""
    )
    if track is not None:
        rows = rows.filter(track=track)
    if since is not None:
        rows = rows.filter(ends__gte=since)
    return [
        Point(row.id, row.period, row.ends, row, is_early(row, now))
        for row in rows.order_by("ends", "period", rank("track", TRACKS))
    ]


def is_early(row: Observation, now: datetime) -> bool:
    """Whether a row stands under embargo at that moment: it bears the word 发布前."""
    return row.release_at is not None and row.release_at > now


def standing_on(rows: QuerySet[Observation], day: date) -> QuerySet[Observation]:
    """Of some rows those that stood on a day, by what had been received until then.

    `counting` says the same of the rows of one key; this is for pages that turn over many.
    """
    absent = Q(word__in=ABSENT)
    others = Observation.objects.filter(
        indicator=OuterRef("indicator"), period=OuterRef("period"), org_id=OuterRef("org_id"),
        facet=OuterRef("facet"), against=OuterRef("against"), track=OuterRef("track"),
        held=False, received__lte=day,
    )  # fmt: skip
    later = Q(received__gt=OuterRef("received")) | Q(received=OuterRef("received")) & (
        Q(entry_id__gt=OuterRef("entry_id"))
        | Q(entry_id=OuterRef("entry_id"), id__gt=OuterRef("id"))
    )
    is_said = Q(word__isnull=True) | ~absent
    chosen = rows.filter(held=False, received__lte=day)
    return chosen.filter(
        is_said & ~Exists(others.filter(is_said & later))
        | absent & ~Exists(others.filter(is_said | later))
    )


def periods(access: Access, now: datetime, indicators: Collection[str] | None = None) -> list[date]:
    """The last days of the periods with visible figures, newest first."""
    rows = visible(access, now).filter(standing=True)
    if indicators is not None:
        rows = rows.filter(indicator__in=set(indicators))
    return list(rows.order_by("-ends").values_list("ends", flat=True).distinct())


def rank(column: str, words: tuple[str, ...]) -> Case | F:
    """In the order of a vocabulary, not of its letters; of its letters where there is none yet."""
    if not words:
        return F(column)
    return Case(
        *(When(**{column: word}, then=Value(at)) for at, word in enumerate(words)),
        default=Value(len(words)), output_field=IntegerField(),
    )  # fmt: skip
