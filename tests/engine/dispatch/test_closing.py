"""A duty closes on proof, and one tied to a figure when the recognised figure says so."""

from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diaodu.engine.dispatch.closing import (
    LAG_PROOFS,
    Answer,
    answer_of,
    checklist,
    lacking,
    uncovered,
)
from diaodu.engine.dispatch.duty import Goal
from tests.engine.dispatch.conftest import day, duty


class _Figure(NamedTuple):
    shown: str
    unit: str = "亿元"
    word: str | None = None


def _goal(**given):
    return Goal.model_validate({"indicator": "tax", "org": "nanping", "measure": "value"} | given)


@pytest.mark.parametrize(
    ("goal", "figure", "met", "text", "gap"),
    [
        ({"value": "1.2"}, _Figure("1.20"), "yes",
         "2023年1—10月税收为1.20亿元，要求不低于1.2亿元", "0"),
        ({"value": "1.2"}, _Figure("0.74"), "no",
         "2023年1—10月税收为0.74亿元，要求不低于1.2亿元，还差0.46亿元", "0.46"),
        ({"value": "1.2", "op": ">"}, _Figure("1.20"), "no",
         "2023年1—10月税收为1.20亿元，要求高于1.2亿元", "0"),
        ({"value": "5", "measure": "growth_published"},
         _Figure("4.6", "%"), "no",
         "2023年1—10月税收增速（公布）为4.6%，要求不低于5%，还差0.4个百分点", "0.4"),
        ({"value": "8", "measure": "rank_growth", "op": "<="},
         _Figure("9", "位"), "no",
         "2023年1—10月税收增速位次为9位，要求不高于8位，还差1位", "1"),
        ({"value": "1.2"}, None, "unknown", "税收还没有数，不能据以销号", None),
        ({"value": "1.2", "since": "2023-01/11"}, _Figure("1.30"), "unknown",
         "税收要看2023年1—11月的数，现在只有2023年1—10月的", None),
        ({"value": "1.2", "since": "2023-01/10"}, _Figure("1.30"), "yes",
         "2023年1—10月税收为1.30亿元，要求不低于1.2亿元", "0"),
        ({"value": "1.2"}, _Figure("", word="not_published"), "unknown",
         "2023年1—10月税收为“未发布”，不能据以销号", None),
    ],
)  # fmt: skip
def test_figure_says_so(goal, figure, met, text, gap):
    found = answer_of(_goal(**goal), period="2023-01/10", figure=figure, name="税收")
    assert (found.met, found.text) == (met, text)
    assert found.gap == (None if gap is None else Decimal(gap))


def test_compared_as_printed():
    assert answer_of(_goal(value="-0.3"), period="2023-05", figure=_Figure("-0.30")).met == "yes"
    flat = answer_of(_goal(value="0"), period="2023-05", figure=_Figure("持平"), name="税收")
    assert flat == Answer("yes", "2023年5月税收为持平，要求不低于0亿元", Decimal(0))


@pytest.mark.parametrize(("track", "met"), [
    ("self", "unknown"), ("estimate", "unknown"), ("flash", "yes"), ("recognised", "yes"),
])  # fmt: skip
def test_what_a_unit_says_of_itself_settles_nothing(track, met):
    found = answer_of(
        _goal(value="1"), period="2023-05", figure=_Figure("1.30"), tracks=[track], name="税收"
    )
    assert found.met == met
    if track == "self":
        assert found.text == "税收只有自报数，等认定的数出来再销号"


