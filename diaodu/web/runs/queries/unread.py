"""What a job reads of runs that no person has read yet: whole, whoever may see it, and before it is
public. Whoever asks keeps to `release_at`, and tells nobody more than the run itself would."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from diaodu.web.runs.models import Finding, Row, Run
from diaodu.web.runs.queries.choosing import published

_AT_ONCE = 2000
_LEADING = ("value", "growth", "growth_published")


class BareRow(NamedTuple):
    """measures: those asked for, as `Row` keeps them. judged: ids of the targets that the light
    was decided on. tiers: of the targets, by id. growths: (period, growth as
    shown) of its history."""

    indicator: str
    org: str
    period: str
    light: str
    absent: str
    has_figure: bool
    measures: list[list[Any]]
    judged: frozenset[str]
    tiers: dict[str, str]
    growths: dict[str, str]
    release_at: datetime | None


def standing_runs(since: str) -> list[Run]:
    """Of each month from `since` on the newest published run and the live one, oldest first; those
    that have results."""
    done = Run.objects.filter(period__gte=since, state=Run.State.DONE).select_related("version")
    newest: dict[str, Run] = {}
    for run in published(done.filter(kind=Run.Kind.FROZEN)).order_by("period", "number"):
        newest[run.period] = run
    live = list(done.filter(kind=Run.Kind.LIVE))
    return sorted([*newest.values(), *live], key=lambda run: (run.period, run.is_live))


def published_ids() -> list[int]:
    """Every run that stands published, those that a newer one of their month stands before too."""
    return list(published(Run.objects.all()).values_list("pk", flat=True))


def bare_rows(
    run: Run, measures: Collection[str], *, history: bool = True
) -> Iterator[BareRow]:  # fmt: skip
    """Every row of a run, its counts left out; without `history` they have no growths, and half as
    much is read."""
    columns = [
        "indicator", "org_id", "period", "light", "absent", "measures", "targets", "release_at",
    ]  # fmt: skip
    found = run.rows.exclude(indicator="").values_list(*columns, *["series"] * history)
    wanted = frozenset(measures)
    for indicator, org, period, light, absent, told, targets, release, *series in found.iterator(
        chunk_size=_AT_ONCE
    ):
        points = series[0] if series else ()
        yield BareRow(
            indicator, org, period, light, absent,
            any(one[0] in _LEADING and one[7] is not None for one in told),
            [one for one in told if one[0] in wanted],
            frozenset(one["id"] for one in targets if one["light"]),
            {one["id"]: one["tier"] for one in targets},
            {point: growth for point, _, growth in points if growth is not None},
            release,
        )  # fmt: skip


def lights(run: Run) -> dict[tuple[str, str], str]:
    """The light of every row."""
    rows = Row.objects.filter(run=run).exclude(light="")
    return {(name, org): light for name, org, light in rows.values_list(
        "indicator", "org_id", "light"
    )}  # fmt: skip


def found_of(run: Run, code: str) -> dict[tuple[str, str], list[tuple[str, datetime | None]]]:
    """What the checks said under a code, with when it is public."""
    found: dict[tuple[str, str], list[tuple[str, datetime | None]]] = {}
    rows = Finding.objects.filter(run=run, code=code).values_list(
        "indicator", "org", "message", "release_at"
    )
    for indicator, org, message, release in rows:
        found.setdefault((indicator, org), []).append((message, release))
    return found
