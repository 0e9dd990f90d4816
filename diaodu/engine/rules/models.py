"""The shapes of a rulebook: what each kind of file may say. All models are immutable.

A rule is dated: `from`/`to` (both inclusive, days; a year or month stands for its first or last
day) bound the periods it is for. Unknown keys are errors; `rulebook_in` adds file and line.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from diaodu.engine.ground.period import Basis, Period
from diaodu.engine.ground.words import (
    DutySource,
    Facet,
    Further,
    LadderStep,
    Level,
    Light,
    Severity,
    Signer,
    Tier,
    Track,
)

_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
TIME = r"^([01]\d|2[0-3]):[0-5]\d$"
MOST_SIGNATURES = 3
_FRACTION = re.compile(r"\d+/[1-9]\d*|\d+(\.\d+)?", re.ASCII)
_SHARES = ("%", "‰", "百分点")
_SATURDAY = 5


def _first_day(value: Any) -> Any:
    return _day_of(value, last=False)


def _last_day(value: Any) -> Any:
    return _day_of(value, last=True)


def _day_of(value: Any, *, last: bool) -> Any:
    """2019, “2019”, “2019-03” stand for the first or last day they cover; dates pass.

    Anything else is refused here: pydantic would take 20230101 for seconds since 1970.
    """
    if value is None or isinstance(value, date):
        return value
    match = None if isinstance(value, bool | float) else _DAY.fullmatch(str(value).strip())
    if match is None:
        raise ValueError("不是日期")
    year = int(match.group(1))
    month = int(match.group(2) or (12 if last else 1))
    if not (year >= 1 and 1 <= month <= 12):
        raise ValueError("没有这一天")
    final = monthrange(year, month)[1]
    day = int(match.group(3) or (final if last else 1))
    if not 1 <= day <= final:
        raise ValueError("没有这一天")
    return date(year, month, day)


def _text(value: Any) -> Any:
    """YAML reads 620000 as a number; codes and ids are texts."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _number_if_it_is_one(value: Any) -> Any:
    """The door hands over texts only; what reads as a number is compared as one."""
    if isinstance(value, str) and re.fullmatch(r"[+-]?\d+(\.\d+)?", value):
        return Decimal(value)
    return value


_DAY_SCHEMA = WithJsonSchema(
    {
        "anyOf": [
            {"type": "string", "pattern": r"^\d{4}(-\d{1,2}(-\d{1,2})?)?$"},
            {"type": "integer", "minimum": 1, "maximum": 9999},
            {"type": "null"},
        ]
    }
)
_TEXT_SCHEMA = WithJsonSchema({"type": ["string", "integer"], "minLength": 1})
_ID_SCHEMA = WithJsonSchema(
    {"type": ["string", "integer"], "minLength": 1, "pattern": r"^[^|\s]+$"}
)

FirstDay = Annotated[date | None, BeforeValidator(_first_day), _DAY_SCHEMA]
LastDay = Annotated[date | None, BeforeValidator(_last_day), _DAY_SCHEMA]
Id = Annotated[str, BeforeValidator(_text), Field(min_length=1, pattern=r"^[^|\s]+$"), _ID_SCHEMA]
Text = Annotated[str, BeforeValidator(_text), Field(min_length=1, pattern=r"\S"), _TEXT_SCHEMA]


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Dated(Model):
    from_: FirstDay = Field(None, alias="from", description="从哪天起有效；可只写年或年月")
    to: LastDay = Field(None, description="到哪天为止有效；可只写年或年月")

    def holds_on(self, day: date) -> bool:
        return (self.from_ is None or self.from_ <= day) and (self.to is None or day <= self.to)


# -- orgs and indicators ---------------------------------------------------------------------


class Code(Dated):
    """An administrative code and the time it was in force."""

    code: Text = Field(description="区划代码或机构代码")


