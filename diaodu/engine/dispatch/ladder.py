"""Escalation: which step of the ladder is due for which duty, on what evidence.

Nothing is done here: each step is proposed and taken by a person, reminders alone by the system.
The ball must lie with the unit (`WITH_UNIT`); what waits for an answer from above is not urged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal, NamedTuple

from diaodu.engine.dispatch.days import DayCount, months_later, said
from diaodu.engine.dispatch.duty import WITH_UNIT, Duty
from diaodu.engine.dispatch.recurring import Turn
from diaodu.engine.ground.period import print_period
from diaodu.engine.ground.words import (
    DUTY_SOURCE_NAMES,
    DUTY_STATE_NAMES,
    LADDER_STEP_NAMES,
    LadderStep,
)
from diaodu.engine.rules.models import Counter, Ladder, Rung
from diaodu.engine.rules.rulebook import Rulebook

ReliefKind = Literal["tolerance", "force_majeure"]
RELIEF_NAMES: dict[ReliefKind, str] = {"tolerance": "容错", "force_majeure": "不可抗力"}

_GRAVITY = {step: at for at, step in enumerate(LADDER_STEP_NAMES)}

STANDARD = Ladder.model_validate(
    {
        "id": "standard",
        "rungs": [
            {"step": "reminder", "after": -3},
            {"step": "reminder", "after": 0},
            {"step": "reminder", "after": 1},
            {"step": "urge", "after": 1},
            {"step": "bulletin", "after": 7, "wait": 3},
            {"step": "warning", "after": 15, "wait": 5},
            {"step": "talk", "after": 30, "wait": 10},
            {"step": "accountability", "after": 60, "wait": 10},
        ],
        "counters": [{"step": "talk", "times": 2, "then": "取消当年评优资格"}],
    }
)


class Taken(NamedTuple):
    """A step that was taken. `key` is that of the proposal it answers, empty for one taken by
    hand; `latest` the deadline it was taken for, None where it was not about a deadline;
    `source` its duty's, which tells the ladder, empty where that is not known."""

    duty: str
    org: str
    matter: str
    step: LadderStep
    on: date
    latest: date | None = None
    key: str = ""
    number: str = ""
    source: str = ""


class Relief(NamedTuple):
    """A recorded decision that stops the ladder for a duty from a day on, `until` (included) or
    for good. What is overdue stays overdue, and is shown so."""

    duty: str
    kind: ReliefKind
    on: date
    document: str
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.on <= day and (self.until is None or day <= self.until)


class Proposal(NamedTuple):
    """A step to be taken. The `key` is the same on every day until it is taken, so that nothing
    is proposed twice. `late`: days behind the deadline as the ladder counts them, negative before
    it, None where it is not about a deadline. `evidence`: Chinese sentences without full stop."""

    key: str
    duty: str
    org: str
    matter: str
    step: LadderStep
    automatic: bool
    late: int | None
    latest: date | None
    evidence: tuple[str, ...]

    @property
    def name(self) -> str:
        return LADDER_STEP_NAMES[self.step]


class Bar(NamedTuple):
    """A counter that was reached: what follows from it, for whom, since when, by which steps."""

    org: str
    matter: str
    then: str
    since: date
    steps: tuple[Taken, ...]


def ladder_for(rulebook: Rulebook, source: str, day: date) -> Ladder:
    """The ladder of a duty's source on a day: one that names the source, else one for all, else
    the standard one."""
    general: Ladder | None = None
    for one in rulebook.ladders:
        if not one.holds_on(day):
            continue
        if source in one.sources:
            return one
        if not one.sources and general is None:
            general = one
    return general or STANDARD


def last_deadline(rulebook: Rulebook, day: date) -> date:
    """No step is due on a day for a duty with a later deadline than this."""
    return max(_last_deadline(one, day) for one in _in_force(rulebook, day))


def _in_force(rulebook: Rulebook, day: date) -> list[Ladder]:
    """Those that duties of any source climb on a day."""
    found = (ladder_for(rulebook, source, day) for source in DUTY_SOURCE_NAMES)
    return list({one.id: one for one in found}.values())


def _last_deadline(ladder: Ladder, day: date) -> date:
    count, first = DayCount.of(ladder), min(rung.after for rung in ladder.rungs)
    last = day + timedelta(days=max(0, -first))
    while count.late(last + timedelta(days=1), day) >= first:
        last += timedelta(days=1)
    return last


