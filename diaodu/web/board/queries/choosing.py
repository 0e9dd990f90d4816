"""What a page of the board is about: an org, a run, and the way back to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from urllib.parse import urlencode

from django.http import Http404

from diaodu.engine.ground.errors import PeriodError
from diaodu.engine.ground.period import Period
from diaodu.engine.rules.models import Org
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.web.runs import queries as runs
from diaodu.web.runs.queries import Run
from diaodu.web.shared.access import Access
from diaodu.web.shared.roles import ALLOWED

__all__ = [
    "Choices", "Chosen", "NoneStood", "Run", "choices", "chosen", "closed_said", "day_of",
    "month_of", "none_stood", "run_of",
]  # fmt: skip

LIVE = "live"


@dataclass(frozen=True)
class Chosen:
    """The run a page reads and the org it shows; the rulebook is the run's own."""

    run: Run
    org: Org
    rulebook: Rulebook
    on: date | None = None  # the day whose newest run was asked for

    @cached_property
    def period(self) -> Period:
        return Period.from_id(self.run.period).ytd()

    @property
    def run_value(self) -> str:
        """How the run stands in a URL."""
        return LIVE if self.run.is_live else str(self.run.number)

    def query(self, **more: str) -> str:
        """What a link needs so that a colleague sees the same figures: period and run, named."""
        told = {"period": self.run.period, "run": self.run_value}
        if self.on is not None:
            told["on"] = self.on.isoformat()
        return urlencode(told | {name: value for name, value in more.items() if value})

    @property
    def on_said(self) -> str:
        if self.on is None:
            return ""
        return f"到{self.on.year}年{self.on.month}月{self.on.day}日最新的一次"

    @cached_property
    def link(self) -> str:
        return self.query()

    @property
    def closed(self) -> str:
        """已于2023年3月31日撤销, where the org was before the period's end."""
        return closed_said(self.org, self.period)

    @cached_property
    def ancestors(self) -> list[Org]:
        return self.rulebook.ancestors(self.org.id)


def closed_said(org: Org, period: Period) -> str:
    """已于2023年3月31日撤销, where that was before the period's end."""
    if org.closed is None or org.closed >= period.end:
        return ""
    return f"已于{org.closed.year}年{org.closed.month}月{org.closed.day}日撤销"


def run_of(access: Access, asked: Mapping[str, str], today: date) -> Run | None:
    """The run a URL names, else the one that stood on the day it names, else the reader's usual
    one; None where there is none to look at. Raises Http404 for a run that is not there, or not
    for this reader."""
    wanted, period, on = asked.get("run", ""), asked.get("period", "") or None, day_of(asked)
    if period is None and not wanted.isdigit() and access.may("live"):
        period = _month_told_of(access, on or today)
    if wanted == LIVE:
        found = runs.chosen(access, period, live=True)
        if found is not None and found.is_live:
            return found
    elif wanted.isascii() and wanted.isdigit() and len(wanted) < 8:
        found = runs.chosen(access, number=int(wanted))
        if found is not None:
            return found
    elif not wanted:
        return runs.chosen(access, period) if on is None else runs.stood(access, on, period)
    raise Http404("没有这次运行")


def news_of(run: Run, now: datetime) -> str:
    """Changes with every act of recording, and with the minute: what is released shows then."""
    return f"{run.pk}-{run.entry}-{now:%d%H%M}"


def day_of(asked: Mapping[str, str]) -> date | None:
    """截至哪天. Raises Http404 for what is no day."""
    told = asked.get("on", "")
    try:
        return date.fromisoformat(told) if told else None
    except ValueError:
        raise Http404(f"“{told}”不是日期，请写成2023-05-31这样") from None


def month_of(asked: Mapping[str, str]) -> Period | None:
    """The month an address names; None where it names none."""
    try:
        return Period.from_id(asked.get("period", "")).ytd()
    except PeriodError:
        return None


@dataclass(frozen=True)
class NoneStood:
    """Nothing was published by that day; `first`: the first that was, later."""

    on: date
    month: Period | None
    first: Run | None


def none_stood(access: Access, asked: Mapping[str, str]) -> NoneStood | None:
    """What to say where `run_of` found none; None where no day was asked for."""
    on, period = day_of(asked), asked.get("period", "")
    if on is None:
        return None
    if period not in runs.periods(access):
        return NoneStood(on, None, runs.first_stood(access))
    return NoneStood(on, Period.from_id(period).ytd(), runs.first_stood(access, period))


def _month_told_of(access: Access, today: date) -> str | None:
    """The newest month that is over: of the one that runs, there are no figures yet."""
    periods = runs.periods(access)
    over = (one for one in periods if Period.from_id(one).end < today)
    return next(over, periods[0] if periods else None)


def chosen(access: Access, run: Run, org: str, on: date | None = None) -> Chosen:
    """The org named, else the reader's usual one. Raises Http404 for an org outside the reader's
    view."""
    rulebook = runs.rulebook_of(run)
    wanted = org or _usual(access, _capability(run))
    if wanted not in _seen(access, run) or wanted not in rulebook.orgs:
        raise Http404("没有这个单位")
    is_known_by_then = on is not None and run.as_of <= on
    return Chosen(run, rulebook.orgs[wanted], rulebook, on if is_known_by_then else None)


def period_shown(chosen: Chosen, access: Access, now: datetime, indicator: str) -> str:
    """The period of the figure that the indicator's page shows. Raises Http404."""
    row = runs.row(chosen.run, access, now, indicator=indicator, org=chosen.org.id)
    if row is None:
        raise Http404("这次运行里没有这个单位的这个指标")
    return row.period


def _capability(run: Run) -> str:
    return "live" if run.is_live else "view"


def _seen(access: Access, run: Run) -> frozenset[str]:
    capability = _capability(run)
    public = access.public if access.may(capability) else frozenset()
    return access.orgs(capability) | public


def _usual(access: Access, capability: str) -> str:
    """The top of one's own widest scope: for the offices at home that is the home org."""
    granted = [one for one in access.grants if capability in ALLOWED[one.role]]
    return max(granted, key=lambda one: len(one.orgs)).root if granted else ""


@dataclass(frozen=True)
class Choices:
    """What the selects of a page offer: orgs, months (id, name), runs of the month."""

    orgs: list[Org]
    periods: list[tuple[str, str]]
    runs: list[tuple[str, str]]


def choices(access: Access, at: Chosen, *, orgs: bool = True) -> Choices:
    """Orgs that have indicators: departments fill in for others and have none. One that is closed
    is offered where it is looked at."""
    seen = _seen(access, at.run)
    found = [
        one
        for one in at.rulebook.orgs.values()
        if one.id in seen
        and one.level != "department"
        and (one.id == at.org.id or one.exists_on(at.period.end))
    ]
    periods = [(one, str(Period.from_id(one).ytd())) for one in runs.periods(access)]
    return Choices(found if orgs else [], periods, _runs_of_month(access, at.run))


def _runs_of_month(access: Access, run: Run) -> list[tuple[str, str]]:
    told = [
        (str(one.number), f"{one.name}　截至{one.as_of.month}月{one.as_of.day}日")
        for one in runs.runs_for(access).filter(period=run.period)
        if one.is_done
    ]
    if access.may("live"):
        told.insert(0, (LIVE, "实时"))
    return told
