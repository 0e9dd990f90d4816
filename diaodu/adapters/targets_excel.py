"""The targets of one indicator as an Excel form: tiers × units × months, each cell with a hidden
key. It is read back by those keys, wherever rows and columns have been moved to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any, NamedTuple

from python_calamine import CalamineError, CalamineWorkbook
from xlsxwriter import Workbook

from diaodu.adapters.sheet_names import sheet_name
from diaodu.engine.ground.errors import DiaoduError

KEY_SHEET = "_目标标识"
_FORMAT = "diaodu.targets:1"
_HEAD_ROWS = 4  # title, note, hidden columns' keys, heads
_EXACT_DIGITS = 15  # of a number in a workbook; a longer one is written as text


class FormError(DiaoduError):
    """The file is not this form: why, and what to do."""


class FormCell(NamedTuple):
    """`key` names it in the grid; a number, or the text that stands in its place."""

    key: str
    number: Decimal | None
    text: str


class FormRow(NamedTuple):
    name: str
    depth: int
    cells: tuple[FormCell, ...]


class FormTier(NamedTuple):
    name: str
    rows: tuple[FormRow, ...]


@dataclass(frozen=True, slots=True)
class FormSheet:
    """`identity`: of which version, indicator and kind; `seen`: the state of the draft that it
    shows. `summed`: a column with the sum of the months is written beside."""

    identity: str
    seen: int
    title: str
    note: str
    heads: tuple[str, ...]
    tiers: tuple[FormTier, ...]
    summed: bool


class ReadForm(NamedTuple):
    """`cells`: (key, text) of those that differ from what was handed out; `remarks`: what stands
    in the file and has no place."""

    seen: int
    cells: list[tuple[str, str]]
    remarks: list[str]


def write_form(form: FormSheet) -> bytes:
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet(sheet_name(form.title))
        keys = book.add_worksheet(KEY_SHEET)
        _Writer(book, sheet, form).write()
        for at, line in enumerate(_key_lines(form)):
            keys.write_string(at, 0, line)
        keys.very_hidden()
    return out.getvalue()


def _key_lines(form: FormSheet) -> list[str]:
    shown = {cell.key: _shown(cell) for cell in _cells(form)}
    lines = [json.dumps([_FORMAT, form.identity, form.seen])]
    lines += [json.dumps([key, text], ensure_ascii=False) for key, text in shown.items()]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return [*lines, json.dumps(["end", digest])]


def _cells(form: FormSheet) -> Iterator[FormCell]:
    for tier in form.tiers:
        for row in tier.rows:
            yield from row.cells


def _shown(cell: FormCell) -> str:
    return cell.text if cell.number is None else f"{cell.number:f}"


@dataclass
class _Writer:
    book: Any
    sheet: Any
    form: FormSheet

    def write(self) -> None:
        plain = self.book.add_format({"bottom": 1, "bold": True, "align": "right"})
        self.sheet.write_string(0, 1, self.form.title, self.book.add_format({"bold": True}))
        self.sheet.write_string(1, 1, self.form.note)
        self.sheet.write_string(2, 0, _FORMAT)
        self.sheet.set_row(2, None, None, {"hidden": True})
        self.sheet.set_column(0, 0, None, None, {"hidden": True})
        self.sheet.set_column(1, 1, 22)
        self.sheet.set_column(2, 2 + len(self.form.heads), 11)
        self.sheet.write_string(3, 1, "单位", self.book.add_format({"bottom": 1, "bold": True}))
        for at, head in enumerate(self.form.heads, start=2):
            self.sheet.write_string(3, at, head, plain)
            self.sheet.write_string(2, at, self._column_key(at - 2))
        if self.form.summed:
            self.sheet.write_string(3, 2 + len(self.form.heads), "各月合计", plain)
        self.sheet.freeze_panes(_HEAD_ROWS, 2)
        self._rows()

    def _column_key(self, at: int) -> str:
        row = next((row for tier in self.form.tiers for row in tier.rows), None)
        return row.cells[at].key.rsplit(":", 1)[1] if row else ""

    def _rows(self) -> None:
        band = self.book.add_format({"bold": True, "bg_color": "#EDF0F3"})
        number = self.book.add_format({"num_format": "#,##0.######", "border": 1})
        text = self.book.add_format({"num_format": "@", "border": 1, "align": "right"})
        at = _HEAD_ROWS
        for tier in self.form.tiers:
            self.sheet.write_string(at, 1, tier.name, band)
            at += 1
            for row in tier.rows:
                self.sheet.write_string(at, 0, row.cells[0].key.rsplit(":", 1)[0])
                self.sheet.write_string(at, 1, "　" * row.depth + row.name)
                for column, cell in enumerate(row.cells, start=2):
                    self._cell(at, column, cell, number, text)
                if self.form.summed:
                    last = 1 + len(self.form.heads)
                    where = f"{_letters(3)}{at + 1}:{_letters(last)}{at + 1}"
                    self.sheet.write_formula(at, last + 1, f"=SUM({where})", number, _sum(row))
                at += 1

    def _cell(self, row: int, column: int, cell: FormCell, number: Any, text: Any) -> None:
        if cell.number is not None and len(cell.number.as_tuple().digits) <= _EXACT_DIGITS:
            self.sheet.write_number(row, column, cell.number, number)
        elif shown := _shown(cell):
            self.sheet.write_string(row, column, shown, text)
        else:
            self.sheet.write_blank(row, column, None, number)


def _sum(row: FormRow) -> str:
    return f"{sum((one.number for one in row.cells[1:] if one.number is not None), Decimal(0)):f}"


def _letters(column: int) -> str:
    """0 → A, 27 → AB."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


