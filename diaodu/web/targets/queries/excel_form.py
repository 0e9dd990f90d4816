"""The grid as the Excel form shows it."""

from __future__ import annotations

from diaodu.adapters.targets_excel import FormCell, FormRow, FormSheet, FormTier
from diaodu.engine.ground.words import KIND_NAMES
from diaodu.web.targets.queries.columns import AGAINST, WHOLE
from diaodu.web.targets.queries.grid import Cell, Grid, Row
from diaodu.web.targets.queries.reading import TIMES
from diaodu.web.targets.queries.sums import number_in


def form_of(made: Grid) -> FormSheet:
    version = made.version
    return FormSheet(
        identity=f"{version.pk}|{made.indicator.id}|{made.kind}", seen=version.changes,
        title=f"{version.year}年{made.indicator.name}{KIND_NAMES[made.kind]}目标（{made.unit}）",
        note=f"第{version.number}版，{version.get_state_display()}。只改白格，不要改表头、不要移动行列。",
        heads=made.heads,
        tiers=tuple(
            FormTier(block.name, tuple(_row(row) for row in block.rows)) for block in made.blocks
        ),
        summed=made.by_month and bool(made.columns),
    )  # fmt: skip


def _row(row: Row) -> FormRow:
    return FormRow(row.name, row.depth, tuple(_cell(row, cell) for cell in row.cells))


def _cell(row: Row, cell: Cell) -> FormCell:
    """A number as a number; a word, 2倍 or what cannot be read as a text."""
    column = cell.key.rsplit(":", 1)[1]
    in_words = column == WHOLE and row.line is not None and row.line.unit == TIMES
    is_text = row.line is None or cell.look or column == AGAINST or in_words
    number = None if is_text or row.line is None else number_in(row.line, column)
    return FormCell(cell.key, number, "" if number is not None else cell.text)
