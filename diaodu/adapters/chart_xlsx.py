"""One chart of a page → .xlsx: its numbers as a table, and beside it a native chart of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any, Literal

from xlsxwriter import Workbook

from diaodu.adapters.sheet_names import sheet_name
from diaodu.engine.report.spans import is_numeric

Shape = Literal["line", "column", "bar"]

_HEAD, _FIRST = 2, 3  # rows
_FONT = "宋体"
_LOOKS: tuple[dict[str, Any], ...] = (
    {"color": "#1F4F8F", "width": 2.25},
    {"color": "#8C96A3", "width": 1.5},
    {"color": "#465160", "width": 1.25, "dash_type": "round_dot"},
    {"color": "#1F4F8F", "width": 1.25, "dash_type": "dash"},
    {"color": "#1A2330", "width": 1.25, "dash_type": "long_dash"},
)
_TALLEST = 1400  # pixels


@dataclass(frozen=True, slots=True)
class Drawn:
    """`rows` as shown, the first column names them; `plots`: the columns that are drawn. What is
    a number becomes one with its decimals, "" is a gap, other words stay words."""

    title: str
    unit: str
    note: str
    shape: Shape
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    plots: tuple[int, ...]


def chart_xlsx(drawn: Drawn, *, on: date) -> bytes:
    """`on` stands as the day of creation: nothing comes from the clock."""
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, options) as book:
        created = datetime(on.year, on.month, on.day)  # noqa: DTZ001
        book.set_properties({"title": drawn.title, "author": "调度", "created": created})
        sheet = book.add_worksheet(sheet_name(drawn.title))
        _write_table(book, sheet, drawn)
        sheet.insert_chart(_HEAD, len(drawn.heads) + 1, _chart(book, sheet.name, drawn))
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
    return out.getvalue()


def _write_table(book: Workbook, sheet: Any, drawn: Drawn) -> None:
    base = {"font_name": _FONT, "font_size": 11}
    title = book.add_format({**base, "font_name": "黑体", "font_size": 14})
    small = book.add_format({**base, "font_size": 9})
    head = book.add_format({**base, "border": 1, "bg_color": "#E8EDF3", "align": "center"})
    words = book.add_format({**base, "border": 1, "quote_prefix": True})
    unit = f"（{drawn.unit}）" if drawn.unit else ""
    sheet.write_string(0, 0, f"{drawn.title}{unit}", title)
    sheet.write_string(1, 0, drawn.note, small)
    for column, name in enumerate(drawn.heads):
        sheet.write_string(_HEAD, column, name, head)
        texts = [name, *(row[column] for row in drawn.rows)]
        sheet.set_column(column, column, min(40, max(map(_breadth, texts)) + 3))
    formats: dict[str, Any] = {}
    for at, row in enumerate(drawn.rows, _FIRST):
        for column, text in enumerate(row):
            plain = text.replace(",", "").replace("−", "-").removeprefix("+")
            if column and is_numeric(plain):
                form = _digits(plain)
                shape = formats.setdefault(
                    form, book.add_format({**base, "border": 1, "num_format": form})
                )
                sheet.write_number(at, column, float(plain), shape)
            elif text:
                sheet.write_string(at, column, text, words)
    sheet.freeze_panes(_FIRST, 1)


def _digits(plain: str) -> str:
    decimals = len(plain.partition(".")[2])
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _chart(book: Workbook, name: str, drawn: Drawn) -> Any:
    chart = book.add_chart({"type": drawn.shape})
    last = _FIRST + len(drawn.rows) - 1
    for at, column in enumerate(drawn.plots):
        chart.add_series({
            "name": [name, _HEAD, column],
            "categories": [name, _FIRST, 0, last, 0],
            "values": [name, _FIRST, column, last, column],
            **_look(drawn, column, _LOOKS[at % len(_LOOKS)]),
        })  # fmt: skip
    unit = f"（{drawn.unit}）" if drawn.unit else ""
    chart.set_title({"name": f"{drawn.title}{unit}\n{drawn.note}",
                     "name_font": {"size": 11, "bold": False}})  # fmt: skip
    chart.set_x_axis({"label_position": "low", "reverse": False})
    chart.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": "#E1E5EA"}}})
    if drawn.shape == "bar":  # the first row on top
        chart.set_y_axis({"reverse": True, "label_position": "low"})
        chart.set_x_axis({"label_position": "high"})
    chart.set_legend({"none": True} if len(drawn.plots) == 1 else {"position": "bottom"})
    chart.show_blanks_as("gap")
    height = 60 + 24 * len(drawn.rows) if drawn.shape == "bar" else 400
    chart.set_size({"width": 760, "height": min(_TALLEST, max(400, height))})
    return chart


def _look(drawn: Drawn, column: int, look: dict[str, Any]) -> dict[str, Any]:
    """One line by colour and stroke; bars below zero hollow; few numbers are printed on it."""
    if drawn.shape == "line":
        known = [row[column] for row in drawn.rows if row[column]]
        marker = {"type": "circle", "size": 4, "fill": {"color": look["color"]}}
        return {"line": look, "marker": marker if len(known) < len(drawn.rows) else None}
    return {
        "fill": {"color": look["color"]}, "border": {"color": look["color"]},
        "invert_if_negative": True, "invert_if_negative_color": "#FFFFFF",
        "gap": 60, "data_labels": {"value": True},
    }  # fmt: skip


def _breadth(text: Sequence[str]) -> int:
    return sum(2 if ord(character) > 0x2E80 else 1 for character in text)
