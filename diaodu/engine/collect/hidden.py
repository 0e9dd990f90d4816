"""Hidden rows, columns and sheets: read, marked, and asked about once for each hidden stretch."""

from __future__ import annotations

from collections import defaultdict

from diaodu.engine.collect.faults import Fault
from diaodu.engine.collect.sheet import Cell, Mark, Sheet, cell_name, column_letters

_HIDDEN = int(Mark.HIDDEN)


class HiddenBlocks:
    """Knows for every hidden cell the stretch of rows or columns (or the sheet) it lies in.

    A hidden cell among shown ones of its row and column is hidden by its number format.
    """

    def __init__(self, sheet: Sheet, policy: str) -> None:
        self.policy = policy
        self.whole = sheet.hidden
        marks = [cell[4] for cell in sheet.cells]
        # Most cells have no mark at all, which is told much faster than what a mark is.
        is_marked = marks.count(Mark.NONE) < len(marks)
        self.none = not sheet.hidden and not (
            is_marked and any(int(mark) & _HIDDEN for mark in set(marks))
        )
        self._stretch_of_row: dict[int, tuple[int, int]] = {}
        self._stretch_of_col: dict[int, tuple[int, int]] = {}
        if not self.none and not self.whole:
            self._find_stretches(sheet)

    def _find_stretches(self, sheet: Sheet) -> None:
        shown_rows: dict[int, bool] = defaultdict(bool)
        hidden_cols: set[int] = set()
        for cell in sheet.cells:
            shown_rows[cell[0]] |= not int(cell[4]) & _HIDDEN
        rows = [row for row, shown in shown_rows.items() if not shown]
        shown_cols = {cell[1] for cell in sheet.cells if not int(cell[4]) & _HIDDEN}
        for cell in sheet.cells:
            if int(cell[4]) & _HIDDEN and cell[1] not in shown_cols:
                hidden_cols.add(cell[1])
        self._stretch_of_row = _stretches(rows)
        self._stretch_of_col = _stretches(sorted(hidden_cols))

    def fault_of(self, cell: Cell) -> tuple[tuple[str, ...], Fault] | None:
        """The question for a hidden cell, or None where it may be used (or must be dropped by
        the caller when the policy is ignore)."""
        if self.none or self.policy == "read":
            return None
        if self.whole:
            return ("hidden", "sheet"), _fault("整张工作表是隐藏的", "取消隐藏该工作表", cell)
        if not int(cell[4]) & _HIDDEN:
            return None
        if cell[0] in self._stretch_of_row:
            first, last = self._stretch_of_row[cell[0]]
            what = f"第{first + 1}行" if first == last else f"第{first + 1}—{last + 1}行"
        elif cell[1] not in self._stretch_of_col:
            return ("hidden", "format"), _fault_of_format(cell)
        else:
            first, last = self._stretch_of_col[cell[1]]
            left, right = column_letters(first), column_letters(last)
            what = f"{left}列" if first == last else f"{left}—{right}列"
        return ("hidden", what), _fault(f"{what}是隐藏的", f"取消隐藏{what}", cell)


def _fault(what: str, undo: str, cell: Cell) -> Fault:
    return Fault(
        "hidden",
        f"{what}，其中的数要不要用没有写明",
        f"请{undo}后重新报送；隐藏的也要用，在 sources 里给该表写 hidden: read，不用写 hidden: "
        f"ignore",
        cell=cell_name(cell[0], cell[1]),
        discriminator=what,
    )


def _fault_of_format(cell: Cell) -> Fault:
    place = cell_name(cell[0], cell[1])
    return Fault(
        "hidden",
        f"{place} 的数被数字格式（如“;;;”）隐藏了，要不要用没有写明",
        f"请把 {place} 的单元格格式改为常规后重新报送；隐藏的也要用，在 sources 里给该表写 "
        f"hidden: read，不用写 hidden: ignore",
        cell=place,
        discriminator="format",
    )


def _stretches(numbers: list[int]) -> dict[int, tuple[int, int]]:
    """Each number with the run of neighbouring numbers it belongs to."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return {number: (run[0], run[-1]) for run in runs for number in run}
