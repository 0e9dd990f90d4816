"""Numbers as printed: reading, rounding, units."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diaodu.engine.ground.errors import QuantityError
from diaodu.engine.ground.quantity import (
    convert,
    cut,
    find_unit,
    half_unit,
    read_number,
    round_half_up,
    show,
    unit_ratio,
)
from diaodu.engine.ground.words import FACTS, MEASURES

decimals = st.decimals(-(10**14), 10**14, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("text", "value", "digits", "unit"),
    [
        ("8.5", "8.5", 1, ""), ("8.50", "8.50", 2, ""), ("0", "0", 0, ""), (".5", "0.5", 1, ""),
        ("1,234.5", "1234.5", 1, ""), ("1，234，567", "1234567", 0, ""),
        ("１２３．４", "123.4", 1, ""), (" 12 ", "12", 0, ""), ("１，２３４", "1234", 0, ""),
        ("-3.1", "-3.1", 1, ""), ("−3.1", "-3.1", 1, ""), ("－3.1", "-3.1", 1, ""),
        ("—3.1", "-3.1", 1, ""), ("一3.1", "-3.1", 1, ""), ("+3.1", "3.1", 1, ""),
        ("（1,234）", "-1234", 0, ""), ("(3.1%)", "-3.1", 1, "%"),
        ("8.3%", "8.3", 1, "%"), ("8.3％", "8.3", 1, "%"), ("14.64亿元", "14.64", 2, "亿元"),
        ("6个", "6", 0, "个"), ("-0.6 个百分点", "-0.6", 1, "个百分点"),
    ],
)  # fmt: skip
def test_numbers_are_read(text, value, digits, unit):
    found = read_number(text)
    assert found is not None
    assert (found.value, found.decimals, found.unit) == (Decimal(value), digits, unit)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "—",
        "/",
        "…",
        "持平",
        "1,23",
        "12,34,567",
        "1.2.3",
        "5.",
        "5，",
        "5、",
        "5-6",
        "约5",
        "--5",
        "1 2a3",
        "#REF!",
    ],
)
def test_what_is_no_number(text):
    assert read_number(text) is None


@given(decimals)
def test_a_number_printed_is_read_back(value):
    found = read_number(f"{value:f}")
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        ("0.125", 2, "0.13"), ("0.124999999999", 2, "0.12"), ("2.5", 0, "3"), ("-2.5", 0, "-3"),
        ("-0.04", 1, "0.0"), ("1.005", 2, "1.01"), ("1E+3", 1, "1000.0"), ("0.1", 3, "0.100"),
    ],
)  # fmt: skip
def test_rounded_once_half_away_from_zero(value, digits, text):
    assert show(Decimal(value), digits) == text


@given(decimals, st.integers(0, 6))
def test_rounding_of_what_was_cut_is_rounding_of_the_value(value, digits):
    assert round_half_up(cut(value), digits) == round_half_up(value, digits)
    assert abs(round_half_up(value, digits) - value) <= half_unit(digits)


@given(decimals)
def test_cut_never_rounds(value):
    assert abs(cut(value)) <= abs(value)
    assert abs(Fraction(value) - Fraction(cut(value))) < Fraction(1, 10**12)


def test_decimals_do_not_behave_like_floats():
    assert Decimal("0.1") + Decimal("0.2") == Decimal("0.3")
    assert round_half_up(Decimal("0.125"), 2) == Decimal("0.125").quantize(
        Decimal("0.01"), ROUND_HALF_UP
    )


@pytest.mark.parametrize(
    ("text", "base", "factor"),
    [
        ("元", "元", "1"), ("万元", "元", "1E4"), ("亿元", "元", "1E8"), ("（亿元）", "元", "1E8"),
        ("百万美元", "美元", "1E6"), ("万户", "户", "1E4"), ("万平方米", "亩", "15"),
        ("平方公里", "亩", "1500"), ("公顷", "亩", "15"), ("㎡", "亩", "0.0015"),
        ("万吨", "克", "1E10"), ("千克", "克", "1E3"), ("公斤", "克", "1E3"), ("千米", "米", "1E3"),
        ("元/公顷", "元/公顷", "1"), ("公斤/亩", "千克/亩", "1"),
        ("亿千瓦时", "千瓦时", "1E8"), ("万度", "千瓦时", "1E4"), ("％", "%", "1"),
        ("个百分点", "百分点", "1"), ("‰", "%", "0.1"), ("名", "人", "1"), ("单位：", None, None),
        ("件/万人", "件/人", "1E-4"), ("元/户", "元/户", "1"), ("万元/亩", "元/亩", "1E4"),
        ("元/人", "元/人", "1"), ("吨标准煤/万元", "吨标准煤/万元", "1"), ("", None, None),
        ("/", None, None), ("元/", None, None), ("元/人/天", None, None), ("亿圆", None, None),
    ],
)  # fmt: skip
def test_units(text, base, factor):
    found = find_unit(text)
    if base is None:
        assert found is None
    else:
        assert found is not None
        assert (found.base, found.factor) == (base, Decimal(factor))


def test_units_convert_exactly():
    assert convert(Decimal("173873"), "万元", "亿元") == Decimal("17.3873")
    assert convert(Decimal("14.64"), "亿元", "元") == Decimal(1464000000)
    assert unit_ratio("公顷", "平方公里") == Decimal("0.01")
    assert unit_ratio("公顷", "亩") == 15
    assert unit_ratio("公顷", "万平方米") == 1
    assert unit_ratio("吨", "千克") == unit_ratio("公里", "米") == 1000
    assert unit_ratio("‰", "%") == Decimal("0.1")


@pytest.mark.parametrize(
    ("given", "wanted", "message"),
    [
        ("亿元", "万人", "“亿元”不能换算成“万人”：不是同一种计量单位"),
        ("%", "百分点", "“%”不能换算成“百分点”：不是同一种计量单位"),
        ("亿圆", "亿元", "不认识的计量单位“亿圆”"),
        ("亩", "公顷", "“亩”不能换算成“公顷”：除不尽；请改用“亩”填报"),
        ("元/公顷", "元/亩", "“元/公顷”不能换算成“元/亩”：不是同一种计量单位"),
    ],
)
def test_units_that_do_not_convert(given, wanted, message):
    with pytest.raises(QuantityError) as caught:
        unit_ratio(given, wanted)
    assert str(caught.value) == message


@given(decimals, st.sampled_from(["元", "万元", "亿元"]), st.sampled_from(["元", "万元", "亿元"]))
def test_conversion_there_and_back(value, one, other):
    assert convert(convert(value, one, other), other, one) == value


def test_the_vocabularies_do_not_overlap():
    assert len(set(MEASURES)) == len(MEASURES)
    assert not set(MEASURES) & set(FACTS)
