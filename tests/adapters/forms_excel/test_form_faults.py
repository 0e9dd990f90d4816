"""Each thing that can be wrong with a filled form, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from diaodu.adapters.forms_excel import (
    FilledForm,
    FormFault,
    FormInput,
    FormSheet,
    read_form,
    write_form,
)

Read = Callable[..., FilledForm]
Only = Callable[[FilledForm], FormFault]
Edit = Callable[..., bytes]

SHEET = "“乡镇经济运行月报表”表"


# -- cells -----------------------------------------------------------------------------------------

CELLS: list[tuple[str, Any, str, str, Any]] = [
    ("F10", "abc", "hard", "F10（固定资产投资）：“abc”不是数。这一格只能填数，或者持平、无。"
     "请填数；本期确无数据的，空着并在最后一栏选原因。", None),
    ("F10", date(2023, 9, 10), "hard",
     "F10（固定资产投资）：填的内容变成了日期“2023-09-10”。表格软件把像“9-10”这样的写法当成日期。"
     "请把单元格格式改为“数值”后重新填数。", None),
    ("F10", "驳回", "hard", "F10（固定资产投资）：这里不能填“驳回”。这一格只能填数，或者持平、无。"
     "请填数；本期确无数据的，空着并在最后一栏选原因。", None),
    ("F10", "#REF!", "hard", "F10（固定资产投资）：公式出错，显示为“#REF!”。没有数可收。"
     "请改正公式，或者直接填数。", None),
    ("F10", "=D10+1", "hard", "F10（固定资产投资）：公式没有存下计算结果。没有数可收。"
     "请用 Excel 或 WPS 打开，重新计算并保存后再上传；也可以直接填数。", None),
    ("F10", "12吨", "hard", "F10（固定资产投资）：“12吨”里的单位“吨”不能换算成“万元”。"
     "这个数没有收。请按万元填数，格子里不写单位。", None),
    ("F10", 10**14, "hard", "F10（固定资产投资）：“100,000,000,000,000”大得不可能。"
     "达到一百万亿万元的数不收。请核对数和计量单位。", None),
    ("F10", "<b onclick=x>5</b>", "hard",
     "F10（固定资产投资）：“<b onclick=x>5</b>”像是公式或网页代码，不是数。"
     "已当作普通文字，不会执行，也没有收。请填数；如果不是您写的，请检查这台电脑和这个文件的来历。",
     None),
    ("F10", "7.12亿元", "note", "F10（固定资产投资）：写的是“7.12亿元”。已换算成71200万元收下。"
     "请核对；以后格子里不写单位。", Decimal(71200)),
    ("F10", "１２３４", "note", "F10（固定资产投资）：“１２３４”是按文字存的。"
     "已按1234收下。请核对。", Decimal(1234)),
    ("F10", "1,234", "note", "F10（固定资产投资）：“1,234”是按文字存的。已按1234收下。请核对。",
     Decimal(1234)),
    ("F10", 66300.5, "soft", "F10（固定资产投资）：存的是66300.5，比要求的0位小数多。"
     "已按原数收下，没有四舍五入；格子里显示为“66,301”。请核对，按要求的小数位数填。",
     Decimal("66300.5")),
    ("F15", 0.985, "soft", "F15（投诉办结率）：存的是0.985，比要求的1位小数多。"
     "已按原数收下，没有四舍五入；格子里显示为“1.0”。"
     "请核对，按要求的小数位数填；要报98.5%的，请填98.5。", Decimal("0.985")),
    ("D10", 97501, "note", "D10（固定资产投资）：去年同期数被改成了“97,501”，下载时是“97500”。"
     "这一格不是填报内容，改动没有收。以前的数有错的，请在网上另提更正并写明原因。", None),
    ("J11", "尚未核定", "hard", "J11（工业投资）：已经填了数，又选了无数据的原因“尚未核定”。"
     "两样只能有一样；数已收下，原因没有收。有数的请清空原因；没有数的请清空数字。", None),
    ("J10", "忘了", "hard", "J10（固定资产投资）：原因“忘了”不在可选的范围里。这个原因没有收。"
     "请从列表中选：本期没有发生、尚未核定、其他（写在说明栏）；另有情况写在“说明”栏。", None),
    ("M11", "草稿", "note", "M11：表格以外还写了1处内容，第一处是“草稿”。这些内容没有读。"
     "要报的数请填到表里，要说的话请写在“说明”栏。", None),
]  # fmt: skip


@pytest.mark.parametrize(("place", "value", "severity", "said", "taken"), CELLS)
def test_a_cell_at_fault(
    form: FormSheet, edit: Edit, read: Read, only: Only, place: str, value: Any, severity: str,
    said: str, taken: Decimal | None,
) -> None:  # fmt: skip
    found = read(edit(write_form(form), {place: value}), form)
    fault = only(found)
    assert fault.message == f"{SHEET} {said}"
    assert fault.severity == severity
    values = {one.cell: one.value for one in found.cells}
    assert values.get(place) == taken
    assert values["F13"] == 21  # the good ones are kept


@pytest.mark.parametrize("text", ["=cmd|'/C calc'!A0", "<script>alert(1)</script>", "@SUM(1|2)"])
def test_script_in_the_note_stays_text_and_is_told(
    form: FormSheet, typed: Edit, read: Read, only: Only, text: str
) -> None:
    found = read(typed(write_form(form), {"I10": text}), form)
    assert only(found).message == (
        f"{SHEET} I10（固定资产投资）：“{text}”像是公式或网页代码。已当作普通文字收下，不会执行。"
        "如果不是您写的，请检查这台电脑和这个文件的来历。"
    )
    assert [one.text for one in found.notes] == [text]


@pytest.mark.parametrize(
    "text", ["- 某超市停业", "比去年低（因停产）", '他说"好"，甲\'乙', "+0.5万元"]
)
def test_a_plain_note_is_not_suspected(form: FormSheet, typed: Edit, read: Read, text: str) -> None:
    found = read(typed(write_form(form), {"I10": text}), form)
    assert found.faults == () and [one.text for one in found.notes] == [text]


def test_words_are_taken_as_words(form: FormSheet, edit: Edit, read: Read) -> None:
    found = read(edit(write_form(form), {"F10": "持平", "F12": "无", "F14": "—"}), form)
    assert found.faults == ()
    assert [one.word for one in found.cells] == ["flat", None, "nil", None, "missing", None]


def test_a_percent_is_read_as_shown(form: FormSheet, edit: Edit, read: Read, only: Only) -> None:
    def as_percent(_: Any, sheet: Any) -> None:
        for place in ("F15", "F10"):
            sheet[place].number_format = "0.0%"

    found = read(edit(write_form(form), {"F15": 0.985, "F10": 0.5}, as_percent), form)
    assert {one.cell: one.value for one in found.cells}["F15"] == Decimal("98.5")
    assert only(found).code == "foreign_unit" and only(found).cell == "F10"


def test_a_number_shown_smaller_is_asked_about(form: FormSheet, edit: Edit, read: Read) -> None:
    def scale(_: Any, sheet: Any) -> None:
        sheet["F10"].number_format = "0.0,"

    found = read(edit(write_form(form), {"F10": 66300}, scale), form)
    said = next(one for one in found.faults if one.code == "shown_smaller")
    assert said.message == (
        f"{SHEET} F10（固定资产投资）：存的是66300，按单元格格式缩小后显示为“66.3”。"
        "不能确定要报的是哪一个，没有收。请把单元格格式改为“数值”，再按万元填数。"
    )
    assert "F10" not in {one.cell for one in found.cells}


def test_a_figure_in_a_hidden_row_is_kept_and_told(
    form: FormSheet, edit: Edit, read: Read, only: Only
) -> None:
    def hide(_: Any, sheet: Any) -> None:
        sheet.row_dimensions[11].hidden = True

    found = read(edit(write_form(form), change=hide), form)
    assert only(found).message == (
        f"{SHEET} F11（工业投资）：这一格被隐藏，看不见，里面的数是“25,410”。已照收。"
        "请取消隐藏，核对这一格的数。"
    )
    assert found.cells[1].value == 25410


def test_a_closed_cell_that_was_filled(
    two_facets: FormSheet, edit: Edit, read: Read, only: Only
) -> None:
    found = read(edit(write_form(two_facets), {"L11": 5}), two_facets)
    assert only(found).message.endswith(
        "L11（南坪镇，企业数）：这一格不用填，却写了“5”。这一行不报这一项，没有收。"
        "请把这一格改回“不填”。"
    )


def test_all_faults_come_at_once(form: FormSheet, edit: Edit, read: Read) -> None:
    cells = {"F10": "abc", "F12": "7亿元", "F14": 1.234, "C13": "万元", "J10": "忘了", "E10": 1}
    found = read(edit(write_form(form), cells), form)
    assert sorted((one.cell, one.code) for one in found.faults) == [
        ("C13", "unit_changed"), ("E10", "known_changed"), ("F10", "not_a_number"),
        ("F12", "unit_converted"), ("F14", "many_decimals"), ("J10", "unknown_reason"),
    ]  # fmt: skip
    assert found.must_mend and found.is_usable


def test_ten_thousand_rows_tell_all_their_faults(
    make_form: Callable[..., FormSheet], read: Read
) -> None:
    base = make_form().rows[0]
    rows = tuple(
        replace(base, indicator=f"i{n}", inputs={"level": FormInput(0, current=f"第{n}个")})
        for n in range(10_000)
    )
    found = read(write_form(make_form(rows=rows)))
    assert len(found.faults) == 10_000 and {one.code for one in found.faults} == {"not_a_number"}


# -- rows and columns ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("B12", "民营投资", "B12（民间投资）：名称“其中：民间投资”被改成了“民营投资”。"
         "不能确定这一行的数是哪个指标的，所以没有收。"
         "请改回“其中：民间投资”；要报别的指标，请与下发表的单位联系。"),
        ("C12", "亿元", "C12（民间投资）：计量单位“万元”被改成了“亿元”。"
         "不能确定数是按哪个单位填的，所以这一行没有收。请改回“万元”，并按万元填数。"),
        ("K12", "x|y", "B12（民间投资）：这一行末尾的隐藏标识被改过。"
         "不能确定这一行的数是哪个指标的，所以没有收。请重新下载预填表，把这一行的数抄过去。"),
        ("K12", "industry|zhen1", "B12（工业投资）：这一行在表里出现了不止一次。"
         "不能确定收哪一行，所以都没有收。请只留一行，删去其余的。"),
    ],
)  # fmt: skip
def test_a_row_whose_words_or_key_were_changed(
    form: FormSheet, edit: Edit, read: Read, place: str, value: str, said: str
) -> None:
    found = read(edit(write_form(form), {place: value, "F12": 71200}), form)
    assert f"{SHEET} {said}" in [one.message for one in found.faults]
    assert "F12" not in {one.cell for one in found.cells}


def test_faults_of_an_untaken_row_are_told_too(form: FormSheet, edit: Edit, read: Read) -> None:
    found = read(edit(write_form(form), {"C12": "亿元", "F12": "abc"}), form)
    assert [one.code for one in found.faults] == ["unit_changed", "not_a_number"]


def test_a_row_deleted(form: FormSheet, edit: Edit, read: Read, only: Only) -> None:
    found = read(edit(write_form(form), change=lambda _, sheet: sheet.delete_rows(15)), form)
    assert only(found).message == (
        f"{SHEET}（投诉办结率）：这一行不见了。这一行的数没有收。"
        "请重新下载预填表填报；没有数的行也请留着。"
    )
    assert len(found.cells) == 5


def test_a_row_added(form: FormSheet, edit: Edit, read: Read, only: Only) -> None:
    found = read(edit(write_form(form), {"B17": "餐饮收入", "F17": 5}), form)
    assert only(found).message == (
        f"{SHEET} B17：第17行是自己加的。系统不知道这一行报的是什么，没有收。"
        "请删去这一行；确需增报的，请与下发表的单位联系。"
    )


def test_rows_moved_together_with_their_keys_are_read_right(
    form: FormSheet, edit: Edit, read: Read, only: Only
) -> None:
    def swap(_: Any, sheet: Any) -> None:
        for letter in "BCDEFGHIJK":
            first, second = sheet[f"{letter}11"], sheet[f"{letter}13"]
            first.value, second.value = second.value, first.value

    found = read(edit(write_form(form), change=swap), form)
    assert {one.key.indicator: (one.value, one.cell) for one in found.cells if one.value} == {
        "industry": (25410, "F13"), "projects": (21, "F11"),
    }  # fmt: skip
    assert only(found).message == (
        f"{SHEET} B13：有2行换了位置。已按行尾的隐藏标识逐行对上，数照收。"
        "请核对这些行的数没有错位。"
    )


def test_rows_sorted_without_their_keys_are_not_taken(
    form: FormSheet, edit: Edit, read: Read
) -> None:
    def sort(_: Any, sheet: Any) -> None:
        for letter in "BCDEF":
            first, second = sheet[f"{letter}11"], sheet[f"{letter}13"]
            first.value, second.value = second.value, first.value

    found = read(edit(write_form(form), change=sort), form)
    assert {one.key.indicator for one in found.cells}.isdisjoint({"industry", "projects"})
    assert [one.code for one in found.faults] == [
        "name_changed", "unit_changed", "name_changed", "unit_changed",
    ]  # fmt: skip


def test_an_added_column_shifts_nothing(form: FormSheet, edit: Edit, read: Read) -> None:
    def shift(_: Any, sheet: Any) -> None:
        sheet.move_range("F7:K15", cols=1)

    found = read(edit(write_form(form), change=shift), form)
    assert [one.value for one in found.cells] == [None, 25410, None, 21, None, None]
    assert found.cells[0].cell == "G10"


def test_a_lost_column(form: FormSheet, edit: Edit, read: Read) -> None:
    def delete(_: Any, sheet: Any) -> None:
        sheet["F7"].value = None

    found = read(edit(write_form(form), change=delete), form)
    assert found.faults[0].message == (
        f"{SHEET}：“本期累计”这一栏不见了，或者多出了一栏。这一栏的数没有收。"
        "请从本页下载预填表，把数填进去再上传。"
    )
    assert found.cells == ()


# -- whose form ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"form_id": "park", "title": "园区月报表"},
         "这个文件是《园区月报表》，本页要报的是《乡镇经济运行月报表》。文件里的数没有收。"
         "请上传《乡镇经济运行月报表》；《园区月报表》请到它自己的页面上传。"),
        ({"reporter": "zhen2", "reporter_name": "北山镇"},
         "这个文件是给北山镇填的，本页的填报单位是南坪镇人民政府。文件里的数没有收。"
         "请换成南坪镇人民政府的文件；没有的，请从本页下载预填表。"),
        ({"period": "2023-01..2023-08", "period_label": "2023年1—8月"},
         "这个文件是2023年1—8月的，本页要报的是2023年1—9月。文件里的数没有收。"
         "请换成2023年1—9月的文件；没有的，请从本页下载预填表。"),
    ],
)  # fmt: skip
def test_a_form_that_belongs_elsewhere(
    make_form: Callable[..., FormSheet], read: Read, only: Only, changes: dict[str, str], said: str
) -> None:
    found = read(write_form(make_form(**changes)), make_form())
    assert only(found).message == said and only(found).severity == "hard"
    assert (found.cells, found.notes, found.is_usable) == ((), (), False)


def test_everything_that_is_elsewhere_is_told_together(
    make_form: Callable[..., FormSheet], read: Read
) -> None:
    other = make_form(form_id="park", reporter="zhen2", period="2022-09")
    found = read(write_form(other), make_form())
    assert [one.code for one in found.faults] == ["wrong_form", "wrong_reporter", "wrong_period"]


def test_a_form_downloaded_before_the_rules_changed(
    form: FormSheet, read: Read, only: Only
) -> None:
    rows = (replace(form.rows[1], unit="亿元"), *form.rows[2:])
    found = read(write_form(form), replace(form, version="4", rows=rows))
    assert only(found).message == (
        "这个文件是以前下载的，现在要填的内容已经变了。名称、单位都没变的1格已经收下，其余1格没有收。"
        "请重新下载预填表，把数抄过去再上传。"
    )
    assert {one.key.indicator: one.value for one in found.cells if one.value} == {"projects": 21}


def test_a_form_of_another_return(form: FormSheet, read: Read, only: Only) -> None:
    found = read(write_form(form), replace(form, return_id="18"))
    assert only(found).message == (
        "这个文件是为另一次报送下载的。名称、单位都没变的2格已经收下，其余0格没有收。"
        "请核对收下的数；不放心的，请重新下载预填表填报。"
    )


def test_revised_figures_on_file_make_no_form_stale(form: FormSheet, read: Read) -> None:
    revised = replace(form.rows[0], inputs={"level": FormInput(0, Decimal(1), Decimal(2))})
    assert read(write_form(form), replace(form, rows=(revised, *form.rows[1:]))).faults == ()


def test_one_changed_hidden_character_is_noticed(
    form: FormSheet, edit: Edit, read: Read, only: Only
) -> None:
    def change(book: Any, _: Any) -> None:
        cell = book.worksheets[1]["A5"]
        cell.value = cell.value.replace("investment", "investmenu")

    found = read(edit(write_form(form), change=change), form)
    assert only(found).message == (
        f"{SHEET}：表里用来识别的隐藏内容被改过。不能确定每个数是哪个指标的，所以都没有收。"
        "请从本页下载预填表，把数填进去再上传。"
    )
    assert not found.is_usable


def test_keys_of_another_copy_do_not_serve(form: FormSheet, edit: Edit, read: Read) -> None:
    other = openpyxl.load_workbook(BytesIO(write_form(replace(form, period="2023-01..2023-08"))))

    def swap(book: Any, _: Any) -> None:
        for row in range(1, 12):
            book.worksheets[1].cell(row, 1).value = other.worksheets[1].cell(row, 1).value

    found = read(edit(write_form(form), change=swap), form)
    assert [one.code for one in found.faults] == ["keys_changed"]


def test_a_sheet_copied_into_another_workbook(form: FormSheet, edit: Edit, read: Read) -> None:
    found = read(edit(write_form(form), change=lambda book, _: book.remove(book.worksheets[1])))
    assert found.faults[0].message == (
        f"{SHEET}：这张表是从预填表里复制出来的，少了用来识别的隐藏工作表。"
        "不能确定每个数是哪个指标的，所以都没有收。"
        "请从本页下载预填表，把数填进去再上传；不要复制工作表。"
    )


def test_a_sheet_copied_within_the_form(form: FormSheet, edit: Edit, read: Read) -> None:
    found = read(edit(write_form(form), change=lambda book, sheet: book.copy_worksheet(sheet)))
    assert found.faults[0].what == (
        "有2张工作表都是这份预填表：“乡镇经济运行月报表”、“乡镇经济运行月报表 Copy”"
    )
    assert not found.is_usable


def test_the_table_deleted(form: FormSheet, edit: Edit, read: Read) -> None:
    def replace_sheet(book: Any, sheet: Any) -> None:
        book.remove(sheet)
        book.create_sheet("新表", 0)["A1"] = 1

    found = read(edit(write_form(form), change=replace_sheet))
    assert [one.code for one in found.faults] == ["table_lost"]


def test_a_sheet_renamed_and_one_added(form: FormSheet, edit: Edit, read: Read, only: Only) -> None:
    def change(book: Any, sheet: Any) -> None:
        sheet.title = "九月"
        book.create_sheet("底稿")["A1"] = 5

    found = read(edit(write_form(form), change=change), form)
    assert only(found).message == (
        "“底稿”表：工作表“底稿”不是预填表里的。里面的内容没有读。要报的数请填到预填表里。"
    )
    assert found.cells[1].sheet == "九月"


def test_without_an_expectation_the_form_says_who_it_is(form: FormSheet, read: Read) -> None:
    assert read(write_form(form)).identity == form.identity


def test_the_day_of_receipt_is_of_no_matter(form: FormSheet) -> None:
    content = write_form(form)
    assert read_form(content, received=date(2020, 1, 1)) == read_form(
        content, received=date(2023, 1, 1)
    )
