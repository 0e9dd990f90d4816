"""Support lists (增长支撑): what a target is to be reached with, against what is missing to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Literal

from diaodu.engine.compute.exact import from_scaled
from diaodu.engine.compute.made import number_of
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import EXACT, show
from diaodu.engine.ground.records import Measure

MEASURE = "support_coverage"
SupportKind = Literal["project", "firm", "policy", "fund"]
Certainty = Literal["registered", "signed", "planned"]
KIND_NAMES: dict[str, str] = {"project": "项目", "firm": "企业", "policy": "政策", "fund": "资金"}
# From the surest down.
CERTAINTY_NAMES: dict[str, str] = {"registered": "在库", "signed": "已签", "planned": "拟报"}
_DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `amount` in the indicator's unit, there by the end of `month` (1..12)."""

    kind: SupportKind
    name: str
    amount: Decimal
    month: int
    owner: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Coverage:
    """`ratio` = amounts still to come ÷ what is missing; None where nothing is missing. `by` the
    amounts by certainty, `sure` the ratio of what is 在库 alone. `late`: lines whose month is over:
    they are in the figure by now or they failed, and count for nothing."""

    missing: Decimal
    total: Decimal
    by: dict[str, Decimal]
    ratio: Fraction | None
    sure: Fraction | None
    late: tuple[Line, ...]

    @property
    def gap(self) -> Decimal:
        """What no line covers; zero where they cover it."""
        with localcontext(EXACT):
            return max(self.missing - self.total, Decimal(0))


def coverage(missing: Decimal, lines: Sequence[Line], month: int) -> Coverage:
    """Of what is `missing` to the year's target after the data of a month."""
    coming = [one for one in lines if one.month > month]
    by = {name: _sum(coming, name) for name in CERTAINTY_NAMES}
    with localcontext(EXACT):
        total = sum(by.values(), Decimal(0))
    ratio = sure = None
    if missing > 0:
        ratio = Fraction(total) / Fraction(missing)
        sure = Fraction(by["registered"]) / Fraction(missing)
    late = tuple(one for one in lines if one.month <= month)
    return Coverage(missing, total, by, ratio, sure, late)


def _sum(lines: Iterable[Line], certainty: str) -> Decimal:
    with localcontext(EXACT):
        return sum((one.amount for one in lines if one.certainty == certainty), Decimal(0))


def as_measure(
    shortfall: Measure, lines: Sequence[Line], period: Period
) -> Measure | None:  # fmt: skip
    """support_coverage of the target that a `shortfall_year` is of; None where that is a word, or
    nothing is missing, or the target has no list: then there is nothing to warn of."""
    if shortfall.value is None or not lines:
        return None
    found = coverage(shortfall.value, lines, period.month)
    if found.ratio is None:
        return None
    number = number_of(found.ratio)
    value = from_scaled(number.value)
    place = (shortfall.indicator, shortfall.org, period.id)
    return Measure(
        Measure.make_key(*place, MEASURE, shortfall.target_id), *place, MEASURE,
        shortfall.target_id, "", "", value, show(value, _DECIMALS), _DECIMALS, None, "倍", None,
        None, _formula(found), (shortfall.key,),
    )  # fmt: skip


def _formula(found: Coverage) -> str:
    parts = "、".join(
        f"{name}{amount.normalize():f}"
        for code, name in CERTAINTY_NAMES.items()
        if (amount := found.by[code])
    )
    late = f"；{len(found.late)}项的月份已过，不再计入" if found.late else ""
    return f"支撑合计（{parts or '没有'}）÷ 全年缺口{late}"
