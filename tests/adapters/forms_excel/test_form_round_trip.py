"""What goes into a form comes out of it exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diaodu.adapters.forms_excel import (
    FilledForm,
    FormInput,
    FormRow,
    FormSheet,
    read_form,
    write_form,
)

REASONS = ("本期没有发生", "其他")
# Whatever a cell can hold: no control characters, no lone halves of characters, nothing that XML
# does not know.
TEXTS = st.text(
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"), max_size=30
).filter(str.strip)


@st.composite
def inputs(draw: st.DrawFn) -> FormInput:
    decimals = draw(st.integers(0, 4))
    numbers = st.decimals(Decimal(-(10**13)), Decimal(10**13), places=decimals)
    current = draw(
        st.one_of(st.none(), numbers, st.just(Decimal(0)), st.sampled_from(["持平", "无"]))
    )
    return FormInput(
        decimals, draw(numbers), draw(st.one_of(numbers, st.just("逾期未报"))), current
    )


@st.composite
def forms(draw: st.DrawFn) -> FormSheet:
    rows = [
        FormRow(
            f"indicator{number}", draw(TEXTS), draw(st.sampled_from(["万元", "个", "%", "亿元"])),
            "zhen1", "南坪镇", draw(st.integers(0, 2)), {"level": draw(inputs())},
            note=draw(st.one_of(st.just(""), TEXTS)),
        )
        for number in range(draw(st.integers(1, 6)))
    ]  # fmt: skip
    return FormSheet(
        draw(TEXTS), "1", "2023-09", "zhen1", "9", draw(TEXTS), draw(TEXTS), "2023年9月", "9月",
        "8月", "10月9日", tuple(rows), reasons=REASONS, contact=draw(TEXTS),
    )  # fmt: skip


@given(forms())
@settings(max_examples=60, deadline=None)
def test_every_figure_word_blank_and_note_comes_back(form: FormSheet) -> None:
    found = read_form(write_form(form), received=date(2023, 10, 8), expect=form)
    assert isinstance(found, FilledForm)
    assert found.identity == form.identity
    assert [one for one in found.faults if one.severity != "note"] == []
    assert {one.code for one in found.faults} <= {"script_text"}
    words = {"flat": "持平", "nil": "无", None: None}
    for row, cell in zip(form.rows, found.cells, strict=True):
        given_in = row.inputs["level"].current
        assert cell.key == (row.indicator, row.org, "level")
        assert given_in == (words[cell.word] if cell.value is None else cell.value)
        assert cell.unit == row.unit
    assert [one.text for one in found.notes] == [row.note for row in form.rows if row.note]


def test_a_number_of_more_digits_than_a_cell_holds_comes_back_whole(
    form: FormSheet, read: Callable[..., FilledForm]
) -> None:
    long = Decimal("12345678901234.5678")
    row = replace(form.rows[0], inputs={"level": FormInput(4, "无数据", "无数据", long)})
    found = read(write_form(replace(form, rows=(row,))))
    assert (found.cells[0].value, found.cells[0].decimals, found.faults) == (long, 4, ())


def test_a_blank_form_is_read_without_a_word(
    form: FormSheet, read: Callable[..., FilledForm]
) -> None:
    found = read(write_form(form), form)
    assert found.faults == () and found.is_usable and not found.must_mend
    assert [one.is_blank for one in found.cells] == [True, False, True, False, True, True]
    assert [one.cell for one in found.cells] == ["F10", "F11", "F12", "F13", "F14", "F15"]


def test_rows_of_several_orgs_and_facets(
    two_facets: FormSheet, read: Callable[..., FilledForm], edit: Callable[..., bytes]
) -> None:
    content = edit(write_form(two_facets), {"G10": 120, "L10": 6.5, "G11": 7, "G12": 90})
    found = read(content, two_facets)
    assert found.faults == ()
    assert {tuple(one.key): one.value for one in found.cells} == {
        ("output", "zhen1", "level"): 120, ("output", "zhen1", "growth"): Decimal("6.5"),
        ("firms", "zhen1", "level"): 7, ("output", "zhen2", "level"): 90,
        ("output", "zhen2", "growth"): None, ("firms", "zhen2", "level"): None,
    }  # fmt: skip


def test_the_reason_for_no_figure_goes_to_the_blank_cells_of_its_row(
    two_facets: FormSheet, read: Callable[..., FilledForm], edit: Callable[..., bytes]
) -> None:
    content = edit(write_form(two_facets), {"G10": 120, "N10": "尚未核定"})
    found = read(content, two_facets)
    assert found.faults == ()
    assert [(one.value, one.reason) for one in found.cells[:2]] == [(120, ""), (None, "尚未核定")]


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5%", "@SUM(A1)", '=HYPERLINK("http://a")'])
def test_no_text_becomes_a_formula(make_form: Callable[..., FormSheet], text: str) -> None:
    form = make_form(title=text, reporter_name=text, contact=text, how_to=(text,))
    row = replace(form.rows[0], name=text, unit=text, note=text, reason=text)
    form = replace(form, rows=(row,), reasons=(text,))
    book = openpyxl.load_workbook(BytesIO(write_form(form)))
    formulas = [
        cell.value
        for sheet in book.worksheets
        for cells in sheet.iter_rows()
        for cell in cells
        if cell.data_type == "f"
    ]
    assert all(one.startswith(("=IF(", '="已填"&')) for one in formulas), formulas


def test_only_the_cells_to_fill_are_open(form: FormSheet) -> None:
    book = openpyxl.load_workbook(BytesIO(write_form(form)))
    sheet = book.worksheets[0]
    opened = {
        cell.column_letter
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked
    }
    assert opened == {"F", "I", "J"}
    assert sheet.protection.sheet and sheet.protection.password is None
    assert sheet.freeze_panes == "D10" and sheet.print_title_rows == "$8:$9"
    assert sheet.row_dimensions[7].hidden and sheet.column_dimensions["K"].hidden
    assert book.worksheets[1].sheet_state == "veryHidden"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")


def test_what_may_be_typed(form: FormSheet) -> None:
    sheet = openpyxl.load_workbook(BytesIO(write_form(form))).worksheets[0]
    rules = {str(one.sqref): one for one in sheet.data_validations.dataValidation}
    assert rules["F10:F13"].formula1 == (
        'OR(AND(ISNUMBER(F10),ROUND(F10,0)=F10),F10="持平",F10="无")'
    )
    assert rules["F14"].error == (
        "请填数（最多2位小数），不写单位和百分号；也可以填：持平、无。本期确无数据的，空着并选原因。"
    )
    assert rules["J10:J15"].formula1 == "'_填报标识'!$B$1:$B$3"
    assert sheet["F14"].number_format == "#,##0.00_ " and sheet["F10"].number_format == "#,##0_ "


@pytest.mark.parametrize(
    ("decimals", "known", "most", "look", "typed", "digits"),
    [
        (2, ("3.6868", "3.50"), 4, "#,##0.00##_ ", 3.7021, 4),
        (2, ("3.6868", "3.50"), 4, "#,##0.00##_ ", 3.5, 2),
        (0, ("13", "12.5"), 1, "General", 14.5, 1),
        (0, ("13", "12.5"), 1, "General", 14, 0),
        (2, ("3.50", "3.4000"), 2, "#,##0.00_ ", 3.61, 2),
        (2, ("无数据", "逾期未报"), 2, "#,##0.00_ ", 3.61, 2),
    ],
)
def test_as_many_decimals_as_the_figures_on_file_have(
    form: FormSheet, read: Callable[..., FilledForm], edit: Callable[..., bytes], decimals: int,
    known: tuple[str, str], most: int, look: str, typed: float, digits: int,
) -> None:  # fmt: skip
    last_year, last = (Decimal(one) if one[0].isdecimal() else one for one in known)
    row = replace(form.rows[0], inputs={"level": FormInput(decimals, last_year, last)})
    form = replace(form, rows=(row,))
    content = write_form(form)
    sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
    rules = {str(one.sqref): one for one in sheet.data_validations.dataValidation}
    assert f"ROUND(F10,{most})=F10" in rules["F10"].formula1
    assert (sheet["F10"].number_format, sheet["E10"].number_format) == (look, look)
    found = read(edit(content, {"F10": typed}), form)
    assert found.faults == ()
    assert (str(found.cells[0].value), found.cells[0].decimals) == (str(typed), digits)


def test_a_revised_figure_on_file_does_not_make_the_form_another(form: FormSheet) -> None:
    row = replace(form.rows[0], inputs={"level": FormInput(0, Decimal("97500.25"))})
    rows = (row, *form.rows[1:])
    assert replace(form, rows=rows).identity == form.identity


def test_formulas_carry_what_they_come_to(form: FormSheet) -> None:
    """A preview that calculates nothing shows the right figures too."""
    content = write_form(form)
    shown = openpyxl.load_workbook(BytesIO(content), data_only=True).worksheets[0]
    assert (shown["G11"].value, shown["H11"].value) == (2550, -19.1)
    assert (shown["G10"].value, shown["A6"].value) == (None, "已填2格，共6格　　疑问请联系县统计局")
