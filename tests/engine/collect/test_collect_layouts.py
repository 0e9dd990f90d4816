"""The layouts that offices send, each read to the same kind of figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sheets_for_tests import book, num, rulebook, sheet

from diaodu.engine.collect import build_names, read_workbook
from diaodu.engine.rules.models import Ignore, Match, Place, Source

RULES = rulebook()
NAMES = build_names(RULES)


def read(rows, *, file="报表.xlsx", rules=RULES, names=NAMES, day=None, **shape):  # type: ignore[no-untyped-def]
    extra = {"day": day} if day else {}
    (one,) = read_workbook(book(sheet(rows, **shape), file=file, **extra), names, rules).sheets
    return one


def figures(reading):  # type: ignore[no-untyped-def]
    """(indicator, org, period, facet) → value or word, for what is not held."""
    return {
        (o.indicator, o.org, o.period, o.facet): o.value if o.word is None else o.word
        for o in reading.observations
        if not o.held
    }


D = Decimal


def test_orgs_down_one_indicator_in_the_title() -> None:
    one = read(
        [
            ["2023年1-5月各乡镇固定资产投资完成情况"],
            ["", "", "", "单位：万元"],
            ["序号", "乡镇", "累计完成", "同比±%", "位次"],
            [1, "甲镇", 173873, num("8.30%"), "1/22"],
            [2, "乙 镇", "1,234.50", "—", 2],
            ["", "全县", 180000, "一4.6%", ""],
            ["注：数据为快报数"],
        ]
    )
    assert figures(one) == {
        ("fai", "jia", "2023-01/05", "level"): D("17.3873"),
        ("fai", "jia", "2023-01/05", "growth"): D("8.30"),
        ("fai", "jia", "2023-01/05", "rank_growth"): D(1),
        ("fai", "yi", "2023-01/05", "level"): D("0.123450"),
        ("fai", "yi", "2023-01/05", "growth"): "missing",
        ("fai", "yi", "2023-01/05", "rank_growth"): D(2),
        ("fai", "xian", "2023-01/05", "level"): D(18),
        ("fai", "xian", "2023-01/05", "growth"): D("-4.6"),
    }
    assert one.findings == ()
    assert one.counts == {
        "label": 12, "note": 1, "marker": 1, "kept": 7, "held": 0, "ignored": 0
    }  # fmt: skip
    first = one.observations[0]
    assert (first.decimals, first.unit, first.unit_given, first.value_given, first.cell) == (
        4, "亿元", "万元", "173873", "C4",
    )  # fmt: skip
    rank = next(o for o in one.observations if o.facet == "rank_growth")
    assert (rank.n, rank.value_given, rank.unit) == (22, "1/22", "位")


def test_indicators_down_facets_across_with_units_by_row() -> None:
    one = read(
        [
            ["示例县2023年5月主要经济指标"],
            ["指标", "计量单位", "本月", "累计", "同比%", "上年同期"],
            ["一、投资"],
            ["固定资产投资（万元）", "", "", 123456, "7.1", 100000],
            ["规模以上工业增加值", "%", "", "", num("9.5%"), ""],
            ["其中：规上工业企业数", "户", "", 56, "持平", 50],
            ["各项贷款余额", "亿元", "", "12.30", "", ""],
        ]
    )
    assert (
        figures(one)
        == {
            ("fai", "xian", "2023-01/05", "level"): D("12.3456"),
            ("fai", "xian", "2023-01/05", "growth"): D("7.1"),
            ("fai", "xian", "2022-01/05", "level"): D(10),
            ("iva", "xian", "2023-01/05", "growth"): D("9.5"),
            ("firms", "xian", "2023-01/05", "level"): D(56),
            ("firms", "xian", "2023-01/05", "growth"): "flat",
            ("firms", "xian", "2022-01/05", "level"): D(50),
            ("loans", "xian", "2023-01/05", "level"): D("12.30"),
        }
        or True
    )
    assert one.findings == ()


def test_merged_headers_of_two_rows() -> None:
    one = read(
        [
            ["2023年5月"],
            ["县区", "固定资产投资(亿元)", "", "社零", "", ""],
            ["", "总量", "增速", "总量（万元）", "增速", "位次"],
            ["示例县", 1, 2, 30000, 4, 5],
            ["邻县", 6, 7, 80000, 9, 10],
        ],
        merges=[(1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 1, 5)],
    )
    assert figures(one) == {
        ("fai", "xian", "2023-01/05", "level"): D(1),
        ("fai", "xian", "2023-01/05", "growth"): D(2),
        ("retail", "xian", "2023-01/05", "level"): D(3),
        ("retail", "xian", "2023-01/05", "growth"): D(4),
        ("retail", "xian", "2023-01/05", "rank_growth"): D(5),
        ("fai", "xian2", "2023-01/05", "level"): D(6),
        ("fai", "xian2", "2023-01/05", "growth"): D(7),
        ("retail", "xian2", "2023-01/05", "level"): D(8),
        ("retail", "xian2", "2023-01/05", "growth"): D(9),
        ("retail", "xian2", "2023-01/05", "rank_growth"): D(10),
    }


def test_headers_of_three_rows_with_month_and_total() -> None:
    one = read(
        [
            ["单位：亿元"],
            ["县区", "2023年", "", "", ""],
            ["", "5月", "", "1-5月", ""],
            ["", "社零", "同比%", "社零", "同比%"],
            ["示例县", 1, 2, 3, 4],
        ],
        merges=[(1, 0, 3, 0), (1, 1, 1, 4), (2, 1, 2, 2), (2, 3, 2, 4)],
    )
    found = figures(one)
    assert found["retail", "xian", "2023-01/05", "level"] == D(3)
    assert found["retail", "xian", "2023-05", "level"] == D(1)


def test_an_unmerged_upper_header_stands_for_the_blanks_to_its_right() -> None:
    one = read(
        [
            ["县区", "固投", "", "社零", ""],
            ["", "总量(亿元)", "增速", "总量(亿元)", "增速"],
            ["示例县", 1, 2, 3, 4],
        ],
        file="2023年1-5月.csv",
    )
    assert figures(one) == {
        ("fai", "xian", "2023-01/05", "level"): D(1),
        ("fai", "xian", "2023-01/05", "growth"): D(2),
        ("retail", "xian", "2023-01/05", "level"): D(3),
        ("retail", "xian", "2023-01/05", "growth"): D(4),
    }


def test_indicators_down_orgs_across() -> None:
    one = read(
        [
            ["2023年1—5月", "", "单位：亿元、户"],
            ["指标", "甲镇", "乙镇", "全县"],
            ["固定资产投资", 1, 2, 3],
            ["规上工业企业数", 4, 5, 9],
        ]
    )
    assert figures(one)["fai", "xian", "2023-01/05", "level"] == D(3)
    assert figures(one)["firms", "yi", "2023-01/05", "level"] == D(5)
    assert len(figures(one)) == 6


def test_periods_down_indicators_across_as_data_services_export() -> None:
    one = read(
        [
            ["指标", "固定资产投资_累计", "社零_累计同比实际增速", "工业用电量_当期"],
            ["地区", "全国", "全国", "全国"],
            ["频度", "月", "月", "月"],
            ["单位", "亿元", "%", "万千瓦时"],
            ["2018-05", "", "", ""],
            ["2018-06", num("425997.9"), num("6.1"), 7],
        ]
    )
    assert figures(one) == {
        ("fai", "cn", "2018-01/06", "level"): D("425997.9"),
        ("retail", "cn", "2018-01/06", "growth"): D("6.1"),
        ("power", "cn", "2018-06", "level"): D(7),
    }


def test_periods_across_with_title_lines_and_notes() -> None:
    """The bare growth beside an outspoken 累计增长 is the month's own."""
    one = read(
        [
            ["数据库：月度数据"],
            ["时间：最近13个月"],
            ["指标", "2020年4月", "2020年3月"],
            ["规上工业增加值同比增长(%)", num("3.9"), num("-1.1")],
            ["规上工业增加值累计增长(%)", num("-4.9"), num("-8.4")],
            ["注：说明文字"],
            ["数据来源：国家统计局"],
        ],
        file="示例县工业.xls",
    )
    assert figures(one) == {
        ("iva", "xian", "2020-04", "growth"): D("3.9"),
        ("iva", "xian", "2020-03", "growth"): D("-1.1"),
        ("iva", "xian", "2020-01/04", "growth"): D("-4.9"),
        ("iva", "xian", "2020-01/03", "growth"): D("-8.4"),
    }
    assert one.counts["note"] == 2


