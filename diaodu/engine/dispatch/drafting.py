"""A duty drafted from an indicator that is behind: who, which figure, what is owed, by when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple, Protocol

from diaodu.engine.compute.book import MeasureBook
from diaodu.engine.dispatch.closing import LAG_PROOFS
from diaodu.engine.dispatch.duty import Goal, Thing
from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.ground.printed import Printed, number_of, plain, said
from diaodu.engine.ground.records import Target, Verdict
from diaodu.engine.ground.words import (
    COMPARATOR_NAMES,
    KIND_NAMES,
    MEASURE_NAMES,
    TIER_NAMES,
)
from diaodu.engine.rules.calendar import day_after, owed_entries, release_of, running
from diaodu.engine.rules.models import Indicator, Org
from diaodu.engine.rules.rulebook import Rulebook

# Each arrears keeps its own name; the bare word would mix four measures.
_ARREARS = {
    "arrears_growth": "增速欠账", "arrears_pace": "进度欠账", "arrears_pace_pp": "进度欠账",
    "shortfall_year": "全年缺口", "shortfall_reportable": "入库缺口",
}  # fmt: skip
_NEEDED = {one: MEASURE_NAMES[one] for one in ("mean_required", "growth_needed")}
# Units that answer for their own figures; above them the owner of the indicator does.
_ANSWER_THEMSELVES = ("township", "department", "park")
_WITHOUT_CALENDAR = 30  # days after the period


class Judged(Protocol):
    """One target of a row: what is asked, its light, and the measures that belong to it."""

    @property
    def tier(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def comparator(self) -> str: ...
    @property
    def value(self) -> Decimal | str | None: ...
    @property
    def unit(self) -> str: ...
    @property
    def light(self) -> str: ...

    def get(self, measure: str, /) -> Printed | None: ...


class Draft(NamedTuple):
    """What a person looks over before issuing it. `owed` and `needed`: sentences without full
    stop, one per target; `dated`: what the proposed day rests on."""

    title: str
    lead: str
    supporting: tuple[str, ...]
    things: tuple[Thing, ...]
    owed: tuple[str, ...]
    needed: tuple[str, ...]
    goal: Goal
    latest: date
    dated: str
    proof_asked: tuple[str, ...]
    origin: str


def draft(
    indicator: Indicator, org: Org, period: Period, targets: Iterable[Judged],
    rulebook: Rulebook, day: date, *, reasons: Sequence[str] = (),
) -> Draft:  # fmt: skip
    """A duty about a row that is behind.

    targets: those of the row with their measures. reasons: the row's, told where no arrears has
    a number. The goal is that the light is no longer 落后 in the first period that what is done
    now can still show in; the day proposed is the one on which that figure is out.
    """
    behind = [target for target in targets if target.light == "behind"]
    lead, supporting = _answering(indicator, org)
    owed = [line for target in behind if (line := _line(target, _ARREARS))]
    needed = [line for target in behind if (line := _line(target, _NEEDED))]
    shows = running(indicator, day)
    latest, dated = _day_of(indicator, org, shows, rulebook)
    when = print_period(period)
    return Draft(
        title=_title(indicator, org, period, behind, own=lead == org.id),
        lead=lead,
        supporting=supporting,
        things=(_thing(indicator, org),),
        owed=tuple(owed or reasons),
        needed=tuple(needed),
        goal=_light_goal(indicator, org, shows),
        latest=latest,
        dated=dated,
        proof_asked=LAG_PROOFS,
        origin=f"{org.name}{indicator.name}{when}亮灯为“落后”",
    )


def drafts(
    book: MeasureBook, targets: Iterable[Target], verdicts: Iterable[Verdict],
    rulebook: Rulebook, day: date,
) -> list[Draft]:  # fmt: skip
    """A draft for every row of a run that is behind, in the order of the verdicts."""
    verdicts = list(verdicts)
    known = {target.target_id: target for target in targets}
    rows: dict[tuple[str, str], list[RunTarget]] = {}
    for one in verdicts:
        if one.target_id is not None:
            judged = RunTarget(known[one.target_id], one.light, book)
            rows.setdefault((one.indicator, one.org), []).append(judged)
    return [
        draft(
            rulebook.indicators[one.indicator], rulebook.orgs[one.org],
            Period.from_id(one.period), rows.get((one.indicator, one.org), ()), rulebook, day,
            reasons=one.reasons,
        )
        for one in verdicts
        if one.target_id is None and one.light == "behind"
    ]  # fmt: skip


@dataclass(frozen=True)
class RunTarget:
    """A target of a run in hand with its light."""

    target: Target
    light: str
    book: MeasureBook

    @property
    def tier(self) -> str:
        return self.target.tier

    @property
    def kind(self) -> str:
        return self.target.kind

    @property
    def comparator(self) -> str:
        return self.target.comparator

    @property
    def value(self) -> Decimal | None:
        return self.target.value

    @property
    def unit(self) -> str:
        return self.target.unit

    def get(self, measure: str, /) -> Printed | None:
        one = self.target
        return self.book.get(one.indicator, one.org, measure, target_id=one.target_id)


def _thing(indicator: Indicator, org: Org) -> Thing:
    text = f"{org.name}{indicator.name}"
    return Thing.model_validate({"kind": "indicator", "id": indicator.id, "text": text})


def _light_goal(indicator: Indicator, org: Org, since: Period) -> Goal:
    return Goal.model_validate({"indicator": indicator.id, "org": org.id, "since": since.id})


def _answering(indicator: Indicator, org: Org) -> tuple[str, tuple[str, ...]]:
    """Lead and supporting units."""
    if org.level in _ANSWER_THEMSELVES:
        beside = indicator.owner is not None and indicator.owner != org.id
        return org.id, (indicator.owner,) if beside and indicator.owner else ()
    return indicator.owner or org.id, ()


def _title(
    indicator: Indicator, org: Org, period: Period, behind: Sequence[Judged], *, own: bool
) -> str:
    """补上1—9月税收进度欠账0.46亿元: the first arrears that is owed."""
    whose = "" if own else org.name
    when = print_period(period, with_year=False)
    for target in behind:
        if target.kind == "ceiling":
            return f"把{whose}{indicator.name}控制在{_goal(target)}以内"
        for measure, name in _ARREARS.items():
            figure = target.get(measure)
            if figure is not None and _is_owed(figure):
                return f"补上{whose}{when}{indicator.name}{name}{said(figure)}"
    return f"扭转{whose}{when}{indicator.name}落后的局面"


def _line(target: Judged, names: Mapping[str, str]) -> str:
    """上级下达总量目标12亿元：进度欠账0.46亿元、3.8个百分点，全年缺口5.37亿元."""
    told: dict[str, list[str]] = {}
    for measure, name in names.items():
        figure = target.get(measure)
        if figure is not None and _is_owed(figure):
            told.setdefault(name, []).append(said(figure))
    if not told:
        return ""
    return f"{_goal(target)}：" + "，".join(f"{one}{'、'.join(all)}" for one, all in told.items())


def _is_owed(figure: Printed) -> bool:
    number = number_of(figure)
    return number is not None and number > 0


def _goal(target: Judged) -> str:
    kind = KIND_NAMES.get(target.kind, target.kind)
    what = kind if target.kind == "ceiling" else f"{kind}目标"
    behind = "" if target.comparator == "reach" else COMPARATOR_NAMES.get(target.comparator, "")
    value = "" if target.value is None else plain(Decimal(target.value))
    return f"{TIER_NAMES.get(target.tier, target.tier)}{what}{value}{target.unit}{behind}"


def _day_of(indicator: Indicator, org: Org, shows: Period, rulebook: Rulebook) -> tuple[date, str]:
    """The day on which the figure of a period is out, and what says so."""
    when = print_period(shows)
    released = release_of(rulebook, indicator.id, shows)
    if released is not None:
        return released.date(), f"{when}的数到这一天发布"
    due = [day_after(entry.due, shows) for entry in owed_entries(
        rulebook, indicator.id, org.id, shows
    )]  # fmt: skip
    if due:
        return max(due), f"{when}的数到这一天报齐"
    day = shows.end + timedelta(days=_WITHOUT_CALENDAR)
    return day, f"报送日历没有写{when}的数何时发布，按期末后{_WITHOUT_CALENDAR}天提出"
