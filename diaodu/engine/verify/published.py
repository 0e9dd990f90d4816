"""implied_base and published_vs_computed: a published facet against what the levels on file give.

Neither replaces the other; a difference beyond the rounding of all printed figures is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

import narwhals as nw

from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Finding, Observation, Target
from diaodu.engine.rules.calendar import previous_filed
from diaodu.engine.rules.rulebook import Rulebook
from diaodu.engine.verify import say
from diaodu.engine.verify.figures import PLACE, SERIES, Figures, Frame, earlier_periods, rows_of
from diaodu.engine.verify.rounding import gap, over, printed
from diaodu.engine.verify.standard import ruling

# A rate in percent is taken at six decimals in the frames, so that rate × level fits 128 bits.
_RATE_CUT = 10**6
_WHOLE_RATE = 100 * 10**6


# -- growth and implied base -----------------------------------------------------------------


def growth_against_levels(figures: Figures) -> Iterator[Finding]:
    """Level, published growth and last year's level of one track. A real growth is not the ratio
    of levels and is not compared, nor are levels on both sides of a break that parts them; the
    base is recomputed for current prices only."""
    comparable = [i.id for i in figures.rulebook.indicators.values() if i.price != "real"]
    triples = _disagreeing(figures, comparable)
    seen = figures.load([one for triple in triples for one in triple])
    for level_id, growth_id, base_id in triples:
        level, growth, base = seen[level_id], seen[growth_id], seen[base_id]
        if _are_parted(figures.rulebook, level, base):
            continue
        if figures.rulebook.indicators[level.indicator].price == "current":
            yield from _implied_base(figures, level, growth, base)
        computed = _growth(printed(level), printed(base))
        if computed is not None:
            yield from _differs(
                figures, growth, computed, (level, base),
                f"按{say.period_name(level.period)}{say.figure(level)}、"
                f"{say.period_name(base.period)}{say.figure(base)}",
            )  # fmt: skip


def _are_parted(rulebook: Rulebook, level: Observation, base: Observation) -> bool:
    periods = Period.from_id(base.period), Period.from_id(level.period)
    return any(
        one.comparable == "false"
        and one.covers(level.indicator, level.org)
        and one.is_crossed(*periods)
        for one in rulebook.breaks
    )


def _disagreeing(figures: Figures, indicators: list[str]) -> list[tuple[str, str, str]]:
    level = figures.facet("level").filter(nw.col("indicator").is_in(indicators))
    growth = _other(figures.facet("growth"), "growth", PLACE)
    base = _other(
        figures.facet("level").with_columns(nw.col("period").alias("last_year")),
        "base", [*SERIES, "last_year"],
    )  # fmt: skip
    joined = level.join(growth, on=PLACE, how="inner")
    joined = joined.join(base, on=[*SERIES, "last_year"], how="inner")
    rate = nw.col("value_growth") // _RATE_CUT + _WHOLE_RATE
    slack = nw.col("half_growth") // _RATE_CUT
    found = joined.filter(_ratio_off("value_base", "half_base", rate, slack))
    return _triples(found, "obs_id_growth", "obs_id_base")


def _ratio_off(base: str, half: str, rate: nw.Expr, slack: nw.Expr) -> nw.Expr:
    """Whether `value` may lie off base × rate by more than rounding: never misses one that does.

    `rate` and `slack` are percent × 10^6, cut off: two units are allowed for what was cut.
    """
    value, whole, loose = nw.col("value"), nw.col(base), nw.col(half)
    off = (value * _WHOLE_RATE - whole * rate).abs()
    allowed = nw.col("half") * _WHOLE_RATE + whole.abs() * (slack - 2)
    return off > allowed + loose * rate.abs() - loose * (slack + 2)


def _growth(level: Interval, base: Interval) -> Interval | None:
    quotient = over(level, base)
    return None if quotient is None else (quotient - Interval.exact(1)).times(100)


def _implied_base(
    figures: Figures, level: Observation, growth: Observation, base: Observation
) -> Iterator[Finding]:
    factor = Interval.exact(1) + printed(growth).times(Fraction(1, 100))
    implied = over(printed(level), factor)
    rule = ruling(
        figures.rulebook, "implied_base", level.indicator, Period.from_id(level.period).end
    )
    assert base.value is not None
    if implied is None or rule.off:
        return
    if gap(implied, printed(base)) <= rule.allowance(base.value):
        return
    digits = max(level.decimals or 0, base.decimals or 0, 0)
    off = implied.value - Fraction(base.value)
    more = "多" if off > 0 else "少"
    implied_text = say.number(implied.value, digits, level.unit)
    share = ""
    if base.value != 0:
        share = f"（{say.number(abs(off / Fraction(base.value)) * 100, 2, '%')}）"
    yield say.about(
        level, "implied_base", rule.severity,
        f"{say.subject(figures.rulebook, level)}{say.figure(level)}、公布增速"
        f"{say.figure(growth)}，反推同期数为{implied_text}，在册同期数为{say.figure(base)}，"
        f"反推比在册{more}{say.number(abs(off), digits, level.unit)}{share}。"
        f"总量：{say.place(level)}；增速：{say.place(growth)}；同期：{say.place(base)}。",
        "请核对同期数是否修订、口径是否一致；同期数已修订的，请补报修订后的同期数并注明文号。",
        expected=say.figure(base), found=implied_text, others=(growth, base),
    )  # fmt: skip


# -- shares ----------------------------------------------------------------------------------


def shares(figures: Figures) -> Iterator[Finding]:
    """A published share against part ÷ whole. `against` is an org or an indicator; where it is
    empty the whole is the parent org's figure."""
    pairs = _whole_of_share(figures)
    level = figures.facet("level")
    joined = figures.facet("share").join(pairs, on=["indicator", "org", "against_text"])
    part = _other(level, "part", PLACE)
    whole = _other(level, "whole", PLACE).select(
        nw.col("indicator").alias("whole_indicator"), nw.col("org").alias("whole_org"),
        "period", "track", "value_whole", "half_whole", "obs_id_whole",
    )  # fmt: skip
    joined = joined.join(part, on=PLACE, how="inner").join(
        whole, on=["whole_indicator", "whole_org", "period", "track"], how="inner"
    )
    triples = _triples(joined, "obs_id_part", "obs_id_whole")
    seen = figures.load([one for triple in triples for one in triple])
    for share_id, part_id, whole_id in triples:
        share, one, all_ = seen[share_id], seen[part_id], seen[whole_id]
        quotient = over(printed(one), printed(all_))
        if quotient is None or one.unit != all_.unit:
            continue
        yield from _differs(
            figures, share, quotient.times(100), (one, all_),
            f"按{say.figure(one)}占{say.subject(figures.rulebook, all_)}{say.figure(all_)}",
        )  # fmt: skip


