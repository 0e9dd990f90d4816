"""The layouts in which the invented offices send their figures; each gives grids or csv rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from diaodu.adapters.demo_county import plan
from diaodu.adapters.demo_county.figures import Ledger, county_ids, filed_periods, township_ids
from diaodu.adapters.demo_county.grids import Grid, Number, Value, grouped
from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.ground.quantity import round_half_up
from diaodu.engine.rules.calendar import is_filed, previous_filed
from diaodu.engine.rules.models import Indicator

NONE = "—"
FICTION = "示意数据，均为虚构"
_STUB_MARKS = {"tax": "其中：", "retail_above": "其中：", "exports": "　　"}


def level(ledger: Ledger, indicator: str, org: str, period: Period) -> Value:
    """The level as a numeric cell in the org's unit, or a dash."""
    found = ledger.levels.get((indicator, org, _own(ledger, indicator, period)))
    return NONE if found is None else Number(found, _decimals(ledger, indicator, org))


def growth(ledger: Ledger, indicator: str, org: str, period: Period) -> Value:
    found = ledger.growths.get((indicator, org, _own(ledger, indicator, period)))
    return NONE if found is None else Number(found, 1)


def _own(ledger: Ledger, indicator: str, period: Period) -> Period:
    """The indicator's own period for a table of this month: a stock stands at its end."""
    basis = ledger.book.indicators[indicator].basis
    return period.last_month() if basis == "stock" else period.ytd()


def _decimals(ledger: Ledger, indicator: str, org: str) -> int:
    if (indicator, org) in ledger.units:
        return 0
    return ledger.book.indicators[indicator].decimals


def due_ids(ledger: Ledger, ids: Sequence[str], period: Period) -> list[str]:
    """Those of the indicators that have a figure for a table of this month."""
    return [
        name for name in ids if is_filed(ledger.book.indicators[name], _own(ledger, name, period))
    ]


# -- (a) the county's table: indicators down, two-row header ----------------------------------


def county_table(ledger: Ledger, period: Period, ids: Sequence[str]) -> Grid:
    """指标名称 | 计量单位 | 本月 | 累计: 总量, 同比, 位次; headings by field, notes below."""
    grid = Grid("主要指标")
    printed = print_period(period)
    grid.span(0, 0, 0, 5, f"示例县{printed}主要经济指标完成情况")
    grid.put(1, 0, f"编制：县统计局（{FICTION}）")
    for col, text in enumerate(("指标名称", "计量单位", "本月")):
        grid.span(2, col, 3, col, text)
    grid.span(2, 3, 2, 5, print_period(period, with_year=False))
    for col, text in enumerate(("累计", "同比增速（%）", "全市增速位次"), start=3):
        grid.put(3, col, text)
    row = 4
    heading = ""
    for name in ids:
        known = ledger.book.indicators[name]
        if known.field != heading:
            heading = known.field or ""
            grid.put(row, 0, f"【{heading}】")
            row += 1
        _county_row(grid, row, ledger, known, period)
        row += 1
    grid.put(row, 0, "注：1.只发布增速的指标，“累计”栏不填；不排位次的不填位次。")
    grid.put(row + 1, 0, "　　2.1月与2月合并发布的指标，不单列1月数。")
    return grid


def _county_row(grid: Grid, row: int, ledger: Ledger, known: Indicator, period: Period) -> None:
    name, org = known.id, plan.COUNTY
    grid.put(row, 0, _STUB_MARKS.get(name, "") + known.name)
    grid.put(row, 1, known.unit)
    if known.has_level:
        if known.basis in ("ytd", "count"):
            grid.put(row, 2, _month_figure(ledger, known, period))
        grid.put(row, 3, level(ledger, name, org, period), (name, org, "level"))
    grid.put(row, 4, growth(ledger, name, org, period), (name, org, "growth"))
    _put_rank(grid, row, 5, ledger, name, org, period)


def _month_figure(ledger: Ledger, known: Indicator, period: Period) -> Value:
    """The month's own figure, where the month before was published."""
    if known.cadence != "month":
        return NONE
    before = previous_filed(known, period)
    if before.year != period.year:
        return NONE if period.month > 1 else level(ledger, known.id, plan.COUNTY, period)
    levels = ledger.levels
    own = levels[known.id, plan.COUNTY, period.ytd()] - levels[known.id, plan.COUNTY, before]
    return Number(own, known.decimals)


def _put_rank(
    grid: Grid, row: int, col: int, ledger: Ledger, name: str, org: str, period: Period
) -> None:
    """The place among the counties; blank for what is not ranked."""
    counties = county_ids(ledger.book)
    if name in plan.COMPARED and org in counties and (name, org, period.ytd()) in ledger.growths:
        place = ledger.rank(name, period.ytd(), counties, org)
        grid.put(row, col, Number(Decimal(place), 0), (name, org, "rank_growth"))


