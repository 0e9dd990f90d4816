"""A fresh desk gets its first administrator, rules, a unit, a user; every act is on record."""

from __future__ import annotations

import base64
import hmac
import io
import re
import struct
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

RULES = Path(__file__).resolve().parents[3] / "rulebook"
PASSWORD, ANOTHER = "kexin-de-mima-2391", "xinqiao-zhen-5518"
Visit = Callable[..., Any]


def zipped(changes: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """The demo's rules as a .zip to upload, with these texts replaced in these files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for path in sorted(RULES.rglob("*")):
            if path.is_file():
                name = path.relative_to(RULES).as_posix()
                text = path.read_text(encoding="utf-8")
                if name in changes:
                    assert changes[name][0] in text
                    text = text.replace(*changes[name], 1)
                made.writestr(name, text)
    return {"name": "规则.zip", "mimeType": "application/zip", "buffer": content.getvalue()}


def code_of(secret: str) -> str:
    """What the app on the telephone shows now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), "sha1")
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def set_password(person: Any, link: str, password: str) -> None:
    person.go(link)
    for field in person.page.locator("input[type=password]").all():
        field.fill(password)
    person.page.get_by_role("button", name="设密码").click()
    person.page.wait_for_url(lambda url: "/link/" not in url)
    person.look()


def import_rules(admin: Any, changes: Mapping[str, tuple[str, str]], note: str) -> None:
    admin.menu("规则")
    admin.page.get_by_role("link", name="导入规则").first.click()
    admin.page.get_by_label("文件", exact=False).first.set_input_files(zipped(changes))
    admin.page.get_by_label("说明").fill(note)
    with admin.page.expect_navigation():
        admin.page.get_by_role("button", name="上传并检查").click()
    admin.look()


def publish_rules(admin: Any, note: str) -> None:
    admin.page.locator("form[action$='publish/'] textarea").fill(note)
    admin.page.get_by_role("button", name="发布", exact=True).click()
    expect(admin.page.get_by_role("heading", level=1)).to_have_text(re.compile("第.版"))
    admin.look()