def escalate(
    duties: Iterable[Duty], taken: Iterable[Taken], reliefs: Iterable[Relief],
    rulebook: Rulebook, day: date,
) -> list[Proposal]:  # fmt: skip
    """The steps that are due on a day, in the order of the duties: of each at most one that a
    person decides and one reminder.

    taken: all steps of the past that counters may count, of these duties and others.
    """
    past = Past(taken)
    stopped = {relief.duty for relief in reliefs if relief.holds_on(day)}
    climbs: dict[str, _Climb] = {}
    found: list[Proposal] = []
    for duty in duties:
        if duty.state not in WITH_UNIT or duty.id in stopped:
            continue
        climb = climbs.get(duty.source)
        if climb is None:
            climb = _Climb(ladder_for(rulebook, duty.source, day), past, day)
            climbs[duty.source] = climb
        found.extend(climb.steps(duty))
    return found


# Before, on and after the day by which progress is to be told.
_REPORTS = (-7, 0, 1)


def report_reminder(duty: Duty, every: str, turn: Turn, day: date) -> Proposal | None:
    """Of a duty kept for long: the newest reminder that a turn without a report calls for."""
    late = (day - turn.due).days
    due = [after for after in _REPORTS if after <= late]
    if turn.left == 0 or not due:
        return None
    key = f"{duty.id}|{duty.lead}|{turn.due}|report|{due[-1]}"
    missing = f"{print_period(turn.period)}的进展还没有报"
    evidence = (f"最晚{said(turn.due, day)}，{turn.word}", f"长期整改，{every}报一次；{missing}")
    return Proposal(
        key, duty.id, duty.lead, duty.matter, "reminder", True, late, turn.due, evidence
    )


class Past:
    """The steps that were taken, by duty and by what counters count."""

    def __init__(self, taken: Iterable[Taken]) -> None:
        self.all = sorted(taken, key=lambda one: (one.on, one.duty, one.step))
        self.by_duty: dict[str, list[Taken]] = defaultdict(list)
        for one in self.all:
            if one.duty:
                self.by_duty[one.duty].append(one)

    @cached_property
    def by_matter(self) -> Mapping[tuple[str, str, str], Sequence[Taken]]:
        """By step, org and matter."""
        found: dict[tuple[str, str, str], list[Taken]] = defaultdict(list)
        for one in self.all:
            found[one.step, one.org, one.matter].append(one)
        return found

    @cached_property
    def by_org(self) -> Mapping[tuple[str, str, str], Sequence[Taken]]:
        found: dict[tuple[str, str, str], list[Taken]] = defaultdict(list)
        for one in self.all:
            found[one.step, one.org, ""].append(one)
        return found

    def groups(self, counter: Counter) -> Mapping[tuple[str, str, str], Sequence[Taken]]:
        return self.by_matter if counter.of == "matter" else self.by_org

    def counted(self, counter: Counter, org: str, matter: str, day: date) -> list[Taken]:
        """The steps that count on a day: within so many months up to it, both ends included."""
        key = (counter.step, org, matter if counter.of == "matter" else "")
        return [
            one
            for one in self.groups(counter).get(key, ())
            if one.on <= day <= months_later(one.on, counter.within_months)
        ]


