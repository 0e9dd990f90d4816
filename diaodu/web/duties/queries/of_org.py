"""What one unit was given to do this year, for its card."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Count
from django.http import Http404

from diaodu.engine.dispatch.due import FATE_NAMES
from diaodu.web.duties.models import IS_OPEN
from diaodu.web.duties.queries.boards import FATES
from diaodu.web.duties.queries.due import standing
from diaodu.web.duties.queries.listing import Counted
from diaodu.web.duties.queries.rights import seen
from diaodu.web.duties.queries.views import DutyView, shown
from diaodu.web.shared.access import Access

_MOST = 8


class OfOrg(NamedTuple):
    """`fates` add up to `total`; `months`: how many were issued in each. `views`: the open ones,
    those due first at the head."""

    total: int
    fates: list[Counted]
    months: list[tuple[int, int]]
    supporting: int
    views: list[DutyView]
    open: int


def for_org(access: Access, day: date, org: str) -> OfOrg:
    """404 where one does not look after the unit: what it owes is not public."""
    if not any(org in one.orgs for one in access.granting("view")):
        raise Http404("没有这个单位，或者不归您看")
    on = standing(day)
    since = date(day.year, 1, 1)
    rows = seen(access).filter(lead=org).exclude(state__in=("draft", "withdrawn")).order_by()
    issued = rows.filter(issued__gte=since, issued__lte=day)
    counts = issued.aggregate(
        number_total=Count("pk"),
        **{f"number_{one}": Count("pk", filter=on.fate(one)) for one in FATES},
    )
    months = issued.values_list("issued__month").annotate(number=Count("pk"))
    open_ = rows.filter(IS_OPEN)
    return OfOrg(
        counts["number_total"],
        [
            Counted(
                FATE_NAMES[one], counts[f"number_{one}"],
                urlencode({"org": org, "since": since.isoformat(), "fate": one}), one == "overdue",
            )
            for one in FATES
        ],
        sorted(months), seen(access).filter(IS_OPEN, supporting=org).count(),
        shown(open_.order_by("latest", "pk")[:_MOST], on), open_.count(),
    )  # fmt: skip
