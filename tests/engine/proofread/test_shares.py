"""Shares in many shapes: each holds as it stands, and each of its breaks is told."""

from __future__ import annotations

import pytest

from diaodu.engine.proofread.check import proofread
from diaodu.engine.proofread.claims import Claim

Break = tuple[str, str, str]  # what is replaced, by what, the grade

SHAPES: list[tuple[str, list[Break]]] = [
    ("全区规上企业64家，仅占全市（1163家）的5.5%。",
     [("5.5%", "5.6%", "wrong"), ("5.5%", "5.4%", "wrong"), ("5.5%", "55%", "wrong"),
      ("5.5%", "5.5个百分点", "wording")]),
    ("新入库项目7个，占全市新入库项目（64个）的11%。", [("11%", "10%", "truncated"), ("11%", "12%", "wrong")]),
    ("经济总量126.0亿元，占全省3752.4亿元的3.4%。", [("3.4%", "3.3%", "truncated"), ("126.0亿", "126.0万", "wrong")]),
    ("全县215家规上企业中，产值下降的有72家，占33.5%。", [("33.5%", "33.4%", "truncated"), ("33.5%", "35.5%", "wrong")]),
    ("全年争取资金12.6亿元，其中专项债券5.4亿元，占42.9%。", [("42.9%", "44.9%", "wrong"), ("5.4亿", "5.4万", "wrong")]),
    ("全县共有贫困村86个，已退出57个，占比66.3%。", [("66.3%", "63.3%", "wrong")]),
    ("签约项目48个、总投资236亿元，其中工业项目29个、总投资154亿元，分别占60.4%、65.3%。",
     [("65.3%", "63.5%", "wrong"), ("60.4%", "64.0%", "wrong")]),
    ("在册企业2318户，其中正常经营1907户，占总数的82.3%。", [("82.3%", "28.3%", "wrong")]),
    ("全市申报企业152家，获得授信21家，授信率为13.8%。", [("13.8%", "18.3%", "wrong")]),
    ("在165个单位中，只有63个单位上报了材料，上报率仅为38.2%。", [("38.2%", "37.2%", "wrong"), ("38.2%", "38.1%", "truncated")]),
    ("三次产业结构为12.4∶41.3∶46.3。", [("46.3", "47.3", "wrong"), ("12.4", "21.4", "wrong")]),
    ("全年实现税收8.42亿元，占一般公共预算收入12.63亿元的比重为66.7%。", [("66.7%", "67.7%", "wrong")]),
    ("全县农机总数 4 126 台，其中大型 918 台，占 22. 2%。", [("22. 2%", "25. 2%", "wrong")]),
    ("问题线索共317件。已办结286件，占90.2%。", [("90.2%", "92.2%", "wrong")]),
    ("已整改问题216个，还剩52个未整改，占19.4%。", [("19.4%", "24.1%", "wrong")]),
    ("全县贷款余额86.4亿元，涉农贷款余额31.2亿元，占贷款余额的36.1%。", [("36.1%", "38.1%", "wrong")]),
    ("民间投资完成42.3亿元，占全部投资97.6亿元的４３．３％。", [("４３．３％", "４５．３％", "wrong")]),
]  # fmt: skip


def of_kind(text: str, kind: str) -> list[Claim]:
    return [claim for claim in proofread(text) if claim.kind == kind]


@pytest.mark.parametrize("text", [text for text, _ in SHAPES])
def test_a_true_share_holds(text: str) -> None:
    assert "holds" in [claim.verdict for claim in of_kind(text, "share")]
    assert not [claim for claim in proofread(text) if claim.verdict == "contradicts"]


@pytest.mark.parametrize(
    ("text", "old", "new", "grade"),
    [(text, *broken) for text, breaks in SHAPES for broken in breaks],
)
def test_a_broken_share_is_told(text: str, old: str, new: str, grade: str) -> None:
    assert text.count(old) == 1
    told = [c for c in of_kind(text.replace(old, new), "share") if c.verdict == "contradicts"]
    assert [claim.grade for claim in told] == [grade]
