"""Lights: the rule that decides, the word, the reasons word for word; monotone in the target."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diaodu.engine.ground.period import parse_period
from diaodu.engine.ground.quantity import cut, half_unit, show
from diaodu.engine.ground.records import Measure, Target, finding
from diaodu.engine.judge.light import judge, measures_read
from diaodu.engine.rules.models import CalendarEntry, Indicator, LightTable, Org
from diaodu.engine.rules.rulebook import Rulebook

PERIOD, DECEMBER, AS_OF = "2023-01/05", "2023-01/12", date(2023, 6, 20)
INDICATORS = [
    Indicator(id="output", name="总产值", unit="亿元", basis="ytd"),
    Indicator(id="added", name="增加值", unit="亿元", basis="ytd", facets=("growth",)),
    Indicator(id="bad", name="不良率", unit="%", basis="rate", direction="low", facets=("level",)),
    Indicator(id="loans", name="贷款余额", unit="亿元", basis="stock"),
    Indicator(id="energy", name="能耗", unit="万吨标准煤", basis="ytd", direction="low"),
]  # fmt: skip
ORGS = [
    Org(id="county", name="示例县", level="county"),
    Org(id="east", name="城东镇", level="township", parent="county"),
]


def rulebook(**more) -> Rulebook:
    return Rulebook(
        version="t", orgs={o.id: o for o in ORGS}, indicators={i.id: i for i in INDICATORS}, **more
    )


def measure(
    name, text, *, indicator="output", target_id="", unit="%", word=None, period=PERIOD,
    base="", decimals=None,
):  # fmt: skip
    value = None if word else Decimal(text)
    digits = decimals if decimals is not None else max(-Decimal(text or 0).as_tuple().exponent, 0)
    half = half_unit(digits)
    return Measure(
        Measure.make_key(indicator, "east", period, name, target_id, base), indicator, "east",
        period, name, target_id, base, "", value, text if word is None else word,
        None if word else digits, word, unit, None if word else value - half,
        None if word else value + half, "", (),
    )  # fmt: skip


def target(
    text, kind="growth", comparator="reach", *, indicator="output", tier="own", unit=None,
    tolerance=None, received=date(2023, 2, 1),
):  # fmt: skip
    known = next(i for i in INDICATORS if i.id == indicator)
    return Target(
        Target.make_id(indicator, "east", 2023, tier, kind, received), indicator, "east", 2023,
        tier, kind, comparator, Decimal(text) if text else None, tolerance,
        unit or ("%" if kind == "growth" else known.unit), None if text else "no_target", "", "",
        received, "t.xlsx", "0" * 64, "表", "A2",
    )  # fmt: skip


def growth(text, **more):
    return measure("growth_published", text, **more)


def flow(
    value, goal, *, months=5, rate=None, period=PERIOD, indicator="output", comparator="reach"
):
    """The measures of a level target of a flow, as compute gives them."""
    one = target(goal, "level", comparator, indicator=indicator)
    digits = max(-Decimal(value).as_tuple().exponent, 0)
    completion = cut(Decimal(value) / Decimal(goal) * 100)
    pace = cut(Decimal(months) * 100 / 12)
    gap = completion - pace
    mine = {"target_id": one.target_id, "period": period, "indicator": indicator}
    found = [
        measure("value", value, unit="亿元", period=period, indicator=indicator),
        _shown(measure("completion", str(completion), **mine), 1),
        _shown(measure("pace_gap", str(gap), **{**mine, "unit": "百分点"}), 1),
    ]
    owed = cut(Decimal(goal) * months / 12 - Decimal(value))
    found.append(_shown(measure("arrears_pace", str(owed), **{**mine, "unit": "亿元"}), digits))
    if rate:
        found.append(growth(rate, period=period, indicator=indicator))
    return found, [one]


def _shown(one, decimals):
    return one._replace(shown=show(one.value, decimals), decimals=decimals)


def lights(measures, targets, book=None, as_of=AS_OF, findings=()):
    month = parse_period(PERIOD)
    return judge(measures, targets, book or rulebook(), month, as_of, findings)


def row(*args, **more):
    return lights(*args, **more)[-1]


# -- growth targets --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rate", "goal", "light", "rule", "reasons"),
    [
        ("8.2", "8.5", "watch", "增速略低于目标",
         ("增速8.2%，低于年度目标0.3个百分点",)),
        ("8.5", "8.5", "good", "增速达到目标", ("增速8.5%，与年度目标持平",)),
        ("8.8", "8.5", "good", "增速达到目标", ("增速8.8%，高于年度目标0.3个百分点",)),
        ("7.4", "8.5", "behind", "增速低于目标",
         ("增速7.4%，低于年度目标1.1个百分点",)),
        ("8.5", "8.52", "unknown", "按印发精度不能判定",
         ("增速8.5%，目标8.52%，按印发精度不能判定是否达到",)),
        ("8.5", "8.55", "watch", "增速略低于目标",
         ("增速8.5%，低于年度目标0.05个百分点",)),
        ("-3.1", "0", "behind", "增速低于目标",
         ("增速-3.1%，低于年度目标3.1个百分点",)),
    ],
)  # fmt: skip
def test_growth_against_a_growth_target(rate, goal, light, rule, reasons):
    one, whole = lights([growth(rate)], [target(goal)])
    assert (one.light, one.rule, one.reasons) == (light, rule, reasons)
    assert whole == one._replace(target_id=None)


def test_the_word_names_what_cannot_be_decided():
    assert row([growth("8.5")], [target("8.52")]).word == "按印发精度不能判定"
    assert row([growth("8.2")], [target("8.5")]).word == "关注"


@pytest.mark.parametrize(
    ("comparator", "rate", "tolerance", "met"),
    [
        ("at_least", "8.5", None, True),
        ("exceed", "8.5", None, False),
        ("exceed", "8.6", None, True),
        ("about", "8.3", Decimal("0.2"), True),
        ("about", "8.2", Decimal("0.2"), False),
        ("about", "8.4", None, False),
        ("about", "9.9", Decimal("0.2"), True),
        ("within", "8.5", None, True),
        ("within", "8.6", None, False),
    ],
)
def test_comparators(comparator, rate, tolerance, met):
    found = row([growth(rate)], [target("8.5", comparator=comparator, tolerance=tolerance)])
    assert (found.light == "good") is met


def test_the_published_growth_is_read_before_the_computed():
    both = [growth("8.2"), measure("growth", "9.9", base="2022-01/05")]
    assert row(both, [target("8.5")]).light == "watch"
    assert row(both[1:], [target("8.5")]).light == "good"


# -- level targets ---------------------------------------------------------------------------


def test_ahead_of_pace():
    found = row(*flow("44.4", "100", rate="6.0"))
    assert (found.light, found.rule) == ("good", "达到序时进度")
    assert found.reasons == ("完成年度目标44.4%，快于序时进度2.7个百分点",)


def test_behind_pace_names_the_pace_arrears():
    found = row(*flow("31.0", "100"))
    assert (found.light, found.rule) == ("behind", "低于序时进度")
    assert found.reasons == (
        "完成年度目标31.0%，低于序时进度10.7个百分点", "进度欠账10.7亿元",
    )  # fmt: skip


def test_slightly_behind_pace():
    assert row(*flow("40.0", "100")).light == "watch"


def test_pace_alone_misleads():
    """25.9 % after the first quarter with growth −18.7 % is not ahead."""
    found = row(*flow("25.9", "100", months=3, rate="-18.7", period="2023-01/03"))
    assert (found.light, found.rule) == ("watch", "进度快而增速为负")
    assert found.reasons == (
        "完成年度目标25.9%，快于序时进度0.9个百分点", "增速-18.7%，不能只看进度",
    )  # fmt: skip


def test_less_is_better_turns_pace_round():
    assert row(*flow("38.0", "100", indicator="energy")).light == "good"
    assert row(*flow("60.0", "100", indicator="energy")).light == "behind"


def test_at_the_end_of_the_year_precision_may_leave_it_open():
    found = row(*flow("99.9", "99.94", months=12, period=DECEMBER), as_of=date(2024, 1, 20))
    assert (found.light, found.word) == ("unknown", "按印发精度不能判定")


@pytest.mark.parametrize(
    ("value", "light"), [("50.0", "good"), ("49.0", "watch"), ("45", "behind")]
)
def test_a_stock_has_no_pace(value, light):
    goal = target("50", "level", indicator="loans")
    found = row([measure("value", value, unit="亿元", indicator="loans")], [goal])
    assert found.light == light


def test_what_a_stock_is_short_of_is_said_once():
    goal = target("50", "level", indicator="loans")
    found = row([measure("value", "45.0", unit="亿元", indicator="loans")], [goal])
    assert found.reasons == ("45.0亿元，低于年度目标5.0亿元",)


def test_what_is_owed_is_named_where_the_slack_makes_it_another_size():
    goal = target("50", "level", "about", indicator="loans", tolerance=Decimal(2))
    found = row([measure("value", "45.0", unit="亿元", indicator="loans")], [goal])
    assert found.reasons == ("45.0亿元，低于年度目标5.0亿元", "全年缺口3.0亿元")
    goal = target("8.5", "growth", "about", tolerance=Decimal("0.2"))
    found = row([growth("8.0")], [goal])
    assert found.reasons == ("增速8.0%，低于年度目标0.5个百分点", "增速欠账0.3个百分点")


@pytest.mark.parametrize(
    ("value", "light", "reason"),
    [
        ("2.9", "good", "2.9%，在上限3%以内，余量0.1个百分点"),
        ("3.0", "good", "3.0%，在上限3%以内，余量0.0个百分点"),
        ("3.2", "behind", "3.2%，超过上限3%，超出0.2个百分点"),
    ],
)
def test_ceilings(value, light, reason):
    goal = target("3", "ceiling", "within", indicator="bad")
    found = row([measure("value", value, indicator="bad")], [goal])
    assert (found.light, found.reasons) == (light, (reason,))


# -- no target, no figure --------------------------------------------------------------------


def test_without_target():
    found = row([growth("8.2")], [])
    assert (found.light, found.word, found.target_id) == ("no_target", "未下达任务", None)


def test_not_issued_is_neither_met_nor_missed():
    one, whole = lights([growth("8.2")], [target(None)])
    assert (one.light, whole.light) == ("no_target", "no_target")
    assert one.target_id is not None


def _calendar(day):
    entry = CalendarEntry(
        id="c", indicators=("*",), levels=("township",), due={"months_after": 1, "day": day}
    )
    return rulebook(calendar=(entry,))


def test_no_data_not_due_and_held_are_told_apart():
    nothing = [measure("value", "", word="not_published", unit="亿元")]
    goal = [target("8.5")]
    assert row(nothing, goal, _calendar(25)).reasons == ("2023年1—5月数据未到报送期",)
    assert row(nothing, goal, _calendar(25)).light == "not_due"
    assert row(nothing, goal, _calendar(15)).reasons == ("2023年1—5月数据逾期未报",)
    assert row(nothing, goal, _calendar(15)).light == "unknown"
    assert row(nothing, goal).reasons == ("2023年1—5月没有数据",)
    held = finding("unit_slip", "hard", "", "", indicator="output", org="east", period=PERIOD)
    assert row(nothing, goal, _calendar(25), findings=[held]).reasons == (
        "2023年1—5月报来的数被核验扣留，待核实",
    )


def test_a_figure_before_its_due_day_is_judged():
    assert row([growth("8.8")], [target("8.5")], _calendar(25)).light == "good"


def test_a_target_without_any_measure_still_has_a_row():
    assert [v.light for v in lights([], [target("8.5")])] == ["unknown", "unknown"]


# -- several targets -------------------------------------------------------------------------


def test_the_row_is_the_worst_and_says_which():
    measures, goals = flow("44.4", "100", rate="6.0")
    found = lights(measures, [*goals, target("8.5")])
    assert [v.light for v in found] == ["behind", "good", "behind"]
    assert found[-1].reasons[0] == "共2项目标，按最差的增速目标判定"


def test_not_issued_beside_an_issued_one_does_not_hide_it():
    measures, goals = flow("44.4", "100", rate="6.0")
    assert row(measures, [*goals, target(None)]).light == "good"


def test_the_first_tier_that_has_targets_is_judged():
    goals = [target("9.0", tier="assigned"), target("5.0"), target("1.0", tier="stretch")]
    assert [v.target_id for v in lights([growth("8.2")], goals)] == [goals[0].target_id, None]
    goals[0] = target(None, tier="assigned")
    assert lights([growth("8.2")], goals)[0].target_id == goals[1].target_id
    assert row([growth("8.2")], goals[2:]).light == "no_target"


def test_a_later_version_of_a_target_counts_from_its_day():
    later = target("9.0", received=date(2023, 6, 15))
    goals = [target("8.0"), later]
    assert row([growth("8.2")], goals).light == "watch"
    assert row([growth("8.2")], goals, as_of=date(2023, 6, 14)).light == "good"


# -- tables of the rulebook ------------------------------------------------------------------


def _lights(*rules, **more):
    return LightTable.model_validate({"id": "ours", "rules": rules, **more})


def test_the_first_rule_that_applies_wins_and_fills_its_reason():
    table = _lights(
        {"name": "负增长", "light": "behind", "reason": "增速{growth}，占比{share}",
         "when": [{"measure": "growth", "op": "<", "value": "0"}]},
        {"name": "够好", "light": "good",
         "when": [{"measure": "kind", "op": "is", "value": "增速"},
                  {"measure": "met", "op": "is", "value": "是"}]},
    )  # fmt: skip
    book = rulebook(lights=(table,))
    found = row([growth("-1.2")], [target("8.5")], book)
    assert (found.rule, found.light) == ("负增长", "behind")
    assert found.reasons[0] == "增速-1.2%，占比无数据"
    assert row([growth("9.0")], [target("8.5")], book).rule == "够好"
    nothing = row([growth("2.0")], [target("8.5")], book)
    assert (nothing.light, nothing.rule) == ("unknown", "")
    assert nothing.reasons[0] == "亮灯规则“ours”没有一条适用"


def test_a_table_holds_for_its_time_and_its_indicators():
    always = {"name": "一律良好", "light": "good"}
    old = _lights(always, to="2022")
    other = _lights(always, indicators=("loans",))
    assert row([growth("1.0")], [target("8.5")], rulebook(lights=(old, other))).light == "behind"
    assert (
        row([growth("1.0")], [target("8.5")], rulebook(lights=(_lights(always),))).light == "good"
    )


def test_measures_read_names_what_a_table_asks_for():
    table = _lights({"name": "r", "light": "good", "reason": "{share}",
                     "when": [{"measure": "rank_growth", "op": "<=", "value": "3"}]})  # fmt: skip
    names = measures_read(rulebook(lights=(table,)))
    assert {"share", "rank_growth", "value", "growth", "completion", "pace_gap"} <= names
    assert "kind" not in names


# -- properties ------------------------------------------------------------------------------

ORDER = ["behind", "watch", "unknown", "good"]
printed = st.builds(
    lambda n, d: show(Decimal(n).scaleb(-d), d), st.integers(-3000, 3000), st.integers(0, 2)
)
goals = st.builds(lambda n, d: str(Decimal(n).scaleb(-d)), st.integers(1, 3000), st.integers(0, 3))


@given(
    rate=printed, one=goals, other=goals,
    comparator=st.sampled_from(["reach", "at_least", "exceed", "about"]),
)  # fmt: skip
def test_a_lower_growth_target_never_has_a_worse_light(rate, one, other, comparator):
    low, high = sorted((one, other), key=Decimal)
    found = [row([growth(rate)], [target(goal, comparator=comparator)]) for goal in (low, high)]
    assert ORDER.index(found[0].light) >= ORDER.index(found[1].light)


@given(
    value=printed, one=goals, other=goals, rate=st.none() | printed,
    months=st.integers(1, 12), comparator=st.sampled_from(["reach", "at_least", "exceed"]),
)  # fmt: skip
def test_a_lower_level_target_never_has_a_worse_light(value, one, other, rate, months, comparator):
    low, high = sorted((one, other), key=Decimal)
    period = f"2023-01/{months:02d}" if months > 1 else "2023-01"
    found = []
    for goal in (low, high):
        figures = flow(value, goal, months=months, rate=rate, period=period, comparator=comparator)
        found.append(row(*figures, as_of=date(2024, 2, 1)))
    assert ORDER.index(found[0].light) >= ORDER.index(found[1].light)


@given(value=printed, one=goals, other=goals)
def test_a_lower_stock_target_never_has_a_worse_light(value, one, other):
    low, high = sorted((one, other), key=Decimal)
    figures = [measure("value", value, unit="亿元", indicator="loans")]
    found = [row(figures, [target(goal, "level", indicator="loans")]) for goal in (low, high)]
    assert ORDER.index(found[0].light) >= ORDER.index(found[1].light)
