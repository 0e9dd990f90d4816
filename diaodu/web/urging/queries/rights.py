"""Whose steps and deliveries one sees."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404

from diaodu.web.shared import outbox
from diaodu.web.shared.access import Access
from diaodu.web.shared.models import Delivery
from diaodu.web.urging.models import Proposed


def listed(
    access: Access, day: date, *, step: str = "", org: str = "", put_off: bool = False
) -> QuerySet[Proposed]:
    """The steps that wait, for those who urge; those put off are kept apart."""
    if not access.may("urge"):
        return Proposed.objects.none()
    later = Q(put_off__gt=day)
    found = Proposed.objects.filter(later if put_off else ~later).select_related("org")
    if step:
        found = found.filter(step=step)
    return found.filter(org_id=org) if org else found


def proposed_for(access: Access, id: int) -> Proposed:
    access.need("urge")
    found = Proposed.objects.select_related("org").filter(pk=id).first()
    if found is None:
        raise Http404
    return found


def deliveries(access: Access, *, state: str = "") -> QuerySet[Delivery]:
    access.need("urge")
    found = outbox.sent_out()
    return found.filter(state=state) if state else found


def delivery_for(access: Access, id: int) -> Delivery:
    found = deliveries(access).filter(pk=id).first()
    if found is None:
        raise Http404
    return found


def waiting(access: Access) -> int:
    """The menu's number: reminders not read yet, and for those who urge what waits for them."""
    if access.user_id is None:
        return 0
    return outbox.number_for(access.user_id, troubled=access.may("urge"))
