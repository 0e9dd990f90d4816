from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import openpyxl
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from diaodu.adapters.sheets_in import read_workbook
from diaodu.engine.collect.sheet import Cell, Mark, Merge, Workbook

Read = Callable[..., Workbook]
Raw = Callable[..., bytes]


def seen(workbook: Workbook, sheet: int = 0) -> dict[tuple[int, int], tuple[object, str, Mark]]:
    return {(c.row, c.col): (c.value, c.text, c.mark) for c in workbook.sheets[sheet].cells}


def written(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    stream = BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        fill(book)
    return stream.getvalue()


def test_a_return_as_offices_send_it(read: Read) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("5月")
        percent = book.add_format({"num_format": "0.0%"})
        two = book.add_format({"num_format": "#,##0.00"})
        month = book.add_format({"num_format": 'yyyy"年"m"月"'})
        sheet.merge_range("B2:D2", "主要指标")
        sheet.write("B3", "123")
        sheet.write("C3", 1234.5, two)
        sheet.write("D3", 0.083, percent)
        sheet.write("E3", 0.1 + 0.2)
        sheet.write("F3", datetime(2023, 5, 1), month)  # noqa: DTZ001
        sheet.write("G3", True)
        sheet.write_formula("H3", "=C3*2", two, 2469)

    workbook = read(written(fill))
    assert workbook.findings == ()
    assert workbook.file == "2023-06-12/a.xlsx"
    assert len(workbook.sha256) == 64
    sheet = workbook.sheets[0]
    assert (sheet.name, sheet.hidden, sheet.merges) == ("5月", False, (Merge(1, 1, 1, 3),))
    assert sheet.cells == (
        Cell(1, 1, "主要指标", "主要指标", Mark.TEXT),
        Cell(2, 1, "123", "123", Mark.TEXT),
        Cell(2, 2, Decimal("1234.5"), "1,234.50", Mark.NONE),
        Cell(2, 3, Decimal("8.3"), "8.3%", Mark.PERCENT),
        Cell(2, 4, Decimal("0.3"), "0.3", Mark.NONE),
        Cell(2, 5, date(2023, 5, 1), "2023年5月", Mark.NONE),
        Cell(2, 6, "TRUE", "TRUE", Mark.NONE),
        Cell(2, 7, Decimal("2469"), "2,469.00", Mark.FORMULA),
    )
    assert type(sheet.cells[5].value) is date


def test_hidden_rows_columns_and_sheets_are_marked(read: Read) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        shown = book.add_worksheet("明")
        for row in range(3):
            for col in range(3):
                shown.write(row, col, row * 3 + col)
        shown.set_row(1, None, None, {"hidden": True})
        shown.set_column(2, 2, None, None, {"hidden": True})
        book.add_worksheet("暗").write("A1", 1)
        book.get_worksheet_by_name("暗").hide()

    workbook = read(written(fill))
    hidden = {(c.row, c.col) for c in workbook.sheets[0].cells if c.mark & Mark.HIDDEN}
    assert hidden == {(1, 0), (1, 1), (1, 2), (0, 2), (2, 2)}
    assert workbook.sheets[1].hidden
    assert workbook.sheets[1].cells[0].mark == Mark.HIDDEN


def test_errors_and_formulas_never_computed(read: Read, raw_xlsx: Raw) -> None:
    rows = (
        '<row r="1"><c r="A1" t="e"><v>#REF!</v></c><c r="B1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        '<c r="C1"><f>A1</f></c><c r="D1"><f>A1</f><v></v></c>'
        '<c r="E1" t="str"><f>A1</f><v></v></c><c r="F1" t="str"><f>A1</f><v>甲</v></c>'
        '<c r="G1"><f>A1</f><v>7</v></c></row>'
    )
    assert seen(read(raw_xlsx(rows))) == {
        (0, 0): (None, "#REF!", Mark.ERROR),
        (0, 1): (None, "#DIV/0!", Mark.ERROR | Mark.FORMULA),
        (0, 2): (None, "", Mark.NO_CACHE),
        (0, 3): (None, "", Mark.NO_CACHE),
        (0, 5): ("甲", "甲", Mark.FORMULA | Mark.TEXT),
        (0, 6): (Decimal(7), "7", Mark.FORMULA),
    }


def test_openpyxl_leaves_formulas_without_value(read: Read) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "=1+1"
    stream = BytesIO()
    book.save(stream)
    assert seen(read(stream.getvalue())) == {(0, 0): (None, "", Mark.NO_CACHE)}


def test_texts_rich_phonetic_and_inline(read: Read, raw_xlsx: Raw) -> None:
    rows = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c>'
        '<c r="B1" t="inlineStr"><is><t>乙</t><rPh sb="0" eb="1"><t>yi</t></rPh></is></c>'
        '<c r="C1" t="s"><v>1</v></c><c r="D1" t="inlineStr"><is><t/></is></c></row>'
    )
    strings = (
        '<si><r><t>城</t></r><r><t xml:space="preserve">关 镇</t></r>'
        '<rPh sb="0" eb="1"><t>cheng</t></rPh></si>',
        "<si><t/></si>",
    )
    assert seen(read(raw_xlsx(rows, strings=strings))) == {
        (0, 0): ("城关 镇", "城关 镇", Mark.TEXT),
        (0, 1): ("乙", "乙", Mark.TEXT),
    }


