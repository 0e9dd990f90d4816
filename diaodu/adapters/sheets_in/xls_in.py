""".xls by xlrd with formatting; a file that ends before its own allocation table says is refused
first, for half a file can read like a whole one."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import partial
from io import StringIO
from typing import Any

import xlrd
from xlrd.biffh import error_text_from_code

from diaodu.adapters.sheets_in import limits
from diaodu.adapters.sheets_in.cells import ERROR, HIDDEN, MARKS, TEXT, finish, shown_smaller
from diaodu.adapters.sheets_in.number_format import (
    NumberFormat,
    built_in,
    parse_format,
    show_number,
    show_text,
)
from diaodu.adapters.sheets_in.trouble import (
    Trouble,
    encrypted,
    too_big,
    truncated,
    unreadable,
)
from diaodu.engine.collect.sheet import Cell, Merge, Sheet

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FREE_SECTOR = 0xFFFFFFFF
_GENERAL = parse_format("General")

OnSheet = Callable[[Sheet], None]
OnTrouble = Callable[[Trouble, str], None]


def read_xls(data: bytes, on_sheet: OnSheet, on_trouble: OnTrouble) -> None:
    """Hand over each sheet that can be read, and the trouble with each that cannot.

    Raises Trouble where the file as a whole cannot be read.
    """
    if data.startswith(OLE):
        _check_whole(data)
    book = _open(data)
    if book.nsheets == 0:
        raise unreadable("里面没有工作表")
    formats = _formats(book)
    scaled = any(form.is_scaled for form in formats)
    for number, name in enumerate(book.sheet_names()):
        try:
            sheet = _parse(partial(book.get_sheet, number))
            hidden = bool(sheet.visibility)
            hides_zeros = not sheet.show_zero_values
            cells = _cells(sheet, formats, bool(book.datemode))
            found = finish(name, cells, _merges(sheet), hidden, hides_zeros)
            on_sheet(found)
            smaller = shown_smaller(found) if scaled else None
            if smaller:
                on_trouble(smaller, name)
        except Trouble as trouble:
            on_trouble(trouble, name)


def _open(data: bytes) -> Any:
    return _parse(
        lambda: xlrd.open_workbook(
            file_contents=data,
            formatting_info=True,
            ragged_rows=True,
            on_demand=True,
            logfile=StringIO(),
        )
    )


def _parse(call: Callable[[], Any]) -> Any:
    """xlrd trusts what it reads, so a damaged file ends in any kind of exception."""
    try:
        return call()
    except Exception as error:
        if "encrypted" in str(error):
            raise encrypted() from error
        raise unreadable("内部结构已损坏，读不出内容") from error


# -- is the file whole -----------------------------------------------------------------------


def _check_whole(data: bytes) -> None:
    """Compare the length with the allocation table (MS-CFB 2.3): its used sectors must exist."""
    if len(data) < 512:
        raise truncated("文件头不全")
    power = struct.unpack_from("<H", data, 30)[0]
    if power not in (9, 12):
        raise unreadable("内部结构已损坏，读不出内容")
    size = 1 << power
    tables = [at for at in struct.unpack_from("<109I", data, 76) if at != _FREE_SECTOR]
    present = -(-len(data) // size) - 1
    for order, at in enumerate(tables):
        start = (at + 1) * size
        if start + size > len(data):
            raise truncated("后面的内容缺失")
        entries = struct.unpack_from(f"<{size // 4}I", data, start)
        used = [i for i, entry in enumerate(entries) if entry != _FREE_SECTOR]
        if used and order * (size // 4) + used[-1] >= present:
            raise truncated("后面的内容缺失")


# -- sheets ----------------------------------------------------------------------------------


def _formats(book: Any) -> list[NumberFormat]:
    """The number format of each cell style, by its index."""
    return [_format(book, style.format_key) for style in book.xf_list]


def _format(book: Any, key: int) -> NumberFormat:
    record = book.format_map.get(key)
    code = record.format_str if record is not None else ""
    return parse_format(code) if code else built_in(key)


def _merges(sheet: Any) -> list[Merge]:
    return [
        Merge(top, left, bottom - 1, right - 1)
        for top, bottom, left, right in sheet.merged_cells
        if bottom > top and right > left
    ]


def _cells(sheet: Any, formats: list[NumberFormat], from_1904: bool) -> list[Cell]:
    hidden_columns = {
        col for col, info in sheet.colinfo_map.items() if info.hidden or info.width == 0
    }
    found: list[Cell] = []
    for row in range(sheet.nrows):
        info = sheet.rowinfo_map.get(row)
        row_hidden = info is not None and bool(info.hidden or info.height == 0)
        for col, stored in enumerate(sheet.row(row)):
            bits = HIDDEN if row_hidden or col in hidden_columns else 0
            cell = _cell(row, col, stored, formats, bits, from_1904)
            if cell is not None:
                found.append(cell)
        if len(found) > limits.MAX_FILLED_CELLS:
            raise too_big(f"有值的单元格超过 {limits.MAX_FILLED_CELLS} 个")
    return found


def _cell(
    row: int, col: int, stored: Any, formats: list[NumberFormat], bits: int, from_1904: bool
) -> Cell | None:
    kind, value, style = stored.ctype, stored.value, stored.xf_index
    if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) or value == "":
        return None
    form = formats[style] if style is not None and 0 <= style < len(formats) else _GENERAL
    if kind == xlrd.XL_CELL_TEXT:
        text, more = show_text(form, value)
        return Cell(row, col, value, text, MARKS[bits | TEXT | more])
    if kind == xlrd.XL_CELL_BOOLEAN:
        word = "TRUE" if value else "FALSE"
        return Cell(row, col, word, word, MARKS[bits])
    if kind == xlrd.XL_CELL_ERROR:
        text = error_text_from_code.get(value, f"#{value}")
        return Cell(row, col, None, text, MARKS[bits | ERROR])
    shown, text, more = show_number(form, value, from_1904=from_1904)
    return Cell(row, col, shown, text, MARKS[bits | more])
