"""Who may do what with a form. Filling and signing are the unit's own people's; reviewing,
chasing and letting in late come from a membership strictly above the unit."""

from __future__ import annotations

from diaodu.web.intake.queries.forms import Form
from diaodu.web.shared.access import Access
from diaodu.web.shared.roles import ALLOWED


def fillable(access: Access, form: Form) -> frozenset[str]:
    """The keys of the cells this user may type in."""
    if not access.may("fill", org=form.reporter.id):
        return frozenset()
    own = frozenset(one for one in form.indicators if _may_fill(access, form, one))
    if own == form.indicators:
        return frozenset(form.cells)
    return frozenset(key for key, (row, _) in form.cells.items() if row.indicator.id in own)


def may_fill(access: Access, form: Form) -> bool:
    if not access.may("fill", org=form.reporter.id):
        return False
    return any(_may_fill(access, form, one) for one in form.indicators)


def _may_fill(access: Access, form: Form, indicator: str) -> bool:
    return access.may("fill", org=form.reporter.id, indicator=indicator)


def places_to_sign(access: Access, form: Form) -> frozenset[int]:
    """The numbers (from 1) of the form's signatures this user's role at the unit itself allows."""
    roles = {
        grant.role
        for grant in access.grants
        if grant.root == form.reporter.id and "sign" in ALLOWED[grant.role]
    }
    return frozenset(
        place for place, one in enumerate(form.signatures, start=1) if one.role in roles
    )


def is_above(access: Access, capability: str, form: Form) -> bool:
    """Whether a membership strictly above the unit allows it for everything on the form."""
    return any(
        capability in ALLOWED[grant.role]
        and grant.root != form.reporter.id
        and form.reporter.id in grant.orgs
        and (grant.indicators is None or form.indicators <= grant.indicators)
        for grant in access.grants
    )


def reads_content(access: Access, form: Form) -> bool:
    """A draft is seen by those who fill, sign or review it; nobody else sees what is in it."""
    return (
        may_fill(access, form)
        or bool(places_to_sign(access, form))
        or is_above(access, "review", form)
    )


def sees_state(access: Access, form: Form) -> bool:
    """How far it is, without a figure: also those who chase it or let it in late."""
    return (
        reads_content(access, form)
        or is_above(access, "chase", form)
        or is_above(access, "except", form)
    )
