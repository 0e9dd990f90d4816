"""1—2月 | 3月 | 4月 | 5月: the months' own figures, or the year so far? The numbers may tell.

What is summed up from January does not fall from month to month; where levels do fall in at
least half of the lines, the months stand for themselves. Else it stays open and is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise

from diaodu.engine.collect.grid import Grid
from diaodu.engine.collect.names import Label, Names, combine, written_in

_SUMMED = frozenset(("ytd", "count"))
_OPEN = "open"
FALLEN = "fallen"  # the reading of a month whose levels fall: its own, if levels they are
_Figure = tuple[int, int]
_Line = tuple[object, ...]


def months_fall(
    grid: Grid,
    names: Names,
    titled: tuple[str, ...],
    figures: Mapping[_Figure, tuple[Label, Label]],
    across: bool,
) -> bool:
    """Whether the levels under open months fall. `figures` gives stub and head of every place;
    `titled` the indicators of the title; `across` says that the months stand in the heads."""
    lines: dict[_Line, list[tuple[date, Decimal]]] = defaultdict(list)
    for place, (stub, head) in figures.items():
        cell = grid.at(*place)
        if cell is None or type(cell[2]) is not Decimal or not cell[2].is_finite():
            continue
        axis, other = (head, stub) if across else (stub, head)
        written = written_in(axis)
        if written is None or not _is_sum(names, combine(stub, head), titled):
            continue
        line = (place[0] if across else place[1], axis.indicators, axis.orgs, other.orgs)
        lines[line].append((written.period.end, cell[2]))
    return _mostly_fall(lines.values())


def _is_sum(names: Names, both: Label, titled: tuple[str, ...]) -> bool:
    if both.facet not in ("", "plain", "level") or both.units == ("%",):
        return False
    found = both.indicators or titled
    return len(found) == 1 and names.rulebook.indicators[found[0]].basis in _SUMMED


def _mostly_fall(lines: Iterable[list[tuple[date, Decimal]]]) -> bool:
    told = falls = 0
    for line in lines:
        numbers = [number for _, number in sorted(line, key=lambda entry: entry[0])]
        if len(numbers) > 1:
            told += 1
            falls += any(later < sooner for sooner, later in pairwise(numbers))
    return falls > 0 and falls * 2 >= told


def are_open(labels: Iterable[Label]) -> bool:
    return any(label.reading == _OPEN for label in labels)


def as_own_month(label: Label) -> Label:
    """An open month settled: it stands for itself, unless the title says its numbers to be of a
    sort that may fall."""
    return label._replace(reading=FALLEN) if label.reading == _OPEN else label
