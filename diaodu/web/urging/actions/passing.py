"""The pass over all duties: reminders go out, steps that a person takes are listed."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from diaodu.engine.dispatch.ladder import Proposal
from diaodu.web.duties import queries as duties
from diaodu.web.shared import outbox, queue
from diaodu.web.urging.actions.notes import DUTY, REMIND, reminders
from diaodu.web.urging.models import Pass, Proposed, Step
from diaodu.web.urging.queries.rungs import due_steps

_BATCH = 1000


class Passed(NamedTuple):
    looked_at: int
    reminded: int
    proposed: int


@transaction.atomic
def pass_day(*, at: datetime) -> Passed:
    """What is due now. Again on the same day: only what came to it since."""
    held = _held()
    found, looked_at = due_steps(at)
    due = [one for one in found if one.automatic]
    _remind(due, at)
    proposed = [one for one in found if not one.automatic]
    _list(proposed)
    held.day, held.at, held.looked_at = at.date(), at, looked_at
    held.save()
    if due:
        queue.enqueue("urging.deliver")
    return Passed(looked_at, len(due), len(proposed))


def _held() -> Pass:
    """Two passes at once wait for each other here."""
    Pass.objects.get_or_create(pk=1)
    return Pass.objects.select_for_update().get(pk=1)


def _remind(found: list[Proposal], at: datetime) -> None:
    told = duties.whom_to_tell([one.duty for one in found])
    outbox.post((note for one in found for note in reminders(one, told.get(one.duty))), at=at)
    Step.objects.bulk_create([_step(one, at) for one in found], batch_size=_BATCH)


def _step(one: Proposal, at: datetime) -> Step:
    return Step(
        duty_id=int(one.duty), org_id=one.org, matter=one.matter, step=one.step, on=at.date(),
        latest=one.latest, key=one.key, evidence=list(one.evidence), by=None, at=at,
    )  # fmt: skip


def _list(proposed: list[Proposal]) -> None:
    """What is listed becomes what is due; what stays keeps that it was put off."""
    there = set(Proposed.objects.values_list("key", flat=True))
    due = {one.key: one for one in proposed}
    gone = list(there - due.keys())
    for start in range(0, len(gone), _BATCH):
        Proposed.objects.filter(key__in=gone[start : start + _BATCH]).delete()
    new = [_proposed(one) for key, one in due.items() if key not in there]
    Proposed.objects.bulk_create(new, batch_size=_BATCH)


def _proposed(one: Proposal) -> Proposed:
    return Proposed(
        key=one.key, duty_id=int(one.duty) if one.duty else None, org_id=one.org,
        matter=one.matter, step=one.step, latest=one.latest,
        evidence=[] if one.duty else list(one.evidence),
    )  # fmt: skip


def forget(*, duty: object, at: datetime, reason: str) -> None:
    """Nothing more is to be said of a duty that has ended or was put off."""
    outbox.drop(Q(topic=REMIND, thing=DUTY, thing_id=str(duty)), at=at, reason=reason)
