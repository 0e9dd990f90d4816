"""tables.xlsx and findings.xlsx: frozen panes, units, number formats, native charts.

Texts are always written as texts: a cell that begins with = + - or @ stays words and never
becomes a formula, a link or a number. Figures are written as they are shown, so that what Excel
displays is what the bulletin prints.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from diaodu.engine.report.document import Cell, Table, text_of, unit_line
from diaodu.engine.report.workbook import FINDING_HEADS, FindingRow, Point, Series, Tables

_FONT = "宋体"
_HEAD_FONT = "黑体"
_SHEET_NAME_LENGTH = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_OPTIONS = {
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "in_memory": True,
}  # fmt: skip
_FINDING_WIDTHS = (6, 13, 22, 9, 8, 11, 15, 13, 11, 11, 32, 26)
_CHART_ROWS = 17
_CHARTS_ACROSS = 2
_CHART_ROWS_ON_PAGE = 2
_CHART_COLUMNS = 9
_WIDEST_COLUMN = 24


def write_tables(tables: Tables, path: Path, on: date) -> None:
    """Write tables.xlsx. `on` stands as its day of creation: nothing comes from the clock."""
    with _Book(path, f"{tables.title}主要指标表", on) as book:
        book.add_table("一览表", tables.comparison, tables.title, tables.note)
        for name, table in tables.rankings:
            book.add_table(name, table, tables.title, tables.note)
        book.add_table("目标与欠账", tables.targets, tables.title, tables.note)
        book.add_series(tables.series)
        book.add_findings("审核意见", tables.findings)


def write_findings(rows: Sequence[FindingRow], path: Path, on: date) -> None:
    """Write findings.xlsx for people."""
    with _Book(path, "审核意见", on) as book:
        book.add_findings("审核意见", rows)


class _Book:
    """A workbook being written, with its formats and the sheet names already given."""

    def __init__(self, path: Path, title: str, on: date) -> None:
        self._book = xlsxwriter.Workbook(str(path), _OPTIONS)
        day = datetime(on.year, on.month, on.day)  # noqa: DTZ001
        self._book.set_properties({"title": title, "author": "调度", "created": day})
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._names: set[str] = set()

    def __enter__(self) -> _Book:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._book.close()

    # -- sheets ------------------------------------------------------------------------------

    def add_table(self, name: str, table: Table, title: str, note: str) -> None:
        """Title, unit and note over the header; the header and the first column stay in sight."""
        sheet = self._sheet(name)
        last = len(table.header) - 1
        sheet.merge_range(0, 0, 0, last, "", self._format(**_TITLE))
        sheet.write_string(0, 0, text_of(table.caption), self._format(**_TITLE))
        small = self._format(font_size=9, align="left")
        sheet.write_string(
            1, 0, "  ".join(filter(None, (title, note, text_of(unit_line(table))))), small
        )
        head = 2
        for column, spans in enumerate(table.header):
            sheet.write_string(head, column, text_of(spans), self._format(**_HEAD))
        for row, cells in enumerate(table.rows, head + 1):
            for column, cell in enumerate(_filled(table.rows, row - head - 1, cells)):
                self._write(sheet, row, column, cell)
        widths = list(_column_widths(table))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        for row, cells in enumerate(table.rows, head + 1):
            if all(_breadth(cell.text) < width for cell, width in zip(cells, widths, strict=True)):
                sheet.set_row(row, 20)  # a wrapped row finds its own height
        sheet.set_row(0, 26)
        sheet.set_row(head, 32)
        sheet.freeze_panes(head + 1, 1)
        _set_print(sheet, head)

    def add_series(self, series: Sequence[Series]) -> None:
        """The history side by side on 数据, one chart each on 图."""
        data, charts = self._sheet("数据"), self._sheet("图")
        column = 0
        shown = [each for each in series if each.points]
        for index, each in enumerate(shown):
            self._write_series(data, column, each)
            row, across = divmod(index, _CHARTS_ACROSS)
            chart = self._chart(data, column, each)
            place = (row * _CHART_ROWS, across * _CHART_COLUMNS)
            charts.insert_chart(*place, chart, {"y_offset": 8})
            column += 4
        data.freeze_panes(2, 0)
        _set_print(data, 1)
        charts.hide_gridlines(2)
        charts.set_landscape()
        charts.set_paper(9)
        # Fitting to a width would make Excel forget the breaks and cut charts in two.
        charts.set_print_scale(70)
        page = _CHART_ROWS * _CHART_ROWS_ON_PAGE
        charts.set_h_pagebreaks(range(page, _CHART_ROWS * (len(shown) // 2 + 1), page))
        charts.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.7)

    def add_findings(self, name: str, rows: Sequence[FindingRow]) -> None:
        sheet = self._sheet(name)
        for column, head in enumerate(FINDING_HEADS):
            sheet.write_string(0, column, head, self._format(**_HEAD))
            sheet.set_column(column, column, _FINDING_WIDTHS[column])
        body = self._format(border=1, text_wrap=True, valign="top")
        for index, row in enumerate(rows, 1):
            for column, words in enumerate(row):
                sheet.write_string(index, column, words, body)
        sheet.autofilter(0, 0, max(len(rows), 1), len(FINDING_HEADS) - 1)
        sheet.freeze_panes(1, 2)
        _set_print(sheet, 0)

    # -- cells -------------------------------------------------------------------------------

    def _write(self, sheet: Any, row: int, column: int, cell: Cell) -> None:
        shape: dict[str, Any] = {"border": 1, "valign": "vcenter", "align": cell.align}
        if cell.number is None:
            sheet.write_string(row, column, cell.text, self._format(text_wrap=True, **shape))
        else:
            shape["num_format"] = _number_format(cell.number)
            sheet.write_number(row, column, float(cell.number), self._format(**shape))

    def _write_series(self, sheet: Any, column: int, series: Series) -> None:
        heads = ("统计期", f"总量（{series.unit}）" if series.unit else "总量", "同比%")
        sheet.merge_range(0, column, 0, column + 2, "", self._format(**_HEAD))
        sheet.write_string(0, column, series.name, self._format(**_HEAD))
        sheet.set_column(column, column, 15)
        sheet.set_column(column + 1, column + 2, 13)
        sheet.set_column(column + 3, column + 3, 2)
        for offset, head in enumerate(heads):
            sheet.write_string(1, column + offset, head, self._format(**_HEAD))
        for row, point in enumerate(series.points, 2):
            self._write_point(sheet, row, column, point)

    def _write_point(self, sheet: Any, row: int, column: int, point: Point) -> None:
        sheet.write_string(row, column, point.label, self._format(border=1, align="center"))
        for offset, shown in ((1, point.level), (2, point.growth)):
            if shown is None:
                sheet.write_blank(row, column + offset, None, self._format(border=1))
            else:
                shape = self._format(border=1, num_format=_number_format(shown))
                sheet.write_number(row, column + offset, float(shown), shape)

    # -- charts ------------------------------------------------------------------------------

    def _chart(self, data: Any, column: int, series: Series) -> Any:
        """Columns for the level with the growth as a line; the line alone without a level."""
        has_level = any(point.level is not None for point in series.points)
        has_growth = any(point.growth is not None for point in series.points)
        last = len(series.points) + 1

        def line(offset: int, name: str) -> dict[str, Any]:
            return {
                "name": name,
                "categories": [data.name, 2, column, last, column],
                "values": [data.name, 2, column + offset, last, column + offset],
            }

        growth = {
            **line(2, "同比（%）"), "line": {"color": "#1F4F8F", "width": 2},
            "marker": {"type": "circle", "size": 5, "fill": {"color": "#1F4F8F"}},
        }  # fmt: skip
        if not has_level:
            chart = self._book.add_chart({"type": "line"})
            chart.add_series(growth)
            chart.set_y_axis({"name": "%", **_AXIS})
        else:
            chart = self._book.add_chart({"type": "column"})
            chart.add_series({**line(1, f"总量（{series.unit}）"), "fill": {"color": "#C3CAD3"}})
            chart.set_y_axis({"name": series.unit, **_AXIS})
            if has_growth:
                chart.combine(self._growth_line(growth))
        chart.set_title({"name": series.name, "name_font": {"name": _HEAD_FONT, "size": 12}})
        chart.set_x_axis({"num_font": {"rotation": -45, "size": 8}, "label_position": "low"})
        chart.set_legend({"position": "bottom"})
        chart.show_blanks_as("gap")
        chart.set_size({"width": 560, "height": 320})
        return chart

    def _growth_line(self, growth: dict[str, Any]) -> Any:
        chart = self._book.add_chart({"type": "line"})
        chart.add_series({**growth, "y2_axis": True})
        chart.set_y2_axis({"name": "%", "num_font": {"size": 8}})
        return chart

    # -- parts -------------------------------------------------------------------------------

    def _sheet(self, wanted: str) -> Any:
        """A sheet by that name, made legal and, where taken, numbered."""
        name = _FORBIDDEN.sub(" ", wanted)[:_SHEET_NAME_LENGTH]
        number = 2
        while name.casefold() in self._names:
            mark = f"（{number}）"
            name = _FORBIDDEN.sub(" ", wanted)[: _SHEET_NAME_LENGTH - len(mark)] + mark
            number += 1
        self._names.add(name.casefold())
        return self._book.add_worksheet(name)

    def _format(self, **wanted: Any) -> Any:
        """One format for one look: a workbook may hold only so many."""
        key = tuple(sorted(wanted.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(
                {"font_name": _FONT, "font_size": 11, **wanted}
            )
        return self._formats[key]


_TITLE = {"font_name": _HEAD_FONT, "font_size": 14, "align": "center", "valign": "vcenter"}
_HEAD = {
    "font_name": _HEAD_FONT, "border": 1, "align": "center", "valign": "vcenter",
    "text_wrap": True, "bg_color": "#E8EDF3",
}  # fmt: skip
_AXIS = {
    "num_font": {"size": 8},
    "major_gridlines": {"visible": True, "line": {"color": "#E1E5EA"}},
}


def _filled(rows: Sequence[Sequence[Cell]], index: int, cells: Sequence[Cell]) -> Iterable[Cell]:
    """Merged cells repeated: a table that people filter must have no holes."""
    for column, cell in enumerate(cells):
        above = index
        while rows[above][column].continues:
            above -= 1
        yield rows[above][column] if cell.continues else cell


def _number_format(shown: str) -> str:
    """0, 0.0, 0.00 …: as many decimals as are shown."""
    decimals = len(shown.partition(".")[2])
    return "0." + "0" * decimals if decimals else "0"


def _column_widths(table: Table) -> Iterable[int]:
    """As wide as the longest text, two units for a 汉字, within reason."""
    for column, head in enumerate(table.header):
        texts = [text_of(head), *(row[column].text for row in table.rows)]
        yield min(max(_breadth(text) for text in texts) + 2, _WIDEST_COLUMN)


def _breadth(text: str) -> int:
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)


def _set_print(sheet: Any, head: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.7)
    sheet.set_footer("&C— &P —")
