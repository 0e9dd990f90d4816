"""One pass over a worksheet's XML: what python-calamine does not tell of its cells."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter, lt
from typing import NamedTuple

from diaodu.adapters.sheets_in import limits
from diaodu.adapters.sheets_in.plain_rows import Dresses, PlainCell, PlainSheet, plain_sheet
from diaodu.adapters.sheets_in.trouble import Trouble, too_big, unreadable
from diaodu.adapters.sheets_in.xml_pass import Attributes, walk
from diaodu.engine.collect.sheet import Merge

_DRESS = itemgetter(1)
_YES = frozenset({"1", "true"})
_NOTHING_HIGH = frozenset({"0", "0.0"})
_ODD_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>[^<&]*(?:&|<(?!/))")
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


class Stretch(NamedTuple):
    """Filled cells that follow one another in a row and are alike: their columns, their style,
    `t` attribute, the texts of their <v> (None where one has none), whether they have a formula,
    whether their row or columns are hidden."""

    row: int
    cols: list[int]
    style: int
    kind: str
    stored: list[str | None]
    formula: bool
    hidden: bool


@dataclass(slots=True)
class SheetPass:
    """What the pass found. `stretches` are in the file's order, blanks left out; `filled` is how
    many cells they have."""

    stretches: list[Stretch] = field(default_factory=list)
    filled: int = 0
    merges: list[Merge] = field(default_factory=list)
    hides_zeros: bool = False


def column_number(letters: str) -> int:
    """A → 0, AB → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


class _Columns(dict[str, int]):
    def __missing__(self, letters: str) -> int:
        if not letters.isascii() or not letters.isalpha() or len(letters) > 3:
            raise unreadable(f"单元格地址“{letters}”写法有误")
        number = column_number(letters.upper())
        if number >= limits.MAX_COLUMNS:
            raise unreadable(f"单元格地址“{letters}”超出了表格的最大列")
        self[letters] = number
        return number


_COLUMNS = _Columns()


def pass_over(content: bytes, part: str) -> SheetPass:
    """Read a worksheet part. Never trusts <dimension>: WPS writes it wrong.

    Raises Trouble for broken XML, impossible addresses and too many cells.
    """
    plain = plain_sheet(content)
    if plain is None:
        _check_values(content)
    reader = _Reader(plain)
    rest = content if plain is None else plain.rest
    walk(rest, part, reader.on_start, text=reader.chunks.append)
    reader.close_cell()
    return reader.found


def _check_values(content: bytes) -> None:
    """Of a number or index calamine takes only what stands before a reference, comment or tag."""
    for odd in _ODD_VALUE.finditer(content):
        opened = max(content.rfind(start, 0, odd.start()) for start in (b"<c ", b":c "))
        if b't="str"' not in content[max(opened, 0) : odd.start()]:
            raise unreadable("里有单元格的数不是直接写出来的")


