"""Where a warning stands: a pure function of what its rule said, period by period.

before       hit                              clear                            no data
(none)       pending, or active at once       (none)                           (none)
pending      pending; active at the           pending, count begins anew;      no_data
             raise_after-th in a row          closed at the clear_after-th
active       active                           recovering, or closed at once    no_data
recovering   active                           recovering; closed at the        no_data
                                              clear_after-th in a row
no_data      as from where it stood before    as from where it stood before    no_data
closed       within again_within months the   closed                           closed
             same warning again, else closed
             (a new one begins)

What does not apply, and a figure not due yet, moves nothing. A rule that no longer holds ends
whatever is open. What a rule says of one period anew (the figure was revised, or came late) stands
in place of what it said before, and the whole is gone through again: the present is always what
the course gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple, Protocol

from diaodu.engine.ground.period import Period
from diaodu.engine.ground.words import WarningEnd, WarningPhase, WarningSays

OPEN: frozenset[str] = frozenset({"pending", "active", "recovering", "no_data"})


class Hysteresis(Protocol):
    """How many periods in a row raise and clear, as a rule of `warnings/` declares it."""

    @property
    def raise_after(self) -> int: ...
    @property
    def clear_after(self) -> int: ...
    @property
    def again_within(self) -> int: ...


class Answer(NamedTuple):
    """What a rule said of one period. release: when the figure is public; no answer counts before.
    said: the sentence with the figure."""

    period: str
    says: WarningSays
    said: str = ""
    release: datetime | None = None


class State(NamedTuple):
    """Exactly one phase. since: the period of the answer that led into it; opened: of the first
    hit; ended: of the last move to closed, with why. was: the phase before `no_data`."""

    phase: WarningPhase
    since: str
    opened: str
    hits: int
    clears: int
    was: WarningPhase | None = None
    ended: str = ""
    end: WarningEnd | None = None
    raised: bool = False
    answers: tuple[Answer, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.phase in OPEN

    @property
    def last(self) -> Answer:
        return self.answers[-1]


def next_state(
    previous: State | None, answer: Answer, rule: Hysteresis, now: datetime
) -> State | None:
    """Where the warning stands once this is known too; None as long as there is none. `previous`
    comes back as it was where the answer is not public yet or tells nothing."""
    if answer.release is not None and now < answer.release:
        return previous
    course = () if previous is None else previous.answers
    if answer.says != "hit" and _is_outside(answer, course):
        return previous
    merged = [one for one in course if one.period != answer.period]
    return restored([*merged, answer], rule) if course or answer.says == "hit" else None


def _is_outside(answer: Answer, course: Sequence[Answer]) -> bool:
    """Of a period before the first hit, or not applying to a period nobody asked about: a course
    begins with what opens it, and holds what can move it."""
    if any(one.period == answer.period for one in course):
        return False
    before = bool(course) and _end(answer.period) < _end(course[0].period)
    return before or answer.says == "apart"


def replay(answers: Sequence[Answer], rule: Hysteresis) -> State | None:
    """The state that a whole course gives, its answers in order of their periods."""
    state: State | None = None
    for one in answers:
        state = _step(state, one, rule)
    return None if state is None else state._replace(answers=tuple(answers))


def begins_anew(previous: State, answer: Answer, rule: Hysteresis) -> bool:
    """Whether a hit is another warning than the one that is over."""
    return (
        not previous.is_open
        and answer.says == "hit"
        and _end(answer.period) > _end(previous.last.period)
        and not _is_again(previous, answer, rule)
    )


def _step(state: State | None, answer: Answer, rule: Hysteresis) -> State | None:
    if state is None:
        return _opened(answer, rule) if answer.says == "hit" else None
    if answer.says == "apart":
        return state
    if state.phase == "closed":
        again = answer.says == "hit" and _is_again(state, answer, rule)
        return _again(state, answer, rule) if again else state
    if answer.says == "ended":
        return _closed(state, answer, "ended")
    if answer.says == "no_data":
        if state.phase == "no_data":
            return state
        return state._replace(phase="no_data", since=answer.period, was=state.phase)
    stood = state
    if state.was is not None:
        stood = state._replace(phase=state.was, since=answer.period, was=None)
    return _hit(stood, answer, rule) if answer.says == "hit" else _clear(stood, answer, rule)


def _opened(answer: Answer, rule: Hysteresis) -> State:
    raised = rule.raise_after <= 1
    phase: WarningPhase = "active" if raised else "pending"
    return State(phase, answer.period, answer.period, hits=1, clears=0, raised=raised)


def _again(state: State, answer: Answer, rule: Hysteresis) -> State:
    """It keeps the rank it had: who was warned before is warned at once."""
    raised = state.raised or rule.raise_after <= 1
    phase: WarningPhase = "active" if raised else "pending"
    return state._replace(
        phase=phase, since=answer.period, hits=1, clears=0, ended="", end=None, raised=raised
    )


def _hit(state: State, answer: Answer, rule: Hysteresis) -> State:
    hits = state.hits + 1
    moved = state._replace(hits=hits, clears=0)
    raised = state.raised or hits >= rule.raise_after
    if not raised:
        return moved
    since = state.since if state.phase == "active" else answer.period
    return moved._replace(phase="active", since=since, raised=True)


def _clear(state: State, answer: Answer, rule: Hysteresis) -> State:
    clears = state.clears + 1
    moved = state._replace(hits=0, clears=clears)
    if clears >= rule.clear_after:
        return _closed(moved, answer, "recovered" if state.raised else "never_active")
    if state.phase == "active":
        return moved._replace(phase="recovering", since=answer.period)
    return moved


def _closed(state: State, answer: Answer, end: WarningEnd) -> State:
    return state._replace(
        phase="closed", since=answer.period, was=None, ended=answer.period, end=end
    )


def in_order(answers: Iterable[Answer]) -> list[Answer]:
    """By their periods, oldest first."""
    return sorted(answers, key=lambda one: _end(one.period))


def restored(answers: Iterable[Answer], rule: Hysteresis) -> State | None:
    """The state of a warning that was kept as its course; None for a course without answers."""
    course = in_order(answers)
    if not course:
        return None
    return replay(course, rule) or _retracted(course)


def _retracted(course: Sequence[Answer]) -> State:
    """Nothing in the course is a hit any more: it was one of a figure that has been revised."""
    first, last = course[0].period, course[-1].period
    return State(
        "closed", last, first, hits=0, clears=0, ended=last, end="retracted", answers=tuple(course)
    )  # fmt: skip


def _is_again(state: State, answer: Answer, rule: Hysteresis) -> bool:
    return _months(answer.period) - _months(state.ended) <= rule.again_within


@lru_cache(maxsize=4096)
def _end(period: str) -> tuple[str, str]:
    """Periods in order: by their last day; of two with the same, the longer one first."""
    found = Period.from_id(period)
    return found.end.isoformat(), found.start.isoformat()


def _months(period: str) -> int:
    found = Period.from_id(period)
    return found.year * 12 + found.month