class Org(Model):
    id: Id = Field(description="编号，全库唯一")
    name: Text = Field(description="名称")
    level: Level = Field(description="层级")
    parent: Id | None = Field(None, description="上级单位的编号")
    aliases: tuple[Text, ...] = Field((), description="别名、简称、曾用名")
    codes: tuple[Code, ...] = Field((), description="代码及其使用时段")
    groups: tuple[Id, ...] = Field((), description="参加排名的分组")
    opened: FirstDay = Field(None, description="设立日期")
    closed: LastDay = Field(None, description="撤销日期（当天仍在）")
    order: int | None = Field(None, description="排列次序")

    def exists_on(self, day: date) -> bool:
        return (self.opened is None or self.opened <= day) and (
            self.closed is None or day <= self.closed
        )


PaceBasis = Literal["month", "day"]


class Indicator(Model):
    """Something counted or measured. `decimals` for its value, `growth_decimals` for its rates."""

    id: Id = Field(description="编号，全库唯一")
    name: Text = Field(description="名称")
    aliases: tuple[Text, ...] = Field((), description="别名")
    unit: Text = Field(description="计量单位")
    basis: Basis = Field(
        description="数的给法：ytd累计、month当月、stock期末、rate率、mean累计平均、count个数"
    )
    facets: tuple[Facet, ...] = Field(
        ("level", "growth"), min_length=1, description="发布哪几面：总量、增速……"
    )
    direction: Literal["high", "low"] = Field("high", description="high越高越好，low越低越好")
    decimals: int = Field(2, ge=0, le=8, description="总量印几位小数")
    growth_decimals: int = Field(1, ge=0, le=6, description="增速印几位小数")
    price: Literal["current", "real"] | None = Field(
        None, description="current现价，real可比价（公布的增速不是两个总量之比）"
    )
    cadence: Literal["day", "week", "xun", "month", "quarter", "half", "year"] = Field(
        "month", description="多久一期"
    )
    january: Literal["yes", "merged"] = Field(
        "yes", description="yes单独有1月，merged 1—2月合并为一期"
    )
    owner: Id | None = Field(None, description="牵头单位的编号")
    headline: bool = Field(False, description="是否列入主要指标")
    order: int | None = Field(None, description="主要指标的排列次序")
    children: tuple[Id, ...] = Field((), description="作为其组成部分的指标编号")
    reportable: Id | None = Field(None, description="存放在库可报额的指标编号")
    formula: Text | None = Field(None, description="由别的指标算出时的公式")
    pace_basis: PaceBasis = Field("month", description="序时进度month按月，day按天")
    measures: tuple[Further, ...] | None = Field(
        None, description="除常用的外还算哪些；不写为全部，其中连续月数只算主要指标的"
    )
    field: Text | None = Field(None, description="领域：工业、投资……，用作表中小标题")
    definition: Text | None = Field(None, description="口径")
    source: Text | None = Field(None, description="数据来源")

    @property
    def has_level(self) -> bool:
        return "level" in self.facets

    def asks_for(self, further: Further) -> bool:
        """Whether one of the further measures is wanted. A streak has to look far back: where
        the rulebook is silent, only headline indicators have one."""
        if self.measures is None:
            return self.headline or further != "streak"
        return further in self.measures

    @property
    def is_rate_only(self) -> bool:
        """Published as growth without level: no month value, completion, share, implied base."""
        return not self.has_level and "growth" in self.facets

    @property
    def computes_growth(self) -> bool:
        """Whether growths are computed of its levels: the change of a share is told in points."""
        return self.has_level and self.unit not in _SHARES

    @property
    def is_flow(self) -> bool:
        """Whether its figure is what the months of the year have added: then it has a pace, and a
        month's own figure by difference. A share of the year so far is none."""
        return self.computes_growth and self.basis in ("ytd", "count")

    @property
    def is_of_year_so_far(self) -> bool:
        """Whether a period from the year's beginning is told of as a whole: not by what stands at
        its end, nor by its last month."""
        return self.basis not in ("stock", "month")

    @property
    def is_additive(self) -> bool:
        """Whether parts add up to a whole: not a ratio, a mean, or an amount per something."""
        return (
            self.has_level
            and self.basis not in ("rate", "mean")
            and self.unit not in _SHARES
            and "/" not in self.unit
        )


