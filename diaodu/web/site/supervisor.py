"""Keeps one worker alive and sees to it that no task is lost without a word.

django-tasks-db leaves a task RUNNING for ever when its worker dies. Here a dead worker's task is
put back in the queue; one that cost three workers their life, or ran longer than it may, is
marked as failed, and the room whose task it was is told (`shared.signals.work_given_up`).

This is the one place that asks the machine's clock: a demo's clock has no say in how long a task
may run.
"""

from __future__ import annotations

import logging
import secrets
import subprocess
import sys
import threading
from collections.abc import Iterable
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

MOST_TRIES: Final = 3
LONGEST_TASK: Final = timedelta(minutes=30)
# A worker that writes no sign of life for so long is gone; a long write of another may hold it up.
SILENT: Final = timedelta(seconds=60)
_LOOK_EVERY: Final = 1.0  # seconds
_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)


class Supervisor:
    """Runs in the process that serves the desk; `run` ends when `stop` is set."""

    def __init__(self, longest: timedelta = LONGEST_TASK) -> None:
        self.longest = longest
        self.stop = threading.Event()
        self.worker = ""
        self._child: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        recover_orphans(timezone.now())
        while not self.stop.is_set():
            try:
                self._look(timezone.now())
            except Exception:
                log.exception("the supervisor could not look after the worker")
            close_old_connections()
            self.stop.wait(_LOOK_EVERY)
        self._end_child()

    def _look(self, now: datetime) -> None:
        if self._child is None or self._child.poll() is not None:
            if self._child is not None:
                log.warning("worker %s ended with %s", self.worker, self._child.returncode)
                recover([self.worker])
            self._start_child()
        elif _overdue(self.worker, now - self.longest):
            log.warning("worker %s took too long over a task", self.worker)
            self._child.kill()
        put_due_jobs(now)

    def _start_child(self) -> None:
        self.worker = f"desk-{secrets.token_hex(8)}"
        command = [sys.executable, "-m", "django", "desk_worker", "--worker-id", self.worker]
        self._child = subprocess.Popen(command)

    def _end_child(self) -> None:
        """A task in hand may finish; one that does not is taken up again at the next start."""
        if self._child is None or self._child.poll() is not None:
            return
        self._child.terminate()
        try:
            self._child.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        recover([self.worker])


def is_worker_alive(now: datetime) -> bool:
    return Beat.objects.filter(at__gt=now - SILENT).exists()


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
