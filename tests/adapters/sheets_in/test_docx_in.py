"""Word documents: tables, merged cells, the lines above them, and what must not be read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import pytest
from docx.oxml.ns import nsdecls

from diaodu.engine.collect.sheet import Mark, Merge, Sheet, Workbook, cell_name

Read = Callable[..., Workbook]
FILE = "2023-06-12/报表.docx"


def saved(document: docx.document.Document) -> bytes:
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def table(document: docx.document.Document, rows: Sequence[Sequence[str]]) -> docx.table.Table:
    made = document.add_table(len(rows), len(rows[0]))
    for row, texts in enumerate(rows):
        for col, text in enumerate(texts):
            made.cell(row, col).text = text
    return made


def texts(sheet: Sheet) -> dict[str, str]:
    return {cell_name(cell.row, cell.col): cell.text for cell in sheet.cells}


def with_body(body: str) -> bytes:
    """A document whose body is written tag by tag."""
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as package:
        package.writestr(
            "word/document.xml",
            f'<?xml version="1.0"?><w:document {nsdecls("w")}><w:body>{body}</w:body></w:document>',
        )
    return stream.getvalue()


def cell(text: str, properties: str = "", run: str = "") -> str:
    return (
        f"<w:tc><w:tcPr>{properties}</w:tcPr>"
        f"<w:p><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p></w:tc>"
    )


def one_table(*rows: str) -> bytes:
    return with_body("<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>")


def test_tables_become_sheets_with_the_lines_above_them(read: Read) -> None:
    document = docx.Document()
    document.add_paragraph("关于5月份经济运行情况的通报。全县主要指标如下：各乡镇要抓紧。")
    document.add_paragraph("2023年1—5月各乡镇固定资产投资")
    document.add_paragraph("单位：万元")
    table(document, [["乡镇", "累计"], ["甲镇", "1,734"]])
    document.add_paragraph("以上数据为快报数")
    document.add_paragraph("")
    document.add_paragraph("2023年1—4月各乡镇社零")
    table(document, [["乡镇", "累计"], ["甲镇", "7.5"]])
    first, second = read(saved(document), FILE).sheets
    assert (first.name, second.name) == ("表1", "表2")
    assert first.above == ("2023年1—5月各乡镇固定资产投资", "单位：万元")
    assert second.above == ("2023年1—4月各乡镇社零",)
    assert texts(first) == {"A1": "乡镇", "B1": "累计", "A2": "甲镇", "B2": "1,734"}
    assert {int(one.mark) for one in first.cells} == {int(Mark.TEXT)}


def test_merged_cells_keep_their_place_and_size(read: Read) -> None:
    document = docx.Document()
    made = table(document, [["乡镇", "投资", ""], ["", "累计", "同比"], ["甲镇", "1", "2"]])
    made.cell(0, 1).merge(made.cell(0, 2))
    made.cell(0, 0).merge(made.cell(1, 0))
    (sheet,) = read(saved(document), FILE).sheets
    assert sheet.merges == (Merge(0, 0, 1, 0), Merge(0, 1, 0, 2))
    assert texts(sheet)["C3"] == "2"


def test_rows_that_begin_farther_right_and_cells_in_content_controls(read: Read) -> None:
    wrapped = f"<w:sdt><w:sdtContent>{cell('3')}</w:sdtContent></w:sdt>"
    late = '<w:trPr><w:gridBefore w:val="2"/></w:trPr>' + cell("4")
    (sheet,) = read(one_table(cell("1") + cell("2") + wrapped, late), FILE).sheets
    assert texts(sheet) == {"A1": "1", "B1": "2", "C1": "3", "C2": "4"}


def test_a_table_inside_a_cell_is_a_table_of_its_own(read: Read) -> None:
    inner = f"<w:tbl><w:tr>{cell('里')}</w:tr></w:tbl>"
    outer = f"<w:tc><w:p><w:r><w:t>外</w:t></w:r></w:p>{inner}<w:p/></w:tc>"
    first, second = read(one_table(outer), FILE).sheets
    assert (texts(first), texts(second)) == ({"A1": "外"}, {"A1": "里"})


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (cell("12", run=""), "12"),
        (cell("1", run='<w:vertAlign w:val="superscript"/>'), "¹"),
        ("<w:tc><w:p><w:r><w:t>甲</w:t><w:tab/><w:t>镇</w:t></w:r></w:p></w:tc>", "甲\t镇"),
        ("<w:tc><w:p><w:r><w:noBreakHyphen/><w:t>4.6</w:t></w:r></w:p></w:tc>", "-4.6"),
        ("<w:tc><w:p><w:r><w:sym w:font='W' w:char='F0FC'/></w:r></w:p></w:tc>", "□"),
        ("<w:tc>" + "<w:p><w:r><w:t>1</w:t></w:r></w:p>" * 2 + "</w:tc>", "1\n1"),
    ],
)
def test_what_a_cell_shows(read: Read, body: str, text: str) -> None:
    (sheet,) = read(one_table(body), FILE).sheets
    assert sheet.cells[0].text == text


def test_hidden_texts_and_rows_are_marked(read: Read) -> None:
    hidden = "<w:trPr><w:hidden/></w:trPr>" + cell("2")
    shown = '<w:trPr><w:hidden w:val="0"/></w:trPr>' + cell("3")
    (sheet,) = read(one_table(cell("1", run="<w:vanish/>"), hidden, shown), FILE).sheets
    assert [bool(one.mark & Mark.HIDDEN) for one in sheet.cells] == [True, True, False]


def test_the_text_under_a_merged_block_is_marked_as_hidden(read: Read) -> None:
    goes_on = "<w:vMerge/>"
    rows = (
        cell("甲镇", '<w:vMerge w:val="restart"/>') + cell("1"),
        cell("乙镇", goes_on) + cell("2"),
    )
    (sheet,) = read(one_table(*rows), FILE).sheets
    assert sheet.merges == (Merge(0, 0, 1, 0),)
    assert [one.text for one in sheet.cells if one.mark & Mark.HIDDEN] == ["乙镇"]


@pytest.mark.parametrize("change", ["ins", "del", "moveTo"])
def test_unaccepted_changes_keep_a_table_from_being_read(read: Read, change: str) -> None:
    body = f"<w:tc><w:p><w:{change}><w:r><w:t>1</w:t></w:r></w:{change}></w:p></w:tc>"
    workbook = read(one_table(body), FILE)
    (found,) = workbook.findings
    assert workbook.sheets == ()
    assert (found.code, found.severity, found.sheet) == ("unreadable", "hard", "表1")
    assert found.message == (f"“{FILE}”的工作表“表1”含有尚未接受的修订，不能确定以哪一个数为准")
    assert found.action == "请报送单位在 Word 里接受或拒绝全部修订后重新报送"


def test_an_embedded_workbook_is_told(read: Read) -> None:
    data = with_body(f"<w:p><w:r><w:object/></w:r></w:p><w:tbl><w:tr>{cell('1')}</w:tr></w:tbl>")
    workbook = read(data, FILE)
    assert len(workbook.sheets) == 1
    assert [(one.code, one.severity) for one in workbook.findings] == [("unreadable", "soft")]


def test_an_empty_table_and_a_letter_without_tables(read: Read) -> None:
    (empty,) = read(one_table(cell("")), FILE).findings
    assert (empty.code, empty.sheet) == ("empty_sheet", "表1")
    (letter,) = read(with_body("<w:p/>"), FILE).findings
    assert (letter.code, letter.severity) == ("unreadable", "soft")


def test_wide_cells_cannot_blow_up_the_table(read: Read) -> None:
    wide = cell("1", '<w:gridSpan w:val="99999999"/>')
    (found,) = read(one_table(wide + cell("2")), FILE).findings
    assert (found.code, found.sheet) == ("too_big", "表1")
    (odd,) = read(one_table(cell("1", '<w:gridSpan w:val="x"/>')), FILE).findings
    assert odd.code == "unreadable"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (lambda good: good[: len(good) // 2], "truncated"),
        (lambda _: with_body("<w:tbl><w:tr>"), "unreadable"),
        (lambda _: with_body("<w:p>" * 300 + "</w:p>" * 300), "unreadable"),
    ],
)
def test_broken_documents(read: Read, data: Callable[[bytes], bytes], code: str) -> None:
    workbook = read(data(one_table(cell("1"))), FILE)
    assert workbook.sheets == ()
    assert [one.code for one in workbook.findings] == [code]


def test_a_document_type_and_a_bomb_are_refused(read: Read) -> None:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    (found,) = read(stream.getvalue(), FILE).findings
    assert "带有文档类型声明" in found.message
    bomb = BytesIO()
    with ZipFile(bomb, "w", ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b" " * 20_000_000)
    (found,) = read(bomb.getvalue(), FILE).findings
    assert found.code == "too_big"


def test_the_strict_form_is_told_and_not_taken_for_a_letter(read: Read) -> None:
    stream = BytesIO()
    with ZipFile(stream, "w") as package:
        package.writestr(
            "word/document.xml",
            '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"/>',
        )
    (found,) = read(stream.getvalue(), FILE).findings
    assert found.message == f"“{FILE}”是以“严格的 Open XML”格式保存的"
