from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diaodu.adapters.sheets_in.number_format import (
    BUILT_IN,
    built_in,
    parse_format,
    show_number,
    show_text,
)
from diaodu.engine.collect.sheet import Mark
from diaodu.engine.ground.quantity import read_number, round_half_up

SEEN = [
    # code, stored number, text as seen
    ("General", 0.1 + 0.2, "0.3"),
    ("General", 8.0, "8"),
    ("General", -0.0, "0"),
    ("General", 1 / 3, "0.333333333"),
    ("General", 12345.678901234, "12345.6789"),
    ("General", 99999999999.0, "99999999999"),
    ("General", 123456789012.0, "1.23457E+11"),
    ("General", 0.00001, "0.00001"),
    ("General", 0.000012345678, "1.23457E-05"),
    ("General", 9.999999e20, "1E+21"),
    ("G/通用格式", 12.5, "12.5"),
    ('G/通用格式"万元"', 12.5, "12.5万元"),
    ("", 12.5, "12.5"),
    ("0", 0.5, "1"),
    ("0", 2.5, "3"),
    ("0.0", 0.25, "0.3"),
    ("0.00", 1.005, "1.01"),
    ("0.00", 2.345, "2.35"),
    ("0.00", 44.4, "44.40"),
    ("0.00", -0.001, "-0.00"),
    ("0.00", 1e15, "1000000000000000.00"),
    ("#,##0", 1234567.0, "1,234,567"),
    ("#,##0.00", -1234567.891, "-1,234,567.89"),
    ("#,##0.00", 999.999, "1,000.00"),
    ("0.00_ ", 44.4, "44.40"),
    ("0.00_);[Red]\\(0.00\\)", -1.5, "(1.50)"),
    ("0;[Red]0", -5.0, "5"),
    (BUILT_IN[43], -1234.5, "-1,234.50"),
    (BUILT_IN[43], 0.0, "-"),
    ("0.##", 5.0, "5."),
    ("#.0", 0.25, ".3"),
    ("0.0#", 1.25, "1.25"),
    ("000000", 42.0, "000042"),
    ("0000-00-00", 20230506.0, "2023-05-06"),
    ("[$¥-804]#,##0", 1200.0, "¥1,200"),
    ("[>=100]0;0.00", 100.0, "100"),
    ("[>=100]0;0.00", 99.5, "99.50"),
    ("[>100]0.0;0.00", -50.0, "-50.00"),
    ("[<0]\\(0\\);0", -7.0, "(7)"),
    ("0.00万元", 3.14159, "3.14万元"),
    ('0.0"%"', 8.3, "8.3%"),
    ("0.00E+00", 12345.0, "1.23E+04"),
    ("0.00E+00", 0.0, "0.00E+00"),
    ("# ?/?", 0.5, "0.5"),
    ("[DBNum1][$-804]General", 5.0, "5"),
    ("@", 0.5, "0.5"),
    ("0%%", 0.5, "0.5"),
    ("0.00x", 0.5, "0.5"),
    ("[>5]0", 1.5, "1.5"),
    ("0.00", 1e300, "1E+300"),
]


@pytest.mark.parametrize(("code", "number", "text"), SEEN)
def test_a_number_is_seen_as_in_the_office_program(code: str, number: float, text: str) -> None:
    value, shown, bits = show_number(parse_format(code), number)
    assert shown == text
    assert value == Decimal(format(number, ".15g"))
    assert bits == 0


@pytest.mark.parametrize(
    ("code", "number", "value", "text"),
    [
        ("0.0%", 0.083, "8.3", "8.3%"),
        ("0%", 0.5, "50", "50%"),
        ("0.00%", -0.0106, "-1.06", "-1.06%"),
        ("0.0%", 0.29, "29", "29.0%"),
        ("0.0%", 1e-9, "0.0000001", "0.0%"),
        ("#,##0.0%", 12.345, "1234.5", "1,234.5%"),
        ("0.0%;[Red]\\-0.0%", -0.083, "-8.3", "-8.3%"),
        ("0.00%_ ", 0.1234, "12.34", "12.34%"),
    ],
)
def test_percent_stands_as_it_is_read_aloud(
    code: str, number: float, value: str, text: str
) -> None:
    shown = show_number(parse_format(code), number)
    assert shown == (Decimal(value), text, int(Mark.PERCENT))
    assert format(shown[0], "f") == value


