"""Measures against targets: completion, pace, the four arrears, what is still required."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import narwhals as nw

from diaodu.engine.compute.emit import joined, key_of, rows
from diaodu.engine.compute.exact import (
    LIMIT,
    ONE,
    Frame,
    Range,
    whole,
    with_part,
    with_ratio,
)
from diaodu.engine.compute.figures import facet, filter_numbers
from diaodu.engine.compute.pace import YEAR, with_elapsed
from diaodu.engine.compute.plan import Plan
from diaodu.engine.rules.rulebook import Rulebook

_SHARE_DIGITS = 14  # scaled ÷ scaled, in %


def newest(targets: Frame, as_of: date) -> Frame:
    """The newest vintage by `as_of` of each target: `t` its value, or null with `t_word`."""
    held = targets.filter(nw.col("received") <= as_of).sort("received", "target_id")
    place = ["indicator", "org", "year", "tier", "kind"]
    held = held.unique(subset=place, keep="last", maintain_order=True)
    number = nw.when(nw.col("value").abs() <= LIMIT).then(nw.col("value"))
    return held.select(*place, "target_id", "comparator", "tolerance", t=number, t_word="word")


def measures(
    cells: Frame, figures: Frame, targets: Frame, rulebook: Rulebook, plan: Plan
) -> Iterator[Frame]:
    """Every measure that belongs to a target, for the asked cells of its year.

    Kinds without a target are passed over: a step costs the same over no rows as over many.
    """
    asked = cells.filter(nw.col("asked"))
    aimed = asked.join(targets, on=["indicator", "org", "year"])
    levels = aimed.filter((nw.col("kind") == "level") & ~nw.col("rate_only"))
    kinds = (
        (_growth_targets, aimed.filter(nw.col("kind") == "growth")),
        (_ceilings, aimed.filter((nw.col("kind") == "ceiling") & ~nw.col("rate_only"))),
        (_rate_ceilings, aimed.filter((nw.col("kind") == "ceiling") & nw.col("rate_only"))),
        (_level_targets, levels),
    )
    for measured, frame in kinds:
        if len(frame):
            yield from measured(frame)
    paced = levels.filter(nw.col("flow") & ~nw.col("t").is_null())
    if len(paced):
        yield from _paced(with_elapsed(paced, rulebook, plan))
    drawing = levels.filter(~nw.col("reportable").is_null() & ~nw.col("low"))
    if len(drawing):
        yield _reportable(drawing, figures)


def _turned(low: nw.Expr, high_way: Range) -> Range:
    """The other way round where less is better."""
    back = -high_way
    return Range(
        nw.when(low).then(back.value).otherwise(high_way.value),
        nw.when(low).then(back.lo).otherwise(high_way.lo),
        nw.when(low).then(back.hi).otherwise(high_way.hi),
    )


def _target() -> Range:
    """A target is what was decided, not a rounded figure: it has no interval."""
    return Range.exact(nw.col("t"))


def _in_points(**more: Any) -> dict[str, Any]:
    return {"unit": "百分点", "decimals": nw.col("growth_decimals"),
            "target_id": nw.col("target_id"), **more}  # fmt: skip


def _in_units(**more: Any) -> dict[str, Any]:
    return {"unit": nw.col("points"), "decimals": nw.col("decimals"),
            "target_id": nw.col("target_id")} | more  # fmt: skip


def part_decimals(decimals: int) -> int:
    """A part of a count is no whole number: 29 in 7 months are 4.1 each, not 4."""
    return max(decimals, 1)


def _per_month() -> dict[str, Any]:
    whole_count = nw.col("decimals") == 0
    part = nw.lit(part_decimals(0), dtype=nw.Int64)
    return _in_units(decimals=nw.when(whole_count).then(part).otherwise(nw.col("decimals")))


def _word(figure: str, told: nw.Expr | None = None) -> nw.Expr:
    """no_target, not_comparable for a target too large to compute with, or why there is no
    figure."""
    absent = nw.lit("not_published") if told is None else told
    return (
        nw.when(nw.col("t").is_null()).then(nw.col("t_word").fill_null("not_comparable"))
        .when(nw.col(figure).is_null()).then(absent)
    )  # fmt: skip


# -- growth targets ----------------------------------------------------------------------------


def _growth_targets(frame: Frame) -> Iterator[Frame]:
    """arrears_growth = target − growth. The growth may be an inexact fraction, hence the care
    with its remainder: 5 − 1.99…9 is 3.00…01 cut to 3, not 3.00…1."""
    rem = (nw.col("k_rem") > 0).fill_null(False)
    frame = frame.with_columns(_gap=nw.col("t") - nw.col("k_floor"), _rem=rem)
    high = nw.col("_gap") - ((nw.col("_gap") > 0) & nw.col("_rem")).cast(nw.Int128)
    bounds = _target() - Range.of("k")
    gap = _turned(nw.col("low"), Range(high, bounds.lo, bounds.hi))
    absent = (
        nw.when(nw.col("k_word").is_null())
        .then(nw.lit("not_published"))
        .otherwise(nw.col("k_word"))
    )
    source = nw.when(nw.col("k_published")).then(nw.lit("公布增速")).otherwise(nw.lit("计算增速"))
    formula = (
        nw.when(nw.col("low"))
        .then(nw.concat_str([source, nw.lit(" − 目标增速")]))
        .otherwise(nw.concat_str([nw.lit("目标增速 − "), source]))
    )
    growth = (
        nw.when(nw.col("k_published"))
        .then(key_of("growth_published"))
        .when(nw.col("computes") & ~nw.col("v").is_null())
        .then(key_of("growth", base=nw.col("last_year")))
    )
    yield rows(
        frame, "arrears_growth", number=gap, word=_word("k", absent), formula=formula,
        inputs=joined(growth, nw.col("target_id")), **_in_points(),
    )  # fmt: skip


# -- ceilings ----------------------------------------------------------------------------------


def _ceilings(frame: Frame) -> Iterator[Frame]:
    yield rows(
        frame, "allowance", number=_target() - Range.of("v"), word=_word("v"),
        formula="上限 − 本期", inputs=joined(key_of("value"), nw.col("target_id")), **_in_units(),
    )  # fmt: skip


def _rate_ceilings(frame: Frame) -> Iterator[Frame]:
    yield rows(
        frame, "allowance", number=_target() - Range.of("p"), word=_word("p"),
        formula="上限 − 公布增速", inputs=joined(key_of("growth_published"), nw.col("target_id")),
        **_in_points(),
    )  # fmt: skip


# -- level targets -----------------------------------------------------------------------------


def _level_targets(frame: Frame) -> Iterator[Frame]:
    both = joined(key_of("value"), nw.col("target_id"))
    done = with_ratio(frame, "done", Range.of("v"), _target(), _SHARE_DIGITS)
    no_share = nw.when(nw.col("done").is_null()).then(nw.lit("not_comparable"))
    yield rows(
        done, "completion", number=Range.of("done"),
        word=nw.when(_word("v").is_null()).then(no_share).otherwise(_word("v")),
        unit="%", decimals=nw.col("growth_decimals"), target_id=nw.col("target_id"),
        formula="本期 ÷ 目标 × 100", inputs=both,
    )  # fmt: skip
    way = nw.when(nw.col("low")).then(nw.lit("本期 − 目标")).otherwise(nw.lit("目标 − 本期"))
    yield rows(
        frame, "shortfall_year", number=_turned(nw.col("low"), _target() - Range.of("v")),
        word=_word("v"), formula=way, inputs=both, **_in_units(),
    )  # fmt: skip


def _paced(frame: Frame) -> Iterator[Frame]:
    """Linear by month or by day: what of the year is gone ÷ the year, of the year's target."""
    gone, span = nw.col("gone"), nw.col("span")
    pace = with_part(frame, "pace", Range.exact(gone * whole(100 * ONE)), span)
    yield rows(
        pace, "pace", number=Range.of("pace"), unit="%", decimals=nw.col("growth_decimals"),
        target_id=nw.col("target_id"), formula=nw.col("pace_told"),
        inputs=joined(nw.col("target_id")),
    )  # fmt: skip
    known = frame.filter(~nw.col("v").is_null())
    # completion − gone/span as one fraction: (span·value − gone·target) ÷ (span·target)
    ahead = Range.of("v").times(span) - _target().times(gone)
    gap = with_ratio(known, "gap", ahead, _target().times(span), _SHARE_DIGITS)
    both = joined(
        key_of("completion", target_id=nw.col("target_id")),
        key_of("pace", target_id=nw.col("target_id")),
    )
    odd = nw.when(nw.col("gap").is_null()).then(nw.lit("not_comparable"))
    yield rows(
        gap, "pace_gap", number=Range.of("gap"), word=odd, formula="完成率 − 序时进度",
        inputs=both, **_in_points(),
    )  # fmt: skip
    behind = _turned(nw.col("low"), -Range.of("gap"))
    way = (
        nw.when(nw.col("low"))
        .then(nw.lit("完成率 − 序时进度"))
        .otherwise(nw.lit("序时进度 − 完成率"))
    )
    yield rows(
        gap, "arrears_pace_pp", number=behind, word=odd, formula=way, inputs=both, **_in_points()
    )
    yield _arrears_in_units(known, ahead)
    yield _mean_required(known)


