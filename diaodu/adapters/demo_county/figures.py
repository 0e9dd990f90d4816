"""The invented figures: one ledger in which every sum, growth and rank agrees.

All arithmetic is on whole ticks and exact decimals, so that what one sheet prints never
contradicts another; whatever disagrees later was planted on purpose (`stories`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from diaodu.adapters.demo_county import plan
from diaodu.engine.ground.period import Period, due_period
from diaodu.engine.ground.quantity import convert, round_half_up
from diaodu.engine.rules.calendar import is_filed
from diaodu.engine.rules.models import Indicator
from diaodu.engine.rules.rulebook import Rulebook

Key = tuple[str, str, Period]  # indicator, org, period
Ticks = dict[tuple[int, int], int]  # (year, month) → cumulative or end-of-month figure


@dataclass
class Ledger:
    """Levels in the unit the org prints (`units`), growths in %; a missing key is no figure."""

    book: Rulebook
    levels: dict[Key, Decimal] = field(default_factory=dict)
    growths: dict[Key, Decimal] = field(default_factory=dict)
    units: dict[tuple[str, str], str] = field(default_factory=dict)  # indicator, org → unit

    def unit(self, indicator: str, org: str) -> str:
        return self.units.get((indicator, org), self.book.indicators[indicator].unit)

    def rank(self, indicator: str, period: Period, orgs: Sequence[str], org: str) -> int:
        """1 + number strictly better by printed growth, of those that have one."""
        sign = -1 if self.book.indicators[indicator].direction == "low" else 1
        own = sign * self.growths[indicator, org, period]
        others = (self.growths.get((indicator, other, period)) for other in orgs)
        return 1 + sum(sign * other > own for other in others if other is not None)


def make_ledger(book: Rulebook, rng: Random) -> Ledger:
    """Every figure of the county, its townships, its park, its city and the levels above."""
    ledger = Ledger(book)
    for flow in plan.FLOWS:
        _keep(ledger, flow.id, plan.COUNTY, _flow(rng, flow.total, flow.growth, flow.shape))
    for shared in plan.SHARED:
        _share_out(ledger, shared, rng)
    _count_townships(ledger, "new_firms", rng, chance=13)
    _stand_reportable(ledger, rng)
    _count_county(ledger, "projects_registered", rng, 3, 9)
    _count_county(ledger, "good_days", rng, 24, 28)
    for stock in plan.STOCKS:
        _keep(ledger, stock.id, plan.COUNTY, _stock(rng, stock))
    _fine_dust(ledger)
    _profit(ledger)
    _sum_up(ledger, "gdp", ("gdp_primary", "gdp_secondary", "gdp_tertiary"))
    _sum_up(ledger, "budget_revenue", ("tax", "nontax"))
    _park(ledger, rng)
    _township_power(ledger, rng)
    _neighbours(ledger, rng)
    return ledger


def widen(ledger: Ledger, rng: Random) -> None:
    """The levels of the indicators below and beside the others; call it when the figures they are
    parts of are final. They have a chance of their own: the others stay as they are."""
    _industries(ledger, rng)
    for flow in plan.WIDER_FLOWS:
        _keep(ledger, flow.id, plan.COUNTY, _flow(rng, flow.total, flow.growth, flow.shape))
    _keep(ledger, plan.FIRMS.id, plan.COUNTY, _stock(rng, plan.FIRMS))


def publish_wider(ledger: Ledger, rng: Random) -> None:
    """`publish` for what `widen` made."""
    for name in (*plan.INDUSTRIES, plan.YOUNG_INDUSTRY, plan.OTHER_INDUSTRIES):
        _publish(ledger, name, [plan.COUNTY], rng)
    for flow in plan.WIDER_FLOWS:
        _publish(ledger, flow.id, [plan.COUNTY], rng)
    for rate in plan.WIDER_RATES:
        _walk(ledger, rate, rng)


def filed_periods(indicator: Indicator, first: tuple[int, int]) -> Iterator[Period]:
    """The periods of an indicator from a month on to the last month of the demo."""
    for year in range(first[0], plan.LAST_YEAR + 1):
        for month in range(1, 13):
            if not first <= (year, month) <= plan.LAST_MONTH:
                continue
            period = due_period(Period.of_month(year, month), indicator.basis)
            if is_filed(indicator, period):
                yield period


def publish(ledger: Ledger, rng: Random) -> None:
    """Fill in the growths as they would be printed; call it when the levels are final."""
    for flow in plan.FLOWS:
        _publish(ledger, flow.id, [plan.COUNTY], rng, price_gap=(-6, 14))
    townships = township_ids(ledger.book)
    for shared in plan.SHARED:
        _publish(ledger, shared.id, [plan.COUNTY, plan.PARK, *townships], rng)
    _publish(ledger, "power", townships, rng)
    for name in ("deposits", "loans", "market_entities", "pm25"):
        _publish(ledger, name, [plan.COUNTY], rng)
    _publish(ledger, "budget_revenue", [plan.COUNTY], rng)
    _publish_gdp(ledger)
    for rate in plan.RATES:
        _walk(ledger, rate, rng)
    _publish_neighbours(ledger, rng)


def township_ids(book: Rulebook) -> list[str]:
    return [org.id for org in book.orgs.values() if org.level == "township"]


def county_ids(book: Rulebook) -> list[str]:
    return [org.id for org in book.orgs.values() if org.level == "county"]


# -- levels ----------------------------------------------------------------------------------


def _flow(
    rng: Random, total: int, growth: Sequence[int], shape: Sequence[int], noise: int = 10
) -> Ticks:
    """Cumulative ticks by month, every month a little off its usual share."""
    ticks: Ticks = {}
    years = [total]
    for step in growth:
        years.append(years[-1] * (1000 + step) // 1000)
    for index, whole in enumerate(years):
        done = 0
        for month in range(1, 13):
            wobble = rng.randint(1000 - noise, 1000 + noise)
            done += whole * shape[month - 1] * wobble // (sum(shape) * 1000)
            ticks[plan.FIRST_YEAR + index, month] = done
    return ticks


def _stock(rng: Random, stock: plan.Stock) -> Ticks:
    ticks: Ticks = {}
    for month in range(1, 13):
        back = stock.level * (12 - month) * 7 // 1000
        ticks[plan.FIRST_YEAR, month] = stock.level - back
    for index, growth in enumerate(stock.growth):
        year = plan.FIRST_YEAR + 1 + index
        for month in range(1, 13):
            step = growth + rng.randint(-6, 6)
            ticks[year, month] = ticks[year - 1, month] * (1000 + step) // 1000
    return ticks


def _keep(ledger: Ledger, indicator: str, org: str, ticks: Ticks, decimals: int = -1) -> None:
    """Put ticks into the ledger under the indicator's own periods."""
    known = ledger.book.indicators[indicator]
    places = known.decimals if decimals < 0 else decimals
    for period in filed_periods(known, (plan.FIRST_YEAR, 1)):
        level = Decimal(ticks[period.year, period.month]).scaleb(-places)
        ledger.levels[indicator, org, period] = level


