"""The reader's reminders, and what could not be delivered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from diaodu.web.shared import audit, outbox, queue
from diaodu.web.urging.actions.common import Untimely


def read(*, id: int | None, by: Any, at: datetime) -> int:
    """One reminder, or all of them. That somebody read is no act of the desk's."""
    return outbox.mark_read(Q() if id is None else Q(pk=id), user_id=by.pk, at=at)


@transaction.atomic
def send_again(*, delivery: Any, by: Any, at: datetime) -> None:
    """A person decides that it is sent once more, though it may have arrived."""
    before = delivery.get_state_display()
    if not outbox.again(delivery=delivery, at=at):
        raise Untimely("这一条已经重发或送到了，请刷新页面")
    queue.enqueue("urging.deliver")
    audit.record(
        by=by, at=at, action="urging.send_again", thing="shared.Delivery", id=delivery.pk,
        before={"delivery": before}, after={"delivery": "重发"},
    )  # fmt: skip
