"""Letters: their text (golden), their layout in the package, and as pages in LibreOffice.

DIAODU_GOLDEN=write pytest tests/adapters/office/test_letters.py    writes the golden text anew
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from lxml import etree

from diaodu.adapters.word_out import word_bytes
from diaodu.engine.report.document import plain_text
from diaodu.engine.report.letters import KIND_NAMES, KINDS, Letter, LetterKind, Talk, letter

ROOT = Path(__file__).resolve().parents[3]
GOLDEN = ROOT / "tests" / "golden" / "letters.txt"
FONTS_CONF = ROOT / "build" / "fonts" / "fonts.conf"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DAY = date(2023, 10, 23)
ISSUER = "示例县人民政府督查室"
ROWS = (
    ("事项", "补报固定资产投资入库项目，新入库不少于1.2亿元"),
    ("主办", "青石镇　镇长某"),
    ("协办", "县发展和改革局、县自然资源局"),
    ("期限", "最晚2023年10月20日（力争10月16日）"),
    ("凭证", "统计入库通知、施工许可证、现场照片"),
)

LETTERS: dict[LetterKind, Letter] = {
    "assign": Letter(
        kind="assign", issuer=ISSUER, number="示督交〔2023〕41号", to="青石镇",
        day=date(2023, 10, 10), matter="补报固定资产投资入库项目",
        basis="2023年10月10日全县经济运行调度会决定第4条", rows=ROWS,
        copies=("县发展和改革局", "县自然资源局"), contact="督查某，电话0000-0000000",
    ),
    "urge": Letter(
        kind="urge", issuer=ISSUER, number="示督催〔2023〕7号", to="青石镇", day=DAY,
        matter="补报固定资产投资入库项目", basis="10月10日以示督交〔2023〕41号", rows=ROWS,
        reasons=("至今逾期3天", "还差0.46亿元，缺施工许可证"), answer_by=date(2023, 10, 27),
    ),
    "warn": Letter(
        kind="warn", issuer=ISSUER, number="示督警〔2023〕3号", to="青石镇", day=DAY,
        matter="规模以上工业总产值增速落后",
        reasons=("2023年1—9月规模以上工业总产值同比增长−4.2%，居乡镇第18位（共20个）",
                 "增速欠账12.2个百分点"),
        answer_by=date(2023, 11, 3), copies=("县工业和信息化局",),
    ),
    "talk": Letter(
        kind="talk", issuer=ISSUER, number="示督约〔2023〕1号", to="青石镇", day=DAY,
        matter="固定资产投资连续落后", reasons=("催办2次后仍未办结，逾期13天",),
        talk=Talk(datetime(2023, 10, 26, 15, 0), "县政府3楼会议室", "副县长某", "主要负责人",  # noqa: DTZ001
                  "书面说明、后3个月逐月计划"),
        consequence="这是一年内就同一事项第2次约谈，按规定本年度不得评优。",
    ),
}  # fmt: skip


def test_the_text_of_every_letter() -> None:
    text = "\n".join(
        f"==== {KIND_NAMES[kind]}\n{plain_text(letter(LETTERS[kind]))}" for kind in KINDS
    )
    if os.environ.get("DIAODU_GOLDEN") == "write":
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_same_letter_same_bytes() -> None:
    assert word_bytes(letter(LETTERS["talk"]), DAY) == word_bytes(letter(LETTERS["talk"]), DAY)


def test_the_head_is_red_and_the_number_stands_over_a_red_line(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    path.write_bytes(word_bytes(letter(LETTERS["assign"]), DAY))
    with zipfile.ZipFile(path) as package:
        styles = etree.fromstring(package.read("word/styles.xml"))
        body = etree.fromstring(package.read("word/document.xml"))
    by_name = {style.find(f"{W}name").get(f"{W}val"): style for style in styles.iter(f"{W}style")}
    head = by_name["发文机关标志"]
    assert head.find(f".//{W}color").get(f"{W}val") == "FF0000"
    assert head.find(f".//{W}rFonts").get(f"{W}eastAsia") == "方正小标宋简体"
    line = by_name["发文字号"].find(f".//{W}pBdr/{W}bottom")
    assert line.get(f"{W}color") == "FF0000"
    used = [p.find(f"{W}pPr/{W}pStyle").get(f"{W}val") for p in body.iter(f"{W}p")]
    assert used[:4] == ["发文机关标志", "发文字号", "Title", "主送机关"]
    assert used[-1] == "版记"


def test_a_letter_that_wants_an_answer_says_by_when() -> None:
    with pytest.raises(AssertionError, match="by when"):
        letter(Letter(kind="warn", issuer="甲", number="甲", to="乙", day=DAY, matter="丙"))


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice 未安装")
def test_each_letter_opens_on_one_page_with_its_fonts(tmp_path: Path) -> None:
    environment = dict(os.environ)
    if FONTS_CONF.exists():
        environment["FONTCONFIG_FILE"] = str(FONTS_CONF)
    paths = [tmp_path / f"{kind}.docx" for kind in KINDS]
    for kind, path in zip(KINDS, paths, strict=True):
        path.write_bytes(word_bytes(letter(LETTERS[kind]), DAY))
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "pdf", "--outdir", str(tmp_path), *map(str, paths)],
        check=True, capture_output=True, env=environment, timeout=180,
    )  # fmt: skip
    for kind in KINDS:
        pdf = str(tmp_path / f"{kind}.pdf")
        assert re.search(r"Pages:\s+1$", _told("pdfinfo", pdf), re.MULTILINE), kind
        assert LETTERS[kind].number in _told("pdftotext", pdf, "-").replace(" ", "")


def _told(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
