"""Who is told what when a step is due or was taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from django.urls import reverse

from diaodu.engine.dispatch.ladder import Proposal
from diaodu.engine.ground.words import LADDER_STEP_NAMES
from diaodu.web.duties import queries as duties
from diaodu.web.people import queries as people
from diaodu.web.shared.outbox import Note
from diaodu.web.urging.models import Step
from diaodu.web.urging.queries.matters import Matter

REMIND, STEP, QUOTA_DUE = "duties.remind", "urging.step", "duties.quota"
DUTY, PERSON, QUOTA = "duties.Duty", "people.User", "duties.Quota"
# Of one note about several duties: a group's robot cuts off what is longer, the address too.
_MOST: Final = 420
_MOST_OF_TITLE: Final = 60


def reminded_of(one: Proposal, told: duties.Told | None) -> list[int]:
    """Those who do it; once it is late the heads of the unit as well."""
    if told is None:
        return []
    late = one.late is not None and one.late > 0
    return sorted({*told.persons, *(told.heads if late else ())})


def reminders(steps: Iterable[Step], about: Mapping[str, duties.Told]) -> Iterable[Note]:
    """One note to each person, of all that one pass has to remind them of."""
    by_person: dict[int, list[Step]] = {}
    for step in steps:
        for person in step.told:
            by_person.setdefault(person, []).append(step)
    for person in sorted(by_person):
        yield reminder(person, by_person[person], about)


def reminder(person: int, steps: Sequence[Step], about: Mapping[str, duties.Told]) -> Note:
    """What is due first comes first."""
    listed = sorted(steps, key=_by_deadline)
    if len(listed) == 1:
        title, text, url = _of_one(listed[0], about)
    else:
        title, text = _counted(listed), _lines(listed, about)
        url = f"{reverse('duties:home')}?mine=owe"
    return Note(REMIND, PERSON, str(person), listed[0].notice, person, title, text, url)


def _by_deadline(step: Step) -> tuple[date, int]:
    return step.latest or step.on, step.duty_id or 0


def _of_one(step: Step, about: Mapping[str, duties.Told]) -> tuple[str, str, str]:
    told = about[str(step.duty_id)]
    text = f"{told.title}（{told.unit}）。{'；'.join(step.evidence)}。"
    return step.evidence[0], text, reverse("duties:duty", args=[step.duty_id])


def _counted(steps: Sequence[Step]) -> str:
    """交办事项12件：期限已过8件，今天到期1件，快到期3件"""
    found = Counter(_term(step) for step in steps)
    parts = [f"{name}{found[name]}件" for name in _TERMS if found[name]]
    return f"交办事项{len(steps)}件：{'，'.join(parts)}"


_TERMS: Final = ("期限已过", "今天到期", "快到期")


def _term(step: Step) -> str:
    left = ((step.latest or step.on) - step.on).days
    return _TERMS[0] if left < 0 else _TERMS[min(left, 1) + 1]


def _lines(steps: Sequence[Step], about: Mapping[str, duties.Told]) -> str:
    """As many as the shortest of all ways takes; how many more there are."""
    lines: list[str] = []
    for at, step in enumerate(steps, start=1):
        told = about[str(step.duty_id)]
        line = f"{at}. {_short(told.title)}（{told.unit}）：{step.evidence[0]}"
        if sum(map(len, lines)) + len(line) > _MOST:
            lines.append(f"另有{len(steps) - at + 1}件，请到督办里看")
            break
        lines.append(line)
    return "\n".join(lines)


def _short(title: str) -> str:
    return title if len(title) <= _MOST_OF_TITLE else f"{title[: _MOST_OF_TITLE - 1]}…"


def turn_of(one: duties.ToRemind) -> str:
    """What is the same for all reminders of one turn of a quota."""
    return f"quota{one.id}|{one.reminder.turn.due}|"


def of_quota(one: duties.ToRemind) -> Iterable[Note]:
    """To whoever does it; once it is late to the heads of the unit as well."""
    evidence = one.reminder.evidence
    title = f"{one.about.title}：{evidence[0]}"
    text = f"{one.about.title}（{one.about.unit}）。{'；'.join(evidence)}。"
    url = reverse("duties:quota", args=[one.id])
    occasion = f"{turn_of(one)}{one.reminder.after}"
    heads = one.about.heads if one.reminder.late > 0 else frozenset[int]()
    for person in sorted(one.about.persons | heads):
        yield Note(QUOTA_DUE, QUOTA, str(one.id), occasion, person, title, text, url)


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
