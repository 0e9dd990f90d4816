"""Any uploaded workbook handed back with remarks: on the cells, and all of them on a first sheet.

Colours are conditional formats and comments carry our name, so that a copy that is mended and
uploaded again can be annotated anew without last time's marks, and no format of the office is
touched. Nothing runs: macros go, and formulas that reach outside the file become their values.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils.cell import get_column_letter

from diaodu.adapters.forms_excel.model import MEGABYTE, SEVERITY_NAMES, CellNote, Severity
from diaodu.adapters.forms_excel.opinion import as_text, clean, is_opinion, write_opinion
from diaodu.adapters.sheet_names import sheet_name
from diaodu.adapters.sheets_in import read_workbook
from diaodu.adapters.sheets_in.trouble import Trouble
from diaodu.adapters.sheets_in.xlsx_in import WORKBOOK
from diaodu.adapters.sheets_in.zip_parts import Package
from diaodu.engine.collect.sheet import Cell, Mark, Sheet, cell_name

_AUTHOR = "调度审核"
_OURS = f'"{_AUTHOR}"="{_AUTHOR}"'  # the formula by which our colours are known again
_FILLS: dict[Severity, tuple[str, str]] = {
    "hard": ("FDE7E4", "B3261E"), "soft": ("FCEFD6", "D9A145"), "note": ("E8F0FA", "1F4F8F"),
}  # fmt: skip
_WORST: tuple[Severity, ...] = ("hard", "soft", "note")
_CELLS_IN_A_RULE = 100
_LARGEST_UNPACKED = 80 * MEGABYTE  # beyond it a copy would cost gigabytes of memory
_ADDRESS = re.compile(r"[A-Z]{1,3}[1-9]\d{0,6}")
# Other workbooks, DDE (=cmd|'…'!A1), and functions that fetch or call something.
_OUTSIDE = re.compile(
    r"\[(?:\d+|[^\]]+\.xl\w+)\]|\|.*!|\b(?:WEBSERVICE|CALL|REGISTER(?:\.ID)?|EXEC|RTD|HYPERLINK|DDE)\s*\(",
    re.IGNORECASE | re.DOTALL,
)
_DRAWN = re.compile(r"xl/(?:drawings/drawing|media/|charts/|ctrlProps/|activeX/|embeddings/)", re.I)
_MACRO = re.compile(r"xl/(?:vbaProject|macrosheets/)", re.I)


@dataclass
class _Copy:
    """The copy being made, the sheets by the names that the notes use, what is lost on the way."""

    book: Any
    sheets: dict[str, Any]
    remarks: list[str] = field(default_factory=list)


def annotate(content: bytes, notes: Sequence[CellNote], *, name: str = "上传的文件.xlsx") -> bytes:
    """A copy of the upload as .xlsx with the notes. Raises nothing for what is in the file: where
    it cannot be copied, the sheet of remarks comes alone and says so."""
    copy = _copied(content, name)
    for sheet, some in _by_sheet(notes).items():
        if sheet in copy.sheets:
            _mark(copy.sheets[sheet], some)
    opinion = write_opinion(copy.book, notes, copy.sheets, copy.remarks)
    for sheet in copy.book.worksheets:
        sheet.sheet_view.tabSelected = sheet is opinion
    copy.book.active = 0
    stream = BytesIO()
    copy.book.save(stream)
    return stream.getvalue()


def _by_sheet(notes: Iterable[CellNote]) -> dict[str, list[CellNote]]:
    found: dict[str, list[CellNote]] = defaultdict(list)
    for note in notes:
        if _ADDRESS.fullmatch(note.cell):
            found[note.sheet].append(note)
    return found


# -- the copy --------------------------------------------------------------------------------------


def _copied(content: bytes, name: str) -> _Copy:
    try:
        parts = _parts(content)
    except Trouble as trouble:
        return _alone([f"原文件{trouble.why}，这里只有审核意见"])
    if parts is not None:
        try:
            return _same_book(content, parts, name)
        except Exception:  # openpyxl raises anything over what it does not know
            return _values(content, name, "原文件的格式有不认识的地方，这里只保留了数值和文字")
    kind = name.rpartition(".")[2].lower() if "." in name else ""
    kind = f" .{kind} " if kind in ("xls", "csv", "et", "tsv") else ""
    return _values(content, name, f"原文件是{kind}格式，这里转成了 .xlsx，只保留了数值和文字")


def _parts(content: bytes) -> list[str] | None:
    """Names of an .xlsx file's parts, all sound; None for another kind of file.

    Raises Trouble for a damaged or hostile package, and for one too large to be copied.
    """
    if not content.startswith(b"PK"):
        return None
    package = Package(content)
    if WORKBOOK not in package:
        return None
    sizes = [len(package.read(part)) for part in package.names]
    if sum(sizes) > _LARGEST_UNPACKED:
        raise Trouble("too_big", "太大", "")
    return package.names


def _same_book(content: bytes, parts: list[str], name: str) -> _Copy:
    book = openpyxl.load_workbook(BytesIO(content), keep_vba=False, keep_links=False)
    for sheet in [each for each in book.worksheets if is_opinion(each)]:
        if len(book.worksheets) > 1:
            book.remove(sheet)
    copy = _Copy(book, {sheet.title: sheet for sheet in book.worksheets})
    for sheet in book.worksheets:
        _take_off_marks(sheet)
    stopped = _stop_formulas(copy, content, name)
    if stopped:
        copy.remarks.append(f"有{stopped}处公式要连到文件以外，这里改成了它们的值")
    if any(map(_MACRO.match, parts)):
        copy.remarks.append("原文件里有宏，这里去掉了")
    if any(map(_DRAWN.match, parts)):
        copy.remarks.append("原文件里有图片、图表或控件，这里可能缺少，以原文件为准")
    book.calculation.fullCalcOnLoad = True
    return copy


def _take_off_marks(sheet: Any) -> None:
    """What an earlier annotation left."""
    kept = ConditionalFormattingList()
    for area in sheet.conditional_formatting:
        for rule in area.rules:
            if list(rule.formula) != [_OURS]:
                kept.add(str(area.sqref), rule)
    sheet.conditional_formatting = kept
    for cell in _cells(sheet):
        if cell.comment is not None and cell.comment.author == _AUTHOR:
            cell.comment = None


def _cells(sheet: Any) -> list[Any]:
    """The cells that exist. Walking over rows would make all that are missing, up to billions."""
    return list(sheet._cells.values())


def _stop_formulas(copy: _Copy, content: bytes, name: str) -> int:
    """Replace formulas that reach outside by the values last stored; tells how many."""
    outside = [
        cell
        for sheet in copy.sheets.values()
        for cell in _cells(sheet)
        if cell.data_type == "f" and _OUTSIDE.search(_formula(cell))
    ]
    if not outside:
        return 0
    stored = {
        (sheet.name, cell_name(cell.row, cell.col)): cell
        for sheet in read_workbook(content, file=name, received=date.min).sheets
        for cell in sheet.cells
    }
    for cell in outside:
        known = stored.get((cell.parent.title, cell.coordinate))
        if known is not None and isinstance(known.value, Decimal):
            _put_number(cell, known)
        else:
            as_text(cell, known.text if known is not None and known.text else _formula(cell))
    return len(outside)


def _formula(cell: Any) -> str:
    """Array formulas are objects with the text inside."""
    return str(getattr(cell.value, "text", cell.value) or "")


def _values(content: bytes, name: str, remark: str) -> _Copy:
    """A new workbook with the values that our own readers see."""
    book = read_workbook(content, file=name, received=date.min)
    if not book.sheets:
        return _alone(["原文件读不出内容，这里只有审核意见"])
    copy = _alone([remark])
    for sheet in book.sheets:
        copy.sheets[sheet.name] = _lay(copy.book, sheet)
    return copy


def _alone(remarks: list[str]) -> _Copy:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    return _Copy(book, {}, remarks)


def _lay(book: Any, sheet: Sheet) -> Any:
    made = book.create_sheet(sheet_name(sheet.name) or "报表")
    for cell in sheet.cells:
        place = made.cell(cell.row + 1, cell.col + 1)
        if isinstance(cell.value, Decimal):
            _put_number(place, cell)
        elif cell.text:
            as_text(place, cell.text)
    for merge in sheet.merges:
        made.merge_cells(
            start_row=merge.top + 1, start_column=merge.left + 1, end_row=merge.bottom + 1,
            end_column=merge.right + 1,
        )  # fmt: skip
    if sheet.hidden:
        made.sheet_state = "hidden"
    return made


def _put_number(place: Any, cell: Cell) -> None:
    """As a person saw it: 8.3 that was shown as percent goes back as 0.083, shown as percent."""
    assert isinstance(cell.value, Decimal)
    decimals = len(cell.text.rstrip("%").partition(".")[2])
    digits = "0" + ("." + "0" * decimals if decimals else "")
    if cell.mark & Mark.PERCENT:
        place.value, place.number_format = cell.value.scaleb(-2), f"{digits}%"
    else:
        place.value = cell.value
        if cell.text.replace(",", "").lstrip("-").replace(".", "", 1).isdecimal():
            place.number_format = f"#,##{digits}" if "," in cell.text else digits


# -- marks -----------------------------------------------------------------------------------------


def _mark(sheet: Any, notes: list[CellNote]) -> None:
    corners = _Corners(sheet)
    by_cell: dict[str, list[CellNote]] = defaultdict(list)
    for note in notes:
        by_cell[corners.of(note.cell)].append(note)
    coloured: dict[Severity, list[str]] = defaultdict(list)
    for place, some in by_cell.items():
        worst = min((note.severity for note in some), key=_WORST.index)
        coloured[worst].append(place)
        _comment(sheet[place], some)
    rules = [
        (" ".join(places), severity)
        for severity in _WORST
        for places in _chunks(coloured[severity])
    ]
    _colour(sheet, rules)


class _Corners:
    """The top left cell of the merged block that a cell lies in, else the cell itself."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self._blocks: dict[str, str] | None = None

    def of(self, place: str) -> str:
        if not isinstance(self._sheet[place], MergedCell):
            return place
        if self._blocks is None:
            self._blocks = {
                f"{get_column_letter(col)}{row}": block.coord.partition(":")[0]
                for block in self._sheet.merged_cells.ranges
                for row, col in block.cells
            }
        return self._blocks.get(place, place)


