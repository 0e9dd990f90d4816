"""Nine untouched .xls exports: title lines, notes under the table, four header rows, working
sheets somebody appended, levels and published growth that disagree.

The expected figures are read a second time with xlrd, cell by cell.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlrd

pytestmark = [pytest.mark.shared, pytest.mark.slow]

FOLDER = "nbs-xls-exports/original_xls"
FILES = (
    "ExportData.xls", "GDP(已自动还原).xls", "GDP.xls", "国内生产总值（现价）.xls",
    "工业增加值-月度.xls", "工业增加值-行业-月度.xls", "工业生产者购进价格指数-月度数据.xls",
    "月度数据.xls", "汽车制造业.xls",
)  # fmt: skip
COPY = "nbs-xls-exports/industrial_revenue_profit_2010_2020.csv"
DAY = "2020-06-01"
CLEAN = (
    ("GDP(已自动还原).xls", "季度数据"), ("GDP(已自动还原).xls", "同比"), ("GDP.xls", "季度数据"),
    ("国内生产总值（现价）.xls", "季度数据"), ("工业增加值-月度.xls", "月度数据"),
    ("工业增加值-行业-月度.xls", "Sheet1"), ("工业生产者购进价格指数-月度数据.xls", "月度数据"),
    ("月度数据.xls", "Sheet1"), ("汽车制造业.xls", "月度数据"),
)  # fmt: skip
WORKING = (
    ("GDP(已自动还原).xls", "Sheet4"), ("GDP(已自动还原).xls", "Sheet1"),
    ("GDP(已自动还原).xls", "环比"), ("GDP(已自动还原).xls", "Sheet5"),
    ("工业增加值-月度.xls", "同比"), ("工业增加值-月度.xls", "累计"),
)  # fmt: skip
QUARTERS = {"一": "01/03", "二": "04/06", "三": "07/09", "四": "10/12"}


@pytest.fixture(scope="module")
def exports(run_month: Callable[..., Any]) -> Any:
    files = [f"{FOLDER}/{name}" for name in FILES]
    return run_month("nbs_xls", "2020-04", DAY, *files, options=("--all-periods",))


@pytest.fixture(scope="module")
def copy(run_month: Callable[..., Any]) -> Any:
    """The clean copy of profit and revenue, with the growth that was published."""
    return run_month("nbs_xls", "2020-04", DAY, COPY, options=("--all-periods",))


def cells(shared: Path, file: str, sheet: str, header: int) -> Iterator[tuple[str, str, Decimal]]:
    """(stub, head, figure) of every number under the header row of one sheet."""
    page = xlrd.open_workbook(str(shared / FOLDER / file)).sheet_by_name(sheet)
    for row in range(header + 1, page.nrows):
        for col in range(1, page.ncols):
            if page.cell_type(row, col) == xlrd.XL_CELL_NUMBER:
                figure = Decimal(repr(page.cell_value(row, col)))
                yield str(page.cell_value(row, 0)), str(page.cell_value(header, col)), figure


def quarter(head: str, stub: str) -> str:
    """2019年第三季度, 累计值 → 2019-01/09; 当季值 → 2019-07/09."""
    year, which = head[:4], QUARTERS[head[6]]
    months = "01/" + which[3:] if "累计" in stub else which
    return f"{year}-{months}"


# -- quarters ------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", ["GDP.xls", "国内生产总值（现价）.xls"])
def test_every_quarter_is_read(exports: Any, shared: Path, file: str) -> None:
    names = {
        "国内生产总值": "gdp", "第一产业增加值": "va1", "第二产业增加值": "va2",
        "第三产业增加值": "va3", "工业增加值": "industry_va", "金融业增加值": "finance",
    }  # fmt: skip
    seen = Counter[str]()
    for stub, head, figure in cells(shared, file, "季度数据", 2):
        indicator = names.get(re.sub(r"(当季|累计)值\(亿元\)", "", stub))
        if indicator is not None:
            assert exports.figures(indicator)[quarter(head, stub)] == figure
            seen[indicator] += 1
    assert seen["gdp"] >= 24


def test_a_figure_knows_its_cell(exports: Any) -> None:
    """国内生产总值 of 2020's first quarter stands in B4 and B5 of two files; the one that came
    first by name keeps the row, and every row names a cell that holds its value."""
    rows = exports.observations.filter(
        (pl.col("indicator") == "gdp")
        & (pl.col("period") == "2020-01/03")
        & (pl.col("track") == "accounted")
    )
    (row,) = rows.iter_rows(named=True)
    assert (row["value"], row["decimals"]) == (Decimal("206504.3"), 1)
    assert (row["unit_given"], row["sheet"]) == ("亿元", "季度数据")
    assert row["file"].endswith("GDP.xls")
    assert row["cell"] in ("B4", "B5")


def test_quarters_sum_to_the_cumulative(exports: Any) -> None:
    """The house's 当期 from two cumulative figures is the quarter that was published, to the last
    printed digit, and the check that compares them allows for just that."""
    gdp = exports.figures("gdp")
    for year in (2017, 2018, 2019):
        for first, last in ((4, 6), (7, 9), (10, 12)):
            value, _ = exports.measure("month_value", "gdp", f"{year}-01/{last:02d}")
            assert abs(value - gdp[f"{year}-{first:02d}/{last:02d}"]) <= Decimal("0.1")
    assert exports.found("month_vs_ytd", "GDP") == []
    assert exports.found("parts_vs_parent") == []


def test_no_growth_is_published_beside_the_real_levels(exports: Any) -> None:
    """2019 at current prices grew by 7.8 %, without price changes by 6.1 %: two indicators."""
    assert exports.measure("growth", "gdp", "2019-01/12")[1] == "7.8"
    assert exports.measure("growth", "gdp_real", "2019-01/12")[1] == "6.1"
    assert exports.figures("gdp_index")["2019-01/12"] == Decimal("106.1")


# -- months --------------------------------------------------------------------------------------


def test_industry_by_month_and_from_january(exports: Any, shared: Path) -> None:
    """同比增长 is the month's own and 累计增长 runs from January, in one column of one sheet."""
    growth = exports.figures("industry", "growth")
    assert (growth["2020-04"], growth["2020-01/04"]) == (Decimal("3.9"), Decimal("-4.9"))
    assert growth["2020-01/02"] == Decimal("-13.5")
    assert "2020-02" not in growth and "2020-01" not in growth
    for stub, head, figure in cells(shared, "工业增加值-月度.xls", "月度数据", 2):
        match = re.fullmatch(r"(\d{4})年(\d{1,2})月", head)
        if match is None or not stub.startswith("汽车制造业增加值"):
            continue
        year, month = match.group(1), int(match.group(2))
        period = f"{year}-01/{month:02d}" if "累计" in stub else f"{year}-{month:02d}"
        assert exports.figures("industry36", "growth")[period] == figure


