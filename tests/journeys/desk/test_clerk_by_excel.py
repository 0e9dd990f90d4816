"""A clerk fills the form in Excel: a mistake comes back at its cell, no file is trusted."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from playwright.sync_api import expect

FORM = "/intake/2023-05/township_monthly/yunling/"
SHEET = "乡镇主要指标月报表"
INVESTMENT, RETAIL, TAX = "项目投资完成额", "限额以上消费品零售额", "税收收入"
ASK_LESS = """
from diaodu.web.rulebooks import actions, queries
from diaodu.web.shared import clock
held = queries.current_version().id
files = dict(queries.files_of(held))
name = next(one for one in files if one.startswith("calendar/"))
asked = "outside_funds, reportable_amount, new_firms, new_jobs]\\n  levels: [township]"
text = files[name].decode()
assert asked in text
files[name] = text.replace(asked, asked.replace(", new_firms", "")).encode()
made = actions.import_files(files=files, by=None, at=clock.now(), note="乡镇表减一项")
actions.publish(version_id=made.version.pk, by=None, at=clock.now(), note="减一项", seen=held)
"""
Visit = Callable[..., Any]


def fill(path: Path, figures: dict[str, Any]) -> Path:
    """As a person does: the number beside the indicator's name, then save."""
    book = openpyxl.load_workbook(path)
    sheet = book[SHEET]
    for row in sheet.iter_rows(min_row=10):
        if row[1].value in figures:
            row[5].value = figures[row[1].value]
            if isinstance(row[5].value, str):
                row[5].data_type = "s"
    book.save(path)
    return path


def through_office(path: Path, folder: Path) -> Path:
    """Opened and saved by another office program."""
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to",
         "xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "saved"), str(path)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return folder / "saved" / path.name


def upload(clerk: Any, path: Path) -> None:
    with clerk.page.expect_navigation():
        clerk.page.get_by_label("选择文件").set_input_files(path)
    clerk.look()


def download(clerk: Any, into: Path) -> Path:
    return clerk.download(clerk.page.get_by_role("link", name="下载预填表").click, into)


def row(clerk: Any, name: str) -> Any:
    return clerk.page.locator("tbody tr").filter(has=clerk.page.locator("th", has_text=name))


def test_mistake_comes_back_at_its_cell(desk: Any, sign_in: Visit, tmp_path: Path) -> None:
    clerk = sign_in(desk, "yunling")
    page = clerk.page
    clerk.go(FORM)
    blank = download(clerk, tmp_path / "blank")
    assert blank.name == "云岭镇2023年1—5月乡镇主要指标月报表.xlsx"

    upload(clerk, fill(blank, {INVESTMENT: 1.2187, RETAIL: "=cmd|'/c calc'!A1", TAX: "五百多"}))
    expect(page.get_by_role("heading", level=1)).to_have_text("从文件读到的数")
    expect(page.get_by_text("还没有取入草稿")).to_be_visible()
    told = page.locator("section").filter(has_text="文件里的问题")
    expect(told).to_contain_text("“五百多”不是数")
    expect(told).to_contain_text("像是公式或网页代码，不是数")
    changed = page.locator("tbody tr")
    expect(changed.filter(has_text=INVESTMENT)).to_contain_text("12187")
    expect(changed.filter(has_text=INVESTMENT)).to_contain_text("1.2187")
    clerk.picture("journey-clerk-upload")

    back = clerk.download(page.get_by_role("link", name="下载批注件").click, tmp_path / "back")
    assert back.name == f"{blank.stem}（批注）.xlsx"
    book = openpyxl.load_workbook(back)
    remarks = {
        str(line[1].value): line[5].comment.text
        for line in book[SHEET].iter_rows(min_row=10)
        if line[5].comment
    }
    assert "像是公式或网页代码" in remarks[RETAIL] and "“五百多”不是数" in remarks[TAX]
    opinion = [line for line in book.worksheets[0].iter_rows(values_only=True) if any(line)]
    assert any(f"{SHEET} F13" in map(str, line) for line in opinion)
    # The script is a text in the copy, not a formula.
    assert next(
        line[5].data_type for line in book[SHEET].iter_rows() if line[1].value == RETAIL
    ) == "s"  # fmt: skip

    # The clerk mends the annotated copy itself, with another office program.
    mended = fill(back, {RETAIL: 0.5824, TAX: 566})
    page.get_by_role("link", name="不取，回到表里").click()
    clerk.look()
    upload(clerk, through_office(mended, tmp_path))
    expect(told.locator("b.bad")).to_have_count(0)
    # 0.2330 and 0.233 are one figure: a workbook keeps no zeros at the end.
    page.get_by_role("button", name="取入草稿2格").click()
    expect(page.locator("#messages")).to_contain_text("取了2格，都在草稿里，还没有提交")
    clerk.look()
    expect(row(clerk, INVESTMENT).locator("input.cell")).to_have_value("1.2187")
    expect(row(clerk, TAX).locator("input.cell")).to_have_value("566")
    page.get_by_role("button", name="提交签字").click()
    expect(page.locator("#status")).to_contain_text("已提交待签字")
    clerk.look()


def test_files_that_are_not_this_form(desk: Any, sign_in: Visit, tmp_path: Path) -> None:
    clerk = sign_in(desk, "yunling")
    page = clerk.page
    clerk.expect_refusal(422)
    clerk.go("/intake/2023-04/township_monthly/yunling/")
    april = download(clerk, tmp_path / "april")
    clerk.go(FORM)
    may = download(clerk, tmp_path / "may")
    told = page.get_by_role("alert").filter(has_text="。")

    picture = tmp_path / "照片.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    upload(clerk, picture)
    expect(page.locator("form.drop .bad")).to_contain_text("不是")
    clerk.picture("journey-clerk-wrong-file")

    upload(clerk, april)
    expect(page.locator("form.drop .bad")).to_contain_text(
        "这个文件是2023年1—4月的，本页要报的是2023年1—5月"
    )

    large = tmp_path / "太大.xlsx"
    large.write_bytes(may.read_bytes() + bytes(10 * 1024 * 1024))
    upload(clerk, large)
    expect(page.locator("form.drop .bad")).to_contain_text("超过")

    # The office asks less since this file was downloaded.
    desk.python(ASK_LESS)
    clerk.go(FORM)
    upload(clerk, may)
    expect(page.locator("section").filter(has_text="文件里的问题")).to_contain_text(
        "这个文件是以前下载的，现在要填的内容已经变了"
    )
    expect(told).to_have_count(0)
