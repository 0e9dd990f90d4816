"""What the month's workbooks hold: tables, the series behind the charts, findings in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from diaodu.engine.ground.period import Period, due_period, print_period
from diaodu.engine.ground.quantity import show
from diaodu.engine.ground.records import Finding, Observation
from diaodu.engine.report import patterns
from diaodu.engine.report.annex import ordered, period_name
from diaodu.engine.report.behind import all_targets
from diaodu.engine.report.comparison import comparison
from diaodu.engine.report.document import Spans, Table, text_of
from diaodu.engine.report.material import Material
from diaodu.engine.report.rankings import rankings
from diaodu.engine.report.spans import period
from diaodu.engine.rules.models import Indicator
from diaodu.engine.rules.rulebook import Rulebook

_MOST_POINTS = 24


class Point(NamedTuple):
    """One period of a series: digits as shown, None where nothing was published. `year` and
    `month` (the period's last) are what a chart writes under it."""

    label: str
    year: int
    month: int
    level: str | None
    growth: str | None


@dataclass(frozen=True, slots=True)
class Series:
    """The published history of one headline indicator, oldest first; `unit` of its level,
    empty where only growth is published."""

    name: str
    unit: str
    points: tuple[Point, ...]


class FindingRow(NamedTuple):
    """A finding for people; every field is a text in Chinese or a name."""

    severity: str
    code: str
    file: str
    sheet: str
    cell: str
    org: str
    indicator: str
    period: str
    message: str
    action: str
    expected: str
    found: str


FINDING_HEADS = (
    "级别", "问题", "文件", "表", "单元格", "单位", "指标", "统计期", "说明", "怎么办", "应为",
    "实为",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tables:
    """The content of tables.xlsx. `rankings` are (sheet title, table, line under the table)."""

    title: str
    note: str
    comparison: Table
    rankings: tuple[tuple[str, Table, Spans], ...]
    targets: Table
    series: tuple[Series, ...]
    findings: tuple[FindingRow, ...]


def tables(material: Material) -> Tables:
    return Tables(
        title=material.org.name + text_of(period(material.period.ytd(), with_year=True)),
        note=material.outline.note or "",
        comparison=comparison(material),
        rankings=tuple(
            (f"位次·{ranking.indicator.name}", ranking.table, ranking.remark)
            for ranking in rankings(material)
        ),
        targets=all_targets(material),
        series=tuple(series(material, indicator) for indicator in material.indicators),
        findings=finding_rows(material.findings, material.rulebook),
    )


def finding_rows(findings: Sequence[Finding], rulebook: Rulebook) -> tuple[FindingRow, ...]:
    """Findings for people, hard ones first."""
    return tuple(_finding_row(each, rulebook) for each in ordered(list(findings)))


def _finding_row(found: Finding, rulebook: Rulebook) -> FindingRow:
    org, indicator = rulebook.names_of([found.org, found.indicator])
    return FindingRow(
        patterns.SEVERITY_NAMES[found.severity],
        patterns.CODE_NAMES.get(found.code, found.code),
        found.file, found.sheet, found.cell, org, indicator,
        period_name(found.period), found.message, found.action, found.expected, found.found,
    )  # fmt: skip


# -- series ----------------------------------------------------------------------------------


def series(material: Material, indicator: Indicator) -> Series:
    """Level and growth as published for the outline's org, the last periods up to the run's."""
    level = _published(material, indicator, "level")
    growth = _published(material, indicator, "growth")
    periods = sorted(level.keys() | growth.keys())[-_MOST_POINTS:]
    points = tuple(
        Point(
            print_period(each, named=True) + ("末" if indicator.basis == "stock" else ""),
            each.end.year,
            each.end.month,
            _shown(level.get(each), indicator.decimals),
            _shown(growth.get(each), indicator.growth_decimals),
        )
        for each in periods
    )
    return Series(indicator.name, "" if indicator.is_rate_only else indicator.unit, points)


def _shown(value: Decimal | None, decimals: int) -> str | None:
    return None if value is None else show(value, decimals)


def _published(material: Material, indicator: Indicator, facet: str) -> dict[Period, Decimal]:
    """By period, the newest figure of the best track; only periods of the indicator's own shape,
    so that months and cumulative figures never stand in one line."""
    best: dict[Period, tuple[int, Observation]] = {}
    for obs in sorted(
        material.figures.of(indicator.id, material.org.id), key=lambda o: (o.received, o.obs_id)
    ):
        if obs.facet != facet or obs.held or obs.value is None or obs.received > material.as_of:
            continue
        when = Period.from_id(obs.period)
        place = _track_place(material, obs.track, when)
        if when.end > material.period.end or place is None:
            continue
        if when != due_period(when.last_month(), indicator.basis):
            continue
        if when not in best or place <= best[when][0]:
            best[when] = (place, obs)
    return {when: obs.value for when, (_, obs) in best.items() if obs.value is not None}


def _track_place(material: Material, track: str, when: Period) -> int | None:
    tracks = material.rulebook.tracks("bulletin", when.end)
    return tracks.index(track) if track in tracks else None
