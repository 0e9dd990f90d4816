"""The month in a few lines: collect → verify → compute → judge → report."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

import narwhals as nw

from diaodu.engine.collect import BookReading, Names, build_names, settle
from diaodu.engine.compute.book import MeasureBook, to_measures
from diaodu.engine.compute.changed import reach
from diaodu.engine.compute.changed import tied as tied_together
from diaodu.engine.compute.emit import in_order
from diaodu.engine.compute.exact import Frame
from diaodu.engine.compute.figures import table
from diaodu.engine.compute.month import (
    Computed,
    compute_all,
    compute_month,
    compute_months,
    compute_series,
    compute_with_series,
    left_standing,
)
from diaodu.engine.dispatch.duty import DutyList
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Finding, Observation, Target, Verdict
from diaodu.engine.judge import gates
from diaodu.engine.judge.gates import GateVerdict
from diaodu.engine.judge.light import judge, judge_month, measures_read
from diaodu.engine.report.bulletin import bulletin
from diaodu.engine.report.document import Document
from diaodu.engine.report.material import FrameShelf, Material
from diaodu.engine.report.workbook import Tables, tables
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.engine.verify.breaks import revisions
from diaodu.engine.verify.check import check, check_months, held_ids
from diaodu.engine.verify.corrections import correct
from diaodu.engine.verify.ties import evidence, tied

OnStep = Callable[[str, int, int], None]  # step's name, done, total


class Frames(Protocol):
    """The door that turns records into frames of one dataframe engine."""

    def observation_frame(self, observations: Iterable[Observation]) -> Frame: ...

    def target_frame(self, targets: Iterable[Target]) -> Frame: ...

    def observations_of(self, frame: Frame) -> list[Observation]: ...


@dataclass(frozen=True)
class OnFile:
    """What a run starts from: every vintage of every figure, the targets, and what was found
    while they came in. `counts` are cells by fate per (file, sheet), `ignored` the cells passed
    over per (file, sheet) and reason."""

    observations: Frame
    targets: Sequence[Target]
    findings: Sequence[Finding] = ()
    counts: Mapping[tuple[str, str], Mapping[str, int]] = field(default_factory=dict)
    ignored: Mapping[tuple[str, str], Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Month:
    """Everything a month's run found. `observations`: the columns of Observation, numbers scaled,
    those held that hard findings hold."""

    period: Period
    as_of: date
    observations: Frame
    targets: Sequence[Target]
    findings: Sequence[Finding]
    counts: Mapping[tuple[str, str], Mapping[str, int]]
    ignored: Mapping[tuple[str, str], Mapping[str, int]]
    computed: Computed
    verdicts: Sequence[Verdict]
    document: Document
    tables: Tables
    gates: Sequence[GateVerdict] = ()


def run_month(
    readings: Sequence[BookReading], names: Names, rulebook: Rulebook, period: Period, as_of: date,
    frames: Frames, *, all_periods: bool = False, on_step: OnStep = lambda *_: None,
    door_findings: Sequence[Finding] = (), duties: DutyList | None = None,
) -> Month:  # fmt: skip
    """From what was read to what is said. The same inputs give the same result, whatever the
    clock says: `as_of` is the only today there is. `door_findings` came with the files; of
    `duties` the bulletin says what became."""
    on_step("核对", 0, 4)
    settled = settle(readings, as_of, names)
    on_file = OnFile(
        frames.observation_frame(settled.observations), settled.targets,
        [*door_findings, *_told_by(readings), *settled.findings], settled.counts,
        _ignored(readings),
    )  # fmt: skip
    return run_on_file(
        on_file, rulebook, period, as_of, frames, all_periods=all_periods, on_step=on_step,
        duties=duties,
    )  # fmt: skip


def run_on_file(
    on_file: OnFile, rulebook: Rulebook, period: Period, as_of: date, frames: Frames, *,
    all_periods: bool = False, on_step: OnStep = lambda *_: None, duties: DutyList | None = None,
) -> Month:  # fmt: skip
    """A month's run over figures that were settled before."""
    on_step("核对", 0, 4)
    on_file = corrected(on_file, rulebook, as_of)
    checked = check(on_file.observations, rulebook, period, as_of, targets=on_file.targets)
    observations, counts = _hold(on_file, held_ids(checked))
    on_step("计算", 1, 4)
    targets = frames.target_frame(on_file.targets)
    if all_periods:
        computed = compute_all(observations, targets, rulebook, as_of)
    else:
        computed = compute_month(observations, targets, rulebook, period, as_of)
    on_step("判断", 2, 4)
    findings = [*revisions(on_file.findings, on_file.observations, rulebook), *checked]
    book = MeasureBook(computed.measures, computed.horizon, period)
    verdicts = judge_month(book, on_file.targets, rulebook, period, as_of, findings, computed.paces)
    on_step("成文", 3, 4)
    shelf = FrameShelf(
        observations, frames.observations_of, {id for one in findings for id in one.obs_ids}
    )
    material = Material(
        book, shelf, verdicts, on_file.targets, findings, rulebook, period, as_of,
        computed.horizon, duties,
    )  # fmt: skip
    month = Month(
        period, as_of, observations, on_file.targets, findings, counts, on_file.ignored, computed,
        verdicts, bulletin(material), tables(material),
        _gates_of(observations, on_file.targets, rulebook, period, computed.horizon, as_of),
    )  # fmt: skip
    on_step("成文", 4, 4)
    return month


