"""tables.xlsx and findings.xlsx: frozen panes, units, number formats, native charts.

Texts are always written as texts: a cell that begins with = + - or @ stays words and never
becomes a formula, a link or a number, not even when somebody edits it (the quote prefix). Figures
are written as they are shown, so that what Excel displays is what the bulletin prints. Every row
says its height: LibreOffice lets wrapped texts run over each other otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from diaodu.adapters.sheet_names import sheet_name
from diaodu.engine.report.document import Cell, Spans, Table, text_of, unit_line
from diaodu.engine.report.workbook import FINDING_HEADS, FindingRow, Series, Tables

_FONT = "宋体"
_HEAD_FONT = "黑体"
_OPTIONS = {
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "in_memory": True,
}  # fmt: skip
_FINDING_WIDTHS = (6, 13, 26, 10, 8, 11, 16, 14, 46, 34, 14, 14)
_FINDING_PRINTED = 10  # columns; 应为 and 实为 stand in the sentences as well
_SERIES_HEADS = (
    ("指标", 24), ("统计期", 17), ("总量", 13), ("计量单位", 11), ("同比%", 9), ("图中年份", 10),
    ("图中月份", 10),
)  # fmt: skip
_LEVEL, _UNIT, _GROWTH, _YEAR, _MONTH = range(2, 7)  # columns of 数据
_CHART_ROWS = 18
_CHARTS_ACROSS = 2
_CHART_ROWS_ON_PAGE = 2
_CHART_COLUMNS = 9
_WIDEST_COLUMN = 36
_LONG_HEAD = 12  # a longer header has what stands in brackets on a line of its own
_REMARK_SIZE = 9
_NARROWEST = 62  # characters: narrower sheets are stretched to hold the lines over and under them
_LINE_HEIGHT = 15  # points for a line of 11-point text
_HIGHEST_ROW = 409
_LONGEST_HEADER = 240  # of the 255 signs that Excel allows
_UPRIGHT_UP_TO = 90  # characters: wider sheets are printed on a turned page
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def write_tables(tables: Tables, path: Path, on: date) -> None:
    """Write tables.xlsx. `on` stands as its day of creation: nothing comes from the clock."""
    with _Book(path, f"{tables.title}主要指标表", on) as book:
        book.add_table("一览表", tables.comparison, tables.title, tables.note)
        for name, table, remark in tables.rankings:
            book.add_table(name, table, tables.title, tables.note, text_of(remark))
        book.add_table("目标与欠账", tables.targets, tables.title, tables.note)
        book.add_series(tables.series, tables.title, tables.note)
        book.add_findings("审核意见", tables.findings)


def write_findings(rows: Sequence[FindingRow], path: Path, on: date) -> None:
    """Write findings.xlsx for people."""
    with _Book(path, "审核意见", on) as book:
        book.add_findings("审核意见", rows)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table on a sheet of its own, with the line under it."""

    name: str
    table: Table
    remark: str = ""


def write_sheets(
    sheets: Sequence[Sheet], series: Sequence[Series], out: Path | BinaryIO, on: date, *,
    title: str, note: str,
) -> None:  # fmt: skip
    """Tables one sheet each, and the series with their charts. `title` and `note` stand over
    every table."""
    with _Book(out, title, on) as book:
        for sheet in sheets:
            book.add_table(sheet.name, sheet.table, title, note, sheet.remark)
        if any(each.points for each in series):
            book.add_series(series, title, note)


