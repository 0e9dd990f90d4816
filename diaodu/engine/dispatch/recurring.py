"""Duties that come again: quotas per week, month or quarter, and what was not cleared rolling over
to the next (周清、月清、季清)."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal, NamedTuple

from pydantic import Field

from diaodu.engine.dispatch.days import said
from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.rules.models import Dated, Id, Text

Every = Literal["week", "month", "quarter"]
EVERY_NAMES: dict[Every, str] = {"week": "每周", "month": "每月", "quarter": "每季度"}
QuotaLight = Literal["good", "watch", "behind", "none"]


class Quota(Dated):
    """So many times in each period, done by a day of it: of a week 1 (Monday) to 7, of a month its
    date, of a quarter the date in its last month; a day the month does not have is its last.
    `rolls`: what was not done is owed in the next period besides."""

    id: Id = Field(description="编号")
    title: Text = Field(description="要做什么，如 走访包联企业")
    every: Every = Field(description="week每周，month每月，quarter每季度")
    times: int = Field(1, ge=1, le=999, description="每期几次")
    day: int = Field(31, ge=1, le=31, description="期内几日以前；31为最后一天")
    rolls: bool = Field(False, description="没有做完的是否转到下一期")


class Turn(NamedTuple):
    """One period of a quota. `due` is its last day; `carried` what was left from before; `owed`
    its own times and what was carried; `left` what is still to do, never below zero."""

    period: Period
    due: date
    carried: int
    owed: int
    done: int
    left: int
    light: QuotaLight
    word: str


def period_of(every: Every, day: date) -> Period:
    """The week, month or quarter that a day lies in."""
    if every == "week":
        year, week, _ = day.isocalendar()
        return Period.of_week(year, week)
    if every == "month":
        return Period.of_month(day.year, day.month)
    first = (day.month - 1) // 3 * 3 + 1
    return Period.of_months(day.year, first, first + 2)


def due_day(quota: Quota, period: Period) -> date:
    """The last day on which the turn can be done in time."""
    if quota.every == "week":
        return period.start + timedelta(days=min(quota.day, 7) - 1)
    last = period.end
    return last.replace(day=min(quota.day, monthrange(last.year, last.month)[1]))


def turns(quota: Quota, done: Iterable[date], first: date, day: date) -> list[Turn]:
    """Every turn from the period of `first` to that of `day`, oldest first.

    done: the days on which it was done once; later ones than `day` do not count yet. More than
    is owed clears nothing in advance.
    """
    by_period: dict[Period, list[date]] = defaultdict(list)
    for one in done:
        if one <= day:
            by_period[period_of(quota.every, one)].append(one)
    found: list[Turn] = []
    carried = 0
    for period in _periods(quota, first, day):
        turn = _turn(quota, period, carried, by_period[period], day)
        found.append(turn)
        carried = turn.left if quota.rolls else 0
    return found


def _periods(quota: Quota, first: date, day: date) -> Iterator[Period]:
    """The periods in which the quota holds: those whose last day to do it does."""
    period = period_of(quota.every, first)
    while period.start <= day:
        if quota.holds_on(due_day(quota, period)):
            yield period
        period = period_of(quota.every, period.end + timedelta(days=1))


def _turn(quota: Quota, period: Period, carried: int, done: list[date], day: date) -> Turn:
    owed = quota.times + carried
    due, left = due_day(quota, period), max(owed - len(done), 0)
    in_time = sum(one <= due for one in done) >= owed
    light, word = _word(left, in_time, due, day)
    return Turn(period, due, carried, owed, len(done), left, light, word)


def _word(left: int, in_time: bool, due: date, day: date) -> tuple[QuotaLight, str]:
    if left == 0:
        return ("good", "已清") if in_time else ("watch", "逾期补清")
    if day > due:
        return "behind", f"到期未清，差{left}次"
    if day == due:
        return "watch", f"今天到期，差{left}次"
    return "none", f"还差{left}次，还剩{(due - day).days}天"


class Reminder(NamedTuple):
    """That a turn is not cleared. `after`: of which day behind its last this is the reminder, so
    that each goes out once; `late`: how many days that lies back. `evidence`: Chinese sentences
    without full stop."""

    turn: Turn
    after: int
    late: int
    evidence: tuple[str, ...]


# Before, on and after the last day of a turn. What is past is told of for a week.
_REMINDED: dict[Every, tuple[int, ...]] = {
    "week": (-1, 0, 1), "month": (-3, 0, 1), "quarter": (-7, 0, 1),
}  # fmt: skip
_TOLD_OF = 7


def quota_reminders(quota: Quota, found: Sequence[Turn], day: date) -> list[Reminder]:
    """Of the present turn, and of the one before as long as nothing was done since; of each the
    newest reminder that is due. `found`: its turns up to a day (`turns`)."""
    past = [
        one
        for one, then in pairwise(found[-2:])
        if not then.done and (day - one.due).days <= _TOLD_OF
    ]
    wanted = (_reminder(quota, one, day) for one in (*past, *found[-1:]))
    return [one for one in wanted if one is not None]


def _reminder(quota: Quota, turn: Turn, day: date) -> Reminder | None:
    late = (day - turn.due).days
    due = [after for after in _REMINDED[quota.every] if after <= late]
    if turn.left == 0 or not due:
        return None
    asked = f"{EVERY_NAMES[quota.every]}{quota.times}次，{print_period(turn.period)}"
    rolled = f"{turn.owed}次（上一期转来{turn.carried}次）" if turn.carried else f"{turn.owed}次"
    evidence = [
        f"最晚{said(turn.due, day)}，{turn.word}",
        f"{asked}要做{rolled}，做了{turn.done}次",
    ]
    if quota.rolls and day > turn.period.end:
        evidence.append(f"没有做完的{turn.left}次转到了本期")
    return Reminder(turn, due[-1], late, tuple(evidence))


def report_turns(every: Every, kept: date, told: Iterable[date], day: date) -> list[Turn]:
    """The turns in which a duty kept for long is reported on: from the period after the one in
    which that was decided.

    told: the days on which progress was reported.
    """
    first = period_of(every, kept).end + timedelta(days=1)
    if first > day:
        return []
    quota = Quota.model_construct(
        id="", title="", every=every, times=1, day=31, rolls=False, from_=None, to=None
    )
    return turns(quota, told, first, day)
