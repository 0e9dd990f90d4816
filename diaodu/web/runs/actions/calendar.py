"""The release calendar moved later: what a frozen run still keeps back waits for the new day."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.runs.models import Run
from diaodu.web.runs.queries.computing import Releases, latest
from diaodu.web.runs.queries.rows import rulebook_of
from diaodu.web.shared import audit


def follow_calendar(*, version_id: int, at: datetime) -> None:
    """After a version was published: for the runs with figures that were not public by then. Their
    results stay as they are; live runs are computed anew under the new rules."""
    published_at = rulebooks.version(version_id).published_at
    waiting = Run.objects.filter(kind=Run.Kind.FROZEN, release_at__gt=published_at)
    for run in waiting.order_by("number"):
        _move(run, at)


@transaction.atomic
def _move(run: Run, at: datetime) -> None:
    releases = Releases(run.version_id, rulebook_of(run))
    moved = releases.of(run.horizon, run.horizon)
    rows = run.rows.exclude(indicator="").order_by().values_list("indicator", "release_at")
    stale = {name for name, moment in rows.distinct() if moment != moved[name]}
    if not stale:
        return
    for name in sorted(stale):
        run.rows.filter(indicator=name).update(release_at=moved[name])
    _move_counts(run)
    _move_findings(run, releases)
    before, run.release_at = run.release_at, latest(moved.values())
    run.save(update_fields=["release_at"])
    audit.record(
        by=None, at=at, action="runs.follow_calendar", thing="runs.Run", id=run.number,
        before={"release_at": before}, after={"release_at": run.release_at},
    )  # fmt: skip


def _move_counts(run: Run) -> None:
    """An org's counts wait for the latest figure counted."""
    found: dict[str, list[datetime | None]] = {}
    for org, moment in run.rows.exclude(target_class="").values_list("org_id", "release_at"):
        found.setdefault(org, []).append(moment)
    for org, moments in found.items():
        run.rows.filter(indicator="", org_id=org).update(release_at=latest(moments))


def _move_findings(run: Run, releases: Releases) -> None:
    dated = run.findings.filter(release_at__isnull=False).order_by()
    for name, period in dated.values_list("indicator", "period").distinct():
        moved = releases.of({name: period}, run.horizon)[name]
        dated.filter(indicator=name, period=period).update(release_at=moved)
