"""Which columns a target has: the whole, and the months by which its indicator comes in."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from diaodu.engine.compute.decomposition import may_be_split
from diaodu.engine.compute.profiles import own_periods
from diaodu.engine.ground.period import Period
from diaodu.engine.rules.models import Indicator
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.targets.models import WORDLESS as WORDLESS
from diaodu.web.targets.models import Line

WHOLE = "w"
AGAINST = "a"  # 对照
AGAINST_NAME = "对照"
HEADS = {WHOLE: "全年", AGAINST: AGAINST_NAME}
_NAMES = {
    (1, 3): "一季度", (4, 6): "二季度", (7, 9): "三季度", (10, 12): "四季度", (1, 6): "上半年",
    (7, 12): "下半年", (1, 2): "1—2月",
}  # fmt: skip
_UNITS = {
    "growth": "%", "rank": "位", "not_bottom": "位", "mean": "百分点", "relative": "百分点",
}  # fmt: skip


class Column(NamedTuple):
    """`key`: the month in which the part of the year ends."""

    key: str
    label: str
    period: Period

    @property
    def month(self) -> int:
        return self.period.month


def month_columns(indicator: Indicator, year: int) -> tuple[Column, ...]:
    """The periods by which the indicator comes in; none where a year is all there is."""
    periods = own_periods(indicator, year)
    if len(periods) < 2:
        return ()
    return tuple(Column(str(one.month), _label(one), one) for one in periods)


def _label(period: Period) -> str:
    return _NAMES.get((period.start.month, period.month), f"{period.month}月")


def adds_up_by_month(indicator: Indicator, kind: str) -> bool:
    """Whether the year's target is the sum of its months; else a month says where to be by its
    end, and the last one is the target."""
    return not any(may_be_split(indicator, kind, "month"))


def adds_up_by_org(indicator: Indicator, kind: str) -> bool:
    return not any(may_be_split(indicator, kind, "org"))


def unit_of(indicator: Indicator, kind: str) -> str:
    """As the engine has it: growth in %, a place in 位."""
    return _UNITS.get(kind, indicator.unit)


def decimals_of(indicator: Indicator, kind: str) -> int:
    unit = unit_of(indicator, kind)
    if unit == "位":
        return 0
    points = ("growth", "mean", "relative")
    return indicator.growth_decimals if kind in points else indicator.decimals


def decimals_in(line: Line, *numbers: Decimal) -> int:
    """As the indicator is printed, or finer where one of the numbers is."""
    known = rulebooks.current().indicators.get(line.indicator)
    given = [-int(one.normalize().as_tuple().exponent) for one in numbers]
    return max([decimals_of(known, line.kind) if known else 0, *given, 0])
