"""Rows by the number they stand at, and stretches of rows with one number.

Numbers of places and of rankings lie close together: a list with an entry for each of them says
which row is whose in a tenth of the time that a join by them takes.
"""

from __future__ import annotations

import narwhals as nw

from diaodu.engine.compute.exact import Column, Frame
from diaodu.engine.compute.stated import kept


def with_numbered(frame: Frame, other: Frame, at: str, by: str) -> Frame:
    """Add the columns of that row of `other` whose number `at` stands in column `by`; nulls where
    there is none. `other` has each number once at most."""
    rows = _rows(other[at], frame[by])
    return nw.concat([frame, other.drop(at)[rows]], how="horizontal")


def _rows(numbers: Column, wanted: Column) -> Column:
    """In which row of `numbers` each wanted number stands, null where in none."""
    backend = nw.get_native_namespace(numbers)
    nothing = nw.new_series("", [None], nw.Int64, backend=backend)
    if not len(numbers):
        return wanted.zip_with(wanted.is_null(), nothing).cast(nw.UInt32)
    first, last = int(numbers.min()), int(numbers.max())
    entry = wanted - first
    least, most = entry.min(), entry.max()
    if least is not None and (least < 0 or most > last - first):
        entry = entry.zip_with(entry.is_between(0, last - first), nothing)
    entry = entry.cast(nw.UInt32)
    if len(numbers) <= last - first or not numbers.is_sorted():
        entries = nw.new_series("", range(last - first + 1), nw.Int64, backend=backend)
        rows = nw.new_series("", range(len(numbers)), nw.UInt32, backend=backend)
        nobody = entries.zip_with(entries < 0, nothing).cast(nw.UInt32)
        entry = nobody.scatter(numbers - first, rows)[entry]
    return entry


def starts(column: Column) -> Column:
    """Where a stretch of equal neighbours begins, the number of its first row; null elsewhere."""
    return column.alias("_of").to_frame().with_row_index("_at").select(_=_STARTS)["_"]


_IS_NEW = (nw.col("_of") != nw.col("_of").shift(1)).fill_null(True)
_STARTS = kept(nw.when(_IS_NEW).then(nw.col("_at")))
