"""The first sheet of an annotated copy: every remark with its place, what and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink

from diaodu.adapters.forms_excel.look import RISKY
from diaodu.adapters.forms_excel.model import OPINION_SHEET, SEVERITY_NAMES, CellNote, Severity

_TITLE = "审核意见（系统生成）"
_HEADS = (("序号", 6), ("轻重", 9), ("位置", 24), ("指标", 26), ("什么问题", 52), ("怎么办", 44))
_PLACE = 3  # column
_ORDER: tuple[Severity, ...] = ("hard", "soft", "note")
_COLOURS: dict[Severity, tuple[str, str]] = {
    "hard": ("FFFFFF", "B3261E"), "soft": ("7D4A00", "FCEFD6"), "note": ("1F4F8F", "E8F0FA"),
}  # fmt: skip
_SHAPES: dict[Severity, str] = {"hard": "■", "soft": "▲", "note": "●"}
_FONT = "宋体"
_GREY = Side(style="thin", color="8C96A3")
_BOX = Border(left=_GREY, right=_GREY, top=_GREY, bottom=_GREY)
_LINE_HEIGHT = 15
_TEXT_FONT = Font(name=_FONT, size=11)
_LINK_FONT = Font(name=_FONT, size=11, color="1F4F8F", underline="single")
_HEAD_FONT = Font(name="黑体", size=11)


def is_opinion(sheet: Any) -> bool:
    """Whether an earlier annotation made this sheet."""
    return bool(sheet["A1"].value == _TITLE)


def clean(text: str) -> str:
    """Without the control characters that no .xlsx file may hold."""
    return ILLEGAL_CHARACTERS_RE.sub("", text)


def as_text(cell: Any, text: str) -> None:
    """Put a text into a cell that stays a text, whatever it begins with."""
    cell.value = clean(text)
    cell.data_type = "s"
    if text.startswith(RISKY):
        cell.quotePrefix = True


def write_opinion(
    book: Any, notes: Sequence[CellNote], sheets: Mapping[str, Any], remarks: Sequence[str]
) -> Any:
    """Add the sheet in front of the others, the worst remarks first. `sheets`: by the names that
    the notes use; what they name and is not there gets no link."""
    sheet = book.create_sheet(OPINION_SHEET, 0)
    as_text(sheet.cell(1, 1), _TITLE)
    sheet.cell(1, 1).font = Font(name="黑体", size=16)
    as_text(sheet.cell(2, 1), _counts(notes))
    for row, remark in enumerate(remarks, 3):
        as_text(sheet.cell(row, 1), f"{remark}。")
        sheet.cell(row, 1).font = _TEXT_FONT
    head = 3 + len(remarks)
    for column, (text, width) in enumerate(_HEADS, 1):
        cell = sheet.cell(head, column, text)
        _dress(cell, _HEAD_FONT, "E8EDF3", centred=True)
        sheet.column_dimensions[cell.column_letter].width = width
    looks = _Looks(book)
    ordered = sorted(notes, key=lambda note: _ORDER.index(note.severity))
    for number, note in enumerate(ordered, 1):
        _write(sheet, head + number, number, note, sheets, looks)
    _page(sheet, head)
    return sheet


class _Looks:
    """Styles made once on cells that are thrown away: openpyxl looks each part of a style up again
    whenever it is set, which for thousands of remarks takes longer than all the rest."""

    def __init__(self, book: Any) -> None:
        scrap = book.create_sheet("样式")
        made = [scrap.cell(1, column) for column in range(1, 7)]
        _dress(made[0], _TEXT_FONT)
        _dress(made[1], _TEXT_FONT, centred=True)
        _dress(made[2], _LINK_FONT)
        for cell, severity in zip(made[3:], _ORDER, strict=True):
            ink, ground = _COLOURS[severity]
            _dress(cell, Font(name="黑体", size=11, color=ink), ground, centred=True)
        self.text, self.number, self.link, *severities = [cell._style for cell in made]
        self.severity = dict(zip(_ORDER, severities, strict=True))
        book.remove(scrap)


def _dress(cell: Any, font: Font, ground: str = "", *, centred: bool = False) -> None:
    cell.font, cell.border = font, _BOX
    cell.alignment = Alignment(
        vertical="top", wrap_text=not centred, horizontal="center" if centred else None
    )
    if ground:
        cell.fill = PatternFill("solid", fgColor=ground)


def _counts(notes: Sequence[CellNote]) -> str:
    if not notes:
        return "没有发现问题。"
    counts = Counter(note.severity for note in notes)
    told = [f"{SEVERITY_NAMES[one]}{counts[one]}处" for one in _ORDER if counts[one]]
    return "，".join(told) + "。点“位置”可以跳到那一格；改好后保存，再上传一次。"


def _write(
    sheet: Any, row: int, number: int, note: CellNote, sheets: Mapping[str, Any], looks: _Looks
) -> None:
    severity = f"{_SHAPES[note.severity]} {SEVERITY_NAMES[note.severity]}"
    place = f"{note.sheet} {note.cell}".strip() or "整个文件"
    texts = (str(number), severity, place, note.row_label, note.what, note.action)
    is_linked = note.sheet in sheets
    link = looks.link if is_linked else looks.text
    styles = (looks.number, looks.severity[note.severity], link, *[looks.text] * 3)
    for column, (text, style) in enumerate(zip(texts, styles, strict=True), 1):
        cell = sheet.cell(row, column)
        cell._style = copy(style)
        as_text(cell, text)
    if is_linked:
        cell = sheet.cell(row, _PLACE)
        location = f"{quote_sheetname(sheets[note.sheet].title)}!{note.cell or 'A1'}"
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=location)
    sheet.row_dimensions[row].height = _height(texts)


def _height(texts: Sequence[str]) -> float:
    lines = max(
        -(-sum(2 if ord(character) > 0x2E80 else 1 for character in text) // (width - 2))
        for text, (_, width) in zip(texts, _HEADS, strict=True)
    )
    return min(_LINE_HEIGHT * max(lines, 1) + 5, 400)


def _page(sheet: Any, head: int) -> None:
    sheet.freeze_panes = f"A{head + 1}"
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{head}:{head}"
    sheet.oddFooter.center.text = "第&P页，共&N页"
