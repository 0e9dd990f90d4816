"""What a page of the board is about: an org, a run, and the way back to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.http import Http404

from diaodu.engine.ground.period import Period
from diaodu.engine.rules.models import Org
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.web.runs import queries as runs
from diaodu.web.runs.queries import Run
from diaodu.web.shared.access import Access
from diaodu.web.shared.roles import ALLOWED

__all__ = ["Choices", "Chosen", "Run", "choices", "chosen", "run_of"]

LIVE = "live"


@dataclass(frozen=True)
class Chosen:
    """The run a page reads and the org it shows; the rulebook is the run's own."""

    run: Run
    org: Org
    rulebook: Rulebook

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
        return urlencode(told | {name: value for name, value in more.items() if value})

    @cached_property
    def link(self) -> str:
        return self.query()

    @cached_property
    def ancestors(self) -> list[Org]:
        return self.rulebook.ancestors(self.org.id)


def run_of(access: Access, asked: Mapping[str, str], today: date) -> Run | None:
    """The run a URL names, else the reader's usual one; None where there is none to look at.
    Raises Http404 for a run that is not there, or not for this reader."""
    wanted, period = asked.get("run", ""), asked.get("period", "") or None
    if period is None and not wanted.isdigit() and access.may("live"):
        period = _month_told_of(access, today)
    if wanted == LIVE:
        found = runs.chosen(access, period, live=True)
        if found is not None and found.is_live:
            return found
    elif wanted.isascii() and wanted.isdigit() and len(wanted) < 8:
        found = runs.chosen(access, number=int(wanted))
        if found is not None:
            return found
    elif not wanted:
        return runs.chosen(access, period)
    raise Http404("没有这次运行")


def _month_told_of(access: Access, today: date) -> str | None:
    """The newest month that is over: of the one that runs, there are no figures yet."""
    periods = runs.periods(access)
    over = (one for one in periods if Period.from_id(one).end < today)
    return next(over, periods[0] if periods else None)


def chosen(access: Access, run: Run, org: str) -> Chosen:
    """The org named, else the reader's usual one. Raises Http404 for an org outside the reader's
    view."""
    rulebook = runs.rulebook_of(run)
    wanted = org or _usual(access, _capability(run))
    if wanted not in _seen(access, run) or wanted not in rulebook.orgs:
        raise Http404("没有这个单位")
    return Chosen(run, rulebook.orgs[wanted], rulebook)


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
    """Orgs that have indicators: departments fill in for others and have none."""
    seen = _seen(access, at.run)
    found = [
        one
        for one in at.rulebook.orgs.values()
        if one.id in seen and one.level != "department" and one.exists_on(at.period.end)
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
