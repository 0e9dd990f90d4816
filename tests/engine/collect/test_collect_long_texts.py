"""Texts of a length that no name has end soon and are asked about like any other."""

from __future__ import annotations

from time import process_time

import pytest
from sheets_for_tests import book, rulebook, sheet

from diaodu.engine.collect import build_names, read_workbook

RULES = rulebook()
NAMES = build_names(RULES)
WORDS = ("增速", "（）", "(1)", "2640.0 ", "1—5月", "甲镇 ", "甲镇 12.5 8.3 ", "单位：万元")


def long(word: str) -> str:
    return word * (30_000 // len(word))


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("at", ["title", "head", "stub", "figure"])
def test_a_text_as_long_as_a_cell_can_be(word: str, at: str) -> None:
    texts: dict[str, str | float] = {
        "title": "2023年1—5月", "head": "固定资产投资", "stub": "甲镇", "figure": 8.3,
    }  # fmt: skip
    texts[at] = long(word)
    rows = [
        [texts["title"]],
        ["单位", texts["head"]],
        [texts["stub"], texts["figure"]],
        ["乙镇", 9],
    ]
    started = process_time()
    (one,) = read_workbook(book(sheet(rows)), NAMES, RULES).sheets
    assert process_time() - started < 5
    assert sum(one.counts.values()) == 7
    assert at == "title" or one.counts["held"] >= 1
    assert bool(one.findings) == bool(one.counts["held"])
