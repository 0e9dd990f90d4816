"""What a light is decided on: the measures of one indicator, org and period, one target, and what
follows from the two.

Beside the measures of docs/measures.md a condition may name these facts:
has_target, has_value, is_due, held, late, met, has_pace, year_end, falling — 是 or 否 (met also
undecidable); kind, tier, comparator, direction, basis — the word or its Chinese name; growth — the
published growth, else the computed one; short_growth (points), short_pace (points), short_pct
(percent of the target) — how far on the wrong side of the target, negative where beyond it.
Numbers are taken as printed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cached_property

from diaodu.engine.compute.against import Against, Met, figure_names, printed
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import EXACT, cut
from diaodu.engine.ground.records import Measure, Target
from diaodu.engine.ground.words import (
    COMPARATOR_NAMES,
    KIND_NAMES,
    MEASURE_WORD_NAMES,
    TIER_NAMES,
)
from diaodu.engine.rules.models import Indicator

DIRECTION_NAMES = {"high": "越高越好", "low": "越低越好"}


def yes(fact: bool) -> str:
    return "是" if fact else "否"


@dataclass(frozen=True)
class Facts:
    """All that is known where one target of one row is judged.

    measures: by name, those of the row and of the target in hand. due: whether the due day has
    passed (or, without calendar, the period is over). owed: whether the calendar says a day.
    """

    indicator: Indicator
    org: str
    period: Period
    target: Target | None
    measures: Mapping[str, Measure]
    due: bool
    owed: bool
    held: bool

    # -- figures -----------------------------------------------------------------------------
    def number(self, name: str) -> Decimal | None:
        """A measure as printed."""
        return printed(self.measures.get(name))

    @cached_property
    def growth(self) -> Measure | None:
        """The published growth where there is one, else the computed."""
        for name in ("growth_published", "growth"):
            found = self.measures.get(name)
            if found is not None and found.value is not None:
                return found
        return None

    @cached_property
    def figure(self) -> Measure | None:
        """What is held against the target: the growth for a growth target, else the value."""
        kind = self.target.kind if self.target is not None else "level"
        if "growth" in figure_names(self.indicator, kind):
            return self.growth
        value = self.measures.get("value")
        if value is not None and value.value is not None:
            return value
        return self.growth if self.target is None else None

    @property
    def has_value(self) -> bool:
        return self.figure is not None

    @property
    def has_target(self) -> bool:
        return self.target is not None and self.target.value is not None

    @property
    def is_due(self) -> bool:
        return self.has_value or self.held or self.due

    # -- against the target ------------------------------------------------------------------
    @cached_property
    def against(self) -> Against | None:
        """The target with what is held against it; None where there is no target."""
        if self.target is None:
            return None
        gap = self.measures.get("pace_gap")
        return Against(self.indicator, self.target, self.figure, gap, self.year_end)

    @property
    def upper(self) -> bool:
        return self.against is not None and self.against.upper

    @property
    def line(self) -> Decimal | None:
        return None if self.against is None else self.against.line

    @property
    def short(self) -> Decimal | None:
        return None if self.against is None else self.against.short

    @property
    def met(self) -> Met:
        return "否" if self.against is None else self.against.met

    @property
    def is_growth_target(self) -> bool:
        return self.target is not None and self.target.kind == "growth"

    @property
    def has_pace(self) -> bool:
        return self.against is not None and self.against.has_pace

    @property
    def lacks_pace(self) -> bool:
        """Whether there is a figure and a target that runs by a pace, and no word of the pace."""
        known = self.has_target and self.has_value and self.has_pace
        return known and self.short_pace is None

    @property
    def year_end(self) -> bool:
        return self.period.month == 12

    @property
    def short_pace(self) -> Decimal | None:
        return None if self.against is None else self.against.short_pace

    @cached_property
    def short_pct(self) -> Decimal | None:
        if self.short is None or self.line is None or self.line == 0:
            return None
        with localcontext(EXACT):
            return cut(self.short / abs(self.line) * 100)

    @property
    def falling(self) -> bool:
        """Growth below zero where more is better."""
        rate = printed(self.growth)
        return self.indicator.direction == "high" and rate is not None and rate < 0

    # -- for conditions ----------------------------------------------------------------------
    def answer(self, name: str) -> Decimal | str | None:
        """A fact or measure by name: a number, a word, or None where there is none."""
        if name in _ANSWERS:
            return _ANSWERS[name](self)
        found = self.measures.get(name)
        if found is None:
            return None
        return printed(found) if found.word is None else found.word


_Answer = Callable[[Facts], Decimal | str | None]


def names_of(word: str) -> set[str]:
    """A word and its Chinese name: a rule may use either."""
    tables = (COMPARATOR_NAMES, KIND_NAMES, TIER_NAMES, MEASURE_WORD_NAMES, DIRECTION_NAMES)
    return {word, *[table[word] for table in tables if word in table]}


def _target_word(name: str) -> _Answer:
    def answer(facts: Facts) -> str | None:
        return None if facts.target is None else str(getattr(facts.target, name))

    return answer


def _growth_answer(facts: Facts) -> Decimal | str | None:
    if facts.growth is not None:
        return printed(facts.growth)
    computed = facts.measures.get("growth")
    return None if computed is None else computed.word


_ANSWERS: dict[str, _Answer] = {
    "has_target": lambda facts: yes(facts.has_target),
    "has_value": lambda facts: yes(facts.has_value),
    "is_due": lambda facts: yes(facts.is_due),
    "held": lambda facts: yes(facts.held),
    "late": lambda facts: yes(facts.owed and facts.due and not facts.has_value),
    "met": lambda facts: facts.met,
    "has_pace": lambda facts: yes(facts.has_pace),
    "year_end": lambda facts: yes(facts.year_end),
    "falling": lambda facts: yes(facts.falling),
    "kind": _target_word("kind"),
    "tier": _target_word("tier"),
    "comparator": _target_word("comparator"),
    "direction": lambda facts: facts.indicator.direction,
    "basis": lambda facts: facts.indicator.basis,
    "growth": _growth_answer,
    "short_growth": lambda facts: facts.short if facts.is_growth_target else None,
    "short_pace": lambda facts: facts.short_pace,
    "short_pct": lambda facts: facts.short_pct,
}  # fmt: skip
FACTS = frozenset(_ANSWERS)
