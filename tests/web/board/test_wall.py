"""大屏: the leader's usual run on a wall, from the run's own rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import polars as pl
from django.test import Client

from diaodu.web.people.models import Membership
from diaodu.web.runs.models import Row

URL = "/board/wall/"
CHOOSE = "/board/wall/choose/"
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
    for url in (URL, BODY, CHOOSE):
        assert client_as(users.admin).get(url).status_code == 403
        assert client_as(users.stranger).get(url).status_code == 403
    assert Client().get(URL).status_code == 302


def test_a_bounded_number_of_questions(leader: Client, django_assert_max_num_queries: Any) -> None:
    leader.get(URL)
    for url in (URL, BODY):
        with django_assert_max_num_queries(26):
            leader.get(url)
    with django_assert_max_num_queries(30):
        leader.get(CHOOSE)


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


def test_what_cannot_be_compared_between_units_is_not_drawn_by_itself(
    leader: Client, run: Any
) -> None:
    """Figures of two periods beside each other say nothing of who is ahead."""
    units = Row.objects.filter(run=run, org__in=["chengdong", "qingshi", "liuhe"])
    for row in units.filter(indicator="retail"):
        row.pk, row.indicator = None, "power"
        row.save()
    assert leader.get(URL).context["wall"].map.indicator.id == "retail"
    units.filter(indicator="retail", org="qingshi").update(period="2023-01/04")
    assert leader.get(URL).context["wall"].map.indicator.id == "power"
    units.filter(indicator="power", org="qingshi").update(period="2023-01/04")
    response = leader.get(URL)
    assert response.context["wall"].map is None
    assert "没有各单位可以放在一起比的数" in response.content.decode()
    assert leader.get(URL, {"map": "retail"}).context["wall"].map.indicator.id == "retail"
    assert "现在不画" in leader.get(CHOOSE).content.decode()
    assert leader.get("/board/ranking/").status_code == 302


def test_figures_of_another_unit_of_measure_are_not_compared(leader: Client, run: Any) -> None:
    row = Row.objects.get(run=run, org="qingshi", indicator="retail")
    for measure in row.measures:
        if measure[0] == "value":
            measure[5] = "万元"
    row.save()
    assert leader.get(URL).context["wall"].map is None


def test_chosen_figures_in_their_order(leader: Client) -> None:
    wall = leader.get(URL, {"show": "output,retail"}).context["wall"]
    assert [line.indicator.id for line in wall.figures] == ["output", "retail"]
    assert wall.headlines == 6, "the counts stay those of the headline indicators"
    assert wall.not_here == []


def test_what_the_address_asks_for_and_is_not_here_is_said(leader: Client) -> None:
    response = leader.get(
        URL, {"show": "nothing,retail", "map": "loans", "rank": "output"}
    )  # fmt: skip
    told = response.content.decode()
    assert "数字里没有“nothing”；地图上没有贷款余额；规上工业总产值没有位次" in told
    many = "retail,investment,loans,power,profit,firms,output"
    wall = leader.get(URL, {"show": many}).context["wall"]
    assert len(wall.figures) == 6
    assert wall.not_here == ["规上工业总产值排在第6个以后"]


def test_choosing_leads_to_the_walls_address(leader: Client) -> None:
    asked = {"go": "1", "org": "shilixian", "figure1": "output", "figure3": "retail",
             "map": "retail", "rank": "retail"}  # fmt: skip
    response = leader.get(CHOOSE, asked)
    address = "/board/wall/?org=shilixian&show=output,retail&map=retail&rank=retail"
    assert (response.status_code, response["Location"]) == (302, address)
    wall = leader.get(address).context["wall"]
    assert [line.indicator.id for line in wall.figures] == ["output", "retail"]
    assert leader.get(CHOOSE, {"go": "1"})["Location"] == URL
    form = leader.get(f"{CHOOSE}{address.removeprefix(URL)}").context["form"]
    assert (form["figure1"].value(), form["figure2"].value()) == ("output", "retail")
    assert (form["map"].value(), form["rank"].value()) == ("retail", "retail")


def test_choosing_says_what_is_chosen_by_itself(leader: Client) -> None:
    told = leader.get(CHOOSE).content.decode()
    assert "社会消费品零售总额、固定资产投资、贷款余额、用电量" in told
    assert "社会消费品零售总额，分乡镇" in told
    assert "贷款余额" not in str(leader.get(CHOOSE).context["form"]["rank"]), "it has no place"


def test_choices_that_do_not_go(leader: Client) -> None:
    asked = {"go": "1", "figure1": "retail", "figure2": "retail", "map": "loans"}
    response = leader.get(CHOOSE, asked)
    told = response.content.decode()
    assert response.status_code == 422
    assert "和第1个数重复" in told
    assert "这里没有“loans”，请重新选" in told


def test_nothing_to_choose_from_without_a_run(
    rules: None, users: SimpleNamespace, client_as: Callable[..., Client], frozen_clock: Any
) -> None:
    assert "还没有可看的结果" in client_as(users.leader).get(CHOOSE).content.decode()


def test_choosing_for_an_org_one_may_not_see(
    run: Any, users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    assert client_as(users.township_reader).get(CHOOSE, {"org": "liuhe"}).status_code == 404


def test_no_name_is_told_of_what_the_reader_may_not_see(
    run: Any, users: SimpleNamespace, client_as: Callable[[Any], Client]
) -> None:
    Membership.objects.create(
        user=users.stranger, role="reader", org_id="shilixian", indicators=["retail"]
    )
    wall = client_as(users.stranger).get(URL, {"show": "output,retail"}).context["wall"]
    assert [line.indicator.id for line in wall.figures] == ["retail"]
    assert wall.not_here == ["数字里没有“output”"]