# -- how sheets are read ---------------------------------------------------------------------


class Place(Model):
    """Where a dimension stands: one fixed value, under a column header, beside a row header
    (left stub), or in the title. Exactly one of the four is given."""

    fixed: Text | None = Field(None, description="固定的值")
    column: Text | None = Field(None, description="在哪个列标题之下")
    row: Text | None = Field(None, description="在哪个行标题（左侧）")
    title: bool | None = Field(None, description="true：写在标题里")


class Match(Model):
    file: Text | None = Field(None, description="文件名或路径，可用*和?")
    sheet: Text | None = Field(None, description="工作表名，可用*和?")
    title: Text | None = Field(None, description="标题中能找到的正则表达式")


class Ignore(Model):
    """A header text or name pattern (glob) that is passed over on purpose, and why."""

    text: Text = Field(description="列标题、行标题或名称，可用*和?")
    reason: Text = Field(description="为什么不读")


class Source(Model):
    id: Id = Field(description="编号，全库唯一")
    match: Match = Field(description="哪些表用这一条来读")
    layout: Literal["long", "matrix"] | None = Field(None, description="long一行一数，matrix交叉表")
    indicator: Place | None = Field(None, description="指标写在哪里")
    org: Place | None = Field(None, description="单位写在哪里")
    period: Place | None = Field(None, description="统计期写在哪里")
    facet: Place | None = Field(None, description="面（总量、增速……）写在哪里")
    track: Place | None = Field(None, description="轨（自报、快报、核算……）写在哪里")
    unit: Place | None = Field(None, description="计量单位写在哪里")
    rename: dict[Text, Id] = Field(
        default_factory=dict, description="表上印的名称→指标或单位的编号"
    )
    ignore: tuple[Ignore, ...] = Field((), description="有意不读的栏目和原因")
    hidden: Literal["ask", "read", "ignore"] = Field(
        "ask", description="隐藏的行、列、表：ask先问，read照读，ignore不读"
    )


# -- verification ----------------------------------------------------------------------------


class Check(Dated):
    """One arithmetic expectation. `indicators` names ids, or “*” for all it can apply to.

    range: lo ≤ value ≤ hi (of `facet`) · parts: the children orgs (`of: orgs`) or child
    indicators (`of: indicators`) sum to the parent within the tolerance · part: none of them is
    larger than the parent, whether all are there or not (其中项) · cumulative_fell,
    month_vs_ytd, implied_base, published_vs_computed, unit_slip: tolerance and severity of the
    built-in check of that name. `tolerance` is in the figure's unit, `tolerance_pct` in percent.

    Made only where the rulebook asks for it: whole: counts have no decimals · computed_growth:
    lo ≤ growth over last year's level on file ≤ hi · jump: the change against last year's same
    month (rates: against the period before) lies within `times` the spread of past changes around
    their median, and `band` points at least · contradiction: growth differs from that of the
    indicators `with` by `band` points at most, and is not of the other sign by `opposite` points
    or more · heaped: see `pattern`. Built in: revised: so many orgs that revise an indicator on
    one day are asked to declare a break. The last four never hold a figure.
    """

    id: Id = Field(description="编号，全库唯一")
    kind: Literal[
        "range", "parts", "part", "cumulative_fell", "month_vs_ytd", "implied_base",
        "published_vs_computed", "unit_slip", "whole", "computed_growth", "jump", "contradiction",
        "heaped", "revised",
    ] = Field(description="审核的种类")  # fmt: skip
    indicators: tuple[Id, ...] = Field(("*",), min_length=1, description="指标编号；“*”为全部")
    facet: Facet = Field("level", description="审核哪一面")
    lo: Decimal | None = Field(None, description="下限")
    hi: Decimal | None = Field(None, description="上限")
    of: Literal["orgs", "indicators"] | None = Field(
        None, description="parts：下级单位之和，或分项指标之和；part：同样的一个"
    )
    parent: Id | None = Field(None, description="parts、part：哪个单位的下级；不写为全部")
    child_level: Level | None = Field(None, description="parts、part：只管这一层级的下级")
    tolerance: Decimal | None = Field(None, ge=0, description="容差，按指标的计量单位")
    tolerance_pct: Decimal | None = Field(None, ge=0, description="容差，按%")
    band: Decimal | None = Field(
        None, ge=0, description="jump：变动幅度至少放到几个百分点；contradiction：增速最多相差几个"
    )
    times: Decimal | None = Field(None, gt=0, description="jump：离散程度的几倍之外才提示")
    at_least: int | None = Field(
        None, ge=1, description="jump：至少有几次历史变动；heaped、revised：至少有几个数或单位"
    )
    share: Decimal | None = Field(
        None, gt=0, le=100, description="heaped、revised：占到百分之几才提示"
    )
    pattern: Literal["one_number", "at_target", "last_period", "last_digit"] | None = Field(
        None,
        description="heaped：one_number同一个数，at_target恰好等于目标，last_period与上期相同，"
        "last_digit尾数集中在0和5；不写为四样都查",
    )
    with_: tuple[Id, ...] = Field(
        (), alias="with", description="contradiction：应当同向变动的指标编号"
    )
    opposite: Decimal | None = Field(
        None, ge=0, description="contradiction：一升一降时，相差达到几个百分点就提示"
    )
    severity: Severity | None = Field(None, description="hard扣下，soft带着提示用")
    off: bool = Field(False, description="关掉这项内置审核，须写原因")
    reason: Text | None = Field(None, description="原因")


