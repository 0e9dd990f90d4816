"""Tables pasted as text into one column: 甲镇  100  8.0 in a single cell.

Such a line is parted into cells of its own, whose columns lie beyond the last one of any sheet
and lead back to the cell they stand in (`sheet.PARTS`). A line that cannot be parted in one way
only is held: a figure in the wrong column is worse than one that is asked about.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

from diaodu.engine.collect.names import Names
from diaodu.engine.collect.sheet import PARTS, Cell, Sheet
from diaodu.engine.collect.values import kind_of_text
from diaodu.engine.collect.words import fold

_ROW = itemgetter(0)
_WIDE = re.compile(r"\s*[\u3000\u00a0]\s*|\s{2,}")
_FIGURES = ("number", "mark")
_FEWEST = 2  # lines of figures without a header that are taken for a table


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A line with figures that nobody can tell the columns of, and `why`, in an office's words."""

    cell: Cell
    why: str


@dataclass(frozen=True, slots=True)
class _Line:
    cell: Cell
    parts: list[str]
    by_tabs: bool

    @property
    def kinds(self) -> list[str]:
        return [kind_of_text(part) if part else "" for part in self.parts]

    @property
    def has_serial(self) -> bool:
        """1  甲镇  100"""
        return self.kinds[0] in _FIGURES

    @property
    def first_figure(self) -> int:
        """Where the figures behind the name begin; 0 where this is no line of figures."""
        kinds = self.kinds
        start = at = int(self.has_serial)
        while at < len(kinds) and kinds[at] == "text":
            at += 1
        is_row = start < at < len(kinds) and all(k in (*_FIGURES, "") for k in kinds[at:])
        return at if is_row and any(kinds[at:]) else 0


def unpasted(sheet: Sheet, names: Names) -> tuple[Sheet, list[HeldLine]]:
    """The sheet with its pasted lines parted, without those that are held; as it is, where there
    are none."""
    lines = _lines(sheet)
    parted: dict[Cell, list[Cell]] = {}
    held: list[HeldLine] = []
    header: _Line | None = None
    loose: list[_Line] = []
    for at, line in enumerate(lines):
        below = lines[at + 1] if at + 1 < len(lines) else None
        if _heads(line, below, names):
            header = line
            parted[line.cell] = _cells(line.cell, line.parts)
        elif header is not None and _is_row(line, header, names):
            fitted = _fitted(line, names)
            why = _misfit(line, fitted, header, names)
            if why:
                held.append(HeldLine(line.cell, why))
            else:
                parted[line.cell] = _cells(line.cell, fitted)
        elif line.first_figure and _is_known(line, names):
            loose.append(line)
    if len(loose) >= _FEWEST:
        held += [HeldLine(line.cell, f"分出{len(line.parts)}段，上面没有表头") for line in loose]
    if not parted and not held:
        return sheet, []
    gone = {line.cell for line in held}
    cells = [one for cell in sheet.cells if cell not in gone for one in parted.get(cell, [cell])]
    return replace(sheet, cells=tuple(cells)), held


def _lines(sheet: Sheet) -> list[_Line]:
    """The texts that stand alone in their row and fall into several parts."""
    in_row = Counter(map(_ROW, sheet.cells))
    alone = [bisect_left(sheet.cells, (row,)) for row, cells in in_row.items() if cells == 1]
    found: list[_Line] = []
    for cell in map(sheet.cells.__getitem__, alone):
        if type(cell[2]) is not str:
            continue
        text = str(cell[2]).strip(" \u3000\u00a0\r\n")
        by_tabs = "\t" in text
        parts = [part.strip() for part in text.split("\t")] if by_tabs else _by_blanks(text)
        if len(parts) > 1:
            found.append(_Line(cell, parts, by_tabs))
    return found


def _by_blanks(text: str) -> list[str]:
    """By wide blanks where there are any, else by each blank."""
    return _WIDE.split(text) if _WIDE.search(text) else text.split()


def _heads(line: _Line, below: _Line | None, names: Names) -> bool:
    """乡镇  完成  增速%: words that head columns, right above a line of figures."""
    if below is None or not below.first_figure or set(line.kinds) - {"text", ""}:
        return False
    labels = [names.label(part) for part in line.parts if part]
    known = sum(label.says_something and not label.rest for label in labels)
    return known * 2 > len(labels)


def _is_row(line: _Line, header: _Line, names: Names) -> bool:
    """Figures, or words under every head where they belong: 甲镇  待核  待核."""
    has_figures = any(kind in _FIGURES for kind in line.kinds)
    is_full = len(line.parts) == len(header.parts)
    return has_figures or (is_full and _knows(line.parts[0], names))


def _is_known(line: _Line, names: Names) -> bool:
    return _knows("".join(line.parts[line.has_serial : line.first_figure]), names)


def _knows(name: str, names: Names) -> bool:
    label = names.label(name)
    return bool(label.orgs or label.whole or label.indicators) and not label.rest


def _fitted(line: _Line, names: Names) -> list[str]:
    """The line's parts, those of a name that blanks part (乙　镇) put together."""
    start, first = int(line.has_serial), line.first_figure
    if line.by_tabs or not first or _knows(line.parts[start], names):
        return line.parts
    return [*line.parts[:start], "".join(line.parts[start:first]), *line.parts[first:]]


def _misfit(line: _Line, fitted: Sequence[str], header: _Line, names: Names) -> str:
    """Why the parts do not stand under the header's in one way only; empty where they do.

    Between blanks a figure left out leaves no trace: then there is a part too few.
    """
    if len(fitted) != len(header.parts):
        return f"分出{len(fitted)}段，表头有{len(header.parts)}段"
    if line.by_tabs:
        uneven = not header.by_tabs and "" in fitted
        return "这一行有空着的段，表头不是用制表符隔开的" if uneven else ""
    if line.has_serial != (names.label(header.parts[0]).dimension == "serial"):
        return "有序号，表头没有" if line.has_serial else "没有序号，表头有"
    start = int(line.has_serial)
    is_apart = _knows(fitted[start], names) or line.first_figure or line.kinds[start + 1] != "text"
    return "" if is_apart else "名称写到哪一段为止看不出来"


def _cells(cell: Cell, parts: Sequence[str]) -> list[Cell]:
    return [
        Cell(cell.row, cell.col + PARTS * at, part, part, cell.mark)
        for at, part in enumerate(parts)
        if fold(part)
    ]
