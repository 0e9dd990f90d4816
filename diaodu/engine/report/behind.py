"""Who is behind, and by what: each arrears under its own name, never the bare word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from diaodu.engine.ground.records import Measure, Target, Verdict
from diaodu.engine.ground.words import TIER_NAMES
from diaodu.engine.report import patterns
from diaodu.engine.report.absent import by_reason, why
from diaodu.engine.report.comparison import goal_spans, target_spans
from diaodu.engine.report.document import Cell, Paragraph, Span, Spans, Table, joined
from diaodu.engine.report.headlines import ceiling_told, the_period
from diaodu.engine.report.material import Material, whole
from diaodu.engine.report.spans import (
    absent_cell,
    figure_cell,
    fill,
    is_numeric,
    name,
    name_cell,
    owed_cell,
    size,
    with_commas,
)

_SIGNED = ("arrears_growth", "arrears_pace", "arrears_pace_pp")
_FACETS = ("level", "growth")
_MOST_NAMED = 30

# A longer table is cut on paper; the workbook holds all of it.
_MOST_ROWS = 60
_COLUMNS = (
    ("arrears_growth", "增速欠账（百分点）", 19),
    ("arrears_pace", "进度欠账", 15),
    ("arrears_pace_pp", "进度欠账（百分点）", 19),
    ("shortfall_year", "全年缺口", 15),
    ("shortfall_reportable", "入库缺口", 15),
    ("allowance", "上限余量", 15),
)


@dataclass(frozen=True, slots=True)
class Behind:
    """A target that is missed by now; `measures` are its arrears that have a number."""

    org: str
    indicator: str
    target: Target
    measures: dict[str, Measure]


def behind(material: Material) -> list[Paragraph | Table]:
    """Sentences for the outline's org, a table for the orgs below it, indicator by indicator."""
    found = list(_behind(material))
    own = [owed for owed in found if owed.org == material.org.id]
    blocks: list[Paragraph | Table] = [Paragraph(_sentence(material, owed)) for owed in own]
    if not own:
        blocks.append(Paragraph((Span(f"{whole(material.org)}没有亮灯为落后的目标。"),)))
    order = list(material.rulebook.indicators)
    below = sorted(
        (owed for owed in found if owed.org != material.org.id),
        key=lambda owed: order.index(owed.indicator),
    )
    if below:
        blocks.append(arrears_table(material, below[:_MOST_ROWS], "所属单位欠账情况表"))
        blocks += _together(material, list(dict.fromkeys(owed.indicator for owed in below)))
    blocks += _not_judged(material)
    if len(below) > _MOST_ROWS:
        blocks.append(Paragraph((Span("其余单位的欠账情况见附表《目标与欠账》。"),)))
    return blocks


def all_targets(material: Material) -> Table:
    """Targets and arrears of the outline's org and those below, behind or not, for the workbook."""
    return arrears_table(material, list(_judged(material)), "目标与欠账", with_light=True)


def arrears_table(
    material: Material, owed: list[Behind], caption: str, *, with_light: bool = False
) -> Table:
    """One row per target; columns nobody has a figure for are left out."""
    used = [c for c in _COLUMNS if any(c[0] in each.measures for each in owed)]
    heads = ["单位", "指标", "目标", *(title for _, title, _ in used)]
    widths = [18, 38, 35, *(width for *_, width in used)]
    if with_light:
        heads.append("亮灯")
        widths.append(14)
    rows = tuple(_row(material, each, [c[0] for c in used], with_light) for each in owed)
    return Table(
        (Span(caption),),
        tuple(name(title) for title in heads),
        rows,
        tuple(widths),
        unit="欠账、缺口、余量的计量单位同目标，标明百分点的除外",
    )


def _row(
    material: Material, owed: Behind, columns: list[str], with_light: bool
) -> tuple[Cell, ...]:
    rulebook = material.rulebook
    indicator = rulebook.indicators[owed.indicator]
    own = material.own_period(indicator) if material.lags(indicator) else ""
    cells = [
        name_cell(rulebook.orgs[owed.org].name),
        Cell((*name(indicator.name), *((Span(f"（{own}）", "period"),) if own else ()))),
        Cell(with_commas(target_spans(owed.target))),
        *(
            (owed_cell if column in _SIGNED else figure_cell)(owed.measures.get(column))
            for column in columns
        ),
    ]
    if with_light:
        verdict = material.verdict(owed.indicator, owed.org, owed.target.target_id)
        light = patterns.LIGHTS[verdict.light] if verdict is not None else ""
        cells.append(Cell((Span(light),), "center") if light else absent_cell())
    return tuple(cells)


def _behind(material: Material) -> Iterator[Behind]:
    for owed in _judged(material):
        if _light(material, owed) == "behind":
            yield owed


