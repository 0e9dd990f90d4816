"""Results as rows of the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import narwhals as nw

from diaodu.engine import flow
from diaodu.engine.compute.book import to_measures
from diaodu.engine.compute.counting import classes_of
from diaodu.engine.compute.outcome_rows import MEASURE as OUTCOME
from diaodu.engine.compute.wanted import wanted
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import SCALE
from diaodu.engine.ground.records import Finding as EngineFinding
from diaodu.engine.ground.records import Target, Verdict
from diaodu.engine.ground.words import LIGHT_NAMES, OBS_WORD_NAMES
from diaodu.engine.judge.gates import GateVerdict
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.web.runs.models import Finding, Row, Run
from diaodu.web.runs.queries.computing import HISTORY, Releases, latest
from diaodu.web.runs.queries.row_view import GROWTH_CLASSES, HELD, TARGET_CLASSES, UNRELEASED

_AT_ONCE = 500
_UNIT = 10**SCALE
_Thing = tuple[str, str]  # indicator, org


def insert(run: Run, rows: Iterable[Row], findings: Iterable[Finding]) -> None:
    """Inside the caller's transaction."""
    for one in (rows := list(rows)):
        one.run = run
    for found in (findings := list(findings)):
        found.run = run
    Row.objects.bulk_create(rows, batch_size=_AT_ONCE)
    Finding.objects.bulk_create(findings, batch_size=_AT_ONCE)


class StandingRow(NamedTuple):
    """What stays of a row when targets alone changed, as `Row` keeps it."""

    measures: list[list[Any]]
    series: list[list[str | None]]


def standing_rows(run: Run, results: flow.Results) -> dict[_Thing, StandingRow]:
    """Of the rows on hand what the results leave standing; nothing where they leave nothing."""
    if not results.standing:
        return {}
    rows = run.rows.filter(indicator__in=results.horizon)
    return {
        (indicator, org): StandingRow([one for one in told if one[0] in results.standing], series)
        for indicator, org, told, series in rows.values_list(
            "indicator", "org_id", "measures", "series"
        )
    }


_NOTHING_STANDS = StandingRow([], [])


