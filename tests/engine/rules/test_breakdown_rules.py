"""Breakdowns and rules of places: what is wrong with them, file and line."""

from __future__ import annotations

import pytest

from diaodu.engine.ground.errors import RulebookError
from diaodu.engine.rules.build import build
from diaodu.engine.rules.validate import Entry

ORGS = [
    {"id": "city", "name": "示例市", "level": "city"},
    {"id": "a", "name": "甲县", "level": "county", "parent": "city"},
    {"id": "b", "name": "乙县", "level": "county", "parent": "city"},
    {"id": "town", "name": "青石镇", "level": "township", "parent": "a"},
]
COMMON = {"basis": "ytd", "facets": ["level"], "direction": "high", "decimals": 2,
          "cadence": "month", "january": "yes", "unit": "亿元"}  # fmt: skip
INDICATORS = [
    {"id": "gdp", "name": "地区生产总值", "children": ["second", "third"]},
    {"id": "second", "name": "第二产业", "children": ["industry"]},
    {"id": "third", "name": "第三产业"},
    {"id": "industry", "name": "工业"},
    {"id": "jobs", "name": "就业", "unit": "万人"},
    {"id": "share", "name": "占比", "unit": "%", "basis": "rate"},
]


def faults(kind, *given):
    """What is wrong with some entries of a kind, one a hundred lines."""
    base = [*(("orgs", one) for one in ORGS), *(("indicators", COMMON | one) for one in INDICATORS)]
    entries = [Entry(kind_, f"{kind_}/x.yaml", one, {(): 1}) for kind_, one in base]
    for place, one in enumerate(given, 1):
        lines = {(): 100 * place, **{(key,): 100 * place + at for at, key in enumerate(one, 1)}}
        entries.append(Entry(kind, f"{kind}/y.yaml", {"id": f"n{place}", **one}, lines))
    try:
        return build(entries, {})
    except RulebookError as error:
        return [(one.line, one.key, one.message) for one in error.faults]


def by_indicator(**more):
    return {"name": "三次产业", "of": "indicators", **more}


def by_org(**more):
    return {"name": "各县", "of": "orgs", "parent": "city", **more}


@pytest.mark.parametrize(
    "entry",
    [
        by_indicator(indicators=["gdp"]),
        by_indicator(indicators=["gdp"], parts=["industry", "third"]),
        by_indicator(),
        by_org(),
        by_org(child_level="county", indicators=["jobs"], coverage="true"),
        by_org(orgs=["a", "b"]),
        by_org(orgs=["b", "town"]),
    ],
)
def test_sound_breakdowns(entry):
    assert faults("breakdowns", entry).breakdowns[0].name == entry["name"]


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (by_indicator(indicators=["gdp"], parts=["second", "industry"]),
         (104, "parts.2", "“工业”是“第二产业”的组成部分，各部分重叠")),
        (by_indicator(indicators=["gdp"], parts=["industry", "second"]),
         (104, "parts.2", "“第二产业”包含了“工业”，各部分重叠")),
        (by_indicator(indicators=["gdp"], parts=["third", "third"]),
         (104, "parts.2", "“第三产业”写了两次，各部分重叠")),
        (by_indicator(indicators=["second"], parts=["gdp"]),
         (104, "parts.1", "“地区生产总值”就是总量“第二产业”，或包含了它，各部分重叠")),
        (by_indicator(indicators=["gdp"], parts=["jobs"]),
         (104, "parts.1", "“就业”的计量单位“万人”不能换算成“亿元”")),
        (by_indicator(indicators=["gdp"], parts=["share"]),
         (104, "parts.1", "“占比”是率、平均数或只有增速，各部分加不起来")),
        (by_indicator(indicators=["gdp"], parts=["secnd"]),
         (104, "parts.1", "没有编号为“secnd”的指标，是不是“second”？")),
        (by_indicator(indicators=["third"]),
         (103, "indicators.1", "“第三产业”没有写由哪些指标组成")),
        (by_indicator(indicators=["gdp", "second"], parts=["industry"]),
         (104, "parts", "写了‘parts’时只能分解一个指标")),
        (by_indicator(indicators=["gdp"], parent="city"),
         (104, "parent", "‘of: indicators’不用‘parent’")),
        (by_org(indicators=["share"]),
         (104, "indicators.1", "“占比”是率、平均数或只有增速，各部分加不起来")),
        (by_org(parts=["second"]), (104, "parts", "‘of: orgs’不用‘parts’")),
        (by_org(orgs=["a", "town"]), (104, "orgs.2", "“青石镇”与“甲县”是上下级，各部分重叠")),
        (by_org(orgs=["a", "a"]), (104, "orgs.2", "“甲县”写了两次，各部分重叠")),
        (by_org(orgs=["city"]), (104, "orgs.1", "“示例市”不是“示例市”的下级")),
        (by_org(child_level="park"), (103, "parent", "“示例市”没有这一层级的下级")),
        ({"name": "各县", "of": "orgs"}, (102, "of", "‘of: orgs’没有写‘parent’")),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_breakdown(entry, fault):
    assert fault in faults("breakdowns", entry)


