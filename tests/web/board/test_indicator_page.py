"""The page of an indicator, and why a number is what it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from diaodu.adapters.rulebook_in import read_rulebook_files
from diaodu.web.board.queries import charts
from diaodu.web.figures import actions as figures
from diaodu.web.rulebooks import actions as rulebooks
from diaodu.web.rulebooks.queries import current_version
from diaodu.web.runs.queries import Point
from tests.web.board.conftest import FILES

URL = "/board/shilixian/retail/"
WHY = URL + "why/"


def _facts(client: Client, url: str = URL, **asked: str) -> dict[str, tuple[str, str, str]]:
    page = client.get(url, asked).context["page"]
    return {one.title: (one.value, one.unit, one.below) for one in page.facts}


def test_facts_name_their_measure(leader: Client) -> None:
    facts = _facts(leader)
    assert facts["本期累计"] == ("44.00", "亿元", "去年同期41.31")
    assert facts["增速"] == ("6.5", "%", "比1—4月回落0.5点")
    assert facts["增速欠账"] == ("欠1.5", "点", "目标增速8.0%以上")
    assert facts["完成年度目标"] == ("36.7", "%", "目标120.00亿元以上")
    assert facts["进度欠账"] == ("欠6.00", "亿元", "序时差−5.0点")
    assert facts["全年缺口"] == ("76.00", "亿元", "后7个月月均需10.86亿元")
    assert facts["全市位次"] == ("4", "/5", "按增速，上期第3")
    assert facts["比全市"] == ("−0.7", "点", "全市7.2%，全省6.5%")


def test_a_share_of_the_year_so_far_is_not_told_as_added_up(
    leader: Client, freeze: Any, files: dict[str, bytes], now: datetime
) -> None:
    share = (
        '- {id: share, name: 零售占比, unit: "%", basis: ytd, facets: [level], decimals: 1, '
        "direction: high, cadence: month, january: merged, formula: retail ÷ output}\n"
    )
    files["indicators/all.yaml"] += share.encode()
    before = current_version()
    imported = rulebooks.import_files(files=files, by=None, at=now)
    assert not imported.faults, imported.faults
    rulebooks.publish(version_id=imported.version.id, by=None, at=now, note="占比", seen=before.id)
    freeze()
    assert _facts(leader, "/board/shilixian/share/")["本期"][:2] == ("44.0", "%")


def test_a_rate_has_no_level(leader: Client) -> None:
    facts = _facts(leader, "/board/shilixian/investment/")
    assert "本期累计" not in facts
    assert facts["增速欠账"][0] == "超0.3"
    page = leader.get("/board/shilixian/investment/").context["page"]
    assert page.level_chart is None
    assert page.growth_chart["levels"] == [["8", "目标增速 8.0"]]


def test_charts_say_every_label_and_join_january(leader: Client) -> None:
    page = leader.get(URL).context["page"]
    own = page.level_chart["series"][1]
    assert [point[0] for point in own["points"]] == [2, 3, 4, 5]
    assert own["end"] == "今年 44.00"
    assert page.level_chart["ticks"]["2"] == "1—2月"
    assert "1" not in page.level_chart["ticks"]
    pace = page.level_chart["series"][2]
    assert pace["end"] == "目标 120.00"
    assert {x: text for x, _, text in pace["points"]}[5] == "50.00亿元"


def test_gates_are_judged_on_what_was_reached_then(leader: Client) -> None:
    gates = leader.get(URL).context["page"].level_chart["gates"]
    # By March 26.80 of 30.00 were done, though the growth of 8.4 was above 8.
    assert gates == [[3, "开门红：未过"], [6, "双过半：待定"], [9, "前三季度：待定"],
                     [12, "全年红：待定"]]  # fmt: skip
    rate = leader.get("/board/shilixian/investment/").context["page"].growth_chart["gates"]
    assert rate[0] == [3, "开门红：无数据"]


@pytest.mark.parametrize(("basis", "wanted"), [("month", "50.00亿元"), ("day", "49.64亿元")])
def test_the_pace_of_the_chart_is_the_rules_own(early: Client, basis: str, wanted: str) -> None:
    pace = f"- {{id: p, from: 2023-01, tiers: [assigned], pace_basis: {basis}}}"
    book = read_rulebook_files({**FILES, "paces/p.yaml": pace.encode()})
    row = early.get(URL).context["page"].row
    march = Point("2023-01/03", "29.80", "8.4")
    chart = charts.level_chart(
        replace(row, rulebook=book, series=(march, row.series[-1])), book.indicators["retail"]
    )
    assert chart is not None
    assert {x: text for x, _, text in chart["series"][-2]["points"]}[5] == wanted
    assert [month for month, _ in chart["gates"]] == [3, 6, 9, 12]


def test_peers_stand_by_rank_with_the_city_below(leader: Client) -> None:
    page = leader.get(URL).context["page"]
    assert [(one.standing.place, one.name) for one in page.peers] == [
        (1, "东林区"), (2, "西滩县"), (3, "南坪县"), (4, "示例县"), (5, "北岗县"),
    ]  # fmt: skip
    assert [one.standing.move.text for one in page.peers] == ["平", "▲2", "▼1", "▼1", "平"]
    assert page.above.name == "示例市"
    assert page.distance == (
        "距第3位南坪县差0.5个百分点，再多0.19亿元追平，多0.23亿元超过（按现在的基数）。"
    )


def test_parts_add_up_to_the_whole(leader: Client) -> None:
    page = leader.get(URL).context["page"]
    parts = page.waterfall["parts"]
    assert [name for name, *_ in parts] == ["城东街道", "青石镇", "其他"]
    assert parts[1][2] == "−0.50"
    total = Decimal(page.waterfall["total"][1])
    assert sum(Decimal(number) for _, number, _ in parts) == total == Decimal("2.69")


def test_vintages_say_where_from_and_by_whom(leader: Client) -> None:
    page = leader.get(URL).context["page"]
    first = page.vintages[0]
    assert first.standing and not first.later
    assert (first.level, first.growth) == ("44.00", "6.5")
    assert first.source == "反馈.xlsx“分县区”"
    assert first.by == "statistics某"


def test_a_later_revision_is_marked_and_changes_nothing_published(
    leader: Client, users: SimpleNamespace, now: Any, figure: Callable[..., Any]
) -> None:
    before = _facts(leader)
    figures.record(
        observations=[figure("retail", "shilixian", "2023-01/05", "level", "43.00",
                             received=now.date())],
        by=users.statistics, at=now + timedelta(hours=1), origin="import",
    )  # fmt: skip
    assert _facts(leader) == before
    page = leader.get(URL).context["page"]
    assert [one.level for one in page.vintages if one.later] == ["43.00"]
    assert "本次运行之后收到" in leader.get(URL).content.decode()


def test_an_embargoed_indicator_has_no_figure_on_its_page(leader: Client, early: Client) -> None:
    url = "/board/shilixian/profit/"
    page = leader.get(url).content.decode()
    assert "2023年1—5月数还没发布" in page
    assert "6月27日 10:00发布" in page
    for secret in ("6.37", "4.6"):
        assert secret not in page
    assert leader.get(url + "why/").status_code == 404
    assert "6.37" in early.get(url, {"run": "1"}).content.decode()
    assert early.get(url + "why/", {"run": "1"}).status_code == 200


def test_scope_of_the_page(
    run: Any, users: SimpleNamespace, client_as: Callable[..., Client]
) -> None:
    township = client_as(users.township_reader)
    assert township.get("/board/qingshi/retail/").status_code == 200
    for path in ("", "why/", "export.xlsx"):
        assert township.get(f"/board/liuhe/retail/{path}").status_code == 404
        assert township.get(f"/board/chengdong/retail/{path}").status_code == 404
        assert township.get(f"/board/qingshi/nothing/{path}").status_code == 404
        assert client_as(users.admin).get(f"/board/qingshi/retail/{path}").status_code == 403
        assert Client().get(f"/board/qingshi/retail/{path}").status_code == 302
    names = {one.name for one in township.get("/board/qingshi/retail/").context["page"].peers}
    assert "城东街道" not in names


# -- 为什么是这个数 --------------------------------------------------------------------------


def _branch(client: Client, measure: str = "") -> Any:
    response = client.get(WHY, {"measure": measure})
    assert response.status_code == 200
    return response.context["why"].top


def test_the_trace_goes_down_to_cell_file_and_person(leader: Client) -> None:
    top = _branch(leader)
    leaf = top.open[0]
    source = dict(leaf.source)
    assert top.shown == "44.00亿元"
    assert source["文件"] == "2023-06-05/反馈.xlsx"
    assert source["位置"] == "工作表“分县区”　单元格F12"
    assert source["录入"].startswith("statistics某　6月6日")


def test_every_fact_opens_its_own_trace(leader: Client) -> None:
    page = leader.get(URL).context["page"]
    for one in page.facts:
        response = leader.get(WHY, {"measure": one.measure})
        assert response.status_code == 200, one.title
    owed = next(one for one in page.facts if one.title == "增速欠账")
    top = _branch(leader, owed.measure)
    assert top.shown == "1.5百分点"
    assert {"目标", "增速（公布）"} <= {part.title.rpartition(" ")[2] for part in top.open}


def test_the_drawer_is_a_fragment_and_a_page(leader: Client) -> None:
    fragment = leader.get(WHY, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "单元格F12" in fragment
    whole = leader.get(WHY).content.decode()
    assert "<html" in whole
    assert re.search(r'<aside class="drawer" id="drawer"[^>]*>\s*<header>', whole)


def test_a_number_that_is_not_there(leader: Client) -> None:
    for measure in ("nonsense", "value|x|y|z", "|" * 50):
        assert leader.get(WHY, {"measure": measure}).status_code == 404


@pytest.mark.parametrize(
    ("url", "most"), [(URL, 16), ("/board/shilixian/investment/", 16), (WHY, 19)]
)
def test_queries_are_few(
    leader: Client, url: str, most: int, django_assert_max_num_queries: Any
) -> None:
    leader.get(url)
    with django_assert_max_num_queries(most):
        leader.get(url)


def test_nothing_inline_on_the_page(leader: Client) -> None:
    page = leader.get(URL).content.decode()
    assert " style=" not in page
    assert not re.search(r"\son\w+=", page)
    scripts = re.findall(r"<script[^>]*>", page)
    assert all("src=" in one or 'type="application/json"' in one for one in scripts)