class _Reader:
    """Follows row and column while the tags go by. A cell is complete when the next tag that is
    neither <f> nor <v> starts. Rows that are plain it takes where the tags would have been."""

    def __init__(self, plain: PlainSheet | None) -> None:
        self._plain = plain
        self._dresses = Dresses()
        self.found = SheetPass()
        self.chunks: list[str] = []
        self._hidden_columns: set[int] = set()
        self._widths = 0
        self._row = -1
        self._col = -1
        self._row_hidden = False
        self._row_digits = ""
        self._alike: tuple[int, int, str, bool, bool] | None = None  # of the last stretch
        self._open: Attributes | None = None
        self._formula = self._valued = self._inline = False

    def on_start(self, name: str, attributes: Attributes) -> None:
        if name == "v":
            if self._valued or self._inline:
                raise self._two_values()
            self._valued = True
            self.chunks.clear()
        elif name == "c":
            if self._open is not None:
                self.close_cell()
            self._open_cell(attributes)
        elif name == "f":
            self._formula = True
        else:
            self._on_other(name, attributes)

    def _on_other(self, name: str, attributes: Attributes) -> None:
        if name == "is":
            if self._inline or (self._valued and "".join(self.chunks).strip()):
                raise self._two_values()
            self._inline = True
        self.close_cell()
        handler = _HANDLERS.get(name)
        if handler is not None:
            handler(self, attributes)

    def _on_row(self, attributes: Attributes) -> None:
        if self.found.filled > limits.MAX_FILLED_CELLS:
            raise too_big(f"有值的单元格超过 {limits.MAX_FILLED_CELLS} 个")
        before = self._row
        number = attributes.get("r")
        self._row = before + 1 if number is None else int(number) - 1
        if not before < self._row < limits.MAX_ROWS:
            raise unreadable(f"第{self._row + 1}行的次序颠倒、重复或超出了表格的最大行")
        self._row_digits = str(self._row + 1)
        self._col = -1
        self._row_hidden = attributes.get("hidden") in _YES or attributes.get("ht") in _NOTHING_HIGH

    def _open_cell(self, attributes: Attributes) -> None:
        before = self._col
        reference = attributes.get("r")
        if reference is None:
            self._col += 1
        elif reference.endswith(self._row_digits):
            self._col = _COLUMNS[reference[: -len(self._row_digits)]]
        else:
            raise unreadable(f"单元格地址“{reference}”与所在的第{self._row_digits}行不符")
        if self._col <= before:
            raise unreadable(f"第{self._row_digits}行的单元格次序颠倒或重复")
        self._open = attributes
        self._formula = self._valued = self._inline = False

    def _two_values(self) -> Trouble:
        return unreadable(f"第{self._row_digits}行有单元格写着两个值")

    def close_cell(self) -> None:
        attributes = self._open
        if attributes is None:
            return
        self._open = None
        if not (self._valued or self._formula or self._inline):
            return
        self._add(
            [self._col],
            int(attributes.get("s", 0)),
            attributes.get("t", "n"),
            ["".join(self.chunks).strip() if self._valued else None],
            self._formula,
        )

    def _add(
        self, cols: list[int], style: int, kind: str, stored: list[str | None], formula: bool
    ) -> None:
        self.found.filled += len(cols)
        if self._row_hidden or self._hidden_columns.isdisjoint(cols):
            self._lengthen(cols, style, kind, stored, formula, self._row_hidden)
            return
        for col, one in zip(cols, stored, strict=True):
            self._lengthen([col], style, kind, [one], formula, col in self._hidden_columns)

    def _lengthen(
        self, cols: list[int], style: int, kind: str, stored: list[str | None], formula: bool,
        hidden: bool,
    ) -> None:  # fmt: skip
        """Cells put to those before them, where they are like them."""
        stretches = self.found.stretches
        alike = (self._row, style, kind, formula, hidden)
        if alike == self._alike:
            stretches[-1].cols.extend(cols)
            stretches[-1].stored.extend(stored)
        else:
            self._alike = alike
            stretches.append(Stretch(self._row, cols, style, kind, stored, formula, hidden))

    def _on_rows(self, _: Attributes) -> None:
        if self._plain is not None:
            for attributes, cells in self._plain.cells():
                self._on_row(attributes)
                self._take(cells)

    def _take(self, cells: list[PlainCell]) -> None:
        """The cells of a plain row, as `_open_cell` and `close_cell` would."""
        cols = [_COLUMNS[cell[0]] for cell in cells]
        if not all(map(lt, cols, cols[1:])):
            for letters, *_ in cells:
                self._open_cell({"r": letters + self._row_digits})  # the wrong one tells how
        at = 0
        for dress, alike in groupby(cells, key=_DRESS):
            stored: list[str | None] = [cell[2] for cell in alike]
            here = cols[at : at + len(stored)]
            at += len(stored)
            if "" in stored:
                here = [col for col, text in zip(here, stored, strict=True) if text]
                stored = [text for text in stored if text]
            if here:
                self._add(here, *self._dresses[dress], stored, False)

    def _on_column(self, attributes: Attributes) -> None:
        if attributes.get("hidden") not in _YES and attributes.get("width") not in _NOTHING_HIGH:
            return
        first, last = int(attributes["min"]), int(attributes["max"])
        self._widths += last - first + 1
        if first < 1 or last < first or self._widths > 4 * limits.MAX_COLUMNS:
            raise unreadable("隐藏列的写法有误")
        self._hidden_columns.update(range(first - 1, last))

    def _on_merge(self, attributes: Attributes) -> None:
        first, _, last = attributes["ref"].partition(":")
        top, left = _address(first)
        bottom, right = _address(last or first)
        if (bottom, right) != (top, left):
            self.found.merges.append(Merge(top, left, bottom, right))

    def _on_view(self, attributes: Attributes) -> None:
        self.found.hides_zeros = attributes.get("showZeros") in ("0", "false")


# Not in the reader: it would hold itself, and nobody looks for that during a run (`all_kept`).
_HANDLERS: dict[str, Callable[[_Reader, Attributes], None]] = {
    "row": _Reader._on_row,
    "col": _Reader._on_column,
    "mergeCell": _Reader._on_merge,
    "sheetView": _Reader._on_view,
    "sheetData": _Reader._on_rows,
}


def _address(text: str) -> tuple[int, int]:
    match = _REFERENCE.fullmatch(text.replace("$", ""))
    if match is None:
        raise unreadable(f"合并单元格的地址“{text}”写法有误")
    return int(match.group(2)) - 1, column_number(match.group(1))
