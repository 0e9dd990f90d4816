"""How far a year's target should be by now: by month or day, by milestones, by working days, by
last year's shape, as the rulebook says for it; and before all of these as a phase target says that
was issued for the period itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

import narwhals as nw

from diaodu.engine.compute.emit import BREAK
from diaodu.engine.compute.exact import LIMIT, Frame
from diaodu.engine.compute.figures import facet, filter_numbers, table
from diaodu.engine.compute.plan import Plan, filed_period
from diaodu.engine.compute.profiles import milestone_share, working_days
from diaodu.engine.compute.stated import kept
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.words import TIER_NAMES
from diaodu.engine.rules.rulebook import Rulebook

YEAR = 12
# A pace enters computations in 128 bits beside two scaled figures.
_LARGEST_SPAN = 10**11


class Elapsed(NamedTuple):
    """`gone` of `span` parts of the year, whatever they are counted in; `told` says how. `inputs`:
    what it rests on beside the rulebook."""

    gone: int
    span: int
    told: str
    inputs: tuple[str, ...] = ()


class Phase(NamedTuple):
    """A target issued for a period of the year, scaled."""

    target_id: str
    value: int


Amount = tuple[int, str]  # scaled, obs_id
PhaseKey = tuple[str, str, int, str, str, str]  # indicator, org, year, tier, kind, period
_PHASED = ("level", "increment")
AmountKey = tuple[str, str, str]  # indicator, org, period


def elapsed(rulebook: Rulebook, indicator: str, tier: str, period: Period) -> Elapsed | None:
    """What of the year is gone at the end of a period, its last day included, by the rulebook
    alone. In the middle of a month there are only days. None where last year's shape is wanted or
    the year's holidays are not declared."""
    shape = rulebook.pace_basis(indicator, tier, period.end)
    if shape == "working_day":
        return _by_working_day(rulebook, period)
    if not period.is_whole_months:
        return None if shape in ("milestones", "last_year") else _by_day(period)
    if shape == "month":
        return Elapsed(period.month, YEAR, "已过月数 ÷ 12 × 100")
    if shape == "milestones":
        return _by_milestone(rulebook, indicator, tier, period)
    return None if shape == "last_year" else _by_day(period)


def _by_day(period: Period) -> Elapsed:
    year = Period.of_months(period.year, 1, YEAR)
    gone = (period.end - year.start).days + 1
    return Elapsed(gone, year.days, f"已过天数 ÷ 全年天数 × 100（按天：{gone} ÷ {year.days}）")


def _by_working_day(rulebook: Rulebook, period: Period) -> Elapsed | None:
    calendar = rulebook.holidays_of(period.year)
    if calendar is None:
        return None
    first = date(period.year, 1, 1)
    gone = working_days(calendar, first, period.end)
    span = working_days(calendar, first, date(period.year, YEAR, 31))
    told = f"已过工作日 ÷ 全年工作日 × 100（按工作日：{gone} ÷ {span}）"
    return Elapsed(gone, span, told)


def _by_milestone(
    rulebook: Rulebook, indicator: str, tier: str, period: Period
) -> Elapsed:  # fmt: skip
    rule = rulebook.pace(indicator, tier, period.end)
    assert rule is not None  # it said so
    share = milestone_share(rule.milestones, period.month)
    named = "、".join(f"{one.month}月底{one.share.normalize():f}%" for one in rule.milestones)
    told = f"按节点（{named}，节点之间按月均匀）"
    return Elapsed(share.numerator, share.denominator, told)


class Paces:
    """The pace of every target of a run. `phases` and last year's `amounts` only where there are
    any: most runs ask the rulebook alone."""

    def __init__(
        self, rulebook: Rulebook, phases: Mapping[PhaseKey, Phase] | None = None,
        amounts: Mapping[AmountKey, Amount] | None = None,
    ) -> None:  # fmt: skip
        self.rulebook = rulebook
        self._phases = phases or {}
        self._amounts = amounts or {}
        self._known: dict[tuple[str, str, Period], Elapsed | None] = {}

    def of(
        self, indicator: str, org: str, tier: str, period: Period, wanted: int | None,
        kind: str = "level",
    ) -> Elapsed | None:  # fmt: skip
        """Of a target of `wanted` (scaled) for the year. None where the rulebook's way is not to
        be had: last year's figures or the holidays are missing."""
        phase = self._phases.get((indicator, org, period.year, tier, kind, period.id))
        if phase is not None and wanted:
            return _of_phase(phase, wanted)
        if self.rulebook.pace_basis(indicator, tier, period.end) == "last_year":
            return self._by_last_year(indicator, org, period)
        place = (indicator, tier, period)
        if place not in self._known:
            self._known[place] = elapsed(self.rulebook, indicator, tier, period)
        return self._known[place]

    def is_of_its_own(self, indicator: str, org: str, tier: str, period: Period) -> bool:
        """Whether the pace is not the same for every org."""
        if (indicator, org, period.year, tier, "level", period.id) in self._phases:
            return True
        return self.rulebook.pace_basis(indicator, tier, period.end) == "last_year"

    @property
    def has_own(self) -> bool:
        """Whether any may be."""
        return bool(self._phases) or asks_last_year(self.rulebook)

    def _by_last_year(self, indicator: str, org: str, period: Period) -> Elapsed | None:
        if period.month == YEAR:
            return Elapsed(1, 1, "全年（按上年进度）")
        whole = _whole_last_year(self.rulebook, indicator, period)
        done = self._amounts.get((indicator, org, period.last_year().id))
        year = self._amounts.get((indicator, org, whole.id))
        if done is None or year is None or year[0] <= 0 or done[0] < 0:
            return None
        share = Fraction(done[0], year[0])
        if share.denominator > _LARGEST_SPAN:
            return None
        told = "上年同期 ÷ 上年全年 × 100（按上年进度）"
        return Elapsed(share.numerator, share.denominator, told, (done[1], year[1]))


