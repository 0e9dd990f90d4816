"""Shapes of tables that acceptance found misread: each read right, or asked about."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sheets_for_tests import INDICATORS, ORGS, book, num, rulebook, sheet

from diaodu.engine.collect import build_names, read_workbook
from diaodu.engine.collect.sheet import Mark
from diaodu.engine.rules.models import Code, Org

RULES = rulebook()
NAMES = build_names(RULES)
D = Decimal
FAI = "2023年1-5月各乡镇固定资产投资（单位：亿元）"
COUNTIES = "2023年1-5月各县区固定资产投资（单位：亿元）"


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


# -- ids are no names ------------------------------------------------------------------------


def test_an_id_is_not_looked_for_inside_titles_and_names() -> None:
    orgs = [org.model_copy(update={"id": "t1"}) if org.id == "jia" else org for org in ORGS]
    indicators = [
        one.model_copy(update={"id": "pm"}) if one.id == "power" else one for one in INDICATORS
    ]
    rules = rulebook(orgs=orgs, indicators=indicators)
    one = read(
        [["示例县2023年1-5月主要指标"], ["指标", "总量"], ["固定资产投资（亿元）", 5]],
        name="Sheet1", file="20230608pm.xlsx", rules=rules, names=build_names(rules),
    )  # fmt: skip
    assert figures(one) == {("fai", "xian", "2023-01/05", "level"): D(5)}
    assert one.findings == ()


def test_an_id_may_fill_a_cell() -> None:
    one = read([["2023年1-5月（单位：亿元）"], ["单位", "fai"], ["jia", 5]])
    assert figures(one) == {("fai", "jia", "2023-01/05", "level"): D(5)}


@pytest.mark.parametrize("text", ["GDPX情况", "XGDP"])
def test_letters_do_not_run_on_around_a_name(text: str) -> None:
    assert NAMES.search_indicators(text) == []
    assert NAMES.search_indicators("2023年GDP情况") == [("gdp",)]


# -- months beside the year so far -----------------------------------------------------------


def test_months_beside_their_sum_are_the_months_own() -> None:
    one = read(
        [
            ["2023年各乡镇固定资产投资（单位：亿元）"],
            ["乡镇", "1-2月", "3月", "4月", "5月", "1-5月合计"],
            ["甲镇", 100, 150, 160, 170, 580],
        ]
    )
    assert figures(one) == {
        ("fai", "jia", "2023-01/02", "level"): D(100),
        ("fai", "jia", "2023-03", "level"): D(150),
        ("fai", "jia", "2023-04", "level"): D(160),
        ("fai", "jia", "2023-05", "level"): D(170),
        ("fai", "jia", "2023-01/05", "level"): D(580),
    }
    assert one.findings == ()
    assert one.counts["ignored"] == 0


@pytest.mark.parametrize("word", ["合计", "小计", "累计", "总计"])
def test_a_sum_behind_a_period_is_the_year_so_far(word: str) -> None:
    one = read([["2023年固投（亿元）"], ["乡镇", f"1-5月{word}"], ["甲镇", 7]])
    assert figures(one) == {("fai", "jia", "2023-01/05", "level"): D(7)}


def test_months_down_that_may_be_either_are_asked_about() -> None:
    rows = [
        ["示例县2023年主要指标"],
        ["月份", "固投(亿元)", "固投增速(%)", "工业用电量(万千瓦时)"],
        ["1-2月", 2, 3, ""],
        ["3月", 3, 4, 9],
        ["4月", 4, 5, 8],
    ]
    one = read(rows)
    assert figures(one) == {
        ("fai", "xian", "2023-01/02", "level"): D(2),
        ("fai", "xian", "2023-01/02", "growth"): D(3),
        ("power", "xian", "2023-03", "level"): D(9),
        ("power", "xian", "2023-04", "level"): D(8),
    }
    assert told(one) == [
        (
            "ambiguous_period", "B4",
            "表里另有累计的统计期，“3月”没有写明是当月数还是1—3月的累计数"
            "（涉及4个数据格，暂不采用）",
        )
    ]  # fmt: skip
    assert "请把各月写成“3月当月”或“1—3月”后重新报送" in one.findings[0].action


def test_levels_that_fall_from_month_to_month_are_the_months_own() -> None:
    one = read(
        [
            ["示例县2023年主要指标"],
            ["月份", "固投(亿元)", "固投增速(%)"],
            ["1-2月", 8, 3],
            ["3月", 3, 4],
            ["4月", 4, 5],
        ]
    )
    assert figures(one) == {
        ("fai", "xian", "2023-01/02", "level"): D(8),
        ("fai", "xian", "2023-01/02", "growth"): D(3),
        ("fai", "xian", "2023-03", "level"): D(3),
        ("fai", "xian", "2023-03", "growth"): D(4),
        ("fai", "xian", "2023-04", "level"): D(4),
        ("fai", "xian", "2023-04", "growth"): D(5),
    }
    assert one.findings == ()


def test_months_without_any_range_follow_the_basis() -> None:
    one = read([["2023年固投（亿元）"], ["乡镇", "3月", "4月"], ["甲镇", 3, 2]])
    assert set(figures(one)) == {
        ("fai", "jia", "2023-01/03", "level"),
        ("fai", "jia", "2023-01/04", "level"),
    }


# -- texts where figures belong --------------------------------------------------------------


@pytest.mark.parametrize("texts", [(5, "约6", "约7"), ("待定", "约6", "约7")])
def test_texts_under_a_facet_are_figures_not_given(texts) -> None:  # type: ignore[no-untyped-def]
    names = ("甲镇", "乙镇", "丙街道")
    rows = [[name, 1, text] for name, text in zip(names, texts, strict=True)]
    one = read([[FAI], ["乡镇", "总量", "增速(%)"], *rows])
    wrong = [(f"C{3 + at}", text) for at, text in enumerate(texts) if isinstance(text, str)]
    assert told(one) == [
        ("not_a_number", place, f"{place}：“{text}”不是数") for place, text in wrong
    ]
    assert one.counts["held"] == len(wrong)
    assert one.counts["note"] == 0


def test_remarks_stay_notes_even_where_they_are_numbers() -> None:
    one = read([[FAI], ["乡镇", "总量", "备注"], ["甲镇", 5, "含结转"], ["乙镇", 6, 123]])
    assert figures(one) == {
        ("fai", "jia", "2023-01/05", "level"): D(5),
        ("fai", "yi", "2023-01/05", "level"): D(6),
    }
    assert one.counts["note"] == 2
    assert one.findings == ()


@pytest.mark.parametrize("text", ["待核", "缺报", "abc"])
def test_a_text_in_the_first_row_of_figures_is_no_header(text: str) -> None:
    one = read([[FAI], ["乡镇", "总量"], ["甲镇", text], ["乙镇", 2]])
    assert figures(one) == {("fai", "yi", "2023-01/05", "level"): D(2)}
    assert told(one) == [("not_a_number", "B3", f"B3：“{text}”不是数")]


def test_a_second_header_row_stays_one() -> None:
    one = read(
        [["2023年1-5月"], ["乡镇", "固投", ""], ["", "总量(亿元)", "增速"], ["甲镇", 1, 2]],
        merges=[(1, 0, 2, 0), (1, 1, 1, 2)],
    )
    assert set(figures(one)) == {
        ("fai", "jia", "2023-01/05", "level"), ("fai", "jia", "2023-01/05", "growth"),
    }  # fmt: skip


def test_cells_of_spaces_are_notes_and_change_nothing() -> None:
    plain = [[FAI, ""], ["乡镇", "总量"], ["甲镇", 1], ["", ""], ["乙镇", ""]]
    blank = [[FAI, " "], ["乡镇", "总量"], ["甲镇", 1], ["　", "\u200b"], ["乙镇", "  "]]
    one, other = read(plain), read(blank)
    assert figures(one) == figures(other)
    assert one.findings == other.findings == ()
    assert other.counts["note"] == one.counts["note"] + 4


def test_a_sheet_of_nothing_but_spaces_says_nothing() -> None:
    one = read([[" ", ""], ["", "　"]])
    assert (one.findings, one.observations, one.counts["note"]) == ((), (), 2)


def test_spaces_in_a_target_sheet_are_notes() -> None:
    heads = ["指标", "单位", "年份", "层级", "类型", "比较", "目标值", "计量单位", "容差"]
    row = ["固投", "示例县", "2023", "上级下达", "总量", "达到", 100, "亿元", " "]
    one = read([heads, row])
    assert [(t.value, t.tolerance) for t in one.targets] == [(D(100), None)]
    assert one.findings == ()
    assert one.counts["note"] == 1


# -- columns that compare --------------------------------------------------------------------


@pytest.mark.parametrize(
    "head", ["较1-4月±百分点", "比1—4月提高（百分点）", "比上月提高（百分点）", "较上期±百分点",
             "较上月回升或回落（百分点）", "较1-4月提高(回落)百分点"],
)  # fmt: skip
def test_a_period_compared_with_is_not_the_figures_period(head: str) -> None:
    one = read([[COUNTIES], ["县区", "总量", head], ["示例县", 100, num("1.5")]])
    assert figures(one) == {
        ("fai", "xian", "2023-01/05", "level"): D(100),
        ("fai", "xian", "2023-01/05", "change_pp"): D("1.5"),
    }
    assert one.findings == ()


def test_a_change_from_another_period_than_the_last_is_passed_over() -> None:
    one = read([[COUNTIES], ["县区", "总量", "较一季度±百分点"], ["示例县", 100, 1]])
    assert figures(one) == {("fai", "xian", "2023-01/05", "level"): D(100)}
    assert dict(one.ignored) == {"与一季度相比，不是与上一期相比，不作为增减百分点收取": 1}


@pytest.mark.parametrize("head", ["较1-4月回落（百分点）", "比上月下降百分点", "低于全市百分点"])
def test_a_fall_has_an_open_sign(head: str) -> None:
    one = read([[COUNTIES], ["县区", "总量", head], ["示例县", 100, 1]])
    assert figures(one) == {("fai", "xian", "2023-01/05", "level"): D(100)}
    assert told(one) == [("ambiguous_name", "C2", f"“{head}”没有写明正数表示升还是降")]
    assert f'ignore: [{{text: "{head}", reason: ?}}]' in one.findings[0].action


@pytest.mark.parametrize("head", ["比上月增长%", "较1-4月增减%", "比上月±%"])
def test_growth_over_last_month_is_not_growth_over_last_year(head: str) -> None:
    one = read([[COUNTIES], ["县区", "总量", head], ["示例县", 100, 1]])
    assert figures(one) == {("fai", "xian", "2023-01/05", "level"): D(100)}
    assert one.counts["ignored"] == 1


@pytest.mark.parametrize(
    ("head", "facet", "against"),
    [
        ("比全市高(低)百分点", "gap", "shi"),
        ("与全市比±百分点", "gap", "shi"),
        ("与全市平均差距（百分点）", "gap", "shi"),
        ("高于全省百分点", "gap", "sc"),
        ("高(低)于全市（百分点）", "gap", "shi"),
        ("占全市%", "share", "shi"),
        ("占全市比重(%)", "share", "shi"),
        ("全市增速位次", "rank_growth", "shi"),
        ("较上年同期增减%", "growth", None),
        ("比上年同期增减%", "growth", None),
        ("+-%", "growth", None),
        ("±%", "growth", None),
    ],
)
def test_common_headers(head: str, facet: str, against: str | None) -> None:
    one = read([[COUNTIES], ["县区", "总量", head], ["示例县", 100, 1]])
    assert one.findings == ()
    assert [(o.facet, o.against, o.period, o.value) for o in one.observations[1:]] == [
        (facet, against, "2023-01/05", D(1))
    ]


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("上月位次", "上一期的数在上一期已收取，不作为本期观测值"),
        ("比年初增减", "与年初相比的变化暂不收取"),
        ("较年初增长%", "与年初相比的变化暂不收取"),
        ("增收额", "由系统据已有数据计算，不作为观测值收取"),
    ],
)
def test_headers_passed_over_with_a_reason(head: str, reason: str) -> None:
    one = read([[COUNTIES], ["县区", "总量", head], ["示例县", 100, 1]])
    assert figures(one) == {("fai", "xian", "2023-01/05", "level"): D(100)}
    assert one.findings == ()
    assert dict(one.ignored) == {reason: 1}


def test_a_balance_under_its_title() -> None:
    one = read(
        [
            ["2023年5月末各县各项贷款余额（单位：亿元）"],
            ["县区", "余额", "比年初增减", "同比增长%"],
            ["示例县", num("300.1"), 20, num("8.1")],
        ]
    )
    assert figures(one) == {
        ("loans", "xian", "2023-05", "level"): D("300.1"),
        ("loans", "xian", "2023-05", "growth"): D("8.1"),
    }
    assert one.findings == ()


def test_a_syllable_left_over_is_never_offered_as_a_name() -> None:
    one = read([[COUNTIES], ["县区", "总量", "差额"], ["示例县", 100, 1]])
    (finding,) = one.findings
    assert finding.action.startswith(
        '不用读的，在 sources 里给这张表写 ignore: [{text: "差额", reason: ?}]；'
        "要读的，写明它是什么，在 sources 里补一条：\n"
    )
    assert 'rename: {"差额": ?}' in finding.action


# -- stubs and codes ------------------------------------------------------------------------


def test_a_row_with_only_a_facet_speaks_of_the_indicator_above() -> None:
    one = read(
        [
            ["示例县各乡镇2023年1—5月主要指标"],
            ["指标", "计量单位", "甲镇", "乙镇"],
            ["社零", "亿元", 1, 2],
            ["　增速", "%", 4, 5],
            ["固定资产投资", "亿元", 7, 8],
            ["　同比增长", "%", "—", "持平"],
        ]
    )
    assert figures(one) == {
        ("retail", "jia", "2023-01/05", "level"): D(1),
        ("retail", "yi", "2023-01/05", "level"): D(2),
        ("retail", "jia", "2023-01/05", "growth"): D(4),
        ("retail", "yi", "2023-01/05", "growth"): D(5),
        ("fai", "jia", "2023-01/05", "level"): D(7),
        ("fai", "yi", "2023-01/05", "level"): D(8),
        ("fai", "jia", "2023-01/05", "growth"): "missing",
        ("fai", "yi", "2023-01/05", "growth"): "flat",
    }
    assert one.findings == ()


CODED = rulebook(
    orgs=[
        *ORGS,
        Org(id="ding", name="丁镇", level="township", parent="xian", codes=(Code(code="341101"),)),
    ]
)


@pytest.mark.parametrize(
    "rows",
    [
        [["单位代码", "单位", "固投（亿元）"], ["341101", "丁镇", 7], ["", "甲镇", 8]],
        [["机构代码", "固投（亿元）"], ["341101", 7]],
        [["单位名称", "固投（亿元）"], ["341101", 7], ["甲镇", 8]],
        [["单位名称", "固投（亿元）"], [341101, 7]],
    ],
)
def test_codes_say_the_org(rows) -> None:  # type: ignore[no-untyped-def]
    one = read([["2023年1-5月"], *rows], rules=CODED, names=build_names(CODED))
    assert figures(one)["fai", "ding", "2023-01/05", "level"] == D(7)
    assert one.findings == ()


@pytest.mark.parametrize("name", ["*甲镇", "＊甲镇", "甲镇*", "**甲镇"])
def test_a_star_before_a_name_is_a_footnote_mark(name: str) -> None:
    one = read([[FAI], ["乡镇", "总量"], [name, 5]])
    assert figures(one) == {("fai", "jia", "2023-01/05", "level"): D(5)}


# -- banners ---------------------------------------------------------------------------------


def banner(text: str, heads=("固投(亿元)", "社零(亿元)"), *others: str):  # type: ignore[no-untyped-def]
    rest = [] if not others else [others[0], ""]
    return [
        ["2023年1-5月"],
        ["乡镇", text, "", *rest],
        ["", *heads, *(heads if others else ())],
        ["甲镇", 1, 2, *([3, 4] if others else [])],
    ]


def test_a_banner_over_known_indicators_is_a_label() -> None:
    one = read(banner("投资与消费"), merges=[(1, 0, 2, 0), (1, 1, 1, 2)])
    assert figures(one) == {
        ("fai", "jia", "2023-01/05", "level"): D(1),
        ("retail", "jia", "2023-01/05", "level"): D(2),
    }
    assert one.findings == ()


@pytest.mark.parametrize("text", ["力争数字", "剔除电力", "初步统计"])
def test_a_banner_that_may_turn_the_figures_into_others_is_asked_about(text: str) -> None:
    one = read(banner(text), merges=[(1, 0, 2, 0), (1, 1, 1, 2)])
    assert figures(one) == {}
    assert [finding.code for finding in one.findings] == ["unknown_indicator"]


def test_banners_that_tell_the_same_indicators_apart_are_asked_about() -> None:
    rows = banner("城区", ("固投(亿元)", "社零(亿元)"), "郊区")
    one = read(rows, merges=[(1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 1, 4)])
    assert figures(one) == {}
    assert {finding.code for finding in one.findings} == {"unknown_indicator"}


# -- whom a rank ranks -----------------------------------------------------------------------


def ranks(rows):  # type: ignore[no-untyped-def]
    one = read([[COUNTIES], ["单位", "增速%", "位次"], *rows])
    return {o.org: (o.against, o.n) for o in one.observations if o.facet == "rank_growth"}


def test_a_bare_rank_is_among_the_children_in_the_table() -> None:
    peers = ("shi/county", None)
    assert ranks([["示例市", 5, 3], ["示例县", 6, 1], ["邻县", 4, 2]]) == {
        "shi": (None, None),
        "xian": peers,
        "xian2": peers,
    }


def test_a_bare_rank_among_unlike_orgs_is_against_nobody() -> None:
    assert ranks(
        [["示例县", 6, 1], ["甲镇", 4, 2], ["乙镇", 3, 3], ["另一市", 1, 4]]
    ) == dict.fromkeys(("xian", "jia", "yi", "shi2"), (None, None))
    assert ranks([["示例县", 6, 1]]) == {"xian": (None, None)}


# -- hidden ----------------------------------------------------------------------------------


def test_a_cell_hidden_by_its_format_is_told_as_such() -> None:
    one = read(
        [[FAI], ["乡镇", "总量", "增速%"], ["甲镇", 1, 2], ["乙镇", 3, 4]],
        marks={(3, 1): Mark.HIDDEN},
    )
    assert told(one) == [("hidden", "B4", "B4 的数被数字格式（如“;;;”）隐藏了，要不要用没有写明")]
    assert one.counts["held"] == 1


def test_a_hidden_column_is_still_told_as_a_column() -> None:
    marks = dict.fromkeys([(1, 1), (2, 1), (3, 1)], Mark.HIDDEN)
    one = read([[FAI], ["乡镇", "总量", "增速%"], ["甲镇", 1, 2], ["乙镇", 3, 4]], marks=marks)
    assert [m for _, _, m in told(one)] == [
        "B列是隐藏的，其中的数要不要用没有写明（涉及2个数据格，暂不采用）"
    ]
