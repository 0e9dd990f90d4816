"""2022年 over or beside figures in a table of 1—5月: not taken for the whole of that year.

What was printed: under a title that gives the months (1—5月各镇总产值, 历年1—6月总产值,
2023年1—6月总产值, 2021—2023年1—6月总产值) each column or row headed by a bare year was filed as
January to December. Right: the figures are held, and the question says that it may be the year or
only these months.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from diaodu.engine.collect.reading import read_workbook
from diaodu.engine.collect.sheet import Cell, Mark, Sheet, Workbook
from diaodu.engine.flow import names_of

LATER = date(2024, 3, 20)


def _read(county, rows: list[list[object]], sheet: str = ""):
    cells = [
        Cell(row, col, value, str(value), Mark.TEXT if isinstance(value, str) else Mark.NONE)
        for row, values in enumerate(rows)
        for col, value in enumerate(values)
        if value is not None
    ]
    book = Workbook(f"{LATER}/a.xlsx", "a" * 64, LATER, [Sheet(sheet, cells)])
    [sheet] = read_workbook(book, names_of(county.rulebook), county.rulebook).sheets
    return {one.period for one in sheet.observations}, [one.message for one in sheet.findings]


@pytest.mark.parametrize(
    "title",
    ["1—5月各镇总产值（亿元）", "2023年1—5月各镇总产值（亿元）", "各镇历年上半年总产值（亿元）"],
)
def test_years_across(county, title):
    periods, messages = _read(
        county, [[title], ["单位", "2022年", "2023年"], ["城东镇", Decimal(9), Decimal(10)]]
    )
    assert periods == set()
    assert any("没有写明是2022年全年还是其中几个月" in one for one in messages)


@pytest.mark.parametrize(
    "title",
    ["城东镇历年1—6月情况（亿元）", "城东镇各年上半年情况（亿元）",
     "城东镇近三年前三季度情况（亿元）",
     "城东镇2023年1—6月情况（亿元）"],
)  # fmt: skip
def test_years_down(county, title):
    rows = [[title], ["年份", "总产值"], ["2022年", Decimal(9)], ["2023年", Decimal(10)]]
    periods, messages = _read(county, rows)
    assert periods == set()
    assert any("没有写明是2022年全年还是其中几个月" in one for one in messages)


def test_whole_years_are_read_where_no_months_are_named(county):
    rows = [["城东镇历年情况（亿元）"], ["年份", "总产值"], ["2022年", Decimal(9)]]
    assert _read(county, rows)[0] == {"2022-01/12"}
    rows = [
        ["城东镇2023年1—6月情况（亿元）"],
        ["指标", "2022年全年", "2023年1—6月"],
        ["总产值", Decimal(9), Decimal(5)],
    ]
    assert _read(county, rows)[0] == {"2022-01/12", "2023-01/06"}


SPANS = ["2021—2023年", "2021、2022、2023年", "2021年至2023年", "2021—2023年每年", "2023年", "历年"]
MONTHS = ["1—6月", "上半年", "5月", "一季度", "（1至6月）"]


@pytest.mark.parametrize("months", MONTHS)
@pytest.mark.parametrize("span", SPANS)
def test_years_in_a_table_of_months_whose_last_year_is_not_among_them(county, span, months):
    """2021—2023年1—6月 over 2021年 and 2022年 alone was read as two whole years."""
    title = f"{span}{months}总产值（亿元）"
    down = [[title], ["年份", "总产值"], ["2021年", Decimal(9)], ["2022年", Decimal(10)]]
    across = [[title], ["单位", "2021年", "2022年"], ["城东镇", Decimal(9), Decimal(10)]]
    for rows in (down, across):
        periods, messages = _read(county, [["城东镇"], *rows])
        assert periods == set()
        assert any("没有写明是2021年全年还是其中几个月" in one for one in messages)


def test_a_year_beside_the_years_of_a_span_and_their_months(county):
    rows = [
        ["2021—2023年1—6月总产值（亿元）"],
        ["单位", "2022年", "2023年1—6月"],
        ["城东镇", Decimal(9), Decimal(5)],
    ]
    periods, messages = _read(county, rows)
    assert periods == {"2023-01/06"}
    assert any("没有写明是2022年全年还是其中几个月" in one for one in messages)


def test_years_over_columns_of_their_own_under_months_that_no_year_is_known_of(county):
    rows = [
        ["城东镇2021—2023年每年1—6月情况（亿元）"],
        ["指标", "2021年", None, "2022年", None],
        [None, "完成", "增长%", "完成", "增长%"],
        ["总产值", Decimal(9), Decimal(1), Decimal(10), Decimal(2)],
    ]
    periods, messages = _read(county, rows)
    assert periods == set()
    assert any("没有写明是2021年几月的" in one for one in messages)


def test_a_sheet_of_a_year_in_a_table_of_months(county):
    rows = [["历年1—6月总产值（亿元）"], ["单位", "总产值"], ["城东镇", Decimal(9)]]
    periods, messages = _read(county, rows, sheet="2021年")
    assert periods == set()
    assert messages == ["“历年1—6月总产值（亿元）”没有写明是哪一年的"]


@pytest.mark.parametrize("line", ["填报日期：2023年7月5日", "2023年7月5日", "（1—12月）"])
def test_the_date_of_the_paper_and_all_twelve_months_leave_years_whole(county, line):
    rows = [
        ["2021—2022年总产值（亿元）"], [line], ["单位", "2021年", "2022年"],
        ["城东镇", Decimal(9), Decimal(10)],
    ]  # fmt: skip
    assert _read(county, rows)[0] == {"2021-01/12", "2022-01/12"}
