"""Wordings that a second acceptance found held though a stranger would read them at once."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sheets_for_tests import book, rulebook, sheet

from diaodu.engine.collect import build_names, read_workbook
from diaodu.engine.collect.values import read_text
from diaodu.engine.rules.models import Indicator

RULES = rulebook()
NAMES = build_names(RULES)
D = Decimal


def read(rows, *, file="报表.xlsx", rules=RULES, names=NAMES, **shape):  # type: ignore[no-untyped-def]
    (one,) = read_workbook(book(sheet(rows, **shape), file=file), names, rules).sheets
    return one


def figures(reading):  # type: ignore[no-untyped-def]
    return {
        (o.indicator, o.org, o.period, o.facet): o.value if o.word is None else o.word
        for o in reading.observations
        if not o.held
    }


def told(reading):  # type: ignore[no-untyped-def]
    return [(one.code, one.cell, one.message) for one in reading.findings]


# -- 一月报 is no January --------------------------------------------------------------------

ONE_FIGURE = [["示例县2023年1—5月固定资产投资（亿元）"], ["乡镇", "累计"], ["甲镇", 5]]


@pytest.mark.parametrize("name", ["一月报", "一月一报", "月报", "5月报表", "Sheet1"])
def test_a_name_for_monthly_reports_says_no_period(name: str) -> None:
    expected = {("fai", "jia", "2023-01/05", "level"): D(5)}
    assert figures(read(ONE_FIGURE, name=name)) == expected
    assert figures(read(ONE_FIGURE, file=f"{name}.xlsx")) == expected


@pytest.mark.parametrize("name", ["四月报", "十一月报", "2023年一月报", "一月", "4月报表"])
def test_another_month_in_a_name_is_still_asked_about(name: str) -> None:
    one = read(ONE_FIGURE, name=name)
    assert figures(one) == {}
    assert told(one) == [
        (
            "wrong_period",
            "B3",
            f"标题“示例县2023年1—5月固定资产投资（亿元）”与工作表名“{name}”写的统计期不一致，"
            "整表暂不采用",
        )
    ]


def test_a_name_for_monthly_reports_alone_leaves_the_period_open() -> None:
    one = read(
        [["示例县固定资产投资（亿元）"], ["乡镇", "累计"], ["甲镇", 5]], file="2023年.xlsx",
        name="一月报",
    )  # fmt: skip
    assert ("fai", "jia", "2023-01", "level") not in figures(one)


# -- 全县 --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "org"), [("全县2023年5月主要指标", "xian"), ("2023年5月全市主要指标", "shi")]
)
def test_a_whole_county_is_the_one_whose_parts_are_known(title: str, org: str) -> None:
    """Several counties stand in the rulebook, one of them with townships."""
    orgs = [one for one in rulebook().orgs.values() if one.id != "guang2"]
    rules = rulebook(orgs=orgs)
    one = read(
        [[title], ["指标", "单位", "累计"], ["固定资产投资", "亿元", 5]], rules=rules,
        names=build_names(rules),
    )  # fmt: skip
    assert figures(one) == {("fai", org, "2023-01/05", "level"): D(5)}


def test_whole_counties_with_parts_of_their_own_are_asked_about() -> None:
    orgs = list(rulebook().orgs.values())
    orgs.append(orgs[-1].model_copy(update={"id": "ding", "name": "丁镇", "parent": "xian2"}))
    rules = rulebook(orgs=orgs)
    one = read(
        [["全县2023年5月主要指标"], ["指标", "单位", "累计"], ["固定资产投资", "亿元", 5]],
        rules=rules, names=build_names(rules),
    )  # fmt: skip
    assert told(one) == [("ambiguous_name", "C3", "“全县”指哪个单位没有写明")]


# -- what a neighbouring column settles ----------------------------------------------------------


def test_the_growth_of_a_balance_needs_no_word_for_month_or_year_so_far() -> None:
    rows = [
        ["示例县2023年5月主要指标"],
        ["指标", "单位", "本月", "累计", "同比%", "位次"],
        ["固定资产投资", "亿元", 1, 5, 3, 2],
        ["各项贷款余额", "亿元", "—", 80, 9, 4],
    ]
    one = read(rows)
    assert one.findings == ()
    found = figures(one)
    assert found["loans", "xian", "2023-05", "level"] == D(80)
    assert found["loans", "xian", "2023-05", "growth"] == D(9)
    assert found["loans", "xian", "2023-05", "rank_growth"] == D(4)
    assert found["fai", "xian", "2023-01/05", "growth"] == D(3)


def test_the_growth_of_a_months_figure_beside_two_readings_is_asked_about() -> None:
    rows = [
        ["示例县2023年5月主要指标"],
        ["指标", "单位", "本月", "累计", "同比%"],
        ["工业用电量", "万千瓦时", 1, 5, 3],
    ]
    assert told(read(rows)) == [
        ("ambiguous_period", "E3", "“工业用电量·万千瓦时·同比%”一列没有写明是当月还是累计的增速")
    ]


@pytest.mark.parametrize("head", ["增减%", "±%", "比上年同期增减%", "同比增减%", "增速"])
def test_a_place_behind_a_change_in_percent_ranks_the_growth(head: str) -> None:
    rows = [
        ["2023年1—5月各乡镇固定资产投资（单位：亿元）"],
        ["乡镇", "累计", head, "位次"],
        ["甲镇", 5, 3, 1],
    ]
    assert figures(read(rows)) == {
        ("fai", "jia", "2023-01/05", "level"): D(5),
        ("fai", "jia", "2023-01/05", "growth"): D(3),
        ("fai", "jia", "2023-01/05", "rank_growth"): D(1),
    }


def test_a_place_behind_a_change_from_last_month_ranks_nothing_known() -> None:
    rows = [
        ["2023年1—5月各乡镇固定资产投资（单位：亿元）"],
        ["乡镇", "累计", "比上月±%", "位次"],
        ["甲镇", 5, 3, 1],
    ]
    assert ("fai", "jia", "2023-01/05", "rank_growth") not in figures(read(rows))


# -- words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word",
    ["年初至今累计", "年初以来", "今年以来累计", "至本月累计", "截至本月累计", "累计总额"],
)
def test_words_for_the_year_so_far(word: str) -> None:
    rows = [
        ["2023年5月各乡镇固定资产投资（单位：亿元）"],
        ["乡镇", "本月", word],
        ["甲镇", 1, 5],
    ]
    assert figures(read(rows)) == {
        ("fai", "jia", "2023-05", "level"): D(1),
        ("fai", "jia", "2023-01/05", "level"): D(5),
    }


def test_accidents_are_counted_in_their_own_word() -> None:
    accidents = Indicator(
        id="accidents", name="生产安全事故起数", unit="起", basis="count", direction="low"
    )
    rules = rulebook(indicators=[accidents])
    one = read(
        [["2023年1—5月生产安全事故起数"], ["乡镇", "累计（起）"], ["甲镇", 3]], rules=rules,
        names=build_names(rules),
    )  # fmt: skip
    assert figures(one) == {("accidents", "jia", "2023-01/05", "level"): D(3)}


def test_an_unknown_unit_in_a_column_of_units_is_no_unknown_indicator() -> None:
    rows = [
        ["单位", "指标", "统计期", "数值", "计量单位"],
        ["甲镇", "固定资产投资", "2023年1—5月", 5, "亿"],
        ["乙镇", "固定资产投资", "2023年1—5月", 6, "亿元"],
        ["乙镇", "固定资产投资增速", "2023年1—5月", 7, "亿"],
    ]
    one = read(rows)
    assert figures(one) == {("fai", "yi", "2023-01/05", "level"): D(6)}
    assert told(one) == [
        ("unknown_unit", "D2", "写的计量单位“亿”不能换算成固定资产投资的“亿元”"),
        ("unknown_unit", "D4", "写的计量单位“亿”不能换算成固定资产投资的“%”"),
    ]


# -- targets -----------------------------------------------------------------------------------

TARGET_HEAD = ["指标", "单位", "年份", "层级", "类型", "比较", "目标值", "计量单位"]


def test_a_target_of_the_whole_county() -> None:
    one = read([TARGET_HEAD, ["固投", "全县", 2023, "本级自定", "总量", "突破", 500000, "万元"]])
    assert one.findings == ()
    assert [(t.org, t.value, t.unit) for t in one.targets] == [("xian", D(50), "亿元")]


# -- silent wrong keys ---------------------------------------------------------------------------


def under(head: str, title: str = "2023年1—5月各乡镇固定资产投资（单位：亿元）"):  # type: ignore[no-untyped-def]
    """What stands under a head beside 累计, with the place of a figure but its indicator."""
    one = read([[title], ["乡镇", "累计", head], ["甲镇", 5, 4]])
    found = [o for o in one.observations if o.cell == "C3" and not o.held]
    return [(o.period, o.facet) for o in found]


@pytest.mark.parametrize(
    "head",
    ["上年1-5月", "去年1—5月", "2022年同期", "2022年1-5月同期", "上年同期", "上年1—5月完成"],
)
def test_last_year_is_one_year_back_however_often_it_is_said(head: str) -> None:
    assert under(head) == [("2022-01/05", "level")]


def test_the_growth_of_last_year_is_one_year_back() -> None:
    assert under("上年1—5月增速") == [("2022-01/05", "growth")]


def test_last_year_beside_this_years_months_is_a_year_back() -> None:
    assert under("2023年1—5月上年同期") == [("2022-01/05", "level")]


@pytest.mark.parametrize("head", ["上年1-5月", "上年同期", "去年1—5月"])
def test_last_year_in_a_table_whose_title_has_the_year_alone(head: str) -> None:
    one = read(
        [["2023年各乡镇固定资产投资（单位：亿元）"], ["乡镇", "1—5月", head], ["甲镇", 5, 4]]
    )
    found = {o.period for o in one.observations if o.cell == "C3" and not o.held}
    assert found <= {"2022-01/05"}


@pytest.mark.parametrize("head", ["至5月底", "截至5月底", "截至5月末累计"])
def test_up_to_the_end_of_a_month_is_the_year_so_far(head: str) -> None:
    one = read([["2023年各乡镇固定资产投资（单位：亿元）"], ["乡镇", head], ["甲镇", 5]])
    assert figures(one) == {("fai", "jia", "2023-01/05", "level"): D(5)}


@pytest.mark.parametrize("head", ["5月增速", "5月同比%"])
def test_a_months_growth_beside_the_year_so_far_is_asked_about(head: str) -> None:
    one = read(
        [["2023年1—5月各乡镇固定资产投资（单位：亿元）"], ["乡镇", "累计", head], ["甲镇", 5, 4]]
    )
    assert figures(one) == {("fai", "jia", "2023-01/05", "level"): D(5)}
    assert told(one) == [
        (
            "ambiguous_period",
            "C3",
            "表里另有累计的统计期，“5月”没有写明是当月数还是1—5月的累计数",
        )
    ]


@pytest.mark.parametrize("head", ["5月当月增速", "5月当月同比%", "当月增速"])
def test_a_months_own_growth_is_the_months(head: str) -> None:
    assert under(head) == [("2023-05", "growth")]


@pytest.mark.parametrize(
    "head",
    [
        "占年度任务比重%", "完成目标任务比例%", "完成计划%", "占年任务%", "完成任务%",
        "年度目标完成率", "全年任务完成率%", "任务完成%", "占年度预算%",
    ],
)  # fmt: skip
def test_words_for_completion(head: str) -> None:
    assert under(head) == [("2023-01/05", "completion")]


@pytest.mark.parametrize(
    "head",
    [
        "同比增（减）%", "增长幅度(%)", "增减幅度%", "增减率%", "同比增减幅度（%）", "增减百分比",
        "与上年同期比±%", "与去年同期相比（%）", "比同期±%", "同期比%",
    ],
)  # fmt: skip
def test_words_for_growth(head: str) -> None:
    assert under(head) == [("2023-01/05", "growth")]


def test_points_may_be_written_with_their_measure_word() -> None:
    rows = [
        ["2023年1—5月各乡镇固定资产投资增速"],
        ["乡镇", "增速%", "较上月增减（个百分点）"],
        ["甲镇", 5, 4],
    ]
    assert figures(read(rows))["fai", "jia", "2023-01/05", "change_pp"] == D(4)


def test_words_of_money_are_no_targets_in_an_unknown_name() -> None:
    one = read([["2023年1—5月（单位：亿元）"], ["乡镇", "政府性基金预算"], ["甲镇", 5]])
    assert figures(one) == {}
    assert one.ignored == {}


@pytest.mark.parametrize(
    "heads",
    [
        ["2023年1-5月", "2022年1-5月", "增速%"],
        ["2022年1-5月", "2023年1-5月", "增速%"],
        ["2023年1-5月", "2022年1-5月", "同比±%"],
    ],
)
def test_the_growth_behind_two_years_is_of_the_later(heads: list[str]) -> None:
    one = read([["各乡镇固定资产投资（亿元）"], ["乡镇", *heads, "位次"], ["甲镇", 5, 4, 25, 1]])
    found = {(o.cell, o.period, o.facet) for o in one.observations}
    assert ("D3", "2023-01/05", "growth") in found
    assert ("E3", "2023-01/05", "rank_growth") in found


def test_a_growth_behind_each_year_is_of_that_year() -> None:
    heads = ["2023年1-5月", "增速%", "2022年1-5月", "增速%"]
    one = read([["各乡镇固定资产投资（亿元）"], ["乡镇", *heads], ["甲镇", 5, 4, 25, 1]])
    assert [(o.period, o.facet) for o in one.observations] == [
        ("2023-01/05", "level"),
        ("2023-01/05", "growth"),
        ("2022-01/05", "level"),
        ("2022-01/05", "growth"),
    ]


def test_a_growth_that_is_a_target_is_no_figure() -> None:
    one = read(
        [
            ["2023年1-5月各乡镇固定资产投资（亿元）"],
            ["乡镇", "年度目标", "", "1-5月完成", "", "年度目标"],
            ["", "总量", "增速%", "总量", "增速%", "完成率%"],
            ["甲镇", 50, 10, 5, 4, 12],
        ],
        merges=[(1, 1, 1, 2), (1, 3, 1, 4)],
    )
    assert [(o.cell, o.facet) for o in one.observations] == [
        ("D4", "level"), ("E4", "growth"), ("F4", "completion"),
    ]  # fmt: skip
    assert one.ignored == {"目标只从目标表读取，不进入完成数": 2}


def test_falling_growth_does_not_tell_what_a_month_stands_for() -> None:
    rows = [
        ["2023年各乡镇固定资产投资累计增速（%）"],
        ["乡镇", "1-2月", "3月", "4月", "5月"],
        ["甲镇", 5, 4, 3, 2],
    ]
    one = read(rows)
    assert figures(one) == {("fai", "jia", "2023-01/02", "growth"): D(5)}
    assert [(code, cell) for code, cell, _ in told(one)] == [("ambiguous_period", "C3")]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("示例县2023年1—5月固定资产投资（亿元）", "上年同期"),
        ("示例县2023年1—5月固定资产投资（亿元）", "去年同期"),
        ("示例县2023年1—5月上年同期固定资产投资（亿元）", "Sheet1"),
    ],
)
def test_a_sheet_of_last_year_under_a_title_of_some_year_is_asked_about(
    title: str, name: str
) -> None:
    one = read([[title], ["乡镇", "累计"], ["甲镇", 5]], name=name)
    assert figures(one) == {}
    assert told(one) == [
        (
            "ambiguous_period",
            "B3",
            "标题或名称里有几个统计期：2023年1—5月、2022年1—5月，不能确定用哪一个",
        )
    ]


@pytest.mark.parametrize("tail", ["与上年同期比较表", "与上年同期对比情况", "比上年同期增长情况"])
def test_a_title_that_compares_with_last_year_is_of_this_year(tail: str) -> None:
    one = read([[f"2023年1—5月各乡镇固定资产投资（亿元）{tail}"], ["乡镇", "累计"], ["甲镇", 5]])
    assert figures(one) == {("fai", "jia", "2023-01/05", "level"): D(5)}


def test_the_same_month_of_last_year() -> None:
    rows = [
        ["示例县2023年5月主要指标"],
        ["指标", "单位", "本月", "去年同月", "累计", "去年同期累计"],
        ["社零", "亿元", 1, 2, 6, 5],
    ]
    assert figures(read(rows)) == {
        ("retail", "xian", "2023-05", "level"): D(1),
        ("retail", "xian", "2022-05", "level"): D(2),
        ("retail", "xian", "2023-01/05", "level"): D(6),
        ("retail", "xian", "2022-01/05", "level"): D(5),
    }


@pytest.mark.parametrize("text", ["100 8", "100\n200", "100\t8.0", "100　8", "12 34", "8 9.1"])
def test_two_numbers_in_one_cell_are_not_one(text: str) -> None:
    assert read_text(text).fault == "not_a_number"


@pytest.mark.parametrize(("text", "number"), [("1 234.5", "1234.5"), ("12 345 678", "12345678")])
def test_a_blank_may_part_thousands(text: str, number: str) -> None:
    assert read_text(text).number == Decimal(number)
