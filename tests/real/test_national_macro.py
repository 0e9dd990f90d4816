"""Thirteen national monthly series, 2000–2022, as a database handed them out: cumulative first,
levels without published growth. Everything is worked out a second time from the printed list."""

from __future__ import annotations

import csv
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

pytestmark = [pytest.mark.shared, pytest.mark.slow]

FILE = "national-monthly-macro/core_long_2000_2022.csv"
WIDE = "national-monthly-macro/monthly_wide.csv"
DAY = "2023-03-01"
NAMES = {
    "retail": "社会消费品零售总额:累计值",
    "fai": "固定资产投资完成额:累计值",
    "property": "房地产开发投资完成额:累计值",
    "housing": "商品房销售面积:累计值",
    "revenue": "公共财政收入:累计值",
    "spending": "公共财政支出:累计值",
    "coal": "产量:原煤:累计值",
}
STOCKS = {"m2": "M2", "deposits": "金融机构:各项存款余额", "loans": "金融机构:各项贷款余额"}
GROWTHS = {
    "cpi": "CPI:当月同比",
    "ppi": "PPI:全部工业品:当月同比",
    "industry": "工业增加值:当月同比",
}
NEVER_FALLING = ("retail", "fai", "property", "revenue")


@pytest.fixture(scope="module")
def printed(shared: Path) -> dict[str, dict[str, Decimal]]:
    """Series → month → figure."""
    found: dict[str, dict[str, Decimal]] = {}
    with (shared / FILE).open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            found.setdefault(row["indicator"], {})[row["month"]] = Decimal(row["value"])
    return found


@pytest.fixture(scope="module")
def every_period(run_month: Callable[..., Any]) -> Any:
    return run_month("national_macro", "2022-12", DAY, FILE, options=("--all-periods",))


def cumulative(month: str) -> str:
    """2018-12 → 2018-01/12; January alone is a month."""
    year, number = month.split("-")
    return month if number == "01" else f"{year}-01/{number}"


def year_before(month: str) -> str:
    return f"{int(month[:4]) - 1}{month[4:]}"


def month_before(month: str) -> str:
    return f"{month[:5]}{int(month[5:]) - 1:02d}"


def growth(value: Decimal, base: Decimal) -> Fraction:
    return (Fraction(value) / Fraction(base) - 1) * 100


