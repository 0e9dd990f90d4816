"""The demo county's month: a cold process, from returns to files on disk."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.__main__ import hand_on
from bench.measuring import peak_memory, row, seconds_of

PERIOD = "2023-05"
TIMES = 3


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "demo"
        diaodu("demo", str(folder))
        place = iter(range(TIMES))

        def month() -> Path:
            out = Path(name) / f"out{next(place)}"
            diaodu(
                "month", PERIOD, "--returns", str(folder / "returns"),
                "--rulebook", str(folder / "rulebook"), "--out", str(out),
            )  # fmt: skip
            return out

        seconds, out = seconds_of(month, times=TIMES)
        timing = json.loads((out / "timing.json").read_text(encoding="utf-8"))
    for line in lines_of(timing):
        print(line)
    print(f"启动（装入程序、退出）: {seconds - timing['total']:.2f}")
    hand_on([row("示例县一个月（冷启动，到文件写完）", seconds, None, peak_memory(children=True))])


def diaodu(*words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "diaodu.cli", *words], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise SystemExit(f"diaodu {' '.join(words)} 没有跑成：\n{done.stdout}{done.stderr}")


def lines_of(timing: Any, indent: str = "") -> list[str]:
    """timing.json as indented lines, in its own order."""
    if not isinstance(timing, dict):
        return [f"{indent}{timing}"]
    lines: list[str] = []
    for key, value in timing.items():
        if isinstance(value, dict):
            lines += [f"{indent}{key}", *lines_of(value, indent + "  ")]
        else:
            lines.append(f"{indent}{key}: {value}")
    return lines


if __name__ == "__main__":
    main()
