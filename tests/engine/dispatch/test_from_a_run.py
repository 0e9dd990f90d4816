"""From computed measures and lights to drafts and to the last of a group."""

import pytest

from diaodu.engine.compute.book import MeasureBook
from diaodu.engine.dispatch.bottoms import bottoms, placed
from diaodu.engine.dispatch.drafting import drafts
from diaodu.engine.ground.period import parse_period
from diaodu.engine.judge.light import judge_month
from diaodu.engine.rules.models import Ladder
from tests.engine.compute.conftest import DAY, County

NOW, LAST = "2023-01/05", "2022-01/05"
LADDER = Ladder.model_validate(
    {
        "id": "l",
        "rungs": [{"step": "urge", "after": 1}],
        "bottoms": [
            {"name": "后一名", "indicators": ["tax"], "by": "growth", "group": "city/county",
             "bottom": 1},
        ],
    }
)  # fmt: skip


@pytest.fixture
def county() -> County:
    made = County(more={"ladders": (LADDER,)})
    for org, value, base in (("a", "12.50", "10"), ("b", "9", "10"), ("c", "5.4", "6")):
        made.see(org, NOW, value, track="flash")
        made.see(org, LAST, base, track="flash")
    made.aim("a", "30")
    made.aim("b", "30")
    return made


def _book(county: County) -> MeasureBook:
    return MeasureBook(
        county.compute().computed.measures, {"tax": parse_period(NOW)}, parse_period("2023-05")
    )


def test_a_draft_for_every_row_that_is_behind(county: County):
    book, rules = _book(county), county.rulebook
    verdicts = judge_month(book, county.targets, rules, parse_period("2023-05"), DAY)
    (found,) = drafts(book, county.targets, verdicts, rules, DAY)
    assert found.title == "补上1—5月税收进度欠账3.50亿元"
    assert found.lead == "b"
    assert found.owed == (
        "上级下达总量目标30亿元：进度欠账3.50亿元、11.7个百分点，全年缺口21.00亿元",
    )
    assert found.needed[0].startswith("上级下达总量目标30亿元：剩余月份月均需完成3.00亿元")
    assert found.goal.since == "2023-01/06"


def test_places_as_printed_ties_and_all(county: County):
    """9 of 10 and 5.4 of 6 both print −10.0 %: they share the last place."""
    found = placed(_book(county), "tax", "city/county", "growth")
    told = {one.org: (one.reverse, one.n, one.figure) for one in found}
    assert told == {"a": (3, 3, "25.0%"), "b": (1, 3, "−10.0%"), "c": (1, 3, "−10.0%")}
    proposals = bottoms(found, [], county.rulebook, "city", DAY)
    assert [one.org for one in proposals] == ["b", "c"]
    assert proposals[0].evidence == (
        "2023年1—5月税收增速−10.0%，在3个参加排名的单位中居并列倒数第1位", "按规则“后一名”",
    )  # fmt: skip


def test_who_has_no_figure_has_no_place(county: County):
    county.observations = [
        one for one in county.observations if (one.org, one.period) != ("c", NOW)
    ]
    found = placed(_book(county), "tax", "city/county", "growth")
    assert {one.org for one in found} == {"a", "b"}
    (last,) = bottoms(found, [], county.rulebook, "city", DAY)
    assert last.evidence[1] == "没有数、没有参加排名的：c县"
