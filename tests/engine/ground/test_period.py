"""Periods: the ways offices write them, one id for each interval."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diaodu.engine.ground.errors import PeriodError
from diaodu.engine.ground.period import (
    Period,
    align,
    due_period,
    find_periods,
    parse_period,
    parse_written,
    print_period,
)

WRITTEN = [
    # single months
    ("2023-05", "2023-05"), ("2023-5", "2023-05"), ("2023.05", "2023-05"), ("2023/5", "2023-05"),
    ("202305", "2023-05"), ("2023年5月", "2023-05"), ("2023年05月份", "2023-05"),
    ("２０２３年５月", "2023-05"), ("2023 年 5 月", "2023-05"), ("2023年五月", "2023-05"),
    ("2023年十二月", "2023-12"), ("2023年5月当月", "2023-05"), ("2023年5月末", "2023-05"),
    # whole months of one year
    ("2023-01/05", "2023-01/05"), ("2023年1-5月", "2023-01/05"), ("2023年1—5月", "2023-01/05"),
    ("2023年1－5月", "2023-01/05"), ("2023年1~5月", "2023-01/05"), ("2023年1至5月", "2023-01/05"),
    ("2023年1月-5月", "2023-01/05"), ("2023年1-5月累计", "2023-01/05"),
    ("2023年1-5月份", "2023-01/05"), ("2023年前5个月", "2023-01/05"),
    ("2023年前五个月", "2023-01/05"), ("2023年5月累计", "2023-01/05"),
    ("截至2023年5月", "2023-01/05"), ("截至2023年5月底", "2023-01/05"),
    ("截至2023年5月31日", "2023-01/05"), ("截止2023年5月末", "2023-01/05"),
    ("2023年1-2月", "2023-01/02"), ("2023年1-1月", "2023-01"), ("2023年4-6月", "2023-04/06"),
    ("2023.1-5", "2023-01/05"), ("2023年1-5", "2023-01/05"), ("2023.01-05", "2023-01/05"),
    ("202301-05", "2023-01/05"), ("2023-1-5月", "2023-01/05"), ("22年1-5月", "2022-01/05"),
    ("二〇二三年一至五月", "2023-01/05"), ("二○二三年十二月", "2023-12"),
    # names of months together
    ("2023年一季度", "2023-01/03"), ("2023年第1季度", "2023-01/03"), ("2023Q1", "2023-01/03"),
    ("2023年二季度", "2023-04/06"), ("2023年第三季度", "2023-07/09"), ("2023Q4", "2023-10/12"),
    ("2023年二季度累计", "2023-01/06"),
    ("2023年上半年", "2023-01/06"), ("2023年下半年", "2023-07/12"),
    ("2023年前三季度", "2023-01/09"), ("2023年前三个季度", "2023-01/09"),
    ("2023年", "2023-01/12"), ("2023年全年", "2023-01/12"), ("2023年度", "2023-01/12"),
    ("2023", "2023-01/12"),
    # days, weeks, ten days
    ("2023-05-06", "2023-05-06"), ("2023年5月6日", "2023-05-06"), ("2023.5.6", "2023-05-06"),
    ("2023-W19", "2023-W19"), ("2023年第19周", "2023-W19"), ("2020-W53", "2020-W53"),
    ("2023-05-X1", "2023-05-X1"), ("2023年5月上旬", "2023-05-X1"),
    ("2023年5月中旬", "2023-05-X2"), ("2023年2月下旬", "2023-02-X3"),
    ("截至2023年10月20日", "2023-01-01/2023-10-20"),
    ("截止到2023年10月20日", "2023-01-01/2023-10-20"),
    ("2023-01-01/2023-10-20", "2023-01-01/2023-10-20"),
    ("截至2023-10-20", "2023-01-01/2023-10-20"), ("截止2023.10.20", "2023-01-01/2023-10-20"),
    ("2023年第二十四周", "2023-W24"), ("2023W24", "2023-W24"), ("2023年W24", "2023-W24"),
    # from day to day
    ("2023年6月12日-18日", "2023-W24"), ("2023年6月12—18日", "2023-W24"),
    ("2023年5月29日至6月4日", "2023-W22"), ("2022年12月26日-2023年1月1日", "2022-W52"),
    ("2023.6.12-2023.6.18", "2023-W24"), ("2023-06-12-06-18", "2023-W24"),
    ("2023年6月1日—10日", "2023-06-X1"), ("2023年6月11—20日", "2023-06-X2"),
    ("2023年6月21日-30日", "2023-06-X3"), ("2023年6月1日-6月30日", "2023-06"),
    ("2023年1月1日—6月20日", "2023-01-01/2023-06-20"), ("2023年6月5日-5日", "2023-06-05"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "identity"), WRITTEN)
def test_the_ways_offices_write(text, identity):
    assert parse_period(text).id == identity


@pytest.mark.parametrize(
    ("text", "identity"),
    [("1-5月", "2023-01/05"), ("5月当月", "2023-05"), ("截至10月20日", "2023-01-01/2023-10-20"),
     ("一季度", "2023-01/03"), ("上半年", "2023-01/06"), ("全年", "2023-01/12"),
     ("5月6日", "2023-05-06"), ("5月下旬", "2023-05-X3"), ("第19周", "2023-W19")],
)  # fmt: skip
def test_the_year_may_stand_elsewhere(text, identity):
    assert parse_period(text, year=2023).id == identity
    with pytest.raises(PeriodError, match="没有写年份"):
        parse_period(text)


@pytest.mark.parametrize(
    "text",
    ["", "5", "上个月", "2023年13月", "2023年5-3月", "2023年2月30日", "2023年1月和2月", "2021-W53",
     "2023年6月1—20日", "2023年6月第2周", "2023年前一二个月", "2023年6月5日-3日", "2023.6.12-6.19",
     "2022年11月-2023年2月", "2023-02-01/2023-10-20", "2023-05-X4", "12.5", "全县", "1899年5月"],
)  # fmt: skip
def test_what_is_no_period(text):
    with pytest.raises(PeriodError):
        parse_period(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("上个月", "“上个月”看不出统计期；写法如 2023年5月、2023年1—5月、截至2023年10月20日"),
        ("2023年2月30日", "没有2023年2月30日这一天"),
        ("2021-W53", "2021年没有第53周"),
        ("2023年6月1—20日", "2023年6月1日至6月20日不是一旬、一周、整月，也不是从1月1日起"),
        ("2023年6月第2周", "“2023年6月第2周”是当月的第几周，不是全年的周次，看不出起止日期"),
        ("2023年6月5日-3日", "“2023年6月5日-3日”的起止日期颠倒"),
        ("2022年11月-2023年2月", "“2022年11月-2023年2月”跨了年度，统计期不跨年"),
    ],
)
def test_what_is_no_period_is_said_in_words(text, message):
    with pytest.raises(PeriodError) as caught:
        parse_period(text)
    assert str(caught.value) == message


def test_an_id_is_read_in_its_one_form_only():
    assert Period.from_id("2023-01/05") == Period.of_months(2023, 1, 5)
    with pytest.raises(PeriodError, match="“2023年5月”不是统计期编号"):
        Period.from_id("2023年5月")


days = st.dates(date(1950, 1, 1), date(2060, 12, 31))
years = st.integers(1950, 2060)
months = st.integers(1, 12)
periods = st.one_of(
    st.builds(Period.of_month, years, months),
    st.builds(
        lambda year, pair: Period.of_months(year, *sorted(pair)), years, st.tuples(months, months)
    ),
    st.builds(Period.of_day, days),
    st.builds(Period.of_week, years, st.integers(1, 52)),
    st.builds(Period.of_xun, years, months, st.sampled_from([1, 2, 3])),
    st.builds(Period.until, days),
)


@given(periods)
def test_the_id_round_trip(period):
    assert Period.from_id(period.id) == period


@given(periods, st.booleans())
def test_parse_of_print_is_the_period(period, named):
    assert parse_period(print_period(period, named=named)) == period
    assert parse_period(str(period)) == period


@given(periods)
def test_printed_without_its_year(period):
    year = period.start.isocalendar().year if period.kind == "week" else period.year
    assert parse_period(print_period(period, with_year=False), year=year) == period


@given(periods, periods)
def test_equal_intervals_are_one_id(one, other):
    assert ((one.start, one.end) == (other.start, other.end)) == (one.id == other.id)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2023年前5个月", "截至2023年5月31日"),
        ("2023年一季度", "2023年1—3月"),
        ("2023年全年", "2023年1-12月"),
        ("2023年1-1月", "2023年1月"),
        ("截至2023年1月31日", "2023年1月"),
    ],
)
def test_names_are_ways_of_printing(one, other):
    assert parse_period(one) == parse_period(other)
    assert parse_period(one).id == parse_period(other).id


@given(periods)
def test_last_year_is_of_the_same_kind_one_year_back(period):
    back = period.last_year()
    if period.kind != "week":
        assert back.year == period.year - 1
        # 截至2月28日 covers whole months where February has no 29th: the same interval's name.
        assert back.kind == period.kind or (period.kind == "until" and back.is_whole_months)
    assert back.end < period.start or period.kind in ("months", "until")


@pytest.mark.parametrize(
    ("period", "back"),
    [("2023-01/05", "2022-01/05"), ("2024-02", "2023-02"), ("2024-02-29", "2023-02-28"),
     ("2024-02-X3", "2023-02-X3"), ("2020-W53", "2019-W52"),
     ("2024-01-01/2024-02-29", "2023-01/02")],
)  # fmt: skip
def test_the_same_period_last_year(period, back):
    assert Period.from_id(period).last_year().id == back


@given(periods)
def test_moves_stay_where_they_should(period):
    assert period.ytd().end == period.last_month().end
    assert period.ytd().is_cumulative
    assert period.previous_month().end == period.last_month().start - timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "basis", "identity"),
    [
        ("2023年5月", "ytd", "2023-01/05"), ("2023年5月", "month", "2023-05"),
        ("2023年5月", "stock", "2023-05"), ("2023年5月当月", "ytd", "2023-05"),
        ("2023年1—5月", "month", "2023-01/05"), ("2023年1—5月", "stock", "2023-05"),
        ("2023年5月末", "ytd", "2023-05"), ("2023年二季度", "ytd", "2023-04/06"),
        ("2023年二季度当季", "ytd", "2023-04/06"), ("2023年5月6日", "ytd", "2023-05-06"),
    ],
)  # fmt: skip
def test_a_bare_month_is_taken_by_the_basis(text, basis, identity):
    assert align(parse_written(text), basis).id == identity


@pytest.mark.parametrize(
    ("basis", "identity"),
    [("ytd", "2023-01/05"), ("rate", "2023-01/05"), ("month", "2023-05"), ("stock", "2023-05")],
)
def test_the_period_under_which_a_month_is_filed(basis, identity):
    assert due_period(parse_period("2023年5月"), basis).id == identity


def test_a_year_that_stands_apart_gives_its_year():
    title = "2023年全县主要经济指标（1—5月）"
    assert [found.period.id for found in find_periods(title)] == ["2023-01/05"]
    assert [f.period.id for f in find_periods("2023年1-5月与2022年1-5月")] == [
        "2023-01/05", "2022-01/05",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "identity"),
    [("去年1—5月", "2022-01/05"), ("上年5月", "2022-05"), ("前年全年", "2021-01/12"),
     ("今年1—5月", "2023-01/05"), ("22年1—5月", "2022-01/05"), ("二〇二二年五月", "2022-05")],
)  # fmt: skip
def test_a_year_in_words_wins_over_the_year_at_hand(text, identity):
    assert [found.period.id for found in find_periods(text, year=2023)] == [identity]


def test_a_year_not_understood_is_not_replaced():
    with pytest.raises(PeriodError, match="没有写年份"):
        list(find_periods("某年5月", year=2023))


def test_numerals_that_are_no_months_stay():
    assert [w.period.id for w in find_periods("2023年一般公共预算（1—5月）")] == ["2023-01/05"]
    assert [w.period.id for w in find_periods("第一产业", year=2023)] == []


@given(days)
def test_the_newest_of_each_sort_is_over_and_the_next_is_not(day):
    for kind, length in (("day", 1), ("week", 7), ("xun", 11)):
        newest = Period.newest(kind, day)
        assert Period.from_id(newest.id) == newest
        assert newest.end <= day < newest.end + timedelta(days=length)
        assert Period.newest(kind, newest.end) == newest
        assert Period.newest(kind, newest.start).end <= newest.start


@given(days, st.integers(0, 400))
def test_from_day_to_day_is_a_period_with_an_id_or_none(start, length):
    end = start + timedelta(days=length)
    try:
        period = Period.spanning(start, end)
    except PeriodError:
        return
    assert (period.start, period.end) == (start, end)
    assert Period.from_id(period.id) == period


def test_the_last_week_of_a_long_year_is_printed_and_read():
    for year in (1953, 2004, 2009, 2015, 2020, 2026):
        week = Period.of_week(year, 53)
        assert parse_period(print_period(week)) == week == Period.from_id(week.id)
