"""A table of any length → a file of .xlsx (sheet after sheet) or of .csv in a .zip."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from xlsxwriter import Workbook

Cell = str | int | Decimal | None

ROWS_A_SHEET = 1_000_000
_WIDTH = 14
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_xlsx(
    path: Path, title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]],
    rows_a_sheet: int = ROWS_A_SHEET,
) -> int:  # fmt: skip
    """Returns how many rows were written. Texts stay texts. A number that Excel would not keep to
    its last digit is written as text."""
    left = iter(rows)
    written = number = 0
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(str(path), options) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        while True:
            chunk = islice(left, rows_a_sheet)
            first = next(chunk, None)
            if first is None and number:
                return written
            number += 1
            sheet = book.add_worksheet(title if number == 1 else f"{title}{number}")
            sheet.set_column(0, len(header) - 1, _WIDTH)
            sheet.freeze_panes(1, 0)
            for at, text in enumerate(header):
                sheet.write_string(0, at, text, head)
            if first is None:
                return 0
            written += _fill(sheet, first, chunk)


def _fill(sheet: Any, first: Sequence[Cell], rest: Iterator[Sequence[Cell]]) -> int:
    _write(sheet, 1, first)
    last = 1
    for last, row in enumerate(rest, start=2):
        _write(sheet, last, row)
    return last


def _write(sheet: Any, at: int, row: Sequence[Cell]) -> None:
    for column, cell in enumerate(row):
        if cell is None or cell == "":
            continue
        if isinstance(cell, str):
            sheet.write_string(at, column, cell)
        elif isinstance(cell, int) or Decimal(repr(float(cell))) == cell:
            sheet.write_number(at, column, cell)
        else:
            sheet.write_string(at, column, f"{cell:f}")


def write_csv_zip(
    path: Path, title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> int:
    """One UTF-8 .csv with a mark that Excel knows it by. A text that a spreadsheet would take for
    a formula gets an apostrophe in front."""
    written = 0
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:  # noqa: SIM117 - the part lives in it
        with archive.open(f"{title}.csv", "w", force_zip64=True) as raw:
            text = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
            writer = csv.writer(text)
            writer.writerow(header)
            for row in rows:
                writer.writerow([_plain(cell) for cell in row])
                written += 1
            text.flush()
            text.detach()
    return written


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_STARTS_A_FORMULA) else cell
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
