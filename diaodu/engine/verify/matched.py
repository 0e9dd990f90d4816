"""contradiction: indicators that should move together and do not.

Growth as published, else computed from the levels on file; of the tracks that the board reads,
the first that has one. Compared at the newest period of the first indicator, where the other has
the same one: never a month with a cumulative figure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import product

import narwhals as nw

from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import SCALE
from diaodu.engine.ground.records import Finding, Observation
from diaodu.engine.rules.calendar import latest_filed
from diaodu.engine.rules.models import Check
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.engine.verify import say
from diaodu.engine.verify.figures import Figures, Frame
from diaodu.engine.verify.rounding import gap, over, printed

# Points apart from which on a rise beside a fall is told, where the check does not say.
OPPOSITE = Decimal(1)

_CUT = 10 ** (SCALE - 6)
_LOOSE = 4  # what cutting off may have cost, in 10^-6 points
_MOST = 10**27  # a level so large, times 10^8, still fits 128 bits


@dataclass(frozen=True)
class _Growth:
    """A growth in %: as published (`rests_on` is it alone), or of a level over another."""

    range: Interval
    rests_on: tuple[Observation, ...]

    @property
    def is_published(self) -> bool:
        return len(self.rests_on) == 1

    def told(self) -> str:
        """5.6%（公布，“6月报表.xlsx”“工业”D7）"""
        places = "、".join(say.place(one) for one in self.rests_on)
        how = "公布" if self.is_published else "按总量计算"
        digits = max(self.rests_on[0].decimals or 0, 0) if self.is_published else 1
        return f"{say.number(self.range.value, digits, '%')}（{how}，{places}）"


def partners(rulebook: Rulebook, indicators: Collection[str]) -> set[str]:
    """The indicators that these are held against, or that are held against these."""
    found: set[str] = set()
    for check in rulebook.checks:
        if check.kind == "contradiction" and not check.off:
            for one, other in product(check.indicators, check.with_):
                found |= {one, other} if one in indicators or other in indicators else set()
    return found & rulebook.indicators.keys() - set(indicators)


def contradictions(figures: Figures, month: Period) -> Iterator[Finding]:
    checks = [one for one in figures.rulebook.checks if one.kind == "contradiction" and not one.off]
    all_names = sorted({name for one in checks for name in (*one.indicators, *one.with_)})
    rough: dict[Period, Frame] = {}
    for check in checks:
        periods: dict[Period, list[str]] = {}
        for name in check.indicators:
            if name in figures.rulebook.indicators:
                period = latest_filed(figures.rulebook.indicators[name], month)
                periods.setdefault(period, []).append(name)
        for period, names in periods.items():
            if check.holds_on(period.end):
                if period not in rough:
                    rough[period] = _rough(figures, all_names, period)
                yield from _of_period(figures, check, names, period, rough[period])


def _of_period(
    figures: Figures, check: Check, names: list[str], period: Period, known: Frame
) -> Iterator[Finding]:
    far = _far_apart(figures, check, names, known)
    if not len(far):
        return
    orgs: dict[str, set[str]] = {}
    pairs = sorted(far.iter_rows())
    for one, other, org in pairs:
        orgs.setdefault(one, set()).add(org)
        orgs.setdefault(other, set()).add(org)
    growths = {name: _growths(figures, name, period, some) for name, some in orgs.items()}
    for one, other, org in pairs:
        if org in growths[one] and org in growths[other]:
            yield from _compared(figures, check, growths[one][org], growths[other][org])


# -- which pairs may be too far apart --------------------------------------------------------


def _far_apart(figures: Figures, check: Check, names: list[str], known: Frame) -> Frame:
    """one, other, org of the pairs whose growths (`known`), of whichever tracks, lie as far apart
    as the check allows: what is a finding is decided on the figures themselves."""
    pairs = figures.table(
        {"one": [n for n in names for _ in check.with_], "other": list(check.with_) * len(names)},
        {"one": nw.String, "other": nw.String},
    )
    own = known.rename({"indicator": "one", "least": "own_least", "most": "own_most"})
    theirs = known.rename({"indicator": "other"})
    both = pairs.join(own, on="one").join(theirs, on=["other", "org"])
    apart = nw.max_horizontal(
        nw.col("own_most") - nw.col("least"), nw.col("most") - nw.col("own_least")
    )
    least = min(check.band or Decimal(0), OPPOSITE if check.opposite is None else check.opposite)
    return both.filter(apart + _LOOSE >= int(least * 10**6)).select("one", "other", "org")


def _rough(figures: Figures, names: list[str], period: Period) -> Frame:
    """indicator, org, and the least and the most of its growths of all tracks, published and
    computed, in 10^-6 points."""
    rows = figures.frame.filter(
        nw.col("indicator").is_in(names)
        & nw.col("facet").is_in(["level", "growth"])
        & nw.col("period").is_in([period.id, period.last_year().id])
    ).select("indicator", "org", "period", "facet", "slot", "slot_last_year", "value")
    now = rows.filter(nw.col("period") == period.id)
    rough = nw.col("value") // _CUT
    published = now.filter(nw.col("facet") == "growth").with_columns(least=rough, most=rough)
    levels = rows.filter(nw.col("facet") == "level")
    bases = levels.select(slot_last_year=nw.col("slot"), base=nw.col("value"))
    computed = now.filter(nw.col("facet") == "level").join(bases, on="slot_last_year")
    computed = computed.filter(nw.col("base") != 0)
    hundred = nw.lit(10**8, dtype=nw.Int128)
    small = nw.col("value").abs() < _MOST
    ratio = nw.when(small).then(nw.col("value")) * hundred // nw.col("base") - hundred
    any_ = nw.lit(_MOST, dtype=nw.Int128)
    computed = computed.with_columns(least=ratio.fill_null(-any_), most=ratio.fill_null(any_))
    wanted = ("indicator", "org", "least", "most")
    both = nw.concat([one.select(*wanted) for one in (published, computed)])
    return both.group_by("indicator", "org").agg(nw.col("least").min(), nw.col("most").max())


# -- the growths themselves ------------------------------------------------------------------


def _growths(
    figures: Figures, indicator: str, period: Period, orgs: Collection[str]
) -> dict[str, _Growth]:
    """Of these orgs: org → growth of the first track that has one, a published one before any
    computed."""
    known = figures.rulebook.indicators.get(indicator)
    if known is None:
        return {}
    periods = [period.id, period.last_year().id]
    rows = figures.frame.filter(
        (nw.col("indicator") == indicator)
        & nw.col("facet").is_in(["level", "growth"])
        & nw.col("period").is_in(periods)
        & nw.col("org").is_in(sorted(orgs))
    )
    seen = figures.load(rows.get_column("obs_id").to_list())
    by_place = {(one.org, one.facet, one.period, one.track): one for one in seen.values()}
    computes = known.computes_growth
    found: dict[str, _Growth] = {}
    tracks = figures.rulebook.tracks("board", period.end)
    for org in orgs:
        published = [by_place.get((org, "growth", period.id, track)) for track in tracks]
        first = next((one for one in published if one is not None), None)
        if first is not None:
            found[org] = _Growth(printed(first), (first,))
        elif computes:
            pairs = (
                (by_place.get((org, "level", period.id, track)),
                 by_place.get((org, "level", periods[1], track)))
                for track in tracks
            )  # fmt: skip
            computed = (_computed(now, base) for now, base in pairs if now and base)
            growth = next((one for one in computed if one is not None), None)
            if growth is not None:
                found[org] = growth
    return found


def _computed(now: Observation, base: Observation) -> _Growth | None:
    quotient = over(printed(now), printed(base))
    if quotient is None:
        return None
    return _Growth((quotient - Interval.exact(1)).times(100), (now, base))


def _compared(figures: Figures, check: Check, own: _Growth, other: _Growth) -> Iterator[Finding]:
    apart = gap(own.range, other.range)
    opposite = Fraction(OPPOSITE if check.opposite is None else check.opposite)
    signs = own.range.hi < 0 < other.range.lo or other.range.hi < 0 < own.range.lo
    turned = signs and apart >= opposite
    wide = apart > Fraction(check.band or 0)
    if not (turned or wide):
        return
    one, beside = own.rests_on[0], other.rests_on[0]
    names = [figures.rulebook.indicators[name].name for name in (one.indicator, beside.indicator)]
    org = figures.rulebook.names_of([one.org])[0]
    off = say.number(abs(own.range.value - other.range.value), 1, "个百分点")
    why = "一升一降" if turned else f"超过规则允许的{check.band:f}个百分点"
    reason = f"（{check.reason}）" if check.reason else ""
    yield say.about(
        one, "contradiction", "soft",
        f"{org}{say.period_name(one.period)}{names[0]}增速{own.told()}，{names[1]}增速"
        f"{other.told()}，相差{off}，{why}{reason}。",
        f"请两项指标的牵头部门对照核实：口径、统计范围、错月和价格因素；能说明的写明原因，数照常使用。"
        f"幅度在规则 checks/“{check.id}”里。",
        expected=f"与{names[1]}增速相差不超过{check.band or 0:f}个百分点",
        found=f"{say.number(own.range.value, 1, '%')}对{say.number(other.range.value, 1, '%')}",
        others=(*own.rests_on, *other.rests_on), check=f"{check.id}|{beside.indicator}",
    )  # fmt: skip
