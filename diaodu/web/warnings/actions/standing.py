"""A row of the table and the two states it stands in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from diaodu.engine.judge.warnings_life import Answer, State, restored
from diaodu.web.warnings.models import SAID, Warning
from diaodu.web.warnings.models import Answer as Kept

# What of a row follows from its rule and its course.
STANDS: Final = (
    "phase", "since", "ended", "end", "said", "public_phase", "public_since", "public_end",
    "public_said", "opened", "name", "kind", "light",
)  # fmt: skip


def as_it_stands(row: Warning) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in STANDS)


def states_of(row: Warning, kept: Iterable[Kept]) -> tuple[State | None, State | None]:
    """With live results, and by published runs alone."""
    public: dict[str, Answer] = {}
    live: dict[str, Answer] = {}
    for one in kept:
        answer = Answer(one.period, one.says, one.said)  # type: ignore[arg-type]
        (live if one.basis == Kept.Basis.LIVE else public)[one.period] = answer
    return restored((public | live).values(), row), restored(public.values(), row)


def settle(row: Warning, live: State | None, public: State | None) -> None:
    """Write the states into the row. What no run says any more was taken back; a false alarm is
    over whatever the figures say."""
    if live is None:
        row.phase, row.end, row.ended = "closed", "retracted", row.since
    else:
        row.phase, row.since, row.opened = live.phase, live.since, live.opened
        row.ended, row.end, row.said = live.ended, live.end or "", live.last.said[:SAID]
    if public is None:
        row.public_phase = row.public_since = row.public_end = row.public_said = ""
    else:
        row.public_phase, row.public_since = public.phase, public.since
        row.public_end, row.public_said = public.end or "", public.last.said[:SAID]
    if row.false_at is not None:
        row.phase, row.end = "closed", "false_alarm"
        if row.public_phase:
            row.public_phase, row.public_end = "closed", "false_alarm"
