"""change and growth against the beginning of the year and against last year as a whole."""

from __future__ import annotations

from collections.abc import Iterator

import narwhals as nw

from diaodu.engine.compute.bases import base_word, numbers
from diaodu.engine.compute.cells import beside
from diaodu.engine.compute.emit import joined, key_of, rows
from diaodu.engine.compute.exact import HUNDRED, Frame, Range, with_ratio

_GROWTH_DIGITS = 14


def measures(based: Frame, figures: Frame) -> Iterator[Frame]:
    """`change` and `growth` of the cells of `bases.with_bases` with a base of their own, which is
    never called 同比: a stock against last year's December, what is cumulative against last year
    as a whole; and growth_change_year_pp, the published growth against last year's."""
    told = based.filter((nw.col("other") != "") & ~nw.col("v").is_null())
    frame = beside(told, numbers(figures, "level", "o"), "other")
    frame = frame.filter(~nw.col("o").is_null())
    if len(frame):
        yield _change(frame)
        yield _growth(frame.filter(nw.col("computes")))
    rates = based.filter((nw.col("other_growth") != "") & ~nw.col("p").is_null())
    rates = beside(rates, numbers(figures, "growth", "o"), "other_growth")
    rates = rates.filter(~nw.col("o").is_null())
    if len(rates):
        yield _growth_change(rates)


def _named(flow: str, stock: str) -> nw.Expr:
    """A whole year's id names two ends, a stock's one month."""
    is_flow = nw.col("other").str.contains("/", literal=True)
    return nw.when(is_flow).then(nw.lit(flow)).otherwise(nw.lit(stock))


def _inputs() -> nw.Expr:
    return joined(key_of("value"), nw.col("o_ref"))


def _change(frame: Frame) -> Frame:
    return rows(
        frame, "change", number=Range.of("v") - Range.of("o"), unit=nw.col("points"),
        decimals=nw.col("decimals"), base=nw.col("other"),
        formula=_named("本期 − 上年全年", "本期 − 年初（上年12月末）"), inputs=_inputs(),
    )  # fmt: skip


def _growth(frame: Frame) -> Frame:
    positive = (nw.col("o") > 0) & (nw.col("v") >= 0)
    base = Range(nw.when(positive).then(nw.col("o")), nw.col("o_lo"), nw.col("o_hi"))
    frame = with_ratio(frame, "u", Range.of("v"), base, _GROWTH_DIGITS, minus=HUNDRED)
    return rows(
        frame, "growth", number=Range.of("u").where(~nw.col("u").is_null()),
        word=base_word(nw.col("v"), nw.col("o"), nw.col("u")), unit="%",
        decimals=nw.col("growth_decimals"), base=nw.col("other"),
        formula=_named(
            "（本期 ÷ 上年全年 − 1）× 100",
            "（本期 ÷ 年初（上年12月末）− 1）× 100，比年初，不是同比",
        ),
        inputs=_inputs(),
    )  # fmt: skip


def _growth_change(rates: Frame) -> Frame:
    return rows(
        rates, "growth_change_year_pp", number=Range.of("p") - Range.of("o"), unit="百分点",
        decimals=nw.col("growth_decimals"), base=nw.col("other_growth"),
        formula="本期公布增速 − 上年全年公布增速",
        inputs=joined(key_of("growth_published"), nw.col("o_ref")),
    )  # fmt: skip