def test_forty_one_industries_under_four_header_rows(exports: Any, shared: Path) -> None:
    page = xlrd.open_workbook(str(shared / FOLDER / "工业增加值-行业-月度.xls")).sheet_by_index(0)
    figures = sum(
        page.cell_type(row, col) == xlrd.XL_CELL_NUMBER
        for row in range(4, page.nrows)
        for col in range(1, page.ncols)
    )
    rows = exports.observations.filter(pl.col("file").str.ends_with("工业增加值-行业-月度.xls"))
    read = rows.filter((pl.col("sheet") == "Sheet1") & ~pl.col("held"))
    assert exports.counts["工业增加值-行业-月度.xls", "Sheet1"]["kept"] == figures == 9112
    assert figures - read.height == 20  # the same figures stand in another file
    assert read["indicator"].n_unique() == 45  # 41 industries, three sectors, the whole
    assert set(read["facet"]) == {"growth"}
    assert set(read["org"]) == {"cn"}


def test_value_and_growth_of_one_indicator(exports: Any) -> None:
    """Deliveries for export: published −9.4 %, from the levels −16.2 %; neither replaces the
    other, and the difference is told."""
    assert exports.figures("car_exports")["2020-04"] == Decimal("272.1")
    assert exports.figures("car_exports")["2020-01/04"] == Decimal("1006.5")
    assert exports.measure("growth_published", "car_exports", "2020-01/04")[1] == "-9.4"
    assert exports.measure("growth", "car_exports", "2020-01/04")[1] == "-16.2"
    assert exports.measure("month_value", "car_exports", "2020-01/04")[0] == Decimal("267.8")
    told = {one["period"] for one in exports.found("published_vs_computed", "汽车制造业")}
    assert "2020-01/04" in told
    assert {one["severity"] for one in exports.found("published_vs_computed")} == {"soft"}
    (gap,) = [one for one in exports.found("month_vs_ytd", "汽车") if one["period"] == "2020-04"]
    assert (gap["cell"], gap["severity"]) == ("B4", "soft")


def test_price_indices_are_no_growth(exports: Any, shared: Path) -> None:
    figures = exports.figures("ppirm0")
    assert figures["2020-04"] == Decimal("96.2")
    assert len(figures) == 36
    assert exports.figures("ppirm0", "growth") == {}


def test_goods_stocks_and_a_quarter_among_months(exports: Any) -> None:
    """Four header rows: 当期 is the month's, 累计 from January, 期末 at the month's end."""
    assert exports.figures("export_delivery")["2020-04"] == Decimal("9790.3")
    assert exports.figures("crude_oil")["2020-04"] == Decimal("1587.47")
    assert "2020-02" not in exports.figures("crude_oil")
    assert all("/" in period for period in exports.figures("va2"))
    assert all("/" not in period for period in exports.figures("current_assets"))


