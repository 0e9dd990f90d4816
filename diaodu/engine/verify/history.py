"""jump: a figure that changed as the org's own history of it never does.

Levels are compared with last year's: of a cumulative figure the period's own part (cumulative −
the cumulative before), so that a month is held against the same month of the year before, and
1—2月, however it came, is one. Rates and shares are compared, in points, with the period before in
the same year. What is usual are the median and the spread (median distance from it) of the past
changes of the same indicator, org and track. Numbers in the frames are whole, in 10^-6 points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from statistics import median
from typing import Any, NamedTuple

import narwhals as nw

from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import SCALE
from diaodu.engine.ground.records import Finding, Observation
from diaodu.engine.rules.calendar import latest_filed, previous_filed
from diaodu.engine.rules.models import Check, Indicator
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.engine.verify import say
from diaodu.engine.verify.figures import Figures, Frame
from diaodu.engine.verify.rounding import over, printed
from diaodu.engine.verify.standard import named_check

# What a check that leaves them open means.
TIMES = Decimal(8)  # times the spread: history is short, and its tails are long
BAND = {"ratio": Decimal(30), "points": Decimal(5)}  # points at least, on either side
AT_LEAST = 8  # past changes
_LONGEST = 60  # months of history
_A_YEAR = 12
_ALL_GONE = -100  # percent

_SHARES = ("%", "百分点", "‰")
_FACETS = ("level", "growth")
_OTHERS = ("before", "last_year", "before_last_year")
_CUT = 10 ** (SCALE - 6)
_LOOSE = 4  # what cutting off may have cost, in 10^-6 points
_MOST = 10**27  # a part so large, times 10^8, still fits 128 bits


class _Step(NamedTuple):
    """How a figure of one period becomes a change: how far in slots the figure lies from which
    it is counted, and (for a part) the one before last year's. `month` counts from year 0."""

    month: int
    sort: str  # ratio or points
    before: int | None
    last_year: int | None
    before_last_year: int | None


@dataclass(frozen=True)
class Changes:
    """The changes of every figure that some check of jumps is for, made once for all months."""

    figures: Figures

    @cached_property
    def rows(self) -> Frame:
        """obs_id, indicator, period, facet, series, month, sort, change, and the slots of what it
        was counted from."""
        parts = [self._of(facet) for facet in _FACETS]
        return nw.concat(parts)

    def _of(self, facet: str) -> Frame:
        all_ = self.figures.facet(facet)
        wanted = {
            name for name, facets in _wanted(self.figures.rulebook).items() if facet in facets
        }
        rows = all_.select("obs_id", "indicator", "period", "series", "value", "slot")
        rows = rows.filter(nw.col("indicator").is_in(sorted(wanted)))
        rows = rows.join(self._steps(rows, facet), on=["indicator", "period"], how="inner")
        number = nw.col("series").cast(nw.Int64) * len(_FACETS) + _FACETS.index(facet)
        return _changed(rows.with_columns(facet=nw.lit(facet), series=number), all_)

    def _steps(self, rows: Frame, facet: str) -> Frame:
        columns: dict[str, list[Any]] = {name: [] for name in ("indicator", "period")}
        columns |= {name: [] for name in _Step._fields}
        known: dict[tuple[Any, ...], _Step | None] = {}
        for name, text in rows.select("indicator", "period").unique().iter_rows():
            one = self.figures.rulebook.indicators[name]
            alike = (one.basis, one.cadence, one.january, one.unit in _SHARES, text)
            if alike not in known:
                known[alike] = _step(self.figures, one, Period.from_id(text), facet)
            step = known[alike]
            if step is not None:
                for column, value in zip(columns.values(), (name, text, *step), strict=True):
                    column.append(value)
        schema: dict[str, Any] = dict.fromkeys(columns, nw.Int64)
        schema |= dict.fromkeys(("indicator", "period", "sort"), nw.String)
        return self.figures.table(columns, schema)


def _wanted(rulebook: Rulebook) -> dict[str, set[str]]:
    """indicator → facets that a check of jumps is for."""
    found: dict[str, set[str]] = {}
    for check in rulebook.checks:
        if check.kind == "jump" and not check.off:
            facets = {check.facet} if "facet" in check.model_fields_set else set(_FACETS)
            names = rulebook.indicators if "*" in check.indicators else check.indicators
            for name in names:
                found.setdefault(name, set()).update(facets)
    return {name: facets for name, facets in found.items() if name in rulebook.indicators}


