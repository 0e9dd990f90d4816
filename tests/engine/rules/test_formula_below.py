"""Formulas over the orgs below and over the year so far: read, checked, described."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from diaodu.engine.rules.formula import (
    Condition,
    FormulaError,
    Term,
    bind,
    check,
    describe,
    evaluate,
    needed,
    parse,
)
from diaodu.engine.rules.models import Indicator


def indicator(identity, name, unit, basis="ytd", **more):
    return Indicator(id=identity, name=name, unit=unit, basis=basis, **more)


KNOWN = [
    indicator("tax", "税收收入", "万元"),
    indicator("output", "总产值", "亿元"),
    indicator("power", "用电量", "万千瓦时", "month"),
    indicator("loans", "贷款余额", "亿元", "stock"),
    indicator("part", "占比", "%", "rate"),
    indicator("va", "规上工业增加值", "%", "rate", facets=("growth",)),
    indicator("firms", "企业", "家", "count"),
]


def world(formula, unit):
    asked = indicator("x", "结果", unit, formula=formula)
    return asked, {one.id: one for one in [*KNOWN, asked]}


def problems(formula, unit):
    asked, indicators = world(formula, unit)
    return [problem.message for problem in check(parse(formula), asked, indicators)]


@pytest.mark.parametrize(
    ("formula", "unit", "terms"),
    [
        ("年内累计(power)", "万千瓦时", [Term("power", "ytd")]),
        ("下级合计(tax, 乡镇)", "万元", [Term("tax", "children_sum", "township")]),
        ("children_sum(tax，township)", "万元", [Term("tax", "children_sum", "township")]),
        ("下级比率(税收收入, 总产值)", "%",
         [Term("tax", "children_sum"), Term("output", "children_sum")]),
        ("下级比率（税收收入，总产值，乡镇）", "%",
         [Term("tax", "children_sum", "township"), Term("output", "children_sum", "township")]),
        ("下级个数(增速(税收收入) ≥ 5, 乡镇)", "个",
         [Term("tax", "children_count", "township", Condition("growth", "≥", Fraction(5), "%"))]),
        ("children_count(growth(va)>=-0.5%)", "个",
         [Term("va", "children_count", "",
               Condition("growth", "≥", Fraction(-1, 2), "%"))]),
        ("下级个数(税收收入 < 0.5亿元)", "家",
         [Term("tax", "children_count", "",
               Condition("level", "<", Fraction(5000), "万元"))]),
        ("下级个数(firms = 0) ÷ firms", "%",
         [Term("firms", "children_count", "", Condition("level", "=", Fraction(0), "家")),
          Term("firms", "same")]),
    ],
)  # fmt: skip
def test_what_a_formula_needs(formula, unit, terms):
    asked, indicators = world(formula, unit)
    assert problems(formula, unit) == []
    assert list(bind(asked, indicators).terms) == terms


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("年内累计(power)", "用电量的年内累计"),
        ("下级合计(tax, 乡镇)", "各乡镇税收收入之和"),
        ("1 − 下级比率(tax, output, 县)", "1减各县税收收入之和除以各县总产值之和"),
        ("下级个数(增速(tax) ≥ 5, 乡镇)", "乡镇中税收收入增速不低于5%的个数"),
        ("下级个数(tax < 0.5亿元)", "下级单位中税收收入低于0.5亿元的个数"),
        ("下级个数(firms = 0)", "下级单位中企业等于0家的个数"),
        ("下级个数(增速(tax) > −2.50)", "下级单位中税收收入增速高于-2.5%的个数"),
    ],
)
def test_described_in_words(formula, words):
    _, indicators = world(formula, "个")
    assert describe(parse(formula), indicators) == words


def test_a_bound_condition_is_described_with_its_unit():
    asked, indicators = world("下级个数(税收收入 < 0.5亿元)", "个")
    words = describe(bind(asked, indicators), indicators)
    assert words == "下级单位中税收收入低于5000万元的个数"


@pytest.mark.parametrize(
    ("formula", "unit", "message"),
    [
        ("年内累计(loans)", "亿元", "“贷款余额”不是一段时间的数，没有年内累计"),
        ("下级比率(part, part)", "倍", "“占比”是率或平均数，不能由下级相加"),
        ("下级比率(tax, firms)", "%", "公式算出的是“元/家”，指标的计量单位却是“%”"),
        ("下级个数(va ≥ 5)", "个", "“规上工业增加值”不发布总量，不能按总量来数"),
        ("下级个数(增速(part) ≥ 5)", "个", "“占比”没有增速"),
        ("下级个数(tax ≥ 5人)", "个", "“人”与“税收收入”的“万元”不是同一种计量单位"),
        ("下级个数(增速(tax) ≥ 5亿元)", "个", "“亿元”与“税收收入”的“%”不是同一种计量单位"),
        ("下级个数(增速(tax) ≥ 5)", "亿元", "公式算出的是“个”，指标的计量单位却是“亿元”"),
        ("下级个数(税收收 ≥ 5)", "个", "不认识的指标“税收收”，是不是“税收收入”？"),
    ],
)
def test_what_does_not_fit_is_said(formula, unit, message):
    assert problems(formula, unit) == [message]


_EXAMPLE = "，如 下级个数(增速(税收收入) ≥ 5, 乡镇)"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("下级比率(tax)",
         "“下级比率”的括号里要写分子、分母两个指标，如 下级比率(税收收入, 总产值, 乡镇)"),
        ("下级比率(tax, 3)",
         "“下级比率”的括号里要写分子、分母两个指标，如 下级比率(税收收入, 总产值, 乡镇)"),
        ("下级比率(tax, output, 村)",
         "“村”不是单位的层级；可以写的是 全国、省、市、县、乡镇、部门、园区"),
        ("下级合计(tax + output)", "“下级合计”的括号里只能写一个指标，后面可写逗号和层级"),
        ("去年同期(tax, 乡镇)", "“去年同期”的括号里只能写一个指标"),
        ("下级个数(tax)", "“下级个数”的括号里要写条件：指标、比较、数" + _EXAMPLE),
        ("下级个数(增速(tax) 5)", "“下级个数”的括号里要写条件：指标、比较、数" + _EXAMPLE),
        ("下级个数(tax ≥ output)", "“下级个数”里与什么数比，没有写清楚" + _EXAMPLE),
        ("下级个数(tax ≥ 5", "写到末尾还缺右括号"),
        ("tax ≥ 5", "“≥”处应是运算符"),
        ("tax, output", "“,”处应是运算符"),
    ],
)  # fmt: skip
def test_what_is_no_formula(text, message):
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert str(caught.value) == message


def test_what_is_counted_and_summed_is_needed():
    _, indicators = world("tax", "万元")
    formula = parse("下级个数(增速(税收收入) ≥ 5) ÷ 下级合计(firms)")
    assert needed(formula, indicators) == ("tax", "firms")


def test_a_ratio_is_that_of_the_sums_in_their_units():
    asked, indicators = world("下级比率(tax, output)", "%")
    sums = {"tax": Decimal("5000"), "output": Decimal("4")}
    found = evaluate(bind(asked, indicators), lambda term: sums[term.indicator])
    assert found.value == Decimal("12.5")


@pytest.mark.parametrize(
    ("sign", "holding"),
    [("≥", {5, 6}), (">", {6}), ("≤", {4, 5}), ("<", {4}), ("=", {5})],
)
def test_conditions(sign, holding):
    condition = Condition("level", sign, Fraction(5), "")
    assert {value for value in (4, 5, 6) if condition.holds(Fraction(value))} == holding
