"""What a report is made of, and the look-ups its sections share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Protocol

import narwhals as nw

from diaodu.engine.compute.exact import Frame
from diaodu.engine.dispatch.duty import DutyList
from diaodu.engine.ground.period import Period, due_period, print_period
from diaodu.engine.ground.records import Finding, Measure, Observation, Target, Verdict
from diaodu.engine.ground.words import KIND_NAMES, TIER_NAMES, Level
from diaodu.engine.rules.models import Break, Indicator, Org, Outline
from diaodu.engine.rules.rulebook import PeerGroup, Rulebook


class Measures(Protocol):
    """The measures of one month, each indicator at its own latest period."""

    def get(
        self, indicator: str, org: str, measure: str, target_id: str = "",
        base: str | None = None, peer_group: str | None = None,
    ) -> Measure | None: ...  # fmt: skip

    def of(self, indicator: str, org: str) -> Sequence[Measure]: ...


class Figures(Protocol):
    """Observations, looked up."""

    def get(self, obs_id: str) -> Observation | None: ...

    def of(self, indicator: str, org: str) -> Iterable[Observation]: ...


class ObservationShelf:
    """`Figures` over observations in memory."""

    def __init__(self, observations: Iterable[Observation]) -> None:
        self._by_id: dict[str, Observation] = {}
        self._by_thing: dict[tuple[str, str], list[Observation]] = {}
        for seen in observations:
            self._by_id[seen.obs_id] = seen
            self._by_thing.setdefault((seen.indicator, seen.org), []).append(seen)

    def get(self, obs_id: str) -> Observation | None:
        return self._by_id.get(obs_id)

    def of(self, indicator: str, org: str) -> Sequence[Observation]:
        return self._by_thing.get((indicator, org), [])


class FrameShelf:
    """`Figures` over a frame, which may be too large to be turned into records: only what is
    asked for is. `often` names the observations that will be asked for one by one."""

    def __init__(
        self, frame: Frame, read: Callable[[Frame], Iterable[Observation]],
        often: Iterable[str] = (),
    ) -> None:  # fmt: skip
        self._frame = frame
        self._read = read
        self._by_id: dict[str, Observation | None] = dict.fromkeys(often)
        self._by_thing: dict[tuple[str, str], list[Observation]] = {}
        self._fetch(sorted(self._by_id))

    def get(self, obs_id: str) -> Observation | None:
        if obs_id not in self._by_id:
            self._by_id[obs_id] = None
            self._fetch([obs_id])
        return self._by_id[obs_id]

    def of(self, indicator: str, org: str) -> Sequence[Observation]:
        if (indicator, org) not in self._by_thing:
            rows = self._frame.filter(nw.col("indicator") == indicator, nw.col("org") == org)
            self._by_thing[indicator, org] = list(self._read(rows))
        return self._by_thing[indicator, org]

    def _fetch(self, ids: list[str]) -> None:
        rows = self._frame.filter(nw.col("obs_id").is_in(ids))
        self._by_id |= {one.obs_id: one for one in self._read(rows)}


@dataclass(frozen=True)
class Material:
    """One month: `period` as the command was given it (its last month counts), `horizon` the
    period reported for each indicator where it differs from the one due (others may be in it).
    `duties`: what was handed out before, None where nobody handed it over."""

    book: Measures
    figures: Figures
    verdicts: Sequence[Verdict]
    targets: Sequence[Target]
    findings: Sequence[Finding]
    rulebook: Rulebook
    period: Period
    as_of: date
    horizon: Mapping[str, Period]
    duties: DutyList | None = None

    @cached_property
    def outline(self) -> Outline:
        return self.rulebook.outline(self.period.end) or self._outline_by_default()

    @property
    def org(self) -> Org:
        return self.rulebook.orgs[self.outline.org]

    @cached_property
    def indicators(self) -> list[Indicator]:
        """The headline indicators; all of them where the rulebook marks none."""
        return self.rulebook.headlines or list(self.rulebook.indicators.values())

    @cached_property
    def groups(self) -> Sequence[PeerGroup]:
        return self.rulebook.peer_groups(self.period.end)

    def period_of(self, indicator: Indicator) -> Period:
        return self.horizon.get(indicator.id) or due_period(self.period, indicator.basis)

    def lags(self, indicator: Indicator) -> bool:
        """Whether the indicator's latest period is an older one than the run's."""
        return self.period_of(indicator).end < self.period.end

    def own_period(self, indicator: Indicator) -> str:
        """The indicator's period as printed: 1—5月, 5月末; with its year where that is not the
        run's."""
        own = self.period_of(indicator)
        words = print_period(own, with_year=own.year != self.period.year, named=True)
        return words + ("末" if indicator.basis == "stock" else "")

    def growth(self, indicator: str, org: str) -> Measure | None:
        """The growth that is printed: as published where it is, else computed."""
        published = self.book.get(indicator, org, "growth_published")
        if published is not None and published.word != "not_published":
            return published
        return self.book.get(indicator, org, "growth") or published

    def breaks_since(self, indicator: str, org: str, base: Period) -> list[Break]:
        """The declared breaks that a comparison of the reported period with an earlier one
        crosses."""
        period = self.period_of(self.rulebook.indicators[indicator])
        return [
            one
            for one in self.rulebook.breaks
            if one.covers(indicator, org) and one.is_crossed(base, period)
        ]

    def targets_of(self, indicator: str, org: str) -> list[Target]:
        """The targets judged by the lights; where none is, all of the year of its period."""
        year = self.period_of(self.rulebook.indicators[indicator]).year
        mine = self._targets.get((indicator, org, year), [])
        judged = [t for t in mine if self.verdict(indicator, org, t.target_id)]
        return judged or mine

    def further_targets_of(self, indicator: str, org: str) -> list[Target]:
        """The other targets of the year as a whole, of every tier and kind."""
        year = self.period_of(self.rulebook.indicators[indicator]).year
        told = {one.target_id for one in self.targets_of(indicator, org)}
        every = self._every_target.get((indicator, org, year), ())
        return [one for one in every if one.target_id not in told]

    def verdict(self, indicator: str, org: str, target_id: str | None = None) -> Verdict | None:
        return self._verdicts.get((indicator, org, target_id))

    @cached_property
    def late(self) -> set[tuple[str, str, str]]:
        """Indicator, org and period of what is overdue."""
        return {(f.indicator, f.org, f.period) for f in self.findings if f.code == "late"}

    @cached_property
    def _verdicts(self) -> dict[tuple[str, str, str | None], Verdict]:
        return {(v.indicator, v.org, v.target_id): v for v in self.verdicts}

    @cached_property
    def _targets(self) -> dict[tuple[str, str, int], list[Target]]:
        """Targets by indicator, org and year, the newest of each tier and kind, of those that
        every measure and light table knows."""
        return {
            thing: [one for one in some if one.is_usual]
            for thing, some in self._every_target.items()
        }

    @cached_property
    def _every_target(self) -> dict[tuple[str, str, int], list[Target]]:
        newest: dict[tuple[object, ...], Target] = {}
        for target in sorted(self.targets, key=lambda t: (t.received, t.target_id)):
            if target.received <= self.as_of and not target.period:
                newest[target.place] = target
        found: dict[tuple[str, str, int], list[Target]] = {}
        for target in newest.values():
            found.setdefault((target.indicator, target.org, target.year), []).append(target)
        return {
            thing: sorted(
                some, key=lambda t: (_TIER_ORDER.index(t.tier), _KIND_ORDER.index(t.kind))
            )
            for thing, some in found.items()
        }

    def _outline_by_default(self) -> Outline:
        """Without an outline the report is about the org with most children that have figures;
        among equals the one named first."""
        if not self.rulebook.orgs:
            raise ValueError("a rulebook without orgs has nothing to report on")
        best = max(self.rulebook.orgs, key=lambda org: self._children_with_figures(org))
        return Outline.model_validate({"id": "default", "org": best})

    def _children_with_figures(self, org: str) -> int:
        children = self.rulebook.children(org, self.period.end)
        return sum(
            any(self._has_figure(indicator.id, child.id) for indicator in self.indicators)
            for child in children
        )

    def _has_figure(self, indicator: str, org: str) -> bool:
        found = (self.book.get(indicator, org, "value"), self.growth(indicator, org))
        return any(m is not None and m.value is not None for m in found)


