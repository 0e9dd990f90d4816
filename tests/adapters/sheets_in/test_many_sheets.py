"""Workbooks and text files that are more than one plain table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from diaodu.adapters.sheets_in import read_workbook
from diaodu.engine.collect import build_names
from diaodu.engine.collect import read_workbook as collect
from diaodu.engine.collect.sheet import Workbook
from diaodu.engine.rules.models import Indicator, Org
from diaodu.engine.rules.rulebook import Rulebook

Read = Callable[..., Workbook]
RULES = Rulebook(
    "test",
    {
        "c": Org(id="c", name="示例县", level="county"),
        "a": Org(id="a", name="甲镇", level="township", parent="c"),
        "b": Org(id="b", name="乙镇", level="township", parent="c"),
    },
    {"fai": Indicator(id="fai", name="固定资产投资", unit="亿元", basis="ytd")},
)
NAMES = build_names(RULES)
SHARED = Path(__file__).parents[3].parent / "shared" / "data" / "admin-divisions"


def merged_everywhere(sheets: int) -> bytes:
    """Sheets whose titles, headers, stubs and figures are merged, also across one another's rows:
    nothing of it is a table that anybody could read for certain."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number in range(sheets):
        sheet = book.create_sheet(f"表{number + 1}")
        for row in range(1, 41):
            for col in range(1, 13):
                sheet.cell(row, col, f"{row}组" if col % 3 == 1 else row * col + number)
        sheet.merge_cells("A1:L2")
        for row in range(3, 40, 2):
            sheet.merge_cells(start_row=row, end_row=row + 1, start_column=1, end_column=1)
            sheet.merge_cells(start_row=row, end_row=row, start_column=2, end_column=3 + row % 5)
            sheet.merge_cells(start_row=row, end_row=row + 1, start_column=10, end_column=12)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_ten_sheets_of_merged_cells_give_findings(read: Read) -> None:
    workbook = read(merged_everywhere(10), "2023-06-12/合并.xlsx")
    assert len(workbook.sheets) == 10
    reading = collect(workbook, NAMES, RULES)
    for sheet, one in zip(workbook.sheets, reading.sheets, strict=True):
        assert sum(one.counts.values()) == len(sheet.cells)
        assert one.counts["kept"] == 0
        assert one.counts["held"] > 0
        assert one.findings


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is absent")
def test_a_real_workbook_of_merged_cells_gives_findings() -> None:
    (path,) = SHARED.glob("*.xlsx")
    workbook = read_workbook(path.read_bytes(), file=f"2023-06-12/{path.name}",
                             received=date(2023, 6, 12))  # fmt: skip
    reading = collect(workbook, NAMES, RULES)
    assert len(reading.sheets) >= 10
    for sheet, one in zip(workbook.sheets, reading.sheets, strict=True):
        assert sum(one.counts.values()) == len(sheet.cells)
        assert one.counts["kept"] == 0
        assert not one.counts["held"] or one.findings


LINES = ["2023年1—5月各乡镇固定资产投资", "单位：万元", "", "乡镇|累计|同比%", "甲镇|1234|8.3",
         "乙镇|—|一4.6", "注：快报数"]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "  "])
def test_a_csv_with_title_lines(read: Read, encoding: str, delimiter: str) -> None:
    text = "\r\n".join(LINES).replace("|", delimiter)
    (one,) = collect(read(text.encode(encoding), "2023-06-12/a.csv"), NAMES, RULES).sheets
    assert one.findings == ()
    found = {(o.org, o.facet): o.word or str(o.value) for o in one.observations}
    assert found == {
        ("a", "level"): "0.1234", ("a", "growth"): "8.3",
        ("b", "level"): "missing", ("b", "growth"): "-4.6",
    }  # fmt: skip
    assert {o.period for o in one.observations} == {"2023-01/05"}


def test_padded_title_lines_and_quoted_thousands(read: Read) -> None:
    text = (
        '"2023年1—5月各乡镇固定资产投资，单位：万元",,\n乡镇,累计,同比%\n甲镇,"1,234",8.3\n'
        "乙镇,1 234,—\n"
    )
    (one,) = collect(read(text.encode(), "2023-06-12/a.csv"), NAMES, RULES).sheets
    assert [str(o.value) for o in one.observations if o.facet == "level"] == ["0.1234"] * 2


def test_a_csv_whose_thousands_part_the_fields_is_not_misread(read: Read) -> None:
    """1,234 without quotes makes a field too many: no figure of that line may be kept."""
    text = "2023年1—5月各乡镇固定资产投资（万元）\n乡镇,累计,同比%\n甲镇,1,234,8.3\n乙镇,5,6.1\n"
    (one,) = collect(read(text.encode(), "2023-06-12/a.csv"), NAMES, RULES).sheets
    kept = {(o.org, o.facet, str(o.value)) for o in one.observations if not o.held}
    assert {entry for entry in kept if entry[0] == "a"} == set()
