"""Run every benchmark, print the table, write build/bench.json."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from bench.measuring import Row

ROOT = Path(__file__).resolve().parents[1]
BENCHMARKS = (
    "returns", "demo", "one_cell", "country", "desk", "duties", "warning_pass", "proofread",
    "targets", "targets_grid",
)  # fmt: skip


def main(chosen: list[str]) -> int:
    unknown = [name for name in chosen if name not in BENCHMARKS]
    if unknown:
        print(f"没有名为{'、'.join(unknown)}的测速；可用的是 {'、'.join(BENCHMARKS)}")
        return 2
    rows: list[Row] = []
    failed: list[str] = []
    for name in chosen or BENCHMARKS:
        print(f"—— {name}", flush=True)
        found = run_one(name)
        rows += found
        if not found:
            failed.append(name)
    print_table(rows)
    target = ROOT / "build" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    text = json.dumps([row._asdict() for row in rows], ensure_ascii=False, indent=1)
    target.write_text(text + "\n", encoding="utf-8")
    print(f"写入 {target.relative_to(ROOT)}")
    for name in failed:
        print(f"{name} 没有跑成，见上面的错误")
    return 1 if failed else 0


# One thread a process, as the desk's worker for changes has it and numpy; and for frames of
# gigabytes, memory that is handed back to the system at the end and not in between.
_SETTINGS = {
    **{name: {"POLARS_MAX_THREADS": "1"} for name in ("one_cell", "targets")},
    "country": {
        "POLARS_MAX_THREADS": "1",
        "_RJEM_MALLOC_CONF": "dirty_decay_ms:-1,muzzy_decay_ms:-1,background_thread:false",
    },
}


def run_one(name: str) -> list[Row]:
    """The rows a benchmark prints as JSON in its last line; none where it failed."""
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{name}"], cwd=ROOT, stdout=subprocess.PIPE, text=True,
        check=False, env=os.environ | _SETTINGS.get(name, {}),
    )  # fmt: skip
    *remarks, last = done.stdout.splitlines() or [""]
    if done.returncode != 0:
        print(done.stdout)
        return []
    for line in remarks:
        print(f"   {line}")
    return [Row(**row) for row in json.loads(last)]


def hand_on(rows: list[Row]) -> None:
    """What `run_one` reads: the last line of a benchmark's output."""
    print(json.dumps([row._asdict() for row in rows], ensure_ascii=False))


def print_table(rows: list[Row]) -> None:
    print()
    print("| 测速 | 用时 | 对照 | 倍数 | 内存峰值 |")
    print("|---|---:|---:|---:|---:|")
    for row in rows:
        baseline = "" if row.baseline is None else f"{row.baseline:g} {row.unit}"
        ratio = "" if row.ratio is None else f"{row.ratio:g}"
        memory = "" if row.memory is None else f"{row.memory} MiB"
        print(f"| {row.name} | {row.value:g} {row.unit} | {baseline} | {ratio} | {memory} |")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
