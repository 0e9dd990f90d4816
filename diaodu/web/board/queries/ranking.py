"""One indicator over the units below an org: their places, and what a map of them says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from django.http import Http404

from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.ground.words import LEVEL_NAMES
from diaodu.engine.report.material import whole
from diaodu.engine.rules.models import Indicator, Org
from diaodu.web.board.queries.choosing import Chosen, closed_said
from diaodu.web.board.queries.table import Standing, indicator_url, standing, told_time
from diaodu.web.runs import queries as runs
from diaodu.web.runs.queries import RowView
from diaodu.web.shared.access import Access
from diaodu.web.shared.templatetags.figures import figure, is_zero, signed

# What a light or a comparison is drawn as beside its colour.
MARKS = {"good": "●", "watch": "▲", "behind": "■", "above": "高", "even": "平", "under": "低"}
VERDICTS = ("good", "watch", "behind")
_DIFFERENT = 2  # lights
_TRIED = 5  # indicators looked into before the first is taken as it is
_VERDICT_WORDS = {"good": "良好", "watch": "关注", "behind": "落后"}


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit as map and table show it. `word` stands where there is no figure; `shade`: how it
    is filled, empty where nothing is to be said of it."""

    org: Org
    name: str
    url: str
    standing: Standing | None
    level: str
    growth: str
    change: str
    gap: str
    share: str
    light: str
    light_word: str
    word: str
    why: str
    shade: str
    closed: str

    @property
    def mark(self) -> str:
        return MARKS.get(self.shade, "")

    def value(self, facet: str) -> str:
        """What the map prints under the name."""
        return self.word or (self.level if facet == "level" else self.growth) or "无数据"


@dataclass(frozen=True, slots=True)
class Group:
    """Units of one level, ranked among themselves: the first first, then those without a place."""

    name: str
    units: Sequence[Unit]

    @property
    def ranked(self) -> int:
        return sum(one.standing is not None for one in self.units)

    @property
    def unranked(self) -> list[Unit]:
        return [one for one in self.units if one.standing is None]


@dataclass(frozen=True)
class Ranking:
    """`judged`: the fill tells lights; else it tells growth against the whole (`against`).
    `comparable`: whether the units may be held beside each other at a glance."""

    indicator: Indicator
    whole: Unit | None
    period: str
    groups: Sequence[Group]
    judged: bool
    against: str
    move_base: str
    comparable: bool
    options: Sequence[tuple[str, str]] = field(default_factory=list)

    @property
    def units(self) -> list[Unit]:
        return [one for group in self.groups for one in group.units]

    @property
    def has_levels(self) -> bool:
        return not self.indicator.is_rate_only

    @property
    def by(self) -> str:
        """增速 or 总量: what the places go by."""
        found = next((one.standing for one in self.units if one.standing is not None), None)
        return "总量" if found is not None and found.of == "level" else "增速"

    @property
    def facet(self) -> str:
        """growth, or level where most have no growth: over a base of zero there is none."""
        with_growth = sum(one.growth[-1:].isdigit() for one in self.units)
        return "level" if self.has_levels and 2 * with_growth < len(self.units) else "growth"

    @property
    def told_in(self) -> str:
        """增速，%, or 亿元: what the map's numbers are."""
        return "增速，%" if self.facet == "growth" else self.indicator.unit

    @property
    def legend(self) -> list[tuple[str, str, str, int]]:
        """Shade, mark, words, how many; they add up to the units."""
        told = [(shade, words, self._count(shade)) for shade, words in self._words().items()]
        return [(shade, MARKS.get(shade, ""), words, n) for shade, words, n in told if n]

    def _words(self) -> dict[str, str]:
        if self.judged:
            return {**_VERDICT_WORDS, "": "未判"}
        compared = {"above": "高于", "even": "持平于", "under": "低于"}
        return {
            **{shade: f"{word}{self.against}增速" for shade, word in compared.items()},
            "": "未比",
        }

    def _count(self, shade: str) -> int:
        return sum(one.shade == shade for one in self.units)


def ranking(chosen: Chosen, access: Access, now: datetime, indicator_id: str) -> Ranking:
    """Raises Http404 for an indicator the run's rules do not know, or that one may not see of
    anybody here."""
    indicator = chosen.rulebook.indicators.get(indicator_id)
    if indicator is None:
        raise Http404("没有这个指标")
    rows = runs.rows(chosen.run, access, now, indicator=indicator_id, history=False)
    below = below_of(chosen, rows)
    own = next((row for row in rows if row.org_id == chosen.org.id), None)
    if own is None and not below:
        raise Http404("这次运行里没有这个单位的这个指标")
    judged = any(row.light in VERDICTS for row in below)
    units = [_unit(chosen, row, judged) for row in below]
    return Ranking(
        indicator=indicator, whole=None if own is None else _unit(chosen, own, judged),
        period=_period(below or [own] if own else below, chosen), groups=_groups(units),
        judged=judged, against=whole(chosen.org), move_base=_move_base(below),
        comparable=_are_comparable(chosen, below), options=options(chosen, access),
    )  # fmt: skip


