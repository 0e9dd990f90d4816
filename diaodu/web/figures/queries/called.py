"""Rows by what they are about, for the pages of the audit chain: no figure is told."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.ground.words import FACET_NAMES
from diaodu.web.figures.models import Observation
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared.named import Named


def called(ids: Iterable[str], *, linked: bool) -> dict[str, Named]:
    """示例县 税收收入 2023年1—5月 总量."""
    rows = Observation.objects.filter(pk__in=set(ids)).select_related("org")
    names = rulebooks.current().indicators if rulebooks.has_rulebook() else {}
    found: dict[str, Named] = {}
    for row in rows.only("org__name", "indicator", "period", "facet"):
        indicator = names[row.indicator].name if row.indicator in names else row.indicator
        period = print_period(Period.from_id(row.period), with_year=True)
        told = f"{row.org.name} {indicator} {period} {FACET_NAMES[row.facet]}"
        found[str(row.pk)] = Named(told, reverse("figures:figure", args=[row.pk]) if linked else "")
    return found
