"""One warning, whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from diaodu.engine.ground.period import Period
from diaodu.engine.ground.words import TELLER_NAMES, WARNING_PHASE_NAMES, WARNING_SAYS_NAMES
from diaodu.engine.judge.warnings_life import Answer as Said
from diaodu.engine.judge.warnings_life import in_order, replay
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared.access import Access
from diaodu.web.warnings.models import Act, Answer, Warning
from diaodu.web.warnings.queries.rights import may_answer, may_dismiss, warning_for
from diaodu.web.warnings.queries.views import WarningView, said_of, view_of

_LINE = ("pending", "active", "recovering", "closed")


class Step(NamedTuple):
    """A place on the line: how: done, now, or empty."""

    word: str
    how: str


class Spoken(NamedTuple):
    """What the rule said of one period and where the warning stood then. `number` and `month`: of
    the run that can still be opened; `at`: when it was said."""

    period: str
    says: str
    says_name: str
    said: str
    phase: str
    run: str
    number: int | None
    month: str
    at: datetime


class Rule(NamedTuple):
    name: str
    reference: str
    words: tuple[str, ...]
    version: int | None
    id: str


class Page(NamedTuple):
    view: WarningView
    steps: list[Step]
    course: list[Spoken]
    cause: Act | None
    causes: list[Act]
    acts: list[Act]
    rule: Rule
    may_answer: bool
    may_dismiss: bool
    period: str


def view_for(access: Access, id: int) -> WarningView:
    """404 where one may not see it."""
    found = warning_for(access, id)
    return view_of(found, str(found.lead))


def page(access: Access, one: Any) -> Page:
    acts = list(one.acts.select_related("by"))
    causes = [act for act in acts if act.what == Act.What.CAUSE]
    view = view_of(one, str(one.lead))
    course = list(_course(one))
    phase = str(one.stands)
    return Page(
        view, _steps(phase, course, raised=_was_raised(course)), course[::-1],
        causes[0] if causes else None, causes[1:], acts, _rule(one),
        may_answer(access, one), may_dismiss(access, one),
        course[-1].period if course else view.since,
    )  # fmt: skip


def _course(one: Any) -> Iterator[Spoken]:
    """Oldest first; for those who read live results these in place of published ones, where they
    say something else."""
    reads_live = bool(one.reads_live)
    by_period: dict[str, Answer] = {}
    for kept in one.answers.select_related("run").order_by("-basis"):  # published before live
        known = by_period.get(kept.period)
        says_more = known is None or (known.says, known.said) != (kept.says, kept.said)
        if says_more and (reads_live or kept.basis == Answer.Basis.PUBLISHED):
            by_period[kept.period] = kept
    said = [Said(row.period, row.says, row.said) for row in by_period.values()]  # type: ignore[arg-type]
    ordered = in_order(said)
    for at, answer in enumerate(ordered):
        state = replay(ordered[: at + 1], one)
        row = by_period[answer.period]
        yield Spoken(
            said_of(answer.period), answer.says, WARNING_SAYS_NAMES[answer.says], answer.said,
            WARNING_PHASE_NAMES[state.phase] if state else "", row.run_name,
            row.run.number if row.run and row.basis == Answer.Basis.PUBLISHED else None,
            Period.from_id(answer.period).last_month().id, row.at,
        )  # fmt: skip


def _was_raised(course: list[Spoken]) -> bool:
    return any(one.phase == WARNING_PHASE_NAMES["active"] for one in course)


def _steps(phase: str, course: list[Spoken], *, raised: bool) -> list[Step]:
    """The line from pending to closed; 无数据 stands apart, where it was before."""
    stands = phase
    if phase == "no_data":
        told = [one.phase for one in course if one.phase != WARNING_PHASE_NAMES["no_data"]]
        names = {name: code for code, name in WARNING_PHASE_NAMES.items()}
        stands = names[told[-1]] if told else "pending"
    at = _LINE.index(stands)
    past = {one.phase for one in course}
    found = []
    for place, code in enumerate(_LINE):
        word = WARNING_PHASE_NAMES[code]
        if place == at:
            found.append(Step("无数据" if phase == "no_data" else word, "now"))
        else:
            done = place < at and (word in past or (code == "pending" and raised))
            found.append(Step(word, "done" if done else ""))
    return found


def _rule(one: Warning) -> Rule:
    """As it stands in the rules in force; its name alone where it is in them no more."""
    version = rulebooks.current_version()
    held = next((rule for rule in rulebooks.current().warnings if rule.id == one.rule), None)
    told = "、".join(TELLER_NAMES[teller] for teller in one.tell)
    raised = f"连续{one.raise_after}期触发才预警" if one.raise_after > 1 else "一期触发就预警"
    cleared = f"连续{one.clear_after}期未触发才解除" if one.clear_after > 1 else "一期未触发就解除"
    again = f"解除后{one.again_within}个月内再触发算同一件" if one.again_within else ""
    words = tuple(word for word in (raised, cleared, again, f"告诉：{told}") if word)
    return Rule(
        one.name, held.reference if held else "", words, version.id if held else None, one.rule
    )
