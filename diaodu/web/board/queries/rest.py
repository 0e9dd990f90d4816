"""后N个月: what each target of the year still asks for, and which of last year's months make it
hard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from diaodu.engine.compute.base_curve import BaseMonth, Curve, Told, base_curve
from diaodu.engine.compute.rest_of_year import Means, faster, means
from diaodu.engine.ground.period import Period
from diaodu.engine.report.spans import is_numeric
from diaodu.engine.rules.models import Indicator
from diaodu.web.board.queries.table import target_digits, target_text
from diaodu.web.runs.queries import RowView, TargetView
from diaodu.web.shared.templatetags.figures import figure

_YEAR = 12
_NOT_BY_LEVEL = "不按总量"


@dataclass(frozen=True, slots=True)
class Need:
    """One target: its amount for the year, what is left, the mean of each month left, the growth
    of the months left; words where there is no number."""

    name: str
    asked: str
    left: str
    mean: str
    growth: str
    is_reached: bool


@dataclass(frozen=True, slots=True)
class Base:
    """A period of last year that is still to be held against."""

    months: str
    amount: str
    growth: str
    cumulative: str
    word: str
    is_high: bool


@dataclass(frozen=True, slots=True)
class Rest:
    """`title`: 后7个月. `says`: sentences under the table. `year`: last year's growth."""

    title: str
    months: str
    unit: str
    needs: tuple[Need, ...]
    says: tuple[str, ...]
    bases: tuple[Base, ...]
    has_amounts: bool
    year: str


def of_row(row: RowView, indicator: Indicator) -> Rest | None:
    """None where the year is over, or the figure does not run through the year."""
    now = Period.from_id(row.period)
    runs = indicator.is_flow or (indicator.is_rate_only and indicator.basis in _RUNNING)
    if row.embargoed or row.missing or now.month >= _YEAR or not runs:
        return None
    curve = _curve(row, indicator, now)
    needs, bases = tuple(_needs(row, indicator)), tuple(map(_base, curve.rest))
    if not needs and not bases:
        return None
    return Rest(
        title=f"后{_YEAR - now.month}个月", months=_span(now.month + 1, _YEAR),
        unit="" if indicator.is_rate_only else indicator.unit, needs=needs,
        says=tuple(_says(row, indicator, now)), bases=bases,
        has_amounts=any(one.amount for one in bases),
        year=figure(curve.year) if curve.year is not None else "",
    )  # fmt: skip


_RUNNING = ("ytd", "count", "rate")


def _span(first: int, last: int) -> str:
    return f"{first}月" if first == last else f"{first}—{last}月"


# -- targets ---------------------------------------------------------------------------------------


def _needs(row: RowView, indicator: Indicator) -> Iterator[Need]:
    for target in row.targets:
        left, mean = target.shortfall, target.mean_required
        growth = target.get("growth_needed")
        if target.value is None or (growth is None and mean is None):
            continue
        by_level = left is not None and left.is_number
        reached = by_level and left is not None and left.shown.startswith("-")
        yield Need(
            name=_named(target, indicator),
            asked=target_digits(target, indicator) if target.kind == "level" else "",
            left=figure(left.shown) if left is not None else _NOT_BY_LEVEL,
            mean="已达到" if reached else figure(mean.shown) if mean is not None else _NOT_BY_LEVEL,
            growth=figure(growth.shown) if growth is not None else "不算",
            is_reached=bool(reached),
        )  # fmt: skip


def _named(target: TargetView, indicator: Indicator) -> str:
    """上级下达：增长8.0%以上."""
    asked = target_text(target, indicator)
    return f"{target.tier_name}：{'增长' if target.kind == 'growth' else ''}{asked}"


def _says(row: RowView, indicator: Indicator, now: Period) -> Iterator[str]:
    told = _means(row, indicator, now)
    ran = f"前{now.month}个月月均{figure(told.so_far)}{indicator.unit}" if told.so_far else ""
    last = (
        f"去年{_span(now.month + 1, _YEAR)}月均{figure(told.last_year)}{indicator.unit}"
        if told.last_year
        else ""
    )
    if ran or last:
        yield "，".join(one for one in (ran, last) if one) + "。"
    for target in row.targets:
        above = _above(row, target, now)
        if above is not None:
            way = "高" if not above.startswith("-") else "低"
            yield (
                f"{target.tier_name}：月均要比前{now.month}个月{way}{figure(above.lstrip('-'))}%。"
            )
        soon = target.get("growth_needed_next")
        if soon is not None and soon.is_number and target.value is not None:
            asked = target_text(target, indicator)
            yield (
                f"{target.tier_name}：下一期就要累计增长{asked}，"
                f"下一期当期须增长{figure(soon.shown)}%。"
            )
        stock = target.get("shortfall_reportable")
        if stock is not None and stock.is_number:
            word = "余" if stock.shown.startswith("-") else "缺口"
            yield f"扣去在库可报，{word}{figure(stock.shown.lstrip('-'))}{stock.unit}。"


def _means(row: RowView, indicator: Indicator, now: Period) -> Means:
    same, year = row.get("last_year"), _last_whole(row, now)
    done = row.level.number if row.level is not None and row.level.is_number else None
    base = same.number if same is not None and same.is_number else None
    if not indicator.has_level:
        return Means(None, None)
    return means(done, now.month, base, year, indicator.decimals)


def _last_whole(row: RowView, now: Period) -> Decimal | None:
    """Last year's amount as a whole, as printed."""
    for point in row.series:
        when = Period.from_id(point.period)
        if (when.year, when.month) == (now.year - 1, _YEAR) and point.level is not None:
            return Decimal(point.level) if is_numeric(point.level) else None
    return None


def _above(row: RowView, target: TargetView, now: Period) -> str | None:
    mean, level = target.mean_required, row.level
    if mean is None or mean.number is None or mean.number <= 0:
        return None
    if level is None or level.number is None:
        return None
    return faster(mean.number, level.number, now.month)


# -- last year's curve -----------------------------------------------------------------------------


def _curve(row: RowView, indicator: Indicator, now: Period) -> Curve:
    points = (Told(one.period, _digits(one.level), _digits(one.growth)) for one in row.series)
    return base_curve(
        points, now, adds_up=indicator.is_flow, growth_decimals=indicator.growth_decimals
    )


def _digits(shown: str | None) -> str | None:
    return shown if shown is not None and is_numeric(shown) else None


def _base(one: BaseMonth) -> Base:
    return Base(
        months=_span(*one.months), amount=figure(one.amount) if one.amount is not None else "",
        growth=figure(one.growth) if one.growth is not None else "算不出",
        cumulative=figure(one.cumulative) if one.cumulative is not None else "无数据",
        word=_word(one), is_high=bool(one.is_high),
    )  # fmt: skip


def _word(one: BaseMonth) -> str:
    if one.is_high is None:
        return "算不出"
    return "基数高" if one.is_high else "基数不高"
