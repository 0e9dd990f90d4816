"""The pass over all duties: reminders go out, steps that a person takes are listed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from diaodu.engine.dispatch.duty import Duty
from diaodu.engine.dispatch.ladder import Proposal
from diaodu.web.duties import queries as duties
from diaodu.web.shared import outbox, queue
from diaodu.web.urging.actions.notes import REMIND, reminders
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
    found, facts = due_steps(at)
    _take_back(facts, at)
    due = [one for one in found if one.automatic]
    _remind(due, at)
    proposed = [one for one in found if not one.automatic]
    _list(proposed)
    held.day, held.at, held.looked_at = at.date(), at, len(facts)
    held.save()
    if due:
        queue.enqueue("urging.deliver")
    return Passed(len(facts), len(due), len(proposed))


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


def _take_back(facts: Iterable[Duty], at: datetime) -> None:
    """Reminders not sent yet, of duties that went on meanwhile, or to another unit or day."""
    waiting = dict(outbox.waiting(REMIND))
    listed = sorted(set(waiting.values()))
    holds = {(int(one.id), one.lead, one.latest) for one in facts}
    stale: set[str] = set()
    for start in range(0, len(listed), _BATCH):
        steps = Step.objects.filter(key__in=listed[start : start + _BATCH])
        for key, *about in steps.values_list("key", "duty_id", "org_id", "latest"):
            if tuple(about) not in holds:
                stale.add(key)
    ids = [id for id, occasion in waiting.items() if occasion in stale]
    for start in range(0, len(ids), _BATCH):
        of = Q(pk__in=ids[start : start + _BATCH])
        outbox.drop(of, at=at, reason="事项已有进展，或者改了期限、单位")
