"""Measures over a whole country: 2,844 counties × 100 indicators × 36 months, 10.2 million cells.

Ours are `engine.compute.numbers`: the definitions of a month's run, without keys and texts, some
indicators at a time; from figures by place to measures. Two processes share the indicators, as two
processors are there; by itself and in one thread each batch is computed again, and held against the
baselines: the same measures densely on numpy arrays and in plain pandas, both equal in every number
and bound. By the clock, so nothing else should run; for one thread the processor's time.

`python -m bench.country N` measures the first N indicators alone.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, NamedTuple, TypeVar

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl

from bench.__main__ import hand_on
from bench.dense import YEAR, Array, Dense, by_numpy, by_pandas
from bench.made_country import (
    CITIES,
    COUNTIES,
    FIRST_YEAR,
    GROUP,
    INDICATORS,
    LAST,
    RECEIVED,
    rulebook,
    tenths,
    write_observations,
)
from bench.measuring import NotEqualError, Row, peak_memory, row
from diaodu.adapters.frames import OBSERVATION_TYPES, from_stored
from diaodu.engine.compute.numbers import Compact, compacted, numbers
from diaodu.engine.ground.period import Period
from diaodu.engine.rules.rulebook import Rulebook

AT_ONCE = 10  # indicators
PROCESSES = 2
MONTHS = [
    Period.of_months(year, 1, month).last_month()
    for year in range(FIRST_YEAR, LAST.year + 1)
    for month in range(1, YEAR + 1)
]
_READ = ("obs_id", "indicator", "org", "period", "facet", "against", "n", "track", "received",
         "value", "decimals", "word", "unit", "held")  # fmt: skip
_HALF_TENTH = 5 * 10**10
# What one unit of the baseline's whole numbers is in ours, where it is not one of them.
_UNITS = dict.fromkeys(("value", "month_value", "last_year", "change"), _HALF_TENTH)
T = TypeVar("T")

_start: Barrier  # of the processes that share the work


class Times(Counter[str]):
    """Seconds of the processor."""

    def of(self, name: str, work: Callable[[], T]) -> T:
        start = process_time()
        result = work()
        self[name] += process_time() - start
        return result


class Share(NamedTuple):
    """What one of the processes had of it: when it began and ended, and its peak in MiB."""

    began: float
    ended: float
    memory: int


def main() -> None:
    if sys.argv[1:] and not sys.argv[1].isdigit():
        write_observations(Path(sys.argv[1]))
        return
    count = int(sys.argv[1]) if sys.argv[1:] else INDICATORS
    times = Times()
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "observations.parquet"
        # In a process of its own, so that making the figures is not counted in our memory.
        subprocess.run([sys.executable, "-m", "bench.country", str(file)], check=True)
        every = list(rulebook().indicators)[:count]
        batches = [every[first : first + AT_ONCE] for first in range(0, count, AT_ONCE)]
        shares = _in_processes(file, batches)
        for number, indicators in enumerate(batches):
            _all_months(file, indicators, number * AT_ONCE, times)
        _newest_month(file, every, times)
    for what, seconds in times.items():
        print(f"{what}：处理器 {seconds:.2f} s")
    hand_on(_table(count, times, shares))


def _table(count: int, times: Times, shares: Sequence[Share]) -> list[Row]:
    name = f"{COUNTIES} 县 × {count} 指标 × {len(MONTHS)} 月"
    both = max(one.ended for one in shares) - min(one.began for one in shares)
    memory = sum(one.memory for one in shares)
    return [
        row(f"{name}，两个进程（对照：numpy 同样的数）", both, times["numpy"], memory),
        row(f"{name}，两个进程（对照：pandas 同样的数）", both, times["pandas"], None),
        row(f"{name}，一个线程（对照：numpy 同样的数）", times["ours"], times["numpy"], None),
        row(f"{name}，一个线程（对照：pandas 同样的数）", times["ours"], times["pandas"], None),
        row(f"{name}，一个线程（对照：只算最新一月）", times["ours"], times["newest"], None),
        row(f"{name}：观测值按位置排好，一个线程", times["places"], None, None),
    ]


def _in_processes(file: Path, batches: Sequence[Sequence[str]]) -> list[Share]:
    """All batches, each process every second one."""
    spawned = get_context("spawn")
    with ProcessPoolExecutor(
        PROCESSES, spawned, initializer=_meet_at, initargs=(spawned.Barrier(PROCESSES),)
    ) as pool:
        shares = [batches[first::PROCESSES] for first in range(PROCESSES)]
        return list(pool.map(_share, [file] * PROCESSES, shares))


def _meet_at(start: Barrier) -> None:
    global _start
    _start = start


def _share(file: Path, batches: Sequence[Sequence[str]]) -> Share:
    compact = [_compact(file, indicators, MONTHS) for indicators in batches]
    _start.wait()
    began = perf_counter()
    for one in compact:
        list(numbers(one))
    return Share(began, perf_counter(), peak_memory())


def _all_months(file: Path, indicators: Sequence[str], first: int, times: Times) -> None:
    compact = times.of("places", lambda: _compact(file, indicators, MONTHS))
    ours = times.of("ours", lambda: list(numbers(compact)))
    figures = _figures(range(first, first + len(indicators)))
    dense = times.of("numpy", lambda: list(by_numpy(figures, CITIES)))
    for one in dense:
        check_equal(one, ours, compact)
    flat = _long(figures)
    told = times.of("pandas", lambda: list(by_pandas(flat)))
    _check_pandas(told, dense)


def _newest_month(file: Path, indicators: Sequence[str], times: Times) -> None:
    compact = times.of("places of the newest", lambda: _compact(file, indicators, MONTHS[-1:]))
    times.of("newest", lambda: sum(len(one) for one in numbers(compact)))


def _compact(file: Path, indicators: Sequence[str], months: Sequence[Period]) -> Compact:
    both = [one.ytd() for month in months for one in (month, month.previous_month())]
    periods = {each.id for one in both for each in (one, one.last_year())}
    chosen = pl.scan_parquet(file).select(_READ).filter(
        pl.col("indicator").is_in(indicators), pl.col("period").is_in(sorted(periods))
    )  # fmt: skip
    types = {name: OBSERVATION_TYPES[name] for name in _READ}
    return compacted(from_stored(chosen.collect(), types), _rules(indicators), months, RECEIVED)


def _rules(indicators: Sequence[str]) -> Rulebook:
    whole = rulebook()
    return replace(whole, indicators={name: whole.indicators[name] for name in indicators})


def _figures(chosen: range) -> Array:
    """indicator × month × county, in tenths."""
    made = tenths().filter(pl.col("figure").is_in(list(chosen)))
    made = made.sort("figure", "year", "month", "county")
    return made["tenths"].to_numpy().reshape(len(chosen), len(MONTHS), COUNTIES)


def _long(figures: Array) -> pd.DataFrame:
    indicator, month, county = np.indices(figures.shape, dtype=np.int32)
    return pd.DataFrame(
        {
            "figure": indicator.ravel(), "county": county.ravel(), "city": county.ravel() % CITIES,
            "year": month.ravel() // YEAR + FIRST_YEAR, "month": month.ravel() % YEAR + 1,
            "tenths": figures.ravel(),
        }
    )  # fmt: skip


def check_equal(one: Dense, ours: Sequence[nw.DataFrame[Any]], compact: Compact) -> None:
    """Raises NotEqualError for a measure of which any number or bound is another one."""
    found = _ours(one, ours, compact)
    unit = _UNITS.get(one.measure, 1)
    expected = {"value": one.value, "lo": one.lo, "hi": one.hi}
    for name, numbers_ in expected.items():
        if name in found.columns:
            in_order = np.ascontiguousarray(np.swapaxes(numbers_, 0, 1))
            theirs = pl.Series(in_order.ravel()).cast(pl.Int128)
            if not found[name].equals(theirs * pl.Series([unit], dtype=pl.Int128)):
                raise NotEqualError(f"{one.measure} {one.group} {name}")


def _ours(one: Dense, ours: Sequence[nw.DataFrame[Any]], compact: Compact) -> pl.DataFrame:
    """The rows of one measure with a number, ordered by month, indicator and county."""
    natives = [nw.to_native(rows) for rows in ours if "measure" in rows.columns]
    rows = pl.concat(
        [native.filter(pl.col("measure") == one.measure) for native in natives],
        how="diagonal_relaxed",
    )  # fmt: skip
    if one.group:
        wide = pl.col("peer_group") == GROUP
        rows = rows.filter(wide if one.group == "all" else ~wide)
    # Periods before the first are compared with, but have no figures.
    rows = rows.filter(pl.col("value").is_not_null())
    if len(rows) != one.value.size:
        raise NotEqualError(f"{one.measure} {one.group}: {len(rows)}, {one.value.size} wanted")
    orgs = compact.places.orgs
    rows = rows.sort(
        pl.col("place") // len(orgs),
        (pl.col("place") % len(orgs)).replace_strict(dict(enumerate(orgs))),
    )
    exact = all(rows[name].null_count() == len(rows) for name in ("lo", "hi"))
    return rows.drop("lo", "hi") if exact else rows


def _check_pandas(told: Sequence[Dense], dense: Sequence[Dense]) -> None:
    """Raises NotEqualError for a measure of which any number or bound is another one."""
    theirs = {(one.measure, one.group): one for one in told}
    for one in dense:
        found = theirs[one.measure, one.group]
        pairs = zip(one[3:], found[3:], strict=True)
        if not all(np.array_equal(np.ravel(ours), flat) for ours, flat in pairs):
            raise NotEqualError(f"pandas: {one.measure} {one.group}")


if __name__ == "__main__":
    main()
