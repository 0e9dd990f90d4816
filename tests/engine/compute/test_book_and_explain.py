"""Looking measures up, and telling where they come from."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from diaodu.engine.compute.book import MeasureBook, compare
from diaodu.engine.compute.explain import (
    ExplainError,
    Names,
    as_json,
    as_text,
    explain,
    to_json,
)
from diaodu.engine.ground.period import parse_period

NOW, LAST = "2023-01/05", "2022-01/05"


class Memory:
    """A run that lies in memory."""

    def __init__(self, county, results):
        self.rows, self.by_key, self.sets = results.rows, results.by_key, results.sets()
        self.seen = {one.obs_id: one for one in county.observations}
        self.aims = {one.target_id: one for one in county.targets}
        self.names = Names(
            {
                "indicator": {"税收": "tax", "税收收入": "tax", "tax": "tax"},
                "org": {"甲县": "a", "a": "a", "b": "b"},
            },
            {"tax": "税收", "a": "甲县", "b": "乙县", "c": "丙县", "city": "示例市",
             "land": "示例省", "city/county": "示例市各县"},
            {"a": "city", "b": "city", "c": "city", "city": "land"},
        )  # fmt: skip

    def measures_of(self, indicator, org):
        return [r for r in self.rows if (r.indicator, r.org) == (indicator, org)]

    def measures(self, keys):
        return {key: self.by_key[key] for key in keys if key in self.by_key}

    def observations(self, ids):
        return {name: self.seen[name] for name in ids if name in self.seen}

    def targets(self, ids):
        return {name: self.aims[name] for name in ids if name in self.aims}

    def peer_sets(self, ids):
        return {name: self.sets[name] for name in ids if name in self.sets}


@pytest.fixture
def full(county):
    for org, value, base in (("a", "12.5", "10"), ("b", "9", "10"), ("c", "30", "10")):
        county.see(org, NOW, value)
        county.see(org, LAST, base)
    county.aim("a", "30")
    return county


def test_the_book(full):
    results = full.compute()
    book = MeasureBook(results.computed.measures)
    assert book.get("tax", "a", "growth").shown == "25.0"
    assert book.get("tax", "a", "growth", base="2021-01/05") is None
    assert book.get("tax", "a", "completion") is None  # belongs to a target
    target = full.targets[0].target_id
    assert book.get("tax", "a", "completion", target_id=target).shown == "41.7"
    assert book.get("tax", "nobody", "growth") is None
    assert list(book.of("tax", "a")) == [
        r for r in results.rows if (r.indicator, r.org) == ("tax", "a")
    ]
    table = book.rank_table("tax", "city/county", "rank_growth")
    assert [(one.org, one.shown) for one in table] == [("c", "1"), ("a", "2"), ("b", "3")]
    assert (book.indicators(), book.orgs("tax")) == (["tax"], ["a", "b", "c"])


def test_the_book_of_one_month_out_of_many(full):
    full.see("a", "2023-01/06", "15")
    everything = full.compute_all().computed
    book = MeasureBook(everything.measures, {"tax": parse_period(NOW)}, parse_period("2023-05"))
    assert book.get("tax", "a", "value").shown == "12.50"


@pytest.mark.parametrize(
    ("lo", "value", "hi", "goal", "verdict"),
    [
        ("8.45", "8.5", "8.55", "8.5", "at"),
        ("8.45", "8.5", "8.55", "8.45", "above"),
        ("8.45", "8.5", "8.55", "8.55", "below"),
        ("8.45", "8.5", "8.55", "8.52", "undecidable"),
        ("8.45", "8.5", "8.55", "8.48", "undecidable"),
        ("8.45", "8.5", "8.55", "8.4", "above"),
        ("8.45", "8.5", "8.55", "9", "below"),
        (None, "8.5", None, "9", "undecidable"),
    ],
)
def test_comparison_at_printed_precision(full, lo, value, hi, goal, verdict):
    def number(text):
        return None if text is None else Decimal(text)

    some = full.compute().rows[0]._replace(value=number(value), lo=number(lo), hi=number(hi))
    assert compare(some, Decimal(goal)) == verdict


def test_a_word_cannot_be_compared(full):
    some = full.compute().rows[0]._replace(value=None, word="no_base")
    with pytest.raises(ValueError, match="has no number"):
        compare(some, Decimal(1))


def test_the_tree_ends_in_cells(full):
    node = explain(Memory(full, full.compute()), "税收", "甲县", "2023年1—5月", "pace_gap")
    told = as_json(node)
    assert (told["kind"], told["shown"], told["unit"]) == ("measure", "0.0", "百分点")
    completion, _ = told["inputs"]
    value, target = completion["inputs"]
    assert (value["kind"], target["kind"]) == ("measure", "target")
    cell = value["inputs"][0]
    assert {name: cell[name] for name in (
        "kind", "value", "shown", "unit", "file", "sheet", "cell", "value_given", "unit_given",
        "received", "inputs",
    )} == {
        "kind": "observation", "value": 12.5, "shown": "12.5", "unit": "亿元",
        "file": "2023-06-12/表.xlsx", "sheet": "表", "cell": "B1", "value_given": "12.5",
        "unit_given": "亿元", "received": "2023-06-12", "inputs": [],
    }  # fmt: skip
    assert (target["value"], target["cell"]) == (30, "G2")
    assert json.loads(to_json(node), parse_float=Decimal) == told


def test_the_json_has_the_contracts_keys_alone_and_every_digit(full):
    full.aim("a", "40", tier="stretch")
    node = explain(Memory(full, full.compute()), "tax", "a", NOW, "completion")
    assert node.others
    exact = replace(node, value=Decimal("123456789.123456789012"), inputs=())
    assert to_json(exact).splitlines()[1:5] == [
        f' "key": "{node.key}",', ' "kind": "measure",', ' "value": 123456789.123456789012,',
        ' "shown": "41.7",',
    ]  # fmt: skip
    assert list(json.loads(to_json(node))) == [
        "key", "kind", "value", "shown", "word", "unit", "formula", "inputs",
    ]  # fmt: skip


def test_the_tree_in_words(full):
    assert as_text(explain(Memory(full, full.compute()), "tax", "a", "2023年5月", "growth")) == (
        "甲县 2023年1—5月 税收 增速（计算）·2022年1—5月：25.0%　（本期 ÷ 上年同期 − 1）× 100\n"
        "  来数：12.5亿元　自报来数：总量\n"
        "    └ 2023-06-12/表.xlsx 工作表“表” B1，原文“12.5亿元”，2023-06-12收到\n"
        "  2022年1—5月 来数：10亿元　自报来数：总量\n"
        "    └ 2023-06-12/表.xlsx 工作表“表” B2，原文“10亿元”，2023-06-12收到"
    )


def test_a_rank_opens_to_all_its_peers(full):
    node = explain(Memory(full, full.compute()), "tax", "a", NOW, "rank_level")
    assert sorted(one.shown for one in node.inputs) == ["12.5", "30", "9"]
    assert {one.kind for one in node.inputs} == {"observation"}
    assert node.title == "甲县 2023年1—5月 税收 总量位次·示例市各县"
    assert sorted(one.title for one in node.inputs) == ["丙县 来数", "乙县 来数", "来数"]


def test_without_a_measure_it_is_the_value(full):
    assert explain(Memory(full, full.compute()), "tax", "a", NOW).key == f"tax|a|{NOW}|value|||"


def test_several_of_one_name_are_told(full):
    full.aim("a", "40", tier="stretch")
    node = explain(Memory(full, full.compute()), "tax", "a", NOW, "completion")
    (other,) = node.others
    assert (node.title, other.title) == (
        "甲县 2023年1—5月 税收 完成率·上级下达总量", "完成率·力争总量",
    )  # fmt: skip
    assert as_text(node).splitlines()[-2:] == [
        "也符合的还有，要看哪一个就在命令后加上：",
        f"  --measure '{other.key}'　完成率·力争总量",
    ]
    for written in (other.key, other.key.split("|", 3)[3]):
        again = explain(Memory(full, full.compute()), "tax", "a", NOW, written)
        assert (again.key, again.others) == (other.key, ())


def test_the_nearest_org_above_comes_first(full):
    full.orgs[0]["parent"] = "land"
    full.orgs.insert(0, {"id": "land", "name": "示例省", "level": "province"})
    for org, growth in (("a", "5.0"), ("city", "4.0"), ("land", "3.0")):
        full.see(org, NOW, growth, facet="growth")
    node = explain(Memory(full, full.compute()), "tax", "a", NOW, "与上级增速之差")
    assert (node.shown, node.title) == ("1.0", "甲县 2023年1—5月 税收 与上级增速之差·示例市")
    assert [other.title for other in node.others] == ["与上级增速之差·示例省"]


@pytest.mark.parametrize(
    ("written", "measure"),
    [
        ("增速", "growth"),
        ("增速（计算）", "growth"),
        ("增速(计算)", "growth"),
        ("上年同期", "last_year"),
        ("完成率", "completion"),
        ("进度欠账", "arrears_pace"),
        ("进度欠账（百分点）", "arrears_pace_pp"),
    ],
)
def test_measures_have_chinese_names(full, written, measure):
    node = explain(Memory(full, full.compute()), "税收收入", "a", NOW, written)
    assert node.key.split("|")[3] == measure


def test_a_growth_is_the_published_one_first(full):
    full.see("a", NOW, "24.8", facet="growth")
    assert explain(Memory(full, full.compute()), "税收", "a", NOW, "增速").shown == "24.8"


@pytest.mark.parametrize("indicator", ["税收", "—", "-", "什么都行"])
@pytest.mark.parametrize("measure", ["count_no_target", "未下达目标个数"])
def test_the_counts_of_an_org_belong_to_no_indicator(full, indicator, measure):
    full.indicators[0]["headline"] = True
    node = explain(Memory(full, full.compute()), indicator, "b", NOW, measure)
    assert (node.key, node.title) == (
        f"|b|{NOW}|count_no_target|||", "乙县 2023年1—5月 未下达目标个数",
    )  # fmt: skip
    by_key = explain(Memory(full, full.compute()), indicator, "b", NOW, node.key)
    assert by_key.key == node.key


@pytest.mark.parametrize(
    ("indicator", "org", "period", "measure", "message"),
    [
        ("零售", "a", NOW, None, "结果里没有指标“零售”；请写编号或全称"),
        ("tax", "丁县", NOW, None, "结果里没有单位“丁县”；请写编号或全称"),
        ("税收受入", "a", NOW, None,
         "结果里没有指标“税收受入”，是不是“税收收入”（税收）？请写编号或全称"),
        ("税入", "a", NOW, None,
         "结果里没有指标“税入”，是不是“税收收入”（税收）？请写编号或全称"),
        ("tax", "甲", NOW, None, "结果里没有单位“甲”，是不是“甲县”？请写编号或全称"),
        ("税收", "甲县", "2023年6月", None,
         "“甲县”的“税收”没有2023年6月的结果；有的统计期：2023年1—5月"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_said(full, indicator, org, period, measure, message):
    with pytest.raises(ExplainError) as told:
        explain(Memory(full, full.compute()), indicator, org, period, measure)
    assert str(told.value) == message


def test_an_unknown_measure_lists_those_there_are(full):
    with pytest.raises(ExplainError) as told:
        explain(Memory(full, full.compute()), "tax", "a", NOW, "speed")
    assert str(told.value).startswith(
        "“a”的“tax”在这一期没有“speed”；有的是：本期值（value）、上年同期（last_year）、"
    )
    with pytest.raises(ExplainError, match="在这一期没有“进度欠帐”，是不是“进度欠账”？有的是："):
        explain(Memory(full, full.compute()), "tax", "a", NOW, "进度欠帐")
    with pytest.raises(ExplainError, match=r"在这一期没有“tax\|b"):
        explain(Memory(full, full.compute()), "tax", "a", NOW, f"tax|b|{NOW}|value|||")