def periods_of_the_past(rulebook: Rulebook, month: Period) -> set[str]:
    """What the jumps into a month are measured by: the filed periods that changes of the last
    years end in or begin with, of the indicators that some check of jumps is for."""
    found: set[Period] = set()
    for name in _wanted(rulebook):
        newest = period = latest_filed(rulebook.indicators[name], month)
        while _month_number(newest) - _month_number(period) <= _LONGEST + _A_YEAR:
            found.add(period)
            period = previous_filed(rulebook.indicators[name], period)
    return {one.id for one in found}


# -- what is compared with what --------------------------------------------------------------


def _step(figures: Figures, indicator: Indicator, period: Period, facet: str) -> _Step | None:
    """None for a period that is compared with nothing."""
    if not period.is_whole_months or _is_january_alone(indicator, period):
        return None
    if latest_filed(indicator, period) != period:
        return None
    before = previous_filed(indicator, period)
    same_year = before.year == period.year and not _is_january_alone(indicator, before)
    if facet == "growth" or indicator.unit in _SHARES:
        if not same_year and (period.is_cumulative or facet == "growth"):
            return None
        return _located(figures, period, "points", before, None)
    own = before if indicator.basis in ("ytd", "count") and same_year else None
    return _located(figures, period, "ratio", own, period.last_year())


def _located(
    figures: Figures, period: Period, sort: str, before: Period | None, last_year: Period | None
) -> _Step | None:  # fmt: skip
    """None where one of the periods is not on file for anybody."""
    both = None if before is None or last_year is None else before.last_year()
    here = figures.numbers[period.id]
    back: list[int | None] = []
    for other in (before, last_year, both):
        if other is None:
            back.append(None)
        elif other.id not in figures.numbers:
            return None
        else:
            back.append(figures.numbers[other.id] - here)
    return _Step(_month_number(period), sort, *back)


def _month_number(period: Period) -> int:
    return period.end.year * 12 + period.end.month


def _is_january_alone(indicator: Indicator, period: Period) -> bool:
    """January moves with the Spring Festival: it is compared within 1—2月 alone."""
    monthly = indicator.cadence == "month" and indicator.basis != "stock"
    return monthly and period.month == 1 and period.months == 1


