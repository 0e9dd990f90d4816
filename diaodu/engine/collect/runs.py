"""Rows of plain numbers taken as a whole, as nearly all rows of nearly all returns are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import repeat

from diaodu.engine.collect.plans import Plan
from diaodu.engine.collect.sheet import Cell, Workbook
from diaodu.engine.collect.values import in_unit
from diaodu.engine.ground.quantity import LARGEST
from diaodu.engine.ground.records import Observation

TOO_LARGE = LARGEST.adjusted()  # digits are told faster than numbers are compared
_new_tuple = tuple.__new__  # what Observation(…) comes to, for half the price


@dataclass(slots=True)
class Lane:
    """What the plain numbers of one column share in the rows of one meaning.

    Their org is the row's, where the row names one and `takes_row`, else `own` ("": not settled).
    """

    plan: Plan
    when: str  # the period by which the row's orgs are asked, where orgs are dated
    letters: str  # of the column
    takes_row: bool
    own: str
    before: str  # `Observation.id_around`
    behind: str


class Run:
    """The lanes of a row side by side, and what its observations share column by column."""

    def __init__(self, lanes: Sequence[Lane], book: Workbook, sheet: str) -> None:
        plans = [lane.plan for lane in lanes]
        self.when = lanes[0].when
        self.is_even = all(lane.when == self.when for lane in lanes) and all(
            plan.ratio is not None for plan in plans
        )
        self.takes_row = all(lane.takes_row for lane in lanes)
        self.own = [lane.own for lane in lanes]
        self._letters = [lane.letters for lane in lanes]
        self._around = [(lane.before, lane.behind) for lane in lanes]
        self._factors = [(plan.ratio or Decimal(1), plan.power) for plan in plans]
        self._indicators = [plan.indicator for plan in plans]
        self._periods = [plan.period for plan in plans]
        self._facets = [plan.facet for plan in plans]
        self._tracks = [plan.track for plan in plans]
        self._units = [plan.unit for plan in plans]
        self._given = [plan.unit_given for plan in plans]
        self._received = repeat(book.received)
        self._origin = (repeat(book.file), repeat(book.sha256), repeat(sheet))

    def observations(
        self, cells: Sequence[Cell], orgs: Sequence[str], row_digits: str
    ) -> list[Observation] | None:
        """One for each cell, all of which are numbers; None where one of them is marked or more
        than a plain number."""
        _, _, numbers, texts, marks = zip(*cells, strict=True)
        if marks.count(0) < len(marks):
            return None
        if not all(map(Decimal.is_finite, numbers)):
            return None
        figures = [
            in_unit(number, text, ratio, power)
            for number, text, (ratio, power) in zip(numbers, texts, self._factors, strict=True)
        ]
        values, digits = zip(*figures, strict=True)
        if max(map(Decimal.adjusted, values)) >= TOO_LARGE:
            return None
        ids = [
            Observation.id_of(before + org + behind)
            for (before, behind), org in zip(self._around, orgs, strict=True)
        ]
        names = [letters + row_digits for letters in self._letters]
        none = repeat(None)
        rows = zip(
            ids, self._indicators, orgs, self._periods, self._facets, none, none, self._tracks,
            self._received, values, digits, none, self._units, self._given, texts, *self._origin,
            names, repeat(False), strict=False,
        )  # fmt: skip
        return list(map(_new_tuple, repeat(Observation), rows))
