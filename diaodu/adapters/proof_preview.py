"""A Word or Excel file, so much of it as shows what it is."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook

from diaodu.adapters.texts_in import TextError, text_of

_MOST_ROWS, _MOST_COLUMNS, _MOST_SIGNS = 60, 14, 4000


@dataclass(frozen=True)
class Preview:
    """`text` of a Word file, or `rows` of the first sheet; `trouble` where it cannot be read."""

    text: str = ""
    sheet: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    cut: bool = False
    trouble: str = ""


def preview_of(content: bytes, ending: str) -> Preview:
    return _word(content) if ending == ".docx" else _excel(content)


def _word(content: bytes) -> Preview:
    try:
        text = text_of(content).text
    except TextError as error:
        return Preview(trouble=str(error))
    return Preview(text=text[:_MOST_SIGNS], cut=len(text) > _MOST_SIGNS)


def _excel(content: bytes) -> Preview:
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        name = book.sheet_names[0]
        rows = book.get_sheet_by_name(name).to_python(nrows=_MOST_ROWS + 1)
    except (CalamineError, IndexError, OSError):
        return Preview(trouble="这个表打不开，请下载后用 Excel 或 WPS 打开")
    shown = tuple(tuple(_cell(value) for value in row[:_MOST_COLUMNS]) for row in rows[:_MOST_ROWS])
    wide = any(len(row) > _MOST_COLUMNS for row in rows)
    return Preview(sheet=name, rows=shown, cut=wide or len(rows) > _MOST_ROWS)


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