def test_a_wrong_dimension_and_cells_without_address_do_no_harm(read: Read, raw_xlsx: Raw) -> None:
    rows = "<row><c><v>1</v></c><c/><c><v>2</v></c></row><row/><row><c/><c><v>3</v></c></row>"
    workbook = read(raw_xlsx(rows, before='<dimension ref="A1"/>'))
    assert {place: value for place, (value, _, _) in seen(workbook).items()} == {
        (0, 0): 1, (0, 2): 2, (2, 1): 3,
    }  # fmt: skip


def test_days_in_formats_that_files_name_by_number_only(read: Read, raw_xlsx: Raw) -> None:
    rows = '<row r="1"><c r="A1" s="1"><v>45047</v></c><c r="B1" s="2"><v>45047</v></c></row>'
    workbook = read(raw_xlsx(rows, styles=(0, 57, 31)))
    assert seen(workbook) == {
        (0, 0): (date(2023, 5, 1), "2023年5月", Mark.NONE),
        (0, 1): (date(2023, 5, 1), "2023年5月1日", Mark.NONE),
    }


def test_days_since_1904_and_days_in_iso(read: Read, raw_xlsx: Raw) -> None:
    rows = (
        '<row r="1"><c r="A1" s="1"><v>43585</v></c>'
        '<c r="B1" t="d"><v>2023-05-06T00:00:00</v></c></row>'
    )
    workbook = read(
        raw_xlsx(rows, styles=(0, 14), workbook_properties='<workbookPr date1904="1"/>')
    )
    assert [cell.value for cell in workbook.sheets[0].cells] == [date(2023, 5, 1), date(2023, 5, 6)]


def test_what_lies_under_a_merged_block_is_hidden(read: Read, raw_xlsx: Raw) -> None:
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>'
        '<row r="2"><c r="A2"><v>3</v></c><c r="C2"><v>4</v></c></row>'
    )
    workbook = read(raw_xlsx(rows, after='<mergeCells><mergeCell ref="A1:B2"/></mergeCells>'))
    marks = {place: mark for place, (_, _, mark) in seen(workbook).items()}
    assert marks == {(0, 0): 0, (0, 1): Mark.HIDDEN, (1, 0): Mark.HIDDEN, (1, 2): 0}


