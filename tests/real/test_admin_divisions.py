"""Ten sheets of merged cells that are no return at all: each is asked about, nothing is taken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

pytestmark = [pytest.mark.shared, pytest.mark.slow]

FILE = "admin-divisions/sub_county_diff_original.xlsx"
YEARS = [str(year) for year in range(2014, 2024)]


@pytest.fixture(scope="module")
def run(run_month: Callable[..., Any]) -> Any:
    """With the rulebook of the yearbook, whose counties and cities are the ones named there."""
    return run_month("county_yearbook", "2020年", "2024-01-01", FILE)


def test_every_cell_of_every_sheet_has_one_fate(run: Any, shared: Path) -> None:
    book = openpyxl.load_workbook(shared / FILE, read_only=True)
    filled = {
        page.title: sum(value is not None for row in page.values for value in row)
        for page in book.worksheets
    }
    assert [sheet for _, sheet in run.counts] == YEARS == sorted(filled)
    for (_, sheet), counts in run.counts.items():
        fates = ("label", "note", "marker", "kept", "held", "ignored")
        assert sum(counts[fate] for fate in fates) == counts["total"] == filled[sheet]
        assert counts["kept"] == 0
        assert counts["held"] > 0


def test_each_sheet_is_asked_about_once(run: Any) -> None:
    assert run.observations.is_empty()
    assert [(one["code"], one["severity"], one["sheet"]) for one in run.findings] == [
        ("unknown_layout", "hard", year) for year in YEARS
    ]
    for one in run.findings:
        held = run.counts[Path(FILE).name, one["sheet"]]["held"]
        assert one["message"] == (
            f"这张表里没有认出规则库的任何指标，不知道数是什么（涉及{held}个数据格，暂不采用）"
        )
        assert f'sheet: "{one["sheet"]}"' in one["action"]
