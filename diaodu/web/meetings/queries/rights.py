"""Which meetings one sees: those of this desk's own county, with its minutes when it was held."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from diaodu.web.meetings.models import HELD, Item, Line, Meeting, Paper
from diaodu.web.people import queries as people
from diaodu.web.shared.access import Access


def belongs_here(access: Access) -> bool:
    """Whether one works for the home org or a unit below it."""
    if access.home is None:
        return False
    here = people.subtree(access.home)
    return any(root in here for root in access.roots("view"))


def may_meet(access: Access) -> bool:
    return access.may("meet")


def meetings_for(access: Access) -> QuerySet[Meeting]:
    """Newest first."""
    found = Meeting.objects.select_related("run", "previous")
    return found if belongs_here(access) else found.none()


def meeting_for(access: Access, id: int) -> Meeting:
    """404 where it is not one's own county's."""
    found = meetings_for(access).filter(pk=id).first()
    if found is None:
        raise Http404
    return found


def meeting_to_run(access: Access, id: int) -> Meeting:
    found = meeting_for(access, id)
    access.need("meet")
    return found


def sees_minutes(access: Access, meeting: Meeting) -> bool:
    """Everybody once it is over; before that whoever writes them."""
    return meeting.state == HELD or may_meet(access)


def meeting_with_minutes(access: Access, id: int) -> Meeting:
    """404 also as long as its minutes are not for this reader."""
    found = meeting_for(access, id)
    if not sees_minutes(access, found):
        raise Http404
    return found


def item_to_change(access: Access, id: int) -> Item:
    found = Item.objects.select_related("meeting").filter(pk=id).first()
    if found is None or not belongs_here(access):
        raise Http404
    access.need("meet")
    return found


def line_to_change(access: Access, id: int) -> Line:
    found = Line.objects.select_related("meeting", "org", "person").filter(pk=id).first()
    if found is None or not belongs_here(access):
        raise Http404
    access.need("meet")
    return found


def may_hand_in(access: Access, org: str) -> bool:
    """The unit's own people."""
    return access.may("fill", org=org) or access.may("sign", org=org)


def paper_for(access: Access, id: int, *, to: str) -> Paper:
    """to: `read` it (who holds the meeting, and the unit itself), `hand_in`, `ask` (change or take
    back what is asked for)."""
    found = Paper.objects.select_related("meeting", "org").filter(pk=id).first()
    if found is None or not belongs_here(access):
        raise Http404
    own = may_hand_in(access, str(found.org_id))
    allowed = {"read": own or may_meet(access), "hand_in": own, "ask": may_meet(access)}[to]
    if not allowed:
        raise PermissionDenied("这份材料只有交材料的单位和办会的人能看、能办")
    return found


def late(paper: Paper, now: datetime) -> bool:
    return (paper.at or now) > paper.due
