"""The Office files as pages: turned into PDF by LibreOffice with the stand-in fonts."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from diaodu.adapters.excel_out import write_findings, write_tables
from diaodu.adapters.word_out import write_word
from diaodu.engine.report.bulletin import bulletin
from diaodu.engine.report.document import Document, Paragraph, Span
from diaodu.engine.report.workbook import tables

FONTS_CONF = Path(__file__).resolve().parents[3] / "build" / "fonts" / "fonts.conf"

FILES = ("bulletin.docx", "full.docx", "tables.xlsx", "findings.xlsx")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice 未安装"),
]


def output_of(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def pages(case: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    material = case.material()
    made = tables(material)
    write_word(bulletin(material), folder / "bulletin.docx", case.AS_OF)
    write_tables(made, folder / "tables.xlsx", case.AS_OF)
    write_findings(made.findings, folder / "findings.xlsx", case.AS_OF)
    full = Document((Paragraph((Span("国" * 28 * 30),)),))
    write_word(full, folder / "full.docx", case.AS_OF)
    environment = dict(os.environ)
    if FONTS_CONF.exists():
        environment["FONTCONFIG_FILE"] = str(FONTS_CONF)
    subprocess.run(
        [
            "soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
            "--convert-to", "pdf", "--outdir", str(folder),
            *(str(folder / name) for name in FILES),
        ],
        check=True, capture_output=True, env=environment, timeout=180,
    )  # fmt: skip
    return folder


def page_sizes(pdf: Path) -> list[str]:
    told = output_of("pdfinfo", "-f", "1", "-l", "99", str(pdf))
    return re.findall(r"Page +\d+ size: +([\d.]+ x [\d.]+) pts", told)


def test_bulletin_pages_are_upright_but_for_the_wide_table(pages: Path) -> None:
    sizes = [size.split(" x ") for size in page_sizes(pages / "bulletin.pdf")]
    turned = [float(width) > float(height) for width, height in sizes]
    assert turned == [False, False, True, False, False]


def test_bulletin_says_its_title_and_page_numbers(pages: Path) -> None:
    text = output_of("pdftotext", "-layout", str(pages / "bulletin.pdf"), "-")
    first, *_, last, _ = text.split("\f")
    assert "示例县2023年1—5月主要经济指标运行通报" in re.sub(r"\s", "", first)
    assert "—1—" in re.sub(r"\s", "", first)
    assert "—5—" in re.sub(r"\s", "", last)


def test_a_page_holds_22_lines_of_28_characters(pages: Path) -> None:
    text = output_of("pdftotext", "-layout", "-l", "1", str(pages / "full.pdf"), "-")
    lines = [line.strip() for line in text.splitlines() if "国" in line]
    assert [len(line) for line in lines] == [26] + [28] * 21


@pytest.mark.skipif(not FONTS_CONF.exists(), reason="代用字体未取得")
def test_each_公文_font_has_its_stand_in(pages: Path) -> None:
    told = output_of("pdffonts", str(pages / "bulletin.pdf"))
    for font in ("FandolSong-Bold", "FandolFang-Regular", "FandolKai-Regular", "NotoSansCJK",
                 "FandolSong-Regular", "LiberationSerif"):  # fmt: skip
        assert font in told


def test_workbook_prints_one_page_wide(pages: Path) -> None:
    # five tables, the series and the charts: a page each
    assert len(page_sizes(pages / "tables.pdf")) == 7
    assert len(page_sizes(pages / "findings.pdf")) == 1
    sizes = [size.split(" x ") for size in page_sizes(pages / "tables.pdf")]
    turned = [float(width) > float(height) for width, height in sizes]
    assert turned == [True, False, False, True, False, True, True]