def test_zeros_that_the_sheet_does_not_show_are_hidden(read: Read, raw_xlsx: Raw) -> None:
    rows = '<row r="1"><c r="A1"><v>0</v></c><c r="B1"><v>2</v></c></row>'
    view = '<sheetViews><sheetView showZeros="0" workbookViewId="0"/></sheetViews>'
    cells = read(raw_xlsx(rows, before=view)).sheets[0].cells
    assert [cell.mark for cell in cells] == [Mark.HIDDEN, Mark.NONE]


def test_rows_of_no_height_and_columns_of_no_width_are_hidden(read: Read, raw_xlsx: Raw) -> None:
    rows = (
        '<row r="1" ht="0" customHeight="1"><c r="A1"><v>1</v></c></row>'
        '<row r="2"><c r="A2"><v>2</v></c><c r="B2"><v>3</v></c></row>'
    )
    cells = read(raw_xlsx(rows, before='<cols><col min="2" max="2" width="0"/></cols>'))
    assert [c.mark for c in cells.sheets[0].cells] == [Mark.HIDDEN, Mark.NONE, Mark.HIDDEN]


def test_a_format_that_divides_is_told(read: Read, raw_xlsx: Raw) -> None:
    rows = '<row r="3"><c r="B3" s="1"><v>123456</v></c></row>'
    workbook = read(raw_xlsx(rows, styles=(0, 170), formats={170: "0!.0,"}))
    assert seen(workbook) == {(2, 1): (Decimal(123456), "12.3", Mark.SCALED)}
    (found,) = workbook.findings
    assert (found.code, found.severity, found.sheet) == ("unknown_unit", "soft", "表1")
    assert found.message == (
        "“2023-06-12/a.xlsx”的工作表“表1”有 1 个单元格用数字格式把数值缩小了显示，"
        "如 B3 看到的是 12.3，存的是 123456"
    )


def test_empty_sheets_are_told_and_the_others_go_on(read: Read) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("空")
        book.add_worksheet("满").write("A1", 1)
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=满!$A$1"})
        book.add_chartsheet("图").set_chart(chart)

    workbook = read(written(fill))
    assert [sheet.name for sheet in workbook.sheets] == ["满"]
    (found,) = workbook.findings
    assert (found.code, found.severity, found.sheet) == ("empty_sheet", "soft", "空")
    assert found.message == "“2023-06-12/a.xlsx”的工作表“空”没有任何内容"
    assert found.action == "本来就不用填的不必理会；应填而空的请补填后重新报送"


def test_names_with_a_prefix_are_read_alike(read: Read, raw_xlsx: Raw) -> None:
    sheet = (
        b'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<x:sheetData><x:row r="2"><x:c r="B2"><x:v>1.5</x:v></x:c></x:row></x:sheetData>'
        b"</x:worksheet>"
    )
    workbook = read(raw_xlsx(parts={"xl/worksheets/sheet1.xml": sheet}))
    assert seen(workbook) == {(1, 1): (Decimal("1.5"), "1.5", Mark.NONE)}


table = st.dictionaries(
    st.tuples(st.integers(0, 40), st.integers(0, 30)),
    st.one_of(
        st.decimals(-(10**9), 10**9, places=3),
        st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8),
        st.booleans(),
    ),
    min_size=1,
    max_size=40,
)


@given(table)
def test_every_cell_written_is_read_once_in_reading_order(
    content: dict[tuple[int, int], Decimal | str | bool],
) -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        for (row, col), value in content.items():
            if isinstance(value, str):
                sheet.write_string(row, col, value)
            elif isinstance(value, bool):
                sheet.write_boolean(row, col, value)
            else:
                sheet.write_number(row, col, float(value))

    workbook = read_workbook(written(fill), file="x.xlsx", received=date(2023, 6, 12))
    assert workbook.findings == ()
    cells = workbook.sheets[0].cells
    assert [(c.row, c.col) for c in cells] == sorted(content)
    expected = {True: "TRUE", False: "FALSE"}
    for cell in cells:
        value = content[cell.row, cell.col]
        assert cell.value == (expected[value] if isinstance(value, bool) else value)
