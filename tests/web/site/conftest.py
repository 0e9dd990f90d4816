"""A desk of its own: own folder, own database, own processes."""

from __future__ import annotations

import json
import os
import shutil
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
            timeout=300,
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


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnDesk]:
    """Prepared and empty; copied for each test. Nothing runs on it."""
    desk, database = _new(tmp_path_factory.mktemp("prepared") / "home", "template0")
    done = desk.manage("prepare")
    assert done.returncode == 0, done.stderr
    yield desk
    _drop(database)


@pytest.fixture
def own_desk(prepared: OwnDesk, tmp_path: Path) -> Iterator[OwnDesk]:
    """Prepared and empty. On PostgreSQL where the tests run on it, else on SQLite."""
    shutil.copytree(prepared.home, tmp_path / "home")
    url = prepared.environment.get("DIAODU_DATABASE_URL", "")
    desk, database = _new(tmp_path / "home", urlsplit(url).path.strip("/"))
    yield desk
    desk.end()
    _drop(database)


def _new(home: Path, template: str) -> tuple[OwnDesk, str]:
    """A desk with that folder, and the name of its database where that is not a file in it."""
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("DIAODU_CLOCK")},
        "DIAODU_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "diaodu.web.site.settings.base",
        "PYTHONPATH": str(_HERE),
    }
    desk, server = OwnDesk(home, environment), _server()
    if not server:
        return desk, ""
    database = f"desk_{uuid.uuid4().hex[:12]}"
    _execute(f"CREATE DATABASE {database} TEMPLATE {template}")
    url = urlunsplit(urlsplit(server)._replace(path=f"/{database}"))
    environment["DIAODU_DATABASE_URL"] = url
    return desk, database


def _drop(database: str) -> None:
    if database:
        _execute(f"DROP DATABASE {database} WITH (FORCE)")


def _server() -> str:
    return os.environ.get("DIAODU_DATABASE_URL", "")


def _execute(statement: str) -> None:
    import psycopg

    with psycopg.connect(_server(), autocommit=True) as connection:
        connection.execute(statement)
