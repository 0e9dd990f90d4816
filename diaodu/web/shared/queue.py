"""Work that a page does not wait for."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django_tasks import TaskResult
from django_tasks.base import Task

# Tasks on this queue are short and somebody waits for them: `@task(queue_name=LIVE)`.
LIVE = "live"


def enqueue(name: str, **arguments: Any) -> TaskResult[Any]:
    """Put `<room>.<task of its jobs module>` in the queue, in the transaction one is in.

    The name instead of the function lets a lower room ask for work of an upper one.
    """
    room, _, function = name.partition(".")
    task = getattr(import_module(f"diaodu.web.{room}.jobs"), function)
    assert isinstance(task, Task), name
    return task.enqueue(**arguments)
