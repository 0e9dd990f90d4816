"""结构与走势: one sentence for each measure behind the figure, to the letter."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest

from diaodu.engine.report.bulletin import bulletin
from diaodu.engine.report.document import numerals, plain_text, text_of
from diaodu.engine.report.headlines import headline
from diaodu.engine.report.material import Material
from diaodu.engine.report.structure import structure
from diaodu.engine.rules.models import BandSet, Breakdown, Standing
from diaodu.engine.rules.rulebook import Rulebook

ASSIGNED, GROWTH, OWN = (f"aaaa00000000000{n}" for n in (1, 2, 3))
NATURE = {"from": "2020-01", "name": "三个部分", "id": "parts", "of": "indicators"}
BREAKDOWNS = (
    Breakdown.model_validate(
        {**NATURE, "indicators": ["retail"], "parts": ["revenue", "profit", "start"]}
    ),
    Breakdown.model_validate(
        {"from": "2020-01", "id": "towns", "name": "各乡镇", "of": "orgs", "parent": "xian"}
    ),
)
STANDINGS = (
    Standing.model_validate(
        {
            "from": "2020-01", "id": "thirds",
            "classes": [
                {"name": "前三分之一", "upto": "1/3"}, {"name": "中间", "upto": "2/3"},
                {"name": "后三分之一", "upto": "1"},
            ],
        }
    ),
)  # fmt: skip


def material(case: ModuleType, book: Any, **changed: Any) -> Material:
    rules: Rulebook = replace(case.rulebook(), breakdowns=BREAKDOWNS, standings=STANDINGS)
    found = case.material(book=book, **{"rulebook": rules, "targets": [], **changed})
    assert isinstance(found, Material)
    return found


def told(case: ModuleType, book: Any, **changed: Any) -> list[str]:
    return [text_of(each.spans) for each in structure(material(case, book, **changed))]


def retail(sentence: str) -> list[str]:
    return [f"1—5月，社会消费品零售总额：{sentence}。"]


ALONE = [
    # measure, value, key and unit, sentence
    ("month_growth_published", "6.0", {}, "当月增长6.0%"),
    ("month_growth", "-6.0", {}, "当月下降6.0%（按总量推算）"),
    ("month_growth_solved", "6.04", {}, "当月增长6.0%（由累计增速推算，只供参考）"),
    ("month_growth_published", "0", {}, "当月与上年同期持平"),
    ("streak_month", "3", {"decimals": 0}, "当月增速连续3个月上升"),
    ("streak_month", "-4", {"decimals": 0}, "当月增速连续4个月回落"),
    ("streak_sign", "12", {"decimals": 0}, "连续12个月增长"),
    ("streak_sign", "-5", {"decimals": 0}, "连续5个月下降"),
    ("two_year_average", "4.48", {"base": "2021-01/05"}, "两年平均增长4.5%（以2021年1—5月为基期）"),
    ("two_year_average", "-1.2", {"base": "2021-01/05"}, "两年平均下降1.2%（以2021年1—5月为基期）"),
    ("two_year_average", "0.04", {"base": "2021-01/05"}, "两年平均持平（以2021年1—5月为基期）"),
    ("growth_change_year_pp", "-0.9", {"base": "2022-01/12"}, "增速比上年全年回落0.9个百分点"),
    ("like_for_like", "5.2", {"peer_group": "towns"}, "同口径增长5.2%"),
    ("recognition_gap", "0.6", {"unit": "亿元"}, "自报数比上级认定数多0.6亿元"),
    ("recognition_gap", "-0.6", {"unit": "亿元"}, "自报数比上级认定数少0.6亿元"),
    ("recognition_gap", "0", {"unit": "亿元"}, "自报数与上级认定数一致"),
    (
        "rank_growth_gap_next", "0.3", {"peer_group": "city/county", "unit": "百分点"},
        "增速在全市距前一位0.3个百分点",
    ),
    (
        "rank_level_gap_next", "0.3", {"peer_group": "city/county", "unit": "亿元"},
        "总量在全市距前一位0.3亿元",
    ),
    (
        "rank_growth_gap_behind", "0", {"peer_group": "city/county", "unit": "百分点"},
        "增速在全市与后一位相同",
    ),
    (
        "range_growth", "12.3", {"peer_group": "xian/township", "unit": "百分点"},
        "各乡镇增速最高与最低相差12.3个百分点",
    ),
    (
        "variation_level", "45.1", {"peer_group": "xian/township"},
        "各乡镇总量离散系数45.1%",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("measure", "value", "key", "sentence"), ALONE)
def test_a_sentence_for_each_measure(
    case: ModuleType, measure: str, value: str, key: dict[str, Any], sentence: str
) -> None:
    book = case.Book()
    book.put("retail", measure, value, **key)
    book.put("retail", "growth_published", "18.6")
    assert told(case, book) == retail(sentence)


def test_a_word_is_told_elsewhere(case: ModuleType) -> None:
    book = case.Book()
    book.put("retail", "two_year_average", None, word="negative_base", base="2021-01/05")
    book.put("retail", "month_growth", None, word="undecidable")
    assert told(case, book) == []


def test_a_streak_that_may_be_longer_says_so(case: ModuleType) -> None:
    book = case.Book()
    book.put("retail", "streak_sign", "36", decimals=0)
    book.measures[-1] = book.measures[-1]._replace(hi=None)
    assert told(case, book) == retail("至少连续36个月增长")


@pytest.mark.parametrize(("months", "tells"), [("2", False), ("-2", False), ("3", True)])
def test_two_months_are_no_streak(case: ModuleType, months: str, tells: bool) -> None:
    book = case.Book()
    book.put("retail", "streak_month", months, decimals=0)
    assert bool(told(case, book)) is tells


def test_a_quarter_alone_is_no_streak(case: ModuleType) -> None:
    book = case.Book()
    quarter = "2023-01/03"
    book.put("gdp", "streak_sign", "3", decimals=0, period=quarter)
    assert told(case, book) == []
    book = case.Book()
    book.put("gdp", "streak_sign", "6", decimals=0, period=quarter)
    assert told(case, book) == ["一季度（最新发布期），地区生产总值：连续6个月增长。"]


CHANGES = [
    ("18.6", "0.3", "3", "增速比1—4月提高0.3个百分点、连续3个月提高"),
    ("18.6", "-0.3", "-4", "增速比1—4月回落0.3个百分点、连续4个月回落"),
    ("-3.1", "0.4", "3", "降幅比1—4月收窄0.4个百分点、连续3个月收窄"),
    ("-3.1", "-0.4", "-3", "降幅比1—4月扩大0.4个百分点（增速连续3个月回落）"),
    ("1.2", "3.0", "3", "增速比1—4月由负转正、提高3.0个百分点（增速连续3个月提高）"),
    ("18.6", "0.3", "2", "增速比1—4月提高0.3个百分点"),
    ("18.6", "0.3", "-3", "增速比1—4月提高0.3个百分点"),
    ("18.6", "0", "0", "增速与1—4月持平"),
]


@pytest.mark.parametrize(("growth", "change", "months", "sentence"), CHANGES)
def test_the_headline_tells_the_streak_behind_the_change(
    case: ModuleType, growth: str, change: str, months: str, sentence: str
) -> None:
    book = case.Book()
    book.put("retail", "value", "44.4", unit="亿元", decimals=2)
    book.put("retail", "growth_published", growth)
    book.put("retail", "growth_change_pp", change, base=case.APRIL, unit="百分点")
    book.put("retail", "streak", months, unit="个月", decimals=0)
    found = material(case, book)
    assert text_of(headline(found, found.rulebook.indicators["retail"])).endswith(f"，{sentence}。")


def test_a_balance_is_told_against_the_beginning_of_the_year(case: ModuleType) -> None:
    book = case.Book()
    key = {"period": "2023-05", "base": "2022-12"}
    book.put("deposit", "change", "3.2", unit="亿元", **key)
    book.put("deposit", "growth", "2.73", **key)
    book.put("deposit", "change", "9", unit="亿元", period="2023-05", base="2022-05")
    assert told(case, book) == ["5月末，金融机构各项存款余额：比年初增加3.2亿元，增长2.7%。"]


def test_a_flow_is_not_told_against_a_whole_year(case: ModuleType) -> None:
    book = case.Book()
    book.put("retail", "change", "-60", unit="亿元", base="2022-01/12")
    assert told(case, book) == []


NEEDED = [
    (ASSIGNED, "12.34", "要完成上级下达任务106.6亿元，余下时间需增长12.3%"),
    (ASSIGNED, "-3.2", "要完成上级下达任务106.6亿元，余下时间降幅不能超过3.2%"),
    (ASSIGNED, "0", "要完成上级下达任务106.6亿元，余下时间需与上年同期持平"),
    (ASSIGNED, "-100", "已提前完成上级下达任务106.6亿元"),
    (GROWTH, "4.0", "要达到上级下达增速目标（9%以上），余下时间需增长4.0%"),
]


@pytest.mark.parametrize(("target", "value", "sentence"), NEEDED)
def test_what_the_rest_of_the_year_needs(
    case: ModuleType, target: str, value: str, sentence: str
) -> None:
    book = case.Book()
    book.put("retail", "growth_needed", value, target_id=target, base="2022-01/12")
    assert told(case, book, targets=case.TARGETS) == retail(sentence)


BANDS = BandSet.model_validate(
    {"id": "bands", "of": "pace_gap",
     "bands": [{"name": "慢于序时", "hi": -1}, {"name": "基本同步", "lo": -1}]}
)  # fmt: skip


def test_a_completion_has_a_name_and_a_length(case: ModuleType) -> None:
    book = case.Book()
    rules = replace(case.rulebook(), bands=(BANDS,))
    book.put("retail", "completion_band", "2", target_id=ASSIGNED, base="bands", decimals=0)
    book.put("retail", "streak_target", "-5", target_id=ASSIGNED, decimals=0)
    assert told(case, book, targets=case.TARGETS, rulebook=rules) == retail(
        "上级下达任务的进度属“基本同步”，连续5个月没有达到上级下达任务的要求"
    )


def test_parts_pull_in_the_order_of_their_pull(case: ModuleType) -> None:
    book = case.Book()
    key = {"base": "retail", "peer_group": "parts", "unit": "百分点", "decimals": 2}
    book.put("revenue", "pull", "-0.22", **key)
    book.put("profit", "pull", "2.62", **key)
    book.put("start", "pull", "0", **key)
    book.put("profit", "contribution", "109.2", base="retail", peer_group="parts")
    book.put("retail", "pull_other", "0.10", base="2022-01/05", peer_group="parts",
             unit="百分点", decimals=2)  # fmt: skip
    assert told(case, book) == retail(
        "从三个部分看，规上工业利润总额拉动2.62个百分点（贡献率109.2%），"
        "新开工500万元以上项目基本没有拉动，一般公共预算收入下拉0.22个百分点，"
        "其他部分拉动0.10个百分点"
    )


def test_a_part_of_a_fall_contributes_to_the_fall(case: ModuleType) -> None:
    book = case.Book()
    for town, pull, share in (("t1", "-1.50", "75.0"), ("t2", "0.50", None)):
        key = {"org": town, "base": "xian", "peer_group": "towns"}
        book.put("retail", "pull", pull, unit="百分点", decimals=2, **key)
        word = None if share else "not_comparable"
        book.put("retail", "contribution", share, word=word, **key)
    assert told(case, book) == retail(
        "从各乡镇看，东河镇拉动0.50个百分点，城关镇下拉1.50个百分点（对下降的贡献率75.0%）"
    )


def test_many_parts_are_told_by_both_ends(case: ModuleType) -> None:
    book = case.Book()
    rules = case.rulebook()
    breakdown = Breakdown.model_validate(
        {**NATURE, "indicators": ["retail"],
         "parts": ["gdp", "ind", "revenue", "deposit", "pm25", "start", "profit"]}
    )  # fmt: skip
    for number, part in enumerate(breakdown.parts, 1):
        book.put(part, "pull", f"{number}", base="retail", peer_group="parts", decimals=0)
    book.put("retail", "pull_other", "-2", base="2022-01/05", peer_group="parts", decimals=0)
    rules = replace(rules, breakdowns=(breakdown,))
    assert told(case, book, rulebook=rules) == retail(
        "从三个部分看，居前的是规上工业利润总额拉动7个百分点、"
        "新开工500万元以上项目拉动6个百分点、PM2.5浓度拉动5个百分点，"
        "居后的是一般公共预算收入拉动3个百分点、规上工业增加值拉动2个百分点、"
        "地区生产总值拉动1个百分点，其他部分下拉2个百分点"
    )


def test_what_came_and_went_stands_beside_the_like_for_like(case: ModuleType) -> None:
    book = case.Book()
    book.put("retail", "like_for_like", "-1.5", peer_group="towns")
    book.put("retail", "coverage_effect_pp", "4.2", peer_group="towns", unit="百分点")
    book.put("retail", "coverage_effect", "1.3", peer_group="towns", unit="亿元")
    book.put("retail", "recognition_gap", "0.6", unit="亿元")
    book.put("retail", "recognition_gap_pct", "1.4")
    assert told(case, book) == retail(
        "同口径下降1.5%，单位进退拉高增速4.2个百分点，进退相抵增加1.3亿元，"
        "自报数比上级认定数多0.6亿元（占自报数的1.4%）"
    )


def test_a_group_is_named_once(case: ModuleType) -> None:
    book = case.Book()
    towns = {"peer_group": "xian/township"}
    book.put("retail", "range_growth", "7.3", unit="百分点", **towns)
    book.put("retail", "range_level", "1.93", unit="亿元", decimals=2, **towns)
    book.put("retail", "variation_level", "40.0", **towns)
    assert told(case, book) == retail(
        "各乡镇增速最高与最低相差7.3个百分点，总量最大与最小相差1.93亿元，总量离散系数40.0%"
    )


def test_neighbours_and_trend_are_sentences_of_their_own(case: ModuleType) -> None:
    book = case.Book()
    book.put("retail", "two_year_average", "4.5", base="2021-01/05")
    peers = {"peer_group": "city/county", "unit": "百分点"}
    book.put("retail", "rank_growth_gap_next", "0.3", **peers)
    book.put("retail", "rank_growth_gap_behind", "6.6", **peers)
    assert told(case, book) == retail(
        "两年平均增长4.5%（以2021年1—5月为基期）；"
        "增速在全市距前一位0.3个百分点，领先后一位6.6个百分点"
    )


def test_the_distribution_of_places_keeps_the_order_of_its_classes(case: ModuleType) -> None:
    book = case.Book()
    for name, count in (("后三分之一", "1"), ("前三分之一", "5"), ("中间", "0")):
        book.put("", "places_growth", count, base=name, peer_group="city/county", unit="个",
                 decimals=0)  # fmt: skip
    assert told(case, book) == [
        "主要指标增速位次在全市的分布：前三分之一5个、中间0个、后三分之一1个。"
    ]


def test_the_section_stands_in_the_bulletin_and_every_numeral_has_its_key(
    case: ModuleType,
) -> None:
    book = case.book()
    book.put("retail", "two_year_average", "4.5", base="2021-01/05")
    rules = case.rulebook()
    outline = rules.outlines[0].model_copy(update={"sections": ("structure",)})
    found = bulletin(material(case, book, rulebook=replace(rules, outlines=(outline,))))
    assert "一、结构与走势\n" in plain_text(found)
    shown = {measure.key: measure.shown for measure in book.measures}
    (numeral,) = numerals(found)
    assert (numeral.text, shown[numeral.key]) == ("4.5", "4.5")


def test_an_empty_section_says_so(case: ModuleType) -> None:
    rules = case.rulebook()
    outline = rules.outlines[0].model_copy(update={"sections": ("structure",)})
    found = bulletin(material(case, case.Book(), rulebook=replace(rules, outlines=(outline,))))
    assert "本期没有结构和走势方面的计算结果。" in plain_text(found)


def test_what_was_computed_beside_a_real_growth_is_at_current_prices(case: ModuleType) -> None:
    book = case.Book()
    key = {"base": "retail", "peer_group": "parts", "unit": "百分点", "decimals": 2}
    book.put("profit", "pull", "-1.95", **key)
    book.put("retail", "month_growth", "4.9")
    book.put("retail", "streak_month", "6", decimals=0)
    rules = replace(case.rulebook(), breakdowns=BREAKDOWNS)
    quarterly = {"price": "real", "cadence": "quarter"}
    retail_real = rules.indicators["retail"].model_copy(update=quarterly)
    changed = replace(rules, indicators={**rules.indicators, "retail": retail_real})
    book.measures = [one._replace(period="2023-01/03") for one in book.measures]
    sentences = told(case, book, rulebook=changed)
    assert len(sentences) == 1
    assert "当季增长4.9%（按现价总量推算），当季增速连续6个月上升" in sentences[0]
    assert (
        "从三个部分看（按现价总量计算，不同于公布的可比价增速），规上工业利润总额下拉1.95个百分点"
        in sentences[0]
    )


@pytest.mark.parametrize(
    ("months", "sentence"),
    [("3", "连续3个月控制在上级下达上限以内"), ("-4", "至少连续4个月超出上级下达上限")],
)
def test_a_ceiling_is_kept_or_broken(case: ModuleType, months: str, sentence: str) -> None:
    book = case.Book()
    ceiling = next(one.target_id for one in case.TARGETS if one.kind == "ceiling")
    book.put("pm25", "streak_target", months, target_id=ceiling, decimals=0)
    if "至少" in sentence:
        book.measures = [one._replace(lo=None) for one in book.measures]
    [told_of] = told(case, book, targets=case.TARGETS)
    assert told_of.endswith(f"：{sentence}。")
