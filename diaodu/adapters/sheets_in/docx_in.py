""".docx: every table of a Word document as a sheet of its own, 表1, 表2 … as they stand.

Cells are counted within the table, a merged cell as wide and as deep as it is drawn; every cell
is a text. The lines right above a table (its title, 单位：万元) come with it as `Sheet.above`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml.etree import XMLSyntaxError

from diaodu.adapters.sheets_in import limits
from diaodu.adapters.sheets_in.cells import HIDDEN, MARKS, TEXT, finish
from diaodu.adapters.sheets_in.trouble import Trouble, too_big, unreadable
from diaodu.adapters.sheets_in.xml_pass import walk
from diaodu.adapters.sheets_in.zip_parts import Package
from diaodu.engine.collect.sheet import Cell, Merge, Sheet

DOCUMENT = "word/document.xml"

_ROOT, _TABLE, _ROW, _CELL, _LINE = (qn(f"w:{tag}") for tag in ("document", "tbl", "tr", "tc", "p"))
_REVISED = tuple(
    qn(f"w:{tag}")
    for tag in ("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge")
)
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_UNSEEN = frozenset((qn("w:instrText"), "{http://schemas.openxmlformats.org/markup-compatibility/"
                     "2006}Fallback"))  # fmt: skip
# A symbol of a picture font has no letter of its own; whoever reads it must see that it is there.
_FOR_SYMBOL = "□"
_SIGNS = {
    qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-",
    qn("w:sym"): _FOR_SYMBOL, qn("w:softHyphen"): "",
}  # fmt: skip
_STOPS = ("。", "；", ";", "！", "？")
_LONGEST_LINE = 60  # signs; what is longer above a table is no title
_MOST_LINES = 4
_ABOUT_ABOVE = ("以上", "上表", "上述")

Element = Any  # lxml ships no types
OnSheet = Callable[[Sheet], None]
OnTrouble = Callable[[Trouble, str], None]


def read_docx(package: Package, on_sheet: OnSheet, on_trouble: OnTrouble) -> bool:
    """Read all tables; False where there is none. Raises Trouble where the document is broken."""
    root = _parsed(package)
    tables = list(root.iter(_TABLE))
    if any(True for _ in root.iter(qn("w:object"))):
        on_trouble(_embedded(), "")
    seen = 0
    for number, table in enumerate(tables, start=1):
        name = f"表{number}"
        try:
            found = _Table(seen)
            found.read(table)
            seen += len(found.cells)
            sheet = finish(name, found.cells, found.merges)
            on_sheet(replace(sheet, above=_lines_above(table)))
        except Trouble as trouble:
            on_trouble(trouble, name)
    return bool(tables)


def _parsed(package: Package) -> Element:
    content = package.read(DOCUMENT)
    walk(content, DOCUMENT, lambda _name, _attributes: None)  # no document type, nothing cut off
    try:
        root = parse_xml(content)
    except XMLSyntaxError as error:
        raise unreadable("的内部层次太深，读不出内容") from error
    if root.tag != _ROOT and root.tag.endswith("}document"):
        raise unreadable("是以“严格的 Open XML”格式保存的", _SAVE_AS_DOCX)
    return root


_SAVE_AS_DOCX = "用 Word 或 WPS 打开，另存为普通的 .docx，或把表复制到 .xlsx 后重新报送"
_ACCEPT = "请报送单位在 Word 里接受或拒绝全部修订后重新报送"


def _embedded() -> Trouble:
    return unreadable(
        "里有嵌入的对象（如插入的 Excel 表），其中的内容没有读",
        "要报的表请另存为 .xlsx 后一并报送", "soft",
    )  # fmt: skip


@dataclass(slots=True)
class _Open:
    """A cell that may still grow downward: where it began and how wide it is."""

    top: int
    left: int
    right: int
    bottom: int


class _Table:
    """The cells and merged blocks of one table. `before` counts the document's cells so far."""

    def __init__(self, before: int) -> None:
        self.cells: list[Cell] = []
        self.merges: list[Merge] = []
        self._before = before
        self._open: dict[int, _Open] = {}

    def read(self, table: Element) -> None:
        """Raises Trouble for unaccepted changes and for what no honest table has."""
        if next(table.iter(*_REVISED), None) is not None:
            raise unreadable("含有尚未接受的修订，不能确定以哪一个数为准", _ACCEPT)
        for number, row in enumerate(_own(table, _ROW, _TABLE)):
            if number >= limits.MAX_ROWS:
                raise too_big(f"超过 {limits.MAX_ROWS} 行")
            self._read_row(number, row)
        self.merges += [Merge(o.top, o.left, o.bottom, o.right) for o in self._open.values()]
        self.merges = [m for m in self.merges if (m.top, m.left) != (m.bottom, m.right)]

    def _read_row(self, number: int, row: Element) -> None:
        is_hidden = _is_on(row, "trPr", "hidden")
        left = _number(row, "trPr", "gridBefore", 0)
        for cell in _own(row, _CELL, _ROW):
            right = left + _number(cell, "tcPr", "gridSpan", 1) - 1
            if right >= limits.MAX_COLUMNS:
                raise too_big(f"第{number + 1}行超过 {limits.MAX_COLUMNS} 列")
            self._place(number, left, right, _grows(cell))
            text = _text(cell).strip()
            if text:
                bits = TEXT | (HIDDEN if is_hidden or _holds_unseen(cell) else 0)
                self.cells.append(Cell(number, left, text, text, MARKS[bits]))
                if self._before + len(self.cells) > limits.MAX_FILLED_CELLS:
                    raise too_big(f"有值的单元格超过 {limits.MAX_FILLED_CELLS} 个")
            left = right + 1

    def _place(self, row: int, left: int, right: int, grows: str) -> None:
        """Open a block, or let the one above grow; a continued cell without one is its own."""
        above = self._open.get(left)
        if grows == "continue" and above and above.right == right and above.bottom == row - 1:
            above.bottom = row
            return
        if above is not None:
            self.merges.append(Merge(above.top, above.left, above.bottom, above.right))
        self._open[left] = _Open(row, left, right, row)


