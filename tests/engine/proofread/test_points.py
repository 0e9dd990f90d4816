"""Differences of percentages in many shapes, their directions, and % printed for 百分点."""

from __future__ import annotations

import pytest

from diaodu.engine.proofread.check import proofread
from diaodu.engine.proofread.claims import Claim

Break = tuple[str, str, str]

SHAPES: list[tuple[str, list[Break]]] = [
    ("全区生产总值增长7.9%，分别高于全国（6.4%）、全省（7.5%）、全市（7.8%）1.5、0.4、0.1个百分点。",
     [("1.5、", "1.9、", "wrong"), ("高于", "低于", "wording"), ("0.4、", "", "wrong"), ("、0.1个", "、0.6个", "wrong")]),
    ("规上工业增加值增长4.2%，低于全省（6.1%）1.9个百分点。",
     [("1.9", "1.6", "wrong"), ("低于", "高于", "wording"), ("1.9个百分点", "1.9%", "wording")]),
    ("贷款余额增长5.6%，增速比上年同期（-3.4%）回升9.0个百分点。", [("9.0", "9.5", "wrong"), ("回升", "回落", "wording")]),
    ("社会消费品零售总额增长3.1%，较上月（4.6%）回落1.5个百分点。", [("1.5", "1.1", "wrong"), ("回落", "提高", "wording")]),
    ("工业投资占比由去年的21.3%提高到24.8%，提高3.5个百分点。", [("3.5个", "3.2个", "wrong"), ("3.5个百分点", "3.5%", "wording")]),
    ("今年城镇化率为52.4%，去年为51.1%，提高1.3个百分点。", [("1.3", "1.8", "wrong"), ("，提高", "，下降", "wording")]),
    ("财政收入增长-12.4%，比目标（5.0%）低17.4个百分点。", [("17.4", "7.4", "wrong"), ("）低", "）高", "wording")]),
    ("全省增长6.3%，我市增长5.8%，低于全省0.5个百分点。", [("0.5", "1.5", "wrong"), ("低于", "高于", "wording")]),
    ("固定资产投资增长10.6%，比全市平均水平（8.2%）高2.4个百分点。", [("2.4", "2.9", "wrong"), ("）高", "）低", "wording")]),
    ("居民收入增长8.7%，快于经济增速（7.4%）1.3个百分点。", [("1.3", "3.1", "wrong"), ("快于", "慢于", "wording")]),
    ("用电量下降2.6%，比一季度（-6.1%）回升3.5个百分点。", [("3.5", "8.7", "wrong"), ("回升", "回落", "wording")]),
    ("进出口下降7.3%，降幅比上月（-20.4%）收窄13.1个百分点。", [("13.1", "11.3", "wrong"), ("收窄", "扩大", "wording")]),
    ("不良贷款率为2.86%，比年初（3.25%）下降0.39个百分点。", [("0.39", "0.93", "wrong"), ("年初（3.25%）下降", "年初（3.25%）上升", "wording")]),
    ("一产、二产增加值分别增长4.1%、9.3%，分别比上年（3.6%、7.2%）提高0.5、2.1个百分点。", []),
    ("三次产业结构由上年的16.6∶43.2∶40.2调整为15.4∶43.8∶40.8，二产比重提高0.6个百分点。", [("0.6", "0.9", "wrong")]),
    ("服务业增长9.2%，高于全国（7.1%）和全省（8.8%）2.1和0.4个百分点。", [("2.1和", "2.6和", "wrong")]),
    ("税收占比71.5%，同比（68.2%）提高3.3个百分点。", []),
    ("工业用电量增长6.9%，分别比全市（5.2%）、全省（6.0%）高1.7个、0.9个百分点。", [("0.9个", "0.4个", "wrong")]),
]  # fmt: skip


def of_kind(text: str, kind: str = "pp_diff") -> list[Claim]:
    return [claim for claim in proofread(text) if claim.kind == kind]


@pytest.mark.parametrize("text", [text for text, _ in SHAPES])
def test_a_true_difference_holds(text: str) -> None:
    assert "holds" in [claim.verdict for claim in of_kind(text)]
    assert not [claim for claim in proofread(text) if claim.verdict == "contradicts"]


@pytest.mark.parametrize(
    ("text", "old", "new", "grade"),
    [(text, *broken) for text, breaks in SHAPES for broken in breaks],
)
def test_a_broken_difference_is_told(text: str, old: str, new: str, grade: str) -> None:
    assert text.count(old) == 1
    told = [c for c in of_kind(text.replace(old, new)) if c.verdict == "contradicts"]
    assert grade in [claim.grade for claim in told]
