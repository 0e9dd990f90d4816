"""Keeps the workers alive and sees to it that no task is lost without a word.

django-tasks-db leaves a task RUNNING for ever when its worker dies. Here a dead worker's task is
put back in the queue; one that cost three workers their life, or ran longer than it may, is
marked as failed, and the room whose task it was is told (`shared.signals.work_given_up`).

This is the one place that asks the machine's clock: a demo's clock has no say in how long a task
may run.
"""

from __future__ import annotations

import logging
import os
import secrets
import subprocess
import sys
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import close_old_connections, transaction
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from diaodu.web.shared import queue
from diaodu.web.shared.signals import work_given_up
from diaodu.web.site.models import Beat, Tick

log = logging.getLogger(__name__)

# lane → the queues its worker serves
LANES: Final = {"live": (queue.LIVE,), "long": ("default",)}
MOST_TRIES: Final = 3
LONGEST_TASK: Final = timedelta(minutes=30)
# A worker that writes no sign of life for so long is gone; a long write of another may hold it up.
SILENT: Final = timedelta(seconds=60)
_LOOK_EVERY: Final = 1.0  # seconds
_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)


def few_threads() -> dict[str, str]:
    """For processes that compute over few rows at a time: handing them to other threads takes
    longer than to do it."""
    return {"POLARS_MAX_THREADS": "1", **os.environ}


@dataclass
class Lane:
    """One worker after another for some of the queues, so that short work never waits behind
    long work."""

    name: str
    queues: Sequence[str]
    worker: str = ""
    child: subprocess.Popen[bytes] | None = None

    def look(self, now: datetime, longest: timedelta) -> None:
        if self.child is None:
            self._start()
        elif self.child.poll() is not None:
            log.warning("worker %s ended with %s", self.worker, self.child.returncode)
            recover([self.worker])
            self._start()
        elif _overdue(self.worker, now - longest):
            log.warning("worker %s took too long over a task", self.worker)
            self.child.kill()

    def _start(self) -> None:
        self.worker = f"{self.name}-{secrets.token_hex(8)}"
        command = [
            sys.executable, "-m", "django", "desk_worker",
            self.worker, str(os.getpid()), *self.queues,
        ]  # fmt: skip
        # Ctrl-C is for the parent: a second signal would break off the task in hand.
        environment = few_threads() if self.name == "live" else None
        self.child = subprocess.Popen(command, start_new_session=True, env=environment)

    def end(self) -> None:
        """A task in hand may finish; one that does not is taken up again at the next start."""
        if self.child is None:
            return
        try:
            self.child.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
        recover([self.worker])


class Supervisor:
    """Runs in the process that serves the desk; `run` ends when `stop` is set."""

    def __init__(self, longest: timedelta = LONGEST_TASK) -> None:
        self.longest = longest
        self.stop = threading.Event()
        self.lanes = [Lane(name, queues) for name, queues in LANES.items()]

    def run(self) -> None:
        recover_orphans(timezone.now())
        while not self.stop.is_set():
            try:
                self._look(timezone.now())
            except Exception:
                log.exception("the supervisor could not look after the workers")
            close_old_connections()
            self.stop.wait(_LOOK_EVERY)
        for lane in self.lanes:
            if lane.child is not None:
                lane.child.terminate()
        for lane in self.lanes:
            lane.end()

    def _look(self, now: datetime) -> None:
        for lane in self.lanes:
            lane.look(now, self.longest)
        put_due_jobs(now)


def are_workers_alive(now: datetime) -> bool:
    """Whether every lane has a worker that beats."""
    beating = Beat.objects.filter(at__gt=now - SILENT).values_list("worker", flat=True)
    return {worker.partition("-")[0] for worker in beating} >= LANES.keys()


def recover_orphans(now: datetime) -> None:
    """Tasks of workers that no longer beat: of a supervisor that itself died."""
    Beat.objects.filter(at__lt=now - SILENT).delete()
    alive = set(Beat.objects.values_list("worker", flat=True))
    owners = {row.worker_ids[-1] for row in _running() if row.worker_ids}
    recover(owners - alive)


def recover(workers: Iterable[str]) -> None:
    """Put back, or give up, what these workers had in hand. They must be dead."""
    dead = set(workers)
    Beat.objects.filter(worker__in=dead).delete()
    for row in _running():
        if row.worker_ids and row.worker_ids[-1] in dead:
            _put_back_or_give_up(row)


def _running() -> list[DBTaskResult]:
    return list(DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING))


def _overdue(worker: str, before: datetime) -> bool:
    late = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=before)
    return any(row.worker_ids and row.worker_ids[-1] == worker for row in late)


def _put_back_or_give_up(row: DBTaskResult) -> None:
    still_running = DBTaskResult.objects.filter(pk=row.pk, status=TaskResultStatus.RUNNING)
    if len(row.worker_ids) < MOST_TRIES:
        still_running.update(status=TaskResultStatus.READY, started_at=None)
        return
    with transaction.atomic():
        given_up = still_running.update(
            status=TaskResultStatus.FAILED,
            finished_at=timezone.now(),
            exception_class_path="diaodu.web.site.supervisor.GivenUp",
            traceback=f"试了{MOST_TRIES}次，做这件事的进程每次都中断了",
        )
        if given_up:
            work_given_up.send(
                DBTaskResult, name=row.task_path, arguments=row.args_kwargs["kwargs"]
            )


class GivenUp(RuntimeError):
    """Recorded with a task that cost too many workers their life."""


def put_due_jobs(now: datetime) -> None:
    """Repeated jobs of `settings.DESK_SCHEDULE` (name → seconds); several desks on one database
    put each but once."""
    for name, seconds in settings.DESK_SCHEDULE.items():
        Tick.objects.get_or_create(name=name, defaults={"at": _LONG_AGO})
        with transaction.atomic():
            due = Tick.objects.filter(name=name, at__lte=now - timedelta(seconds=seconds))
            if due.update(at=now):
                queue.enqueue(name)
