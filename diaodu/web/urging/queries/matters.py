"""What a step that is due is about: in the words of lists and letters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from diaodu.engine.dispatch.duty import Duty
from diaodu.engine.dispatch.ladder import Proposal, Taken, consequences, ladder_for
from diaodu.engine.ground.words import DUTY_SOURCE_NAMES, LADDER_STEP_NAMES, LadderStep
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.web.duties import queries as duties
from diaodu.web.people import queries as people
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.urging.models import Proposed
from diaodu.web.urging.queries.rungs import last_places, of_duties, taken


@dataclass(frozen=True)
class Matter:
    """`proposal` None: the step is no longer due. `follows`: what the rules attach to taking it,
    as the evidence says it; `consequence`: the same as a letter's sentence."""

    proposed: Proposed
    proposal: Proposal | None
    duty: Duty | None
    title: str
    org_name: str
    basis: str
    rows: tuple[tuple[str, str], ...]
    follows: tuple[str, ...]

    @property
    def step_name(self) -> str:
        return LADDER_STEP_NAMES[self.proposed.step]

    @property
    def consequence(self) -> str:
        return f"{'；'.join(self.follows)}。" if self.follows else ""


def matter_of(proposed: Proposed, at: datetime) -> Matter | None:
    return next(iter(matters([proposed], at)), None)


def matters(listed: Iterable[Proposed], now: datetime) -> list[Matter]:
    """Each with its evidence as of now, in their order."""
    rows = list(listed)
    day, book = now.date(), rulebooks.current()
    ids = [row.duty_id for row in rows if row.duty_id]
    past = taken(day, duties=ids, orgs=[str(row.org_id) for row in rows])
    facts = {one.id: one for one in duties.facts(ids)}
    due = of_duties(facts.values(), past, now)
    if any(row.duty_id is None for row in rows):
        due |= {one.key: one for one in last_places(now, past, book)}
    names = people.names()
    general = ladder_for(book, "light", day)
    before: dict[tuple[str, str], list[Taken]] = {}
    for step in past:
        before.setdefault((step.step, step.org), []).append(step)
    found = []
    for row in rows:
        duty = facts.get(str(row.duty_id)) if row.duty_id else None
        ladder = ladder_for(book, duty.source, day) if duty else general
        org = str(row.org_id)
        counted = before.get((row.step, org), [])
        found.append(
            Matter(
                proposed=row,
                proposal=due.get(row.key),
                duty=duty,
                title=duty.title if duty else _about(row, book),
                org_name=names.get(org, org),
                basis=_basis(duty),
                rows=rows_of(duty, names) if duty else (),
                follows=consequences(_step_of(row), org, row.matter, counted, ladder, day),
            )
        )
    return found


def _step_of(row: Proposed) -> LadderStep:
    """The table's column holds the engine's words alone."""
    return cast(LadderStep, row.step)


def _about(row: Proposed, book: Rulebook) -> str:
    indicator, _, _ = row.matter.partition("|")
    [name] = book.names_of([indicator])
    return f"{name}排名靠后"


def _basis(duty: Duty | None) -> str:
    """10月10日以示督交〔2023〕41号"""
    if duty is None:
        return ""
    on = _day(duty.issued) if duty.issued else ""
    return f"{on}以{duty.number}" if duty.number else f"{on}"


def rows_of(duty: Duty, names: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """The duty as a letter lists it."""
    hoped = f"（力争{_day(duty.best)}）" if duty.best else ""
    return (
        ("事项", duty.title),
        ("办法", _in_one_line(duty.measures or "")),
        ("对象", "、".join(one.text for one in duty.things)),
        ("主办", f"{names.get(duty.lead, duty.lead)}　{duty.person}"),
        ("协办", "、".join(names.get(one, one) for one in duty.supporting)),
        ("期限", f"最晚{_day(duty.latest)}{hoped}"),
        ("来源", duty.origin or DUTY_SOURCE_NAMES[duty.source]),
        ("凭证", "、".join(duty.proof_asked)),
    )


def _in_one_line(steps: str) -> str:
    """A cell of a letter has no lines: where one step ends and the next begins is said."""
    return "；".join(one.strip().rstrip("；。") for one in steps.splitlines() if one.strip())


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
