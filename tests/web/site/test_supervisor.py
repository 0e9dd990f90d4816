"""No task is lost: real workers, really killed."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SUPERVISE = """
import django; django.setup()
from datetime import timedelta
from diaodu.web.site.supervisor import Supervisor
Supervisor(longest=timedelta(seconds={longest})).run()
"""
# Asked again in one process: starting one for every question would take the workers' processor.
STATES = """
import time
from django_tasks_db.models import DBTaskResult
ours = DBTaskResult.objects.filter(task_path__startswith='odd_tasks').order_by('enqueued_at')
until = time.monotonic() + {seconds}
while ours.filter(status__in=('READY', 'RUNNING')).exists() and time.monotonic() < until:
    time.sleep(0.1)
print(json.dumps([[t.task_path.split('.')[-1], t.status, len(t.worker_ids), t.traceback]
                  for t in ours]))
"""
ENQUEUE = """
import odd_tasks
odd_tasks.{name}.enqueue({path!r})
"""


def _states(own_desk: Any) -> list[list[Any]]:
    """Of every odd task, once all have ended or after a minute."""
    found: list[list[Any]] = own_desk.python(STATES.format(seconds=60))
    return found


def _until(found: Callable[[], Any], wanted: Callable[[Any], bool], seconds: float = 60) -> Any:
    until = time.monotonic() + seconds
    while True:
        now = found()
        if wanted(now) or time.monotonic() > until:
            return now


def _supervise(own_desk: Any, longest: float = 600) -> None:
    own_desk.start("-c", SUPERVISE.format(longest=longest))


def test_a_killed_worker_s_task_is_done_by_the_next(own_desk: Any, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    own_desk.python(ENQUEUE.format(name="kill_worker_once", path=str(mark)))
    _supervise(own_desk)
    [[_, status, tries, _]] = _states(own_desk)
    assert (status, tries) == ("SUCCESSFUL", 2)
    assert mark.read_text() == "xx"


def test_a_task_that_kills_every_worker_is_given_up_and_the_rest_goes_on(
    own_desk: Any, tmp_path: Path
) -> None:
    own_desk.python(ENQUEUE.format(name="kill_worker_always", path=str(tmp_path / "deadly")))
    own_desk.python(ENQUEUE.format(name="leave_mark", path=str(tmp_path / "harmless")))
    _supervise(own_desk)
    deadly, harmless = _states(own_desk)
    assert deadly[1:3] == ["FAILED", 3]
    assert "试了3次" in deadly[3]
    assert harmless[1] == "SUCCESSFUL"
    assert (tmp_path / "harmless").read_text() == "x"


def test_a_task_that_hangs_is_ended(own_desk: Any, tmp_path: Path) -> None:
    own_desk.python(ENQUEUE.format(name="hang", path=str(tmp_path / "hanging")))
    _supervise(own_desk, longest=2)
    [[_, status, tries, _]] = _states(own_desk)
    assert (status, tries) == ("FAILED", 3)


def test_tasks_of_a_supervisor_that_died_are_taken_up_at_the_next_start(
    own_desk: Any, tmp_path: Path
) -> None:
    orphan = """
import odd_tasks
from django_tasks_db.models import DBTaskResult
odd_tasks.leave_mark.enqueue({path!r})
DBTaskResult.objects.get().claim("gone")
"""
    own_desk.python(orphan.format(path=str(tmp_path / "late")))
    _supervise(own_desk)
    [[_, status, tries, _]] = _states(own_desk)
    assert (status, tries) == ("SUCCESSFUL", 2)


@pytest.mark.parametrize("signal_name", ["terminate", "kill"])
def test_the_worker_does_not_outlive_its_supervisor(
    own_desk: Any, tmp_path: Path, signal_name: str
) -> None:
    process = own_desk.start("-c", SUPERVISE.format(longest=600))
    own_desk.python(ENQUEUE.format(name="leave_mark", path=str(tmp_path / "mark")))
    _until(lambda: (tmp_path / "mark").exists(), bool)
    workers = _workers_of(process.pid)
    assert len(workers) == 2
    getattr(process, signal_name)()
    process.wait(timeout=30)
    left = _until(
        lambda: [one for one in workers if Path(f"/proc/{one}").exists()], lambda x: not x
    )
    assert left == []


def _workers_of(parent: int) -> list[int]:
    """The processes that `parent` started."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(child) for child in children]
