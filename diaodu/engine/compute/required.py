"""growth_needed: by how much the rest of the year must grow, so that the year reaches a target;
growth_needed_next: by how much the next period alone, so that the growth so far reaches it then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any, NamedTuple

import narwhals as nw

from diaodu.engine.compute.bases import numbers
from diaodu.engine.compute.cells import beside
from diaodu.engine.compute.exact import HUNDRED, ONE, Frame
from diaodu.engine.compute.made import Known, Made, Number, over_bounds
from diaodu.engine.compute.shapes import Spread, spread
from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.ground.records import Measure
from diaodu.engine.rules.rulebook import Rulebook


class _Span(NamedTuple):
    """Up to where it is reached: `by` the column with last year's period up to there."""

    measure: str
    by: str
    kinds: nw.Expr


_REST = _Span(
    "growth_needed", "whole",
    (nw.col("kind") == "growth") | ((nw.col("kind") == "level") & nw.col("flow")),
)  # fmt: skip
_NEXT = _Span("growth_needed_next", "next", nw.col("kind") == "growth")


class _Found(NamedTuple):
    """What can be told: a number or a word, and what it rests on."""

    number: Number | None
    word: str | None
    formula: str
    inputs: list[str]


def measures(based: Frame, figures: Frame, targets: Frame, rulebook: Rulebook) -> Iterator[Made]:
    """Of every target of growth or amount for the year of a flow (`bases.with_bases`), before the
    year is over, weighted by last year's figures; of a rate-only indicator by the shape that the
    rulebook gives. Base is last year as a whole. None where less is better. Of target growths the
    same up to the period that is filed next, base last year's."""
    for span in (_REST, _NEXT):
        yield from _up_to(span, based, figures, targets, rulebook)


def _up_to(
    span: _Span, based: Frame, figures: Frame, targets: Frame, rulebook: Rulebook
) -> Iterator[Made]:
    open_ = based.filter((nw.col(span.by) != "") & ~nw.col("low"))
    aimed = open_.join(targets, on=["indicator", "org", "year"]).filter(span.kinds)
    if not len(aimed):
        return
    aimed = beside(aimed, numbers(figures, "level", "s"), span.by).sort(
        "indicator", "org", "period", "target_id"
    )
    for row in aimed.iter_rows(named=True):
        found = _needed(row, rulebook, Period.from_id(row[span.by]))
        formula = found.formula
        if span is _NEXT:
            until = print_period(Period.from_id(row["next"]), with_year=False)
            formula = formula.replace("上年全年", f"上年{until}").replace("余下时间", "下一期")
        yield Made(
            row["indicator"], row["org"], row["period"], span.measure, found.number, found.word,
            "%", row["growth_decimals"], formula, found.inputs, row["target_id"], row[span.by],
        )  # fmt: skip


def _needed(row: dict[str, Any], rulebook: Rulebook, until: Period) -> _Found:
    """`until`: last year's period up to which it is reached."""
    if row["t"] is None:
        word = row["t_word"] or "not_comparable"
        return _Found(None, word, "目标没有数，算不出", [row["target_id"]])
    if row["rate_only"]:
        return _by_shape(row, rulebook, until)
    if row["b"] is None or row["s"] is None:
        return _Found(None, "no_base", "缺上年同期或上年全年的数", [row["target_id"]])
    left = row["s"] - row["b"]
    if left <= 0 or row["b"] < 0:
        word = "zero_base" if left == 0 and row["b"] >= 0 else "negative_base"
        formula = "上年余下时间（上年全年 − 上年同期）没有可比的数"
        return _Found(None, word, formula, [*_weights(row), row["target_id"]])
    if row["kind"] == "level":
        return _of_amount(row)
    return _of_published(row) if row["k_published"] else _of_computed(row)


# -- with last year's figures --------------------------------------------------------------------


def _known(row: dict[str, Any], name: str) -> Known:
    return Known(row[name], row[f"{name}_lo"], row[f"{name}_hi"])


def _key(row: dict[str, Any], measure: str, base: str = "") -> str:
    return Measure.make_key(row["indicator"], row["org"], row["period"], measure, base=base)


