"""The wide table all measures start from: one row per indicator, org and period.

Columns (numbers scaled, see `exact`):
  what is asked   indicator org period asked last_year previous previous_cumulative own_month
                  reportable_period has_month_value year months
  the indicator   indicator_no unit points decimals growth_decimals low rate_only additive flow
                  computes reportable real; digit growth_digit, a unit of the last one printed
  scores          v_score p_score g_score: level, published and computed growth in units of the
                  last printed digit, which places are decided on
  figures         v level · b last year's level · p published growth · c published change; each
                  with _lo _hi _ref _word _track …
  growth          g computed, cut off, with g_lo g_hi g_floor g_rem g_den and g_word; `apart`
                  where a break stands between v and b (then there is no g);
                  k the one read: published, else computed (k_published says which)
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import narwhals as nw

from diaodu.engine.compute.breaks import without_growth
from diaodu.engine.compute.exact import (
    HUNDRED,
    Frame,
    Range,
    Ratio,
    last_digit,
    narrow,
    rounded,
    whole,
)
from diaodu.engine.compute.figures import KEY, facet, is_numbers, table
from diaodu.engine.compute.numbered import with_numbered
from diaodu.engine.compute.plan import Plan, living_orgs, owed_figures
from diaodu.engine.compute.stated import kept, stated
from diaodu.engine.rules.models import Indicator
from diaodu.engine.rules.rulebook import Rulebook

_GROWTH_DIGITS = 14  # a scaled percentage out of two scaled figures


def build(figures: Frame, targets: Frame, rulebook: Rulebook, plan: Plan) -> Frame:
    """One row per key that has a figure, is owed, was filed the period before, or has a target."""
    keys = _keys(figures, targets, rulebook, plan)
    cells = keys.join(_steps(figures, plan), on=["indicator", "period"])
    cells = cells.join(_indicators(figures, rulebook), on="indicator")
    levels = facet(figures, "level", "v")
    cells = cells.join(levels, on=KEY, how="left")
    last_year = facet(figures, "level", "b")
    cells = beside(cells, last_year, "last_year")
    cells = cells.join(facet(figures, "growth", "p"), on=KEY, how="left")
    cells = cells.join(facet(figures, "change_pp", "c"), on=KEY, how="left")
    return with_growth(cells, rulebook)


def beside(cells: Frame, other: Frame, by: str) -> Frame:
    """Join another period's figures: the one whose id (or place) stands in column `by`."""
    if is_numbers(cells):
        return with_numbered(cells, other.drop("indicator", "org"), "period", by)
    return cells.join(other.rename({"period": by}), on=["indicator", "org", by], how="left")


# -- which rows ------------------------------------------------------------------------------


_IS_OWN = kept(nw.col("facet").is_in(["level", "growth", "change_pp"]) & (nw.col("against") == ""))
_BEFORE = stated("indicator", "org", previous="period")


def _keys(figures: Frame, targets: Frame, rulebook: Rulebook, plan: Plan) -> Frame:
    own = figures.filter(_IS_OWN)
    steps = _steps(figures, plan)
    present = own.select(*KEY).join(steps.select("indicator", "period"), on=["indicator", "period"])
    asked = steps.filter("asked")
    before = own.filter("figure").select(_BEFORE)
    expected = [
        _owed(figures, rulebook, plan),
        asked.join(before, on=["indicator", "previous"]).select(*KEY),
        asked.join(targets.select("indicator", "org", "year"), on=["indicator", "year"]).select(
            *KEY
        ),
    ]
    alive = _alive(figures, rulebook, plan)
    owed = nw.concat(expected).join(alive, on=["period", "org"])
    return nw.concat([present, owed.select(*KEY)]).unique().sort(*KEY)


def _owed(like: Frame, rulebook: Rulebook, plan: Plan) -> Frame:
    rows = owed_figures(rulebook, plan)
    columns = {name: [row[place] for row in rows] for place, name in enumerate(KEY)}
    return table(like, columns, dict.fromkeys(KEY, nw.String))


def _alive(like: Frame, rulebook: Rulebook, plan: Plan) -> Frame:
    rows = [
        (period, org)
        for period, orgs in living_orgs(rulebook, plan.periods).items()
        for org in orgs
    ]
    return table(
        like,
        {"period": [row[0] for row in rows], "org": [row[1] for row in rows]},
        {"period": nw.String, "org": nw.String},
    )


def _steps(like: Frame, plan: Plan) -> Frame:
    steps = list(plan.steps.values())
    columns: dict[str, list[Any]] = {
        "indicator": [s.indicator for s in steps],
        "period": [s.period.id for s in steps],
        "asked": [(s.indicator, s.period.id) in plan.asked for s in steps],
        "has_month_value": [s.has_month_value for s in steps],
        "year": [s.period.year for s in steps],
        "months": [s.period.month for s in steps],
        "starts_year": [not s.previous_cumulative for s in steps],
    }
    for name in ("last_year", "previous", "previous_cumulative", "own_month", "reportable_period"):
        columns[name] = [getattr(s, name) for s in steps]
    types: dict[str, Any] = dict.fromkeys(columns, nw.String)
    types |= dict.fromkeys(("asked", "has_month_value", "starts_year"), nw.Boolean)
    types |= {"year": nw.Int64, "months": nw.Int64}
    return table(like, columns, types)


# -- what is known of the indicator ------------------------------------------------------------