class Content:
    """Unsaved rows and findings of one month's results."""

    def __init__(
        self, results: flow.Results, targets: Sequence[Target], rulebook: Rulebook,
        releases: Releases, horizon: Mapping[str, str], seq: int,
        standing: Mapping[_Thing, StandingRow] | None = None,
    ) -> None:  # fmt: skip
        """`horizon`: of all indicators, those not in the results included. `standing`: see
        `standing_rows`."""
        self.results = results
        self._standing = standing or {}
        self.rulebook = rulebook
        self.horizon = horizon
        self.seq = seq
        self.releases = releases
        self._targets = _by_thing(targets, results.horizon)
        self._verdicts = _verdicts(results.verdicts)
        self._gates = _gates(results.gates)
        self._phases = _phases(targets)
        self._outcomes = _outcomes(results.measures)
        self._words = _words(results.findings)
        self._history = _history(results.history)
        counts = results.measures.filter(nw.col("indicator") == "").sort("key")
        self._classes = classes_of(to_measures(counts))

    def rows(self) -> list[Row]:
        """One per indicator and org; without the counts."""
        measures = _measures(self.results.measures.filter(nw.col("indicator") != ""))
        things = measures.keys() | {thing for thing, target in self._verdicts if target is None}
        release = self.releases.of(
            {name: period.id for name, period in self.results.horizon.items()}, self.horizon
        )
        return [self._row(thing, measures.get(thing, []), release) for thing in sorted(things)]

    def _row(
        self, thing: _Thing, measures: list[list[Any]], release: Mapping[str, datetime | None]
    ) -> Row:
        indicator, org = thing
        period = self.results.horizon[indicator]
        whole = self._verdicts.get((thing, None))
        light = whole.light if whole else ""
        classes = self._classes.get(thing, [])
        stands = self._standing.get(thing, _NOTHING_STANDS)
        return Row(
            indicator=indicator, org_id=org, period=period.id,
            measures=_together(measures, stands.measures),
            targets=[self._told(one) for one in self._targets.get(thing, ())],
            light=light, light_word=whole.word if whole else "",
            reasons=list(whole.reasons) if whole else [],
            target_class=next((one for one in classes if one in TARGET_CLASSES), ""),
            growth_class=next((one for one in classes if one in GROWTH_CLASSES), ""),
            absent=self._absent(thing, light, measures),
            series=stands.series or self._series(thing, period),
            release_at=release[indicator], seq=self.seq,
        )  # fmt: skip

    def _told(self, target: Target) -> dict[str, Any]:
        verdict = self._verdicts.get(((target.indicator, target.org), target.target_id))
        return {
            "id": target.target_id, "tier": target.tier, "kind": target.kind,
            "comparator": target.comparator, "value": _digits(target.value),
            "tolerance": _digits(target.tolerance), "unit": target.unit, "word": target.word,
            "document": target.document, "light": verdict.light if verdict else "",
            "light_word": verdict.word if verdict else "",
            "rule": verdict.rule if verdict else "",
            "reasons": list(verdict.reasons) if verdict else [],
            "gates": self._gates.get(target.target_id, []),
            "asked": wanted(target, self.rulebook.indicators[target.indicator], self.rulebook),
            "outcome": self._outcomes.get(target.target_id, ""),
            "phases": self._phases.get(target.place, []),
        }  # fmt: skip

    def _absent(self, thing: _Thing, light: str, measures: list[list[Any]]) -> str:
        """The word where neither level nor growth has a number."""
        leading = [one for one in measures if one[0] in ("value", "growth", "growth_published")]
        if any(one[7] is not None for one in leading):
            return ""
        if thing in self._words:
            return self._words[thing]
        if light == "not_due":
            return LIGHT_NAMES["not_due"]
        return next((one[4] for one in leading), UNRELEASED)

    def _series(self, thing: _Thing, period: Period) -> list[list[str | None]]:
        """The last months up to the row's period."""
        since = _first_shown(period)
        return [
            [one.id, level, growth]
            for one, level, growth in self._history.get(thing, ())
            if since.end <= one.end <= period.end
        ]

    def findings(self) -> list[Finding]:
        return [
            Finding(
                finding_id=one.id, code=one.code, severity=one.severity,
                indicator=one.indicator, org=one.org, period=one.period, file=one.file,
                sheet=one.sheet, cell=one.cell, expected=one.expected, found=one.found,
                message=one.message, action=one.action, release_at=self._release_of(one),
            )
            for one in {one.id: one for one in self.results.findings}.values()
        ]  # fmt: skip

    def _release_of(self, one: EngineFinding) -> datetime | None:
        if one.indicator not in self.rulebook.indicators or not one.period:
            return None
        return self.releases.of({one.indicator: one.period}, self.horizon)[one.indicator]


def counts_of(
    month: Period, rows: Iterable[tuple[str, str, str, datetime | None]], seq: int
) -> list[Row]:
    """The counts of each org from (org, target class, growth class, release) of its rows."""
    tallies: dict[str, dict[str, int]] = {}
    release: dict[str, datetime | None] = {}
    for org, target_class, growth_class, moment in rows:
        tally = tallies.setdefault(org, dict.fromkeys((*TARGET_CLASSES, *GROWTH_CLASSES), 0))
        tally[target_class] += 1
        tally[growth_class] += 1
        release[org] = latest((release.get(org), moment))
    return [
        Row(
            indicator="", org_id=org, period=month.ytd().id, seq=seq, release_at=release[org],
            measures=[
                [f"count_{name}", "", "", "", str(size), "个", None, str(size)]
                for name, size in sorted(tally.items())
            ],
        )
        for org, tally in sorted(tallies.items())
    ]  # fmt: skip


@cache
def _first_shown(period: Period) -> Period:
    """The oldest month of a row's history."""
    return flow.months_back(period, HISTORY)[0]


# -- look-ups --------------------------------------------------------------------------------------


def _measures(frame: Any) -> dict[_Thing, list[list[Any]]]:
    names = ("indicator", "org", "measure", "target_id", "base", "peer_group", "shown", "unit",
             "word", "value")  # fmt: skip
    found: dict[_Thing, list[list[Any]]] = defaultdict(list)
    for indicator, org, *figure, value in frame.sort("key").select(*names).iter_rows():
        found[indicator, org].append([*figure, _text(value)])
    return dict(found)


