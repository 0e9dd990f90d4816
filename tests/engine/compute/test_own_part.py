"""What a cumulative figure ends with: its month, or its quarter where it is filed by quarter."""

from __future__ import annotations

import pytest

GDP = {"id": "tax", "name": "地区生产总值", "unit": "亿元", "basis": "ytd", "cadence": "quarter"}
TAX = {"id": "tax", "name": "税收", "unit": "亿元", "basis": "ytd", "headline": True}


def test_a_quarter_published_alone_stands_where_no_difference_can_be_taken(make_county):
    county = make_county([GDP])
    county.see("a", "2023-01/06", "50.0")
    county.see("a", "2023-04/06", "28.0")
    found = county.compute("2023-06").find("month_value")
    assert (found.shown, found.formula) == ("28.00", "来数（当期数）")


def test_a_quarters_growth_is_over_the_quarter_of_last_year(make_county):
    county = make_county([GDP])
    for period, value in (("2023-01/06", "50.0"), ("2023-01/03", "22.0"), ("2022-01/06", "40.0"),
                          ("2022-04/06", "20.0")):  # fmt: skip
        county.see("a", period, value)
    found = county.compute("2023-06").find("month_growth")
    assert (found.shown, found.base) == ("40.0", "2022-04/06")
    assert found.formula == "（本期当期值 ÷ 上年同期当期值 − 1）× 100，上年同期当期值为来数"


def test_a_quarters_published_growth(make_county):
    county = make_county([GDP])
    county.see("a", "2023-01/06", "50.0")
    county.see("a", "2023-04/06", "6.3", facet="growth")
    found = county.compute("2023-06").find("month_growth_published")
    assert (found.shown, found.base, found.formula) == ("6.3", "2023-04/06", "来数（当期增速）")


@pytest.mark.parametrize(
    ("growths", "shown"),
    [({3: "2.0", 4: "3.0", 5: "4.0"}, "2"), ({3: "2.0", 4: "5.0", 5: "4.0"}, "-1")],
)
def test_streaks_of_the_month_read_the_months_growth_as_published(make_county, growths, shown):
    county = make_county([TAX])
    for month in range(1, 6):
        for year in (2022, 2023):
            period = f"{year}-01/{month:02}" if month > 1 else f"{year}-01"
            county.see("a", period, f"{month * 10}.0")
    for month, growth in growths.items():
        county.see("a", f"2023-{month:02}", growth, facet="growth")
    assert county.compute().shown("streak_month") == shown
