"""The secretary has a speech checked against the run, mends it in Word, and hands it in again."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
from playwright.sync_api import expect

Visit = Callable[..., Any]


def test_speech_is_checked_mended_and_checked_again(
    desk: Any, sign_in: Visit, tmp_path: Path
) -> None:
    desk.serve()
    secretary = sign_in(desk, "zhidu")
    page = secretary.page
    secretary.menu("文稿")
    page.get_by_role("link", name="在全县4月份经济运行调度会上的讲话").click()
    expect(page.locator(".card.contradicts").first).to_be_visible()
    secretary.look()
    secretary.picture("journey-secretary-speech")
    text = page.locator("#paper").evaluate(
        """paper => {
            const copy = paper.cloneNode(true);
            copy.querySelectorAll(".at").forEach(mark => mark.remove());
            return copy.textContent;
        }"""
    )
    wrong = page.locator(".card.contradicts", has_text="运行结果里").first.inner_text()
    printed, right = re.findall(r"“(.+?)”", wrong)[:2]

    document = docx.Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    document.save(str(tmp_path / "讲话.docx"))
    secretary.menu("文稿")
    page.get_by_label("文稿文件").set_input_files(tmp_path / "讲话.docx")
    page.get_by_label("与运行结果核对").select_option(label="2023年1—4月·第3次运行")
    page.get_by_role("button", name="校核", exact=True).click()
    expect(page.locator(".card.contradicts", has_text=printed).first).to_be_visible(timeout=60_000)
    secretary.look()

    with page.expect_download() as download:
        page.get_by_role("link", name="下载带批注的 Word").click()
    marked = docx.Document(BytesIO(Path(download.value.path()).read_bytes()))
    assert download.value.suggested_filename == "讲话（校核）.docx"
    assert any(f"应改为“{right}”" in one.text for one in marked.comments)
    assert "\n".join(one.text for one in marked.paragraphs) == text

    mended = text.replace(printed, right)
    secretary.menu("文稿")
    page.get_by_label("或者粘贴文字").fill(mended)
    page.get_by_label("与运行结果核对").select_option(label="2023年1—4月·第3次运行")
    page.get_by_role("button", name="校核", exact=True).click()
    expect(page.locator("#paper")).to_be_visible(timeout=60_000)
    expect(page.locator(".card.contradicts", has_text="运行结果里")).to_have_count(0)
    secretary.look()