# -- what is not kept ----------------------------------------------------------------------------


def test_every_cell_has_one_fate(exports: Any, shared: Path) -> None:
    for (file, sheet), counts in exports.counts.items():
        page = xlrd.open_workbook(str(shared / FOLDER / file)).sheet_by_name(sheet)
        filled = sum(
            page.cell_type(row, col) not in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)
            and page.cell_value(row, col) != ""
            for row in range(page.nrows)
            for col in range(page.ncols)
        )
        fates = ("label", "note", "marker", "kept", "held", "ignored")
        assert sum(counts[fate] for fate in fates) == counts["total"] == filled, (file, sheet)


@pytest.mark.parametrize(("file", "sheet"), CLEAN)
def test_clean_sheets_are_kept(exports: Any, file: str, sheet: str) -> None:
    """One has two rows that go on to the right of the last head: whose months those are nobody
    can tell."""
    counts = exports.counts[file, sheet]
    headless = 44 if (file, sheet) == ("工业增加值-月度.xls", "月度数据") else 0
    others = counts["held"] - headless + counts["ignored"]
    assert counts["kept"] >= 0.98 * (counts["kept"] + others)


def test_the_mixed_export_is_kept_but_for_indices_without_unit(exports: Any) -> None:
    counts = exports.counts["ExportData.xls", "Sheet1"]
    assert counts["kept"] == 297
    asked = exports.found("unknown_indicator", "ExportData", "Sheet1")
    assert {one["found"] for one in asked} == {
        "第二产业增加值实际增长指数(上年同期＝100)_当期",
        "工业增加值实际增长指数(上年同期＝100)_当期",
        "工业生产者购进价格指数(上年同期＝100)_当期",
        "工业生产者出厂价格指数(上年同期＝100)_当期",
    }
    assert counts["ignored"] == 24  # 环比 is not collected


@pytest.mark.parametrize(("file", "sheet"), WORKING)
def test_working_sheets_are_asked_about_and_give_nothing(
    exports: Any, file: str, sheet: str
) -> None:
    """Charts' tables with rows turned round and labels left as they were: nothing of them may
    reach a figure."""
    counts = exports.counts[file, sheet]
    assert counts["kept"] == 0
    assert counts["held"] > 0
    assert [one for one in exports.findings if one["file"].endswith(file) and one["sheet"] == sheet]


def test_nothing_contradicts(exports: Any) -> None:
    codes = Counter(one["code"] for one in exports.findings)
    for code in ("conflict", "cumulative_fell", "unreadable", "revised", "out_of_range"):
        assert codes[code] == 0, code
    assert codes["duplicate_unit"] == 1  # two exports overlap, with equal figures


# -- growth as published, growth from the levels --------------------------------------------------


@pytest.mark.parametrize(
    ("year", "published", "computed"),
    [(2017, "21.0", "9.3"), (2018, "10.3", "-11.8"), (2019, "-3.3", "-6.6")],
)
def test_profit_keeps_both_growths(copy: Any, year: int, published: str, computed: str) -> None:
    period = f"{year}-01/12"
    assert copy.measure("growth_published", "profit", period)[1] == published
    assert copy.measure("growth", "profit", period)[1] == computed
    value, base = (copy.figures("profit")[p] for p in (period, f"{year - 1}-01/12"))
    implied, _ = copy.measure("implied_base", "profit", period)
    growth = copy.figures("profit", "growth")[period]
    assert abs(implied * (1 + growth / 100) - value) < Decimal("1e-6")
    assert abs(implied - base) > 1000
    (told,) = [one for one in copy.found("implied_base") if (one["indicator"], one["period"]) ==
               ("profit", period)]  # fmt: skip
    assert told["severity"] == "soft"


def test_a_column_of_the_copy_has_slipped(copy: Any, shared: Path) -> None:
    """第二产业增加值_累计 stands beside the wrong months in the copy (2019-12: 81806.5, the first
    quarter's figure). The months of no quarter are held, a fall within the year is told."""
    with (shared / COPY).open(encoding="utf-8-sig", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["indicator"] == "第二产业增加值_累计"]
    off = [row for row in rows if int(row["month"][5:]) % 3]
    held = copy.found("wrong_period")
    assert len(held) == len(off) == 22
    assert {one["severity"] for one in held} == {"hard"}
    assert {one["indicator"] for one in copy.found("cumulative_fell")} == {"va2"}


# -- the same again ------------------------------------------------------------------------------


def test_the_same_input_gives_the_same_bytes(run_month: Callable[..., Any], exports: Any) -> None:
    files = [f"{FOLDER}/{name}" for name in reversed(FILES)]
    again = run_month("nbs_xls", "2020-04", DAY, *files, options=("--all-periods",))
    for name in ("observations.parquet", "measures.parquet", "findings.json", "run.json"):
        assert (again.folder / name).read_bytes() == (exports.folder / name).read_bytes()