def cut(value: Fraction) -> Decimal:
    """Twelve decimals, cut off."""
    scaled = abs(value) * 10**12
    digits = Decimal(scaled.numerator // scaled.denominator).scaleb(-12)
    return -digits if value < 0 else digits


def test_every_line_is_kept(every_period: Any, printed: dict[str, dict[str, Decimal]]) -> None:
    lines = sum(len(series) for series in printed.values())
    (counts,) = every_period.counts.values()
    assert (counts["kept"], counts["held"], counts["ignored"]) == (lines, 0, lines)
    assert counts["total"] == 5 * (lines + 1)
    assert every_period.observations.height == lines


@pytest.mark.parametrize("indicator", NAMES)
def test_cumulative_figures_have_the_interval_from_january(
    every_period: Any, printed: dict[str, dict[str, Decimal]], indicator: str
) -> None:
    series = printed[NAMES[indicator]]
    assert every_period.figures(indicator) == {cumulative(m): v for m, v in series.items()}


def test_a_growth_without_level_is_the_months_own(
    every_period: Any, printed: dict[str, dict[str, Decimal]]
) -> None:
    assert every_period.figures("cpi", "growth") == printed["CPI:当月同比"]
    assert every_period.figures("cpi") == {}


@pytest.mark.parametrize("indicator", NAMES)
def test_month_values_are_differences_of_cumulative_ones(
    every_period: Any, printed: dict[str, dict[str, Decimal]], indicator: str
) -> None:
    """1—2月 is one period: where it is merged, and where January is missing, the months have no
    value before March."""
    series = printed[NAMES[indicator]]
    expected = {
        cumulative(month): value - series[month_before(month)]
        for month, value in series.items()
        if month[5:] != "01" and month_before(month) in series
    }
    rows = every_period.measures.filter(
        (pl.col("measure") == "month_value")
        & (pl.col("indicator") == indicator)
        & pl.col("value").is_not_null()
        & (pl.col("base") != "")
    )
    got = dict(rows.select("period", "value").iter_rows())
    assert got == expected
    if "2018-01" not in series:
        assert "2018-01/02" not in got


@pytest.mark.parametrize("indicator", NAMES)
def test_growth_is_computed_from_the_levels(
    every_period: Any, printed: dict[str, dict[str, Decimal]], indicator: str
) -> None:
    series = printed[NAMES[indicator]]
    expected = {
        cumulative(month): cut(growth(value, series[year_before(month)]))
        for month, value in series.items()
        if year_before(month) in series
    }
    rows = every_period.measures.filter(
        (pl.col("measure") == "growth")
        & (pl.col("indicator") == indicator)
        & pl.col("value").is_not_null()
    )
    assert dict(rows.select("period", "value").iter_rows()) == expected


@pytest.mark.parametrize(
    ("indicator", "year", "shown"),
    [
        ("retail", 2018, "4.0"),
        ("retail", 2019, "8.0"),
        ("retail", 2020, "-4.8"),
        ("retail", 2021, "12.5"),
        ("fai", 2018, "0.6"),
        ("fai", 2019, "-13.2"),
        ("fai", 2020, "-5.9"),
        ("fai", 2022, "5.1"),
        ("revenue", 2021, "10.7"),
        ("revenue", 2022, "0.6"),
    ],
)
def test_a_years_growth_as_printed(
    every_period: Any, indicator: str, year: int, shown: str
) -> None:
    """From the levels alone; what was published (retail 2018: 9.0) is another fact."""
    assert every_period.measure("growth", indicator, f"{year}-01/12")[1] == shown
    assert (
        every_period.measures.filter(pl.col("measure") == "growth_published")
        .filter(pl.col("indicator") == indicator)
        .is_empty()
    )


def test_january_and_february_are_one_period(every_period: Any) -> None:
    """Retail 1—2月 2018: 61081.8 over 57959.7 is +5.4 %."""
    for indicator in ("fai", "property", "housing"):
        periods = every_period.figures(indicator)
        assert not [period for period in periods if period.endswith("-01")]
        assert "2018-01/02" in periods
    assert every_period.measure("growth", "retail", "2018-01/02") == (
        Decimal("5.386673844067"), "5.4",
    )  # fmt: skip
    assert every_period.measure("month_value", "retail", "2018-01/03")[0] == Decimal("29193.6")


def test_the_only_cumulative_that_falls(
    every_period: Any, printed: dict[str, dict[str, Decimal]]
) -> None:
    """Coal fell from November to December 2012 in the published series itself; it is said, once
    and softly, and nothing is said of any series that never falls."""
    falls = {
        (indicator, cumulative(month))
        for indicator, name in NAMES.items()
        for month, value in printed[name].items()
        if month[5:] != "01" and value < printed[name].get(month_before(month), value)
    }
    told = {(one["indicator"], one["period"]) for one in every_period.found("cumulative_fell")}
    assert told == falls == {("coal", "2012-01/12")}
    assert not {indicator for indicator, _ in told} & set(NEVER_FALLING)
    assert [one["code"] for one in every_period.findings] == ["cumulative_fell"]
    (fell,) = every_period.findings
    assert (fell["severity"], fell["cell"]) == ("soft", "C985")
    assert (fell["expected"], fell["found"]) == ("不小于365933.0万吨", "365000.0万吨")


@pytest.mark.parametrize("period", ["2018年12月", "2020-12"])
def test_one_month_gives_what_the_run_over_all_gives(
    run_month: Callable[..., Any], every_period: Any, period: str
) -> None:
    one = run_month("national_macro", period, DAY, FILE)
    wanted = f"{period[:4]}-01/12"
    keys = one.measures.filter(pl.col("period") == wanted).select("key", "value", "shown", "word")
    assert keys.height > 30
    both = keys.join(every_period.measures, on="key", suffix="_all")
    assert both.height == keys.height
    for name in ("value", "shown", "word"):
        assert both[name].to_list() == both[f"{name}_all"].to_list()


def test_the_same_input_gives_the_same_bytes(
    run_month: Callable[..., Any], every_period: Any
) -> None:
    again = run_month("national_macro", "2022-12", DAY, FILE, options=("--all-periods",))
    for name in ("observations.parquet", "measures.parquet", "findings.json", "bulletin.json"):
        assert (again.folder / name).read_bytes() == (every_period.folder / name).read_bytes()


def test_periods_down_and_indicators_across(run_month: Callable[..., Any], shared: Path) -> None:
    """The wide copy has 59 series back to 1991 and no unit. Those of the rulebook that are money
    or growth are read; for the others there is one question each: which indicator, which unit."""
    run = run_month("national_macro", "2018-12", DAY, WIDE)
    with (shared / WIDE).open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    names = list(rows[0])[1:]
    series = {
        name: {row["month"]: Decimal(row[name]) for row in rows if row[name]} for name in names
    }
    for indicator in ("retail", "fai", "property", "revenue", "spending"):
        figures = {cumulative(month): value for month, value in series[NAMES[indicator]].items()}
        assert run.figures(indicator) == figures
    for indicator, name in STOCKS.items():
        assert run.figures(indicator) == series[name]
    for indicator, name in GROWTHS.items():
        assert run.figures(indicator, "growth") == series[name]

    units = {one["indicator"]: (one["expected"], one["found"]) for one in run.found("unknown_unit")}
    assert units == {
        "coal": ("万吨", "亿元"),
        "housing": ("万平方米", "亿元"),
        "trade": ("亿美元", "亿元"),
    }
    known = {*NAMES.values(), *STOCKS.values(), *GROWTHS.values(), "进出口金额:当月值"}
    assert {one["found"] for one in run.found("unknown_indicator")} == set(names) - known

    (counts,) = run.counts.values()
    held = set(names) - known | {NAMES["coal"], NAMES["housing"], "进出口金额:当月值"}
    assert counts["held"] == sum(len(series[name]) for name in held)
    assert counts["kept"] == sum(len(series[name]) for name in set(names) - held)


def test_rounding_happens_once(every_period: Any) -> None:
    """What is shown is the exact value rounded half away from zero."""
    rows = every_period.measures.filter(
        (pl.col("measure") == "growth") & pl.col("value").is_not_null()
    )
    for value, shown in rows.select("value", "shown").iter_rows():
        rounded = value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
        assert shown == f"{abs(rounded) if rounded == 0 else rounded}"
        assert value == value.quantize(Decimal("1e-12"), rounding=ROUND_DOWN)