@pytest.mark.parametrize(
    ("light", "met", "text"),
    [
        ("good", "yes", "2023年1—10月税收亮灯为“良好”"),
        ("watch", "yes", "2023年1—10月税收亮灯为“关注”"),
        ("behind", "no", "2023年1—10月税收亮灯为“落后”：完成年度目标60.0%"),
        ("unknown", "unknown", "2023年1—10月税收亮灯为“无法判断”，不能据以销号"),
        ("not_due", "unknown", "2023年1—10月税收亮灯为“未到期”，不能据以销号"),
    ],
)
def test_light_says_so(light, met, text):
    goal, reasons = _goal(measure="light"), ("完成年度目标60.0%",)
    found = answer_of(goal, period="2023-01/10", light=light, reasons=reasons, name="税收")
    assert found == Answer(met, text, None)
    none = answer_of(goal, period=None, name="税收")
    assert none == Answer("unknown", "税收还没有数，不能据以销号")


# -- proof -----------------------------------------------------------------------------------


def _proof(proves=None, on="2023-10-18"):
    return {"kind": "file", "name": "现场照片", "on": on, "proves": proves}


ASKED = ["统计入库通知", "施工许可证"]


@pytest.mark.parametrize(
    ("words", "answer", "told"),
    [
        ({}, None, ["没有交凭证"]),
        ({"proof": [_proof()]}, None, []),
        ({"proof_asked": ASKED, "proof": [_proof("统计入库通知")]}, None, ["缺施工许可证"]),
        ({"proof_asked": ASKED, "proof": [_proof(one) for one in ASKED]}, None, []),
        ({"goal": {"indicator": "tax", "org": "a"}}, None, ["还没有对照指标的数"]),
        ({"goal": {"indicator": "tax", "org": "a"}}, Answer("yes", ""), []),
        ({"goal": {"indicator": "tax", "org": "a"}, "proof_asked": ASKED},
         Answer("no", "还差0.46亿元"), ["还差0.46亿元", "缺统计入库通知、施工许可证"]),
    ],
)  # fmt: skip
def test_what_is_lacking(words, answer, told):
    assert lacking(duty(**words), (), answer) == told


def test_children_first_and_all_at_once():
    children = [
        duty(id="c1", title="甲镇补报", state="closed"),
        duty(id="c2", title="乙镇补报", state="verified"),
        duty(id="c3", title="丙镇补报", state="draft"),
        duty(id="c4", title="丁镇补报", state="withdrawn"),
    ]
    assert lacking(duty(), children) == [
        "没有交凭证",
        "还有2件下级事项没有销号：乙镇补报、丙镇补报",
    ]


def test_children_cover_the_whole():
    things = [
        {"kind": "org", "text": "甲镇", "id": "a"},
        {"kind": "org", "text": "乙镇", "id": "b"},
        {"kind": "line", "text": "11+79个滞后项目", "count": 90},
    ]
    whole = duty(things=things)
    first = duty(id="c1", lead="a")
    second = duty(id="c2", lead="x", things=things[2:])
    assert uncovered(whole, []) == ["甲镇", "乙镇", "11+79个滞后项目"]
    assert uncovered(whole, [first, second]) == ["乙镇"]


def test_three_proofs_with_their_days():
    made = duty(
        proof_asked=LAG_PROOFS,
        proof=[_proof("现场督导", "2023-10-19"), _proof("现场督导"), _proof("别的")],
    )
    assert checklist(made) == {
        "主要负责人研究": None, "现场督导": day("2023-10-18"), "对上衔接": None,
    }  # fmt: skip
    assert lacking(made) == ["缺主要负责人研究、对上衔接"]


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from(ASKED), unique=True),
    st.lists(st.sampled_from([*ASKED, None]), max_size=3),
    st.booleans(),
    st.sampled_from(["yes", "no", "unknown", None]),
)
def test_what_may_be_closed_has_proof_or_its_figure(asked, proven, tied, met):
    goal = {"indicator": "tax", "org": "nanping"} if tied else None
    made = duty(proof_asked=asked, proof=[_proof(one) for one in proven], goal=goal)
    answer = None if met is None else Answer(met, "说明")
    if lacking(made, (), answer):
        return
    assert made.proof or (tied and met == "yes")
    assert set(asked) <= set(proven)
    assert not tied or met == "yes"
