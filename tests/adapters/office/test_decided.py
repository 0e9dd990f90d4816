"""The bulletin of a meeting's duties: its text (golden), and as pages in LibreOffice.

DIAODU_GOLDEN=write pytest tests/adapters/office/test_decided.py    writes the golden text anew
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from diaodu.adapters.word_out import word_bytes
from diaodu.engine.report.decided import Came, Decided, Minutes, Promised, decided
from diaodu.engine.report.document import plain_text

ROOT = Path(__file__).resolve().parents[3]
GOLDEN = ROOT / "tests" / "golden" / "decided.txt"
FONTS_CONF = ROOT / "build" / "fonts" / "fonts.conf"
DAY = date(2023, 10, 23)
MINUTES = Minutes(
    meeting="全县10月经济运行调度会",
    opening="2023年10月23日15:00在县政府3楼会议室召开，县长某主持，"
    "按第12次运行（2023年1—9月，数据截至10月20日）调度。",
    issuer="示例县人民政府督查室", day=DAY,
    duties=[
        Decided("示督交〔2023〕42号", "补报固定资产投资入库项目，新入库不少于1.2亿元", "青石镇",
                "县发展和改革局", "王强", "最晚11月10日（力争10月31日）",
                "统计入库通知、施工许可证"),
        Decided("示督交〔2023〕43号", "逐户核查规上工业企业停产原因（3家）", "县工业和信息化局", "",
                "许涛", "最晚10月31日", "核查表"),
    ],
    promises=[Promised("青石镇", "11月底前固定资产投资增速转正", "11月30日", "未到期")],
    last_meeting="全县9月经济运行调度会",
    came_counted="上次会议交办3件：已销号1件，办理中1件，逾期未办结1件。",
    came=[Came("后3个月可入库项目清单，按月排到人", "县发展和改革局", "10月10日", "已销号"),
          Came("限上零售额下降企业逐户走访（8家）", "县商务局", "10月25日", "办理中"),
          Came("石门乡固投下滑原因说明", "石门乡", "10月13日", "逾期10天")],
)  # fmt: skip


def test_the_text() -> None:
    text = plain_text(decided(MINUTES))
    if os.environ.get("DIAODU_GOLDEN") == "write":
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


def test_what_there_was_not_is_left_out() -> None:
    bare = replace(MINUTES, duties=(), promises=(), last_meeting="", came_counted="", came=())
    text = plain_text(decided(bare))
    assert "一、本次会议交办事项\n本次会议没有交办事项。" in text
    assert "二、" not in text and "清单" not in text


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice 未安装")
def test_it_opens_with_the_list_on_a_page_turned_by_a_quarter(tmp_path: Path) -> None:
    environment = dict(os.environ)
    if FONTS_CONF.exists():
        environment["FONTCONFIG_FILE"] = str(FONTS_CONF)
    path = tmp_path / "decided.docx"
    path.write_bytes(word_bytes(decided(MINUTES), DAY))
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)],
        check=True, capture_output=True, env=environment, timeout=180,
    )  # fmt: skip
    told = subprocess.run(
        ["pdfinfo", "-f", "1", "-l", "9", str(path.with_suffix(".pdf"))],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert re.findall(r"size: +(\d+)[.\d]* x", told) == ["595", "841"]
