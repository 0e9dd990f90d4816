"""Small multiples: one growth line a unit or an indicator, all on one declared scale."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from django.http import Http404

from diaodu.engine.ground.period import Period
from diaodu.engine.report.material import whole
from diaodu.engine.report.spans import is_numeric
from diaodu.engine.rules.models import Indicator
from diaodu.web.board.queries.charted import about
from diaodu.web.board.queries.choosing import Chosen
from diaodu.web.board.queries.ranking import below_of
from diaodu.web.board.queries.table import indicator_url
from diaodu.web.runs import queries as runs
from diaodu.web.runs.queries import RowView
from diaodu.web.shared.access import Access
from diaodu.web.shared.charts import Chart
from diaodu.web.shared.templatetags.figures import figure, light

_YEAR = 12
_STEP = Decimal(5)


@dataclass(frozen=True, slots=True)
class Cell:
    """One small chart, and its line in the table. `word` stands where nothing can be drawn."""

    name: str
    url: str
    light: str
    points: dict[int, str]
    word: str
    lamp: Any = ""


@dataclass(frozen=True)
class Multiples:
    """`months`: those some cell has a point in, with what stands over their column."""

    title: str
    cells: Sequence[Cell]
    months: Sequence[tuple[int, str]]
    chart: Chart | None
    scale: str
    period: str
    year: int

    @property
    def rows(self) -> list[tuple[Cell, list[str]]]:
        """For the table: each cell's growth in every month, as printed."""
        return [
            (one, [figure(one.points[at]) if at in one.points else "" for at, _ in self.months])
            for one in self.cells
        ]


def of_indicator(
    chosen: Chosen, access: Access, now: datetime, indicator_id: str, url: str
) -> Multiples:
    """One indicator, a chart a unit below. Raises Http404 for an indicator nobody knows."""
    indicator = chosen.rulebook.indicators.get(indicator_id)
    if indicator is None:
        raise Http404("没有这个指标")
    rows = runs.rows(chosen.run, access, now, indicator=indicator_id)
    below = below_of(chosen, rows)
    if not below and not any(row.org_id == chosen.org.id for row in rows):
        raise Http404("这次运行里没有这个单位的这个指标")
    year = _year(below, chosen)
    cells = [_cell(chosen, row, row.org.name, year) for row in below]
    title = f"{indicator.name}累计增速，分单位"
    return _made(
        chosen, title, cells, indicator.name, url, year, _merged([indicator])
    )  # fmt: skip


def of_org(chosen: Chosen, access: Access, now: datetime, url: str) -> Multiples:
    """One org, a chart each headline indicator; of orgs without any, each indicator they have."""
    rows = runs.rows(chosen.run, access, now, org=chosen.org.id)
    headlines = {one.id for one in chosen.rulebook.headlines}
    told = [row for row in rows if row.indicator_id in headlines] or rows
    known = [row for row in told if row.indicator is not None]
    year = chosen.period.year
    cells = [_cell(chosen, row, row.indicator.name, year) for row in known if row.indicator]
    merged = _merged(row.indicator for row in known if row.indicator)
    title = f"{whole(chosen.org)}各项指标累计增速"
    return _made(chosen, title, cells, "各项指标", url, year, merged)


def _year(rows: Sequence[RowView], chosen: Chosen) -> int:
    return max((Period.from_id(row.period).year for row in rows), default=chosen.period.year)


def _merged(indicators: Iterable[Indicator]) -> bool:
    return all(one.january == "merged" for one in indicators)


def _cell(chosen: Chosen, row: RowView, name: str, year: int) -> Cell:
    points = {
        when.month: point.growth
        for point in row.series
        if (when := Period.from_id(point.period)).year == year
        and point.growth is not None and is_numeric(point.growth)
    }  # fmt: skip
    word = "" if points else (row.missing or "今年没有增速")
    lamp = light(row.light, row.light_name) if row.light and not row.embargoed else ""
    url = indicator_url(chosen, row.indicator_id, row.org_id)
    return Cell(name, url, row.light, points, word, lamp)


def _made(
    chosen: Chosen, title: str, cells: Sequence[Cell], what: str, url: str, year: int,
    merged: bool,
) -> Multiples:  # fmt: skip
    used = sorted({month for one in cells for month in one.points})
    months = [(at, "1—2月" if merged and at == 2 else f"{at}月") for at in used]
    drawn = [Decimal(text) for one in cells for text in one.points.values()]
    period = f"{year}年"
    if not drawn:
        return Multiples(title, cells, months, None, "", period, year)
    low, high = _scale(drawn)
    scale = f"{figure(low)}到{figure(high)}%"
    spec: dict[str, Any] = {
        "kind": "multiples", "low": str(low), "high": str(high), "months": _YEAR,
        "ticks": {str(at): name for at, name in months},
        "cells": [
            {
                "name": one.name, "light": one.light, "word": one.word, "url": one.url,
                "points": [[at, text, f"{figure(text)}%"] for at, text in one.points.items()],
            }
            for one in cells
        ],
        "said": f"{title}，每个小图同一刻度，{scale}，逐月的数字见下表",
        "sheet": {
            "shape": "line", "plots": list(range(1, len(cells) + 1)),
            "heads": ["月份", *(one.name for one in cells)],
            "rows": [
                [name, *(one.points.get(at, "") for one in cells)] for at, name in months
            ],
        },
    }  # fmt: skip
    of = about(chosen, what, period, url)
    chart = Chart("multiples", spec, title, f"%，同一刻度{scale}", of)
    return Multiples(title, cells, months, chart, scale, period, year)


def _scale(drawn: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """From zero or below to above all points, in steps of five."""
    low = (min(*drawn, Decimal(0)) / _STEP).to_integral_value(ROUND_FLOOR) * _STEP
    high = (max(*drawn, Decimal(0)) / _STEP).to_integral_value(ROUND_CEILING) * _STEP
    return low, high if high > low else low + _STEP
