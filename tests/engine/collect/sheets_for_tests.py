"""Small grids and a small rulebook for the tests of collect."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from diaodu.engine.collect.sheet import Cell, Mark, Merge, Sheet, Workbook
from diaodu.engine.rules.models import Code, Indicator, Org, Source
from diaodu.engine.rules.rulebook import Rulebook

DAY = date(2023, 6, 12)


def cell(row: int, col: int, value: object, marks: Mapping[tuple[int, int], Mark]) -> Cell:
    """A str stays text, an int or Decimal becomes a number shown as it is."""
    mark = marks.get((row, col), Mark.NONE)
    if isinstance(value, Cell):
        return value._replace(row=row, col=col)
    if isinstance(value, (int, Decimal)):
        return Cell(row, col, Decimal(value), str(value), mark)
    if isinstance(value, date):
        return Cell(row, col, value, value.isoformat(), mark)
    if mark & (Mark.ERROR | Mark.NO_CACHE):
        return Cell(row, col, None, str(value), mark)
    return Cell(row, col, str(value), str(value), mark | Mark.TEXT)


def num(text: str) -> Cell:
    """A number cell shown as `text`: 8.30% is the number 8.30 with the percent mark."""
    if text.endswith("%"):
        return Cell(0, 0, Decimal(text[:-1]), text, Mark.PERCENT)
    return Cell(0, 0, Decimal(text.replace(",", "")), text, Mark.NONE)


def sheet(
    rows: Sequence[Sequence[object]],
    name: str = "Sheet1",
    merges: Sequence[tuple[int, int, int, int]] = (),
    marks: Mapping[tuple[int, int], Mark] | None = None,
    hidden: bool = False,
    down: int = 0,
    right: int = 0,
) -> Sheet:
    """A sheet from rows of values; None and "" are empty. `down`/`right` move it."""
    marks = marks or {}
    cells = [
        cell(r, c, value, marks)._replace(row=r + down, col=c + right)
        for r, row in enumerate(rows)
        for c, value in enumerate(row)
        if value is not None and value != ""
    ]
    moved = [Merge(t + down, le + right, b + down, ri + right) for t, le, b, ri in merges]
    return Sheet(name, tuple(cells), tuple(moved), hidden)


def book(*sheets: Sheet, file: str = "报表.xlsx", day: date = DAY) -> Workbook:
    return Workbook(f"{day.isoformat()}/{file}", "0" * 64, day, sheets)


ORGS = [
    Org(id="cn", name="全国", level="nation", aliases=("中国",)),
    Org(id="sc", name="四川省", level="province", parent="cn"),
    Org(id="gs", name="甘肃省", level="province", parent="cn"),
    Org(id="shi", name="示例市", level="city", parent="sc", codes=(Code(code="519900"),)),
    Org(id="shi2", name="另一市", level="city", parent="gs"),
    Org(id="xian", name="示例县", level="county", parent="shi", aliases=("本县",)),
    Org(id="xian2", name="邻县", level="county", parent="shi"),
    Org(id="guang", name="广县", level="county", parent="shi", codes=(Code(code="519921"),)),
    Org(id="guang2", name="广县", level="county", parent="shi2", codes=(Code(code="629921"),)),
    Org(id="jia", name="甲镇", level="township", parent="xian"),
    Org(id="yi", name="乙镇", level="township", parent="xian"),
    Org(id="bing", name="丙街道", level="township", parent="xian", aliases=("丙街",)),
    Org(id="fgj", name="发改局", level="department", parent="xian"),
]
INDICATORS = [
    Indicator(id="gdp", name="地区生产总值", aliases=("GDP", "生产总值"), unit="亿元", basis="ytd",
              cadence="quarter", price="real"),
    Indicator(id="fai", name="固定资产投资", aliases=("固投", "全社会固定资产投资"), unit="亿元",
              basis="ytd", january="merged", owner="fgj", field="投资"),
    Indicator(id="iva", name="规上工业增加值", aliases=("规模以上工业增加值",), unit="亿元",
              basis="rate", facets=("growth",), january="merged", field="工业"),
    Indicator(id="retail", name="社会消费品零售总额", aliases=("社零", "社零总额"), unit="亿元",
              basis="ytd", price="current", january="merged"),
    Indicator(id="loans", name="各项贷款余额", unit="亿元", basis="stock"),
    Indicator(id="power", name="工业用电量", unit="万千瓦时", basis="month"),
    Indicator(id="firms", name="规上工业企业数", unit="户", basis="count"),
]  # fmt: skip


def rulebook(
    *sources: Source, orgs: Sequence[Org] = (), indicators: Sequence[Indicator] = ()
) -> Rulebook:
    all_orgs = orgs or ORGS
    all_indicators = indicators or INDICATORS
    return Rulebook(
        "test", {o.id: o for o in all_orgs}, {i.id: i for i in all_indicators}, sources=sources
    )
