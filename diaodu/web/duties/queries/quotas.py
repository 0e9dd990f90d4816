"""What comes round every week, month or quarter."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.http import Http404

from diaodu.engine.dispatch.recurring import Quota as Rule
from diaodu.engine.dispatch.recurring import Reminder, Turn, quota_reminders, turns
from diaodu.web.duties.models import Quota
from diaodu.web.duties.queries.facts import Told, heads_of
from diaodu.web.shared.access import Access


class QuotaView(NamedTuple):
    """The turn of today, and the past ones, newest first."""

    quota: Quota
    now: Turn | None
    past: list[Turn]
    may_do: bool

    @property
    def kind(self) -> str:
        if self.now is None or self.now.light == "none":
            return "unknown"
        return self.now.light


def seen_quotas(access: Access) -> QuerySet[Quota]:
    if access.user_id is None or not access.may("view"):
        return Quota.objects.none()
    own = [one for one in access.granting("view") if one.indicators is None]
    orgs = frozenset[str]().union(*(one.orgs for one in own))
    return Quota.objects.filter(Q(org__in=orgs) | Q(person=access.user_id))


def quota_for(access: Access, id: int) -> Quota:
    found = seen_quotas(access).filter(pk=id).first()
    if found is None:
        raise Http404
    return found


def quotas(access: Access, day: date, *, org: str = "") -> list[QuotaView]:
    rows = seen_quotas(access).select_related("org", "person").prefetch_related("dones")
    if org:
        rows = rows.filter(org=org)
    return [quota_view(one, access, day) for one in rows]


def own_quotas(access: Access, day: date) -> list[QuotaView]:
    """What comes round and this reader does themselves, as long as it is not cleared."""
    answered = frozenset[str]().union(*(one.orgs for one in access.granting("answer")))
    rows = seen_quotas(access).filter(Q(person=access.user_id) | Q(org__in=answered))
    listed = rows.select_related("org", "person").prefetch_related("dones")
    found = [quota_view(one, access, day) for one in listed]
    return [one for one in found if one.now is not None and one.now.left]


class ToRemind(NamedTuple):
    """A quota that is not cleared, and whom to tell of it."""

    id: int
    about: Told
    reminder: Reminder


def quotas_to_remind(day: date) -> list[ToRemind]:
    """In three queries. Of what ended nothing is asked once its last turn is over."""
    rows = Quota.objects.select_related("org", "person").prefetch_related("dones")
    due = [
        (one, reminder)
        for one in rows
        for reminder in quota_reminders(rule_of(one), _turns(one, day), day)
    ]
    heads = heads_of({str(one.org_id) for one, _ in due}) if due else {}
    return [
        ToRemind(
            one.pk,
            Told(
                one.title, str(one.org),
                frozenset({one.person_id} if one.person.is_active else ()),
                frozenset(heads.get(str(one.org_id), ())),
            ),
            reminder,
        )
        for one, reminder in due
    ]  # fmt: skip


def _turns(quota: Quota, day: date) -> list[Turn]:
    return turns(rule_of(quota), [one.on for one in quota.dones.all()], quota.since, day)


def quota_view(quota: Quota, access: Access, day: date) -> QuotaView:
    found = _turns(quota, day)
    current = found[-1] if found and found[-1].period.end >= day else None
    past = found[:-1] if current else found
    return QuotaView(quota, current, past[::-1], may_do(access, quota))


def rule_of(quota: Quota) -> Rule:
    return Rule.model_validate(
        {
            "id": f"quota{quota.pk}", "title": quota.title, "every": quota.every,
            "times": quota.times, "day": quota.day, "rolls": quota.rolls, "from": quota.since,
            "to": quota.until,
        }
    )  # fmt: skip


def may_do(access: Access, quota: Quota) -> bool:
    return quota.person_id == access.user_id or access.may("answer", org=str(quota.org_id))