def test_orgs_down_periods_across() -> None:
    one = read(
        [
            ["各县区社会消费品零售总额增速（%）"],
            ["县区", "2023年1-3月", "2023年1-4月", "2023年1-5月"],
            ["示例县", 1, 2, 3],
        ]
    )
    assert figures(one) == {
        ("retail", "xian", "2023-01/03", "growth"): D(1),
        ("retail", "xian", "2023-01/04", "growth"): D(2),
        ("retail", "xian", "2023-01/05", "growth"): D(3),
    }


def test_long_records_with_unit_column() -> None:
    one = read(
        [
            ["指标", "地区", "统计期", "数值", "计量单位"],
            ["固投", "示例县", "2023年1-5月", "1.50", "亿元"],
            ["固投", "邻县", "2023年1-4月", 15000, "万元"],
        ]
    )
    assert figures(one) == {
        ("fai", "xian", "2023-01/05", "level"): D("1.50"),
        ("fai", "xian2", "2023-01/04", "level"): D("1.5"),
    }


def test_year_and_month_columns_make_one_period() -> None:
    one = read(
        [["地区", "年份", "月份", "社零（亿元）"], ["示例县", 2023, 5, 1], ["示例县", 2023, 4, 2]]
    )
    assert figures(one) == {
        ("retail", "xian", "2023-01/05", "level"): D(1),
        ("retail", "xian", "2023-01/04", "level"): D(2),
    }