def _whole_of_share(figures: Figures) -> Frame:
    rulebook = figures.rulebook
    columns: dict[str, list[str]] = {
        "indicator": [], "org": [], "against_text": [], "whole_indicator": [], "whole_org": [],
    }  # fmt: skip
    rows = figures.facet("share").select("indicator", "org", "against_text").unique()
    for indicator, org, against in rows.iter_rows():
        if against in rulebook.indicators:
            whole = (against, org)
        else:
            whole = (indicator, against or rulebook.orgs[org].parent or "")
        for column, value in zip(columns.values(), (indicator, org, against, *whole), strict=True):
            column.append(value)
    return figures.table(columns, dict.fromkeys(columns, nw.String))


# -- differences of growths ------------------------------------------------------------------


def gaps(figures: Figures) -> Iterator[Finding]:
    """A published gap to another org against the two published growths."""
    rows = figures.facet("gap").filter(nw.col("against").is_in(list(figures.rulebook.orgs)))
    growth = figures.facet("growth")
    own = _other(growth, "own", PLACE)
    theirs = _other(growth, "other", PLACE).rename({"org": "against"})
    joined = rows.join(own, on=PLACE, how="inner").join(
        theirs, on=["indicator", "against", "period", "track"], how="inner"
    )
    yield from _differences(figures, joined)


def changes(figures: Figures) -> Iterator[Finding]:
    """A published change in points against the growth of this and of the previous filed period."""
    rows = figures.facet("change_pp")
    table = earlier_periods(figures, rows, previous_filed)
    growth = figures.facet("growth")
    own = _other(growth, "own", PLACE)
    before = _other(growth, "other", ["slot"]).rename({"slot": "slot_before"})
    joined = rows.join(table, on="of_all", how="inner").with_columns(
        slot_before=nw.col("slot") + nw.col("back")
    )
    joined = joined.join(own, on=PLACE, how="inner").join(before, on="slot_before", how="inner")
    yield from _differences(figures, joined)


