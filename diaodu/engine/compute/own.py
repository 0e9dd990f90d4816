"""Measures of an org's own figures: level, month, last year, change, growth."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import narwhals as nw

from diaodu.engine.compute.cells import beside
from diaodu.engine.compute.emit import Row, joined, key_of
from diaodu.engine.compute.exact import HUNDRED, Frame, Range, Ratio, with_difference
from diaodu.engine.compute.figures import chosen, facet, filter_numbers, only
from diaodu.engine.compute.stated import kept, stated
from diaodu.engine.ground.words import OBS_WORD_NAMES

_IMPLIED_DIGITS = 14  # value · 100 % ÷ (100 % + growth), both scaled


def measures(cells: Frame, figures: Frame) -> Iterator[Frame]:
    """value, month_value, last_year, change, growth, growth_published, implied_base and
    growth_change_pp of every asked cell, as far as its inputs exist."""
    asked = only(cells, "asked")
    yield _value(asked)
    yield _month_value().of(with_month(asked.select(_FOR_MONTH), figures))
    yield from _against_last_year(asked)
    yield _growth_published(asked)
    yield _implied_base(asked)
    yield from _growth_change(asked, cells)


def history(cells: Frame) -> Iterator[Frame]:
    """value, growth and growth_published of every asked cell: what a line through time shows."""
    asked = cells.filter("asked")
    yield _value(asked)
    yield _growth(asked)
    yield _growth_published(asked)


def _told(prefix: str) -> nw.Expr:
    """How a figure came: “来数”, the computation noted for it, or the word that stands for it."""
    words = nw.col(f"{prefix}_word").replace_strict(
        list(OBS_WORD_NAMES), list(OBS_WORD_NAMES.values()), return_dtype=nw.String
    )
    noted = nw.col(f"{prefix}_formula")
    return (
        nw.when(~noted.is_null()).then(noted)
        .when(~nw.col(prefix).is_null()).then(nw.lit("来数"))
        .when(words.is_null()).then(nw.lit("未收到来数"))
        .otherwise(nw.concat_str([nw.lit("来数为“"), words, nw.lit("”")]))
    )  # fmt: skip


def _absent(prefix: str) -> nw.Expr:
    """The word where there is no number."""
    said = nw.col(f"{prefix}_said").fill_null("not_published")
    return nw.when(nw.col(prefix).is_null()).then(said)


_HAS_LEVELS = kept(~nw.col("rate_only"))
_VALUE = Row(
    "value", number=Range.of("v"), word=_absent("v"), unit=nw.col("unit"),
    decimals=nw.col("decimals"), formula=_told("v"),
    inputs=joined(
        nw.when(nw.col("v_inputs").is_null()).then(nw.col("v_ref")).otherwise(nw.col("v_inputs"))
    ),
)  # fmt: skip


def _value(asked: Frame) -> Frame:
    return _VALUE.of(asked, _HAS_LEVELS)


def with_month(asked: Frame, figures: Frame) -> Frame:
    """The cells that have a month's own value `w`: cumulative − previous cumulative (`both`), but
    not of shares, which do not add up; the `first` cumulative figure of a year is its own; where
    there is no difference, the month's own figure if it was published."""
    frame = only(asked, "has_month_value")
    levels = filter_numbers(facet(figures, "level", "q"))
    frame = beside(frame, levels, "previous_cumulative")
    own = filter_numbers(facet(figures, "level", "m")).select(
        "indicator", "org", "period", "m", "m_lo", "m_hi", "m_ref"
    )
    frame = beside(frame, own, "own_month")
    return only(frame.with_columns(_of_month()), _HAS_MONTH)


_FOR_MONTH = stated(
    "indicator", "org", "period", "has_month_value", "starts_year", "previous_cumulative",
    "own_month", "unit", "decimals", "computes", "v", "v_lo", "v_hi", "v_ref", "v_track",
    "v_track_name",
)  # fmt: skip
_HAS_MONTH = kept(~nw.col("w").is_null())


@cache
def _of_month() -> list[nw.Expr]:
    first = nw.col("starts_year")
    both = nw.col("computes") & ~nw.col("v").is_null() & ~nw.col("q").is_null()
    revised = both & ~nw.col("q_first_value").is_null() & (nw.col("q_first_value") != nw.col("q"))
    difference = Range.of("v") - Range.of("q")
    ends = (("", difference.value), ("_lo", difference.lo), ("_hi", difference.hi))
    return stated(
        revised=revised,
        first=first & ~nw.col("v").is_null(),
        both=both,
        **{
            f"w{end}": nw.when(first)
            .then(nw.col(f"v{end}"))
            .when(both)
            .then(taken)
            .otherwise(nw.col(f"m{end}"))
            for end, taken in ends
        },
    )