def _together(some: list[list[Any]], others: list[list[Any]]) -> list[list[Any]]:
    """In the order of their keys."""
    return sorted([*some, *others], key=lambda one: "|".join(one[:4])) if others else some


def _text(scaled: int | None) -> str | None:
    """A scaled integer as plain digits."""
    if scaled is None:
        return None
    whole, part = divmod(abs(scaled), _UNIT)
    digits = f"{whole}.{part:0{SCALE}d}".rstrip("0").rstrip(".")
    return f"-{digits}" if scaled < 0 else digits


def _digits(number: Any) -> str | None:
    return None if number is None else f"{number:f}"


def _by_thing(
    targets: Iterable[Target], horizon: Mapping[str, Period]
) -> dict[_Thing, list[Target]]:
    """The targets of the year of each indicator's period; those of a part of the year stand with
    them."""
    found: dict[_Thing, list[Target]] = defaultdict(list)
    for one in targets:
        of_year = one.indicator in horizon and horizon[one.indicator].year == one.year
        if of_year and not one.period:
            found[one.indicator, one.org].append(one)
    return dict(found)


def _phases(targets: Iterable[Target]) -> dict[tuple[Any, ...], list[list[Any]]]:
    """By the place of the year's target: [month, value] of what was issued up to a month, oldest
    month first."""
    found: dict[tuple[Any, ...], dict[int, str | None]] = defaultdict(dict)
    for one in sorted(targets, key=lambda one: (one.received, one.target_id)):
        if one.period:
            month = Period.from_id(one.period).month
            found[one._replace(period="").place][month] = _digits(one.value)
    return {
        place: [[month, value] for month, value in sorted(months.items()) if value is not None]
        for place, months in found.items()
    }


def _outcomes(measures: Any) -> dict[str, str]:
    """What the figures say to each target: 未达到：增速（公布）7.1%，目标增速8.5%以上."""
    told = measures.filter(nw.col("measure") == OUTCOME).select("target_id", "formula")
    return dict(told.iter_rows())


def _gates(gates: Iterable[GateVerdict]) -> dict[str, list[dict[str, Any]]]:
    """By target, as the rows keep them."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in gates:
        found[one.target_id].append(
            {
                "gate": one.gate, "name": one.name, "day": one.day.isoformat(), "rule": one.rule,
                "result": one.result, "word": one.word, "months_left": one.months_left,
                "days_left": one.days_left, "reasons": list(one.reasons),
            }
        )  # fmt: skip
    return dict(found)


def _verdicts(verdicts: Iterable[Verdict]) -> dict[tuple[_Thing, str | None], Verdict]:
    return {((one.indicator, one.org), one.target_id): one for one in verdicts}


def _words(findings: Iterable[EngineFinding]) -> dict[_Thing, str]:
    """Why there is no figure: held, late or blank."""
    words: dict[_Thing, str] = {}
    for one in findings:
        if one.severity == "hard":
            words[one.indicator, one.org] = HELD
        elif one.code in ("late", "missing"):
            words.setdefault((one.indicator, one.org), OBS_WORD_NAMES[one.code])
    return words


def _history(frame: Any) -> dict[_Thing, list[tuple[Period, str | None, str | None]]]:
    """By period: the level, and the growth as published where it is, else as computed."""
    points: dict[_Thing, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    numbers = frame.filter(~nw.col("value").is_null())
    columns = numbers.select("indicator", "org", "period", "measure", "shown")
    for indicator, org, period, measure, shown in columns.iter_rows():
        points[indicator, org][period][measure] = shown
    return {thing: list(_points(by_period)) for thing, by_period in points.items()}


def _points(
    by_period: Mapping[str, Mapping[str, str]],
) -> Iterator[tuple[Period, str | None, str | None]]:
    for period in sorted(map(Period.from_id, by_period), key=lambda one: one.end):
        told = by_period[period.id]
        yield period, told.get("value"), told.get("growth_published", told.get("growth"))
