"""Whose duty it is towards a reader: what they see, and the hats they wear."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from diaodu.engine.dispatch.duty import open_acts
from diaodu.engine.ground.words import DutyAct, DutyHat
from diaodu.web.duties.models import Duty
from diaodu.web.shared.access import Access

_BEFORE = ("draft", "declined")
_SUPPORT = Duty.supporting.through


def seen(access: Access) -> QuerySet[Duty]:
    """The duties one may see: of the units one looks after, those one supports, and one's own.
    Drafts are seen by those who hand out alone."""
    if access.user_id is None or not access.may("view"):
        return Duty.objects.none()
    found = Duty.objects.filter(_scope(access))
    return found if access.may("assign") else found.exclude(state="draft")


def _scope(access: Access) -> Q:
    """Orgs are public for figures, never for what they owe."""
    grants = list(access.granting("view"))
    if any(access.home in one.orgs and one.indicators is None for one in grants):
        return Q()
    own = Q(person=access.user_id) | Q(leader=access.user_id)
    for one in grants:
        inside = Q(lead__in=one.orgs)
        if one.indicators is not None:
            inside &= Q(indicator__in=one.indicators)
        own |= inside
        if one.indicators is None:
            through = _SUPPORT.objects.filter(duty=OuterRef("pk"), org__in=one.orgs)
            own |= Q(Exists(through))
    return own


def duty_for(access: Access, id: int) -> Duty:
    """404 where it is not for this reader."""
    whole = seen(access).select_related("lead", "person", "leader", "parent", "answered_by")
    found = whole.filter(pk=id).first()
    if found is None:
        raise Http404("没有这件事项，或者不归您看")
    return found


def hats(access: Access, duty: Duty) -> frozenset[DutyHat]:
    """All that this person is towards the duty."""
    worn: set[DutyHat] = {"reader"}
    if access.may("assign"):
        worn.add("leader")
    # Before it is under way nothing is checked: whoever hands out amends as well.
    if access.may("verify") or ("leader" in worn and duty.state in _BEFORE):
        worn.add("office")
    if is_of_lead(access, duty):
        worn.add("lead")
    mine = {one for grant in access.granting("answer") for one in grant.orgs}
    if mine & {one.pk for one in duty.supporting.all()}:
        worn.add("support")
    return frozenset(worn)


def is_of_lead(access: Access, duty: Duty) -> bool:
    """The one it was given to, or somebody who answers for the lead unit."""
    return duty.person_id == access.user_id or access.may("answer", org=str(duty.lead_id))


def is_own(access: Access, duty: Duty) -> bool:
    """Whether somebody would verify their own work."""
    return is_of_lead(access, duty) or duty.answered_by_id == access.user_id


def acts_for(access: Access, duty: Duty) -> tuple[DutyAct, ...]:
    """What this person may do with it now."""
    return open_acts(duty.stands, hats(access, duty), own=is_own(access, duty))
