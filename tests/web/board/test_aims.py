"""Every tier and kind of target on 一张表 and on the indicator's page; what a chart's pace is."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from diaodu.engine.ground.records import Target
from diaodu.web.figures import actions as figures
from diaodu.web.runs.models import Row
from diaodu.web.warnings import actions as warnings
from tests.web.board.conftest import RECEIVED

URL = "/board/shilixian/retail/"
# tier, kind, comparator, value, unit, period, text
MORE = (
    ("floor", "level", "at_least", "105", "亿元", "", ""),
    ("stretch", "level", "reach", "130", "亿元", "", ""),
    ("stretch", "rank", "within", "3", "位", "", ""),
    ("own", "mean", "at_least", "0", "百分点", "", ""),
    ("own", "qualitative", "reach", None, "", "", "消费信心明显恢复"),
    ("working", "growth", "reach", None, "%", "", ""),
    ("assigned", "level", "reach", "40", "亿元", "2023-01/05", ""),
    ("assigned", "level", "reach", "51", "亿元", "2023-01/06", ""),
)


def _target(
    tier: str, kind: str, comparator: str, value: str | None, unit: str, period: str, text: str
) -> Target:
    word = None if value or text else "no_target"
    return Target(
        Target.make_id("retail", "shilixian", 2023, tier, kind, RECEIVED, period), "retail",
        "shilixian", 2023, tier, kind, comparator, None if value is None else Decimal(value), None,
        unit, word, "市政府", "", RECEIVED, "2023-06-05/目标.xlsx", "a" * 64, "表2", "C9", period,
        "", text,
    )  # fmt: skip


@pytest.fixture
def on_file(on_file: None, users: SimpleNamespace, now: datetime) -> None:
    figures.record(
        observations=[], targets=[_target(*one) for one in MORE], by=users.statistics, at=now,
        origin="import",
    )  # fmt: skip


def test_the_page_says_of_each_what_came_of_it(leader: Client) -> None:
    page = leader.get(URL).context["page"]
    told = [(one.tier_name, one.asked, one.result, one.off) for one in page.aims]
    assert told == [
        ("上级下达", "总量120.00亿元以上", "按序时达到", "超3.3个百分点"),
        ("上级下达", "增速8.0%以上", "未达到", "差1.5个百分点"),
        ("本级自定", "增速不低于示例市平均", "未达到", "差0.7个百分点"),
        ("本级自定", "消费信心明显恢复", "由人评定", ""),
        ("调度目标", "增速", "未下达", ""),
        ("底线", "总量105.00亿元以上", "按序时达到", "超0.2个百分点"),
        ("力争", "总量130.00亿元", "按序时未达到", "差7.8个百分点"),
        ("力争", "增速进前3位", "未达到", "差1位"),
    ]
    assert [one.asked for one in page.aims if one.lamp] == ["总量120.00亿元以上", "增速8.0%以上"]


def test_short_and_yet_reached_is_told_as_allowed(run: Any, leader: Client) -> None:
    row = Row.objects.get(run=run, indicator="retail", org="shilixian")
    for one in row.targets:
        if (one["tier"], one["kind"]) == ("assigned", "growth"):
            one["outcome"] = one["outcome"].replace("未达到", "达到")
    row.save(update_fields=["targets"])
    told = [(one.result, one.off) for one in leader.get(URL).context["page"].aims]
    assert ("达到", "差1.5个百分点，在容差以内") in told
    assert ("按序时达到", "超0.2个百分点") in told


def test_why_is_asked_of_an_outcome(leader: Client) -> None:
    page = leader.get(URL).context["page"]
    floor = next(one for one in page.aims if one.tier == "floor")
    asked = leader.get(URL + "why/", {"measure": floor.measure}, headers={"HX-Request": "true"})
    told = asked.content.decode()
    assert "完成率与序时进度之差" in told and "105" in told and "对照目标" in told


def test_the_table_lists_the_tiers_of_those_with_more_than_one(leader: Client) -> None:
    table = leader.get("/board/").context["table"]
    assert [one.line.indicator.id for one in table.aimed] == ["retail"]
    assert table.tiers == ["上级下达", "本级自定", "调度目标", "底线", "力争"]
    text = leader.get("/board/").content.decode()
    assert "各层目标" in text and "增速进前3位" in text


def test_the_chart_draws_what_was_issued_before_what_is_derived(leader: Client) -> None:
    chart = leader.get(URL).context["page"].level_chart
    (pace,) = (one for one in chart["series"] if one["role"] == "pace")
    drawn = {month: told for month, _, told in pace["points"]}
    assert (drawn[5], drawn[6]) == ("40.00亿元", "51.00亿元")
    assert drawn[4] == "40.00亿元" and drawn[12] == "120.00亿元"
    assert pace["name"] == "时序任务，没下达的月按序时"
    text = leader.get(URL).content.decode()
    assert "虚线是下达的时序任务，没有下达的月份按规则推算。" in text


def test_rows_made_before_outcomes_are_read(run: Any, leader: Client, now: datetime) -> None:
    row = Row.objects.get(run=run, indicator="retail", org="shilixian")
    new = ("asked", "outcome", "phases", "gates")
    row.targets = [
        {name: told for name, told in one.items() if name not in new}
        for one in row.targets
        if one["kind"] in ("level", "growth")
    ]
    row.measures = [one for one in row.measures if one[0] != "outcome"]
    row.save(update_fields=["targets", "measures"])
    page = leader.get(URL)
    assert page.status_code == 200
    assert {one.result for one in page.context["page"].aims} == {"未对照"}
    for url in ("", "unit/shilixian/", "ranking/shilixian/retail/", "compare/?kind=run", "wall/"):
        assert leader.get(f"/board/{url}").status_code == 200
    warnings.judge(at=now)


def test_the_workbooks_have_them(leader: Client) -> None:
    for url in (URL + "export.xlsx", "/board/export.xlsx"):
        book = load_workbook(BytesIO(b"".join(leader.get(url).streaming_content)))
        cells = [str(one.value) for row in book["各层目标"].iter_rows() for one in row if one.value]
        assert "增速进前3位" in cells and "差1位" in cells


def test_two_targets_of_a_tier_are_held_together(leader: Client) -> None:
    page = leader.get(URL).context["page"]
    assert page.aims_say == [
        "上级下达：总量目标120亿元与增速目标8%对不上：两者合起来要求同期数是111.11亿元，而同期数是"
        "111.31亿元；按总量需增长7.8%，按增速需达到120.21亿元。",
        "底线总量105.00亿元以上，相当于比去年下降5.7%。",
        "力争总量130.00亿元，相当于比去年增长16.8%。",
    ]


def test_a_card_has_an_indicator_of_several_tiers_in_one_band(leader: Client) -> None:
    card = leader.get("/board/unit/shilixian/").context["card"]
    assert card.bands
    for bands in card.bands:
        named = [name for share in bands.shares for name, _, _ in share.members]
        assert named.count("社零") == 1, bands.name
        assert len(named) == len(set(named))
