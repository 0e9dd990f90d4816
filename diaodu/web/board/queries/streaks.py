"""What has gone on for months: as the engine counted it, 1—2月 as two months."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from diaodu.engine.ground.period import Period
from diaodu.engine.report.material import whole
from diaodu.web.board.queries.table import Line
from diaodu.web.runs.queries import Figure, RowView

SHORTEST = 3  # months
_SHOWN = 3
_ORDER = ("fall", "behind", "first", "rise")


@dataclass(frozen=True, slots=True)
class Streak:
    kind: str
    months: int
    text: str
    name: str = ""

    @property
    def is_bad(self) -> bool:
        return self.kind in ("fall", "behind")


@dataclass(frozen=True, slots=True)
class Streaks:
    """The longest of each kind, the bad ones first, and all there are."""

    shown: tuple[Streak, ...]
    every: tuple[Streak, ...]


def of_lines(lines: Iterable[Line]) -> Streaks:
    every = [
        Streak(one.kind, one.months, one.text, line.short)
        for line in lines
        if not line.absent
        for one in of_row(line.row)
    ]
    every.sort(key=lambda one: (_ORDER.index(one.kind), -one.months))
    longest = {one.kind: one for one in reversed(every)}
    shown = [longest[kind] for kind in _ORDER if kind in longest]
    return Streaks(tuple(shown[:_SHOWN]), tuple(every))


def of_row(row: RowView) -> list[Streak]:
    """Those of a row that have gone on for long enough to be told."""
    return [one for one in _found(row) if one.months >= SHORTEST]


def _found(row: RowView) -> Iterator[Streak]:
    months = _months(row.get("streak"))
    what = "累计增速" if _is_cumulative(row) else "增速"
    if months < 0:
        yield Streak("fall", -months, f"{what}连续{-months}个月回落")
    elif months > 0:
        yield Streak("rise", months, f"{what}连续{months}个月回升")
    behind = min((_months(one.get("streak_target")) for one in row.judged), default=0)
    if behind < 0:
        yield Streak("behind", -behind, f"连续{-behind}个月低于目标或序时")
    first = _months(row.get("streak_first", peer_group=f"{row.org.parent}/{row.org.level}"))
    above = row.rulebook.ancestors(row.org_id)
    if first and above:
        yield Streak("first", first, f"增速连续{first}个月{whole(above[0])}第1")


def _months(one: Figure | None) -> int:
    return int(one.shown) if one is not None and one.is_number else 0


def _is_cumulative(row: RowView) -> bool:
    indicator = row.indicator
    so_far = indicator is not None and indicator.is_of_year_so_far
    return so_far and Period.from_id(row.period).is_cumulative
