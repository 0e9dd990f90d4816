"""Streaks: for how many months in a row a growth has risen or fallen, or a target is kept.

A streak is positive for the good end of its kind (rising, growing, not behind), negative for the
other, 0 where the newest period stands still. 1—2月 counts two months, a quarter three; a period
that cannot be told, for want of a figure or between a published and a computed growth, ends it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial
from itertools import groupby
from typing import Any, NamedTuple

import narwhals as nw

from diaodu.engine.compute import leading
from diaodu.engine.compute.against import Against, figure_names
from diaodu.engine.compute.bases import FARTHEST, months_back
from diaodu.engine.compute.breaks import keeps_apart
from diaodu.engine.compute.exact import HUNDRED, ONE, Frame, from_scaled
from diaodu.engine.compute.figures import Wanted
from diaodu.engine.compute.made import Known, Made, Number, counted, half_up, over_bounds
from diaodu.engine.compute.pace import YEAR, Paces
from diaodu.engine.compute.plan import Plan, own_part, period_before
from diaodu.engine.ground.period import Period
from diaodu.engine.rules.models import Indicator
from diaodu.engine.rules.rulebook import Rulebook

Line = Sequence[Period]
Starts = Sequence[int]


class _Level(NamedTuple):
    number: Known
    refs: tuple[str, ...]


class _Growth(NamedTuple):
    """`units` of the last printed digit; what it was read from or computed from."""

    units: int
    refs: tuple[str, ...]


class _Growths(NamedTuple):
    published: _Growth | None
    computed: _Growth | None


class _Turn(NamedTuple):
    """Where a period points: 1, −1, 0; None where that cannot be told."""

    way: int | None
    refs: tuple[str, ...]
    is_start: bool = False  # before it there is nothing that a streak could count


_SILENT = _Turn(None, ())


@dataclass
class _Past:
    """Figures of some indicators as they are read, by place."""

    levels: dict[tuple[str, str, str], _Level] = field(default_factory=dict)
    growths: dict[tuple[str, str, str], _Level] = field(default_factory=dict)


def wanted(rulebook: Rulebook, plan: Plan) -> Wanted | None:
    """The figures of the indicators that ask for a streak, as far back as it is followed; None
    where none does."""
    asking = _asking(rulebook, plan)
    if not asking:
        return None
    periods: set[str] = set()
    for indicator, period in asking:
        for one in _line(indicator, period):
            periods |= {one.id, one.last_year().id, own_part(indicator, one)}
    names = frozenset(indicator.id for indicator, _ in asking)
    return Wanted(frozenset(periods - {""}), names)


def _asking(rulebook: Rulebook, plan: Plan) -> list[tuple[Indicator, Period]]:
    """Not those that file by day, week or ten days, nor formulas: no past of theirs is kept."""
    found = [(rulebook.indicators[name], plan.steps[name, period].period)
             for name, period in sorted(plan.asked)]  # fmt: skip
    return [
        (indicator, period)
        for indicator, period in found
        if indicator.asks_for("streak") and indicator.formula is None and period.is_whole_months
    ]


OF_GROWTH = frozenset({"streak", "streak_month", "streak_sign", leading.MEASURE})


def measures(
    known: Frame | None, targets: Frame, paces: Paces, plan: Plan, left: Collection[str] = ()
) -> Iterator[Made]:
    """streak, streak_month, streak_sign of every org that has figures in `known` (see `past`),
    streak_first of who is first, unless OF_GROWTH is in `left`; streak_target of each of its
    targets of the year."""
    if known is None:
        return
    rulebook = paces.rulebook
    read = _read(known)
    orgs: dict[str, dict[str, None]] = {}
    for name, org, _ in (*read.levels, *read.growths):
        orgs.setdefault(name, {})[org] = None
    aims, of_growth = _Aims(targets), not OF_GROWTH.issubset(left)
    for indicator, line, starts in _lines(_asking(rulebook, plan)):
        every = {
            org: _Series(read, rulebook, indicator, org, line)
            for org in sorted(orgs.get(indicator.id, ()))
        }
        for series in every.values():
            turns = _Turns(series, aims, paces)
            for start in starts:
                if of_growth:
                    yield from _of_growth(series, turns, start)
                yield from _of_targets(series, turns, start)
        if of_growth:
            yield from leading.measures(leading.Field(indicator, line, every, rulebook), starts)


def _line(indicator: Indicator, period: Period) -> list[Period]:
    """The period and those before it, as far as a streak is followed and one more: what the
    farthest adds to the one before it is asked too."""
    back = months_back(indicator, period)
    return [period, *back, period_before(indicator, back[-1])]


def _lines(asking: Iterable[tuple[Indicator, Period]]) -> Iterator[tuple[Indicator, Line, Starts]]:
    """An indicator's periods, newest first, and where on that line those asked for stand: months
    computed together share one past."""
    for indicator, asked in groupby(asking, key=lambda one: one[0]):
        left = sorted((period for _, period in asked), key=lambda period: period.end, reverse=True)
        while left:
            line = _line(indicator, left[0])
            starts = [line.index(period) for period in left if period in line]
            left = [period for period in left if period not in line]
            yield indicator, line + months_back(indicator, line[-1])[: starts[-1]], starts


def _read(known: Frame) -> _Past:
    wanted = known.filter(
        nw.col("facet").is_in(["level", "growth"])
        & (nw.col("against") == "")
        & ~nw.col("value").is_null()
    )
    found = _Past()
    names = ("indicator", "org", "period", "facet", "value", "lo", "hi", "ref")
    for indicator, org, period, facet, value, lo, hi, ref in wanted.select(*names).iter_rows():
        held = found.levels if facet == "level" else found.growths
        held[indicator, org, period] = _Level(Known(value, lo, hi), (ref,))
    return found


# -- one series ----------------------------------------------------------------------------------


class _Series:
    """An indicator of an org through `line`, its periods, newest first."""

    def __init__(
        self, read: _Past, rulebook: Rulebook, indicator: Indicator, org: str,
        line: Line,
    ) -> None:  # fmt: skip
        self.read = read
        self.rulebook = rulebook
        self.indicator = indicator
        self.org = org
        self.line = line
        self._whole: dict[int, _Growths] = {}
        self._alone: dict[int, _Growths] = {}
        self.computes = indicator.computes_growth

    def months(self, at: int) -> int:
        """How many months a period counts: 2 for 1—2月, 3 for a quarter, else 1."""
        period, before = self.line[at], self.line[at + 1]
        return period.month - (before.month if before.year == period.year else 0)

    def level(self, period: Period) -> _Level | None:
        return self.read.levels.get((self.indicator.id, self.org, period.id))

    def published(self, period: Period) -> _Level | None:
        return self.read.growths.get((self.indicator.id, self.org, period.id))

    def growths(self, at: int) -> _Growths:
        if at not in self._whole:
            period = self.line[at]
            grown = self._grown(period, self.level(period), self.level(period.last_year()))
            self._whole[at] = _Growths(self._told(period), grown)
        return self._whole[at]

    def month_growths(self, at: int) -> _Growths:
        """Of what a period adds to the one before it in its year."""
        if at not in self._alone:
            self._alone[at] = self._of_month(at)
        return self._alone[at]

    def _of_month(self, at: int) -> _Growths:
        period, before = self.line[at], self.line[at + 1]
        if before.year != period.year:
            return self.growths(at)
        now = self._added(period, before)
        then = self._added(period.last_year(), before.last_year())
        own = own_part(self.indicator, period)
        told = self._told(Period.from_id(own)) if own else None
        return _Growths(told, self._grown(period, now, then))

    def _added(self, period: Period, before: Period) -> _Level | None:
        """What a period adds to the one before; its bounds are of no matter here."""
        now, gone = self.level(period), self.level(before)
        if now is None or gone is None:
            return None
        added = Known.exact(now.number.value - gone.number.value)
        return _Level(added, (*now.refs, *gone.refs))

    def _told(self, period: Period) -> _Growth | None:
        told = self.published(period)
        if told is None:
            return None
        return _Growth(half_up(told.number.value * self._digits, ONE), told.refs)

    @property
    def _digits(self) -> int:
        return int(10**self.indicator.growth_decimals)

    def is_apart(self, period: Period) -> bool:
        """Whether a break in the series keeps it from being compared with the year before."""
        place = (self.indicator.id, self.org)
        return keeps_apart(self.rulebook, *place, period.last_year(), period)

    def _grown(self, period: Period, now: _Level | None, then: _Level | None) -> _Growth | None:
        if not self.computes or now is None or then is None or self.is_apart(period):
            return None
        value, base = now.number.value, then.number.value
        if base <= 0 or value < 0:
            return None
        units = half_up((value - base) * 100 * self._digits, base)
        return _Growth(units, (*now.refs, *then.refs))


class _Sort(NamedTuple):
    """One kind of streak: what is counted, in words, and what is said where nothing moves."""

    measure: str
    told: str
    flat: str


class _Turns:
    """Where each period of a series points, told once for all the streaks it belongs to."""

    def __init__(self, series: _Series, aims: _Aims, paces: Paces) -> None:
        self.aims = aims
        self.rise = cache(lambda at: _rise(series.growths, at))
        self.month_rise = cache(lambda at: _rise(series.month_growths, at))
        self.sign = cache(lambda at: _sign(series.growths(at)))
        self._kept = cache(lambda at, *sort: self._against(series, paces, at, *sort))

    def kept(self, at: int, tier: str, kind: str) -> _Turn:
        """Against the target of this tier and kind in the period's year."""
        return self._kept(at, tier, kind)

    def _against(self, series: _Series, paces: Paces, at: int, tier: str, kind: str) -> _Turn:
        period = series.line[at]
        same = (
            one
            for one in self.aims.of(series.indicator.id, series.org, period.year)
            if (one.tier, one.kind) == (tier, kind) and one.value is not None
        )
        return _kept(series, paces, period, next(same, None))


