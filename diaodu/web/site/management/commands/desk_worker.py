"""One worker, with a sign of life. Started by the supervisor."""

from __future__ import annotations

import logging
import os
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, connection
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker

from diaodu.web.site.models import Beat

_LOOK_EVERY = 0.1  # seconds; a change waits half of it


class Command(BaseCommand):
    help = "后台处理（由 serve 启动）"
    requires_system_checks = ()  # `prepare` has made them; here they would load every page

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("worker_id")
        # Told, not asked: the supervisor may be gone before the worker is up.
        parser.add_argument("supervisor", type=int)
        parser.add_argument("queues", nargs="+")

    def handle(self, *, worker_id: str, supervisor: int, queues: list[str], **_: Any) -> None:
        threading.Thread(target=_beat, args=(worker_id, supervisor), daemon=True).start()
        worker = Worker(
            queue_names=queues, interval=_LOOK_EVERY, batch=False, backend_name="default",
            startup_delay=False, max_tasks=None, worker_id=worker_id, excluded_queue_names=[],
        )  # fmt: skip
        worker.configure_signals()
        worker.run()


def _beat(worker: str, parent: int) -> None:
    """Beats every second; a worker whose supervisor is gone ends, for nobody would recover it."""
    pause = threading.Event()
    while not pause.wait(1):
        if os.getppid() != parent:
            os._exit(1)
        try:
            Beat.objects.update_or_create(worker=worker, defaults={"at": timezone.now()})
        except OperationalError:
            logging.getLogger(__name__).warning("the database is busy; no sign of life written")
            connection.close()
