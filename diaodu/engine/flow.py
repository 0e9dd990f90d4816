"""The month in a few lines: collect → verify → compute → judge → report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from diaodu.engine.collect import BookReading, Names, Settled, build_names, settle
from diaodu.engine.compute.book import MeasureBook
from diaodu.engine.compute.exact import Frame
from diaodu.engine.compute.month import Computed, compute_all, compute_month
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Finding, Observation, Target, Verdict
from diaodu.engine.judge.light import judge_month
from diaodu.engine.report.bulletin import bulletin
from diaodu.engine.report.document import Document
from diaodu.engine.report.material import Material, ObservationShelf
from diaodu.engine.report.workbook import Tables, tables
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.engine.verify.check import check, held_ids

OnStep = Callable[[str, int, int], None]  # step's name, done, total


class Frames(Protocol):
    """The door that turns records into frames of one dataframe engine."""

    def observation_frame(self, observations: Iterable[Observation]) -> Frame: ...

    def target_frame(self, targets: Iterable[Target]) -> Frame: ...


@dataclass(frozen=True)
class Month:
    """Everything a month's run found. `counts` are cells by fate per (file, sheet), `ignored`
    the cells passed over per (file, sheet) and reason."""

    period: Period
    as_of: date
    observations: Sequence[Observation]
    targets: Sequence[Target]
    findings: Sequence[Finding]
    counts: Mapping[tuple[str, str], Mapping[str, int]]
    ignored: Mapping[tuple[str, str], Mapping[str, int]]
    computed: Computed
    verdicts: Sequence[Verdict]
    document: Document
    tables: Tables
    names: Names


def run_month(
    readings: Sequence[BookReading], names: Names, rulebook: Rulebook, period: Period, as_of: date,
    frames: Frames, *, all_periods: bool = False, on_step: OnStep = lambda *_: None,
    door_findings: Sequence[Finding] = (),
) -> Month:  # fmt: skip
    """From what was read to what is said. The same inputs give the same result, whatever the
    clock says: `as_of` is the only today there is. `door_findings` came with the files."""
    on_step("核对", 0, 4)
    settled = settle(readings, as_of, names)
    checked = check(
        frames.observation_frame(settled.observations), rulebook, period, as_of,
        targets=settled.targets,
    )  # fmt: skip
    observations, counts = _hold(settled, held_ids(checked))
    on_step("计算", 1, 4)
    frame, targets = frames.observation_frame(observations), frames.target_frame(settled.targets)
    if all_periods:
        computed = compute_all(frame, targets, rulebook, as_of)
    else:
        computed = compute_month(frame, targets, rulebook, period, as_of)
    on_step("判断", 2, 4)
    findings = [*door_findings, *_told_by(readings), *settled.findings, *checked]
    book = MeasureBook(computed.measures, computed.horizon, period)
    verdicts = judge_month(book, settled.targets, rulebook, period, as_of, findings)
    on_step("成文", 3, 4)
    material = Material(
        book, ObservationShelf(observations), verdicts, settled.targets, findings, rulebook,
        period, as_of, computed.horizon,
    )  # fmt: skip
    month = Month(
        period, as_of, observations, settled.targets, findings, counts, _ignored(readings),
        computed, verdicts, bulletin(material), tables(material), names,
    )  # fmt: skip
    on_step("成文", 4, 4)
    return month


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


def _hold(
    settled: Settled, held: set[str]
) -> tuple[list[Observation], dict[tuple[str, str], dict[str, int]]]:
    """The observations with those of hard findings held, and the cells counted accordingly."""
    moved: Counter[tuple[str, str]] = Counter()
    observations: list[Observation] = []
    for one in settled.observations:
        if one.obs_id in held and not one.held:
            moved[one.file, one.sheet] += 1
            one = one._replace(held=True)
        observations.append(one)
    counts = {
        place: {
            **fates,
            "kept": fates["kept"] - moved[place],
            "held": fates["held"] + moved[place],
        }
        for place, fates in settled.counts.items()
    }
    return observations, counts