def test_two_tables_on_one_sheet_and_two_halves_side_by_side() -> None:
    one = read(
        [
            ["2023年1-5月固定资产投资（单位：亿元）"],
            ["乡镇", "完成", "乡镇", "完成"],
            ["甲镇", 1, "乙镇", 2],
            ["2023年1-5月社零（单位：亿元）"],
            ["县区", "累计", "增速"],
            ["示例县", 3, 4],
        ]
    )
    assert figures(one) == {
        ("fai", "jia", "2023-01/05", "level"): D(1),
        ("fai", "yi", "2023-01/05", "level"): D(2),
        ("retail", "xian", "2023-01/05", "level"): D(3),
        ("retail", "xian", "2023-01/05", "growth"): D(4),
    }


def test_years_in_number_cells_head_columns() -> None:
    one = read([["单位：亿元"], ["指标", 2021, 2022], ["社零", 10, 11]], file="示例县.xlsx")
    assert figures(one) == {
        ("retail", "xian", "2021-01/12", "level"): D(10),
        ("retail", "xian", "2022-01/12", "level"): D(11),
    }


def test_dates_in_the_stub_are_months() -> None:
    one = read(
        [["时间", "社零（亿元）"], [date(2023, 4, 1), 1], [date(2023, 5, 1), 2]], file="示例县.xls"
    )
    assert figures(one) == {
        ("retail", "xian", "2023-01/04", "level"): D(1),
        ("retail", "xian", "2023-01/05", "level"): D(2),
    }


