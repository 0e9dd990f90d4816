"""One row as a page reads it: figures by name, targets with what they ask, places, gaps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from diaodu.engine.compute.book import is_usual
from diaodu.engine.ground.words import KIND_NAMES, LIGHT_NAMES, TIER_NAMES
from diaodu.engine.rules.models import Indicator, Org
from diaodu.engine.rules.rulebook import Rulebook

UNRELEASED = "未发布"
HELD = "暂扣待核"


class Figure(NamedTuple):
    """One measure. `shown` is what is printed: digits, or the Chinese word where there is no
    number. `value` is exact, for sorting; never printed."""

    measure: str
    target_id: str
    base: str
    peer_group: str
    shown: str
    unit: str
    word: str | None
    value: str | None

    @property
    def number(self) -> Decimal | None:
        return None if self.value is None else Decimal(self.value)

    @property
    def is_number(self) -> bool:
        return self.value is not None


class Point(NamedTuple):
    """One period of a row's history, as shown; None where nothing was published. `growth` is the
    published one where there is one, else the computed."""

    period: str
    level: str | None
    growth: str | None


class GateView(NamedTuple):
    """What the run judged of a target at a gate; `day` ISO, its last."""

    gate: str
    name: str
    day: str
    rule: str
    result: str
    word: str
    months_left: int
    days_left: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class TargetView:
    """One target of the row's year and what the figures say to it. `light` empty: not judged.
    `asked`: what it wants in words; `outcome`: 未达到：……; `phases`: (month, value) of what was
    issued up to a month. Rows that were written before these were have none."""

    id: str
    tier: str
    kind: str
    comparator: str
    value: str | None
    tolerance: str | None
    unit: str
    word: str | None
    document: str
    light: str
    light_word: str
    rule: str
    reasons: tuple[str, ...]
    gates: tuple[GateView, ...] = ()
    asked: str = ""
    outcome: str = ""
    phases: tuple[tuple[int, str], ...] = ()
    figures: Mapping[str, Figure] = field(default_factory=dict)

    def get(self, measure: str) -> Figure | None:
        return self.figures.get(measure)

    @property
    def tier_name(self) -> str:
        return TIER_NAMES.get(self.tier, self.tier)

    @property
    def kind_name(self) -> str:
        return KIND_NAMES.get(self.kind, self.kind)

    @property
    def is_judged(self) -> bool:
        return bool(self.light)

    @property
    def result(self) -> str:
        """达到, 恰好，算达到, 未达到 …"""
        return self.outcome.partition("：")[0]

    @property
    def completion(self) -> Figure | None:
        return self.get("completion")

    @property
    def pace(self) -> Figure | None:
        return self.get("pace")

    @property
    def pace_gap(self) -> Figure | None:
        return self.get("pace_gap")

    @property
    def arrears(self) -> Figure | None:
        """增速欠账 of a growth target, 进度欠账 (in units) of a level target with a pace."""
        return self.get("arrears_growth") or self.get("arrears_pace")

    @property
    def shortfall(self) -> Figure | None:
        return self.get("shortfall_year")

    @property
    def mean_required(self) -> Figure | None:
        return self.get("mean_required")

    @property
    def allowance(self) -> Figure | None:
        return self.get("allowance")


@dataclass(frozen=True)
class RankView:
    """The org's place in one peer group. `of`: level or growth."""

    of: str
    peer_group: str
    place: Figure
    reverse: Figure | None
    n: Figure | None
    move: Figure | None


