"""Why a figure is not there: held back, late, not due, or not published."""

from __future__ import annotations

from collections.abc import Iterable

from diaodu.engine.ground.records import Measure
from diaodu.engine.report.document import Cell, Span, Spans, joined
from diaodu.engine.report.material import Material
from diaodu.engine.report.spans import figure_cell, name, text_cell
from diaodu.engine.rules.models import Indicator

HELD, LATE, NOT_DUE, NOT_PUBLISHED = "暂扣", "逾期未报", "未到期", "未发布"
RATE_ONLY = "只发增速"
NO_BASE = "无同期数"


def why(material: Material, indicator: Indicator, org: str, facets: Iterable[str]) -> str:
    """The reason why the org has no figure of these facets for the indicator's period."""
    period = material.period_of(indicator).id
    wanted = set(facets)
    if any(
        seen.held and seen.period == period and seen.facet in wanted
        for seen in material.figures.of(indicator.id, org)
    ):
        return HELD
    if (indicator.id, org, period) in material.late:
        return LATE
    verdict = material.verdict(indicator.id, org)
    return NOT_DUE if verdict is not None and verdict.light == "not_due" else NOT_PUBLISHED


def by_reason(reasons: Iterable[tuple[str, str]], most: int) -> Spans:
    """(name, reason) as “月湾乡逾期未报；云岭镇、石桥镇暂扣”, at most so many names each."""
    named: dict[str, list[str]] = {}
    for who, reason in reasons:
        named.setdefault(reason, []).append(who)
    return joined([_named(reason, names, most) for reason, names in named.items()], "；")


def _named(reason: str, names: list[str], most: int) -> Spans:
    told = joined([name(each) for each in names[:most]], "、")
    return (*told, Span(("等" if len(names) > most else "") + reason))


def level_cell(material: Material, indicator: Indicator, org: str) -> Cell:
    """The level; 只发增速 where there never is one; why it is not there."""
    if indicator.is_rate_only:
        return text_cell(RATE_ONLY, "center")
    level = material.book.get(indicator.id, org, "value")
    if _is_absent(level):
        return text_cell(why(material, indicator, org, ("level",)), "center")
    return figure_cell(level)


def growth_cell(material: Material, indicator: Indicator, org: str) -> Cell:
    """The growth that is printed, its word, or why it is not there."""
    growth = material.growth(indicator.id, org)
    if growth is not None and not _is_absent(growth):
        return figure_cell(growth)
    facets = [each for each in ("growth", "level") if each in indicator.facets]
    reason = why(material, indicator, org, facets)
    has_level = not _is_absent(material.book.get(indicator.id, org, "value"))
    if has_level and growth is None and reason == NOT_PUBLISHED:
        return text_cell(NO_BASE, "center")
    return text_cell(reason, "center")


def _is_absent(measure: Measure | None) -> bool:
    return measure is None or (measure.value is None and measure.word in (None, "not_published"))
