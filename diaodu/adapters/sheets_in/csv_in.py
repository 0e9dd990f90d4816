""".csv: UTF-8 or GB18030, comma, semicolon or tab; every cell is a text."""

from __future__ import annotations

import csv
from collections import Counter
from io import StringIO

from diaodu.adapters.sheets_in import limits
from diaodu.adapters.sheets_in.cells import MARKS, TEXT, finish
from diaodu.adapters.sheets_in.trouble import too_big, truncated, unreadable
from diaodu.engine.collect.sheet import Cell, Sheet

_DELIMITERS = ",\t;"
_LOOKED_AT = 200  # lines from which the delimiter is told
_CONTROLS = frozenset(map(chr, range(32))) - frozenset("\t\n\r\f\v")
_TEXT_MARK = MARKS[TEXT]
_RESAVE = "用 Excel 或 WPS 打开，另存为“CSV UTF-8”或 .xlsx 后重新报送"


def read_csv(data: bytes) -> Sheet:
    """The one sheet of a .csv, without name. Raises Trouble where it is no text or cut short."""
    text = decode(data)
    cells: list[Cell] = []
    for row, fields in enumerate(_rows(text, _delimiter(text))):
        for col, field in enumerate(fields):
            if field:
                cells.append(Cell(row, col, field, field, _TEXT_MARK))
        if len(cells) > limits.MAX_FILLED_CELLS:
            raise too_big(f"有值的单元格超过 {limits.MAX_FILLED_CELLS} 个")
    return finish("", cells)


def decode(data: bytes) -> str:
    """The text of a file. Raises Trouble for binary content and for a broken encoding."""
    text = _decoded(data)
    if any(char in _CONTROLS for char in set(text)):
        raise unreadable("含有不是文字的内容", _RESAVE)
    return text


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(data, "utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if "unexpected end" in error.reason and not data[: error.start].isascii():
            raise truncated("最后一个字只有一半") from error
        if _is_damaged_utf8(data):
            raise unreadable(f"第{error.start + 1}字节处的文字编码有误", _RESAVE) from error
    return _strict(data, "gb18030")


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise unreadable("文字编码既不是 UTF-8 也不是 GBK", _RESAVE) from error


def _is_damaged_utf8(data: bytes) -> bool:
    """Mostly right UTF-8: then reading it as GBK would turn every name into other characters."""
    text = data.decode("utf-8", "replace")
    broken = text.count("�")
    wide = sum(char > "\x7f" for char in text) - broken
    return wide > 10 * broken


def _delimiter(text: str) -> str:
    """The one that cuts the most lines into the same number of fields (more fields win a tie)."""
    sample = "\n".join(text.splitlines()[:_LOOKED_AT])
    return max(_DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))


def _evenness(sample: str, delimiter: str) -> tuple[int, int]:
    widths: Counter[int] = Counter()
    for fields in _loosely(sample, delimiter):
        if len(fields) > 1:
            widths[len(fields)] += 1
    return max(((count, width) for width, count in widths.items()), default=(0, 0))


def _rows(text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return list(reader)
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise truncated("最后一个引号没有配对") from error
    return _loosely(text, delimiter)


def _loosely(text: str, delimiter: str) -> list[list[str]]:
    """Takes quotes in the middle of a field as they stand."""
    try:
        return list(csv.reader(StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise unreadable(f"分隔写法有误（{error}）", _RESAVE) from error