def _of_growth(series: _Series, turns: _Turns, start: int) -> Iterator[Made]:
    """The three streaks of growth."""
    cumulative = series.line[start].is_cumulative and series.indicator.is_of_year_so_far
    what = "累计增速" if cumulative else "增速"
    rising = _Sort("streak", f"{what}连续比上期{{way}}的月数", f"{what}与上期持平")
    yield from _streak(series, rising, turns.rise, start)
    sign = _Sort("streak_sign", f"{what}连续为{{sign}}的月数", f"{what}为零")
    yield from _streak(series, sign, turns.sign, start)
    if series.indicator.is_flow:
        month = _Sort("streak_month", "当月增速连续比上期{way}的月数", "当月增速与上期持平")
        yield from _streak(series, month, turns.month_rise, start)


def _rise(growths: Callable[[int], _Growths], at: int) -> _Turn:
    """Published with published, else computed with computed."""
    for now, then in zip(growths(at), growths(at + 1), strict=True):
        if now is not None and then is not None:
            return _Turn(_way(now.units - then.units), (*now.refs, *then.refs))
    return _SILENT


def _sign(growths: _Growths) -> _Turn:
    read = growths.published or growths.computed
    return _SILENT if read is None else _Turn(_way(read.units), read.refs)


def _way(difference: int) -> int:
    return (difference > 0) - (difference < 0)


