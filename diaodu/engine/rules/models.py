"""The shapes of a rulebook: what each kind of file may say. All models are immutable.

A rule is dated: `from`/`to` (both inclusive, days; a year or month stands for its first or last
day) bound the periods it is for. Unknown keys are errors; `rulebook_in` adds file and line.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from diaodu.engine.ground.period import Basis
from diaodu.engine.ground.words import Facet, Level, Light, Severity, Tier, Track


def _first_day(value: Any) -> Any:
    return _day_of(value, last=False)


def _last_day(value: Any) -> Any:
    return _day_of(value, last=True)


def _day_of(value: Any, *, last: bool) -> Any:
    """2019, “2019”, “2019-03” stand for the first or last day they cover; dates pass."""
    if isinstance(value, bool) or value is None or isinstance(value, date):
        return value
    parts = str(value).strip().split("-")
    if len(parts) > 2 or not all(part.isdigit() for part in parts):
        return value
    year = int(parts[0])
    month = int(parts[1]) if len(parts) == 2 else (12 if last else 1)
    if not (1 <= year <= 9999 and 1 <= month <= 12):
        return value
    return date(year, month, monthrange(year, month)[1] if last else 1)


def _text(value: Any) -> Any:
    """YAML reads 620000 as a number; codes and ids are texts."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


FirstDay = Annotated[date | None, BeforeValidator(_first_day)]
LastDay = Annotated[date | None, BeforeValidator(_last_day)]
Id = Annotated[str, BeforeValidator(_text), Field(min_length=1, pattern=r"^[^|\s]+$")]
Text = Annotated[str, BeforeValidator(_text), Field(min_length=1)]


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Dated(Model):
    from_: FirstDay = Field(None, alias="from")
    to: LastDay = None

    def holds_on(self, day: date) -> bool:
        return (self.from_ is None or self.from_ <= day) and (self.to is None or day <= self.to)


# -- orgs and indicators ---------------------------------------------------------------------


class Code(Dated):
    """An administrative code and the time it was in force."""

    code: Text


class Org(Model):
    id: Id
    name: Text
    level: Level
    parent: Id | None = None
    aliases: tuple[Text, ...] = ()
    codes: tuple[Code, ...] = ()
    groups: tuple[Id, ...] = ()
    opened: FirstDay = None
    closed: LastDay = None
    order: int | None = None

    def exists_on(self, day: date) -> bool:
        return (self.opened is None or self.opened <= day) and (
            self.closed is None or day <= self.closed
        )


class Indicator(Model):
    """Something counted or measured. `decimals` for its value, `growth_decimals` for its rates."""

    id: Id
    name: Text
    aliases: tuple[Text, ...] = ()
    unit: Text
    basis: Basis
    facets: tuple[Facet, ...] = ("level", "growth")
    direction: Literal["high", "low"] = "high"
    decimals: int = Field(2, ge=0, le=8)
    growth_decimals: int = Field(1, ge=0, le=6)
    price: Literal["current", "real"] | None = None
    cadence: Literal["day", "week", "xun", "month", "quarter", "half", "year"] = "month"
    january: Literal["yes", "merged"] = "yes"
    owner: Id | None = None
    headline: bool = False
    order: int | None = None
    children: tuple[Id, ...] = ()  # indicators that are its parts
    reportable: Id | None = None  # the indicator that holds its 在库可报额
    formula: Text | None = None
    field: Text | None = None  # 领域: 工业, 投资 … (a heading on tables)
    definition: Text | None = None  # 口径
    source: Text | None = None

    @property
    def has_level(self) -> bool:
        return "level" in self.facets

    @property
    def is_rate_only(self) -> bool:
        """Published as growth without level: no month value, completion, share, implied base."""
        return not self.has_level and "growth" in self.facets


# -- how sheets are read ---------------------------------------------------------------------


class Place(Model):
    """Where a dimension stands: one fixed value, under a column header, beside a row header
    (left stub), or in the title."""

    fixed: Text | None = None
    column: Text | None = None
    row: Text | None = None
    title: bool | None = None


class Match(Model):
    file: Text | None = None  # glob on the path below the day folder, and on the file name
    sheet: Text | None = None  # glob
    title: Text | None = None  # regular expression, searched


class Ignore(Model):
    """A header text or name pattern (glob) that is passed over on purpose, and why."""

    text: Text
    reason: Text


