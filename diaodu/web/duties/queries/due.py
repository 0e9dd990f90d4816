"""How duties stand to their deadline, as conditions on rows: the same verdicts that the engine's
clock gives one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.db.models import Case, CharField, Q, Value, When

from diaodu.engine.dispatch.days import DayCount
from diaodu.engine.dispatch.due import Clock, Fate
from diaodu.engine.dispatch.duty import OPEN
from diaodu.engine.dispatch.ladder import ladder_for
from diaodu.engine.ground.words import DUTY_SOURCE_NAMES
from diaodu.engine.rules.models import Ladder
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.web.rulebooks import queries as rulebooks

_WIDEST = 60  # days: no holidays are longer
_DAY = timedelta(days=1)
_HANDED_IN = ("answered", "verified")
TERMS = {"overdue": "已逾期", "today": "今天到期", "soon": "即将到期", "later": "尚早"}
LIGHTS = {"behind": "落后", "watch": "关注", "good": "良好", "none": "不亮灯"}
FATES: tuple[Fate, ...] = (
    "draft", "in_time", "done_late", "at_work", "overdue", "long_term", "withdrawn",
)  # fmt: skip
RUNNING = Q(state__in=sorted(OPEN - {"long_term"}))
WORK = ~Q(state__in=("draft", "withdrawn"))  # what boards count
IN_TIME = Q(state__in=_HANDED_IN, in_time=True)


@dataclass(frozen=True)
class Limits:
    """Of one ladder. Deadlines before `today` are overdue, before `tomorrow` due today, before
    `later` due soon; issued before `unsigned` and not signed for is too long."""

    sources: tuple[str, ...] | None  # None: all
    today: date
    tomorrow: date
    later: date
    unsigned: date


@dataclass(frozen=True)
class Standing:
    """What holds on a day under the rules in force then."""

    clock: Clock
    limits: tuple[Limits, ...]

    def overdue(self) -> Q:
        return self._any(lambda one: Q(latest__lt=one.today))

    def today(self) -> Q:
        return self._any(lambda one: Q(latest__gte=one.today, latest__lt=one.tomorrow))

    def soon(self) -> Q:
        return self._any(lambda one: Q(latest__gte=one.tomorrow, latest__lt=one.later))

    def later(self) -> Q:
        return self._any(lambda one: Q(latest__gte=one.later))

    def unsigned(self) -> Q:
        return Q(state="issued") & self._any(lambda one: Q(issued__lt=one.unsigned))

    def term(self, name: str) -> Q:
        terms = {
            "overdue": self.overdue, "today": self.today, "soon": self.soon, "later": self.later,
        }  # fmt: skip
        return RUNNING & terms[name]()

    def light(self, name: str) -> Q:
        """good, watch, behind or none, as `Clock.due` gives them."""
        late = self.overdue()
        if name == "none":
            return Q(state__in=("draft", "withdrawn", "long_term"))
        if name == "behind":
            return RUNNING & ~IN_TIME & late
        asked = Q(state__in=("extension", "declined")) | self.unsigned()
        nearly = asked | self.today() | self.soon()
        if name == "watch":
            return (RUNNING & ~IN_TIME & ~late & nearly) | Q(state="closed", in_time=False)
        calm = RUNNING & ~IN_TIME & ~late & ~nearly
        return (RUNNING & IN_TIME) | calm | Q(state="closed", in_time=True)

    def fate(self, name: str) -> Q:
        """One of the engine's fates; together they are all duties."""
        late = RUNNING & ~IN_TIME & self.overdue()
        fates = {
            "draft": Q(state="draft"), "withdrawn": Q(state="withdrawn"),
            "long_term": Q(state="long_term"), "in_time": Q(state="closed", in_time=True),
            "done_late": Q(state="closed", in_time=False), "overdue": late,
            "at_work": RUNNING & (IN_TIME | ~self.overdue()),
        }  # fmt: skip
        return fates[name]

    # The same as a column, for counting all at once.

    def terms(self) -> Case:
        """Empty for what has no deadline to keep."""
        return _named((one, self.term(one)) for one in TERMS)

    def lights(self) -> Case:
        return _named((one, self.light(one)) for one in LIGHTS)

    def fates(self) -> Case:
        return _named((one, self.fate(one)) for one in FATES)

    def _any(self, of: Callable[[Limits], Q]) -> Q:
        return reduce(or_, (self._of(one, of(one)) for one in self.limits))

    @staticmethod
    def _of(one: Limits, found: Q) -> Q:
        return found if one.sources is None else Q(source__in=one.sources) & found


def _named(tests: Iterable[tuple[str, Q]]) -> Case:
    whens = [When(test, then=Value(name)) for name, test in tests]
    return Case(*whens, default=Value(""), output_field=CharField())


def standing(day: date) -> Standing:
    book = rulebooks.current() if rulebooks.has_rulebook() else Rulebook("", {}, {})
    by_ladder: dict[str, tuple[Ladder, list[str]]] = {}
    for source in DUTY_SOURCE_NAMES:
        ladder = ladder_for(book, source, day)
        by_ladder.setdefault(ladder.id, (ladder, []))[1].append(source)
    alone = len(by_ladder) == 1
    limits = tuple(
        _limits(ladder, None if alone else tuple(sources), day)
        for ladder, sources in by_ladder.values()
    )
    return Standing(Clock(book, day), limits)


def _limits(ladder: Ladder, sources: tuple[str, ...] | None, day: date) -> Limits:
    count = DayCount.of(ladder)
    early = day - (_WIDEST + 2 * ladder.sign_within) * _DAY
    return Limits(
        sources,
        today=_first(early, lambda one: count.late(one, day) <= 0),
        tomorrow=_first(early, lambda one: count.late(one, day) < 0),
        later=_first(early, lambda one: -count.late(one, day) > ladder.soon),
        unsigned=_first(early, lambda one: count.between(one, day) <= ladder.sign_within),
    )


def _first(early: date, holds: Callable[[date], bool]) -> date:
    """The first day on which it holds: from some day on it does, ever after."""
    return next(one for one in _days(early) if holds(one))


def _days(one: date) -> Iterator[date]:
    while True:
        yield one
        one += _DAY
