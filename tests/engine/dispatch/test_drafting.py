"""A duty drafted from an indicator that is behind."""

from dataclasses import dataclass, field
from typing import NamedTuple

import pytest

from diaodu.engine.dispatch.drafting import draft
from diaodu.engine.ground.period import Period
from diaodu.engine.rules.calendar import running
from diaodu.engine.rules.models import CalendarEntry, Indicator, Org
from diaodu.engine.rules.rulebook import Rulebook
from tests.engine.dispatch.conftest import day


class _Figure(NamedTuple):
    shown: str
    unit: str
    word: str | None = None


@dataclass(frozen=True)
class _Target:
    kind: str = "level"
    value: str | None = "12.0"
    unit: str = "亿元"
    light: str = "behind"
    tier: str = "assigned"
    comparator: str = "reach"
    figures: dict[str, _Figure] = field(default_factory=dict)

    def get(self, measure):
        return self.figures.get(measure)


LEVEL = _Target(
    figures={
        "arrears_pace": _Figure("0.46", "亿元"),
        "arrears_pace_pp": _Figure("3.8", "百分点"),
        "shortfall_year": _Figure("5.37", "亿元"),
        "shortfall_reportable": _Figure("-0.20", "亿元"),
        "mean_required": _Figure("1.79", "亿元"),
        "growth_needed": _Figure("", "%", "no_base"),
    }
)
GROWTH = _Target(
    kind="growth", value="8.5", unit="%", tier="own", comparator="at_least",
    figures={"arrears_growth": _Figure("40.5", "百分点")},
)  # fmt: skip
CEILING = _Target(kind="ceiling", value="35", unit="微克/立方米")


def _indicator(**given):
    usual = {
        "id": "investment", "name": "固定资产投资", "unit": "亿元", "basis": "ytd",
        "january": "merged", "owner": "fagaiju",
    }  # fmt: skip
    return Indicator.model_validate(usual | given)


ORGS = {
    "xian": Org.model_validate({"id": "xian", "name": "示例县", "level": "county"}),
    "nanping": Org.model_validate(
        {"id": "nanping", "name": "南坪镇", "level": "township", "parent": "xian"}
    ),
}
CALENDAR = CalendarEntry.model_validate(
    {"id": "c", "levels": ["county", "township"], "due": {"day": 12}, "released": {"day": 18}}
)


def _draft(org="nanping", targets=(LEVEL,), calendar=(CALENDAR,), on="2023-10-23", **given):
    indicator = _indicator(**given)
    book = Rulebook("v", ORGS, {indicator.id: indicator}, calendar=calendar)
    period = Period.from_id("2023-01/09")
    reasons = ("完成率或序时进度没有算出，无法判断",)
    return draft(indicator, ORGS[org], period, targets, book, day(on), reasons=reasons)


def test_a_township_answers_itself_beside_the_owner():
    found = _draft()
    assert (found.lead, found.supporting) == ("nanping", ("fagaiju",))
    assert found.title == "补上1—9月固定资产投资进度欠账0.46亿元"
    assert found.owed == (
        "上级下达总量目标12亿元：进度欠账0.46亿元、3.8个百分点，全年缺口5.37亿元",
    )
    assert found.needed == ("上级下达总量目标12亿元：剩余月份月均需完成1.79亿元",)
    assert found.things[0].text == "南坪镇固定资产投资"
    assert found.origin == "南坪镇固定资产投资2023年1—9月亮灯为“落后”"
    assert found.proof_asked == ("主要负责人研究", "现场督导", "对上衔接")


def test_the_owner_answers_for_the_county():
    found = _draft(org="xian")
    assert (found.lead, found.supporting) == ("fagaiju", ())
    assert found.title == "补上示例县1—9月固定资产投资进度欠账0.46亿元"
    assert _draft(org="xian", owner=None).lead == "xian"
    assert _draft(owner=None).supporting == ()


@pytest.mark.parametrize(
    ("targets", "title", "owed"),
    [
        ((GROWTH,), "补上1—9月固定资产投资增速欠账40.5个百分点",
         ("本级自定增速目标8.5%以上：增速欠账40.5个百分点",)),
        ((_Target(light="good"), GROWTH, LEVEL), "补上1—9月固定资产投资增速欠账40.5个百分点",
         ("本级自定增速目标8.5%以上：增速欠账40.5个百分点",
          "上级下达总量目标12亿元：进度欠账0.46亿元、3.8个百分点，全年缺口5.37亿元")),
        ((CEILING,), "把固定资产投资控制在上级下达上限35微克/立方米以内",
         ("完成率或序时进度没有算出，无法判断",)),
        ((), "扭转1—9月固定资产投资落后的局面", ("完成率或序时进度没有算出，无法判断",)),
    ],
)  # fmt: skip
def test_each_arrears_by_its_name(targets, title, owed):
    found = _draft(targets=targets)
    assert (found.title, found.owed) == (title, owed)


@pytest.mark.parametrize(
    ("on", "since", "latest", "dated"),
    [
        ("2023-10-23", "2023-01/10", "2023-11-18", "2023年1—10月的数到这一天发布"),
        ("2023-10-31", "2023-01/10", "2023-11-18", "2023年1—10月的数到这一天发布"),
        ("2023-11-01", "2023-01/11", "2023-12-18", "2023年1—11月的数到这一天发布"),
        ("2024-01-05", "2024-01/02", "2024-03-18", "2024年1—2月的数到这一天发布"),
    ],
)
def test_the_day_is_that_of_the_first_figure_that_can_still_show_it(on, since, latest, dated):
    found = _draft(on=on)
    assert found.goal.since == since
    assert (found.latest, found.dated) == (day(latest), dated)
    assert found.latest > day(on)


def test_without_a_release_the_day_due_and_without_that_a_month():
    due = CALENDAR.model_copy(update={"released": None})
    assert _draft(calendar=[due])[7:9] == (day("2023-11-12"), "2023年1—10月的数到这一天报齐")
    assert _draft(calendar=[])[7:9] == (
        day("2023-11-30"), "报送日历没有写2023年1—10月的数何时发布，按期末后30天提出",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cadence", "on", "period"),
    [
        ("quarter", "2023-10-23", "2023-01/12"), ("quarter", "2023-09-30", "2023-01/09"),
        ("month", "2023-10-23", "2023-01/10"), ("year", "2023-01-01", "2023-01/12"),
    ],
)  # fmt: skip
def test_running_period(cadence, on, period):
    assert running(_indicator(cadence=cadence), day(on)).id == period
