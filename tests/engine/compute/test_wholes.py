"""Pull and contribution of the parts of a whole: hand-worked, then as properties."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import narwhals as nw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diaodu.adapters.frames import observation_frame, target_frame
from diaodu.engine.compute.calculator import calculate
from diaodu.engine.compute.changed import reach, recompute, rests_on
from diaodu.engine.compute.month import compute_month
from diaodu.engine.ground.period import Period
from diaodu.engine.rules.models import Breakdown

NOW, LAST = "2023-01/05", "2022-01/05"
PERIOD, DAY = Period.of_months(2023, 1, 5), date(2023, 12, 31)
COUNTIES = Breakdown(id="by_county", name="各县", of="orgs", parent="city", child_level="county")
SECTORS = Breakdown(id="by_sector", name="三次产业", of="indicators", indicators=("gdp",))
PARTS = [
    {"id": "gdp", "name": "地区生产总值", "unit": "亿元", "children": ["first", "second"]},
    {"id": "first", "name": "一产", "unit": "亿元"},
    {"id": "second", "name": "二产", "unit": "万元"},
]


@pytest.fixture
def counties(make_county):
    """Tax of the city by its three counties."""
    return make_county(more={"breakdowns": (COUNTIES,)})


def see(county, figures, indicator="tax"):
    """org → (last year's, this year's)."""
    for org, (last, now) in figures.items():
        for period, value in ((LAST, last), (NOW, now)):
            if value is not None:
                county.see(org, period, value, indicator=indicator)
    return county


def told(results, measure, orgs="abc", **parts):
    return [results.shown(measure, org, **parts) for org in orgs]


def test_pulls_and_contributions_of_the_orgs_below(counties):
    results = see(
        counties,
        {"city": ("10.0", "11.0"), "a": ("5.0", "5.8"), "b": ("3.0", "3.2"), "c": ("2.0", "2.0")},
    ).compute()
    assert told(results, "pull") == ["8.00", "2.00", "0.00"]
    assert told(results, "contribution") == ["80.0", "20.0", "0.0"]
    pull = results.find("pull")
    assert (pull.base, pull.peer_group, pull.unit) == ("city", "by_county", "百分点")
    assert pull.formula == "（本部分本期 − 上年同期）÷ 总体上年同期 × 100"
    assert results.find("contribution").formula == "拉动 ÷ 总体增速（计算）× 100"
    assert results.find("contribution").inputs == (
        pull.key, "tax|city|2023-01/05|growth||2022-01/05|",
    )  # fmt: skip
    assert results.find("pull_other", "city") is None
    assert results.find("pull", "city") is None


def test_parts_in_another_unit_than_their_whole(make_county):
    county = make_county(
        indicators=[{**one, "basis": "ytd"} for one in PARTS], more={"breakdowns": (SECTORS,)}
    )
    for name, last, now in (
        ("gdp", "10.00", "11.00"), ("first", "4.00", "4.25"), ("second", "60000", "67500"),
    ):  # fmt: skip
        see(county, {"a": (last, now)}, name)
    results = county.compute()
    pulls = [results.shown("pull", indicator=one, base="gdp") for one in ("first", "second")]
    assert pulls == ["2.50", "7.50"]
    shares = [results.find("contribution", indicator=one) for one in ("first", "second")]
    assert [one.shown for one in shares] == ["25.0", "75.0"]
    assert {one.formula for one in shares} == {"拉动 ÷ 总体增速（计算）× 100"}
    assert results.find("pull_other", indicator="gdp") is None


@pytest.mark.parametrize(
    ("a", "note"),
    [
        ("5.30", ""),
        ("5.32", "；各部分增减之和与总体增减只差在舍入上，贡献率之和不正好是100%"),
        ("5.90", "；各部分增减之和不等于总体增减，贡献率之和不是100%"),
    ],
)
def test_why_the_contributions_are_not_a_hundred(counties, a, note):
    """The city in tenths, its counties in hundredths."""
    results = see(
        counties,
        {"city": ("10.0", "11.0"), "a": ("5.00", a), "b": ("3.00", "3.50"), "c": ("2.00", "2.20")},
    ).compute()
    assert results.find("contribution").formula == f"拉动 ÷ 总体增速（计算）× 100{note}"
    assert (results.find("pull_other", "city") is None) == (not note)


def test_who_has_no_whole_is_no_part(make_county):
    county = make_county(
        indicators=[{**one, "basis": "ytd"} for one in PARTS], more={"breakdowns": (SECTORS,)}
    )
    results = see(county, {"a": ("4.00", "4.25")}, "first").compute()
    assert results.find("pull", indicator="first") is None
    see(county, {"a": (None, "9.00")}, "gdp")
    assert county.compute().shown("pull", indicator="first") == "无同期数"


def test_what_the_parts_leave_over_is_told_of_the_whole(counties):
    results = see(
        counties,
        {"city": ("10.0", "11.0"), "a": ("5.0", "5.5"), "b": ("3.0", "3.2"), "c": (None, "2.0")},
    ).compute()
    other = results.find("pull_other", "city")
    assert (other.shown, other.base, other.peer_group) == ("3.00", LAST, "by_county")
    assert other.formula == "总体增速（计算）− 各部分拉动之和（3个部分，2个有本期数和同期数）"
    assert results.find("contribution").formula.endswith(
        "；3个部分中2个有本期数和同期数，贡献率之和不是100%"
    )
    assert results.find("pull", "c").word == "no_base"
    assert results.find("pull", "c").formula == "本部分没有上年同期数，不算拉动"
    assert results.reaches(other.key) >= {
        one.obs_id for one in counties.observations if one.org in ("city", "a", "b")
    }


@pytest.mark.parametrize(
    ("city", "a", "word", "formula"),
    [
        ((None, "11.0"), ("5.0", "5.5"), "no_base", "本部分或总体没有上年同期数，不算贡献率"),
        (("0.0", "11.0"), ("5.0", "5.5"), "zero_base", "总体上年同期为零，不算贡献率"),
        (("-2.0", "11.0"), ("5.0", "5.5"), "negative_base", "总体上年同期为负，不算贡献率"),
        (("10.0", None), ("5.0", "5.5"), "not_published", "总体没有本期数，不算贡献率"),
        (("10.0", "-1.0"), ("5.0", "5.5"), "turned_negative",
         "总体由正转负，没有增速，不算贡献率"),
        (("10.0", "10.0"), ("5.0", "5.5"), "undecidable",
         "总体增速在自身舍入范围内可为零，不算贡献率"),
        (("10.0", "10.1"), ("5.0", "5.5"), "undecidable",
         "总体增速在自身舍入范围内可为零，不算贡献率"),
        (("10.0", "11.0"), ("5.0", "4.5"), "not_comparable",
         "拉动与总体增速方向相反，不算贡献率"),
        (("10.0", "9.0"), ("5.0", "5.5"), "not_comparable",
         "拉动与总体增速方向相反，不算贡献率"),
    ],
)  # fmt: skip
def test_why_there_is_no_contribution(counties, city, a, word, formula):
    found = see(counties, {"city": city, "a": a}).compute().find("contribution")
    assert (found.word, found.value, found.formula) == (word, None, formula)


def test_of_a_falling_whole_it_is_the_contribution_to_the_fall(counties):
    results = see(
        counties,
        {"city": ("10.0", "8.0"), "a": ("5.0", "4.0"), "b": ("3.0", "1.5"), "c": ("2.0", "2.5")},
    ).compute()
    assert told(results, "pull") == ["-10.00", "-15.00", "5.00"]
    assert told(results, "contribution") == ["50.0", "75.0", "无法比较"]
    assert results.find("contribution").formula == (
        "拉动 ÷ 总体增速（计算）× 100（总体下降，是对下降的贡献率）"
        "；有的部分与总体方向相反，不算贡献率，其余之和不是100%"
    )


def test_real_prices_are_said(make_county):
    county = make_county(
        indicators=[{"id": "tax", "name": "总产值", "unit": "亿元", "basis": "ytd",
                     "price": "real"}],
        more={"breakdowns": (COUNTIES,)},
    )  # fmt: skip
    results = see(county, {"city": ("10.0", "11.0"), "a": ("5.0", "5.5")}).compute()
    for measure in ("pull", "contribution"):
        assert "（按现价计算，未扣除价格因素）" in results.find(measure).formula


def test_a_breakdown_that_ended_is_not_computed(make_county):
    ended = COUNTIES.model_copy(update={"to": Breakdown(
        id="x", name="x", of="orgs", to="2022").to})  # fmt: skip
    county = make_county(more={"breakdowns": (ended,)})
    results = see(county, {"city": ("10.0", "11.0"), "a": ("5.0", "5.5")}).compute()
    assert results.find("pull") is None


@pytest.mark.parametrize("changed", ["gdp", "first", "second", "other"])
def test_recomputed_equals_computed_anew(make_county, changed):
    """A part's change reaches the whole and the other parts, whose sentences speak of all."""
    alone = [{"id": "other", "name": "其他", "unit": "亿元"}]
    county = make_county(
        indicators=[{**one, "basis": "ytd"} for one in (*PARTS, *alone)],
        more={"breakdowns": (SECTORS, COUNTIES)},
    )
    for place, one in enumerate((*PARTS, *alone)):
        for step, org in enumerate(("city", "a", "b", "c")):
            scale = 30000 if one["unit"] == "万元" else 3
            see(county, {org: (f"{scale * (step + 2)}", f"{scale * (step + 2) + place + step}")},
                one["id"])  # fmt: skip
    before = run(county)
    at = next(
        n for n, one in enumerate(county.observations)
        if (one.indicator, one.org, one.period) == (changed, "b", NOW)
    )  # fmt: skip
    old = county.observations[at]
    county.observations[at] = old._replace(value=old.value + 7)
    now = run(county)
    frames = (observation_frame(county.observations), target_frame([]))
    ours = recompute(before, [changed], *frames, county.rulebook, PERIOD, DAY)
    assert nw.to_native(ours.measures).equals(nw.to_native(now.measures))
    assert not nw.to_native(now.measures).equals(nw.to_native(before.measures))


