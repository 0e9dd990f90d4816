"""How much of a task is done, and how it stands to the time gone by, in many shapes."""

from __future__ import annotations

import pytest

from diaodu.engine.proofread.check import proofread
from diaodu.engine.proofread.claims import Claim

Break = tuple[str, str, str]

PROGRESS: list[tuple[str, list[Break]]] = [
    ("固定资产投资完成14.27亿元，同比增长8.3%，完成全年任务（16.95亿元）的84.2%。",
     [("84.2%", "82.4%", "wrong"), ("14.27亿", "14.27万", "wrong"), ("84.2%", "84.2个百分点", "wording")]),
    ("财政总收入完成18,342万元，完成本级任务43,210万元的42.45%，完成市级任务41,500万元的44.20%。",
     [("42.45%", "42.54%", "wrong"), ("44.20%", "44.19%", "truncated"), ("44.20%", "42.20%", "wrong")]),
    ("到位资金11.46亿元，占年度目标任务15.2亿元的75.4%。", [("75.4%", "74.5%", "wrong")]),
    ("新入库项目9个，完成年度目标12个的75%。", [("75%", "57%", "wrong"), ("9个", "8个", "wrong")]),
    ("今年上级下达造林任务2.8万亩，目前已完成1.96万亩，完成率70%。", [("70%", "78%", "wrong"), ("1.96万", "1.96亿", "wrong")]),
    ("全县改造任务数458户，已完工317户，完成比例69.2%。", [("69.2%", "69.7%", "wrong")]),
    ("今年市里下达我县培训任务3600人，目前已培训2915人，占任务的81.0%。", [("81.0%", "80.9%", "truncated"), ("81.0%", "83.0%", "wrong")]),
    ("计划新建圈舍1260座，已建成874座，完成计划的69.4%。", [("69.4%", "64.9%", "wrong")]),
    ("争取到位资金8.4亿元，为年度目标12亿元的70%。", [("70%", "77%", "wrong")]),
    ("一般公共预算收入完成3.27亿元，占年初预算5.16亿元的63.4%。", [("63.4%", "64.3%", "wrong")]),
    ("全社会用电量目标任务6.5亿千瓦时，实际完成4.16亿千瓦时，完成率为64.0%。", [("64.0%", "46.0%", "wrong")]),
    ("全年计划开工86个项目，目前完成开工59个，完成率68.6%。", [("68.6%", "66.8%", "wrong")]),
    ("招商引资到位资金完成 26 480 万元，完成目标任务 40 000 万元的 66.2%。", [("66.2%", "62.6%", "wrong")]),
    ("规上工业总产值完成74.6亿元，达到年度目标的120亿元的62.2%。", [("62.2%", "66.2%", "wrong")]),
    ("完成投资21.6亿元，占年度计划的54%，年度计划为40亿元。", []),
]  # fmt: skip

PACE: list[tuple[str, list[Break]]] = [
    ("1—4月，项目完成投资占年度计划的38.6%，超序时进度5.3个百分点。",
     [("5.3", "5.5", "wrong"), ("超序时", "差序时", "wording"), ("5.3个百分点", "5.3%", "wording")]),
    ("一季度，完成年度任务的20.8%，差序时进度4.2个百分点。", [("4.2", "4.8", "wrong"), ("差序时", "超序时", "wording")]),
    ("上半年，项目投资完成率为46.3%，低于序时进度3.7个百分点。", [("3.7", "3.4", "wrong"), ("低于", "高于", "wording")]),
    ("前三季度，累计完成年度目标的81.2%，快于序时进度6.2个百分点。", [("6.2", "2.6", "wrong"), ("快于", "慢于", "wording")]),
    ("截至8月底，全年任务完成61.5%，落后序时进度5.2个百分点。", [("5.2", "5.5", "wrong")]),
    ("1-10月，任务完成率78.9%，比序时进度慢4.4个百分点。", [("4.4", "4.9", "wrong"), ("进度慢", "进度快", "wording")]),
    ("1至5月，全口径税收完成年初预算的44.2%，超时间进度2.5个百分点。", [("2.5", "2.9", "wrong")]),
    ("2023年1—11月，完成计划的93.1%，超前序时进度1.4个百分点。", [("1.4", "4.1", "wrong")]),
    ("上半年完成全年计划的57.2%，高出序时进度7.2个百分点。", [("度7.2", "度2.7", "wrong")]),
    ("截止6月末，累计完成投资占全年的41.6%，滞后序时进度8.4个百分点。", [("8.4", "8.0", "wrong")]),
]  # fmt: skip

TABLE = [
    (kind, *row) for kind, rows in (("progress", PROGRESS), ("pace_gap", PACE)) for row in rows
]


def of_kind(text: str, kind: str) -> list[Claim]:
    return [claim for claim in proofread(text) if claim.kind == kind]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, text, _ in TABLE])
def test_a_true_one_holds(kind: str, text: str) -> None:
    assert "holds" in [claim.verdict for claim in of_kind(text, kind)]
    assert not [claim for claim in proofread(text) if claim.verdict == "contradicts"]


@pytest.mark.parametrize(
    ("kind", "text", "old", "new", "grade"),
    [(kind, text, *broken) for kind, text, breaks in TABLE for broken in breaks],
)
def test_a_broken_one_is_told(kind: str, text: str, old: str, new: str, grade: str) -> None:
    assert text.count(old) == 1
    told = [c for c in of_kind(text.replace(old, new), kind) if c.verdict == "contradicts"]
    assert grade in [claim.grade for claim in told]
