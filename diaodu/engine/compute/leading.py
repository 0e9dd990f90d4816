"""streak_first: for how many months in a row an org's growth has been the best of its peers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple, Protocol

from diaodu.engine.compute.bases import FARTHEST
from diaodu.engine.compute.made import Made, counted
from diaodu.engine.ground.period import Period
from diaodu.engine.rules.models import Indicator
from diaodu.engine.rules.rulebook import PeerGroup, Rulebook

MEASURE = "streak_first"


class Growth(Protocol):
    """`units` of the last printed digit; what it was read from or computed from."""

    @property
    def units(self) -> int: ...
    @property
    def refs(self) -> tuple[str, ...]: ...


class Series(Protocol):
    """One org's growths, published and computed, by their place on the line of periods."""

    def growths(self, at: int) -> tuple[Growth | None, Growth | None]: ...
    def months(self, at: int) -> int: ...


class _Ranked(NamedTuple):
    """Who is first in a period, tied ones too, and what shows it; nobody where fewer than two of
    the group have a growth."""

    first: frozenset[str]
    refs: Mapping[str, tuple[str, ...]]


_NOBODY = _Ranked(frozenset(), {})


class Field:
    """An indicator of many orgs through `line`, its periods, newest first."""

    def __init__(
        self, indicator: Indicator, line: Sequence[Period], series: Mapping[str, Series],
        rulebook: Rulebook,
    ) -> None:  # fmt: skip
        self.indicator = indicator
        self.line = line
        self.series = series
        self._rulebook = rulebook
        self.ranked = cache(self._ranked)
        self._groups = cache(self._groups_at)

    def groups(self, at: int) -> Mapping[str, PeerGroup]:
        """As they stood on the period's last day."""
        return self._groups(at)

    def _groups_at(self, at: int) -> Mapping[str, PeerGroup]:
        return {one.id: one for one in self._rulebook.peer_groups(self.line[at].end)}

    def _ranked(self, group: str, at: int) -> _Ranked:
        """As ranks are: on published growths where anybody in the group has one, else on computed
        ones, decided on the printed decimals."""
        held = self.groups(at).get(group)
        members = [one for one in held.members if one in self.series] if held is not None else []
        told = {one: self.series[one].growths(at) for one in members}
        sort = 0 if any(published is not None for published, _ in told.values()) else 1
        growths = {org: one for org, both in told.items() if (one := both[sort]) is not None}
        if len(growths) < 2:
            return _NOBODY
        best = (min if self.indicator.direction == "low" else max)(
            one.units for one in growths.values()
        )
        first = frozenset(org for org, one in growths.items() if one.units == best)
        return _Ranked(first, {org: self._shown_by(org, growths) for org in first})

    def _shown_by(self, org: str, growths: Mapping[str, Growth]) -> tuple[str, ...]:
        """Its own growth, and the nearest of the others: all others are behind that one."""
        others = [one for name, one in growths.items() if name != org]
        best = min if self.indicator.direction == "low" else max
        nearest = best(others, key=lambda one: one.units)
        return (*growths[org].refs, *nearest.refs)


def measures(field: Field, starts: Sequence[int]) -> Iterator[Made]:
    """A row for every org that is first in a group of its peers, tied or alone."""
    for start in starts:
        for group in field.groups(start).values():
            for org in sorted(field.ranked(group.id, start).first):
                yield _streak(field, group, org, start)


def _streak(field: Field, group: PeerGroup, org: str, start: int) -> Made:
    months, at, refs = 0, start, list[str]()
    here = field.ranked(group.id, start)
    while org in here.first and at < start + FARTHEST:
        months += field.series[org].months(at)
        refs += here.refs[org]
        at += 1
        here = field.ranked(group.id, at) if at < start + FARTHEST else _NOBODY
    number = counted(months)
    told = f"增速连续居{group.name}第1（含并列）的月数（1—2月按两个月计），自{field.line[at - 1]}起"
    if not here.first:
        number = number._replace(hi=None)
        told += "；再往前没有可比的数"
    return Made(
        field.indicator.id, org, field.line[start].id, MEASURE, number, None, "个月", 0, told,
        refs, peer_group=group.id,
    )  # fmt: skip
