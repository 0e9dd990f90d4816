"""The year's targets of a county planned anew by last year's shape, all tiers at once; and a county
after one edited target.

The first is held against the same largest remainder worked out in fractions, target by target; the
second against the whole month computed again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import narwhals as nw

from bench import desk_county
from bench.__main__ import hand_on
from bench.measuring import NotEqualError, Row, peak_memory, row, seconds_of
from diaodu.adapters import frames
from diaodu.adapters.frames import observation_frame
from diaodu.adapters.memory import all_kept
from diaodu.adapters.rulebook_in import read_rulebook_files
from diaodu.engine import flow
from diaodu.engine.compute.replanning import Planned, replan
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Observation, Target
from diaodu.engine.ground.words import TIER_NAMES
from diaodu.engine.rules.rulebook import Rulebook

INDICATORS, ORGS = 300, 60
YEAR, TIMES, HISTORY = 2023, 5, 17
MONTH = Period.of_month(YEAR, 5)
DAY = date(YEAR, 6, 9)
EDITED = desk_county.HEADLINES[0]


def main() -> None:
    hand_on([_replanned(), _edited()])


# -- planned anew ------------------------------------------------------------------------------


def _replanned() -> Row:
    targets = [
        Planned(f"i{indicator}", f"o{org}", tier, 10_000 + 37 * indicator + 11 * org + 101 * place)
        for indicator in range(INDICATORS)
        for org in range(ORGS)
        for place, tier in enumerate(TIER_NAMES)
    ]
    amounts = {
        (f"i{indicator}", f"o{org}"): [
            100 + (indicator * 7 + org * 13 + month * 29) % 97 for month in range(12)
        ]
        for indicator in range(INDICATORS)
        for org in range(ORGS)
    }
    with all_kept():
        seconds, (ours, without) = seconds_of(lambda: replan(targets, amounts), times=TIMES)
        baseline, theirs = seconds_of(lambda: _by_fractions(targets, amounts))
    if without or ours != theirs:
        raise NotEqualError("两种算法分出的月份不同")
    name = f"{INDICATORS}项指标×{ORGS}个单位×12个月×{len(TIER_NAMES)}层目标按上年进度重排"
    return row(f"{name}（对照：逐个按分数分）", seconds, baseline, peak_memory())


def _by_fractions(
    targets: list[Planned], amounts: dict[tuple[str, str], list[int]]
) -> dict[tuple[str, str, str], list[int]]:
    """Shares as fractions, cut down, the rest to those that lost most."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for one in targets:
        weights = amounts[one.indicator, one.org]
        total = sum(weights)
        shares = [Fraction(one.units * weight, total) for weight in weights]
        parts = [int(share) for share in shares]
        lost = [share - part for share, part in zip(shares, parts, strict=True)]
        order = sorted(range(len(lost)), key=lambda at: (-lost[at], at))
        for at in order[: one.units - sum(parts)]:
            parts[at] += 1
        found[one.indicator, one.org, one.tier] = parts
    return found


# -- one edited target -------------------------------------------------------------------------


def _edited() -> Row:
    rulebook = read_rulebook_files(desk_county.rule_files())
    figures = observation_frame(_figures())
    before = [
        _target(name, org, tier, 100)
        for name, known in rulebook.indicators.items()
        if known.has_level and known.basis in ("ytd", "count")
        for org in desk_county.ORGS
        for tier in ("assigned", "own", "stretch")
    ]
    after = [
        _target(EDITED, desk_county.HOME, "own", 120)
        if (one.indicator, one.org, one.tier) == (EDITED, desk_county.HOME, "own")
        else one
        for one in before
    ]
    whole = flow.OnFile(figures, after)
    near = flow.read_for(rulebook, [EDITED])
    chosen = figures.filter(nw.col("indicator").is_in(sorted(near)))
    old, new = (
        flow.OnFile(chosen, [one for one in aims if one.indicator in near])
        for aims in (before, after)
    )
    with all_kept():
        stood = _run(old, rulebook, [EDITED], of_targets=False)
        seconds, ours = seconds_of(
            lambda: _run(new, rulebook, [EDITED], of_targets=True), times=TIMES
        )
        baseline, theirs = seconds_of(lambda: _run(whole, rulebook, None, of_targets=False))
    _check(ours, stood, theirs)
    name = f"全县{len(rulebook.indicators)}项指标、{len(before)}个目标，改一个后重算"
    return row(f"{name}（对照：整月重算）", seconds, baseline, peak_memory())


def _figures() -> Iterator[Observation]:
    for year, months in ((YEAR - 1, range(12)), (YEAR, range(MONTH.month))):
        for month in months:
            for one in desk_county.figures(year, month):
                yield _observation(one)


def _observation(one: Any) -> Observation:
    received = date(one.period.year + one.period.month // 12, one.period.month % 12 + 1, 8)
    value, unit = Decimal(one.tenths).scaleb(-1), "%" if one.facet == "growth" else "万元"
    identity = Observation.make_id(
        one.indicator, one.org, one.period.id, one.facet, None, "flash", received
    )
    return Observation(
        identity, one.indicator, one.org, one.period.id, one.facet, None, None, "flash", received,
        value, 1, None, unit, unit, f"{value}", "made", "", "", "A1", False,
    )  # fmt: skip


def _target(indicator: str, org: str, tier: str, value: int) -> Target:
    day = date(YEAR, 1, 9)
    return Target(
        Target.make_id(indicator, org, YEAR, tier, "level", day), indicator, org, YEAR, tier,
        "level", "reach", Decimal(value), None, "万元", None, "", "", day, "made", "", "", "A1",
    )  # fmt: skip


def _run(
    on_file: flow.OnFile, rulebook: Rulebook, changed: list[str] | None, *, of_targets: bool
) -> flow.Results:
    """As the desk brings a live month up to what was recorded."""
    (found,) = flow.run_months(
        on_file, rulebook, [MONTH], DAY, frames, all_periods=False, history=HISTORY,
        changed=changed, of_targets=of_targets,
    )  # fmt: skip
    return found


def _check(ours: flow.Results, stood: flow.Results, whole: flow.Results) -> None:
    """With what a target leaves standing, as the desk puts it together."""
    is_its = nw.col("indicator") == EDITED
    left = stood.measures.filter(nw.col("measure").is_in(sorted(ours.standing)))
    mine, theirs = (
        one.filter(is_its).sort("key").to_native()
        for one in (nw.concat([ours.measures, left]), whole.measures)
    )
    past, pasts = (one.history.filter(is_its).sort("key") for one in (stood, whole))
    lights, others = (
        [one for one in found.verdicts if one.indicator == EDITED] for found in (ours, whole)
    )
    gates, gated = (
        [one for one in found.gates if one.indicator == EDITED] for found in (ours, whole)
    )
    same = mine.equals(theirs) and past.to_native().equals(pasts.to_native()) and len(left) > 0
    if not same or lights != others or gates != gated or not lights:
        raise NotEqualError("改一个目标后重算与整月重算的结果不同")


if __name__ == "__main__":
    main()
