"""Measures over a whole country: 2,844 counties × 100 indicators × 36 months, 10.2 million cells.

Ours are `engine.compute.numbers`: the definitions of a month's run, without keys and texts, some
indicators at a time; from figures by place to measures. Two processes share the indicators, as two
processors are there; plain pandas has one table of them all and looks earlier months up by key, as
figures may be missing. Both in turn, several times, the median; by the clock, so nothing else
should run.

In one thread each batch is computed again and held against the same measures densely on numpy
arrays, and in pandas at its quickest, in batches and by rows: equal in every number and bound. So
is pandas by key where figures are missing. Here the processor's time.

`python -m bench.country N` measures the first N indicators alone.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Barrier
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any, NamedTuple, TypeVar

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl

from bench.__main__ import hand_on
from bench.dense import YEAR, Array, Dense, Told, by_numpy, by_pandas
from bench.made_country import (
    CITIES,
    COUNTIES,
    FIRST_YEAR,
    GROUP,
    INDICATORS,
    LAST,
    RECEIVED,
    county_id,
    rulebook,
    tenths,
    write_observations,
)
from bench.measuring import NotEqualError, Row, peak_memory, row
from diaodu.adapters.frames import OBSERVATION_TYPES, from_stored
from diaodu.engine.compute.numbers import Compact, compacted, numbers
from diaodu.engine.ground.period import Period
from diaodu.engine.rules.rulebook import Rulebook

AT_ONCE = 5  # indicators
PROCESSES = 2
ROUNDS = 3
MONTHS = [
    Period.of_months(year, 1, month).last_month()
    for year in range(FIRST_YEAR, LAST.year + 1)
    for month in range(1, YEAR + 1)
]
_READ = ("obs_id", "indicator", "org", "period", "facet", "against", "n", "track", "received",
         "value", "decimals", "word", "unit", "held")  # fmt: skip
_ENDS = ("value", "lo", "hi")
_HALF_TENTH = 5 * 10**10
# What one unit of the baseline's whole numbers is in ours, where it is not one of them.
_UNITS = dict.fromkeys(("value", "month_value", "last_year", "change"), _HALF_TENTH)
T = TypeVar("T")

# Of the processes that share the work: when all are ready, and how many batches are taken.
_start: Barrier
_taken: Synchronized[int]


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


class Round(NamedTuple):
    """Seconds: of ours in two processes by the clock, of pandas by the processor; and the peak of
    all our processes in MiB."""

    ours: float
    memory: int
    pandas: float


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
        rounds = [_round(file, batches, count) for _ in range(ROUNDS)]
        for number, indicators in enumerate(batches):
            _all_months(file, indicators, number * AT_ONCE, times)
        _newest_month(file, every, times)
        _check_with_holes(file, batches[0])
    for one in rounds:
        print(
            f"两个进程 {one.ours:.2f} s，{one.memory} MiB；pandas 整表：处理器 {one.pandas:.2f} s"
        )
    for what, seconds in times.items():
        print(f"{what}：处理器 {seconds:.2f} s")
    hand_on(_table(count, times, rounds))


def _table(count: int, times: Times, rounds: Sequence[Round]) -> list[Row]:
    name = f"{COUNTIES} 县 × {count} 指标 × {len(MONTHS)} 月"
    both = median(one.ours for one in rounds)
    pandas = median(one.pandas for one in rounds)
    memory = max(one.memory for one in rounds)
    return [
        row(f"{name}，两个进程（对照：numpy 同样的数）", both, times["numpy"], memory),
        row(f"{name}，两个进程（对照：pandas 整表，按键）", both, pandas, None),
        row(f"{name}，两个进程（对照：pandas 分批，按行）", both, times["pandas"], None),
        row(f"{name}，一个线程（对照：numpy 同样的数）", times["ours"], times["numpy"], None),
        row(f"{name}，一个线程（对照：pandas 整表，按键）", times["ours"], pandas, None),
        row(f"{name}，一个线程（对照：只算最新一月）", times["ours"], times["newest"], None),
        row(f"{name}：观测值按位置排好，一个线程", times["places"], None, None),
    ]


def _round(file: Path, batches: Sequence[Sequence[str]], count: int) -> Round:
    shares = _in_processes(file, batches)
    both = max(one.ended for one in shares) - min(one.began for one in shares)
    # In a process of its own too: what it held would be counted in that of the next ones.
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        pandas = pool.submit(_pandas_of_all, count).result()
    return Round(both, sum(one.memory for one in shares), pandas)


def _in_processes(file: Path, batches: Sequence[Sequence[str]]) -> list[Share]:
    """All batches, each process taking the next when it is done with one."""
    spawned = get_context("spawn")
    shared = (spawned.Barrier(PROCESSES), spawned.Value("i", 0))
    with ProcessPoolExecutor(PROCESSES, spawned, initializer=_share_with, initargs=shared) as pool:
        return list(pool.map(_share, [file] * PROCESSES, [batches] * PROCESSES))


def _share_with(start: Barrier, taken: Synchronized[int]) -> None:
    global _start, _taken
    _start, _taken = start, taken


def _share(file: Path, batches: Sequence[Sequence[str]]) -> Share:
    compact = [_compact(file, indicators, MONTHS) for indicators in batches]
    _start.wait()
    began = perf_counter()
    while (batch := _next()) < len(compact):
        list(numbers(compact[batch]))
    return Share(began, perf_counter(), peak_memory())


def _next() -> int:
    with _taken.get_lock():
        batch = _taken.value
        _taken.value += 1
    return batch


def _pandas_of_all(count: int) -> float:
    """Seconds of the processor for one table of all indicators. Each measure is let go of at once:
    together they take more memory than is there."""
    given = _long(_figures(range(count)))
    start = process_time()
    deque(by_pandas(given, may_lack=True), maxlen=0)
    return process_time() - start


def _all_months(file: Path, indicators: Sequence[str], first: int, times: Times) -> None:
    compact = times.of("places", lambda: _compact(file, indicators, MONTHS))
    ours = times.of("ours", lambda: list(numbers(compact)))
    figures = _figures(range(first, first + len(indicators)))
    dense = times.of("numpy", lambda: list(by_numpy(figures, CITIES)))
    for one in dense:
        check_equal(one, ours, compact)
    flat = _long(figures)
    told = times.of("pandas", lambda: list(by_pandas(flat, may_lack=False)))
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
    orgs = compact.places.orgs
    rows = _rows(one.measure, one.group, ours).sort(
        pl.col("place") // len(orgs),
        (pl.col("place") % len(orgs)).replace_strict(dict(enumerate(orgs))),
    )
    _check(one.measure, rows, [np.ravel(np.swapaxes(end, 0, 1)) for end in one[3:]])


def _rows(measure: str, group: str, ours: Sequence[nw.DataFrame[Any]]) -> pl.DataFrame:
    """Of one measure, those with a number."""
    natives = [nw.to_native(rows) for rows in ours if "measure" in rows.columns]
    rows = pl.concat(
        [native.filter(pl.col("measure") == measure) for native in natives],
        how="diagonal_relaxed",
    )  # fmt: skip
    if group:
        wide = pl.col("peer_group") == GROUP
        rows = rows.filter(wide if group == "all" else ~wide)
    # Periods before the first are compared with, but have no figures.
    return rows.filter(pl.col("value").is_not_null())


def _check(measure: str, rows: pl.DataFrame, ends: Sequence[Array]) -> None:
    """`ends`: value, lo and hi of the baseline, in the order of the rows."""
    if len(rows) != len(ends[0]):
        raise NotEqualError(f"{measure}: {len(rows)}, {len(ends[0])} wanted")
    unit = pl.Series([_UNITS.get(measure, 1)], dtype=pl.Int128)
    exact = all(rows[name].null_count() == len(rows) for name in ("lo", "hi"))
    for name, theirs in zip(_ENDS[:1] if exact else _ENDS, ends, strict=not exact):
        if not rows[name].equals(pl.Series(theirs).cast(pl.Int128) * unit):
            raise NotEqualError(f"{measure} {name}")


def _check_pandas(told: Sequence[Told], dense: Sequence[Dense]) -> None:
    """Raises NotEqualError for a measure of which any number or bound is another one."""
    theirs = {(one.measure, one.group): _ends(one) for one in told}
    for one in dense:
        pairs = zip(one[3:], theirs[one.measure, one.group], strict=True)
        if not all(np.array_equal(np.ravel(ours), flat) for ours, flat in pairs):
            raise NotEqualError(f"pandas: {one.measure} {one.group}")


def _ends(told: Told) -> list[Array]:
    found = told.found
    columns = [found] * 3 if isinstance(found, pd.Series) else [found[name] for name in _ENDS]
    return [one.to_numpy(dtype=np.int64) for one in columns]


def _check_with_holes(file: Path, indicators: Sequence[str]) -> None:
    """Raises NotEqualError where pandas by key tells other numbers than ours of figures of which
    some are missing."""
    compact = _compact(file, indicators, MONTHS)
    left = compact.figures.filter(_is_left(nw.col("period")))
    ours = list(numbers(replace(compact, figures=left)))
    given = _long(_figures(range(len(indicators))))
    place = _places(given, compact)
    is_left = _is_left(place)
    for told in by_pandas(given[is_left], may_lack=True):
        at = place.loc[told.found.index].to_numpy()
        ends = [one[np.argsort(at)] for one in _ends(told)]
        _check(told.measure, _rows(told.measure, told.group, ours).sort("place"), ends)


def _is_left(place: Any) -> Any:
    """One in sixteen is missing, here and there."""
    return place * 7919 % 1009 >= 63


def _places(given: pd.DataFrame, compact: Compact) -> pd.Series[int]:
    """Where each row stands in ours: indicators of one batch."""
    places = compact.places
    org = {name: at for at, name in enumerate(places.orgs)}
    period = {name: at for at, name in enumerate(places.periods)}
    month = [
        period[Period.of_months(year, 1, month).id]
        for year, month in zip(given["year"], given["month"], strict=True)
    ]
    county = given["county"].map([org[county_id(one)] for one in range(COUNTIES)].__getitem__)
    return (pd.Series(month) * len(places.indicators) + given["figure"]) * len(org) + county


if __name__ == "__main__":
    main()
