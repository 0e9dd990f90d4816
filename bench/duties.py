"""A desk with 10,000 duties on SQLite, 50,000 on PostgreSQL: twenty readers, a month's pass.

Each reader opens a page every two seconds, not all at the same moment: ten pages a second. One
server process as `diaodu desk serve --workers 1`, on the filled desk of bench.desk; only on the
database of DIAODU_DATABASE_URL where that is set.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from urllib.parse import quote

from bench import desk_county as county
from bench.__main__ import hand_on
from bench.desk_client import Browser, Times, percentiles
from bench.desk_load import ROOT
from bench.desk_scenes import READERS
from bench.desk_server import Desk, ask, served, wait_until_idle
from bench.measuring import Row

MANY = {"SQLite": 10_000, "PostgreSQL": 50_000}
SECONDS = 60.0
PAUSE = 2.0  # between two pages of a reader
HOME, LIST, SEARCH, BOARDS, ONE, CHAIN = (
    "督办首页", "清单翻页", "清单查找", "看板", "一件事项", "指标的督办",
)  # fmt: skip
_SHARES = {HOME: 25, LIST: 15, SEARCH: 20, BOARDS: 15, ONE: 20, CHAIN: 5}
_STATES = ("open", "working", "answered", "closed", "all")
_BY = ("org", "leader", "source", "light", "age")


def main() -> None:
    if os.environ.get("DIAODU_DATABASE_URL"):
        hand_on(measured("PostgreSQL"))
        return
    rows = measured("SQLite")
    done = subprocess.run(
        ["bash", "scripts/postgres.sh", "run", "--", sys.executable, "-m", "bench.duties"],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    *remarks, last = done.stdout.splitlines()
    for line in remarks:
        print(line)
    hand_on([*rows, *(Row(**row) for row in json.loads(last))])


def measured(database: str) -> list[Row]:
    many = MANY[database]
    with served(_FILL.format(many=many)) as desk:
        wait_until_idle(desk)
        passed = json.loads(ask(desk, _PASS))
        wait_until_idle(desk)
        times = read(desk, json.loads(ask(desk, _IDS)))
    if times.faults:
        raise SystemExit("\n".join(times.faults[:20]))
    every = [one for kind in times.by_kind.values() for one in kind]
    for kind in _SHARES:
        told = "、".join(f"{one:.0f}" for one in percentiles(times.by_kind[kind]))
        print(f"{kind}：{len(times.by_kind[kind])}次，50%、95%、99%以内 {told} 毫秒")
    print(f"一个月后的一次督办检查：看了{passed['looked_at']}件，提醒{passed['reminded']}件，"
          f"提请{passed['proposed']}步；本进程用处理器{passed['worked']:.2f}秒")  # fmt: skip
    print(f"{database}：负载（1、5、15分钟）{'、'.join(f'{one:.1f}' for one in os.getloadavg())}")
    name = f"督办 {database} {many}件："
    p95 = round(percentiles(every)[1], 1)
    return [
        Row(f"{name}20人读，95%以内", p95, "ms", None, None, None),
        Row(f"{name}一个月后的一次督办检查", round(passed["seconds"], 2), "s", None, None, None),
    ]


# Straight into the tables: what two years of issuing leaves behind, by seed.
_FILL = """
from bench.duties_made import make
make({many})
"""
# The desk has made today's by itself: this one is a month later, with all that came due since.
_PASS = """
import diaodu.web.site.urls
import json, time
from datetime import timedelta
from diaodu.web.shared import clock
from diaodu.web.urging import actions
start, worked = time.perf_counter(), time.process_time()
passed = actions.pass_day(at=clock.now() + timedelta(days=30))
told = {"seconds": time.perf_counter() - start, "worked": time.process_time() - worked}
print(json.dumps({**told, **passed._asdict()}))
"""
_IDS = """
import json
from django.apps import apps
rows = apps.get_model("duties", "Duty").objects.filter(state__in=["working", "answered", "closed"])
print(json.dumps(list(rows.order_by("?").values_list("id", flat=True)[:400])))
"""


def read(desk: Desk, ids: Sequence[int]) -> Times:
    times = Times()
    browsers = [Browser(desk.port, user).sign_in() for user in READERS]
    until = perf_counter() + SECONDS
    with ThreadPoolExecutor(len(browsers)) as pool:
        spread = [PAUSE * place / len(browsers) for place in range(len(browsers))]
        list(pool.map(lambda one, after: _read(one, times, until, ids, after), browsers, spread))
    return times


def _read(browser: Browser, times: Times, until: float, ids: Sequence[int], after: float) -> None:
    time.sleep(after)
    for kind, path in _pages(browser.user, ids):
        if perf_counter() >= until:
            return
        answer = browser.get(path)
        # A duty of a unit that is none of one's business is not there.
        if answer.status == 200:
            times.note(kind, answer.seconds)
        elif not (kind in (ONE, CHAIN) and answer.status == 404):
            times.fault(f"{browser.user} {path}: {answer.status}")
        time.sleep(max(0.0, PAUSE - answer.seconds))


def _pages(user: str, ids: Sequence[int]) -> Iterator[tuple[str, str]]:
    drawn = random.Random(f"{county.SEED}|duties|{user}")
    while True:
        [kind] = drawn.choices(list(_SHARES), list(_SHARES.values()))
        if kind == HOME:
            yield kind, "/duties/"
        elif kind == LIST:
            yield kind, f"/duties/?state={drawn.choice(_STATES)}&page={drawn.randrange(1, 9)}"
        elif kind == SEARCH:
            word = quote(drawn.choice(("第1", "专班", "i003", "47件", "镇")))
            yield kind, f"/duties/?q={word}&state=all"
        elif kind == BOARDS:
            yield kind, f"/duties/boards/?by={drawn.choice(_BY)}"
        elif kind == ONE:
            yield kind, f"/duties/{drawn.choice(ids)}/"
        else:
            org, indicator = drawn.choice(county.TOWNSHIPS), drawn.choice(county.HEADLINES)
            yield kind, f"/duties/chain/{org}/{indicator}/"


if __name__ == "__main__":
    main()
