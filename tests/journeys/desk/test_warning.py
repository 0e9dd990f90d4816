"""A warning from its cause to its end: read and explained by the unit, a duty drafted from it,
recovering with one month's run and closed with the next, told apart from 无数据 all the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.slow
TITLE = "青石镇新增规模以上工业企业：完成进度明显滞后"
MAY_IS_OUT = "2023-06-19T09:30:00+08:00"
JUNE_IS_OUT = "2023-07-20T09:30:00+08:00"
# What the township's return says of the month, by the one door through which figures come in.
RECEIVED = """
from decimal import Decimal
from diaodu.web.figures import actions as figures
from diaodu.web.shared import clock
now = clock.now()
figures.record(observations=[figures.new_figure(
    indicator="new_firms", org="qingshi", period="{period}", facet="level", track="flash",
    received=now.date(), unit="家", value=Decimal("{value}"), file="青石镇.xlsx", sheet="表1",
    cell="C5", sha256="a" * 64)], by=None, at=now, origin="import")
"""


def _run_and_publish(office: Any, period: str) -> None:
    page = office.page
    office.menu("运行")
    page.get_by_role("link", name="起一次运行").click()
    page.get_by_label("统计期").select_option(label=period)
    office.look()
    page.get_by_role("button", name="开始").click()
    publish = page.get_by_role("button", name="发布", exact=True)
    publish.wait_for(timeout=120_000)
    publish.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("发布说明").fill("经县统计局核对")
    dialog.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_role("button", name="撤回")).to_be_visible()
    office.look()


def _open_until(person: Any, here: str, phase: str) -> Page:
    """The worker judges after the run is published; no later than it does so every other minute."""
    page: Page = person.page
    stands = page.locator("ol.steps li.now")
    for _ in range(60):
        person.go(here)
        if stands.inner_text() == phase:
            break
        page.wait_for_timeout(500)
    expect(stands).to_have_text(phase)
    return page


def _course(page: Page) -> list[list[str]]:
    rows = page.locator("table.course-of tbody tr").all()
    return [
        [re.sub(r"\s+", "", cell) for cell in row.locator("th, td").all_inner_texts()]
        for row in rows
    ]


def test_a_warning_from_its_cause_to_its_end(desk: Any, sign_in: Callable[..., Any]) -> None:
    unit = sign_in(desk, "qingshi")
    page = unit.page
    unit.go("/warnings/")
    unit.picture("warnings-unit")
    page.get_by_role("link", name=TITLE).click()
    unit.look()
    here = page.url.removeprefix(desk.address)
    expect(page.locator("ol.steps li.now")).to_have_text("预警中")
    page.get_by_role("button", name="知悉", exact=True).click()
    expect(page.get_by_role("button", name="知悉", exact=True)).to_have_count(0)
    unit.look()
    page.get_by_label("原因").fill("1家企业的入库资料3月才备齐，市里按季审核。")
    page.get_by_label("措施").fill("6月10日前报齐佐证材料，专人对接市统计局。")
    page.get_by_role("button", name="填报", exact=True).click()
    expect(page.get_by_text("1家企业的入库资料3月才备齐").first).to_be_visible()
    unit.look()
    expect(page.get_by_role("link", name="据此起草交办")).to_have_count(0)

    office = sign_in(desk, "ducha")
    page = office.page
    office.go(here)
    expect(page.get_by_text("1家企业的入库资料3月才备齐").first).to_be_visible()
    office.picture("warning-explained")
    page.locator("a.btn-primary", has_text="据此起草交办").click()
    expect(page.get_by_text("请看过再交办")).to_be_visible()
    office.look()
    page.get_by_role("button", name="交办", exact=True).click()
    expect(page.get_by_text("已交办，示督交")).to_be_visible()
    expect(page.get_by_text(TITLE).first).to_be_visible()
    office.look()

    desk.serve(MAY_IS_OUT)
    desk.python(RECEIVED.format(period="2023-01/05", value=1))
    dispatch = sign_in(desk, "diaodu")
    _run_and_publish(dispatch, "2023年1—5月")
    page = _open_until(dispatch, here, "恢复中")
    dispatch.picture("warning-recovering")

    desk.serve(JUNE_IS_OUT)
    desk.python(RECEIVED.format(period="2023-01/06", value=1))
    dispatch = sign_in(desk, "diaodu")
    _run_and_publish(dispatch, "2023年1—6月")
    page = _open_until(dispatch, here, "已解除")
    expect(page.get_by_text("恢复后解除")).to_be_visible()
    expect(page.get_by_text("1家企业的入库资料3月才备齐").first).to_be_visible()
    newest = [row[:3] for row in _course(page)[:3]]
    assert newest == [
        ["2023年1—6月", "未触发", "已解除"],
        ["2023年1—5月", "未触发", "恢复中"],
        ["2023年1—4月", "触发", "预警中"],
    ]
    dispatch.picture("warning-closed")
    page.goto("/warnings/?phase=all&q=青石镇新增规模以上工业企业")
    expect(page.get_by_role("link", name=TITLE)).to_have_count(1)
    dispatch.look()
