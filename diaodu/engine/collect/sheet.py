"""A sheet as it came: what the doors hand to collect. No Office format is known here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntFlag
from functools import lru_cache
from typing import NamedTuple

from diaodu.engine.ground.records import Finding


class Mark(IntFlag):
    """What one has to know of a cell beside its value."""

    NONE = 0
    HIDDEN = 1  # its row, column or sheet is hidden
    ERROR = 2  # #REF!, #DIV/0! …; text holds the error
    NO_CACHE = 4  # a formula whose result was never stored
    PERCENT = 8  # shown as percent; value is already ×100 (8.3 for 8.3%)
    FORMULA = 16  # a formula with a stored result
    TEXT = 32  # stored as text, though it may look like a number
    SCALED = 64  # its format shows it divided (0.0, shows thousands); value is as stored


class Cell(NamedTuple):
    """One non-empty cell. row and col count from 0.

    `value` is a Decimal (binary noise removed: at most 15 significant digits), a text, a date or
    None (error, no cached value). `text` is what a person sees, number format applied: 8.3%.
    """

    row: int
    col: int
    value: Decimal | str | date | None
    text: str
    mark: Mark


class Merge(NamedTuple):
    """A merged block, inclusive; only its top left cell has a value."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `cells` are the non-empty ones in reading order; `name` is empty for .csv.

    `above` are lines that stand over the table and are no cells of it, as in a Word document.
    """

    name: str
    cells: Sequence[Cell]
    merges: Sequence[Merge] = ()
    hidden: bool = False
    above: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Workbook:
    """One file received. `file` is its path under the returns folder, with “/”.

    `findings` tell what kept the file or a sheet from being read (then `sheets` lacks it).
    """

    file: str
    sha256: str
    received: date
    sheets: Sequence[Sheet]
    findings: Sequence[Finding] = ()


# A column from here on is a part of the text in the cell that it leads back to: part k of A is
# column k · PARTS. No file has as many columns.
PARTS = 1 << 20


def cell_name(row: int, col: int) -> str:
    """A1 form: (0, 0) → A1, (9, 27) → AB10."""
    return f"{column_letters(col)}{row + 1}"


@lru_cache(maxsize=16384)
def column_letters(col: int) -> str:
    """0 → A, 27 → AB; a part has the letters of its cell."""
    letters = ""
    col = col % PARTS + 1
    while col:
        col, rest = divmod(col - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
