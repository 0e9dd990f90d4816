"""Formulas: read, checked, described, evaluated."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diaodu.engine.ground.quantity import cut
from diaodu.engine.rules.formula import (
    FormulaError,
    Result,
    Term,
    bind,
    check,
    describe,
    evaluate,
    in_order,
    needed,
    parse,
)
from diaodu.engine.rules.models import Indicator


def indicator(identity, name, unit, basis="ytd", **more):
    return Indicator(id=identity, name=name, unit=unit, basis=basis, **more)


KNOWN = [
    indicator("gdp", "地区生产总值", "亿元", aliases=("生产总值", "GDP")),
    indicator("tax", "税收收入", "万元"),
    indicator("revenue", "一般公共预算收入", "亿元"),
    indicator("people", "常住人口", "万人", "stock"),
    indicator("part", "工业占比", "%", "rate"),
    indicator("cpi", "居民消费价格指数", "%", "rate"),
    indicator("bad", "不良率", "‰", "rate"),
    indicator("plants", "工业企业", "家", "count"),
    indicator("shops", "服务业企业", "个", "count"),
    indicator("industry", "规上工业增加值", "%", facets=("growth",)),
    indicator("area", "建成区面积", "平方公里", "stock"),
    indicator("current", "地区生产总值（现价）", "亿元"),
]
FIGURES = {
    ("gdp", "same"): "176.39",
    ("tax", "same"): "173873",
    ("tax", "children_sum"): "5000",
    ("revenue", "same"): "20.5",
    ("revenue", "last_year"): "18.1",
    ("people", "same"): "37.5",
    ("part", "same"): "8.3",
    ("cpi", "same"): "102.1",
    ("bad", "same"): "12",
    ("plants", "same"): "12",
    ("shops", "same"): "56",
    ("area", "same"): "10.22",
    ("current", "same"): "180",
}


def world(formula, unit="亿元", *, figures=FIGURES):
    asked = indicator("x", "结果", unit, formula=formula)
    indicators = {one.id: one for one in [*KNOWN, asked]}

    def lookup(term):
        value = figures.get((term.indicator, term.shift))
        return None if value is None else Decimal(value)

    return asked, indicators, lookup


def value(formula, unit="亿元", **more):
    asked, indicators, lookup = world(formula, unit, **more)
    return evaluate(bind(asked, indicators), lookup)


def problems(formula, unit="亿元"):
    asked, indicators, _ = world(formula, unit)
    return [problem.message for problem in check(parse(formula), asked, indicators)]


@pytest.mark.parametrize(
    ("formula", "unit", "expected"),
    [
        ("revenue + tax", "亿元", "37.8873"),
        ("revenue − tax", "万元", "31127"),
        ("revenue - revenue - revenue", "亿元", "-20.5"),
        ("revenue - (revenue - revenue)", "亿元", "20.5"),
        ("revenue ÷ 2 × 3", "亿元", "30.75"),
        ("revenue + revenue × 2", "亿元", "61.5"),
        ("税收收入 ÷ 一般公共预算收入", "%", "84.816097560975"),
        ("税收收入/一般公共预算收入*100", "%", "84.816097560975"),
        ("１００×税收收入÷一般公共预算收入", "%", "84.816097560975"),
        ("税收收入 ÷ 一般公共预算收入", "倍", "0.848160975609"),
        ("税收收入 ÷ 一般公共预算收入 × 1000", "‰", "848.160975609756"),
        ("（revenue − 去年同期（revenue））÷ last_year(revenue)", "%", "13.259668508287"),
        ("revenue ÷ 去年同期(revenue) − 1", "%", "13.259668508287"),
        ("GDP ÷ 常住人口", "元", "47037.333333333333"),
        ("GDP ÷ 常住人口", "万元/人", "4.703733333333"),
        ("GDP ÷ area", "亿元/平方公里", "17.259295499021"),
        ("plants ÷ shops", "%", "21.428571428571"),
        ("plants + shops", "个", "68"),
        ("GDP × 工业占比", "亿元", "14.64037"),
        ("cpi − 100", "%", "2.1"),
        ("cpi − 100", "百分点", "2.1"),
        ("bad + part", "%", "9.5"),
        ("下级合计(税收收入)", "亿元", "0.5"),
        ("「地区生产总值（现价）」 − gdp", "亿元", "3.61"),
        ("−revenue + gdp", "亿元", "155.89"),
        ("revenue ÷ 3 × 3", "亿元", "20.5"),
        ("(revenue + tax) ÷ 7 × 7 − tax", "亿元", "20.5"),
    ],
)
def test_evaluated_in_the_indicators_own_unit(formula, unit, expected):
    assert value(formula, unit) == Result(Decimal(expected), None)


def test_zero_divisor_is_a_word():
    assert value("revenue ÷ (tax − tax)", "%") == Result(None, "zero_base")


@pytest.mark.parametrize(
    ("formula", "word", "missing"),
    [
        ("上期(revenue) + 去年同期(gdp)", "no_base",
         (Term("revenue", "previous"), Term("gdp", "last_year"))),
        ("revenue + 下级合计(gdp)", "not_published", (Term("gdp", "children_sum"),)),
    ],
)  # fmt: skip
def test_a_missing_figure_is_named_never_zero(formula, word, missing):
    assert value(formula) == Result(None, word, missing)


def test_a_missing_figure_wins_over_a_zero_divisor():
    assert value("上期(gdp) ÷ (tax − tax)", "%").word == "no_base"


@pytest.mark.parametrize(
    ("formula", "unit", "message"),
    [
        ("地区生产总植", "亿元", "不认识的指标“地区生产总植”，是不是“地区生产总值”？"),
        ("天气 + gdp", "亿元", "不认识的指标“天气”"),
        ("gdp + people", "亿元", "“亿元”与“万人”不能相加减：不是同一种计量单位"),
        ("gdp − part", "亿元", "“亿元”与“%”不能相加减：不是同一种计量单位"),
        ("gdp", "人", "公式算出的是“亿元”，指标的计量单位却是“人”"),
        ("gdp ÷ people", "%", "公式算出的是“元/人”，指标的计量单位却是“%”"),
        ("gdp × revenue", "亿元", "公式算出的是“元·元”，指标的计量单位却是“亿元”"),
        ("gdp ÷ revenue", "亿元", "公式算出的是“纯数”，指标的计量单位却是“亿元”"),
        ("revenue + 1", "亿元", "“亿元”与“纯数”不能相加减：不是同一种计量单位"),
        ("5 − revenue", "亿元", "“纯数”与“亿元”不能相加减：不是同一种计量单位"),
        ("revenue + tax − 5", "亿元", "“元”与“纯数”不能相加减：不是同一种计量单位"),
        ("bad + part − 5", "%", "看不出“5”的计量单位：与它相加减的几个量单位不同"),
        ("revenue ÷ gdp", "家", "公式算出的是“纯数”，指标的计量单位却是“家”"),
        ("industry + 1", "%", "“规上工业增加值”不发布总量，不能放进公式"),
        ("下级合计(part)", "%", "“工业占比”是率或平均数，不能由下级相加"),
        ("gdp × part ÷ 100", "亿元",
         "公式里不用乘除100、1000、10000之类：%和万、亿由系统换算"),
        ("gdp ÷ people × 10000", "元",
         "公式里不用乘除100、1000、10000之类：%和万、亿由系统换算"),
        ("part × 100", "%", "公式里不用乘除100、1000、10000之类：%和万、亿由系统换算"),
        ("revenue ÷ gdp × 100 − 100", "%",
         "公式里不用乘除100、1000、10000之类：%和万、亿由系统换算"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said(formula, unit, message):
    assert problems(formula, unit) == [message]


def test_a_formula_without_indicators_is_none():
    assert problems("1 ÷ 3", "倍") == ["公式里没有指标"]


def test_all_problems_at_once():
    assert problems("天气 + 风 × gdp") == ["不认识的指标“天气”", "不认识的指标“风”"]


def test_bind_refuses_with_all_problems():
    asked, indicators, _ = world("天气 + gdp")
    with pytest.raises(FormulaError, match=r"^“结果”的公式不能用：不认识的指标“天气”$"):
        bind(asked, indicators)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "写到末尾还缺指标、数或括号"),
        ("gdp +", "写到末尾还缺指标、数或括号"),
        ("(gdp", "写到末尾还缺右括号"),
        ("gdp)", "“)”处应是运算符"),
        ("gdp ×÷ tax", "“÷”处应是指标、数或括号"),
        ("「gdp", "“「”没有配上“」”"),
        ("「」 + 1", "“「」”里没有写指标名"),
        ("eval(gdp)", "不认识的函数“eval”；可用的有 去年同期、上期、年内累计、下级合计、下级比率、"
         "下级个数，名称里有括号或运算符时用「」括起来"),
        ("去年同期(gdp + tax)", "“去年同期”的括号里只能写一个指标"),
        ("去年同期()", "“去年同期”的括号里只能写一个指标"),
        ("(" * 60 + "gdp" + ")" * 60, "括号套得太深（超过50层）"),
        ("gdp" + " + gdp" * 5000, "公式太长（超过400个词）"),
    ],
)  # fmt: skip
def test_what_is_no_formula(text, message):
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("(tax − 去年同期(tax)) ÷ 去年同期(tax)",
         "（税收收入减去年同期的税收收入）除以去年同期的税收收入"),
        ("gdp − (revenue − tax)", "地区生产总值减（一般公共预算收入减税收收入）"),
        ("gdp ÷ (revenue × 2)", "地区生产总值除以（一般公共预算收入乘以2）"),
        ("(gdp + tax) − revenue", "地区生产总值加税收收入减一般公共预算收入"),
        ("下级合计(生产总值) + 上期(gdp)", "各下级单位地区生产总值之和加上期的地区生产总值"),
        ("−(gdp + tax)", "负的（地区生产总值加税收收入）"),
    ],
)  # fmt: skip
def test_described_in_words(formula, words):
    _, indicators, _ = world(formula)
    assert describe(parse(formula), indicators) == words


def test_a_bound_constant_is_described_with_its_unit():
    asked, indicators, _ = world("cpi − 100", "%")
    assert describe(bind(asked, indicators), indicators) == "居民消费价格指数减100%"


def test_names_are_found_by_id_name_alias_and_without_spaces():
    _, indicators, _ = world("gdp")
    formula = parse("gdp + 地区生产总值 + GDP + 税收 收入 + 谁")
    assert needed(formula, indicators) == ("gdp", "tax")


def test_formulas_come_after_those_they_need():
    indicators = {
        one.id: one
        for one in [
            indicator("c", "丙", "亿元", formula="b × 2"),
            indicator("b", "乙", "亿元", formula="a + a"),
            indicator("a", "甲", "亿元"),
        ]
    }
    assert [bound.indicator for bound in in_order(indicators)] == ["b", "c"]


figures = st.decimals(min_value=-(10**9), max_value=10**9, places=4)


@given(a=figures, b=figures.filter(bool))
def test_a_ratio_is_the_exact_one_cut_off(a, b):
    found = value("gdp ÷ revenue", "%", figures={("gdp", "same"): a, ("revenue", "same"): b})
    exact = Fraction(a) / Fraction(b) * 100
    assert found.value is not None
    assert (
        abs(Fraction(found.value)) <= abs(exact) < abs(Fraction(found.value)) + Fraction(1, 10**12)
    )


@given(a=figures, b=figures)
def test_a_sum_over_units_is_exact(a, b):
    found = value("gdp + tax", "亿元", figures={("gdp", "same"): a, ("tax", "same"): b})
    assert found.value == cut(a + b / 10000)
    turned = value("tax + gdp", "亿元", figures={("gdp", "same"): a, ("tax", "same"): b})
    assert turned == found


trees = st.recursive(
    st.sampled_from(["gdp", "tax", "2", "去年同期(gdp)", "「地区生产总值（现价）」"]),
    lambda inner: st.tuples(inner, st.sampled_from("+−×÷"), inner).map(
        lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"
    ),
    max_leaves=8,
)


@given(trees)
def test_width_and_spaces_do_not_matter(text):
    wide = text.translate(str.maketrans({"(": "（", ")": "）", " ": "", "+": "＋", "−": "-"}))
    assert parse(wide).root == parse(text).root
