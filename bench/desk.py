"""The full county's desk over HTTP: readers and edits, a hundred clerks, 10,000 rows, a run.

One server process as `diaodu desk serve --workers 1`, on SQLite and then on PostgreSQL; only on
the one of DIAODU_DATABASE_URL where that is set.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable

from bench import desk_county as county
from bench import desk_scenes as scenes
from bench.__main__ import hand_on
from bench.desk_client import Times, percentiles
from bench.desk_load import ROOT, loaded
from bench.desk_server import Desk, ask, cpu_seconds, peak_memory, served, wait_until_idle
from bench.measuring import Row

SECONDS = 75.0
PAUSE = 4.0  # between two pages of a reader
MINUTE = 60.0
_READING = ("一张表", "一张表换条件", "指标页", "为什么是这个数", "报送首页", "填报表")


def main() -> None:
    if os.environ.get("DIAODU_DATABASE_URL"):
        hand_on(measured("PostgreSQL"))
        return
    rows = measured("SQLite")
    hand_on([*rows, *_on_postgres()])


def _on_postgres() -> list[Row]:
    done = subprocess.run(
        ["bash", "scripts/postgres.sh", "run", "--", sys.executable, "-m", "bench.desk"],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    *remarks, last = done.stdout.splitlines()
    for line in remarks:
        print(line)
    return [Row(**row) for row in json.loads(last)]


def measured(database: str) -> list[Row]:
    loaded()
    with served() as desk:
        wait_until_idle(desk)
        rows = [*_reading(desk), *_clerks(desk), *_workbook(desk), *_run(desk)]
    print(f"{database}：负载（1、5、15分钟）{'、'.join(f'{one:.1f}' for one in os.getloadavg())}")
    return [one._replace(name=f"调度台 {database}：{one.name}") for one in rows]


def _reading(desk: Desk) -> list[Row]:
    web = desk.processes()["web"]
    before = cpu_seconds(web)
    times, editors = scenes.read_and_edit(desk.port, SECONDS, PAUSE, _ids(desk))
    used = cpu_seconds(web) - before
    asked = sum(map(len, times.by_kind.values()))
    print(
        f"20人读、每秒改一个数，{SECONDS:.0f}秒：{asked}次请求，接收{editors.accepted}个，"
        f"网页进程每次请求用处理器{1000 * used / asked:.0f}毫秒、内存{peak_memory(web)} MiB"
    )
    _tell(times)
    board = [one for kind in _READING for one in times.by_kind[kind] if kind != "为什么是这个数"]
    return [
        _row("一张表、指标页、报送页95%以内", board),
        _row("为什么是这个数95%以内", times.by_kind["为什么是这个数"]),
        _row("改数从接收到上板95%以内", times.by_kind["改数上板"]),
        *(_row(f"{kind}95%以内", times.by_kind[kind]) for kind in scenes.FURTHER),
    ]  # fmt: skip


def _ids(desk: Desk) -> dict[tuple[str, str], int]:
    """Unit and indicator → the figure that stands, for corrections."""
    told = ask(desk, _STANDING.format(period=county.PERIOD.replace("-", "-01/")))
    return {(one[0], one[1]): one[2] for one in json.loads(told)}


_STANDING = """
import json
from django.apps import apps
rows = apps.get_model("figures", "Observation").objects.filter(
    period="{period}", facet="level", entry__origin="return", standing=True
)
print(json.dumps(list(rows.values_list("org_id", "indicator", "id"))))
"""


def _clerks(desk: Desk) -> list[Row]:
    times, clerks = scenes.submit_all(desk.port, MINUTE)
    _tell(times)
    held = ask(desk, _HANDED_IN)
    print(f"{clerks}人同一分钟提交：库里（已提交、提交记录、单数）{held}")
    if held != f"{clerks} {clerks} {clerks}":
        raise SystemExit("有提交丢失或重复")
    return [_row("100人同一分钟提交95%以内", times.by_kind["提交"])]


_HANDED_IN = """
from django.apps import apps
sheets = apps.get_model("intake", "Return").objects.filter(form__in=["form_a", "form_b"])
steps = apps.get_model("intake", "Step").objects.filter(act="submit", sheet__in=sheets)
sent = sheets.filter(state="submitted")
print(sent.count(), steps.count(), steps.values("sheet").distinct().count())
"""


def _workbook(desk: Desk) -> list[Row]:
    times, rows, mistakes = scenes.upload_workbook(desk.port)
    _tell(times)
    seconds = sum(times.by_kind["上传"]) + sum(times.by_kind["列出问题"])
    name = f"{rows}行工作簿上传到列出{mistakes}处问题"
    return [Row(name, round(seconds, 2), "s", None, None, None)]


def _run(desk: Desk) -> list[Row]:
    seconds, address = scenes.freeze(desk.port)
    memory = peak_memory(desk.processes()["long"])
    print(f"冻结运行 {address}：{seconds:.1f}秒，{memory} MiB")
    return [Row("全县冻结运行", round(seconds, 1), "s", None, None, memory)]


def _row(name: str, seconds: list[float]) -> Row:
    return Row(name, round(percentiles(seconds)[1]), "ms", None, None, None)


def _tell(times: Times) -> None:
    for kind, seconds in sorted(times.by_kind.items(), key=lambda one: -len(one[1])):
        p50, p95, p99 = percentiles(seconds)
        print(f"  {kind}：{len(seconds)}次，50% {p50:.0f}，95% {p95:.0f}，99% {p99:.0f} 毫秒")
    for one in _few(times.faults):
        print(f"  错：{one}")


def _few(faults: list[str]) -> Iterable[str]:
    yield from faults[:20]
    if len(faults) > 20:
        yield f"等{len(faults)}处"


if __name__ == "__main__":
    main()
