"""Measures looked up one by one, for the rooms that judge and report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import narwhals as nw

from diaodu.engine.compute.exact import Frame, from_scaled
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Measure

Comparison = Literal["above", "at", "below", "undecidable"]


_AGAINST_LAST_YEAR = ("change", "growth")


def is_usual(measure: str, period: str, base: str) -> bool:
    """Whether a measure is the one that its bare name means: `change` and `growth` stand against
    last year's same period, besides against the beginning of the year or last year as a whole."""
    if measure not in _AGAINST_LAST_YEAR:
        return True
    return base == Period.from_id(period).last_year().id


def to_measures(frame: Frame) -> list[Measure]:
    """Rows of a measures frame (numbers scaled, inputs lists) as Measures, in its order."""
    columns: list[list[Any]] = []
    for name in Measure._fields:
        cells = frame[name].to_list()
        if name in ("value", "lo", "hi"):
            cells = [None if cell is None else from_scaled(cell) for cell in cells]
        elif name == "inputs":
            cells = [tuple(cell or ()) for cell in cells]
        columns.append(cells)
    return [Measure._make(row) for row in zip(*columns, strict=True)]


class MeasureBook:
    """The measures of one run's month, by indicator and org.

    `horizon` names the period read for each indicator, `month` the one of the counts (rows with
    an empty indicator); without them every row of the frame is taken. Rows are turned into
    Measures when an indicator is first asked for.
    """

    def __init__(
        self, measures: Frame, horizon: Mapping[str, Period] | None = None,
        month: Period | None = None,
    ) -> None:  # fmt: skip
        self._frame = measures
        self._periods = {name: period.id for name, period in (horizon or {}).items()}
        if month is not None:
            self._periods[""] = month.ytd().id
        self._by_indicator: dict[str, dict[str, list[Measure]]] = {}

    def of(self, indicator: str, org: str) -> Sequence[Measure]:
        """Every measure of an indicator and org, sorted by key; indicator "" holds the counts."""
        return self._orgs(indicator).get(org, [])

    def get(
        self, indicator: str, org: str, measure: str, target_id: str = "",
        base: str | None = None, peer_group: str | None = None,
    ) -> Measure | None:  # fmt: skip
        """The measure, or None. `peer_group` None takes the first there is, as does `base` where
        `is_usual` leaves several."""
        for found in self.of(indicator, org):
            if (
                found.measure == measure
                and found.target_id == target_id
                and (base == found.base or (base is None and _is_usual(found)))
                and peer_group in (None, found.peer_group)
            ):
                return found
        return None

    def rank_table(self, indicator: str, peer_group: str, measure: str) -> list[Measure]:
        """One measure over a peer group, lowest number first (rank 1 on top), words last; ties
        in the order of org ids."""
        found = [
            one
            for rows in self._orgs(indicator).values()
            for one in rows
            if one.measure == measure and one.peer_group == peer_group
        ]
        return sorted(found, key=lambda one: (one.value is None, one.value or 0, one.org))

    def indicators(self) -> list[str]:
        """Ids of the indicators that have measures, sorted; without the counts."""
        return sorted(name for name in self._frame["indicator"].unique().to_list() if name)

    def orgs(self, indicator: str) -> list[str]:
        """Ids of the orgs that have measures of an indicator, sorted."""
        return sorted(self._orgs(indicator))

    def _orgs(self, indicator: str) -> dict[str, list[Measure]]:
        if indicator not in self._by_indicator:
            rows = self._frame.filter(nw.col("indicator") == indicator)
            period = self._periods.get(indicator)
            if period is not None:
                rows = rows.filter(nw.col("period") == period)
            orgs: dict[str, list[Measure]] = {}
            for one in to_measures(rows.sort("key")):
                orgs.setdefault(one.org, []).append(one)
            self._by_indicator[indicator] = orgs
        return self._by_indicator[indicator]


def _is_usual(one: Measure) -> bool:
    return is_usual(one.measure, one.period, one.base)


def compare(measure: Measure, goal: Any) -> Comparison:
    """How a measure stands to an exact number.

    `at` where the two are equal; above or below only where the whole interval that the printed
    inputs allow lies on that side; else undecidable. Raises ValueError for a word.
    """
    if measure.value is None:
        raise ValueError(f"{measure.key} has no number")
    if measure.value == goal:
        return "at"
    if measure.lo is None or measure.hi is None:
        return "undecidable"
    if measure.lo >= goal:
        return "above"
    return "below" if measure.hi <= goal else "undecidable"
