"""The annotated copy: remarks on the cells, all of them on the first sheet, nothing that runs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
import xlsxwriter
import xlwt
from openpyxl.comments import Comment

from diaodu.adapters.forms_excel import (
    CellNote,
    FilledForm,
    FormSheet,
    annotate,
    notes_of,
    read_form,
    write_form,
)

DAY = date(2023, 10, 8)
HARD = CellNote("hard", "71,200大于总数66,300", "请核对这两格", "表1", "B2", "民间投资")
SOFT = CellNote("soft", "比上期少320", "请写原因", "表1", "B3", "零售额")


@pytest.fixture
def table() -> Callable[..., bytes]:
    """An office's own workbook with one sheet 表1."""

    def make(change: Callable[[Any, Any], None] | None = None) -> bytes:
        book = openpyxl.Workbook()
        sheet: Any = book.active
        sheet.title = "表1"
        for row in (("指标", "1—9月"), ("民间投资", 71200), ("零售额", 11940)):
            sheet.append(row)
        if change is not None:
            change(book, sheet)
        stream = BytesIO()
        book.save(stream)
        return stream.getvalue()

    return make


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(content))


def lines(book: Any) -> list[str]:
    """The texts of the first column, above the remarks and their numbers."""
    return [cell.value for cell in book.worksheets[0]["A"] if cell.value]


def colours(sheet: Any) -> dict[str, str]:
    return {
        str(area.sqref): rule.dxf.fill.bgColor.rgb
        for area in sheet.conditional_formatting
        for rule in area.rules
    }


def test_remarks_stand_on_the_cells_and_on_the_first_sheet(table: Callable[..., bytes]) -> None:
    book = opened(annotate(table(), [SOFT, HARD]))
    assert book.sheetnames == ["审核意见", "表1"] and book.active is book.worksheets[0]
    opinion, sheet = book.worksheets
    assert [cell.value for cell in opinion[3]] == [
        "序号", "轻重", "位置", "指标", "什么问题", "怎么办",
    ]  # fmt: skip
    assert [[cell.value for cell in row] for row in opinion["A4:F5"]] == [
        ["1", "■ 必须改", "表1 B2", "民间投资", "71,200大于总数66,300", "请核对这两格"],
        ["2", "▲ 要说明", "表1 B3", "零售额", "比上期少320", "请写原因"],
    ]
    assert opinion["A2"].value == (
        "必须改1处，要说明1处。点“位置”可以跳到那一格；改好后保存，再上传一次。"
    )
    assert opinion["C4"].hyperlink.location == "'表1'!B2"
    assert sheet["B2"].comment.text == "必须改：71,200大于总数66,300。请核对这两格。"
    assert colours(sheet) == {"B2": "00FDE7E4", "B3": "00FCEFD6"}
    assert (sheet["B2"].value, sheet["B3"].value) == (71200, 11940)


def test_a_mended_copy_loses_last_times_marks(table: Callable[..., bytes]) -> None:
    book = opened(annotate(annotate(table(), [HARD, SOFT]), [SOFT]))
    assert book.sheetnames == ["审核意见", "表1"]
    assert book["表1"]["B2"].comment is None and list(colours(book["表1"])) == ["B3"]


def test_without_remarks_the_sheet_says_so(table: Callable[..., bytes]) -> None:
    assert lines(opened(annotate(table(), [])))[:2] == ["审核意见（系统生成）", "没有发现问题。"]


def test_an_office_comment_and_colour_condition_stay(table: Callable[..., bytes]) -> None:
    def change(_: Any, sheet: Any) -> None:
        sheet["B2"].comment = Comment("含补报", "王")
        rule = openpyxl.formatting.rule.FormulaRule(["B2>5"], stopIfTrue=True)
        sheet.conditional_formatting.add("B2:B9", rule)

    sheet = opened(annotate(table(change), [HARD]))["表1"]
    assert sheet["B2"].comment.text.endswith("。\n原批注：含补报")
    ours, theirs = sorted(
        (rule.priority, list(rule.formula))
        for area in sheet.conditional_formatting
        for rule in area.rules
    )
    assert ours[0] < theirs[0] and theirs[1] == ["B2>5"]


