"""Map and ranking of an indicator over the units below, and their small multiples."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import openpyxl
import polars as pl
import pytest
from django.test import Client

from diaodu.web.board import actions
from diaodu.web.runs.models import Row

URL = "/board/ranking/shilixian/retail/"
CITY = "/board/ranking/shilishi/retail/"


def square(x: float) -> list[list[list[float]]]:
    return [[[x, 30], [x + 0.1, 30], [x + 0.1, 30.1], [x, 30]]]


def geojson(*names: str) -> bytes:
    areas = [
        {"properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": square(at)}}
        for at, name in enumerate(names, 100)
    ]
    return json.dumps({"type": "FeatureCollection", "features": areas}).encode()


@pytest.fixture
def put_up(users: SimpleNamespace, now: Any) -> Callable[..., Any]:
    def made(*names: str, org: str = "shilixian", without: bool = False) -> Any:
        return actions.save_map(
            org=org, file="乡镇.geojson", content=geojson(*names), sketch=True, note="",
            without=without, by=users.admin, at=now,
        )  # fmt: skip

    return made


def test_units_stand_by_rank_with_those_without_a_figure_named(leader: Client) -> None:
    page = leader.get(URL)
    [group] = page.context["found"].groups
    assert [(one.standing and one.standing.place, one.name, one.growth) for one in group.units] == [
        (1, "城东街道", "30.0"), (2, "青石镇", "−6.3"),
    ]  # fmt: skip
    html = page.content.decode()
    assert "这个指标没有给下级单位下达任务，不亮灯；深浅按增速比全县高低，不是评价。" in html
    assert "还没有地图，一个单位一格" in html


def test_counties_of_the_city_are_ranked_with_their_movement(leader: Client) -> None:
    page = leader.get(CITY)
    [group] = page.context["found"].groups
    assert [(one.standing.place, one.name, one.standing.move.text) for one in group.units] == [
        (1, "东林区", "平"), (2, "西滩县", "▲2"), (3, "南坪县", "▼1"), (4, "示例县", "▼1"),
        (5, "北岗县", "平"),
    ]  # fmt: skip
    assert "按增速，5家参排，位次比1—4月" in page.content.decode()
    # The county alone has a target: the fill tells lights, and says who has none.
    assert page.context["found"].legend == [("behind", "■", "落后", 1), ("", "", "未判", 4)]


def test_every_figure_is_the_frozen_run_s_own(leader: Client, settings: Any) -> None:
    [file] = (settings.DIAODU_HOME / "runs").rglob("measures.parquet")
    table = pl.read_parquet(file).filter(pl.col("indicator") == "retail")
    shown = {
        (org, measure): text
        for org, measure, text, base in table.select("org", "measure", "shown", "base").iter_rows()
        if measure != "gap_parent" or base == "shilishi"
    }
    for one in leader.get(CITY).context["found"].units:
        wanted = [shown[one.org.id, name] for name in ("value", "growth_published", "gap_parent")]
        told = [
            text.replace("−", "-").replace("+", "") for text in (one.level, one.growth, one.gap)
        ]
        assert told == wanted
        assert str(one.standing.place) == shown[one.org.id, "rank_growth"]
        assert str(one.standing.n) == shown[one.org.id, "rank_growth_n"]


def test_a_map_is_drawn_with_name_mark_and_value(
    leader: Client, put_up: Callable[..., Any]
) -> None:
    put_up("城东街道", "青石乡", "柳荷镇")
    page = leader.get(URL)
    spec = page.context["chart"].spec
    assert spec["kind"] == "map"
    assert [one["properties"]["name"] for one in spec["shapes"]["features"]] == [
        "chengdong", "liuhe", "qingshi",
    ]  # fmt: skip
    assert [(one["name"], one["mark"], one["value"], one["shade"]) for one in spec["units"]] == [
        ("城东街道", "高", "30.0", "above"), ("青石镇", "低", "−6.3", "under"),
    ]  # fmt: skip
    assert "地图是示意，不作行政区划的依据。" in page.content.decode()
    assert "第一位城东街道30.0" in page.context["chart"].said


def test_units_that_are_not_on_the_map_are_named(
    leader: Client, put_up: Callable[..., Any]
) -> None:
    put_up("城东街道", without=True)
    page = leader.get(URL)
    assert page.context["off_map"] == ["青石镇"]
    assert "图上没有：青石镇，见表。" in page.content.decode()


def test_without_a_map_a_tile_each(leader: Client) -> None:
    spec = leader.get(URL).context["chart"].spec
    assert spec["kind"] == "tiles"
    assert [one["id"] for one in spec["units"]] == ["chengdong", "qingshi"]


def test_the_chart_is_handed_out_as_excel(leader: Client) -> None:
    answer = leader.get(URL, {"chart": "map"})
    book = openpyxl.load_workbook(BytesIO(answer.getvalue()))
    told = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert any(row[:2] == ["城东街道", 30] for row in told)
    assert any(row[:2] == ["青石镇", -6.3] for row in told)
    assert leader.get(URL, {"chart": "nothing"}).status_code == 404


def test_an_org_without_units_below_says_where_to_look(leader: Client) -> None:
    page = leader.get("/board/ranking/qingshi/retail/")
    html = page.content.decode()
    assert "青石镇没有下级单位的社会消费品零售总额" in html
    assert "/board/ranking/shilixian/retail/?period=2023-05" in html
    assert "data-chart" not in html


WAY_IN = "/board/ranking/"
RUN = {"period": "2023-05", "run": "1"}


def test_the_way_in_and_the_selects_lead_to_a_ranking(leader: Client) -> None:
    answer = leader.get(WAY_IN, {**RUN, "org": "shilishi", "indicator": "loans"})
    assert answer["Location"] == "/board/ranking/shilishi/loans/?period=2023-05&run=1"
    assert leader.get(WAY_IN)["Location"].startswith("/board/ranking/shilixian/retail/?")
    page = leader.get(WAY_IN, RUN, follow=True)
    assert page.context["options"] == [("retail", "社会消费品零售总额")]
    html = page.content.decode()
    assert 'action="/board/ranking/" aria-label="换单位和指标"' in html
    assert '<option value="shilixian" selected>示例县</option>' in html


def test_of_a_unit_without_units_below_those_beside_it_are_ranked(leader: Client) -> None:
    answer = leader.get(WAY_IN, {**RUN, "org": "qingshi", "indicator": "retail"})
    assert answer["Location"].startswith("/board/ranking/shilixian/retail/?")


def test_where_nothing_can_be_ranked_the_way_in_says_so(leader: Client, run: Any) -> None:
    Row.objects.filter(run=run).exclude(org="chengdong").delete()
    page = leader.get(WAY_IN, {**RUN, "org": "donglinqu"})
    assert "这次运行里没有东林区和下级单位的指标" in page.content.decode()
    assert leader.get(WAY_IN, {"org": "nothing"}).status_code == 404


def test_small_multiples_are_chosen_alike(leader: Client) -> None:
    way_in = "/board/multiples/"
    assert leader.get(way_in)["Location"].startswith("/board/multiples/shilixian/?")
    one = leader.get(way_in, {**RUN, "org": "shilixian", "indicator": "retail"})
    assert one["Location"] == "/board/multiples/shilixian/retail/?period=2023-05&run=1"
    other = leader.get(way_in, {**RUN, "org": "qingshi", "indicator": "loans"}, follow=True)
    assert other.redirect_chain[0][0] == "/board/multiples/qingshi/?period=2023-05&run=1"
    assert "choose-indicator" not in other.content.decode()
    html = leader.get("/board/multiples/shilixian/").content.decode()
    assert '<option value="">各项指标，一项一张</option><option value="retail">' in html


@pytest.mark.parametrize(
    "url", ["/board/", "/board/unit/shilixian/", URL, "/board/multiples/shilixian/"]
)
def test_each_way_to_look_leads_to_the_others(leader: Client, url: str) -> None:
    html = leader.get(url).content.decode()
    tabs = html.partition('aria-label="换个看法">')[2].partition("</nav>")[0]
    assert tabs.count("<a href=") == 6
    assert tabs.count('aria-current="page"') == 1
    for address in ("/board/ranking/?", "/board/multiples/?", "/board/unit/shilixian/?"):
        assert address in tabs


def test_embargoed_figures_are_not_on_the_ranking(leader: Client, early: Client) -> None:
    url = "/board/ranking/shilishi/profit/"
    page = leader.get(url)
    assert "6月27日 10:00发布" in page.content.decode()
    for secret in ("6.37", "4.6"):
        assert secret not in page.content.decode()
    assert "6.37" in early.get(url, {"run": "1"}).content.decode()


def test_whose_ranking_one_sees(
    run: Any, users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    township = client_as(users.township_reader)
    assert township.get("/board/ranking/qingshi/retail/").status_code == 200
    # Above one's own org figures are public, those of other units are not.
    [group] = township.get(URL).context["found"].groups
    assert [one.name for one in group.units] == ["青石镇"]
    assert township.get("/board/ranking/liuhe/retail/").status_code == 404
    assert township.get("/board/ranking/shilixian/nothing/").status_code == 404
    assert client_as(users.admin).get(URL).status_code == 403
    assert Client().get(URL).status_code == 302


def test_small_multiples_declare_one_scale(leader: Client) -> None:
    page = leader.get("/board/multiples/shilixian/retail/")
    found = page.context["found"]
    assert found.scale == "−10到30%"
    assert found.chart.spec["low"] == "-10" and found.chart.spec["high"] == "30"
    assert found.months == [(5, "5月")]
    assert [(cell.name, texts) for cell, texts in found.rows] == [
        ("城东街道", ["30.0"]), ("青石镇", ["−6.3"]),
    ]  # fmt: skip
    assert "每张小图同一刻度，−10到30%" in page.content.decode()


def test_small_multiples_of_one_org_are_its_headline_indicators(leader: Client) -> None:
    found = leader.get("/board/multiples/shilixian/").context["found"]
    told = {cell.name: (cell.points, cell.word) for cell in found.cells}
    assert told["社会消费品零售总额"][0] == {2: "9.1", 3: "8.4", 4: "7.0", 5: "6.5"}
    assert told["规上工业利润总额"] == ({4: "-6.9"}, "")  # May waits for its release
    assert told["规上工业企业数"][1] != ""
    assert "规上工业总产值" not in told


@pytest.mark.parametrize("url", [URL, CITY, "/board/multiples/shilixian/retail/"])
def test_a_bounded_number_of_questions(
    leader: Client, url: str, django_assert_max_num_queries: Any
) -> None:
    leader.get(url)
    with django_assert_max_num_queries(18):
        leader.get(url)
