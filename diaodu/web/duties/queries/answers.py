"""What recognised figures say to duties that are tied to one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from django.db.models import QuerySet

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
    return Reading([duty], now).found(duty, period=period)


class Reading:
    """What figures say to some duties: each run is read once for all of them."""

    def __init__(self, duties: Iterable[Duty], now: datetime) -> None:
        self._now, self._desk = now, reader()
        tied = [one for one in duties if one.goal]
        self._indicators = {one.indicator for one in tied}
        orgs = {one.goal_org for one in tied}
        self._org = orgs.pop() if len(orgs) == 1 else None
        self._rows: dict[int, dict[tuple[str, str], RowView]] = {}
        self._tracks: dict[str, dict[tuple[str, str], set[str]]] = {}

    def found(self, duty: Duty, *, period: str = "") -> Found | None:
        goal = goal_of(duty.goal)
        if goal is None:
            return None
        for run in self._of(period) if period else self._newest:
            row = self._rows_of(run).get((goal.indicator, goal.org))
            if row is None or row.embargoed or not _tells(row, goal):
                continue
            if not period or row.period == period:
                return Found(self._answer(goal, row), row.period, run.name)
        return Found(answer_of(goal, period=None, name=self._name(goal)))

    @cached_property
    def _live(self) -> list[Run]:
        return runs.live_runs(self._desk)

    @cached_property
    def _newest(self) -> list[Run]:
        return [*self._live, *self._frozen()[:3]]

    def _of(self, period: str) -> list[Run]:
        month = Period.from_id(period).last_month().id
        live = [one for one in self._live if one.period == month]
        return [*live, *self._frozen().filter(period=month)]

    def _frozen(self) -> QuerySet[Run]:
        published = runs.published(runs.runs_for(self._desk))
        return published.order_by("-period", "-number")

    def _rows_of(self, run: Run) -> dict[tuple[str, str], RowView]:
        if run.pk not in self._rows:
            listed = runs.rows(
                run, self._desk, self._now, indicators=self._indicators, org=self._org
            )
            self._rows[run.pk] = {(one.indicator_id, one.org_id): one for one in listed}
        return self._rows[run.pk]

    def _answer(self, goal: Goal, row: RowView) -> Answer:
        """What was said of oneself counts for nothing only where no other track has the figure."""
        tracks = self._tracks_of(row.period).get((goal.indicator, goal.org), set())
        own = {"self", "estimate"}
        return answer_of(
            goal, period=row.period, figure=_figure(row, goal), light=row.light,
            reasons=row.reasons, tracks=tracks if tracks <= own else tracks - own,
            name=self._name(goal),
        )  # fmt: skip

    def _name(self, goal: Goal) -> str:
        orgs, indicators = self._names
        org = orgs.get(goal.org, goal.org)
        return f"{org}{indicators.get(goal.indicator, goal.indicator)}"

    @cached_property
    def _names(self) -> tuple[dict[str, str], dict[str, str]]:
        return people.names(), people.indicator_names()

    def _tracks_of(self, period: str) -> dict[tuple[str, str], set[str]]:
        """On which tracks the figures of a period came in."""
        if period not in self._tracks:
            rows = figures.visible(self._desk, self._now).filter(
                standing=True, indicator__in=self._indicators, period=period
            )
            if self._org is not None:
                rows = rows.filter(org=self._org)
            found: dict[tuple[str, str], set[str]] = {}
            for indicator, org, track in rows.order_by().values_list("indicator", "org", "track"):
                found.setdefault((indicator, str(org)), set()).add(track)
            self._tracks[period] = found
        return self._tracks[period]


def _tells(row: RowView, goal: Goal) -> bool:
    if goal.measure == "light":
        return row.light in ("good", "watch", "behind")
    return _figure(row, goal) is not None


def _figure(row: RowView, goal: Goal) -> Printed | None:
    own = row.get(goal.measure, peer_group=goal.peer_group)
    if own is not None:
        return own
    return next((one for target in row.targets if (one := target.get(goal.measure))), None)


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
