"""A sheet being written, and the three kinds of file offices send: .xlsx, .xls, .csv in GBK."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter
import xlwt

from diaodu.engine.collect.sheet import cell_name
from diaodu.engine.ground.quantity import show

Figure = tuple[str, str, str]  # indicator, org, facet
CREATED = datetime(2023, 6, 12, 9, 0, tzinfo=UTC)  # the same in every file: same seed, same files


@dataclass(frozen=True)
class Number:
    """A numeric cell shown with so many decimals."""

    value: Decimal
    decimals: int


@dataclass(frozen=True)
class Broken:
    """A formula whose stored result is an error."""

    formula: str
    error: str


Value = str | Number | Broken


def grouped(value: Decimal, decimals: int) -> str:
    """1234.5 as the text “1,234.5”, the way tables are typed."""
    text = show(abs(value), decimals)
    whole, dot, rest = text.partition(".")
    return f"{'-' if value < 0 else ''}{int(whole):,}{dot}{rest}"


@dataclass
class Grid:
    """Cells by (row, column) from 0; `places` remembers which figure went where."""

    name: str
    cells: dict[tuple[int, int], Value] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    places: dict[Figure, tuple[int, int]] = field(default_factory=dict)

    def put(self, row: int, col: int, value: Value, figure: Figure | None = None) -> None:
        self.cells[row, col] = value
        if figure is not None:
            self.places[figure] = (row, col)

    def span(self, top: int, left: int, bottom: int, right: int, text: str) -> None:
        """A merged block with one text; a single cell stays a plain cell."""
        self.cells[top, left] = text
        if (top, left) != (bottom, right):
            self.merges.append((top, left, bottom, right))

    def cell_of(self, figure: Figure) -> str:
        """A1 name of the cell in which a figure stands. Raises KeyError where there is none."""
        return cell_name(*self.places[figure])


def write_xlsx(path: Path, grids: Sequence[Grid]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"created": CREATED, "comments": "示意数据，均为虚构"})
    plain = book.add_format({"font_name": "宋体", "font_size": 11})
    middle = book.add_format({"font_name": "宋体", "font_size": 11, "align": "center"})
    by_decimals = {
        places: book.add_format({"font_name": "宋体", "num_format": _number_format(places)})
        for places in range(9)
    }
    for grid in grids:
        sheet = book.add_worksheet(grid.name)
        sheet.set_column(0, 0, 26)
        heads = {(top, left) for top, left, _, _ in grid.merges}
        for top, left, bottom, right in grid.merges:
            sheet.merge_range(top, left, bottom, right, grid.cells[top, left], middle)
        for (row, col), value in grid.cells.items():
            if (row, col) in heads:
                continue
            if isinstance(value, Number):
                sheet.write_number(row, col, float(value.value), by_decimals[value.decimals])
            elif isinstance(value, Broken):
                sheet.write_formula(row, col, value.formula, plain, value.error)
            else:
                sheet.write_string(row, col, value, plain)
        for row in sorted(grid.hidden_rows):
            sheet.set_row(row, None, None, {"hidden": True})
    book.close()


def write_xls(path: Path, grids: Sequence[Grid]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlwt.Workbook(encoding="utf-8")
    by_decimals = {
        places: xlwt.easyxf(num_format_str=_number_format(places)) for places in range(9)
    }
    for grid in grids:
        sheet = book.add_sheet(grid.name)
        heads = {(top, left) for top, left, _, _ in grid.merges}
        for top, left, bottom, right in grid.merges:
            sheet.write_merge(top, bottom, left, right, grid.cells[top, left])
        for (row, col), value in grid.cells.items():
            if (row, col) in heads:
                continue
            if isinstance(value, Number):
                sheet.write(row, col, float(value.value), by_decimals[value.decimals])
            elif isinstance(value, str):
                sheet.write(row, col, value)
            else:
                raise TypeError("an .xls of the demo holds no broken formula")
    book.save(str(path))


def write_csv(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """In GBK, as the older systems of offices give it out."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="gbk", newline="") as file:
        csv.writer(file, lineterminator="\r\n").writerows(rows)


def _number_format(decimals: int) -> str:
    return "0" if decimals == 0 else "0." + "0" * decimals
