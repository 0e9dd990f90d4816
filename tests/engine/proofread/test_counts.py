"""Counts announced before labelled lists, and counts beside the items they count."""

from __future__ import annotations

import pytest

from diaodu.engine.proofread import announced, enumerated
from diaodu.engine.proofread.claims import Claim
from diaodu.engine.proofread.reading.model import Reading


def lists_in(text: str) -> list[Claim]:
    return list(announced.checks(Reading(text, ())))


def items_in(text: str) -> list[Claim]:
    return list(enumerated.checks(Reading(text, ())))


THREE = "一是抓招商，全年走访客商。二是抓项目，逐月开工。三是抓服务，当天答复。\n会后请各单位落实。"


@pytest.mark.parametrize(
    "before",
    ["重点做好三个方面的工作：", "今年有3项任务。", "要把握三点：", "突出三个“更加”。",
     "下面讲三点意见，供大家参考。\n", "会议有三项议程："],
)  # fmt: skip
def test_an_announced_count_that_is_listed_holds(before: str):
    (claim,) = lists_in(f"同志们！{before}{THREE}")
    assert (claim.kind, claim.verdict, claim.interval) == ("count", "holds", (3, 3))
    assert len(claim.operands) == 3


@pytest.mark.parametrize(
    ("before", "after", "printed", "computed"),
    [
        ("要抓好两项工作：", THREE, "2项", "3项"),
        ("主要有四个问题。\n", THREE, "4个", "3个"),
        ("讲五点意见。\n", "一、招商\n内容。\n二、项目\n内容。\n三、服务\n内容。\n四、作风\n"
         "（一）严。\n（二）实。\n五、安全\n内容。\n六、民生\n内容。", "5点", "6点"),
        ("做好三个方面：", "第一，开工。第二，入库。\n会后落实。", "3个", "2个"),
    ],
)  # fmt: skip
def test_one_too_many_or_too_few_contradicts(before: str, after: str, printed: str, computed: str):
    (claim,) = lists_in(f"同志们！{before}{after}")
    assert (claim.verdict, claim.grade) == ("contradicts", "wrong")
    assert (claim.printed, claim.computed, claim.fix) == (printed, computed, computed)


def test_what_a_contradiction_says():
    (claim,) = lists_in(f"今天讲四个方面的意见：{THREE}")
    assert claim.quote == "四个方面的意见"
    assert claim.explanation == (
        "前面说“四个方面的意见”，后面从“一是”到“三是”列了3项；应写3个，或补删所列的项"
    )


@pytest.mark.parametrize(
    "text",
    [
        "重点做好以下工作：" + THREE,
        "这三个方面都要抓。一是抓招商。二是抓项目。\n散会。",
        "辖3个县，任务重。一是抓招商。二是抓项目。\n散会。",
        "主要有三个方面：一是开工。二是入库。",  # breaks off: the third may follow
        "主要有四个方面：一是开工。二是入库。三是达产。\n此外，第四，还要抓安全。",
        "表现为“四个有”：一是认识有高有低。二是行动有快有慢。\n请对照检查。",
        "围绕三大目标、五项重点推进。一是开工。二是入库。\n散会。",
        "第三产业增长5%，第二产业增长4%。",
    ],
)  # fmt: skip
def test_what_is_no_announcement_or_no_whole_list_is_left_alone(text: str):
    assert lists_in(text) == []


def test_lists_inside_lists_are_counted_apart():
    claims = lists_in(
        "下面讲两点意见。\n一、关于工业\n重点抓两件事：一是入规，二是技改。\n"
        "二、关于农业\n要做到三个到位：一是人员到位。二是资金到位。三是责任到位。\n散会。"
    )
    assert [(claim.printed, claim.verdict) for claim in claims] == [
        ("2点", "holds"), ("2件", "holds"), ("3个", "holds"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("由发改、统计、财政3个部门牵头。", "由发改、统计、财政3个部门"),
        ("甲镇、乙镇和丙乡三个乡镇排名靠后。", "甲镇、乙镇和丙乡三个乡镇"),
        ("进出口、利用外资、工业用电等3项指标下滑。", "进出口、利用外资、工业用电等3项指标"),
        ("居民服务、修理和其他服务业、住宿业3个行业", "居民服务、修理和其他服务业、住宿业3个行业"),
        ("突出“目标、产业、要素”三大体系。", "目标、产业、要素”三大体系"),
        ("落实“三减”（减材料、减环节、减时限）。", "三减”（减材料、减环节、减时限）"),
        ("与上月相比，2升（工业、投资）。", "2升（工业、投资）"),
        ("方向不变、力度不减、干劲不松“三个不变”", "方向不变、力度不减、干劲不松“三个不变"),
        ("县、乡、村三级联动", "县、乡、村三级"),
        ("农村公路、\n\n高标准农田、厂房三个领域", "农村公路、\n\n高标准农田、厂房三个领域"),
    ],
)  # fmt: skip
def test_items_beside_their_count_hold(text: str, quote: str):
    (claim,) = items_in(text)
    assert (claim.quote, claim.verdict) == (quote, "holds")


@pytest.mark.parametrize(
    ("text", "printed", "computed"),
    [
        ("由发改、统计、财政4个部门牵头。", "4个", "3个"),
        ("由发改、统计、财政2个部门牵头。", "2个", "3个"),
        ("甲镇、乙镇和丙乡四个乡镇排名靠后。", "4个", "3个"),
        ("进出口、利用外资、工业用电等2项指标下滑。", "2项", "3项"),
        ("突出“目标、产业、要素”四大体系。", "4大", "3大"),
        ("落实“四减”（减材料、减环节、减时限）。", "4", "3"),
        ("落实“周调度、月通报、季观摩”五项制度。", "5项", "3项"),
        ("省、市、县四级联动", "4级", "3级"),
    ],
)  # fmt: skip
def test_items_that_are_not_as_many_contradict(text: str, printed: str, computed: str):
    (claim,) = items_in(text)
    assert (claim.verdict, claim.printed, claim.computed) == ("contradicts", printed, computed)


@pytest.mark.parametrize(
    "text",
    [
        "实施教育、卫生、文化12个项目。",
        "进出口、利用外资、工业用电等8项指标下滑。",
        "甲镇、乙镇和丙镇要抓紧启动4个示范村建设。",
        "新增工业、商贸、服务业企业5家。",
        "涉及8个县（市、区）。",
        "省、市十大民生工程全部完工。",
        "引进1家龙头企业、3—5家上市公司。",
        "工业增长8.1%、较一季度提升2个百分点。",
        "财政收入、税收收入都保持了两位数增长。",
        "对标中央投资8大领域、专项债券9大领域。",
        "确保建成60亩大棚、10亩温室和2个示范点。",
        "增强政治意识、大局意识、看齐意识。",
    ],
)  # fmt: skip
def test_numbers_that_count_something_else_are_left_alone(text: str):
    assert items_in(text) == []
