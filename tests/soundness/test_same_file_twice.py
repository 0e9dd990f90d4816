"""The same return sent again: one figure, not two, and the first day of receipt stays."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from diaodu.engine.collect.reading import read_workbook
from diaodu.engine.collect.settle import settle
from diaodu.engine.collect.sheet import Cell, Mark, Sheet, Workbook
from diaodu.engine.flow import names_of

ROWS = [
    ["2023年1—5月各乡镇总产值"],
    ["单位：亿元"],
    ["单位名称", "总产值", "同比增长（%）"],
    ["城东镇", "44.4", "8.5"],
    ["城西镇", "30.0", "-1.2"],
]


def _workbook(file: str, received: date) -> Workbook:
    cells = []
    for row, texts in enumerate(ROWS):
        for col, text in enumerate(texts):
            is_number = row > 2 and col > 0
            value = Decimal(text) if is_number else text
            cells.append(Cell(row, col, value, text, Mark.NONE if is_number else Mark.TEXT))
    return Workbook(file, "a" * 64, received, [Sheet("", cells)])


def _settled(county, *books: Workbook):
    names = names_of(county.rulebook)
    readings = [read_workbook(book, names, county.rulebook) for book in books]
    return settle(readings, date(2023, 6, 20), names)


def test_a_return_received_again_makes_no_second_figure(county):
    first = _workbook("2023-06-12/a.csv", date(2023, 6, 12))
    again = _workbook("2023-06-18/a.csv", date(2023, 6, 18))
    once, twice = _settled(county, first), _settled(county, first, again)
    assert len(once.observations) == 4
    assert twice.observations == once.observations
    assert {one.received for one in twice.observations} == {date(2023, 6, 12)}
    assert not twice.findings


def test_a_copy_of_a_return_on_the_same_day_makes_no_second_figure(county):
    first = _workbook("2023-06-12/a.csv", date(2023, 6, 12))
    copy = _workbook("2023-06-12/copy/a.csv", date(2023, 6, 12))
    settled = _settled(county, first, copy)
    assert len(settled.observations) == 4
    assert not any(one.held for one in settled.observations)
    assert "conflict" not in {one.code for one in settled.findings}
