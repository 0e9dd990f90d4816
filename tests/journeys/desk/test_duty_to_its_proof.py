"""A red light becomes a duty: signed for, answered without proof, refused, answered with proof,
verified, closed when the figure says so, and opened again by a revised one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from diaodu.adapters.table_xlsx import table_xlsx

pytestmark = pytest.mark.slow
FIGURE = "/board/qingshi/project_investment/"
LATER = "2023-07-25T09:30:00+08:00"
RECORD = """
from decimal import Decimal
from diaodu.web.figures import actions as figures
from diaodu.web.runs import actions as runs
from diaodu.web.shared import clock
now = clock.now()
figures.record(observations=[figures.new_figure(
    indicator="project_investment", org="qingshi", period="2023-01/06", facet="level",
    track="flash", received=now.date(), unit="亿元", value=Decimal("{value}"), file="来表.xlsx",
    sheet="表1", cell="C5", sha256="a" * 64)], by=None, at=now, origin="import")
runs.rebuild_live(periods=["2023-06"], at=now)
"""


def _act(page: Page, name: str, text: str = "") -> None:
    """Open the act on the duty's page, say what it asks for, do it."""
    button = page.locator("button", has_text=re.compile(rf"^{name}$"))  # unseen while folded
    deed = page.locator(".deed").filter(has=button)
    if deed.evaluate("one => one.tagName === 'DETAILS' && !one.open"):
        deed.locator("summary").click()
    if text:
        deed.locator("textarea").fill(text)
    deed.get_by_role("button", name=name, exact=True).click()


def test_a_red_light_becomes_a_duty_and_is_closed_on_proof(
    desk: Any, visit: Any, tmp_path: Any
) -> None:
    office = visit(desk, "ducha")
    office.sign_in()
    office.go(FIGURE)
    office.page.get_by_role("link", name="据此起草交办").click()
    expect(office.page.get_by_text("请看过再交办")).to_be_visible()
    office.look()
    office.picture("duty-drafted-1366")
    person = office.page.get_by_label("承办人")
    person.select_option(label=person.locator("option", has_text="青石镇分管领导").inner_text())
    office.page.get_by_role("button", name="交办", exact=True).click()
    expect(office.page.get_by_text("已交办，示督交")).to_be_visible()
    office.look()
    here = office.page.url.removeprefix(desk.address)

    unit = visit(desk, "qingshi_fenguan", width=390, height=844)
    unit.sign_in()
    unit.go(here)
    unit.picture("phone-duty-390")
    _act(unit.page, "签收")
    expect(unit.page.get_by_text("已签收")).to_be_visible()
    _act(unit.page, "反馈", "已开会研究，2个项目本月入库")
    expect(unit.page.get_by_text("已反馈")).to_be_visible()
    unit.look()

    office.expect_refusal(422)
    office.go(here)
    _act(office.page, "核实")
    expect(
        office.page.get_by_text("不能核实：缺主要负责人研究、现场督导、对上衔接")
    ).to_be_visible()
    office.look()
    _act(office.page, "退回补充", "缺三项凭证")
    expect(office.page.get_by_text("已退回补充")).to_be_visible()
    office.look()

    unit.go(here)
    for proof in ("主要负责人研究", "现场督导", "对上衔接"):
        unit.page.get_by_text("交凭证", exact=True).click()
        unit.page.get_by_label("证明哪一项").select_option(proof)
        file = tmp_path / f"{proof}.xlsx"
        file.write_bytes(table_xlsx(proof, ("序号", "内容"), [(1, proof)]))
        unit.page.locator("input[type=file]").set_input_files(file)
        unit.page.get_by_role("button", name="交上").click()
        expect(unit.page.get_by_text("凭证已收到")).to_be_visible()
        unit.look()
    _act(unit.page, "反馈", "三项凭证已补齐")
    expect(unit.page.get_by_text("已反馈")).to_be_visible()
    unit.look()

    office.go(here)
    office.page.get_by_role("link", name="预览").first.click()
    expect(office.page.locator("#drawer").get_by_text("主要负责人研究").first).to_be_visible()
    office.look()
    office.page.keyboard.press("Escape")
    _act(office.page, "核实")
    expect(office.page.get_by_text("已核实", exact=True)).to_be_visible()
    office.look()
    office.picture("duty-verified-1366")
    _act(office.page, "销号")
    expect(office.page.get_by_text("不能销号：").first).to_be_visible()
    office.look()

    desk.serve(LATER)
    desk.python(RECORD.format(value="5.20"))
    later = visit(desk, "ducha")
    later.sign_in()
    later.go(here)
    _act(later.page, "销号")
    expect(later.page.get_by_text("已销号").first).to_be_visible()
    later.look()
    desk.python(RECORD.format(value="2.05"))
    for _ in range(40):
        later.go(here)
        if later.page.get_by_text("数据更正后不再够销号条件").count():
            break
        later.page.wait_for_timeout(500)
    expect(later.page.get_by_text("数据更正后不再够销号条件")).to_be_visible()
    later.picture("duty-reopened-1366")
