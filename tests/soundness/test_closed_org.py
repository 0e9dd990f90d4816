"""An org closed in mid-year: its name in a later return is nobody's figure, not silently its own.

What was printed: a township merged away in March stood in May's ranking with the figure that its
old office still sent. Right: the figure is held, the question names the day of the closing, and
what the township had until then stays.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from diaodu.engine.collect.reading import read_workbook
from diaodu.engine.collect.settle import settle
from diaodu.engine.collect.sheet import Cell, Mark, Sheet, Workbook
from diaodu.engine.flow import names_of


def _workbook(month: int, received: date) -> Workbook:
    rows = [
        [f"2023年1—{month}月各乡镇总产值（单位：亿元）"],
        ["单位名称", "总产值"],
        ["城东镇", Decimal(44)],
        ["老街道", Decimal(7)],
    ]
    cells = [
        Cell(row, col, value, str(value), Mark.TEXT if isinstance(value, str) else Mark.NONE)
        for row, values in enumerate(rows)
        for col, value in enumerate(values)
    ]
    return Workbook(f"{received}/{month}.xlsx", "a" * 64, received, [Sheet("", cells)])


def _settled(county, *books: Workbook):
    names = names_of(county.rulebook)
    readings = [read_workbook(book, names, county.rulebook) for book in books]
    findings = [one for reading in readings for sheet in reading.sheets for one in sheet.findings]
    return settle(readings, date(2023, 6, 20), names), findings


def test_a_figure_after_the_closing_is_held_and_the_earlier_one_stays(county) -> None:
    march = _workbook(3, date(2023, 4, 8))
    may = _workbook(5, date(2023, 6, 8))
    settled, findings = _settled(county, march, may)
    of_closed = [(o.period, o.held) for o in settled.observations if o.org == "old"]
    assert of_closed == [("2023-01/03", False), ("2023-01/05", True)]
    (found,) = findings
    assert (found.code, found.severity, found.org, found.cell) == (
        "unknown_org", "hard", "old", "A4",
    )  # fmt: skip
    assert "已于2023年3月31日撤销" in found.message


def test_the_living_ones_are_not_touched_by_it(county) -> None:
    settled, _ = _settled(county, _workbook(5, date(2023, 6, 8)))
    east = [(o.value, o.held) for o in settled.observations if o.org == "east"]
    assert east == [(Decimal(44), False)]
