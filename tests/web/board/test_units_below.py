"""Under 一张表: who of the units below is last in what, and in which band they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import polars
from django.test import Client

from diaodu.engine.ground.records import Target
from diaodu.web.figures import actions as figures

URL = "/board/below/"


def _text(response: Any) -> str:
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_last_three_with_growth_and_place(leader: Client, settings: Any) -> None:
    response = leader.get(URL, {"org": "shilishi"})
    [line] = response.context["lines"]
    assert [(one.name, one.growth, one.place) for one in line.last] == [
        ("北岗县", "5.1%", "5/5"), ("示例县", "6.5%", "4/5"), ("南坪县", "7.0%", "3/5"),
    ]  # fmt: skip
    [file] = (settings.DIAODU_HOME / "runs").rglob("measures.parquet")
    places = polars.read_parquet(file).filter(
        polars.col("measure") == "rank_growth", polars.col("peer_group") == "shilishi/county"
    )
    told = dict(places.select("org", "shown").iter_rows())
    assert (told["beigangxian"], told["shilixian"], told["nanpingxian"]) == ("5", "4", "3")
    assert "北岗县 5.1% 5/5 ； 示例县" in _text(response)


def test_units_by_band(
    on_file: None, users: SimpleNamespace, now: datetime, freeze: Callable[..., Any],
    client_as: Callable[..., Client], frozen_clock: Any,
) -> None:  # fmt: skip
    day = now.date()
    targets = [
        Target(
            Target.make_id("retail", org, 2023, "assigned", "level", day), "retail", org, 2023,
            "assigned", "level", "at_least", value, None, "亿元", None, "县政府", "", day,
            "2023-06-06/目标.xlsx", "b" * 64, "表1", "C5",
        )
        for org, value in (("chengdong", 20), ("qingshi", 30))
    ]  # fmt: skip
    figures.record(observations=[], targets=targets, by=users.statistics, at=now, origin="import")
    freeze()
    [line] = client_as(users.leader).get(URL, {"org": "shilixian"}).context["lines"]
    done, pace = line.graded
    assert [(band.name, band.units) for band in done.bands] == [
        ("不足五成", ("青石镇",)), ("过半", ("城东街道",)),
    ]  # fmt: skip
    assert [(band.name, band.units) for band in pace.bands] == [
        ("慢于序时", ("青石镇",)), ("不慢", ("城东街道",)),
    ]  # fmt: skip


def test_nothing_below_nothing_said(leader: Client) -> None:
    assert _text(leader.get(URL, {"org": "qingshi"})).strip() == ""


def test_scope(run: Any, users: SimpleNamespace, client_as: Callable[..., Client]) -> None:
    township = client_as(users.township_reader)
    assert township.get(URL, {"org": "liuhe"}).status_code == 404
    assert township.get(URL, {"org": "shilixian"}).status_code == 200
    assert "青石镇" not in _text(township.get(URL, {"org": "shilishi"}))


def test_queries_are_few(leader: Client, django_assert_max_num_queries: Any) -> None:
    leader.get(URL)
    with django_assert_max_num_queries(12):
        leader.get(URL)