@pytest.mark.parametrize(
    ("code", "number", "value", "text"),
    [
        (BUILT_IN[14], 45047.0, date(2023, 5, 1), "2023/5/1"),
        (BUILT_IN[57], 45047.0, date(2023, 5, 1), "2023年5月"),
        (BUILT_IN[31], 45047.0, date(2023, 5, 1), "2023年5月1日"),
        ("yyyy-mm-dd", 45047.0, date(2023, 5, 1), "2023-05-01"),
        ("[$-804]yyyy\\-m\\-d;@", 45047.0, date(2023, 5, 1), "2023-5-1"),
        ("m/d/yy h:mm", 45047.5, date(2023, 5, 1), "5/1/23 12:00"),
        ("mmm-yy", 45047.0, date(2023, 5, 1), "May-23"),
        ("dddd", 45047.0, date(2023, 5, 1), "Monday"),
        ("aaaa", 45047.0, date(2023, 5, 1), "星期一"),
        ("m", 45047.0, date(2023, 5, 1), "5"),
        ("h:mm", 0.75, "18:00", "18:00"),
        ("mm:ss", 0.0020833333333, "03:00", "03:00"),
        ("[h]:mm", 1.75, "42:00", "42:00"),
        ("上午/下午h:mm", 0.75, "下午6:00", "下午6:00"),
        ("yyyy/m/d", 1.0, date(1900, 1, 1), "1900/1/1"),
        ("yyyy/m/d", 61.0, date(1900, 3, 1), "1900/3/1"),
        ("yyyy/m/d", -1.0, Decimal(-1), "-1"),
        ("yyyy/m/d", 1e9, Decimal(10**9), "1000000000"),
        ("h:mm", 2958465.9999999, Decimal("2958465.9999999"), "2958466"),
    ],
)
def test_days_and_times(code: str, number: float, value: object, text: str) -> None:
    assert show_number(parse_format(code), number) == (value, text, 0)


def test_days_counted_from_1904() -> None:
    shown = show_number(parse_format("yyyy/m/d"), 43585.0, from_1904=True)
    assert shown == (date(2023, 5, 1), "2023/5/1", 0)


@pytest.mark.parametrize(("code", "number"), [(";;;", 5.0), ("#,##0;-#,##0;", 0.0), ("#", 0.0)])
def test_a_number_that_its_format_hides_is_marked(code: str, number: float) -> None:
    value, text, bits = show_number(parse_format(code), number)
    assert (value, text, bits) == (Decimal(str(int(number))), str(int(number)), int(Mark.HIDDEN))


@pytest.mark.parametrize(
    ("code", "number", "text"),
    [
        ("0!.0,", 123456.0, "12.3"),
        ('0.00,,"百万"', 123456789.0, "123.46百万"),
        ("0.0,", 1500, "1.5"),
    ],
)
def test_a_number_shown_divided_keeps_its_value_and_is_marked(
    code: str, number: float, text: str
) -> None:
    shown = show_number(parse_format(code), number)
    assert shown == (Decimal(int(number)), text, int(Mark.SCALED))


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), float("nan")])
def test_what_is_no_number_has_no_value(number: float) -> None:
    assert show_number(parse_format("0.00"), number)[0] is None
    assert show_number(parse_format("0.00"), number)[2] == int(Mark.ERROR)


@pytest.mark.parametrize(
    ("code", "text", "seen"),
    [
        ("General", "甲", ("甲", 0)),
        ("@", "甲", ("甲", 0)),
        ('0;0;0;@"镇"', "城关", ("城关镇", 0)),
        (";;;", "甲", ("甲", int(Mark.HIDDEN))),
        ("0.00", "—", ("—", 0)),
    ],
)
def test_texts_pass_through_their_format(code: str, text: str, seen: tuple[str, int]) -> None:
    assert show_text(parse_format(code), text) == seen


@given(st.decimals(-(10**9), 10**9, places=4), st.integers(0, 4), st.booleans())
def test_a_shown_number_reads_back_as_the_rounded_one(
    value: Decimal, decimals: int, grouped: bool
) -> None:
    code = ("#,##0" if grouped else "0") + ("." + "0" * decimals if decimals else "")
    stored, text, _ = show_number(parse_format(code), float(value))
    printed = read_number(text)
    assert stored == value
    assert printed is not None
    assert printed.value == round_half_up(value, decimals)
    assert printed.decimals == decimals


@given(st.decimals(-(10**6), 10**6, places=3), st.integers(0, 3))
def test_the_quick_way_and_the_long_way_agree(value: Decimal, decimals: int) -> None:
    code = "#,##0" + ("." + "0" * decimals if decimals else "")
    quick = show_number(parse_format(code), float(value))
    long = show_number(parse_format(f"{code};-{code}"), float(value))
    assert quick == long


@given(st.text(alphabet="0#?.,%@_*\\!\"[]();yYmMdhHsEe+-/$<>=¥万G ", max_size=20),
       st.floats(allow_nan=True, allow_infinity=True))  # fmt: skip
def test_no_format_code_ever_breaks_a_number(code: str, number: float) -> None:
    form = parse_format(code)
    value, text, bits = show_number(form, number)
    assert isinstance(text, str)
    assert value is not None or bits == int(Mark.ERROR)
    show_text(form, "甲")


def test_every_built_in_code_is_understood() -> None:
    for number in BUILT_IN:
        assert show_number(built_in(number), 45047.0)[1]
    assert built_in(9999).code == "General"
