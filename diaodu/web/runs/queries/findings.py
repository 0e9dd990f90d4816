"""What the checks of a run said, within scope and after release."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from diaodu.engine.ground.words import AUDIENCES
from diaodu.web.runs.models import Finding, Run
from diaodu.web.shared.access import Access
from diaodu.web.shared.roles import ALLOWED


def findings(
    run: Run, access: Access, now: datetime, *, indicator: str | None = None,
    org: str | None = None, severity: str | None = None,
) -> QuerySet[Finding]:  # fmt: skip
    """About figures of one's own scope (a finding quotes other figures, so not of public orgs);
    about whole files for those who review or run for the whole desk; what is for one office alone
    for its role."""
    wanted = Q() if indicator is None else Q(indicator=indicator)
    if org is not None:
        wanted &= Q(org=org)
    if severity is not None:
        wanted &= Q(severity=severity)
    found = Finding.objects.filter(wanted, run=run).exclude(code__in=_for_others(access))
    return found.filter(
        _own_q(run, access), access.released_q(now, org="org", indicator="indicator")
    )


def are_kept_back(run: Run, access: Access) -> bool:
    """Whether the run found something that is for another office alone."""
    return Finding.objects.filter(run=run, code__in=_for_others(access)).exists()


def _for_others(access: Access) -> list[str]:
    roles = {grant.role for grant in access.grants}
    return [code for code, role in AUDIENCES.items() if role not in roles]


def _own_q(run: Run, access: Access) -> Q:
    capability = "live" if run.is_live else "view"
    desk = access.home is not None and access.may("review", org=access.home)
    own = Q(org="") if desk or access.may("run") else Q(pk__in=[])
    for grant in access.grants:
        if capability in ALLOWED[grant.role]:
            within = Q(org__in=grant.orgs)
            if grant.indicators is not None:
                within &= Q(indicator__in=grant.indicators)
            own |= within
    return own
