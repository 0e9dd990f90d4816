"""The findings annex: what was asked of the returns, held figures first.

Numbers in a finding's own sentences refer to nothing that could be looked up; the annex
therefore prints the figures as they were received, each with its obs_id, and leaves the sentences
to the workbook for people.
"""

from __future__ import annotations

import re

from diaodu.engine.ground.errors import PeriodError
from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.ground.records import Finding, Observation
from diaodu.engine.ground.words import AUDIENCES
from diaodu.engine.report import patterns
from diaodu.engine.report.document import Cell, Paragraph, Span, Spans, Table, joined
from diaodu.engine.report.material import Material
from diaodu.engine.report.spans import absent_cell, name, name_cell, text, text_cell

_MOST_ROWS = 60
_HEADS = (("级别", 11), ("问题", 24), ("何处", 52), ("对象", 42), ("报送数字", 27))
_NO_PLACE = {"late": "未收到报表", "missing": "报表中没有"}
_NUMERAL = re.compile(r"\d[\d,，]*(\.\d+)?")


def ordered(findings: list[Finding]) -> list[Finding]:
    """Hard ones first, then by code and place: an order that does not depend on reading order."""
    return sorted(
        findings,
        key=lambda f: (f.severity != "hard", f.code, f.file, f.sheet, f.cell, f.period, f.id),
    )


def annex(material: Material) -> list[Paragraph | Table]:
    """A table of the findings, cut where it is long (all of them stand in findings.xlsx); not of
    those that are for one office of the desk alone."""
    findings = ordered([one for one in material.findings if one.code not in AUDIENCES])
    if not findings:
        return [Paragraph((Span("本期报表没有审核意见。"),))]
    intro = "“暂扣”的数字未进入本期计算，“提示”的数字照常计算。"
    closing = "审核意见全文和处理办法见附表《审核意见》。"
    if len(findings) > _MOST_ROWS:
        closing = "本表只列在前的意见，" + closing
    rows = tuple(_row(material, finding) for finding in findings[:_MOST_ROWS])
    return [
        Paragraph((Span(intro),)),
        Table(
            (Span("审核意见"),),
            tuple(text(title) for title, _ in _HEADS),
            rows,
            tuple(width for _, width in _HEADS),
            dense=True,
        ),
        Paragraph((Span(closing),)),
    ]


def _row(material: Material, finding: Finding) -> tuple[Cell, ...]:
    return (
        text_cell(patterns.SEVERITY_NAMES[finding.severity], "center"),
        text_cell(patterns.CODE_NAMES.get(finding.code, finding.code)),
        name_cell(place(finding) or _NO_PLACE.get(finding.code, "")),
        Cell(_about(material, finding)),
        _figures(material, finding),
    )


def place(finding: Finding) -> str:
    """File, sheet and cell as one name."""
    parts = (finding.file, f"〔{finding.sheet}〕" if finding.sheet else "", finding.cell)
    return " ".join(part for part in parts if part)


def period_name(text_of_period: str) -> str:
    """A period id as people write it; anything else as it stands."""
    try:
        return print_period(Period.from_id(text_of_period))
    except PeriodError:
        return text_of_period


def _about(material: Material, finding: Finding) -> Spans:
    names = material.rulebook.names_of(t for t in (finding.org, finding.indicator) if t)
    parts = [name(each) for each in names]
    if finding.period:
        parts.append((Span(period_name(finding.period), "period"),))
    return joined(parts, "，") or text("—")


def _figures(material: Material, finding: Finding) -> Cell:
    """The figures the finding is about, as received, at most three of them."""
    seen = [material.figures.get(obs_id) for obs_id in finding.obs_ids]
    printed = [as_received(obs) for obs in seen if obs is not None and obs.value is not None]
    if not printed:
        return absent_cell()
    more = text("等") if len(printed) > 3 else ()
    return Cell((*joined(printed[:3], "、"), *more))


def as_received(obs: Observation) -> Spans:
    """The cell's text and unit as they were received, the numeral keyed."""
    spans: list[Span] = []
    start = 0
    for match in _NUMERAL.finditer(obs.value_given):
        spans += _words(obs.value_given[start : match.start()])
        spans.append(Span(match.group(), "figure", obs.obs_id))
        start = match.end()
    spans += _words(obs.value_given[start:])
    if not obs.value_given.endswith(obs.unit_given):
        spans += name(obs.unit_given)
    return tuple(spans)


def _words(between: str) -> Spans:
    return text(between) if between else ()
