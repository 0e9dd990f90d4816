"""The same figure given twice."""

from __future__ import annotations

import pytest

from diaodu.engine.proofread import repeat
from diaodu.engine.proofread.claims import Claim
from diaodu.engine.proofread.reading.read import read


def found(text: str) -> list[Claim]:
    return list(repeat.checks(read(text)))


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("1-5月，全县工业投资增长6.2%。\n会议指出，1—5月全县工业投资增长6.2%。", "holds"),
        ("1-5月，全县工业投资增长6.2%。\n会议指出，1—5月全县工业投资增长6.3%。", "contradicts"),
        ("1-5月，全县工业投资增长6.2%。\n会议指出，1—5月全县工业投资下降6.2%。", "contradicts"),
        ("上半年，全市税收完成12.4亿元。\n1-6月全市税收完成12.40亿元。", "holds"),
        ("上半年，全市税收完成12.4亿元。\n1-6月全市税收完成1.24亿元。", "contradicts"),
        ("一季度，规模以上工业增加值增长7%。\n一季度，规上工业增加值增长7.0%。", "holds"),
    ],
)
def test_a_figure_told_twice_agrees_or_not(text: str, verdict: str):
    (claim,) = found(text)
    assert (claim.kind, claim.verdict) == ("repeat", verdict)
    ((start, end),) = claim.operands
    assert end <= claim.start and text[start:end]


@pytest.mark.parametrize(
    "text",
    [
        "1-5月，全县工业投资增长6.2%。\n1-6月，全县工业投资增长6.3%。",
        "1-5月，全县工业投资增长6.2%。\n1-5月，全市工业投资增长6.3%。",
        "1-5月，全县工业投资增长6.2%。\n今年，全县工业投资力争增长8.3%。",
        "1-5月，工业投资增长6.2%。\n1-5月，全市工业投资增长6.3%。",
        "1-5月，全县工业投资增长6.2%。\n全县工业投资增长6.3%。",
        "1-5月，全县工业投资增长6.2%，去年同期增长8.1%。\n去年1-5月，全县工业投资增长8.1%。",
        "上半年，全县工业投资增长6.2%。\n去年上半年，全县工业投资增长8.1%。",
        "2020年1-5月，全县工业投资增长6.2%。\n2021年1-5月，全县工业投资增长8.1%。",
        "1-5月，全县工业投资增长6.2%，其中技改投资增长5%。\n1-5月，全县技改投资当月增长9%。",
        "1-5月，全县工业投资增长6.2%。\n1-5月，全县工业投资完成12亿元。",
        "1-5月，全县工业投资增长6%左右。\n1-5月，全县工业投资增长6.9%。",
    ],
)
def test_what_may_be_another_figure_is_left_alone(text: str):
    assert [claim for claim in found(text) if claim.verdict != "holds"] == []


def test_what_is_said_of_two_figures():
    (claim,) = found("1-5月，全县工业投资增长6.2%。\n会议指出，1—5月全县工业投资增长6.3%。")
    assert claim.explanation == (
        "全县1-5月工业投资前文写的是6.2%，这里是6.3%，前后不一致；应核对并统一"
    )
    assert (claim.printed, claim.computed, claim.grade) == ("6.3%", "6.2%", "wrong")
