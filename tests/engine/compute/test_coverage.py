"""Growth of the same members apart from what entered and left."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diaodu.engine.rules.models import Breakdown, CalendarEntry, DayAfter

NOW, LAST = "2023-01/05", "2022-01/05"
MEMBERS = Breakdown(id="members", name="各县", of="orgs", parent="city", coverage=True)
MEASURES = ("like_for_like", "coverage_effect", "coverage_effect_pp")


@pytest.fixture
def members(make_county):
    return make_county(more={"breakdowns": (MEMBERS,)})


def see(county, **figures):
    """org → (last year's, this year's)."""
    for org, (last, now) in figures.items():
        for period, value in ((LAST, last), (NOW, now)):
            if value is not None:
                county.see(org, period, value)
    return county


def told(results):
    return [results.shown(measure, "city") for measure in MEASURES]


def test_one_entered_and_one_left(members):
    """All: 15 of 10, +50 %; the one that stayed: 12 of 8, also +50 %."""
    results = see(members, a=("8.00", "12.00"), b=(None, "3.00"), c=("2.00", None)).compute()
    assert told(results) == ["50.0", "1.00", "0.0"]
    alike = results.find("like_for_like", "city")
    assert alike.formula == (
        "（同口径本期合计 ÷ 同口径上年同期合计 − 1）× 100"
        "（同口径1个，进入1个（b县），退出1个（c县））"
    )
    assert (alike.base, alike.peer_group) == (LAST, "members")
    assert set(alike.inputs) == {one.obs_id for one in members.observations}
    effect = results.find("coverage_effect", "city")
    assert (effect.unit, effect.lo, effect.hi) == ("亿元", Decimal("0.99"), Decimal("1.01"))


def test_a_part_without_last_years_figure_lifts_the_printed_growth(members):
    """+81.8 % printed, +59.3 % like for like: the rest is an industry without last year's."""
    results = see(members, a=("60.0", "95.58"), b=("0.0", "0.0"), c=(None, "13.50")).compute()
    assert told(results) == ["59.3", "13.50", "22.5"]


def test_nobody_stayed(members):
    results = see(members, a=("8.00", None), b=(None, "3.00")).compute()
    assert told(results) == ["无同期数", "-5.00", "无同期数"]


@pytest.mark.parametrize("word", ["late", "missing", "not_due"])
def test_who_may_still_report_has_not_left(members, word):
    see(members, a=("8.00", "9.00"), c=("2.00", None))
    members.see("c", NOW, word=word)
    found = members.compute().find("coverage_effect", "city")
    assert (found.word, found.formula) == (
        "not_published", "还缺1个（c县）的本期数，分不清是退出还是未报",
    )  # fmt: skip


def test_who_owes_the_figure_has_not_left(make_county):
    entry = CalendarEntry(id="r", levels=("county",), due=DayAfter(day=12))
    county = make_county(more={"breakdowns": (MEMBERS,), "calendar": (entry,)})
    see(county, a=("8.00", "9.00"), c=("2.00", None))
    assert county.compute().find("like_for_like", "city").word == "not_published"


def test_nil_is_nothing_left(members):
    see(members, a=("8.00", "9.00"), c=("2.00", None))
    members.see("c", NOW, word="nil")
    assert told(members.compute()) == ["12.5", "-2.00", "-22.5"]


def test_an_org_that_was_closed_has_left(make_county):
    county = make_county(more={"breakdowns": (MEMBERS,)})
    county.orgs[3]["closed"] = date(2022, 12, 31)
    results = see(county, a=("8.00", "9.00"), c=("2.00", None)).compute()
    assert told(results) == ["12.5", "-2.00", "-22.5"]


def test_by_child_indicators_in_their_units(make_county):
    sectors = Breakdown(id="kinds", name="行业", of="indicators", indicators=("all",),
                        coverage=True)  # fmt: skip
    county = make_county(
        indicators=[
            {"id": "all", "name": "总产值", "unit": "亿元", "basis": "ytd",
             "children": ["steel", "chips"]},
            {"id": "steel", "name": "钢铁", "unit": "亿元", "basis": "ytd"},
            {"id": "chips", "name": "芯片", "unit": "万元", "basis": "ytd"},
        ],
        more={"breakdowns": (sectors,)},
    )  # fmt: skip
    county.see("a", LAST, "4.00", indicator="steel")
    county.see("a", NOW, "5.00", indicator="steel")
    county.see("a", NOW, "20000", indicator="chips")
    results = county.compute()
    shown = [results.shown(measure, "a", indicator="all") for measure in MEASURES]
    assert shown == ["25.0", "2.00", "50.0"]
    assert "进入1个（芯片）" in results.find("like_for_like", "a", indicator="all").formula


def test_without_the_key_nothing_is_said(make_county):
    plain = MEMBERS.model_copy(update={"coverage": False})
    county = make_county(more={"breakdowns": (plain,)})
    results = see(county, a=("8.00", "9.00"), c=("2.00", None)).compute()
    assert told(results) == [None, None, None]


tenths = st.none() | st.integers(1, 500).map(lambda n: Decimal(n) / 10)


@settings(max_examples=25, deadline=None)
@given(parts=st.tuples(*[st.tuples(tenths, tenths)] * 3))
def test_the_parts_of_a_growth_add_up(make_county, parts):
    """Like for like and the effect together are the growth of all; the effect in units is what
    all changed by, less what those that stayed changed by."""
    county = make_county(more={"breakdowns": (MEMBERS,)})
    for org, (last, now) in zip("abc", parts, strict=True):
        see(county, **{org: (last and f"{last}", now and f"{now}")})
    if not county.observations:
        return
    results = county.compute()
    alike, effect, points = (results.find(measure, "city") for measure in MEASURES)
    if effect is None:
        return
    if all(last is None for last, _ in parts):
        assert effect.word == "no_base"
        return
    every = [sum((p[year] or 0) for p in parts) for year in (0, 1)]
    stayed = [sum(p[year] for p in parts if None not in p) for year in (0, 1)]
    assert effect.value == (every[1] - every[0]) - (stayed[1] - stayed[0])
    assert effect.lo <= effect.value <= effect.hi
    if points.word is None:
        growth = (Fraction(every[1]) / Fraction(every[0]) - 1) * 100
        assert abs(Fraction(alike.value) + Fraction(points.value) - growth) < Fraction(3, 10**12)
        assert alike.lo <= alike.value <= alike.hi and points.lo <= points.value <= points.hi
    else:
        assert (points.word == "no_base" and stayed == [0, 0]) or points.word == "zero_base"
