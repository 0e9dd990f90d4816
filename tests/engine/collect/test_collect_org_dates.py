"""An org or a code is only taken for one that there was in the period of the figure."""

from __future__ import annotations

from datetime import date

import pytest
from sheets_for_tests import ORGS, book, rulebook, sheet

from diaodu.engine.collect import build_names, read_workbook
from diaodu.engine.rules.models import Code, Org

TOWNS = [
    *ORGS,
    Org(id="lao", name="老街道", level="township", parent="xian", closed="2022-06-30",
        codes=(Code(code="519920101", to="2022-06-30"),)),
    Org(id="xin", name="新城镇", level="township", parent="xian", aliases=("老街道",),
        opened="2022-07-01",
        codes=(Code(code="519920102", from_="2022-07-01"),)),
    Org(id="he1", name="河镇", level="township", parent="xian", closed="2020"),
    Org(id="he2", name="河镇", level="township", parent="xian"),
    Org(id="shan", name="山镇", level="township", parent="xian", closed="2022-06-30"),
    Org(id="c1", name="东区", level="county", parent="shi",
        codes=(Code(code="510001", to="2015"), Code(code="510009", from_="2016"))),
    Org(id="c2", name="西区", level="county", parent="shi",
        codes=(Code(code="510001", from_="2016"),)),
]  # fmt: skip
RULES = rulebook(orgs=TOWNS)
NAMES = build_names(RULES)


def read(rows, day=date(2023, 8, 12)):  # type: ignore[no-untyped-def]
    (one,) = read_workbook(book(sheet(rows), day=day), NAMES, RULES).sheets
    return one


def town(name: str, period: str):  # type: ignore[no-untyped-def]
    return read([[f"{period}社零情况（单位：亿元）"], ["乡镇", "社零"], [name, 5], ["甲镇", 6]])


def owner(one) -> str:  # type: ignore[no-untyped-def]
    return next(o.org for o in one.observations if o.value == 5 and not o.held)


@pytest.mark.parametrize(
    ("name", "period", "org"),
    [
        ("老街道", "2022年1-6月", "lao"),  # its last day is still its own
        ("老街道", "2022年1-7月", "xin"),  # the name lives on as another's alias
        ("新城镇", "2022年1-7月", "xin"),
        ("河镇", "2023年1-5月", "he2"),
        ("山镇", "2022年1-5月", "shan"),
    ],
)
def test_a_name_is_the_org_of_its_period(name: str, period: str, org: str) -> None:
    one = town(name, period)
    assert owner(one) == org
    assert one.findings == ()


def test_a_name_of_two_that_both_existed_is_asked_about() -> None:
    (found,) = town("河镇", "2019年1-5月").findings
    assert (found.code, found.cell) == ("ambiguous_name", "A3")


def test_a_figure_after_the_closing_is_held_and_says_the_day() -> None:
    one = town("山镇", "2023年1-5月")
    (found,) = one.findings
    assert (found.code, found.severity, found.cell) == ("unknown_org", "hard", "A3")
    assert (found.indicator, found.org, found.period) == ("retail", "shan", "2023-01/05")
    assert found.message == "“山镇”已于2022年6月30日撤销，这里还有它在那以后的数"
    assert found.action == (
        "请核对单位和统计期：数应归到别的单位的，改写单位名称后重新报送；日期有误的，"
        "请改 orgs 里该单位的 opened 或 closed"
    )
    assert [(o.org, o.held) for o in one.observations] == [("shan", True), ("jia", False)]


def test_the_bearer_of_the_same_name_is_told() -> None:
    gone = Org(id="shan", name="山镇", level="township", parent="xian", closed="2022-06-30")
    heir = Org(id="tai", name="泰山镇", level="township", parent="xian", aliases=("山镇",),
               opened="2022-07-01")  # fmt: skip
    rules = rulebook(orgs=[*ORGS, gone, heir])
    rows = [["2023年1-5月社零（单位：亿元）"], ["乡镇", "社零"], ["shan", 5], ["甲镇", 6]]
    (one,) = read_workbook(book(sheet(rows)), build_names(rules), rules).sheets
    (found,) = one.findings
    assert found.message == (
        "“山镇”已于2022年6月30日撤销，这里还有它在那以后的数；"
        "那时同名或同代码的单位是“示例县泰山镇”"
    )
    assert found.expected == "“示例县泰山镇”"


def test_a_figure_before_the_opening_is_held() -> None:
    (found,) = town("新城镇", "2022年1-5月").findings
    assert found.message == (
        "“新城镇”2022年7月1日才设立，这里有它在那以前的数；那时同名或同代码的单位是“示例县老街道”"
    )


@pytest.mark.parametrize(("period", "org"), [("2010年1-12月", "c1"), ("2020年1-12月", "c2")])
def test_a_code_is_read_by_the_date_of_the_figure(period: str, org: str) -> None:
    rows = [[f"{period}社零（单位：亿元）"], ["代码", "社零"], ["510001", 5], ["519900", 6]]
    assert owner(read(rows)) == org


def test_a_code_out_of_use_is_asked_about() -> None:
    rows = [["2010年1-12月社零（单位：亿元）"], ["代码", "社零"], ["510009", 5], ["519900", 6]]
    (found,) = read(rows).findings
    assert (found.code, found.cell) == ("unknown_org", "A3")
    assert found.message == ("代码“510009”（示例市东区）在这一统计期不在用，不知道是哪个单位的数据")


def test_a_code_out_of_use_beside_the_right_name_changes_nothing() -> None:
    rows = [["2010年1-12月社零（单位：亿元）"], ["代码", "地区", "社零"], ["510009", "东区", 5],
            ["519900", "示例市", 6]]  # fmt: skip
    one = read(rows)
    assert owner(one) == "c1"
    assert one.findings == ()


def test_periods_in_columns_are_judged_one_by_one() -> None:
    rows = [["各乡镇社零", "单位：亿元"], ["乡镇", "2022年1-5月", "2022年1-8月"],
            ["山镇", 5, 7], ["甲镇", 6, 8]]  # fmt: skip
    one = read(rows)
    assert [(o.org, o.period, o.held) for o in one.observations] == [
        ("shan", "2022-01/05", False), ("shan", "2022-01/08", True),
        ("jia", "2022-01/05", False), ("jia", "2022-01/08", False),
    ]  # fmt: skip
    assert [(f.code, f.cell, f.period) for f in one.findings] == [
        ("unknown_org", "A3", "2022-01/08")
    ]


def test_orgs_in_the_header_and_in_the_title() -> None:
    across = [
        ["2023年1-5月", "单位：亿元"],
        ["指标", "山镇", "甲镇"],
        ["社零", 5, 6],
        ["固投", 7, 8],
    ]
    one = read(across)
    assert [f.cell for f in one.findings] == ["B2"]
    assert sum(o.held for o in one.observations) == 2
    titled = [["山镇2023年1-5月主要指标", "单位：亿元"], ["指标", "累计"], ["社零", 5], ["固投", 7]]
    (found,) = read(titled).findings
    assert (found.code, found.cell, found.org) == ("unknown_org", "A1", "shan")