def run(county):
    return compute_month(
        observation_frame(county.observations), target_frame([]), county.rulebook, PERIOD, DAY
    )


def test_what_a_part_gives_away(make_county):
    county = make_county(
        indicators=[{**one, "basis": "ytd"} for one in PARTS], more={"breakdowns": (SECTORS,)}
    )
    assert rests_on(county.rulebook)["second"] == {"gdp", "first"}
    assert reach(county.rulebook, ["second"]).affected == {"gdp", "first", "second"}


hundredths = st.integers(1, 20_000).map(lambda n: Decimal(n) / 100)
pairs = st.tuples(hundredths, hundredths)


@settings(max_examples=25, deadline=None)
@given(parts=st.tuples(pairs, pairs, pairs))
def test_the_pulls_add_up_to_the_growth_and_the_contributions_to_a_hundred(make_county, parts):
    county = make_county(more={"breakdowns": (COUNTIES,)})
    total = tuple(f"{sum(one[year] for one in parts):.2f}" for year in (0, 1))
    figures = {org: tuple(f"{v:.2f}" for v in one) for org, one in zip("abc", parts, strict=True)}
    results = see(county, {"city": total, **figures}).compute()
    last, now = map(Fraction, total)
    slack = Fraction(3, 10**12)
    pulls = [results.find("pull", org) for org in "abc"]
    assert abs(sum(Fraction(one.value) for one in pulls) - (now / last - 1) * 100) < slack
    assert abs(sum(Fraction(one.value) for one in pulls)
               - Fraction(results.find("growth", "city").value)) < slack  # fmt: skip
    assert results.find("pull_other", "city") is None
    shares = [results.find("contribution", org) for org in "abc"]
    if all(one.word is None for one in shares):
        assert abs(sum(Fraction(one.value) for one in shares) - 100) < slack
        assert {one.formula for one in shares} <= {
            "拉动 ÷ 总体增速（计算）× 100",
            "拉动 ÷ 总体增速（计算）× 100（总体下降，是对下降的贡献率）",
        }
    for one in shares:
        assert one.word is not None or one.lo <= one.value <= one.hi
        assert one.word is None or one.formula.endswith("不算贡献率")
        if one.word is None and any(other.word for other in shares):
            assert one.formula.endswith("；有的部分与总体方向相反，不算贡献率，其余之和不是100%")