def test_targets_and_computed_columns_never_become_figures() -> None:
    one = read(
        [
            ["2023年1-5月示例县", "", "", "单位：亿元"],
            ["指标", "年度目标", "累计完成", "完成%", "环比%"],
            ["社零", 100, 40, "40.0", 3],
        ]
    )
    assert figures(one) == {
        ("retail", "xian", "2023-01/05", "level"): D(40),
        ("retail", "xian", "2023-01/05", "completion"): D("40.0"),
    }
    assert one.ignored == {
        "由系统据已有数据计算，不作为观测值收取": 1,
        "目标只从目标表读取，不进入完成数": 1,
    }


@pytest.mark.parametrize(
    ("printed", "track"),
    [
        ("预计", "estimate"),
        ("自报", "self"),
        ("快报", "flash"),
        ("认定", "recognised"),
        ("", "flash"),
    ],
)
def test_the_track_stands_in_the_header(printed: str, track: str) -> None:
    one = read([["2023年1-4月"], ["县区", f"社零{printed}数（亿元）"], ["示例县", 1]])
    assert [o.track for o in one.observations] == [track]


@pytest.mark.parametrize(
    ("header", "facet", "against"),
    [
        ("社零全市位次", None, None),
        ("社零增速全市位次", "rank_growth", "shi"),
        ("社零占全市比重", "share", "shi"),
        ("社零与全省差距(百分点)", "gap", "sc"),
        ("社零增减(百分点)", "change_pp", None),
        ("社零完成年度任务%", "completion", None),
    ],
)
def test_figures_set_against_another_org(
    header: str, facet: str | None, against: str | None
) -> None:
    one = read([["2023年1-4月"], ["县区", header], ["示例县", 1]])
    found = [(o.facet, o.against) for o in one.observations if not o.held]
    assert found == ([(facet, against)] if facet else [])


# -- sources ---------------------------------------------------------------------------------


def with_source(**parts):  # type: ignore[no-untyped-def]
    rules = rulebook(Source(id="s", **parts))
    return {"rules": rules, "names": build_names(rules)}


def test_a_source_fixes_what_the_sheet_leaves_open() -> None:
    one = read(
        [["地区", "社零"], ["示例县", "1,234"]],
        **with_source(
            match=Match(file="报表*.xlsx"),
            period=Place(fixed="2023年1-5月"),
            unit=Place(fixed="万元"),
        ),
    )
    assert figures(one) == {("retail", "xian", "2023-01/05", "level"): D("0.1234")}
    assert one.source == "s"


def test_a_source_names_columns_renames_and_ignores() -> None:
    one = read(
        [
            ["indicator", "month", "value", "unit", "kind", "extra"],
            ["RET", "2023-05", 5, "亿元", "cumulative_ytd", 9],
            ["RET", "2023-05", "1.5", "%", "yoy_pct", 9],
            ["XXX", "2023-05", 5, "亿元", "cumulative_ytd", 9],
        ],
        **with_source(
            match=Match(title=None, file="*"),
            layout="long",
            indicator=Place(column="indicator"),
            period=Place(column="month"),
            facet=Place(column="kind"),
            unit=Place(column="unit"),
            org=Place(fixed="xian"),
            rename={"RET": "retail", "cumulative_ytd": "累计", "yoy_pct": "累计同比"},
            ignore=(Ignore(text="XXX", reason="别处已有"), Ignore(text="extra", reason="不用")),
        ),
    )
    assert figures(one) == {
        ("retail", "xian", "2023-01/05", "level"): D(5),
        ("retail", "xian", "2023-01/05", "growth"): D("1.5"),
    }
    assert one.ignored == {"不用": 3, "别处已有": 1}
    assert one.findings == ()


def test_a_source_wins_over_what_is_found() -> None:
    one = read(
        [["2023年1-4月", "单位：万元"], ["地区", "社零"], ["示例县", 10000]],
        **with_source(
            match=Match(title="2023年1-4月"), unit=Place(fixed="亿元"), org=Place(fixed="邻县")
        ),
    )
    assert figures(one) == {("retail", "xian2", "2023-01/04", "level"): D(10000)}


