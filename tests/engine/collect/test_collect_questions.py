"""What is held, and the exact words of the question asked about it."""

from __future__ import annotations

from datetime import date

import pytest
from sheets_for_tests import DAY, book, num, rulebook, sheet

from diaodu.engine.collect import build_names, read_workbook
from diaodu.engine.collect.sheet import Cell, Mark, Workbook
from diaodu.engine.rules.models import Match, Source

RULES = rulebook()
NAMES = build_names(RULES)


def read(rows, *, file="报表.xlsx", rules=RULES, day=DAY, **shape):  # type: ignore[no-untyped-def]
    names = NAMES if rules is RULES else build_names(rules)
    (one,) = read_workbook(book(sheet(rows, **shape), file=file, day=day), names, rules).sheets
    return one


def only(reading):  # type: ignore[no-untyped-def]
    assert [finding.code for finding in reading.findings] == [reading.findings[0].code]
    return reading.findings[0]


GOOD = [["2023年1-5月", "单位：亿元"], ["县区", "社零", "增速"], ["示例县", 1, 2], ["邻县", 3, 4]]


def changed(row: int, col: int, value: object) -> list[list[object]]:
    rows = [list(line) for line in GOOD]
    rows[row][col] = value
    return rows


def test_the_good_sheet_raises_nothing() -> None:
    one = read(GOOD)
    assert one.findings == ()
    assert one.counts["kept"] == 4


def test_unknown_org_names_the_nearest_and_proposes_a_source() -> None:
    found = only(read(changed(3, 0, "邻 县县")))
    assert (found.code, found.severity, found.cell) == ("unknown_org", "hard", "A4")
    assert found.message == (
        "“邻 县县”在规则库里找不到对应的单位，是不是“邻县”（涉及2个数据格，暂不采用）"
    )
    assert found.action == (
        "如是已有单位的另一种写法，请把“邻县县”加进 orgs 里该单位的 aliases；只在这张表这样写的，"
        "在 sources 里补一条：\n"
        '- id: 报表\n  match:\n    file: "报表.xlsx"\n    sheet: "Sheet1"\n  rename: {"邻 县县": ?}'
    )


def test_unknown_indicator_holds_its_columns_and_the_growth_beside() -> None:
    one = read(
        [
            ["示例县2023年1-5月固定资产投资", "单位：亿元"],
            ["县区", "社会消费品零售额", "增速", "社零", "增速"],
            ["示例县", 1, 2, 3, 4],
        ]
    )
    found = only(one)
    assert (found.code, found.cell) == ("unknown_indicator", "B2")
    assert found.message == (
        "“社会消费品零售额”在规则库里找不到对应的指标，是不是“社会消费品零售总额”"
        "（涉及2个数据格，暂不采用）"
    )
    assert (one.counts["held"], one.counts["kept"]) == (2, 2)


def test_one_name_of_two_counties_is_ambiguous_until_a_neighbour_tells() -> None:
    found = only(read(changed(3, 0, "广县")))
    assert found.code == "ambiguous_name"
    assert found.message == (
        "“广县”有几个同名单位：示例市广县、另一市广县，不能确定是哪一个（涉及2个数据格，暂不采用）"
    )
    for rows, org in (
        ([["2023年1-5月"], ["省份", "县区", "社零(亿元)"], ["甘肃省", "广县", 1]], "guang2"),
        ([["2023年1-5月"], ["代码", "县区", "社零(亿元)"], ["519921", "广县", 1]], "guang"),
        ([["甘肃省2023年1-5月"], ["县区", "社零(亿元)"], ["广县", 1]], "guang2"),
    ):
        one = read(rows)
        assert [o.org for o in one.observations] == [org]
        assert one.findings == ()


def test_name_and_code_that_disagree_are_asked_about() -> None:
    one = read([["2023年1-5月"], ["代码", "县区", "社零(亿元)"], ["519921", "示例县", 1]])
    assert only(one).message == "名称“示例县”与同一行的代码（示例市广县）不是同一个单位"


