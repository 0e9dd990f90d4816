"""What was done about one duty."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Q

from diaodu.web.shared import outbox
from diaodu.web.shared.models import Delivery
from diaodu.web.urging.models import Pass, Proposed, Relief, Step


class Under(NamedTuple):
    steps: tuple[Step, ...]
    waiting: tuple[Proposed, ...]
    reliefs: tuple[Relief, ...]
    troubled: int  # deliveries about it that failed


def under(duty_id: int) -> Under:
    steps = tuple(Step.objects.filter(duty_id=duty_id).select_related("letter", "by"))
    about = Q(thing="duties.Duty", thing_id=str(duty_id))
    for step in steps:
        if step.notice:
            about |= Q(thing="people.User", occasion=step.notice, to__in=step.told)
    return Under(
        steps,
        tuple(Proposed.objects.filter(duty_id=duty_id)),
        tuple(Relief.objects.filter(duty_id=duty_id).select_related("by")),
        Delivery.objects.filter(about, state__in=outbox.TROUBLED).count(),
    )


def last_pass() -> Pass | None:
    return Pass.objects.filter(pk=1).first()