# -- parts of a whole, places among peers ------------------------------------------------------


class Breakdown(Dated):
    """The parts of a whole, whose pull on it is computed: child indicators (`of: indicators`;
    `parts`, else the `children` of each) or orgs below one (`of: orgs`; `orgs`, else the orgs
    directly below `parent`, those of `child_level`)."""

    id: Id = Field(description="编号，全库唯一")
    name: Text = Field(description="分解的名称，如 三次产业、各乡镇")
    of: Literal["indicators", "orgs"] = Field(
        description="indicators按分项指标分解，orgs按下级单位分解"
    )
    indicators: tuple[Id, ...] = Field(
        ("*",), min_length=1, description="分解哪些总量指标；“*”为凡能相加的"
    )
    parts: tuple[Id, ...] = Field(
        (), description="of: indicators：由哪些指标组成；不写为指标的 children"
    )
    parent: Id | None = Field(None, description="of: orgs：分解哪个单位的数")
    child_level: Level | None = Field(None, description="of: orgs：只分到这一层级的下级")
    orgs: tuple[Id, ...] = Field((), description="of: orgs：分到哪些单位；不写为全部直属下级")
    coverage: bool = Field(
        False, description="各部分有进有出（入库退库、入统退统）的写true：单算进退的影响"
    )


class PlaceClass(Model):
    """A class of places; the classes of a rule go from the first place to the last."""

    name: Id = Field(description="名称，印在结果里，如 前三分之一")
    upto: Text = Field(description="位次到参加个数的几分之几为止，如 1/3；最后一段写 1")

    @property
    def limit(self) -> Fraction | None:
        """None for a text that is no fraction."""
        return Fraction(self.upto) if _FRACTION.fullmatch(self.upto) else None


class Standing(Dated):
    """What is told of places beyond the place: distance to the neighbours, dispersion of the
    group, and with `classes` how many headline indicators stand in which part of it."""

    id: Id = Field(description="编号，全库唯一")
    groups: tuple[Id, ...] = Field(("*",), min_length=1, description="哪些排名分组；“*”为全部")
    indicators: tuple[Id, ...] = Field(("*",), min_length=1, description="指标编号；“*”为全部")
    by: tuple[Literal["level", "growth"], ...] = Field(
        ("level", "growth"), min_length=1, description="按总量、按增速的位次"
    )
    classes: tuple[PlaceClass, ...] = Field((), description="位次分几段，从前到后")


# -- what happened to figures ----------------------------------------------------------------


