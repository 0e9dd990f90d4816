"""What is computed: which indicators, for which periods, and what each is compared with.

Everything about time is settled here, in Python, once per indicator and period; the frames only
join on period ids. No row is ever shifted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from diaodu.engine.ground.period import Period, due_period, is_summed_up
from diaodu.engine.rules.calendar import (
    latest_filed,
    owed_entries,
    previous_filed,
    short_cadence,
    status,
)
from diaodu.engine.rules.models import Indicator
from diaodu.engine.rules.rulebook import Rulebook

# How far back a figure is looked for that the calendar says need not be there yet.
_PATIENCE = 24
_DAYS_BEFORE = 11  # before the month: the 旬 that ended with the month before


@dataclass(frozen=True, slots=True)
class Step:
    """One indicator at one period, and the ids of the periods it is compared with.

    `previous_cumulative` is "" at the start of a year; `own_month` where a month's own figure
    may have been published beside the cumulative one.
    """

    indicator: str
    period: Period
    last_year: str
    previous: str
    previous_cumulative: str
    own_month: str
    has_month_value: bool
    reportable_period: str


@dataclass
class Plan:
    """`steps` by (indicator, period id); `asked` those whose measures are wanted, the others only
    serve as what is compared with. `agenda`: which of them belong to the run of which month."""

    steps: dict[tuple[str, str], Step] = field(default_factory=dict)
    asked: set[tuple[str, str]] = field(default_factory=set)
    agenda: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    horizon: dict[str, Period] = field(default_factory=dict)
    # Of the asked: ids of the periods that the measures of `series` read besides.
    further: Mapping[tuple[str, str], Sequence[str]] = field(default_factory=dict)

    @property
    def periods(self) -> list[Period]:
        """Every period of a step, oldest first."""
        return sorted({step.period for step in self.steps.values()})

    @property
    def needed(self) -> list[str]:
        """Ids of all periods whose figures are read."""
        found = {period for periods in self.further.values() for period in periods}
        for step in self.steps.values():
            found |= {
                step.period.id, step.last_year, step.previous, step.previous_cumulative,
                step.own_month, step.reportable_period,
            }  # fmt: skip
        return sorted(found - {""})


def filed_period(indicator: Indicator, period: Period) -> Period:
    """The newest period of an indicator by the month in which `period` ends."""
    return _merged(indicator, latest_filed(indicator, period))


def period_before(indicator: Indicator, period: Period) -> Period:
    return _merged(indicator, previous_filed(indicator, period))


def _merged(indicator: Indicator, period: Period) -> Period:
    """A month's own figure for February is the one for 1—2月 where January is merged into it."""
    if indicator.january == "merged" and indicator.basis == "month" and period.month == 2:
        return Period.of_months(period.year, 1, 2)
    return period


def doubtful_periods(rulebook: Rulebook, months: Sequence[Period], as_of: date) -> set[str]:
    """Ids of the periods not owed yet on `as_of`: these count only if somebody has a figure."""
    found: set[str] = set()
    for month in months:
        for indicator in rulebook.indicators.values():
            if short_cadence(indicator) is not None:
                found |= {period.id for period in _short_periods(indicator, month)}
                continue
            period = filed_period(indicator, month)
            for _ in range(_PATIENCE):
                if not _is_waiting(rulebook, indicator, period, as_of):
                    break
                found.add(period.id)
                period = period_before(indicator, period)
    return found


def make_plan(
    rulebook: Rulebook,
    months: Sequence[Period],
    as_of: date,
    on_file: set[tuple[str, str]],
) -> Plan:
    """Plan the runs of some months. `on_file`: (indicator, period id) of the `doubtful_periods`
    that anybody has a figure for by `as_of`. Where the newest period is not owed yet and nobody
    has a figure, the newest one before it that is owed or filed is taken; `horizon` says which."""
    plan = Plan()
    for month in months:
        agenda = plan.agenda.setdefault(month.ytd().id, [])
        for indicator in rulebook.indicators.values():
            period = _horizon(rulebook, indicator, month, as_of, on_file)
            plan.horizon[indicator.id] = period
            step = _add(plan, rulebook, indicator, period)
            plan.asked.add((indicator.id, period.id))
            agenda.append((indicator.id, period.id))
            _add(plan, rulebook, indicator, Period.from_id(step.previous))
    return plan


def history_plan(rulebook: Rulebook, months: Sequence[Period]) -> Plan:
    """Each indicator at the period it files by each month, whatever is on file."""
    plan = Plan()
    for month in months:
        for indicator in rulebook.indicators.values():
            step = _add(plan, rulebook, indicator, filed_period(indicator, month))
            plan.asked.add((indicator.id, step.period.id))
    return plan


