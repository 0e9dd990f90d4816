"""How a duty stands to its deadline on a day: its light, always with its word; its age; counts."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from datetime import date
from typing import Literal, NamedTuple, TypeVar

from diaodu.engine.dispatch.days import DayCount
from diaodu.engine.dispatch.duty import Duty
from diaodu.engine.dispatch.ladder import ladder_for
from diaodu.engine.rules.models import Ladder
from diaodu.engine.rules.rulebook import Rulebook

DutyLight = Literal["good", "watch", "behind", "none"]
Fate = Literal["draft", "in_time", "done_late", "at_work", "overdue", "long_term", "withdrawn"]
FATE_NAMES: dict[Fate, str] = {
    "draft": "拟稿", "in_time": "按期办结", "done_late": "逾期办结", "at_work": "在办未到期",
    "overdue": "逾期未办结", "long_term": "长期整改", "withdrawn": "已撤销",
}  # fmt: skip
Term = Literal["overdue", "today", "soon", "later", "none"]
# Ages in days, each up to and including.
AGES: tuple[tuple[int | None, str], ...] = (
    (7, "7天以内"), (30, "8—30天"), (90, "31—90天"), (180, "91—180天"), (None, "180天以上"),
)  # fmt: skip


class Due(NamedTuple):
    """The light and its word; `late`: days behind the deadline as counted, negative before it."""

    light: DutyLight
    word: str
    late: int


class Clock:
    """A day with the ladders that say how days are counted; makes each count once."""

    def __init__(self, rulebook: Rulebook, day: date) -> None:
        self.day = day
        self._rulebook = rulebook
        self._ladders: dict[str, tuple[Ladder, DayCount]] = {}

    def of(self, duty: Duty) -> tuple[Ladder, DayCount]:
        found = self._ladders.get(duty.source)
        if found is None:
            ladder = ladder_for(self._rulebook, duty.source, self.day)
            found = self._ladders[duty.source] = (ladder, DayCount.of(ladder))
        return found

    def due(self, duty: Duty) -> Due:
        """How it stands today."""
        ladder, count = self.of(duty)
        late = count.late(duty.latest, self.day)
        plain = _SAID.get(duty.state)
        if plain is not None:
            return Due("none", plain, late)
        if duty.state == "closed":
            return _closed(duty, count)
        if duty.state in ("answered", "verified") and not _is_answered_late(duty, count):
            return Due("good", "按期反馈", late)
        return self._open(duty, ladder, count, late)

    def _open(self, duty: Duty, ladder: Ladder, count: DayCount, late: int) -> Due:
        if late > 0:
            return Due("behind", f"逾期{late}{count.unit}", late)
        if duty.state == "extension":
            return Due("watch", "申请延期", late)
        if duty.state == "declined":
            return Due("watch", "单位退回", late)
        unsigned = self._unsigned(duty, ladder, count)
        if unsigned > 0:
            return Due("watch", f"超{unsigned}{count.unit}未签", late)
        if late == 0:
            return Due("watch", "今天到期", late)
        light: DutyLight = "watch" if -late <= ladder.soon else "good"
        return Due(light, f"还剩{-late}{count.unit}", late)

    def _unsigned(self, duty: Duty, ladder: Ladder, count: DayCount) -> int:
        """By how many days it is too late for a signature that was not given."""
        if duty.state != "issued" or duty.issued is None:
            return 0
        return count.between(duty.issued, self.day) - ladder.sign_within

    def fate(self, duty: Duty) -> Fate:
        """Exactly one of the ways a duty can have gone."""
        _, count = self.of(duty)
        if duty.state in ("draft", "long_term", "withdrawn"):
            return _PLAIN_FATES[duty.state]
        if duty.state == "closed":
            return "done_late" if _closed(duty, count).late > 0 else "in_time"
        waits = duty.state in ("answered", "verified")
        if waits and not _is_answered_late(duty, count):
            return "at_work"
        return "overdue" if count.late(duty.latest, self.day) > 0 else "at_work"

    def term(self, duty: Duty) -> Term:
        """Where its deadline lies; none for what is ended, drafted or kept for long."""
        if not duty.is_open or duty.state == "long_term":
            return "none"
        ladder, count = self.of(duty)
        late = count.late(duty.latest, self.day)
        if late >= 0:
            return "overdue" if late else "today"
        return "soon" if -late <= ladder.soon else "later"

    def age(self, duty: Duty) -> int | None:
        """Calendar days since it was issued, up to its end; None for a draft."""
        if duty.issued is None:
            return None
        return ((duty.closed or self.day) - duty.issued).days


def age_band(age: int) -> str:
    return next(name for upto, name in AGES if upto is None or age <= upto)


_SAID = {"draft": "拟稿", "withdrawn": "已撤销", "long_term": "长期整改"}
_PLAIN_FATES: dict[str, Fate] = {
    "draft": "draft", "withdrawn": "withdrawn", "long_term": "long_term",
}  # fmt: skip


def _is_answered_late(duty: Duty, count: DayCount) -> bool:
    """Also where it is not known when it was answered: that is no proof of punctuality."""
    return duty.answered is None or count.late(duty.latest, duty.answered) > 0


def _closed(duty: Duty, count: DayCount) -> Due:
    """Punctual is who answered in time, however long the check took; without an answer (closed by
    a decision) the day of the end counts."""
    done = duty.answered or duty.closed
    late = 0 if done is None else count.late(duty.latest, done)
    if late > 0:
        return Due("watch", f"逾期{late}{count.unit}办结", late)
    return Due("good", "按期办结", late)


# -- counts ----------------------------------------------------------------------------------


class Tally(NamedTuple):
    """How many duties went which way; the parts add up to the total."""

    draft: int = 0
    in_time: int = 0
    done_late: int = 0
    at_work: int = 0
    overdue: int = 0
    long_term: int = 0
    withdrawn: int = 0

    @property
    def total(self) -> int:
        return sum(self)

    @property
    def done(self) -> int:
        return self.in_time + self.done_late

    def plus(self, other: Tally) -> Tally:
        return Tally(*(one + two for one, two in zip(self, other, strict=True)))


Key = TypeVar("Key", bound=Hashable)


def tally(duties: Iterable[Duty], clock: Clock) -> Tally:
    return tallies(duties, clock, lambda _: None).get(None, Tally())


def tallies(duties: Iterable[Duty], clock: Clock, key: Callable[[Duty], Key]) -> dict[Key, Tally]:
    """Tallies of the parts that `key` makes, in the order in which they are met."""
    counts: dict[Key, dict[str, int]] = {}
    for duty in duties:
        part = counts.setdefault(key(duty), dict.fromkeys(Tally._fields, 0))
        part[clock.fate(duty)] += 1
    return {name: Tally(**part) for name, part in counts.items()}
