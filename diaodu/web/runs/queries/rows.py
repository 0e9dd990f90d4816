"""Rows of a run, within scope and after release."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q

from diaodu.engine.rules.rulebook import Rulebook
from diaodu.web.figures import queries as figures
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.runs.models import Row, Run
from diaodu.web.runs.queries.row_view import RowView, view_of
from diaodu.web.shared.access import Access

_COLUMNS = (
    "indicator", "org_id", "period", "measures", "targets", "light", "light_word", "reasons",
    "target_class", "growth_class", "absent", "series", "release_at", "seq",
)  # fmt: skip
_WITHOUT_HISTORY = tuple(one for one in _COLUMNS if one != "series")


def rulebook_of(run: Run) -> Rulebook:
    """The rulebook the run was computed under."""
    return rulebooks.rulebook_in(run.version)


def rows(
    run: Run, access: Access, now: datetime, *, org: str | None = None,
    orgs: Iterable[str] | None = None, indicator: str | None = None,
    indicators: Iterable[str] | None = None, counts: bool = False, history: bool = True,
) -> list[RowView]:  # fmt: skip
    """The rows one may see, in the rulebook's order of indicators and orgs. Those not released
    yet come blank with their release time, unless one reads them early. `counts`: with the orgs'
    counts, which are blank as long as any figure counted is. Without `history` the rows have no
    series: a third of what is read, for pages of many rows that draw none."""
    wanted = Q() if org is None else Q(org_id=org)
    if orgs is not None:
        wanted &= Q(org_id__in=list(orgs))
    if indicator is not None:
        wanted &= Q(indicator=indicator)
    if indicators is not None:
        wanted &= Q(indicator__in=[*indicators, *([""] if counts else [])])
    if not counts and indicator != "":
        wanted &= ~Q(indicator="")
    columns = _COLUMNS if history else _WITHOUT_HISTORY
    read = Row.objects.filter(wanted, scope_q(run, access), run=run).values(*columns)
    found = [{"series": (), **one} for one in read]
    rulebook = rulebook_of(run)
    hidden = {
        (one["indicator"], one["org_id"]): one for one in found if is_embargoed(one, access, now)
    }
    unreleased = _unreleased(run, hidden.values(), now)
    views = [
        view_of(
            one, rulebook, embargoed=(one["indicator"], one["org_id"]) in hidden,
            unreleased=unreleased,
        )
        for one in found
    ]  # fmt: skip
    return sorted(views, key=_Order(rulebook))


def indicators_of(run: Run, access: Access, orgs: Iterable[str]) -> frozenset[str]:
    """The indicators that some of these orgs have a row of, within one's scope."""
    found = Row.objects.filter(scope_q(run, access), run=run, org_id__in=list(orgs))
    return frozenset(found.exclude(indicator="").order_by().values_list("indicator", flat=True))


def lights_of(
    run: Run, access: Access, now: datetime, orgs: Iterable[str]
) -> dict[str, frozenset[str]]:
    """Indicator → the lights that these orgs have of it, each once; of what is released alone."""
    released = Q(release_at=None) | Q(release_at__lte=now)
    rows = Row.objects.filter(scope_q(run, access), released, run=run, org_id__in=list(orgs))
    found: dict[str, set[str]] = {}
    for indicator, light in rows.order_by().values_list("indicator", "light").distinct():
        found.setdefault(indicator, set()).add(light)
    return {indicator: frozenset(lights) for indicator, lights in found.items()}


def row(run: Run, access: Access, now: datetime, *, indicator: str, org: str) -> RowView | None:
    """None where there is no such row, or one may not see it."""
    found = rows(run, access, now, indicator=indicator, org=org)
    return found[0] if found else None


def scope_q(run: Run, access: Access, org: str = "org_id", indicator: str = "indicator") -> Q:
    """The rows of a run in one's scope: of a live run those one may see live, and everyone's."""
    if not run.is_live:
        return access.q("view", org=org, indicator=indicator)
    if not access.may("live"):
        return Q(pk__in=[])
    return access.q("live", org=org, indicator=indicator) | Q(**{f"{org}__in": access.public})


def is_embargoed(columns: dict[str, Any], access: Access, now: datetime) -> bool:
    release = columns["release_at"]
    if release is None or release <= now:
        return False
    return not access.reads_early(org=columns["org_id"], indicator=columns["indicator"])


def _unreleased(
    run: Run, rows: Iterable[dict[str, Any]], now: datetime
) -> frozenset[tuple[str, str]]:
    """(indicator, period) of the points of these rows' histories that are not public yet either:
    a figure may be due before the one of the month before is released."""
    embargo = figures.Embargo(run.version_id)
    keys = {(one["indicator"], point[0]) for one in rows for point in one["series"]}
    return frozenset(
        key for key in keys if (until := embargo.until(*key)) is not None and until > now
    )


class _Order:
    def __init__(self, rulebook: Rulebook) -> None:
        headlines = [one.id for one in rulebook.headlines]
        names = [*headlines, *(one for one in rulebook.indicators if one not in set(headlines))]
        self.indicators = {name: place for place, name in enumerate(names)}
        self.orgs = {name: place for place, name in enumerate(rulebook.orgs)}

    def __call__(self, one: RowView) -> tuple[int, int]:
        return (
            self.indicators.get(one.indicator_id, -1),
            self.orgs.get(one.org_id, len(self.orgs)),
        )
