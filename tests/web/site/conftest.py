"""A desk of its own: own folder, own database, own processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

_HERE = Path(__file__).parent


@dataclass
class OwnDesk:
    """Runs Python or management commands on it, each in a process of its own."""

    home: Path
    environment: dict[str, str]
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def python(self, code: str) -> Any:
        """Run code after django.setup(); what it prints as JSON on its last line comes back."""
        whole = f"import django, json; django.setup()\n{code}"
        done = subprocess.run(
            [sys.executable, "-c", whole], env=self.environment, capture_output=True, text=True,
            timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else None

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "django", *arguments], env=self.environment,
            capture_output=True, text=True, timeout=300,
        )  # fmt: skip

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, *arguments], env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.started.append(process)
        return process

    def end(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(timeout=30)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


@pytest.fixture
def own_desk(tmp_path: Path) -> Iterator[OwnDesk]:
    """Prepared and empty. On PostgreSQL where the tests run on it, else on SQLite."""
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("DIAODU_CLOCK")},
        "DIAODU_HOME": str(tmp_path / "home"),
        "DJANGO_SETTINGS_MODULE": "diaodu.web.site.settings.base",
        "PYTHONPATH": str(_HERE),
    }
    url = environment.get("DIAODU_DATABASE_URL", "")
    name = f"desk_{uuid.uuid4().hex[:12]}"
    if url:
        _execute(url, f"CREATE DATABASE {name}")
        environment["DIAODU_DATABASE_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    desk = OwnDesk(tmp_path / "home", environment)
    done = desk.manage("prepare")
    assert done.returncode == 0, done.stderr
    yield desk
    desk.end()
    if url:
        _execute(url, f"DROP DATABASE {name} WITH (FORCE)")


def _execute(url: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