def _changed(rows: Frame, other: Frame) -> Frame:
    """Rows with their `change`; those that lack one of the figures it takes are left out."""
    for name in _OTHERS:
        slots = nw.col("slot") + nw.col(name)
        one = other.select(
            nw.col("slot").alias(f"slot_{name}"), nw.col("value").alias(f"value_{name}")
        )
        rows = rows.with_columns(slots.alias(f"slot_{name}"))
        rows = rows.join(one, on=f"slot_{name}", how="left")
        rows = rows.filter(nw.col(name).is_null() | ~nw.col(f"value_{name}").is_null())
    whole = nw.lit(0, dtype=nw.Int128)
    now = nw.col("value") - nw.col("value_before").fill_null(whole)
    then = nw.col("value_last_year") - nw.col("value_before_last_year").fill_null(whole)
    rows = rows.with_columns(now=now, then=then)
    ratio = nw.col("sort") == "ratio"
    # A sum that may be negative has no growth to speak of.
    fits = (nw.col("then") > 0) & (nw.col("value_last_year") > 0) & (nw.col("now").abs() < _MOST)
    rows = rows.filter(~ratio | fits)
    base = nw.when(ratio).then(nw.col("then")).otherwise(nw.lit(1, dtype=nw.Int128))
    rows = rows.with_columns(base=base)
    hundred = nw.lit(10**8, dtype=nw.Int128)
    change = (
        nw.when(ratio)
        .then(nw.col("now") * hundred // nw.col("base") - hundred)
        .otherwise(nw.col("now") // _CUT)
    )
    return rows.select(
        "obs_id", "indicator", "period", "facet", "series", "month", "sort", "now", "then",
        "slot_before", "slot_last_year", "slot_before_last_year", change=change,
    )  # fmt: skip


# -- what is unusual -------------------------------------------------------------------------


def jumps(changes: Changes, month: Period) -> Iterator[Finding]:
    """About the newest filed period of each indicator by this month."""
    rules = _rules(changes.figures, month)
    if not rules:
        return
    judged = _judged(changes, rules, month)
    if not len(judged):
        return
    past = _past(changes.rows, judged)
    found = _far(judged, past, rules).sort("obs_id")
    if not len(found):
        return
    history = _history(past, found)
    found = _with_others(changes.figures, found)
    named = [f"id_{name}" for name in _OTHERS]
    rows = list(found.select("obs_id", "indicator", "facet", "series", *named).iter_rows())
    seen = changes.figures.load(one for row in rows for one in (row[0], *row[4:]) if one)
    for obs_id, indicator, facet, series, *others in rows:
        check = rules[indicator, facet]
        of = [seen[one] if one else None for one in others]
        yield from _jump(changes.figures, seen[obs_id], of, history[series], check)


def _with_others(figures: Figures, found: Frame) -> Frame:
    """With the ids of the figures that the changes were counted from: only these few need them."""
    ids = nw.concat(
        [figures.facet(facet).select("slot", "obs_id", facet=nw.lit(facet)) for facet in _FACETS]
    )
    for name in _OTHERS:
        one = ids.rename({"slot": f"slot_{name}", "obs_id": f"id_{name}"})
        found = found.join(one, on=[f"slot_{name}", "facet"], how="left")
    return found


def _rules(figures: Figures, month: Period) -> dict[tuple[str, str], Check]:
    """(indicator, facet) → the check that is in force at its newest period."""
    found: dict[tuple[str, str], Check] = {}
    for name, facets in _wanted(figures.rulebook).items():
        newest = latest_filed(figures.rulebook.indicators[name], month)
        for facet in sorted(facets):
            check = named_check(figures.rulebook, "jump", name, newest.end, facet)
            if check is not None and not check.off:
                found[name, facet] = check
    return found


def _judged(changes: Changes, rules: dict[tuple[str, str], Check], month: Period) -> Frame:
    """The changes into the newest periods."""
    figures = changes.figures
    columns: dict[str, list[Any]] = {name: [] for name in ("indicator", "facet", "period")}
    for name, facet in rules:
        newest = latest_filed(figures.rulebook.indicators[name], month)
        for column, value in zip(columns.values(), (name, facet, newest.id), strict=True):
            column.append(value)
    schema: dict[str, Any] = dict.fromkeys(columns, nw.String)
    return changes.rows.join(figures.table(columns, schema), on=list(columns), how="inner")


def _past(rows: Frame, judged: Frame) -> Frame:
    """The earlier changes of the same series, nothing else."""
    at = judged.select("series", "sort", at=nw.col("month"))
    rows = rows.select("series", "sort", "month", "period", "change", "now", "then")
    rows = rows.join(at, on=["series", "sort"], how="inner")
    recent = nw.col("month") >= nw.col("at") - _LONGEST
    return rows.filter((nw.col("month") < nw.col("at")) & recent)


def _far(judged: Frame, past: Frame, rules: dict[tuple[str, str], Check]) -> Frame:
    """Changes farther from the usual than any check allows, give or take what was cut off."""
    least = min(check.at_least or AT_LEAST for check in rules.values())
    usual = _twice_median(past.select("series", "change"), least)
    off = past.select("series", "change").join(usual, on="series", how="inner")
    distance = (nw.col("change") * 2 - nw.col("middle")).abs()
    spread = _twice_median(off.select("series", change=distance), least).select(
        "series", spread=nw.col("middle")
    )
    rows = judged.join(usual, on="series", how="inner").join(spread, on="series", how="inner")
    times = min(check.times or TIMES for check in rules.values())
    bands = {sort: min(c.band if c.band is not None else BAND[sort] for c in rules.values())
             for sort in BAND}  # fmt: skip
    away = (nw.col("change") * 2 - nw.col("middle")).abs() + _LOOSE
    # `spread` is four times the spread, `away` twice the distance.
    beyond_spread = away * 2 * times.as_integer_ratio()[1] + _LOOSE * 8 >= (
        nw.col("spread") * times.as_integer_ratio()[0]
    )
    floor = nw.when(nw.col("sort") == "ratio").then(
        nw.lit(int(bands["ratio"] * 2 * 10**6), dtype=nw.Int128)
    ).otherwise(nw.lit(int(bands["points"] * 2 * 10**6), dtype=nw.Int128))  # fmt: skip
    return rows.filter(beyond_spread & (away >= floor))


def _twice_median(rows: Frame, least: int) -> Frame:
    """series, middle: twice the median of `change` where there are `least` of them at least."""
    place = nw.col("change").rank("ordinal").over("series").cast(nw.Int64)
    rows = rows.with_columns(place=place, n=nw.len().over("series").cast(nw.Int64))
    low = (nw.col("n") + 1) // 2
    high = nw.col("n") // 2 + 1
    middle = rows.filter((nw.col("n") >= least) & (nw.col("place") >= low))
    middle = middle.filter(nw.col("place") <= high)
    # An odd number has one in the middle, an even one two.
    both = nw.col("change") * nw.when(nw.col("n") % 2 == 1).then(2).otherwise(1)
    return middle.select("series", middle=both).group_by("series").agg(nw.col("middle").sum())


class _Change(NamedTuple):
    period: str
    change: Fraction  # in points


def _history(past: Frame, found: Frame) -> dict[int, list[_Change]]:
    rows = past.join(found.select("series"), on="series", how="semi").sort("series", "month")
    history: dict[int, list[_Change]] = {}
    columns = ("series", "period", "sort", "now", "then")
    for series, period, sort, now, then in rows.select(*columns).iter_rows():
        exact = (Fraction(now, then) - 1) * 100 if sort == "ratio" else Fraction(now, 10**SCALE)
        history.setdefault(series, []).append(_Change(period, exact))
    return history


# -- what is said ----------------------------------------------------------------------------


def _jump(
    figures: Figures, now: Observation, others: list[Observation | None],
    history: list[_Change], check: Check,
) -> Iterator[Finding]:  # fmt: skip
    """Decided on what the printed figures allow: the change at its nearest to the usual."""
    before, last_year, before_last_year = others
    sort = "points" if last_year is None else "ratio"
    if len(history) < (check.at_least or AT_LEAST):
        return
    usual = median(one.change for one in history)
    spread = median(abs(one.change - usual) for one in history)
    least = Fraction(BAND[sort] if check.band is None else check.band)
    reach = max(Fraction(check.times or TIMES) * spread, least)
    change = _interval(now, before, last_year, before_last_year)
    if change is None or (change.lo <= usual + reach and change.hi >= usual - reach):
        return
    lo, hi = usual - reach, usual + reach
    least_usual, most_usual = _expected(lo, hi, before, last_year, before_last_year)
    digits = max(now.decimals or 0, 0)
    expected = (
        f"不高于{say.number(most_usual, digits, now.unit)}"
        if sort == "ratio" and lo <= _ALL_GONE
        else f"在{say.number(least_usual, digits, '')}至"
        f"{say.number(most_usual, digits, now.unit)}之间"
    )
    known = tuple(one for one in (before, last_year, before_last_year) if one is not None)
    places = "、".join(
        f"{say.period_name(one.period)}{say.figure(one)}（{say.place(one)}）" for one in known
    )
    first, last = say.period_name(history[0].period), say.period_name(history[-1].period)
    yield say.about(
        now, "jump", "soft",
        f"{say.subject(figures.rulebook, now)}为{say.figure(now)}，{_told(change, sort, known)}；"
        f"{first}到{last}的{len(history)}次变动，中位数{_points(usual, sort)}，"
        f"离散{say.number(spread, 1, '个百分点')}，照此应{expected}。"
        f"位置：{say.place(now)}；比的是：{places}。",
        "请核对该格的数值、计量单位和统计期；属实的写明原因（如大项目投产、企业退库），数照常使用；"
        f"这个指标本来就起伏大的，请在规则 checks/“{check.id}”中放宽 band 或 times。",
        expected=expected, found=say.figure(now), others=known, check=check.id,
    )  # fmt: skip


def _interval(
    now: Observation, before: Observation | None, last_year: Observation | None,
    before_last_year: Observation | None,
) -> Interval | None:  # fmt: skip
    part = printed(now) if before is None else printed(now) - printed(before)
    if last_year is None:
        return part
    base = printed(last_year)
    if before_last_year is not None:
        base = base - printed(before_last_year)
    quotient = over(part, base)
    return None if quotient is None else (quotient - Interval.exact(1)).times(100)


def _expected(
    lo: Fraction, hi: Fraction, before: Observation | None, last_year: Observation | None,
    before_last_year: Observation | None,
) -> tuple[Fraction, Fraction]:  # fmt: skip
    """The figures that would be usual."""
    start = Fraction(0) if before is None else _exact(before)
    if last_year is None:
        return start + lo, start + hi
    base = _exact(last_year)
    if before_last_year is not None:
        base -= _exact(before_last_year)
    return start + base * (1 + lo / 100), start + base * (1 + hi / 100)


def _exact(one: Observation) -> Fraction:
    assert one.value is not None
    return Fraction(one.value)


def _told(change: Interval, sort: str, known: Iterable[Observation]) -> str:
    if sort == "points":
        return f"比上期变动{say.number(change.value, 1, '个百分点')}"
    part = "其中本期新增部分" if len(tuple(known)) > 1 else ""
    return f"{part}比上年同期变动{say.number(change.value, 1, '%')}"


def _points(usual: Fraction, sort: str) -> str:
    return say.number(usual, 1, "%" if sort == "ratio" else "个百分点")
