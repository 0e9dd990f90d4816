"""A sheet with numbers of which none was taken for a figure says so."""

from __future__ import annotations

import pytest
from sheets_for_tests import book, rulebook, sheet

from diaodu.engine.collect import build_names, read_workbook

RULES = rulebook()
NAMES = build_names(RULES)


def read(rows: list[list[object]]):  # type: ignore[no-untyped-def]
    (one,) = read_workbook(book(sheet(rows)), NAMES, RULES).sheets
    return one


@pytest.mark.parametrize(
    ("rows", "count", "place", "found"),
    [
        # Numbers that look like years, under no heading.
        ([["2023年固定资产投资（亿元）"], ["甲镇", 2010], ["乙镇", 2015]], 2, "B2", "2010"),
        # A row of an unknown name, taken for a header.
        ([["某镇", 2010, 2015]], 2, "B1", "2010"),
        # Beside nothing but names, under remarks.
        ([["乡镇", "备注"], ["甲镇", 5], ["乙镇", "△6"]], 2, "B2", "5"),
    ],
)
def test_numbers_that_are_all_passed_by_are_told(
    rows: list[list[object]], count: int, place: str, found: str
) -> None:
    one = read(rows)
    assert {fate for fate, cells in one.counts.items() if cells} <= {"label", "note"}
    (told,) = one.findings
    assert (told.code, told.severity, told.cell) == ("unknown_layout", "soft", place)
    assert told.message == (
        f"这张表有{count}个像数的格（如{place}的“{found}”），都当成了年份、代码、表头或说明，"
        "没有读出一个数"
    )
    assert told.action == (
        "没有要报的数，不用管；有的，请给每一列写上表头（单位、指标、统计期），重新报送"
    )


@pytest.mark.parametrize(
    "rows",
    [
        [["序号", "姓名"], [1, "张三"], [2, "李四"]],
        [["年份", "说明"], [2019, "试行"], [2020, "推开"]],
        [["填表说明"], ["请于2023年6月12日前报送"]],
        # An empty form whose columns are numbered.
        [["乡镇", "固定资产投资", "增速"], ["甲", 1, 2], ["甲镇"], ["乙镇"]],
        [["2023年1—5月"], ["乡镇", "固定资产投资（亿元）", "备注"], ["甲镇", 5, 2010]],
    ],
)
def test_numbers_that_a_heading_explains_and_sheets_with_a_figure_are_not(
    rows: list[list[object]],
) -> None:
    assert read(rows).findings == ()
