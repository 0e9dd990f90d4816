"""A chart of a page: what is drawn, what is said beside it, and the same as an Excel file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from diaodu.adapters.chart_xlsx import Drawn, chart_xlsx
from diaodu.web.shared.downloads import excel

Spec = dict[str, Any]


@dataclass(frozen=True, slots=True)
class About:
    """What the charts of a page are of. `url`: the page, with its query."""

    org: str
    what: str
    period: str
    run: str
    as_of: date
    url: str

    @property
    def told(self) -> str:
        day = f"数据截至{self.as_of.year}年{self.as_of.month}月{self.as_of.day}日"
        parts = (self.org, self.what, self.period, day, self.run)
        return "　".join(one for one in parts if one)

    @property
    def name(self) -> str:
        return "-".join(one for one in (self.org, self.what, self.period, self.run) if one)


@dataclass(frozen=True, slots=True)
class Chart:
    """`id` of its JSON block, unique on the page; `spec` as docs/look.md says."""

    id: str
    spec: Spec
    heading: str
    unit: str
    about: About

    @property
    def file(self) -> str:
        return f"{self.about.name}-{self.heading}"

    @property
    def xlsx_url(self) -> str:
        joint = "&" if "?" in self.about.url else "?"
        return f"{self.about.url}{joint}chart={self.id}"

    @property
    def said(self) -> str:
        """The chart in words, for those who do not see it."""
        if told := self.spec.get("said"):
            return str(told)
        ends = [one["end"] for one in self.spec.get("series", ()) if one.get("end")]
        parts = [f"{name}{shown}" for name, _, shown in self.spec.get("parts", ())]
        return "，".join([self.heading, *ends, *parts, "数字见表"])


def chart_book(request: HttpRequest, charts: Iterable[Chart | None]) -> HttpResponseBase | None:
    """The Excel file of the chart that the address asks for; None where it asks for the page."""
    asked = request.GET.get("chart")
    if asked is None:
        return None
    for chart in charts:
        if chart is not None and chart.id == asked:
            content = chart_xlsx(_drawn(chart), on=chart.about.as_of)
            return excel(f"{chart.file}.xlsx", content)
    raise Http404("这一页没有这张图")


def _drawn(chart: Chart) -> Drawn:
    kind = chart.spec["kind"]
    sheet = _KINDS[kind](chart) if kind in _KINDS else chart.spec["sheet"]
    return Drawn(
        title=chart.heading, unit=chart.unit, note=chart.about.told, shape=sheet["shape"],
        heads=tuple(sheet["heads"]), rows=tuple(map(tuple, sheet["rows"])),
        plots=tuple(sheet["plots"]),
    )  # fmt: skip


_ROLES = ("self", "last", "peer", "pace", "need")  # as on the page


def _of_months(chart: Chart) -> dict[str, Any]:
    """A row each month that a line has a point in; a level to reach is a line of its own."""
    lines, ticks = chart.spec["series"], chart.spec["ticks"]
    levels = chart.spec.get("levels", ())
    heads = ["月份", *(one["name"] for one in lines), *(name for _, name in levels)]
    decimals = max(_decimals(point[1]) for one in lines if one["role"] == "self"
                   for point in one["points"])  # fmt: skip
    at = [{month: shown for month, shown, _ in one["points"]} for one in lines]
    months = sorted({month for points in at for month in points})
    rows = [
        [
            ticks.get(str(month), f"{month}月"),
            *(_to(points.get(month), decimals) for points in at),
            *(level for level, _ in levels),
        ]
        for month in months
    ]
    # Looks are given in the order of drawing: the first is the heavy one.
    drawn = sorted(range(len(lines)), key=lambda place: _ROLES.index(lines[place]["role"]))
    plots = [*(place + 1 for place in drawn), *range(len(lines) + 1, len(heads))]
    return {"shape": "line", "heads": heads, "rows": rows, "plots": plots}


def _decimals(shown: str | None) -> int:
    return len((shown or "").partition(".")[2])


def _to(number: str | None, decimals: int) -> str:
    """A place on a drawn line with as many decimals as the figures have: no figure itself."""
    return "" if number is None else f"{Decimal(number):.{decimals}f}"


def _of_waterfall(chart: Chart) -> dict[str, Any]:
    parts = [*chart.spec["parts"], chart.spec["total"]]
    heads = ["项", f"增减（{chart.unit}）" if chart.unit else "增减"]
    rows = [[name, number] for name, number, _ in parts]
    return {"shape": "column", "heads": heads, "rows": rows, "plots": [1]}


_KINDS = {"months": _of_months, "waterfall": _of_waterfall}