@cache
def _month_value() -> Row:
    formula = (
        nw.when(nw.col("first")).then(nw.lit("年内首期，即累计值"))
        .when(nw.col("revised")).then(nw.lit("本期累计 − 上期累计（上期累计首次收到后修订过）"))
        .when(nw.col("both")).then(nw.lit("本期累计 − 上期累计"))
        .when(nw.col("own_month").str.contains("/", literal=True)).then(nw.lit("来数（当期数）"))
        .otherwise(nw.lit("来数（当月数）"))
    )  # fmt: skip
    formula = nw.concat_str(
        [
            formula,
            nw.when(nw.col("both"))
            .then(_tracks_differ("v", "q", "上期累计"))
            .otherwise(nw.lit("")),
        ]
    )
    computed = nw.col("first") | nw.col("both")
    inputs = joined(
        nw.when(computed).then(nw.col("v_ref")),
        nw.when(nw.col("both")).then(nw.col("q_ref")),
        nw.when(nw.col("revised")).then(nw.col("q_first_ref")),
        nw.when(~computed).then(nw.col("m_ref")),
    )
    return Row(
        "month_value", number=Range.of("w"), unit=nw.col("unit"), decimals=nw.col("decimals"),
        base=nw.col("previous_cumulative"), formula=formula, inputs=inputs,
    )  # fmt: skip


def _tracks_differ(one: str, other: str, name: str) -> nw.Expr:
    """“（同期数取自核算轨，本期数取自快报轨）” where two figures are of different tracks."""
    note = nw.concat_str(
        [
            nw.lit(f"（{name}取自"), nw.col(f"{other}_track_name"), nw.lit("轨，本期数取自"),
            nw.col(f"{one}_track_name"), nw.lit("轨）"),
        ]
    )  # fmt: skip
    differs = nw.col(f"{one}_track") != nw.col(f"{other}_track")
    return nw.when(differs.fill_null(False)).then(note).otherwise(nw.lit(""))


def _of_last_year() -> nw.Expr:
    """As it came, or how it was computed. What was put right is noted of all that rest on it."""
    computed = nw.col("b_formula").str.starts_with("公式：").fill_null(False)
    noted = nw.concat_str([nw.lit("上年同期，"), nw.col("b_formula")])
    return nw.when(computed).then(noted).otherwise(nw.lit("上年同期来数"))


_LAST_YEAR = Row(
    "last_year", number=Range.of("b"), unit=nw.col("unit"), decimals=nw.col("decimals"),
    base=nw.col("last_year"), formula=_of_last_year(), inputs=joined(nw.col("b_ref")),
)  # fmt: skip
_CHANGE = Row(
    "change", number=Range.of("v") - Range.of("b"), unit=nw.col("points"),
    decimals=nw.col("decimals"), base=nw.col("last_year"),
    formula=nw.concat_str([nw.lit("本期 − 上年同期"), _tracks_differ("v", "b", "同期数")]),
    inputs=joined(nw.col("v_ref"), nw.col("b_ref")),
)  # fmt: skip
_BASED = kept(~nw.col("rate_only") & ~nw.col("b").is_null())
_CHANGED = kept(~nw.col("rate_only") & ~nw.col("b").is_null() & ~nw.col("v").is_null())


def _against_last_year(asked: Frame) -> Iterator[Frame]:
    yield _LAST_YEAR.of(asked, _BASED)
    yield _CHANGE.of(asked, _CHANGED)
    yield _growth(asked)


_REAL = nw.when(nw.col("real")).then(nw.lit("（按现价计算，未扣除价格因素）"))
_GROWTH = Row(
    "growth", number=Range.of("g"), word=nw.col("g_word"), unit="%",
    decimals=nw.col("growth_decimals"), base=nw.col("last_year"),
    formula=nw.concat_str(
        [
            nw.lit("（本期 ÷ 上年同期 − 1）× 100"), _REAL.otherwise(nw.lit("")),
            _tracks_differ("v", "b", "同期数"),
        ]
    ),
    inputs=joined(nw.col("v_ref"), nw.col("b_ref")),
)  # fmt: skip
_GROWN = kept(nw.col("computes") & ~nw.col("v").is_null())


def _growth(asked: Frame) -> Frame:
    return _GROWTH.of(asked, _GROWN)


_PUBLISHED = Row(
    "growth_published", number=Range.of("p"), word=_absent("p"), unit="%",
    decimals=nw.col("growth_decimals"), formula=_told("p"), inputs=joined(nw.col("p_ref")),
    flat=nw.col("p_flat"),
)  # fmt: skip
_EXPECTED = kept(
    nw.col("rate_only")
    | ~nw.col("p").is_null()
    | ~nw.col("p_ref").is_null()
    | (nw.col("p").is_null() & ~nw.col("p_formula").is_null())
)


def _growth_published(asked: Frame) -> Frame:
    """As received; a rate-only figure that is owed or expected and absent gets its word, as does a
    held one."""
    return _PUBLISHED.of(asked, _EXPECTED)


