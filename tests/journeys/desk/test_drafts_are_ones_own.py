"""What was typed when a session ended comes back to the same person and to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

Visit = Callable[..., Any]
TEXT = "请今天下班前交"
KEPT = "Object.keys(sessionStorage).filter((key) => /^(typed|unsent):/.test(key))"


def chase(person: Any) -> None:
    """Choose all and chase them, with a word added."""
    page = person.page
    page.get_by_label("全选").check()
    page.get_by_label("附言").fill(TEXT)
    page.get_by_role("button", name="催报").click()


def sign_in_here(person: Any, username: str) -> None:
    page = person.page
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(person.desk.passwords[username])
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def test_a_draft_comes_back_to_its_writer_alone(desk: Any, sign_in: Visit) -> None:
    office = sign_in(desk, "diaodu")
    page = office.page
    office.go("/intake/")
    page.context.clear_cookies(name="sessionid")
    chase(office)
    page.wait_for_url("**/accounts/login/**")

    sign_in_here(office, "tongji")
    page.goto("/intake/")
    expect(page.get_by_label("附言")).to_have_value("")
    expect(page.get_by_text("您填的内容已放回本页")).to_have_count(0)

    page.context.clear_cookies(name="sessionid")
    chase(office)
    page.wait_for_url("**/accounts/login/**")
    sign_in_here(office, "tongji")
    expect(page.get_by_label("附言")).to_have_value(TEXT)
    expect(page.get_by_text("您填的内容已放回本页")).to_be_visible()
    office.look()


def test_signing_out_leaves_nothing_in_the_window(desk: Any, sign_in: Visit) -> None:
    office = sign_in(desk, "diaodu")
    page = office.page
    office.go("/intake/")
    page.context.clear_cookies(name="sessionid")
    chase(office)
    page.wait_for_url("**/accounts/login/**")
    sign_in_here(office, "tongji")
    assert page.evaluate(KEPT)
    page.locator("details.who summary").click()
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/accounts/**")
    assert page.evaluate(KEPT) == []
