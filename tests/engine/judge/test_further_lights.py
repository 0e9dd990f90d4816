"""Lights of places, means, other indicators, 净增; no target without a pace taken for kept."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diaodu.engine.flow import tied_by_targets
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import half_unit
from diaodu.engine.ground.records import Measure, Target, Verdict
from diaodu.engine.judge.light import judge, measures_read
from diaodu.engine.rules.models import Indicator, LightTable, Org
from diaodu.engine.rules.rulebook import Rulebook

D = Decimal
MAY = Period.of_months(2023, 1, 5)
AS_OF = date(2023, 6, 20)
# A table whose last rule takes everything for good.
LENIENT = LightTable.model_validate({"id": "all", "rules": [{"name": "其余", "light": "good"}]})


def book(**more: Any) -> Rulebook:
    made = [
        Indicator(id="tax", name="税收", unit="亿元", basis="ytd"),
        Indicator(id="gdp", name="生产总值", unit="亿元", basis="ytd"),
    ]
    city = Org(id="city", name="示例市", level="city")
    county = Org(id="county", name="示例县", level="county", parent="city")
    return Rulebook("t", {"city": city, "county": county}, {i.id: i for i in made}, **more)


def target(kind: str, value: str | None, unit: str = "位", **more: Any) -> Target:
    day = date(2023, 1, 9)
    tier, against = more.get("tier", "own"), more.get("against", "")
    return Target(
        Target.make_id("tax", "county", 2023, tier, kind, day, "", against), "tax", "county", 2023,
        tier, kind, more.get("comparator", "reach"), None if value is None else D(value), None,
        unit, None if value else "no_target", "", "", day, "t.xlsx", "", "", "A1", "", against,
        more.get("text", ""),
    )  # fmt: skip


def measure(name: str, text: str, indicator: str = "tax", unit: str = "%", **key: str) -> Measure:
    decimals = len(text.partition(".")[2])
    half = D(0) if unit == "位" else half_unit(decimals)
    parts = ("", key.get("base", ""), key.get("peer_group", ""))
    return Measure(
        Measure.make_key(indicator, "county", MAY.id, name, *parts), indicator, "county", MAY.id,
        name, *parts, D(text), text, decimals, None, unit, D(text) - half, D(text) + half, "", (),
    )  # fmt: skip


def light(one: Target, *measures: Measure, **more: Any) -> Verdict:
    found = judge(measures, [one], book(**more), MAY, AS_OF)
    assert found[-1].target_id is None and found[-1].light == found[0].light
    return found[0]


PLACE = measure("rank_growth", "4", unit="位", peer_group="city/county")


def test_a_place_is_reached_or_it_is_not():
    missed = light(target("rank", "3"), PLACE)
    assert (missed.light, missed.word, missed.rule) == ("behind", "落后", "位次目标：未达到")
    assert missed.reasons == ("增速位次4位，目标增速进前3位，未达到",)
    assert light(target("rank", "4"), PLACE).light == "good"
    first = light(target("rank", "1"), PLACE)
    assert first.reasons == ("增速位次4位，目标增速居第1位，未达到",)


def test_by_level_where_it_says_so():
    by_level = measure("rank_level", "2", unit="位", peer_group="city/county")
    found = light(target("rank", "3", against="level"), PLACE, by_level)
    assert found.light == "good" and found.reasons[0].startswith("总量位次2位")


def test_a_mean_and_another_indicator():
    gap = measure("gap_parent", "-0.3", unit="百分点", base="city")
    found = light(target("mean", "0", "百分点"), gap)
    assert found.light == "behind"
    assert found.reasons == ("与上级增速之差-0.3个百分点，目标增速不低于示例市平均，未达到",)
    own, other = measure("growth_published", "16.4"), measure("growth_published", "8.0", "gdp")
    twice = judge([own, other], [target("relative", "2", "倍", against="gdp")], book(), MAY, AS_OF)
    mine = next(one for one in twice if one.target_id)
    assert mine.light == "good"
    assert mine.reasons == (
        "增速（公布）16.4%，增速（公布）8.0%，目标增速不低于生产总值增速的2倍，达到",
    )


def test_what_is_due_of_an_increment():
    """Of 12 for the year five are due by May."""
    change = measure("change", "5.0", unit="亿元", base="2022-01/05")
    assert light(target("increment", "12", "亿元"), change).rule == "净增目标：恰好"
    short = light(target("increment", "12.6", "亿元"), change)
    assert short.light == "behind" and short.reasons == (
        "比上年同期增减5.0亿元，目标净增12.6亿元，未达到",
    )


def test_a_phase_of_an_increment_goes_before_its_pace():
    year = target("increment", "12", "亿元")
    phase = year._replace(target_id="phase", period=MAY.id, value=D("6.5"))
    change = measure("change", "6.0", unit="亿元", base="2022-01/05")
    assert light(year, change).light == "good"
    found = judge([change], [year, phase], book(), MAY, AS_OF)
    assert [one.light for one in found] == ["behind", "behind"]


def test_no_figure_is_due_or_not():
    missing = judge([], [target("rank", "3")], book(), MAY, AS_OF)[0]
    assert (missing.light, missing.rule) == ("unknown", "位次目标：没有数")
    early = judge([], [target("rank", "3")], book(), MAY, date(2023, 5, 3))[0]
    assert early.light == "not_due"


def test_words_are_for_somebody_to_decide():
    found = judge([PLACE], [target("qualitative", None, text="基本建成")], book(), MAY, AS_OF)
    assert [(one.target_id, one.light) for one in found] == [(None, "no_target")]


def test_only_the_tier_that_is_judged():
    found = judge([PLACE], [target("rank", "3", tier="stretch")], book(), MAY, AS_OF)
    assert [one.light for one in found] == ["no_target"]


def test_the_worst_of_a_row_may_be_a_place():
    growth = measure("growth_published", "9.0")
    aims = [target("rank", "3"), target("growth", "8", "%")]
    found = judge([PLACE, growth], aims, book(), MAY, AS_OF)
    assert [one.light for one in found] == ["good", "behind", "behind"]
    assert found[-1].reasons[0] == "共2项目标，按最差的位次目标判定"


def test_the_measures_they_need_are_asked_for():
    assert "rank_growth" not in measures_read(book())
    assert "rank_growth" in measures_read(book(), [target("rank", "3")])


def test_a_target_without_a_pace_is_never_kept():
    """A completion, and no pace beside it: whatever the table's last rule says."""
    value = measure("value", "50.0", unit="亿元")
    found = light(target("level", "100", "亿元"), value, lights=(LENIENT,))
    assert (found.light, found.rule) == ("unknown", "序时进度没有算出")
    assert found.reasons == ("完成率或序时进度没有算出，无法判断",)


def test_relative_targets_tie_indicators_either_way():
    tied = [target("relative", "0", "百分点", against="gdp")]
    assert tied_by_targets(["gdp"], tied) == tied_by_targets(["tax"], tied) == {"tax", "gdp"}
    assert tied_by_targets(["other"], tied) == {"other"}


_ORDER = ("behind", "good")


@settings(max_examples=60)
@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 9))
def test_a_lower_target_never_has_a_worse_light(place, wanted, more):
    told = measure("rank_growth", str(place), unit="位", peer_group="city/county")
    strict, lower = (light(target("rank", str(one)), told).light for one in (wanted, wanted + more))
    assert _ORDER.index(lower) >= _ORDER.index(strict)


@pytest.mark.parametrize("kind", ["mean", "relative", "increment", "not_bottom", "sign", "yes_no"])
def test_none_is_good_without_figures(kind):
    assert light(target(kind, "1", "倍")).light == "unknown"
