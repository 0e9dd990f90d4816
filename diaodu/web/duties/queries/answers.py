"""What recognised figures say to duties that are tied to one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from diaodu.engine.dispatch import closing
from diaodu.engine.dispatch.closing import Answer, answer_of
from diaodu.engine.dispatch.duty import Goal
from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.ground.printed import Printed
from diaodu.engine.ground.words import LIGHT_NAMES
from diaodu.web.duties.models import Duty
from diaodu.web.duties.queries.facts import goal_of, of
from diaodu.web.figures import queries as figures
from diaodu.web.people import queries as people
from diaodu.web.runs import queries as runs
from diaodu.web.runs.queries import RowView, Run
from diaodu.web.shared.access import Access, Grant


class Found(NamedTuple):
    """The answer and where it stands; `period` empty where there is no figure."""

    answer: Answer
    period: str = ""
    run: str = ""


def reader() -> Access:
    """The desk itself: what has been released, in live runs too."""
    home = people.home()
    if home is None:
        return Access(None)
    grant = Grant("dispatch", home.pk, people.subtree(home.pk), None, early=False)
    return Access(None, (grant,), home=home.pk)


def found(duty: Duty, now: datetime, *, period: str = "") -> Found | None:
    """What the newest released figure (or that of one period) says; None for a duty that is tied
    to none."""
    goal = goal_of(duty.goal)
    if goal is None:
        return None
    desk = reader()
    for run in _runs(desk, period):
        row = runs.row(run, desk, now, indicator=goal.indicator, org=goal.org)
        if row is None or row.embargoed or not _tells(row, goal):
            continue
        if period and row.period != period:
            continue
        return Found(_answer(goal, row, desk, now), row.period, run.name)
    return Found(answer_of(goal, period=None, name=_name(goal)))


def _runs(desk: Access, period: str) -> Iterator[Run]:
    """Live ones, then published ones, newest first; of one month where a period is named."""
    month = Period.from_id(period).last_month().id if period else None
    for run in runs.live_runs(desk):
        if month in (None, run.period):
            yield run
    frozen = runs.published(runs.runs_for(desk)).order_by("-period", "-number")
    yield from frozen.filter(period=month) if month else frozen[:3]


def _tells(row: RowView, goal: Goal) -> bool:
    if goal.measure == "light":
        return row.light in ("good", "watch", "behind")
    return _figure(row, goal) is not None


def _figure(row: RowView, goal: Goal) -> Printed | None:
    own = row.get(goal.measure, peer_group=goal.peer_group)
    if own is not None:
        return own
    return next((one for target in row.targets if (one := target.get(goal.measure))), None)


def _answer(goal: Goal, row: RowView, desk: Access, now: datetime) -> Answer:
    return answer_of(
        goal, period=row.period, figure=_figure(row, goal), light=row.light, reasons=row.reasons,
        tracks=_tracks(goal, row.period, desk, now), name=_name(goal),
    )  # fmt: skip


def _tracks(goal: Goal, period: str, desk: Access, now: datetime) -> set[str]:
    """Of the figures behind it. What was said of oneself counts for nothing only where no other
    track has the figure."""
    rows = figures.visible(desk, now).filter(
        standing=True, indicator=goal.indicator, org=goal.org, period=period
    )
    tracks = set(rows.values_list("track", flat=True))
    return tracks if tracks <= {"self", "estimate"} else tracks - {"self", "estimate"}


def _name(goal: Goal) -> str:
    org = people.names().get(goal.org, goal.org)
    return f"{org}{people.indicator_names().get(goal.indicator, goal.indicator)}"


def closed_by(indicators: frozenset[str]) -> set[str]:
    """Those of the indicators whose figures have closed a duty."""
    rows = Duty.objects.filter(state="closed", indicator__in=indicators).exclude(proved_period="")
    return set(rows.values_list("indicator", flat=True))


def lacking(duty: Duty, now: datetime) -> list[str]:
    """Why it cannot be closed on proof; empty where it can."""
    answer = found(duty, now)
    [fact] = of(Duty.objects.filter(pk=duty.pk))
    children = of(Duty.objects.filter(parent=duty.pk))
    return closing.lacking(fact, children, answer.answer if answer else None)


class Tied(NamedTuple):
    """The figure on the duty's page."""

    name: str
    org: str
    indicator: str
    light: str
    light_name: str
    told: str
    run: str


def tied(duty: Duty, access: Access, now: datetime) -> Tied | None:
    """As this reader sees it: before its release only that it is not released."""
    if not duty.indicator:
        return None
    name = people.indicator_names().get(duty.indicator, duty.indicator)
    org = people.names().get(duty.goal_org, duty.goal_org)
    run = runs.chosen(access)
    row = None
    if run is not None:
        row = runs.row(run, access, now, indicator=duty.indicator, org=duty.goal_org)
    if run is None or row is None:
        return Tied(f"{name}　{org}", duty.goal_org, duty.indicator, "unknown", "看不到", "", "")
    told = "还没有发布" if row.embargoed else told_of(row)
    light = "unknown" if row.embargoed else row.light
    return Tied(
        f"{name}　{org}", duty.goal_org, duty.indicator, light,
        "未发布" if row.embargoed else row.light_name or LIGHT_NAMES.get(light, ""), told, run.name,
    )  # fmt: skip


def told_of(row: RowView) -> str:
    parts = []
    when = Period.from_id(row.period)
    if row.level is not None and row.level.is_number:
        parts.append(f"{row.level.shown}{row.level.unit}".replace("-", "−"))
    if row.growth is not None and row.growth.is_number:
        parts.append(f"同比{row.growth.shown}%".replace("-", "−"))
    return f"{print_period(when)}{'，'.join(parts)}" if parts else row.missing
