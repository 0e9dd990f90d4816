"""What was done about one duty."""

from __future__ import annotations

from typing import NamedTuple

from diaodu.web.shared.models import Delivery
from diaodu.web.urging.models import Pass, Proposed, Relief, Step


class Under(NamedTuple):
    steps: tuple[Step, ...]
    waiting: tuple[Proposed, ...]
    reliefs: tuple[Relief, ...]
    troubled: int  # deliveries about it that failed


def under(duty_id: int) -> Under:
    steps = Step.objects.filter(duty_id=duty_id).select_related("letter", "by")
    failed = Delivery.objects.filter(
        thing="duties.Duty", thing_id=str(duty_id),
        state__in=(Delivery.State.FAILED, Delivery.State.UNSURE),
    )  # fmt: skip
    return Under(
        tuple(steps),
        tuple(Proposed.objects.filter(duty_id=duty_id)),
        tuple(Relief.objects.filter(duty_id=duty_id).select_related("by")),
        failed.count(),
    )


def last_pass() -> Pass | None:
    return Pass.objects.filter(pk=1).first()