# -- (b) the townships' matrix: orgs down, indicators across ----------------------------------


def township_matrix(
    ledger: Ledger, period: Period, ids: Sequence[str], left_out: Sequence[str] = ()
) -> Grid:
    """序号 | 单位 | 指标: 累计, 增速; money in 万元, some columns typed as text."""
    grid = Grid("乡镇（街道）")
    columns = list(_matrix_columns(ledger, ids))
    grid.span(
        0, 0, 0, 1 + len(columns), f"示例县{print_period(period)}各乡镇（街道）主要经济指标完成情况"
    )
    grid.put(1, 0, f"说明：{FICTION}")
    grid.put(1, 1 + len(columns), "单位：万元")
    grid.span(2, 0, 3, 0, "序号")
    grid.span(2, 1, 3, 1, "单位名称")
    for name in dict.fromkeys(name for name, _ in columns):
        places = [2 + i for i, (other, _) in enumerate(columns) if other == name]
        grid.span(2, places[0], 2, places[-1], _matrix_header(ledger, name))
    for col, (name, facet) in enumerate(columns, start=2):
        end = "期末" if ledger.book.indicators[name].basis == "stock" else "累计"
        grid.put(3, col, end if facet == "level" else "增速（%）")
    orgs = [org for org in township_ids(ledger.book) if org not in left_out]
    for row, org in enumerate(orgs, start=4):
        grid.put(row, 0, str(row - 3))
        grid.put(row, 1, _spaced(ledger.book.orgs[org].name))
        for col, (name, facet) in enumerate(columns, start=2):
            value = (level if facet == "level" else growth)(ledger, name, org, period)
            if name in ("industry_output", "outside_funds") and isinstance(value, Number):
                value = grouped(value.value, value.decimals)
            grid.put(row, col, value, (name, org, facet))
    grid.put(4 + len(orgs), 0, "注：①含代管的两个村。")
    return grid


