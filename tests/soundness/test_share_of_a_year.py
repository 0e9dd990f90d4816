"""A share of the year so far: its month was the difference of two shares, with a growth.

Of 税收占比 70.0% for January to May and 70.1% to April, “当月值 −0.1%” and “当月增速 由正转负” were
told.
A share has no month but one that came in.
"""

from __future__ import annotations

from datetime import date

import pytest

from tests.engine.compute.conftest import County

SHARE = {"id": "ratio", "name": "税收占比", "unit": "%", "basis": "ytd", "facets": ["level"]}
TAX = {"id": "tax", "name": "税收", "unit": "亿元", "basis": "ytd"}
REVENUE = {"id": "revenue", "name": "收入", "unit": "亿元", "basis": "ytd"}
OF_A_MONTH = ("month_value", "month_growth")


@pytest.fixture(params=["received", "computed"])
def county(request: pytest.FixtureRequest) -> County:
    if request.param == "received":
        county = County([SHARE])
        for period, share in (("2023-01/05", "70.0"), ("2023-01/04", "70.1"),
                              ("2022-01/05", "68.7"), ("2022-01/04", "68.5")):  # fmt: skip
            county.see("a", period, share, indicator="ratio")
        return county
    county = County([TAX, REVENUE, {**SHARE, "formula": "税收 ÷ 收入"}])
    for period, tax, revenue in (
        ("2023-01/05", "70.0", "100"), ("2023-01/04", "56.1", "80"),
        ("2022-01/05", "61.8", "90"), ("2022-01/04", "47.9", "70"),
    ):  # fmt: skip
        county.see("a", period, tax, indicator="tax")
        county.see("a", period, revenue, indicator="revenue")
    return county


def test_no_month_is_made_of_two_shares(county: County) -> None:
    results = county.compute()
    assert results.find("value", indicator="ratio").shown in ("70.0", "70.00")
    assert results.find("change", indicator="ratio").unit == "百分点"
    assert [results.find(name, indicator="ratio") for name in OF_A_MONTH] == [None, None]


def test_a_months_own_share_is_told_as_it_came() -> None:
    county = County([SHARE])
    for period, share in (("2023-01/05", "70.0"), ("2023-01/04", "70.1"), ("2023-05", "69.2")):
        county.see("a", period, share, indicator="ratio", day=date(2023, 6, 1))
    month = county.compute().find("month_value", indicator="ratio")
    assert (month.shown, month.formula) == ("69.20", "来数（当月数）")


def test_a_share_is_not_ahead_of_the_year_by_being_there(county: County) -> None:
    """70.0 of 72 asked for was 97.2 % done in May, and so far ahead of the pace."""
    target = county.aim("a", "72.0", indicator="ratio", day=date(2023, 1, 9))
    results = county.compute()
    assert results.find("pace_gap", indicator="ratio", target_id=target) is None
    outcome = results.find("outcome", indicator="ratio", target_id=target)
    assert outcome.formula.startswith("未达到：")
