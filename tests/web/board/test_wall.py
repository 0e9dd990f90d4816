"""大屏: the leader's usual run on a wall, from the run's own rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import polars as pl
from django.test import Client

from diaodu.web.runs.models import Row

URL = "/board/wall/"
BODY = "/board/wall/body/"


def test_it_names_its_run_and_its_moment(leader: Client) -> None:
    html = leader.get(URL).content.decode()
    assert "第1次运行" in html
    assert "数据截至6月6日" in html
    assert "6月6日（周二）10:00　每分钟更新" in html
    assert 'hx-get="/board/wall/body/"' in html
    assert 'hx-trigger="every 60s"' in html


def test_six_figures_as_the_frozen_run_has_them(leader: Client, settings: Any) -> None:
    [file] = (settings.DIAODU_HOME / "runs").rglob("measures.parquet")
    table = pl.read_parquet(file).filter(pl.col("org") == "shilixian")
    shown = {(one, name): text for one, name, text in
             table.select("indicator", "measure", "shown").iter_rows()}  # fmt: skip
    wall = leader.get(URL).context["wall"]
    assert len(wall.figures) == 6
    told = {line.indicator.id: line for line in wall.figures}
    assert told["retail"].growth == shown["retail", "growth_published"] == "6.5"
    assert told["retail"].level == shown["retail", "value"]
    assert told["loans"].growth == shown["loans", "growth"]
    assert told["profit"].absent == "未发布"


def test_the_ranking_is_of_what_lags_and_shows_oneself(leader: Client) -> None:
    wall = leader.get(URL).context["wall"]
    assert wall.ranked_of == "社零"
    assert [(one.place, one.name, one.growth) for one in wall.ranked] == [
        (1, "东林区", "9.0%"), (2, "西滩县", "8.0%"), (3, "南坪县", "7.0%"),
        (4, "示例县", "6.5%"), (5, "北岗县", "5.1%"),
    ]  # fmt: skip
    assert [one.name for one in wall.ranked if one.is_own] == ["示例县"]


def test_counts_add_up_and_the_foot_says_what_lags(leader: Client) -> None:
    wall = leader.get(URL).context["wall"]
    assert sum(number for _, _, number in wall.lights) == wall.headlines == 6
    assert wall.foot[0].light == "behind"
    assert wall.foot[0].text.startswith("社零：")


def test_the_map_may_be_chosen(leader: Client) -> None:
    wall = leader.get(URL, {"map": "retail"}).context["wall"]
    assert wall.map.indicator.id == "retail"
    assert wall.chart.spec["still"] and wall.chart.spec["kind"] == "tiles"
    assert leader.get(URL, {"map": "nothing", "rank": "nothing"}).status_code == 200


def test_the_fragment_is_the_body_alone_and_keeps_what_was_asked(leader: Client) -> None:
    html = leader.get(BODY).content.decode()
    assert "<html" not in html
    assert "示例县经济运行" in html
    assert (
        'hx-get="/board/wall/body/?map=retail"'
        in leader.get(URL, {"map": "retail"}).content.decode()
    )


def test_secrets_stay_off_the_wall(leader: Client) -> None:
    html = leader.get(URL).content.decode()
    for secret in ("6.37", "4.6%"):
        assert secret not in html


def test_it_follows_the_newest_published_run(
    leader: Client, freeze: Callable[..., Any], frozen_clock: Any, now: Any
) -> None:
    freeze()
    frozen_clock(now + timedelta(minutes=1))
    html = leader.get(BODY).content.decode()
    assert "第2次运行" in html
    assert "10:01" in html


def test_without_a_run_it_says_so_and_goes_on_asking(
    rules: None, users: SimpleNamespace, client_as: Callable[..., Client], frozen_clock: Any
) -> None:
    html = client_as(users.leader).get(URL).content.decode()
    assert "还没有可看的结果" in html
    assert 'hx-trigger="every 60s"' in html


def test_a_township_sees_the_map_of_its_county(
    run: Any, users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    wall = client_as(users.township_reader).get(URL).context["wall"]
    assert [one.name for one in wall.map.units] == ["青石镇"]


def test_who_may_look(users: SimpleNamespace, run: Any, client_as: Callable[..., Client]) -> None:
    for url in (URL, BODY):
        assert client_as(users.admin).get(url).status_code == 403
        assert client_as(users.stranger).get(url).status_code == 403
    assert Client().get(URL).status_code == 302


def test_a_bounded_number_of_questions(leader: Client, django_assert_max_num_queries: Any) -> None:
    leader.get(URL)
    for url in (URL, BODY):
        with django_assert_max_num_queries(24):
            leader.get(url)


def test_the_map_is_of_what_tells_the_units_apart(leader: Client, run: Any, early: Client) -> None:
    """Where all stand alike a map tells nothing."""
    units = Row.objects.filter(run=run, org__in=["chengdong", "qingshi", "liuhe"])
    units.filter(indicator="retail").update(light="behind")
    for place, row in enumerate(units.filter(indicator="retail")):
        row.pk, row.indicator, row.light = None, "loans", "behind" if place else "good"
        row.save()
    assert leader.get(URL).context["wall"].map.indicator.id == "loans"
    # What is not released decides nothing, not even for those who read it early.
    units.filter(indicator="loans").update(release_at=run.at + timedelta(days=900))
    assert leader.get(URL).context["wall"].map.indicator.id == "retail"
    assert early.get(URL, {"run": "1"}).context["wall"].map.indicator.id == "retail"
