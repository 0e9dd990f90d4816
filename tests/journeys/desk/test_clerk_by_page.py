"""A clerk fills a form in the browser: mistakes are told at the row, nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Locator, Page, expect

FORM = "/intake/2023-05/county_monthly/caizhengju/"
REVENUE, NONTAX, SPENDING = "一般公共预算收入", "非税收入", "一般公共预算支出"
Visit = Callable[..., Any]


def cell(page: Page, name: str) -> Locator:
    return page.get_by_role("textbox", name=re.compile(f"{name}（"))


def row(page: Page, name: str) -> Locator:
    return page.locator("table.grid tbody tr").filter(has=page.locator("th", has_text=name))


@contextmanager
def saving(page: Page, status: int = 200) -> Iterator[None]:
    with page.expect_response(lambda answer: "/save/" in answer.url) as answer:
        yield
    assert answer.value.status == status
    settled(page)


def settled(page: Page) -> None:
    """What came back stands on the page and answers to clicks."""
    expect(page.locator("#saved")).not_to_have_text("正在保存")
    expect(page.locator(".htmx-added, .htmx-request, .htmx-settling")).to_have_count(0)


def typed(page: Page, name: str, text: str, status: int = 200) -> None:
    """Type as people do: into the cell, then on with Enter."""
    with saving(page, status):
        cell(page, name).fill(text)
        cell(page, name).press("Enter")


def opened(sign_in: Visit, desk: Any) -> Any:
    clerk = sign_in(desk, "caizhengju")
    clerk.menu("报送")
    clerk.page.get_by_role("link", name="全县主要指标月报表").click()
    clerk.page.wait_for_url(f"**{FORM}")
    clerk.look()
    return clerk


def test_mistakes_are_mended_explained_and_the_form_handed_in(desk: Any, sign_in: Visit) -> None:
    clerk = opened(sign_in, desk)
    page = clerk.page
    submit = page.get_by_role("button", name="提交签字")
    todo = page.get_by_label("要处理的", exact=True)
    expect(submit).to_be_disabled()
    expect(page.locator("#why")).to_have_text("还有1格没有填完，填完才能提交")

    # A part larger than its total: told in both rows' check column and in the list.
    typed(page, NONTAX, "9.99")
    expect(row(page, NONTAX)).to_contain_text("必须改")
    expect(todo).to_contain_text(f"必须改：{NONTAX}")
    expect(page.locator("#status")).to_contain_text("1处必须改")
    expect(submit).to_be_disabled()
    clerk.look()
    clerk.picture("journey-clerk-part-too-large")

    # Letters in a number.
    typed(page, SPENDING, "18.4a")
    expect(row(page, SPENDING)).to_contain_text("必须改")
    expect(cell(page, SPENDING)).to_have_value("18.4a")
    expect(todo).to_contain_text(f"必须改：{SPENDING}")
    expect(page.locator("#status")).to_contain_text("2处必须改")
    clerk.look()

    # The list leads to the row.
    todo.get_by_role("link", name=re.compile(f"必须改：{SPENDING}")).click()
    expect(page).to_have_url(re.compile("#row3$"))

    # Mended; emptied; no figure this period, with a reason.
    typed(page, NONTAX, "1.42")
    expect(row(page, NONTAX)).to_contain_text("通过")
    typed(page, SPENDING, "")
    with page.expect_response(lambda answer: "/none/" in answer.url):
        todo.get_by_label(f"没有数的原因：{SPENDING}").select_option("按制度本期不报")
    expect(row(page, SPENDING)).to_contain_text("无：按制度本期不报")

    # An odd figure has to be explained, and stays marked when it is.
    typed(page, REVENUE, "24.74")
    expect(row(page, REVENUE)).to_contain_text("要说明")
    expect(submit).to_be_disabled()
    while (left := todo.locator(".it.is-explain")).count():
        item = left.first
        with page.expect_response(lambda answer: "/explain/" in answer.url):
            item.get_by_placeholder("写明原因").fill("一次性税款入库，凭证已核对")
            item.get_by_role("button", name="说明", exact=True).click()
        settled(page)
    expect(row(page, REVENUE)).to_contain_text("已说明")
    clerk.look()
    clerk.picture("journey-clerk-explained")

    expect(submit).to_be_enabled()
    submit.click()
    expect(page.locator("#status")).to_contain_text("已提交待签字")
    expect(page.locator("ol.course")).to_contain_text("提交")
    expect(cell(page, REVENUE)).to_have_count(0)
    clerk.look()


def test_a_block_from_a_table_undo_and_keys(desk: Any, sign_in: Visit) -> None:
    clerk = opened(sign_in, desk)
    page = clerk.page
    before = [cell(page, one).input_value() for one in (REVENUE, NONTAX, SPENDING)]

    with saving(page):
        cell(page, REVENUE).focus()
        page.evaluate(
            """() => {
              const data = new DataTransfer();
              data.setData("text/plain", "4.75\\r\\n1.43\\r\\n16.90\\r\\n7\\r\\n");
              document.activeElement.dispatchEvent(new ClipboardEvent(
                "paste", { clipboardData: data, bubbles: true, cancelable: true }));
            }"""
        )
    for name, text in ((REVENUE, "4.75"), (NONTAX, "1.43"), (SPENDING, "16.90")):
        expect(cell(page, name)).to_have_value(text)
    expect(page.locator("#status")).to_contain_text("已填3格，共3格")
    expect(row(page, SPENDING)).to_contain_text("通过")

    # What did not fit is told, not dropped in silence.
    expect(page.locator("#clash")).to_contain_text("有1格没有地方放")
    clerk.look()

    with page.expect_response(lambda answer: "/undo/" in answer.url):
        page.get_by_role("button", name="撤销", exact=True).click()
    for name, text in zip((REVENUE, NONTAX, SPENDING), before, strict=True):
        expect(cell(page, name)).to_have_value(text)

    # Enter and the arrows walk the column; no hand leaves the keys.
    cell(page, REVENUE).focus()
    page.keyboard.press("Enter")
    expect(cell(page, NONTAX)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(cell(page, SPENDING)).to_be_focused()
    page.keyboard.press("Shift+Enter")
    expect(cell(page, NONTAX)).to_be_focused()
    with saving(page):
        page.keyboard.type("1.44")
        page.keyboard.press("Tab")
    page.reload()
    expect(cell(page, NONTAX)).to_have_value("1.44")
    clerk.look()


def test_what_is_typed_outlives_the_session(desk: Any, sign_in: Visit) -> None:
    clerk = opened(sign_in, desk)
    page = clerk.page
    page.context.clear_cookies(name="sessionid")
    clerk.expect_refusal(401)

    cell(page, SPENDING).fill("17.35")
    cell(page, SPENDING).press("Enter")
    expect(page.get_by_role("alert").filter(has_text="登录已过期")).to_be_visible()
    expect(cell(page, SPENDING)).to_have_value("17.35")
    expect(page.locator("#saved")).to_have_text("还没有保存，连上或登录后自动再存")
    clerk.look()

    # Sign in by the link of the notice, in a window of its own, and come back: it is sent again.
    with page.context.expect_page() as opened_window:
        page.get_by_role("link", name="在新窗口登录").click()
    window = opened_window.value
    window.get_by_label("用户名").fill("caizhengju")
    window.get_by_label("密码").fill(desk.passwords["caizhengju"])
    window.get_by_role("button", name="登录").click()
    window.wait_for_url(lambda url: "/accounts/login/" not in url)
    window.close()
    with saving(page):
        page.bring_to_front()
    expect(row(page, SPENDING)).to_contain_text("通过")
    page.reload()
    expect(cell(page, SPENDING)).to_have_value("17.35")
    clerk.look()


def test_two_clerks_at_one_form_lose_nothing(desk: Any, sign_in: Visit) -> None:
    desk.python(
        "from diaodu.web.people.models import User, Membership\n"
        "head = User.objects.get(username='caizhengju_juzhang')\n"
        "Membership.objects.create(user=head, role='owner', org_id='caizhengju')"
    )
    first, second = opened(sign_in, desk), sign_in(desk, "caizhengju_juzhang")
    second.go(FORM)
    typed(first.page, SPENDING, "17.10")
    second.expect_refusal(409)
    typed(second.page, SPENDING, "17.90", status=409)
    clash = second.page.locator(".clash")
    expect(clash).to_contain_text("17.10")
    expect(clash).to_contain_text("17.90")
    second.look()
    with saving(second.page):
        clash.get_by_role("button", name="留17.90").click()
    first.page.reload()
    expect(cell(first.page, SPENDING)).to_have_value("17.90")
    first.look()


def test_the_edges_of_the_window(desk: Any, sign_in: Visit) -> None:
    desk.serve("2023-05-31T23:30:00+08:00")
    early = sign_in(desk, "caizhengju")
    early.go(FORM)
    expect(early.page.locator("main")).to_contain_text("6月1日")
    expect(cell(early.page, REVENUE)).to_have_count(0)

    desk.serve("2023-06-01T00:00:00+08:00")
    first = sign_in(desk, "caizhengju")
    first.go(FORM)
    expect(cell(first.page, SPENDING)).to_be_editable()

    desk.serve("2023-06-12T23:30:00+08:00")
    last = sign_in(desk, "caizhengju")
    last.go(FORM)
    typed(last.page, SPENDING, "9.87")
    last.picture("journey-clerk-last-minutes")

    desk.serve("2023-06-13T00:00:00+08:00")
    late = sign_in(desk, "caizhengju")
    late.go(FORM)
    expect(cell(late.page, SPENDING)).to_have_count(0)
    expect(row(late.page, SPENDING)).to_contain_text("9.87")
    expect(late.page.locator("#status")).to_contain_text("截止")
    late.picture("journey-clerk-too-late")
