"""A printed number against an interval: holds, cut off instead of rounded, wrong."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diaodu.engine.compute.calculator import calculate
from diaodu.engine.compute.grading import grade
from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.quantity import Printed, read_number, round_half_up

exact = st.decimals("-1000", "1000", places=5)
decimals = st.integers(0, 3)
GRADES = ("wrong", "truncated", "holds")  # from worst to best


def printed(text: str) -> Printed:
    number = read_number(text)
    assert number is not None
    return number


def between(lo: str, hi: str) -> Interval:
    ends = Fraction(lo), Fraction(hi)
    return Interval(sum(ends) / 2, *ends)


@pytest.mark.parametrize(
    ("text", "lo", "hi", "expected"),
    [
        ("8.5", "8.45", "8.45", "holds"),
        ("8.5", "8.55", "8.55", "truncated"),
        ("8.5", "8.6", "8.6", "wrong"),
        ("8.5", "8.44", "8.44", "wrong"),
        ("-8.5", "-8.45", "-8.45", "holds"),
        ("-8.5", "-8.55", "-8.55", "truncated"),
        ("-8.5", "-8.44", "-8.44", "wrong"),
        ("0", "0.5", "0.5", "truncated"),
        ("0", "-0.4", "-0.4", "holds"),
        ("0.0", "-0.09", "-0.09", "truncated"),
        ("0", "1", "1", "wrong"),
        ("8.5", "8.55", "8.65", "truncated"),
        ("8.5", "8.6", "8.7", "wrong"),
        ("8.5", "8.35", "8.45", "wrong"),
        ("8.5", "8.35", "8.46", "holds"),
        ("29家", "29", "29", "holds"),
        ("29家", "28", "28", "wrong"),
        ("5家", "4.7", "4.7", "holds"),
        ("4家", "4.7", "4.7", "truncated"),
        ("8.50%", "8.5", "8.5", "holds"),
        ("8.50%", "8.506", "8.506", "truncated"),
    ],
)
def test_grades(text: str, lo: str, hi: str, expected: str) -> None:
    assert grade(printed(text), between(lo, hi)) == expected


@pytest.mark.parametrize(
    ("text", "part", "whole", "expected"),
    [
        ("10%", "6个", "56个", "truncated"),
        ("11%", "6个", "56个", "holds"),
        ("12%", "6个", "56个", "wrong"),
        ("29.6%", "27个", "91个", "truncated"),
        ("29.7%", "27个", "91个", "holds"),
        ("188%", "35个", "17个", "wrong"),
    ],
)
def test_shares_met_in_the_field(text: str, part: str, whole: str, expected: str) -> None:
    found = calculate("share", {"part": part, "whole": whole})
    assert found.value is not None and found.lo is not None and found.hi is not None
    assert grade(printed(text), Interval(found.value, found.lo, found.hi)) == expected


@given(exact, decimals)
def test_a_rounded_number_holds(number: Decimal, places: int) -> None:
    shown = Printed(round_half_up(number, places), places, "")
    assert grade(shown, Interval.exact(number)) == "holds"


@given(exact, decimals)
def test_a_number_cut_off_is_never_wrong(number: Decimal, places: int) -> None:
    cut = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_DOWN)
    expected = "holds" if cut == round_half_up(number, places) else "truncated"
    assert grade(Printed(cut, places, ""), Interval.exact(number)) == expected


@given(exact, decimals, st.integers(-30, 30))
def test_only_rounding_and_cutting_are_let_pass(number: Decimal, places: int, steps: int) -> None:
    unit = Decimal(1).scaleb(-places)
    shown = round_half_up(number, places) + steps * unit
    cut = number.quantize(unit, rounding=ROUND_DOWN)
    expected = "holds" if steps == 0 else "truncated" if shown == cut else "wrong"
    assert grade(Printed(shown, places, ""), Interval.exact(number)) == expected


@given(
    exact, decimals, exact,
    st.decimals("0", "5", places=3), st.decimals("0", "5", places=3),
)  # fmt: skip
def test_knowing_less_never_lowers_a_grade(
    shown: Decimal, places: int, number: Decimal, below: Decimal, above: Decimal
) -> None:
    text = Printed(round_half_up(shown, places), places, "")
    at = Fraction(number)
    wide = Interval(at, at - Fraction(below) - Fraction(1, 10**9), at + Fraction(above))
    if wide.hi == at:
        wide = Interval(at, wide.lo, at + Fraction(1, 10**9))
    narrow = grade(text, Interval.exact(number))
    assert GRADES.index(grade(text, wide)) >= GRADES.index(narrow)


@given(exact, decimals, exact)
def test_the_sign_changes_nothing(shown: Decimal, places: int, number: Decimal) -> None:
    value = round_half_up(shown, places)
    mirrored = grade(Printed(value.copy_negate(), places, ""), Interval.exact(-number))
    assert grade(Printed(value, places, ""), Interval.exact(number)) == mirrored
