"""The comparison table: one row per headline indicator and target of the outline's org."""

from __future__ import annotations

from diaodu.engine.ground.records import Measure, Target
from diaodu.engine.ground.words import COMPARATOR_NAMES
from diaodu.engine.report import patterns
from diaodu.engine.report.absent import growth_cell, level_cell
from diaodu.engine.report.document import Cell, Span, Spans, Table
from diaodu.engine.report.headlines import BEFORE, BEHIND, tier_phrase
from diaodu.engine.report.material import Material, whole, whole_beside
from diaodu.engine.report.places import places
from diaodu.engine.report.spans import (
    ABSENT,
    absent_cell,
    figure_cell,
    name,
    name_cell,
    owed_cell,
    period,
    signed,
    target_value,
    text,
    text_cell,
    with_commas,
)
from diaodu.engine.rules.models import Indicator, Org

# In millimetres: together with three ancestors the width of a turned page.
_FIXED = (
    ("指标", 37), ("单位", 9), ("统计期", 12), ("本期", 15), ("同比%", 11), ("增速变动", 9),
)  # fmt: skip
_TARGET = (("目标", 31), ("完成%", 15), ("增速欠账", 15), ("序时差", 11))
_GAP_WIDTH = 11
_LAST = (("位次", 13), ("亮灯", 15))
_GROWTH_ONLY, _LEVEL_ONLY = "只定增速", "只定总量"


def comparison(material: Material) -> Table:
    """Columns: figures, target, gaps to each ancestor in points, rank, light. One row per target;
    the indicator's own cells are merged over its targets."""
    ancestors = material.rulebook.ancestors(material.org.id)
    gaps = [(f"比{whole_beside(a, material.org)}", _GAP_WIDTH) for a in ancestors]
    columns = (*_FIXED, *_TARGET, *gaps, *_LAST)
    rows = [row for i in material.indicators for row in _rows(material, i, ancestors)]
    return Table(
        caption=(Span(whole(material.org)), *period(material.period.ytd()), Span("主要指标对照表")),
        header=tuple(name(title) for title, _ in columns),
        rows=tuple(rows),
        widths=tuple(width for _, width in columns),
        unit="增速变动、增速欠账、序时差、比上级：百分点；“—”：没有可对照的数",
        wide=True,
    )


def _rows(material: Material, indicator: Indicator, ancestors: list[Org]) -> list[tuple[Cell, ...]]:
    before = _figures(material, indicator)
    after = [
        _gap(material, indicator, ancestor) for ancestor in ancestors
    ] + [_rank(material, indicator)]  # fmt: skip
    targets = material.targets_of(indicator.id, material.org.id)
    if not targets:
        light = _light(material, indicator, None)
        return [(*before, *[absent_cell() for _ in _TARGET], *after, light)]
    rows: list[tuple[Cell, ...]] = []
    for index, target in enumerate(targets):
        own = _target(material, indicator, target)
        light = _light(material, indicator, target)
        if index == 0:
            rows.append((*before, *own, *after, light))
        else:
            rows.append((*_continued(before), *own, *_continued(after), light))
    return rows


def _continued(cells: list[Cell]) -> list[Cell]:
    return [Cell(continues=True) for _ in cells]


def _figures(material: Material, indicator: Indicator) -> list[Cell]:
    org = material.org.id
    return [
        name_cell(indicator.name),
        name_cell("%" if indicator.is_rate_only else indicator.unit, "center"),
        Cell((Span(material.own_period(indicator), "period"),), "center"),
        level_cell(material, indicator, org),
        growth_cell(material, indicator, org),
        figure_cell(material.book.get(indicator.id, org, "growth_change_pp")),
    ]


def _target(material: Material, indicator: Indicator, target: Target) -> list[Cell]:
    growth_only = _GROWTH_ONLY if target.kind == "growth" else ABSENT
    is_level = target.kind == "level" and target.value is not None
    level_only = _LEVEL_ONLY if is_level else ABSENT
    return [
        Cell(with_commas(target_spans(target)), "center"),
        figure_cell(_of(material, indicator, target, "completion"), growth_only),
        owed_cell(_of(material, indicator, target, "arrears_growth"), level_only),
        figure_cell(_of(material, indicator, target, "pace_gap")),
    ]


def _of(material: Material, indicator: Indicator, target: Target, measure: str) -> Measure | None:
    return material.book.get(indicator.id, material.org.id, measure, target_id=target.target_id)


def target_spans(target: Target) -> Spans:
    """The target in short: 上级下达125亿元, 本级自定9%以上, 本级自定突破182亿元, 上级下达上限35…"""
    return _target_said(target, "上限" if target.kind == "ceiling" else "")


def goal_spans(target: Target) -> Spans:
    """As a sentence says it: 上级下达任务125亿元, 上级下达增速目标9%以上, 本级自定目标突破182…"""
    return _target_said(target, patterns.goal_kind(target))


def _target_said(target: Target, kind: str) -> Spans:
    if target.value is None:
        return text(patterns.TARGET_ABSENT[target.tier])
    tier = tier_phrase(target.tier)
    before = COMPARATOR_NAMES[target.comparator] if target.comparator in BEFORE else ""
    behind = COMPARATOR_NAMES[target.comparator] if target.comparator in BEHIND else ""
    unit = "%" if target.kind == "growth" else target.unit
    return (Span(tier + kind + before), *target_value(target), *name(unit + behind))


def _gap(material: Material, indicator: Indicator, ancestor: Org) -> Cell:
    return figure_cell(
        material.book.get(indicator.id, material.org.id, "gap_parent", base=ancestor.id)
    )


def _rank(material: Material, indicator: Indicator) -> Cell:
    """The first place there is, by growth before by level, with the number ranked: 并列1/7."""
    for place in places(material, indicator):
        tied = text(patterns.TIED) if place.tied else ()
        n = (Span("/"), *place.n) if place.n else ()
        return Cell((*tied, *signed(place.rank), *n), "center")
    return absent_cell()


def _light(material: Material, indicator: Indicator, target: Target | None) -> Cell:
    verdict = material.verdict(
        indicator.id, material.org.id, target.target_id if target is not None else None
    )
    if verdict is None:
        return absent_cell()
    return text_cell(patterns.LIGHTS[verdict.light], "center")
