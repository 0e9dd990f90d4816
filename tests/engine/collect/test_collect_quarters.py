"""A quarterly indicator's own figure beside a month's label is the quarter's, not the month's."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sheets_for_tests import book, rulebook, sheet

from diaodu.engine.collect import build_names, read_workbook

RULES = rulebook()
NAMES = build_names(RULES)


@pytest.mark.parametrize(
    ("head", "month", "period"),
    [
        ("GDP_当期", "2018-06", "2018-04/06"),
        ("GDP_当季值", "2018-12", "2018-10/12"),
        ("GDP_累计", "2018-06", "2018-01/06"),
        ("GDP", "2018-06", "2018-01/06"),
        ("社零_当期", "2018-06", "2018-06"),
    ],
)
def test_the_own_figure_of_a_period(head: str, month: str, period: str) -> None:
    rows = [["指标", head], ["地区", "示例县"], ["单位", "亿元"], [month, 5]]
    (one,) = read_workbook(book(sheet(rows)), NAMES, RULES).sheets
    assert [(o.period, o.value, o.held) for o in one.observations] == [(period, Decimal(5), False)]


def test_a_month_inside_a_quarter_is_asked_about() -> None:
    rows = [["指标", "GDP_当期"], ["地区", "示例县"], ["单位", "亿元"], ["2018-05", 5]]
    (one,) = read_workbook(book(sheet(rows)), NAMES, RULES).sheets
    assert [found.code for found in one.findings] == ["wrong_period"]
    assert one.counts["held"] == 1
