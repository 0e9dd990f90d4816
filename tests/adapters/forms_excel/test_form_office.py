"""The form in a real office program: opened, recalculated, saved, printed."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from diaodu.adapters.forms_excel import (
    FilledForm,
    FormSheet,
    annotate,
    notes_of,
    write_form,
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice 未安装"),
]

Convert = Callable[[bytes, str], Path]


@pytest.fixture(scope="module")
def convert(tmp_path_factory: pytest.TempPathFactory) -> Convert:
    folder = tmp_path_factory.mktemp("office")
    profile = (folder / "profile").as_uri()

    def run(content: bytes, kind: str) -> Path:
        (folder / "form.xlsx").write_bytes(content)
        subprocess.run(
            ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind,
             "--outdir", str(folder / "out"), str(folder / "form.xlsx")],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
        return folder / "out" / f"form.{kind.partition(':')[0]}"

    return run


FILLED = {"F10": 66300, "F12": -5, "F14": 4.28, "F15": "持平", "I10": "=某桥去年入库", "J15": None}


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_a_form_saved_by_an_office_program_is_read_the_same(
    form: FormSheet, typed: Callable[..., bytes], read: Callable[..., FilledForm],
    convert: Convert, kind: str,
) -> None:  # fmt: skip
    filled = typed(write_form(form), FILLED)
    saved = read(convert(filled, kind).read_bytes(), form)
    assert [(one.key, one.value, one.word, one.cell) for one in saved.cells] == [
        (one.key, one.value, one.word, one.cell) for one in read(filled, form).cells
    ]
    assert saved.identity == form.identity and saved.faults == ()
    assert {one.cell: one.value for one in saved.cells}["F14"] == Decimal("4.28")


def test_the_live_formulas_come_to_what_they_should(
    form: FormSheet, typed: Callable[..., bytes], convert: Convert
) -> None:
    saved = convert(typed(write_form(form), FILLED), "xlsx")
    sheet = openpyxl.load_workbook(saved, data_only=True).worksheets[0]
    assert (sheet["G10"].value, sheet["H10"].value) == (8060, -32)
    assert (sheet["G13"].value, sheet["H13"].value) == (None, -8.7)
    assert sheet["A6"].value == "已填6格，共6格　　疑问请联系县统计局"


def test_the_page_holds_all_columns_and_none_of_the_keys(form: FormSheet, convert: Convert) -> None:
    pdf = convert(write_form(form), "pdf")
    text = _output("pdftotext", "-layout", str(pdf), "-")
    seen = (
        "乡镇经济运行月报表", "填报单位：南坪镇人民政府", "报送截止：2023年10月9日18:00", "说明",
        "其中：工业投资", "自动计算（供核对）", "统计员（签字）", "25,410", "-19.1",
    )  # fmt: skip
    for words in seen:
        assert words in text, words
    assert "diaodu" not in text and "zhen1" not in text
    told = _output("pdfinfo", str(pdf))
    assert re.search(r"Pages: +1\n", told) and "841.89 x 595" in told


def test_a_long_form_repeats_its_head_on_every_page(
    make_form: Callable[..., FormSheet], convert: Convert
) -> None:
    row = make_form().rows[0]
    pdf = convert(write_form(make_form(rows=(row,) * 60)), "pdf")
    pages = _output("pdftotext", "-layout", str(pdf), "-").split("\f")[:-1]
    assert len(pages) > 1 and all("指标名称" in page for page in pages)


def test_an_annotated_copy_opens_and_stays_our_form(
    form: FormSheet, typed: Callable[..., bytes], read: Callable[..., FilledForm], convert: Convert
) -> None:
    filled = typed(write_form(form), {"F10": "abc", "F12": "=cmd|'/C calc'!A0"})
    faults = read(filled, form).faults
    saved = convert(annotate(filled, notes_of(faults)), "xlsx").read_bytes()
    assert read(saved, form).faults == faults
    text = _output("pdftotext", "-layout", str(convert(saved, "pdf")), "-")
    assert "审核意见（系统生成）" in text and "■ 必须改" in text


def _output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