@dataclass(frozen=True)
class RowView:
    """An indicator of an org in a run. Under embargo it has no figures, only its release time."""

    indicator_id: str
    org_id: str
    period: str
    figures: tuple[Figure, ...]
    targets: tuple[TargetView, ...]
    light: str
    light_word: str
    reasons: tuple[str, ...]
    target_class: str
    growth_class: str
    absent: str
    series: tuple[Point, ...]
    release_at: datetime | None
    embargoed: bool
    seq: int
    rulebook: Rulebook = field(repr=False, compare=False)

    @property
    def indicator(self) -> Indicator | None:
        """None for an org's counts, and for an indicator the rulebook has no more."""
        return self.rulebook.indicators.get(self.indicator_id)

    @property
    def org(self) -> Org:
        return self.rulebook.orgs[self.org_id]

    def get(
        self, measure: str, target_id: str = "", base: str | None = None,
        peer_group: str | None = None,
    ) -> Figure | None:  # fmt: skip
        """The measure, or None. `peer_group` None takes the first there is, as does `base` where
        `is_usual` leaves several."""
        for one in self._by_measure.get(measure, ()):
            if (
                one.target_id == target_id
                and (base == one.base or (base is None and self._is_usual(one)))
                and peer_group in (None, one.peer_group)
            ):
                return one
        return None

    def _is_usual(self, one: Figure) -> bool:
        return is_usual(one.measure, self.period, one.base)

    @cached_property
    def _by_measure(self) -> dict[str, list[Figure]]:
        found: dict[str, list[Figure]] = {}
        for one in self.figures:
            found.setdefault(one.measure, []).append(one)
        return found

    # -- the row's own figures -------------------------------------------------------------------
    @property
    def level(self) -> Figure | None:
        """None for rate-only indicators."""
        return self.get("value")

    @property
    def growth(self) -> Figure | None:
        """The growth that is printed: as published where it is, else computed."""
        published = self.get("growth_published")
        if published is not None and published.word != "not_published":
            return published
        return self.get("growth") or published

    @property
    def growth_is_published(self) -> bool:
        return self.growth is not None and self.growth.measure == "growth_published"

    @property
    def growth_change(self) -> Figure | None:
        return self.get("growth_change_pp")

    @property
    def has_figure(self) -> bool:
        return any(one is not None and one.is_number for one in (self.level, self.growth))

    @property
    def missing(self) -> str:
        """The word that stands where a figure should: 未到期, 逾期未报, 无数据, 未发布 …"""
        return "" if self.has_figure else (self.absent or UNRELEASED)

    @property
    def light_name(self) -> str:
        return self.light_word or LIGHT_NAMES.get(self.light, "")

    # -- targets -----------------------------------------------------------------------------------
    @property
    def judged(self) -> tuple[TargetView, ...]:
        """The targets that the light was decided on."""
        return tuple(one for one in self.targets if one.is_judged)

    @cached_property
    def target(self) -> TargetView | None:
        """The target the row's light comes from: the worst of those judged."""
        judged = self.judged
        same = [one for one in judged if one.light == self.light]
        return next(iter(same or judged or self.targets), None)

    # -- beside others -----------------------------------------------------------------------------
    def gap(self, level: str) -> Figure | None:
        """Growth against the nearest ancestor of that level (province, city …), in points."""
        found = [one for one in self.rulebook.ancestors(self.org_id) if one.level == level]
        return self.get("gap_parent", base=found[0].id) if found else None

    @cached_property
    def gaps(self) -> tuple[Figure, ...]:
        """To every ancestor, nearest first."""
        gaps = (self.get("gap_parent", base=one.id) for one in self.rulebook.ancestors(self.org_id))
        return tuple(one for one in gaps if one is not None)

    @cached_property
    def ranks(self) -> tuple[RankView, ...]:
        """Growth before level, the group of its siblings first."""
        found = [
            self._rank_view(of, one)
            for of in ("growth", "level")
            for one in self._by_measure.get(f"rank_{of}", ())
        ]
        return tuple(sorted(found, key=lambda one: (one.of != "growth", not self._is_own(one))))

    def rank(self, of: str = "growth", peer_group: str | None = None) -> RankView | None:
        """The place in a group; among its siblings where none is named."""
        for one in self.ranks:
            if one.of == of and peer_group in (None, one.peer_group):
                return one
        return None

    def _rank_view(self, of: str, place: Figure) -> RankView:
        group = place.peer_group
        return RankView(
            of, group, place, *(
                self.get(f"rank_{of}_{part}", peer_group=group) for part in ("reverse", "n", "move")
            )
        )  # fmt: skip

    def _is_own(self, rank: RankView) -> bool:
        return rank.peer_group == f"{self.org.parent}/{self.org.level}"


