"""The rows of a run as the engine's rules on warnings read them."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from diaodu.engine.compute import support
from diaodu.engine.compute.book import is_usual
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.printed import number_of
from diaodu.engine.ground.records import Measure
from diaodu.engine.ground.words import OBS_WORD_NAMES
from diaodu.engine.judge.warnings import Judged, Watch
from diaodu.engine.judge.warnings_life import Answer
from diaodu.engine.judge.warnings_reading import (
    READ,
    Past,
    Reading,
    Told,
    by_measure,
    last_day,
    presence,
)
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.web.runs import queries as runs
from diaodu.web.runs.queries import BareRow, Run
from diaodu.web.targets import queries as targets

Thing = tuple[str, str]  # indicator, org
_MISSING = OBS_WORD_NAMES["missing"]
_SHORTFALL = "shortfall_year"
_ASKED = READ | {_SHORTFALL}


class Spoken(NamedTuple):
    """What one rule says by one run, and when that is public."""

    judged: Judged
    answer: Answer


@dataclass
class Around:
    """What stands beside a run: the lights at the gates of its year, what its checks found, and
    with what each of its targets is to be reached."""

    lights: Mapping[int, Mapping[Thing, str]] = field(default_factory=dict)
    found: Mapping[Thing, list[tuple[str, datetime | None]]] = field(default_factory=dict)
    support: Mapping[targets.Supported, list[support.Line]] = field(default_factory=dict)


def spoken(
    run: Run, rulebook: Rulebook, orgs: frozenset[str], around: Around, day: date,
    known: Container[tuple[str, str, str]],
) -> Iterator[Spoken]:  # fmt: skip
    """What the rules say of a run's figures of these orgs: every hit, and what is said where there
    is a warning (rule, indicator, org) already, or was one."""
    months: dict[str, Period] = {}
    watches: dict[date, Watch] = {}
    for row in runs.bare_rows(run, _ASKED, history=bool(around.lights)):
        if row.org not in orgs or row.indicator not in rulebook.indicators:
            continue
        period = months.setdefault(row.period, Period.from_id(row.period))
        if (watch := watches.get(period.end)) is None:
            watch = watches[period.end] = Watch.on(rulebook, period.end)
        reading = _reading(row, period, rulebook, around, day)
        for one in watch.judge((reading,), day):
            key = (one.rule.id, row.indicator, row.org)
            if one.verdict.says != "hit" and key not in known:
                continue
            release = _public_from(one, row, around)
            verdict = one.verdict
            yield Spoken(one, Answer(row.period, verdict.says, verdict.said, release))


def _reading(
    row: BareRow, period: Period, rulebook: Rulebook, around: Around, day: date
) -> Reading:
    due = None
    if not row.has_figure:
        due = last_day(rulebook, row.indicator, row.org, period)
    thing = (row.indicator, row.org)
    return Reading(
        indicator=rulebook.indicators[row.indicator], org=rulebook.orgs[row.org], period=period,
        presence=presence(
            has_figure=row.has_figure, held=row.absent == runs.HELD,
            word="missing" if row.absent == _MISSING else "", due=due, day=day,
        ),
        light=row.light, told=by_measure(_told(row, period, around)), judged=row.judged,
        before=_before(row, period, around), due=due,
        contradictions=tuple(message for message, _ in around.found.get(thing, ())),
    )  # fmt: skip


def _told(row: BareRow, period: Period, around: Around) -> Iterator[Told]:
    measure: str
    for measure, target_id, base, peer_group, shown, unit, word, value in row.measures:
        if measure == _SHORTFALL:
            yield from _covered(row, period, target_id, value, around)
        elif _is_usual(measure, row.period, base):
            tier = row.tiers.get(target_id, "") if target_id else ""
            yield Told(measure, target_id, peer_group, shown, unit, word, tier)


def _covered(
    row: BareRow, period: Period, target_id: str, missing: str | None, around: Around
) -> Iterator[Told]:
    """How much of what is missing to a target its support list covers."""
    lines = around.support.get((row.indicator, row.org, row.tiers.get(target_id, "")))
    if lines is None or missing is None:
        return
    shortfall = Measure(
        "", row.indicator, row.org, row.period, _SHORTFALL, target_id, "", "", Decimal(missing), "",
        None, None, "", None, None, "", (),
    )  # fmt: skip
    found = support.as_measure(shortfall, lines, period)
    if found is not None:
        tier = row.tiers.get(target_id, "")
        yield Told(found.measure, target_id, "", found.shown, found.unit, None, tier)


@lru_cache(maxsize=4096)
def _is_usual(measure: str, period: str, base: str) -> bool:
    """A pass asks this of the same few many thousand times."""
    return is_usual(measure, period, base)


def _before(row: BareRow, period: Period, around: Around) -> dict[int, Past]:
    """How the row stood at the gates that are behind it."""
    found: dict[int, Past] = {}
    for month, lights in around.lights.items():
        if month >= period.month:
            continue
        at_gate = Period.of_months(period.year, 1, month).id
        growth = row.growths.get(at_gate)
        number = None if growth is None else number_of(Told("growth", "", "", growth, "%", None))
        found[month] = Past(lights.get((row.indicator, row.org), ""), number)
    return found


def _public_from(one: Judged, row: BareRow, around: Around) -> datetime | None:
    """The latest of what the answer gives away."""
    moments = [row.release_at]
    if one.rule.kind == "contradiction":
        moments += [moment for _, moment in around.found.get((row.indicator, row.org), ())]
    if one.reading.presence != "told":
        return None  # that a figure is late or lacking is no figure
    return max((one for one in moments if one is not None), default=None)


def gates(rulebook: Rulebook) -> frozenset[int]:
    return frozenset(
        one.gate for one in rulebook.warnings if one.kind == "sign_flip" and one.gate is not None
    )


def around_of(run: Run, beside: Iterable[Run], rulebook: Rulebook) -> Around:
    """`beside`: the runs of the same sort, whose lights are those at the gates."""
    year = run.period[:4]
    by_month: dict[int, Any] = {
        int(one.period[5:]): one for one in beside if one.period[:4] == year
    }
    lights = {
        month: runs.lights(by_month[month])
        for month in gates(rulebook)
        if month in by_month and by_month[month].period < run.period
    }
    lists = targets.support_lists(year=int(year), as_of=run.as_of, entry=run.entry)
    return Around(lights, runs.found_of(run, "contradiction"), lists)
