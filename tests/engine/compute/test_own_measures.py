"""Level, month, last year, change and growth: hand-worked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

NOW, LAST = "2023-01/05", "2022-01/05"


@pytest.mark.parametrize(
    ("value", "base", "shown", "word"),
    [
        ("12.50", "10.00", "25.0", None),
        ("9.00", "10.00", "-10.0", None),
        ("0.00", "10.00", "-100.0", None),
        ("10.00", "10.00", "0.0", None),
        ("10.005", "10.000", "0.1", None),  # 0.05 exactly: half up
        ("9.995", "10.000", "-0.1", None),  # half away from zero
        ("9.99501", "10.00000", "0.0", None),  # never “-0.0”
        ("1.00", "0.00", "同期为零", "zero_base"),
        ("0.00", "0.00", "同期为零", "zero_base"),
        ("-1.00", "0.00", "同期为零", "zero_base"),
        ("1.00", "-2.00", "由负转正", "turned_positive"),
        ("-1.00", "-2.00", "亏损收窄", "loss_narrowed"),
        ("-3.00", "-2.00", "亏损扩大", "loss_widened"),
        ("-2.00", "-2.00", "同期为负", "negative_base"),
        ("0.00", "-2.00", "同期为负", "negative_base"),
        ("-1.00", "2.00", "由正转负", "turned_negative"),
        ("1.00", None, "无同期数", "no_base"),
    ],
)
def test_growth(county, value, base, shown, word):
    county.see("a", NOW, value)
    if base is not None:
        county.see("a", LAST, base)
    growth = county.compute().find("growth", base=LAST)
    assert (growth.shown, growth.word) == (shown, word)
    assert (growth.value is None) == (word is not None)
    assert (growth.lo is None) == (growth.hi is None)


def test_growth_is_cut_off_and_bounded(county):
    county.see("a", NOW, "8.5")
    county.see("a", LAST, "3.0")
    growth = county.compute().find("growth")
    assert growth.value == Decimal("183.333333333333")
    assert growth.lo == Decimal("177.049180327868")  # 8.45 ÷ 3.05, down
    assert growth.hi == Decimal("189.830508474577")  # 8.55 ÷ 2.95, up
    assert growth.formula == "（本期 ÷ 上年同期 − 1）× 100"
    assert growth.unit == "%" and growth.decimals == 1


def test_a_fall_is_cut_toward_zero(county):
    county.see("a", NOW, "2.0")
    county.see("a", LAST, "3.0")
    assert county.compute().find("growth").value == Decimal("-33.333333333333")


def test_change_and_last_year(county):
    county.see("a", NOW, "12.34")
    county.see("a", LAST, "10.0")
    results = county.compute()
    assert results.shown("last_year") == "10.00"
    change = results.find("change")
    assert (change.shown, change.unit, change.base) == ("2.34", "亿元", LAST)
    assert (change.lo, change.hi) == (Decimal("2.285"), Decimal("2.395"))


def test_change_of_a_percentage_is_in_points_and_has_no_growth(make_county):
    county = make_county([{"id": "tax", "name": "失业率", "unit": "%", "basis": "stock"}])
    county.see("a", "2023-05", "5.2")
    county.see("a", "2022-05", "5.9")
    results = county.compute()
    assert results.find("change").unit == "百分点"
    assert results.shown("change") == "-0.70"
    assert results.find("growth") is None


def test_level_and_published_growth_stand_side_by_side(county):
    county.see("a", NOW, "61081.8")
    county.see("a", LAST, "57959.7")
    county.see("a", NOW, "9.7", facet="growth")
    results = county.compute()
    assert results.shown("growth") == "5.4"
    assert results.shown("growth_published") == "9.7"
    implied = results.find("implied_base")
    assert implied.shown == "55680.77"
    assert implied.formula == "本期 ÷（1 + 公布增速 ÷ 100）"


def test_implied_base_of_a_real_growth_says_so(make_county):
    county = make_county([{"id": "tax", "name": "增加值", "unit": "亿元", "basis": "ytd",
                           "price": "real"}])  # fmt: skip
    county.see("a", NOW, "105.0")
    county.see("a", LAST, "100.0")
    county.see("a", NOW, "4.0", facet="growth")
    results = county.compute()
    assert results.find("implied_base").formula.endswith("（可比价口径，仅供参考）")
    assert results.find("growth").formula.endswith("（按现价计算，未扣除价格因素）")


def test_implied_base_of_a_total_loss_is_a_word(county):
    county.see("a", NOW, "1.0")
    county.see("a", NOW, "-100", facet="growth")
    assert county.compute().find("implied_base").word == "not_comparable"


def test_rate_only_indicators_have_no_level_measures(make_county):
    county = make_county([{"id": "tax", "name": "规上工业增加值", "unit": "%", "basis": "rate",
                           "facets": ["growth"]}])  # fmt: skip
    county.see("a", NOW, "5.1", facet="growth")
    county.see("a", "2023-01/04", "6.0", facet="growth")
    names = {row.measure for row in county.compute().rows if row.indicator}
    absent = {"value", "month_value", "completion", "share", "implied_base", "growth", "change"}
    assert not names & absent
    assert {"growth_published", "growth_change_pp"} <= names


def test_a_flat_growth_is_zero_printed_as_a_word(make_county):
    county = make_county([{"id": "tax", "name": "工业", "unit": "%", "basis": "rate",
                           "facets": ["growth"]}])  # fmt: skip
    county.see("a", NOW, word="flat", facet="growth")
    growth = county.compute().find("growth_published")
    assert (growth.shown, growth.value, growth.word) == ("持平", 0, None)
    assert (growth.lo, growth.hi) == (Decimal("-0.05"), Decimal("0.05"))


@pytest.mark.parametrize(
    ("figures", "shown", "formula"),
    [
        # published with published
        ([("growth", NOW, "8.5"), ("growth", "2023-01/04", "9.1")], "-0.6",
         "本期公布增速 − 上期公布增速"),
        # the change alone was published
        ([("change_pp", NOW, "-3.1")], "-3.1", "来数（增减百分点）"),
        # one published, one computed: not mixed
        ([("growth", NOW, "8.5"), ("level", "2023-01/04", "4.0"), ("level", "2022-01/04", "4.0")],
         None, None),
        # computed with computed
        ([("level", NOW, "5.5"), ("level", LAST, "5.0"), ("level", "2023-01/04", "4.2"),
          ("level", "2022-01/04", "4.0")], "5.0", "本期计算增速 − 上期计算增速"),
    ],
)  # fmt: skip
def test_change_of_growth(county, figures, shown, formula):
    for facet, period, value in figures:
        county.see("a", period, value, facet=facet)
    found = county.compute().find("growth_change_pp")
    if shown is None:
        assert found is None
    else:
        assert (found.shown, found.formula, found.unit) == (shown, formula, "百分点")
        assert found.base == "2023-01/04"


def test_difference_of_two_fractions_is_exact_at_a_tie(county):
    # −1/30 % against 1/60 %: the difference is −0.05 points exactly, and prints −0.1. Cut
    # first, the two would give −0.049999999999 and print 0.0.
    county.see("a", NOW, "29.990")
    county.see("a", LAST, "30.000")
    county.see("a", "2023-01/04", "60.010")
    county.see("a", "2022-01/04", "60.000")
    found = county.compute().find("growth_change_pp")
    assert (found.value, found.shown) == (Decimal("-0.05"), "-0.1")


# -- the month's own value ---------------------------------------------------------------------


def month_value(county, period):
    found = county.compute(period).find("month_value")
    return None if found is None else (found.shown, found.base, found.formula)


def test_month_value_is_the_difference_of_cumulatives(county):
    county.see("a", "2023-01/04", "8.00")
    county.see("a", "2023-01/05", "10.50")
    assert month_value(county, "2023-05") == ("2.50", "2023-01/04", "本期累计 − 上期累计")


def test_january_is_its_own_month_where_it_is_published_alone(county):
    county.see("a", "2023-01", "3.00")
    assert month_value(county, "2023-01") == ("3.00", "", "年内首期，即累计值")


@pytest.fixture
def merged(make_county):
    county = make_county([{"id": "tax", "name": "税收", "unit": "亿元", "basis": "ytd",
                           "january": "merged"}])  # fmt: skip
    county.see("a", "2022-01/12", "50.00")
    county.see("a", "2023-01/02", "6.00")
    county.see("a", "2023-01/03", "10.00")
    return county


def test_january_and_february_together_have_no_month(merged):
    results = merged.compute("2023-02")
    assert results.shown("value") == "6.00"
    assert results.find("month_value") is None


def test_march_follows_january_and_february(merged):
    assert month_value(merged, "2023-03") == ("4.00", "2023-01/02", "本期累计 − 上期累计")


def test_a_merged_january_reports_december(merged):
    results = merged.compute("2023-01")
    assert results.find("value").period == "2022-01/12"
    assert results.computed.horizon["tax"].id == "2022-01/12"


def test_a_published_month_stands_in_where_a_cumulative_is_lacking(county):
    county.see("a", "2023-01/05", "10.50")
    county.see("a", "2023-05", "2.4")
    assert month_value(county, "2023-05") == ("2.40", "2023-01/04", "来数（当月数）")


def test_a_revised_previous_cumulative_is_told(county):
    first = county.see("a", "2023-01/04", "8.00", day=date(2023, 5, 12))
    county.see("a", "2023-01/04", "8.20", day=date(2023, 6, 12))
    county.see("a", "2023-01/05", "10.50")
    found = county.compute().find("month_value")
    assert found.shown == "2.30"
    assert found.formula == "本期累计 − 上期累计（上期累计首次收到后修订过）"
    assert first in found.inputs


def test_the_first_quarter_of_a_quarterly_figure_is_its_own(make_county):
    county = make_county([{"id": "tax", "name": "地区生产总值", "unit": "亿元", "basis": "ytd",
                           "cadence": "quarter"}])  # fmt: skip
    county.see("a", "2023-01/03", "20.00")
    county.see("a", "2023-01/06", "45.00")
    assert month_value(county, "2023-03") == ("20.00", "", "年内首期，即累计值")
    assert month_value(county, "2023-06") == ("25.00", "2023-01/03", "本期累计 − 上期累计")
    assert county.compute("2023-08").find("value").period == "2023-01/06"


# -- which figure is read ------------------------------------------------------------------------


def test_newest_vintage_by_the_day_asked(county):
    county.see("a", NOW, "10.00", day=date(2023, 6, 12))
    county.see("a", NOW, "11.00", day=date(2023, 7, 3))
    assert county.compute(as_of=date(2023, 6, 30)).shown("value") == "10.00"
    assert county.compute(as_of=date(2023, 7, 3)).shown("value") == "11.00"


def test_held_figures_are_not_read(county):
    county.see("a", NOW, "10.00", day=date(2023, 6, 12))
    county.see("a", NOW, "999.00", day=date(2023, 6, 13), held=True)
    assert county.compute().shown("value") == "10.00"


def test_a_word_of_absence_does_not_replace_a_number(county):
    county.see("a", NOW, "10.00", day=date(2023, 6, 12))
    county.see("a", NOW, word="missing", day=date(2023, 6, 13))
    assert county.compute().shown("value") == "10.00"


def test_a_refused_figure_is_gone(county):
    county.see("a", NOW, "10.00", day=date(2023, 6, 12))
    county.see("a", NOW, word="refused", day=date(2023, 6, 13))
    value = county.compute().find("value")
    assert (value.word, value.shown, value.formula) == (
        "not_published", "未发布", "来数为“未予认定”",
    )  # fmt: skip


def test_first_track_that_has_a_figure(county):
    county.see("a", NOW, "10.00", track="self")
    county.see("a", NOW, "9.00", track="recognised")
    county.see("b", NOW, "8.00", track="self")
    county.see("b", NOW, word="missing", track="recognised")
    county.see("c", NOW, "7.00", track="estimate")
    results = county.compute()
    assert results.shown("value") == "9.00"
    assert results.shown("value", "b") == "8.00"
    assert results.find("value", "c") is None  # an estimate never stands in


def test_a_growth_over_two_tracks_says_so(county):
    county.see("a", NOW, "11.00", track="flash")
    county.see("a", LAST, "10.00", track="accounted")
    assert county.compute().find("growth").formula == (
        "（本期 ÷ 上年同期 − 1）× 100（同期数取自核算轨，本期数取自快报轨）"
    )


def test_an_expected_figure_that_did_not_come(county):
    county.see("a", "2023-01/04", "8.00")
    county.see("b", NOW, "5.00")
    value = county.compute().find("value")
    assert (value.word, value.inputs, value.formula) == ("not_published", (), "未收到来数")


def test_a_closed_org_is_not_expected(make_county):
    county = make_county()
    county.orgs[1]["closed"] = date(2023, 4, 30)
    county.see("a", "2023-01/04", "8.00")
    county.see("b", NOW, "5.00")
    assert county.compute().find("value") is None


def test_a_number_too_large_is_not_computed_with(county):
    county.see("a", NOW, "100000000000001")
    county.see("a", LAST, "1")
    results = county.compute()
    value = results.find("value")
    assert (value.word, value.shown) == ("not_comparable", "无法比较")
    assert value.formula == "来数的绝对值超过10的14次方，不参加计算"
    assert len(value.inputs) == 1
    assert results.find("growth") is None and results.find("rank_level") is None


def test_a_quotient_out_of_range_is_not_comparable(county):
    county.see("a", NOW, "99999999999999")
    county.see("a", LAST, "0.000000000001")
    assert county.compute().find("growth").word == "not_comparable"


def test_a_formula_indicator(make_county):
    county = make_county([
        {"id": "tax", "name": "税收", "unit": "亿元", "basis": "ytd"},
        {"id": "gdp", "name": "地区生产总值", "unit": "万元", "basis": "ytd"},
        {"id": "ratio", "name": "税收占比", "unit": "%", "basis": "ytd",
         "formula": "税收÷地区生产总值", "facets": ["level"]},
    ])  # fmt: skip
    ids = {county.see("a", NOW, "12.5"), county.see("a", NOW, "1000000", indicator="gdp")}
    results = county.compute()
    value = results.find("value", indicator="ratio")
    assert value.shown == "12.50"
    assert value.formula == "公式：税收除以地区生产总值"
    assert set(value.inputs) == {"tax|a|2023-01/05|value|||", "gdp|a|2023-01/05|value|||"}
    assert results.reaches(value.key) == ids
    assert value.lo < value.value < value.hi


def test_a_formula_over_zero_says_so(make_county):
    county = make_county([
        {"id": "tax", "name": "税收", "unit": "亿元", "basis": "ytd"},
        {"id": "gdp", "name": "地区生产总值", "unit": "亿元", "basis": "ytd"},
        {"id": "ratio", "name": "税收占比", "unit": "%", "basis": "ytd",
         "formula": "税收÷地区生产总值"},
    ])  # fmt: skip
    county.see("a", NOW, "12.5")
    county.see("a", NOW, "0", indicator="gdp")
    assert county.compute().find("value", indicator="ratio").word == "zero_base"


# -- held figures ----------------------------------------------------------------------------

HELD = "来数被暂扣，见审核意见"


def test_a_held_figure_is_said_to_be_held(county):
    county.see("a", "2023-01/05", "444000", held=True)
    value = county.compute().find("value")
    assert (value.word, value.formula, value.inputs) == ("not_published", HELD, ())
    assert value.value is None


def test_a_held_figure_is_told_before_a_word_of_absence(county):
    county.see("a", "2023-01/05", word="missing", track="flash")
    county.see("a", "2023-01/05", "444000", held=True)
    assert county.compute().find("value").formula == HELD


def test_a_held_vintage_leaves_the_older_figure_and_what_was_said_to_be_nil(county):
    county.see("a", "2023-01/05", "44.4", day=date(2023, 6, 1))
    county.see("a", "2023-01/05", "444000", held=True)
    county.see("b", "2023-01/05", word="nil")
    county.see("b", "2023-01/05", "444000", track="flash", held=True)
    results = county.compute()
    assert results.shown("value") == "44.40"
    assert results.find("value", "b").formula == "来数为“无”"


def test_a_figure_held_after_the_day_is_not_known_yet(county):
    county.see("a", "2023-01/04", "30.0")
    county.see("a", "2023-01/05", "444000", day=date(2023, 7, 1), held=True)
    value = county.compute(as_of=date(2023, 6, 20)).find("value", period="2023-01/05")
    assert value.formula == "未收到来数"


def test_a_held_growth_is_said_to_be_held(county):
    county.see("a", "2023-01/05", "44.4")
    county.see("a", "2023-01/05", "910.0", facet="growth", held=True)
    growth = county.compute().find("growth_published")
    assert (growth.word, growth.formula) == ("not_published", HELD)
