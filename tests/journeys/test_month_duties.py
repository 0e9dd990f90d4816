"""A month with a list of duties: the bulletin tells what became of them, and nothing else moves."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from docx import Document

RULES = Path(__file__).resolve().parents[2] / "rulebook"
FIGURES = "指标,单位,统计期,数值,计量单位\n一般公共预算收入,示例县,2023年1-5月,4.74,亿元\n"
HEADING = "上期交办事项落实情况"


def _duty(**given: object) -> dict[str, object]:
    usual = {
        "id": "1", "title": "补报入库项目", "state": "working", "source": "meeting",
        "lead": "bailu", "person": "王强", "issued": "2023-05-10", "latest": "2023-06-09",
    }  # fmt: skip
    return usual | given


@pytest.fixture
def month(tmp_path: Path, diaodu):
    day = tmp_path / "returns" / "2023-06-12"
    day.mkdir(parents=True)
    (day / "表.csv").write_text(FIGURES, encoding="utf-8")

    def run(name: str, duties: object | None = None):
        words: list[object] = ["--out", tmp_path / name]
        if duties is not None:
            path = tmp_path / "duties.json"
            path.write_text(json.dumps(duties, ensure_ascii=False), encoding="utf-8")
            words += ["--duties", path]
        told = diaodu("month", "2023-05", "--returns", tmp_path / "returns", "--rulebook", RULES,
                      *words)  # fmt: skip
        return told, tmp_path / name

    return run


def _load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _paragraphs(out: Path) -> list[str]:
    return [paragraph.text for paragraph in Document(str(out / "bulletin.docx")).paragraphs]


def test_told_in_the_bulletin_and_in_nothing_else(month, tmp_path: Path) -> None:
    late = _duty(remains="还差0.46亿元")
    done = _duty(id="2", state="closed", answered="2023-06-01", closed="2023-06-02",
                 decision="县政府常务会议纪要")  # fmt: skip
    listed = {"day": "2023-06-12", "run": "第3次运行", "duties": [late, done]}
    told, out = month("with", listed)
    assert told.code == 0, told.err
    _, plain = month("without")
    said = _paragraphs(out)
    at = next(number for number, text in enumerate(said) if text.endswith(HEADING))
    assert said[at + 1] == (
        "截至6月12日（按第3次运行），上期交办事项共2件：按期办结1件、逾期未办结1件；办结率50.0%。"
    )
    assert not any(HEADING in text for text in _paragraphs(plain))
    keys = {one["key"] for one in _load(out / "bulletin.json")}
    assert {"duties|total", "duties|overdue|bailu", "duty|1|late"} <= keys
    sha256 = hashlib.sha256((tmp_path / "duties.json").read_bytes()).hexdigest()
    assert _load(out / "run.json")["duties"] == {
        "file": "duties.json", "sha256": sha256, "day": "2023-06-12", "run": "第3次运行",
        "number": 2,
    }  # fmt: skip
    assert "duties" not in _load(plain / "run.json")
    for name in ("measures.parquet", "verdicts.json", "findings.json"):
        assert (out / name).read_bytes() == (plain / name).read_bytes()


def test_a_list_with_faults_stops_the_month(month, tmp_path: Path) -> None:
    told, out = month("out", {"day": "2023-06-12", "duties": [
        _duty(latest="2023-06-31"), _duty(id="2", lead="bailuu"),
    ]})  # fmt: skip
    path = tmp_path / "duties.json"
    assert told.code == 2
    assert told.err == (
        f"{path} 第1件“补报入库项目” latest ‘latest’应是日期，写的是“2023-06-31”。"
        "写成 2023-10-20 这样的日期。\n"
        f"{path} 第2件“补报入库项目” 规则里没有编号为“bailuu”的单位，是不是“bailu”？"
        "改正编号，或在 orgs/ 里补上。\n"
        "交办事项有2处错误，没有继续。\n"
    )
    assert not out.exists()