def _share_out(ledger: Ledger, shared: plan.Shared, rng: Random) -> None:
    """Townships first, in their unit; the county is their sum plus what is booked above them."""
    known = ledger.book.indicators[shared.id]
    parts: list[Ticks] = []
    townships = township_ids(ledger.book)
    weights = [rng.randint(20, 90) for _ in townships]
    below = shared.total * (1000 - shared.own) // 1000
    for org, weight in zip(townships, weights, strict=True):
        tilt = rng.randint(-50, 60)
        growth = [step + (tilt + rng.randint(-40, 40)) // 2 for step in shared.growth]
        ticks = _flow(rng, below * weight // sum(weights), growth, shared.shape)
        ledger.units[shared.id, org] = shared.unit
        _keep(ledger, shared.id, org, ticks, 0)
        parts.append(ticks)
    if shared.own:
        own = shared.total * shared.own // 1000
        parts.append(_flow(rng, own, shared.growth, shared.shape))
    for period in filed_periods(known, (plan.FIRST_YEAR, 1)):
        whole = Decimal(sum(part[period.year, period.month] for part in parts))
        ledger.levels[shared.id, plan.COUNTY, period] = round_half_up(
            convert(whole, shared.unit, known.unit), known.decimals
        )


def _industries(ledger: Ledger, rng: Random) -> None:
    """The county's output by industry; to the last decimal the parts are the whole."""
    known = ledger.book.indicators["industry_output"]
    for period in filed_periods(known, (plan.FIRST_YEAR, 1)):
        whole = ledger.levels["industry_output", plan.COUNTY, period]
        young = _young_part(whole, period)
        rest = whole - (young or 0)
        if young is not None:
            ledger.levels[plan.YOUNG_INDUSTRY, plan.COUNTY, period] = young
        left = rest
        for name, (share, drift) in plan.INDUSTRIES.items():
            tenths = 10 * (share + drift * (period.year - plan.FIRST_YEAR)) + rng.randint(-8, 8)
            part = round_half_up(rest * tenths / 10000, known.decimals)
            ledger.levels[name, plan.COUNTY, period] = part
            left -= part
        ledger.levels[plan.OTHER_INDUSTRIES, plan.COUNTY, period] = left


def _young_part(whole: Decimal, period: Period) -> Decimal | None:
    """What the new industry adds; none before its first month."""
    if (period.year, period.month) < plan.YOUNG_SINCE:
        return None
    months = period.month - (plan.YOUNG_SINCE[1] - 1 if period.year == plan.YOUNG_SINCE[0] else 0)
    share = Decimal(plan.YOUNG_SHARE * months) / (1000 * period.month)
    return round_half_up(whole * share, 2)


def _count_townships(ledger: Ledger, indicator: str, rng: Random, chance: int) -> None:
    """Rare things: a township has one in `chance` of a hundred months, the county their sum."""
    known = ledger.book.indicators[indicator]
    for period in filed_periods(known, (plan.FIRST_YEAR, 1)):
        whole = Decimal(0)
        for org in township_ids(ledger.book):
            before = ledger.levels.get((indicator, org, _before(period)), Decimal(0))
            now = before + (1 if rng.randint(1, 100) <= chance else 0)
            ledger.levels[indicator, org, period] = now
            whole += now
        ledger.levels[indicator, plan.COUNTY, period] = whole


def _before(period: Period) -> Period:
    """The cumulative period one month shorter; January has none and gives itself."""
    return Period.of_months(period.year, 1, max(period.month - 1, 1))


def _stand_reportable(ledger: Ledger, rng: Random) -> None:
    known = ledger.book.indicators["reportable_amount"]
    townships = township_ids(ledger.book)
    for org in townships:
        ledger.units["reportable_amount", org] = "万元"
    for period in filed_periods(known, (plan.FIRST_YEAR, 1)):
        whole = Decimal(0)
        for org in townships:
            amount = Decimal(rng.randint(120, 960) * 10)
            ledger.levels["reportable_amount", org, period] = amount
            whole += amount
        ledger.levels["reportable_amount", plan.COUNTY, period] = round_half_up(
            convert(whole, "万元", known.unit), known.decimals
        )


def _count_county(ledger: Ledger, indicator: str, rng: Random, low: int, high: int) -> None:
    ticks: Ticks = {}
    for year in range(plan.FIRST_YEAR, plan.LAST_YEAR + 1):
        done = 0
        for month in range(1, 13):
            done += rng.randint(low, high)
            ticks[year, month] = done
    _keep(ledger, indicator, plan.COUNTY, ticks, 0)


def _fine_dust(ledger: Ledger) -> None:
    """A mean over the year so far, weighted by days, printed without decimals."""
    monthly = [Decimal(value) for value in plan.FINE_DUST]
    for index in range(len(plan.FINE_DUST_GROWTH) + 1):
        year = plan.FIRST_YEAR + index
        if index:
            factor = Decimal(1000 + plan.FINE_DUST_GROWTH[index - 1]) / 1000
            monthly = [value * factor for value in monthly]
        dust = Decimal(0)
        days = 0
        for month, value in enumerate(monthly, start=1):
            month_days = Period.of_month(year, month).days
            dust += value * month_days
            days += month_days
            if (year, month) <= plan.LAST_MONTH:
                period = Period.of_months(year, 1, month)
                ledger.levels["pm25", plan.COUNTY, period] = round_half_up(dust / days, 0)


def _profit(ledger: Ledger) -> None:
    for year, values in plan.PROFIT.items():
        for month, value in enumerate(values, start=2):
            period = Period.of_months(year, 1, month)
            ledger.levels["industry_profit", plan.COUNTY, period] = Decimal(value)


def _sum_up(ledger: Ledger, indicator: str, parts: Sequence[str]) -> None:
    indicators = ledger.book.indicators
    whole = indicators[indicator]
    for period in filed_periods(whole, (plan.FIRST_YEAR, 1)):
        levels = (
            convert(ledger.levels[part, plan.COUNTY, period], indicators[part].unit, whole.unit)
            for part in parts
        )
        total = sum(levels, Decimal(0))
        ledger.levels[indicator, plan.COUNTY, period] = round_half_up(total, whole.decimals)


def _park(ledger: Ledger, rng: Random) -> None:
    """The park lies inside the townships' figures (在地) and is printed beside, not added."""
    for shared in plan.SHARED:
        total = shared.total * 310 // 1000
        ticks = _flow(rng, total, [step + 22 for step in shared.growth], shared.shape)
        ledger.units[shared.id, plan.PARK] = shared.unit
        _keep(ledger, shared.id, plan.PARK, ticks, 0)


def _township_power(ledger: Ledger, rng: Random) -> None:
    townships = township_ids(ledger.book)
    weights = [rng.randint(20, 90) for _ in townships]
    for org, weight in zip(townships, weights, strict=True):
        total = plan.TOWNSHIP_POWER * weight // sum(weights)
        growth = [step + rng.randint(-40, 40) for step in plan.TOWNSHIP_POWER_GROWTH]
        _keep(ledger, "power", org, _flow(rng, total, growth, plan.EVEN))


def _neighbours(ledger: Ledger, rng: Random) -> None:
    """The other counties by size and growth; the city is the sum of all seven, except the budget,
    of which the city keeps a part of its own."""
    for indicator in plan.COMPARED_LEVELS:
        periods = list(filed_periods(ledger.book.indicators[indicator], (plan.FIRST_YEAR, 1)))
        for org, (size, growth) in plan.NEIGHBOURS.items():
            for period in periods:
                base = period.last_year()
                if (indicator, org, base) in ledger.levels:
                    step = growth + rng.randint(-25, 25)
                    level = ledger.levels[indicator, org, base] * (1000 + step) / 1000
                else:
                    level = ledger.levels[indicator, plan.COUNTY, period] * size / 1000
                ledger.levels[indicator, org, period] = round_half_up(level, 2)
        own = Decimal("1.3") if indicator == "budget_revenue" else Decimal(1)
        for period in periods:
            whole = sum(
                (ledger.levels[indicator, org, period] for org in county_ids(ledger.book)),
                Decimal(0),
            )
            ledger.levels[indicator, plan.CITY, period] = round_half_up(whole * own, 2)


# -- growths ---------------------------------------------------------------------------------


def ratio_growth(levels: Mapping[Key, Decimal], key: Key) -> Decimal | None:
    """Growth in % as printed, from the printed level and base; None where there is no base."""
    indicator, org, period = key
    base = levels.get((indicator, org, period.last_year()))
    if base is None or base <= 0 or key not in levels:
        return None
    return round_half_up((levels[key] / base - 1) * 100, 1)


def _publish(
    ledger: Ledger, indicator: str, orgs: Sequence[str], rng: Random,
    price_gap: tuple[int, int] = (0, 0),
) -> None:  # fmt: skip
    """Current prices: the ratio of what is printed. Real prices: off by the change of prices."""
    known = ledger.book.indicators[indicator]
    for org in orgs:
        for period in filed_periods(known, (plan.FIRST_YEAR + 1, 1)):
            growth = ratio_growth(ledger.levels, (indicator, org, period))
            if growth is None:
                continue
            if known.price == "real":
                growth += Decimal(rng.randint(*price_gap)).scaleb(-1)
            ledger.growths[indicator, org, period] = growth


def _publish_gdp(ledger: Ledger) -> None:
    """The whole grows by its parts' real growth, weighted with last year's levels."""
    parts = ledger.book.indicators["gdp"].children
    for period in filed_periods(ledger.book.indicators["gdp"], (plan.FIRST_YEAR + 1, 1)):
        base = period.last_year()
        gain = sum(
            (
                ledger.levels[part, plan.COUNTY, base] * ledger.growths[part, plan.COUNTY, period]
                for part in parts
            ),
            Decimal(0),
        )
        whole = ledger.levels["gdp", plan.COUNTY, base]
        ledger.growths["gdp", plan.COUNTY, period] = round_half_up(gain / whole, 1)


def _walk(ledger: Ledger, rate: plan.Rate, rng: Random) -> None:
    """A cumulative growth that wanders towards where its year ends."""
    known = ledger.book.indicators[rate.id]
    now = rate.ends[0]
    for period in filed_periods(known, (plan.FIRST_YEAR + 1, 1)):
        end = rate.ends[period.year - plan.FIRST_YEAR - 1]
        now += (end - now) // 3 + rng.randint(-rate.swing // 3, rate.swing // 3)
        ledger.growths[rate.id, plan.COUNTY, period] = Decimal(now).scaleb(-1)


def _publish_neighbours(ledger: Ledger, rng: Random) -> None:
    upper = (plan.CITY, plan.PROVINCE, plan.NATION)
    for indicator in plan.COMPARED:
        known = ledger.book.indicators[indicator]
        for period in filed_periods(known, (plan.LAST_YEAR - 1, 1)):
            for org in (*plan.NEIGHBOURS, *upper):
                growth = ratio_growth(ledger.levels, (indicator, org, period))
                if growth is None:
                    usual = _usual_growth(indicator, org)
                    growth = Decimal(usual + rng.randint(-14, 14)).scaleb(-1)
                elif known.price == "real":
                    growth += Decimal(rng.randint(-6, 14)).scaleb(-1)
                ledger.growths[indicator, org, period] = growth


def _usual_growth(indicator: str, org: str) -> int:
    """Tenths of a percent around which an org's growth lies."""
    city, province, nation = plan.UPPER_GROWTH[indicator]
    upper = {plan.CITY: city, plan.PROVINCE: province, plan.NATION: nation}
    if org in upper:
        return upper[org]
    return city + (plan.NEIGHBOURS[org][1] - 62) // 2
