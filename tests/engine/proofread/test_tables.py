"""Tables in a text."""

from __future__ import annotations

import pytest

from diaodu.engine.proofread import tables
from diaodu.engine.proofread.claims import Claim
from diaodu.engine.proofread.reading.read import read


def found(*rows: str) -> list[Claim]:
    text = "前三季度主要指标如下。\n" + "\n".join(row.replace(" ", "\t") for row in rows) + "\n"
    claims = list(tables.checks(read(text)))
    assert all(text[one.start : one.end] == one.quote for one in claims)
    return claims


def wrong(*rows: str) -> list[tuple[str, str | None]]:
    return [(one.quote, one.computed) for one in found(*rows) if one.verdict == "contradicts"]


SUM = ("乡镇 投资（亿元） 项目（个）", "甲镇 2.31 5", "乙镇 1.42 3", "丙镇 0.88 4")


def test_rows_add_up_to_their_total_within_rounding():
    assert [one.verdict for one in found(*SUM, "合计 4.61 12")] == ["holds", "holds"]
    assert wrong(*SUM, "合计 4.62 12") == []
    assert wrong(*SUM, "合计 4.71 12") == [("4.71", "4.61")]
    assert wrong(*SUM, "合计 4.61 13") == [("13", "12")]


@pytest.mark.parametrize(
    "rows",
    [
        (*SUM, "全县 9.61 32"),
        ("乡镇 增速（%）", "甲镇 2.31", "乙镇 1.42", "合计 9.9"),
        ("乡镇 投资", "甲镇 2.31", "其中技改 1.42", "合计 2.3"),
        ("乡镇 投资", "甲镇 2.31", "小计 2.31", "乙镇 1", "合计 3.3"),
    ],
)
def test_what_need_not_add_up_is_left_alone(rows: tuple[str, ...]):
    assert wrong(*rows) == []


GROWTH = ("指标 本期 上年同期 增速（%）", "税收 12.40 11.20 10.7", "收入 8.11 7.90 2.7")


def test_growth_is_computed_where_most_rows_bear_it_out():
    assert wrong(*GROWTH, "支出 6.00 5.00 20.0") == []
    assert wrong(*GROWTH, "支出 6.00 5.00 25.0") == [("25.0", "20.0")]
    other = ("指标 本期 上年同期 增速（%）", "税收 12.40 11.20 5.7", "收入 8.11 7.90 1.7")
    assert found(*other, "支出 6.00 5.00 20.0") == []


def test_completion_is_computed_where_most_rows_bear_it_out():
    rows = ("单位 年度任务 累计完成 完成率", "甲镇 50 20 40%", "乙镇 80 60 75%", "丙镇 40 30 70%")
    assert wrong(*rows) == [("70%", "75%")]


PLACES = ("乡镇 增速 位次", "甲镇 12.5 1", "乙镇 9.8 3", "丙镇 11.0 2", "丁镇 5.1 4")


def test_places_follow_the_numbers_before_them():
    assert [one.verdict for one in found(*PLACES)] == ["holds"] * 4
    low = ("乡镇 能耗 位次", "甲镇 12.5 3", "乙镇 9.8 1", "丙镇 11.0 2")
    assert wrong(*low) == []
    tied = ("乡镇 增速 位次", "甲镇 12.5 1", "乙镇 9.8 2", "丙镇 9.8 3", "丁镇 5.1 4")
    assert wrong(*tied) == []
    assert wrong(*PLACES[:4], "丁镇 5.1 5", "戊镇 3.0 5") == [("5", "4")]


def test_what_is_said_of_a_total():
    (claim, _) = found(*SUM, "合计 4.71 12")
    assert claim.explanation == "3行相加得4.61，与印的4.71不符；应写4.61"
    assert (claim.kind, len(claim.operands)) == ("sum", 3)
