"""A form as a county clerk expects it: title, who, when, how; then the table, pre-filled.

Only the cells to fill are open. They are yellow until something stands in them. 当月 and 同比 are
live formulas, an aid while typing: the desk computes its own from the figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from io import BytesIO
from itertools import groupby
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from diaodu.adapters.forms_excel import layout
from diaodu.adapters.forms_excel.keys import KEY_SHEET, MARKER, row_key, write_keys
from diaodu.adapters.forms_excel.layout import Slot
from diaodu.adapters.forms_excel.look import Looks, height
from diaodu.adapters.forms_excel.model import FormInput, FormRow, FormSheet, Shown
from diaodu.adapters.sheet_names import sheet_name
from diaodu.engine.ground.quantity import round_half_up

_OPTIONS = {
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "in_memory": True,
}  # fmt: skip
_ALLOWED = {
    "format_columns": True, "format_rows": True, "select_locked_cells": True,
    "select_unlocked_cells": True,
}  # fmt: skip
_HOW_TO = (
    "只填黄色的格子，填上以后变白。按“计量单位”栏的单位填数，格子里不写单位。",
    "本期确实没有数的，数字空着，在最后一栏选原因。当月、同比由表自动计算，只供核对。",
    "不要增减行列，不要改名称和单位。填好后保存，到“报送”页上传这个文件。",
)
_REASONS_COLUMN = 1  # of the key sheet
_LONGEST_RULE = 255  # characters Excel takes in a validation's formula

Runs = Iterator[tuple[int, int, FormInput]]


def write_form(form: FormSheet) -> bytes:
    """The form as an .xlsx file."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, _OPTIONS)
    book.set_properties({"title": form.title, "author": "调度"})
    _Writer(book, form).write()
    _write_key_sheet(book, form)
    book.close()
    return stream.getvalue()


def _write_key_sheet(book: Any, form: FormSheet) -> None:
    sheet = book.add_worksheet(KEY_SHEET)
    for row, text in enumerate(write_keys(form)):
        sheet.write_string(row, 0, text)
    for row, text in enumerate(form.reasons):
        sheet.write_string(row, _REASONS_COLUMN, text)
    sheet.protect("")
    sheet.very_hidden()


