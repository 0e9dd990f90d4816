"""The workbooks, read back by openpyxl."""

from __future__ import annotations

import zipfile
from pathlib import Path
from types import ModuleType

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from diaodu.adapters.excel_out import write_findings, write_tables
from diaodu.engine.report.workbook import tables


@pytest.fixture(scope="module")
def path(case: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("excel") / "tables.xlsx"
    write_tables(tables(case.material()), path, case.AS_OF)
    return path


@pytest.fixture(scope="module")
def book(path: Path) -> Workbook:
    return openpyxl.load_workbook(path)


def test_sheets(book: Workbook) -> None:
    assert book.sheetnames == [
        "一览表", "位次·社会消费品零售总额", "位次·一般公共预算收入", "目标与欠账", "数据", "图",
        "审核意见",
    ]  # fmt: skip


def test_figures_are_numbers_as_shown_with_their_decimals(book: Workbook) -> None:
    sheet = book["一览表"]
    heads = [cell.value for cell in sheet[3]]
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=4)}
    level = rows["社会消费品零售总额"][heads.index("本期")]
    growth = rows["一般公共预算收入"][heads.index("同比%")]
    assert (level.value, level.number_format) == (44.4, "#,##0.00")
    assert (growth.value, growth.number_format) == (-5.3, "#,##0.0")
    assert rows["社会消费品零售总额"][heads.index("单位")].value == "亿元"
    assert rows["规上工业利润总额"][heads.index("同比%")].value == "由负转正"


def test_merged_rows_are_repeated_so_that_a_filter_finds_them(book: Workbook) -> None:
    names = [row[0].value for row in book["一览表"].iter_rows(min_row=4)]
    assert names.count("社会消费品零售总额") == 2
    assert None not in names


@pytest.mark.parametrize(
    ("sheet", "frozen", "repeated"),
    [("一览表", "B4", "$3:$3"), ("数据", "C3", "$2:$2"), ("审核意见", "C2", "$1:$1")],
)
def test_panes_and_print(book: Workbook, sheet: str, frozen: str, repeated: str) -> None:
    found = book[sheet]
    assert found.freeze_panes == frozen
    assert found.print_title_rows == repeated
    assert found.page_setup.orientation == ("portrait" if sheet == "数据" else "landscape")
    assert found.sheet_properties.pageSetUpPr.fitToPage is True


def test_one_native_chart_per_headline_with_figures(path: Path, case: ModuleType) -> None:
    with_points = [s for s in tables(case.material()).series if s.points]
    with zipfile.ZipFile(path) as package:
        charts = [n for n in package.namelist() if n.startswith("xl/charts/chart")]
        first, second = (package.read(n).decode() for n in sorted(charts))
    assert len(charts) == len(with_points) == 2
    assert "<c:barChart>" not in first  # 规上工业增加值 has no level
    assert "<c:lineChart>" in first
    assert "<c:barChart>" in second
    assert "<c:lineChart>" in second


INJECTIONS = ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://a")', "http://a.example"]


def test_texts_stay_texts(case: ModuleType, tmp_path: Path) -> None:
    rows = tables(case.material()).findings
    odd = [rows[0]._replace(message=words, file=words, expected="12") for words in INJECTIONS]
    path = tmp_path / "findings.xlsx"
    write_findings(odd, path, case.AS_OF)
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    for row, words in zip(sheet.iter_rows(min_row=2), INJECTIONS, strict=True):
        assert (row[8].value, row[8].data_type) == (words, "s")
        assert (row[2].value, row[2].data_type, row[2].hyperlink) == (words, "s", None)
        assert (row[10].value, row[10].data_type) == ("12", "s")
        # Excel reads a text anew when its cell is edited, unless it carries the quote prefix
        assert row[8].quotePrefix is row[2].quotePrefix is (words != "http://a.example")
        assert row[10].quotePrefix is False


