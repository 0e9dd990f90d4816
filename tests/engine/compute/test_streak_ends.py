"""How a streak ends, and what it is called."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import narwhals as nw
from hypothesis import given, settings
from hypothesis import strategies as st

from diaodu.adapters.frames import observation_frame, target_frame
from diaodu.engine.compute.month import compute_months
from diaodu.engine.ground.period import Period

STOCK = {"id": "tax", "name": "贷款余额", "unit": "亿元", "basis": "stock", "headline": True}
HEADLINE = {"id": "tax", "name": "税收", "unit": "亿元", "basis": "ytd", "headline": True}


def test_a_balance_in_january_has_no_cumulative_growth(make_county):
    county = make_county([STOCK])
    county.see("a", "2022-01", "100.0")
    county.see("a", "2023-01", "110.0")
    told = county.compute("2023-01").find("streak_sign")
    assert told.formula.startswith("增速连续为正的月数")


def kept(make_county, figures: dict[str, str], years: tuple[int, ...] = (2023,)):
    county = make_county([HEADLINE])
    for year in years:
        county.aim("a", "12.00", year=year)
    for period, value in figures.items():
        county.see("a", period, value)
    return county.compute().find("streak_target")


def test_a_missing_figure_leaves_the_beginning_open(make_county):
    told = kept(make_county, {"2023-01": "1.00", "2023-01/04": "5.00", "2023-01/05": "6.00"})
    assert (told.value, told.lo, told.hi) == (2, 2, None)


def test_the_first_target_is_the_beginning(make_county):
    figures = {"2023-01": "1.50", **{f"2023-01/{m:02}": f"{m + 1}.00" for m in range(2, 6)}}
    told = kept(make_county, figures)
    assert (told.value, told.lo, told.hi) == (5, 5, 5)


@given(st.lists(st.integers(0, 3), min_size=56, max_size=56), st.integers(0, 10), st.booleans())
@settings(max_examples=12, deadline=None)
def test_months_computed_together_have_the_streaks_of_each_alone(
    make_county, steps: list[int], gap: int, rising: bool
) -> None:
    """Months share their past, also where it is longer than a streak is followed."""
    county = make_county([{**HEADLINE, "january": "yes"}])
    total = Decimal(0)
    for number, step in enumerate(steps):
        year, month = divmod(number, 12)
        grown = Decimal(100 + 3 * year) + (Decimal(number) / 4 if rising else step)
        total = grown if month == 0 else total + grown
        if number != gap:
            period = f"{2018 + year}-01/{month + 1:02}" if month else f"{2018 + year}-01"
            county.see("a", period, f"{total:.2f}")
    for year in range(2018, 2023):
        county.aim("a", "1200", year=year)
    frames = observation_frame(county.observations), target_frame(county.targets)
    # The first is farther back than a streak is followed from the last.
    months = [Period.of_month(2019, 3), *(Period.of_month(2022, month) for month in (6, 7, 8))]
    months.insert(1, Period.of_month(2019, 9))

    def streaks(*wanted: Period) -> set[tuple[Any, ...]]:
        found = compute_months(*frames, county.rulebook, wanted, date(2023, 6, 12)).measures
        chosen = found.filter(nw.col("measure").str.starts_with("streak"))
        return set(chosen.select("key", "formula", "value", "lo", "hi").iter_rows())

    together = streaks(*months)
    assert together == set().union(*(streaks(month) for month in months))
    assert {key.split("|")[2] for key, *_ in together} == {one.ytd().id for one in months}
