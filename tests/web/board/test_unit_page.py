"""单位名片: figures, arrears, places, bands and returns of one unit."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext

from diaodu.web.board.queries.unit import Share

URL = "/board/unit/shilixian/"


def test_every_indicator_with_each_arrears(leader: Client) -> None:
    card = leader.get(URL).context["card"]
    told = {one.line.name: one for one in card.all}
    retail = told["社会消费品零售总额"]
    assert (retail.line.level, retail.line.growth, retail.line.change) == ("44.00", "6.5", "−0.5")
    assert (retail.line.goal.owed, retail.pace, retail.year) == ("欠1.5", "欠6.00", "76.00")
    assert told["规上工业总产值"].line.level == "100.00"
    assert told["固定资产投资"].pace == ""


def test_every_figure_is_the_frozen_run_s_own(leader: Client, settings: Any) -> None:
    [file] = (settings.DIAODU_HOME / "runs").rglob("measures.parquet")
    table = pl.read_parquet(file).filter(pl.col("org") == "shilixian")
    shown = {(one, name): text for one, name, text in
             table.select("indicator", "measure", "shown").iter_rows()}  # fmt: skip
    for one in leader.get(URL).context["card"].all:
        if one.line.absent:
            continue
        id, line = one.line.indicator.id, one.line
        if line.level:
            assert line.level == shown[id, "value"]
        growth = shown.get((id, "growth_published")) or shown.get((id, "growth"), "无数据")
        assert line.growth.replace("−", "-") == growth
        if one.year:
            assert one.year == shown[id, "shortfall_year"]
        if one.pace:
            assert one.pace[1:] == shown[id, "arrears_pace"].lstrip("-")
        if line.standing:
            assert str(line.standing.place) == shown[id, f"rank_{line.standing.of}"]


def test_counts_add_up_to_the_list(leader: Client) -> None:
    card = leader.get(URL).context["card"]
    assert sum(part.count for part in card.lights) == len(card.all)
    placed = [one for one in card.all if one.line.standing is not None]
    assert sum(part.count for part in card.places) == len(placed)
    assert {part.name: part.members[0][:2] for part in card.places if part.members} == {
        "后三位": ("社零", "4/5")
    }


def test_an_embargoed_figure_is_a_word_and_in_no_count(leader: Client, early: Client) -> None:
    page = leader.get(URL)
    html = page.content.decode()
    assert "未发布：6月27日 10:00发布" in html
    for secret in ("6.37", "4.6"):
        assert secret not in html
    # What the engine counted would give away the light: it waits as well.
    assert page.context["card"].counted == []
    shown = early.get(URL, {"run": "1"})
    assert "6.37" in shown.content.decode()
    assert ("低于目标", "2") in shown.context["card"].counted


def test_an_office_without_indicators_says_so(leader: Client) -> None:
    html = leader.get("/board/unit/gongxinju/").content.decode()
    assert "这次运行里没有县工业和信息化局的指标" in html
    assert "<table" not in html.partition("这次运行里没有")[2].partition("</div>")[0]


def test_a_unit_sees_its_own_and_what_is_public(
    run: Any, users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    township = client_as(users.township_reader)
    page = township.get("/board/unit/qingshi/")
    assert page.context["card"].is_looked_after
    assert "/duties/of/qingshi/" in page.content.decode()
    neighbour = township.get("/board/unit/donglinqu/")
    assert neighbour.status_code == 200
    assert not neighbour.context["card"].is_looked_after
    assert "/duties/of/" not in neighbour.content.decode()
    assert township.get("/board/unit/liuhe/").status_code == 404
    assert township.get("/board/unit/nothing/").status_code == 404
    assert client_as(users.admin).get(URL).status_code == 403
    assert Client().get(URL).status_code == 302


@pytest.mark.parametrize("url", [URL, "/board/unit/qingshi/"])
def test_a_bounded_number_of_questions(
    leader: Client, url: str, django_assert_max_num_queries: Any
) -> None:
    leader.get(url)
    with django_assert_max_num_queries(22):
        leader.get(url)


def test_of_many_some_are_named_and_the_others_counted() -> None:
    members = tuple((f"指标{one}", "1.0%", "/") for one in range(15))
    part = Share("behind", "落后", members)
    assert (part.count, len(part.named), part.unnamed) == (15, 12, 3)
    html = render_to_string("board/parts/share.html", {"part": part, "bad": "behind"})
    assert "落后<b>15</b>" in html
    assert "指标11" in html
    assert "指标12" not in html
    assert "另有3项，见下面的表" in html
    few = render_to_string("board/parts/share.html", {"part": Share("", "良好", members[:12])})
    assert "另有" not in few


def test_it_reads_no_history(leader: Client) -> None:
    leader.get(URL)
    with CaptureQueriesContext(connection) as asked:
        leader.get(URL)
    [rows] = [one["sql"] for one in asked if '"runs_row"."measures"' in one["sql"]]
    assert '"runs_row"."series"' not in rows


def test_what_it_was_urged_is_asked_for_by_those_who_look_after_it(
    run: Any, users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    township = client_as(users.township_reader)
    assert 'hx-get="/urging/of/qingshi/"' in township.get("/board/unit/qingshi/").content.decode()
    assert "/urging/of/" not in township.get("/board/unit/donglinqu/").content.decode()
