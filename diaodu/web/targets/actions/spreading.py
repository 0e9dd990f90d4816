"""Taking a target apart at one stroke: over the months, over the units below, from another tier."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from diaodu.engine.compute import profiles
from diaodu.engine.compute.spreading import SpreadError, Weight, spread
from diaodu.engine.ground.words import TIER_NAMES
from diaodu.engine.rules.models import Indicator, Milestone
from diaodu.web.people import queries as people
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.targets.actions.cells import Entered, Saved, save_cells
from diaodu.web.targets.actions.common import locked_draft
from diaodu.web.targets.models import Line, Version
from diaodu.web.targets.queries.columns import (
    WHOLE,
    Column,
    adds_up_by_month,
    adds_up_by_org,
    decimals_of,
    month_columns,
)
from diaodu.web.targets.queries.grid import DEPARTMENT
from diaodu.web.targets.queries.last_year import own_amounts, year_levels
from diaodu.web.targets.queries.reading import digits, listed

LINEAR, DAYS, WORKDAYS, MILESTONES, LAST, SAME = (
    "linear", "days", "workdays", "milestones", "last_year", "same",
)  # fmt: skip
MONTH_WAYS = {
    LAST: "按去年进度", LINEAR: "按月平均", DAYS: "按天平均", WORKDAYS: "按工作日",
    MILESTONES: "按节点", SAME: "各月同全年",
}  # fmt: skip
ORG_WAYS = {LAST: "按去年实绩", LINEAR: "平均分"}

Shares = Callable[[Line], Sequence[Weight]]


@transaction.atomic
def spread_months(
    *, version: Version, indicator: str, kind: str, tier: str, orgs: Sequence[str], way: str,
    milestones: Sequence[Milestone] = (), by: Any, at: datetime,
) -> Saved:  # fmt: skip
    """The year's target of each of these units (all that have one where none is named) over its
    months; they sum exactly. Raises ValidationError with everything that stands against it."""
    work = _Work.begin(version, indicator, kind, tier)
    lines = [one for one in work.with_value() if not orgs or str(one.org_id) in orgs]
    if not work.columns:
        raise ValidationError("这个指标一年只报一次，没有月份可分")
    if not lines:
        raise ValidationError("这个层级还没有全年目标，先填全年再分到月")
    summed = adds_up_by_month(work.indicator, kind)
    if summed == (way == SAME):
        raise ValidationError(
            "逐月累加的目标不能各月同全年；请选别的办法"
            if summed
            else "这个目标不是逐月累加的，不能分；请选“各月同全年”，或逐月填"
        )
    weights = work.same if way == SAME else _weights(work, lines, way, milestones)
    return _write(work, lines, weights, way, by, at)


def _weights(
    work: _Work, lines: Sequence[Line], way: str, milestones: Sequence[Milestone]
) -> Shares:
    periods = [one.period for one in work.columns]
    if way == LAST:
        orgs = [str(one.org_id) for one in lines]
        amounts = own_amounts(work.indicator.id, orgs, work.version.year - 1, work.columns)
        return lambda line: profiles.by_last_year(periods, amounts[str(line.org_id)])
    fixed: dict[str, Callable[[], Sequence[Weight]]] = {
        LINEAR: lambda: profiles.by_month(periods),
        DAYS: lambda: profiles.by_day(periods),
        WORKDAYS: lambda: profiles.by_working_day(
            periods, rulebooks.current().holidays_of(work.version.year)
        ),
        MILESTONES: lambda: profiles.by_milestones(periods, milestones),
    }
    try:
        found = fixed[way]()
    except SpreadError as error:
        told = str(error)
        raise ValidationError({"milestones": told} if way == MILESTONES else told) from error
    return lambda line: found


def _write(
    work: _Work, lines: Sequence[Line], weights: Shares, way: str, by: Any, at: datetime
) -> Saved:
    entered: list[Entered] = []
    faults: list[str] = []
    for line in lines:
        assert line.value is not None
        try:
            if way == SAME:
                parts = [line.value] * len(work.columns)
            else:
                parts = profiles.months(line.value, weights(line), work.decimals(line.value))
        except SpreadError as error:
            faults.append(f"{line.org.name}：{error}")
            continue
        entered += [
            Entered(line.tier, str(line.org_id), column.key, digits(part))
            for column, part in zip(work.columns, parts, strict=True)
        ]
    if faults:
        raise ValidationError(faults)
    saved = _save(work, entered, f"{MONTH_WAYS[way]}分到月", by, at)
    Line.objects.filter(pk__in=[one.pk for one in lines]).update(profile=way if way != SAME else "")
    return saved


@transaction.atomic
def spread_orgs(
    *, version: Version, indicator: str, kind: str, tier: str, org: str, way: str, by: Any,
    at: datetime,
) -> Saved:  # fmt: skip
    """One unit's target over the units directly below it that exist all the year: those that have
    a target in this tier, or all where none has. The parts sum exactly. Raises ValidationError
    with everything that stands against it."""
    work = _Work.begin(version, indicator, kind, tier)
    whole = next((one for one in work.with_value() if str(one.org_id) == org), None)
    if whole is None or whole.value is None:
        raise ValidationError("上级单位在这个层级还没有全年目标，先填它")
    if not adds_up_by_org(work.indicator, kind):
        raise ValidationError("这个指标下级的数不能相加，不能分；请给各单位分别下达")
    below = _units_below(org, version.year)
    asked = {str(one.org_id) for one in work.lines}
    below = [one for one in below if one[0] in asked] or below
    if not below:
        raise ValidationError(f"{whole.org.name}下面没有可分的乡镇或园区")
    weights = _org_weights(work, below, way)
    parts = spread(whole.value, weights, work.decimals(whole.value))
    entered = [
        Entered(tier, id, WHOLE, digits(part)) for (id, _), part in zip(below, parts, strict=True)
    ]
    told = f"把{whole.org.name}的目标{ORG_WAYS[way]}到{len(below)}个单位"
    return _save(work, entered, told, by, at)


def _units_below(org: str, year: int) -> list[tuple[str, str]]:
    """(id, name); not those that are closed by the end of the year."""
    living = people.orgs_on(date(year, 12, 31)).filter(parent_id=org).exclude(level=DEPARTMENT)
    return list(living.order_by("place", "pk").values_list("pk", "name"))


def _org_weights(work: _Work, below: Sequence[tuple[str, str]], way: str) -> Sequence[Weight]:
    if way == LINEAR:
        return [1] * len(below)
    levels = year_levels(work.version.year - 1, {work.indicator.id})
    found = [levels.get((work.indicator.id, id)) for id, _ in below]
    missing = [name for (_, name), one in zip(below, found, strict=True) if one is None]
    if missing:
        raise ValidationError(
            f"{listed(missing)}没有{work.version.year - 1}年全年的数，不能按去年实绩分；"
            "请先补上，或改用平均分"
        )
    known = [one for one in found if one is not None]
    negative = [name for (_, name), one in zip(below, known, strict=True) if one < 0]
    if negative:
        raise ValidationError(f"{listed(negative)}去年是负数，不能按去年实绩分；请改用平均分")
    if not any(known):
        raise ValidationError("各单位去年都是0，没有结构可循；请改用平均分")
    return known


@transaction.atomic
def copy_tier(
    *, version: Version, indicator: str, kind: str, tier: str, source: str, by: Any, at: datetime
) -> Saved:  # fmt: skip
    """All that another tier says, year and months, into this one."""
    work = _Work.begin(version, indicator, kind, source)
    if source == tier or not work.lines:
        raise ValidationError("要抄的层级是空的，或就是本层级；请另选一个")
    entered = [
        Entered(tier, str(line.org_id), key, digits(Decimal(text)))
        for line in work.lines
        for key, text in _filled(line)
    ]
    return _save(work, entered, f"照抄{TIER_NAMES[source]}到{TIER_NAMES[tier]}", by, at)


def _filled(line: Line) -> Iterable[tuple[str, str]]:
    if line.value is not None:
        yield WHOLE, digits(line.value)
    yield from line.months.items()


@dataclass(frozen=True)
class _Work:
    """The lines of one tier of an indicator, in a draft that is locked for the act."""

    version: Version
    indicator: Indicator
    kind: str
    columns: tuple[Column, ...]
    lines: list[Line]

    @classmethod
    def begin(cls, version: Version, indicator: str, kind: str, tier: str) -> _Work:
        held = locked_draft(version, "分解")
        known = rulebooks.current().indicators[indicator]
        lines = Line.objects.filter(version=held, indicator=indicator, kind=kind, tier=tier)
        columns = month_columns(known, held.year)
        return cls(held, known, kind, columns, list(lines.select_related("org")))

    def with_value(self) -> list[Line]:
        return [one for one in self.lines if one.value is not None]

    def decimals(self, whole: Decimal) -> int:
        """As the indicator is printed, or finer where the target itself is."""
        given = -int(whole.normalize().as_tuple().exponent)
        return max(decimals_of(self.indicator, self.kind), given)

    def same(self, line: Line) -> Sequence[Weight]:
        return [1] * len(self.columns)


def _save(work: _Work, entered: Sequence[Entered], what: str, by: Any, at: datetime) -> Saved:
    return save_cells(
        version=work.version, indicator=work.indicator.id, kind=work.kind, entered=entered, seen=0,
        by=by, at=at, what=f"{work.indicator.name}：{what}",
    )  # fmt: skip
