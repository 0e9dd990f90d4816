"""The indicator page: what parts pull, what the rest of the year needs, last year's months, and
notes on points."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import openpyxl
import polars
import pytest
from django.test import Client

from diaodu.engine.rules.models import Indicator
from diaodu.web.board import actions
from diaodu.web.board.queries import rest
from diaodu.web.board.queries.notes import Place

URL = "/board/shilixian/retail/"
MAY = "2023-01/05"


def _text(client: Client, url: str = URL) -> str:
    found = re.sub(r"<[^>]+>", " ", client.get(url).content.decode())
    return re.sub(r"\s+", " ", found)


@pytest.fixture
def measures(leader: Client, run: Any, settings: Any) -> Callable[..., str]:
    """What the run's own file says is printed."""
    [file] = (settings.DIAODU_HOME / "runs").rglob("measures.parquet")
    table = polars.read_parquet(file)

    def shown(measure: str, indicator: str = "retail", org: str = "shilixian", **more: str) -> str:
        wanted = {"measure": measure, "indicator": indicator, "org": org, **more}
        found = table.filter(*(polars.col(name) == value for name, value in wanted.items()))
        [told] = found["shown"].to_list()
        return str(told)

    return shown


# -- parts -------------------------------------------------------------------------------------


def test_pulls_and_the_rest_are_the_growth(leader: Client, measures: Callable[..., str]) -> None:
    [one] = leader.get(URL).context["page"].pulls
    parts = {name: digits for name, digits, _ in one.spec["parts"]}
    assert list(parts) == ["城东街道", "青石镇", "其他"]
    for org, name in (("chengdong", "城东街道"), ("qingshi", "青石镇")):
        assert parts[name] == measures("pull", org=org, base="shilixian")
    name, total, _ = one.spec["total"]
    assert (name, total) == ("全县", measures("growth_published")) == ("全县", "6.5")
    assert sum(map(Decimal, parts.values())) == Decimal(total)
    assert one.silent == (("柳荷镇", "无数据"),)
    assert one.note.endswith("“其他”是各部分加起来与增速之差，不摊到各部分。")


def test_a_growth_of_another_scope_is_told(
    freeze: Callable[..., Any], figure: Callable[..., Any], users: SimpleNamespace, now: datetime,
    client_as: Callable[..., Client], frozen_clock: Any,
) -> None:  # fmt: skip
    from diaodu.web.figures import actions as figures

    real = figure("retail", "shilixian", MAY, "growth", "4.0", received=now.date())
    figures.record(observations=[real], by=users.statistics, at=now, origin="import")
    freeze()
    [one] = client_as(users.leader).get(URL).context["page"].pulls
    assert one.spec["parts"][-1][0] == "其他和价格口径"
    assert "公布增速4.0%，按总量算6.5%" in one.note


def test_a_whole_without_breakdown_has_no_pulls(leader: Client) -> None:
    assert leader.get("/board/shilixian/loans/").context["page"].pulls == []


# -- the rest of the year ------------------------------------------------------------------------


def test_what_each_target_still_needs(leader: Client, measures: Callable[..., str]) -> None:
    rest = leader.get(URL).context["page"].rest
    assert (rest.title, rest.months) == ("后7个月", "6—12月")
    growth, level = rest.needs
    assert level.name == "上级下达：120.00亿元以上"
    assert (level.left, level.mean) == ("76.00", "10.86")
    assert level.mean == measures("mean_required")
    assert growth.name == "上级下达：增长8.0%以上"
    assert (growth.left, growth.mean) == ("不按总量", "不按总量")
    needed = {one.growth for one in rest.needs}
    [of_level, of_growth] = [
        leader.get(URL).context["page"].row.targets[place].get("growth_needed").shown
        for place in (0, 1)
    ]
    assert needed == {of_level, of_growth}


def test_how_it_ran_and_how_last_years_rest_ran(leader: Client) -> None:
    told = "".join(leader.get(URL).context["page"].rest.says)
    assert "前5个月月均8.80亿元，去年6—12月月均10.00亿元。" in told  # 44 ÷ 5, 70 ÷ 7
    assert "上级下达：月均要比前5个月高23.4%。" in told  # 76 × 5 ÷ 7 ÷ 44


