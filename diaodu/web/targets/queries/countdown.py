"""The gates of a year counted down on two clocks: that of the data, by months, and that of the day,
by days and working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from django.db.models import Max

from diaodu.engine.compute.profiles import working_days
from diaodu.engine.compute.reaching import shown
from diaodu.engine.ground.period import Period
from diaodu.web.figures import queries as figures
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared.access import Access


class GateAhead(NamedTuple):
    """`days`: until its last day; `working`: of these, and today, people work on, None where
    the rules declare no holidays; `months`: of data that are still to come. 0 once it is over."""

    name: str
    day: date
    days: int
    working: int | None
    months: int


@dataclass(frozen=True)
class Countdown:
    """`data`: the newest month of data that is public, 0 where there is none. Shares in %, of the
    year gone by."""

    gates: tuple[GateAhead, ...]
    data: int
    by_month: Decimal
    by_day: Decimal
    by_working: Decimal | None


def countdown(year: int, access: Access, now: datetime) -> Countdown | None:
    """None out of the year: nothing is counted down then."""
    today = now.date()
    if today.year != year:
        return None
    rules = rulebooks.current()
    holidays = rules.holidays_of(year)
    first, last = date(year, 1, 1), date(year, 12, 31)
    data = _newest_month(year, access, now)
    by_working = None
    if holidays is not None:
        by_working = _percent(working_days(holidays, first, today),
                              working_days(holidays, first, last))  # fmt: skip
    gates = []
    for one in rules.gates:
        end = Period.of_month(year, one.month).end
        if not one.holds_on(end) or "*" not in one.indicators:
            continue
        days = max((end - today).days, 0)
        working = None
        if holidays is not None:
            working = working_days(holidays, today, end) if days else 0
        gates.append(GateAhead(one.name, end, days, working, max(one.month - data, 0)))
    gates.sort(key=lambda one: one.day)
    days_gone = (today - first).days + 1
    return Countdown(
        tuple(gates), data, _percent(data, 12), _percent(days_gone, (last - first).days + 1),
        by_working,
    )  # fmt: skip


def _percent(part: int, whole: int) -> Decimal:
    return Decimal(shown(Fraction(part * 100, whole), 1))


def _newest_month(year: int, access: Access, now: datetime) -> int:
    rows = figures.standing(
        org_id=access.home, held=False, value__isnull=False, period__startswith=f"{year}-01/"
    )
    newest = rows.filter(access.released_q(now)).aggregate(newest=Max("period"))["newest"]
    return Period.from_id(newest).month if newest else 0
