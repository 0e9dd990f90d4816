"""Tables beside each other on one sheet, each under a title of its own.

Tables that share a title are one table of several segments (`axes`); those with titles of their
own must not see each other's unit, period or indicator, so the sheet is cut between them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from diaodu.engine.collect.grid import Grid, words
from diaodu.engine.collect.names import NO_YEAR, Label, Names
from diaodu.engine.collect.sheet import Cell
from diaodu.engine.collect.words import UNIT_LINE, fold
from diaodu.engine.ground.errors import PeriodError
from diaodu.engine.ground.period import find_periods

_STUBS = frozenset(("org", "indicator", "names", "org_or_unit", "period"))


def tables_beside(grid: Grid, names: Names) -> list[Grid]:
    """The sheet cut between tables beside each other; as it is, where there are none, or where
    they do not stand in the same columns all the way down."""
    texts = {row: _texts(grid, row) for row in grid.rows}
    if not any(map(_repeats, texts.values())):
        return [grid]
    starts_in = {row: _starts(cells, names) for row, cells in texts.items()}
    heads = {row: starts for row, starts in starts_in.items() if starts}
    several = {starts for starts in heads.values() if len(starts) > 1}
    if len(several) != 1 or any(len(starts) == 1 for starts in heads.values()):
        return [grid]
    (starts,) = several
    edges = [0, *starts[1:], 1 + max(cell[1] for cell in grid.cells())]
    first = min(heads)
    titles = [cell for row, cells in grid.rows.items() if row < first for cell in cells]
    shared = {cell for cell in titles if _is_shared(cell, grid, edges)}
    own = [cell for cell in titles if cell not in shared]
    told = [
        {what for cell in own if left <= cell[1] < right for what in _told(words(cell), names)}
        for left, right in pairwise(edges)
    ]
    # 2023年1—5月 at the left and 单位：万元 at the right are one line over all of them.
    if not set.intersection(*told):
        return [grid]
    return [grid.part(left, right, shared) for left, right in pairwise(edges)]


def _texts(grid: Grid, row: int) -> list[Cell]:
    """A figure heads nothing: reading every number as a name would cost more than all the rest."""
    return [cell for cell in grid.texts(row) if not cell[3][:1].isdigit()]


def _repeats(texts: Sequence[Cell]) -> bool:
    """Whether a row says anything twice, as the header of tables beside each other does."""
    return len({fold(words(cell)) for cell in texts}) < len(texts)


def _starts(texts: Sequence[Cell], names: Names) -> tuple[int, ...]:
    """Where the tables of a header row begin: at each cell that says the same as its first stub
    (乡镇 | 完成 | 乡镇 | 完成), or at the serial before it."""
    labels = {cell[1]: names.label(words(cell)) for cell in texts}
    stubs = [cell for cell in texts if _heads_stub(labels[cell[1]])]
    counts = Counter(fold(words(cell)) for cell in stubs)
    if not stubs:
        return ()
    same = [cell[1] for cell in stubs if fold(words(cell)) == fold(words(stubs[0]))]
    if len(same) == 1 and max(counts.values()) > 1:
        return ()
    return tuple(
        col - 1 if col - 1 in labels and labels[col - 1].dimension == "serial" else col
        for col in same
    )


def _heads_stub(label: Label) -> bool:
    """乡镇, 指标; not 2023年5月主要指标, which is a title."""
    more = label.rest or label.periods or label.yearless or label.indicators or label.orgs
    return label.dimension in _STUBS and not more


def _is_shared(cell: Cell, grid: Grid, edges: Sequence[int]) -> bool:
    """A title over all the tables: merged across an edge, or alone in its row at the left."""
    wide = [col for (row, col), origin in grid.covered.items() if row == cell[0] and origin == cell]
    across = any(cell[1] < edge <= max(wide, default=cell[1]) for edge in edges[1:-1])
    return across or (len(grid.rows[cell[0]]) == 1 and cell[1] < edges[1])


def _told(text: str, names: Names) -> set[str]:
    """Which of indicator, period and unit a title says."""
    told = {"indicator"} if names.search_indicators(text) else set()
    if UNIT_LINE.search(fold(text)):
        told.add("unit")
    try:
        has_period = bool(list(find_periods(text, year=NO_YEAR)))
    except PeriodError:
        has_period = True
    return told | {"period"} if has_period else told
