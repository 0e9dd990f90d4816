"""cumulative_fell and month_vs_ytd: figures of one year against each other."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Finding, Observation
from diaodu.engine.verify import say
from diaodu.engine.verify.figures import SERIES, Figures, Frame, rows_of
from diaodu.engine.verify.rounding import gap, printed
from diaodu.engine.verify.standard import Ruling, named_check, ruling

_YEARS, _MONTHS = 10_000, 100  # more than there are of either
_ADDS_UP = ("ytd", "month", "count")


def cumulative_fell(figures: Figures) -> Iterator[Finding]:
    """A cumulative level below the one before it in the same year, beyond rounding.

    Counts may lose members and sums with negative parts may fall: those are asked only where the
    rulebook names the indicator.
    """
    pairs = _falling(figures)
    seen = figures.load([one for pair in pairs for one in pair])
    for now_id, before_id in pairs:
        now, before = seen[now_id], seen[before_id]
        rule = _fall_rule(figures, now, before)
        if rule is not None and _fell(now, before, rule):
            yield _fall(figures, now, before, rule)


def _falling(figures: Figures) -> list[tuple[str, str]]:
    rows = figures.facet("level").filter(
        nw.col("indicator").is_in(_of_basis(figures, ("ytd", "count"))),
        ~nw.col("ytd_month").is_null(),
    )
    # In this order the figure before, if there is one, stands in the row above.
    order = (nw.col("series").cast(nw.Int64) * _YEARS + nw.col("year")) * _MONTHS
    rows = rows.select(
        "series", "year", "value", "half", "obs_id", order=order + nw.col("ytd_month")
    )
    rows = rows.sort("order")
    earlier = [
        nw.col(name).shift(1).alias(f"{name}_before")
        for name in ("series", "year", "value", "half", "obs_id")
    ]
    same = (nw.col("series") == nw.col("series_before")) & (nw.col("year") == nw.col("year_before"))
    apart = nw.col("value_before") - nw.col("half_before") >= nw.col("value") + nw.col("half")
    fell = nw.col("value") < nw.col("value_before")
    fallen = rows.with_columns(*earlier).filter(same & apart & fell)
    return [(now, before) for now, before in rows_of(fallen, "obs_id", "obs_id_before")]


def _fall_rule(figures: Figures, now: Observation, before: Observation) -> Ruling | None:
    end = Period.from_id(now.period).end
    check = named_check(figures.rulebook, "cumulative_fell", now.indicator, end)
    named = check is not None and now.indicator in check.indicators
    assert now.value is not None and before.value is not None
    may_fall = (
        figures.rulebook.indicators[now.indicator].basis == "count"
        or now.value < 0
        or before.value < 0
    )
    rule = ruling(figures.rulebook, "cumulative_fell", now.indicator, end)
    return None if rule.off or (may_fall and not named) else rule


def _fell(now: Observation, before: Observation, rule: Ruling) -> bool:
    assert before.value is not None
    allowed = rule.allowance(before.value)
    return allowed == 0 or gap(printed(now), printed(before)) > allowed


def _fall(figures: Figures, now: Observation, before: Observation, rule: Ruling) -> Finding:
    assert now.value is not None and before.value is not None
    digits = max(now.decimals or 0, before.decimals or 0, 0)
    less = say.number(before.value - now.value, digits, now.unit)
    return say.about(
        now, "cumulative_fell", rule.severity,
        f"{say.subject(figures.rulebook, now)}累计{say.figure(now)}，"
        f"比{say.period_name(before.period)}累计{say.figure(before)}少{less}；"
        f"年内累计数不应下降。本期：{say.place(now)}；上期：{say.place(before)}。",
        "请核对两期报表：上期已修订的请重报上期；确属冲减的，请在规则 checks/ 中对该指标"
        "写明容差或关闭本项核验，并写理由。",
        expected=f"不小于{say.figure(before)}", found=say.figure(now), others=(before,),
    )  # fmt: skip


def month_vs_ytd(figures: Figures) -> Iterator[Finding]:
    """A month's (or quarter's) own figure against the difference of two cumulative ones."""
    triples = _identities(figures)
    seen = figures.load([one for triple in triples for one in triple])
    for own_id, upto_id, before_id in triples:
        own, upto, before = seen[own_id], seen[upto_id], seen[before_id]
        rule = ruling(
            figures.rulebook, "month_vs_ytd", own.indicator, Period.from_id(own.period).end
        )
        if not rule.off:
            yield from _identity(figures, own, upto, before, rule)


def _identities(figures: Figures) -> list[tuple[str, str, str]]:
    rows = figures.facet("level").filter(nw.col("indicator").is_in(_of_basis(figures, _ADDS_UP)))
    spans = rows.filter(~nw.col("upto").is_null())
    joined = _beside(_beside(spans, rows, "upto"), rows, "before")
    off = (nw.col("value") - (nw.col("value_upto") - nw.col("value_before"))).abs()
    allowed = nw.col("half") + nw.col("half_upto") + nw.col("half_before")
    found = joined.filter(off > allowed)
    return [
        (own, upto, before)
        for own, upto, before in rows_of(found, "obs_id", "obs_id_upto", "obs_id_before")
    ]


def _beside(rows: Frame, others: Frame, period: str) -> Frame:
    """Each row with the figure of the same series in the period that column `period` names."""
    renamed = others.select(
        *SERIES,
        nw.col("period").alias(period),
        *[nw.col(name).alias(f"{name}_{period}") for name in ("value", "half", "obs_id")],
    )
    return rows.join(renamed, on=[*SERIES, period], how="inner")


def _identity(
    figures: Figures, own: Observation, upto: Observation, before: Observation, rule: Ruling
) -> Iterator[Finding]:
    difference = printed(upto) - printed(before)
    assert own.value is not None and upto.value is not None and before.value is not None
    expected = upto.value - before.value
    if gap(printed(own), difference) <= rule.allowance(expected):
        return
    digits = max(own.decimals or 0, upto.decimals or 0, before.decimals or 0, 0)
    should = say.number(expected, digits, own.unit)
    off = say.number(abs(own.value - expected), digits, own.unit)
    more = "多" if own.value > expected else "少"
    yield say.about(
        own, "month_vs_ytd", rule.severity,
        f"{say.subject(figures.rulebook, own)}本期数{say.figure(own)}，"
        f"而累计数之差为{should}（{say.period_name(upto.period)}{say.figure(upto)} − "
        f"{say.period_name(before.period)}{say.figure(before)}），{more}{off}。"
        f"本期数：{say.place(own)}；累计数：{say.place(upto)}、{say.place(before)}。",
        "请核对本期数和两期累计数；前期累计数修订过的，请注明并重报前期。",
        expected=should, found=say.figure(own), others=(upto, before),
    )  # fmt: skip


def _of_basis(figures: Figures, bases: tuple[str, ...]) -> list[str]:
    return [i.id for i in figures.rulebook.indicators.values() if i.basis in bases]