def test_several_remarks_of_one_cell_take_the_colour_of_the_worst(
    table: Callable[..., bytes],
) -> None:
    note = CellNote("note", "按文字存的", "请核对", "表1", "B2")
    sheet = opened(annotate(table(), [note, HARD]))["表1"]
    assert sheet["B2"].comment.text == (
        "告知：按文字存的。请核对。\n必须改：71,200大于总数66,300。请核对这两格。"
    )
    assert colours(sheet) == {"B2": "00FDE7E4"}


def test_merged_cells_protected_sheets_and_places_that_do_not_exist(
    table: Callable[..., bytes],
) -> None:
    def change(_: Any, sheet: Any) -> None:
        sheet.merge_cells("B2:C4")
        sheet.protection.password = "1"
        sheet.protection.enable()

    places: list[tuple[Any, ...]] = [
        ("hard", "表1", "C3"), ("hard", "没有", "A1"), ("soft", "表1", "第三格"), ("soft", "", ""),
    ]  # fmt: skip
    notes = [CellNote(severity, "错", "改", *place) for severity, *place in places]
    book = opened(annotate(table(change), notes))
    assert book["表1"]["B2"].comment.text == "必须改：错。改。"
    assert book["表1"].protection.sheet and book["表1"].protection.password
    opinion = book.worksheets[0]
    assert [opinion.cell(row, 3).value for row in range(4, 8)] == [
        "表1 C3", "没有 A1", "表1 第三格", "整个文件",
    ]  # fmt: skip
    assert opinion["C5"].hyperlink is None


def test_a_remark_that_begins_like_a_formula_stays_text(table: Callable[..., bytes]) -> None:
    note = CellNote("hard", "=cmd|'/C calc'!A0", "=1+1", "表1", "B2", "@SUM(A1)")
    content = annotate(table(), [note])
    opinion = opened(content).worksheets[0]
    for place in ("D4", "E4", "F4"):
        assert opinion[place].data_type == "s" and opinion[place].quotePrefix
    with ZipFile(BytesIO(content)) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")


def test_text_that_looks_like_a_formula_stays_text(table: Callable[..., bytes]) -> None:
    def change(_: Any, sheet: Any) -> None:
        sheet["C2"] = "=1+1"
        sheet["C2"].data_type = "s"

    assert opened(annotate(table(change), [HARD]))["表1"]["C2"].data_type == "s"


def test_formulas_that_reach_outside_become_values() -> None:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("表1")
        sheet.write_formula("A1", "=cmd|'/C calc'!A0", None, "#REF!")
        sheet.write_formula("A2", '=WEBSERVICE("http://a/")', None, "旧文")
        sheet.write_formula("A3", "=SUM(B1:B2)", None, 7)
        sheet.write_formula("A4", "='[别的.xlsx]表'!A1*2", None, 12.5)
        sheet.write_formula("A5", "=RTD(1,2)+[1]表!A1", None, 66.5)
    copy = opened(annotate(stream.getvalue(), []))
    sheet = copy["表1"]
    assert [(sheet[f"A{row}"].data_type, sheet[f"A{row}"].value) for row in (1, 2, 3, 5)] == [
        ("s", "#REF!"), ("s", "旧文"), ("f", "=SUM(B1:B2)"), ("n", 66.5),
    ]  # fmt: skip
    assert sheet["A4"].value == 12.5
    assert "有4处公式要连到文件以外，这里改成了它们的值。" in lines(copy)


def test_macros_go_and_lost_pictures_are_told(
    table: Callable[..., bytes], with_part: Callable[..., bytes]
) -> None:
    content = with_part(with_part(table(), "xl/vbaProject.bin", b"x"), "xl/media/image1.png", b"x")
    made = annotate(content, [HARD], name="上报.xlsm")
    assert lines(opened(made))[2:4] == [
        "原文件里有宏，这里去掉了。", "原文件里有图片、图表或控件，这里可能缺少，以原文件为准。",
    ]  # fmt: skip
    with ZipFile(BytesIO(made)) as package:
        assert not [name for name in package.namelist() if "vba" in name.lower()]


