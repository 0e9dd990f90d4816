"""What each kind of rule says of a figure: hit, on the edge, clear, a word, not due, late."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from diaodu.engine.ground.period import Period
from diaodu.engine.judge.warnings import Watch, says
from diaodu.engine.judge.warnings_reading import Past, Reading, Told, by_measure, presence
from diaodu.engine.rules.models import Indicator, Org
from diaodu.engine.rules.models_warnings import WarningRule
from diaodu.engine.rules.rulebook import Rulebook

DAY = date(2023, 10, 20)
DUE = date(2023, 10, 8)
SEP = Period.from_id("2023-01/09")
TARGET = "t1"


def rule(kind, **given):
    return WarningRule.model_validate(
        {"id": "r", "name": "规则", "reference": "办法", "kind": kind, "tell": ["owner"], **given}
    )


def indicator(**given):
    usual = {"id": "tax", "name": "税收", "unit": "亿元", "basis": "ytd"}
    return Indicator.model_validate(usual | given)


def figure(measure, shown, unit="百分点", *, target="", group="", word=None):
    return Told(measure, target, group, shown, unit, word)


def reading(*told, period=SEP, presence="told", light="", direction="high", **given):
    return Reading(
        indicator(direction=direction), Org(id="xian", name="甲县", level="county"), period,
        presence, light, by_measure(told), frozenset({TARGET}), **given,
    )  # fmt: skip


def pace(shown):
    return reading(figure("arrears_pace_pp", shown, target=TARGET))


def owed(shown):
    return reading(figure("arrears_growth", shown, target=TARGET))


def growth(shown, **given):
    return reading(figure("growth_published", shown, "%"), **given)


def places(place, reverse, n):
    return reading(
        figure("rank_growth", str(place), "位", group="g"),
        figure("rank_growth_reverse", str(reverse), "位", group="g"),
        figure("rank_growth_n", str(n), "个", group="g"),
    )


def change(shown):
    return reading(figure("growth_change_pp", shown))


def streak(shown, **given):
    return reading(figure("streak", shown, "个月"), **given)


BELOW = rule("growth", below=0)
PACE = rule("pace_gap", points=5)
BOTTOM = rule("bottom", group="g", bottom=3)
THIRDS = [{"name": "锻长板", "upto": "1/3"}, {"name": "促中板", "upto": "2/3"},
          {"name": "补短板", "upto": "1"}]  # fmt: skip
SHORT = rule("rank_class", group="g", classes=THIRDS, alarm=["补短板"])
FLIP = rule("sign_flip", gate=6)
ZERO = rule("sign_flip", gate=6, against="zero")
SWING = rule("volatility", points=3)
FALLS = rule("volatility", points=3, side="fall")
STREAK = rule("streak", times=3)


@pytest.mark.parametrize(
    ("given", "of", "expected", "said"),
    [
        (PACE, pace("4.9"), "clear", "2023年1—9月完成率低于序时进度4.9个百分点，预警线5个百分点"),
        (PACE, pace("5.0"), "hit", "2023年1—9月完成率低于序时进度5.0个百分点，预警线5个百分点"),
        (PACE, pace("-0.3"), "clear", "2023年1—9月完成率达到序时进度"),
        (PACE, pace("持平"), "clear", "2023年1—9月完成率达到序时进度"),
        (PACE, reading(), "apart", ""),  # 未下达: no target, nothing to be behind
        (PACE, reading(figure("arrears_pace_pp", "9", target="another")), "apart", ""),
        (PACE, reading(figure("arrears_pace_pp", "无法比较", target=TARGET, word="not_comparable")),
         "no_data", "2023年1—9月完成率低于序时进度无法比较"),
        (rule("growth_gap", points=2), owed("2.0"), "hit",
         "2023年1—9月增速低于目标2.0个百分点，预警线2个百分点"),
        (rule("growth_gap", points=2), owed("1.9"), "clear",
         "2023年1—9月增速低于目标1.9个百分点，预警线2个百分点"),
        (rule("growth_gap", points=2), reading(
            figure("arrears_growth", "1.0", target=TARGET)._replace(tier="floor"),
            figure("arrears_growth", "2.4", target=TARGET)._replace(tier="stretch")), "hit",
         "2023年1—9月力争目标增速低于目标2.4个百分点，预警线2个百分点"),
        (PACE, reading(figure("arrears_pace_pp", "-1.0", target=TARGET)._replace(tier="floor")),
         "clear", "2023年1—9月底线目标完成率达到序时进度"),
        (BELOW, growth("-0.1"), "hit", "2023年1—9月增速−0.1%，低于0%"),
        (BELOW, growth("0.0"), "clear", "2023年1—9月增速0.0%，不低于0%"),
        (BELOW, reading(figure("growth_published", "未发布", word="not_published"),
                        figure("growth", "-3.2", "%")), "hit", "2023年1—9月增速−3.2%，低于0%"),
        (BELOW, reading(figure("growth", "无同期数", word="no_base")), "no_data",
         "2023年1—9月增速无同期数"),
        (rule("growth", above=3), growth("3.1", direction="low"), "hit",
         "2023年1—9月增速3.1%，高于3%"),
        (BOTTOM, places(18, 3, 20), "hit",
         "2023年1—9月按增速在20个单位中居第18位，倒数第3位"),
        (BOTTOM, places(17, 4, 20), "clear",
         "2023年1—9月按增速在20个单位中居第17位，倒数第4位"),
        (BOTTOM, places(1, 3, 3), "apart", ""),  # the whole field is no longer than that
        (BOTTOM, reading(), "apart", ""),  # not ranked
        (SHORT, places(4, 4, 7), "clear", "2023年1—9月按增速居4/7，属“促中板”"),
        (SHORT, places(5, 3, 7), "hit", "2023年1—9月按增速居5/7，属“补短板”"),
        (SHORT, places(4, 3, 6), "clear", "2023年1—9月按增速居4/6，属“促中板”"),  # on the edge
        (FLIP, reading(light="behind", before={6: Past("good", None)}), "hit",
         "6月底为“良好”，2023年1—9月为“落后”"),
        (FLIP, reading(light="good", before={6: Past("good", None)}), "clear",
         "6月底为“良好”，2023年1—9月为“良好”"),
        (FLIP, reading(light="behind", before={6: Past("watch", None)}), "apart", ""),
        (FLIP, reading(light="unknown", before={6: Past("good", None)}), "apart", ""),
        (FLIP, reading(light="behind"), "apart", ""),
        (FLIP, reading(light="behind", period=Period.from_id("2023-01/06"),
                       before={6: Past("good", None)}), "apart", ""),
        (ZERO, growth("-0.4", before={6: Past("good", Decimal(2))}), "hit",
         "6月底增速2%，2023年1—9月增速−0.4%"),
        (ZERO, growth("0.0", before={6: Past("good", Decimal(2))}), "clear",
         "6月底增速2%，2023年1—9月增速0.0%"),
        (SWING, change("-3.0"), "hit", "2023年1—9月增速比上期回落3个百分点，预警线3个百分点"),
        (SWING, change("3.1"), "hit", "2023年1—9月增速比上期加快3.1个百分点，预警线3个百分点"),
        (SWING, change("-2.9"), "clear",
         "2023年1—9月增速比上期回落2.9个百分点，预警线3个百分点"),
        (FALLS, change("8.0"), "clear", "2023年1—9月增速比上期加快8个百分点，预警线3个百分点"),
        (STREAK, streak("-3"), "hit", "到2023年1—9月累计增速连续3个月回落，预警线3个月"),
        (STREAK, streak("-2"), "clear", "到2023年1—9月累计增速连续2个月回落，预警线3个月"),
        (STREAK, streak("4"), "clear", "到2023年1—9月没有连续走低，预警线3个月"),
        (STREAK, streak("3", direction="low"), "hit",
         "到2023年1—9月累计增速连续3个月上升，预警线3个月"),
        (rule("contradiction"), reading(contradictions=("用电量降、增加值升。",)), "hit",
         "用电量降、增加值升"),
        (rule("contradiction"), reading(), "clear", "2023年1—9月与相关指标没有矛盾"),
        (rule("support", below=1), reading(figure("support_coverage", "0.83", "倍")), "hit",
         "2023年1—9月增长支撑覆盖差额的0.83倍，低于1倍"),
        (rule("support", below=1), reading(figure("support_coverage", "1.00", "倍")), "clear",
         "2023年1—9月增长支撑覆盖差额的1.00倍，不低于1倍"),
        (rule("support", below=1), reading(), "apart", ""),  # no support list
    ],
)  # fmt: skip
def test_says(given, of, expected, said):
    verdict = says(given, of, DAY)
    assert (verdict.says, verdict.said) == (expected, said)


@pytest.mark.parametrize("absent", ["late", "missing", "held"])
def test_a_figure_that_is_not_there_is_no_data_to_all_but_the_rule_on_late_ones(absent):
    there = pace("9.9")
    gone = reading(*there.told["arrears_pace_pp"], presence=absent, due=DUE)
    assert says(PACE, gone, DAY).says == "no_data"


def test_not_due_is_not_late_and_tells_nothing():
    waiting = reading(presence="not_due", due=DUE)
    for one in (PACE, BELOW, rule("late"), rule("contradiction")):
        assert says(one, waiting, date(2023, 10, 1)).says == "apart"


@pytest.mark.parametrize(
    ("day", "grace", "expected"),
    [
        (date(2023, 10, 1), 0, "apart"),  # no storm on the 1st
        (DUE, 0, "apart"),  # the last day is still in time
        (DUE + timedelta(days=1), 0, "hit"),
        (DUE + timedelta(days=1), 2, "apart"),
        (DUE + timedelta(days=2), 2, "apart"),
        (DUE + timedelta(days=3), 2, "hit"),
    ],
)
def test_late_before_on_and_after_the_last_day(day, grace, expected):
    at = presence(has_figure=False, held=False, word="", due=DUE, day=day)
    verdict = says(rule("late", days=grace), reading(presence=at, due=DUE), day)
    assert verdict.says == expected
    if expected == "hit":
        over = (day - DUE).days
        assert verdict.said == f"2023年1—9月数应在10月8日前报，已逾期{over}天"


@pytest.mark.parametrize(
    ("has_figure", "held", "word", "due", "expected"),
    [
        (True, False, "", DUE, "told"),
        (False, True, "", DUE, "held"),
        (False, False, "missing", DUE, "missing"),  # reported: there is none
        (False, False, "", DUE, "late"),
        (False, False, "", None, "missing"),  # nobody owes it by name: late on no day
    ],
)
def test_presence(has_figure, held, word, due, expected):
    found = presence(has_figure=has_figure, held=held, word=word, due=due, day=DAY)
    assert found == expected


@pytest.mark.parametrize("there", ["told", "missing", "held"])
def test_reported_is_reported(there):
    assert says(rule("late"), reading(presence=there, due=DUE), DAY).says == "clear"


def test_only_in_its_months_its_orgs_and_its_indicators():
    quarterly = rule("pace_gap", points=5, months=[3, 6, 12])
    assert says(quarterly, pace("9"), DAY).says == "apart"
    watch = Watch(
        (
            rule("pace_gap", points=5),
            rule("pace_gap", points=5, levels=["township"]),
            rule("pace_gap", points=5, orgs=["zhen"]),
            rule("pace_gap", points=5, indicators=["trade"]),
            rule("pace_gap", points=5, headlines=True),
        ),
        Rulebook("", {}, {}),
    )
    assert [one.rule for one in watch.judge([pace("-9")], DAY)] == [watch.rules[0]]
