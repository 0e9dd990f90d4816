"""What the rules on warnings look at: one indicator of one org in one run, as printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from diaodu.engine.ground.period import Period
from diaodu.engine.ground.printed import number_of
from diaodu.engine.ground.words import TIER_NAMES
from diaodu.engine.rules.calendar import day_after, owed_entries
from diaodu.engine.rules.models import Indicator, Org
from diaodu.engine.rules.rulebook import Rulebook

Presence = Literal["told", "not_due", "late", "missing", "held"]

# The measures that rules ask for; nothing else of a run is read for warnings.
STREAKS = {
    "growth": "streak", "month": "streak_month", "sign": "streak_sign", "target": "streak_target",
}  # fmt: skip
READ: frozenset[str] = frozenset(
    {
        "value", "growth_published", "growth", "growth_change_pp", "arrears_pace_pp",
        "arrears_growth", "rank_level", "rank_growth", "rank_level_n", "rank_growth_n",
        "rank_level_reverse", "rank_growth_reverse", "support_coverage",
    }
    | set(STREAKS.values())
)  # fmt: skip


class Told(NamedTuple):
    """A measure of the row; `shown` as printed with an ASCII minus, or a word in its place.
    `tier`: of the target that it is about."""

    measure: str
    target_id: str
    peer_group: str
    shown: str
    unit: str
    word: str | None
    tier: str = ""

    @property
    def whose(self) -> str:
        """上级下达目标: to be told before what is said of a target."""
        return f"{TIER_NAMES[self.tier]}目标" if self.tier in TIER_NAMES else ""

    @property
    def number(self) -> Decimal | None:
        return None if self.word is not None else number_of(self)


class Past(NamedTuple):
    """What was judged and published of an earlier period of the same year."""

    light: str
    growth: Decimal | None


@dataclass(frozen=True)
class Reading:
    """told: by measure. judged: the targets that the row's light was decided on. before: earlier
    months of the year. due: the last day to report, None where nobody says one. contradictions:
    what the checks said of indicators that should move together."""

    indicator: Indicator
    org: Org
    period: Period
    presence: Presence
    light: str = ""
    told: Mapping[str, tuple[Told, ...]] = field(default_factory=dict)
    judged: frozenset[str] = frozenset()
    before: Mapping[int, Past] = field(default_factory=dict)
    contradictions: tuple[str, ...] = ()
    due: date | None = None

    def of_targets(self, measure: str) -> list[Told]:
        """The measure for each target that was judged."""
        return [one for one in self.told.get(measure, ()) if one.target_id in self.judged]

    def one(self, measure: str, group: str | None = None) -> Told | None:
        """The row's own; of ranks the one in a group."""
        for one in self.told.get(measure, ()):
            if not one.target_id and group in (None, one.peer_group):
                return one
        return None

    @property
    def growth(self) -> Told | None:
        """The published growth where it has a number, else the computed."""
        published = self.one("growth_published")
        if published is not None and published.number is not None:
            return published
        return self.one("growth") or published


def by_measure(told: Iterable[Told]) -> dict[str, tuple[Told, ...]]:
    found: dict[str, tuple[Told, ...]] = {}
    for one in told:  # of most measures there is one
        known = found.get(one.measure)
        found[one.measure] = (one,) if known is None else (*known, one)
    return found


def last_day(rulebook: Rulebook, indicator: str, org: str, period: Period) -> date | None:
    """The last day on which this org may report this figure; None where the calendar does not
    ask it of this org by name."""
    days = [day_after(one.due, period) for one in owed_entries(rulebook, indicator, org, period)]
    return max(days, default=None)


def presence(*, has_figure: bool, held: bool, word: str, due: date | None, day: date) -> Presence:
    """Told, held, not due yet, late, or reported as not there: five different things. A figure
    that nobody owes is late on no day. word: 无数据 … where it was reported as absent."""
    if has_figure:
        return "told"
    if held:
        return "held"
    if word == "missing":
        return "missing"
    if due is not None and day > due:
        return "late"
    return "not_due" if due is not None else "missing"