class _Book:
    """A workbook being written, with its formats and the sheet names already given."""

    def __init__(self, out: Path | BinaryIO, title: str, on: date) -> None:
        target = str(out) if isinstance(out, Path) else out
        self._book = xlsxwriter.Workbook(target, _OPTIONS)
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

    def add_table(self, name: str, table: Table, title: str, note: str, remark: str = "") -> None:
        """Title, unit and note over the header, the remark under the table; the header and the
        first column stay in sight. Titles run over the columns: a merged cell would cut them."""
        sheet = self._sheet(name)
        sheet.write_string(0, 0, text_of(table.caption), self._format(**_TITLE))
        small = self._format(font_size=_REMARK_SIZE, align="left")
        above = (title, note, text_of(unit_line(table)))
        sheet.write_string(1, 0, "　".join(each for each in above if each), small)
        head = 2
        widths = _column_widths(table)
        for column, (spans, width) in enumerate(zip(table.header, widths, strict=True)):
            sheet.write_string(head, column, _head_text(spans), self._format(**_HEAD))
            sheet.set_column(column, column, width)
        for row, cells in enumerate(table.rows, head + 1):
            for column, cell in enumerate(_filled(table.rows, row - head - 1, cells)):
                self._write(sheet, row, column, cell)
            sheet.set_row(row, _row_height([cell.text for cell in cells], widths, 5))
        if remark:
            self._write_remark(sheet, head + len(table.rows) + 1, remark, widths)
        sheet.set_row(0, 26)
        sheet.set_row(head, 34)
        sheet.freeze_panes(head + 1, 1)
        _set_print(sheet, head, upright=sum(widths) <= _UPRIGHT_UP_TO)

    def _write_remark(self, sheet: Any, row: int, remark: str, widths: Sequence[int]) -> None:
        shape = self._format(font_size=_REMARK_SIZE, text_wrap=True, valign="top")
        sheet.merge_range(row, 0, row, len(widths) - 1, "", shape)
        sheet.write_string(row, 0, remark, shape)
        sheet.set_row(row, _row_height([remark], [sum(widths)], 3))

    def add_series(self, series: Sequence[Series], title: str, note: str) -> None:
        """The history one below the other on 数据, one chart each on 图; what they are of stands
        over the one and on the printed pages of both."""
        data, charts = self._sheet("数据"), self._sheet("图")
        above = "　".join(each for each in (title, note) if each)
        data.write_string(0, 0, above, self._format(font_size=_REMARK_SIZE, align="left"))
        head = 1
        for column, (name, width) in enumerate(_SERIES_HEADS):
            data.write_string(head, column, name, self._format(**_HEAD))
            data.set_column(column, column, width)
        data.set_row(head, 24)
        shown = [each for each in series if each.points]
        first = head + 1
        for index, each in enumerate(shown):
            self._write_series(data, first, each)
            row, across = divmod(index, _CHARTS_ACROSS)
            chart = self._chart(data, first, each)
            place = (row * _CHART_ROWS, across * _CHART_COLUMNS)
            charts.insert_chart(*place, chart, {"x_offset": 8, "y_offset": 8})
            first += len(each.points)
        data.autofilter(head, 0, max(first - 1, head + 1), len(_SERIES_HEADS) - 1)
        data.freeze_panes(head + 1, 2)
        _set_print(data, head, upright=True)
        for sheet in (data, charts):
            sheet.set_header("&L&9" + above.replace("&", "&&")[:_LONGEST_HEADER])
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
        sheet.set_row(0, 24)
        for index, row in enumerate(rows, 1):
            for column, words in enumerate(row):
                self._write_text(sheet, index, column, words, border=1, valign="top")
            sheet.set_row(index, _row_height(row, _FINDING_WIDTHS, 3))
        sheet.autofilter(0, 0, max(len(rows), 1), len(FINDING_HEADS) - 1)
        sheet.freeze_panes(1, 2)
        _set_print(sheet, 0)
        sheet.print_area(0, 0, len(rows), _FINDING_PRINTED - 1)

    # -- cells -------------------------------------------------------------------------------

    def _write(self, sheet: Any, row: int, column: int, cell: Cell) -> None:
        shape: dict[str, Any] = {"border": 1, "valign": "vcenter", "align": cell.align}
        if cell.number is None:
            self._write_text(sheet, row, column, cell.text, **shape)
        else:
            shape["num_format"] = _number_format(cell.number, cell.signs)
            sheet.write_number(row, column, float(cell.number), self._format(**shape))

    def _write_text(self, sheet: Any, row: int, column: int, words: str, **shape: Any) -> None:
        if words.startswith(_RISKY):
            shape["quote_prefix"] = True
        sheet.write_string(row, column, words, self._format(text_wrap=True, **shape))

    def _write_series(self, sheet: Any, first: int, series: Series) -> None:
        for row, point in enumerate(series.points, first):
            self._write_text(sheet, row, 0, series.name, border=1)
            self._write_text(sheet, row, 1, point.label, border=1, align="center")
            self._write_text(sheet, row, _UNIT, series.unit or "—", border=1, align="center")
            # Written once for all its periods: the chart then brackets the year under them.
            is_new = row == first or point.year != series.points[row - first - 1].year
            if is_new:
                self._write_text(sheet, row, _YEAR, f"{point.year}年", border=1, align="center")
            else:
                sheet.write_blank(row, _YEAR, None, self._format(border=1))
            self._write_text(sheet, row, _MONTH, str(point.month), border=1, align="center")
            for column, shown in ((_LEVEL, point.level), (_GROWTH, point.growth)):
                if shown is None:
                    sheet.write_blank(row, column, None, self._format(border=1))
                else:
                    shape = self._format(border=1, num_format=_number_format(shown))
                    sheet.write_number(row, column, float(shown), shape)
            sheet.set_row(row, _LINE_HEIGHT + 1)

    # -- charts ------------------------------------------------------------------------------

    def _chart(self, data: Any, first: int, series: Series) -> Any:
        """Columns for the level with the growth as a line; the line alone without a level.
        `first`: the row of the series' first point on 数据."""
        has_level = any(point.level is not None for point in series.points)
        has_growth = any(point.growth is not None for point in series.points)
        last = first + len(series.points) - 1

        def line(column: int, name: str) -> dict[str, Any]:
            return {
                "name": name,
                "categories": [data.name, first, _YEAR, last, _MONTH],
                "values": [data.name, first, column, last, column],
            }

        blue = {"color": "#1F4F8F"}
        growth = {
            **line(_GROWTH, "同比（%）"), "line": {**blue, "width": 1.75},
            "marker": {"type": "circle", "size": 4, "fill": blue, "border": blue},
        }  # fmt: skip
        if not has_level:
            chart = self._book.add_chart({"type": "line"})
            chart.add_series(growth)
            chart.set_y_axis(_AXIS)
        else:
            chart = self._book.add_chart({"type": "column"})
            chart.add_series(
                {**line(_LEVEL, f"总量（{series.unit}）"), "fill": {"color": "#C3CAD3"}, "gap": 60}
            )
            chart.set_y_axis({**_AXIS, "num_format": "#,##0"})
            if has_growth:
                chart.combine(self._growth_line(growth))
        units = "、".join(each for each in (series.unit, "%" if has_growth else "") if each)
        title = f"{series.name}（{units}）" if units else series.name
        chart.set_title(
            {"name": title, "name_font": {"name": _HEAD_FONT, "size": 12, "bold": False}}
        )
        chart.set_x_axis(
            {
                "num_font": {"size": 8}, "label_position": "low", "line": {"color": "#8C96A3"},
                "name": "统计期截至月份", "name_font": {"size": 8, "bold": False},
            }
        )  # fmt: skip
        chart.set_legend({"position": "bottom", "font": {"size": 9}})
        chart.show_blanks_as("gap")
        chart.set_size({"width": 560, "height": 345})
        return chart

    def _growth_line(self, growth: dict[str, Any]) -> Any:
        chart = self._book.add_chart({"type": "line"})
        chart.add_series({**growth, "y2_axis": True})
        chart.set_y2_axis({"num_font": {"size": 8}, "line": {"none": True}})
        return chart

    # -- parts -------------------------------------------------------------------------------

    def _sheet(self, wanted: str) -> Any:
        """A sheet by that name, made legal and, where taken, numbered."""
        name = sheet_name(wanted)
        number = 2
        while name.casefold() in self._names:
            name = sheet_name(wanted, f"（{number}）")
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


