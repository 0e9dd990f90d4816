"""The national accounts by quarter, 1991–2022: GDP and its industries, levels and growth.

As it was re-keyed the file names its measures in English, which no office's words are: then it is
asked about and gives nothing. Written in an office's words it is read in full. Everything is
worked out a second time from the printed list.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

pytestmark = [pytest.mark.shared, pytest.mark.slow]

FILE = "national-quarterly-gdp/gdp_quarterly_long.csv"
DAY = "2023-03-01"
WORDS = {
    "nominal_single_quarter": "当季值",
    "real_yoy_single_quarter": "当季同比增速",
    "real_yoy_cumulative": "累计同比增速",
    "contribution_rate_cumulative": "累计贡献率",
    "constant_2020_price_cumulative": "累计值",
}
AT_2020_PRICES = "constant_2020_price_cumulative"
INDUSTRIES = {
    "gdp": "国内生产总值", "farming": "农林牧渔业", "industry": "工业", "construction": "建筑业",
    "wholesale": "批发和零售业", "transport": "交通运输、仓储和邮政业", "catering": "住宿和餐饮业",
    "finance": "金融业", "realestate": "房地产业", "leasing": "租赁和商务服务业",
    "information": "信息传输、软件和信息技术服务业", "others": "其他行业",
}  # fmt: skip
Line = tuple[str, str, str, Decimal]  # quarter, industry, measure, figure


@pytest.fixture(scope="module")
def lines(shared: Path) -> list[Line]:
    with (shared / FILE).open(encoding="utf-8-sig", newline="") as stream:
        return [
            (row["quarter"], row["industry"], row["measure"], Decimal(row["value"]))
            for row in csv.DictReader(stream)
        ]


@pytest.fixture(scope="module")
def accounts(run_month: Callable[..., Any], shared: Path) -> Any:
    stream = io.StringIO()
    out = csv.writer(stream)
    with (shared / FILE).open(encoding="utf-8-sig", newline="") as source:
        rows = csv.reader(source)
        out.writerow(next(rows))
        for quarter, industry, measure, value, unit in rows:
            priced = "(2020年价格)" if measure == AT_2020_PRICES else ""
            out.writerow([quarter, industry + priced, WORDS[measure], value, unit])
    return run_month(
        "quarterly_gdp", "2022年四季度", DAY, options=("--all-periods",),
        written={Path(FILE).name: stream.getvalue()},
    )  # fmt: skip


def cumulative(quarter: str) -> str:
    """2022-09 → 2022-01/09."""
    return f"{quarter[:4]}-01/{quarter[5:]}"


def single(quarter: str) -> str:
    """2022-09 → 2022-07/09."""
    return f"{quarter[:4]}-{int(quarter[5:]) - 2:02d}/{quarter[5:]}"


def year_before(quarter: str) -> str:
    return f"{int(quarter[:4]) - 1}{quarter[4:]}"


def cut(value: Fraction) -> Decimal:
    """Twelve decimals, cut off."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("1e-12"), ROUND_DOWN)


def test_measures_in_words_nobody_uses_are_asked_about_once_each(
    run_month: Callable[..., Any], lines: list[Line]
) -> None:
    run = run_month("quarterly_gdp", "2022年四季度", DAY, FILE)
    (counts,) = run.counts.values()
    assert (counts["kept"], counts["held"], counts["ignored"]) == (0, len(lines), 0)
    assert counts["total"] == 5 * (len(lines) + 1)
    asked = {one["found"]: one["message"] for one in run.found("unknown_indicator")}
    assert len(run.findings) == len(asked)
    assert asked == {
        measure: f"“{measure}”在规则库里找不到对应的指标（涉及{cells}个数据格，暂不采用）"
        for measure, cells in Counter(measure for _, _, measure, _ in lines).items()
    }


def test_every_line_has_one_fate(accounts: Any, lines: list[Line]) -> None:
    (counts,) = accounts.counts.values()
    contributions = sum(measure == "contribution_rate_cumulative" for _, _, measure, _ in lines)
    assert (counts["ignored"], counts["held"]) == (contributions, 2)
    assert counts["kept"] == len(lines) - contributions - 2
    assert sum(counts[fate] for fate in ("label", "note", "marker")) == 4 * len(lines) + 5


