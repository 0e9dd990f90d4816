"""Which of the rows of one key count: what stood on file after each day of receipt.

The engine's rules for vintages (collect/settle), on rows that came in at different times: a later
day wins; of one day the later entry; a figure received again unchanged is no vintage, nor is a
word of absence where there is a figure. So the order in which days came in makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Protocol, TypeVar

ABSENT = frozenset({"missing", "not_due", "late"})


class Counted(Protocol):
    """What is asked of a row. `order` is (entry, place in it)."""

    @property
    def received(self) -> date: ...
    @property
    def order(self) -> tuple[int, int]: ...
    @property
    def held(self) -> bool: ...
    @property
    def value(self) -> Decimal | None: ...
    @property
    def word(self) -> str | None: ...


R = TypeVar("R", bound=Counted)


def counting(rows: Iterable[R]) -> list[R]:
    """The vintages among the rows of one key, by day of receipt; held rows among them."""
    kept: list[R] = []
    current: R | None = None
    held_before: R | None = None
    waiting = False  # two figures of a day contradict each other, and no later day has settled it
    ordered = sorted(rows, key=lambda row: (row.received, row.order))
    for _, of_day in groupby(ordered, attrgetter("received")):
        today = list(of_day)
        free = newest([row for row in today if not row.held])
        held = [row for row in _distinct(row for row in today if row.held)
                if free is None or not same(row, free)]  # fmt: skip
        kept += [row for row in held if held_before is None or not same(row, held_before)]
        held_before = held[-1] if held else held_before
        if free is None:
            waiting = waiting or len(held) > 1
            continue
        if free.word in ABSENT and (current is not None or waiting):
            continue
        if current is None or waiting or not same(free, current):
            waiting = False
            current = free
            kept.append(free)
    return kept


def stands(counted: Sequence[R]) -> R | None:
    """The row that is read, of those that count; None where all are held."""
    return next((row for row in reversed(counted) if not row.held), None)


def newest(free: Sequence[R]) -> R | None:
    """Of one day's rows the last that says something; the first of those that say so in a row."""
    said = [row for row in free if row.word not in ABSENT] or list(free)
    if not said:
        return None
    chosen = said[-1]
    for row in reversed(said):
        if not same(row, chosen):
            break
        chosen = row
    return chosen


def same(one: Counted, other: Counted) -> bool:
    return one.value == other.value and one.word == other.word


def _distinct(rows: Iterable[R]) -> list[R]:
    found: list[R] = []
    for row in rows:
        if not any(same(row, one) for one in found):
            found.append(row)
    return found