def test_from_an_empty_desk(fresh_desk: Any, visit: Visit, tmp_path: Path) -> None:
    fresh_desk.serve()
    made = fresh_desk.manage(
        "first_admin", "guanli", "--name", "窦永刚", "--site", fresh_desk.address
    )
    assert made.returncode == 0, made.stderr
    link = made.stdout.split()[-1]
    admin = visit(fresh_desk, "guanli")
    page = admin.page
    set_password(admin, link, PASSWORD)
    if page.get_by_label("用户名").count():
        page.get_by_label("用户名").fill("guanli")
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(lambda url: "/accounts/login/" not in url)
        admin.look()
    # The link is used up, and there is an administrator now.
    stranger = visit(fresh_desk, "nobody")
    stranger.expect_refusal(410)
    stranger.go(link)
    expect(stranger.page.get_by_role("heading", level=1)).to_have_text("链接不能用")
    assert fresh_desk.manage("first_admin", "zaiyige").returncode != 0

    # Rules with two faults: both told, with file and line, and nothing is kept.
    admin.expect_refusal(422)
    import_rules(
        admin,
        {"indicators/05_caishui.yaml": ("basis: ytd", "basis: yearly"),
         "calendar/returns.yaml": ("months_after: 1, day: 8", "months_after: 1, day: 48")},
        "初稿",
    )  # fmt: skip
    faults = page.locator("table.faults tbody tr")
    assert faults.count() >= 2
    told = faults.all_inner_texts()
    assert any(re.search(r"indicators/05_caishui\.yaml\s+\d+", one) for one in told), told
    assert any(re.search(r"calendar/returns\.yaml\s+\d+", one) for one in told), told
    admin.picture("journey-rules-faults")
    import_rules(admin, {}, "初稿")
    publish_rules(admin, "首次发布")
    # A change is compared with what is in force before it is published.
    import_rules(
        admin, {"indicators/05_caishui.yaml": ("一般公共预算收入", "一般公共预算总收入")}, "改名"
    )
    expect(page.locator("main")).to_contain_text("与第1版相比")
    expect(page.locator(".diff del").first).to_contain_text("一般公共预算收入")
    expect(page.locator(".diff ins").first).to_contain_text("一般公共预算总收入")
    admin.picture("journey-rules-compared")
    publish_rules(admin, "按新科目改名")

    # A township, a user with two roles, and the link that is handed to her.
    admin.menu("单位与人员")
    page.get_by_role("link", name="增加单位").click()
    page.get_by_label("编号").fill("xinqiao")
    page.get_by_label("名称", exact=True).fill("新桥镇")
    page.get_by_label("层级").select_option(label="乡镇")
    page.get_by_label("上级单位").select_option("shilixian")
    page.get_by_label("原因或依据").fill("示府发〔2023〕9号")
    admin.look()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("新桥镇")
    admin.look()
    admin.go("/people/manage/users/new/")
    page.get_by_label("用户名").fill("xinqiao")
    page.get_by_label("姓名").fill("柳叶眉")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("柳叶眉")
    admin.look()
    for role, org in (("乡镇填报", "xinqiao"), ("只读", "shilixian")):
        page.get_by_role("link", name="给角色").click()
        page.get_by_label("角色").select_option(label=role)
        page.get_by_label("单位", exact=True).select_option(org)
        admin.look()
        page.get_by_role("button", name="保存").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("柳叶眉")
        admin.look()
    page.get_by_role("button", name="给设密码的链接").click()
    admin.look()
    page.get_by_role("button", name="生成链接").click()
    link = page.locator("#link").inner_text()
    admin.look()

    clerk = visit(fresh_desk, "xinqiao")
    set_password(clerk, link, ANOTHER)
    if clerk.page.get_by_label("用户名").count():
        clerk.sign_in(ANOTHER)
    menu = clerk.page.get_by_label("主导航")
    expect(menu.get_by_role("link", name="报送")).to_be_visible()
    expect(menu.get_by_role("link", name="单位与人员")).to_have_count(0)
    clerk.menu("报送")
    expect(clerk.page.locator("main")).to_contain_text("新桥镇")

    # Closed, after one was asked.
    admin.go("/people/manage/orgs/of/xinqiao/")
    page.get_by_role("link", name="撤销").click()
    expect(page.locator("main")).to_contain_text("柳叶眉（乡镇填报）")
    admin.look()
    page.get_by_label("最后一天").fill("2023-06-30")
    page.get_by_role("textbox", name="依据").fill("并入青石镇，示府发〔2023〕21号")
    page.get_by_role("button", name="撤销这个单位").click()
    expect(page.locator("main")).to_contain_text("2023-06-30")
    admin.look()

    # All of it stands on record.
    admin.menu("操作记录")
    on_record = page.locator("table.history")
    for told in ("新桥镇", "并入青石镇，示府发〔2023〕21号", "按新科目改名", "窦永刚"):
        expect(on_record).to_contain_text(told)
    admin.picture("journey-acts")
    verified = fresh_desk.manage("audit_verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


CHECKED_AGAIN = """- id: output_check
  title: 工业产值对账表
  from: 2023-01
  indicators: [industry_output]
  levels: [township]
  opens: {months_after: 1, day: 1}
  due: {months_after: 1, day: 12}
  released: {months_after: 1, day: 18}
  filled_by: owner
"""
DECLARED = (
    "  reconciles: [{indicator: industry_output, with: township_monthly, reason: 与乡镇对账}]\n"
)


def test_one_figure_asked_by_two_forms(desk: Any, visit: Visit, sign_in: Visit) -> None:
    admin = sign_in(desk, "guanli")
    page = admin.page
    before = "- id: park_monthly\n"
    admin.expect_refusal(422)
    import_rules(
        admin, {"calendar/returns.yaml": (before, f"{CHECKED_AGAIN}\n{before}")}, "加一张表"
    )
    faults = page.locator("table.faults tbody tr")
    expect(faults.first).to_contain_text("同一个数要了两次")
    expect(faults.first).to_contain_text("township_monthly")
    declared = f"{CHECKED_AGAIN}{DECLARED}\n{before}"
    import_rules(admin, {"calendar/returns.yaml": (before, declared)}, "加一张对账表")
    publish_rules(admin, "加一张对账表")

    # Both units see the other's figure and how far it is from their own.
    bureau = sign_in(desk, "gongxinju")
    bureau.go("/intake/2023-05/output_check/gongxinju/")
    ours = bureau.page.get_by_role("textbox", name=re.compile("青石镇.*规模以上工业总产值"))
    with bureau.page.expect_response(lambda answer: "/save/" in answer.url):
        ours.fill("1000.00")
        ours.press("Enter")
    beside = bureau.page.get_by_role("region", name="与其他单位报数对账").locator("tbody tr")
    told = beside.filter(has_text="青石镇规模以上工业总产值")
    expect(told).to_contain_text(re.compile(r"1,000\.00.*乡镇主要指标月报表.*3\.23.*多996\.77"))
    expect(beside.filter(has_text="云岭镇")).to_contain_text("还没有报")
    bureau.look()
    bureau.picture("journey-two-forms")
    township = sign_in(desk, "qingshi")
    township.go("/intake/2023-05/township_monthly/qingshi/")
    beside = township.page.get_by_role("region", name="与其他单位报数对账")
    expect(beside).to_contain_text("还没有报")
    township.look()


def test_second_step_and_lock(desk: Any, visit: Visit) -> None:
    reader = visit(desk, "zhidu")
    page = reader.page
    reader.sign_in()
    reader.go("/people/account/")
    page.get_by_role("link", name="两步验证").last.click()
    page.get_by_role("link", name="开通").wait_for()
    reader.look()
    page.get_by_role("link", name="开通").click()
    # Who has just signed in is not asked for the password again.
    expect(page.get_by_role("heading", level=1)).to_have_text("开通两步验证")
    reader.look()
    secret = page.locator("form b").first.inner_text()
    page.get_by_label("验证码").fill(code_of(secret))
    page.get_by_role("button", name="开通").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("恢复码")
    expect(page.locator("ul.codes li")).to_have_count(10)
    reader.look()

    again = visit(desk, "zhidu")
    entrance = again.page
    again.go("/")
    entrance.get_by_label("用户名").fill("zhidu")
    entrance.get_by_label("密码").fill(desk.passwords["zhidu"])
    entrance.get_by_role("button", name="登录").click()
    expect(entrance.get_by_role("heading", level=1)).to_have_text("输入验证码")
    again.look()
    entrance.get_by_label("验证码").fill("000000")
    entrance.get_by_role("button", name="登录", exact=True).click()
    expect(entrance.get_by_text("验证码不对或已过期").first).to_be_visible()
    again.look()
    code = code_of(secret)
    entrance.get_by_label("验证码").fill(code)
    entrance.get_by_role("button", name="登录", exact=True).click()
    expect(entrance.get_by_label("主导航")).to_be_visible()
    again.look()

    # Somebody looked over the shoulder: a code that was used opens nothing.
    over_the_shoulder = visit(desk, "zhidu")
    entrance = over_the_shoulder.page
    over_the_shoulder.go("/")
    entrance.get_by_label("用户名").fill("zhidu")
    entrance.get_by_label("密码").fill(desk.passwords["zhidu"])
    entrance.get_by_role("button", name="登录").click()
    entrance.get_by_label("验证码").fill(code)
    over_the_shoulder.look()
    entrance.get_by_role("button", name="登录", exact=True).click()
    expect(entrance.get_by_text("验证码不对或已过期").first).to_be_visible()
    over_the_shoulder.look()

    guesser = visit(desk, "ducha")
    locked = guesser.page
    guesser.go("/")
    for word in (*["bu-dui-de-mima"] * 5, desk.passwords["ducha"]):
        locked.get_by_label("用户名").fill("ducha")
        locked.get_by_label("密码").fill(word)
        with locked.expect_navigation():
            locked.get_by_role("button", name="登录").click()
    expect(locked.get_by_text("密码错得太多，暂时锁住，请过5分钟再试").first).to_be_visible()
    guesser.look()