def _weights(row: dict[str, Any]) -> list[str]:
    return [_key(row, "last_year", row["last_year"]), row["s_ref"]]


def _is_bounded(row: dict[str, Any]) -> bool:
    """Not where last year's rest may be nothing within the rounding of its figures."""
    return bool(row["s_lo"] > row["b_hi"] and row["b_lo"] >= 0)


def _of_amount(row: dict[str, Any]) -> _Found:
    formula = "（目标 − 本期）÷（上年全年 − 上年同期）× 100 − 100"
    return _from_levels(row, Fraction(row["t"]), formula)


def _of_computed(row: dict[str, Any]) -> _Found:
    formula = (
        "（上年全年 ×（1 + 目标增速）− 本期）÷（上年全年 − 上年同期）× 100 − 100，"
        "即按上年各期加权的余下时间增速"
    )
    return _from_levels(row, None, formula)


def _from_levels(row: dict[str, Any], goal: Fraction | None, formula: str) -> _Found:
    """What is missing to the goal (None: last year as a whole, grown as the target says), over
    last year's rest."""
    inputs = [_key(row, "value"), *_weights(row), row["target_id"]]
    if row["v"] is None:
        return _Found(None, "not_published", formula, [*_weights(row), row["target_id"]])
    factor = 1 + Fraction(row["t"], HUNDRED)

    def rest(value: int, base: int, whole: int) -> Fraction:
        wanted = whole * factor if goal is None else goal
        return (wanted - value) / (whole - base) * 100 - 100

    figures = [_known(row, name) for name in ("v", "b", "s")]
    return _told(over_bounds(rest, figures, bounded=_is_bounded(row)), formula, inputs)


def _of_published(row: dict[str, Any]) -> _Found:
    formula = "（目标增速 × 上年全年 − 公布增速 × 上年同期）÷（上年全年 − 上年同期）"
    inputs = [_key(row, "growth_published"), *_weights(row), row["target_id"]]
    goal = Fraction(row["t"], ONE)

    def rest(growth: int, base: int, whole: int) -> Fraction:
        return goal + (goal - Fraction(growth, ONE)) * Fraction(base, whole - base)

    figures = [_known(row, name) for name in ("p", "b", "s")]
    return _told(over_bounds(rest, figures, bounded=_is_bounded(row)), formula, inputs)


def _told(number: Number, formula: str, inputs: list[str]) -> _Found:
    if number.value <= -HUNDRED:
        formula += "；不高于−100%，即已达到"
    return _Found(number, None, formula, inputs)


# -- with the shape of the rulebook --------------------------------------------------------------


def _by_shape(row: dict[str, Any], rulebook: Rulebook, until: Period) -> _Found:
    now = Period.from_id(row["period"])
    weights = spread(rulebook, row["indicator"], row["org"], now)
    then = spread(rulebook, row["indicator"], row["org"], _this_year(until))
    if weights is None or then is None:
        return _Found(None, "no_base", "规则里没有上年结构（shapes），算不出", [row["target_id"]])
    weights = replace(weights, whole=then.done)
    formula = _formula(weights)
    if row["p"] is None:
        return _Found(None, "not_published", formula, [row["target_id"]])
    left = weights.whole - weights.done
    if left <= 0:
        return _Found(None, "zero_base", formula, [row["target_id"]])
    goal = Fraction(row["t"], ONE)

    def rest(growth: int) -> Fraction:
        return goal + (goal - Fraction(growth, ONE)) * weights.done / left

    inputs = [_key(row, "growth_published"), row["target_id"]]
    return _told(over_bounds(rest, [_known(row, "p")]), formula, inputs)


def _this_year(last: Period) -> Period:
    return Period.of_months(last.year + 1, 1, last.month)


def _formula(weights: Spread) -> str:
    return (
        f"（目标增速 × {weights.told(weights.whole)} − 公布增速 × {weights.told(weights.done)}）"
        f"÷ {weights.told(weights.whole - weights.done)}（按规则“{weights.id}”的上年结构）"
    )