def test_last_years_months_say_where_it_will_be_hard(leader: Client) -> None:
    rest = leader.get(URL).context["page"].rest
    june, july, december = rest.bases
    assert (june.months, june.amount, june.growth, june.word) == ("6月", "10.00", "25.0", "基数高")
    assert (july.amount, july.growth, july.word) == ("9.00", "0.0", "基数不高")
    assert (december.months, december.growth, december.word) == ("8—12月", "算不出", "基数不高")
    assert rest.year == "3.5"
    assert "当月增速高于去年全年（3.5%）的为基数高" in _text(leader)


def test_a_balance_and_an_embargoed_figure_have_no_rest(leader: Client) -> None:
    assert leader.get("/board/shilixian/loans/").context["page"].rest is None
    page = leader.get("/board/shilixian/profit/").context["page"]
    assert page.rest is None and page.pulls == []


def test_a_share_of_the_year_has_no_months_to_be_held_against() -> None:
    """Differences of two shares stood there as 当月, with 当月增速 −100.0."""
    series = [
        SimpleNamespace(period=f"2022-01/{month:02d}", level=f"6{month % 3}.5", growth=None)
        for month in range(2, 13)
    ]
    row: Any = SimpleNamespace(
        period=MAY, embargoed=False, missing="", series=series, targets=(), level=None,
        get=lambda name: None,
    )  # fmt: skip
    share, amount = (
        Indicator(id="x", name="税收占比", unit=unit, basis="ytd") for unit in ("%", "亿元")
    )
    assert rest.of_row(row, share) is None
    of_amount = rest.of_row(row, amount)
    assert of_amount is not None and of_amount.has_amounts


def test_the_workbook_has_them_too(leader: Client) -> None:
    response = leader.get(f"{URL}export.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))

    def rows(sheet: str) -> list[list[Any]]:
        return [[cell.value for cell in row] for row in book[sheet].iter_rows()]

    pulls = {row[0]: row[2] for row in rows("各乡镇的拉动")}
    assert (pulls["城东街道"], pulls["全县"]) == (7.26, 6.5)
    needs = {row[0]: row[1:4] for row in rows("后7个月")}
    assert needs["上级下达：120.00亿元以上"] == [76, 10.86, "亿元"]
    assert ["6月", 10, 25, 4.5, "基数高"] in [row[:5] for row in rows("去年6—12月")]


# -- notes -----------------------------------------------------------------------------------------


def test_notes_stand_on_the_page_and_on_their_points(
    leader: Client, users: SimpleNamespace, now: datetime
) -> None:
    for period, text in ((MAY, "两家商场停业"), ("2023-01/04", "基数已核")):
        actions.pin(
            place=Place("retail", "shilixian", period), facet="growth", text=text, readers=None,
            by=users.owner, at=now,
        )  # fmt: skip
    page = leader.get(URL).context["page"]
    assert [one.note.text for one in page.threads] == ["两家商场停业"]
    assert [one.note.text for one in page.older_threads] == ["基数已核"]
    assert page.growth_chart["notes"] == [
        [4, "1", "批注1条：owner某"], [5, "1", "批注1条：owner某"],
    ]  # fmt: skip
    told = _text(leader)
    assert "两家商场停业" in told and "写批注" in told
    table = leader.get("/board/")
    assert [one.notes for one in table.context["table"].lines][:2] == [1, 0]
    assert "批注1" in table.content.decode()


def test_a_note_stays_through_a_revision_and_another_run(
    leader: Client, users: SimpleNamespace, now: datetime, figure: Callable[..., Any],
    freeze: Callable[..., Any],
) -> None:  # fmt: skip
    from diaodu.web.figures import actions as figures

    actions.pin(
        place=Place("retail", "shilixian", MAY), facet="", text="已核", readers=None,
        by=users.leader, at=now,
    )  # fmt: skip
    figures.record(
        observations=[figure("retail", "shilixian", MAY, "level", "43.00", received=now.date())],
        by=users.statistics, at=now, origin="import",
    )  # fmt: skip
    freeze()
    for number in (1, 2):
        page = leader.get(URL, {"run": str(number)}).context["page"]
        assert [one.note.text for one in page.threads] == ["已核"]


def test_embargoed_figures_show_no_notes(
    leader: Client, users: SimpleNamespace, now: datetime
) -> None:
    actions.pin(
        place=Place("profit", "shilixian", MAY), facet="", text="利润6.37亿元", readers=None,
        by=users.statistics, at=now,
    )  # fmt: skip
    page = leader.get("/board/shilixian/profit/")
    assert "利润6.37" not in page.content.decode()
    assert page.context["page"].threads == []
    assert not any(one.notes for one in leader.get("/board/").context["table"].lines)
