"""A step of the ladder is taken or put off by a person; some go with a letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction

from diaodu.engine.dispatch.ladder import Proposal
from diaodu.engine.ground.words import LADDER_STEP_NAMES
from diaodu.engine.report.letters import Letter as Paper
from diaodu.engine.report.letters import LetterKind, Talk, title_of
from diaodu.web.duties import actions as duty_actions
from diaodu.web.shared import audit, outbox, queue
from diaodu.web.urging.actions.common import Untimely
from diaodu.web.urging.actions.notes import on_step
from diaodu.web.urging.models import Letter, Proposed, Step
from diaodu.web.urging.queries.letters import content_of, issuer
from diaodu.web.urging.queries.matters import Matter, matter_of

# Step → the paper that is sent; the others are acts without a paper of their own.
PAPERS: Final[dict[str, LetterKind]] = {"urge": "urge", "warning": "warn", "talk": "talk"}
_LONGEST_OFF = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Details:
    """What the person adds. `note`: of a step without paper, where it was done (which bulletin,
    which request)."""

    answer_by: date | None = None
    demand: str = ""
    copies: tuple[str, ...] = ()
    talk: Talk | None = None
    note: str = ""


@transaction.atomic
def take(*, proposed: Proposed, details: Details, by: Any, at: datetime) -> Step:
    """Take a step that is due. Raises Untimely where it no longer is, ValidationError where
    something is missing."""
    held = Proposed.objects.select_for_update().filter(pk=proposed.pk).first()
    matter = matter_of(held, at) if held is not None else None
    if held is None or matter is None or matter.proposal is None:
        raise Untimely("这一步已经有人办了，或者事项已经有了进展，不再需要。请刷新页面")
    _refuse(matter.proposal.step, details, at)
    step = _taken(matter, details, by, at)
    held.delete()
    if step.duty_id is not None:
        duty_actions.note_step(duty_id=step.duty_id, step=step.step, by=by, at=at)
    outbox.post(on_step(step, matter), at=at)
    queue.enqueue("urging.deliver")
    audit.record(
        by=by, at=at, action="urging.take", thing="urging.Step", id=step.pk,
        after={"step": step.step, "org": step.org_id, "duty": step.duty_id,
               "number": step.letter.number if step.letter else "", "matter": matter.title},
        reason=details.note,
    )  # fmt: skip
    return step


def _refuse(step: str, details: Details, at: datetime) -> None:
    faults: dict[str, str] = {}
    today = at.date()
    if step in ("urge", "warning"):
        if details.answer_by is None:
            faults["answer_by"] = "请填最晚什么时候反馈"
        elif details.answer_by <= today:
            faults["answer_by"] = "反馈的日期要在今天以后"
    elif step == "talk":
        if details.talk is None:
            faults["talk_at"] = "请填约谈的时间、地点、谁来谈、谈谁"
        elif details.talk.at <= at:
            faults["talk_at"] = "约谈的时间已经过去，请填今后的时间"
    elif not details.note.strip():
        faults["note"] = f"请写明在哪里{LADDER_STEP_NAMES[step]}：哪一期、哪次会或哪个文号"
    if faults:
        raise ValidationError(faults)


def _taken(matter: Matter, details: Details, by: Any, at: datetime) -> Step:
    proposal = matter.proposal
    assert proposal is not None
    step = Step(
        duty_id=int(proposal.duty) if proposal.duty else None, org_id=proposal.org,
        matter=proposal.matter, step=proposal.step, on=at.date(), latest=proposal.latest,
        key=proposal.key, evidence=list(proposal.evidence), note=details.note.strip()[:500],
        by=by, at=at,
    )  # fmt: skip
    if proposal.step in PAPERS:
        step.letter = write_letter(
            kind=PAPERS[proposal.step], matter=matter, proposal=proposal, details=details,
            by=by, at=at,
        )  # fmt: skip
    step.save()
    return step


def write_letter(
    *, kind: LetterKind, matter: Matter, proposal: Proposal, details: Details, by: Any,
    at: datetime,
) -> Letter:  # fmt: skip
    """The paper with the next number of its kind, in the transaction one is in."""
    day = at.date()
    sender = issuer()
    paper = Paper(
        kind=kind, issuer=sender.name, number=sender.next_number(kind, day.year),
        to=matter.org_name, day=day, matter=matter.title, basis=matter.basis, rows=matter.rows,
        reasons=_reasons(proposal, matter), demand=details.demand, answer_by=details.answer_by,
        talk=details.talk, consequence=matter.consequence, copies=details.copies,
        contact=sender.contact(by),
    )  # fmt: skip
    return Letter.objects.create(
        kind=kind, number=paper.number, org_id=proposal.org,
        duty_id=int(proposal.duty) if proposal.duty else None, title=title_of(paper)[:300],
        content=content_of(paper), day=day, by=by, at=at,
    )  # fmt: skip


def _reasons(proposal: Proposal, matter: Matter) -> tuple[str, ...]:
    """The evidence; what would follow stands in a sentence of its own."""
    return tuple(one for one in proposal.evidence if one not in matter.follows)


@transaction.atomic
def put_off(*, proposed: Proposed, until: date, reason: str, by: Any, at: datetime) -> Proposed:
    """Not now: the step is not shown before that day."""
    held = Proposed.objects.select_for_update().filter(pk=proposed.pk).first()
    if held is None:
        raise Untimely("这一步已经有人办了，或者不再需要。请刷新页面")
    faults: dict[str, str] = {}
    if not reason.strip():
        faults["reason"] = "请写明为什么暂缓"
    if not at.date() < until <= at.date() + _LONGEST_OFF:
        faults["until"] = f"暂缓到今天以后、{_LONGEST_OFF.days}天以内的一天"
    if faults:
        raise ValidationError(faults)
    held.put_off, held.put_off_reason = until, reason.strip()[:500]
    held.save(update_fields=["put_off", "put_off_reason"])
    audit.record(
        by=by, at=at, action="urging.put_off", thing="urging.Proposed", id=held.key,
        after={"step": held.step, "org": held.org_id, "duty": held.duty_id, "until": until},
        reason=reason.strip(),
    )  # fmt: skip
    return held


@transaction.atomic
def void(*, letter: Letter, reason: str, by: Any, at: datetime) -> Letter:
    """Sent in error: it keeps its number and says why it is void. The step that went with it no
    longer counts, and is proposed again as long as it is due."""
    held = Letter.objects.select_for_update().get(pk=letter.pk)
    if held.void_at is not None:
        raise Untimely(f"{held.number}已经作废")
    if not reason.strip():
        raise ValidationError({"reason": "请写明作废的原因"})
    held.void_at, held.void_by, held.void_reason = at, by, reason.strip()[:500]
    held.save(update_fields=["void_at", "void_by", "void_reason"])
    Step.objects.filter(letter=held).update(key="")
    audit.record(
        by=by, at=at, action="urging.void", thing="urging.Letter", id=held.number,
        before={"void": False}, after={"void": True}, reason=held.void_reason,
    )  # fmt: skip
    return held
