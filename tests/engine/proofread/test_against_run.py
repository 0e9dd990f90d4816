"""Texts in the ways offices write them, held against a small run: what agrees, what contradicts,
what is left alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from diaodu.engine.compute.explain import Names
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import half_unit
from diaodu.engine.ground.records import Measure, Target
from diaodu.engine.proofread.check import proofread
from diaodu.engine.proofread.ledger.model import Ledger

MAY, APRIL = "2023-01/05", "2023-01/04"
NAMES = Names(
    {
        "indicator": {
            "规模以上工业增加值": "va", "规上工业增加值": "va", "固定资产投资": "inv",
            "社会消费品零售总额": "retail", "税收收入": "tax", "GDP": "gdp", "地区生产总值": "gdp",
            "贷款余额": "loans",
        },
        "org": {"示例县": "xian", "示例市": "shi", "全市": "shi", "示例省": "sheng",
                "青石镇": "t1", "经开区": "park", "东林区": "qu"},
    },
    {"xian": "示例县", "shi": "示例市", "sheng": "示例省", "t1": "青石镇",
     "va": "规模以上工业增加值", "inv": "固定资产投资", "retail": "社会消费品零售总额",
     "tax": "税收收入", "gdp": "地区生产总值", "loans": "贷款余额",
     "park": "经开区", "qu": "东林区"},
    {"t1": "xian", "park": "xian", "xian": "shi", "qu": "shi", "shi": "sheng"},
)  # fmt: skip


def row(
    indicator: str, measure: str, value: str, unit: str, *, org: str = "xian", period: str = MAY,
    base: str = "", peers: str = "", target: str = "",
) -> Measure:  # fmt: skip
    exact = Decimal(value)
    digits = len(value.partition(".")[2])
    room = half_unit(digits) if unit not in ("位", "个") else Decimal(0)
    key = Measure.make_key(indicator, org, period, measure, target, base, peers)
    return Measure(
        key, indicator, org, period, measure, target, base, peers, exact, value, digits, None,
        unit, exact - room, exact + room, "", (),
    )  # fmt: skip


ROWS = [
    row("va", "growth_published", "8.2", "%"),
    row("va", "growth_change_pp", "0.4", "百分点", base=APRIL),
    row("va", "gap_parent", "1.3", "百分点", base="shi"),
    row("va", "gap_parent", "-0.5", "百分点", base="sheng"),
    row("va", "rank_growth", "3", "位", peers="shi/county"),
    row("va", "rank_growth_n", "7", "个", peers="shi/county"),
    row("va", "rank_growth_move", "2", "位", peers="shi/county", base=APRIL),
    row("va", "month_growth_published", "9.1", "%"),
    row("inv", "growth_published", "-3.4", "%"),
    row("inv", "growth_change_pp", "1.1", "百分点", base=APRIL),
    row("retail", "value", "42.86", "亿元"),
    row("retail", "growth_published", "9.5", "%"),
    row("retail", "rank_level", "5", "位", peers="shi/county"),
    row("tax", "value", "47712", "万元"),
    row("tax", "growth", "6.04", "%", base="2022-01/05"),
    row("tax", "completion", "41.67", "%", target="aim"),
    row("tax", "pace_gap", "0.0", "百分点", target="aim"),
    row("tax", "value", "5210", "万元", org="t1"),
    row("tax", "growth", "-2.1", "%", org="t1", base="2022-01/05"),
    row("gdp", "value", "69.74", "亿元", period="2023-01/03"),
    row("gdp", "growth_published", "7.8", "%", period="2023-01/03"),
    row("va", "growth_published", "6.9", "%", org="shi"),
    row("", "count_above_target", "6", "个"),
    row("", "count_at_target", "1", "个"),
    row("", "count_below_target", "3", "个"),
    row("loans", "value", "277.37", "亿元", period="2023-05"),
    row("loans", "growth_published", "12.6", "%", period="2023-05"),
]
AIM = Target(
    "aim", "tax", "xian", 2023, "assigned", "level", "reach", Decimal(114500), None, "万元", None,
    "", "", date(2023, 1, 20), "", "", "", "",
)  # fmt: skip


class Facts:
    names = NAMES

    def measures_of(self, indicator: str, org: str) -> Sequence[Measure]:
        return [one for one in ROWS if (one.indicator, one.org) == (indicator, org)]

    def targets(self, ids: Iterable[str]) -> Mapping[str, Target]:
        return {"aim": AIM} if "aim" in set(ids) else {}


LEDGER = Ledger(Facts(), "xian", Period.from_id(MAY))


def told(text: str) -> list[tuple[str, str]]:
    """(what is printed, verdict) of each figure that the run decides."""
    claims = proofread(text, ledger=LEDGER)
    return [(one.printed, one.verdict) for one in claims if one.kind == "ledger"]


HOLDS, BAD = "holds", "contradicts"
SENTENCES: list[tuple[str, list[tuple[str, str]]]] = [
    # -- said in many ways, right and wrong ------------------------------------------------------
    ("1—5月，全县规模以上工业增加值同比增长8.2%。", [("8.2%", HOLDS)]),
    ("1-5月份，全县规上工业增加值增长 8.2%。", [("8.2%", HOLDS)]),
    ("今年前5个月，示例县规上工业增加值同比增长８．２％。", [("８．２％", HOLDS)]),
    ("2023年1至5月我县规上工业增加值增速为8.2%。", [("8.2%", HOLDS)]),
    ("1—5月，规模以上工业增加值按可比价格计算，同比增长8.2%。", [("8.2%", HOLDS)]),
    ("1—5月，全县规模以上工业增加值同比增长9.2%。", [("9.2%", BAD)]),
    ("1—5月，全县规模以上工业增加值同比增长8%。", [("8%", HOLDS)]),
    ("1—5月，全县规模以上工业增加值同比下降8.2%。", [("8.2%", BAD)]),
    ("1—5月，全县固定资产投资同比下降3.4%，降幅比1—4月收窄1.1个百分点。",
     [("3.4%", HOLDS), ("1.1个百分点", HOLDS)]),
    ("1—5月，全县固定资产投资同比下降3.4%，降幅比1—4月扩大1.1个百分点。",
     [("3.4%", HOLDS), ("1.1个百分点", BAD)]),
    ("1—5月，全县固定资产投资负增长3.4%。", [("3.4%", HOLDS)]),
    ("1—5月，规上工业增加值增长8.2%，增速比1—4月提高0.4个百分点，高于全市1.3个百分点，"
     "低于全省0.5个百分点，居全市第3位（7个县区参与排名），比1—4月上升2位。",
     [("8.2%", HOLDS), ("0.4个百分点", HOLDS), ("1.3个百分点", HOLDS), ("0.5个百分点", HOLDS),
      ("第3位", HOLDS), ("7个", HOLDS), ("2位", HOLDS)]),
    ("1—5月，规上工业增加值增长8.2%，增速比1—4月回落0.4个百分点，低于全市1.3个百分点，"
     "高于全省0.5个百分点，居全市第4位（8个县区参与排名），比1—4月后退2位。",
     [("8.2%", HOLDS), ("0.4个百分点", BAD), ("1.3个百分点", BAD), ("0.5个百分点", BAD),
      ("第4位", BAD), ("8个", BAD), ("2位", BAD)]),
    ("1—5月，社会消费品零售总额完成42.86亿元，同比增长9.5%。",
     [("42.86亿元", HOLDS), ("9.5%", HOLDS)]),
    ("1—5月，完成社会消费品零售总额42.86亿元、增长9.5%。", [("42.86亿元", HOLDS), ("9.5%", HOLDS)]),
    ("1—5月，社会消费品零售总额达42.9亿元。", [("42.9亿元", HOLDS)]),
    ("1—5月，社会消费品零售总额达42.8亿元。", [("42.8亿元", BAD)]),
    ("1—5月，社会消费品零售总额完成428600万元。", [("428600万元", HOLDS)]),
    ("1—5月，社会消费品零售总额完成42.86万元。", [("42.86万元", BAD)]),
    ("1—5月，社会消费品零售总额近43亿元。", [("43亿元", HOLDS)]),
    ("1—5月，全县税收收入完成47712万元，同比增长6.0%，完成上级下达任务114500万元的41.7%。",
     [("47712万元", HOLDS), ("6.0%", HOLDS), ("114500万元", HOLDS), ("41.7%", HOLDS)]),
    ("1—5月，全县税收收入完成47712万元，完成全年任务的41.6%。",
     [("47712万元", HOLDS), ("41.6%", BAD)]),
    ("1—5月，青石镇税收收入完成5210万元，同比下降2.1%。", [("5210万元", HOLDS), ("2.1%", HOLDS)]),
    ("1—5月，青石镇税收收入完成5310万元。", [("5310万元", BAD)]),
    ("一季度，全县地区生产总值完成69.74亿元，同比增长7.8%。",
     [("69.74亿元", HOLDS), ("7.8%", HOLDS)]),
    ("一季度GDP增长7.9%。", [("7.9%", BAD)]),
    ("对照年度目标，主要指标6高1平3低。", [("6高", HOLDS), ("1平", HOLDS), ("3低", HOLDS)]),
    ("对照年度目标，主要指标7高1平2低。", [("7高", BAD), ("1平", HOLDS), ("2低", BAD)]),
    ("5月末，全县贷款余额为277.37亿元，同比增长12.6%。", [("277.37亿元", HOLDS), ("12.6%", HOLDS)]),
    ("1—5月，全县贷款余额277.37亿元。", [("277.37亿元", HOLDS)]),
    ("5月，全县规上工业增加值同比增长9.1%。", [("9.1%", HOLDS)]),
    ("1—5月，全市规上工业增加值增长6.9%。", [("6.9%", HOLDS)]),
    ("1—5月，我市规上工业增加值增长6.9%。", [("6.9%", HOLDS)]),
    # -- which period, which org -----------------------------------------------------------------
    ("截至5月底，全县固定资产投资同比下降3.4%，贷款余额277.37亿元。",
     [("3.4%", HOLDS), ("277.37亿元", HOLDS)]),
    ("5月，全县规上工业增加值增长9.1%，1—5月累计增长8.2%。", [("9.1%", HOLDS), ("8.2%", HOLDS)]),
    ("1—5月，全县规上工业增加值增长8.2%，其中5月当月增长9.3%。", [("8.2%", HOLDS), ("9.3%", BAD)]),
    ("2022年经济运行平稳。\n今年以来，全县规上工业增加值增长8.1%。", [("8.1%", BAD)]),
    ("1—5月，全县固定资产投资比2022年同期下降3.4%。", [("3.4%", HOLDS)]),
    ("1—5月，企业所得税占税收收入的12%，规上工业增加值增长8.2%。", [("8.2%", HOLDS)]),
    ("1—4月规上工业增加值增长7.8%、1—5月累计增长8.2%。",
     [("7.8%", "unverifiable"), ("8.2%", HOLDS)]),
    ("1—5月，规上工业增加值增长8.2%，较2019年、2020年同期分别增长12%、9%，税收收入完成47712万元。",
     [("8.2%", HOLDS), ("47712万元", HOLDS)]),
    # -- more digits than the run was given ------------------------------------------------------
    ("1—5月，全县规模以上工业增加值同比增长8.23%。", [("8.23%", "unverifiable")]),
    ("1—5月，全县规模以上工业增加值同比增长8.33%。", [("8.33%", BAD)]),
    # -- not in the run: told for main figures alone ---------------------------------------------
    ("上半年，全县固定资产投资下降2.0%。", [("2.0%", "unverifiable")]),
    ("2022年，全县税收收入完成90000万元。", [("90000万元", "unverifiable")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_said_by_offices(text: str, expected: list[tuple[str, str]]) -> None:
    assert told(text) == expected


QUIET = [
    # wishes and plans
    "全年预期目标是：地区生产总值增长8%，规上工业增加值增长10%，固定资产投资增长12%。",
    "力争1—5月规上工业增加值增长9%。",
    "三、下一步工作安排\n规上工业增加值增长10%，固定资产投资增长12%，社会消费品零售总额完成110亿元。",
    "1—5月，规上工业增加值增长10%以上。",
    # somebody else's, or a part of it
    "1—5月，浏阳市规上工业增加值增长5.1%，固定资产投资增长3.0%。",
    "1—5月，全区规上工业增加值增长5.1%。",
    "1—5月，岳阳市示例县规上工业增加值增长5.1%。",
    "1—5月，邻近的中洲县克服困难，规上工业增加值增长5.1%。",
    "1—5月，高技术产业规上工业增加值增长15.1%。",
    "1—5月，规上工业增加值能耗下降4.4%。",
    "1—5月，食品加工业完成税收收入320万元。",
    "1—5月，房地产业税收收入占比12.5%。",
    # another year, or one that is not said
    "去年，全县规上工业增加值增长6.6%，固定资产投资增长11%。",
    "全年税收收入完成98000万元。",
    "XX年，全县规上工业增加值增长6.6%。",
    # words in between that are not known
    "1—5月，规上工业增加值稳步回升，其中装备制造业增长21%。",
    "1—5月，固定资产投资中工业投资增长14.2%。",
    "1—5月，规上工业增加值、固定资产投资2项指标居全市后3位。",
    "固定资产投资项目库储备项目120个，总投资300亿元。",
]


@pytest.mark.parametrize("text", QUIET)
def test_left_alone(text: str) -> None:
    assert [one for one in told(text) if one[1] != "unverifiable"] == []


def explained(text: str) -> str:
    (claim,) = (one for one in proofread(text, ledger=LEDGER) if one.kind == "ledger")
    return claim.explanation


@pytest.mark.parametrize(
    ("text", "explanation"),
    [
        ("1—5月，全县规上工业增加值同比增长8.2%。",
         "运行结果里示例县2023年1—5月规模以上工业增加值增速为8.2%，与文中“8.2%”相符"),
        ("1—5月，全县规上工业增加值同比增长9.2%。",
         "运行结果里示例县2023年1—5月规模以上工业增加值增速为8.2%，文中是“9.2%”，应改为“8.2%”"),
        ("1—5月，全县规上工业增加值同比下降8.2%。",
         "运行结果里示例县2023年1—5月规模以上工业增加值增速为8.2%，与文中“8.2%”方向相反"),
        ("1—5月，社会消费品零售总额达42.8亿元。",
         "运行结果里示例县2023年1—5月社会消费品零售总额本期值为42.86亿元，"
         "文中“42.8亿元”是舍去尾数得来的，应改为“42.86亿元”"),
        ("1—5月，社会消费品零售总额达428500万元。",
         "运行结果里示例县2023年1—5月社会消费品零售总额本期值为42.86亿元，"
         "文中是“428500万元”，应改为“428600万元”"),
        ("1—5月，规上工业增加值增速高于全市1.5个百分点。",
         "运行结果里示例县2023年1—5月规模以上工业增加值与上级增速之差（示例市）为1.3个百分点，"
         "文中是“1.5个百分点”，应改为“1.3个百分点”"),
        ("1—5月，全县规模以上工业增加值同比增长8.23%。",
         "运行结果里示例县2023年1—5月规模以上工业增加值增速为8.2%，"
         "按它的位数分不出与文中“8.23%”是不是同一个数"),
        ("上半年，全县固定资产投资下降2.0%。",
         "运行结果里没有示例县2023年1—6月固定资产投资的增速，或者还不能看，没有核对"),
    ],
)  # fmt: skip
def test_explained_in_one_sentence(text: str, explanation: str) -> None:
    assert explained(text) == explanation


def test_tables_are_read_by_their_heads() -> None:
    text = (
        "1—5月主要指标完成情况\n指标\t单位\t完成\t同比%\t比全市\n"
        "规模以上工业增加值\t%\t—\t8.2\t1.3\n社会消费品零售总额\t亿元\t42.86\t9.6\t—\n"
        "税收收入\t万元\t47,712\t6.0\t—\n固定资产投资\t%\t—\t-3.4\t—\n"
    )
    assert told(text) == [
        ("8.2", HOLDS), ("1.3", HOLDS), ("42.86", HOLDS), ("9.6", BAD), ("47,712", HOLDS),
        ("6.0", HOLDS), ("-3.4", HOLDS),
    ]  # fmt: skip


def test_a_table_of_orgs_takes_indicator_and_unit_from_its_title() -> None:
    text = "1—5月税收收入情况表\n单位：万元\n乡镇\t本期\t同比%\n青石镇\t5210\t-2.1\n柳荷镇\t1\t2\n"
    assert told(text) == [("5210", HOLDS), ("-2.1", HOLDS)]
    assert told(text.replace("税收收入情况表", "税收收入目标分解表")) == []


def test_a_column_of_targets() -> None:
    text = (
        "1—5月税收收入进度\n单位\t指标\t目标\t完成%\n示例县\t税收收入\t上级下达11.45亿元\t41.7\n"
        "示例县\t税收收入\t上级下达114600万元\t41.8\n示例县\t税收收入\t底线114500万元\t—\n"
    )
    assert told(text) == [("11.45亿元", HOLDS), ("41.7", HOLDS), ("114600万元", BAD), ("41.8", BAD)]


def test_what_cannot_be_told_from_the_text_is_told_by_the_run() -> None:
    text = "1—5月，全县税收收入完成47712万元，同比增长6.0%，完成全年任务的41.7%。"
    verdicts: dict[str, Any] = {one.printed: one.verdict for one in proofread(text, ledger=LEDGER)}
    assert verdicts == {"47712万元": HOLDS, "6.0%": HOLDS, "41.7%": HOLDS}