@dataclass(frozen=True)
class _Climb:
    """One ladder on one day."""

    ladder: Ladder
    past: Past
    day: date

    @cached_property
    def count(self) -> DayCount:
        return DayCount.of(self.ladder)

    @cached_property
    def reminders(self) -> tuple[Rung, ...]:
        return tuple(rung for rung in self.ladder.rungs if rung.automatic)

    @cached_property
    def decided(self) -> tuple[Rung, ...]:
        return tuple(rung for rung in self.ladder.rungs if not rung.automatic)

    @cached_property
    def first(self) -> int:
        return min(rung.after for rung in self.ladder.rungs)

    def steps(self, duty: Duty) -> Iterator[Proposal]:
        late = self.count.late(duty.latest, self.day)
        if late < self.first:
            return
        taken = [
            one
            for one in self.past.by_duty.get(duty.id, ())
            if one.latest == duty.latest and one.org == duty.lead
        ]
        for rung in (self._reminder(late), self._next(late, taken)):
            if rung is None:
                continue
            key = f"{duty.id}|{duty.lead}|{duty.latest}|{rung.step}|{rung.after}"
            if not any(one.key == key for one in taken):
                yield self._proposal(duty, rung, key, late, taken)

    def _reminder(self, late: int) -> Rung | None:
        """The newest that is due: where some were missed, one says it all."""
        due = [rung for rung in self.reminders if rung.after <= late]
        return due[-1] if due else None

    def _next(self, late: int, taken: Sequence[Taken]) -> Rung | None:
        """The lowest rung above those taken, once its day has come and the unit had time to answer
        the one before: nobody is called in who was never urged, nor urged after a talk."""
        people = [one for one in taken if one.step != "reminder"]
        reached = max((_GRAVITY[one.step] for one in people), default=-1)
        above = next((rung for rung in self.decided if _GRAVITY[rung.step] > reached), None)
        if above is None or late < above.after:
            return None
        last = max((one.on for one in people), default=None)
        waited = last is None or self.count.between(last, self.day) >= above.wait
        return above if waited else None

    def _proposal(
        self, duty: Duty, rung: Rung, key: str, late: int, taken: Sequence[Taken]
    ) -> Proposal:
        evidence = (
            self._deadline(duty, late),
            self._state(duty),
            *((duty.remains,) if duty.remains else ()),
            *self._steps_before(taken),
            *self.consequences(rung.step, duty.lead, duty.matter),
        )
        return Proposal(
            key, duty.id, duty.lead, duty.matter, rung.step, rung.automatic, late, duty.latest,
            evidence,
        )  # fmt: skip

    def _deadline(self, duty: Duty, late: int) -> str:
        last = self.count.deadline(duty.latest)
        moved = f"（遇放假顺延至{said(last, self.day)}）" if last != duty.latest else ""
        until = f"最晚期限{said(duty.latest, self.day)}{moved}"
        if late > 0:
            return f"{until}，已逾期{late}{self.count.unit}"
        if late < 0:
            return f"{until}，还剩{-late}{self.count.unit}"
        return f"{until}，{'今天到期' if self.day == last else '期限已过，下一个工作日起算逾期'}"

    def _state(self, duty: Duty) -> str:
        if duty.state == "issued":
            since = f"{said(duty.issued, self.day)}交办" if duty.issued else "已交办"
            return f"{since}，至今没有签收"
        if duty.state == "returned":
            return "反馈被退回后没有再报"
        if duty.answered is None:
            return f"现在是“{DUTY_STATE_NAMES[duty.state]}”，没有反馈过"
        return f"现在是“{DUTY_STATE_NAMES[duty.state]}”，上次反馈{said(duty.answered, self.day)}"

    def _steps_before(self, taken: Sequence[Taken]) -> Iterator[str]:
        for one in taken:
            if one.step != "reminder":
                number = f"（{one.number}）" if one.number else ""
                yield f"{said(one.on, self.day)}{LADDER_STEP_NAMES[one.step]}{number}"

    def consequences(self, step: LadderStep, org: str, matter: str) -> Iterator[str]:
        """What would follow from the step, were it taken today."""
        for counter in self.ladder.counters:
            if counter.step != step:
                continue
            times = len(self.past.counted(counter, org, matter, self.day)) + 1
            if times >= counter.times:
                yield f"{_counted(counter)}第{times}次{LADDER_STEP_NAMES[step]}：{counter.then}"


def _counted(counter: Counter) -> str:
    whose = "同一事项" if counter.of == "matter" else "同一单位"
    years, months = divmod(counter.within_months, 12)
    span = f"{counter.within_months}个月" if months else f"{years}年"
    return f"{whose}{span}内"


def consequences(
    step: LadderStep, org: str, matter: str, taken: Iterable[Taken], ladder: Ladder, day: date
) -> tuple[str, ...]:
    """What would follow from taking a step today, by the ladder's counters."""
    return tuple(_Climb(ladder, Past(taken), day).consequences(step, org, matter))


def bars(taken: Iterable[Taken], ladder: Ladder, day: date) -> list[Bar]:
    """Every counter reached up to a day, once for each step that reached it, oldest first."""
    past = Past(one for one in taken if one.on <= day)
    found: list[Bar] = []
    for counter in ladder.counters:
        for (step, org, matter), steps in past.groups(counter).items():
            if step != counter.step:
                continue
            for last in range(counter.times - 1, len(steps)):
                run = steps[last - counter.times + 1 : last + 1]
                if run[-1].on <= months_later(run[0].on, counter.within_months):
                    found.append(Bar(org, matter, counter.then, run[-1].on, tuple(run)))
    return sorted(found, key=lambda bar: (bar.since, bar.org, bar.matter))


def reached(taken: Iterable[Taken], rulebook: Rulebook, day: date) -> list[Bar]:
    """The bars of all ladders that duties climb on a day, each once. A ladder's counter is reached
    by a step on that ladder."""
    steps = list(taken)
    found = dict.fromkeys(
        bar
        for ladder in _in_force(rulebook, day)
        for bar in bars(steps, ladder, day)
        if _is_on(ladder, bar.steps[-1], rulebook, day)
    )
    return sorted(found, key=lambda bar: (bar.since, bar.org, bar.matter))


def _is_on(ladder: Ladder, step: Taken, rulebook: Rulebook, day: date) -> bool:
    return not step.source or ladder_for(rulebook, step.source, day).id == ladder.id
