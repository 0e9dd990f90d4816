"""The month's own bulletin passes the proofreader, and a figure changed in it does not."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest

from diaodu.adapters.texts_in import read_text

pytestmark = pytest.mark.slow
# Of the numerals that bulletin.json lists; the rest are counts and what findings quote.
LEAST_FOUND = 93  # percent


def proofread(diaodu: Any, file: Path, month: Path) -> dict[str, Any]:
    told = diaodu("proofread", file, "--run", month, "--json", "--strict")
    answer: dict[str, Any] = {"code": told.code, **json.loads(told.out)}
    return answer


def test_the_months_own_bulletin_passes(diaodu: Any, month: Path) -> None:
    told = proofread(diaodu, month / "bulletin.docx", month)
    assert [one for one in told["claims"] if one["verdict"] == "contradicts"] == []
    assert told["code"] == 0
    holds = {
        place
        for one in told["claims"]
        if one["explanation"].startswith("运行结果里") and one["verdict"] == "holds"
        for place in range(one["start"], one["end"])
    }
    starts = [0, *(match.end() for match in re.finditer(r"[\t\n]", told["text"]))]
    numerals = json.loads((month / "bulletin.json").read_text(encoding="utf-8"))
    places = [starts[one["paragraph"]] + one["start"] for one in numerals]
    for at, one in zip(places, numerals, strict=True):
        assert told["text"].startswith(one["text"], at)
    found = sum(place in holds for place in places)
    assert found * 100 >= LEAST_FOUND * len(numerals), f"{found} of {len(numerals)}"


def test_a_figure_changed_in_it_does_not(diaodu: Any, month: Path, tmp_path: Path) -> None:
    """The growth of the first headline, a whole point up; marked in the Word copy."""
    document = docx.Document(str(month / "bulletin.docx"))
    paragraph = next(one for one in document.paragraphs if "地区生产总值完成" in one.text)
    (growth,) = re.findall(r"同比增长(\d+\.\d)%", paragraph.text)
    run = next(one for one in paragraph.runs if one.text == growth)
    run.text = str(Decimal(growth) + 1)
    document.save(str(tmp_path / "改.docx"))
    told = diaodu(
        "proofread", tmp_path / "改.docx", "--run", month, "--strict", "--mark", tmp_path / "批注"
    )
    assert told.code == 1
    assert f"应改为“{growth}%”" in "".join(told.out.split())
    marked = (tmp_path / "批注" / "改（校核）.docx").read_bytes()
    (comment,) = docx.Document(BytesIO(marked)).comments
    assert comment.text.startswith("与运行结果核对·矛盾（有误）：运行结果里示例县")
    assert (
        read_text(tmp_path / "批注" / "改（校核）.docx").text
        == read_text(tmp_path / "改.docx").text
    )