def _differences(figures: Figures, joined: Frame) -> Iterator[Finding]:
    off = (nw.col("value") - (nw.col("value_own") - nw.col("value_other"))).abs()
    found = joined.filter(off > nw.col("half") + nw.col("half_own") + nw.col("half_other"))
    triples = _triples(found, "obs_id_own", "obs_id_other")
    seen = figures.load([one for triple in triples for one in triple])
    for ids in triples:
        one, own, other = (seen[obs_id] for obs_id in ids)
        yield from _differs(
            figures, one, printed(own) - printed(other), (own, other),
            f"按{say.subject(figures.rulebook, own)}{say.figure(own)}减"
            f"{say.subject(figures.rulebook, other)}{say.figure(other)}",
        )  # fmt: skip


# -- completion ------------------------------------------------------------------------------


def completions(figures: Figures, targets: Iterable[Target]) -> Iterator[Finding]:
    """A published completion against value ÷ target; it may be of any of the level targets."""
    by_key: dict[tuple[str, str, int], list[Target]] = {}
    for target in targets:
        if target.period or target.kind != "level":
            continue
        if target.value is not None and target.value > 0:
            by_key.setdefault((target.indicator, target.org, target.year), []).append(target)
    level = _other(figures.facet("level"), "own", PLACE)
    joined = figures.facet("completion").join(level, on=PLACE, how="inner")
    pairs = list(rows_of(joined.sort("obs_id"), "obs_id", "obs_id_own"))
    seen = figures.load([one for pair in pairs for one in pair])
    for completion_id, level_id in pairs:
        one, own = seen[completion_id], seen[level_id]
        candidates = by_key.get((one.indicator, one.org, Period.from_id(one.period).year), [])
        yield from _completion(figures, one, own, candidates)


def _completion(
    figures: Figures, one: Observation, own: Observation, targets: list[Target]
) -> Iterator[Finding]:
    found: list[Finding] = []
    for target in targets:
        assert target.value is not None
        computed = printed(own).times(100 / Fraction(target.value))
        how = f"按{say.figure(own)}对年度目标{target.value:f}{target.unit}"
        differing = list(_differs(figures, one, computed, (own,), how))
        if not differing:
            return
        found.extend(differing)
    yield from found[:1]


# -- what they share -------------------------------------------------------------------------


def _other(frame: Frame, suffix: str, keys: list[str]) -> Frame:
    """The frame's keys and, under suffixed names, its figures: one side of a join."""
    columns = [nw.col(name).alias(f"{name}_{suffix}") for name in ("value", "half", "obs_id")]
    return frame.select(*keys, *columns)


def _triples(frame: Frame, second: str, third: str) -> list[tuple[str, str, str]]:
    rows = rows_of(frame.sort("obs_id"), "obs_id", second, third)
    return [(one, two, three) for one, two, three in rows]


def _differs(
    figures: Figures, one: Observation, computed: Interval,
    others: tuple[Observation, ...], how: str,
) -> Iterator[Finding]:  # fmt: skip
    """A finding where the published figure lies outside what the others allow."""
    rule = ruling(
        figures.rulebook, "published_vs_computed", one.indicator,
        Period.from_id(one.period).end, one.facet,
    )  # fmt: skip
    assert one.value is not None
    if rule.off or gap(printed(one), computed) <= rule.allowance(computed.value):
        return
    digits = max(one.decimals or 0, 0)
    off = Fraction(one.value) - computed.value
    points = "百分点" if one.unit in ("%", "百分点") else one.unit
    more = "高" if off > 0 else "低"
    yield say.about(
        one, "published_vs_computed", rule.severity,
        f"{say.subject(figures.rulebook, one)}公布为{say.figure(one)}，{how}计算为"
        f"{say.number(computed.value, digits, one.unit)}，公布数{more}"
        f"{say.number(abs(off), digits, points)}，超出四舍五入的范围。"
        f"公布数：{say.place(one)}；计算依据：{'、'.join(say.place(o) for o in others)}。",
        "两数并存，互不替代；请核对口径、同期数修订和小数位，并在说明中写明差异原因。",
        expected=say.number(computed.value, digits, one.unit), found=say.figure(one), others=others,
    )  # fmt: skip
