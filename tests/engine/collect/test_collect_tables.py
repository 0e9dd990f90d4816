"""Tables of several parts: years in blocks, deep headers, tables on one sheet, lines between rows.

Each layout with a form that must be held with a question, because it can be read in two ways.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from sheets_for_tests import book, num, rulebook, sheet

from diaodu.engine.collect import build_names, read_workbook

RULES = rulebook()
NAMES = build_names(RULES)
D = Decimal
UP, DOWN = num("8.0"), num("9.1")


def read(rows, *, file="报表.xlsx", **shape):  # type: ignore[no-untyped-def]
    (one,) = read_workbook(book(sheet(rows, **shape), file=file), NAMES, RULES).sheets
    return one


def cells(reading):  # type: ignore[no-untyped-def]
    return {
        o.cell: (o.indicator, o.org, o.period, o.facet) for o in reading.observations if not o.held
    }


def asked(reading):  # type: ignore[no-untyped-def]
    return [f.message.partition("（涉及")[0] for f in reading.findings]


# -- years in blocks ---------------------------------------------------------------------------

BLOCKS = [
    ["指标", "2022年", "", "", "2023年", "", ""],
    ["", "本月", "累计", "增长%", "本月", "累计", "增长%"],
    ["固投", 1, 5, UP, 2, 6, DOWN],
]
BLOCK_MERGES = [(1, 0, 2, 0), (1, 1, 1, 3), (1, 4, 1, 6)]


@pytest.mark.parametrize("merges", [BLOCK_MERGES, []])
@pytest.mark.parametrize("title", ["示例县2023年5月（亿元）", "示例县5月（亿元）"])
def test_the_months_of_year_blocks_stand_in_the_title(
    title: str, merges: list[tuple[int, int, int, int]]
) -> None:
    one = read([[title], *BLOCKS], merges=merges)
    assert cells(one) == {
        "B4": ("fai", "xian", "2022-05", "level"),
        "C4": ("fai", "xian", "2022-01/05", "level"),
        "D4": ("fai", "xian", "2022-01/05", "growth"),
        "E4": ("fai", "xian", "2023-05", "level"),
        "F4": ("fai", "xian", "2023-01/05", "level"),
        "G4": ("fai", "xian", "2023-01/05", "growth"),
    }
    assert one.findings == ()


def test_year_blocks_without_any_month_are_asked_about() -> None:
    one = read([["示例县（亿元）"], *BLOCKS], merges=BLOCK_MERGES)
    assert cells(one) == {}
    assert "“固投·2022年·本月”没有写明是2022年几月的" in asked(one)
    other = read([["示例县2021年5月（亿元）"], *BLOCKS], merges=BLOCK_MERGES)
    assert cells(other) == {}


def test_the_growth_in_a_block_is_of_the_months_beside_it() -> None:
    rows = [
        ["固投（万元）"],
        ["乡镇", "2022年", "", "2023年", ""],
        ["", "1-5月", "增长%", "1-5月", "增长%"],
        ["甲镇", 100, UP, 200, DOWN],
    ]
    one = read(rows, merges=[(1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 1, 4)])
    assert [key[2] for key in cells(one).values()] == ["2022-01/05"] * 2 + ["2023-01/05"] * 2


def test_blocks_of_whole_years_are_whole_years() -> None:
    rows = [
        ["示例县（亿元）"],
        ["指标", "2021年", "", "2022年", ""],
        ["", "总量", "增速%", "总量", "增速%"],
        ["固投", 1, UP, 2, DOWN],
    ]
    one = read(rows, merges=[(1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 1, 4)])
    assert [key[2] for key in cells(one).values()] == ["2021-01/12"] * 2 + ["2022-01/12"] * 2


def test_months_down_and_years_across() -> None:
    rows = [["示例县工业用电量（万千瓦时）"], ["月份", "2022年", "2023年"], ["3月", 1, 2]]
    assert [key[2] for key in cells(read(rows)).values()] == ["2022-03", "2023-03"]


@pytest.mark.parametrize("heads", [["2022年", "2023年"], ["2022年累计", "2023年累计"]])
def test_bare_years_in_a_table_of_months_are_asked_about(heads: list[str]) -> None:
    one = read([["示例县2023年1-5月（亿元）"], ["指标", *heads], ["社零", 1, 2]])
    assert cells(one) == {}
    assert f"“社零·{heads[0]}”没有写明是2022年全年还是其中几个月" in asked(one)


# -- four header rows --------------------------------------------------------------------------

DEEP = [
    ["2023年1-5月各乡镇主要经济指标"],
    ["乡镇", "投资", "", "", "", "消费", "", ""],
    ["", "固投", "", "", "", "社零", "", ""],
    ["", "总量", "", "增速", "", "总量", "增速", ""],
    ["", "绝对额（万元）", "位次", "同比%", "位次", "绝对额（亿元）", "同比%", "位次"],
    ["甲镇", 100, 1, UP, 2, 200, DOWN, 1],
]
DEEP_MERGES = [
    (1, 0, 4, 0), (1, 1, 1, 4), (1, 5, 1, 7), (2, 1, 2, 4), (2, 5, 2, 7), (3, 1, 3, 2),
    (3, 3, 3, 4), (3, 6, 3, 7),
]  # fmt: skip


@pytest.mark.parametrize("merges", [DEEP_MERGES, []])
def test_four_header_rows(merges: list[tuple[int, int, int, int]]) -> None:
    one = read(DEEP, merges=merges)
    assert [(key[0], key[3]) for key in cells(one).values()] == [
        ("fai", "level"), ("fai", "rank_level"), ("fai", "growth"), ("fai", "rank_growth"),
        ("retail", "level"), ("retail", "growth"), ("retail", "rank_growth"),
    ]  # fmt: skip
    assert [o.value for o in one.observations[:1]] == [D("0.0100")]


def test_a_word_nobody_knows_in_one_of_the_rows_is_asked_about() -> None:
    rows = [list(row) for row in DEEP]
    rows[2][5] = "社会消费品零售额"
    one = read(rows, merges=DEEP_MERGES)
    assert {key[0] for key in cells(one).values()} == {"fai"}
    assert one.counts["held"] == 3


# -- tables under one another ------------------------------------------------------------------

FIRST = [["乡镇", "完成", "增速%"], ["甲镇", 100, UP], ["乙镇", 90, DOWN]]
SECOND = [["乡镇", "完成", "增速%"], ["甲镇", 2, UP]]


@pytest.mark.parametrize(
    "between",
    [
        [["2023年1-4月各乡镇社零（单位：亿元）"]],
        [[], ["2023年1-4月各乡镇社零"], ["单位：亿元"]],
        [["2023年1-4月各乡镇社零", "", "单位：亿元"]],
        [["各乡镇社零（亿元）", "2023年1-4月"]],
        [["注：快报数"], ["各乡镇社零"], ["2023年1-4月", "", "单位：亿元"]],
    ],
)
def test_each_table_has_its_own_title_and_unit(between: list[list[object]]) -> None:
    title = [["2023年1-5月各乡镇固投（单位：万元）"]]
    one = read([*title, *FIRST, *between, *SECOND])
    assert one.findings == ()
    found = [o for o in one.observations if o.indicator == "retail"]
    assert [(o.period, o.facet, o.value) for o in found] == [
        ("2023-01/04", "level", D(2)),
        ("2023-01/04", "growth", D("8.0")),
    ]
    assert one.counts["kept"] == 6


def test_a_second_title_does_not_borrow_from_the_first() -> None:
    title = [["2023年1-5月各乡镇固投（单位：万元）"]]
    one = read([*title, *FIRST, ["各乡镇社零", "（亿元）"], *SECOND])
    assert {key[0] for key in cells(one).values()} == {"fai"}
    assert asked(one) == ["这张表没有写明是哪个统计期的数据"]


def test_a_table_that_goes_on_below_its_own_header_keeps_the_title() -> None:
    one = read([["2023年1-5月各乡镇固投（万元）"], *FIRST, [], *SECOND])
    assert one.counts["kept"] == 6


# -- lines between rows ------------------------------------------------------------------------


def test_notes_and_totals_between_rows() -> None:
    one = read(
        [
            ["2023年1-5月各乡镇固投（单位：万元）"],
            ["乡镇", "完成", "增速%"],
            ["甲镇", 100, UP],
            ["注：甲镇为预计数"],
            ["说明", "以下剔除房地产", ""],
            ["乙镇", 90, DOWN],
            ["小计", 190, UP],
            ["备注：2022年基数已调整"],
            ["丙街道", 80, UP],
        ]
    )
    assert [key[1] for key in cells(one).values()] == ["jia"] * 2 + ["yi"] * 2 + ["bing"] * 2
    assert one.findings == ()
    assert one.counts == {"label": 8, "note": 4, "marker": 0, "kept": 6, "held": 0, "ignored": 2}


def test_a_unit_between_rows_is_that_of_the_rows_below() -> None:
    rows = [["2023年1-5月各乡镇固投（万元）"], *FIRST, ["（单位：亿元）"], ["丙街道", 1, UP]]
    assert [o.value for o in read(rows).observations if o.facet == "level"] == [
        D("0.0100"), D("0.0090"), D(1),
    ]  # fmt: skip


@pytest.mark.parametrize("line", ["2023年1-4月", "本月", "预计", "目标任务", "位次"])
def test_a_line_that_may_change_the_rows_below_is_asked_about(line: str) -> None:
    rows = [["2023年1-5月各乡镇固投（万元）"], *FIRST, [line], ["丙街道", 1, UP]]
    one = read(rows)
    assert one.counts["kept"] == 4
    assert f"表中间的“{line}”没有写明是不是说它下面各行的数" in asked(one)


def test_an_org_between_rows_of_indicators_is_asked_about() -> None:
    rows = [["示例县2023年1-5月（亿元）"], ["指标", "完成"], ["甲镇"], ["社零", 1]]
    one = read(rows)
    assert cells(one) == {}
    assert asked(one) == ["表中间的“甲镇”没有写明是不是说它下面各行的数"]


# -- orgs across -------------------------------------------------------------------------------


def test_orgs_across_with_facets_below_or_in_rows() -> None:
    below = [
        ["2023年1-5月（单位：万元）"],
        ["指标", "甲镇", "", "全县", ""],
        ["", "总量", "增速%", "总量", "增速%"],
        ["固投", 1, UP, 2, DOWN],
    ]
    one = read(below, merges=[(1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 1, 4)])
    assert [(key[1], key[3]) for key in cells(one).values()] == [
        ("jia", "level"), ("jia", "growth"), ("xian", "level"), ("xian", "growth"),
    ]  # fmt: skip
    rows = [
        ["2023年1-5月"],
        ["指标", "计量单位", "甲镇", "乙镇"],
        ["固投", "万元", 1, 2],
        ["　增速", "%", UP, "—"],
    ]
    assert [key[3] for key in cells(read(rows)).values()] == ["level", "level", "growth", "growth"]


def test_an_unknown_org_across_is_asked_about() -> None:
    one = read([["2023年1-5月（万元）"], ["指标", "甲镇", "戊乡"], ["固投", 1, 2]])
    assert list(cells(one)) == ["B3"]
    assert one.counts["held"] == 1


# -- figures without a head --------------------------------------------------------------------


def test_a_number_right_of_the_last_head_is_asked_about() -> None:
    rows = [["2023年1-5月各乡镇固投（万元）"], ["乡镇", "完成", "增速%"]]
    one = read([*rows, ["甲镇", 1, 234, UP], ["乙镇", 90, UP], ["丙街道", 80, "", 5]])
    assert cells(one) == {
        "B4": ("fai", "yi", "2023-01/05", "level"),
        "C4": ("fai", "yi", "2023-01/05", "growth"),
        "B5": ("fai", "bing", "2023-01/05", "level"),
    }
    (found,) = one.findings
    assert (found.code, found.cell) == ("unknown_indicator", "D3")
    assert found.message == (
        "D列有数而没有表头，不知道是什么，也可能是同一行的数错了位（涉及4个数据格，暂不采用）"
    )


# -- tables beside each other ------------------------------------------------------------------

BESIDE = [
    ["各乡镇固投", "", "", "", "各乡镇社零", ""],
    ["2023年1-5月", "", "单位：万元", "", "2023年1-4月", "单位：亿元"],
    ["乡镇", "完成", "增速%", "", "乡镇", "完成"],
    ["甲镇", 100, UP, "", "乙镇", 2],
    ["乙镇", 90, DOWN, "", "甲镇", 3],
]


@pytest.mark.parametrize("gap", [True, False])
def test_tables_beside_each_other_have_titles_and_units_of_their_own(gap: bool) -> None:
    rows = [[*row[:3], *row[3 if gap else 4 :]] for row in BESIDE]
    one = read([*rows, ["注：快报数"]])
    assert one.findings == ()
    assert [(o.indicator, o.org, o.period, o.value) for o in one.observations] == [
        ("fai", "jia", "2023-01/05", D("0.0100")),
        ("fai", "jia", "2023-01/05", D("8.0")),
        ("fai", "yi", "2023-01/05", D("0.0090")),
        ("fai", "yi", "2023-01/05", D("9.1")),
        ("retail", "yi", "2023-01/04", D(2)),
        ("retail", "jia", "2023-01/04", D(3)),
    ]
    assert one.counts["note"] == 1


def test_a_title_over_both_is_shared() -> None:
    titles = [["2023年1-5月主要指标"], ["固投（单位：万元）", "", "社零（单位：亿元）"]]
    one = read([*titles, *WIDE])
    assert [(o.indicator, o.period, o.value) for o in one.observations] == [
        ("fai", "2023-01/05", D("0.0100")),
        ("retail", "2023-01/05", D(2)),
    ]


WIDE = [["乡镇", "完成", "乡镇", "完成"], ["甲镇", 100, "乙镇", 2]]


def test_one_title_line_over_two_halves_of_a_table_is_not_cut() -> None:
    one = read([["各乡镇固投"], ["2023年1-5月", "", "", "单位：万元"], *WIDE])
    assert [(o.org, o.value) for o in one.observations] == [
        ("jia", D("0.0100")), ("yi", D("0.0002")),
    ]  # fmt: skip


def test_a_right_table_that_says_no_period_is_asked_about() -> None:
    rows = [list(row) for row in BESIDE]
    rows[1][4] = ""
    one = read(rows)
    assert {key[0] for key in cells(one).values()} == {"fai"}
    assert asked(one) == ["这张表没有写明是哪个统计期的数据"]


def test_tables_beside_and_below_in_other_columns_are_held() -> None:
    below = [["2023年1-5月各乡镇固投"], ["序号", "乡镇", "完成"], [1, "丙街道", 5]]
    one = read([*BESIDE, *below])
    assert "丙街道" not in {o.org for o in one.observations if not o.held}
    assert one.counts["held"] > 0
