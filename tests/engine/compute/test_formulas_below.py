"""Formulas over the orgs below and over the year so far, in a run."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diaodu.engine.rules.models import CalendarEntry, DayAfter

NOW, LAST = "2023-01/05", "2022-01/05"
TAX = {"id": "tax", "name": "税收", "unit": "万元", "basis": "ytd"}
OUTPUT = {"id": "output", "name": "产值", "unit": "亿元", "basis": "ytd"}


def made(make_county, formula, unit, *more, **keys):
    """A county with a formula indicator `x`."""
    asked = {"id": "x", "name": "结果", "unit": unit, "basis": "ytd", "formula": formula, **keys}
    return make_county(indicators=[dict(TAX), dict(OUTPUT), *more, asked])


def see(county, indicator, *values, period=NOW, **more):
    for org, value in zip("abc", values, strict=True):
        if value is not None:
            county.see(org, period, value, indicator=indicator, **more)
    return county


def test_a_ratio_over_the_counties(make_county):
    """Means of the three ratios would give 5.0."""
    county = made(make_county, "下级比率(tax, output)", "%")
    see(county, "tax", "1000", "1000", "1000")
    see(county, "output", "1.0", "2.0", "7.0")
    found = county.compute().find("value", "city", indicator="x")
    assert (found.shown, found.unit) == ("3.00", "%")
    assert found.formula == "公式：各下级单位税收之和除以各下级单位产值之和"
    assert len(found.inputs) == 6


def test_who_lacks_a_figure_is_told_never_left_out(make_county):
    county = made(make_county, "下级比率(tax, output)", "%")
    see(county, "tax", "1000", "1000", "1000")
    see(county, "output", "1.0", "2.0", None)
    found = county.compute().find("value", "city", indicator="x")
    assert (found.word, found.formula) == (
        "not_published",
        "公式：各下级单位税收之和除以各下级单位产值之和（3个单位中1个无数）",
    )


def test_only_those_of_a_level(make_county):
    county = made(make_county, "下级合计(tax, 县)", "万元")
    county.orgs.append({"id": "d", "name": "局", "level": "department", "parent": "city"})
    see(county, "tax", "1000", "1000", "1000")
    assert county.compute().shown("value", "city", indicator="x") == "3000.00"


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("增速(tax) ≥ 5", "2"),
        ("增速(tax) > 5", "1"),
        ("增速(tax) < −1", "1"),
        ("tax ≥ 0.21亿元", "1"),
        ("tax = 2000", "1"),
    ],
)
def test_how_many_fulfil_a_condition(make_county, condition, count):
    county = made(make_county, f"下级个数({condition}, 县)", "个", decimals=0)
    see(county, "tax", "2100", "1900", "2000")
    see(county, "tax", "2000", "2000", "1800", period=LAST)
    found = county.compute().find("value", "city", indicator="x")
    assert (found.shown, found.lo, found.hi) == (count, found.value, found.value)


def test_counted_as_printed_the_published_growth_first(make_county):
    """4.96 % prints as 5.0; b's published 4.9 stands before its computed 10."""
    county = made(make_county, "下级个数(增速(tax) ≥ 5)", "个", decimals=0)
    see(county, "tax", "2099.2", "2200", "2000")
    see(county, "tax", "2000", "2000", "2000", period=LAST)
    county.see("b", NOW, "4.9", indicator="tax", facet="growth")
    found = county.compute().find("value", "city", indicator="x")
    assert found.shown == "1"
    assert set(found.inputs) == {
        "tax|a|2023-01/05|growth||2022-01/05|", "tax|b|2023-01/05|growth_published|||",
        "tax|c|2023-01/05|growth||2022-01/05|",
    }  # fmt: skip


def test_who_has_no_base_does_not_count_and_is_told(make_county):
    county = made(make_county, "下级个数(增速(tax) ≥ 5)", "个", decimals=0)
    see(county, "tax", "2100", "1900", "2000")
    see(county, "tax", "2000", "0", None, period=LAST)
    found = county.compute().find("value", "city", indicator="x")
    assert found.shown == "1"
    assert found.formula == ("公式：下级单位中税收增速不低于5%的个数（2个单位无法比较，不算在内）")


