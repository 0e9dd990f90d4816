"""How a unit hands in: on time and right at once, and how often it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from diaodu.engine.compute.counted import rate
from diaodu.engine.ground.period import Period
from diaodu.web.intake.models import Reminder, Return, Step
from diaodu.web.intake.queries.forms import Form, forms_of, months
from diaodu.web.intake.queries.overview import on_file
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared.access import Access


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of the unit for one month: forms, and how often it was chased for them."""

    month: Period
    forms: int
    reminders: int


@dataclass(frozen=True)
class Record:
    """Of the forms of a year whose window is over: `due` is those in time, those later and those
    never handed in. `on_file` came by imports and count as neither. `accepted` are all that were
    ever accepted, `at_once` those that were never sent back before."""

    year: int
    due: int
    in_time: int
    later: int
    never: int
    on_file: int
    accepted: int
    at_once: int
    sent_back: int
    asked: Sequence[Asked]

    @property
    def in_time_rate(self) -> str | None:
        """In %; None where nothing was due."""
        return rate(self.in_time, self.due)

    @property
    def at_once_rate(self) -> str | None:
        return rate(self.at_once, self.accepted)


def record_of(access: Access, org: str, now: datetime) -> Record | None:
    """Of this year so far; None where it is not this reader's to know, or nothing is ever asked of
    the unit. Whoever looks after a unit's figures knows how it hands in."""
    granted = access.granting("view")
    looks_after = any(org in one.orgs and one.indicators is None for one in granted)
    if not looks_after or not rulebooks.has_rulebook():
        return None
    book = rulebooks.current()
    year = [one for one in months(now, book) if one.year == now.year]
    forms = [
        form
        for month in reversed(year)
        for form in forms_of(month, book)
        if form.reporter.id == org and form.opens <= now
    ]
    return _record(org, now, forms) if forms else None


def _record(org: str, now: datetime, forms: Sequence[Form]) -> Record:
    history = _History(org, forms)
    over = [one for one in forms if one.closes <= now]
    imported = on_file([one for one in over if one.key not in history.handed])
    due = [one for one in over if one.key not in imported]
    handed = [history.handed.get(one.key) for one in due]
    in_time = sum(at is not None and at < one.closes for one, at in zip(due, handed, strict=True))
    never = sum(at is None for at in handed)
    at_once = sum(not back for back in history.accepted.values())
    return Record(
        year=now.year, due=len(due), in_time=in_time, later=len(due) - in_time - never,
        never=never, on_file=len(imported), accepted=len(history.accepted), at_once=at_once,
        sent_back=history.sent_back, asked=_asked(org, forms),
    )  # fmt: skip


class _History:
    """From the steps of the unit's returns: when each form was first handed in, and whether it
    was sent back before it was first accepted."""

    def __init__(self, org: str, forms: Iterable[Form]) -> None:
        wanted = {one.key: one for one in forms}
        periods = {one.period for one in wanted}
        sheets = {
            one.pk: key
            for one in Return.objects.filter(reporter=org, period__in=periods)
            for key in wanted
            if (one.period, one.form) == (key.period, key.form)
        }
        self.handed: dict[object, datetime] = {}
        self.accepted: dict[object, bool] = {}
        self.sent_back = 0
        back: set[object] = set()
        acts = ("submit", "send_back", "accept")
        for one in Step.objects.filter(sheet__in=sheets, act__in=acts).order_by("pk"):
            key = sheets[one.sheet_id]
            if one.act == "submit":
                self.handed.setdefault(key, one.at)
            elif one.act == "send_back":
                back.add(key)
                self.sent_back += 1
            else:
                self.accepted.setdefault(key, key in back)


def _asked(org: str, forms: Sequence[Form]) -> list[Asked]:
    """By month, oldest first."""
    counted = dict(
        Reminder.objects.filter(reporter=org, period__in={one.key.period for one in forms})
        .order_by()
        .values_list("period")
        .annotate(number=Count("pk"))
    )
    found = dict.fromkeys(one.key.period for one in forms)
    return [
        Asked(
            Period.from_id(period), sum(one.key.period == period for one in forms),
            counted.get(period, 0),
        )
        for period in found
    ]  # fmt: skip
