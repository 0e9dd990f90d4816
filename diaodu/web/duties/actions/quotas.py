"""What comes round: set up by those who hand out, done by the unit."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from diaodu.web.duties.models import Done, Quota
from diaodu.web.duties.queries.choices import works_at
from diaodu.web.duties.queries.quotas import may_do
from diaodu.web.people import queries as people
from diaodu.web.shared import audit

THING = "duties.Quota"


@transaction.atomic
def set_quota(
    *, title: str, org: str, person: int, every: str, times: int, day: int, rolls: bool,
    since: date, until: date | None, source: str, by: Any, at: datetime,
) -> Quota:  # fmt: skip
    """So many times each period, by a person of a unit."""
    if not people.access_of(by, at.date()).may("assign"):
        raise PermissionDenied("要有“交办”的权限")
    faults: dict[str, str] = {}
    if not title.strip():
        faults["title"] = "请写要做什么"
    if not works_at(at.date(), person, org):
        faults["person"] = "这个人不在该单位任职或账号已停用，请改交别人"
    if until is not None and until < since:
        faults["until"] = "结束的日期不能早于开始的日期"
    if faults:
        raise ValidationError(faults)
    made = Quota(
        title=title.strip(), org_id=org, person_id=person, every=every, times=times, day=day,
        rolls=rolls, since=since, until=until, source=source.strip(), made_by=by,
    )  # fmt: skip
    made.full_clean(exclude=["org", "person", "made_by"])
    made.save()
    audit.record(
        by=by, at=at, action="duties.set_quota", thing=THING, id=made.pk,
        after={"title": made.title, "org": org, "person": person, "times": times, "every": every},
    )  # fmt: skip
    return made


@transaction.atomic
def end_quota(*, quota: Quota, until: date, by: Any, at: datetime) -> Quota:
    """No more after that day; what was done stays."""
    if not people.access_of(by, at.date()).may("assign"):
        raise PermissionDenied("要有“交办”的权限")
    held = Quota.objects.select_for_update().get(pk=quota.pk)
    if until < held.since:
        raise ValidationError({"until": "结束的日期不能早于开始的日期"})
    before, held.until = held.until, until
    held.version += 1
    held.save(update_fields=["until", "version"])
    audit.record(
        by=by, at=at, action="duties.end_quota", thing=THING, id=held.pk,
        before={"until": before}, after={"until": until},
    )  # fmt: skip
    return held


@transaction.atomic
def do_once(*, quota: Quota, on: date, text: str, by: Any, at: datetime) -> Done:
    """Done once, on a day of the past or today, with what shows it."""
    held = Quota.objects.select_for_update().get(pk=quota.pk)
    if not may_do(people.access_of(by, at.date()), held):
        raise PermissionDenied("这一项由承办单位自己记")
    faults: dict[str, str] = {}
    if not held.since <= on <= at.date():
        faults["on"] = "做的日期要在开始以后、不晚于今天"
    if not text.strip():
        faults["text"] = "请写去了哪里、做了什么"
    if faults:
        raise ValidationError(faults)
    made = Done(quota=held, on=on, text=text.strip(), by=by, at=at)
    made.full_clean(exclude=["quota", "by"])
    made.save()
    audit.record(
        by=by, at=at, action="duties.do_once", thing=THING, id=held.pk,
        after={"on": on, "text": made.text},
    )  # fmt: skip
    return made