def test_where_nobody_can_be_compared_there_is_no_zero(make_county):
    county = made(make_county, "下级个数(增速(tax) ≥ 5)", "个", decimals=0)
    see(county, "tax", "2100", "1900", "2000")
    found = county.compute().find("value", "city", indicator="x")
    assert found.value is None
    assert found.formula == "公式：下级单位中税收增速不低于5%的个数（3个单位都无法比较）"


def test_nobody_is_counted_while_a_figure_is_missing(make_county):
    county = made(make_county, "下级个数(tax ≥ 5)", "个", decimals=0)
    see(county, "tax", "2100", "1900", None)
    found = county.compute().find("value", "city", indicator="x")
    assert (found.word, found.formula) == (
        "not_published", "公式：下级单位中税收不低于5万元的个数（3个单位中1个无数）",
    )  # fmt: skip


def test_the_year_so_far_of_a_months_figure(make_county):
    power = {"id": "power", "name": "用电", "unit": "万千瓦时", "basis": "month",
             "january": "merged"}  # fmt: skip
    county = made(make_county, "年内累计(power)", "万千瓦时", power, january="merged")
    for period, value in (("2023-01/02", "9.0"), ("2023-03", "5.0"), ("2023-04", "6.0")):
        county.see("a", period, value, indicator="power")
    short = county.compute().find("value", "a", indicator="x")
    assert (short.word, short.formula) == (
        "not_published", "公式：用电的年内累计（4期中1期无数）",
    )  # fmt: skip
    county.see("a", "2023-05", "7.0", indicator="power")
    found = county.compute().find("value", "a", indicator="x")
    assert (found.shown, found.lo, found.hi) == ("27.00", Decimal("26.8"), Decimal("27.2"))


def test_the_year_so_far_of_what_is_cumulative_is_itself(make_county):
    county = made(make_county, "年内累计(tax)", "万元")
    county.see("a", NOW, "2100", indicator="tax")
    assert county.compute().shown("value", "a", indicator="x") == "2100.00"


hundredths = st.integers(1, 10**6).map(lambda n: Decimal(n) / 100)


@settings(max_examples=25, deadline=None)
@given(above=st.tuples(*[hundredths] * 3), below=st.tuples(*[hundredths] * 3))
def test_a_ratio_over_children_is_the_ratio_of_the_sums(make_county, above, below):
    county = made(make_county, "下级比率(tax, output)", "%")
    see(county, "tax", *[f"{one:.2f}" for one in above])
    see(county, "output", *[f"{one:.2f}" for one in below])
    county.see("city", NOW, f"{sum(above):.2f}", indicator="tax")
    county.see("city", NOW, f"{sum(below):.2f}", indicator="output")
    found = county.compute().find("value", "city", indicator="x")
    exact = Fraction(sum(above)) / 10**4 / Fraction(sum(below)) * 100
    assert 0 <= exact - Fraction(found.value) < Fraction(1, 10**12)
    assert found.lo <= found.value <= found.hi


def test_an_org_that_never_has_one_of_the_figures_lacks_nothing(make_county):
    """税收占比 of a township that has taxes and no output of its own."""
    county = made(make_county, "tax ÷ output", "%")
    see(see(county, "tax", "1000", "500", None), "output", "1.0", None, None)
    results = county.compute()
    assert results.find("value", "a", indicator="x").shown == "10.00"
    assert results.find("value", "b", indicator="x") is None


def test_an_org_that_had_it_before_lacks_it(make_county):
    county = see(made(make_county, "tax ÷ output", "%"), "tax", "1000", None, None)
    see(county, "output", "1.0", None, None, period=LAST)
    assert county.compute().find("value", "a", indicator="x").word == "not_published"


def test_an_org_that_owes_it_lacks_it(make_county):
    county = made(make_county, "tax ÷ output", "%")
    county.more["calendar"] = (
        CalendarEntry(id="r", indicators=("output",), levels=("county",), due=DayAfter(day=12)),
    )
    see(county, "tax", "1000", None, None)
    assert county.compute().find("value", "a", indicator="x").word == "not_published"


def test_a_last_year_that_is_computed_says_how(make_county):
    county = made(make_county, "tax ÷ output", "%")
    for period in (NOW, LAST):
        see(see(county, "tax", "1000", None, None, period=period), "output", "1.0", None, None,
            period=period)  # fmt: skip
    found = county.compute().find("last_year", "a", indicator="x")
    assert found.formula == "上年同期，公式：税收除以产值"
