"""A plain table → .xlsx, every cell as it is read on the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook

from diaodu.adapters.sheet_names import sheet_name

_WIDEST = 50


def table_xlsx(
    title: str, header: Sequence[str], rows: Iterable[Sequence[str | int | Decimal]], note: str = ""
) -> bytes:
    """One sheet: an optional line of note, the header, the rows. Texts stay texts, also those that
    begin with “=”; numbers are numbers, shown with the decimals they came with."""
    out = BytesIO()
    with Workbook(out, {"in_memory": True, "constant_memory": True}) as book:
        sheet = book.add_worksheet(sheet_name(title))
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        cell = book.add_format({"text_wrap": True, "valign": "top"})
        formats: dict[int, Any] = {}
        top = 1 if note else 0
        for at, text in enumerate(header):
            sheet.set_column(at, at, min(_WIDEST, 4 + 2 * max(len(text), 5)))
        if note:
            sheet.write_string(0, 0, note)
        sheet.freeze_panes(top + 1, 0)
        for at, text in enumerate(header):
            sheet.write_string(top, at, text, head)
        last = top
        for last, row in enumerate(rows, start=top + 1):
            for at, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(last, at, value, cell)
                elif isinstance(value, Decimal):
                    decimals = len(str(value).partition(".")[2])
                    if decimals not in formats:
                        shown = {"valign": "top", "num_format": f"#,##0.{'0' * decimals}"}
                        formats[decimals] = book.add_format(shown)
                    sheet.write_number(last, at, float(value), formats[decimals])
                else:
                    sheet.write_string(last, at, value, cell)
        sheet.autofilter(top, 0, max(last, top), len(header) - 1)
    return out.getvalue()
