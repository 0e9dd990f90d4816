"""Seconds, memory, and the row that a benchmark hands on."""

from __future__ import annotations

import gc
import resource
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import NamedTuple, TypeVar

T = TypeVar("T")


class Row(NamedTuple):
    """One line of build/bench.json. `baseline` is in `unit`; `ratio` is baseline ÷ value, so
    that more is better; `memory` is the peak of the process in MiB."""

    name: str
    value: float
    unit: str
    baseline: float | None
    ratio: float | None
    memory: int | None


class NotEqualError(Exception):
    """Ours and the baseline's results differ: neither time means anything."""


def row(name: str, seconds: float, baseline: float | None, memory: int | None) -> Row:
    ratio = None if baseline is None else _three_digits(baseline / seconds)
    return Row(
        name, round(seconds, 4), "s", None if baseline is None else round(baseline, 4), ratio,
        memory,
    )  # fmt: skip


def _three_digits(ratio: float) -> float:
    return float(f"{ratio:.3g}")


def seconds_of(work: Callable[[], T], *, times: int = 1) -> tuple[float, T]:
    """Median wall-clock seconds of `times` runs, and the last result."""
    taken: list[float] = []
    for _ in range(times):
        result: T | None = None  # let go of the previous result before the next run
        gc.collect()
        start = perf_counter()
        result = work()
        taken.append(perf_counter() - start)
    assert result is not None, "a benchmark's work returns its result"
    return median(taken), result


def peak_memory(*, children: bool = False) -> int:
    """MiB this process (or its largest finished child) has held at most. ru_maxrss is in KiB
    on Linux."""
    who = resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF
    return resource.getrusage(who).ru_maxrss // 1024
