"""The month's bulletin, put together by the outline."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from diaodu.engine.ground.period import print_period
from diaodu.engine.report.annex import annex
from diaodu.engine.report.behind import behind
from diaodu.engine.report.comparison import comparison
from diaodu.engine.report.document import (
    Block,
    Document,
    Heading,
    Note,
    PageTurn,
    Paragraph,
    Span,
    Spans,
    Table,
    Title,
)
from diaodu.engine.report.duties import duties
from diaodu.engine.report.headlines import headlines
from diaodu.engine.report.material import Material
from diaodu.engine.report.rankings import on_paper, rankings
from diaodu.engine.report.spans import name
from diaodu.engine.report.structure import structure

_ORDINALS = "一二三四五六七八九十"
_FIELD = re.compile(r"\{(org|period|year|month)\}")


def bulletin(material: Material) -> Document:
    """Title, notes, the outline's sections, signature and day."""
    blocks: list[Block] = [Title(_printed(material, material.outline.title))]
    for line in (material.outline.document, material.outline.note):
        if line:
            blocks.append(Note(_printed(material, line)))
    for ordinal, section in zip(_ORDINALS, _sections(material), strict=False):
        heading, make = _SECTIONS[section]
        made: list[Block] = [Heading(1, (Span(f"{ordinal}、{heading}"),)), *make(material)]
        is_wide = any(isinstance(block, Table) and block.wide for block in made)
        blocks += [PageTurn(True), *made, PageTurn(False)] if is_wide else made
    if isinstance(blocks[-1], Paragraph):
        blocks[-1] = replace(blocks[-1], keep=True)  # nobody signs an empty page
    return Document((*blocks, *_signature(material)))


def _sections(material: Material) -> list[str]:
    """Those of the outline; what became of the duties stands there when it was handed over, before
    the findings where the outline has no place for it."""
    named: list[str] = list(material.outline.sections)
    if material.duties is None:
        return [section for section in named if section != "duties"]
    if "duties" not in named:
        at = named.index("findings") if "findings" in named else len(named)
        named.insert(at, "duties")
    return named


def _headlines(material: Material) -> list[Block]:
    return list(headlines(material))


def _comparison(material: Material) -> list[Block]:
    return [comparison(material)]


def _structure(material: Material) -> list[Block]:
    return list(structure(material)) or [Paragraph((Span("本期没有结构和走势方面的计算结果。"),))]


def _rankings(material: Material) -> list[Block]:
    found = rankings(material)
    if not found:
        return [Paragraph((Span("所属单位没有可以排名的数字。"),))]
    return [block for ranking in found for block in on_paper(ranking)]


def _behind(material: Material) -> list[Block]:
    return list(behind(material))


def _duties(material: Material) -> list[Block]:
    return list(duties(material))


def _findings(material: Material) -> list[Block]:
    return list(annex(material))


_SECTIONS: dict[str, tuple[str, Callable[[Material], list[Block]]]] = {
    "headlines": ("主要指标完成情况", _headlines),
    "comparison": ("主要指标对照", _comparison),
    "structure": ("结构与走势", _structure),
    "rankings": ("位次", _rankings),
    "behind": ("落后指标与欠账", _behind),
    "duties": ("上期交办事项落实情况", _duties),
    "findings": ("审核意见", _findings),
}


def _printed(material: Material, template: str) -> Spans:
    """A line of the outline with {org}, {period}, {year}, {month} filled in."""
    span = material.period.ytd()
    fields = {
        "org": Span(material.org.name, "name"),
        "period": Span(print_period(span, named=True), "period"),
        "year": Span(str(span.year), "period"),
        "month": Span(str(span.month), "period"),
    }
    found: list[Span] = []
    for index, part in enumerate(_FIELD.split(template)):
        if index % 2:
            found.append(fields[part])
        elif part:
            found.extend(name(part))
    return tuple(found)


def _signature(material: Material) -> list[Block]:
    """An empty line, who issues it, the day."""
    day = material.as_of
    lines: list[Block] = [Paragraph((), keep=True)]
    if material.outline.issuer:
        lines.append(Paragraph(name(material.outline.issuer), "sign", keep=True))
    words = f"{day.year}年{day.month}月{day.day}日"
    return [*lines, Paragraph((Span(words, "period"),), "sign")]
