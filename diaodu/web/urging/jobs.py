"""Work that pages do not wait for."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django_tasks import task

from diaodu.web.rulebooks.queries import has_rulebook
from diaodu.web.shared import clock, outbox, queue
from diaodu.web.urging import actions

# Then the next task takes over: a worker may not be held for half an hour.
_LONGEST: Final = timedelta(minutes=5)
# Nobody is reminded in the night.
_MORNING: Final = 8


@task
def pass_day() -> None:
    """Remind, and list the steps that are due."""
    now = clock.now()
    if now.hour >= _MORNING and has_rulebook():
        actions.pass_day(at=now)


@task
def deliver() -> None:
    """Send what is due; what is left for want of time goes on in a task of its own."""
    until = clock.now() + _LONGEST
    outbox.deliver(now=clock.now, until=until)
    if clock.now() >= until:
        queue.enqueue("urging.deliver")
