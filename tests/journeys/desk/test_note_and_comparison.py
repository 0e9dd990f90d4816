"""A leader remarks on a point of a chart for one person alone; it is answered on a phone, outlives
a revision and another run; what changed between the runs, and why, is told beside them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.slow
FIGURE = "/board/shilixian/industry_va/"
APRIL = "2023-01/04"
SAID, ANSWERED = "4月为什么只提高0.1点", "两家企业检修，5月恢复"
MARK = """() => JSON.parse(document.getElementById("growth").textContent).notes || []"""
# What the office does in between: a figure revised, the month run once more and published.
REVISE = f"""
from decimal import Decimal
from diaodu.web.figures import actions as figures
from diaodu.web.people import queries as people
from diaodu.web.runs import actions as runs
from diaodu.web.shared import clock
now = clock.now()
figures.record(observations=[figures.new_figure(
    indicator="industry_va", org="shilixian", period="{APRIL}", facet="growth", track="flash",
    received=now.date(), unit="%", value=Decimal("7.6"), file="更正.xlsx", sheet="表1", cell="C5",
    sha256="a" * 64)], by=None, at=now, origin="import", reason="企业报错，核实后更正")
run = runs.freeze(period="2023-04", as_of=now.date(), note="更正后", by=None, at=now)
runs.carry_out(run_id=run.pk, now=lambda: now)
run.refresh_from_db()
runs.publish(run=run, note="更正后", by=None, at=now)
"""
WIDTHS = ((1366, 768), (1920, 1080), (390, 844))


def test_a_remark_is_answered_and_outlives_a_revision_that_the_comparison_explains(
    desk: Any, sign_in: Callable[..., Any], tmp_path: Path
) -> None:
    leader = sign_in(desk, "xianzhang")
    owner = sign_in(desk, "gongxinju", width=390, height=844)
    note = _remark(leader)
    _nobody_else_reads_it(sign_in(desk, "zhidu"), note)
    _answer(owner, note)

    desk.python(REVISE)
    leader.go(FIGURE)
    expect(leader.page.locator(".meta")).to_contain_text("第4次运行")
    expect(leader.page.locator("#notes .thread")).to_contain_text([SAID])
    expect(leader.page.locator("#notes .replies")).to_contain_text(ANSWERED)
    assert leader.page.evaluate(MARK) == [[4, "1", "批注1条：周明远"]]
    _at_every_width(leader, "journey-note-on-figure")

    beside = leader.page.locator("#beside")
    expect(beside).to_contain_text("企业报错，核实后更正")
    leader.go("/board/compare/?kind=run&period=2023-04&a=3&b=4")
    line = leader.page.locator("table.dt tbody tr").filter(has_text="规模以上工业增加值")
    expect(line).to_contain_text(re.compile("8\\.0.*7\\.6.*−0\\.4", re.S))
    expect(line).to_contain_text("数据修订")
    expect(line).to_contain_text("企业报错，核实后更正")
    _at_every_width(leader, "journey-compare-runs")
    book = leader.download(leader.page.get_by_role("link", name="导出表格").click, tmp_path)
    cells = [cell.value for row in openpyxl.load_workbook(book).active.iter_rows() for cell in row]
    assert 7.6 in cells and -0.4 in cells

    _two_periods_and_two_orgs(leader)
    _settle(owner, note)


def _remark(leader: Any) -> str:
    """Written on the point of April for the owner alone; where its page is."""
    page: Page = leader.page
    leader.go(FIGURE)
    page.get_by_label("写在哪一期").select_option(label="2023年1—4月")
    page.get_by_role("button", name="写批注").click()
    expect(page.locator(".meta")).to_contain_text("2023年1—4月")
    page.get_by_label("批注", exact=True).fill(SAID)
    page.get_by_label("针对").select_option(label="增速")
    page.get_by_label("只给指定的人看").check()
    reader = page.get_by_role("listbox")
    reader.select_option(label=reader.locator("option", has_text="施雪琴").inner_text())
    leader.look()
    page.get_by_role("button", name="写上").click()
    expect(page.get_by_text("只给施雪琴看")).to_be_visible()
    leader.look()
    return page.url.removeprefix(leader.desk.address)


def _nobody_else_reads_it(other: Any, note: str) -> None:
    other.go(FIGURE)
    expect(other.page.locator("#notes")).to_contain_text("这个数还没有批注")
    expect(other.page.get_by_role("button", name="写批注")).to_have_count(0)
    assert other.page.evaluate(MARK) == []
    other.expect_refusal(404)
    other.go(note)


def _answer(owner: Any, note: str) -> None:
    """By the list of one's own notes, on a phone."""
    owner.go("/board/notes/")
    owner.page.get_by_role("link", name="规模以上工业增加值").click()
    owner.look()
    assert owner.page.url.endswith(note)
    owner.page.get_by_label("回复").fill(ANSWERED)
    owner.page.get_by_role("button", name="回复").click()
    expect(owner.page.locator(".replies")).to_contain_text(ANSWERED)
    owner.look()
    owner.picture("journey-note-answered-390")


def _settle(owner: Any, note: str) -> None:
    owner.go(note)
    owner.page.get_by_role("button", name="办结").click()
    expect(owner.page.locator(".thread")).to_contain_text("已办结")
    owner.look()


def _two_periods_and_two_orgs(leader: Any) -> None:
    page: Page = leader.page
    page.get_by_role("link", name="两期").click()
    leader.look()
    page.get_by_label("先看").select_option(label="2023年1—3月")
    page.get_by_label("后看").select_option(label="2023年1—4月")
    page.get_by_role("button", name="比", exact=True).click()
    expect(page.locator(".meta")).to_contain_text("2023年1—3月与2023年1—4月")
    expect(page.locator("table.dt tbody tr").first).to_be_visible()
    leader.look()
    page.get_by_role("link", name="两个单位").click()
    leader.look()
    page.get_by_label("后看").select_option(label="东林区")
    page.get_by_role("button", name="比", exact=True).click()
    expect(page.locator(".meta")).to_contain_text("示例县与东林区")
    _at_every_width(leader, "journey-compare-orgs")


def _at_every_width(person: Any, name: str) -> None:
    for width, height in WIDTHS:
        person.page.set_viewport_size({"width": width, "height": height})
        person.look()
        person.picture(f"{name}-{width}")
        assert person.page.evaluate("document.scrollingElement.scrollWidth") <= width, width
    person.page.set_viewport_size({"width": 1366, "height": 768})
