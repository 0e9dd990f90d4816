"""The further periods that a figure is compared with: the year before last, last year as a whole,
the beginning of the year, the months gone by."""

from __future__ import annotations

from dataclasses import dataclass, fields

import narwhals as nw

from diaodu.engine.compute.exact import Frame
from diaodu.engine.compute.figures import facet, filter_numbers, table
from diaodu.engine.compute.plan import Plan, Step, filed_period, own_part, period_before
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.words import Further
from diaodu.engine.rules.models import Indicator
from diaodu.engine.rules.rulebook import Rulebook

YEAR = 12
# How many periods back a streak is followed.
FARTHEST = 36


@dataclass(frozen=True, slots=True)
class Bases:
    """Ids of periods beside those of a Step; "" where the measure is not asked for.

    two_years: the same period two years ago · whole: last year's last cumulative period · next:
    last year's of the cumulative period that is filed after this one ·
    other: what `change` and `growth` are told against besides, last year's December for a stock,
    `whole` for a rate or mean of the year so far; "" for a flow · other_growth:
    what a published growth is told against besides · month: the last month (quarter) alone ·
    last_cumulative, last_month: last year's of the previous cumulative period and of the month.
    """

    two_years: str = ""
    whole: str = ""
    next: str = ""
    other: str = ""
    other_growth: str = ""
    month: str = ""
    last_cumulative: str = ""
    last_month: str = ""

    def read(self, *, computed: bool) -> tuple[str, ...]:
        """The periods whose figures are read; a computed indicator has none of a month alone."""
        found = [
            self.two_years, self.whole, self.next, self.other, self.other_growth,
            self.last_cumulative,
        ]  # fmt: skip
        if not computed:
            found += [self.month, self.last_month]
        return tuple(dict.fromkeys(filter(None, found)))


def bases_of(rulebook: Rulebook, step: Step) -> Bases:
    indicator = rulebook.indicators[step.indicator]
    period = step.period
    if not period.is_whole_months:
        return Bases()
    whole = filed_period(indicator, Period.of_month(period.year - 1, YEAR)).id
    cumulative = period.is_cumulative and indicator.basis != "month"
    is_flow = indicator.is_rate_only or indicator.basis in ("ytd", "count")

    def asked(further: Further, base: str, condition: bool = True) -> str:
        return base if condition and indicator.asks_for(further) else ""

    # Five months of a flow are no growth over the twelve of last year.
    other = step.last_year if is_flow or indicator.basis == "month" else whole
    by_month = step.has_month_value and step.previous_cumulative != ""
    own = own_part(indicator, period)
    last_cumulative = by_month and Period.from_id(step.previous_cumulative).last_year().id
    return Bases(
        two_years=asked("two_year_average", Period.from_id(step.last_year).last_year().id),
        whole=asked("growth_needed", whole, cumulative and is_flow and period.month < YEAR),
        next=asked("growth_needed", _next(indicator, period), cumulative and is_flow),
        other=asked("other_bases", other, other != step.last_year),
        other_growth=asked("other_bases", whole, cumulative and whole != step.previous),
        month=asked("month_growth", own, cumulative),
        last_cumulative=asked("month_growth", last_cumulative or "", by_month),
        last_month=asked("month_growth", own and Period.from_id(own).last_year().id, by_month),
    )


def _next(indicator: Indicator, period: Period) -> str:
    """Last year's of the period filed next in the year; "" after the last."""
    for month in range(period.month + 1, YEAR + 1):
        later = filed_period(indicator, Period.of_month(period.year, month))
        if later.month == month:
            return later.last_year().id
    return ""


def further(rulebook: Rulebook, plan: Plan) -> dict[tuple[str, str], tuple[str, ...]]:
    """Ids of the periods that the further measures of each asked step read; those of streaks
    aside, see `streaks`."""
    return {
        place: bases_of(rulebook, plan.steps[place]).read(
            computed=rulebook.indicators[place[0]].formula is not None
        )
        for place in plan.asked
    }


def with_bases(cells: Frame, rulebook: Rulebook, plan: Plan) -> Frame:
    """The asked cells with the period ids of `Bases`."""
    found = [(*place, bases_of(rulebook, plan.steps[place])) for place in sorted(plan.asked)]
    columns = {"indicator": [one[0] for one in found], "period": [one[1] for one in found]}
    for one in fields(Bases):
        columns[one.name] = [getattr(bases, one.name) for _, _, bases in found]
    told = table(cells, columns, dict.fromkeys(columns, nw.String))
    return cells.filter(nw.col("asked")).join(told, on=["indicator", "period"])


def numbers(figures: Frame, name: str, prefix: str) -> Frame:
    """The numbers of a facet as columns `prefix`, `prefix_lo`, `prefix_hi`, `prefix_ref`."""
    found = filter_numbers(facet(figures, name, prefix))
    ends = (f"{prefix}_{end}" for end in ("lo", "hi", "ref"))
    return found.select("indicator", "org", "period", prefix, *ends)


def months_back(indicator: Indicator, period: Period) -> list[Period]:
    """The periods filed before this one, newest first, as far as a streak is followed."""
    found: list[Period] = []
    while len(found) < FARTHEST:
        found.append(period_before(indicator, found[-1] if found else period))
    return found


def base_word(value: nw.Expr, base: nw.Expr, growth: nw.Expr) -> nw.Expr:
    """What stands for a growth over a base that is no base (docs/measures.md); null for a number.
    `growth` is the number where there is one."""
    return (
        nw.when(base.is_null()).then(nw.lit("no_base"))
        .when(base == 0).then(nw.lit("zero_base"))
        .when((base > 0) & (value < 0)).then(nw.lit("turned_negative"))
        .when(base > 0).then(nw.when(growth.is_null()).then(nw.lit("not_comparable")))
        .when(value > 0).then(nw.lit("turned_positive"))
        .when((value == 0) | (value == base)).then(nw.lit("negative_base"))
        .when(value > base).then(nw.lit("loss_narrowed"))
        .otherwise(nw.lit("loss_widened"))
    )  # fmt: skip
