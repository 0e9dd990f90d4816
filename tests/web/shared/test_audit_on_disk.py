"""Four writers at once under the settings a desk is served with, whatever the suite runs on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

RACE = """
import django
django.setup()
from datetime import UTC, datetime
from threading import Barrier, Thread
from django.core.management import call_command
from django.db import connection, transaction
from diaodu.web.shared import audit
from diaodu.web.shared.models import Act

call_command("migrate", "shared", verbosity=0)
at, start = datetime(2023, 6, 6, tzinfo=UTC), Barrier(4)

def work():
    start.wait()
    for one in range(10):
        with transaction.atomic():
            audit.record(by=None, at=at, action="a", thing="t", id=one)
    connection.close()

threads = [Thread(target=work) for _ in range(4)]
for one in threads: one.start()
for one in threads: one.join()
print(connection.vendor, Act.objects.count(), Act.objects.latest("number").number)
print([one.message for one in audit.verify()])
"""


def test_writers_at_once_get_consecutive_numbers(tmp_path: Path):
    settings = {"DJANGO_SETTINGS_MODULE": "diaodu.web.site.settings.base"}
    home = {**os.environ, **settings, "DIAODU_HOME": str(tmp_path)}
    home.pop("DIAODU_DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-c", RACE], env=home, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.splitlines() == ["sqlite 40 40", "[]"], done.stderr
