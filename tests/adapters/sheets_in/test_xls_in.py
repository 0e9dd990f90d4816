from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO

import xlwt

from diaodu.engine.collect.sheet import Cell, Mark, Merge, Workbook

Read = Callable[..., Workbook]


def old(fill: Callable[[xlwt.Workbook], None]) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    fill(book)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def style(code: str) -> xlwt.XFStyle:
    made = xlwt.XFStyle()
    made.num_format_str = code
    return made


def test_an_old_workbook_tells_as_much_as_a_new_one(read: Read) -> None:
    def fill(book: xlwt.Workbook) -> None:
        sheet = book.add_sheet("5月")
        sheet.write_merge(0, 0, 0, 2, "主要指标")
        sheet.write(1, 0, "123")
        sheet.write(1, 1, 0.083, style("0.0%"))
        sheet.write(1, 2, 1234.5, style("#,##0.00"))
        sheet.write(1, 3, 45047, style('yyyy"年"m"月"'))
        sheet.write(1, 4, 0.1 + 0.2)
        sheet.write(1, 5, True)
        sheet.row(2).hidden = True
        sheet.write(2, 0, 5)
        sheet.col(6).hidden = True
        sheet.write(3, 6, 6)
        sheet.row(3).set_cell_error(1, "#REF!")
        dark = book.add_sheet("暗")
        dark.write(0, 0, 1)
        dark.visibility = 1
        book.add_sheet("空")

    workbook = read(old(fill), "2023-06-12/a.xls")
    shown, dark = workbook.sheets
    assert shown.merges == (Merge(0, 0, 0, 2),)
    assert shown.cells == (
        Cell(0, 0, "主要指标", "主要指标", Mark.TEXT),
        Cell(1, 0, "123", "123", Mark.TEXT),
        Cell(1, 1, Decimal("8.3"), "8.3%", Mark.PERCENT),
        Cell(1, 2, Decimal("1234.5"), "1,234.50", Mark.NONE),
        Cell(1, 3, date(2023, 5, 1), "2023年5月", Mark.NONE),
        Cell(1, 4, Decimal("0.3"), "0.3", Mark.NONE),
        Cell(1, 5, "TRUE", "TRUE", Mark.NONE),
        Cell(2, 0, Decimal(5), "5", Mark.HIDDEN),
        Cell(3, 1, None, "#REF!", Mark.ERROR),
        Cell(3, 6, Decimal(6), "6", Mark.HIDDEN),
    )
    assert dark.hidden
    assert dark.cells[0].mark == Mark.HIDDEN
    assert [(f.code, f.sheet) for f in workbook.findings] == [("empty_sheet", "空")]


def test_an_old_workbook_cut_short_is_refused_whole(read: Read) -> None:
    def fill(book: xlwt.Workbook) -> None:
        sheet = book.add_sheet("表")
        for row in range(500):
            sheet.write(row, 0, row)

    data = old(fill)
    for length in range(600, len(data) - 512, 997):
        workbook = read(data[:length], "2023-06-12/a.xls")
        assert workbook.sheets == ()
        (found,) = workbook.findings
        assert found.code == "truncated"
        assert found.message == ("“2023-06-12/a.xls”不完整：后面的内容缺失，多半是拷贝或下载中断")
        assert found.action == "请报送单位重新发送完整的文件"
