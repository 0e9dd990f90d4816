"""Owners say what a target of theirs should be; the office takes it or says why not."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from diaodu.web.targets.actions.cells import Entered, save_cells
from diaodu.web.targets.actions.common import Untimely, leave_trace, locked_draft
from diaodu.web.targets.models import DECLINED, OPEN, PROPOSAL_STATES, TAKEN, Line, Proposal
from diaodu.web.targets.queries.columns import WHOLE
from diaodu.web.targets.queries.reading import digits


@transaction.atomic
def propose(*, line: Line, value: Decimal, reason: str, by: Any, at: datetime) -> Proposal:
    """An earlier one of the same person that nobody has answered is taken back by it."""
    if not reason.strip():
        raise ValidationError({"reason": "请写明依据，办公室据此决定"})
    held = locked_draft(line.version, "提建议")
    if value == line.value:
        raise ValidationError({"value": "与拟定的目标相同，不用提"})
    Proposal.objects.filter(
        version=held, indicator=line.indicator, org_id=line.org_id, tier=line.tier, kind=line.kind,
        by=by, state=OPEN,
    ).update(state=DECLINED, answer="本人另提了新的建议", decided_by=by, decided_at=at)  # fmt: skip
    made = Proposal.objects.create(
        version=held, indicator=line.indicator, org_id=line.org_id, tier=line.tier, kind=line.kind,
        value=value, reason=reason.strip(), by=by, at=at,
    )  # fmt: skip
    _trace(made, "propose", by, at, reason.strip())
    return made


@transaction.atomic
def take(*, proposal: Proposal, by: Any, at: datetime) -> Proposal:
    """The proposed value goes into the draft, as if the office had typed it."""
    held = _open(proposal)
    save_cells(
        version=held.version, indicator=held.indicator, kind=held.kind, seen=0, by=by, at=at,
        entered=[Entered(held.tier, str(held.org_id), WHOLE, digits(held.value))],
        what=f"采用{held.by.name}的建议",
    )  # fmt: skip
    _decide(held, TAKEN, "", by, at)
    _trace(held, "take", by, at, held.reason)
    return held


@transaction.atomic
def decline(*, proposal: Proposal, answer: str, by: Any, at: datetime) -> Proposal:
    if not answer.strip():
        raise ValidationError({"reason": "请写明为什么不采用"})
    held = _open(proposal)
    _decide(held, DECLINED, answer.strip(), by, at)
    _trace(held, "decline", by, at, answer.strip())
    return held


def _open(proposal: Proposal) -> Proposal:
    held = Proposal.objects.select_for_update(of=("self",)).select_related("version", "by").get(
        pk=proposal.pk
    )  # fmt: skip
    if held.state != OPEN:
        raise Untimely(f"这条建议{PROPOSAL_STATES[held.state]}，不能再定")
    locked_draft(held.version, "定建议")
    return held


def _decide(held: Proposal, state: str, answer: str, by: Any, at: datetime) -> None:
    held.state, held.answer, held.decided_by, held.decided_at = state, answer, by, at
    held.save(update_fields=["state", "answer", "decided_by", "decided_at"])


def _trace(held: Proposal, act: str, by: Any, at: datetime, reason: str) -> None:
    held.version.refresh_from_db(fields=["changes"])
    leave_trace(
        held.version, act=act, by=by, at=at, reason=reason,
        told={"indicator": held.indicator, "org": str(held.org_id), "tier": held.tier,
              "kind": held.kind, "value": held.value},
    )  # fmt: skip
