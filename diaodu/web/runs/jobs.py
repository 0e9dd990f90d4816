"""What runs in the background. Each may be begun again after a worker died."""

from __future__ import annotations

from django_tasks import task

from diaodu.web.runs import actions
from diaodu.web.shared import clock, queue


@task(queue_name=queue.LIVE)
def refresh(periods: list[str] | None = None) -> None:
    actions.refresh_live(at=clock.now(), periods=periods)


@task()
def rebuild(periods: list[str]) -> None:
    try:
        actions.rebuild_live(periods=periods, at=clock.now())
    except Exception as error:
        actions.note_trouble(periods=periods, message=f"没有算成：{error}")
        raise


@task()
def freeze(run_id: int) -> None:
    actions.carry_out(run_id=run_id, now=clock.now)
