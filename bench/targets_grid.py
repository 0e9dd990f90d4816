"""The grid of targets, 60 units × 12 months × 3 tiers: opened, one cell saved, all saved, pasted.

A desk of its own on SQLite, asked in this process through the whole of Django.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from zoneinfo import ZoneInfo

from bench.__main__ import hand_on
from bench.measuring import Row, peak_memory

UNITS, TIMES = 59, 40  # and the county itself
TIERS = ("assigned", "own", "stretch")
LIMIT = 0.5
NOW = datetime(2023, 6, 6, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
INDICATORS = """
- {id: tax, name: 税收收入, unit: 万元, basis: ytd, facets: [level, growth], direction: high,
   decimals: 2, cadence: month, january: yes, owner: shixian, field: 财税, headline: true}
"""


def main() -> None:
    with TemporaryDirectory(prefix="diaodu-bench-") as home:
        os.environ |= {
            "DIAODU_HOME": home, "DJANGO_SETTINGS_MODULE": "diaodu.web.site.settings.base",
            "DIAODU_HOSTS": "testserver",
        }  # fmt: skip
        os.environ.pop("DIAODU_DATABASE_URL", None)
        hand_on(list(_measured(Path(home))))


def _measured(home: Path) -> list[Row]:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("prepare")
    client, url = _desk()
    keys = [
        f"{tier}:{org}:{column}" for tier in TIERS for org in _orgs()
        for column in ("w", *map(str, range(1, 13)))
    ]  # fmt: skip
    _save(client, url, keys, 0)
    block = "\n".join("\t".join(["1200.00", *["100.00"] * 12]) for _ in _orgs())
    scenes: tuple[tuple[str, Callable[[int], int]], ...] = (
        ("目标表格打开", lambda at: client.get(url).status_code),
        ("目标表格存一格", lambda at: _save(client, url, keys[at : at + 1], at)),
        ("目标表格全部存一次", lambda at: _save(client, url, keys, at)),
        ("目标表格整块粘贴", lambda at: _paste(client, url, block)),
    )
    return [_row(f"{name}，60个单位×12月×3层级，p95", ask) for name, ask in scenes]


def _row(name: str, ask: Callable[[int], int]) -> Row:
    taken = []
    for at in range(TIMES):
        start = perf_counter()
        code = ask(at + 1)
        taken.append(perf_counter() - start)
        assert code == 200, (name, code)
    p95 = sorted(taken)[int(TIMES * 0.95) - 1]
    told = f"{name}：{p95 * 1000:.0f}毫秒，限{LIMIT * 1000:.0f}毫秒"
    print(told)
    return Row(name, round(p95, 4), "s", LIMIT, float(f"{LIMIT / p95:.3g}"), peak_memory())


def _save(client: object, url: str, keys: list[str], at: int) -> int:
    cells = [[key, f"{1000 + at}.00" if key.endswith("w") else f"{80 + at}.25"] for key in keys]
    answer = client.post(f"{url}save/", {"cells": json.dumps(cells), "seen": 0})  # type: ignore[attr-defined]
    return int(answer.status_code)


def _paste(client: object, url: str, block: str) -> int:
    given = {"tier": "own", "org": "shixian", "column": "w", "text": block, "seen": 0}
    return int(client.post(f"{url}paste/", given).status_code)  # type: ignore[attr-defined]


def _orgs() -> list[str]:
    return ["shixian", *(f"town{number:02}" for number in range(UNITS))]


def _desk() -> tuple[object, str]:
    """A signed-in client, and the address of the grid."""
    from django.test import Client

    from diaodu.adapters.rulebook_out import orgs_file
    from diaodu.engine.rules.models import Org
    from diaodu.web.people import actions as people
    from diaodu.web.rulebooks import actions as rulebooks
    from diaodu.web.targets import actions

    orgs = [
        Org(id="shixian", name="示县", level="county"),
        *(
            Org(id=one, name=f"第{one[4:]}镇", level="township", parent="shixian")
            for one in _orgs()[1:]
        ),
    ]
    files = {"orgs/orgs.yaml": orgs_file(orgs), "indicators/main.yaml": INDICATORS.encode()}
    made = rulebooks.import_files(files=files, by=None, at=NOW, note="")
    assert made.version is not None, made.faults
    rulebooks.publish(version_id=made.version.id, by=None, at=NOW, note="首次", seen=None)
    user = people.save_user(user=None, username="office", name="调度", post="", by=None, at=NOW)
    people.grant(user=user, role="dispatch", org="shixian", by=None, at=NOW)
    version = actions.begin(year=2023, source=actions.EMPTY, by=user, at=NOW)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client, f"/targets/{version.pk}/tax/level/"


if __name__ == "__main__":
    main()
