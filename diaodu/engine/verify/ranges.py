"""out_of_range: figures outside the limits the rulebook gives, and figures that cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import narwhals as nw

from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import COUNT_WORDS
from diaodu.engine.ground.records import Finding, Observation
from diaodu.engine.rules.models import Check
from diaodu.engine.verify import say
from diaodu.engine.verify.figures import Figures, scaled_up
from diaodu.engine.verify.rounding import gap, over, printed
from diaodu.engine.verify.standard import STANDARD, ruling_of

_RANKS = ("rank_level", "rank_growth")


def out_of_range(figures: Figures) -> Iterator[Finding]:
    for check in figures.rulebook.checks:
        if check.kind == "range" and not check.off:
            yield from _declared(figures, check)
        elif check.kind == "whole" and not check.off:
            yield from _not_whole(figures, check)
        elif check.kind == "computed_growth" and not check.off:
            yield from _grown(figures, check)
    yield from _negative_counts(figures)
    yield from _ranks(figures)
    yield from _rates(figures)


# -- limits of the rulebook ------------------------------------------------------------------


def _declared(figures: Figures, check: Check) -> Iterator[Finding]:
    value, outside = nw.col("value"), nw.lit(False)
    if check.lo is not None:
        outside = outside | (value < scaled_up(check.lo))
    if check.hi is not None:
        outside = outside | (value > scaled_up(check.hi))
    frame = figures.facet(check.facet).filter(outside)
    if "*" not in check.indicators:
        frame = frame.filter(nw.col("indicator").is_in(list(check.indicators)))
    for one in figures.load(frame.get_column("obs_id").to_list()).values():
        if _applies(figures, check, one):
            yield from _outside(figures, one, check)


def _applies(figures: Figures, check: Check, one: Observation) -> bool:
    """In force, and not a general limit where the indicator has one of its own."""
    end = Period.from_id(one.period).end
    own = any(
        other.kind == "range"
        and other.facet == one.facet
        and one.indicator in other.indicators
        and other.holds_on(end)
        for other in figures.rulebook.checks
    )
    return check.holds_on(end) and (one.indicator in check.indicators or not own)


def _outside(figures: Figures, one: Observation, check: Check) -> Iterator[Finding]:
    assert one.value is not None
    if check.lo is not None and one.value < check.lo:
        yield from _beyond(figures, one, check, check.lo, "低于下限", "不小于")
    if check.hi is not None and one.value > check.hi:
        yield from _beyond(figures, one, check, check.hi, "高于上限", "不大于")


def _beyond(
    figures: Figures, one: Observation, check: Check, limit: Decimal, how: str, bound: str
) -> Iterator[Finding]:
    rule = ruling_of(check)
    if gap(printed(one), Interval.exact(limit)) <= rule.allowance(limit):
        return
    assert one.value is not None
    off = f"{abs(one.value - limit).normalize():f}{one.unit}"
    reason = f"（{check.reason}）" if check.reason else ""
    yield say.about(
        one, "out_of_range", rule.severity,
        f"{say.subject(figures.rulebook, one)}为{say.figure(one)}，"
        f"{how}{limit:f}{one.unit}，差{off}{reason}。位置：{say.place(one)}。",
        f"请核对{say.place(one)}的数值和计量单位；属实的，请修改规则 checks/ 中"
        f"“{check.id}”的上下限。",
        expected=f"{bound}{limit:f}{one.unit}", found=say.figure(one), check=check.id,
    )  # fmt: skip


def _not_whole(figures: Figures, check: Check) -> Iterator[Finding]:
    """Counts with decimals. 万户 may have them: 1.2万户 is a whole number of 户."""
    fraction = nw.col("value") % scaled_up(Decimal(1)) != 0
    frame = figures.facet("level").filter(fraction & nw.col("unit").is_in(sorted(COUNT_WORDS)))
    for one in figures.load(frame.get_column("obs_id").to_list()).values():
        named = one.indicator in check.indicators or "*" in check.indicators
        if named and check.holds_on(Period.from_id(one.period).end):
            yield say.about(
                one, "out_of_range", ruling_of(check).severity,
                f"{say.subject(figures.rulebook, one)}为{say.figure(one)}，"
                f"按{one.unit}计的数应是整数。位置：{say.place(one)}。",
                f"请核对{say.place(one)}的数值和计量单位：以万计的请把计量单位写成“万{one.unit}”。",
                expected="整数", found=say.figure(one), check=check.id,
            )  # fmt: skip


def _grown(figures: Figures, check: Check) -> Iterator[Finding]:
    """The growth of a level over last year's on file, outside the limits whatever was rounded."""
    level = figures.facet("level")
    if "*" not in check.indicators:
        level = level.filter(nw.col("indicator").is_in(list(check.indicators)))
    base = level.filter(nw.col("value") > 0).select(
        slot_last_year="slot", value_base="value", id_base="obs_id"
    )
    pairs = level.join(base, on="slot_last_year", how="inner")
    pairs = pairs.filter(_growth_outside(check)).sort("obs_id")
    ids = list(pairs.select("obs_id", "id_base").iter_rows())
    seen = figures.load(one for pair in ids for one in pair)
    for now, then in ids:
        yield from _growth_beyond(figures, check, seen[now], seen[then])