class Break(Model):
    """A series that was revised, or whose scope or method changed, in one act. A comparison
    crosses it where its base begins before `from` and it ends on or after it."""

    id: Id = Field(description="编号，全库唯一")
    indicators: tuple[Id, ...] = Field(min_length=1, description="指标编号；“*”为全部")
    orgs: tuple[Id, ...] = Field((), description="哪些单位；不写为全部")
    from_: Annotated[date, BeforeValidator(_first_day), _DAY_SCHEMA] = Field(
        alias="from", description="从哪一期起是新口径；可只写年或年月"
    )
    kind: Literal["revision", "scope", "method"] = Field(
        description="revision数据修订，scope统计范围变动，method统计方法变动"
    )
    comparable: Literal["false", "revised_base"] = Field(
        description="跨越它的比较：false无法比较，revised_base同期数已按新口径修订、可以比较"
    )
    reason: Text = Field(description="为什么修订")
    document: Text = Field(description="依据的文件或文号")
    received: FirstDay = Field(None, description="修订后的数哪天收到；不写为哪天都算")

    def covers(self, indicator: str, org: str) -> bool:
        return (indicator in self.indicators or "*" in self.indicators) and (
            not self.orgs or org in self.orgs
        )

    def is_crossed(self, base: Period, period: Period) -> bool:
        """Whether it stands between the two. Two cumulative figures of one year that both reach
        past it differ by what came after it alone."""
        if base.start == period.start and base.end >= self.from_:
            return False
        return base.end < period.end and base.start < self.from_ <= period.end


class Correction(Model):
    """A figure put right with a reason. What came in stays on file beside it; once that is no
    longer `from`, the correction no longer applies and is told to be removed. `from` and `to` are
    in `unit`, else in the indicator's."""

    id: Id = Field(description="编号，全库唯一")
    indicator: Id = Field(description="指标编号")
    org: Id = Field(description="单位编号")
    period: Text = Field(description="统计期，如 2023-01/05、2023年1—5月")
    facet: Facet = Field("level", description="哪一面")
    against: Id | None = Field(None, description="与谁比（相差、占比、位次才有）")
    track: Track = Field("flash", description="哪一轨")
    unit: Text | None = Field(None, description="from、to 的计量单位；不写为指标的计量单位")
    from_: Decimal = Field(alias="from", description="来数是多少；来数变了，这一条就不再适用")
    to: Decimal | None = Field(None, description="改为多少")
    unit_factor: Decimal | None = Field(None, gt=0, description="乘以多少（计量单位填错时）")
    ignore: bool = Field(False, description="true：不采用这个数")
    reason: Text = Field(description="为什么更正")
    source: Text = Field(description="依据的文件或来函")


# -- judging ---------------------------------------------------------------------------------


class Condition(Model):
    """`measure op value`, decided on decimals. The measure is one of the run's, for the target
    in hand where it belongs to a target. `facts`: has_target, has_value, is_due, met, kind …"""

    measure: Text = Field(description="度量的编号（见 diaodu explain --help）或事实")
    op: Literal["<", "<=", "==", ">=", ">", "missing", "present", "is"] = Field(
        description="怎样比；missing没有，present有，is是某个词"
    )
    value: Annotated[Decimal | Text | None, BeforeValidator(_number_if_it_is_one)] = Field(
        None, description="与什么比"
    )


class LightRule(Model):
    """The first rule whose conditions all hold gives the light. No conditions: always."""

    name: Text = Field(description="规则名称，印在亮灯结果里")
    when: tuple[Condition, ...] = Field((), description="全部成立才用这一条；不写为总是成立")
    light: Light = Field(description="亮什么灯")
    reason: Text | None = Field(None, description="理由；可含{度量}")


class LightTable(Dated):
    id: Id = Field(description="编号，全库唯一")
    indicators: tuple[Id, ...] = Field(("*",), min_length=1, description="指标编号；“*”为全部")
    tiers: tuple[Tier, ...] = Field(
        ("assigned", "own", "working"), min_length=1, description="看哪一层的目标：取第一个有目标的"
    )
    rules: tuple[LightRule, ...] = Field(min_length=1, description="自上而下，第一条成立的为准")


