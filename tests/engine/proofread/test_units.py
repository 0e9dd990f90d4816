"""Units that do not fit the words around them, or the same figure elsewhere."""

from __future__ import annotations

import pytest

from diaodu.engine.proofread import units
from diaodu.engine.proofread.claims import Claim
from diaodu.engine.proofread.reading.read import read


def found(text: str) -> list[Claim]:
    claims = list(units.checks(read(text)))
    assert all(text[one.start : one.end] == one.quote for one in claims)
    return claims


@pytest.mark.parametrize(
    ("text", "grade", "computed"),
    [
        ("工业投资增速比上月回落3.1%。", "wording", "3.1个百分点"),
        ("税收占比较上年同期提高1.2%。", "wording", "1.2个百分点"),
        ("城镇化率较上年提高 1.2％。", "wording", "1.2个百分点"),
        ("固定资产投资完成14.6亿元，同比增长18.3个百分点。", "wording", "18.3%"),
        ("规上企业61家，仅占全市的5.5个百分点。", "wording", "5.5%"),
        ("完成全年任务的41.7个百分点。", "wording", "41.7%"),
        ("贡献率为37.6个百分点。", "wording", "37.6%"),
        ("甲市2051.1亿元，乙市525.8元，丙市465.7亿元，丁市156.9亿元。", "wrong", "525.8亿元"),
        ("产量分别为1.2万吨、35.6亿吨和4.8万吨。", "wrong", "35.6万吨"),
        ("完成投资14.64亿元。会上通报，投资14.64万元。", "wrong", "14.64亿元"),
    ],
)
def test_a_unit_that_does_not_fit_contradicts(text: str, grade: str, computed: str):
    (claim,) = found(text)
    assert (claim.kind, claim.verdict) == ("unit", "contradicts")
    assert (claim.grade, claim.computed) == (grade, computed)


@pytest.mark.parametrize(
    "text",
    [
        "工业投资增速比上月回落3.1个百分点。",
        "工业增速回落到3.1%。",
        "占比较大的零售业销售额下降8%。",
        "税收占比达到65.2%，税收比上年增长1.2%。",
        "全员劳动生产率比上年提高5.1%。",
        "发案率比上年下降12%。",
        "完成14.6亿元，占比提高2个百分点。",
        "税收占全市的比重提高2.1个百分点。",
        "完成投资14.6亿元，增速高于全市2.1个百分点。",
        "甲镇1.2亿元，乙镇8500万元，丙镇9000万元，丁镇1.5亿元。",
        "完成投资14.64亿元，本级完成146400万元。",
        "收入1200万元，人均1200元。",
        "产量分别为1.2亿吨、3500万吨和480万吨。",
    ],
)
def test_units_that_fit_are_left_alone(text: str):
    assert found(text) == []


def test_what_is_said_of_a_unit():
    (rate,) = found("工业投资增速比上月回落3.1%。")
    assert rate.explanation == "“增速”的增减用“个百分点”，不用“%”；应写3.1个百分点"
    (share,) = found("规上企业61家，仅占全市的5.5个百分点。")
    assert share.explanation == "“占”后面应用“%”，不用“个百分点”；应写5.5%"
