"""A meeting from its agenda to minutes to duties to the first page of the next one."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

NEXT = "5月经济运行调度会"
WHOLE = "青石镇6月30日前补报固定资产投资入库项目，新入库不少于8000万元"
OPEN = "商务局尽快走访限上零售额下降的企业"


def test_a_meeting_and_the_next(desk: Any, sign_in: Callable[..., Any], tmp_path: Path) -> None:
    office = sign_in(desk, "diaodu")
    page = office.page
    office.menu("会议")
    page.get_by_role("link", name=NEXT).click()
    office.look()
    expect(page.get_by_role("heading", name="上次会议落实情况")).to_be_visible()
    expect(page.get_by_text("上次会议交办4件")).to_be_visible()
    expect(page.locator("ol.agenda .why").first).to_be_visible()
    office.picture("meeting-planned")

    page.get_by_role("button", name="开会", exact=True).click()
    page.locator("dialog[open]").get_by_role("button", name="开会").click()
    expect(page.get_by_role("heading", name="下一条")).to_be_visible()
    office.look()
    _say(page, WHOLE)
    expect(page.get_by_text("请问清：承办人")).to_be_visible()
    office.look()
    _choose_first(page, "承办人", "青石镇")
    page.get_by_role("button", name="记下").click()
    expect(page.locator("table tbody tr")).to_have_count(1)

    _say(page, OPEN)
    expect(page.get_by_text("请问清：承办人、哪天前")).to_be_visible()
    page.get_by_role("button", name="记下").click()  # not known yet
    expect(page.get_by_text("缺：承办人、哪天前")).to_be_visible()
    office.picture("minutes")
    page.get_by_role("link", name="回到会议").click()
    office.expect_refusal(422)
    _close(page)
    expect(page.get_by_text("没有写明承办人、哪天前")).to_be_visible()
    office.look()

    page.get_by_role("link", name="去补齐").click()
    page.locator("tr", has_text="尽快走访").get_by_role("link", name="改").click()
    office.look()
    _choose_first(page, "承办人", "县商务局")
    page.get_by_label("哪天前（最晚）").fill("2023-06-25")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("link", name="回到会议").click()
    _close(page)
    expect(page.get_by_text("已开完")).to_be_visible()
    expect(page.get_by_text("示督交〔2023〕").first).to_be_visible()
    office.look()
    office.picture("meeting-held")
    paper = office.download(lambda: page.get_by_role("link", name="通报（Word）").click(), tmp_path)
    with zipfile.ZipFile(paper) as parts:
        assert "补报固定资产投资入库项目" in str(parts.read("word/document.xml"), "utf-8")
    table = office.download(
        lambda: page.get_by_role("link", name="清单（Excel）").click(), tmp_path
    )
    assert table.suffix == ".xlsx"

    office.menu("会议")
    page.get_by_role("link", name="筹备一次会议").click()
    office.look()
    page.get_by_label("会议名称").fill("6月经济运行调度会")
    page.get_by_label("开会时间").fill("2023-07-14T15:00")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("上次会议交办2件：待签收2件。")).to_be_visible()
    expect(page.get_by_role("link", name="补报固定资产投资入库项目")).to_be_visible()
    office.look()
    office.picture("meeting-next")


def test_the_unit_is_reminded_and_urged(desk: Any, sign_in: Callable[..., Any]) -> None:
    supervisor = sign_in(desk, "ducha")
    page = supervisor.page
    supervisor.go("/urging/steps/")
    row = page.locator("tbody tr", has_text="青石镇").first
    expect(row).to_contain_text("已逾期1天")
    supervisor.picture("steps")
    row.get_by_role("link", name="办", exact=True).click()
    supervisor.look()
    page.get_by_role("button", name="催办", exact=True).click()
    expect(page.get_by_role("heading", name="文书")).to_be_visible()
    number = page.locator("tbody th").first.inner_text()
    assert number.startswith("示督催〔2023〕")
    supervisor.look()

    unit = sign_in(desk, "qingshi_lingdao")
    unit.go("/urging/")
    expect(unit.page.get_by_text(f"青石镇催办（{number}）")).to_be_visible()
    unit.picture("reminders")
    unit.go("/urging/letters/")
    expect(unit.page.get_by_text(number)).to_be_visible()
    expect(unit.page.get_by_role("button", name="作废")).to_have_count(0)


def _say(page: Any, line: str) -> None:
    page.get_by_label("谁、办什么、哪天前").fill(line)
    page.get_by_label("谁、办什么、哪天前").press("Enter")


def _choose_first(page: Any, label: str, unit: str) -> None:
    """The first of that unit's people."""
    group = page.get_by_label(label).locator(f"optgroup[label='{unit}'] option").first
    page.get_by_label(label).select_option(group.get_attribute("value"))


def _close(page: Any) -> None:
    page.get_by_role("button", name="散会并交办").click()
    page.locator("dialog[open]").get_by_role("button", name="散会并交办").click()