OF_INDICATOR: dict[str, tuple[Any, Callable[[Indicator], Any]]] = {
    "unit": (nw.String, lambda i: i.unit),
    "points": (nw.String, lambda i: "百分点" if i.unit == "%" else i.unit),
    "decimals": (nw.Int64, lambda i: i.decimals),
    "growth_decimals": (nw.Int64, lambda i: i.growth_decimals),
    "digit": (nw.Int64, lambda i: last_digit(i.decimals)),
    "growth_digit": (nw.Int64, lambda i: last_digit(i.growth_decimals)),
    "low": (nw.Boolean, lambda i: i.direction == "low"),
    "rate_only": (nw.Boolean, lambda i: not i.has_level),
    "additive": (nw.Boolean, lambda i: i.is_additive),
    "flow": (nw.Boolean, lambda i: i.is_flow),
    "computes": (nw.Boolean, lambda i: i.computes_growth),
    "reportable": (nw.String, lambda i: i.reportable),
    "real": (nw.Boolean, lambda i: i.price == "real"),
}


def _indicators(like: Frame, rulebook: Rulebook) -> Frame:
    indicators = list(rulebook.indicators.values())
    columns: dict[str, list[Any]] = {
        "indicator": [i.id for i in indicators],
        "indicator_no": list(range(len(indicators))),
    }
    types: dict[str, Any] = {"indicator": nw.String, "indicator_no": nw.Int64}
    for name, (kind, read) in OF_INDICATOR.items():
        columns[name] = [read(i) for i in indicators]
        types[name] = kind
    return table(like, columns, types)


# -- growth ------------------------------------------------------------------------------------


def with_growth(cells: Frame, rulebook: Rulebook) -> Frame:
    """Add `g`, `apart` and `k` with all that belongs to them."""
    return _with_read_growth(without_growth(_with_growth(cells), rulebook))


_V, _B = nw.col("v"), nw.col("b")
_BASE = nw.when(nw.col("computes") & (_B > 0) & (_V >= 0)).then(_B)
_GROWTH = Ratio(
    "g", Range.of("v"), Range(_BASE, nw.col("b_lo"), nw.col("b_hi")), _GROWTH_DIGITS, minus=HUNDRED
)


def _with_growth(cells: Frame) -> Frame:
    """`g`: value ÷ last year's − 1, in %, cut off; over a base at or below zero, or from a
    positive base to a negative value, `g_word` instead. Neither for rate-only indicators and for
    those given in %, whose change is told in points."""
    return _GROWTH.beside(cells).with_columns(_growth_told())


@cache
def _growth_told() -> list[nw.Expr]:
    word = (
        nw.when(~nw.col("computes") | _V.is_null()).then(None)
        .when(_B.is_null()).then(nw.lit("no_base"))
        .when(_B == 0).then(nw.lit("zero_base"))
        .when((_B > 0) & (_V < 0)).then(nw.lit("turned_negative"))
        .when(_B > 0).then(nw.when(nw.col("g").is_null()).then(nw.lit("not_comparable")))
        .when(_V > 0).then(nw.lit("turned_positive"))
        .when((_V == 0) | (_V == _B)).then(nw.lit("negative_base"))
        .when(_V > _B).then(nw.lit("loss_narrowed"))
        .otherwise(nw.lit("loss_widened"))
    )  # fmt: skip
    known = ~nw.col("g").is_null()
    return stated(
        g_word=word,
        g_lo=nw.when(known).then(nw.col("g_lo")),
        g_hi=nw.when(known).then(nw.col("g_hi")),
    )


def _with_read_growth(cells: Frame) -> Frame:
    """`k`: the growth that targets and parents are compared with: published, else computed; and
    the scores."""
    if not is_numbers(cells):
        return cells.with_columns(*_SCORES, _P_SCORE, *_read_growth())
    narrowed = cells.select("digit", "growth_digit", v=narrow(cells["v"]), g=narrow(cells["g"]))
    cells = nw.concat([cells, narrowed.select(_SCORES)], how="horizontal")
    if cells["p"].is_null().all():
        return cells.with_columns(_COMPUTED_ALONE)
    return cells.with_columns(_P_SCORE, *_read_growth())


_SCORES = stated(
    v_score=rounded(nw.col("v"), nw.col("digit")),
    g_score=rounded(nw.col("g"), nw.col("growth_digit")),
)
_P_SCORE = kept(rounded(nw.col("p"), nw.col("growth_digit")).alias("p_score"))
_COMPUTED_ALONE = stated(
    p_score="p",
    k_published=nw.lit(False),
    **{f"k{end}": f"g{end}" for end in ("", "_lo", "_hi", "_floor", "_rem", "_den", "_word")},
)


@cache
def _read_growth() -> list[nw.Expr]:
    published = ~nw.col("p").is_null()
    either = {
        f"k{end}": nw.when(published).then(nw.col(f"p{end}")).otherwise(nw.col(f"g{end}"))
        for end in ("", "_lo", "_hi")
    }
    return stated(
        k_published=published,
        k_floor=nw.when(published).then(nw.col("p")).otherwise(nw.col("g_floor")),
        k_rem=nw.when(published).then(whole(0)).otherwise(nw.col("g_rem")),
        k_den=nw.when(published).then(whole(1)).otherwise(nw.col("g_den")),
        k_word=nw.when(~published).then(nw.col("g_word")),
        **either,
    )
