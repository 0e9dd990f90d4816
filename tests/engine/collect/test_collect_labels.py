"""What a printed text says, and what is asked about instead of guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sheets_for_tests import rulebook

from diaodu.engine.collect.names import build_names
from diaodu.engine.collect.values import converted, kind_of_text, power_of_ten, read_rank, read_text
from diaodu.engine.ground.quantity import unit_ratio

NAMES = build_names(rulebook())


@pytest.mark.parametrize(
    "text",
    [
        "固定资产投资",
        "固投",
        "固定资产 投资",
        "　固定资产投资",
        "一、固定资产投资",
        "1.固定资产投资",
        "1、固定资产投资",
        "（一）固定资产投资",
        "其中：固定资产投资",
        "固定资产投资①",
        "固定资产投资*",
        "固定资产投资1",
        "固定资产投资（亿元）",
        "固定资产投资(万元)",
        "固定资产投资_累计",
        "固定资产投资:累计值",
        "固定资产投资累计增长(%)",
        "2023年1-5月固定资产投资",
        "#固定资产投资",
        "固定资产投资完成额",
        "累计固定资产投资",
        "示例县固定资产投资",
    ],
)
def test_ways_to_print_an_indicator(text: str) -> None:
    label = NAMES.label(text)
    assert (label.indicators, label.rest) == (("fai",), "")


@pytest.mark.parametrize(
    ("text", "orgs"),
    [
        ("甲镇", ("jia",)),
        ("甲 镇", ("jia",)),
        ("甲　镇", ("jia",)),
        ("甲镇1", ("jia",)),
        ("甲镇①", ("jia",)),
        ("甲镇*", ("jia",)),
        ("示例县甲镇", ("jia",)),
        ("丙街", ("bing",)),
        ("甲镇人民政府", ("jia",)),
        ("广县", ("guang", "guang2")),
        ("甘肃省广县", ("guang2",)),
    ],
)
def test_ways_to_print_an_org(text: str, orgs: tuple[str, ...]) -> None:
    label = NAMES.label(text)
    assert (label.orgs, label.rest) == (orgs, "")


@pytest.mark.parametrize(
    "text",
    [
        "固定资产投资（不含农户）",
        "民间固定资产投资",
        "固定资产投资占GDP比重的变化率",
        "甲镇二村",
        "国内生产总值(不变价)",
        "规上工业增加值能耗",
    ],
)
def test_what_is_not_fully_understood_has_a_rest(text: str) -> None:
    """Another scope is another indicator: a bracket or word nobody knows is never passed over."""
    assert NAMES.label(text).rest


@pytest.mark.parametrize(
    ("text", "facet", "reading"),
    [
        ("累计", "", "cumulative"),
        ("本月", "", "single"),
        ("总量", "level", ""),
        ("同比", "growth", ""),
        ("同比±%", "growth", ""),
        ("增长%", "growth", ""),
        ("增速（%）", "growth", ""),
        ("增幅", "growth", ""),
        ("比上年增长(%)", "growth", ""),
        ("累计增长(%)", "growth", "cumulative"),
        ("累计同比实际增速", "growth", "cumulative"),
        ("当期同比实际增速", "growth", "single"),
        ("位次", "rank", ""),
        ("增速位次", "rank_growth", ""),
        ("总量排名", "rank_level", ""),
        ("占比", "share", ""),
        ("比重%", "share", ""),
        ("完成%", "completion", ""),
        ("完成率", "completion", ""),
        ("占年度计划%", "completion", ""),
        ("增减百分点", "change_pp", ""),
        ("期末余额", "", "end"),
        ("完成情况", "", ""),
        ("数值", "plain", ""),
    ],
)
def test_facet_words(text: str, facet: str, reading: str) -> None:
    label = NAMES.label(text)
    assert (label.facet, label.reading, label.rest) == (facet, reading, "")


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("单位：万元", ("万元",)),
        ("（亿元）", ("亿元",)),
        ("单位:亿元、%", ("亿元", "%")),
        ("总量（万平方米）", ("万平方米",)),
        ("同比(%)", ("%",)),
        ("元/人", ("元/人",)),
    ],
)
def test_units_in_texts(text: str, units: tuple[str, ...]) -> None:
    label = NAMES.label(text)
    assert (label.units, label.rest) == (units, "")


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("2017Q2", ["2017-04/06"]),
        ("2020年第一季度", ["2020-01/03"]),
        ("2023年1-5月", ["2023-01/05"]),
        ("2023年5月累计", ["2023-01/05"]),
        ("2023-05", ["2023-05"]),
        ("2022年", ["2022-01/12"]),
    ],
)
def test_periods_in_texts(text: str, ids: list[str]) -> None:
    label = NAMES.label(text)
    assert ([written.period.id for written in label.periods], label.rest) == (ids, "")


def test_a_month_without_year_takes_the_one_given() -> None:
    assert NAMES.label("5月").yearless == "5月"
    assert NAMES.label("5月").periods == ()
    assert [w.period.id for w in NAMES.label("5月", 2023).periods] == ["2023-05"]


@pytest.mark.parametrize(
    ("text", "number", "digits", "unit"),
    [
        ("1,234.50", "1234.50", 2, ""),
        ("１，２３４", "1234", 0, ""),
        ("8.3%", "8.3", 1, "%"),
        ("８．３％", "8.3", 1, "%"),
        ("−3.2", "-3.2", 1, ""),
        ("－3.2", "-3.2", 1, ""),
        ("一46.6%", "-46.6", 1, "%"),
        ("（1,234）", "-1234", 0, ""),
        ("1.2亿元", "1.2", 1, "亿元"),
        ("+5", "5", 0, ""),
    ],
)
def test_numbers_in_texts(text: str, number: str, digits: int, unit: str) -> None:
    value = read_text(text)
    assert (value.number, value.digits, value.unit, value.fault) == (
        Decimal(number),
        digits,
        unit,
        "",
    )


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("—", "missing"),
        ("－", "missing"),
        ("-", "missing"),
        ("——", "missing"),
        ("/", "missing"),
        ("／", "missing"),
        ("…", "missing"),
        ("***", "missing"),
        ("持平", "flat"),
        ("未报", "late"),
        ("逾期未报", "late"),
        ("未到期", "not_due"),
        ("未认定", "refused"),
        ("驳回", "refused"),
        ("无", "nil"),
        ("零报告", "nil"),
    ],
)
def test_words_in_value_cells(text: str, word: str) -> None:
    assert read_text(text).word == word
    assert kind_of_text(text) == "mark"


@pytest.mark.parametrize(
    "text", ["增长较快", "1.2.3", "12a", "2023年", "3亿左右", "甲镇", "²", "12①"]
)
def test_what_is_no_number(text: str) -> None:
    assert read_text(text).fault == "not_a_number"


@pytest.mark.parametrize(
    ("text", "rank", "n"),
    [("7/22", 7, 22), ("第7位", 7, None), ("并列第2", 2, None), ("3", 3, None)],
)
def test_ranks(text: str, rank: int, n: int | None) -> None:
    value = read_rank(text)
    assert (value.number, value.n) == (Decimal(rank), n)


@pytest.mark.parametrize("number", ["1E+308", "9" * 90, "9" * 90 + "." + "9" * 20])
def test_what_is_too_large_to_be_cut_off_comes_back_as_it_is(number: str) -> None:
    found, _ = converted(Decimal(number), 0, Decimal(1), 0)
    assert found == Decimal(number)


@pytest.mark.parametrize(
    ("given", "wanted", "number", "digits", "value", "decimals"),
    [
        ("万元", "亿元", "173873", 0, "17.3873", 4),
        ("万元", "亿元", "173870.50", 2, "17.387050", 6),
        ("亿元", "万元", "17.3", 1, "173000", 0),
        ("亿元", "亿元", "8.50", 2, "8.50", 2),
        ("亿元", "亿元", "17.38734", 1, "17.38734", 5),
        ("元", "亿元", "0", 0, "0", 8),
        ("公顷", "平方公里", "150", 0, "1.50", 2),
        ("%", "%", "8.333333333333333", 1, "8.333333333333", 12),
    ],
)
def test_conversion_is_exact_and_keeps_the_digits_given(
    given: str, wanted: str, number: str, digits: int, value: str, decimals: int
) -> None:
    ratio = unit_ratio(given, wanted)
    found = converted(Decimal(number), digits, ratio, power_of_ten(ratio))
    assert found == (Decimal(value), decimals)
