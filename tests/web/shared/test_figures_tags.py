"""How figures are dressed and drawn on pages."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.template import Context, Template

from diaodu.web.shared.templatetags import figures


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ("1234567.50", "1,234,567.50"),
        ("-11.3", "−11.3"),
        (Decimal("1E+3"), "1,000"),
        ("999", "999"),
        ("未发布", "未发布"),
        ("", "无数据"),
        (None, "无数据"),
        (0, "0"),
    ],
)
def test_figures_have_commas_and_a_real_minus_and_are_never_blank(
    given: object, printed: str
) -> None:
    assert figures.figure(given) == printed


@pytest.mark.parametrize(
    ("given", "printed"),
    [("0.3", "+0.3"), ("-5.9", "−5.9"), ("0.0", "持平"), ("-0.0", "持平"), ("无法比较", "无法比较"),
     ("1234.5", "+1,234.5")],
)  # fmt: skip
def test_differences_bear_a_sign(given: str, printed: str) -> None:
    assert figures.signed(given) == printed


@pytest.mark.parametrize(
    ("given", "printed"),
    [("5.9", "欠5.9"), ("-0.2", "超0.2"), ("0.00", "持平"), ("-1234", "超1,234"), (None, "无数据")],
)
def test_an_arrears_leaves_no_sign_to_guess(given: str | None, printed: str) -> None:
    assert figures.owed(given) == printed


def test_points_and_periods() -> None:
    assert figures.points("-5.9") == "−5.9个百分点"
    assert figures.period("2023-01/05") == "1—5月"
    assert figures.year_period("2023-01/02") == "2023年1—2月"


def test_a_light_is_a_word_and_a_look() -> None:
    assert figures.light("behind") == '<span class="lt behind">落后</span>'
    assert figures.light("late", "逾期<1>") == '<span class="lt behind">逾期&lt;1&gt;</span>'
    assert 'class="lt none"' in figures.light("not_due")


def _paths(svg: str) -> list[int]:
    return [path.count("L") + 1 for path in re.findall(r'd="([^"]+)"', svg)]


def test_the_line_is_cut_where_a_month_is_missing() -> None:
    months = [("2023-01/02", "5.0"), ("2023-01/03", "5.5"), ("2023-01/05", "6.0"),
              ("2023-01/06", "7.0")]  # fmt: skip
    svg = figures.sparkline(months, "增速")
    assert _paths(svg) == [2, 2]
    assert svg.count("<circle") == 1


def test_january_may_be_part_of_the_first_two_months() -> None:
    months = [("2022-01/12", "5.0"), ("2023-01/02", "5.5"), ("2023-01/03", "6.0")]
    assert _paths(figures.sparkline(months, "增速")) == [3]


def test_a_word_in_a_series_is_a_gap() -> None:
    months = [("2023-01/03", "5.0"), ("2023-01/04", None), ("2023-01/05", "6.0")]
    svg = figures.sparkline(months, "增速")
    assert _paths(svg) == []
    assert svg.count("<circle") == 2
    assert figures.sparkline([("2023-01/05", None)], "增速").endswith("近12个月无数据</span>")


def test_quarters_are_dots_and_zero_is_drawn_only_when_crossed() -> None:
    quarters = [("2022-01/06", "-1.0"), ("2022-01/09", "1.0"), ("2022-01/12", "2.0")]
    svg = figures.sparkline(quarters, "增速")
    assert svg.count("<circle") == 3
    assert "<line" in svg
    assert "<line" not in figures.sparkline(quarters[1:], "增速")


def test_only_the_last_twelve_months_are_drawn() -> None:
    years = [(f"{year}-01/12", "5.0") for year in range(2019, 2023)]
    assert figures.sparkline(years, "增速").count("<circle") == 1


def test_drawings_hold_no_inline_style() -> None:
    svg = figures.sparkline([("2023-01/04", "1"), ("2023-01/05", "-2")], '"><b>')
    assert "style=" not in svg
    assert "<b>" not in svg
    assert "style=" not in figures.gap_bar("-6.6", Decimal("15"), "behind")


def test_the_bar_takes_colour_only_for_a_shortfall() -> None:
    assert 'class="behind"' in figures.gap_bar("-6.6", "15", "behind")
    assert 'class="behind"' not in figures.gap_bar("6.6", "15", "behind")
    assert figures.gap_bar("不比序时", "15", "behind") == ""


def test_the_parts_render() -> None:
    told = Template(
        '{% include "shared/parts/empty.html" with what="没有待办" next="来了会显示。" %}'
        '{% include "shared/parts/notice.html" with text="过期" kind="bad" %}'
    ).render(Context())
    assert "<b>没有待办</b>来了会显示。" in told
    assert 'role="alert"' in told


def test_a_period_in_a_heading_stays_on_one_line() -> None:
    said = figures.unbroken("补上2023年1—4月<b>欠账")
    assert said == '补上<span class="nw">2023年1—4月</span>&lt;b&gt;欠账'
    assert figures.unbroken("十一—十二条") == "十一—十二条"