class Source(Model):
    id: Id
    match: Match
    layout: Literal["long", "matrix"] | None = None
    indicator: Place | None = None
    org: Place | None = None
    period: Place | None = None
    facet: Place | None = None
    track: Place | None = None
    unit: Place | None = None
    rename: dict[Text, Id] = Field(default_factory=dict)  # printed name → id
    ignore: tuple[Ignore, ...] = ()
    hidden: Literal["ask", "read", "ignore"] = "ask"  # hidden rows, columns, sheets


# -- verification ----------------------------------------------------------------------------


class Check(Dated):
    """One arithmetic expectation. `indicators` names ids, or “*” for all it can apply to.

    range: lo ≤ value ≤ hi (of `facet`) · parts: the children orgs (`of: orgs`) or child
    indicators (`of: indicators`) sum to the parent within the tolerance · cumulative_fell,
    month_vs_ytd, implied_base, published_vs_computed, unit_slip: tolerance and severity of the
    built-in check of that name. `tolerance` is in the figure's unit, `tolerance_pct` in percent.
    """

    id: Id
    kind: Literal[
        "range", "parts", "cumulative_fell", "month_vs_ytd", "implied_base",
        "published_vs_computed", "unit_slip",
    ]  # fmt: skip
    indicators: tuple[Id, ...] = ("*",)
    facet: Facet = "level"
    lo: Decimal | None = None
    hi: Decimal | None = None
    of: Literal["orgs", "indicators"] | None = None
    parent: Id | None = None  # parts of orgs: the org whose children are summed (all if absent)
    child_level: Level | None = None  # parts of orgs: only children of this level
    tolerance: Decimal | None = None
    tolerance_pct: Decimal | None = None
    severity: Severity | None = None
    off: bool = False  # switches a built-in check off, with `reason`
    reason: Text | None = None


# -- judging ---------------------------------------------------------------------------------


class Condition(Model):
    """`measure op value`, decided on decimals. The measure is one of the run's, for the target
    in hand where it belongs to a target. `facts`: has_target, has_value, is_due, met, kind …"""

    measure: Text
    op: Literal["<", "<=", "==", ">=", ">", "missing", "present", "is"]
    value: Decimal | Text | None = None


class LightRule(Model):
    """The first rule whose conditions all hold gives the light. No conditions: always."""

    name: Text
    when: tuple[Condition, ...] = ()
    light: Light
    reason: Text | None = None  # Chinese sentence; may hold {measure} fields


class LightTable(Dated):
    id: Id
    indicators: tuple[Id, ...] = ("*",)
    tiers: tuple[Tier, ...] = ("assigned", "own", "working")  # the first tier that has targets
    rules: tuple[LightRule, ...]


class Uses(Dated):
    """Which track is read for a use, best first."""

    use: Literal["board", "bulletin", "assessment"]
    tracks: tuple[Track, ...]


# -- calendar --------------------------------------------------------------------------------


class DayAfter(Model):
    """A day of the month `months_after` the last month of the period; day 31 = month's end."""

    months_after: int = Field(1, ge=0, le=24)
    day: int = Field(ge=1, le=31)


class CalendarEntry(Dated):
    """When returns of these indicators by these orgs open, fall due, and are released."""

    id: Id
    indicators: tuple[Id, ...] = ("*",)
    levels: tuple[Level, ...] = ()
    orgs: tuple[Id, ...] = ()  # with `levels` empty: exactly these; both empty: any that reported
    facets: tuple[Facet, ...] = ()  # owed facets; empty: level, or growth where rate-only
    track: Track | None = None
    opens: DayAfter | None = None
    due: DayAfter
    released: DayAfter | None = None


# -- the bulletin ----------------------------------------------------------------------------


class Ranking(Model):
    indicator: Id
    by: Literal["level", "growth"] = "growth"
    group: Id | None = None  # peer group; absent: the children of the outline's org, by level


class Outline(Dated):
    """What the month's bulletin holds, in order, about which org."""

    id: Id
    org: Id
    title: Text = "{org}{period}主要经济指标运行通报"
    issuer: Text | None = None
    document: Text | None = None  # 发文字号; {year} {month} may stand in it
    sections: tuple[
        Literal["headlines", "comparison", "rankings", "behind", "findings"], ...
    ] = ("headlines", "comparison", "rankings", "behind", "findings")  # fmt: skip
    rankings: tuple[Ranking, ...] = ()
    note: Text | None = None  # printed under the title, e.g. that all figures are invented
