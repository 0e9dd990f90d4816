"""容错 and 不可抗力: decisions that stop the ladder for a duty."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from diaodu.web.duties import actions as duty_actions
from diaodu.web.shared import audit
from diaodu.web.urging.models import Proposed, Relief


@transaction.atomic
def relieve(
    *, duty_id: int, kind: str, until: date | None, document: str, reason: str, by: Any,
    at: datetime,
) -> Relief:  # fmt: skip
    """From today on no step is proposed for the duty, until that day or for good. What is overdue
    is still shown as overdue."""
    faults: dict[str, str] = {}
    if not document.strip():
        faults["document"] = "请写明依据的决定或文件，如：县政府第12次常务会议纪要"
    if not reason.strip():
        faults["reason"] = "请写明事由"
    if until is not None and until < at.date():
        faults["until"] = "到哪天为止不能早于今天"
    if faults:
        raise ValidationError(faults)
    duty_actions.relieve(duty_id=duty_id, decision=document.strip(), by=by, at=at)
    made = Relief(
        duty_id=duty_id, kind=kind, on=at.date(), until=until, document=document.strip(),
        reason=reason.strip(), by=by, at=at,
    )  # fmt: skip
    made.full_clean(exclude=["duty", "by"])
    made.save()
    Proposed.objects.filter(duty_id=duty_id).delete()
    audit.record(
        by=by, at=at, action="urging.relieve", thing="urging.Relief", id=made.pk,
        after={"duty": duty_id, "relief": kind, "until": until, "document": made.document},
        reason=made.reason,
    )  # fmt: skip
    return made
