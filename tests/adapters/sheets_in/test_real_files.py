"""The untouched files that lie beside the repository."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from diaodu.adapters.sheets_in import read_workbook
from diaodu.engine.collect.sheet import Mark

DATA = Path(__file__).resolve().parents[3] / ".." / "shared" / "data"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not DATA.is_dir(), reason="the shared data is absent"),
]


def test_the_untouched_exports_of_the_statistics_bureau() -> None:
    files = sorted((DATA / "nbs-xls-exports" / "original_xls").glob("*.xls"))
    assert files
    for path in files:
        workbook = read_workbook(path.read_bytes(), file=path.name, received=date(2023, 6, 12))
        assert workbook.findings == (), path.name
        values = [cell.value for sheet in workbook.sheets for cell in sheet.cells]
        numbers = [value for value in values if isinstance(value, Decimal)]
        assert len(numbers) > 50
        assert all(len(number.as_tuple().digits) <= 15 for number in numbers)


def test_a_workbook_with_hidden_rows_and_merged_blocks_agrees_with_another_reader() -> None:
    path = DATA / "admin-divisions" / "sub_county_diff_original.xlsx"
    workbook = read_workbook(path.read_bytes(), file=path.name, received=date(2023, 6, 12))
    other = openpyxl.load_workbook(path, data_only=True)
    assert [sheet.name for sheet in workbook.sheets] == other.sheetnames
    for sheet in workbook.sheets:
        theirs = other[sheet.name]
        expected = {
            (cell.row - 1, cell.column - 1): cell.value
            for row in theirs.iter_rows()
            for cell in row
            if cell.value not in (None, "")
        }
        ours = {(cell.row, cell.col): cell.value for cell in sheet.cells}
        assert ours.keys() == expected.keys()
        hidden = {row - 1 for row, look in theirs.row_dimensions.items() if look.hidden}
        assert all(cell.mark & Mark.HIDDEN for cell in sheet.cells if cell.row in hidden)
        assert len(sheet.merges) == len(theirs.merged_cells.ranges)


def test_a_big_table_of_counties_is_read_whole() -> None:
    path = DATA / "county-yearbook-2020" / "county_2020.csv"
    workbook = read_workbook(path.read_bytes(), file=path.name, received=date(2023, 6, 12))
    assert workbook.findings == ()
    assert len({cell.row for cell in workbook.sheets[0].cells}) > 2000
