"""Sheets to observations and targets: every cell counted once, nothing guessed."""

from diaodu.engine.collect.names import Names, build_names
from diaodu.engine.collect.reading import BookReading, SheetReading, read_workbook
from diaodu.engine.collect.settle import Settled, settle

__all__ = [
    "BookReading",
    "Names",
    "Settled",
    "SheetReading",
    "build_names",
    "read_workbook",
    "settle",
]
