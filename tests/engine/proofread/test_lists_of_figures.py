"""分别 lists, tallies, and lists behind a colon."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from diaodu.engine.proofread import announced, enumerated, partitions, respectively, tallies
from diaodu.engine.proofread.claims import Claim
from diaodu.engine.proofread.reading.model import Reading
from diaodu.engine.proofread.reading.read import read

Check = Callable[[Reading], Iterator[Claim]]
HOLDS, FAILS = "holds", "contradicts"
TEN = "".join(
    f"{label}是{one}结合。要抓紧。" for label, one in zip("一二三", "点上下", strict=True)
)

CASES = [
    (respectively.checks, "甲镇、乙镇、丙镇分别增长5.1%、6.2%、7.3%。", HOLDS),
    (respectively.checks, "甲镇、乙镇、丙镇分别增长5.1%、6.2%。", FAILS),
    (respectively.checks, "甲镇、乙镇分别增长5.1%、6.2%、7.3%。", FAILS),
    (respectively.checks, "甲镇、乙镇分别增长5.1%。", FAILS),
    (respectively.checks, "投资、装备和工业增加值分别完成12亿元、8亿元、5亿元。", HOLDS),
    (respectively.checks, "甲镇、乙镇和丙镇分别列第1、第2、第3位。", HOLDS),
    (tallies.checks, "12个县区呈现“9增3降”。", HOLDS),
    (tallies.checks, "12个县区呈现“9增2降”。", FAILS),
    (tallies.checks, "15项指标位次5升（甲、乙）4平6降（丙）。", HOLDS),
    (tallies.checks, "15项指标位次5升4平7降。", FAILS),
    (tallies.checks, "八项指标取得“两个第一、六个第三”。", HOLDS),
    (tallies.checks, "八项指标取得“两个第一、五个第三”。", FAILS),
    (tallies.checks, "与目标比“3高1低”。“1低”为：进出口。“3高”为：其余。", HOLDS),
    (tallies.checks, "与目标比“3高1低”。“2低”为：进出口、用电。", FAILS),
    (partitions.checks, "12项指标中，甲、乙等8项增长；其余的丙、丁等4项下降。", HOLDS),
    (partitions.checks, "12项指标中，甲、乙等8项增长；其余的丙、丁等5项下降。", FAILS),
    (partitions.checks, "12项任务，除甲、乙达到进度外，其余10项滞后。", HOLDS),
    (partitions.checks, "12项任务，除甲、乙达到进度外，其余9项滞后。", FAILS),
    (partitions.checks, "计划新建100座，已建成60座，在建30座，未建10座。", HOLDS),
    (partitions.checks, "计划新建100座，已建成60座，在建30座，未建20座。", FAILS),
    (partitions.checks, "计划新建圈舍100座。目前，已建成圈舍60座，在建30座，未建10座。", HOLDS),
    (enumerated.checks, "新建公路10公里、改厕20户等2项任务", HOLDS),
    (enumerated.checks, "三个“一次”要求（研究一次，督导一次，协调一次）", HOLDS),
    (enumerated.checks, "未完成的共3项：入库、开工、达产。", HOLDS),
    (enumerated.checks, "未完成的共4项：入库、开工、达产。", FAILS),
    (enumerated.checks, "未完成的共4项：入库、开工、达产等。", None),
    (enumerated.checks, "计划出列贫困村3个，即：甲村、乙村、丙村。", HOLDS),
    (enumerated.checks, "计划出列贫困村4个，即：甲村、乙村、丙村。", FAILS),
    (enumerated.checks, "计划出列贫困村4个，即甲村、乙村等。", None),
    (enumerated.checks, "安排项目157个，分别为：产业类64个、基建类52个、民生类41个。", None),
    (partitions.checks, "排倒数的有6项。甲2项倒数第三；乙1项倒数第二；丙3项倒数第一。", HOLDS),
    (partitions.checks, "排倒数的有7项。甲2项倒数第三；乙1项倒数第二；丙3项倒数第一。", None),
    (enumerated.checks, "三个指标列倒数第一，分别是甲下降2.9%、乙下降1.9%、丙下降1.1%。", HOLDS),
    (enumerated.checks, "四个指标列倒数第一，分别是甲下降2.9%、乙下降1.9%、丙下降1.1%。", FAILS),
    (enumerated.checks, "“2高”为：工业增速高于目标1点；投资增速高于目标2点。", HOLDS),
    (enumerated.checks, "“3高”为：工业增速高于目标1点；投资增速高于目标2点。", FAILS),
    (enumerated.checks, "“两个倾斜”：财力向基层倾斜，项目向山区倾斜。", HOLDS),
    (enumerated.checks, "“三个倾斜”：财力向基层倾斜，项目向山区倾斜。", FAILS),
    (announced.checks, f"坚持“三个结合”，稳步推进。{TEN}\n散会。", HOLDS),
    (announced.checks, f"坚持“四个结合”，稳步推进。{TEN}\n散会。", FAILS),
    (respectively.checks, "城乡居民收入、零售额分别增长7.5%、8.8%、9.1%。", None),
    (respectively.checks, "合格率、优良率分别达到95.5%以上。", None),
    (respectively.checks, "工业、投资分别增长5.1%，6.2%。", None),
    (respectively.checks, "工业、投资分别增长5.1%、持平。", None),
    (tallies.checks, "工业呈现“9增2降”。", None),
    (partitions.checks, "12项指标中，甲等3项增长，乙等4项加快，其余4项下降。", None),
    (partitions.checks, "12项指标中，甲等3项增长，乙等4项持平，其余4项下降。", FAILS),
    (partitions.checks, "计划新建100座，已建成60座，在建30座。", None),
    (partitions.checks, "计划投资100亿元，已完成60亿元，在建30亿元，未建10亿元。", None),
    (enumerated.checks, "主要有3个问题：项目少、投资弱，后劲不足。", None),
    (enumerated.checks, "会议有四项议程：一是传达县委、县政府会议精神；二是发言。", None),
    (enumerated.checks, "做到“六个有”：一是思想上有轻有重。", None),
    (announced.checks, f"坚持“四个自信”，稳步推进。{TEN}\n散会。", None),
]  # fmt: skip


@pytest.mark.parametrize(("check", "text", "verdict"), CASES)
def test_each_list_has_its_verdict_or_is_left_alone(check: Check, text: str, verdict: str | None):
    claims = list(check(read(text)))
    assert [claim.verdict for claim in claims] == ([verdict] if verdict else [])


def test_what_is_said_of_a_list_and_a_tally():
    (short,) = respectively.checks(read("甲镇、乙镇、丙镇分别增长5.1%、6.2%。"))
    assert short.explanation == "“分别”前面列了3项，后面有2个数，对不上；请核对漏写或多写的一项"
    (tally,) = tallies.checks(read("12个县区呈现“9增2降”。"))
    assert tally.explanation == "9+2=11，与总数12个不符；应核对各项个数，或把总数写成11个"
    assert (tally.printed, tally.computed) == ("12个", "11个")


def test_a_list_goes_on_behind_the_end_of_a_line():
    text = "低于平均的有甲县（74.5%）、乙县\n（79.8%）、丙县（75.4%）三个县。"
    assert [one.verdict for one in enumerated.checks(read(text))] == [HOLDS]