def test_findings_for_people_can_be_filtered(case: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "findings.xlsx"
    write_findings(tables(case.material()).findings, path, case.AS_OF)
    sheet = openpyxl.load_workbook(path)["审核意见"]
    assert sheet.auto_filter.ref == "A1:L3"
    assert [cell.value for cell in sheet[1]] == [
        "级别", "问题", "文件", "表", "单元格", "单位", "指标", "统计期", "说明", "怎么办", "应为",
        "实为",
    ]  # fmt: skip
    assert sheet["A2"].value == "暂扣"
    assert sheet.print_area == "'审核意见'!$A$1:$J$3"


def test_a_finding_is_as_high_as_its_longest_text(case: ModuleType, tmp_path: Path) -> None:
    """45 half-width characters fit into a line of the message's column."""
    row = tables(case.material()).findings[0]
    rows = [row._replace(file="", message="字" * n) for n in (22, 23, 45, 90, 2000)]
    path = tmp_path / "findings.xlsx"
    write_findings(rows, path, case.AS_OF)
    sheet = openpyxl.load_workbook(path)["审核意见"]
    assert [sheet.row_dimensions[n].height for n in range(2, 7)] == [18, 33, 33, 63, 408.75]


def test_an_arrears_says_by_its_format_whether_it_is_owed(book: Workbook) -> None:
    sheet = book["一览表"]
    column = [cell.value for cell in sheet[3]].index("增速欠账")
    cells = [row[column] for row in sheet.iter_rows(min_row=4)]
    numbers = [(c.value, c.number_format) for c in cells if c.data_type == "n" and c.value]
    words = '"欠"#,##0.0;"超"#,##0.0;"持平"'
    assert numbers == [(11.6, words), (-9.6, words)]
    assert [c.value for c in cells].count("只定总量") == 3


def test_titles_are_not_cut_by_a_merged_cell(book: Workbook) -> None:
    ranking = book["位次·社会消费品零售总额"]
    assert [str(merged) for merged in ranking.merged_cells.ranges] == ["A7:E7"]  # the remark
    assert ranking["A2"].value == "示例县2023年1—5月　本通报数字均为虚构，仅作演示。"
    assert ranking["A1"].value == "全市1—5月社会消费品零售总额增速位次表"
    assert ranking.cell(ranking.max_row, 1).value == "3个县区参与排名。未参与排名：丙区未发布。"


def test_the_series_stand_one_below_the_other(book: Workbook) -> None:
    rows = [[cell.value for cell in row] for row in book["数据"].iter_rows()]
    assert rows[0][0] == "示例县2023年1—5月　本通报数字均为虚构，仅作演示。"
    assert rows[1][:5] == ["指标", "统计期", "总量", "计量单位", "同比%"]
    assert rows[2] == ["规上工业增加值", "2023年1—2月", None, "—", -5.2, "2023年", "2"]
    assert rows[6] == ["社会消费品零售总额", "2023年1—2月", 17.1, "亿元", 17.9, "2023年", "2"]
    assert rows[7][5:] == [None, "3"]
    assert len(rows) == 10


def test_printed_pages_of_history_and_charts_say_what_they_are_of(book: Workbook) -> None:
    said = "示例县2023年1—5月　本通报数字均为虚构，仅作演示。"
    assert [book[name].oddHeader.left.text for name in ("数据", "图")] == [said, said]


def test_no_findings_still_make_a_workbook(case: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "findings.xlsx"
    write_findings([], path, case.AS_OF)
    assert openpyxl.load_workbook(path)["审核意见"].max_row == 1


def test_two_rankings_of_one_indicator_get_sheets_of_their_own(
    case: ModuleType, tmp_path: Path
) -> None:
    made = tables(case.material())
    name, table, remark = made.rankings[0]
    long = "规上工业：[高技术]制造业增加值/占规上工业增加值的比重及其变动情况"
    twice = type(made)(
        made.title, made.note, made.comparison,
        tuple((each, table, remark) for each in (name, name, long)),
        made.targets, made.series, made.findings,
    )  # fmt: skip
    path = tmp_path / "tables.xlsx"
    write_tables(twice, path, case.AS_OF)
    names = openpyxl.load_workbook(path).sheetnames
    assert names[1:3] == [name, f"{name}（2）"]
    assert len(names[3]) <= 31


def test_same_tables_same_bytes(path: Path, case: ModuleType, tmp_path: Path) -> None:
    again = tmp_path / "again.xlsx"
    write_tables(tables(case.material()), again, case.AS_OF)
    assert again.read_bytes() == path.read_bytes()
