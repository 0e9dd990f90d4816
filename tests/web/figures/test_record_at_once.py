"""Two who record the same figure at one moment: one after the other, nothing lost."""

from __future__ import annotations

from datetime import datetime
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from diaodu.web.figures import actions
from diaodu.web.figures.models import Observation

NOW = datetime(2023, 6, 6, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_both_kept_and_one_stands(rules, figure):
    together = Barrier(2)
    failed: list[Exception] = []

    def put(value: str) -> None:
        try:
            together.wait()
            actions.record(observations=[figure(value)], by=None, at=NOW, origin="import")
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=put, args=(value,)) for value in ("5", "6")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sorted(f"{row.value:f}" for row in Observation.objects.all()) == ["5", "6"]
    assert Observation.objects.filter(standing=True).count() == 1
