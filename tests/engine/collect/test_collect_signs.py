"""△5.5, 下降6.6, 回落0.3: read where they can mean one thing, else asked about."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sheets_for_tests import book, rulebook, sheet

from diaodu.engine.collect import build_names, read_workbook
from diaodu.engine.collect.signs import told_number
from diaodu.engine.collect.values import kind_of_text

RULES = rulebook()
NAMES = build_names(RULES)
TITLE = "2023年1—5月各乡镇固定资产投资（单位：亿元）"
D = Decimal


def read(rows: list[list[object]]):  # type: ignore[no-untyped-def]
    (one,) = read_workbook(book(sheet(rows)), NAMES, RULES).sheets
    return one


def under(head: str, text: str, *more: list[object]):  # type: ignore[no-untyped-def]
    return read([[TITLE], ["乡镇", "完成", head], ["甲镇", 5, text], ["乙镇", 6, 1], *more])


def of_jia(reading):  # type: ignore[no-untyped-def]
    return [
        (o.facet, o.value, o.decimals, o.value_given)
        for o in reading.observations
        if o.org == "jia" and o.facet != "level" and not o.held
    ]


@pytest.mark.parametrize(
    ("head", "facet", "text", "value"),
    [
        ("增速%", "growth", "△5.5", "-5.5"),
        ("增速%", "growth", "△ 5.50%", "-5.50"),
        ("增速%", "growth", "↓5.5", "-5.5"),
        ("增速%", "growth", "↑5.5", "5.5"),
        ("增速%", "growth", "下降6.6", "-6.6"),
        ("增速%", "growth", "同比下降6.6％", "-6.6"),
        ("增速%", "growth", "负增长 6.6", "-6.6"),
        ("增速%", "growth", "增长5.5", "5.5"),
        ("增速%", "growth", "增长-5.5%", "-5.5"),
        ("增速%", "growth", "同比增长1,005.5", "1005.5"),
        ("较1—4月提高百分点", "change_pp", "回落0.3", "-0.3"),
        ("较1—4月±百分点", "change_pp", "回落0.3个百分点", "-0.3"),
        ("较1—4月±百分点", "change_pp", "加快0.3", "0.3"),
        ("较1—4月±百分点", "change_pp", "△0.3", "-0.3"),
        ("比全县高低百分点", "gap", "低0.3", "-0.3"),
        ("比全县高低百分点", "gap", "高于0.3", "0.3"),
    ],
)
def test_a_sign_that_is_told_is_read(head: str, facet: str, text: str, value: str) -> None:
    one = under(head, text)
    assert of_jia(one) == [(facet, D(value), len(value.partition(".")[2]), text)]
    assert one.counts["held"] == 0


@pytest.mark.parametrize(
    ("head", "text"),
    [
        ("增速%", "回落0.3"),  # of the growth, or the growth itself
        ("增速%", "提高0.3个百分点"),
        ("增速%", "▲5.5"),
        ("增速%", "下降-6.6"),
        ("增速%", "△-6.6"),
        ("增速%", "降幅收窄0.3"),
        ("较1—4月±百分点", "收窄0.3"),
        ("增速%", "下降"),
        ("增速%", "增长约6"),
        ("完成进度%", "下降6.6"),
    ],
)
def test_what_may_mean_two_things_is_held(head: str, text: str) -> None:
    one = under(head, text)
    assert of_jia(one) == []
    assert one.counts["held"] == 1
    assert [(found.code, found.cell) for found in one.findings] == [("not_a_number", "C3")]


def test_what_is_asked_about_a_sign() -> None:
    (found,) = under("增速%", "回落0.3").findings
    assert found.message == "C3：“回落0.3”没有写明是升还是降，或不是这一列的数"
    assert found.action == "请在 C3 填数，升为正、降为负，不用文字和符号表示，重新报送"


def test_a_level_never_falls_in_words() -> None:
    one = read([[TITLE], ["乡镇", "完成", "增速%"], ["甲镇", "△5", 1], ["乙镇", "下降6", 1]])
    assert [o.facet for o in one.observations if not o.held] == ["growth", "growth"]
    assert one.counts["held"] == 2


@pytest.mark.parametrize(
    ("line", "is_open"),
    [
        (["丙街道", 3, "▽2.2"], True),
        (["丙街道", 3, "▲2.2"], True),
        (["注：△表示增长"], True),
        (["注：“△”为增长，“▽”为下降"], True),
        (["注：△表示下降"], False),
        (["注：△为负数"], False),
        (["▲其中：丙街道", 3, 1], False),
    ],
)
def test_a_triangle_is_a_fall_where_the_table_says_nothing_else(
    line: list[object], is_open: bool
) -> None:
    one = under("增速%", "△5.5", line)
    assert of_jia(one) == ([] if is_open else [("growth", D("-5.5"), 1, "△5.5")])


def test_a_table_of_nothing_but_told_growths() -> None:
    rows = [
        ["2023年1—5月规上工业增加值增速"],
        ["乡镇", "增速%"],
        ["甲镇", "增长5.5"],
        ["乙镇", "△3"],
    ]
    one = read(rows)
    assert [(o.org, o.value) for o in one.observations] == [("jia", D("5.5")), ("yi", D("-3"))]
    assert (one.counts["label"], one.counts["kept"]) == (5, 2)


@given(st.sampled_from(["growth", "change_pp", "gap"]), st.decimals(0, 999, places=1))
@settings(max_examples=40)
def test_a_fall_is_a_rise_turned_round(facet: str, number: Decimal) -> None:
    up, down = ("增长", "下降") if facet == "growth" else ("提高", "回落")
    assert told_number(f"{up}{number}", facet) == f"{number}"
    assert told_number(f"{down}{number}", facet) == told_number(f"△{number}", facet) == f"-{number}"


def test_how_such_texts_look_before_their_place_is_known() -> None:
    looks = {"△5.5": "number", "下降6.6%": "number", "回落0.3": "number", "△规上工业": "text",
             "增长": "text", "高三": "text", "增长后5": "text"}  # fmt: skip
    assert {text: kind_of_text(text) for text in looks} == looks
