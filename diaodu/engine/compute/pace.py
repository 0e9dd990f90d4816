"""How far a year has gone: by month or by day, as the rulebook says for the target."""

from __future__ import annotations

from typing import Any, NamedTuple

import narwhals as nw

from diaodu.engine.compute.exact import Frame
from diaodu.engine.compute.figures import table
from diaodu.engine.compute.plan import Plan
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.words import TIER_NAMES
from diaodu.engine.rules.rulebook import Rulebook

YEAR = 12


class Elapsed(NamedTuple):
    """`gone` of `span` parts of the year, days or months."""

    gone: int
    span: int
    by_day: bool

    @property
    def told(self) -> str:
        if self.by_day:
            return f"已过天数 ÷ 全年天数 × 100（按天：{self.gone} ÷ {self.span}）"
        return "已过月数 ÷ 12 × 100"


def elapsed(rulebook: Rulebook, indicator: str, tier: str, period: Period) -> Elapsed:
    """What of the year is gone at the end of a period, its last day included. In the middle of
    a month there are only days."""
    by_month = rulebook.pace_basis(indicator, tier, period.end) == "month"
    if by_month and period.is_whole_months:
        return Elapsed(period.month, YEAR, by_day=False)
    year = Period.of_months(period.year, 1, YEAR)
    return Elapsed((period.end - year.start).days + 1, year.days, by_day=True)


def with_elapsed(aimed: Frame, rulebook: Rulebook, plan: Plan) -> Frame:
    """Rows of cells and targets with `gone`, `span` and `pace_told`, see `Elapsed`."""
    steps = [plan.steps[place] for place in sorted(plan.asked)]
    found = [
        (step.indicator, step.period.id, tier, elapsed(rulebook, step.indicator, tier, step.period))
        for step in steps
        for tier in TIER_NAMES
    ]
    columns: dict[str, list[Any]] = {
        "indicator": [one[0] for one in found],
        "period": [one[1] for one in found],
        "tier": [one[2] for one in found],
        "gone": [one[3].gone for one in found],
        "span": [one[3].span for one in found],
        "pace_told": [one[3].told for one in found],
    }
    types: dict[str, Any] = dict.fromkeys(columns, nw.String)
    types |= {"gone": nw.Int128, "span": nw.Int128}
    told = table(aimed, columns, types)
    return aimed.join(told, on=["indicator", "period", "tier"])
