"""Live runs: each young month's rows follow every act of recording.

An act has a number that grows with every one, in the order in which they become visible. A run
knows up to which act its rows stand; a computation of older figures than those writes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from diaodu.adapters.memory import all_kept
from diaodu.engine import flow
from diaodu.engine.ground.period import Period
from diaodu.web.figures import queries as figures
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.runs.actions.writing import Content, counts_of, insert, standing_rows
from diaodu.web.runs.models import Finding, Row, Run
from diaodu.web.runs.queries.choosing import is_current, may_be_brought_up, months
from diaodu.web.runs.queries.computing import Basis, Releases, basis_now, live_results
from diaodu.web.shared import audit, queue

KEPT_MONTHS = 13
QUEUED = "排队等待计算"
COMPUTING = "正在计算"


def refresh_live(*, at: datetime, periods: Collection[str] = ()) -> None:
    """Bring all live runs up to everything recorded. What only a full computation can do (a young
    month or one of `periods` that is missing, new rules, a new day) is put in the queue."""
    today, entry = at.date(), figures.last_entry()
    if not rulebooks.has_rulebook() or not entry:
        return
    wanted = {*months(today), *periods}
    _drop(wanted, today)
    runs = Run.objects.filter(kind=Run.Kind.LIVE)
    ready = [run for run in runs if may_be_brought_up(run, today)]
    with all_kept():
        _bring_up([run for run in ready if run.entry < entry], today)
    if lacking := wanted - {run.period for run in ready}:
        _ask_whole(sorted(lacking), at)


def _drop(wanted: Collection[str], today: date) -> None:
    """Live runs can be had again: older months go when their rules are no longer in force, and
    those of long ago the day after somebody asked for them."""
    held = Run.objects.filter(kind=Run.Kind.LIVE).exclude(period__in=wanted)
    first = flow.months_back(Period.of_month(today.year, today.month), KEPT_MONTHS)[0]
    version = rulebooks.current_version().id
    old = held.filter(~Q(version_id=version) | Q(period__lt=first.id, as_of__lt=today))
    if old.exists():  # to delete nothing would take the lock of all writers, at each refresh
        old.delete()


@transaction.atomic
def _ask_whole(periods: list[str], at: datetime) -> None:
    """Queue a full computation of those that do not wait for one already."""
    runs = [_run_of(period, at) for period in periods]
    asked = [run for run in runs if run.step != QUEUED]
    if asked:
        Run.objects.filter(pk__in=[run.pk for run in asked]).update(step=QUEUED)
        queue.enqueue("runs.rebuild", periods=[run.period for run in asked])


def _bring_up(runs: list[Run], today: date) -> None:
    """Compute what the acts since then can have changed, and rewrite those rows alone."""
    if not runs:
        return
    basis = _basis_of(runs, today)
    since = figures.recorded_since(min(run.entry for run in runs), basis.entry)
    relative = figures.targets(kinds=("relative",), as_of=today, up_to_entry=basis.entry)
    tied = flow.tied_by_targets(since.indicators, relative)
    changed = tied & basis.rulebook.indicators.keys()
    by_month = {Period.from_id(run.period): run for run in runs}
    # No month rests on what came after it.
    near = [month for month in by_month if month.end >= since.day]
    young = {month: by_month[month] for month in near}
    prepared = _contents(basis, changed, young, of_targets=since.of_targets)
    reached = flow.reached_by(basis.rulebook, changed)
    with transaction.atomic():
        for month, run in by_month.items():
            standing = _standing(run, basis)
            if standing is None:
                continue
            if month in prepared:
                _replace(standing, *prepared[month], reached)
            standing.entry, standing.trouble, standing.step = basis.entry, "", ""
            standing.save(update_fields=["entry", "trouble", "step"])


_Prepared = tuple[Content, list[Row], list[Finding]]


def _contents(
    basis: Basis, changed: frozenset[str], by_month: Mapping[Period, Run], *, of_targets: bool
) -> dict[Period, _Prepared]:  # fmt: skip
    if not changed or not by_month:
        return {}
    targets, found = live_results(basis, list(by_month), changed, of_targets=of_targets)
    releases = Releases(basis.version_id, basis.rulebook)
    contents = {
        one.month: Content(
            one, targets, basis.rulebook, releases, by_month[one.month].horizon | _ids(one),
            basis.entry, standing_rows(by_month[one.month], one),
        )
        for one in found
    }  # fmt: skip
    return {month: (one, one.rows(), one.findings()) for month, one in contents.items()}


def _basis_of(runs: list[Run], today: date) -> Basis:
    version = runs[0].version_id
    return Basis(
        version, rulebooks.rulebook_of(version), figures.last_entry(), today,
        all(one.every_period for one in runs),
    )  # fmt: skip


def _standing(run: Run, basis: Basis) -> Run | None:
    """The run, locked; None where its rows are newer, or were computed under other rules."""
    found = Run.objects.select_for_update().get(pk=run.pk)
    is_older = found.entry < basis.entry and found.version_id == basis.version_id
    return found if is_older and found.is_done else None


def _replace(
    run: Run, content: Content, rows: list[Row], findings: list[Finding], reached: frozenset[str]
) -> None:
    run.rows.filter(indicator__in=reached).delete()
    run.findings.filter(indicator__in=reached).delete()
    insert(run, rows, findings)
    headlines = {one.id for one in content.rulebook.headlines}
    if headlines & reached:
        classed = run.rows.filter(indicator__in=headlines).exclude(target_class="")
        columns = classed.values_list("org_id", "target_class", "growth_class", "release_at")
        run.rows.filter(indicator="").delete()
        insert(run, counts_of(content.results.month, columns, content.seq), [])
    run.horizon = dict(content.horizon)
    run.save(update_fields=["horizon"])


def rebuild_live(*, periods: Collection[str], at: datetime) -> None:
    """Compute the live runs of some months anew, whole."""
    basis = basis_now(at.date())
    wanted = {Period.from_id(period): _run_of(period, at) for period in sorted(periods)}
    Run.objects.filter(pk__in=[run.pk for run in wanted.values()]).update(step=COMPUTING)
    targets, found = live_results(basis, list(wanted))
    releases = Releases(basis.version_id, basis.rulebook)
    for results in found:
        content = Content(results, targets, basis.rulebook, releases, _ids(results), basis.entry)
        rows, findings = content.rows(), content.findings()
        rows += counts_of(results.month, _classed(rows), basis.entry)
        _write_whole(wanted[results.month], basis, content, rows, findings, at)
    if figures.last_entry() > basis.entry:
        queue.enqueue("runs.refresh", periods=sorted(periods))


def _run_of(period: str, at: datetime) -> Run:
    first = {"as_of": at.date(), "version_id": rulebooks.current_version().id, "at": at}
    return Run.objects.get_or_create(kind=Run.Kind.LIVE, period=period, defaults=first)[0]


@transaction.atomic
def _write_whole(
    run: Run, basis: Basis, content: Content, rows: list[Row], findings: list[Finding], at: datetime
) -> None:
    held = Run.objects.select_for_update().get(pk=run.pk)
    if held.is_done and (held.entry, held.as_of) > (basis.entry, basis.as_of):
        return
    held.rows.all().delete()
    held.findings.all().delete()
    insert(held, rows, findings)
    held.as_of, held.version_id, held.entry = basis.as_of, basis.version_id, basis.entry
    held.every_period, held.horizon = basis.every_period, dict(content.horizon)
    held.state, held.step, held.trouble, held.finished_at = Run.State.DONE, "", "", at
    held.save()


@transaction.atomic
def ask_live(*, period: str, at: datetime) -> Run | None:
    """The month's live run, and a computation in the queue where it is missing or stale. None
    before there are rules and figures."""
    if not rulebooks.has_rulebook() or not figures.last_entry():
        return None
    run = _run_of(period, at)
    if not run.step and not is_current(run, at.date()):
        queue.enqueue("runs.refresh", periods=[period])
    return run


@transaction.atomic
def ask_again(*, run: Run, by: Any, at: datetime) -> None:
    """Somebody wants a live run computed anew, whole."""
    Run.objects.filter(pk=run.pk).update(step=QUEUED, state=Run.State.WAITING)
    audit.record(
        by=by, at=at, action="runs.rebuild_live", thing="runs.Run", id=f"live:{run.period}",
        after={"period": run.period},
    )  # fmt: skip
    queue.enqueue("runs.rebuild", periods=[run.period])


def note_trouble(*, periods: Collection[str], message: str) -> None:
    """Live runs that could not be computed say so; their rows stay as they were."""
    Run.objects.filter(kind=Run.Kind.LIVE, period__in=periods).update(
        trouble=message[:1000], step=""
    )


def _ids(results: flow.Results) -> dict[str, str]:
    return {name: period.id for name, period in results.horizon.items()}


def _classed(rows: Iterable[Row]) -> list[tuple[str, str, str, datetime | None]]:
    return [
        (one.org_id, one.target_class, one.growth_class, one.release_at)
        for one in rows
        if one.target_class
    ]
