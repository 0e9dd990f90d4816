"""two_year_average: the yearly growth over two years, √((1 + g₁)(1 + g₀)) − 1."""

from __future__ import annotations

from collections.abc import Iterator
from math import isqrt
from typing import Any

import narwhals as nw

from diaodu.engine.compute.bases import numbers
from diaodu.engine.compute.cells import beside
from diaodu.engine.compute.exact import HUNDRED, Frame
from diaodu.engine.compute.made import Made, Number
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Measure
from diaodu.engine.ground.words import MeasureWord

MEASURE = "two_year_average"
MEASURES = frozenset({MEASURE})
# A scaled ratio of levels as the square of a scaled percentage.
_SQUARE = HUNDRED * HUNDRED


def measures(based: Frame, figures: Frame) -> Iterator[Made]:
    """Of every cell of `bases.with_bases` that has both growths as published, else its level and
    the level two years ago. Base is the period two years ago; no row where nothing of the year
    before is on file."""
    for row in _with_years(based, figures).iter_rows(named=True):
        if row["p"] is not None and row["p0"] is not None:
            yield _published(row)
        elif row["computes"] and row["v"] is not None and row["b2"] is not None:
            yield _computed(row)


def _with_years(based: Frame, figures: Frame) -> Frame:
    """With `p0`, last year's published growth, and `b2`, the level two years ago: the cells that
    have one of the two."""
    wanted = based.filter(nw.col("two_years") != "").select(
        "indicator", "org", "period", "last_year", "two_years", "growth_decimals", "computes",
        "real", "v", "v_lo", "v_hi", "p", "p_lo", "p_hi",
    )  # fmt: skip
    wanted = beside(wanted, numbers(figures, "growth", "p0"), "last_year")
    wanted = beside(wanted, numbers(figures, "level", "b2"), "two_years")
    return wanted.filter(~nw.col("p0").is_null() | ~nw.col("b2").is_null())


def _published(row: dict[str, Any]) -> Made:
    now, then = str(Period.from_id(row["period"])), str(Period.from_id(row["last_year"]))
    formula = (
        f"（√（（1 + {now}公布增速）×（1 + {then}公布增速））− 1）× 100，以{_base_year(row)}为基期"
    )
    one, other = (
        [HUNDRED + row[f"{name}{end}"] for end in ("", "_lo", "_hi")] for name in ("p", "p0")
    )
    word: MeasureWord | None = None
    number = None
    if one[0] < 0 or other[0] < 0:
        word = "not_comparable"
    else:
        # A level over a positive base is not negative, however far its rounding would reach.
        squares = [max(a, 0) * max(b, 0) for a, b in zip(one, other, strict=True)]
        number = _average(squares, [1, 1, 1])
    growth = Measure.make_key(row["indicator"], row["org"], row["period"], "growth_published")
    return _made(row, number, word, formula, [growth, row["p0_ref"]])


def _computed(row: dict[str, Any]) -> Made:
    """(1 + g₁)(1 + g₀) is the level over the one two years ago, whatever lay between."""
    note = "（按现价计算，未扣除价格因素）" if row["real"] else ""
    formula = f"（√（本期 ÷ {_base_year(row)}）− 1）× 100，以{_base_year(row)}为基期{note}"
    word = _word(row["v"], row["b2"])
    number = None
    if word is None:
        bounds = [row["b2"], row["b2_hi"], row["b2_lo"]]
        values = [row["v"], max(row["v_lo"], 0), row["v_hi"]]
        number = _average([value * _SQUARE for value in values], bounds)
    value = Measure.make_key(row["indicator"], row["org"], row["period"], "value")
    return _made(row, number, word, formula, [value, row["b2_ref"]])


def _word(value: int, base: int) -> MeasureWord | None:
    if base == 0:
        return "zero_base"
    if base < 0:
        return "negative_base"
    return "turned_negative" if value < 0 else None


def _average(squares: list[int], divisors: list[int]) -> Number:
    """√(square ÷ divisor) − 100 %, cut off, its bounds outward; no bounds where a divisor may be
    zero. A root of whole numbers is exact or lies between two of them."""
    floors, inexact = [], []
    for square, divisor in zip(squares, divisors, strict=True):
        if divisor <= 0:
            floors.append(0)
            inexact.append(False)
            continue
        quotient, rest = divmod(square, divisor)
        root = isqrt(quotient)
        floors.append(root - HUNDRED)
        inexact.append(rest > 0 or root * root != quotient)
    value = floors[0] + (floors[0] < 0 and inexact[0])
    if divisors[2] <= 0:
        return Number(value, None, None)
    return Number(value, floors[1], floors[2] + inexact[2])


def _base_year(row: dict[str, Any]) -> str:
    return str(Period.from_id(row["two_years"]))


def _made(
    row: dict[str, Any], number: Number | None, word: MeasureWord | None, formula: str,
    inputs: list[str],
) -> Made:  # fmt: skip
    return Made(
        row["indicator"], row["org"], row["period"], MEASURE, number, word, "%",
        row["growth_decimals"], formula, inputs, base=row["two_years"],
    )  # fmt: skip
