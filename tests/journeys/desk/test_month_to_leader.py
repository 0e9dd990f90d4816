"""The office runs and publishes the month; the leader reads it, down to the cell."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import openpyxl
from playwright.sync_api import expect

RELEASED = "2023-06-18T09:00:00+08:00"
THE_DAY_BEFORE = "2023-06-17T09:00:00+08:00"
MINUS = "−"
Visit = Callable[..., Any]


def start_and_publish(office: Any) -> None:
    page = office.page
    office.menu("运行")
    page.get_by_role("link", name="起一次运行").click()
    page.get_by_label("统计期").select_option(label="2023年1—5月")
    page.get_by_label("说明").fill("5月调度会用")
    office.look()
    page.get_by_role("button", name="开始").click()
    # It tells how far it is, by itself, and ends by itself.
    expect(page.locator("#progress")).to_contain_text(re.compile("排队等待计算|正在计算"))
    office.look()
    publish = page.get_by_role("button", name="发布", exact=True)
    publish.wait_for(timeout=120_000)
    expect(page.locator("#progress")).to_have_count(0)
    expect(page.locator("dl.kv")).to_contain_text("5月调度会用")
    office.look()
    office.picture("journey-office-run-done")

    publish.click()
    dialog = page.get_by_role("dialog")
    office.look()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    publish.click()
    dialog.get_by_label("发布说明").fill("经县统计局核对")
    dialog.get_by_role("button", name="发布", exact=True).click()
    expect(page.get_by_role("button", name="撤回")).to_be_visible()
    expect(page.locator("dl.kv")).to_contain_text("经县统计局核对")
    office.look()


def test_run_publish_read_drill_take_along(desk: Any, sign_in: Visit, tmp_path: Path) -> None:
    desk.serve(RELEASED)
    start_and_publish(sign_in(desk, "diaodu"))

    leader = sign_in(desk, "xianzhang")
    page = leader.page
    leader.menu("一张表")
    expect(page.locator(".meta")).to_contain_text("第4次运行")
    expect(page.locator(".meta")).to_contain_text("2023年1—5月")
    leader.picture("journey-leader-board")
    rows = page.locator("table.grid tbody tr")
    every = rows.count()

    # Sorted by growth, the lowest first.
    page.get_by_role("link", name="增速 %", exact=True).click()
    leader.look()
    growths = [
        float(text.replace(MINUS, "-").replace("持平", "0"))
        for text in rows.locator("td b:not(.bad)").all_inner_texts()
        if re.fullmatch(rf"{MINUS}?\d+\.\d|持平", text)
    ]
    assert len(growths) > 3 and growths == sorted(growths)

    # Only what is to be watched; the address is one to send to a colleague.
    with page.expect_response(lambda answer: "/board/body/" in answer.url):
        page.get_by_label("亮灯", exact=True).select_option(label="关注")
    expect(page).to_have_url(re.compile("light=watch"))
    some = rows.count()
    assert 0 < some < every
    expect(rows.locator(".lt.watch")).to_have_count(some)
    leader.go(page.url)
    expect(rows).to_have_count(some)

    # What is taken along as a workbook has the page's numbers.
    on_page = {
        line.locator("th a").inner_text(): line.inner_text().replace(MINUS, "-")
        for line in rows.all()
    }
    book = leader.download(page.get_by_role("link", name="导出表格").click, tmp_path)
    assert "第4次运行" in book.name
    in_book = _rows_by_name(book, on_page)
    assert in_book.keys() == on_page.keys()
    for name, cells in in_book.items():
        for shown in cells:
            assert shown in on_page[name], f"{name}: {shown} is not on the page: {on_page[name]}"

    # Printed: the sheet alone.
    page.emulate_media(media="print")
    expect(page.locator("header.bar")).to_be_hidden()
    expect(page.get_by_role("button", name="打印")).to_be_hidden()
    expect(rows.first).to_be_visible()
    leader.picture("journey-leader-print")
    page.emulate_media(media="screen")


def test_drill_to_cell_file_and_person(desk: Any, sign_in: Visit) -> None:
    desk.serve(RELEASED)
    statistics = sign_in(desk, "tongji")
    page = statistics.page
    statistics.go("/board/")
    page.locator("table.grid tbody th").get_by_role("link", name="固定资产投资").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("固定资产投资")
    statistics.look()
    statistics.picture("journey-indicator")

    opener = page.get_by_role("link", name="为什么是这个数")
    opener.click()
    drawer = page.get_by_role("complementary", name="为什么是这个数")
    expect(drawer).to_be_visible()
    expect(page).to_have_url(re.compile("/why/"))
    statistics.look()
    for _ in range(6):
        closed = drawer.locator("details:not([open]) > summary:visible")
        if not closed.count():
            break
        closed.first.click()
    source = drawer.locator("dl.source").first
    expect(source).to_be_visible()
    for told in ("文件", "填报", "审核"):
        expect(source).to_contain_text(told)
    statistics.look()
    statistics.picture("journey-why")

    # The drawer has an address of its own; Esc closes it and gives the focus back.
    statistics.go(page.url)
    expect(drawer).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(page).not_to_have_url(re.compile("/why/"))
    opener.focus()
    page.keyboard.press("Enter")
    expect(drawer).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(opener).to_be_focused()


def test_nothing_before_its_release(desk: Any, sign_in: Visit) -> None:
    """The run is published a day early; its figures open by themselves when their time comes."""
    desk.serve(THE_DAY_BEFORE)
    start_and_publish(sign_in(desk, "diaodu"))
    leader = sign_in(desk, "xianzhang")
    leader.go("/board/?period=2023-05")
    expect(leader.page.locator(".meta")).to_contain_text("第4次运行")
    line = leader.page.locator("table.grid tbody tr").filter(has_text="固定资产投资").first
    expect(line).to_contain_text("未发布")
    expect(line.locator(".lt")).to_have_text("未发布")

    desk.serve(RELEASED)
    leader = sign_in(desk, "xianzhang")
    leader.go("/board/?period=2023-05")
    expect(leader.page.locator(".meta")).to_contain_text("第4次运行")
    line = leader.page.locator("table.grid tbody tr").filter(has_text="固定资产投资").first
    expect(line).not_to_contain_text("未发布")


def _rows_by_name(book: Path, names: Any) -> dict[str, list[str]]:
    """The printed decimals of each indicator's row in the workbook's first sheet."""
    found: dict[str, list[str]] = {}
    sheet = openpyxl.load_workbook(book).worksheets[0]
    for row in sheet.iter_rows():
        name = next((str(cell.value) for cell in row[:4] if cell.value in names), None)
        if name:
            found[name] = [_as_shown(cell) for cell in row if isinstance(cell.value, float)]
    return found


def _as_shown(cell: Any) -> str:
    """By the cell's number format: the exact value behind it may have more digits."""
    decimals = len(cell.number_format.split(";")[0].partition(".")[2].strip('"'))
    return f"{Decimal(str(cell.value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):,f}"
