"""Tables pasted as text into one column: 甲镇  100  8.0 in a single cell.

Such a line is parted into cells of its own, whose columns lie beyond the last one of any sheet
and lead back to the cell they stand in (`sheet.PARTS`). A line that cannot be parted in one way
only is held: a figure in the wrong column is worse than one that is asked about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from diaodu.engine.collect.names import Names
from diaodu.engine.collect.sheet import PARTS, Cell, Sheet
from diaodu.engine.collect.values import kind_of_text
from diaodu.engine.collect.words import fold

_WIDE = re.compile(r"\s*[\u3000\u00a0]\s*|\s{2,}")
_FIGURES = ("number", "mark")
_FEWEST = 2  # lines of figures without a header that are taken for a table


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A line with figures that nobody can tell the columns of; `parts` it falls into, `heads` of
    the header above it (0: there is none)."""

    cell: Cell
    parts: int
    heads: int


@dataclass(frozen=True, slots=True)
class _Line:
    cell: Cell
    parts: list[str]
    by_tabs: bool

    @property
    def kinds(self) -> list[str]:
        return [kind_of_text(part) if part else "" for part in self.parts]

    @property
    def first_figure(self) -> int:
        """Where the figures behind the name begin; 0 where this is no line of figures."""
        kinds = self.kinds
        at = 1 if kinds[0] in _FIGURES else 0  # 1  甲镇  100: a serial
        start = at
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
        elif header is not None and _has_figures(line):
            aligned = _aligned(line, header, names)
            if aligned:
                parted[line.cell] = _cells(line.cell, aligned)
            else:
                held.append(HeldLine(line.cell, len(line.parts), len(header.parts)))
        elif line.first_figure and _is_known(line, names):
            loose.append(line)
    if len(loose) >= _FEWEST:
        held += [HeldLine(line.cell, len(line.parts), 0) for line in loose]
    if not parted and not held:
        return sheet, []
    gone = {line.cell for line in held}
    cells = [one for cell in sheet.cells if cell not in gone for one in parted.get(cell, [cell])]
    return replace(sheet, cells=tuple(cells)), held


def _lines(sheet: Sheet) -> list[_Line]:
    """The texts that stand alone in their row and fall into several parts."""
    in_row: dict[int, int] = {}
    for cell in sheet.cells:
        in_row[cell[0]] = in_row.get(cell[0], 0) + 1
    alone = [cell for cell in sheet.cells if in_row[cell[0]] == 1 and type(cell[2]) is str]
    found: list[_Line] = []
    for cell in alone:
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


def _has_figures(line: _Line) -> bool:
    return any(kind in _FIGURES for kind in line.kinds)


def _is_known(line: _Line, names: Names) -> bool:
    start = 1 if line.kinds[0] in _FIGURES else 0
    label = names.label("".join(line.parts[start : line.first_figure]))
    return bool(label.orgs or label.whole or label.indicators) and not label.rest


def _aligned(line: _Line, header: _Line, names: Names) -> list[str]:
    """The line's parts under the header's; empty where they do not fit in one way only.

    Blanks also part a name (乙　镇), so its texts are put together first. Between blanks a
    figure left out leaves no trace: then there is a part too few, and the line does not fit.
    """
    width = len(header.parts)
    if line.by_tabs:
        return line.parts if header.by_tabs and len(line.parts) == width else []
    first = line.first_figure
    serial = names.label(header.parts[0]).dimension == "serial"
    has_serial = line.kinds[0] in _FIGURES
    if not first or serial != has_serial or header.by_tabs:
        return []
    start = 1 if serial else 0
    parts = [*line.parts[:start], "".join(line.parts[start:first]), *line.parts[first:]]
    return parts if len(parts) == width else []


def _cells(cell: Cell, parts: Sequence[str]) -> list[Cell]:
    return [
        Cell(cell.row, cell.col + PARTS * at, part, part, cell.mark)
        for at, part in enumerate(parts)
        if fold(part)
    ]
