from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diaodu.adapters.sheets_in.csv_in import read_csv
from diaodu.engine.collect.sheet import Cell, Mark, Workbook

Read = Callable[..., Workbook]
TEXT = '地区,增加值,增速\n城关镇,“1,2”,8.3%\n,,\n合计,"1,234",—\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_the_encodings_offices_save_in(read: Read, encoding: str) -> None:
    workbook = read(TEXT.encode(encoding), "2023-06-12/a.csv")
    assert workbook.findings == ()
    (sheet,) = workbook.sheets
    assert sheet.name == ""
    assert sheet.cells[0] == Cell(0, 0, "地区", "地区", Mark.TEXT)
    assert sheet.cells[-3:] == (
        Cell(3, 0, "合计", "合计", Mark.TEXT),
        Cell(3, 1, "1,234", "1,234", Mark.TEXT),
        Cell(3, 2, "—", "—", Mark.TEXT),
    )


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("甲,乙,丙\n1,2,3\n", ["1", "2", "3"]),
        ("甲;乙;丙\n1,5;2,5;3,5\n", ["1,5", "2,5", "3,5"]),
        ("甲\t乙\t丙\n1,234\t2,345,678\t3\n", ["1,234", "2,345,678", "3"]),
        ("全县指标（1,2月）\n甲\t乙\n1\t2\n", ["甲", "乙"]),
        ("甲,乙,丙\n\t1,\t2,3\n", ["\t1", "\t2", "3"]),
        ("单列\n值\n", ["值"]),
        ('甲,乙\r\n"一\r\n二",2\r\n', ["一\r\n二", "2"]),
        ('甲,乙\n5" 管,2\n', ['5" 管', "2"]),
        ('甲,乙\n"5"管,2\n', ["5管", "2"]),
    ],
)
def test_the_delimiter_is_the_one_that_cuts_evenly(text: str, row: list[str]) -> None:
    cells = read_csv(text.encode()).cells
    assert [cell.text for cell in cells if cell.row == 1] == row


@pytest.mark.parametrize(
    ("data", "code", "message"),
    [
        (b"a,b\x00c\n", "unreadable", "含有不是文字的内容"),
        (b"a,\x01\n", "unreadable", "含有不是文字的内容"),
        (
            "城关镇,城关镇".encode()[:-1], "truncated",
            "不完整：最后一个字只有一半，多半是拷贝或下载中断",
        ),
        ('甲,乙\n1,"2\n'.encode(), "truncated",
         "不完整：最后一个引号没有配对，多半是拷贝或下载中断"),
        ("城关镇".encode() + b"\xff" + "某某某某某某某某某某某".encode(), "unreadable",
         "第10字节处的文字编码有误"),
        (b"\xff\xff\xff", "unreadable", "文字编码既不是 UTF-8 也不是 GBK"),
        (b"\n\n,,\n", "empty_sheet", "没有任何内容"),
    ],
)  # fmt: skip
def test_what_is_no_whole_text_is_refused(read: Read, data: bytes, code: str, message: str) -> None:
    workbook = read(data, "2023-06-12/a.csv")
    assert workbook.sheets == ()
    (found,) = workbook.findings
    assert (found.code, found.message) == (code, f"“2023-06-12/a.csv”{message}")


fields = st.text(st.characters(categories=["L", "N", "P"], exclude_characters="\ufffd"), max_size=6)


@given(st.lists(st.lists(fields, min_size=3, max_size=3), min_size=3, max_size=8))
def test_every_field_comes_back_where_it_stood(rows: list[list[str]]) -> None:
    quoted = "\n".join(
        ",".join(f'"{f.replace(chr(34), chr(34) * 2)}"' for f in row) for row in rows
    )
    filled = {(r, c): f for r, row in enumerate(rows) for c, f in enumerate(row) if f}
    if filled:
        cells = read_csv(quoted.encode("utf-8-sig")).cells
        assert {(cell.row, cell.col): cell.value for cell in cells} == filled
