"""One month from folder to folder: read rulebook and returns, run the flow, write the run."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from diaodu.adapters import frames
from diaodu.adapters.duties_in import read_duties
from diaodu.adapters.memory import all_kept
from diaodu.adapters.rulebook_in import read_rulebook
from diaodu.adapters.run_out import ordered, write_json, write_run
from diaodu.adapters.sheets_in import ReturnsFolder, collect_returns
from diaodu.engine import flow
from diaodu.engine.dispatch.duty import DutyList
from diaodu.engine.ground.errors import DiaoduError
from diaodu.engine.ground.period import Period, parse_period, print_period
from diaodu.engine.ground.records import Finding

OnStep = Callable[[str, int, int], None]
_MOST_LINES = 20


@dataclass(frozen=True)
class Outcome:
    """What the command tells: whether a question is open that keeps figures out of the run,
    lines to print, and whether any sheet could be read at all (where none could, the run holds
    the findings alone)."""

    held: bool
    lines: list[str]
    anything: bool


@dataclass
class Stopwatch:
    """Seconds per step, for timing.json."""

    steps: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self.steps[name] = round(time.perf_counter() - begun, 4)


def run_month(
    written: str, *, returns: Path, rulebook: Path, out: Path, as_of: date | None = None,
    all_periods: bool = False, on_step: OnStep = lambda *_: None, duties: Path | None = None,
) -> Outcome:  # fmt: skip
    """Run the month in which the written period ends and write it to `out`. `duties`: a file of
    duty facts that the bulletin reports on.

    Raises DiaoduError (in Chinese) where nothing could be done: a broken rulebook, a period that
    is none, no returns folder, nothing in it that could be read.
    """
    with all_kept():
        return _run(
            parse_period(written).last_month(), returns, rulebook, out, as_of, all_periods,
            on_step, duties,
        )  # fmt: skip


def _run(
    period: Period, returns: Path, rulebook: Path, out: Path, as_of: date | None,
    all_periods: bool, on_step: OnStep, duties: Path | None,
) -> Outcome:  # fmt: skip
    watch = Stopwatch()
    _refuse_place(out, returns)
    with watch.step("rulebook"):
        rules = read_rulebook(rulebook)
        names = flow.names_of(rules)
        handed = None if duties is None else read_duties(duties, rules)
    with watch.step("collect"):
        folder, readings = collect_returns(
            returns, names, as_of=as_of, on_file=lambda done, all_, _: on_step("读报表", done, all_)
        )
    _refuse_nothing(folder, returns)
    day = as_of or folder.received_days[-1]
    with watch.step("run"):
        month = flow.run_month(
            readings, names, rules, period, day, frames, all_periods=all_periods,
            on_step=on_step, door_findings=folder.findings, duties=handed,
        )  # fmt: skip
    try:
        with watch.step("write"):
            write_run(
                out, month, rules, folder, all_periods=all_periods, more=_handed(duties, handed)
            )
        timing = {"seconds": watch.steps, "total": round(sum(watch.steps.values()), 4)}
        write_json(out / "timing.json", timing)
    except OSError as error:
        raise DiaoduError(
            f"结果写不进“{out}”（{error.strerror}）；请关掉正打开着的结果文件，"
            "检查目录能不能写、磁盘有没有空，再跑一次"
        ) from error
    return Outcome(*_told(month, folder, period, out), anything=bool(month.counts))


def _handed(path: Path | None, duties: DutyList | None) -> dict[str, Any]:
    """What run.json says of the duties, where there are any."""
    if path is None or duties is None:
        return {}
    told = {
        "file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "day": duties.day.isoformat(), "run": duties.run, "number": len(duties.duties),
    }  # fmt: skip
    return {"duties": told}


def _refuse_place(out: Path, returns: Path) -> None:
    """Results are no receipts: among the returns the next run would take them for some."""
    if out.exists() and not out.is_dir():
        raise DiaoduError(f"“{out}”是一个文件，不是目录；请换一个地方写结果")
    if returns.resolve() in (out.resolve(), *out.resolve().parents):
        raise DiaoduError(f"结果目录“{out}”在报表目录里面，下次会被当成收到的报表；请换一个地方")


def _refuse_nothing(folder: ReturnsFolder, returns: Path) -> None:
    if folder.received_days and folder.workbooks:
        return
    lines = [f"“{returns}”里没有能读的报表；收到的文件要放在 年-月-日 的文件夹里，如 2023-06-12"]
    lines += [one.message for one in folder.findings[:_MOST_LINES]]
    raise DiaoduError("\n".join(lines))


def _told(
    month: flow.Month, folder: ReturnsFolder, period: Period, out: Path
) -> tuple[bool, list[str]]:
    held = sum(fates["held"] for fates in month.counts.values())
    findings = ordered(month.findings)
    hard = [one for one in findings if one.severity == "hard"]
    lines = [
        f"{print_period(period.ytd())}：读了{len(folder.workbooks)}个文件，"
        f"截至{month.as_of.isoformat()}收到的。",
        f"用上{sum(fates['kept'] for fates in month.counts.values())}格，暂扣{held}格；"
        f"审核意见{len(findings)}条，其中硬的{len(hard)}条。",
    ]
    lines += [f"  {_line(one)}" for one in hard[:_MOST_LINES]]
    if len(hard) > _MOST_LINES:
        lines.append(f"  ……还有{len(hard) - _MOST_LINES}条，见 findings.xlsx")
    lines.append(f"结果在 {out}")
    # A conflict that a later day settled leaves its cells held, but asks nothing any more.
    return bool(hard), lines


def _line(one: Finding) -> str:
    place = " ".join(part for part in (one.file, one.sheet, one.cell) if part)
    return f"{place}：{one.message}" if place else one.message
