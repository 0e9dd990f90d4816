"""What all acts on a duty share: the lock, the engine's table, the course, the trace."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError

from diaodu.engine.dispatch.duty import RULES, Need, after, missing, refusals
from diaodu.engine.ground.words import DUTY_ACT_NAMES, DUTY_STATE_NAMES, DutyAct, DutyHat
from diaodu.web.duties.models import Duty, Event
from diaodu.web.duties.queries.due import standing
from diaodu.web.duties.queries.facts import of
from diaodu.web.duties.queries.rights import hats, is_own
from diaodu.web.people import queries as people
from diaodu.web.shared import audit

THING = "duties.Duty"
SYSTEM: frozenset[DutyHat] = frozenset({"system"})


class Untimely(ValidationError):
    """The duty is in another state, or newer, than the page knew: nothing was changed."""


def locked(id: int, seen: int | None = None) -> Duty:
    """The duty, locked until the transaction ends. `seen`: the version that was looked at."""
    found = Duty.objects.select_for_update().get(pk=id)
    if seen is not None and found.version != seen:
        last = found.events.select_related("by").last()
        who = f"{last.by or '系统'}刚刚{DUTY_ACT_NAMES[last.act]}" if last else "别人刚刚改过"
        raise Untimely(
            f"{who}，这件事项现在是“{DUTY_STATE_NAMES[found.state]}”。"
            "您填的内容还在本页，请看过最新情况再提交"
        )
    return found


def refuse(duty: Duty, act: DutyAct, *, by: Any, at: datetime, given: Set[Need]) -> None:
    """Raises Untimely, PermissionDenied or ValidationError where the act may not be done. `by`
    None: the desk itself."""
    if by is None:
        told = refusals(duty.stands, act, SYSTEM)
        if told:
            raise Untimely(told)
        return
    access = people.access_of(by, at.date())
    worn = hats(access, duty)
    told = refusals(duty.stands, act, worn, own=is_own(access, duty))
    if duty.state not in RULES[act].states:
        raise Untimely(told[0])
    if told:
        raise PermissionDenied("；".join(told))
    lacks = missing(act, given)
    if lacks:
        raise ValidationError(lacks)


def enter(
    duty: Duty, act: DutyAct, *, by: Any, at: datetime, text: str = "", latest: date | None = None,
    before: Mapping[str, Any] | None = None, after_: Mapping[str, Any] | None = None,
) -> Event:  # fmt: skip
    """Moves the duty along the table, writes its course and the audit line; last in the
    transaction. Whether it is in time follows from the days it has now."""
    was = duty.stands
    duty.state = after(was, act)
    if duty.state != was:
        duty.since = at
    duty.version += 1
    duty.in_time = _in_time(duty, at.date())
    duty.save()
    made = Event(duty=duty, act=act, state=duty.state, at=at, by=by, text=text, latest=latest)
    made.full_clean(exclude=["duty", "by"])
    made.save()
    audit.record(
        by=by, at=at, action=f"duties.{act}", thing=THING, id=duty.pk,
        before={"state": was, **(before or {})}, after={"state": duty.state, **(after_ or {})},
        reason=text[:500],
    )  # fmt: skip
    return made


def _in_time(duty: Duty, day: date) -> bool | None:
    done = duty.answered or duty.closed
    if done is None:
        return None
    found = standing(day)
    [fact] = of(Duty.objects.filter(pk=duty.pk), proof=False)
    _, count = found.clock.of(fact)
    return count.late(duty.latest, done) <= 0