_TITLE = {"font_name": _HEAD_FONT, "font_size": 14, "align": "left", "valign": "vcenter"}
_HEAD = {
    "font_name": _HEAD_FONT, "border": 1, "align": "center", "valign": "vcenter",
    "text_wrap": True, "bg_color": "#E8EDF3",
}  # fmt: skip
_AXIS: dict[str, Any] = {
    "num_font": {"size": 8},
    "line": {"none": True},
    "major_gridlines": {"visible": True, "line": {"color": "#E1E5EA"}},
}


def _filled(rows: Sequence[Sequence[Cell]], index: int, cells: Sequence[Cell]) -> Iterable[Cell]:
    """Merged cells repeated: a table that people filter must have no holes."""
    for column, cell in enumerate(cells):
        above = index
        while rows[above][column].continues:
            above -= 1
        yield rows[above][column] if cell.continues else cell


def _number_format(shown: str, signs: tuple[str, str, str] | None = None) -> str:
    """#,##0.00: as many decimals as are shown; with the words for over, under and at zero."""
    decimals = len(shown.partition(".")[2])
    digits = "#,##0" + ("." + "0" * decimals if decimals else "")
    if signs is None:
        return digits
    over, under, zero = signs
    return f'"{over}"{digits};"{under}"{digits};"{zero}"'


def _head_text(spans: Spans) -> str:
    text = text_of(spans)
    return text.replace("（", "\n（", 1) if _breadth(text) > _LONG_HEAD else text


def _column_widths(table: Table) -> list[int]:
    """As wide as the longest text, two units for a 汉字, within reason."""
    widths: list[int] = []
    for column, head in enumerate(table.header):
        texts = [row[column].text for row in table.rows]
        longest = max(_breadth(text) for text in (*texts, *_head_text(head).split("\n")))
        widths.append(min(longest + 2, _WIDEST_COLUMN))
    missing = max(_NARROWEST - sum(widths), 0)
    return [width + missing // len(widths) for width in widths]


def _row_height(texts: Iterable[str], widths: Iterable[int], room: int) -> int:
    """Points that the most wrapped text of a row needs, with some room around it."""
    lines = max(
        sum(-(-max(_breadth(line), 1) // (width - 1)) for line in text.split("\n"))
        for text, width in zip(texts, widths, strict=True)
    )
    return min(_LINE_HEIGHT * lines + room, _HIGHEST_ROW)


def _breadth(text: str) -> int:
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)


def _set_print(sheet: Any, head: int, *, upright: bool = False) -> None:
    if not upright:
        sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.center_horizontally()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(head)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.7)
    sheet.set_footer("&C— &P —")