@settings(max_examples=25, deadline=None)
@given(whole=pairs, part=pairs)
def test_they_agree_with_the_calculator(make_county, whole, part):
    """The calculator takes printed pulls and growths: its bounds hold the exact result."""
    county = make_county(more={"breakdowns": (COUNTIES,)})
    figures = {org: tuple(f"{v:.2f}" for v in one) for org, one in (("city", whole), ("a", part))}
    results = see(county, figures).compute()
    pull, share = results.find("pull"), results.find("contribution")
    change = f"{part[1] - part[0]:.2f}亿元"
    ours = calculate("pull", {"part_change": change, "parent_base": f"{whole[0]:.2f}亿元"})
    assert abs(ours.value - Fraction(pull.value)) < Fraction(1, 10**12)
    exact = (part[1] - part[0]) / (whole[1] - whole[0]) * 100 if whole[1] != whole[0] else None
    growth = Fraction((whole[1] / whole[0] - 1) * 100)
    printed = calculate(
        "contribution",
        {
            "pull": f"{Decimal(pull.value):.6f}",
            "parent_growth": f"{Decimal(str(float(growth))):.6f}",
        },
    )
    if share.word is None and printed.word is None:
        assert exact is not None
        assert printed.lo <= Fraction(share.value) <= printed.hi
    elif share.word == "not_comparable":
        assert printed.word in ("not_comparable", "undecidable")