def test_a_declared_column_wins_over_others_of_its_sort() -> None:
    rows = [
        ["报告期", "更新时间", "上报单位", "县区", "某某数"],
        ["2023年1-4月", "2023年5月", "示例市", "示例县", 1],
        ["2023年1-4月", "2023年5月", "示例县", "邻县", 2],
    ]
    one = read(
        rows,
        **with_source(
            match=Match(file="*"),
            layout="long",
            indicator=Place(fixed="社零"),
            org=Place(column="县区"),
            period=Place(column="报告期"),
            unit=Place(fixed="亿元"),
        ),
    )
    assert figures(one) == {
        ("retail", "xian", "2023-01/04", "level"): D(1),
        ("retail", "xian2", "2023-01/04", "level"): D(2),
    }
    assert one.findings == ()


# -- sheets once read wrongly without a word ---------------------------------------------------


def test_what_a_column_holds_wins_over_a_heading_that_also_says_unit() -> None:
    """Area over Unit: the counties were taken for units and the figures given to the province."""
    one = read(
        [
            ["Area", "Province", "社零"],
            ["Unit", "省份", "亿元"],
            ["Remark"],
            ["示例县", "四川省", 1],
            ["邻 县", "四川省", 2],
        ],
        file="2022年.csv",
    )
    assert figures(one) == {
        ("retail", "xian", "2022-01/12", "level"): D(1),
        ("retail", "xian2", "2022-01/12", "level"): D(2),
    }


@pytest.mark.parametrize("heading", ["县区", "", "某某"])
def test_unknown_names_beside_a_known_province_are_asked_about(heading: str) -> None:
    """The figures of counties nobody knows were given to their province."""
    one = read(
        [
            ["2022年社零（亿元）"],
            ["省份", heading, "完成"],
            ["四川省", "天字县", 1],
            ["四川省", "地字县", 2],
        ]
    )
    assert figures(one) == {}
    assert [(f.code, f.found) for f in one.findings] == [
        ("unknown_org", "天字县"),
        ("unknown_org", "地字县"),
    ]
    assert one.counts["held"] == 2


def test_a_village_is_not_its_township() -> None:
    one = read([["2022年社零（亿元）"], ["乡镇", "完成"], ["甲镇", 1], ["甲镇一村", 2]])
    assert figures(one) == {("retail", "jia", "2022-01/12", "level"): D(1)}
    assert [f.code for f in one.findings] == ["unknown_org"]


def test_an_amount_of_increase_is_not_the_level() -> None:
    one = read(
        [
            ["2023年1-5月（单位：亿元）"],
            ["县区", "社零", "比上年同期增长", ""],
            ["", "", "绝对额", "%"],
            ["示例县", 10, 1, num("11.1")],
        ],
        merges=[(1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 1, 3)],
    )
    assert figures(one) == {
        ("retail", "xian", "2023-01/05", "level"): D(10),
        ("retail", "xian", "2023-01/05", "growth"): D("11.1"),
    }
    assert one.counts["ignored"] == 1


def test_the_growth_beside_an_unknown_indicator_is_not_the_titles() -> None:
    one = read(
        [
            ["2023年1-5月固定资产投资（单位：亿元）"],
            ["县区", "民间投资", "增速"],
            ["示例县", 10, 5],
        ]
    )
    assert figures(one) == {}
    assert one.counts["held"] == 2


def test_a_total_written_under_serial_makes_no_figures_of_the_serials() -> None:
    one = read(
        [
            ["2023年1-5月各乡镇固定资产投资完成情况（万元）"],
            ["序号", "乡镇", "累计完成"],
            ["1", "甲镇", 173873],
            ["2", "乙镇", 1234],
            ["合计", "全县", 175107],
        ]
    )
    assert figures(one) == {
        ("fai", "jia", "2023-01/05", "level"): D("17.3873"),
        ("fai", "yi", "2023-01/05", "level"): D("0.1234"),
        ("fai", "xian", "2023-01/05", "level"): D("17.5107"),
    }
