"""The calculator: values and bounds, words, units and errors to the letter."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from diaodu.engine.compute.calculator import (
    Result,
    calculate,
    help_text,
    to_json_line,
    to_text,
)
from diaodu.engine.ground.errors import DiaoduError

NAMES = [
    "completion", "pace_gap", "growth", "implied_base", "share", "difference", "sum", "pp_diff",
    "pull", "contribution", "two_year_average", "mean_required", "growth_needed", "gap_to_close",
    "rank", "multi_year_path", "ratio", "implied_whole", "part_of",
]  # fmt: skip


def calc(line: str) -> Result:
    """Run what stands behind `diaodu calc`."""
    name, *arguments = line.split(" ")
    return calculate(name, dict(argument.split("=", 1) for argument in arguments))


@pytest.mark.parametrize(
    ("line", "value", "lo", "hi"),
    [
        ("share part=6个 whole=56个", "75/7", "75/7", "75/7"),
        ("difference a=8.5 b=8", "1/2", "-1/20", "21/20"),
        ("difference a=8.50 b=8.00", "1/2", "49/100", "51/100"),
        ("difference a=－8.5 b=1", "-19/2", "-201/20", "-179/20"),
        ("sum values=1.2,3.4", "23/5", "9/2", "47/10"),
        ("sum values=1.2、3.4", "23/5", "9/2", "47/10"),
        ("sum values=1.2；3.4", "23/5", "9/2", "47/10"),
        ("sum values=1亿元,2000万元", "6/5", "13999/20000", "34001/20000"),
        ("difference a=1,234.5 b=234.5", "1000", "9999/10", "10001/10"),
        ("gap_to_close target=10 done=3 reportable=2", "5", "7/2", "13/2"),
        ("pace_gap completion=22.7% months=4", "-319/30", "-641/60", "-127/12"),
        ("pace_gap completion=50.0 day=2022-12-31", "-50", "-1001/20", "-999/20"),
        ("pace_gap completion=50.0 day=2024-02-29", "6150/183", "", ""),
        ("growth_needed goal=5 so_far=4.6 weights=0.75,0.25", "31/5", "81/20", "167/20"),
        ("growth_needed goal=5% so_far=4.6% weights=75亿元、250000万元", "31/5", "", ""),
        ("implied_base actual=118 growth=18%", "100", "", ""),
        ("implied_base actual=220个 growth=1.2倍", "100", "", ""),
        ("contribution pull=1.72 parent_growth=4.56", "2150/57", "34300/913", "34500/911"),
        ("two_year_average growth=21% last_growth=0%", "", "", ""),
        ("mean_required target=10个 actual=4个 periods_left=1.5个月", "4", "4", "4"),
        ("multi_year_path base=100个 factor=8 years=3 n=2", "400", "400", "400"),
        ("multi_year_path base=100个 factor=1.21 years=2 n=1", "110", "110", "110"),
        ("share part=4月 whole=12个月", "100/3", "100/3", "100/3"),
        ("completion left=3个 target=4个", "25", "25", "25"),
        ("completion left=1.0 target=4.0", "75", "5800/79", "6200/81"),
        ("pace_gap completion=50.0 elapsed=3天 span=6天", "0", "-1/20", "1/20"),
        ("growth parts=4.6%,6.5% weights=0.75,0.25", "203/40", "201/40", "41/8"),
        ("growth parts=-3.3,4.6 weights=1,1", "13/20", "3/5", "7/10"),
        ("growth parts=10% weights=3亿元", "10", "", ""),
        ("pull share=50.0% growth=8.0%", "4", "158841/40000", "161161/40000"),
        ("pull contribution=50.0% parent_growth=8.0%", "4", "", ""),
        ("contribution part_change=1个 parent_change=4个", "25", "25", "25"),
        ("contribution part_change=-1个 parent_change=-4个", "25", "25", "25"),
        ("two_year_average two_year_growth=21%", "10", "", ""),
        ("mean_required gap=12个 periods_left=30天", "2/5", "2/5", "2/5"),
        ("rank place=13位 n=17个", "5", "5", "5"),
        ("rank place=1 n=1", "1", "1", "1"),
        ("ratio a=45个 b=2个", "45/2", "45/2", "45/2"),
        ("ratio a=1.2亿元 b=3000万元", "4", "", ""),
        ("ratio a=62亿元 b=78个", "31/39", "123/156", "125/156"),
        ("pp_diff a=18.6% gap=0.2百分点", "92/5", "183/10", "37/2"),
        ("implied_whole part=120家 share=40.0%", "300", "240000/801", "240000/799"),
        ("part_of whole=200个 share=41%", "82", "81", "83"),
        ("share part=5.5个 whole=11个", "50", "50", "50"),
        ("difference a=1.0吨 b=300千克", "7/10", "1299/2000", "1501/2000"),
        ("difference a=2公里 b=300米", "17/10", "", ""),
        ("sum values=1公顷,3亩", "6/5", "", ""),
        ("sum values=3亩,1公顷", "18", "", ""),
        ("share part=5‰ whole=2%", "25", "", ""),
        ("pp_diff a=8‰ b=0.3%", "1/2", "2/5", "3/5"),
    ],
)
def test_value_and_bounds(line: str, value: str, lo: str, hi: str) -> None:
    result = calc(line)
    for expected, computed in ((value, result.value), (lo, result.lo), (hi, result.hi)):
        if expected:
            assert computed == Fraction(expected)


def test_two_year_average_is_geometric_to_many_digits() -> None:
    assert calc("two_year_average growth=21% last_growth=0%").value == 10
    value = calc("two_year_average growth=8.5% last_growth=0.6%").value
    assert value is not None
    assert abs((value / 100 + 1) ** 2 - Fraction("1.085") * Fraction("1.006")) < Fraction(1, 10**25)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("growth actual=5 base=0", "zero_base"),
        ("growth actual=5 base=0.0", "zero_base"),
        ("growth actual=5 base=-3", "turned_positive"),
        ("growth actual=-2.0 base=-3.0", "loss_narrowed"),
        ("growth actual=0 base=-3", "negative_base"),
        ("growth actual=-4.0 base=-3.0", "loss_widened"),
        ("growth actual=-3.0 base=-3.0", "negative_base"),
        ("growth actual=-3 base=-3.2", "loss_narrowed"),
        ("growth actual=-1 base=3", "turned_negative"),
        ("completion actual=5 target=0", "zero_base"),
        ("completion actual=5 target=-1", "negative_base"),
        ("share part=5 whole=0", "zero_base"),
        ("pull part_change=5 parent_base=0", "zero_base"),
        ("pull part_change=5 parent_base=-5", "negative_base"),
        ("contribution pull=0.5 parent_growth=-4.0", "not_comparable"),
        ("contribution pull=-0.5 parent_growth=4.0", "not_comparable"),
        ("contribution pull=0.5 parent_growth=0.0", "undecidable"),
        ("contribution pull=0.5 parent_growth=0", "undecidable"),
        ("implied_base actual=5 growth=-100", "undecidable"),
        ("implied_base actual=5 growth=-150", "negative_base"),
        ("two_year_average growth=-101 last_growth=5", "not_comparable"),
        ("growth_needed goal=5 so_far=4 weights=1,0", "zero_base"),
        ("growth_needed goal=5 so_far=4 weights=1,-1", "negative_base"),
        ("growth_needed goal=5 so_far=4 weights=-1,1", "negative_base"),
        ("multi_year_path base=0 factor=2 years=3 n=1", "zero_base"),
        ("multi_year_path base=-1 factor=2 years=3 n=1", "negative_base"),
        ("completion left=5 target=0", "zero_base"),
        ("growth parts=4,5 weights=0,0", "zero_base"),
        ("growth parts=4,5 weights=1,-1", "negative_base"),
        ("contribution part_change=1 parent_change=-4", "not_comparable"),
        ("contribution part_change=1 parent_change=0", "undecidable"),
        ("two_year_average two_year_growth=-101", "not_comparable"),
        ("ratio a=1 b=0", "zero_base"),
        ("ratio a=1 b=-2", "negative_base"),
        ("implied_whole part=1 share=0%", "zero_base"),
        ("implied_whole part=1 share=-2%", "negative_base"),
    ],
)
def test_a_word_where_no_number_can_stand(line: str, word: str) -> None:
    result = calc(line)
    assert (result.word, result.value, result.lo, result.hi) == (word, None, None, None)


def test_a_fall_over_a_falling_parent_has_a_contribution() -> None:
    assert calc("contribution pull=-1.0 parent_growth=-4.0").value == 25


@pytest.mark.parametrize(
    ("line", "place", "word"),
    [
        ("rank values=甲:1.2,乙:3 who=甲 direction=high", 2, None),
        ("rank values=甲:1.2,乙:3 who=甲 direction=low", 1, None),
        ("rank values=甲：0.3，乙：0.30，丙：0.1 who=乙 direction=high", 1, "并列"),
        ("rank values=甲:3、乙:2、丙:2、丁:1 who=丁 direction=high", 4, None),
        ("rank values=甲:1.2亿元,乙:9000万元 who=乙 direction=high", 2, None),
        ("rank values=甲:1.2亿元,乙:12000万元 who=乙 direction=high", 1, "并列"),
        ("rank values=甲:-1.5%,乙:-0.5% who=甲 direction=high", 2, None),
    ],
)
def test_rank(line: str, place: int, word: str | None) -> None:
    result = calc(line)
    assert {result.value, result.lo, result.hi} == {Fraction(place)}
    assert result.word == word


@pytest.mark.parametrize(
    ("line", "formula"),
    [
        (
            "completion actual=14.64亿元 target=173873万元",
            "完成率 = 14.64亿元 ÷ 173873万元 × 100（单位：%）",
        ),
        ("difference a=-3亿元 b=-1亿元", "差 = (-3亿元) − (-1亿元)（单位：亿元）"),
        ("difference a=8.5% b=8.3%", "差 = 8.5% − 8.3%（单位：百分点）"),
        ("sum values=1,2", "合计 = 1 + 2（2项）"),
        ("sum values=1,234", "合计 = 1 + 234（2项；逗号按隔开各数读，数内不写千分位）"),
        ("sum values=12.347,123", "合计 = 12.347 + 123（2项）"),
        (
            "mean_required target=3亿元 actual=5亿元 periods_left=2",
            "期均需完成 = (3亿元 − 5亿元) ÷ 2，负数为已超额（单位：亿元）",
        ),
        (
            "completion actual=5 target=0",
            "完成率 = 5 ÷ 0 × 100：目标为零，目标应大于零才有百分数",
        ),
        ("share part=5 whole=-1", "占比 = 5 ÷ (-1) × 100：全部为负，全部应大于零才有百分数"),
        (
            "multi_year_path base=0 factor=2 years=3 n=1",
            "第1年目标 = 0 × 2^(1/3)：基数为零，应大于零才谈得上倍增",
        ),
        (
            "growth_needed goal=5 so_far=4 weights=1,0",
            "余下时间需增长 = (5% × (1 + 0) − 4% × 1) ÷ 0：上年基数为零，"
            "余下时间的上年基数应大于零",
        ),
        (
            "contribution pull=1.72 parent_growth=4.56",
            "贡献率 = 1.72百分点 ÷ 4.56% × 100（单位：%）",
        ),
        (
            "growth actual=5 base=0",
            "增速 = (5 ÷ 0 − 1) × 100：同期为零，零基数没有增速",
        ),
        (
            "rank values=甲:1.2,乙:3,丙:1.20 who=甲 direction=high",
            "甲在3个中从高到低排并列第2位：乙3、甲1.2、丙1.20",
        ),
        (
            "completion left=100个 target=391个",
            "完成率 = (1 − 100个 ÷ 391个) × 100（单位：%）",
        ),
        (
            "growth parts=4.6,-6.5% weights=0.75,0.25",
            "增速 = (4.6% × 0.75 + (-6.5%) × 0.25) ÷ (0.75 + 0.25)（单位：%）",
        ),
        ("pull share=52.6 growth=-0.3", "拉动 = 52.6% × (-0.3%)（单位：百分点）"),
        (
            "contribution part_change=-1 parent_change=4",
            "贡献率 = (-1) ÷ 4 × 100：无法比较，部分的增减量与总体的增减量方向相反，不算贡献率",
        ),
        ("two_year_average two_year_growth=21", "两年平均增速 = (√(1 + 21%) − 1) × 100（单位：%）"),
        ("mean_required gap=12家 periods_left=3个月", "期均需完成 = 12家 ÷ 3个月（单位：家）"),
        (
            "pace_gap completion=5% elapsed=3天 span=6天",
            "进度差 = 5% − 3天 ÷ 6天 × 100，负数为落后（单位：百分点）",
        ),
        ("rank place=13位 n=17个", "17个中正数第13位即倒数第5位，倒数第13位即正数第5位"),
        ("ratio a=62亿元 b=78个", "比值 = 62亿元 ÷ 78个（单位：亿元/个）"),
        ("ratio a=1.2亿元 b=3000万元", "比值 = 1.2亿元 ÷ 3000万元（单位：倍）"),
        ("ratio a=6亿元 b=3", "比值 = 6亿元 ÷ 3（单位：亿元）"),
        ("ratio a=6 b=3家", "比值 = 6 ÷ 3家（单位：1/家）"),
        ("ratio a=6 b=3", "比值 = 6 ÷ 3"),
        ("pp_diff a=18.6% gap=-0.2个百分点", "另一个 = 18.6% − (-0.2个百分点)（单位：%）"),
        ("implied_whole part=120家 share=36.4", "全部 = 120家 ÷ 36.4%（单位：家）"),
        ("part_of whole=141个 share=80%", "部分 = 141个 × 80%（单位：个）"),
        (
            "multi_year_path base=181.51亿元 factor=2 years=3 n=1",
            "第1年目标 = 181.51亿元 × 2^(1/3)（单位：亿元）",
        ),
    ],
)
def test_formula_in_words(line: str, formula: str) -> None:
    assert calc(line).formula == formula


COMPLETION = "写法：diaodu calc completion actual=14.64亿元 target=173873万元"
COMPLETION_WAYS = COMPLETION + "\n或者：diaodu calc completion left=100个 target=391个"
PACE_WAYS = (
    "写法：diaodu calc pace_gap completion=22.7% months=4\n"
    "或者：diaodu calc pace_gap completion=22.7% day=2022-04-30\n"
    "或者：diaodu calc pace_gap completion=55.92% elapsed=11天 span=15天"
)
RANK = "写法：diaodu calc rank values=甲:1.2,乙:3 who=甲 direction=high"
SUM = "写法：diaodu calc sum values=12.47亿元,12.99亿元,10.88亿元"
MEAN = "写法：diaodu calc mean_required target=33161万元 actual=13462万元 periods_left=3"


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("complet actual=1", "没有名为“complet”的算法；是不是 completion（完成率）？"),
        ("完成率 actual=1", "没有名为“完成率”的算法；是不是 completion（完成率）？"),
        (
            "completion acutal=1 target=2",
            "completion 没有“acutal”这一项；是不是 actual？\n"
            f"completion 缺少 actual=（实绩；也可改写 left）\n{COMPLETION_WAYS}",
        ),
        ("completion actual=1", f"completion 缺少 target=（目标）\n{COMPLETION_WAYS}"),
        (
            "completion actual=14.64亿元 target=173873",
            "单位不一致：actual=14.64亿元 有单位，target=173873 没有；请都写上，或都不写\n"
            + COMPLETION,
        ),
        (
            "completion actual=14.64亿元 target=56家",
            "单位不一致：actual=14.64亿元 和 target=56家 不能换算；请换成同一种计量单位\n"
            + COMPLETION,
        ),
        (
            "completion actual=3万块 target=约8",
            "actual=3万块：不认识的计量单位“万块”；"
            "可写 元、万元、亿元、%、百分点、个、家、吨、亩 等\n"
            f"target=约8：读不出一个数；请写成 8.5、8.5%、14.64亿元、56家 这样\n{COMPLETION}",
        ),
        (
            "rank values=甲:1,234,乙:2 who=甲 direction=high",
            f"values：“234”应写成 名称:数值，如 甲:1.2\n{RANK}",
        ),
        (
            "rank values=甲:1,甲:2 who=甲 direction=high",
            f"values：“甲”写了两次，请只留一个\n{RANK}",
        ),
        (
            "rank values=甲镇:1,乙镇:2 who=甲 direction=high",
            f"who=甲：values 里没有它；是不是“甲镇”？\n{RANK}",
        ),
        (
            "rank values=甲:1,乙:2 who=甲 direction=up",
            f"direction=up：只能是 high（越大越好）或 low（越小越好）\n{RANK}",
        ),
        (
            "sum values=1,234、5",
            "values=1,234、5：逗号和顿号、分号混用，分不清千分位；"
            f"请只用一种隔开，数内不写千分位\n{SUM}",
        ),
        ("sum values=1,,2", f"values=1,,2：有一项是空的；请补上或去掉多余的分隔号\n{SUM}"),
        (
            "mean_required target=3 actual=1 periods_left=0",
            f"periods_left=0：应是大于零的数\n{MEAN}",
        ),
        (
            "pace_gap completion=5 months=3 day=2022-03-31",
            f"pace_gap 的 day= 不能和 months= 一起写\n{PACE_WAYS}",
        ),
        (
            "pace_gap completion=5",
            "pace_gap 缺少 months=（已过月数，1至12；也可改写 day，或 elapsed 和 span）\n"
            + PACE_WAYS,
        ),
        (
            "pace_gap completion=5 elapsed=3天",
            f"pace_gap 缺少 span=（全部时间，单位与 elapsed 相同）\n{PACE_WAYS}",
        ),
        (
            "pace_gap completion=5 elapsed=3天 span=2天",
            "elapsed=3天：超出了全部时间 span=2天；最多2天\n"
            "写法：diaodu calc pace_gap completion=55.92% elapsed=11天 span=15天",
        ),
        (
            "pace_gap completion=5 elapsed=3个月 span=90天",
            "单位不一致：elapsed=3个月 和 span=90天；请写成同一种时间单位，或都不写\n"
            "写法：diaodu calc pace_gap completion=55.92% elapsed=11天 span=15天",
        ),
        (
            "pull part_change=5 share=3%",
            "pull 缺少 parent_base=（总体的同期数）\n"
            "pull 的 share= 不能和 part_change= 一起写\n"
            "写法：diaodu calc pull part_change=1456.8万元 parent_base=6466.5万元\n"
            "或者：diaodu calc pull share=52.6% growth=0.3%\n"
            "或者：diaodu calc pull contribution=66.8% parent_growth=4.6%",
        ),
        (
            "contribution pull=1 parent_growth=4 part_change=3",
            "contribution 的 part_change= 不能和 pull=、parent_growth= 一起写\n"
            "写法：diaodu calc contribution pull=1.72百分点 parent_growth=4.56%\n"
            "或者：diaodu calc contribution part_change=7.57亿元 parent_change=14.0亿元",
        ),
        (
            "completion actual= target=3",
            f"actual= 是空的；请写上一个数，如 8.5、8.5%、14.64亿元、56家\n{COMPLETION}",
        ),
        (
            "growth parts=1,2,3 weights=1,2",
            "weights=1、2：要和 parts 一样多，3个数，读到2个\n"
            "写法：diaodu calc growth parts=4.6%,6.5% weights=0.75,0.25",
        ),
        (
            "rank place=18位 n=17个",
            "place=18位：超出了总个数 n=17个；最多17个\n写法：diaodu calc rank place=13位 n=17个",
        ),
        (
            "pace_gap completion=5 months=13",
            "months=13：应是1至12的整数\n写法：diaodu calc pace_gap completion=22.7% months=4",
        ),
        (
            "pace_gap completion=5 day=2022-02-30",
            "day=2022-02-30：不是一个日子；请写成 2022-06-10 这样\n"
            "写法：diaodu calc pace_gap completion=22.7% day=2022-04-30",
        ),
        (
            "two_year_average growth=5亿元 last_growth=1",
            "growth=5亿元：这里的单位只能是 %、‰、倍 或不写\n"
            "写法：diaodu calc two_year_average growth=8.5% last_growth=0.6%",
        ),
        (
            "pp_diff a=8.5万% b=1",
            "a=8.5万%：这里的单位只能是 百分点、%、‰ 或不写\n"
            "写法：diaodu calc pp_diff a=8.5% b=6.8%",
        ),
        (
            "pp_diff a=8.5% b=0.2百分点",
            "单位不一致：a=8.5% 和 b=0.2百分点 不能换算；请换成同一种计量单位\n"
            "由一个百分数和相差的百分点推另一个，写 a=8.5% gap=0.2百分点\n"
            "写法：diaodu calc pp_diff a=8.5% b=6.8%",
        ),
        (
            "growth_needed goal=5 so_far=4 weights=0.75",
            "weights=0.75：要两个数，已过部分和余下部分，读到1个\n"
            "写法：diaodu calc growth_needed goal=5% so_far=4.6% weights=0.75,0.25",
        ),
        (
            "multi_year_path base=5 factor=2 years=3 n=1.5",
            "n=1.5：应是1至100的整数\n"
            "写法：diaodu calc multi_year_path base=181.51亿元 factor=2 years=3 n=1",
        ),
        (
            "multi_year_path base=5 factor=2 years=3 n=4",
            "n=4：超出了总年数 years=3；应是1至3的整数\n"
            "写法：diaodu calc multi_year_path base=181.51亿元 factor=2 years=3 n=1",
        ),
        (
            "sum values=5.,3",
            "values=5.：读不出一个数；请写成 8.5、8.5%、14.64亿元、56家 这样\n" + SUM,
        ),
    ],
)
def test_errors_say_what_and_what_to_do(line: str, text: str) -> None:
    with pytest.raises(DiaoduError) as raised:
        calc(line)
    assert str(raised.value) == text


def test_an_unknown_name_far_from_all_lists_them() -> None:
    with pytest.raises(DiaoduError, match="没有名为“zzz”的算法；可用的有：completion（完成率）、"):
        calc("zzz")


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (
            "share part=6个 whole=56个",
            '{"name": "share", "value": 10.714285714285714286, "lo": 10.714285714285714285, '
            '"hi": 10.714285714285714286, "word": null, '
            '"formula": "占比 = 6个 ÷ 56个 × 100（单位：%）"}',
        ),
        (
            "growth actual=1 base=0",
            '{"name": "growth", "value": null, "lo": null, "hi": null, "word": "zero_base", '
            '"formula": "增速 = (1 ÷ 0 − 1) × 100：同期为零，零基数没有增速"}',
        ),
        (
            "rank values=甲:1,乙:1 who=甲 direction=low",
            '{"name": "rank", "value": 1, "lo": 1, "hi": 1, "word": "并列", '
            '"formula": "甲在2个中从低到高排并列第1位：甲1、乙1"}',
        ),
        (
            "sum values=10000亿元,0.10亿元",
            '{"name": "sum", "value": 10000.1, "lo": 9999.595, "hi": 10000.605, "word": null, '
            '"formula": "合计 = 10000亿元 + 0.10亿元（2项）（单位：亿元）"}',
        ),
    ],
)
def test_json_line(line: str, text: str) -> None:
    assert to_json_line(calc(line)) == text
    assert list(json.loads(text)) == ["name", "value", "lo", "hi", "word", "formula"]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("share part=6个 whole=56个", "结果：10.7143\n占比 = 6个 ÷ 56个 × 100（单位：%）"),
        (
            "difference a=1.00005 b=1",
            "结果：0.0001（按印出的数，在 -0.5 与 0.5001 之间）\n差 = 1.00005 − 1",
        ),
        (
            "pace_gap completion=-0.00005 months=12",
            "结果：-100.0001（按印出的数，在 -100.0001 与 -100 之间）\n"
            "进度差 = (-0.00005%) − 12 ÷ 12 × 100，负数为落后（单位：百分点）",
        ),
        (
            "growth actual=1 base=-1",
            "结果：由负转正\n增速 = (1 ÷ (-1) − 1) × 100：由负转正，负基数没有增速",
        ),
        (
            "rank values=甲:1,乙:1 who=甲 direction=low",
            "结果：1（并列）\n甲在2个中从低到高排并列第1位：甲1、乙1",
        ),
    ],
)
def test_text_for_people(line: str, text: str) -> None:
    assert to_text(calc(line)) == text


def test_help_names_everything_and_its_examples_run() -> None:
    text = help_text()
    examples = [line.split("diaodu calc ")[1] for line in text.splitlines() if "例：" in line]
    assert list(dict.fromkeys(example.split(" ")[0] for example in examples)) == NAMES
    for example in examples:
        assert calc(example).value is not None
