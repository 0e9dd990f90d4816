"""Differences, what is left over, means of the rest of the year, last year's curve."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diaodu.engine.compute.apart import difference, left_over
from diaodu.engine.compute.base_curve import Told, base_curve
from diaodu.engine.compute.rest_of_year import faster, means
from diaodu.engine.ground.period import Period

MAY = Period.from_id("2023-01/05")
digits = st.decimals(-(10**9), 10**9, places=2).map(lambda one: f"{one:f}")


@pytest.mark.parametrize(
    ("now", "then", "told"),
    [
        ("6.5", "7.0", "-0.5"), ("0.3", "0.30", "0.00"), ("-1.2", "-1.2", "0.0"),
        ("44.00", "43", "1.00"),
    ],
)  # fmt: skip
def test_a_difference_has_the_digits_of_the_finer(now: str, then: str, told: str) -> None:
    assert difference(now, then) == told


@given(digits, st.lists(digits, max_size=30))
def test_parts_and_what_is_left_over_are_the_whole(whole: str, parts: list[str]) -> None:
    found = left_over(whole, parts)
    assert sum(map(Decimal, parts), Decimal(found.digits)) == Decimal(whole)


def test_no_more_than_the_digits_leave_open_is_rounding() -> None:
    # 2.1 may be 2.05 to 2.15, each part 0.005 off: 0.06 at most.
    assert left_over("2.1", ["1.50", "0.54"]).is_rounding
    assert not left_over("2.1", ["1.50", "0.53"]).is_rounding
    assert left_over("2.0", ["1.50", "0.50"]).is_nothing


def test_means_of_the_months_gone_and_of_last_years_rest() -> None:
    found = means(Decimal("96.42"), 9, Decimal("94.44"), Decimal("130.56"), 2)
    assert (found.so_far, found.last_year) == ("10.71", "12.04")
    assert faster(Decimal("14.86"), Decimal("96.42"), 9) == "38.7"


def test_where_nothing_is_known_nothing_is_told() -> None:
    found = means(None, 9, None, Decimal("130.56"), 2)
    assert (found.so_far, found.last_year) == (None, None)
    assert means(Decimal(12), 12, Decimal(11), Decimal(11), 0).last_year is None
    assert faster(Decimal(1), Decimal(0), 3) is None


def curve_of(levels: dict[str, tuple[str | None, str | None]], adds_up: bool = True):
    points = [Told(period, *both) for period, both in levels.items()]
    return base_curve(points, MAY, adds_up=adds_up)


def test_what_last_year_added_in_the_months_that_are_left() -> None:
    found = curve_of({
        "2021-01/05": ("40.0", None), "2021-01/06": ("50.0", None), "2021-01/07": ("60.0", None),
        "2022-01/05": ("44.0", "10.0"), "2022-01/06": ("56.0", "12.0"),
        "2022-01/07": ("65.0", "8.3"), "2022-01/12": ("110.0", "9.0"),
        "2023-01/05": ("48.0", "9.1"),
    })  # fmt: skip
    june, july, _ = found.rest
    assert (june.months, june.amount, june.growth, june.cumulative) == (
        (6, 6),
        "12.0",
        "20.0",
        "12.0",
    )
    assert june.is_high
    assert (july.amount, july.growth, july.is_high) == ("9.0", "-10.0", False)
    assert found.year == "9.0"


def test_a_rate_alone_was_high_where_it_raised_the_year() -> None:
    found = curve_of({
        "2022-01/05": (None, "8.0"), "2022-01/06": (None, "8.5"), "2022-01/07": (None, "8.5"),
    })  # fmt: skip
    assert [(one.amount, one.growth, one.is_high) for one in found.rest] == [
        (None, None, True), (None, None, False),
    ]  # fmt: skip
    assert found.year is None


def test_over_a_base_of_zero_or_without_the_month_before_nothing_is_told() -> None:
    found = curve_of({
        "2021-01/05": ("50.0", None), "2021-01/06": ("50.0", None),
        "2022-01/05": ("44.0", None), "2022-01/06": ("56.0", None), "2022-01/08": (None, None),
        "2022-01/12": ("110.0", "9.0"),
    })  # fmt: skip
    june, august, december = found.rest
    assert (june.amount, june.growth, june.is_high) == ("12.0", None, None)
    assert (august.months, august.amount, august.is_high) == ((7, 8), None, None)
    assert december.amount is None


def test_a_balance_adds_nothing_up() -> None:
    found = curve_of({"2022-06": ("56.0", "9.0"), "2022-07": ("57.0", "9.5")}, adds_up=False)
    assert [(one.amount, one.cumulative, one.is_high) for one in found.rest] == [
        (None, "9.0", None), (None, "9.5", True),
    ]  # fmt: skip