def _gates_of(
    observations: Frame, targets: Sequence[Target], rulebook: Rulebook, month: Period,
    horizon: Mapping[str, Period], as_of: date,
) -> list[GateVerdict]:  # fmt: skip
    """The gates of the month's year; the figures of earlier ones are read for them alone."""
    asked = gates.asked(targets, rulebook, month.year, as_of)
    months = gates.months_read(asked, rulebook, month)
    if not months:
        points = gates.Points({}, {})
    else:
        near = _Near.of(rulebook, {one.target.indicator for one in asked})
        read = observations.filter(nw.col("indicator").is_in(sorted(near.read)))
        points = _points(compute_series(read, near.with_indicators(near.read), months, as_of))
    paces = gates.paces_of(targets, rulebook, points, as_of)
    return gates.judge_gates(asked, rulebook, points, paces, horizon, as_of)


def _points(series: Frame) -> gates.Points:
    return gates.Points.of(to_measures(in_order([series])))


def corrected(on_file: OnFile, rulebook: Rulebook, as_of: date, *, is_all: bool = True) -> OnFile:
    """With the rulebook's corrections applied: rows beside what came in, which is held; and what
    is to be said of them. `is_all`: whether these are all figures on file."""
    done = correct(on_file.observations, rulebook, as_of, is_all=is_all)
    counts = _moved(on_file.counts, done.observations, done.ignored)
    findings = [*on_file.findings, *done.findings]
    return replace(on_file, observations=done.observations, findings=findings, counts=counts)


@dataclass(frozen=True)
class Results:
    """What a month's figures come to, nothing said yet: the measures of each indicator at its
    period of `horizon` and the counts, the verdicts, the findings; `peersets` as in Computed;
    `history`: the rows of `compute_series` for the months before. `standing`: where targets alone
    changed, the names of the measures that are not here and stand as they were, as the history
    does."""

    month: Period
    horizon: Mapping[str, Period]
    measures: Frame
    verdicts: Sequence[Verdict]
    findings: Sequence[Finding]
    peersets: Frame
    history: Frame
    gates: Sequence[GateVerdict] = ()
    standing: frozenset[str] = frozenset()


def months_back(month: Period, count: int) -> list[Period]:
    """So many months up to this one, oldest first."""
    found: list[Period] = []
    while len(found) < count:
        found.append(found[-1].previous_month() if found else month.last_month())
    return found[::-1]


def results_of(month: Month, rulebook: Rulebook, history: int) -> Results:
    """The results within a month that was run, with the history of so many months."""
    back = months_back(month.period, history)
    series = compute_series(month.observations, rulebook, back, month.as_of)
    measures = _of_month(month.computed.measures, month.computed.horizon, month.period)
    return Results(
        month.period, month.computed.horizon, measures, month.verdicts, month.findings,
        month.computed.peersets, series, month.gates,
    )  # fmt: skip


