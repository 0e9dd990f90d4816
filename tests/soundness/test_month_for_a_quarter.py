"""June alone is not the second quarter.

What was printed: where the cumulative figure before was lacking, the single month at the end of a
quarter, if anybody had filed one, stood as the quarter's own value. Right: none is told.
"""

from __future__ import annotations


def test_the_month_at_the_end_of_a_quarter_is_not_the_quarter(county):
    county.add("gdp", "50.0", period="2023-01/06")
    county.add("gdp", "9.0", period="2023-06")
    month = county.month("2023-06")
    assert month.measure("value", indicator="gdp").shown == "50.00"
    assert month.measure("month_value", indicator="gdp") is None


def test_the_quarter_itself_is(county):
    county.add("gdp", "50.0", period="2023-01/06")
    county.add("gdp", "28.0", period="2023-04/06")
    assert county.month("2023-06").measure("month_value", indicator="gdp").shown == "28.00"
