"""Whatever a text is made of, it is read, and every claim stands where it says."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from diaodu.engine.proofread.check import proofread

WORDS = (
    "， 。 ； ： 、 （ ） “ ” 的 和 等 分别 占 比 较 由 到 高 低 增长 下降 完成 第 一 三 "
    "十 百 个 项 位 名 亿元 万元 % 百分点 1.2 35 8.5% -3.1% 12亿元 第3位 1-5月 上半年 去年 "
    "同期 全县 其中 合计 其余 任务 序时进度 一是 二是 三是 （一） 逐月提升 连续3个月 "
    "两年平均 贡献率 拉动 2月30日 距年底还有 5天 倒数 仅次于 甲镇、乙镇 3个部门 GDP 税收 "
    "非税 位次 上升 今天是12月1日 0个 0% 1:2:3 2升3降 分之 成 倍"
).split()
TEXTS = st.lists(st.sampled_from([*WORDS, "\n", "\t", " "]), max_size=80).map("".join)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_any_text_gives_claims_in_order_that_stand_where_they_say(text: str):
    claims = proofread(text)
    for one in claims:
        assert 0 <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.quote
        assert all(0 <= start < end <= len(text) for start, end in one.operands)
        assert one.explanation and (one.grade is not None) == (one.verdict == "contradicts")
        assert one.interval is None or one.interval[0] <= one.interval[1]
    assert all(one.start <= other.start for one, other in itertools.pairwise(claims))


def test_nothing_is_claimed_of_nothing():
    assert proofread("") == ()
    assert proofread("\n \t\n") == ()
    assert proofread("\ufeff") == ()
