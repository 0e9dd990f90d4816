"""How often one unit was urged this year, for its card."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db.models import Count
from django.http import Http404

from diaodu.engine.ground.words import LADDER_STEP_NAMES
from diaodu.web.duties import queries as duties
from diaodu.web.shared.access import Access
from diaodu.web.urging.models import Step


class OfOrg(NamedTuple):
    """`steps`: name and number, in the ladder's order; `months`: of all of them."""

    total: int
    steps: list[tuple[str, int]]
    months: list[tuple[int, int]]


def for_org(access: Access, day: date, org: str) -> OfOrg:
    """Of the duties one sees. 404 where one does not look after the unit."""
    if not any(org in one.orgs for one in access.granting("view")):
        raise Http404("没有这个单位，或者不归您看")
    year = Step.objects.filter(
        org=org, duty__in=duties.seen(access), on__gte=date(day.year, 1, 1), on__lte=day
    ).order_by()
    steps = dict(year.values_list("step").annotate(number=Count("pk")))
    months = year.values_list("on__month").annotate(number=Count("pk"))
    told = [(name, steps[step]) for step, name in LADDER_STEP_NAMES.items() if step in steps]
    return OfOrg(sum(steps.values()), told, sorted(months))