_HAS_BOTH = kept(nw.col("computes") & ~nw.col("v").is_null() & ~nw.col("p").is_null())
_FULL = Range.exact(nw.lit(HUNDRED, dtype=nw.Int128))
_IMPLIED = Ratio("i", Range.of("v"), _FULL + Range.of("p"), _IMPLIED_DIGITS)
_IMPLIED_BASE = Row(
    "implied_base", number=Range.of("i"),
    word=nw.when(nw.col("i").is_null()).then(nw.lit("not_comparable")),
    unit=nw.col("unit"), decimals=nw.col("decimals"), base=nw.col("last_year"),
    formula=nw.when(nw.col("real"))
    .then(nw.lit("本期 ÷（1 + 公布增速 ÷ 100）（可比价口径，仅供参考）"))
    .otherwise(nw.lit("本期 ÷（1 + 公布增速 ÷ 100）")),
    inputs=joined(nw.col("v_ref"), nw.col("p_ref")),
)  # fmt: skip


def _implied_base(asked: Frame) -> Frame:
    """value ÷ (1 + growth): needs a growth above −100 %."""
    return _IMPLIED_BASE.of(_IMPLIED.beside(asked.filter(_HAS_BOTH)))


_BEFORE = stated(
    "indicator", "org", "period",
    **{f"o_{n}": n for n in ("p", "p_lo", "p_hi", "p_ref", "g_lo", "g_hi", "g_floor",
                             "g_rem", "g_den", "v_ref", "b_ref")},
)  # fmt: skip
_NOW = stated(
    "indicator", "org", "period", "previous", "last_year", "growth_decimals", "p", "p_lo", "p_hi",
    "p_ref", "g", "g_lo", "g_hi", "g_floor", "g_rem", "g_den", "c", "c_lo", "c_hi", "c_ref",
    "c_flat",
)  # fmt: skip
_BOTH_PUBLISHED = ~nw.col("p").is_null() & ~nw.col("o_p").is_null()
_BOTH_COMPUTED = ~_BOTH_PUBLISHED & ~nw.col("g").is_null() & ~nw.col("o_g_floor").is_null()
_TOLD = ~_BOTH_PUBLISHED & ~_BOTH_COMPUTED & ~nw.col("c").is_null()
_IS_PUBLISHED, _IS_COMPUTED, _IS_TOLD = map(kept, (_BOTH_PUBLISHED, _BOTH_COMPUTED, _TOLD))
_IN_POINTS: dict[str, Any] = {
    "unit": "百分点",
    "decimals": nw.col("growth_decimals"),
    "base": nw.col("previous"),
}
_PUBLISHED_CHANGE = Row(
    "growth_change_pp", number=Range.of("p") - Range.of("o_p"),
    formula="本期公布增速 − 上期公布增速", inputs=joined(nw.col("p_ref"), nw.col("o_p_ref")),
    **_IN_POINTS,
)  # fmt: skip
_TOLD_CHANGE = Row(
    "growth_change_pp", number=Range.of("c"), formula="来数（增减百分点）",
    inputs=joined(nw.col("c_ref")), flat=nw.col("c_flat"), **_IN_POINTS,
)  # fmt: skip
_GROWTHS = stated(
    "indicator", "org", "period", "previous", "last_year", "growth_decimals", "g", "g_lo", "g_hi",
    "g_floor", "g_rem", "g_den", "o_g_lo", "o_g_hi", "o_g_floor", "o_g_rem", "o_g_den", "o_v_ref",
    "o_b_ref",
)  # fmt: skip
_CHANGE_BOUNDS = Range.of("g") - Range(nw.col("o_g_floor"), nw.col("o_g_lo"), nw.col("o_g_hi"))
_COMPUTED_CHANGE = Row(
    "growth_change_pp", number=Range(nw.col("x"), _CHANGE_BOUNDS.lo, _CHANGE_BOUNDS.hi),
    formula="本期计算增速 − 上期计算增速",
    inputs=joined(
        key_of("growth", base=nw.col("last_year")), nw.col("o_v_ref"), nw.col("o_b_ref")
    ),
    **_IN_POINTS,
)  # fmt: skip


def _growth_change(asked: Frame, cells: Frame) -> Iterator[Frame]:
    """Against the period before: published with published, else computed with computed, else
    the change as published."""
    frame = beside(asked.select(_NOW), cells.select(_BEFORE), "previous")
    yield _PUBLISHED_CHANGE.of(frame, _IS_PUBLISHED)
    yield _TOLD_CHANGE.of(frame, _IS_TOLD)
    computed = chosen(frame, _IS_COMPUTED, _GROWTHS)
    if len(computed):
        yield _COMPUTED_CHANGE.of(with_difference(computed, "x", "g", "o_g"))