def run_months(
    on_file: OnFile, rulebook: Rulebook, months: Sequence[Period], as_of: date, frames: Frames, *,
    all_periods: bool, history: int, changed: Iterable[str] | None = None,
    of_targets: bool = False,
) -> list[Results]:  # fmt: skip
    """The results of several months, as `run_on_file` has them; `all_periods` is whether its
    checks look at every period, `history` of how many months each has a history.

    With `changed`, of those indicators alone that a change of these can reach: then the counts
    are of these alone, and `on_file` needs to hold no more than the indicators `read_for` names.
    With `of_targets`, for a change of targets alone, no history is computed, and of the measures
    not those that it leaves standing. What is found about periods after a month is no matter of
    that month.
    """
    on_file = corrected(on_file, rulebook, as_of, is_all=False)
    near = _Near.of(rulebook, changed)
    checks = check_months(
        on_file.observations.filter(nw.col("indicator").is_in(sorted(near.evidence))),
        near.with_indicators(near.evidence), months, as_of, targets=on_file.targets,
        all_periods=all_periods,
    )  # fmt: skip
    alike: dict[frozenset[str], list[Period]] = {}
    for month, found in checks.items():
        alike.setdefault(frozenset(held_ids(found)), []).append(month)
    targets = frames.target_frame(on_file.targets)
    read = near.with_indicators(near.read)
    chosen = on_file.observations.filter(nw.col("indicator").is_in(sorted(near.read)))
    aims = [one for one in on_file.targets if one.indicator in near.affected]
    left = frozenset[str]()
    if of_targets:
        left = left_standing(measures_read(rulebook, on_file.targets))
    results: dict[Period, Results] = {}
    for ids, some in alike.items():
        unheld = held(chosen, ids)
        back = sorted({one for month in some for one in months_back(month, history)})
        if back and not of_targets:
            computed, series = compute_with_series(unheld, targets, read, some, back, as_of)
        else:
            computed = compute_months(unheld, targets, read, some, as_of, left=left)
            series = computed.measures.head(0)
        for month in some:
            found = [*on_file.findings, *(one for one in checks[month] if _is_by(one, month))]
            one = _results(near, computed, month, on_file.targets, found, as_of)
            rest = (aims, rulebook, month, computed.horizons[month], as_of)
            if of_targets:
                one = replace(one, gates=_gates_of(unheld, *rest), standing=left)
            else:
                past = series.filter(nw.col("indicator").is_in(sorted(near.affected)))
                one = replace(one, history=past, gates=_gates_in(past, *rest))
            results[month] = one
    return [results[month] for month in months]


def _is_by(one: Finding, month: Period) -> bool:
    return not one.period or Period.from_id(one.period).end <= month.end


def tied_by_targets(changed: Iterable[str], targets: Iterable[Target]) -> frozenset[str]:
    """With them the indicators that relative targets hold against each other, either way: the
    light of one rests on the figures of the other."""
    relative = [(one.indicator, one.org, one.against) for one in targets if one.kind == "relative"]
    return tied_together(changed, relative)


def read_for(rulebook: Rulebook, changed: Iterable[str]) -> frozenset[str]:
    """The indicators whose figures `run_months` reads for a change of these."""
    near = _Near.of(rulebook, changed)
    return near.read | near.evidence


def reached_by(rulebook: Rulebook, changed: Iterable[str]) -> frozenset[str]:
    """The indicators whose results or findings a change of these can change."""
    near = _Near.of(rulebook, changed)
    return near.affected | near.tied


@dataclass(frozen=True)
class _Near:
    """What a change comes near: affected and read by the measures, tied and taken as evidence by
    the checks."""

    rulebook: Rulebook
    affected: frozenset[str]
    read: frozenset[str]
    tied: frozenset[str]
    evidence: frozenset[str]

    @classmethod
    def of(cls, rulebook: Rulebook, changed: Iterable[str] | None) -> _Near:
        every = frozenset(rulebook.indicators)
        if changed is None:
            return cls(rulebook, every, every, every | {""}, every)
        # A figure may be held, or held no more, because another one changed.
        near = tied(rulebook, every & set(changed))
        within = reach(rulebook, near, counts=False)
        read = every & within.read
        return cls(rulebook, every & within.affected, read, near, evidence(rulebook, near | read))

    def with_indicators(self, names: frozenset[str]) -> Rulebook:
        known = self.rulebook.indicators
        return replace(
            self.rulebook, indicators={name: one for name, one in known.items() if name in names}
        )


