"""Lights of targets of the further kinds: places, means, other indicators, 净增, yes or no. Light
tables speak of amounts, growths and ceilings; of these a target is reached, or it is not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from diaodu.engine.compute.outcome_rows import Rows, told_of
from diaodu.engine.compute.outcomes import Outcome
from diaodu.engine.compute.pace import Paces
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Measure, Target, Verdict
from diaodu.engine.ground.words import KIND_NAMES, LIGHT_NAMES, Light

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


class FurtherLights:
    """Judges targets of the further kinds."""

    def __init__(self, rows: Mapping[_ROW, Sequence[Measure]], paces: Paces) -> None:
        self._rows = Rows({place: _by_name(own) for place, own in rows.items()})
        self._paces = paces

    def judge(self, target: Target, period: Period, *, is_due: bool) -> Verdict:
        told = told_of(target, period, self._rows, self._paces)
        found = told.outcome
        light = _light(found, is_due=is_due)
        rule = f"{KIND_NAMES[target.kind]}目标：{found.word}"
        return Verdict(
            target.indicator, target.org, period.id, target.target_id, rule, light,
            found.word if found.result == "undecidable" else LIGHT_NAMES[light],
            ("，".join([*told.said(), found.word]),),
        )  # fmt: skip


def _by_name(rows: Iterable[Measure]) -> dict[str, list[Measure]]:
    found: dict[str, list[Measure]] = {}
    for one in rows:
        found.setdefault(one.measure, []).append(one)
    return found


def _light(told: Outcome, *, is_due: bool) -> Light:
    if told.result == "no_target":
        return "no_target"
    if told.result == "no_figure" and not is_due:
        return "not_due"
    if told.result in ("no_figure", "undecidable", "not_comparable", "by_hand"):
        return "unknown"
    return "good" if told.is_met else "behind"