# -- back ------------------------------------------------------------------------------------


def read_form(content: bytes, form: FormSheet) -> ReadForm:
    """Raises FormError where it is no form of this draft, indicator and kind."""
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        names = book.sheet_names
        told = [str(row[0]) for row in book.get_sheet_by_name(KEY_SHEET).to_python()]
        rows = book.get_sheet_by_name(next(name for name in names if name != KEY_SHEET)).to_python(
            skip_empty_area=False
        )
    except (CalamineError, StopIteration, OSError) as error:
        raise FormError(
            "这不是从目标表格下载的Excel，或标识页被删；请重新下载，填好再上传"
        ) from error
    seen, handed_out = _keys(told, form.identity)
    return _changed(rows, seen, handed_out)


def _keys(lines: Sequence[str], identity: str) -> tuple[int, dict[str, str]]:
    try:
        (kind, whose, seen), *cells = [json.loads(line) for line in lines[:-1]]
        digest = hashlib.sha256("\n".join(lines[:-1]).encode()).hexdigest()
        if kind != _FORMAT or json.loads(lines[-1]) != ["end", digest]:
            raise ValueError(kind)
    except (ValueError, IndexError, TypeError) as error:
        raise FormError("表里的标识被改过；请重新下载，填好再上传") from error
    if whose != identity:
        raise FormError("这是另一版、另一个指标或另一个类型的表；请在那一页上传，或重新下载")
    return int(seen), dict(cells)


def _changed(rows: Sequence[Sequence[Any]], seen: int, handed_out: Mapping[str, str]) -> ReadForm:
    head = next((row for row in rows if str(row[0]) == _FORMAT), None)
    if head is None:
        raise FormError("第3行的隐藏标识被删；请重新下载，填好再上传")
    columns = {at: str(key) for at, key in enumerate(head) if at > 1 and str(key)}
    cells: list[tuple[str, str]] = []
    remarks: list[str] = []
    found: set[str] = set()
    for number, row in enumerate(rows, start=1):
        prefix = str(row[0])
        if ":" not in prefix or prefix == _FORMAT:
            remarks += _strange(row, columns, number)
            continue
        for at, column in columns.items():
            key, text = f"{prefix}:{column}", _text(row[at] if at < len(row) else "")
            if key not in handed_out:
                remarks += [f"{_letters(at)}{number}的“{text}”没有对应的格子"] if text else []
            elif key in found:
                remarks.append(f"第{number}行在表里出现了两次，以前面的为准")
            elif not _is_same(text, handed_out[key]):
                cells.append((key, text))
            found.add(key)
    return ReadForm(seen, cells, list(dict.fromkeys(remarks)))


def _strange(row: Sequence[Any], columns: Iterable[int], number: int) -> list[str]:
    """Figures in a row that was added by hand; heads and notes have none."""
    if number <= _HEAD_ROWS:
        return []
    texts = [(at, _text(row[at])) for at in columns if at < len(row)]
    return [f"{_letters(at)}{number}的“{text}”在添加的行里，没有读" for at, text in texts if text]


def _text(value: Any) -> str:
    """A number as the fewest digits that give it back: 8.33 and not 8.3300000000000001."""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        return f"{Decimal(repr(value)).normalize():f}"
    return str(value).strip()


def _is_same(text: str, shown: str) -> bool:
    if text == shown:
        return True
    try:
        return bool(text) and bool(shown) and Decimal(text) == Decimal(shown)
    except ArithmeticError:
        return False
