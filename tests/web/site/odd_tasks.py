"""Tasks that misbehave, for the supervisor's tests."""

import os
import signal
import time
from pathlib import Path

from django_tasks import task


@task
def leave_mark(path: str) -> None:
    with Path(path).open("a") as file:
        file.write("x")


@task
def kill_worker_once(path: str) -> None:
    leave_mark.func(path)
    if len(Path(path).read_text()) == 1:
        os.kill(os.getpid(), signal.SIGKILL)


@task
def kill_worker_always(path: str) -> None:
    leave_mark.func(path)
    os.kill(os.getpid(), signal.SIGKILL)


@task
def hang(path: str) -> None:
    leave_mark.func(path)
    while True:
        time.sleep(0.1)
