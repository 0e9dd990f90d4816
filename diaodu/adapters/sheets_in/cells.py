"""Cells finished alike for .xlsx, .xls and .csv: order, merges, what is hidden."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from diaodu.adapters.sheets_in import limits
from diaodu.adapters.sheets_in.trouble import Trouble, empty_sheet, unreadable
from diaodu.engine.collect.sheet import Cell, Mark, Merge, Sheet, cell_name

HIDDEN = int(Mark.HIDDEN)
TEXT = int(Mark.TEXT)
ERROR = int(Mark.ERROR)
FORMULA = int(Mark.FORMULA)
NO_CACHE = int(Mark.NO_CACHE)

# Building an IntFlag costs more than the rest of a cell; every combination exists once.
MARKS: tuple[Mark, ...] = tuple(Mark(bits) for bits in range(2 * max(int(m) for m in Mark)))


def finish(
    name: str,
    cells: list[Cell],
    merges: Sequence[Merge] = (),
    hidden: bool = False,
    hides_zeros: bool = False,
) -> Sheet:
    """The sheet of cells that already stand in reading order.

    Marked HIDDEN: all cells of a hidden sheet, cells under a merged block (the file still holds
    them, nobody sees them), zeros where the sheet is set to show none.

    Raises Trouble (empty_sheet) where there is no cell.
    """
    if not cells:
        raise empty_sheet()
    unseen: set[int] = set()
    if hidden:
        unseen.update(range(len(cells)))
    if hides_zeros:
        unseen.update(i for i, cell in enumerate(cells) if cell.value == 0)
    if merges:
        unseen |= _covered(cells, merges)
    for i in unseen:
        cells[i] = cells[i]._replace(mark=MARKS[int(cells[i].mark) | HIDDEN])
    return Sheet(name, tuple(cells), tuple(sorted(merges)), hidden)


def shown_smaller(sheet: Sheet) -> Trouble | None:
    """The trouble with a sheet whose formats show numbers divided (0.0, shows thousands): then
    nobody can tell whether the printed unit goes with what is seen or with what is stored."""
    cells = [cell for cell in sheet.cells if cell.mark & Mark.SCALED]
    if not cells:
        return None
    first = cells[0]
    return Trouble(
        "unknown_unit",
        f"有 {len(cells)} 个单元格用数字格式把数值缩小了显示，"
        f"如 {cell_name(first.row, first.col)} 看到的是 {first.text}，存的是 {first.value}",
        "写明计量单位是对哪一个说的；最好去掉这种数字格式后重新报送",
        "soft",
    )


def _covered(cells: list[Cell], merges: Sequence[Merge]) -> set[int]:
    """Indexes of cells inside a merged block but not at its top left."""
    places = [(cell.row, cell.col) for cell in cells]
    rows = sorted({row for row, _ in places})
    found: set[int] = set()
    steps = 0
    for merge in merges:
        for row in rows[bisect_left(rows, merge.top) : bisect_right(rows, merge.bottom)]:
            steps += 1
            first = bisect_left(places, (row, merge.left))
            last = bisect_right(places, (row, merge.right))
            found.update(range(first, last))
        corner = bisect_left(places, (merge.top, merge.left))
        if corner < len(places) and places[corner] == (merge.top, merge.left):
            found.discard(corner)
        if steps > limits.MAX_MERGED_ROWS:
            raise unreadable("合并单元格互相重叠")
    return found