PaceShape = Literal["month", "day", "milestones", "last_year", "working_day"]


class Milestone(Model):
    """So much of the year's target is due by the end of a month."""

    month: int = Field(ge=1, le=12, description="到几月底")
    share: Decimal = Field(gt=0, le=100, description="应完成全年目标的百分之几")
    gate: Id | None = Field(None, description="为哪个关口定的：不能晚于它")


class Pace(Dated):
    """How the pace of these indicators' targets runs, where that is not as the indicator says."""

    id: Id = Field(description="编号，全库唯一")
    indicators: tuple[Id, ...] = Field(("*",), min_length=1, description="指标编号；“*”为全部")
    tiers: tuple[Tier, ...] = Field(
        ("assigned", "own", "working", "floor", "stretch"),
        min_length=1, description="管哪些层级的目标；不写为全部",
    )  # fmt: skip
    pace_basis: PaceShape = Field(
        description="序时进度month按月，day按天，milestones按节点，last_year按上年进度，"
        "working_day按工作日"
    )
    milestones: tuple[Milestone, ...] = Field(
        (), description="pace_basis 为 milestones 时的节点，由早到晚；两个节点之间按月均匀"
    )


class Band(Model):
    """From `lo` (included) to `hi` (not included)."""

    name: Text = Field(description="档次名称，如 快于序时")
    lo: Decimal | None = Field(None, description="从多少起（含）；最低一档不写")
    hi: Decimal | None = Field(None, description="不到多少；最高一档不写")


class BandSet(Dated):
    """What a completion, or its distance to the pace, is called. Bands from low to high, without
    gap or overlap."""

    id: Id = Field(description="编号，全库唯一")
    indicators: tuple[Id, ...] = Field(("*",), min_length=1, description="指标编号；“*”为全部")
    of: Literal["completion", "pace_gap"] = Field(
        description="按什么分档：completion完成率（%），pace_gap与序时进度之差（百分点）"
    )
    bands: tuple[Band, ...] = Field(min_length=1, description="各档，由低到高")


class Shape(Dated):
    """How last year's amount of a rate-only indicator was spread over the periods of a year."""

    id: Id = Field(description="编号，全库唯一")
    indicators: tuple[Id, ...] = Field(min_length=1, description="指标编号")
    orgs: tuple[Id, ...] = Field((), description="哪些单位的；不写为没有另写的全部单位")
    weights: tuple[Decimal, ...] = Field(
        min_length=1, description="上年各期占全年的百分比，按先后；1—2月合并的第一个是1—2月"
    )


class DaysOff(Model):
    """Days on which nobody works, both included, weekends among them or not."""

    from_: Annotated[date, BeforeValidator(_first_day), _DAY_SCHEMA] = Field(
        alias="from", description="从哪天起放假"
    )
    to: Annotated[date, BeforeValidator(_last_day), _DAY_SCHEMA] = Field(description="放到哪天")


class HolidayCalendar(Model):
    """The days on which people do not work in a year, as announced; weekends beside them."""

    id: Id = Field(description="编号，全库唯一")
    year: int = Field(ge=1900, le=2999, description="哪一年")
    holidays: tuple[DaysOff, ...] = Field(min_length=1, description="放假的日子")
    workdays: tuple[Annotated[date, BeforeValidator(_first_day), _DAY_SCHEMA], ...] = Field(
        (), description="调休上班的周末"
    )
    document: Text | None = Field(None, description="依据的通知或文号")

    def is_working(self, day: date) -> bool:
        if day in self.workdays:
            return True
        off = any(one.from_ <= day <= one.to for one in self.holidays)
        return not off and day.weekday() < _SATURDAY


