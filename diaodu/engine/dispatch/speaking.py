"""Who must speak at a dispatch meeting, found by rule: the owners of last places, of duties that
are overdue, of promises that were not kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from diaodu.engine.dispatch.bottoms import Placed, is_within
from diaodu.engine.dispatch.days import said
from diaodu.engine.dispatch.due import Clock
from diaodu.engine.dispatch.duty import Duty
from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.rules.rulebook import Rulebook

_BY = {"level": "总量", "growth": "增速"}


class Promise(NamedTuple):
    """What somebody said at a meeting that they would do (表态). `kept`: None while open."""

    org: str
    text: str
    latest: date
    kept: bool | None = None

    def is_broken(self, day: date) -> bool:
        return self.kept is False or (self.kept is None and day > self.latest)


class Speaker(NamedTuple):
    org: str
    reasons: tuple[str, ...]


def speakers(
    places: Iterable[Placed], duties: Iterable[Duty], promises: Iterable[Promise],
    rulebook: Rulebook, home: str, day: date,
) -> list[Speaker]:  # fmt: skip
    """Those with most reasons first, then in the rulebook's order.

    places: of the headline indicators; the last of each group speak, where they are the home org
    or stand below it: for the home org itself the department that owns the indicator.
    """
    reasons: dict[str, list[str]] = {}
    for place in places:
        if place.reverse == 1 and place.n > 1 and is_within(rulebook, place.org, home):
            who = _answering(place, rulebook)
            reasons.setdefault(who, []).append(_last_place(place, rulebook))
    clock = Clock(rulebook, day)
    for duty in duties:
        if clock.fate(duty) == "overdue":
            told = f"“{duty.title}”应{said(duty.latest, day)}前办结，{clock.due(duty).word}"
            reasons.setdefault(duty.lead, []).append(told)
    for promise in promises:
        if promise.is_broken(day):
            told = f"表态{said(promise.latest, day)}前“{promise.text}”，没有做到"
            reasons.setdefault(promise.org, []).append(told)
    order = {org: at for at, org in enumerate(rulebook.orgs)}
    found = [Speaker(org, tuple(dict.fromkeys(told))) for org, told in reasons.items()]
    return sorted(found, key=lambda one: (-len(one.reasons), order.get(one.org, len(order))))


def _answering(place: Placed, rulebook: Rulebook) -> str:
    indicator, org = rulebook.indicators.get(place.indicator), rulebook.orgs.get(place.org)
    own = org is not None and org.level in ("township", "department", "park")
    return place.org if own or indicator is None else indicator.owner or place.org


def _last_place(place: Placed, rulebook: Rulebook) -> str:
    what, who = rulebook.names_of([place.indicator, place.org])
    when = print_period(Period.from_id(place.period))
    return f"{when}{what}{_BY[place.by]}，{who}在{place.n}个单位中居末位"
