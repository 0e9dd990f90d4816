"""测算器: every calculation as a page, with the figures of the run; what is refused, in words."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from django.test import Client

from diaodu.engine.compute.calculator import forms
from diaodu.web.runs.queries.trace import folder_of

PAGE = "/board/calc/"
OWN = {"org": "shilixian", "indicator": "retail", "period": "2023-05", "run": "1", "fill": "1"}


def _said(page: str) -> str:
    found = re.search(r'data-copy="([^"]+)"', page)
    return found.group(1) if found else ""


@pytest.mark.parametrize("name", list(forms()))
def test_every_way_of_every_calculation_is_answered(leader: Client, name: str) -> None:
    asked = forms()[name]
    for way, example in enumerate(asked.examples):
        texts = dict(pair.split("=", 1) for pair in example.split(" "))
        page = leader.get(PAGE, {"do": name, "way": str(way), **texts}).content.decode()
        assert asked.title in page
        assert _said(page).endswith("。")
        for text in texts.values():
            assert text in page or text in ("high", "low")


def test_an_address_without_figures_asks_for_them(leader: Client) -> None:
    page = leader.get(PAGE).content.decode()
    assert "完成率" in page and "如 14.64亿元" in page
    assert not _said(page) and "请填写" not in page


def test_what_is_wrong_stands_at_its_field(leader: Client) -> None:
    asked = {"do": "completion", "way": "0", "actual": "很多", "target": ""}
    page = leader.get(PAGE, asked).content.decode()
    assert re.search(r'id="id_target_error">请填写目标<', page)
    page = leader.get(PAGE, asked | {"target": "3公里每时"}).content.decode()
    assert re.search(r'id="id_actual_error">很多：读不出一个数', page)
    assert re.search(r'id="id_target_error">3公里每时：', page)
    assert not _said(page)
    page = leader.get(PAGE, asked | {"actual": "5亿元", "target": "7个"}).content.decode()
    assert "单位不一致：实绩5亿元 和 目标7个 不能换算" in page


def test_a_calculation_that_is_none_is_not_there(leader: Client) -> None:
    assert leader.get(PAGE, {"do": "horoscope"}).status_code == 404
    assert (
        leader.get(PAGE, {"do": "growth", "way": "9", "actual": "1", "base": "1"}).status_code
        == 200
    )


def test_the_figures_of_the_run_are_one_click_away(leader: Client) -> None:
    page = leader.get(PAGE, {"do": "mean_required", **OWN}).content.decode()
    assert _said(page) == "目标120.00亿元，已完成44.00亿元，余下7个月，平均每期需完成10.86亿元。"
    assert "数取自示例县社会消费品零售总额2023年1—5月（数据截至6月6日，第1次运行）" in page
    page = leader.get(PAGE, {"do": "rank", **OWN}).content.decode()
    assert _said(page) == "示例县在5个中从高到低排第4位。"
    page = leader.get(PAGE, {"do": "pp_diff", **OWN}).content.decode()
    assert _said(page) == "6.5%比7.2%低0.7个百分点。"


def test_what_is_taken_is_what_the_run_holds(leader: Client, run: Any) -> None:
    """The texts filled in are the run's own printed figures."""
    table = pl.read_parquet(folder_of(run) / "measures.parquet")
    held = table.filter((pl.col("org") == "shilixian") & (pl.col("indicator") == "retail"))
    shown = {
        row["measure"]: f"{row['shown']}{row['unit']}"
        for row in held.iter_rows(named=True) if row["base"] in ("", "2022-01/05")
    }  # fmt: skip
    page = leader.get(PAGE, {"do": "completion", **OWN}).content.decode()
    assert f'name="actual" value="{shown["value"]}"' in page
    page = leader.get(PAGE, {"do": "growth", **OWN}).content.decode()
    assert f'value="{shown["last_year"]}"' in page
    page = leader.get(PAGE, {"do": "pace_gap", **OWN}).content.decode()
    assert f'value="{shown["completion"]}"' in page
    assert f"{shown['pace_gap'].removeprefix('-').removesuffix('百分点')}个百分点" in _said(page)


def test_what_is_not_released_is_not_handed_out(leader: Client, early: Client) -> None:
    asked = {"do": "growth", **OWN, "indicator": "profit"}
    page = leader.get(PAGE, asked).content.decode()
    assert "6.37" not in page and "还没发布，6月27日 10:00发布" in page
    assert "6.37" in early.get(PAGE, asked).content.decode()


def test_another_units_figures_are_not_handed_out(
    run: Any, users: SimpleNamespace, client_as: Any
) -> None:
    clerk = client_as(users.clerk)
    assert clerk.get(PAGE, {"do": "growth", **OWN, "org": "liuhe"}).status_code == 404
    assert clerk.get(PAGE, {"do": "growth"}).status_code == 200


def test_without_a_run_one_may_still_calculate(
    county: Any, users: SimpleNamespace, client_as: Any
) -> None:
    asked = {"do": "growth", "actual": "46.28亿元", "base": "39.22亿元"}
    page = client_as(users.leader).get(PAGE, asked).content.decode()
    assert "还没有可取的数" in page
    assert _said(page) == "本期46.28亿元，同期39.22亿元，增长18.0%。"


def test_pages_of_figures_lead_there(leader: Client) -> None:
    page = leader.get("/board/shilixian/retail/?period=2023-05&run=1").content.decode()
    [link] = re.findall(r'href="(/board/calc/[^"]+)"', page)
    filled = leader.get(link.replace("&amp;", "&")).content.decode()
    assert "平均每期需完成10.86亿元" in _said(filled)
    assert 'href="/board/calc/"' in leader.get("/board/").content.decode()


def test_a_bounded_number_of_questions(leader: Client, django_assert_max_num_queries: Any) -> None:
    leader.get(PAGE)
    with django_assert_max_num_queries(30):
        leader.get(PAGE, {"do": "rank", **OWN})
