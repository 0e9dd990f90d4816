"""Which run a reader looks at."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from diaodu.engine.ground.period import Period
from diaodu.web.figures import queries as figures
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.runs.models import Run
from diaodu.web.shared.access import Access

# Months whose live run follows every edit; older ones are brought up when somebody asks.
YOUNG_MONTHS = 3


def _runs() -> QuerySet[Run]:
    """With their version: whose rulebook every page needs."""
    return Run.objects.select_related("version")


def may_here(access: Access, capability: str) -> bool:
    """Whether it is allowed for the desk's own org: runs are of the whole desk."""
    return access.home is not None and access.may(capability, org=access.home)


def runs_for(access: Access) -> QuerySet[Run]:
    """The frozen runs one may know of: published ones; those who run or publish here, all."""
    frozen = _runs().filter(kind=Run.Kind.FROZEN)
    if may_here(access, "run") or may_here(access, "publish"):
        return frozen
    if not access.may("view"):
        return frozen.none()
    return published(frozen)


def published(runs: QuerySet[Run]) -> QuerySet[Run]:
    return runs.filter(published_at__isnull=False, withdrawn_at=None)


def frozen_run(access: Access, number: int) -> Run | None:
    return runs_for(access).filter(number=number).first()


def live_run(access: Access, period: str) -> Run | None:
    """The month's live run; None where it was never computed or one may not look at it."""
    if not access.may("live"):
        return None
    return _runs().filter(kind=Run.Kind.LIVE, period=period).first()


def chosen(
    access: Access, period: str | None = None, number: int | None = None, live: bool | None = None
) -> Run | None:
    """The run a page shows: the one asked for; else the live one for those who may see it, the
    newest published of the month for all others, of the newest month where none is named.

    A run that is not done has no rows yet: the page says so (`run.state`, `run.step`).
    """
    if number is not None:
        return frozen_run(access, number)
    if live is None:
        live = access.may("live")
    if live:
        standing = live_run(access, period) if period else _newest_live(access)
        if standing is not None:
            return standing
    return _of(published(runs_for(access)), period).order_by("-period", "-number").first()


def stood(access: Access, on: date, period: str | None = None) -> Run | None:
    """The newest run of what was known on a day: the month's live one for those who may see it,
    from the day it was last computed for; else a published one. None: none stood yet."""
    standing = live_run(access, period) if period else None
    if standing is not None and standing.is_done and standing.as_of <= on:
        return standing
    found = _of(published(runs_for(access)), period).filter(as_of__lte=on)
    return found.order_by("-period", "-as_of", "-number").first()


def first_stood(access: Access, period: str | None = None) -> Run | None:
    """The published run with the earliest day."""
    return _of(published(runs_for(access)), period).order_by("as_of", "number").first()


def _of(runs: QuerySet[Run], period: str | None) -> QuerySet[Run]:
    return runs.filter(period=period) if period else runs


def _newest_live(access: Access) -> Run | None:
    if not access.may("live"):
        return None
    return _runs().filter(kind=Run.Kind.LIVE).order_by("-period").first()


def live_runs(access: Access) -> list[Run]:
    """Newest month first; none for those who may not see live results."""
    if not access.may("live"):
        return []
    return list(Run.objects.filter(kind=Run.Kind.LIVE).order_by("-period"))


def periods(access: Access) -> list[str]:
    """The months one can look at, newest first."""
    found = set(runs_for(access).filter(state=Run.State.DONE).values_list("period", flat=True))
    if access.may("live"):
        live = Run.objects.filter(kind=Run.Kind.LIVE)
        found |= set(live.values_list("period", flat=True))
    return sorted(found, reverse=True)


def months(today: date) -> list[str]:
    """The months whose live runs follow every edit, newest first."""
    month = Period.of_month(today.year, today.month)
    found: list[str] = []
    for _ in range(YOUNG_MONTHS):
        found.append(month.id)
        month = month.previous_month()
    return found


def is_current(run: Run, today: date) -> bool:
    """Whether a live run shows everything recorded under the rules in force."""
    return may_be_brought_up(run, today) and run.entry >= figures.last_entry()


def may_be_brought_up(run: Run, today: date) -> bool:
    """Whether no more than the figures recorded since is lacking. A young month is computed anew
    each day: what is due and what is late changes."""
    if not run.is_done or run.version_id != rulebooks.current_version().id:
        return False
    return run.as_of == today or run.period not in months(today)
