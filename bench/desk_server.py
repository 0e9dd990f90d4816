"""A filled desk served as `diaodu desk serve --workers 1` does, with its two workers."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.desk_county import NOW
from bench.desk_load import ROOT, SETTINGS, loaded

_DATABASE = "desk.sqlite3"
_PATIENCE = 600  # seconds for work in the queue


@dataclass(frozen=True)
class Desk:
    """`home`: its folder; `environment`: what its processes were started with."""

    port: int
    home: Path
    environment: dict[str, str]
    server: int

    def processes(self) -> dict[str, int]:
        """web, live, long → process id."""
        found: dict[str, int] = {}
        for pid in _descendants(self.server):
            words = _words(pid)
            if "granian" in words:
                found["web"] = pid  # the last one: the process that answers
            for lane in ("live", "long"):
                if any(word.startswith(f"{lane}-") for word in words):
                    found[lane] = pid
        return found


@contextmanager
def served(first: str = "") -> Iterator[Desk]:
    """On a copy of the filled desk; on PostgreSQL where DIAODU_DATABASE_URL names one. `first`: a
    program that puts more into its database before it is served."""
    source = loaded()
    with TemporaryDirectory(prefix="diaodu-bench-") as place:
        home = Path(place) / "desk"
        shutil.copytree(source, home)
        environment = {
            **os.environ, "DIAODU_HOME": str(home), "DJANGO_SETTINGS_MODULE": SETTINGS,
            "DIAODU_CLOCK_START": NOW.isoformat(),
            "DIAODU_CLOCK_AT": datetime.now(UTC).isoformat(),
        }  # fmt: skip
        _run(environment, "-m", "django", "prepare", "--verbosity", "0")
        if environment.get("DIAODU_DATABASE_URL"):
            _run(environment, "-m", "bench.desk_copy", str(home / _DATABASE))
        if first:
            _run(environment, "-c", f"import django; django.setup()\n{first}")
        port = _free_port()
        server = subprocess.Popen(
            [sys.executable, "-m", "diaodu.cli", "desk", "serve", "--port", str(port),
             "--workers", "1"],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert server.stdout is not None
            if not server.stdout.readline().startswith("ready"):
                raise RuntimeError("the desk did not come up")
            yield Desk(port, home, environment, server.pid)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=60)


def ask(desk: Desk, program: str) -> str:
    """What a short program prints that looks into the desk's database."""
    told = "import django; django.setup()\n" + program
    return subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, env=desk.environment, check=True,
        stdout=subprocess.PIPE, text=True,
    ).stdout.strip()  # fmt: skip


def wait_until_idle(desk: Desk) -> None:
    """Until the queue is empty."""
    program = (
        "from django_tasks_db.models import DBTaskResult\n"
        "print(DBTaskResult.objects.filter(status__in=['READY', 'RUNNING']).count())"
    )
    until = time.monotonic() + _PATIENCE
    while ask(desk, program) != "0":
        if time.monotonic() > until:
            raise RuntimeError("the desk's queue does not empty")
        time.sleep(1)


def peak_memory(pid: int) -> int:
    """MiB the process has held at most."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    return 0


def cpu_seconds(pid: int) -> float:
    """Of the process, in user and system mode."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _run(environment: dict[str, str], *words: str) -> None:
    subprocess.run([sys.executable, *words], cwd=ROOT, env=environment, check=True)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _words(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    except OSError:
        return []


def _descendants(pid: int) -> Iterator[int]:
    try:
        told = [one.read_text() for one in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return
    for child in map(int, " ".join(told).split()):
        yield child
        yield from _descendants(child)