def view_of(
    columns: Mapping[str, Any], rulebook: Rulebook, *, embargoed: bool,
    unreleased: Collection[tuple[str, str]] = (),
) -> RowView:  # fmt: skip
    """A RowView from a row's columns; blank where the reader may not see it yet. `unreleased`:
    (indicator, period) of what else in its history is not public."""
    figures = () if embargoed else tuple(Figure._make(one) for one in columns["measures"])
    return RowView(
        indicator_id=columns["indicator"], org_id=columns["org_id"], period=columns["period"],
        figures=figures,
        targets=() if embargoed else _targets(columns["targets"], figures),
        light="" if embargoed else columns["light"],
        light_word="" if embargoed else columns["light_word"],
        reasons=() if embargoed else tuple(columns["reasons"]),
        target_class="" if embargoed else columns["target_class"],
        growth_class="" if embargoed else columns["growth_class"],
        absent=UNRELEASED if embargoed else columns["absent"],
        series=_series(columns, unreleased, embargoed=embargoed),
        release_at=columns["release_at"], embargoed=embargoed, seq=columns["seq"],
        rulebook=rulebook,
    )  # fmt: skip


def _series(
    columns: Mapping[str, Any], unreleased: Collection[tuple[str, str]], *, embargoed: bool
) -> tuple[Point, ...]:
    """Without the row's own period, which may wait for what it gives away, and what is not public
    of those before it."""
    points = (Point._make(one) for one in columns["series"])
    if not embargoed:
        return tuple(points)
    own, name = columns["period"], columns["indicator"]
    return tuple(
        one for one in points if one.period != own and (name, one.period) not in unreleased
    )


def _gates(target: Mapping[str, Any]) -> tuple[GateView, ...]:
    """None of rows that were written before gates were judged."""
    return tuple(
        GateView(**{**one, "reasons": tuple(one["reasons"])}) for one in target.get("gates", ())
    )


def _targets(told: Sequence[dict[str, Any]], figures: Iterable[Figure]) -> tuple[TargetView, ...]:
    by_target: dict[str, dict[str, Figure]] = {}
    for one in figures:
        if one.target_id:
            by_target.setdefault(one.target_id, {})[one.measure] = one
    return tuple(
        TargetView(
            **{
                **target,
                "reasons": tuple(target["reasons"]),
                "gates": _gates(target),
                "phases": tuple((month, value) for month, value in target.get("phases", ())),
            },
            figures=by_target.get(target["id"], {}),
        )
        for target in told
    )


# -- counted ---------------------------------------------------------------------------------------

TARGET_CLASSES = {
    "above_target": "高于目标", "at_target": "与目标持平", "below_target": "低于目标",
    "no_target": "未下达目标", "target_not_comparable": "无法比较",
}  # fmt: skip
GROWTH_CLASSES = {
    "growth_up": "上升", "growth_flat": "持平", "growth_down": "下降",
    "growth_not_comparable": "无法比较",
}  # fmt: skip


@dataclass(frozen=True)
class Tally:
    """N高K平M低 and N升K平M降 over rows one may see, as the engine classed each; those under
    embargo are in no class."""

    classes: Mapping[str, tuple[RowView, ...]]
    embargoed: tuple[RowView, ...]

    def count(self, name: str) -> int:
        return len(self.classes[name])

    def rows(self, name: str) -> tuple[RowView, ...]:
        return self.classes[name]


def tally(views: Iterable[RowView]) -> Tally:
    """Count headline rows of one org by the engine's classes."""
    found: dict[str, list[RowView]] = {name: [] for name in (*TARGET_CLASSES, *GROWTH_CLASSES)}
    hidden: list[RowView] = []
    for one in views:
        if one.embargoed:
            hidden.append(one)
            continue
        for name in (one.target_class, one.growth_class):
            if name:
                found[name].append(one)
    return Tally({name: tuple(rows) for name, rows in found.items()}, tuple(hidden))
