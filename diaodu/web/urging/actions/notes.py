"""Who is told what when a step is due or was taken."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from diaodu.engine.dispatch.ladder import Proposal
from diaodu.engine.ground.words import LADDER_STEP_NAMES
from diaodu.web.duties import queries as duties
from diaodu.web.people import queries as people
from diaodu.web.shared.outbox import Note
from diaodu.web.urging.models import Step
from diaodu.web.urging.queries.matters import Matter

REMIND, STEP = "duties.remind", "urging.step"
DUTY = "duties.Duty"


def reminders(one: Proposal, told: duties.Told | None) -> Iterable[Note]:
    """To the one who does it; once it is late to the heads of the unit as well."""
    if told is None:
        return
    late = one.late is not None and one.late > 0
    text = f"{told.title}（{told.unit}）。{'；'.join(one.evidence)}。"
    url = reverse("duties:duty", args=[one.duty])
    for person in sorted({*told.persons, *(told.heads if late else ())}):
        yield Note(REMIND, DUTY, one.duty, one.key, person, one.evidence[0], text, url)


def on_step(step: Step, matter: Matter) -> Iterable[Note]:
    """To the one who does it and the heads of the unit."""
    name = LADDER_STEP_NAMES[step.step]
    title = f"{name}：{matter.title}"
    number = f"（{step.letter}）" if step.letter else ""
    text = f"{matter.org_name}{name}{number}。{'；'.join(step.evidence)}。"
    url = reverse("urging:letters" if step.letter else "urging:home")
    id = str(step.duty_id or step.matter)
    for person in sorted(_concerned(step)):
        yield Note(STEP, DUTY, id[:64], f"step-{step.pk}", person, title, text, url)


def _concerned(step: Step) -> set[int]:
    if step.duty_id is None:
        return {user.pk for user in people.users_with("leader", str(step.org_id))}
    told = duties.whom_to_tell([str(step.duty_id)]).get(str(step.duty_id))
    return {*told.persons, *told.heads} if told is not None else set()