def _comment(cell: Any, notes: list[CellNote]) -> None:
    lines = [
        f"{SEVERITY_NAMES[note.severity]}：{_ended(note.what)}{_ended(note.action)}"
        for note in notes
    ]
    earlier = cell.comment.text if cell.comment is not None else ""
    text = "\n".join([*lines, *(["原批注：" + earlier] if earlier else [])])
    height = 24 + 18 * sum(1 + len(line) // 20 for line in text.split("\n"))
    cell.comment = Comment(clean(text), _AUTHOR, height=min(height, 400), width=320)


def _ended(text: str) -> str:
    return text if text.endswith(("。", "？")) else f"{text}。"


def _chunks(places: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(places), _CELLS_IN_A_RULE):
        yield places[start : start + _CELLS_IN_A_RULE]


def _colour(sheet: Any, rules: list[tuple[str, Severity]]) -> None:
    """Our colours stand before the sheet's own conditions, which keep their order."""
    for area in sheet.conditional_formatting:
        for rule in area.rules:
            rule.priority += len(rules)
    for priority, (places, severity) in enumerate(rules, 1):
        rule = Rule(
            type="expression", formula=[_OURS], dxf=_style(severity), priority=priority,
            stopIfTrue=True,
        )  # fmt: skip
        sheet.conditional_formatting.add(places, rule)


def _style(severity: Severity) -> DifferentialStyle:
    fill, edge = _FILLS[severity]
    side = Side(style="thin", color=edge)
    return DifferentialStyle(
        font=Font(color=edge) if severity == "hard" else None,
        fill=PatternFill(bgColor=fill, fill_type="solid"),
        border=Border(left=side, right=side, top=side, bottom=side),
    )