class _Writer:
    """The visible sheet being written."""

    def __init__(self, book: Any, form: FormSheet) -> None:
        self.form = form
        self.sheet = book.add_worksheet(sheet_name(form.title) or "报表")
        self.looks = Looks(book)
        self.slots = layout.slots(form)
        self.width = len(self.slots)
        self.column = {slot.mark: at for at, slot in enumerate(self.slots)}
        self.how_to = [f"{n}．{text}" for n, text in enumerate((*_HOW_TO, *form.how_to), 1)]
        self.marks_row = 3 + len(self.how_to)
        self.head_row = self.marks_row + 1
        self.first = self.head_row + 2
        self.last = self.first + len(form.rows) - 1

    def write(self) -> None:
        self._head_lines()
        self._heads()
        for number, row in enumerate(self.form.rows, 1):
            self._row(self.first + number - 1, number, row)
        self._foot()
        self._rules()
        self._conditions()
        self._page()

    # -- above the table -------------------------------------------------------------------------

    def _head_lines(self) -> None:
        form = self.form
        self._across(0, form.title, "title", 34)
        who = (f"填报单位：{form.reporter_name}", f"统计期：{form.period_label}",
               f"报送截止：{form.deadline}")  # fmt: skip
        self._across(1, "　　".join(who), "who", 22)
        for at, text in enumerate(self.how_to, 2):
            self._across(at, text, "how", 17)
        self._progress(2 + len(self.how_to))

    def _across(self, row: int, text: str, look: str, points: float) -> None:
        shape = self.looks.named(look)
        self.sheet.merge_range(row, 0, row, self.width - 1, "", shape)
        self.sheet.write_string(row, 0, text, shape)
        self.sheet.set_row(row, points)

    def _progress(self, row: int) -> None:
        """How many cells are filled, counted while typing; and whom to ask."""
        total = sum(len(each.inputs) for each in self.form.rows)
        filled = sum(
            one.current is not None for each in self.form.rows for one in each.inputs.values()
        )
        counts, closed = [], 0
        for facet in (column.facet for column in self.form.columns):
            at = self.column[f"{layout.INPUT}:{facet}"]
            counts.append(f"COUNTA({self._cell(self.first, at)}:{self._cell(self.last, at)})")
            closed += sum(facet not in each.inputs for each in self.form.rows)
        shape = self.looks.named("progress")
        contact = f"　　{self.form.contact}" if self.form.contact else ""
        quoted = contact.replace('"', '""')
        formula = f'="已填"&({"+".join(counts)}-{closed})&"格，共{total}格{quoted}"'
        self.sheet.merge_range(row, 0, row, self.width - 1, "", shape)
        shown = f"已填{filled}格，共{total}格{contact}"
        if len(quoted) < _LONGEST_RULE and self.form.rows:
            self.sheet.write_formula(row, 0, formula, shape, shown)
        else:
            self.sheet.write_string(row, 0, contact.strip(), shape)
        self.sheet.set_row(row, 19)

    def _heads(self) -> None:
        marks, head = self.marks_row, self.head_row
        for at, slot in enumerate(self.slots):
            self.sheet.set_column(at, at, slot.width)
            self.sheet.write_string(marks, at, slot.mark)
        self.sheet.set_column(self.width, self.width, 12, None, {"hidden": True})
        self.sheet.write_string(marks, self.width, MARKER + self.form.digest)
        self.sheet.set_row(marks, None, None, {"hidden": True})
        shape = self.looks.named("head")
        at = 0
        for (group, _), run in groupby(self.slots, key=lambda slot: (slot.group, slot.facet)):
            for size, under in _under_one_head(group, list(run)):
                self._head(head, at, size, group, under, shape)
                at += size
        self.sheet.set_row(head, 20)
        self.sheet.set_row(head + 1, 32)

    def _head(
        self, row: int, at: int, size: int, group: str, slots: Sequence[Slot], shape: Any
    ) -> None:
        if not group:
            self.sheet.merge_range(row, at, row + 1, at, "", shape)
            self.sheet.write_string(row, at, slots[0].head, shape)
            return
        if size > 1:
            self.sheet.merge_range(row, at, row, at + size - 1, "", shape)
        self.sheet.write_string(row, at, group, shape)
        for offset, slot in enumerate(slots):
            self.sheet.write_string(row + 1, at + offset, slot.head, shape)

    # -- the table -------------------------------------------------------------------------------

    def _row(self, at: int, number: int, row: FormRow) -> None:
        ruled = number > 1 and self.form.rows[number - 2].org != row.org
        for column, slot in enumerate(self.slots):
            if slot.facet:
                self._figure(at, column, slot, row, ruled)
            else:
                self._text(at, column, slot, number, row, ruled)
        self.sheet.write_string(at, self.width, row_key(row))
        texts = (
            (row.label, layout.NAME, 1 + 2 * row.depth), (row.org_name, layout.ORG, 1),
            (row.note, layout.NOTE, 1), (row.reason, layout.REASON, 1),
        )  # fmt: skip
        self.sheet.set_row(at, height(
            (text, self.slots[self.column[role]].width - indent)
            for text, role, indent in texts if role in self.column
        ))  # fmt: skip

    def _text(
        self, at: int, column: int, slot: Slot, number: int, row: FormRow, ruled: bool
    ) -> None:
        text = {
            layout.NO: str(number), layout.ORG: row.org_name, layout.NAME: row.label,
            layout.UNIT: row.unit, layout.NOTE: row.note, layout.REASON: row.reason,
        }[slot.role]  # fmt: skip
        look = self.looks.text(slot.role, text, row.depth, ruled=ruled)
        if text:
            self.sheet.write_string(at, column, text, look)
        else:
            self.sheet.write_blank(at, column, None, look)

    def _figure(self, at: int, column: int, slot: Slot, row: FormRow, ruled: bool) -> None:
        one = row.inputs.get(slot.facet)
        if one is None:
            text = layout.CLOSED if slot.role == layout.INPUT else ""
            self.sheet.write_string(at, column, text, self.looks.closed(ruled=ruled))
        elif slot.role == layout.INPUT:
            self._shown(at, column, one.current, self._look("input", one, ruled))
        elif slot.role == layout.LAST_YEAR:
            self._shown(at, column, one.last_year, self._look("known", one, ruled))
        elif slot.role == layout.LAST:
            self._shown(at, column, one.last, self._look("known", one, ruled))
        else:
            self._computed(at, column, slot, row, one, ruled)

    def _look(self, look: str, one: FormInput, ruled: bool) -> Any:
        return self.looks.number(look, one.decimals, one.most_decimals, ruled=ruled)

    def _shown(self, at: int, column: int, shown: Shown | None, look: Any) -> None:
        """A number exactly, or as text where a cell's fifteen digits would not hold it."""
        if shown is None:
            self.sheet.write_blank(at, column, None, look)
        elif isinstance(shown, Decimal) and Decimal(format(float(shown), ".15g")) == shown:
            self.sheet.write_number(at, column, float(shown), look)
        else:
            text = format(shown, "f") if isinstance(shown, Decimal) else shown
            self.sheet.write_string(at, column, text, look)

    def _computed(
        self, at: int, column: int, slot: Slot, row: FormRow, one: FormInput, ruled: bool
    ) -> None:
        wanted = row.month if slot.role == layout.MONTH else row.growth
        if not wanted:
            self.sheet.write_blank(at, column, None, self.looks.closed(ruled=ruled))
            return
        now = self._cell(at, self.column[f"{layout.INPUT}:{slot.facet}"])
        if slot.role == layout.MONTH:
            before = self._cell(at, self.column[f"{layout.LAST}:{slot.facet}"])
            formula = f'=IF(AND(ISNUMBER({now}),ISNUMBER({before})),{now}-{before},"")'
            value, look = _month(one), self._look("computed", one, ruled)
        else:
            base = self._cell(at, self.column[f"{layout.LAST_YEAR}:{slot.facet}"])
            formula = (
                f"=IF(AND(ISNUMBER({now}),ISNUMBER({base})),IF({base}>0,"
                f'ROUND(({now}/{base}-1)*100,1),IF({base}=0,"同期为零","同期为负")),"")'
            )
            value, look = _growth(one), self.looks.number("computed", 1, 1, ruled=ruled)
        shown = float(value) if isinstance(value, Decimal) else value
        self.sheet.write_formula(at, column, formula, look, shown)

    def _foot(self) -> None:
        """Places to sign on paper."""
        titles = [f"{each}（签字）：" for each in self.form.signatures]
        line = "　　　　　　".join([*titles, "填表人：", "联系电话：", "填报日期：　　年　月　日"])
        self._across(self.last + 1, line, "foot", 34)

    # -- what may be typed -----------------------------------------------------------------------

    def _rules(self) -> None:
        for column in self.form.columns:
            at = self.column[f"{layout.INPUT}:{column.facet}"]
            for first, last, one in self._runs(column.facet):
                self.sheet.data_validation(first, at, last, at, self._rule(first, at, one))
        if self.form.reasons and self.form.rows:
            at = self.column[layout.REASON]
            source = f"='{KEY_SHEET}'!$B$1:$B${len(self.form.reasons)}"
            self.sheet.data_validation(self.first, at, self.last, at, {
                "validate": "list", "source": source, "error_title": "请从列表中选",
                "error_message": "请点右边的箭头，从列表中选一个原因；列表里没有的写在“说明”栏。",
            })  # fmt: skip

    def _runs(self, facet: str) -> Runs:
        """Stretches of rows whose inputs take the same decimals: one rule serves each."""
        at = self.first
        for decimals, run in groupby(self.form.rows, key=lambda row: _decimals(row, facet)):
            rows = list(run)
            if decimals is not None:
                yield at, at + len(rows) - 1, rows[0].inputs[facet]
            at += len(rows)

    def _rule(self, row: int, column: int, one: FormInput) -> dict[str, Any]:
        cell, decimals = self._cell(row, column), one.most_decimals
        words = [f'{cell}="{word}"' for word in self.form.words if '"' not in word]
        formula = f"=OR(AND(ISNUMBER({cell}),ROUND({cell},{decimals})={cell})"
        while words and len(formula) + sum(len(word) + 1 for word in words) >= _LONGEST_RULE:
            words.pop()
        known = "、".join(self.form.words)
        places = f"最多{decimals}位小数" if decimals else "不带小数"
        return {
            "validate": "custom", "value": ",".join([formula, *words]) + ")",
            "error_title": "这里填数",
            "error_message": f"请填数（{places}），不写单位和百分号"
            + (f"；也可以填：{known}" if known else "") + "。本期确无数据的，空着并选原因。",
        }  # fmt: skip

    def _conditions(self) -> None:
        """Yellow while empty; grey when a reason says that there is no figure."""
        reason = self.column[layout.REASON]
        for column in self.form.columns:
            at = self.column[f"{layout.INPUT}:{column.facet}"]
            for first, last, _ in self._runs(column.facet):
                cell = self._cell(first, at)
                why = self._cell(first, reason, column_fixed=True)
                empty = f"LEN({cell})=0"
                for criteria, look in ((f"=AND({empty},LEN({why})>0)", "none"),
                                       (f"={empty}", "to_fill")):  # fmt: skip
                    self.sheet.conditional_format(
                        first, at, last, at,
                        {"type": "formula", "criteria": criteria,
                         "format": self.looks.named(look), "stop_if_true": True},
                    )  # fmt: skip

    # -- page ------------------------------------------------------------------------------------

    def _page(self) -> None:
        sheet = self.sheet
        sheet.protect("", _ALLOWED)
        sheet.freeze_panes(self.first, self.column[layout.UNIT] + 1)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(self.head_row, self.head_row + 1)
        sheet.print_area(0, 0, self.last + 1, self.width - 1)
        sheet.center_horizontally()
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.set_footer(f"&L{_plain(self.form.reporter_name)}&C第&P页，共&N页")
        opened = self.column[f"{layout.INPUT}:{self.form.columns[0].facet}"]
        sheet.set_selection(self.first, opened, self.first, opened)

    @staticmethod
    def _cell(row: int, column: int, *, column_fixed: bool = False) -> str:
        return str(xl_rowcol_to_cell(row, column, col_abs=column_fixed))


def _under_one_head(group: str, run: list[Slot]) -> list[tuple[int, list[Slot]]]:
    """Slots without a group stand each under a head of its own."""
    return [(len(run), run)] if group else [(1, [slot]) for slot in run]


def _decimals(row: FormRow, facet: str) -> int | None:
    one = row.inputs.get(facet)
    return None if one is None else one.most_decimals


def _month(one: FormInput) -> Decimal | str:
    if isinstance(one.current, Decimal) and isinstance(one.last, Decimal):
        return one.current - one.last
    return ""


def _growth(one: FormInput) -> Decimal | str:
    now, base = one.current, one.last_year
    if not isinstance(now, Decimal) or not isinstance(base, Decimal):
        return ""
    if base <= 0:
        return "同期为零" if base == 0 else "同期为负"
    return round_half_up((now / base - 1) * 100, 1)


def _plain(text: str) -> str:
    """A header or footer takes & for a code."""
    return text.replace("&", "&&")
