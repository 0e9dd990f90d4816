"""The Excel form of a grid of targets: written with hidden keys, read back by them."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from diaodu.adapters.targets_excel import (
    KEY_SHEET,
    FormCell,
    FormError,
    FormRow,
    FormSheet,
    FormTier,
    read_form,
    write_form,
)


def _form(identity: str = "1|tax|level") -> FormSheet:
    rows = (
        FormRow("示例县", 0, (FormCell("own:a:w", Decimal("47.20"), ""),
                           FormCell("own:a:1", None, ""))),
        FormRow("青石镇", 1, (FormCell("own:b:w", None, "未下达"),
                           FormCell("own:b:1", Decimal("12345678901234567.25"), ""))),
    )  # fmt: skip
    tiers = (FormTier("本级自定", rows),)
    return FormSheet(identity, 7, "2023年税收", "只改白格", ("全年", "1月"), tiers, True)


def _saved(change: object) -> bytes:
    book = load_workbook(BytesIO(write_form(_form())))
    change(book)  # type: ignore[operator]
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_untouched_it_says_nothing_new() -> None:
    read = read_form(write_form(_form()), _form())
    assert (read.seen, read.cells, read.remarks) == (7, [], [])


def test_changed_cells_come_back_by_their_keys_wherever_the_rows_are() -> None:
    def change(book: object) -> None:
        sheet = book.worksheets[0]  # type: ignore[attr-defined]
        sheet.cell(6, 3).value = 8.33
        sheet.cell(7, 3).value = None
        sheet.cell(7, 4).value = "1.5万元"
        sheet.insert_rows(6)
        sheet.cell(6, 3).value = 5

    read = read_form(_saved(change), _form())
    assert read.cells == [("own:a:w", "8.33"), ("own:b:w", ""), ("own:b:1", "1.5万元")]
    assert read.remarks == ["C6的“5”在添加的行里，没有读"]


def test_numbers_that_excel_would_round_are_texts() -> None:
    sheet = load_workbook(BytesIO(write_form(_form()))).worksheets[0]
    assert sheet.cell(6, 3).value == 47.2
    assert sheet.cell(7, 4).value == "12345678901234567.25"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda book: book.remove(book[KEY_SHEET]), "标识页被删"),
        (lambda book: book[KEY_SHEET].cell(2, 1, '["own:a:w", "5"]'), "表里的标识被改过"),
        (lambda book: book.worksheets[0].delete_rows(3), "隐藏标识被删"),
    ],
)
def test_a_damaged_form_is_refused(change: object, told: str) -> None:
    with pytest.raises(FormError, match=told):
        read_form(_saved(change), _form())


def test_the_form_of_another_grid_is_refused() -> None:
    with pytest.raises(FormError, match="另一个指标"):
        read_form(write_form(_form("2|tax|level")), _form())
    with pytest.raises(FormError, match="不是从目标表格下载的Excel"):
        read_form(b"nothing", _form())