def _growth_outside(check: Check) -> nw.Expr:
    """What lies beyond a limit before rounding is looked at; limits are taken at six decimals."""
    million = 10**6
    now, base, outside = nw.col("value") * 100 * million, nw.col("value_base"), nw.lit(False)
    if check.lo is not None:
        outside = outside | (now <= base * (100 * million + int(check.lo * million) + 1))
    if check.hi is not None:
        outside = outside | (now >= base * (100 * million + int(check.hi * million) - 1))
    return outside


def _growth_beyond(
    figures: Figures, check: Check, now: Observation, base: Observation
) -> Iterator[Finding]:
    quotient = over(printed(now), printed(base))
    indicator = figures.rulebook.indicators[now.indicator]
    if quotient is None or not check.holds_on(Period.from_id(now.period).end):
        return
    growth = (quotient - Interval.exact(1)).times(100)
    limit, bound = check.lo, "不低于"
    if limit is None or growth.hi >= limit:
        limit, bound = check.hi, "不高于"
        if limit is None or growth.lo <= limit:
            return
    computed = say.number(growth.value, indicator.growth_decimals, "%")
    reason = f"（{check.reason}）" if check.reason else ""
    yield say.about(
        now, "out_of_range", ruling_of(check).severity,
        f"{say.subject(figures.rulebook, now)}为{say.figure(now)}，比{say.period_name(base.period)}"
        f"{say.figure(base)}算得增速{computed}，应{bound}{limit:f}%{reason}。"
        f"本期：{say.place(now)}；同期：{say.place(base)}。",
        "请核对本期数、同期数和计量单位；属实的写明原因，或修改规则 checks/"
        f"“{check.id}”的上下限。",
        expected=f"增速{bound}{limit:f}%", found=computed, others=(base,), check=check.id,
    )  # fmt: skip


# -- figures that cannot be ------------------------------------------------------------------


def _negative_counts(figures: Figures) -> Iterator[Finding]:
    counts = [i.id for i in figures.rulebook.indicators.values() if i.basis == "count"]
    counted = nw.col("indicator").is_in(counts) | nw.col("unit").is_in(sorted(COUNT_WORDS))
    stocks = {i.id for i in figures.rulebook.indicators.values() if i.basis in ("count", "stock")}
    frame = figures.facet("level").filter(counted & (nw.col("value") < 0))
    for one in figures.load(frame.get_column("obs_id").to_list()).values():
        if one.indicator in stocks:
            yield _impossible(figures, one, "个数不能为负", "不小于0")


def _ranks(figures: Figures) -> Iterator[Finding]:
    one_place = scaled_up(Decimal(1))
    value, peers = nw.col("value"), nw.col("n")
    wrong = (value < one_place) | (value % one_place != 0)
    wrong = wrong | (~peers.is_null() & (value > peers.cast(nw.Int128) * one_place))
    frame = figures.frame.filter(nw.col("facet").is_in(list(_RANKS)) & wrong)
    for one in figures.load(frame.get_column("obs_id").to_list()).values():
        last = "" if one.n is None else f"{one.n}"
        bound = f"1至{last}的整数" if last else "不小于1的整数"
        yield _impossible(figures, one, f"位次应为{bound}", bound)


def _impossible(figures: Figures, one: Observation, why: str, expected: str) -> Finding:
    return say.about(
        one, "out_of_range", STANDARD["impossible"].severity,
        f"{say.subject(figures.rulebook, one)}为{say.figure(one)}，{why}。"
        f"位置：{say.place(one)}。",
        f"请报送单位核对{say.place(one)}后重报；更正前该数不参与计算。",
        expected=expected, found=say.figure(one), check="impossible",
    )  # fmt: skip


def _rates(figures: Figures) -> Iterator[Finding]:
    """Shares outside 0..100 and falls of more than 100 %: only figures that turn negative can."""
    hundred = scaled_up(Decimal(100))
    value, facet = nw.col("value"), nw.col("facet")
    odd_share = (facet == "share") & ((value > hundred) | (value < 0))
    odd_growth = (facet == "growth") & (value < -hundred)
    ids = figures.frame.filter(odd_share | odd_growth).get_column("obs_id").to_list()
    for one in figures.load(ids).values():
        seen = printed(one)
        if one.facet == "share" and seen.lo <= 100 and seen.hi >= 0:
            continue
        if one.facet == "growth" and seen.hi >= -100:
            continue
        bound = "0%至100%" if one.facet == "share" else "不小于-100%"
        why = (
            "占比应在0%至100%之间，有负数的分项才会例外"
            if one.facet == "share"
            else "下降超过100%只有由正转负才会出现，这时应写“由正转负”而不写增速"
        )
        yield say.about(
            one, "out_of_range", STANDARD["improbable"].severity,
            f"{say.subject(figures.rulebook, one)}为{say.figure(one)}，{why}。"
            f"位置：{say.place(one)}。",
            f"请核对{say.place(one)}的数值、小数点和正负号。",
            expected=bound, found=say.figure(one), check="improbable",
        )  # fmt: skip
