"""Lights of targets of the further kinds: places, means, other indicators, 净增, yes or no. Light
tables speak of amounts, growths and ceilings; of these a target is reached, or it is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cached_property

from diaodu.engine.compute.book import is_usual
from diaodu.engine.compute.pace import Paces
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import SCALE
from diaodu.engine.ground.records import Measure, Target, Verdict
from diaodu.engine.ground.words import KIND_NAMES, LIGHT_NAMES, MEASURE_NAMES, Light
from diaodu.engine.judge.gates import Points, paces_of
from diaodu.engine.judge.outcomes import Asked, Outcome, outcome
from diaodu.engine.judge.say import measure
from diaodu.engine.judge.wanted import wanted
from diaodu.engine.rules.rulebook import Rulebook

_ROW = tuple[str, str, str]  # indicator, org, period id
# The measures that these targets are held against.
_READ: Mapping[str, tuple[str, ...]] = {
    "increment": ("change",), "rank": ("rank_level", "rank_growth"),
    "not_bottom": ("rank_level_reverse", "rank_growth_reverse"),
    "mean": ("gap_parent", "gap_peers_mean"), "sign": (), "relative": (), "yes_no": (),
}  # fmt: skip


def read_for(targets: Iterable[Target]) -> set[str]:
    """The names of the measures that these targets need beside those that lights always read."""
    return {name for kind in {one.kind for one in targets} for name in _READ.get(kind, ())}


class Rows:
    """Measures of many rows, looked up as in a `MeasureBook`. Of several periods of an indicator
    the newest is the month's."""

    def __init__(self, rows: Mapping[_ROW, Sequence[Measure]]) -> None:
        self._rows = rows

    @cached_property
    def _newest(self) -> dict[tuple[str, str], str]:
        found: dict[tuple[str, str], str] = {}
        for indicator, org, period in self._rows:
            known = found.get((indicator, org))
            if known is None or Period.from_id(known).end < Period.from_id(period).end:
                found[indicator, org] = period
        return found

    def get(
        self, indicator: str, org: str, measure: str, target_id: str = "",
        base: str | None = None, peer_group: str | None = None,
    ) -> Measure | None:  # fmt: skip
        period = self._newest.get((indicator, org), "")
        for one in self._rows.get((indicator, org, period), ()):
            if (
                one.measure == measure
                and one.target_id == target_id
                and (base == one.base or (base is None and is_usual(one.measure, period, one.base)))
                and peer_group in (None, one.peer_group)
            ):
                return one
        return None


class FurtherLights:
    """Judges targets of the further kinds; `targets`: every vintage."""

    def __init__(
        self, rows: Mapping[_ROW, Sequence[Measure]], targets: Iterable[Target],
        rulebook: Rulebook, as_of: date,
    ) -> None:  # fmt: skip
        self._rows = Rows(rows)
        self._targets = targets
        self._rulebook = rulebook
        self._as_of = as_of

    @cached_property
    def _paces(self) -> Paces:
        return paces_of(self._targets, self._rulebook, Points({}, {}), self._as_of)

    def judge(self, target: Target, period: Period, *, is_due: bool) -> Verdict:
        indicator = self._rulebook.indicators[target.indicator]
        asked = Asked(
            target, indicator, period, self._rulebook, self._rows, self._due(target, period)
        )
        told = outcome(asked)
        light = _light(told, is_due=is_due)
        rule = f"{KIND_NAMES[target.kind]}目标：{told.word}"
        return Verdict(
            target.indicator, target.org, period.id, target.target_id, rule, light,
            told.word if told.result == "undecidable" else LIGHT_NAMES[light],
            self._reasons(told, asked),
        )  # fmt: skip

    def _due(self, target: Target, period: Period) -> Fraction | None:
        if target.kind != "increment":
            return None
        wanted = None if target.value is None else int(target.value.scaleb(SCALE))
        now = self._paces.of(target.indicator, target.org, target.tier, period, wanted, target.kind)
        return None if now is None else Fraction(now.gone, now.span)

    def _reasons(self, told: Outcome, asked: Asked) -> tuple[str, ...]:
        goal = f"目标{wanted(told.target, asked.indicator, self._rulebook)}"
        keys = set(told.inputs)
        found: list[str] = []
        for indicator, org, _, name, _, base, group in (key.split("|") for key in told.inputs):
            one = self._rows.get(indicator, org, name, base=base, peer_group=group)
            if one is not None and one.key in keys:
                found.append(f"{MEASURE_NAMES[name]}{measure(one)}")
        return ("，".join([*found, goal, told.word]),)


def _light(told: Outcome, *, is_due: bool) -> Light:
    if told.result == "no_target":
        return "no_target"
    if told.result == "no_figure" and not is_due:
        return "not_due"
    if told.result in ("no_figure", "undecidable", "not_comparable", "by_hand"):
        return "unknown"
    return "good" if told.is_met else "behind"