def test_an_old_workbook_becomes_a_new_one() -> None:
    old = xlwt.Workbook()
    sheet = old.add_sheet("表1")
    sheet.write_merge(0, 0, 0, 1, "=不是公式")
    sheet.write(1, 0, 0.083, xlwt.easyxf(num_format_str="0.0%"))
    sheet.write(1, 1, 71200.5, xlwt.easyxf(num_format_str="#,##0.00"))
    stream = BytesIO()
    old.save(stream)
    book = opened(annotate(stream.getvalue(), [HARD], name="上报.xls"))
    copy = book["表1"]
    assert lines(book)[2] == "原文件是 .xls 格式，这里转成了 .xlsx，只保留了数值和文字。"
    assert (copy["A1"].value, copy["A1"].data_type) == ("=不是公式", "s")
    assert (copy["A2"].value, copy["A2"].number_format) == (0.083, "0.0%")
    assert (copy["B2"].value, copy["B2"].number_format) == (71200.5, "#,##0.00")
    assert [str(one) for one in copy.merged_cells.ranges] == ["A1:B1"]
    assert copy["B2"].comment.text.startswith("必须改：71,200")


def test_a_csv_becomes_a_workbook() -> None:
    note = CellNote("hard", "不是数", "请填数", "", "B2")
    content = "指标,本期\n民间投资,=1+1\n".encode("gb18030")
    book = opened(annotate(content, [note], name="上报.csv"))
    assert book.sheetnames == ["审核意见", "报表"]
    assert (book["报表"]["B2"].value, book["报表"]["B2"].data_type) == ("=1+1", "s")
    assert book["报表"]["B2"].comment.text == "必须改：不是数。请填数。"


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"%PDF-1.7", bytes(5000), b"\xd0\xcf\x11\xe0"]
)
def test_a_file_that_cannot_be_read_gives_the_remarks_alone(content: bytes) -> None:
    book = opened(annotate(content, [HARD]))
    assert book.sheetnames == ["审核意见"]
    assert "这里只有审核意见。" in lines(book)[2] and book.worksheets[0]["E5"].value == HARD.what


def test_what_openpyxl_does_not_know_is_copied_by_value(
    table: Callable[..., bytes], with_part: Callable[..., bytes]
) -> None:
    styles = (
        b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<fills><fill><patternFill patternType="unheard"/></fill></fills></styleSheet>'
    )
    book = opened(annotate(with_part(table(), "xl/styles.xml", styles), [HARD]))
    assert lines(book)[2] == "原文件的格式有不认识的地方，这里只保留了数值和文字。"
    assert book["表1"]["B2"].value == 71200 and book["表1"]["B2"].comment is not None


def test_a_far_cell_costs_nothing(table: Callable[..., bytes]) -> None:
    def change(_: Any, sheet: Any) -> None:
        sheet["XFD1048576"] = 1

    assert opened(annotate(table(change), [HARD]))["表1"]["B2"].comment is not None


def test_our_form_annotated_is_still_our_form(form: FormSheet, edit: Callable[..., bytes]) -> None:
    filled = edit(write_form(form), {"F10": "abc", "F12": "7亿元"})
    first = read_form(filled, received=DAY, expect=form)
    assert isinstance(first, FilledForm)
    copy = annotate(filled, notes_of(first.faults))
    again = read_form(copy, received=DAY, expect=form)
    assert isinstance(again, FilledForm)
    assert (again.faults, again.cells) == (first.faults, first.cells)
    mended = read_form(
        edit(copy, change=lambda book, _: book.worksheets[1].__setitem__("F10", 66300)),
        received=DAY, expect=form,
    )  # fmt: skip
    assert isinstance(mended, FilledForm) and not mended.must_mend
    assert opened(copy).worksheets[1]["F10"].comment.text == (
        "必须改：“abc”不是数。这一格只能填数，或者持平、无。"
        "请填数；本期确无数据的，空着并在最后一栏选原因。"
    )
