"""Profiles: how a year's target is spread over the periods in which it is filed.

A profile is one weight per own period of the year (1—2月 is one where January is merged, a quarter
where the indicator is quarterly); only their proportion counts. `months` makes amounts of them,
which sum to the year's target exactly. The pace at the end of a period is the share of all weights
up to it (`shares_so_far`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise

from diaodu.engine.compute.spreading import SpreadError, Weight, as_integers, spread
from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.rules.calendar import is_filed
from diaodu.engine.rules.models import HolidayCalendar, Indicator, Milestone

_YEAR = 12


def own_periods(indicator: Indicator, year: int) -> list[Period]:
    """The periods that make up the year as the indicator is filed, in order: twelve months, eleven
    where 1—2月 is one, four quarters. Daily and weekly indicators are planned by months."""
    short = indicator.cadence in ("day", "week", "xun")
    ends = [
        month
        for month in range(1, _YEAR + 1)
        if short or is_filed(indicator, Period.of_months(year, 1, month))
    ]
    firsts = [1, *(end + 1 for end in ends[:-1])]
    return [Period.of_months(year, first, last) for first, last in zip(firsts, ends, strict=True)]


def months(whole: Decimal, weights: Sequence[Weight], decimals: int) -> list[Decimal]:
    """The amount of each period, see `spreading.spread`: they sum to the year's target."""
    return spread(whole, weights, decimals)


def cumulative(amounts: Sequence[Decimal]) -> list[Decimal]:
    """What has to be there by the end of each period; the last is the year's target."""
    return list(accumulate(amounts))


def shares_so_far(weights: Sequence[Weight]) -> list[Fraction]:
    """Of the year's target by the end of each period; the last is 1."""
    whole = as_integers(weights)
    total = sum(whole)
    return [Fraction(done, total) for done in accumulate(whole)]


# -- the shapes --------------------------------------------------------------------------------


def by_month(periods: Sequence[Period]) -> list[int]:
    """Linear: as many months as each period has."""
    return [period.months for period in periods]


def by_day(periods: Sequence[Period]) -> list[int]:
    """Linear: as many days as each period has."""
    return [period.days for period in periods]


def by_working_day(periods: Sequence[Period], calendar: HolidayCalendar | None) -> list[int]:
    """As many days as people work in each period, by the holidays that the rulebook declares for
    the year. Raises SpreadError where it declares none."""
    year = periods[0].year
    if calendar is None or calendar.year != year:
        raise SpreadError(
            f"规则里没有{year}年的放假安排，不能按工作日分；请在 holidays/ 里写上{year}年的"
        )
    return [working_days(calendar, period.start, period.end) for period in periods]


def working_days(calendar: HolidayCalendar, first: date, last: date) -> int:
    """Both days included."""
    days = (first + timedelta(days=at) for at in range((last - first).days + 1))
    return sum(calendar.is_working(day) for day in days)


def by_milestones(periods: Sequence[Period], milestones: Sequence[Milestone]) -> list[Fraction]:
    """Each milestone reached at its month's end, months between two of them alike, 0 at the
    beginning of the year and the whole at its end."""
    reached = [Fraction(0), *(milestone_share(milestones, one.month) for one in periods)]
    return [after - before for before, after in pairwise(reached)]


def milestone_share(milestones: Sequence[Milestone], month: int) -> Fraction:
    """What of the year's target is due by the end of a month."""
    places = [(0, Fraction(0))]
    places += [(one.month, Fraction(one.share) / 100) for one in milestones]
    if places[-1][0] < _YEAR:
        places.append((_YEAR, Fraction(1)))
    for (before, low), (after, high) in pairwise(places):
        if before <= month <= after:
            return low + (high - low) * Fraction(month - before, after - before)
    raise SpreadError(f"{month}月不在1至12月之内")


def by_last_year(periods: Sequence[Period], amounts: Sequence[Decimal | None]) -> list[Decimal]:
    """Last year's own amounts of the same periods, 1—2月 as one, as weights. Raises SpreadError
    for one that is not there, negative amounts, or a year that adds up to nothing."""
    missing = [
        print_period(period.last_year())
        for period, amount in zip(periods, amounts, strict=True)
        if amount is None
    ]
    if missing:
        raise SpreadError(f"缺{'、'.join(missing)}的数，不能按上年结构分；请先补上，或改用别的办法")
    known = [amount for amount in amounts if amount is not None]
    for period, amount in zip(periods, known, strict=True):
        if amount < 0:
            raise SpreadError(
                f"{print_period(period.last_year())}是负数{amount:f}，不能按上年结构分；"
                "请改用别的办法，或先更正这个数"
            )
    if not any(known):
        raise SpreadError("上年全年合计为0，没有结构可循；请改用别的办法")
    return known