_WAYS = {
    1: {"way": "上升", "sign": "正", "target": "达到序时或目标"},
    -1: {"way": "回落", "sign": "负", "target": "落后于序时或目标"},
}


def _streak(
    series: _Series, sort: _Sort, turn: Callable[[int], _Turn], start: int, target: str = ""
) -> Iterator[Made]:
    """From the period at `start` back. No row where it cannot be told."""
    here = first = turn(start)
    if first.way is None:
        return
    end = start + FARTHEST
    months, at, refs = 0, start, list(first.refs)
    while first.way and here.way == first.way and at < end:
        months += series.months(at)
        refs += here.refs
        at += 1
        here = turn(at) if at < end else _SILENT
    told = f"{sort.flat}，不计连续月数"
    if first.way:
        told = f"{sort.told.format(**_WAYS[first.way])}（1—2月按两个月计）"
        told += f"，自{series.line[at - 1]}起"
        told += "；再往前没有可比的数" if here.way is None else ""
    number = counted(first.way * months)
    if first.way and here.way is None and not here.is_start:
        number = _at_least(number)
    yield Made(
        series.indicator.id, series.org, series.line[start].id, sort.measure,
        number, None, "个月", 0, told, refs, target,
    )  # fmt: skip


def _at_least(number: Number) -> Number:
    """Of a streak that may have begun before the figures that are there, one end is open."""
    return number._replace(lo=None) if number.value < 0 else number._replace(hi=None)


# -- against targets -----------------------------------------------------------------------------


