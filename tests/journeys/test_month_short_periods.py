"""A month of weekly, ten-day and daily returns: read, stored, given a value and ranked."""

from __future__ import annotations

import json
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import docx
import polars as pl
import pytest

from diaodu.cli import main

ORGS = """
- {id: c, name: 示例县, level: county}
- {id: a, name: 甲镇, level: township, parent: c}
- {id: b, name: 乙镇, level: township, parent: c}
- {id: d, name: 丙镇, level: township, parent: c}
"""
INDICATORS = """
- {id: w, name: 周用电量, unit: 万千瓦时, basis: month, facets: [level, growth], direction: high,
   decimals: 1, cadence: week, january: "yes", headline: true}
- {id: x, name: 旬税收, unit: 万元, basis: ytd, facets: [level, growth], direction: high,
   decimals: 0, cadence: xun, january: "yes", headline: true}
- {id: d, name: 日产量, unit: 吨, basis: month, facets: [level], direction: high,
   decimals: 0, cadence: day, january: "yes"}
- {id: m, name: 月投资, unit: 万元, basis: ytd, facets: [level], direction: high,
   decimals: 0, cadence: month, january: "yes"}
"""
WEEKS = """2023年各乡镇周用电量,,
单位：万千瓦时,,
乡镇,第24周,第25周
甲镇,10.5,11.0
乙镇,12.5,13.0
丙镇,9.0,12.0
"""
WEEK_A_YEAR_AGO = """2022年第25周各乡镇周用电量（万千瓦时）,
乡镇,周用电量
甲镇,10.0
乙镇,13.0
丙镇,12.0
"""
DAYS = """2023年6月各乡镇日产量（吨）,,
乡镇,28日,29日
甲镇,5,7
乙镇,6,6
丙镇,4,8
"""
MONTHS = """2023年1-6月各乡镇月投资（万元）,
乡镇,累计
甲镇,100
乙镇,200
丙镇,300
"""


def until_the_20th() -> bytes:
    document = docx.Document()
    document.add_paragraph("截至2023年6月20日各乡镇旬税收")
    document.add_paragraph("单位：万元")
    rows = [["乡镇", "累计", "本旬"], ["甲镇", "900", "50"], ["乙镇", "800", "60"]]
    made = document.add_table(len(rows), 3)
    for row, texts in enumerate(rows):
        for col, text in enumerate(texts):
            made.cell(row, col).text = text
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("short")
    for name, text in (("orgs/a.yaml", ORGS), ("indicators/a.yaml", INDICATORS)):
        path = root / "rulebook" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    day = root / "returns" / "2023-07-03"
    day.mkdir(parents=True)
    files = {"周.csv": WEEKS, "去年.csv": WEEK_A_YEAR_AGO, "日.csv": DAYS, "月.csv": MONTHS}
    for name, text in files.items():
        (day / name).write_text(text, encoding="utf-8")
    (day / "旬.docx").write_bytes(until_the_20th())
    out = root / "out"
    folders = ["--returns", str(root / "returns"), "--rulebook", str(root / "rulebook")]
    assert main(["month", "2023年6月", *folders, "--out", str(out)]) == 0
    return out


def shown(run: Path, measure: str, indicator: str) -> dict[tuple[str, str], Decimal | None]:
    """(org, period) → value."""
    rows = pl.read_parquet(run / "measures.parquet").filter(
        (pl.col("measure") == measure) & (pl.col("indicator") == indicator) & (pl.col("org") != "")
    )
    return {(row["org"], row["period"]): row["value"] for row in rows.iter_rows(named=True)}


def test_every_period_is_stored_under_its_own_id(run: Path) -> None:
    rows = pl.read_parquet(run / "observations.parquet")
    assert not rows["held"].any()
    found = {i: sorted(set(p)) for i, p in rows.group_by("indicator").agg("period").iter_rows()}
    assert found == {
        "w": ["2022-W25", "2023-W24", "2023-W25"],
        "x": ["2023-01-01/2023-06-20", "2023-06-X2"],
        "d": ["2023-06-28", "2023-06-29"],
        "m": ["2023-01/06"],
    }
    assert rows.filter(pl.col("sheet") == "表1")["cell"].to_list()[:1] == ["B2"]


def test_the_newest_of_each_has_a_value_and_a_rank(run: Path) -> None:
    assert shown(run, "value", "w") == {
        ("a", "2023-W25"): Decimal(11), ("b", "2023-W25"): Decimal(13),
        ("d", "2023-W25"): Decimal(12),
    }  # fmt: skip
    assert shown(run, "rank_level", "w") == {
        ("a", "2023-W25"): Decimal(3), ("b", "2023-W25"): Decimal(1),
        ("d", "2023-W25"): Decimal(2),
    }  # fmt: skip
    until = "2023-01-01/2023-06-20"
    values = {place: value for place, value in shown(run, "value", "x").items() if value}
    assert values == {("a", until): Decimal(900), ("b", until): Decimal(800)}
    ranks = {place: value for place, value in shown(run, "rank_level", "x").items() if value}
    assert ranks == {("a", until): Decimal(1), ("b", until): Decimal(2)}
    assert shown(run, "rank_level", "d")["d", "2023-06-29"] == Decimal(1)
    assert shown(run, "month_value", "x")["a", until] == Decimal(50)


def test_growth_is_against_the_same_week_and_the_move_against_the_week_before(run: Path) -> None:
    assert shown(run, "rank_level_move", "w")["a", "2023-W25"] == Decimal(-1)
    growth = shown(run, "growth", "w")
    assert growth["a", "2023-W25"] == Decimal(10)
    assert growth["b", "2023-W25"] == Decimal(0)


def test_the_bulletin_prints_the_periods(run: Path) -> None:
    text = "\n".join(p.text for p in docx.Document(str(run / "bulletin.docx")).paragraphs)
    assert "第25周" in text
    assert "截至6月20日" in text
    findings = json.loads((run / "findings.json").read_text(encoding="utf-8"))
    assert [one for one in findings if one["severity"] == "hard"] == []
