"""Which targets one sees: locked ones of this desk's own county, drafts for who works on them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from diaodu.web.people import queries as people
from diaodu.web.shared.access import Access
from diaodu.web.targets.models import (
    DRAFT,
    LOCKED,
    SUPERSEDED,
    Line,
    Part,
    Proposal,
    Support,
    Version,
)


def belongs_here(access: Access) -> bool:
    """Whether one works for the home org or a unit below it."""
    if access.home is None:
        return False
    here = people.subtree(access.home)
    return any(root in here for root in access.roots("view"))


def may_target(access: Access) -> bool:
    """Edit and lock."""
    return access.may("target")


def sees_drafts(access: Access) -> bool:
    """Who sets targets, who proposes them, and the leaders who decide."""
    return access.may("target") or access.may("propose") or access.may("assign")


def versions_for(access: Access) -> QuerySet[Version]:
    """Newest year and version first."""
    found = Version.objects.select_related("base", "locked_by", "made_by")
    if not belongs_here(access):
        return found.none()
    if not sees_drafts(access):
        return found.filter(state__in=(LOCKED, SUPERSEDED))
    return found


def version_for(access: Access, id: int) -> Version:
    """404 where it is not for this reader."""
    found = versions_for(access).filter(pk=id).first()
    if found is None:
        raise Http404
    return found


def draft_to_edit(access: Access, id: int) -> Version:
    """A version one may change; whether it still can be is said by the action."""
    found = version_for(access, id)
    access.need("target")
    return found


def lines_for(access: Access, version: Version) -> QuerySet[Line]:
    return Line.objects.filter(access.q("view"), version=version).select_related("org")


def sees_all(access: Access) -> bool:
    """Whether all units of the county are in sight: a sum over some of the parts would look like a
    gap."""
    return any(access.home in grant.orgs for grant in access.granting("view"))


def line_for(access: Access, id: int) -> Line:
    """A line of a version one sees, of a unit and indicator in one's scope, else 404."""
    found = (
        Line.objects.filter(access.q("view"), pk=id).select_related("org", "version").first()
    )  # fmt: skip
    if found is None or (found.version.state == DRAFT and not sees_drafts(access)):
        raise Http404
    if not belongs_here(access):
        raise Http404
    return found


def line_to_edit(access: Access, id: int) -> Line:
    found = line_for(access, id)
    access.need("target")
    return found


def part_to_edit(access: Access, id: int) -> Part:
    found = Part.objects.select_related("line__version", "line__org").filter(pk=id).first()
    if found is None:
        raise Http404
    line_to_edit(access, found.line_id)
    return found


def support_to_edit(access: Access, id: int) -> Support:
    found = Support.objects.select_related("line__version", "line__org").filter(pk=id).first()
    if found is None:
        raise Http404
    line_to_edit(access, found.line_id)
    return found


def may_propose(access: Access, line: Line) -> bool:
    return line.version.is_draft and access.may(
        "propose", org=str(line.org_id), indicator=line.indicator
    )


def line_to_propose(access: Access, id: int) -> Line:
    found = line_for(access, id)
    access.need("propose", org=str(found.org_id), indicator=found.indicator)
    return found


def proposals_for(access: Access, version: Version) -> QuerySet[Proposal]:
    """All for the office; one's own for who made them, and those of one's own lines."""
    found = Proposal.objects.filter(version=version).select_related("org", "by", "decided_by")
    if may_target(access):
        return found
    return found.filter(access.q("propose"))


def proposal_to_decide(access: Access, id: int) -> Proposal:
    found = Proposal.objects.select_related("version", "org").filter(pk=id).first()
    if found is None or not belongs_here(access) or not sees_drafts(access):
        raise Http404
    access.need("target")
    return found
