"""Rows by the number they stand at.

Numbers of places and of rankings lie close together: a list with an entry for each of them says
which row is whose in a tenth of the time that a join by them takes.
"""

from __future__ import annotations

import narwhals as nw

from diaodu.engine.compute.exact import Column, Frame


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
    if not entry.is_between(0, last - first).all():
        entry = entry.zip_with(entry.is_between(0, last - first), nothing)
    entry = entry.cast(nw.UInt32)
    if len(numbers) <= last - first or not numbers.is_sorted():
        entries = nw.new_series("", range(last - first + 1), nw.Int64, backend=backend)
        rows = nw.new_series("", range(len(numbers)), nw.UInt32, backend=backend)
        nobody = entries.zip_with(entries < 0, nothing).cast(nw.UInt32)
        entry = nobody.scatter(numbers - first, rows)[entry]
    return entry
