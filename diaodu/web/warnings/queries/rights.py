"""Which warnings one may see, and what one may do about them.

Live results are for those who may see them; everybody else reads what published runs said. What a
person reads of a warning is decided here once: `standing` adds it to the rows.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.http import Http404

from diaodu.web.shared.access import Access
from diaodu.web.warnings.models import Warning


def _live(access: Access) -> Q:
    return access.q("live") if access.may("live") else Q(pk__in=[])


def seen(access: Access) -> QuerySet[Any]:
    """The rows in scope, each with `stands`, `begun`, `why`, `over` as this reader has them, and
    `is_live`: whether live results are in it."""
    live = _live(access)
    rows = Warning.objects.filter(live | (access.q("view") & ~Q(public_phase="")))
    return rows.annotate(
        reads_live=Case(When(live, then=Value("1")), default=Value(""), output_field=CharField())
    ).annotate(
        stands=_either("phase"), begun=_either("since"), why=_either("said"), over=_either("end")
    )


def _either(name: str) -> Case:
    return Case(
        When(reads_live="1", then=F(name)), default=F(f"public_{name}"), output_field=CharField()
    )


def warning_for(access: Access, id: int) -> Any:
    found = seen(access).select_related("org", "lead", "acknowledged_by").filter(pk=id).first()
    if found is None:
        raise Http404
    return found


def may_answer(access: Access, one: Warning) -> bool:
    """The unit that answers for the figure: acknowledges, and says why."""
    return access.may("answer", org=one.lead_id, indicator=one.indicator)


def may_dismiss(access: Access, one: Warning) -> bool:
    """Who hands out duties decides that there is no need of one."""
    return access.may("assign")


def titles(access: Access, ids: set[str]) -> dict[str, str]:
    wanted = [int(one) for one in ids if one.isdecimal()]
    rows = seen(access).filter(pk__in=wanted).values_list("pk", "title")
    return {str(id): title for id, title in rows}
