"""Many duties in one Excel list: the form that is handed out, and its rows read back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from typing import NamedTuple

from python_calamine import CalamineError, CalamineWorkbook
from xlsxwriter import Workbook

from diaodu.engine.ground.errors import DiaoduError

# Column → what stands in it; those with ＊ must be filled.
COLUMNS: dict[str, str] = {
    "title": "事项＊", "lead": "主办单位＊", "person": "承办人＊", "latest": "最晚期限＊",
    "best": "力争期限", "supporting": "协办单位", "source": "来源＊", "origin": "来源的名称或文号",
    "leader": "分管领导", "measures": "怎样办", "things": "对象", "proof_asked": "要交的凭证",
}  # fmt: skip
_HELP = "一行一件；＊必填。日期写成2023-10-20；几个单位、几项对象或凭证之间用顿号隔开。不要改表头。"
_EMPTY_ROWS = 300
MOST_ROWS = 500


class ListError(DiaoduError):
    """The file is no such list: why, and what to do."""


class Line(NamedTuple):
    """One row: its number in the sheet, and column → text as it stands."""

    row: int
    cells: dict[str, str]


def cell_of(row: int, column: str) -> str:
    """B5: where a column stands in a row."""
    return f"{chr(ord('A') + list(COLUMNS).index(column))}{row}"


def write_form(
    orgs: Sequence[str], persons: Sequence[str], sources: Sequence[str], leaders: Sequence[str]
) -> bytes:
    """The empty form, with lists to choose from."""
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet, lists = book.add_worksheet("交办事项"), book.add_worksheet("可选")
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
        sheet.write_string(0, 0, _HELP)
        for at, (name, label) in enumerate(COLUMNS.items()):
            wide = 44 if name in ("title", "measures") else 20
            sheet.set_column(at, at, wide, day if name in ("latest", "best") else text)
            sheet.write_string(1, at, label, head)
        sheet.freeze_panes(2, 1)
        chosen = {"lead": orgs, "person": persons, "source": sources, "leader": leaders}
        for at, (name, choices) in enumerate(chosen.items()):
            lists.write_column(0, at, [COLUMNS[name], *choices])
            column = list(COLUMNS).index(name)
            letter = chr(ord("A") + at)
            if choices:
                sheet.data_validation(
                    2, column, _EMPTY_ROWS, column,
                    {"validate": "list", "error_type": "warning",
                     "source": f"=可选!${letter}$2:${letter}${len(choices) + 1}"},
                )  # fmt: skip
    return out.getvalue()


def read_list(content: bytes) -> list[Line]:
    """The filled rows. Raises ListError where it is not this form."""
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, IndexError, OSError) as error:
        raise ListError("打不开这个文件；请用下载的表，另存为 .xlsx 再上传") from error
    head = [str(value).strip() for value in rows[1]] if len(rows) > 1 else []
    lacks = [label for label in COLUMNS.values() if label not in head]
    if lacks:
        raise ListError(f"第2行表头缺“{'”“'.join(lacks)}”；请下载空表，不要改表头")
    places = {name: head.index(label) for name, label in COLUMNS.items()}
    found = []
    for number, row in enumerate(rows[2:], start=3):
        cells = {name: _text(row[at]) if at < len(row) else "" for name, at in places.items()}
        if any(cells.values()):
            found.append(Line(number, cells))
    if not found:
        raise ListError("表里没有事项；从第3行起填，一行一件")
    if len(found) > MOST_ROWS:
        raise ListError(f"表里有{len(found)}件，一次最多{MOST_ROWS}件，请分成几个文件")
    return found


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