_KIND_ORDER, _TIER_ORDER = tuple(KIND_NAMES), tuple(TIER_NAMES)
_WHOLE_LEVEL: dict[Level, str] = {
    "nation": "全国", "province": "全省", "city": "全市", "county": "全县", "township": "全镇",
    "department": "全部门", "park": "全园区",
}  # fmt: skip
_WHOLE_ENDING = {"县": "全县", "区": "全区", "旗": "全旗", "市": "全市", "州": "全州",
                 "盟": "全盟", "省": "全省", "乡": "全乡", "镇": "全镇"}  # fmt: skip
_KIND_OF_PEER: dict[Level, str] = {
    "nation": "国家", "province": "省份", "city": "市州", "county": "县区", "township": "乡镇",
    "department": "部门", "park": "园区",
}  # fmt: skip


def whole(org: Org) -> str:
    """How sentences call an org taken together: 全县, 全市, 全省, 全国."""
    if org.level in ("nation", "department", "park"):
        return _WHOLE_LEVEL[org.level]
    return _WHOLE_ENDING.get(org.name[-1], _WHOLE_LEVEL[org.level])


def whole_beside(org: Org, own: Org) -> str:
    """Like `whole`, by name where that would be the word for the reporting org itself."""
    return org.name if whole(org) == whole(own) else whole(org)


def kind_of_peers(group: PeerGroup, rulebook: Rulebook) -> str:
    """What the members of a group are called: 县区, 乡镇, 部门; 单位 where they differ."""
    levels = {rulebook.orgs[member].level for member in group.members}
    return _KIND_OF_PEER[levels.pop()] if len(levels) == 1 else "单位"
