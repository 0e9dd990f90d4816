"""What runs in the background. Each may be begun again after a worker died."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django_tasks import task

from diaodu.web.runs import actions, queries
from diaodu.web.shared import clock, queue


@task(queue_name=queue.LIVE)
def refresh(periods: list[str] | None = None) -> None:
    with _told_on_the_runs(periods or queries.months(clock.today())):
        actions.refresh_live(at=clock.now(), periods=periods or ())


@task()
def rebuild(periods: list[str]) -> None:
    with _told_on_the_runs(periods):
        actions.rebuild_live(periods=periods, at=clock.now())


@contextmanager
def _told_on_the_runs(periods: list[str]) -> Iterator[None]:
    """Live runs that cannot be computed say so on their page, and the task fails."""
    try:
        yield
    except Exception as error:
        actions.note_trouble(periods=periods, message=f"没有算成：{error}")
        raise


@task()
def freeze(run_id: int) -> None:
    actions.carry_out(run_id=run_id, now=clock.now)


@task()
def follow_calendar(version_id: int) -> None:
    actions.follow_calendar(version_id=version_id, at=clock.now())
