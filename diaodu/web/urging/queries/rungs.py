"""Which steps are due on a day, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple, cast

from django.db.models import Q, QuerySet

from diaodu.engine.dispatch import bottoms as engine_bottoms
from diaodu.engine.dispatch.bottoms import bottoms
from diaodu.engine.dispatch.duty import WITH_UNIT, Duty
from diaodu.engine.dispatch.ladder import (
    Bar,
    Proposal,
    ReliefKind,
    Taken,
    escalate,
    last_deadline,
    report_reminder,
)
from diaodu.engine.dispatch.ladder import Relief as Stopped
from diaodu.engine.dispatch.ladder import reached as reached_bars
from diaodu.engine.dispatch.recurring import Turn
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.web.duties import queries as duty_queries
from diaodu.web.people import queries as people
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.runs import queries as runs
from diaodu.web.urging.models import Relief, Step
from diaodu.web.urging.queries.places import everybody, places

# Counters look back so far at most; a ladder may count over fewer months.
_COUNTED = timedelta(days=3 * 366)
_FIELDS = (
    "duty_id", "org_id", "matter", "step", "on", "latest", "key", "letter__number",
    "duty__source",
)  # fmt: skip


def taken(
    day: date, *, duties: Iterable[int] | None = None, orgs: Iterable[str] = ()
) -> list[Taken]:
    """The steps that counters may count, and all of duties that are with their unit now. With
    `duties`: all of these, and of these orgs what counters may count."""
    counts = ~Q(step="reminder") & Q(on__gte=day - _COUNTED)
    of = Q(duty__state__in=WITH_UNIT)
    if duties is not None:
        counts &= Q(org__in=set(orgs))
        of = Q(duty__in=set(duties))
    rows = Step.objects.filter(counts | of).filter(Q(letter=None) | Q(letter__void_at=None))
    return [
        Taken(str(duty or ""), org, matter, step, on, latest, key, number or "", source or "light")
        for duty, org, matter, step, on, latest, key, number, source in rows.values_list(*_FIELDS)
    ]


def stopped(day: date) -> list[Stopped]:
    rows = Relief.objects.filter(Q(until=None) | Q(until__gte=day), on__lte=day)
    return [
        Stopped(str(one.duty_id), cast(ReliefKind, one.kind), one.on, one.document, one.until)
        for one in rows
    ]  # fmt: skip


class DueSteps(NamedTuple):
    """`holds`: duty, unit and day of what is still to be done by a day that is near or past;
    `looked_at`: of how many duties in all."""

    steps: list[Proposal]
    holds: set[tuple[int, str, date]]
    looked_at: int


def due_steps(now: datetime) -> DueSteps:
    """Every step that is due, of all duties and of last places."""
    day, book = now.date(), rulebooks.current()
    facts = duty_queries.facts_to_urge(last_deadline(book, day))
    past = taken(day)
    found = escalate(facts, past, stopped(day), book, day)
    reports = duty_queries.reports_to_urge(day)
    holds = {(int(one.id), one.lead, one.latest) for one in facts}
    holds |= {(int(one.id), one.lead, turn.due) for one, _, turn in reports}
    steps = [*found, *_report_reminders(reports, day), *last_places(now, past, book)]
    return DueSteps(steps, holds, duty_queries.number_to_urge() + len(reports))


def _report_reminders(reports: list[tuple[Duty, str, Turn]], day: date) -> Iterator[Proposal]:
    """Those that were not sent yet."""
    found = [report_reminder(one, every, turn, day) for one, every, turn in reports]
    due = {one.key: one for one in found if one is not None}
    sent = set(Step.objects.filter(key__in=due).values_list("key", flat=True)) if due else set()
    yield from (one for key, one in due.items() if key not in sent)


def of_duties(facts: Iterable[Duty], past: list[Taken], now: datetime) -> dict[str, Proposal]:
    """Key → the step that is due for one of these duties now."""
    day = now.date()
    found = escalate(facts, past, stopped(day), rulebooks.current(), day)
    return {one.key: one for one in found}


def last_places(now: datetime, past: list[Taken], book: Rulebook) -> list[Proposal]:
    """The steps that follow from places in the newest published run, and in the newest of the
    months that rules look at."""
    day = now.date()
    rules = engine_bottoms.rules_of(book, day)
    home = people.home()
    if not rules or home is None:
        return []
    reader = everybody()
    published = runs.published(runs.runs_for(reader)).order_by("-period", "-number")
    wanted = {indicator for _, rule in rules for indicator in rule.indicators}
    found = [
        place
        for run in _looked_at(published, {month for _, rule in rules for month in rule.months}, day)
        for place in places(run, reader, now, wanted)
    ]
    return bottoms(found, past, book, home.pk, day)


def _looked_at(published: QuerySet[runs.Run], months: set[int], day: date) -> list[runs.Run]:
    """The newest run, and the newest of these months within a year."""
    since = f"{day.year - 1}-{day.month:02}"
    found = [published.first()]
    if months:
        listed = Q()
        for month in months:
            listed |= Q(period__endswith=f"-{month:02}")
        found.append(published.filter(listed, period__gt=since).first())
    return list({run.pk: run for run in found if run is not None}.values())


def reached(now: datetime) -> list[Bar]:
    """What counters have come to: who is barred from what, since when."""
    day = now.date()
    return reached_bars(taken(day), rulebooks.current(), day)
