"""The invented figures agree with themselves, whatever the seed."""

from __future__ import annotations

from decimal import Decimal
from random import Random

import pytest

from diaodu.adapters.demo_county import plan
from diaodu.adapters.demo_county.catalog import read_catalog
from diaodu.adapters.demo_county.figures import (
    Ledger,
    county_ids,
    filed_periods,
    make_ledger,
    publish,
    publish_wider,
    ratio_growth,
    township_ids,
    widen,
)
from diaodu.adapters.demo_county.layouts import target_grid
from diaodu.adapters.demo_county.stories import (
    CLOSED,
    LATE,
    REVISED,
    TIED,
    close_a_firm,
    revise_base,
    settle_what_was_transposed,
    tie_two,
)
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import convert, half_unit

MAY = Period.of_months(2023, 1, 5)
SUMMED = ("industry_output", "project_investment", "retail_above", "outside_funds", "new_jobs",
          "new_firms", "reportable_amount")  # fmt: skip


@pytest.fixture(scope="module", params=[20230612, 1, 7])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    rng = Random(request.param)
    made = make_ledger(read_catalog(), rng)
    tie_two(made, MAY)
    close_a_firm(made)
    publish(made, rng)
    wider = Random(request.param)
    widen(made, wider)
    settle_what_was_transposed(made)
    publish_wider(made, wider)
    return made


def test_the_county_has_what_it_promises() -> None:
    book = read_catalog()
    levels = [org.level for org in book.orgs.values()]
    counted = {level: levels.count(level) for level in set(levels)}
    assert counted == {
        "nation": 1, "province": 1, "city": 1, "county": 7, "township": 22, "park": 1,
        "department": 30,
    }  # fmt: skip
    assert 58 <= len(book.indicators) <= 65
    names = [name for o in book.orgs.values() for name in (o.name, *o.aliases)]
    names += [name for i in book.indicators.values() for name in (i.name, *i.aliases)]
    assert len(names) == len(set(names))


def test_thirty_six_months_are_there(ledger: Ledger) -> None:
    monthly = [
        period
        for period in filed_periods(ledger.book.indicators["power"], plan.FIRST_MONTH)
        if ("power", plan.COUNTY, period) in ledger.levels
    ]
    assert (len(monthly), monthly[0].id, monthly[-1].id) == (36, "2020-01/06", "2023-01/05")


@pytest.mark.parametrize("indicator", SUMMED)
def test_townships_sum_to_the_county(ledger: Ledger, indicator: str) -> None:
    known = ledger.book.indicators[indicator]
    for period in filed_periods(known, plan.FIRST_MONTH):
        whole = sum(ledger.levels[indicator, org, period] for org in township_ids(ledger.book))
        given = ledger.unit(indicator, township_ids(ledger.book)[0])
        off = (
            convert(Decimal(whole), given, known.unit)
            - (ledger.levels[indicator, plan.COUNTY, period])
        )
        assert abs(off) <= Decimal("0.005")


@pytest.mark.parametrize("whole", ["gdp", "budget_revenue", "industry_output"])
def test_child_indicators_sum_to_their_parent(ledger: Ledger, whole: str) -> None:
    known = ledger.book.indicators[whole]
    for period in filed_periods(known, plan.FIRST_MONTH):
        total = sum(
            convert(
                ledger.levels.get((part, plan.COUNTY, period), Decimal(0)),
                ledger.book.indicators[part].unit,
                known.unit,
            )
            for part in known.children
        )
        off = Decimal(total) - ledger.levels[whole, plan.COUNTY, period]
        assert abs(off) <= half_unit(known.decimals)


def test_counties_sum_to_the_city(ledger: Ledger) -> None:
    period = Period.of_months(2023, 1, 3)
    parts = [ledger.levels["gdp", org, period] for org in county_ids(ledger.book)]
    assert sum(parts) == ledger.levels["gdp", plan.CITY, period]


def test_cumulative_figures_never_fall(ledger: Ledger) -> None:
    for (indicator, org, period), level in ledger.levels.items():
        basis = ledger.book.indicators[indicator].basis
        if basis not in ("ytd", "count") or indicator == "industry_profit" or period.month == 1:
            continue
        before = Period.of_months(period.year, 1, period.month - 1)
        assert ledger.levels.get((indicator, org, before), Decimal(0)) <= level


def test_growths_of_current_prices_are_the_ratio_of_what_is_printed(ledger: Ledger) -> None:
    for (indicator, org, period), growth in ledger.growths.items():
        if ledger.book.indicators[indicator].price == "current":
            ratio = ratio_growth(ledger.levels, (indicator, org, period))
            assert ratio in (None, growth)


def test_growths_are_plausible(ledger: Ledger) -> None:
    wild = {
        key: growth
        for key, growth in ledger.growths.items()
        if not -20 <= growth <= 30 and key[2].month > 1 and key[:2] != CLOSED[:2]
    }
    assert wild == {}


def test_two_townships_tie_at_the_printed_decimal() -> None:
    rng = Random(3)
    ledger = make_ledger(read_catalog(), rng)
    one, other = tie_two(ledger, MAY)
    publish(ledger, rng)
    assert one != other
    assert LATE not in (one, other)
    assert ledger.growths[TIED, one, MAY] == ledger.growths[TIED, other, MAY]
    ranks = {ledger.rank(TIED, MAY, township_ids(ledger.book), org) for org in (one, other)}
    assert len(ranks) == 1


def test_a_young_industry_has_no_figure_a_year_ago(ledger: Ledger) -> None:
    young = [p for name, _, p in ledger.levels if name == plan.YOUNG_INDUSTRY]
    assert min(young).id == "2022-01/08"
    assert (plan.YOUNG_INDUSTRY, plan.COUNTY, MAY) not in ledger.growths


def test_a_closed_firm_pulls_its_township_down(ledger: Ledger) -> None:
    name, org, _ = CLOSED
    assert ledger.growths[name, org, Period.of_months(2023, 1, 2)] > -15
    assert ledger.growths[name, org, MAY] < -20


def test_a_revised_base_moves_both_growths() -> None:
    rng = Random(3)
    ledger = make_ledger(read_catalog(), rng)
    publish(ledger, rng)
    name, period = REVISED
    before = ledger.growths[name, plan.COUNTY, MAY]
    own = ledger.growths[name, plan.COUNTY, period]
    revise_base(ledger)
    assert ledger.growths[name, plan.COUNTY, MAY] > before
    assert ledger.growths[name, plan.COUNTY, period] < own
    assert (
        ledger.levels[name, plan.COUNTY, period]
        >= (ledger.levels[name, plan.COUNTY, Period.of_months(2022, 1, 4)])
    )


@pytest.mark.parametrize("year", [2022, 2023])
@pytest.mark.parametrize("indicator", ["项目投资完成额", "省外到位资金", "新增规模以上工业企业"])
def test_targets_of_townships_sum_to_the_county(ledger: Ledger, year: int, indicator: str) -> None:
    grid = target_grid(ledger, year)
    whole, parts = Decimal(0), Decimal(0)
    for row in range(1, 1 + max(row for row, _ in grid.cells)):
        if grid.cells[row, 0] != indicator:
            continue
        value = Decimal(str(grid.cells[row, 6]))
        if grid.cells[row, 1] == "示例县":
            whole += value
        else:
            parts += value
    assert parts == whole > 0
