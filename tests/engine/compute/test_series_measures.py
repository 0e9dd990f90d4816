"""The further measures of one series: hand-worked, against the calculator, and what must hold."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import narwhals as nw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diaodu.adapters.frames import observation_frame, target_frame
from diaodu.engine.compute.calculator import calculate
from diaodu.engine.compute.changed import recompute
from diaodu.engine.compute.month import compute_month
from diaodu.engine.ground.period import parse_period
from diaodu.engine.rules.models import BandSet, Pace, Shape

NOW, LAST, BEFORE = "2023-01/05", "2022-01/05", "2021-01/05"
WHOLE = "2022-01/12"
RATE = {"id": "tax", "name": "规上工业增加值", "unit": "%", "basis": "rate", "facets": ["growth"]}
PERCENT = Decimal(1).scaleb(-12)
fast = settings(max_examples=20, deadline=None)


def cut(exact: Fraction | None) -> Decimal:
    assert exact is not None
    return Decimal(int(exact * 10**12)).scaleb(-12)


# -- two-year average ----------------------------------------------------------------------------


def test_two_year_average_of_published_growths(make_county):
    county = make_county([RATE])
    seen = county.see("a", NOW, "8.5", facet="growth")
    then = county.see("a", LAST, "0.6", facet="growth")
    results = county.compute()
    found = results.find("two_year_average")
    expected = calculate("two_year_average", {"growth": "8.5", "last_growth": "0.6"})
    assert (found.shown, found.unit, found.base) == ("4.5", "%", BEFORE)
    assert found.value == cut(expected.value)
    assert found.lo <= cut(expected.lo) and cut(expected.hi) <= found.hi
    assert found.hi - cut(expected.hi) <= PERCENT
    assert found.formula == (
        "（√（（1 + 2023年1—5月公布增速）×（1 + 2022年1—5月公布增速））− 1）× 100，"
        "以2021年1—5月为基期"
    )
    assert results.reaches(found.key) == {seen, then}


@fast
@given(st.integers(-999, 3000), st.integers(-999, 3000))
def test_two_year_average_agrees_with_calc(make_county, now, then):
    county = make_county([RATE])
    texts = [f"{Decimal(one).scaleb(-1)}" for one in (now, then)]
    for period, text in zip((NOW, LAST), texts, strict=True):
        county.see("a", period, text, facet="growth")
    found = county.compute().find("two_year_average")
    expected = calculate("two_year_average", {"growth": texts[0], "last_growth": texts[1]})
    assert found.value == cut(expected.value)
    assert found.lo <= found.value <= found.hi


@pytest.mark.parametrize(
    ("value", "base", "shown", "word"),
    [
        ("121.00", "100.00", "10.0", None),
        ("81.00", "100.00", "-10.0", None),
        ("1.00", "0.00", "同期为零", "zero_base"),
        ("1.00", "-2.00", "同期为负", "negative_base"),
        ("-1.00", "2.00", "由正转负", "turned_negative"),
    ],
)
def test_two_year_average_of_levels(county, value, base, shown, word):
    county.see("a", NOW, value)
    county.see("a", BEFORE, base)
    found = county.compute().find("two_year_average")
    assert (found.shown, found.word) == (shown, word)
    assert found.formula.startswith("（√（本期 ÷ 2021年1—5月）− 1）× 100")


def test_no_two_year_average_without_the_years_before(county):
    county.see("a", NOW, "3.0", facet="growth")
    county.see("a", NOW, "12.00")
    assert county.compute().find("two_year_average") is None


# -- growth needed -------------------------------------------------------------------------------


def test_growth_needed_after_three_quarters(make_county):
    """4.6 after Q3, 5 wanted: 6.2 where a quarter of last year is left."""
    county = make_county([{**RATE, "cadence": "quarter"}])
    county.more["shapes"] = (
        Shape(id="形", indicators=("tax",), weights=tuple(map(Decimal, ("25", "25", "25", "25")))),
    )
    county.see("a", "2023-01/09", "4.6", facet="growth")
    target = county.aim("a", "5", kind="growth")
    found = county.compute("2023-09").find("growth_needed")
    expected = calculate("growth_needed", {"goal": "5", "so_far": "4.6", "weights": "0.75,0.25"})
    assert (found.shown, found.unit) == ("6.2", "%")
    assert (found.base, found.target_id) == (WHOLE, target)
    assert found.value == cut(expected.value)
    assert found.formula == ("（目标增速 × 100 − 公布增速 × 75）÷ 25（按规则“形”的上年结构）")


def test_growth_needed_by_last_years_figures(county):
    county.see("a", NOW, "46.0")
    county.see("a", LAST, "40.0")
    county.see("a", WHOLE, "100.0")
    county.see("a", NOW, "14.0", facet="growth")
    published = county.aim("a", "10", kind="growth")
    amount = county.aim("a", "112")
    results = county.compute()
    found = results.find("growth_needed", target_id=published)
    assert found.shown == "7.3"  # (10 × 100 − 14 × 40) ÷ 60
    assert found.lo < found.value < found.hi
    assert results.shown("growth_needed", target_id=amount) == "10.0"  # 66 over 60
    assert len(results.reaches(found.key)) == 4


def test_what_the_next_period_alone_must_grow(county):
    county.see("a", NOW, "46.0")
    county.see("a", LAST, "40.0")
    county.see("a", "2022-01/06", "50.0")
    county.see("a", NOW, "8.0", facet="growth")
    target = county.aim("a", "10", kind="growth")
    county.aim("a", "112")
    found = county.compute().find("growth_needed_next")
    assert (found.shown, found.base, found.target_id) == ("18.0", "2022-01/06", target)
    assert found.formula == (
        "（目标增速 × 上年1—6月 − 公布增速 × 上年同期）÷（上年1—6月 − 上年同期）"
    )
    assert found.lo < found.value < found.hi


def test_what_the_next_quarter_of_a_rate_must_grow(make_county):
    """4.6 after Q3: the last quarter is the rest of the year."""
    county = make_county([{**RATE, "cadence": "quarter"}])
    county.more["shapes"] = (
        Shape(id="形", indicators=("tax",), weights=tuple(map(Decimal, ("20", "25", "26", "29")))),
    )
    county.see("a", "2023-01/09", "4.6", facet="growth")
    county.see("a", "2023-01/06", "4.0", facet="growth")
    county.aim("a", "5", kind="growth")
    now = county.compute("2023-09")
    assert now.find("growth_needed_next").value == now.find("growth_needed").value
    found = county.compute("2023-06").find("growth_needed_next")
    assert found.shown == "6.7"  # (5 × 71 − 4 × 45) ÷ 26
    assert found.formula == "（目标增速 × 71 − 公布增速 × 45）÷ 26（按规则“形”的上年结构）"


@pytest.mark.parametrize(
    ("base", "whole", "target", "word"),
    [
        (None, "100.0", "10", "no_base"),
        ("40.0", None, "10", "no_base"),
        ("40.0", "40.0", "10", "zero_base"),
        ("40.0", "30.0", "10", "negative_base"),
        ("40.0", "100.0", None, "no_target"),
    ],
)
def test_growth_needed_in_words(county, base, whole, target, word):
    county.see("a", NOW, "46.0")
    for period, value in ((LAST, base), (WHOLE, whole)):
        if value is not None:
            county.see("a", period, value)
    county.aim("a", target, kind="growth")
    found = county.compute().find("growth_needed")
    assert (found.word, found.value) == (word, None)


def test_growth_needed_says_where_the_target_is_reached(county):
    county.see("a", NOW, "120.0")
    county.see("a", LAST, "40.0")
    county.see("a", WHOLE, "100.0")
    county.aim("a", "110")
    assert county.compute().find("growth_needed").formula.endswith("；不高于−100%，即已达到")


amounts = st.integers(1, 10**6).map(lambda one: Decimal(one).scaleb(-1))


@fast
@given(amounts, amounts, amounts, st.integers(-50, 300))
def test_growing_as_needed_reaches_the_goal(make_county, done, base, rest, goal):
    county = make_county()
    county.see("a", NOW, f"{done}")
    county.see("a", LAST, f"{base}")
    county.see("a", WHOLE, f"{base + rest}")
    county.aim("a", f"{Decimal(goal).scaleb(-1)}", kind="growth")
    found = county.compute().find("growth_needed")
    reached = done + rest * (1 + found.value / 100)
    wanted = (base + rest) * (1 + Decimal(goal).scaleb(-3))
    assert abs(reached - wanted) <= rest * PERCENT
    assert found.lo is None or found.lo <= found.value <= found.hi


# -- streaks -------------------------------------------------------------------------------------


def months_of(first: str, growths: list[str]) -> list[tuple[str, str]]:
    """Cumulative periods of 2023 from 1—2月 on, each with its growth."""
    start = int(first)
    return [(f"2023-01/{month:02d}", g) for month, g in enumerate(growths, start)]


@pytest.mark.parametrize(
    ("growths", "streak", "sign"),
    [
        (["1.0", "2.0", "3.0", "4.0"], "3", "5"),
        (["4.0", "3.0", "2.0", "2.0"], "0", "5"),
        (["1.0", "-2.0", "-3.0", "-4.0"], "-3", "-3"),
        (["3.0", "1.0", "2.0", "3.0"], "2", "5"),
        (["3.0", "4.0", "5.0", "0.0"], "-1", "0"),
    ],
)
def test_streaks_of_growth(make_county, growths, streak, sign):
    county = make_county([{**RATE, "january": "merged", "headline": True}])
    for period, growth in months_of("2", growths):
        county.see("a", period, growth, facet="growth")
    results = county.compute("2023-05")
    assert results.shown("streak") == streak
    assert results.shown("streak_sign") == sign
    assert results.find("streak").unit == "个月"


def test_a_streak_says_where_it_begins_and_why_it_ends(make_county):
    county = make_county([{**RATE, "january": "merged", "headline": True}])
    seen = [
        county.see("a", period, growth, facet="growth")
        for period, growth in months_of("2", ["5.0", "1.0", "2.0", "3.0"])
    ]
    results = county.compute("2023-05")
    found = results.find("streak")
    assert (found.shown, found.lo, found.hi) == ("2", 2, 2)
    assert found.formula == "累计增速连续比上期上升的月数（1—2月按两个月计），自2023年1—4月起"
    assert set(found.inputs) == set(seen[1:])
    sign = results.find("streak_sign")
    assert sign.formula.endswith("自2023年1—2月起；再往前没有可比的数")
    assert (sign.lo, sign.hi) == (5, None)
    assert set(sign.inputs) == set(seen)


def test_a_streak_only_where_it_is_asked_for(make_county):
    for more, there in (({}, False), ({"headline": True}, True), ({"measures": ["streak"]}, True),
                        ({"headline": True, "measures": []}, False)):  # fmt: skip
        county = make_county([{**RATE, **more}])
        county.see("a", NOW, "5.0", facet="growth")
        county.see("a", "2023-01/04", "4.0", facet="growth")
        assert (county.compute().find("streak") is not None) is there


def test_the_month_alone_may_rise_while_the_year_falls(make_county):
    county = make_county([{"id": "tax", "name": "税收", "unit": "亿元", "basis": "ytd",
                           "headline": True}])  # fmt: skip
    for month, now in ((3, "40"), (4, "44"), (5, "49")):
        county.see("a", f"2023-01/{month:02d}", f"{now}.0")
        county.see("a", f"2022-01/{month:02d}", f"{month * 10}.0")
    results = county.compute()
    assert results.shown("streak") == "-2"  # 33.3, 10.0, −2.0
    assert results.shown("streak_month") == "1"  # −60 in April, −50 in May


@fast
@given(st.lists(st.integers(-30, 30), min_size=4, max_size=10))
def test_a_streak_never_jumps(make_county, growths):
    county = make_county([{**RATE, "january": "merged", "headline": True}])
    for period, growth in months_of("2", [f"{Decimal(one).scaleb(-1)}" for one in growths]):
        county.see("a", period, growth, facet="growth")
    last = {"streak": 0, "streak_sign": 0}
    for month in range(2, 2 + len(growths)):
        results = county.compute(f"2023-{month:02d}")
        for name, before in last.items():
            found = results.find(name)
            size = 0 if found is None else abs(int(found.value))
            assert size <= before + (2 if month == 2 else 1)
            last[name] = size


def test_a_streak_against_targets(make_county):
    county = make_county([{"id": "tax", "name": "税收", "unit": "亿元", "basis": "ytd",
                           "january": "merged", "headline": True}])  # fmt: skip
    for month, value in ((2, "25"), (3, "24"), (4, "39"), (5, "49")):
        county.see("a", f"2023-01/{month:02d}", f"{value}.0")
    target = county.aim("a", "120")
    found = county.compute().find("streak_target")
    assert (found.shown, found.target_id) == ("-3", target)  # 30, 40 and 50 were due
    assert found.formula == ("连续落后于序时或目标的月数（1—2月按两个月计），自2023年1—3月起")
    assert target in found.inputs


# -- a month alone -------------------------------------------------------------------------------


def test_growth_of_a_month(county):
    for period, value in ((NOW, "50.0"), ("2023-01/04", "38.0"), (LAST, "40.0"),
                          ("2022-01/04", "30.0")):  # fmt: skip
        county.see("a", period, value)
    results = county.compute()
    found = results.find("month_growth")
    assert (found.shown, found.base) == ("20.0", "2022-05")
    assert found.formula == "（当月值 ÷ 上年同月 − 1）× 100，上年同月 = 上年累计之差"
    assert len(results.reaches(found.key)) == 4


@pytest.mark.parametrize(
    ("earlier", "word"), [(None, "no_base"), ("40.0", "zero_base"), ("45.0", "turned_positive")]
)
def test_growth_of_a_month_over_no_base(county, earlier, word):
    for period, value in ((NOW, "50.0"), ("2023-01/04", "38.0"), (LAST, "40.0"),
                          ("2022-01/04", earlier)):  # fmt: skip
        if value is not None:
            county.see("a", period, value)
    assert county.compute().find("month_growth").word == word


def rates(make_county, now: str, before: str):
    county = make_county([{**RATE, "january": "merged"}])
    weights = (Decimal(12), *[Decimal(8)] * 8, Decimal(10), Decimal(14))
    county.more["shapes"] = (Shape(id="形", indicators=("tax",), weights=weights),)
    county.see("a", NOW, now, facet="growth")
    county.see("a", "2023-01/04", before, facet="growth")
    return county


def test_a_months_growth_is_solved_from_two_cumulative_ones(make_county):
    found = rates(make_county, "6.0", "4.0").compute().find("month_growth_solved")
    assert found.value == 13  # (6 × 36 − 4 × 28) ÷ 8
    assert (found.lo, found.hi) == (Decimal("12.6"), Decimal("13.4"))
    assert found.formula.startswith("推算：（累计增速 × 36 − 上期累计增速 × 28）÷ 8")
    assert found.formula.endswith("只供参考，不用于亮灯")


def test_what_may_be_rise_or_fall_is_not_solved(make_county):
    found = rates(make_county, "3.1", "4.0").compute().find("month_growth_solved")
    assert (found.value, found.word) == (None, "undecidable")


def test_a_published_month_is_not_solved(make_county):
    county = rates(make_county, "6.0", "4.0")
    county.see("a", "2023-05", "12.0", facet="growth")
    results = county.compute()
    assert results.find("month_growth_solved") is None
    assert results.shown("month_growth_published") == "12.0"


# -- further bases -------------------------------------------------------------------------------


def test_a_stock_against_the_beginning_of_the_year(make_county):
    county = make_county([{"id": "tax", "name": "贷款余额", "unit": "亿元", "basis": "stock"}])
    for period, value in (("2023-05", "110.0"), ("2022-05", "90.0"), ("2022-12", "100.0")):
        county.see("a", period, value)
    results = county.compute()
    assert results.shown("change", base="2022-05") == "20.00"
    assert results.shown("change", base="2022-12") == "10.00"
    found = results.find("growth", base="2022-12")
    assert (found.shown, found.unit) == ("10.0", "%")
    assert found.formula == "（本期 ÷ 年初（上年12月末）− 1）× 100，比年初，不是同比"


def test_against_last_year_as_a_whole(make_county):
    county = make_county([{"id": "tax", "name": "浓度", "unit": "微克/立方米", "basis": "mean"}])
    for period, value in ((NOW, "50.0"), (LAST, "40.0"), (WHOLE, "100.0")):
        county.see("a", period, value)
    county.see("a", NOW, "25.0", facet="growth")
    county.see("a", WHOLE, "20.5", facet="growth")
    results = county.compute()
    assert results.shown("growth", base=WHOLE) == "-50.0"
    assert results.find("change", base=WHOLE).formula == "本期 − 上年全年"
    assert results.shown("growth_change_year_pp") == "4.5"


def test_a_flow_so_far_is_not_held_against_a_whole_year(county):
    for period, value in ((NOW, "50.0"), (LAST, "40.0"), (WHOLE, "100.0")):
        county.see("a", period, value)
    results = county.compute()
    assert results.find("growth", base=WHOLE) is None
    assert results.find("change", base=WHOLE) is None


def test_in_december_there_is_no_other_base(county):
    county.see("a", "2023-01/12", "50.0")
    county.see("a", WHOLE, "40.0")
    assert county.compute("2023-12").find("change").base == WHOLE


# -- pace and bands ------------------------------------------------------------------------------


def by_day(county):
    county.indicators[0]["pace_basis"] = "day"
    return county


def test_pace_by_day_names_its_basis_and_turns_the_verdict(county):
    """41.5 % after five months: behind five twelfths, ahead of 151 of 365 days."""
    county.see("a", NOW, "41.50")
    target = county.aim("a", "100")
    assert county.compute().shown("pace_gap") == "-0.2"
    results = by_day(county).compute()
    assert results.shown("pace_gap") == "0.1"
    assert results.find("pace").formula == "已过天数 ÷ 全年天数 × 100（按天：151 ÷ 365）"
    assert results.shown("arrears_pace", target_id=target) == "-0.13"
    expected = calculate("pace_gap", {"completion": "41.50", "day": "2023-05-31"})
    assert results.find("pace_gap").value == cut(expected.value)


def test_the_pace_of_one_tier_alone(county):
    county.more["paces"] = (Pace(id="力争按天", tiers=("stretch",), pace_basis="day"),)
    county.see("a", NOW, "41.50")
    assigned, stretch = (county.aim("a", "100", tier=tier) for tier in ("assigned", "stretch"))
    results = county.compute()
    assert results.shown("pace_gap", target_id=assigned) == "-0.2"
    assert results.shown("pace_gap", target_id=stretch) == "0.1"


BANDS = BandSet.model_validate(
    {"id": "快慢", "of": "pace_gap", "bands": [
        {"name": "慢于序时", "hi": -1}, {"name": "基本同步", "lo": -1, "hi": 1},
        {"name": "快于序时", "lo": 1},
    ]}
)  # fmt: skip


@pytest.mark.parametrize(
    ("value", "shown", "place"),
    [("40.60", "慢于序时", 1), ("40.67", "基本同步", 2), ("42.61", "基本同步", 2),
     ("42.67", "快于序时", 3)],
)  # fmt: skip
def test_bands_are_decided_on_the_printed_decimals(county, value, shown, place):
    county.more["bands"] = (BANDS,)
    county.see("a", NOW, value)
    target = county.aim("a", "100")
    found = county.compute().find("completion_band")
    assert (found.shown, found.unit, found.base) == (str(place), "档", "快慢")
    assert found.formula.endswith(f"的为“{shown}”（按印发位数分档）")
    assert found.inputs == (f"tax|a|{NOW}|pace_gap|{target}||",)


# -- recomputed ----------------------------------------------------------------------------------


@pytest.mark.parametrize("period", [WHOLE, BEFORE, "2022-01/04", "2023-01/03"])
def test_recomputed_equals_computed_anew(make_county, period):
    county = make_county([
        {"id": "tax", "name": "税收", "unit": "亿元", "basis": "ytd", "headline": True},
        {"id": "fees", "name": "非税", "unit": "亿元", "basis": "ytd"},
        {"id": "all", "name": "收入", "unit": "亿元", "basis": "ytd", "headline": True,
         "formula": "税收 + 非税"},
    ])  # fmt: skip
    for indicator in ("tax", "fees"):
        for year in (2021, 2022, 2023):
            for month in (3, 4, 5, 12):
                value = f"{(year - 2000) * month}.{month % 10}"
                county.see("a", f"{year}-01/{month:02d}", value, indicator=indicator)
        county.aim("a", "300", indicator=indicator)
    day = max(one.received for one in county.observations)

    def frames():
        return observation_frame(county.observations), target_frame(county.targets)

    may = parse_period("2023-05")
    before = compute_month(*frames(), county.rulebook, may, day)
    at = next(
        at for at, one in enumerate(county.observations)
        if (one.indicator, one.period) == ("tax", period)
    )  # fmt: skip
    old = county.observations[at]
    county.observations[at] = old._replace(value=old.value + 7)
    whole = compute_month(*frames(), county.rulebook, may, day)
    ours = recompute(before, ["tax"], *frames(), county.rulebook, may, day)
    assert nw.to_native(ours.measures).equals(nw.to_native(whole.measures))
    assert not nw.to_native(ours.measures).equals(nw.to_native(before.measures))


def test_every_measure_walks_to_its_leaves(make_county):
    county = make_county([{"id": "tax", "name": "税收", "unit": "亿元", "basis": "ytd",
                           "headline": True}])  # fmt: skip
    county.more["bands"] = (BANDS,)
    for year in (2021, 2022, 2023):
        for month in (3, 4, 5, 12):
            if (year, month) != (2023, 12):
                county.see("a", f"{year}-01/{month:02d}", f"{(year - 2000) * month}.{month % 10}")
    for period in (NOW, LAST, WHOLE, "2023-05"):
        county.see("a", period, "5.0", facet="growth")
    county.aim("a", "300")
    county.aim("a", "5", kind="growth")
    results = county.compute()
    names = {row.measure for row in results.rows}
    wanted = {"two_year_average", "growth_needed", "month_growth", "month_growth_published",
              "growth_change_year_pp", "streak_sign", "streak_month", "streak_target",
              "completion_band"}  # fmt: skip
    assert wanted <= names
    for row in results.rows:
        if row.measure in wanted or row.base == WHOLE:
            assert results.reaches(row.key)
