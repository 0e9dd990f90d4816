"""The pass over all duties: reminders go out, steps that a person takes are listed."""

from __future__ import annotations

from collections.abc import Collection, Set
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from diaodu.engine.dispatch.ladder import Proposal
from diaodu.web.duties import queries as duties
from diaodu.web.shared import outbox, queue
from diaodu.web.urging.actions.notes import (
    QUOTA_DUE,
    REMIND,
    of_quota,
    reminded_of,
    reminder,
    reminders,
    turn_of,
)
from diaodu.web.urging.models import Pass, Proposed, Step
from diaodu.web.urging.queries.rungs import due_steps

_BATCH = 1000


class Passed(NamedTuple):
    """`reminded`: duties; `quotas`: of those that come round."""

    looked_at: int
    reminded: int
    quotas: int
    proposed: int


@transaction.atomic
def pass_day(*, at: datetime) -> Passed:
    """What is due now. Again on the same day: only what came to it since."""
    held = _held()
    due = due_steps(at)
    _take_back(due.holds, at)
    reminded = _remind([one for one in due.steps if one.automatic], at)
    quotas = _remind_of_quotas(at)
    proposed = [one for one in due.steps if not one.automatic]
    _list(proposed)
    held.day, held.at, held.looked_at = at.date(), at, due.looked_at
    held.save()
    if reminded or quotas:
        queue.enqueue("urging.deliver")
    return Passed(due.looked_at, reminded, quotas, len(proposed))


def _held() -> Pass:
    """Two passes at once wait for each other here."""
    Pass.objects.get_or_create(pk=1)
    return Pass.objects.select_for_update().get(pk=1)


def _remind(found: list[Proposal], at: datetime) -> int:
    """Each person once, of all that is theirs. The steps' keys keep a duty from being reminded of
    twice on one occasion; the smallest of them is the name of this pass."""
    if not found:
        return 0
    about = duties.whom_to_tell([one.duty for one in found])
    notice = min(one.key for one in found)
    steps = [_step(one, notice, reminded_of(one, about.get(one.duty)), at) for one in found]
    Step.objects.bulk_create(steps, batch_size=_BATCH)
    outbox.post(reminders(steps, about), at=at)
    return len(steps)


def _remind_of_quotas(at: datetime) -> int:
    """Of each turn once on every occasion: the outbox knows what it was told. What was not sent
    yet of a turn that is cleared meanwhile is taken back."""
    due = duties.quotas_to_remind(at.date())
    owed = {turn_of(one) for one in due}
    cleared = [
        id
        for id, occasion, _ in outbox.waiting(QUOTA_DUE)
        if not any(occasion.startswith(turn) for turn in owed)
    ]
    outbox.drop(Q(pk__in=cleared), at=at, reason="已经做完，或者不再要求")
    notes = outbox.unsaid(note for one in due for note in of_quota(one))
    outbox.post(notes, at=at)
    return len({note.occasion for note in notes})


def _step(one: Proposal, notice: str, told: list[int], at: datetime) -> Step:
    return Step(
        duty_id=int(one.duty), org_id=one.org, matter=one.matter, step=one.step, on=at.date(),
        latest=one.latest, key=one.key, evidence=list(one.evidence), notice=notice, told=told,
        by=None, at=at,
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


def _take_back(holds: Set[tuple[int, str, date]], at: datetime) -> None:
    """Reminders not sent yet, of duties that went on meanwhile, or to another unit or day: what
    else the same note tells of stays in it."""
    waiting = outbox.waiting(REMIND)
    if not waiting:
        return
    of_person = _reminded({notice for _, notice, _ in waiting})
    stale: list[int] = []
    shorter: list[tuple[int, int, list[Step]]] = []
    for id, notice, person in waiting:
        steps = of_person.get((notice, person), [])
        left = [one for one in steps if (one.duty_id, one.org_id, one.latest) in holds]
        if steps and not left:
            stale.append(id)
        elif len(left) < len(steps):
            shorter.append((id, person, left))
    for start in range(0, len(stale), _BATCH):
        of = Q(pk__in=stale[start : start + _BATCH])
        outbox.drop(of, at=at, reason="事项已有进展，或者改了期限、单位")
    about = duties.whom_to_tell({str(one.duty_id) for _, _, left in shorter for one in left})
    for id, person, left in shorter:
        outbox.reword(id, reminder(person, left, about))


def _reminded(notices: Collection[str]) -> dict[tuple[str, int], list[Step]]:
    """Pass and person → what they were reminded of."""
    found: dict[tuple[str, int], list[Step]] = {}
    listed = sorted(notices)
    for start in range(0, len(listed), _BATCH):
        for step in Step.objects.filter(notice__in=listed[start : start + _BATCH]):
            for person in step.told:
                found.setdefault((step.notice, person), []).append(step)
    return found
