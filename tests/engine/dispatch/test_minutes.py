"""A typed line: who, what, by when; said on Monday the 23rd of October 2023."""

from __future__ import annotations

from datetime import date

import pytest

from diaodu.engine.dispatch.minutes import read_line

DAY = date(2023, 10, 23)
ORGS = {
    "青石镇": "qingshi", "青石": "qingshi", "县工业和信息化局": "gongxinju", "工信局": "gongxinju",
    "发改局": "fagaiju", "柳荷镇": "liuhe",
}  # fmt: skip
PEOPLE = {"王强": "qingshi", "许涛": "gongxinju", "李明": "fagaiju", "李明华": "liuhe"}


def read(text: str, day: date = DAY):
    return read_line(text, day, ORGS, PEOPLE)


def test_who_what_and_by_when() -> None:
    line = read("青石镇王强：10月31日前补报固定资产投资入库项目，新入库不少于1.2亿元")
    assert (line.orgs, line.person, line.latest) == (("qingshi",), "王强", date(2023, 10, 31))
    assert line.what == "补报固定资产投资入库项目，新入库不少于1.2亿元"


@pytest.mark.parametrize(
    ("said", "latest"),
    [
        ("10月31日前", date(2023, 10, 31)),
        ("明年3月5日以前", date(2024, 3, 5)),
        ("2024年2月底前", date(2024, 2, 29)),
        ("11月底前", date(2023, 11, 30)),
        ("11月上旬", date(2023, 11, 10)),
        ("11月中旬前", date(2023, 11, 20)),
        ("11月下旬", date(2023, 11, 30)),
        ("月底前", date(2023, 10, 31)),
        ("本月底前", date(2023, 10, 31)),
        ("下个月底前", date(2023, 11, 30)),
        ("季度末前", date(2023, 12, 31)),
        ("年内", date(2023, 12, 31)),
        ("年底前", date(2023, 12, 31)),
        ("本周五前", date(2023, 10, 27)),
        ("本周内", date(2023, 10, 29)),
        ("下周一", date(2023, 10, 30)),
        ("下周内", date(2023, 11, 5)),
        ("3天内", date(2023, 10, 26)),
        ("一周内", date(2023, 10, 30)),
        ("两个月内", date(2023, 12, 23)),
        ("今天", DAY),
        ("后天", date(2023, 10, 25)),
        ("28号前", date(2023, 10, 28)),
        ("5日前", date(2023, 11, 5)),
    ],
)
def test_days_as_people_say_them(said: str, latest: date) -> None:
    assert read(f"工信局{said}摸清停产企业").latest == latest


@pytest.mark.parametrize(
    "text",
    [
        "工信局落实7月30日会议精神",  # past: no deadline
        "工信局10月20日前补报",  # past: must be asked
        "工信局尽快摸清停产企业",
        "工信局13月25日前补报",
        "工信局2月30日前补报",
        "工信局1—9月规上工业增加值再核一遍",
    ],
)
def test_no_day_is_made_up(text: str) -> None:
    line = read(text)
    assert (line.latest, line.best, line.days_said) == (None, None, ())


def test_two_days_are_hoped_and_last() -> None:
    line = read("工信局力争10月28日、最晚11月5日前报送方案")
    assert (line.best, line.latest) == (date(2023, 10, 28), date(2023, 11, 5))


def test_only_the_hoped_day_leaves_the_last_to_be_asked() -> None:
    line = read("工信局力争10月28日前报送方案")
    assert (line.best, line.latest) == (date(2023, 10, 28), None)


def test_of_two_last_days_none_is_taken() -> None:
    line = read("工信局10月28日前报方案，11月15日前完成")
    assert line.latest is None
    assert line.days_said == (date(2023, 10, 28), date(2023, 11, 15))


@pytest.mark.parametrize(
    ("text", "orgs"),
    [
        ("工信局、发改局月底前拿方案", ("gongxinju", "fagaiju")),
        ("县工业和信息化局会同青石镇月底前拿方案", ("gongxinju", "qingshi")),
        ("工信局月底前向发改局报方案", ("gongxinju",)),
        ("月底前请青石镇报方案", ("qingshi",)),
        ("月底前报方案", ()),
    ],
)
def test_the_unit_named_first_leads_and_those_beside_it_support(
    text: str, orgs: tuple[str, ...]
) -> None:
    assert read(text).orgs == orgs


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("工信局力争10月28日、最晚11月5日前报送方案", "报送方案"),
        ("工信局：务必于11月底前，摸清停产企业", "摸清停产企业"),
        ("工信局摸清停产企业，月底前报", "摸清停产企业，月底前报"),
        ("工信局落实7月30日会议精神", "落实7月30日会议精神"),
        ("请工信局尽快报", "请工信局尽快报"),
    ],
)
def test_what_stands_in_fields_of_its_own_is_not_said_again(text: str, what: str) -> None:
    assert read(text).what == what


def test_a_person_alone_tells_the_unit() -> None:
    line = read("许涛月底前摸清停产企业")
    assert (line.person, line.orgs, line.what) == ("许涛", ("gongxinju",), "摸清停产企业")


def test_a_longer_name_is_not_the_shorter_one() -> None:
    assert read("李明华月底前报").person == "李明华"


def test_of_two_persons_nobody_is_taken() -> None:
    assert read("工信局许涛、王强月底前报").person == ""
