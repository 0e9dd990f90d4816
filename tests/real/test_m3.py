"""Series of the M3 competition: thirty of the 1,428 monthly and ten of the 756 quarterly ones.

A slice, so that the suite stays short; it has every category and both sorts of decimals. The file
itself keeps a whole series in one cell, which no office does: that is asked about. Spread out,
periods down and series across, it is read in full, and the measures are worked out again here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from decimal import ROUND_DOWN, Decimal
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from diaodu.adapters.rulebook_in import read_rulebook

pytestmark = [pytest.mark.shared, pytest.mark.slow]

FOLDER = "m3-monthly"
DAY = "2023-03-01"
Months = dict[str, Decimal]  # 1990-01 → figure


@cache
def chosen() -> frozenset[str]:
    indicators = read_rulebook(Path(__file__).parent / "m3" / "rulebook").indicators.values()
    return frozenset(one.name for one in indicators)


@pytest.fixture(scope="module")
def series(shared: Path) -> dict[str, Months]:
    """Series → its figures by month, those of quarters by their last month."""
    found: dict[str, Months] = {}
    for file, length in (("m3_monthly.csv", 1), ("m3_quarterly.csv", 3)):
        with (shared / FOLDER / file).open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                if row["series"] in chosen():
                    figures = [Decimal(text) for text in row["values"].split()]
                    assert len(figures) == int(row["n"])
                    first = int(row["start_year"]) * 12 + length * int(row["start_period"]) - 1
                    found[row["series"]] = {
                        month(first + length * at): figure for at, figure in enumerate(figures)
                    }
    assert found.keys() == chosen()
    return found


def month(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02d}"


def year_before(one: str) -> str:
    return f"{int(one[:4]) - 1}{one[4:]}"


def spread(series: dict[str, Months]) -> str:
    stream = io.StringIO()
    out = csv.writer(stream)
    out.writerow(["month", *series])
    for one in sorted({one for months in series.values() for one in months}):
        written = f"{one[:4]}年{int(one[5:])}月末"
        out.writerow([written, *(str(months.get(one, "")) for months in series.values())])
    return stream.getvalue()


@pytest.fixture(scope="module")
def run(run_month: Callable[..., Any], series: dict[str, Months]) -> Any:
    quarterly = {name: months for name, months in series.items() if is_quarterly(months)}
    monthly = {name: months for name, months in series.items() if name not in quarterly}
    assert (len(monthly), len(quarterly)) == (30, 10)
    written = {
        "m3_monthly_spread.csv": spread(monthly).replace("月末", "月"),
        "m3_quarterly_spread.csv": spread(quarterly),
    }
    return run_month("m3", "1995年8月", DAY, options=("--all-periods",), written=written)


def is_quarterly(months: Months) -> bool:
    return all(int(one[5:]) % 3 == 0 for one in months)


def by_series(run: Any, measure: str) -> dict[str, Months]:
    """Of those against another period the ones against last year's (stocks have 年初 beside)."""
    rows = run.measures.filter((pl.col("measure") == measure) & pl.col("value").is_not_null())
    found: dict[str, Months] = {}
    for name, period, base, value in rows.select(
        "indicator", "period", "base", "value"
    ).iter_rows():
        if base in ("", year_before(period)):
            found.setdefault(name.upper(), {})[period] = value
    return found


def test_a_whole_series_in_one_cell_is_asked_about(run_month: Callable[..., Any]) -> None:
    run = run_month("m3", "1995年8月", DAY, f"{FOLDER}/m3_quarterly.csv")
    (counts,) = run.counts.values()
    assert (counts["kept"], counts["held"], counts["total"]) == (0, 4 * 756, 7 * 757)
    assert [one["found"] for one in run.found("unknown_indicator")] == [
        "n", "nf", "start_year", "start_period",
    ]  # fmt: skip


def test_every_figure_is_kept_as_printed(run: Any, series: dict[str, Months]) -> None:
    missed = [(one["code"], one["severity"], one["indicator"].upper()) for one in run.findings]
    assert missed == [("missing", "soft", name) for name in ("N646", "N647")]  # they end in 1994
    assert {max(series[name]) for name in ("N646", "N647")} == {"1994-12"}
    assert sum(counts["kept"] for counts in run.counts.values()) == sum(map(len, series.values()))
    for counts in run.counts.values():
        assert (counts["held"], counts["ignored"]) == (0, 0)
    assert {name: run.figures(name.lower()) for name in series} == series
    assert by_series(run, "value") == series


def test_change_and_growth_over_the_year_before(run: Any, series: dict[str, Months]) -> None:
    pairs = {
        name: {
            one: (value, months[year_before(one)])
            for one, value in months.items()
            if year_before(one) in months
        }
        for name, months in series.items()
    }
    bases = by_series(run, "last_year")
    changes = by_series(run, "change")
    growths = by_series(run, "growth")
    for name, of in pairs.items():
        assert changes[name].keys() == growths[name].keys() == of.keys()
        for one, (value, before) in of.items():
            assert bases[name][one] == before
            assert changes[name][one] == value - before
            assert growths[name][one] == cut((value - before) / before * 100)


def cut(value: Decimal) -> Decimal:
    return value.quantize(Decimal("1e-12"), ROUND_DOWN)
