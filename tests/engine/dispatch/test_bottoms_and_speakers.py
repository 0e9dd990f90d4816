"""The last of a group are proposed for a step; those who have something to answer for speak."""

import pytest

from diaodu.engine.dispatch.bottoms import Placed, bottoms
from diaodu.engine.dispatch.ladder import Taken
from diaodu.engine.dispatch.speaking import Promise, speakers
from diaodu.engine.rules.models import Indicator, Ladder, Org
from diaodu.engine.rules.rulebook import Rulebook
from tests.engine.dispatch.conftest import day, duty

ORGS = [
    Org.model_validate({"id": id, "name": name, "level": level, "parent": parent})
    for id, name, level, parent in (
        ("shi", "示例市", "city", None),
        ("xian", "示例县", "county", "shi"),
        ("lin", "邻县", "county", "shi"),
        ("jia", "甲镇", "township", "xian"),
        ("yi", "乙镇", "township", "xian"),
        ("bing", "丙镇", "township", "xian"),
        ("ding", "丁镇", "township", "xian"),
        ("wu", "戊镇", "township", "xian"),
        ("tongjiju", "统计局", "department", "xian"),
    )
]
OUTPUT = Indicator.model_validate(
    {"id": "output", "name": "工业总产值", "unit": "亿元", "basis": "ytd", "owner": "tongjiju"}
)
LADDER = Ladder.model_validate(
    {
        "id": "l",
        "rungs": [{"step": "urge", "after": 1}],
        "counters": [{"step": "warning", "times": 2, "of": "org", "then": "在会上说明情况"}],
        "bottoms": [
            {"name": "产值后两名", "indicators": ["output"], "group": "xian/township",
             "bottom": 2, "months": [3, 6, 9, 12]},
        ],
    }
)  # fmt: skip
BOOK = Rulebook(
    "v", {org.id: org for org in ORGS}, {"output": OUTPUT}, ladders=(LADDER,)
)  # fmt: skip
DAY = day("2023-10-23")


def _place(org, reverse, n=4, period="2023-01/09", group="xian/township", figure="−5.2%"):
    return Placed("output", org, period, "growth", group, reverse, n, figure)


FIELD = [_place("jia", 4), _place("yi", 3), _place("bing", 2), _place("ding", 1)]


def _proposed(places, taken=()):
    return bottoms(places, taken, BOOK, "xian", DAY)


def test_the_last_are_proposed_worst_first():
    first, second = _proposed(FIELD)
    assert (first.org, second.org) == ("ding", "bing")
    assert first.step == "warning"
    assert first.matter == "output|ding"
    assert first.key == "产值后两名|output|ding|2023-01/09"
    assert first.evidence == (
        "2023年1—9月工业总产值增速−5.2%，在4个参加排名的单位中居倒数第1位",
        "没有数、没有参加排名的：戊镇",
        "按规则“产值后两名”",
    )


def test_all_who_are_tied_at_the_limit():
    tied = [_place("jia", 4), _place("yi", 2), _place("bing", 2), _place("ding", 1)]
    found = _proposed(tied)
    assert [one.org for one in found] == ["ding", "bing", "yi"]
    assert "居并列倒数第2位" in found[1].evidence[0]


@pytest.mark.parametrize(
    "places",
    [
        [one._replace(period="2023-01/08") for one in FIELD],
        [one._replace(n=2) for one in FIELD],
        [one._replace(group="shi/county") for one in FIELD],
        [one._replace(by="level") for one in FIELD],
        [],
    ],
    ids=["another month", "too few", "another group", "another order", "none"],
)
def test_nobody(places):
    assert _proposed(places) == []


def test_a_rule_for_some_months_holds_until_the_next_of_them_is_out():
    """Of October nothing is said; of the end of the third quarter as long as it is the newest."""
    october = [one._replace(period="2023-01/10", reverse=5 - one.reverse) for one in FIELD]
    assert _proposed([*FIELD, *october]) == _proposed(FIELD) != []
    december = [one._replace(period="2023-01/12", reverse=5 - one.reverse) for one in FIELD]
    assert _proposed([*FIELD, *october, *december]) == _proposed(december) != []


def test_what_was_taken_is_not_proposed_again_and_counts():
    done = Taken("", "ding", "output|ding", "warning", day("2023-07-20"), None,
                 "产值后两名|output|ding|2023-01/09")  # fmt: skip
    assert [one.org for one in _proposed(FIELD, [done])] == ["bing"]
    earlier = done._replace(key="产值后两名|output|ding|2023-01/06")
    first, _ = _proposed(FIELD, [earlier])
    assert first.evidence[-1] == "同一单位1年内第2次预警函：在会上说明情况"


def test_other_counties_are_left_alone():
    rule = LADDER.bottoms[0].model_copy(update={"group": "shi/county", "bottom": 1})
    book = Rulebook(
        "v", BOOK.orgs, BOOK.indicators,
        ladders=(LADDER.model_copy(update={"bottoms": (rule,)}),),
    )  # fmt: skip
    places = [_place("xian", 2, 2, group="shi/county"), _place("lin", 1, 2, group="shi/county")]
    assert bottoms(places, [], book, "xian", DAY) == []
    assert [one.org for one in bottoms(places, [], book, "shi", DAY)] == ["lin"]


# -- who speaks ------------------------------------------------------------------------------


def test_speakers_and_why():
    late = duty(id="d1", lead="ding", title="补报入库项目", latest="2023-10-20")
    in_time = duty(id="d2", lead="jia", latest="2023-10-23")
    promises = [
        Promise("yi", "9月底前开工2个项目", day("2023-09-30")),
        Promise("yi", "10月底前开工", day("2023-10-31")),
        Promise("jia", "补齐材料", day("2023-11-30"), kept=False),
        Promise("bing", "补齐材料", day("2023-09-30"), kept=True),
    ]
    places = [*FIELD, _place("xian", 1, 2, group="shi/county"), _place("lin", 1, 2)]
    found = speakers(places, [late, in_time], promises, BOOK, "xian", DAY)
    assert [(one.org, one.reasons) for one in found] == [
        ("ding", (
            "2023年1—9月工业总产值增速，丁镇在4个单位中居末位",
            "“补报入库项目”应10月20日前办结，逾期3天",
        )),
        ("jia", ("表态11月30日前“补齐材料”，没有做到",)),
        ("yi", ("表态9月30日前“9月底前开工2个项目”，没有做到",)),
        ("tongjiju", ("2023年1—9月工业总产值增速，示例县在2个单位中居末位",)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("on", "kept", "broken"),
    [
        ("2023-09-29", None, False), ("2023-09-30", None, False), ("2023-10-01", None, True),
        ("2023-10-01", True, False), ("2023-09-01", False, True),
    ],
)  # fmt: skip
def test_a_promise_is_broken_the_day_after(on, kept, broken):
    assert Promise("yi", "开工", day("2023-09-30"), kept).is_broken(day(on)) == broken