def test_no_unit_holds_the_level_but_not_the_growth() -> None:
    one = read(changed(0, 1, ""))
    found = only(one)
    assert (found.code, found.cell, found.indicator) == ("unknown_unit", "B3", "retail")
    assert found.message == (
        "社会消费品零售总额的数没有写计量单位，不能换算成“亿元”（涉及2个数据格，暂不采用）"
    )
    assert {o.facet: (o.held, o.value is None) for o in one.observations} == {
        "level": (True, True),
        "growth": (False, False),
    }


def test_a_unit_of_another_kind_is_never_converted() -> None:
    found = only(read(changed(0, 1, "单位：万户")))
    assert found.message.startswith("写的计量单位“万户”不能换算成社会消费品零售总额的“亿元”")


def test_title_and_file_that_contradict_hold_the_sheet() -> None:
    one = read(GOOD, file="示例县2023年4月.xlsx")
    found = only(one)
    assert (found.code, found.severity) == ("wrong_period", "hard")
    assert found.message == (
        "标题“2023年1-5月”与文件名“示例县2023年4月”写的统计期不一致，整表暂不采用"
        "（涉及4个数据格，暂不采用）"
    )
    assert one.counts["held"] == 4
    assert one.observations == ()


def test_a_header_left_over_from_last_month_holds_the_sheet() -> None:
    one = read([["示例县2023年1-5月", "单位：亿元"], ["指标", "1-4月", "同比%"], ["社零", 1, 2]])
    assert only(one).message == (
        "表头“1-4月”与标题或名称“2023年1—5月”写的统计期不一致，整表暂不采用"
        "（涉及2个数据格，暂不采用）"
    )


def test_a_row_and_a_column_of_different_periods_are_asked_about() -> None:
    one = read(
        [
            ["示例县社零（亿元）"],
            ["时间", "2023年1-4月", "2023年1-3月"],
            ["2023年1-5月", 1, 2],
        ]
    )
    assert {f.code for f in one.findings} == {"ambiguous_period"}
    assert one.counts["held"] == 2


def test_a_period_not_over_on_the_day_of_receipt_is_wrong_unless_estimated() -> None:
    one = read(GOOD, day=date(2023, 5, 31))
    assert {f.code for f in one.findings} == {"wrong_period"}
    assert one.findings[0].message == (
        "2023年1—5月到收到之日（2023-05-31）还没有结束，不应有数（涉及4个数据格，暂不采用）"
    )
    assert all(o.held and o.value is not None for o in one.observations)
    estimate = read([["2023年1-5月预计", "单位：亿元"], *GOOD[1:]], day=date(2023, 5, 20))
    assert estimate.findings == ()
    assert {o.track for o in estimate.observations} == {"estimate"}


@pytest.mark.parametrize(
    ("title", "shown"), [("2023年1月", "2023年1月"), ("2023年1-13月", ""), ("", "")]
)
def test_periods_that_cannot_be_taken(title: str, shown: str) -> None:
    one = read(changed(0, 0, title))
    assert {f.code for f in one.findings} <= {"wrong_period", "ambiguous_period"}
    assert one.counts["held"] == 4
    if shown:
        assert one.findings[0].message.startswith(
            "按发布日历，社会消费品零售总额没有2023年1月这一期"
        )


def test_a_month_without_any_year_is_asked_about() -> None:
    one = read(changed(0, 0, "1-5月"))
    assert only(one).code == "ambiguous_period"


def test_a_growth_column_that_may_be_of_the_month_or_of_the_year_is_asked_about() -> None:
    one = read(
        [["示例县2023年5月", "单位：亿元"], ["指标", "累计", "当月", "同比%"], ["社零", 9, 2, 5]]
    )
    found = only(one)
    assert (found.code, found.cell) == ("ambiguous_period", "D3")
    assert found.message == "“社零·同比%”一列没有写明是当月还是累计的增速"
    assert one.counts["kept"] == 2


