"""The shape of `warnings/`: what is looked out for, from which threshold, who is told."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from diaodu.engine.ground.words import Level, Teller, WarningKind
from diaodu.engine.rules.models import Dated, Id, PlaceClass, Text

MOST_PERIODS = 12
_Month = Annotated[int, Field(ge=1, le=12)]


class WarningRule(Dated):
    """One kind of warning about some indicators of some orgs. Which of the thresholds a kind takes
    is a table in `cross_warnings.py`.

    `raise_after` and `clear_after` count periods in a row: a series that flaps between the two
    gives one warning. A warning struck again within `again_within` months of its end is the same.
    """

    id: Id = Field(description="编号，全库唯一")
    name: Annotated[Text, Field(max_length=40)] = Field(description="名称，印在预警上")
    reference: Annotated[Text, Field(max_length=200)] = Field(
        description="依据：文件、会议或谁定的"
    )
    kind: WarningKind = Field(
        description="pace_gap完成率低于序时，growth_gap增速低于目标，growth增速低于或高于一条线，"
        "bottom倒数几名，sign_flip关口时好、之后差，volatility增速大起大落，streak连续走低，"
        "rank_class位次落入某一段，contradiction与相关指标矛盾，late逾期未报，support增长支撑不足"
    )
    indicators: tuple[Id, ...] = Field(("*",), min_length=1, description="指标编号；“*”为全部")
    headlines: bool = Field(False, description="true：只看主要指标")
    levels: tuple[Level, ...] = Field((), description="只看哪些层级的单位；不写为全部")
    orgs: tuple[Id, ...] = Field((), description="只看哪些单位；不写为全部")
    months: tuple[_Month, ...] = Field(
        (), description="只看到哪几个月为止的数，如 [3, 6, 9, 12]；不写为每期"
    )

    points: Decimal | None = Field(None, gt=0, description="差几个百分点起触发")
    below: Decimal | None = Field(None, description="低于多少触发")
    above: Decimal | None = Field(None, description="高于多少触发（越低越好的指标）")
    by: Literal["level", "growth"] = Field("growth", description="位次按总量或按增速")
    group: Id | None = Field(None, description="在哪个分组里排，如 shilixian/township")
    bottom: int | None = Field(None, ge=1, le=999, description="倒数几名触发")
    against: Literal["target", "zero"] = Field(
        "target", description="sign_flip：target关口时良好、之后不良好，zero关口时为正、之后为负"
    )
    gate: _Month | None = Field(None, description="sign_flip：哪个月的关口，如 6")
    side: Literal["both", "fall", "rise"] = Field(
        "both", description="volatility：both升降都看，fall只看回落，rise只看加快"
    )
    of: Literal["growth", "month", "sign", "target"] = Field(
        "growth",
        description="streak：growth累计增速连降，month当月增速连降，sign连续为负，target连续落后",
    )
    times: int | None = Field(None, ge=2, le=36, description="streak：连续几个月触发")
    classes: tuple[PlaceClass, ...] = Field((), description="rank_class：位次分几段，从前到后")
    alarm: tuple[Id, ...] = Field((), description="rank_class：落入哪几段触发")
    days: int | None = Field(None, ge=0, le=366, description="late：过了截止几天起触发")

    raise_after: int = Field(1, ge=1, le=MOST_PERIODS, description="连续几期触发才算预警")
    clear_after: int = Field(1, ge=1, le=MOST_PERIODS, description="连续几期未触发才解除")
    again_within: int = Field(0, ge=0, le=24, description="解除后几个月内再触发，算同一件预警")
    light: Literal["watch", "behind"] = Field("watch", description="级别：watch关注，behind落后")
    tell: tuple[Teller, ...] = Field(
        min_length=1,
        description="告诉谁：unit本单位，owner牵头部门，vice分管领导，leader主要领导，"
        "dispatch调度，supervision督查，statistics统计",
    )

    @property
    def thresholds(self) -> tuple[str, ...]:
        """The keys of thresholds that the entry gives."""
        return tuple(key for key in THRESHOLDS if getattr(self, key) not in (None, ()))


THRESHOLDS = (
    "points", "below", "above", "group", "bottom", "gate", "times", "classes", "alarm", "days",
)  # fmt: skip
