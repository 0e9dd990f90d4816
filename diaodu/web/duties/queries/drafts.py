"""A duty drafted from an indicator that is behind, and the course of one indicator."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.http import Http404

from diaodu.engine.dispatch.drafting import Draft, draft
from diaodu.engine.dispatch.duty import Goal
from diaodu.engine.ground.period import Period, print_period
from diaodu.web.duties.queries.answers import told_of
from diaodu.web.duties.queries.due import standing
from diaodu.web.duties.queries.rights import seen
from diaodu.web.duties.queries.views import DutyView, shown
from diaodu.web.people import queries as people
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.runs import queries as runs
from diaodu.web.runs.queries import RowView, Run
from diaodu.web.shared.access import Access
from diaodu.web.warnings import queries as warnings
from diaodu.web.warnings.queries import WarningView


class Drafted(NamedTuple):
    """The engine's draft; `basis`: sentences on the figure as it stands now. `goal`: None where no
    light is behind, so that none can tell that it is done."""

    draft: Draft
    basis: tuple[str, ...]
    run: str
    goal: Goal | None


def drafted(
    access: Access, now: datetime, *, indicator: str, org: str, warning: int | None = None
) -> Drafted:
    """404 where one may not see the figure, or the warning it is drafted from; ValidationError
    where nothing can be drafted of it."""
    cause = warnings.view_for(access, warning) if warning is not None else None
    book = rulebooks.current()
    run, row = _row(access, now, indicator, org)
    if indicator not in book.indicators or run is None or row is None:
        raise Http404("没有这个指标的数")
    if row.release_at is not None and row.release_at > now:
        raise ValidationError("这个数还没有发布，发布以后才能据以交办")
    if row.light != "behind" and cause is None:
        raise ValidationError(
            f"这个指标现在是“{row.light_name}”，落后的才据以起草；可以另行填写交办"
        )
    made = draft(
        book.indicators[indicator], book.orgs[org], Period.from_id(row.period), row.targets, book,
        now.date(), reasons=row.reasons,
    )  # fmt: skip
    needed = [f"还要：{one}" for one in made.needed]
    basis = (told_of(row), *made.owed, *needed)
    if cause is None:
        return Drafted(made, basis, run.name, made.goal)
    return Drafted(_because(made, cause, row), (cause.said, *basis), run.name, _goal(made, row))


def _goal(made: Draft, row: RowView) -> Goal | None:
    return made.goal if row.light == "behind" else None


def _because(made: Draft, cause: WarningView, row: RowView) -> Draft:
    """The warning is the source; where no light is behind, what it says is the matter."""
    made = made._replace(origin=f"预警：{cause.title}")
    if row.light == "behind":
        return made
    return made._replace(title=f"查明原因，消除预警：{cause.title}", owed=(cause.said,))


def _row(
    access: Access, now: datetime, indicator: str, org: str
) -> tuple[Run | None, RowView | None]:
    """The newest row that tells a light: of a month that has begun there is none yet."""
    found = [*runs.live_runs(access)]
    newest = runs.chosen(access, live=False)
    if newest is not None:
        found.append(newest)
    first: tuple[Run | None, RowView | None] = (None, None)
    for run in found:
        row = runs.row(run, access, now, indicator=indicator, org=org)
        if row is not None and first[1] is None:
            first = run, row
        if row is not None and row.light in ("good", "watch", "behind"):
            return run, row
    return first


class Month(NamedTuple):
    """One published month of the indicator: its light and figure, the duties issued since the
    month before, and those closed."""

    said: str
    light: str
    light_name: str
    told: str
    run: str


class Chain(NamedTuple):
    name: str
    org: str
    months: list[Month]
    duties: list[DutyView]
    effects: dict[str, str]  # duty's id → the figure when it was issued
    now: str


_MONTHS = 12


def chain(access: Access, now: datetime, *, indicator: str, org: str) -> Chain:
    """One indicator of one org: light by light, its duties, the figure then and now."""
    names = people.names()
    if not access.may("view", org=org, indicator=indicator) or org not in names:
        raise Http404
    months = list(_months(access, now, indicator, org))
    rows = seen(access).filter(indicator=indicator, goal_org=org).order_by("-issued", "-pk")
    listed = shown(rows, standing(now.date()))
    basis = dict(rows.values_list("pk", "basis"))
    return Chain(
        people.indicator_names().get(indicator, indicator), names[org], months, listed,
        {str(id): told[0] for id, told in basis.items() if told}, months[0].told if months else "",
    )  # fmt: skip


def _months(access: Access, now: datetime, indicator: str, org: str) -> list[Month]:
    """Newest first; of each month its newest published run."""
    told: dict[str, Month] = {}
    for run in runs.published(runs.runs_for(access)).order_by("-period", "-number")[: 3 * _MONTHS]:
        if run.period in told or len(told) == _MONTHS:
            continue
        row = runs.row(run, access, now, indicator=indicator, org=org)
        if row is not None and not row.embargoed:
            said = print_period(Period.from_id(row.period))
            told[run.period] = Month(
                said, row.light or "unknown", row.light_name, told_of(row), run.name
            )
    return list(told.values())


def for_figure(access: Access, day: date, *, indicator: str, org: str) -> list[DutyView]:
    """The duties about an indicator of an org: open ones first, then the newest ended."""
    rows = seen(access).filter(indicator=indicator, goal_org=org)
    on = standing(day)
    open_ = rows.exclude(state__in=("closed", "withdrawn")).order_by("latest", "pk")[:20]
    ended = rows.filter(state="closed").order_by("-closed", "-pk")[:3]
    return shown(open_, on) + shown(ended, on)