def _results(
    near: _Near, computed: Computed, month: Period, targets: Sequence[Target],
    findings: Sequence[Finding], as_of: date,
) -> Results:  # fmt: skip
    """Without history and gates."""
    horizon = computed.horizons[month]
    measures = _of_month(computed.measures, horizon, month)
    read_by_lights = measures.filter(
        nw.col("measure").is_in(sorted(measures_read(near.rulebook, targets)))
    )
    verdicts = judge(
        to_measures(read_by_lights), targets, near.with_indicators(near.affected), month, as_of,
        findings, computed.paces,
    )  # fmt: skip
    shown = nw.col("indicator").is_in(["", *sorted(near.affected)])
    return Results(
        month, {name: period for name, period in horizon.items() if name in near.affected},
        measures.filter(shown), verdicts, [one for one in findings if one.indicator in near.tied],
        computed.peersets, measures.head(0),
    )  # fmt: skip


def _gates_in(
    history: Frame, targets: Sequence[Target], rulebook: Rulebook, month: Period,
    horizon: Mapping[str, Period], as_of: date,
) -> list[GateVerdict]:  # fmt: skip
    """As `_gates_of`, out of a history that goes back far enough; without one there are none."""
    if not len(history):
        return []
    asked = gates.asked(targets, rulebook, month.year, as_of)
    ends = {one.month for one in gates.months_read(asked, rulebook, month)}
    points = _points(_ending(history, month.year, ends))
    paces = gates.paces_of(targets, rulebook, points, as_of)
    return gates.judge_gates(asked, rulebook, points, paces, horizon, as_of)


def _ending(series: Frame, year: int, months: Collection[int]) -> Frame:
    """The rows of this and last year whose periods end in these months."""
    periods = [
        one
        for one in series["period"].unique().to_list()
        if (period := Period.from_id(one)).year in (year, year - 1) and period.month in months
    ]
    return series.filter(nw.col("period").is_in(sorted(periods)))


def _of_month(measures: Frame, horizon: Mapping[str, Period], month: Period) -> Frame:
    """Each indicator's rows of its period, and the month's counts."""
    periods = {"": month.ytd().id} | {name: period.id for name, period in horizon.items()}
    wanted = table(
        measures, {"indicator": list(periods), "period": list(periods.values())},
        {"indicator": nw.String, "period": nw.String},
    )  # fmt: skip
    return measures.join(wanted, on=["indicator", "period"], how="semi")


def names_of(rulebook: Rulebook) -> Names:
    """The index that `collect` matches printed names with."""
    return build_names(rulebook)


def _told_by(readings: Iterable[BookReading]) -> list[Finding]:
    """What reading the files and sheets found, in the order they were read."""
    found: list[Finding] = []
    for reading in readings:
        found.extend(reading.findings)
        for sheet in reading.sheets:
            found.extend(sheet.findings)
    return found


def _ignored(readings: Iterable[BookReading]) -> dict[tuple[str, str], Mapping[str, int]]:
    return {
        (sheet.file, sheet.sheet): sheet.ignored
        for reading in readings
        for sheet in reading.sheets
        if sheet.ignored
    }


def _hold(on_file: OnFile, ids: set[str]) -> tuple[Frame, dict[tuple[str, str], Mapping[str, int]]]:
    """The observations with those of hard findings held, and the cells counted accordingly."""
    newly = on_file.observations.filter(nw.col("obs_id").is_in(sorted(ids)) & ~nw.col("held"))
    return held(on_file.observations, ids), _moved(on_file.counts, newly, ids)


def _moved(
    counts: Mapping[tuple[str, str], Mapping[str, int]], observations: Frame, ids: Iterable[str]
) -> dict[tuple[str, str], Mapping[str, int]]:
    """The cells of some of the observations counted as held, no longer as kept."""
    found = dict(counts)
    rows = observations.filter(nw.col("obs_id").is_in(sorted(ids)))
    for file, sheet, cells in rows.group_by("file", "sheet").agg(cells=nw.len()).iter_rows():
        fates = found.get((file, sheet))
        if fates is not None:
            found[file, sheet] = {
                **fates, "kept": fates["kept"] - cells, "held": fates["held"] + cells,
            }  # fmt: skip
    return found


def held(observations: Frame, ids: Iterable[str]) -> Frame:
    """The observations, some of them held out of every computation."""
    return observations.with_columns(held=nw.col("held") | nw.col("obs_id").is_in(sorted(ids)))