def _arrears_in_units(known: Frame, ahead: Range) -> Frame:
    """pace × target − value = (gone·target − span·value) ÷ span."""
    owed = _turned(nw.col("low"), -ahead)
    frame = with_part(known, "owed", owed, nw.col("span"))
    way = (
        nw.when(nw.col("low"))
        .then(nw.lit("本期 − 序时进度 × 目标"))
        .otherwise(nw.lit("序时进度 × 目标 − 本期"))
    )
    return rows(
        frame, "arrears_pace", number=Range.of("owed"), formula=way,
        inputs=joined(
            key_of("value"), key_of("pace", target_id=nw.col("target_id")), nw.col("target_id")
        ),
        **_per_month(),
    )  # fmt: skip


def _mean_required(known: Frame) -> Frame:
    """Per remaining month; no row once the year is over, nor where less is better."""
    frame = known.filter((nw.col("months") < YEAR) & ~nw.col("low"))
    left = whole(YEAR) - nw.col("months").cast(nw.Int128)
    frame = with_part(frame, "each", _target() - Range.of("v"), left)
    return rows(
        frame, "mean_required", number=Range.of("each"), formula="全年缺口 ÷ 剩余月数",
        inputs=joined(key_of("shortfall_year", target_id=nw.col("target_id"))), **_per_month(),
    )  # fmt: skip


def _reportable(drawing: Frame, figures: Frame) -> Frame:
    """target − value − what is registered and may still be reported."""
    stock = filter_numbers(facet(figures, "level", "r")).select(
        "org", "r", "r_lo", "r_hi", "r_ref", reportable="indicator", reportable_period="period"
    )
    frame = drawing.join(stock, on=["org", "reportable", "reportable_period"], how="left")
    gap = _target() - Range.of("v") - Range.of("r")
    word = nw.when(_word("v").is_null()).then(
        nw.when(nw.col("r").is_null()).then(nw.lit("not_published"))
    ).otherwise(_word("v"))  # fmt: skip
    return rows(
        frame, "shortfall_reportable", number=gap, word=word, formula="目标 − 本期 − 在库可报额",
        inputs=joined(
            key_of("shortfall_year", target_id=nw.col("target_id")), nw.col("r_ref")
        ),
        **_in_units(),
    )  # fmt: skip