class _Aim(NamedTuple):
    """A target as `Against` reads it."""

    target_id: str
    tier: str
    kind: str
    comparator: str
    value: Decimal | None
    tolerance: Decimal | None


class _Aims:
    """Targets by place and year."""

    def __init__(self, targets: Frame) -> None:
        self._held: dict[tuple[str, str, int], list[_Aim]] = {}
        names = ("indicator", "org", "year", *_Aim._fields[:4], "t", "tolerance")
        for row in targets.sort("target_id").select(*names).iter_rows():
            indicator, org, year, target, tier, kind, comparator, value, tolerance = row
            aim = _Aim(target, tier, kind, comparator, _exact(value), _exact(tolerance))
            self._held.setdefault((indicator, org, year), []).append(aim)

    def of(self, indicator: str, org: str, year: int) -> Iterable[_Aim]:
        return self._held.get((indicator, org, year), ())


def _exact(scaled: int | None) -> Decimal | None:
    return None if scaled is None else from_scaled(scaled)


class _Figure(NamedTuple):
    """A number as `Against` reads it."""

    value: Decimal | None
    decimals: int | None
    lo: Decimal | None
    hi: Decimal | None


_NO_TARGET = _Turn(None, (), is_start=True)
_KEPT = _Sort("streak_target", "连续{target}的月数", "")


def _of_targets(series: _Series, turns: _Turns, start: int) -> Iterator[Made]:
    """streak_target: in earlier years against the target of the same tier and kind."""
    for aim in turns.aims.of(series.indicator.id, series.org, series.line[start].year):
        of_sort = partial(turns.kept, tier=aim.tier, kind=aim.kind)
        yield from _streak(series, _KEPT, of_sort, start, aim.target_id)


def _kept(series: _Series, paces: Paces, period: Period, aim: _Aim | None) -> _Turn:
    """As the lights and counts decide it (see `Against`). A streak begins with the first target."""
    if aim is None or aim.value is None:
        return _NO_TARGET
    figure, refs = _held_against(series, aim, period)
    if figure is None:
        return _SILENT
    gap = _pace_gap(series, paces, aim, period)
    against = Against(series.indicator, aim, figure, gap, period.month == YEAR)
    ways: Mapping[Any, int] = {"above": 1, "at": 1, "below": -1}
    return _Turn(ways.get(against.standing), (*refs, aim.target_id))


def _held_against(
    series: _Series, aim: _Aim, period: Period
) -> tuple[_Figure | None, tuple[str, ...]]:
    for name in figure_names(series.indicator, aim.kind):
        if name == "growth":
            now, then = series.level(period), series.level(period.last_year())
            grown = None if series.is_apart(period) else _computed_growth(series, now, then)
            if grown is not None and now is not None and then is not None:
                return grown, (*now.refs, *then.refs)
            continue
        told = series.level(period) if name == "value" else series.published(period)
        if told is not None:
            decimals = series.indicator.decimals
            if name != "value":
                decimals = series.indicator.growth_decimals
            return _Figure(
                from_scaled(told.number.value), decimals, from_scaled(told.number.lo),
                from_scaled(told.number.hi),
            ), told.refs  # fmt: skip
    return None, ()


def _computed_growth(series: _Series, now: _Level | None, then: _Level | None) -> _Figure | None:
    if now is None or then is None or not series.computes:
        return None
    if then.number.value <= 0 or now.number.value < 0:
        return None

    def growth(value: int, base: int) -> Fraction:
        return Fraction(value, base) * 100 - 100

    number = over_bounds(growth, (now.number, then.number), bounded=then.number.lo > 0)
    ends = [_exact(end) for end in (number.lo, number.hi)]
    return _Figure(from_scaled(number.value), series.indicator.growth_decimals, *ends)


def _pace_gap(series: _Series, paces: Paces, aim: _Aim, period: Period) -> _Figure | None:
    level = series.level(period)
    if aim.kind != "level" or level is None or aim.value is None or aim.value <= 0:
        return None
    wanted = int(aim.value * ONE)
    now = paces.of(series.indicator.id, series.org, aim.tier, period, wanted)
    if now is None:
        return None
    gap = level.number.value * now.span - wanted * now.gone
    cut = abs(gap) * HUNDRED // (wanted * now.span)
    return _Figure(
        from_scaled(cut if gap > 0 else -cut), series.indicator.growth_decimals, None, None
    )