def _matrix_columns(ledger: Ledger, ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    for name in ids:
        yield name, "level"
        if "growth" in ledger.book.indicators[name].facets:
            yield name, "growth"


def _matrix_header(ledger: Ledger, name: str) -> str:
    """What is not in 万元 says so in its header."""
    known = ledger.book.indicators[name]
    money = ledger.unit(name, township_ids(ledger.book)[0]) == "万元"
    return known.name if money else f"{known.name}（{known.unit}）"


def _spaced(name: str) -> str:
    """Names of three characters are spread out; the first street has a footnote mark."""
    if name == "城东街道":
        return name + "①"
    return " ".join(name) if len(name) == 3 else name


# -- (c) history of the townships: one indicator a sheet, orgs down, periods across -----------


def township_history(ledger: Ledger, ids: Sequence[str], last_year: int) -> list[Grid]:
    grids: list[Grid] = []
    for name in ids:
        known = ledger.book.indicators[name]
        grid = Grid(known.name)
        periods = [p for p in filed_periods(known, plan.FIRST_MONTH) if p.year <= last_year]
        grid.span(0, 0, 0, len(periods), f"各乡镇（街道）{known.name}历史数据（{FICTION}）")
        unit = ledger.unit(name, township_ids(ledger.book)[0])
        grid.put(1, 0, f"单位：{unit}")
        _year_header(grid, periods, 1)
        for row, org in enumerate(township_ids(ledger.book), start=4):
            grid.put(row, 0, ledger.book.orgs[org].name)
            for col, period in enumerate(periods, start=1):
                grid.put(row, col, level(ledger, name, org, period))
        grids.append(grid)
    return grids


def _year_header(grid: Grid, periods: Sequence[Period], left: int) -> None:
    """Two rows: the year over its periods; rows 2 and 3."""
    grid.span(2, 0, 3, 0, "单位名称" if left == 1 else "指标名称")
    for year in dict.fromkeys(period.year for period in periods):
        cols = [left + i for i, period in enumerate(periods) if period.year == year]
        grid.span(2, cols[0], 2, cols[-1], f"{year}年")
    for col, period in enumerate(periods, start=left):
        grid.put(3, col, print_period(period, with_year=False))


# -- history of the county: indicators down, periods across -----------------------------------


def county_history(ledger: Ledger, ids: Sequence[str], last_year: int) -> list[Grid]:
    """One sheet for levels, one for growths; a blank where nothing is published."""
    months = [
        Period.of_months(year, 1, month)
        for year in range(plan.FIRST_MONTH[0], last_year + 1)
        for month in range(1, 13)
        if (year, month) >= plan.FIRST_MONTH
    ]
    grids: list[Grid] = []
    for facet, text in (("level", "总量"), ("growth", "同比增速")):
        grid = Grid(text)
        grid.span(0, 0, 0, 1 + len(months), f"示例县主要经济指标{text}历史数据（{FICTION}）")
        grid.span(2, 1, 3, 1, "计量单位")
        _year_header(grid, months, 2)
        chosen = [name for name in ids if facet in ledger.book.indicators[name].facets]
        for row, name in enumerate(chosen, start=4):
            known = ledger.book.indicators[name]
            grid.put(row, 0, known.name)
            grid.put(row, 1, "%" if facet == "growth" else known.unit)
            for col, period in enumerate(months, start=2):
                value = (level if facet == "level" else growth)(ledger, name, plan.COUNTY, period)
                if value != NONE and is_filed(known, _own(ledger, name, period)):
                    grid.put(row, col, value)
        grids.append(grid)
    return grids


# -- (d) long csv -----------------------------------------------------------------------------

CSV_HEADER = ("单位", "指标", "统计期", "数值", "计量单位")


def csv_rows(
    ledger: Ledger, orgs: Sequence[str], ids: Sequence[str], periods: Sequence[Period]
) -> Iterator[tuple[str, ...]]:
    """One figure a row; a growth is named in the indicator's cell."""
    yield CSV_HEADER
    for name in ids:
        known = ledger.book.indicators[name]
        for org in orgs:
            for period in periods:
                if not is_filed(known, _own(ledger, name, period)):
                    continue
                where = (ledger.book.orgs[org].name, print_period(_own(ledger, name, period)))
                figure = level(ledger, name, org, period)
                if isinstance(figure, Number):
                    text = f"{figure.value:.{figure.decimals}f}"
                    yield (where[0], known.name, where[1], text, ledger.unit(name, org))
                rate = growth(ledger, name, org, period)
                if isinstance(rate, Number):
                    printed = known.name if known.is_rate_only else f"{known.name}增速"
                    yield (where[0], printed, where[1], f"{rate.value:.1f}", "%")


# -- (e) the city's comparison: counties down, growth and rank across --------------------------


def comparison(ledger: Ledger, period: Period, ids: Sequence[str]) -> Grid:
    grid = Grid("县区对比")
    columns: list[tuple[str, str]] = []
    for name in ids:
        if name in plan.COMPARED_LEVELS:
            columns.append((name, "level"))
        columns += [(name, "growth"), (name, "rank_growth")]
    printed = print_period(period)
    grid.span(0, 0, 0, len(columns), f"{printed}示例市各县（区）主要经济指标对比")
    grid.put(1, 0, f"编制：市统计局（{FICTION}）")
    grid.span(2, 0, 3, 0, "地区")
    for name in ids:
        places = [1 + i for i, (other, _) in enumerate(columns) if other == name]
        grid.span(2, places[0], 2, places[-1], ledger.book.indicators[name].name)
    for col, (name, facet) in enumerate(columns, start=1):
        unit = ledger.book.indicators[name].unit
        texts = {"level": f"总量（{unit}）", "growth": "增速（%）", "rank_growth": "全市增速位次"}
        grid.put(3, col, texts[facet])
    counties = county_ids(ledger.book)
    for row, org in enumerate((plan.NATION, plan.PROVINCE, plan.CITY, *counties), start=4):
        grid.put(row, 0, ledger.book.orgs[org].name)
        for col, (name, facet) in enumerate(columns, start=1):
            if facet == "rank_growth":
                _put_rank(grid, row, col, ledger, name, org, period)
            elif facet == "growth":
                grid.put(row, col, growth(ledger, name, org, period), (name, org, facet))
            elif (name, org, period) in ledger.levels:
                grid.put(row, col, level(ledger, name, org, period), (name, org, facet))
    return grid


# -- (f) small sheets of departments ----------------------------------------------------------


def department_sheet(
    ledger: Ledger, period: Period, ids: Sequence[str], org: str, sender: str
) -> Grid:
    """指标名称 | 计量单位 | 累计 (or 期末) | 同比增速, about one org named in the title."""
    grid = Grid("Sheet1")
    name_of = ledger.book.orgs[org].name
    grid.span(0, 0, 0, 3, f"{name_of}{print_period(period)}有关指标情况")
    grid.put(1, 0, f"报送：{sender}（{FICTION}）")
    stock = any(ledger.book.indicators[name].basis == "stock" for name in ids)
    headers = ("指标名称", "计量单位", "期末数" if stock else "累计", "同比增速（%）")
    for col, text in enumerate(headers):
        grid.put(2, col, text)
    for row, name in enumerate(ids, start=3):
        known = ledger.book.indicators[name]
        grid.put(row, 0, known.name)
        grid.put(row, 1, ledger.unit(name, org))
        grid.put(row, 2, level(ledger, name, org, period), (name, org, "level"))
        grid.put(row, 3, growth(ledger, name, org, period), (name, org, "growth"))
    return grid


def one_indicator(ledger: Ledger, period: Period, name: str, orgs: Sequence[str]) -> Grid:
    """One indicator and one period in the title; orgs down, facets across."""
    known = ledger.book.indicators[name]
    grid = Grid("Sheet1")
    grid.span(0, 0, 0, 2, f"{print_period(period)}{known.name}情况表")
    grid.put(1, 0, FICTION)
    grid.put(1, 2, f"单位：{ledger.unit(name, orgs[0])}")
    for col, text in enumerate(("单位名称", "累计", "同比增速（%）")):
        grid.put(2, col, text)
    for row, org in enumerate(orgs, start=3):
        grid.put(row, 0, ledger.book.orgs[org].name)
        grid.put(row, 1, level(ledger, name, org, period), (name, org, "level"))
        if "growth" in known.facets:
            grid.put(row, 2, growth(ledger, name, org, period), (name, org, "growth"))
    return grid


def recognised(ledger: Ledger, period: Period, name: str, parts: Mapping[str, Decimal]) -> Grid:
    """What orgs reported and what was recognised of it, only where the two differ. `parts`: org
    → per cent recognised."""
    known = ledger.book.indicators[name]
    grid = Grid("认定")
    grid.span(0, 0, 0, 2, f"{print_period(period)}{known.name}认定情况表")
    grid.put(1, 0, f"县招商服务中心（{FICTION}）")
    grid.put(1, 2, f"单位：{ledger.unit(name, next(iter(parts)))}")
    for col, text in enumerate(("单位名称", "自报数", "认定数")):
        grid.put(2, col, text)
    for row, (org, percent) in enumerate(parts.items(), start=3):
        own = ledger.levels[name, org, period]
        grid.put(row, 0, ledger.book.orgs[org].name)
        grid.put(row, 1, Number(own, 0), (name, org, "self"))
        grid.put(
            row, 2, Number(round_half_up(own * percent / 100, 0), 0), (name, org, "recognised")
        )
    grid.put(3 + len(parts), 0, "注：只列自报数与认定数不一致的单位。")
    return grid


# -- (g) targets ------------------------------------------------------------------------------

TARGET_HEADER = (
    "指标", "单位", "年份", "层级", "类型", "比较", "目标值", "计量单位", "容差", "下达单位",
    "文号",
)  # fmt: skip


def target_grid(ledger: Ledger, year: int) -> Grid:
    grid = Grid(f"{year}年目标")
    for col, text in enumerate(TARGET_HEADER):
        grid.put(0, col, text)
    for row, cells in enumerate(_targets(ledger, year), start=1):
        for col, text in enumerate(cells):
            if text:
                grid.put(row, col, text, (cells[0], cells[1], TARGET_HEADER[col]))
    return grid


def _targets(ledger: Ledger, year: int) -> Iterator[tuple[str, ...]]:
    issuers = {"上级下达": ("示例市", f"示例市政发〔{year}〕1号"),
               "本级自定": ("示例县", f"示例县发〔{year}〕1号")}  # fmt: skip
    second = year == plan.LAST_YEAR
    county = ledger.book.orgs[plan.COUNTY].name
    for name, tier, kind, comparator, earlier, now, unit, tolerance in plan.COUNTY_TARGETS:
        value = now if second else earlier
        printed = ledger.book.indicators[name].name
        yield (printed, county, str(year), tier, kind, comparator, value or "未下达", unit,
               tolerance, *issuers[tier])  # fmt: skip
    for name, totals in plan.SHARED_TARGETS.items():
        printed = ledger.book.indicators[name].name
        unit = ledger.unit(name, township_ids(ledger.book)[0])
        whole = totals[1] if second else totals[0]
        if name != "new_firms":
            yield (printed, county, str(year), "上级下达", "总量", "达到", str(whole), unit, "",
                   *issuers["上级下达"])  # fmt: skip
        for org, part in _parts(ledger, name, whole, year).items():
            yield (printed, ledger.book.orgs[org].name, str(year), "上级下达", "总量", "达到",
                   str(part), unit, "", "示例县", f"示例县政办发〔{year}〕3号")  # fmt: skip


def _parts(ledger: Ledger, name: str, whole: int, year: int) -> dict[str, int]:
    """Whole numbers in proportion to the year before; what rounding leaves goes to the largest."""
    base = Period.of_months(year - 1, 1, 12)
    sizes = {org: int(ledger.levels[name, org, base]) for org in township_ids(ledger.book)}
    total = sum(sizes.values())
    parts = {org: max(whole * size // total, 1) for org, size in sizes.items()}
    largest = max(parts, key=lambda org: parts[org])
    parts[largest] += whole - sum(parts.values())
    return parts