def _of_phase(phase: Phase, wanted: int) -> Elapsed | None:
    share = Fraction(phase.value, wanted)
    if share.denominator > _LARGEST_SPAN:
        return None
    told = "本期时序任务 ÷ 全年目标 × 100（按下达的时序任务）"
    return Elapsed(share.numerator, share.denominator, told, (phase.target_id,))


def asks_last_year(rulebook: Rulebook) -> bool:
    return any(one.pace_basis == "last_year" for one in rulebook.paces)


def _whole_last_year(rulebook: Rulebook, indicator: str, period: Period) -> Period:
    return filed_period(rulebook.indicators[indicator], Period.of_month(period.year - 1, YEAR))


def further(rulebook: Rulebook, plan: Plan) -> dict[tuple[str, str], tuple[str, ...]]:
    """Ids of the periods that paces by last year's shape read, by step."""
    if not asks_last_year(rulebook):
        return {}
    return {
        (name, period): (
            plan.steps[name, period].last_year,
            _whole_last_year(rulebook, name, plan.steps[name, period].period).id,
        )
        for name, period in plan.asked
        if _is_by_last_year(rulebook, name, plan.steps[name, period].period)
    }


def _is_by_last_year(rulebook: Rulebook, indicator: str, period: Period) -> bool:
    return any(
        rulebook.pace_basis(indicator, tier, period.end) == "last_year" for tier in TIER_NAMES
    )


_IS_PHASE = kept(nw.col("period") != "")


def paces_of(rulebook: Rulebook, targets: Frame, figures: Frame, as_of: date) -> Paces:
    """`targets`: every vintage, columns of Target, scaled; `figures` those read."""
    phases = targets.filter(_IS_PHASE)
    if not len(phases):
        return Paces(rulebook, {}, _amounts(rulebook, figures))
    phases = phases.filter(nw.col("received") <= as_of)
    names = ("indicator", "org", "year", "tier", "kind", "period", "target_id", "value")
    rows = phases.sort("received", "target_id").select(*names).iter_rows()
    found = newest_phases((tuple(row[:6]), *row[6:]) for row in rows)
    return Paces(rulebook, found, _amounts(rulebook, figures))


def newest_phases(
    received: Iterable[tuple[PhaseKey, str, int | None]],
) -> dict[PhaseKey, Phase]:
    """Place, id and scaled value of phase targets, oldest first → those that stand. One without a
    value takes back the one before it."""
    found: dict[PhaseKey, Phase] = {}
    for place, target, value in received:
        found.pop(place, None)
        if value is not None and abs(value) <= LIMIT and place[4] in _PHASED:
            found[place] = Phase(target, value)
    return found


def _amounts(rulebook: Rulebook, figures: Frame) -> dict[AmountKey, Amount]:
    if not asks_last_year(rulebook):
        return {}
    levels = filter_numbers(facet(figures, "level", "s"))
    return {
        (indicator, org, period): (value, ref)
        for indicator, org, period, value, ref in levels.select(
            "indicator", "org", "period", "s", "s_ref"
        ).iter_rows()
    }


# -- in frames ---------------------------------------------------------------------------------


def with_elapsed(aimed: Frame, paces: Paces, plan: Plan) -> Frame:
    """Rows of cells and targets with `gone`, `span`, `pace_told` and `pace_refs`, see `Elapsed`;
    `gone` null where there is no pace."""
    steps = [plan.steps[place] for place in sorted(plan.asked)]
    places = [(step.indicator, step.period.id, tier) for step in steps for tier in TIER_NAMES]
    found = [
        elapsed(paces.rulebook, step.indicator, tier, step.period)
        for step in steps
        for tier in TIER_NAMES
    ]
    by = ["indicator", "period", "tier"]
    general = _table(aimed, by, places, found)
    if not paces.has_own:
        return aimed.join(general, on=by)
    own = list(_targets(aimed, paces))
    by_target = ["indicator", "org", "period", "target_id"]
    apart = _table(aimed, by_target, [row[:4] for row in own], [_of_row(paces, row) for row in own])
    usual = aimed.join(apart, on=by_target, how="anti").join(general, on=by)
    return nw.concat([usual, aimed.join(apart, on=by_target).select(usual.columns)])


def _targets(aimed: Frame, paces: Paces) -> Iterable[tuple[str, str, str, str, str, int]]:
    """indicator, org, period, target, tier and what is wanted, of those with a pace of their
    own."""
    names = ("indicator", "org", "period", "target_id", "tier", "t")
    for row in aimed.select(*names).iter_rows():
        if paces.is_of_its_own(row[0], row[1], row[4], Period.from_id(row[2])):
            yield row


def _of_row(paces: Paces, row: tuple[str, str, str, str, str, int]) -> Elapsed | None:
    indicator, org, period, _, tier, wanted = row
    return paces.of(indicator, org, tier, Period.from_id(period), wanted)


def _table(
    like: Frame, by: list[str], places: list[tuple[Any, ...]], found: list[Elapsed | None]
) -> Frame:
    columns: dict[str, list[Any]] = {
        name: [place[at] for place in places] for at, name in enumerate(by)
    }
    columns["gone"] = [None if one is None else one.gone for one in found]
    columns["span"] = [None if one is None else one.span for one in found]
    columns["pace_told"] = ["" if one is None else one.told for one in found]
    columns["pace_refs"] = [BREAK.join(one.inputs) if one and one.inputs else None for one in found]
    types: dict[str, Any] = dict.fromkeys(columns, nw.String)
    types |= {"gone": nw.Int128, "span": nw.Int128}
    return table(like, columns, types)