def _own(parent: Element, tag: str, holder: str) -> Iterator[Element]:
    """The rows of a table or cells of a row, also those wrapped in a content control; not those
    of a table inside."""
    for one in parent.iter(tag):
        if next(one.iterancestors(holder), None) is parent:
            yield one


def _child(element: Element, *tags: str) -> Element | None:
    """The first child of a child … by these tags, or None."""
    for tag in tags:
        element = element.find(qn(f"w:{tag}")) if element is not None else None
    return element


def _grows(cell: Element) -> str:
    merge = _child(cell, "tcPr", "vMerge")
    return "" if merge is None else merge.get(qn("w:val"), "continue")


def _number(element: Element, holder: str, tag: str, default: int) -> int:
    """A count that the file gives; one that is no number would shift every cell behind it."""
    found = _child(element, holder, tag)
    if found is None:
        return default
    text = found.get(qn("w:val"), "")
    if not (text.isascii() and text.isdecimal()):
        raise unreadable(f"的单元格写着不认识的宽度“{text}”")
    return max(default, min(int(text), limits.MAX_COLUMNS + 1))


def _is_on(element: Element, holder: str, tag: str) -> bool:
    found = _child(element, holder, tag)
    return found is not None and found.get(qn("w:val"), "1") not in ("0", "false", "off")


# -- texts -------------------------------------------------------------------------------------


def _text(element: Element) -> str:
    """What is read in a cell or line, that of tables inside it apart."""
    return "".join(_pieces(element))


def _pieces(element: Element) -> Iterator[str]:
    for child in element:
        if child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag == qn("w:t") or str(child.tag).endswith("/math}t"):
            text = child.text or ""
            yield text.translate(_RAISED) if _is_raised(element) else text
        elif child.tag not in _UNSEEN and child.tag != _TABLE:
            yield from _pieces(child)
            if child.tag == _LINE:
                yield "\n"


def _is_raised(run: Element) -> bool:
    """A footnote's sign: 12 with a raised 1 is not 121."""
    align = _child(run, "rPr", "vertAlign")
    return align is not None and align.get(qn("w:val")) == "superscript"


def _holds_unseen(cell: Element) -> bool:
    return any(_is_on(run, "rPr", "vanish") and _text(run).strip() for run in cell.iter(qn("w:r")))


# -- what stands above a table ---------------------------------------------------------------------


def _lines_above(table: Element) -> tuple[str, ...]:
    """The short lines right above a table, from top to bottom.

    Prose above them ends the search. Between two tables, what a blank line parts from this one
    belongs to the one before.
    """
    lines: list[str] = []
    for before in table.itersiblings(preceding=True):
        if before.tag == _TABLE:
            if "" in lines:
                del lines[lines.index("") :]
            break
        if before.tag != _LINE:
            continue
        line = _text(before).strip()
        if len(line) > _LONGEST_LINE or line.endswith(_STOPS) or len(lines) > _MOST_LINES:
            break
        if line or lines:
            lines.append(line)
    return tuple(line for line in reversed(lines) if line and not line.startswith(_ABOUT_ABOVE))
