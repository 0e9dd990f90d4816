"""Verify: the figures of a month against themselves, each other, their history and the calendar.

It passes or holds, it never edits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date

from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Finding, Target
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.engine.verify import (
    absent,
    cumulative,
    heaped,
    history,
    matched,
    parts,
    published,
    ranges,
    ranks,
    slips,
)
from diaodu.engine.verify.figures import Figures, Frame, build

# Up to here every period on file is checked; beyond, the newest and what it is compared with.
EVERY_PERIOD_UP_TO = 1_000_000

# What is said here, as against what was found while figures were read and settled.
CODES = frozenset(
    {
        "out_of_range", "unit_slip", "cumulative_fell", "month_vs_ytd", "parts_vs_parent",
        "published_vs_computed", "implied_base", "jump", "contradiction", "heaped", "late",
        "missing",
    }
)  # fmt: skip

_Check = Callable[[Figures], Iterator[Finding]]

# What these hold out is no evidence for the others: a slip would drag its whole year along.
_ALONE: tuple[_Check, ...] = (ranges.out_of_range, slips.unit_slips)
_TOGETHER: tuple[_Check, ...] = (
    cumulative.cumulative_fell,
    cumulative.month_vs_ytd,
    parts.parts_vs_parent,
    parts.part_above_whole,
    published.growth_against_levels,
    published.shares,
    published.gaps,
    published.changes,
    ranks.ranks,
)

# Without a figure of these facets such a check has nothing to say.
_READS: dict[_Check, frozenset[str]] = {
    published.growth_against_levels: frozenset({"growth"}),
    published.shares: frozenset({"share"}),
    published.gaps: frozenset({"gap"}),
    published.changes: frozenset({"change_pp"}),
    ranks.ranks: frozenset({"rank_level", "rank_growth"}),
}


def check_months(
    observations: Frame, rulebook: Rulebook, months: Iterable[Period], as_of: date, *,
    targets: Iterable[Target] = (), all_periods: bool,
) -> dict[Period, list[Finding]]:  # fmt: skip
    """`check` of several months. Where every period is checked, they differ by their absences."""
    wanted, aims = list(months), list(targets)
    if not all_periods or not wanted:
        return {
            month: check(
                observations, rulebook, month, as_of, targets=aims, all_periods=all_periods
            )
            for month in wanted
        }  # fmt: skip
    figures = build(observations, rulebook, wanted[0], as_of, all_periods=True)
    found, figures = _of_any_month(figures, aims)
    changes = history.Changes(figures)
    return {
        month: _in_order(
            [
                *found,
                *_of_the_month(changes, month),
                *heaped.heaps(figures, aims, month),
                *absent.absences(replace(figures, period=month)),
            ]
        )
        for month in wanted
    }


def check(
    observations: Frame, rulebook: Rulebook, period: Period, as_of: date, *,
    targets: Iterable[Target] = (), all_periods: bool | None = None, absences: bool = True,
) -> list[Finding]:  # fmt: skip
    """All findings about figures received by `as_of`, in a fixed order.

    observations: eager frame, one row per Observation and its fields as columns, `value` as Int128
    scaled by 10^12. Held rows are no evidence for or against others, but count as received.
    all_periods: check every period, or only the newest filed up to `period` and its bases; left
    open, every period while there are at most EVERY_PERIOD_UP_TO rows. What is unlike the past,
    late and missing is told for the newest filed period only. Without `absences` (a form that is
    being filled) nothing is said of who owes what, nor what is for some office alone (AUDIENCES).
    """
    if all_periods is None:
        all_periods = len(observations) <= EVERY_PERIOD_UP_TO
    figures = build(observations, rulebook, period, as_of, all_periods=all_periods)
    aims = list(targets)
    found, figures = _of_any_month(figures, aims)
    found += _of_the_month(history.Changes(figures), period)
    if absences:
        found += [*heaped.heaps(figures, aims, period), *absent.absences(figures)]
    return _in_order(found)


def _of_any_month(figures: Figures, targets: Iterable[Target]) -> tuple[list[Finding], Figures]:
    """What does not depend on the month asked for, and the figures without those held alone."""
    found = [one for run in _ALONE for one in run(figures)]
    figures = figures.without(held_ids(found))
    facets = frozenset(figures.frame.get_column("facet").unique().to_list())
    found += [
        one
        for run in _TOGETHER
        if not facets.isdisjoint(_READS.get(run, facets))
        for one in run(figures)
    ]
    return [*found, *published.completions(figures, targets)], figures


def _of_the_month(changes: history.Changes, month: Period) -> list[Finding]:
    """What is told of the newest filed periods alone: the past was new once."""
    return [*history.jumps(changes, month), *matched.contradictions(changes.figures, month)]


def _in_order(found: Iterable[Finding]) -> list[Finding]:
    return sorted({one.id: one for one in found}.values(), key=_order)


def held_ids(findings: Iterable[Finding]) -> set[str]:
    """The obs_ids that hard findings hold out of the run."""
    return {obs for one in findings if one.severity == "hard" for obs in one.obs_ids}


def _order(one: Finding) -> tuple[str, ...]:
    return (one.code, one.indicator, one.org, one.period, one.file, one.sheet, one.cell, one.id)
