"""change and growth against the beginning of the year and against last year as a whole."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from diaodu.engine.compute.bases import base_word, numbers
from diaodu.engine.compute.cells import beside
from diaodu.engine.compute.emit import Row, joined, key_of
from diaodu.engine.compute.exact import HUNDRED, Frame, Range, Ratio
from diaodu.engine.compute.stated import kept

_GROWTH_DIGITS = 14


def measures(based: Frame, figures: Frame) -> Iterator[Frame]:
    """`change` and `growth` of the cells of `bases.with_bases` with a base of their own, which is
    never called 同比: a stock against last year's December, what is cumulative against last year
    as a whole; and growth_change_year_pp, the published growth against last year's."""
    frame = beside(based.filter(_HAS_OTHER), numbers(figures, "level", "o"), "other")
    frame = frame.filter(_HAS_BASE)
    if len(frame):
        yield _CHANGE.of(frame)
        yield _GROWTH.of(_RATIO.beside(frame.filter("computes")))
    rates = based.filter(_HAS_OTHER_GROWTH)
    rates = beside(rates, numbers(figures, "growth", "o"), "other_growth").filter(_HAS_BASE)
    if len(rates):
        yield _GROWTH_CHANGE.of(rates)


_HAS_OTHER = kept((nw.col("other") != "") & ~nw.col("v").is_null())
_HAS_OTHER_GROWTH = kept((nw.col("other_growth") != "") & ~nw.col("p").is_null())
_HAS_BASE = kept(~nw.col("o").is_null())


def _named(flow: str, stock: str) -> nw.Expr:
    """A whole year's id names two ends, a stock's one month."""
    is_flow = nw.col("other").str.contains("/", literal=True)
    return nw.when(is_flow).then(nw.lit(flow)).otherwise(nw.lit(stock))


_INPUTS = joined(key_of("value"), nw.col("o_ref"))
_CHANGE = Row(
    "change", number=Range.of("v") - Range.of("o"), unit=nw.col("points"),
    decimals=nw.col("decimals"), base=nw.col("other"),
    formula=_named("本期 − 上年全年", "本期 − 年初（上年12月末）"), inputs=_INPUTS,
)  # fmt: skip
_IS_POSITIVE = (nw.col("o") > 0) & (nw.col("v") >= 0)
_BASE = Range(nw.when(_IS_POSITIVE).then(nw.col("o")), nw.col("o_lo"), nw.col("o_hi"))
_RATIO = Ratio("u", Range.of("v"), _BASE, _GROWTH_DIGITS, minus=HUNDRED)
_GROWTH = Row(
    "growth", number=Range.of("u").where(~nw.col("u").is_null()),
    word=base_word(nw.col("v"), nw.col("o"), nw.col("u")), unit="%",
    decimals=nw.col("growth_decimals"), base=nw.col("other"),
    formula=_named(
        "（本期 ÷ 上年全年 − 1）× 100",
        "（本期 ÷ 年初（上年12月末）− 1）× 100，比年初，不是同比",
    ),
    inputs=_INPUTS,
)  # fmt: skip
_GROWTH_CHANGE = Row(
    "growth_change_year_pp", number=Range.of("p") - Range.of("o"), unit="百分点",
    decimals=nw.col("growth_decimals"), base=nw.col("other_growth"),
    formula="本期公布增速 − 上年全年公布增速",
    inputs=joined(key_of("growth_published"), nw.col("o_ref")),
)  # fmt: skip
