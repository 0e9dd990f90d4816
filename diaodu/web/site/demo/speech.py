"""A speech as a secretary drafts it, with figures of the run and a few that do not hold."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from diaodu.adapters.texts_in import Loaded
from diaodu.engine.ground.period import Period, print_period
from diaodu.web.runs.queries import RowView

NAME = "在全县4月份经济运行调度会上的讲话（草稿）"
_MOST = 5

# What stands in it beside the run's figures: the parts of the projects do not add up, and a share
# of the plan that is under pace is called ahead of it.
_REST = """今年全县安排重点项目120个，其中续建48个、新建70个。截至4月底已开工84个，开工率70%。
全年计划完成项目投资105亿元，1—4月完成31.5亿元，占年度计划的30%，比序时进度快3.3个百分点。
下一步要突出三个重点：一是抓项目开工；二是抓企业用工；三是抓资金到位；四是抓安全生产。
（本稿为虚构，仅作示意。）"""


def draft(rows: Sequence[RowView]) -> Loaded:
    """The county's headline rows in sentences, the last growth a point too high, and the rest."""
    told = [one for one in rows if one.growth is not None and one.growth.is_number][:_MOST]
    sentences = [
        _sentence(one, Decimal(1 if number == len(told) else 0))
        for number, one in enumerate(told, start=1)
    ]
    return Loaded("\n".join([NAME, "同志们：", "".join(sentences), _REST]))


def _sentence(row: RowView, too_high: Decimal) -> str:
    """1—4月，全县固定资产投资同比增长8.5%。"""
    assert row.growth is not None and row.growth.number is not None and row.indicator is not None
    growth = Decimal(row.growth.shown) + too_high
    way = "增长" if growth >= 0 else "下降"
    level = ""
    if row.level is not None and row.level.is_number and row.indicator.basis == "ytd":
        level = f"完成{row.level.shown}{row.level.unit}，"
    when = print_period(Period.from_id(row.period), with_year=False)
    return f"{when}，全县{row.indicator.name}{level}同比{way}{abs(growth)}%。"
