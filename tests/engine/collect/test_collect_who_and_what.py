"""Who sent a table is not whom it is about; what a column is not said to hold is not guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sheets_for_tests import ORGS, book, rulebook, sheet

from diaodu.engine.collect import build_names, read_workbook
from diaodu.engine.rules.models import Org

RULES = rulebook(
    orgs=[
        *ORGS,
        Org(id="czj", name="县财政局", level="department", parent="xian", aliases=("财政局",)),
    ]
)
NAMES = build_names(RULES)


def read(rows, file="报表.xlsx", name="Sheet1"):  # type: ignore[no-untyped-def]
    workbook = book(sheet(rows, name=name), file=file, day=date(2023, 8, 12))
    (one,) = read_workbook(workbook, NAMES, RULES).sheets
    return one


def figures(one):  # type: ignore[no-untyped-def]
    return [(o.indicator, o.org, o.period, o.facet, o.value) for o in one.observations]


HEAD = ["指标", "计量单位", "累计"]


# -- who -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "file"),
    [
        (["示例县2023年1-5月有关指标"], "县财政局2023年1-5月社零.xlsx"),
        (["示例县2023年1-5月有关指标"], "县财政局/报表.xlsx"),
        (["示例县2023年1-5月有关指标", "报送：县财政局（示意）"], "报表.xlsx"),
        (["示例县2023年1-5月有关指标", "填报单位：财政局"], "报表.xlsx"),
        (["示例县2023年1-5月有关指标", "报送：发改局"], "发改局.xlsx"),
        (["2023年1-5月有关指标", "填报单位：示例县"], "报表.xlsx"),
    ],
)
def test_the_sender_is_not_the_subject(lines: list[str], file: str) -> None:
    one = read([*([line] for line in lines), HEAD, ["固投", "亿元", 5]], file)
    assert figures(one) == [("fai", "xian", "2023-01/05", "level", Decimal(5))]


def test_a_department_that_the_title_names_is_the_subject() -> None:
    one = read([["示例县县财政局2023年1-5月社零"], HEAD, ["社零", "亿元", 5]])
    assert figures(one) == [("retail", "czj", "2023-01/05", "level", Decimal(5))]


def test_a_county_and_its_department_in_the_path_alone_are_asked_about() -> None:
    one = read([["2023年1-5月有关指标"], HEAD, ["社零", "亿元", 5]], "示例县/县财政局报表.xlsx")
    (found,) = one.findings
    assert found.code == "ambiguous_name"
    assert found.message == (
        "标题或名称里有几个单位：示例市示例县、示例县县财政局，不能确定是谁的数据"
    )
    assert one.counts["held"] == 1


# -- what ------------------------------------------------------------------------------------


def test_a_growth_named_in_the_indicator_cell_of_a_long_table() -> None:
    rows = [["单位", "指标", "统计期", "数值", "计量单位"],
            ["示例县", "社零", "2023年1-5月", "5", "亿元"],
            ["示例县", "社零增速", "2023年1-5月", "3.1", "%"]]  # fmt: skip
    assert [(o.facet, o.value) for o in read(rows).observations] == [
        ("level", Decimal(5)), ("growth", Decimal("3.1")),
    ]  # fmt: skip


@pytest.mark.parametrize("head", ["数值", "累计数"])
def test_a_column_of_facets_in_a_long_table(head: str) -> None:
    rows = [["单位", "指标", "指标类型", "统计期", head, "计量单位"],
            ["示例县", "社零", "总量", "2023年1-5月", "5", "亿元"],
            ["示例县", "社零", "增速", "2023年1-5月", "3.1", "%"]]  # fmt: skip
    assert [(o.facet, o.value) for o in read(rows).observations] == [
        ("level", Decimal(5)), ("growth", Decimal("3.1")),
    ]  # fmt: skip


@pytest.mark.parametrize("head", ["累计", "期末", "本月", "1-5月累计", "完成额"])
def test_a_stock_stands_at_the_end_of_the_month_whatever_the_head(head: str) -> None:
    one = read([["示例县2023年1-5月"], ["指标", "计量单位", head], ["各项贷款余额", "亿元", 5]])
    assert figures(one) == [("loans", "xian", "2023-05", "level", Decimal(5))]


@pytest.mark.parametrize(
    ("title", "name"),
    [("示例县主要经济指标同比增速历史数据", "表"), ("示例县主要经济指标历史数据", "同比增速")],
)
def test_figures_in_percent_are_what_title_or_sheet_say(title: str, name: str) -> None:
    rows = [[title], ["指标名称", "计量单位", "2022年1-5月"], ["社零", "%", 5], ["固投", "亿元", 7]]
    assert [(o.facet, o.value) for o in read(rows, name=name).observations] == [
        ("growth", Decimal(5)), ("level", Decimal(7)),
    ]  # fmt: skip


def test_figures_in_percent_that_nothing_explains_are_held() -> None:
    rows = [["示例县主要经济指标"], ["指标名称", "计量单位", "2022年1-5月"], ["社零", "%", 5]]
    (found,) = read(rows).findings
    assert found.code == "unknown_unit"


@pytest.mark.parametrize("unit", ["亿元", "%", "—"])
def test_a_dash_where_only_a_growth_is_published_is_no_second_figure(unit: str) -> None:
    rows = [["示例县2023年1-5月"], ["指标", "计量单位", "累计", "同比增速（%）"],
            ["规上工业增加值", unit, "—", 3]]  # fmt: skip
    one = read(rows)
    assert figures(one) == [("iva", "xian", "2023-01/05", "growth", Decimal(3))]
    assert one.counts["marker"] >= 1


# -- rows that leave a name out --------------------------------------------------------------


def test_a_row_without_its_org_is_held_and_pointed_at() -> None:
    rows = [["示例县2023年1-5月社零（单位：亿元）"], ["乡镇", "社零"], ["甲镇", 5], ["", 6],
            ["乙镇", 7]]  # fmt: skip
    one = read(rows)
    assert [o.org for o in one.observations] == ["jia", "yi"]
    (found,) = one.findings
    assert (found.code, found.severity, found.cell) == ("unknown_org", "hard", "A4")
    assert (found.indicator, found.period) == ("retail", "2023-01/05")
    assert found.message == "第4行没有写是哪个单位的数"
    assert found.action == "请在A4写明单位；与上一行相同的也要写，或与上一行合并单元格"
    assert one.counts["held"] == 1


def test_a_row_without_its_indicator_is_not_the_titles() -> None:
    rows = [["示例县2023年1-5月固定资产投资", "单位：亿元"], ["指标", "累计"], ["社零", 5], ["", 6]]
    one = read(rows)
    assert [(o.indicator, o.value) for o in one.observations] == [("retail", Decimal(5))]
    (found,) = one.findings
    assert (found.code, found.cell) == ("unknown_indicator", "A4")
    assert found.message == "第4行没有写是哪个指标的数"


def test_a_word_for_the_first_figure_makes_no_header_of_its_row() -> None:
    rows = [["2023年1-5月社零（单位：亿元）"], ["单位名称", "社零"], ["甲镇", "约九"], ["乙镇", 6]]
    one = read(rows)
    assert [(o.org, o.value, o.held) for o in one.observations] == [
        ("jia", None, True), ("yi", Decimal(6), False),
    ]  # fmt: skip
    (found,) = one.findings
    assert (found.code, found.cell, found.org) == ("not_a_number", "B3", "jia")


def test_a_merged_stub_speaks_for_all_its_rows() -> None:
    rows = [["2023年1-5月", "单位：亿元"], ["乡镇", "指标", "数值"], ["甲镇", "社零", 5],
            ["", "固投", 6]]  # fmt: skip
    workbook = book(sheet(rows, merges=[(2, 0, 3, 0)]), day=date(2023, 8, 12))
    (one,) = read_workbook(workbook, NAMES, RULES).sheets
    assert [(o.indicator, o.org) for o in one.observations] == [("retail", "jia"), ("fai", "jia")]
