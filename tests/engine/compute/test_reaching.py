"""Two targets held together, the next place, what a ceiling leaves, support lists."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from diaodu.engine.compute import support
from diaodu.engine.compute.reaching import (
    enough,
    implied_bases,
    mean_left,
    overtaking,
    said,
    shown,
)
from diaodu.engine.compute.support import Line, as_measure, coverage
from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import read_number
from diaodu.engine.ground.records import Measure

D = Decimal


def printed(text: str) -> Interval:
    number = read_number(text)
    assert number is not None
    return Interval.printed(number)


def test_a_level_and_a_growth_that_do_not_fit():
    found = implied_bases(D(50), D(24), printed("39.22"))
    assert found is not None and not found.agree
    assert said(found, "50", "24", "亿元") == (
        "总量目标50亿元与增速目标24%对不上：两者合起来要求同期数是40.32亿元，而同期数是39.22亿元；"
        "按总量需增长27.5%，按增速需达到48.63亿元"
    )


def test_two_that_fit_within_the_rounding_of_the_base():
    found = implied_bases(D(50), D(25), printed("40.00"))
    assert found is not None and found.agree
    assert said(found, "50", "25", "亿元") == ("总量目标50亿元与增速目标25%对得上，同期数40.00亿元")
    assert implied_bases(D(50), D(-100), printed("40")) is None
    assert implied_bases(D(50), D(5), printed("0.0")) is None


def test_what_the_next_place_takes():
    """8.5 to 8.8: from 8.75 on it prints 8.8; 108.5 of 100 must become 108.75."""
    found = overtaking(D("8.5"), D("8.8"), 1, D("108.5"), D(100))
    assert (found.points, found.to_tie, found.to_pass) == (
        D("0.3"), Fraction(1, 4), Fraction(35, 100),
    )  # fmt: skip
    assert overtaking(D("8.5"), D("8.8"), 1, None, D(100)).to_tie is None
    assert overtaking(D("8.5"), D("8.8"), 1, D(1), D(-3)).to_tie is None


def test_what_is_printed_does():
    assert [enough(Fraction(one), 2) for one in ("1/3", "1/4", "0")] == ["0.34", "0.25", "0.00"]


def test_what_a_ceiling_on_the_years_mean_leaves():
    left = mean_left(D(35), printed("38.0"), 181, 365)
    assert left is not None and shown(left.value, 1) == "32.0"
    assert left.lo < left.value < left.hi
    assert mean_left(D(35), printed("38.0"), 365, 365) is None


@settings(max_examples=60)
@given(st.integers(1, 500), st.integers(1, 500), st.integers(1, 364))
def test_reaching_exactly_what_is_left_reaches_exactly_the_ceiling(ceiling, mean, gone):
    left = mean_left(D(ceiling), Interval.exact(mean), gone, 365)
    assert left is not None
    assert (mean * gone + left.value * (365 - gone)) / 365 == ceiling


# -- support lists -----------------------------------------------------------------------------


def line(amount: str, month: int, certainty: support.Certainty = "registered") -> Line:
    return Line("project", "甲项目", D(amount), month, "发改局", certainty)


LINES = [line("3", 8), line("2.5", 11, "signed"), line("1", 12, "planned"), line("9", 4)]


def test_coverage_counts_what_is_still_to_come():
    found = coverage(D(10), LINES, 5)
    assert (found.total, found.gap, found.ratio) == (D("6.5"), D("3.5"), Fraction(65, 100))
    assert found.sure == Fraction(3, 10) and found.late == (LINES[3],)
    assert coverage(D(-1), LINES, 5).ratio is None
    assert coverage(D(-1), LINES, 5).gap == 0


def test_coverage_as_a_measure_names_its_shortfall():
    key = Measure.make_key("tax", "county", "2023-01/05", "shortfall_year", "t")
    shortfall = Measure(
        key, "tax", "county", "2023-01/05", "shortfall_year", "t", "", "", D(10), "10.0", 1, None,
        "亿元", None, None, "", (),
    )  # fmt: skip
    found = as_measure(shortfall, LINES, Period.of_months(2023, 1, 5))
    assert found is not None
    assert (found.measure, found.value, found.shown) == ("support_coverage", D("0.65"), "0.65")
    assert found.formula == ("支撑合计（在库3、已签2.5、拟报1）÷ 全年缺口；1项的月份已过，不再计入")
    assert found.inputs == (key,)
    assert as_measure(shortfall, [], Period.of_months(2023, 1, 5)) is None
    met = shortfall._replace(value=D(0))
    assert as_measure(met, LINES, Period.of_months(2023, 1, 5)) is None
