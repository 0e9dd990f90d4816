"""Target sheets: the further kinds, what they are held against, phase targets."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sheets_for_tests import DAY, book, rulebook, sheet

from diaodu.engine.collect import build_names, read_workbook
from diaodu.engine.ground.records import Target

RULES = rulebook()
NAMES = build_names(RULES)
HEADER = [
    "指标", "单位", "年份", "层级", "类型", "比较", "目标值", "计量单位", "对照",
]  # fmt: skip
GOOD = ["固投", "示例县", 2023, "本级自定", "总量", "达到", 100, "亿元", ""]
D = Decimal


def read(**cells: object):  # type: ignore[no-untyped-def]
    line = [cells.get(name, value) for name, value in zip(HEADER, GOOD, strict=True)]
    rows = [["2023年目标表"], HEADER, line]
    return read_workbook(book(sheet(rows), file="目标.xlsx", day=DAY), NAMES, RULES).sheets[0]


def target(**cells: object) -> Target:
    found = read(**cells)
    assert not found.findings, [one.message for one in found.findings]
    (one,) = found.targets
    return one


@pytest.mark.parametrize(
    ("cells", "kind", "value", "unit"),
    [
        ({"类型": "净增", "目标值": 300000, "计量单位": "万元"}, "increment", D(30), "亿元"),
        ({"类型": "位次", "目标值": 3, "计量单位": "位"}, "rank", D(3), "位"),
        ({"类型": "不进后几位", "目标值": 3, "计量单位": "位"}, "not_bottom", D(3), "位"),
        ({"类型": "不低于平均", "目标值": "不低于", "计量单位": "百分点"}, "mean", D(0), "百分点"),
        ({"类型": "由负转正", "目标值": "由负转正", "计量单位": "%"}, "sign", D(0), "%"),
        ({"类型": "相对", "目标值": 2, "计量单位": "倍"}, "relative", D(2), "倍"),
        ({"类型": "相对", "目标值": 0.5, "计量单位": "百分点"}, "relative", D("0.5"), "百分点"),
        ({"类型": "是否", "目标值": "是", "计量单位": "亿元"}, "yes_no", D(1), "亿元"),
    ],
)  # fmt: skip
def test_every_kind_is_read(cells, kind, value, unit):
    one = target(**cells)
    assert (one.kind, one.value, one.unit, one.word) == (kind, value, unit, None)


def test_a_qualitative_target_keeps_its_words():
    one = target(类型="定性", 目标值="基本建成", 计量单位="亿元")
    assert (one.value, one.word, one.text) == (None, None, "基本建成")


def test_control_within_is_a_comparator():
    assert target(类型="上限", 比较="控制在").comparator == "hold"


def test_what_it_is_held_against():
    own, org = target(类型="相对", 目标值=2, 计量单位="倍", 对照="示例县").against.split("|")
    assert (own, org) == ("", "xian")
    assert (
        target(类型="相对", 目标值=0, 计量单位="百分点", 对照="固投|示例县").against == "fai|xian"
    )
    assert target(类型="位次", 目标值=3, 计量单位="位", 对照="总量").against == "level"
    (told,) = read(对照="示例县").findings
    assert told.message == "目标表第3行：总量目标不用写对照，写的是“示例县”"
    (unknown,) = read(类型="相对", 目标值=2, 计量单位="倍", 对照="火星").findings
    assert "“火星”在规则库里找不到" in unknown.message


def test_part_of_a_year_is_a_phase_target():
    phase = target(年份="2023年1—6月", 目标值=40)
    assert (phase.year, phase.period, phase.value) == (2023, "2023-01/06", D(40))
    assert phase.target_id != target().target_id
    assert target(年份="2023年1—12月").period == ""
    assert target(年份="2023年一季度").period == "2023-01/03"


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"年份": "2023年5月当月"}, "“2023年5月当月”不能作总量目标的期限"),
        ({"年份": "2023年1—6月", "类型": "增速", "目标值": 8, "计量单位": "%"},
         "“2023年1—6月”不能作增速目标的期限"),
        ({"年份": "明年"}, "年份“明年”看不懂"),
    ],
)  # fmt: skip
def test_no_other_part_is(cells, message):
    (told,) = read(**cells).findings
    assert told.message == f"目标表第3行：{message}"