def test_the_two_sources_of_the_file_differ_in_one_figure(accounts: Any) -> None:
    """2021's first quarter: 18.3 in the one, 18.7 in the other. Neither is taken."""
    (told,) = accounts.findings
    assert (told["code"], told["severity"]) == ("conflict", "hard")
    assert (told["indicator"], told["period"]) == ("gdp", "2021-01/03")
    assert (told["cell"], told["expected"], told["found"]) == ("D2354", "18.3%", "18.7%")
    assert "2021-01/03" not in accounts.figures("gdp", "growth")


@pytest.mark.parametrize("indicator", INDUSTRIES)
def test_every_figure_is_the_printed_one(accounts: Any, lines: list[Line], indicator: str) -> None:
    """A first quarter's own growth and the cumulative one are one figure, printed twice."""
    levels: dict[str, Decimal] = {}
    growths: dict[str, Decimal] = {}
    for quarter, industry, measure, value in lines:
        if industry != INDUSTRIES[indicator]:
            continue
        if measure == "nominal_single_quarter":
            levels[single(quarter)] = value
        elif measure == "real_yoy_single_quarter":
            growths[single(quarter)] = value
        elif measure == "real_yoy_cumulative":
            growths[cumulative(quarter)] = value
    if indicator == "gdp":
        del growths["2021-01/03"]
    assert accounts.figures(indicator) == levels
    assert accounts.figures(indicator, "growth") == growths


def test_growth_at_constant_prices_is_the_growth_published(
    accounts: Any, lines: list[Line]
) -> None:
    """Twice: exactly what the printed levels give, and the published growth to its last digit."""
    levels = {q: value for q, _, measure, value in lines if measure == AT_2020_PRICES}
    expected = {
        cumulative(q): cut((Fraction(value) / Fraction(levels[year_before(q)]) - 1) * 100)
        for q, value in levels.items()
        if year_before(q) in levels
    }
    rows = accounts.measures.filter(
        (pl.col("measure") == "growth")
        & (pl.col("indicator") == "gdp_2020")
        & pl.col("value").is_not_null()
    )
    assert dict(rows.select("period", "value").iter_rows()) == expected
    published = {
        cumulative(q): value
        for q, industry, measure, value in lines
        if (industry, measure) == ("国内生产总值", "real_yoy_cumulative")
    }
    assert published.keys() == expected.keys() and len(expected) == 124
    assert all(abs(expected[q] - published[q]) <= Decimal("0.055") for q in expected)


def test_a_quarter_is_the_difference_of_two_cumulative_figures(
    accounts: Any, lines: list[Line]
) -> None:
    levels = {cumulative(q): value for q, _, m, value in lines if m == AT_2020_PRICES}
    for year in (1992, 2008, 2022):
        for first, second in (("03", "06"), ("06", "09"), ("09", "12")):
            value, shown = accounts.measure("month_value", "gdp_2020", f"{year}-01/{second}")
            assert value == levels[f"{year}-01/{second}"] - levels[f"{year}-01/{first}"]
            assert shown == str(value.quantize(Decimal("0.01"), ROUND_HALF_UP))


@pytest.mark.parametrize(("indicator", "year"), [("industry", 2021), ("finance", 2022)])
def test_the_mean_of_two_years_is_geometric(
    accounts: Any, lines: list[Line], indicator: str, year: int
) -> None:
    growths = {
        quarter: value
        for quarter, industry, measure, value in lines
        if (industry, measure) == (INDUSTRIES[indicator], "real_yoy_cumulative")
    }
    now, before = (1 + growths[f"{y}-12"] / 100 for y in (year, year - 1))
    mean = ((now * before).sqrt() - 1) * 100
    _, shown = accounts.measure("two_year_average", indicator, f"{year}-01/12")
    assert shown == str(mean.quantize(Decimal("0.1"), ROUND_HALF_UP))
