"""Measures against targets: completion, pace, the four arrears, what is still required."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

import narwhals as nw

from diaodu.engine.compute.emit import Row, joined, key_of
from diaodu.engine.compute.exact import LIMIT, ONE, Frame, Part, Range, Ratio, whole
from diaodu.engine.compute.figures import facet, filter_numbers
from diaodu.engine.compute.pace import YEAR, Paces, with_elapsed
from diaodu.engine.compute.plan import Plan
from diaodu.engine.compute.stated import kept, stated
from diaodu.engine.ground.words import FIGURE_KINDS

_SHARE_DIGITS = 14  # scaled ÷ scaled, in %


def newest(targets: Frame, as_of: date) -> Frame:
    """The newest vintage by `as_of` of each target of a year: `t` its value, or null with
    `t_word`. Of the usual kinds alone; for the others see `compute.outcomes`."""
    usual = (nw.col("period") == "") & nw.col("kind").is_in(FIGURE_KINDS)
    held = targets.filter((nw.col("received") <= as_of) & usual).sort("received", "target_id")
    place = ["indicator", "org", "year", "tier", "kind"]
    held = held.unique(subset=place, keep="last", maintain_order=True)
    number = nw.when(nw.col("value").abs() <= LIMIT).then(nw.col("value"))
    return held.select(*place, "target_id", "comparator", "tolerance", t=number, t_word="word")


def measures(
    cells: Frame, figures: Frame, targets: Frame, paces: Paces, plan: Plan
) -> Iterator[Frame]:
    """Every measure that belongs to a target, for the asked cells of its year.

    Kinds without a target are passed over: a step costs the same over no rows as over many.
    """
    aimed = cells.filter("asked").join(targets, on=["indicator", "org", "year"])
    levels = aimed.filter(_IS_LEVEL)
    kinds = (
        (_growth_targets, aimed.filter(_IS_GROWTH)),
        (_CEILING.of, aimed.filter(_IS_CEILING)),
        (_RATE_CEILING.of, aimed.filter(_IS_RATE_CEILING)),
        (_completion, levels),
        (_SHORTFALL.of, levels),
    )
    for measured, frame in kinds:
        if len(frame):
            yield measured(frame)
    paced = levels.filter(_IS_PACED)
    if len(paced):
        yield from _paced(with_elapsed(paced, paces, plan))
    drawing = levels.filter(_DRAWS)
    if len(drawing):
        yield _reportable(drawing, figures)


_IS_LEVEL = kept((nw.col("kind") == "level") & ~nw.col("rate_only"))
_IS_GROWTH = kept(nw.col("kind") == "growth")
_IS_CEILING = kept((nw.col("kind") == "ceiling") & ~nw.col("rate_only"))
_IS_RATE_CEILING = kept((nw.col("kind") == "ceiling") & nw.col("rate_only"))
_IS_PACED = kept(nw.col("flow") & ~nw.col("t").is_null())
_DRAWS = kept(~nw.col("reportable").is_null() & ~nw.col("low"))


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


_GAP = stated(_gap=nw.col("t") - nw.col("k_floor"), _rem=(nw.col("k_rem") > 0).fill_null(False))


@cache
def _arrears_growth() -> Row:
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
    return Row(
        "arrears_growth", number=gap, word=_word("k", absent), formula=formula,
        inputs=joined(growth, nw.col("target_id")), **_in_points(),
    )  # fmt: skip


def _growth_targets(frame: Frame) -> Frame:
    """arrears_growth = target − growth. The growth may be an inexact fraction, hence the care
    with its remainder: 5 − 1.99…9 is 3.00…01 cut to 3, not 3.00…1."""
    return _arrears_growth().of(frame.with_columns(_GAP))


# -- ceilings ----------------------------------------------------------------------------------


_CEILING = Row(
    "allowance", number=_target() - Range.of("v"), word=_word("v"), formula="上限 − 本期",
    inputs=joined(key_of("value"), nw.col("target_id")), **_in_units(),
)  # fmt: skip
_RATE_CEILING = Row(
    "allowance", number=_target() - Range.of("p"), word=_word("p"), formula="上限 − 公布增速",
    inputs=joined(key_of("growth_published"), nw.col("target_id")), **_in_points(),
)  # fmt: skip


# -- level targets -----------------------------------------------------------------------------


_AGAINST = joined(key_of("value"), nw.col("target_id"))
_DONE = Ratio("done", Range.of("v"), _target(), _SHARE_DIGITS)
_COMPLETION = Row(
    "completion", number=Range.of("done"),
    word=nw.when(_word("v").is_null())
    .then(nw.when(nw.col("done").is_null()).then(nw.lit("not_comparable")))
    .otherwise(_word("v")),
    unit="%", decimals=nw.col("growth_decimals"), target_id=nw.col("target_id"),
    formula="本期 ÷ 目标 × 100", inputs=_AGAINST,
)  # fmt: skip
_SHORTFALL = Row(
    "shortfall_year", number=_turned(nw.col("low"), _target() - Range.of("v")), word=_word("v"),
    formula=nw.when(nw.col("low")).then(nw.lit("本期 − 目标")).otherwise(nw.lit("目标 − 本期")),
    inputs=_AGAINST, **_in_units(),
)  # fmt: skip


def _completion(frame: Frame) -> Frame:
    return _COMPLETION.of(_DONE.beside(frame))


# -- pace --------------------------------------------------------------------------------------


# Linear by month or by day: what of the year is gone ÷ the year, of the year's target.
_OF_TARGET = nw.col("target_id")
_GONE, _SPAN = nw.col("gone"), nw.col("span")
_PACE = Part("pace", Range.exact(_GONE * whole(100 * ONE)), _SPAN)
_PACE_ROW = Row(
    "pace", number=Range.of("pace"), unit="%", decimals=nw.col("growth_decimals"),
    target_id=_OF_TARGET, formula=nw.col("pace_told"),
    inputs=joined(_OF_TARGET, nw.col("pace_refs")),
)  # fmt: skip
# completion − gone/span as one fraction: (span·value − gone·target) ÷ (span·target)
_AHEAD = Range.of("v").times(_SPAN) - _target().times(_GONE)
_PACE_GAP = Ratio("gap", _AHEAD, _target().times(_SPAN), _SHARE_DIGITS)
_OF_GAP: dict[str, Any] = {
    "word": nw.when(nw.col("gap").is_null()).then(nw.lit("not_comparable")),
    "inputs": joined(
        key_of("completion", target_id=_OF_TARGET), key_of("pace", target_id=_OF_TARGET)
    ),
    **_in_points(),
}
_PACE_GAP_ROW = Row("pace_gap", number=Range.of("gap"), formula="完成率 − 序时进度", **_OF_GAP)
_BEHIND_IN_POINTS = Row(
    "arrears_pace_pp", number=_turned(nw.col("low"), -Range.of("gap")),
    formula=nw.when(nw.col("low"))
    .then(nw.lit("完成率 − 序时进度"))
    .otherwise(nw.lit("序时进度 − 完成率")),
    **_OF_GAP,
)  # fmt: skip
# pace × target − value = (gone·target − span·value) ÷ span.
_OWED = Part("owed", _turned(nw.col("low"), -_AHEAD), _SPAN)
_BEHIND = Row(
    "arrears_pace", number=Range.of("owed"),
    formula=nw.when(nw.col("low"))
    .then(nw.lit("本期 − 序时进度 × 目标"))
    .otherwise(nw.lit("序时进度 × 目标 − 本期")),
    inputs=joined(key_of("value"), key_of("pace", target_id=_OF_TARGET), _OF_TARGET),
    **_per_month(),
)  # fmt: skip
# Per remaining month; no row once the year is over, nor where less is better.
_IS_RUNNING = kept((nw.col("months") < YEAR) & ~nw.col("low"))
_EACH = Part("each", _target() - Range.of("v"), whole(YEAR) - nw.col("months").cast(nw.Int128))
_MEAN_REQUIRED = Row(
    "mean_required", number=Range.of("each"), formula="全年缺口 ÷ 剩余月数",
    inputs=joined(key_of("shortfall_year", target_id=_OF_TARGET)), **_per_month(),
)  # fmt: skip
_HAS_VALUE = kept(~nw.col("v").is_null())


# Where the rulebook's way has nothing to go by: last year's figures, the year's holidays.
_IS_PACED_NOW = kept(~nw.col("gone").is_null())
_IS_LOST = kept(nw.col("gone").is_null())
_LOST = [
    Row(
        name, word=nw.lit("no_base"), inputs=joined(_OF_TARGET),
        formula="序时进度的依据不全：缺上年的数，或没有当年的放假安排", **unit,
    )
    for name, unit in (
        ("pace", _in_points(unit="%")), ("pace_gap", _in_points()),
        ("arrears_pace_pp", _in_points()), ("arrears_pace", _in_units()),
    )
]  # fmt: skip


def _paced(frame: Frame) -> Iterator[Frame]:
    yield _MEAN_REQUIRED.of(_EACH.beside(frame.filter(_HAS_VALUE).filter(_IS_RUNNING)))
    lost = frame.filter(_IS_LOST)
    if len(lost):
        yield from (row.of(lost) for row in _LOST)
        frame = frame.filter(_IS_PACED_NOW)
    yield _PACE_ROW.of(_PACE.beside(frame))
    known = frame.filter(_HAS_VALUE)
    gap = _PACE_GAP.beside(known)
    yield _PACE_GAP_ROW.of(gap)
    yield _BEHIND_IN_POINTS.of(gap)
    yield _BEHIND.of(_OWED.beside(known))


# -- what may still be reported ----------------------------------------------------------------


_STOCK = stated(
    "org", "r", "r_lo", "r_hi", "r_ref", reportable="indicator", reportable_period="period"
)
_REPORTABLE = Row(
    "shortfall_reportable", number=_target() - Range.of("v") - Range.of("r"),
    word=nw.when(_word("v").is_null())
    .then(nw.when(nw.col("r").is_null()).then(nw.lit("not_published")))
    .otherwise(_word("v")),
    formula="目标 − 本期 − 在库可报额",
    inputs=joined(key_of("shortfall_year", target_id=_OF_TARGET), nw.col("r_ref")),
    **_in_units(),
)  # fmt: skip


def _reportable(drawing: Frame, figures: Frame) -> Frame:
    """target − value − what is registered and may still be reported."""
    stock = filter_numbers(facet(figures, "level", "r")).select(_STOCK)
    by = ["org", "reportable", "reportable_period"]
    return _REPORTABLE.of(drawing.join(stock, on=by, how="left"))