def _are_comparable(chosen: Chosen, below: Sequence[RowView]) -> bool:
    """Figures of one period in one unit of measure, most of which are judged or held against the
    whole: of others a map would say what is not so."""
    told = [row for row in below if row.has_figure]
    judged = any(row.light in VERDICTS for row in below)
    filled = sum(bool(_shade(row, chosen.org.id, judged)) for row in told)
    units = {row.level.unit for row in told if row.level is not None and row.level.is_number}
    periods = {row.period for row in told}
    return len(periods) == 1 and len(units) <= 1 and 2 * filled >= len(told)


def below_of(chosen: Chosen, rows: Iterable[RowView]) -> list[RowView]:
    """Rows of the units directly below, departments apart: they have no figures of a place."""
    return [
        row for row in rows if row.org.parent == chosen.org.id and row.org.level != "department"
    ]


def options(chosen: Chosen, access: Access) -> list[tuple[str, str]]:
    """The indicators the units below have: id and name."""
    below = {one.id for one in children_of(chosen)}
    found = runs.indicators_of(chosen.run, access, below)
    return [(one.id, one.name) for one in chosen.rulebook.indicators.values() if one.id in found]


def usual(chosen: Chosen, access: Access, now: datetime, wanted: str) -> tuple[Chosen, str]:
    """Where and of which indicator a ranking is looked at: of the units below; of an org without
    any, of those beside it. Empty where nobody there has a figure. Chosen by itself is what can be
    compared between the units, where there is such."""
    where = chosen
    if not options(chosen, access) and (above := above_of(chosen, access)) is not None:
        where = replace(chosen, org=above)
    known = [id for id, _ in options(where, access)]
    if wanted in known or not known:
        return where, wanted if known else ""
    below = [one.id for one in children_of(where)]
    lights = runs.lights_of(where.run, access, now, below)
    liked = sorted(known, key=lambda id: _preference(where, id, lights.get(id, frozenset())))
    fit = (id for id in islice(liked, _TRIED) if _is_comparable(where, access, now, id))
    return where, next(fit, liked[0])


def _is_comparable(where: Chosen, access: Access, now: datetime, indicator: str) -> bool:
    rows = runs.rows(where.run, access, now, indicator=indicator, history=False)
    return _are_comparable(where, below_of(where, rows))


def _preference(where: Chosen, id: str, lights: frozenset[str]) -> tuple[bool, bool, bool]:
    """Where units stand differently a map tells most; then lights, then amounts of the year, then
    what comes first."""
    verdicts = lights.intersection(VERDICTS)
    is_amount = where.rulebook.indicators[id].basis == "ytd"
    return len(verdicts) < _DIFFERENT, not verdicts, not is_amount


def children_of(chosen: Chosen) -> list[Org]:
    return [
        one
        for one in chosen.rulebook.children(chosen.org.id, chosen.period.end)
        if one.level != "department"
    ]


def _unit(chosen: Chosen, row: RowView, judged: bool) -> Unit:
    gap = row.get("gap_parent", base=chosen.org.id)
    share = row.get("share", base=chosen.org.id)
    return Unit(
        org=row.org, name=row.org.name, url=indicator_url(chosen, row.indicator_id, row.org_id),
        standing=standing(row),
        level=figure(row.level.shown) if row.level is not None else "",
        growth=figure(row.growth.shown) if row.growth is not None else "",
        change=signed(row.growth_change.shown) if row.growth_change is not None else "",
        gap=signed(gap.shown) if gap is not None else "",
        share=figure(share.shown) if share is not None else "",
        light=row.light, light_word=row.light_name, word=row.missing, why=_why(row),
        shade=_shade(row, chosen.org.id, judged), closed=closed_said(row.org, chosen.period),
    )  # fmt: skip


def _why(row: RowView) -> str:
    if row.embargoed and row.release_at is not None:
        return f"{told_time(row.release_at)}发布"
    return "；".join(row.reasons) if row.missing else ""


def _shade(row: RowView, above: str, judged: bool) -> str:
    if judged:
        return row.light if row.light in VERDICTS else ""
    gap = row.get("gap_parent", base=above)
    if gap is None or not gap.is_number:
        return ""
    if is_zero(gap.shown):
        return "even"
    return "under" if gap.shown.startswith("-") else "above"


def _groups(units: Sequence[Unit]) -> list[Group]:
    """The largest first."""
    levels = dict.fromkeys(one.org.level for one in units)
    found = [
        Group(LEVEL_NAMES[level], _placed([one for one in units if one.org.level == level]))
        for level in levels
    ]
    return sorted(found, key=lambda group: -len(group.units))


def _placed(units: Collection[Unit]) -> list[Unit]:
    """By place; those without one after them, in the rulebook's order."""
    return sorted(
        units, key=lambda one: (one.standing is None, one.standing and one.standing.place)
    )


def _period(rows: Sequence[RowView], chosen: Chosen) -> str:
    """The newest period the rows are of."""
    periods = [Period.from_id(row.period) for row in rows]
    return str(max(periods, key=lambda one: one.end)) if periods else str(chosen.period)


def _move_base(rows: Iterable[RowView]) -> str:
    """1—4月: what movements are held against."""
    for row in rows:
        for rank in row.ranks:
            if rank.move is not None and rank.move.base:
                return print_period(Period.from_id(rank.move.base), with_year=False)
    return ""


def above_of(chosen: Chosen, access: Access) -> Org | None:
    """The org above, where one may look at it: its units stand beside this one."""
    above = chosen.ancestors[0] if chosen.ancestors else None
    return above if above is not None and access.may("view", org=above.id) else None
