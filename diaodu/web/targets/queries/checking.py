"""What stands against locking a draft, all of it at once, with what to do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.db.models import Q

from diaodu.engine.compute.decomposition import (
    By,
    Part,
    Remark,
    closed_part,
    needs_base,
    profile_within,
    tiers_in_order,
)
from diaodu.engine.compute.decomposition import Whole as WholeOf
from diaodu.engine.compute.profiles import cumulative
from diaodu.engine.ground.quantity import Printed
from diaodu.engine.ground.words import KIND_NAMES, TIER_NAMES
from diaodu.engine.rules.models import Indicator
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.web.rulebooks import queries as rulebooks
from diaodu.web.shared.templatetags.figures import figure
from diaodu.web.targets.models import NAMED_SPLITS, Line, Version
from diaodu.web.targets.queries.columns import (
    AGAINST,
    HEADS,
    WHOLE,
    WORDLESS,
    Column,
    adds_up_by_month,
    adds_up_by_org,
    month_columns,
)
from diaodu.web.targets.queries.grid import DEPARTMENT, fault_in
from diaodu.web.targets.queries.last_year import year_levels
from diaodu.web.targets.queries.sums import month_gap, number_in, remarks
from diaodu.web.targets.queries.years import bases_said

_NOT_WHOLE = "改到与全年目标相等"


class Obstacle(NamedTuple):
    """Where, what is wrong, what to do; indicator and kind lead to its grid, `key` to the cell.
    `refused`: has to be mended before the lock; the others are told beside."""

    indicator: str
    kind: str
    place: str
    text: str
    todo: str
    refused: bool = True
    key: str = ""


Bases = Mapping[tuple[str, str], Decimal]


class Held(NamedTuple):
    """What is to be mended in one grid beside what its cells and sums tell themselves."""

    rows: tuple[Obstacle, ...]

    @property
    def refused(self) -> int:
        return sum(one.refused for one in self.rows)

    @property
    def beside(self) -> int:
        return len(self.rows) - self.refused

    def __bool__(self) -> bool:
        return bool(self.rows)


def held_in(
    version: Version, indicator: str, kind: str, told: Collection[str], now: datetime
) -> Held:  # fmt: skip
    """`told`: the cells whose faults the grid tells itself."""
    found = obstacles(version, indicator, now=now)
    return Held(tuple(one for one in found if one.kind == kind and one.key not in told))


def obstacles(
    version: Version, indicator: str = "", *, now: datetime | None = None
) -> list[Obstacle]:  # fmt: skip
    """In the order of the rules; of one indicator where it is given. `now`: last year's figures
    are printed where they are public by then, and not at all without."""
    held = Line.objects.filter(version=version).select_related("org").prefetch_related("parts")
    if indicator:
        held = held.filter(indicator=indicator)
    groups: dict[tuple[str, str], list[Line]] = {}
    for one in held:
        groups.setdefault((one.indicator, one.kind), []).append(one)
    rules = rulebooks.current()
    rank = {id: at for at, id in enumerate(rules.indicators)}
    bases = year_levels(version.year - 1, {id for id, kind in groups if kind in _BASED})
    public = _public(version.year - 1, {id for id, kind in groups if kind == "growth"}, now)
    growths = {(x.indicator, x.tier, str(x.org_id)): x for x in held if x.kind == "growth"}
    found: list[Obstacle] = []
    for id, kind in sorted(groups, key=lambda one: (rank.get(one[0], len(rank)), one[1])):
        known = rules.indicators.get(id)
        if known is None:
            todo = "清空这些格，或在规则里补上"
            found.append(Obstacle(id, kind, id, "规则里没有这个指标", todo))
        else:
            lines = groups[id, kind]
            found += _Check(version, rules, known, kind, lines, bases, public, growths).all()
    return found


def _public(year: int, indicators: set[str], now: datetime | None) -> Bases:
    if now is None:
        return {}
    return year_levels(year, indicators, Q(release_at=None) | Q(release_at__lte=now))


_BASED = ("growth", "increment")


@dataclass(frozen=True)
class _Check:
    """The lines of one indicator and kind."""

    version: Version
    rules: Rulebook
    indicator: Indicator
    kind: str
    lines: Sequence[Line]
    bases: Bases
    public: Bases
    growths: Mapping[tuple[str, str, str], Line]

    def all(self) -> Iterator[Obstacle]:
        for line in self.lines:
            yield from self._line(line)
        if adds_up_by_org(self.indicator, self.kind):
            for line in self.lines:
                yield from self._below(line)
        yield from self._tiers()
        yield from self._bases()

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        return month_columns(self.indicator, self.version.year)

    def _tell(
        self, line: Line, text: str, todo: str, *, refused: bool = True, column: str = WHOLE
    ) -> Obstacle:  # fmt: skip
        named = "" if self.kind == "level" else KIND_NAMES.get(self.kind, self.kind)
        tier = TIER_NAMES.get(line.tier, line.tier)
        place = f"{self.indicator.name}{named}　{tier}　{line.org.name}"
        key = f"{line.tier}:{line.org_id}:{column}"
        return Obstacle(self.indicator.id, self.kind, place, text, todo, refused, key)

    def _told(self, line: Line, said: Iterable[Remark]) -> Iterator[Obstacle]:
        for one in said:
            yield self._tell(line, one.message, one.action, refused=one.refused)

    def _line(self, line: Line) -> Iterator[Obstacle]:
        labels = HEADS | {one.key: one.label for one in self.columns}
        for column, text in line.typed.items():
            fault = fault_in(line, column, text)
            told = f"{labels.get(column, column)}的{fault}"
            todo = "改成规则里的名称，或清空" if column == AGAINST else "在格子里改成数，或清空"
            yield self._tell(line, told, todo, column=column)
        yield from self._wanted(line)
        yield from self._months(line)
        base = self.bases.get((self.indicator.id, str(line.org_id)))
        if line.value is not None:
            said = needs_base(self.indicator, line.org.name, self.version.year, self.kind, base)
            yield from self._told(line, said)
        for by in NAMED_SPLITS:
            parts = [Part(one.name, one.value) for one in line.parts.all() if one.by == by]
            yield from self._told(line, self._remarks(line, by, parts))

    def _wanted(self, line: Line) -> Iterator[Obstacle]:
        if line.comparator == "about" and line.tolerance is None:
            yield self._tell(line, "“左右”没有写容差", "打开这一条，写明相差多少算到")
        if self.kind == "yes_no" and not Printed(Decimal(1), 0, line.unit).is_count:
            yield self._tell(
                line, f"“是否”看的是数是不是1，{self.indicator.name}以{line.unit}计",
                "改用定性目标写明要达到什么；要自动判定的，在规则里设一个记1和0的指标",
            )  # fmt: skip
        if self.kind in WORDLESS:
            if self.kind == "qualitative" and not line.text:
                yield self._tell(line, "定性目标没有文字", "打开这一条，写明要达到什么")
        elif line.value is None and line.word is None and WHOLE not in line.typed:
            yield self._tell(line, "没有全年目标值", "填上数；没有下达的填“未下达”")
        if line.word is not None and line.months:
            yield self._tell(line, "全年未下达，却分到了月份", "清空各月，或填上全年目标")

    def _months(self, line: Line) -> Iterator[Obstacle]:
        if not line.months or line.value is None or not self.columns:
            return
        if not adds_up_by_month(self.indicator, self.kind):
            gap = month_gap(line, self.indicator, self.columns)
            if not gap.is_even:
                last = "没有填" if gap.total is None else f"是{figure(gap.total)}{line.unit}"
                told = f"{self.columns[-1].label}{last}，与全年目标{figure(line.value)}不同"
                yield self._tell(line, told, _NOT_WHOLE)
            return
        parts = [Part(one.label, number_in(line, one.key)) for one in self.columns]
        yield from self._told(line, self._remarks(line, "month", parts))
        amounts = [one.value or Decimal(0) for one in parts]
        so_far = list(zip((one.month for one in self.columns), cumulative(amounts), strict=True))
        whole = WholeOf("全年目标", line.value, line.unit, self.version.year, "month")
        if "month" not in line.margins:
            yield from self._told(line, profile_within(so_far, whole))

    def _remarks(self, line: Line, by: str, parts: Sequence[Part]) -> tuple[Remark, ...]:
        kinds: dict[str, By] = {"month": "month", "org": "org", "group": "group",
                                "person": "person"}  # fmt: skip
        return remarks(line, self.indicator, self.version.year, kinds[by], parts)

    def _below(self, parent: Line) -> Iterator[Obstacle]:
        """Departments carry the same whole once more, beside the townships."""
        if parent.value is None:
            return
        below = [
            x for x in self.lines if x.tier == parent.tier and x.org.parent_id == parent.org_id
        ]  # fmt: skip
        units = [one for one in below if one.org.level != DEPARTMENT]
        departments = [one for one in below if one.org.level == DEPARTMENT]
        for group in (units, departments):
            parts = [closed_part(self.rules.orgs[str(x.org_id)], x.value) for x in group
                     if str(x.org_id) in self.rules.orgs and x.word is None]  # fmt: skip
            yield from self._told(parent, self._remarks(parent, "org", parts))

    def _bases(self) -> Iterator[Obstacle]:
        """A target of amount held together with the one of growth: told, never refused."""
        if self.kind != "level":
            return
        for line in self.lines:
            growth = self.growths.get((self.indicator.id, line.tier, str(line.org_id)))
            base = self.public.get((self.indicator.id, str(line.org_id)))
            told = bases_said(line, growth, self.indicator, base) if growth else None
            if told is not None and not told[0]:
                todo = "核对两个数；两个都下达的，亮灯各亮各的"
                yield self._tell(line, told[1], todo, refused=False)

    def _tiers(self) -> Iterator[Obstacle]:
        by_org: dict[str, dict[str, Line]] = {}
        for line in self.lines:
            by_org.setdefault(str(line.org_id), {})[line.tier] = line
        for tiers in by_org.values():
            floor = tiers.get("floor")
            for line in tiers.values():
                if floor is not None and line is not floor:
                    pair = {"floor": floor, line.tier: line}
                    yield from self._told(line, tiers_in_order(self.indicator, line.org.name, pair))