def _horizon(
    rulebook: Rulebook,
    indicator: Indicator,
    month: Period,
    as_of: date,
    on_file: set[tuple[str, str]],
) -> Period:
    if short_cadence(indicator) is not None:
        return _short_horizon(rulebook, indicator, month, as_of, on_file)
    newest = filed_period(indicator, month)
    period = newest
    for _ in range(_PATIENCE):
        waiting = _is_waiting(rulebook, indicator, period, as_of)
        if not waiting or (indicator.id, period.id) in on_file:
            return period
        period = period_before(indicator, period)
    return newest


def _short_horizon(
    rulebook: Rulebook,
    indicator: Indicator,
    month: Period,
    as_of: date,
    on_file: set[tuple[str, str]],
) -> Period:
    """Of a daily, weekly or ten-day indicator the newest period that is overdue or on file. What
    is summed up may as well come by its own days, weeks or 旬."""
    for period in _short_periods(indicator, month):
        owed = period.end < as_of and status(rulebook, indicator.id, period, as_of) == "late"
        if owed or (indicator.id, period.id) in on_file:
            return period
    return latest_filed(indicator, month)


def _short_periods(indicator: Indicator, month: Period) -> list[Period]:
    """The periods in which a figure of the month's end or shortly before it may stand, newest
    first; of those that end on one day the one that the indicator files."""
    short = short_cadence(indicator)
    assert short is not None
    found: list[Period] = []
    for back in range((month.end - month.last_month().start).days + _DAYS_BEFORE):
        day = month.end - timedelta(days=back)
        own = Period.newest(short, day)
        forms = [own] if own.end == day else []
        forms.append(Period.until(day))
        found += forms if not is_summed_up(indicator.basis) else reversed(forms)
    return found


def _is_waiting(rulebook: Rulebook, indicator: Indicator, period: Period, as_of: date) -> bool:
    return status(rulebook, indicator.id, period, as_of) in ("not_due", "open")


def _add(plan: Plan, rulebook: Rulebook, indicator: Indicator, period: Period) -> Step:
    place = (indicator.id, period.id)
    if place not in plan.steps:
        plan.steps[place] = _step(rulebook, indicator, period)
    return plan.steps[place]


def _step(rulebook: Rulebook, indicator: Indicator, period: Period) -> Step:
    before = period_before(indicator, period)
    short = short_cadence(indicator)
    cumulative = indicator.basis in ("ytd", "count") and indicator.cadence != "year"
    if short is not None:
        cumulative = cumulative and period.is_cumulative
    in_year = cumulative and before.year == period.year
    merged_start = indicator.january == "merged" and period.months == 2 and short is None
    reportable = rulebook.indicators.get(indicator.reportable or "")
    return Step(
        indicator=indicator.id,
        period=period,
        last_year=period.last_year().id,
        previous=before.id,
        previous_cumulative=before.id if in_year else "",
        own_month=own_part(indicator, period) if cumulative else "",
        has_month_value=cumulative and not (merged_start and not in_year),
        reportable_period=due_period(period, reportable.basis).id if reportable else "",
    )


_SPAN_IN_MONTHS = {"quarter": 3, "half": 6}


def own_part(indicator: Indicator, period: Period) -> str:
    """The id of the month, quarter or half-year, or the day, week or 旬, with which a cumulative
    period ends; "" where that is the period itself."""
    short = short_cadence(indicator)
    if short:
        own = Period.newest(short, period.end)
    else:
        first = period.month - _SPAN_IN_MONTHS.get(indicator.cadence, 1) + 1
        own = Period.of_months(period.year, max(first, 1), period.month)
    return own.id if own.end == period.end and own != period else ""


def owed_figures(rulebook: Rulebook, plan: Plan) -> list[tuple[str, str, str]]:
    """(indicator, org, period id) of every asked figure that the calendar obliges an org to file
    and that existed on the period's last day."""
    found: list[tuple[str, str, str]] = []
    living = {p: [o for o in rulebook.orgs.values() if o.exists_on(p.end)] for p in plan.periods}
    for indicator, period_id in sorted(plan.asked):
        period = plan.steps[indicator, period_id].period
        entries = rulebook.calendar_for(indicator, period)
        if not any(entry.levels or entry.orgs for entry in entries):
            continue
        found += [
            (indicator, org.id, period_id)
            for org in living[period]
            if any(owed_entries(rulebook, indicator, org.id, period))
        ]
    return found


def living_orgs(rulebook: Rulebook, periods: Iterable[Period]) -> Mapping[str, list[str]]:
    """The orgs that existed on the last day of each period, by period id."""
    return {
        period.id: [org.id for org in rulebook.orgs.values() if org.exists_on(period.end)]
        for period in periods
    }