class Gate(Dated):
    """What the year's targets are asked by the end of a month: 开门红, 双过半, 前三季度, 全年红.

    A level target has to be at (`>=`) or ahead of (`>`) its pace, or `share` percent of the year's
    target; the growth has to be at or above the annual target growth. What is not written is not
    asked; of bounds from above nothing is.
    """

    id: Id = Field(description="编号，全库唯一")
    name: Text = Field(description="名称，如 双过半")
    month: int = Field(ge=1, le=12, description="到几月底")
    indicators: tuple[Id, ...] = Field(("*",), min_length=1, description="指标编号；“*”为全部")
    tiers: tuple[Tier, ...] = Field(
        ("assigned", "own", "working"), min_length=1, description="看哪些层级的目标"
    )
    done: Literal[">=", ">"] | None = Field(
        None, description="总量目标：“>=”不低于、“>”高于序时进度（或 share）；不写为不看"
    )
    growth: Literal[">=", ">"] | None = Field(
        None, description="增速目标：“>=”不低于、“>”高于全年目标增速；不写为不看"
    )
    share: Decimal | None = Field(
        None, gt=0, le=100, description="总量应完成全年目标的百分之几；不写为序时进度"
    )


class Uses(Dated):
    """Which track is read for a use, best first."""

    use: Literal["board", "bulletin", "assessment"] = Field(description="用途：看板、通报、考核")
    tracks: tuple[Track, ...] = Field(min_length=1, description="依次取哪一轨的数")


# -- calendar --------------------------------------------------------------------------------


class DayAfter(Model):
    """A day of the month `months_after` the last month of the period; day 31 = month's end."""

    months_after: int = Field(1, ge=0, le=24, description="统计期末月之后第几个月")
    day: int = Field(ge=1, le=31, description="几日；31为月末")
    time: Annotated[str, Field(pattern=TIME)] | None = Field(
        None, description="几点，如 17:00；不写时开网、发布为0点，截止为当天24点"
    )


class Signature(Model):
    """One who signs a return before it goes in."""

    title: Text = Field(description="签字人称谓，如 统计员、分管领导、主要领导")
    role: Signer = Field(description="由哪个角色签：statistics统计，vice分管领导，leader领导")


class Reconciled(Model):
    """A figure that another entry asks for too, on purpose: both are kept and their difference is
    shown to both."""

    indicator: Id = Field(description="哪个指标")
    with_: Id = Field(alias="with", description="与哪一条日历对账")
    reason: Text = Field(description="为什么两边都要报")


class CalendarEntry(Dated):
    """When returns of these indicators by these orgs open, fall due, and are released; and the
    form they are asked for on."""

    id: Id = Field(description="编号，全库唯一")
    title: Text | None = Field(None, description="报表名称，印在报送页面和表上")
    indicators: tuple[Id, ...] = Field(("*",), min_length=1, description="指标编号；“*”为全部")
    levels: tuple[Level, ...] = Field((), description="哪些层级的单位应报")
    orgs: tuple[Id, ...] = Field(
        (), description="哪些单位应报"
    )  # with `levels` empty: exactly these; both empty: any that reported
    facets: tuple[Facet, ...] = Field((), description="应报哪几面；不写为总量，只有增速的为增速")
    track: Track | None = Field(None, description="哪一轨")
    opens: DayAfter | None = Field(None, description="何时开网")
    due: DayAfter = Field(description="何时报到截止")
    released: DayAfter | None = Field(None, description="何时发布")
    filled_by: Literal["own", "owner"] = Field(
        "own", description="谁来填：own数是谁的谁填，owner由指标的牵头单位填"
    )
    signatures: tuple[Signature, ...] = Field(
        (), max_length=MOST_SIGNATURES, description="提交后依次由谁签字，最多三道"
    )
    reconciles: tuple[Reconciled, ...] = Field((), description="有意与另一条日历重复要的数，和原因")

    @property
    def obliges(self) -> bool:
        """Whether it names who owes the figures; else it only dates what is received."""
        return bool(self.orgs or self.levels)

    def facets_of(self, indicator: Indicator) -> tuple[Facet, ...]:
        """Which facets are owed: those named, else the level, or the growth where that is all."""
        return self.facets or (("growth",) if indicator.is_rate_only else ("level",))


# -- duties ----------------------------------------------------------------------------------


