"""Every change to orgs, users and what they may do: one transaction with its audit line.

What a user can mend is a ValidationError with Chinese messages, all at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from diaodu.engine.rules.models import Org as RuleOrg
from diaodu.web.people.models import Org, User
from diaodu.web.shared import audit

_ORG_FIELDS = (
    "name", "level", "parent_id", "aliases", "codes", "groups", "opened", "closed", "order",
)  # fmt: skip


@transaction.atomic
def sync_orgs(*, orgs: Iterable[RuleOrg], by: User | None, at: datetime) -> int:
    """Make the table equal to a rulebook's orgs, in their order. Returns how many rows changed.

    An org of the table that the rulebook does not have is refused, never closed or deleted: its
    figures and people would hang in the air. A rulebook ends an org with `closed`.
    """
    wanted = [_row(place, one) for place, one in enumerate(orgs)]
    held = Org.objects.in_bulk()
    _refuse_vanished(held, {one.id for one in wanted})
    new = [one for one in wanted if one.id not in held]
    changed = [one for one in wanted if one.id in held and _differs(one, held[one.id])]
    for one in changed:
        one.version = held[one.id].version + 1
    Org.objects.bulk_create(new)
    Org.objects.bulk_update(changed, [*_bulk_fields(), "place", "version"], batch_size=50)
    if new or changed:
        audit.record(
            by=by, at=at, action="people.sync_orgs", thing="people.Org", id="*",
            before={one.id: org_content(held[one.id]) for one in changed},
            after={one.id: org_content(one) for one in [*new, *changed]},
        )  # fmt: skip
    return len(new) + len(changed)


def org_content(org: Org) -> dict[str, Any]:
    """What the audit chain keeps of an org."""
    return {name: getattr(org, name) for name in _ORG_FIELDS}


def _row(place: int, org: RuleOrg) -> Org:
    return Org(
        id=org.id, name=org.name, level=org.level, parent_id=org.parent, place=place,
        aliases=list(org.aliases), groups=list(org.groups), opened=org.opened, closed=org.closed,
        order=org.order,
        codes=[
            one.model_dump(mode="json", by_alias=True, exclude_none=True) for one in org.codes
        ],
    )  # fmt: skip


def _differs(wanted: Org, held: Org) -> bool:
    return wanted.place != held.place or org_content(wanted) != org_content(held)


def _bulk_fields() -> list[str]:
    return [name.removesuffix("_id") for name in _ORG_FIELDS]


def _refuse_vanished(held: dict[str, Org], wanted: set[str]) -> None:
    gone = [one for id, one in held.items() if id not in wanted]
    if gone:
        raise ValidationError(
            [
                f"单位“{one.name}”（{one.id}）在新的规则里没有了。"
                "要撤销请在规则里写撤销日期（closed），不要删去这一行。"
                for one in gone
            ]
        )
