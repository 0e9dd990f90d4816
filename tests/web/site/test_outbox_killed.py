"""Ten thousand reminders through a real worker that is killed in the middle, twice: each arrives
exactly once, or stands there as one of which nobody knows."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

MANY = 10_000
PATIENCE = 240  # seconds
POST = """
from datetime import timedelta
from django.db import transaction
from diaodu.web.people.models import User
from diaodu.web.shared import clock, outbox, queue
from diaodu.web.shared.outbox import Note
user = User.objects.create(username="clerk", name="填报人")
with transaction.atomic():
    notes = (Note("duties.remind", "duties.Duty", str(n), "due", user.pk, "到期", "请反馈")
             for n in range({many}))
    outbox.post(notes, at=clock.now())
    queue.enqueue("urging.deliver")
"""
SUPERVISE = """
import django; django.setup()
from diaodu.web.site.supervisor import Supervisor
Supervisor().run()
"""
# Asked again in one process: starting one for every question would take the worker's processor.
SENT = """
import time
from diaodu.web.shared import outbox
until = time.monotonic() + {seconds}
while "waiting" in outbox.counts() and time.monotonic() < until:
    time.sleep(0.1)
print(json.dumps(outbox.counts()))
"""
SETTLE = """
from diaodu.web.shared import clock, outbox
print(json.dumps(outbox.settle(at=clock.now() + 2 * outbox.SILENT)))
"""
STATES = """
from diaodu.web.shared import outbox
print(json.dumps(list(outbox.sent_out().values_list("key", "state"))))
"""


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.got.append(content["idempotency_key"])  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", "14")
        self.end_headers()
        self.wfile.write(b'{"errcode": 0}')

    def log_message(self, *_: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    request_queue_size = 100
    got: list[str]


@pytest.fixture
def receiver() -> Iterator[_Server]:
    server = _Server(("127.0.0.1", 0), _Handler)
    server.got = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.slow
def test_each_exactly_once_or_visibly_not(own_desk: Any, receiver: _Server) -> None:
    address = f"http://127.0.0.1:{receiver.server_address[1]}/send"
    own_desk.environment["DIAODU_WEBHOOK_URL"] = address
    own_desk.python(POST.format(many=MANY))
    supervisor = own_desk.start("-c", SUPERVISE)
    for so_many in (MANY // 3, MANY // 2):
        _until(lambda: len(receiver.got) >= so_many)  # noqa: B023
        os.kill(_worker(supervisor.pid, "long"), signal.SIGKILL)
    assert "waiting" not in own_desk.python(SENT.format(seconds=PATIENCE))
    left = own_desk.python(SETTLE)
    states = dict(own_desk.python(STATES))
    came = Counter(receiver.got)
    assert len(states) == MANY
    assert set(came.values()) == {1}, "none came twice"
    counted = Counter(states.values())
    assert set(counted) <= {"sent", "unsure"}
    assert counted["unsure"] == left <= 2, "at most what a killed worker had in hand"
    assert {key for key, state in states.items() if state == "sent"} <= came.keys()
    assert came.keys() <= states.keys()


def _worker(supervisor: int, lane: str) -> int:
    """The process that serves this lane."""
    children = Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()
    [found] = [
        int(child) for child in children
        if f"\0{lane}-" in Path(f"/proc/{child}/cmdline").read_text()
    ]  # fmt: skip
    return found


def _until(come: Callable[[], bool], seconds: float = PATIENCE) -> None:
    until = time.monotonic() + seconds
    while not come():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.01)