def test_text_in_a_number_cell() -> None:
    one = read(changed(2, 1, "增长较快"))
    found = only(one)
    assert (found.code, found.cell, found.message) == (
        "not_a_number", "B3", "B3：“增长较快”不是数",
    )  # fmt: skip
    assert (found.indicator, found.org, found.period) == ("retail", "xian", "2023-01/05")
    held = [o for o in one.observations if o.held]
    assert [(o.value, o.value_given, o.obs_id) for o in held] == [
        (None, "增长较快", found.obs_ids[0])
    ]


@pytest.mark.parametrize(
    ("mark", "code"), [(Mark.ERROR, "formula_error"), (Mark.NO_CACHE, "no_cached_value")]
)
def test_cells_without_a_value(mark: Mark, code: str) -> None:
    one = read(changed(2, 1, "#REF!"), marks={(2, 1): mark})
    assert (only(one).code, only(one).cell) == (code, "B3")


def test_a_number_shown_smaller_than_stored_is_asked_about() -> None:
    scaled = Cell(0, 0, num("12345").value, "12.3", Mark.SCALED)
    one = read(changed(2, 1, scaled))
    assert only(one).code == "unknown_unit"
    assert "存的是12345，按格式缩小后显示为“12.3”" in only(one).message


def hidden_source(policy: str) -> Source:
    return Source(id="h", match=Match(file="*"), hidden=policy)  # type: ignore[arg-type]


def test_hidden_rows_are_held_read_or_ignored_as_the_source_says() -> None:
    marks = {(3, 0): Mark.HIDDEN, (3, 1): Mark.HIDDEN, (3, 2): Mark.HIDDEN}
    asked = read(GOOD, marks=marks)
    assert only(asked).message == (
        "第4行是隐藏的，其中的数要不要用没有写明（涉及2个数据格，暂不采用）"
    )
    assert [o.value is not None for o in asked.observations if o.held] == [True, True]
    assert read(GOOD, marks=marks, rules=rulebook(hidden_source("read"))).counts["kept"] == 4
    ignored = read(GOOD, marks=marks, rules=rulebook(hidden_source("ignore")))
    assert (ignored.counts["kept"], ignored.counts["ignored"]) == (2, 2)


def test_hidden_columns_and_sheets() -> None:
    column = {(row, 2): Mark.HIDDEN for row in range(1, 4)}
    assert only(read(GOOD, marks=column)).message.startswith("C列是隐藏的")
    assert only(read(GOOD, hidden=True)).message.startswith("整张工作表是隐藏的")


def test_a_sheet_about_something_else_is_one_question() -> None:
    one = read([["台账"], ["项目名称", "投资额", "进度"], ["某项目", 5, 6], ["另一项目", 7, 8]])
    found = only(one)
    assert (found.code, found.cell) == ("unknown_layout", "B3")
    assert one.counts["held"] == 4


def test_texts_alone_are_notes() -> None:
    one = read([["填报说明"], ["一、请按时填报"], ["二、单位为万元", "谢谢"]])
    assert (one.findings, one.counts["note"]) == ((), 4)


def test_no_org_anywhere_is_asked_about() -> None:
    one = read([["2023年1-5月", "单位：亿元"], ["指标", "累计"], ["社零", 1]])
    assert only(one).message == "这张表没有写明是哪个单位的数据"
    assert "org: {fixed: ?}" in only(one).action


def test_a_department_that_owns_the_indicator_reports_it_for_someone_else() -> None:
    one = read([["发改局2023年1-5月报表", "单位：亿元"], ["指标", "累计"], ["固投", 1]])
    assert only(one).code == "unknown_org"
    whole = read([["发改局2023年1-5月全县报表", "单位：亿元"], ["指标", "累计"], ["固投", 1]])
    assert [o.org for o in whole.observations] == ["xian"]


def test_every_dash_is_a_marker_with_a_word() -> None:
    one = read(changed(2, 1, "—"))
    assert one.counts["marker"] == 1
    assert [(o.word, o.value, o.held) for o in one.observations[:1]] == [("missing", None, False)]


def test_an_empty_workbook_reads_to_nothing() -> None:
    reading = read_workbook(Workbook("2023-06-12/空.xlsx", "0", DAY, (sheet([]),)), NAMES, RULES)
    assert sum(reading.sheets[0].counts.values()) == 0
