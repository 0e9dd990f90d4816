"""A year's targets: pasted from Excel with a sum that is off by 0.01, mended, taken apart by last
year's shape, locked, and re-based in July with a decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

JULY = "2023-07-10T09:30:00+08:00"
GRID = "/targets/{}/outside_funds/level/?tier=working"
WHOLE = "650,000.00"
PASTE = """(cell, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const how = { clipboardData: data, bubbles: true, cancelable: true };
  cell.dispatchEvent(new ClipboardEvent("paste", how));
}"""


def test_the_years_targets(desk: Any, sign_in: Callable[..., Any]) -> None:
    desk.serve(JULY)
    office = sign_in(desk, "diaodu")
    page = office.page
    office.menu("目标")
    office.picture("targets-years")
    page.locator("section", has_text="2023年").get_by_role("link", name="第1版", exact=True).click()
    office.look()
    office.picture("targets-locked")
    page.get_by_role("button", name="调整目标").click()
    asking = page.locator("dialog[open]")
    asking.get_by_label("为什么调整").fill("省里上半年调减到位资金任务")
    asking.get_by_role("button", name="另起一版").click()
    expect(page.get_by_text("拟定中")).to_be_visible()
    office.look()
    draft = page.url.rstrip("/").rsplit("/", 1)[1]

    office.go(GRID.format(draft))
    block = page.locator("tbody[data-tier=working]")
    units = block.locator("tr[data-org]")
    names = [one.locator("th").inner_text() for one in units.all()]
    names = [name for name in names if "开发区" not in name]
    below = len(names) - 1
    each = 650_000 // below
    values = [each] * (below - 1) + [650_000 - each * (below - 1)]
    texts = [f"{one}.00" for one in values]
    texts[-1] = f"{values[-1] - 1}.99"
    lines = [f"{names[0]}\t{WHOLE}", *(f"{n}\t{t}" for n, t in zip(names[1:], texts, strict=True))]
    first = units.first.locator("input").first
    first.evaluate(PASTE, "\n".join(["单位\t全年", *lines, "不知道的镇\t12"]))
    expect(page.locator("#state")).to_contain_text("已保存")
    expect(page.locator("#told")).to_contain_text("表格里没有“不知道的镇”这个单位")
    off = block.locator("tr.off td").first
    expect(off).to_have_text("还差0.01")
    office.look()
    office.picture("targets-off-by-a-cent")
    page.goto(f"/targets/{draft}/lock/")
    expect(page.get_by_text("少0.01亿元")).to_be_visible()
    expect(page.get_by_role("button", name="锁定", exact=True)).to_be_disabled()
    office.look()
    office.picture("targets-not-yet")

    office.go(GRID.format(draft))
    last = units.last.locator("input").first
    last.fill(f"{values[-1]}.00")
    expect(off).to_have_text("相等")
    last.press("Enter")
    expect(page.locator("#state")).to_contain_text("已保存")

    # To look at a cell changes nothing; Esc takes back what was typed and not saved yet.
    last.click()
    page.keyboard.type("1")
    expect(off).not_to_have_text("相等")
    page.keyboard.press("Escape")
    expect(off).to_have_text("相等")
    page.keyboard.press("ArrowUp")
    page.wait_for_load_state("networkidle")
    page.reload()
    expect(last).to_have_value(f"{values[-1]:,}.00")
    expect(off).to_have_text("相等")

    page.locator("details.spread summary").click()
    page.get_by_label("哪个层级").select_option("working")
    page.get_by_label("怎样分").select_option("orgs:last_year")
    page.get_by_role("button", name="分一分").click()
    expect(page.get_by_text("已分好，改了")).to_be_visible()
    expect(block.locator("tr.off td").first).to_have_text("相等")
    office.look()
    page.locator("details.spread summary").click()
    page.get_by_label("哪个层级").select_option("working")
    page.get_by_label("怎样分").select_option("months:last_year")
    page.get_by_label("哪个单位").select_option("shilixian")
    page.get_by_role("button", name="分一分").click()
    expect(block.locator("tr[data-org=shilixian] .gapcell")).to_have_text("相等")
    office.look()
    office.picture("targets-by-last-year")
    page.locator("[data-undo]").first.click()
    expect(page.locator("#told")).to_contain_text("已撤销")
    expect(block.locator("tr[data-org=shilixian] input").nth(3)).to_have_value("")

    office.go(f"/targets/{draft}/lock/")
    expect(page.get_by_text("没有不对的地方")).to_be_visible()
    page.get_by_label("依据的文件或会议").fill("县政府第12次常务会议纪要〔2023〕12号")
    page.get_by_label("从哪天起有效").fill("2023-07-10")
    office.picture("targets-to-lock")
    page.get_by_role("button", name="锁定", exact=True).click()
    expect(page.get_by_text("已锁定")).to_be_visible()
    expect(page.get_by_text("2023年7月10日起有效")).to_be_visible()
    office.look()
    page.get_by_role("link", name="与第1版比").click()
    expect(page.get_by_text(f"新增{below + 1}条")).to_be_visible()
    office.look()
    office.picture("targets-compared")
    office.go(GRID.format(draft))
    expect(page.locator("input.cell")).to_have_count(0)

    clerk = sign_in(desk, "qingshi")
    clerk.go(GRID.format(draft))
    expect(clerk.page.get_by_role("link", name="青石镇").first).to_be_visible()
    expect(clerk.page.get_by_role("link", name="云岭镇")).to_have_count(0)
    clerk.picture("targets-clerk")