def _judged(material: Material) -> Iterator[Behind]:
    """The targets with a verdict, of the outline's org first, then of those below it."""
    children = material.rulebook.children(material.org.id, material.period.end)
    for org in (material.org.id, *(child.id for child in children)):
        for indicator in material.rulebook.indicators.values():
            for target in material.targets_of(indicator.id, org):
                if material.verdict(indicator.id, org, target.target_id) is not None:
                    yield Behind(org, indicator.id, target, _measures(material, target))


def _measures(material: Material, target: Target) -> dict[str, Measure]:
    found: dict[str, Measure] = {}
    for measure in (*patterns.ARREARS, "allowance"):
        seen = material.book.get(target.indicator, target.org, measure, target_id=target.target_id)
        if seen is not None and is_numeric(seen.shown):
            found[measure] = seen
    return found


def _sentence(material: Material, owed: Behind) -> Spans:
    """Indicator (target): its period where that is an older one, every arrears that is owed."""
    indicator = material.rulebook.indicators[owed.indicator]
    is_ceiling = owed.target.kind == "ceiling"
    told = ceiling_told(material, indicator, owed.target) if is_ceiling else list(_owed(owed))
    verdict = material.verdict(owed.indicator, owed.org, owed.target.target_id)
    head = (
        *name(indicator.name, strong=True),
        Span("（"),
        *goal_spans(owed.target),
        Span("）："),
    )
    when = the_period(material, indicator) if material.lags(indicator) else ()
    return (*head, *when, *joined(told or [_rule(verdict)], "，"), Span("。"))


def _owed(owed: Behind) -> Iterator[Spans]:
    """Each arrears that is owed, under its name; that against pace in units and in points."""
    due = {
        which: measure
        for which, measure in owed.measures.items()
        if measure.value is not None and measure.value > 0
    }
    both = "arrears_pace" in due and "arrears_pace_pp" in due
    for which, measure in due.items():
        fields = {"figure": size(measure), "unit": name(measure.unit)}
        if not both or which not in ("arrears_pace", "arrears_pace_pp"):
            yield fill(patterns.ARREARS[which], **fields)
        elif which == "arrears_pace":
            points = size(due["arrears_pace_pp"])
            yield fill(patterns.ARREARS_PACE_BOTH, points=points, **fields)


def _together(material: Material, indicators: list[str]) -> list[Paragraph | Table]:
    """Gross and net arrears of the orgs below, of each indicator somebody is behind in."""
    lines: list[Paragraph | Table] = []
    for indicator in indicators:
        for gross in material.book.of(indicator, material.org.id):
            if gross.measure != "arrears_gross" or gross.value is None or gross.value <= 0:
                continue
            net = material.book.get(indicator, material.org.id, "arrears_net", base=gross.base)
            if net is not None and net.value is not None:
                lines.append(Paragraph(_gross_and_net(material, gross, net), "remark"))
    return lines


def _gross_and_net(material: Material, gross: Measure, net: Measure) -> Spans:
    unit = name(gross.unit)
    case = patterns.side(net, "owed", "even", "ahead")
    fields = {} if case == "even" else {"net": size(net), "unit": unit}
    return (
        *name(material.rulebook.indicators[gross.indicator].name),
        Span("（"),
        *name(TIER_NAMES[gross.base]),
        Span("）："),
        *fill(
            patterns.ARREARS_BELOW,
            gross=size(gross),
            unit=unit,
            net=fill(patterns.ARREARS_NET[case], **fields),
        ),
        Span("。"),
    )


def _not_judged(material: Material) -> list[Paragraph | Table]:
    """A line about the targets of the orgs below that could not be held against a figure."""
    missing = [
        (owed, why(material, material.rulebook.indicators[owed.indicator], owed.org, _FACETS))
        for owed in _judged(material)
        if owed.org != material.org.id and _light(material, owed) in ("unknown", "not_due")
    ]
    if not missing:
        return []
    indicators: dict[tuple[str, str], list[str]] = {}
    for owed, reason in missing:
        said = material.rulebook.indicators[owed.indicator].name
        indicators.setdefault((owed.org, reason), []).append(said)
    named = [
        (f"{material.rulebook.orgs[org].name}的{'、'.join(dict.fromkeys(names))}", reason)
        for (org, reason), names in indicators.items()
    ]
    line = by_reason(named, _MOST_NAMED)
    return [Paragraph((Span("因没有数字未列入："), *line, Span("。")), "remark")]


def _light(material: Material, owed: Behind) -> str:
    verdict = material.verdict(owed.indicator, owed.org, owed.target.target_id)
    return verdict.light if verdict is not None else ""


def _rule(verdict: Verdict | None) -> Spans:
    """The rule that decided, where no arrears has a number to tell."""
    return name(f"按规则“{verdict.rule}”判定落后" if verdict is not None else "判定落后")
