"""Days, ISO weeks, 旬 and 截至某日, read from axes, titles and names, or asked about."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sheets_for_tests import INDICATORS, book, num, rulebook, sheet

from diaodu.engine.collect import build_names, read_workbook
from diaodu.engine.ground.period import Period, print_period
from diaodu.engine.rules.models import Indicator

RULES = rulebook(
    indicators=[
        *INDICATORS,
        Indicator(id="d", name="日电量", unit="万元", basis="month", cadence="day"),
        Indicator(id="w", name="周电量", unit="万元", basis="month", cadence="week"),
        Indicator(id="x", name="旬收入", unit="万元", basis="month", cadence="xun"),
        Indicator(id="tax", name="税收", unit="万元", basis="ytd", cadence="xun"),
        Indicator(id="dtax", name="入库数", unit="万元", basis="ytd", cadence="day"),
        Indicator(id="bal", name="旬末存款", unit="万元", basis="stock", cadence="xun"),
    ]
)
NAMES = build_names(RULES)
JULY = date(2023, 7, 2)


def read(rows, *, file="报表.xlsx", day=JULY, **shape):  # type: ignore[no-untyped-def]
    (one,) = read_workbook(book(sheet(rows, **shape), file=file, day=day), NAMES, RULES).sheets
    return one


def kept(reading):  # type: ignore[no-untyped-def]
    return {(o.cell, o.indicator, o.period, o.facet) for o in reading.observations if not o.held}


def periods(reading):  # type: ignore[no-untyped-def]
    return [o.period for o in reading.observations if not o.held]


@pytest.mark.parametrize(
    ("title", "name", "period"),
    [
        ("2023年6月12日各乡镇日电量（万元）", "日电量", "2023-06-12"),
        ("各乡镇日电量2023-06-12（万元）", "日电量", "2023-06-12"),
        ("2023年第24周各乡镇周电量（万元）", "周电量", "2023-W24"),
        ("2023年第24周（6月12日—18日）周电量（万元）", "周电量", "2023-W24"),
        ("2023年6月12—18日周电量（万元）", "周电量", "2023-W24"),
        ("2023年6月第24周周电量（万元）", "周电量", "2023-W24"),
        ("2023年6月上旬旬收入（万元）", "旬收入", "2023-06-X1"),
        ("2023年6月11日-20日旬收入（万元）", "旬收入", "2023-06-X2"),
        ("截至2023年6月20日税收（万元）", "税收", "2023-01-01/2023-06-20"),
        ("2023年1月1日-6月20日税收（万元）", "税收", "2023-01-01/2023-06-20"),
        ("截至2023年6月20日旬末存款（万元）", "旬末存款", "2023-06-X2"),
        ("截至2023年6月30日税收（万元）", "税收", "2023-01/06"),
    ],
)
def test_the_title_says_it(title: str, name: str, period: str) -> None:
    one = read([[title], ["乡镇", name], ["甲镇", 5], ["乙镇", 6]])
    assert periods(one) == [period, period]
    assert one.findings == ()


@pytest.mark.parametrize(
    ("file", "name", "heads", "found"),
    [
        ("2023年第24周", "Sheet1", ["周电量"], ["2023-W24"]),
        ("周报2023W24", "Sheet1", ["周电量"], ["2023-W24"]),
        ("2023年", "6月12日", ["日电量"], ["2023-06-12"]),
        ("2023年", "截至6月20日", ["税收"], ["2023-01-01/2023-06-20"]),
        ("2023年", "", ["6月上旬旬收入", "6月中旬旬收入"], ["2023-06-X1", "2023-06-X2"]),
        ("2023年6月", "", ["上旬旬收入", "中旬旬收入"], ["2023-06-X1", "2023-06-X2"]),
        ("2023年", "", ["第23周周电量", "W24周电量"], ["2023-W23", "2023-W24"]),
        ("2023年6月", "", ["12日日电量", "6月13日日电量"], ["2023-06-12", "2023-06-13"]),
    ],
)
def test_names_and_heads_say_it(file: str, name: str, heads: list[str], found: list[str]) -> None:
    rows = [["单位：万元"], ["乡镇", *heads], ["甲镇", *range(1, len(heads) + 1)]]
    one = read(rows, file=file + ".xlsx", name=name)
    assert periods(one) == found
    assert one.findings == ()


def test_weeks_across_with_growth_and_days_down() -> None:
    weeks = [["2023年各乡镇周电量（万元）"], ["乡镇", "第23周", "第24周", "同比%"]]
    one = read([*weeks, ["甲镇", 1, 2, num("3.0")]])
    assert kept(one) == {
        ("B3", "w", "2023-W23", "level"),
        ("C3", "w", "2023-W24", "level"),
        ("D3", "w", "2023-W24", "growth"),
    }
    days = [["示例县"], ["日期", "日电量（万元）"], [date(2023, 6, 1), 5], [date(2023, 6, 2), 6]]
    assert periods(read(days)) == ["2023-06-01", "2023-06-02"]
    nested = [["乡镇", "2023年6月", ""], ["", "上旬", "中旬"], ["甲镇", 1, 2]]
    merges = [(1, 1, 1, 2), (1, 0, 2, 0)]
    one = read([["各乡镇旬收入（万元）"], *nested], merges=merges)
    assert periods(one) == ["2023-06-X1", "2023-06-X2"]


def test_this_week_and_the_year_so_far() -> None:
    title = ["2023年第24周各乡镇周电量（万元）"]
    one = read([title, ["乡镇", "本周", "上周", "累计"], ["甲镇", 5, 4, 99]])
    assert kept(one) == {
        ("B3", "w", "2023-W24", "level"),
        ("D3", "w", "2023-01-01/2023-06-18", "level"),
    }
    assert one.counts["ignored"] == 1
    both = [["截至2023年6月20日税收（万元）"], ["乡镇", "本旬", "累计"], ["甲镇", 5, 99]]
    assert periods(read(both)) == ["2023-06-X2", "2023-01-01/2023-06-20"]


@pytest.mark.parametrize(
    ("rows", "file", "message"),
    [
        (
            [["2023年6月1—20日税收（万元）"], ["乡镇", "完成"], ["甲镇", 5]],
            "2023年6月",
            "标题或名称里的2023年6月1日至6月20日不是一旬、一周、整月，也不是从1月1日起，"
            "没有对应的统计期",
        ),
        (
            [["2023年6月第2周周电量（万元）"], ["乡镇", "完成"], ["甲镇", 5]],
            "2023年6月",
            "标题或名称里的“2023年6月第2周”是当月的第几周，不是全年的周次，看不出起止日期，"
            "没有对应的统计期",
        ),
        (
            [["日电量（万元）"], ["2023年6月12日"], ["乡镇", "完成"], ["甲镇", 5]],
            "报表",
            "“2023年6月12日”没有写明是数据的日期还是制表的日期",
        ),
        (
            [["2023年6月20日入库数（万元）"], ["乡镇", "完成"], ["甲镇", 5]],
            "报表",
            "“2023年6月20日”没有写明是当日数还是截至当日的累计数",
        ),
        (
            [["2023年6月税收（万元）"], ["乡镇", "本旬", "上旬"], ["甲镇", 5, 6]],
            "2023年6月中旬",
            "“上旬”旁边有“本旬”，没有写明是当月上旬还是上一旬",
        ),
        (
            [["旬收入（万元）"], ["乡镇", "上旬", "中旬"], ["甲镇", 5, 6]],
            "2023年1-6月",
            "“上旬”没有写明是哪一年哪一月的",
        ),
        (
            [["2023年第24周周电量（万元）"], ["乡镇", "完成"], ["甲镇", 5]],
            "2023年第25周",
            "标题或名称里有几个统计期：2023年第24周、2023年第25周，不能确定用哪一个",
        ),
        (
            [["2023年6月上旬固定资产投资（万元）"], ["乡镇", "完成"], ["甲镇", 5]],
            "2023年6月",
            "标题或名称里有几个统计期：2023年6月上旬、2023年6月，不能确定用哪一个",
        ),
        (
            [["2023年6月周电量（万元）"], ["乡镇", "完成"], ["甲镇", 5]],
            "报表",
            "按发布日历，周电量没有2023年6月这一期",
        ),
    ],
)  # fmt: skip
def test_what_is_open_is_asked(rows: list[list[object]], file: str, message: str) -> None:
    one = read(rows, file=file + ".xlsx")
    assert message in [f.message.partition("（涉及")[0] for f in one.findings]
    assert one.counts["held"] >= 1
    assert len(kept(one)) + one.counts["held"] == len(rows[-1]) - 1


def test_a_first_of_the_month_among_days_is_a_day_and_alone_a_month() -> None:
    days = [["乡镇", date(2023, 6, 1), date(2023, 6, 2)], ["甲镇", 1, 2]]
    assert periods(read([["日电量（万元）"], *days])) == ["2023-06-01", "2023-06-02"]
    months = [["乡镇", date(2023, 4, 1), date(2023, 5, 1)], ["甲镇", 1, 2]]
    assert periods(read([["工业用电量（万千瓦时）"], *months])) == ["2023-04", "2023-05"]
    alone = read([["日电量（万元）"], ["乡镇", date(2023, 6, 1)], ["甲镇", 1]])
    assert [f.code for f in alone.findings] == ["wrong_period"]


def test_a_day_may_be_told_on_its_evening_but_not_before() -> None:
    rows = [["2023年6月12日各乡镇日电量（万元）"], ["乡镇", "日电量"], ["甲镇", 5]]
    assert read(rows, day=date(2023, 6, 12)).counts["kept"] == 1
    early = read(rows, day=date(2023, 6, 11))
    assert [f.code for f in early.findings] == ["wrong_period"]


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("日电量", ["2023-06-09", "2023-06-10"]),
        ("周电量", ["2023-W01", "2023-W24", "2022-W52"]),
        ("旬收入", ["2023-02-X3", "2023-05-X2"]),
        ("税收", ["2023-01-01/2023-02-20", "2023-01-01/2023-06-10"]),
    ],
)
def test_what_is_printed_is_read_again(name: str, ids: list[str]) -> None:
    heads = [print_period(Period.from_id(one)) for one in ids]
    values = list(range(1, len(ids) + 1))
    one = read([["单位：万元"], ["乡镇", *(f"{head}{name}" for head in heads)], ["甲镇", *values]])
    assert periods(one) == ids
    assert [o.value for o in one.observations] == [Decimal(value) for value in values]
