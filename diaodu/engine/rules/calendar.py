"""The release calendar asked: when is a figure due, may it exist yet, is it late."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Literal, cast

from diaodu.engine.ground.period import Period, Short, due_period, is_summed_up
from diaodu.engine.rules.models import CalendarEntry, DayAfter, Indicator
from diaodu.engine.rules.rulebook import Rulebook

Status = Literal["not_due", "open", "late", "unknown"]

_STEP = {"quarter": 3, "half": 6, "year": 12}
_SHORT = frozenset({"day", "week", "xun"})


def short_cadence(indicator: Indicator) -> Short | None:
    """day, week or xun where the indicator comes more often than by months."""
    return cast(Short, indicator.cadence) if indicator.cadence in _SHORT else None


def day_after(when: DayAfter, period: Period) -> date:
    """The day `when` means for a period; day 31 is the month's last."""
    months = period.year * 12 + period.month - 1 + when.months_after
    year, month = divmod(months, 12)
    return date(year, month + 1, min(when.day, monthrange(year, month + 1)[1]))


def opens_at(entry: CalendarEntry, period: Period) -> datetime:
    """The first moment at which returns are taken: where the entry does not say, the day after
    the period ends. Local time of the desk, without zone, as all moments here."""
    if entry.opens is None:
        return datetime.combine(period.end + timedelta(days=1), time())
    return _moment(entry.opens, period)


def closes_at(entry: CalendarEntry, period: Period) -> datetime:
    """The first moment at which returns are no longer taken: the time due, else the end of that
    day."""
    if entry.due.time is None:
        return datetime.combine(day_after(entry.due, period) + timedelta(days=1), time())
    return _moment(entry.due, period)


def released_at(entry: CalendarEntry, period: Period) -> datetime | None:
    """The first moment at which the figures are public; None where the entry does not say."""
    return None if entry.released is None else _moment(entry.released, period)


def _moment(when: DayAfter, period: Period) -> datetime:
    hour = time() if when.time is None else time.fromisoformat(when.time)
    return datetime.combine(day_after(when, period), hour)


def release_of(rulebook: Rulebook, indicator: str, period: Period) -> datetime | None:
    """When a figure becomes public: the latest release of the entries for it; None where none
    names one."""
    moments = [released_at(entry, period) for entry in rulebook.calendar_for(indicator, period)]
    return max((one for one in moments if one is not None), default=None)


def is_filed(indicator: Indicator, period: Period) -> bool:
    """Whether the calendar knows this period for the indicator at all.

    A quarterly indicator has no figure for May, a merged-January one none for January alone.
    Months' own figures of a cumulative indicator are filed as its cumulative ones are. A daily,
    weekly or ten-day indicator has figures of its own periods and of the year so far to any day.
    """
    if indicator.cadence in _SHORT:
        return period.kind == indicator.cadence or period.is_cumulative
    if not period.is_whole_months:
        return False
    if indicator.january == "merged" and period == Period.of_month(period.year, 1):
        return False
    step = _STEP.get(indicator.cadence, 1)
    return period.month % step == 0


def periods_a_year(indicator: Indicator) -> int:
    """How many periods of the indicator end in a year: 11 where 1—2月 is one."""
    months = (Period.of_months(2023, 1, month) for month in range(1, 13))
    return sum(is_filed(indicator, due_period(month, indicator.basis)) for month in months)


def latest_filed(indicator: Indicator, period: Period) -> Period:
    """The newest period of the indicator that ends no later than `period` does."""
    short = short_cadence(indicator)
    if short is not None:
        return _newest(short, period.end, is_summed_up(indicator.basis))
    month = period.last_month()
    while not is_filed(indicator, due_period(month, indicator.basis)):
        month = month.previous_month()
    return _with_january(indicator, due_period(month, indicator.basis))


def _newest(short: Short, last: date, so_far: bool) -> Period:
    own = Period.newest(short, last)
    return Period.until(own.end) if so_far else own


def _with_january(indicator: Indicator, period: Period) -> Period:
    """A month's own figure for February is the one for 1—2月 where January is merged into it."""
    if indicator.january == "merged" and indicator.basis == "month" and period.month == 2:
        return Period.of_months(period.year, 1, 2)
    return period


def previous_filed(indicator: Indicator, period: Period) -> Period:
    """The period of the indicator before this one: 1—2月 of a merged indicator follows 1—12月.

    A week follows a week, the year to a day the year to the end of the week before.
    """
    short = short_cadence(indicator)
    if short is not None:
        so_far = period.is_cumulative and (period.kind != short or is_summed_up(indicator.basis))
        return _newest(short, period.end - timedelta(days=1), so_far)
    return latest_filed(indicator, period.last_month().previous_month())


def running(indicator: Indicator, day: date) -> Period:
    """The first period of the indicator that is not over before a day: what is done from that day
    on can still show in it."""
    month = Period.of_month(day.year, day.month)
    found = latest_filed(indicator, month)
    while found.end < day:
        after = month.end + timedelta(days=1)
        month = Period.of_month(after.year, after.month)
        found = latest_filed(indicator, month)
    return found


def owed_entries(
    rulebook: Rulebook, indicator: str, org: str, period: Period
) -> Iterator[CalendarEntry]:
    """The entries under which this org owes this figure. An entry that names neither orgs nor
    levels obliges nobody by name; it only dates what is received."""
    known = rulebook.orgs[org]
    for entry in rulebook.calendar_for(indicator, period):
        if org in entry.orgs or known.level in entry.levels:
            yield entry


def status(rulebook: Rulebook, indicator: str, period: Period, as_of: date) -> Status:
    """not_due before returns open, open until the due day (included), late after it."""
    entries = rulebook.calendar_for(indicator, period)
    if not entries:
        return "unknown"
    if any(as_of > day_after(entry.due, period) for entry in entries):
        return "late"
    if any(as_of >= _opening(entry, period) for entry in entries):
        return "open"
    return "not_due"


def _opening(entry: CalendarEntry, period: Period) -> date:
    if entry.opens is not None:
        return day_after(entry.opens, period)
    return period.end + timedelta(days=1)
