"""Results of the calculator as sentences: one for every way of every calculation."""

from __future__ import annotations

import pytest

from diaodu.engine.compute.calculator import faults, forms, work_out
from diaodu.engine.report.calculated import left_open, printed, sentence

WAYS = [
    (form.name, dict(pair.split("=", 1) for pair in example.split(" ")))
    for form in forms().values()
    for example in form.examples
]


@pytest.mark.parametrize(("name", "arguments"), WAYS)
def test_every_way_has_its_sentence(name: str, arguments: dict[str, str]) -> None:
    said = sentence(*work_out(name, arguments))
    assert said.endswith("。") and said.count("。") == 1
    assert "{" not in said and "-" not in said.replace("2022-", "")
    assert not any(f"{key}=" in said for key in arguments)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("completion actual=14.64亿元 target=173873万元",
         "完成14.64亿元，为目标173873万元的84.2%。"),
        ("pace_gap completion=22.7% months=4",
         "已过4个月，完成率22.7%，落后序时进度10.6个百分点。"),
        ("pace_gap completion=60% months=4", "已过4个月，完成率60%，超序时进度26.7个百分点。"),
        ("growth actual=46.28亿元 base=39.22亿元", "本期46.28亿元，同期39.22亿元，增长18.0%。"),
        ("growth actual=3.00亿元 base=4.00亿元", "本期3.00亿元，同期4.00亿元，下降25.0%。"),
        ("growth actual=4.00亿元 base=4.00亿元", "本期4.00亿元，同期4.00亿元，持平。"),
        ("growth actual=3亿元 base=0亿元", "本期3亿元，同期0亿元，算不出数：同期为零。"),
        ("pp_diff a=6.8% b=8.5%", "6.8%比8.5%低1.7个百分点。"),
        ("mean_required gap=21.8亿元 periods_left=30天",
         "还差21.8亿元，余下30天，平均每期需完成0.73亿元。"),
        ("mean_required target=33161万元 actual=13462万元 periods_left=3",
         "目标33161万元，已完成13462万元，余下3期，平均每期需完成6,566.33万元。"),
        ("gap_to_close target=50亿元 done=24亿元 reportable=30亿元",
         "目标50亿元，已完成24亿元，在库可报30亿元，富余4.00亿元。"),
        ("rank values=甲:1.2,乙:3 who=甲 direction=high", "甲在2个中从高到低排第2位。"),
        ("two_year_average growth=8.5% last_growth=-0.6%",
         "今年增速8.5%，去年增速−0.6%，两年平均增长3.9%。"),
    ],
)  # fmt: skip
def test_what_it_says(call: str, said: str) -> None:
    name, *pairs = call.split(" ")
    assert sentence(*work_out(name, dict(pair.split("=", 1) for pair in pairs))) == said


def test_what_rounding_leaves_open_stands_beside() -> None:
    worked = work_out("contribution", {"pull": "1.72百分点", "parent_growth": "4.56%"})
    assert printed(*worked) == "37.7%"
    assert left_open(*worked) == "按印出的数，在37.6%与37.9%之间"
    assert left_open(*work_out("share", {"part": "6个", "whole": "56个"})) == ""


def test_a_place_is_called_one() -> None:
    assert printed(*work_out("rank", {"place": "13位", "n": "17个"})) == "第5位"


def test_a_word_stands_where_there_is_no_number() -> None:
    worked = work_out("ratio", {"a": "62亿元", "b": "0个"})
    assert printed(*worked) == "除数为零"
    assert left_open(*worked) == ""


def test_faults_stand_at_their_key_in_words() -> None:
    found = faults("completion", {"actual": "很多", "target": "12公里/时"})
    assert [key for key, _ in found] == ["actual", "target"]
    assert found[0][1].startswith("很多：读不出一个数")
    (both,) = faults("completion", {"actual": "5亿元", "target": "7个"})
    assert both[0] == "" and "实绩5亿元" in both[1] and "目标7个" in both[1]
    (rank,) = faults("rank", {"values": "甲:1,乙:2", "who": "丙", "direction": "high"})
    assert rank[1].startswith("排谁丙：各单位的数 里没有它")
