"""Growth of a month alone: computed, published, or solved from two cumulative growths."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import Any

import narwhals as nw

from diaodu.engine.compute.bases import base_word, numbers
from diaodu.engine.compute.cells import beside
from diaodu.engine.compute.emit import Row, joined, key_of
from diaodu.engine.compute.exact import HUNDRED, ONE, Frame, Range, Ratio
from diaodu.engine.compute.figures import KEY, facet, filter_numbers
from diaodu.engine.compute.made import Known, Made, over_bounds
from diaodu.engine.compute.own import with_month
from diaodu.engine.compute.shapes import spread
from diaodu.engine.compute.stated import kept, stated
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Measure
from diaodu.engine.rules.rulebook import Rulebook

SOLVED = "month_growth_solved"
MEASURES = frozenset({"month_growth", "month_growth_published", SOLVED})
_GROWTH_DIGITS = 14


def measures(based: Frame, figures: Frame) -> Iterator[Frame]:
    """month_growth of a flow's month (a quarter's, where it is quarterly) and
    month_growth_published, for the cells of `bases.with_bases`. The year's first period has
    none: its growth is the cumulative one."""
    published = _published(based, figures)
    if len(published):
        yield _PUBLISHED.of(published)
    flows = based.filter(_HAS_LAST_CUMULATIVE)
    if len(flows):
        yield _computed(flows, figures)


# The change of a share is told in points, and no difference of two is a month's own.
_HAS_LAST_CUMULATIVE = kept((nw.col("last_cumulative") != "") & nw.col("computes"))
_HAS_MONTH = kept(nw.col("month") != "")
_BY_MONTH = stated("indicator", "org", "mp", "mp_lo", "mp_hi", "mp_ref", "mp_flat", month="period")
_PUBLISHED = Row(
    "month_growth_published", number=Range.of("mp"), unit="%",
    decimals=nw.col("growth_decimals"), base=nw.col("month"),
    formula=nw.when(nw.col("month").str.contains("/", literal=True))
    .then(nw.lit("来数（当期增速）"))
    .otherwise(nw.lit("来数（当月增速）")),
    inputs=joined(nw.col("mp_ref")), flat=nw.col("mp_flat"),
)  # fmt: skip


def _published(based: Frame, figures: Frame) -> Frame:
    growths = filter_numbers(facet(figures, "growth", "mp"))
    wanted = based.filter(_HAS_MONTH).select(*KEY, "month", "growth_decimals", "rate_only")
    return wanted.join(growths.select(_BY_MONTH), on=["indicator", "org", "month"])


def _computed(flows: Frame, figures: Frame) -> Frame:
    """Both months as cumulative − previous cumulative, last year's as published where one of its
    two is lacking."""
    frame = with_month(flows, figures)
    frame = beside(frame, numbers(figures, "level", "y"), "last_cumulative")
    frame = beside(frame, numbers(figures, "level", "z"), "last_month")
    frame = _GROWTH.beside(frame.with_columns(_last_year()))
    return _month_growth().of(frame)


@cache
def _last_year() -> list[nw.Expr]:
    both = ~nw.col("b").is_null() & ~nw.col("y").is_null()
    gone = Range.of("b") - Range.of("y")
    alone = Range.of("z")
    return stated(
        x=nw.when(both).then(gone.value).otherwise(alone.value),
        x_lo=nw.when(both).then(gone.lo).otherwise(alone.lo),
        x_hi=nw.when(both).then(gone.hi).otherwise(alone.hi),
        by_difference=both,
    )


_IS_POSITIVE = (nw.col("x") > 0) & (nw.col("w") >= 0)
_BASE = Range(nw.when(_IS_POSITIVE).then(nw.col("x")), nw.col("x_lo"), nw.col("x_hi"))
_GROWTH = Ratio("u", Range.of("w"), _BASE, _GROWTH_DIGITS, minus=HUNDRED)


@cache
def _month_growth() -> Row:
    month = "（当月值 ÷ 上年同月 − 1）× 100，上年同月"
    span = "（本期当期值 ÷ 上年同期当期值 − 1）× 100，上年同期当期值"
    what = nw.when(nw.col("last_month").str.contains("/", literal=True)).then(nw.lit(span))
    how = nw.when(nw.col("by_difference")).then(nw.lit(" = 上年累计之差"))
    return Row(
        "month_growth", number=Range.of("u").where(~nw.col("u").is_null()),
        word=base_word(nw.col("w"), nw.col("x"), nw.col("u")), unit="%",
        decimals=nw.col("growth_decimals"), base=nw.col("last_month"),
        formula=nw.concat_str([what.otherwise(nw.lit(month)), how.otherwise(nw.lit("为来数"))]),
        inputs=joined(
            key_of("month_value", base=nw.col("previous_cumulative")),
            nw.when(nw.col("by_difference")).then(nw.col("b_ref")),
            nw.when(nw.col("by_difference")).then(nw.col("y_ref")).otherwise(nw.col("z_ref")),
        ),
    )  # fmt: skip


def solved(based: Frame, figures: Frame, rulebook: Rulebook) -> Iterator[Made]:
    """month_growth_solved of rate-only indicators with a shape in the rulebook, where the month's
    growth is not published: an interval, and a word where it holds both rise and fall."""
    rates = based.filter(nw.col("rate_only") & (nw.col("month") != "") & ~nw.col("p").is_null())
    if not rulebook.shapes or not len(rates):
        return
    rates = rates.join(_published(rates, figures).select(*KEY), on=KEY, how="anti")
    before = numbers(figures, "growth", "o")
    names = (*KEY, "previous", "growth_decimals", "p", "p_lo", "p_hi")
    rates = beside(rates.select(*names), before, "previous").sort(*KEY)
    for row in rates.filter(~nw.col("o").is_null()).iter_rows(named=True):
        yield from _solved(row, rulebook)


def _solved(row: dict[str, Any], rulebook: Rulebook) -> Iterator[Made]:
    period, before = Period.from_id(row["period"]), Period.from_id(row["previous"])
    weights = spread(rulebook, row["indicator"], row["org"], period)
    if weights is None or weights.last <= 0 or before.year != period.year:
        return
    gone = weights.done - weights.last

    def alone(growth: int, earlier: int) -> Fraction:
        taken: Fraction = (growth * weights.done - earlier * gone) / weights.last
        return Fraction(taken / ONE)

    figures = [Known(row[name], row[f"{name}_lo"], row[f"{name}_hi"]) for name in ("p", "o")]
    number = over_bounds(alone, figures)
    assert number.lo is not None and number.hi is not None  # asked for with bounds
    formula = (
        f"推算：（累计增速 × {weights.told(weights.done)} − 上期累计增速 × {weights.told(gone)}）"
        f"÷ {weights.told(weights.last)}（按规则“{weights.id}”的上年结构），只供参考，不用于亮灯"
    )
    key = Measure.make_key(row["indicator"], row["org"], row["period"], "growth_published")
    unsure = number.lo < 0 < number.hi
    yield Made(
        row["indicator"], row["org"], row["period"], SOLVED, None if unsure else number,
        "undecidable" if unsure else None, "%", row["growth_decimals"], formula,
        [key, row["o_ref"]], base=row["previous"],
    )  # fmt: skip
