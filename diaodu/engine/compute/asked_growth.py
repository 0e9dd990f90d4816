"""What a target asks besides its own words: the growth that a target of amount comes to, held
against the target growth of the same tier; the mean that the rest of the year may have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import narwhals as nw

from diaodu.engine.compute.bases import numbers
from diaodu.engine.compute.cells import beside
from diaodu.engine.compute.exact import HUNDRED, ONE, Frame, from_scaled
from diaodu.engine.compute.made import Made, Number, number_of
from diaodu.engine.compute.reaching import implied_bases, mean_left, said
from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Measure
from diaodu.engine.rules.rulebook import Rulebook

GROWTH, MEAN = "target_growth", "mean_left"
_YEAR = 12
_PLAIN = "总量目标 ÷ 上年全年 × 100 − 100"


def growths(based: Frame, figures: Frame, targets: Frame) -> Iterator[Made]:
    """Of every target of amount of a flow above zero, before the year is over, over last year as
    a whole (`bases.with_bases`); none where that may be zero. `formula` says whether it fits the
    target growth of its tier: of current prices alone, real growth stands over another base."""
    aimed = based.filter((nw.col("whole") != "") & nw.col("flow")).join(
        targets.filter(~nw.col("t").is_null()), on=["indicator", "org", "year"]
    )
    if not len(aimed):
        return
    aimed = beside(aimed, numbers(figures, "level", "s"), "whole")
    aimed = aimed.sort("indicator", "org", "period", "target_id")
    tiers: dict[tuple[str, str, str, str], dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in aimed.iter_rows(named=True):
        place = (row["indicator"], row["org"], row["period"], row["tier"])
        tiers[place][row["kind"]] = row
    for kinds in tiers.values():
        level = kinds.get("level")
        if level is not None and level["s"] is not None and level["s_lo"] > 0 and level["t"] > 0:
            yield _growth(level, kinds.get("growth"))


def _growth(level: dict[str, Any], growth: dict[str, Any] | None) -> Made:
    asked = _over(level["t"], *(level[name] for name in ("s", "s_hi", "s_lo")))
    formula, inputs = _PLAIN, [level["s_ref"], level["target_id"]]
    if growth is not None and not level["real"]:
        wanted = from_scaled(growth["t"])
        base = Interval(*(Fraction(level[name], ONE) for name in ("s", "s_lo", "s_hi")))
        bases = implied_bases(from_scaled(level["t"]), wanted, base)
        if bases is not None:
            told = said(bases, _digits(level["t"]), _digits(growth["t"]), level["unit"])
            formula, inputs = f"{_PLAIN}；{told}", [*inputs, growth["target_id"]]
    elif growth is not None:
        formula = f"{_PLAIN}；增速是可比价的，与总量目标不相比"
    return Made(
        level["indicator"], level["org"], level["period"], GROWTH,
        asked, None, "%", level["growth_decimals"], formula,
        inputs, level["target_id"], level["whole"],
    )  # fmt: skip


def _over(target: int, base: int, most: int, least: int) -> Number:
    """In %, over a base above zero and the bounds that its printed digits leave it."""
    return Number(
        _cut((target - base) * HUNDRED, base), (target - most) * HUNDRED // most,
        -((least - target) * HUNDRED // least),
    )  # fmt: skip


def _cut(number: int, divisor: int) -> int:
    """Toward zero; the divisor is positive."""
    size = abs(number) // divisor
    return -size if number < 0 else size


def _digits(scaled: int) -> str:
    return f"{from_scaled(scaled).normalize():f}"


def means(cells: Frame, targets: Frame, rulebook: Rulebook) -> Iterator[Made]:
    """Of a ceiling on a mean of the year so far, weighted by days; none once the year is over."""
    is_mean = [one.id for one in rulebook.indicators.values() if one.basis == "mean"]
    if not is_mean:
        return
    held = cells.filter(nw.col("asked") & nw.col("indicator").is_in(is_mean))
    aimed = held.filter(~nw.col("v").is_null()).join(targets, on=["indicator", "org", "year"])
    aimed = aimed.filter((nw.col("kind") == "ceiling") & ~nw.col("t").is_null())
    for row in aimed.sort("indicator", "org", "period", "target_id").iter_rows(named=True):
        period = Period.from_id(row["period"])
        if not period.is_cumulative:
            continue
        gone, span = _days(period)
        so_far = Interval(*(Fraction(row[name], ONE) for name in ("v", "v_lo", "v_hi")))
        left = mean_left(Decimal(from_scaled(row["t"])), so_far, gone, span)
        if left is not None:
            yield _mean(row, left, gone, span)


def _days(period: Period) -> tuple[int, int]:
    return period.days, Period.of_months(period.year, 1, _YEAR).days


def _mean(row: dict[str, Any], left: Interval, gone: int, span: int) -> Made:
    key = Measure.make_key(row["indicator"], row["org"], row["period"], "value")
    number: Number = number_of(left.value, left.lo, left.hi)
    return Made(
        row["indicator"], row["org"], row["period"], MEAN, number, None, row["unit"],
        row["decimals"], f"（上限 × {span} − 本期 × {gone}）÷ {span - gone}，按天数加权",
        [key, row["target_id"]], row["target_id"],
    )  # fmt: skip