class Rung(Model):
    """One step of a ladder: proposed from `after` days behind the latest day (before it where
    negative), and no sooner than `wait` days after the step before it was taken."""

    step: LadderStep = Field(description="哪一步：提醒、催办、通报、预警函、约谈……")
    after: int = Field(ge=-366, le=3660, description="最晚期限之后第几天起；期限之前写负数")
    wait: int = Field(0, ge=0, le=3660, description="距上一步至少几天")

    @property
    def automatic(self) -> bool:
        """Reminders the desk sends by itself; every other step somebody decides."""
        return self.step == "reminder"


class Counter(Model):
    """What follows when a step was taken so many times within so many months."""

    step: LadderStep = Field(description="数哪一步")
    times: int = Field(ge=1, le=99, description="几次")
    within_months: int = Field(12, ge=1, le=36, description="几个月以内")
    of: Literal["matter", "org"] = Field("matter", description="matter同一事项，org同一单位")
    then: Text = Field(description="达到次数的后果，如 取消当年评优资格")


class BottomRule(Model):
    """The last so many of a group by an indicator's level or growth are proposed for a step."""

    name: Text = Field(max_length=60, description="规则名称，一条阶梯里不重复")
    indicators: tuple[Id, ...] = Field(min_length=1, description="指标编号")
    by: Literal["level", "growth"] = Field("growth", description="按总量或按增速排")
    group: Id = Field(description="在哪个分组里排，如 shilixian/township")
    bottom: int = Field(ge=1, le=999, description="倒数几名")
    months: tuple[Annotated[int, Field(ge=1, le=12)], ...] = Field(
        (), description="只看到哪几个月为止的数，如 [3, 6, 9, 12]；不写为每月"
    )
    step: LadderStep = Field("warning", description="采取哪一步")


class Ladder(Dated):
    """What is done about duties that are due or overdue, step by step, each day counted as the
    ladder says."""

    id: Id = Field(description="编号，全库唯一")
    name: Text | None = Field(None, description="名称")
    sources: tuple[DutySource, ...] = Field((), description="管哪些来源的事项；不写为全部")
    days: Literal["calendar", "working"] = Field(
        "calendar", description="calendar按日历天数，working按工作日"
    )
    holidays: tuple[DaysOff, ...] = Field((), description="放假的日子，只对按工作日有用")
    workdays: tuple[Annotated[date, BeforeValidator(_first_day), _DAY_SCHEMA], ...] = Field(
        (), description="调休上班的周末，只对按工作日有用"
    )
    soon: int = Field(7, ge=0, le=366, description="期限前几天起亮“关注”")
    sign_within: int = Field(1, ge=0, le=366, description="交办后几天以内签收")
    rungs: tuple[Rung, ...] = Field(min_length=1, description="各步，由轻到重")
    counters: tuple[Counter, ...] = Field((), description="次数和后果")
    bottoms: tuple[BottomRule, ...] = Field((), description="倒数几名怎么办")


# -- the bulletin ----------------------------------------------------------------------------


class Ranking(Model):
    indicator: Id = Field(description="指标编号")
    by: Literal["level", "growth"] = Field("growth", description="按总量或按增速排")
    group: Id | None = Field(
        None, description="分组；不写为通报单位的下级"
    )  # peer group; absent: the children of the outline's org, by level


class Outline(Dated):
    """What the month's bulletin holds, in order, about which org."""

    id: Id = Field(description="编号，全库唯一")
    org: Id = Field(description="通报哪个单位")
    title: Text = Field("{org}{period}主要经济指标运行通报", description="标题")
    issuer: Text | None = Field(None, description="发文单位")
    document: Text | None = Field(None, description="发文字号；可含{year}、{month}")
    sections: tuple[
        Literal[
            "headlines", "comparison", "structure", "rankings", "behind", "duties", "findings"
        ],
        ...,
    ] = Field(
        ("headlines", "comparison", "rankings", "behind", "findings"), description="各部分的次序"
    )  # fmt: skip
    rankings: tuple[Ranking, ...] = Field((), description="印哪些排名表")
    note: Text | None = Field(
        None, description="标题下的说明"
    )  # printed under the title, e.g. that all figures are invented