def test_every_fault_at_once():
    found = faults("breakdowns", by_indicator(indicators=["gdp"], parts=["jobs", "third", "third"]))
    assert [one[1] for one in found] == ["parts.1", "parts.3"]


@pytest.mark.parametrize(
    ("first", "other", "message"),
    [
        (by_indicator(indicators=["gdp"]), by_indicator(indicators=["gdp"], parts=["third"]),
         "“地区生产总值”的“第三产业”已在同名的分解“三次产业”（breakdowns/y.yaml:100）里"),
        (by_org(), by_org(indicators=["jobs"], orgs=["b"]),
         "“示例市就业”的“乙县”已在同名的分解“各县”（breakdowns/y.yaml:100）里"),
        (by_org(to="2022"), by_org(**{"from": "2023"}), None),
        (by_org(), by_org(name="另一种"), None),
        (by_org(indicators=["gdp"]), by_org(indicators=["jobs"]), None),
        (by_org(orgs=["a"]), by_org(orgs=["b"]), None),
    ],
)  # fmt: skip
def test_a_part_in_two_breakdowns_of_one_name(first, other, message):
    found = faults("breakdowns", first, other)
    if message is None:
        assert len(found.breakdowns) == 2
    else:
        assert found == [(201, "name", message)]


THIRDS = [{"name": "前", "upto": "1/3"}, {"name": "后", "upto": "1"}]


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({"groups": ["city/contry"]},
         (101, "groups.1", "没有“city/contry”这个分组，是不是“city/county”？")),
        ({"indicators": ["gpd"]}, (101, "indicators.1", "没有编号为“gpd”的指标，是不是“gdp”？")),
        ({"classes": THIRDS[:1]}, (101, "classes", "各段只到1/3，1/3以后的位次没有归处")),
        ({"classes": [*THIRDS, {"name": "末", "upto": "1"}]},
         (101, "classes.3.upto", "“末”到1为止，不在前一段（1）之后、1以内")),
        ({"classes": [{"name": "前", "upto": "1.5"}]},
         (101, "classes.1.upto", "“前”到1.5为止，不在前一段（0）之后、1以内")),
        ({"classes": [{"name": "前", "upto": "三分之一"}]},
         (101, "classes.1.upto", "‘upto’写的“三分之一”不是分数")),
        ({"classes": [THIRDS[0], {"name": "前", "upto": "1"}]},
         (101, "classes.2.name", "“前”写了两次")),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_rule_of_places(entry, fault):
    assert fault in faults("standings", entry)


@pytest.mark.parametrize(
    ("first", "other", "is_wrong"),
    [
        ({}, {"groups": ["city/county"]}, True),
        ({"by": ["level"]}, {"by": ["growth"]}, False),
        ({"indicators": ["gdp"]}, {"indicators": ["jobs"]}, False),
        ({"to": "2022"}, {"from": "2023"}, False),
    ],
)
def test_two_rules_of_the_same_places(first, other, is_wrong):
    found = faults("standings", first, other)
    if is_wrong:
        assert found[0][2] == (
            "同一分组、同一指标的位次在同一时段已由“n1”（standings/y.yaml:100）管着"
        )
    else:
        assert len(found.standings) == 2
