"""A filled form read back: whose it is by its hidden keys, then row by row what stands in it.

A row is known by the key at its end and a column by the mark in the hidden row, so that both may
have moved. What is beside them (name, unit, org) must still be what it was: a key whose name is
another would put a figure under the wrong indicator without a word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from diaodu.adapters.forms_excel import layout
from diaodu.adapters.forms_excel.cell_in import MISSING, InputReader, looks_like_script
from diaodu.adapters.forms_excel.keys import KEY_SHEET, MARKER, Keys, read_keys, row_key
from diaodu.adapters.forms_excel.model import (
    DEFAULT_LIMITS,
    MEGABYTE,
    OPINION_SHEET,
    CellKey,
    FilledCell,
    FilledForm,
    FormFault,
    FormInput,
    FormRow,
    FormSheet,
    Limits,
    NotAForm,
    RowNote,
    Shown,
)
from diaodu.adapters.forms_excel.say import fault, from_finding
from diaodu.adapters.sheets_in import read_workbook
from diaodu.engine.collect.sheet import Cell, Mark, Sheet, Workbook, cell_name
from diaodu.engine.collect.words import fold

_UNREADABLE = Mark.ERROR | Mark.NO_CACHE
_KNOWN_NAMES = {layout.LAST_YEAR: "去年同期数", layout.LAST: "上期数"}
_HEAD_ROWS = 2  # between the hidden row and the first row of the table

Row = dict[int, Cell]


def read_form(
    content: bytes, *, received: date, name: str = "上传的文件.xlsx",
    expect: FormSheet | None = None, limits: Limits = DEFAULT_LIMITS,
) -> FilledForm | NotAForm | list[FormFault]:  # fmt: skip
    """Read an upload. Raises nothing for what is in it.

    A list of faults: the file cannot be read at all. `NotAForm`: it can, but is no form of ours.
    `expect` is the form the page asks for; without it nothing is compared with it. `name` is the
    file's name as uploaded, `received` the day.
    """
    if len(content) > limits.max_bytes:
        size, most = f"{len(content) / MEGABYTE:.1f}", f"{limits.max_bytes / MEGABYTE:.0f}"
        return [fault("too_big", size=size, most=most)]
    book = read_workbook(content, file=name, received=received)
    troubles = [from_finding(each) for each in book.findings if each.code != "empty_sheet"]
    tables = [(sheet, mark) for sheet in book.sheets if (mark := _marker(sheet)) is not None]
    key_sheets = [sheet for sheet in book.sheets if sheet.name == KEY_SHEET]
    if not tables and not key_sheets:
        return NotAForm(book) if book.sheets else troubles or list(map(from_finding, book.findings))
    return _Form(book, tables, key_sheets, troubles, expect).read()


def _marker(sheet: Sheet) -> Cell | None:
    """The cell where the hidden row and the hidden column meet."""
    for cell in sheet.cells:
        if type(cell.value) is str and cell.value.startswith(MARKER):
            return cell
    return None


class _Form:
    """One upload that carries our marks."""

    def __init__(
        self, book: Workbook, tables: list[tuple[Sheet, Cell]], key_sheets: list[Sheet],
        faults: list[FormFault], expect: FormSheet | None,
    ) -> None:  # fmt: skip
        self.book = book
        self.tables = tables
        self.key_sheets = key_sheets
        self.faults = faults
        self.expect = expect

    def read(self) -> FilledForm:
        keys = self._keys()
        if keys is None:
            return self._unusable(None)
        if self._is_elsewhere(keys):
            return self._unusable(keys)
        sheet, mark = self.tables[0]
        self._tell_other_sheets()
        reader = _TableReader(sheet, mark, keys, self.faults)
        reader.read()
        cells = self._still_asked(keys, reader.cells)
        return FilledForm(
            keys.identity, tuple(cells), tuple(reader.notes), tuple(self.faults), self.book.sha256
        )

    def _unusable(self, keys: Keys | None) -> FilledForm:
        identity = keys.identity if keys else None
        return FilledForm(identity, (), (), tuple(self.faults), self.book.sha256, is_usable=False)

    def _keys(self) -> Keys | None:
        """The hidden keys where there is exactly one table and one set of them that go together."""
        names = [sheet.name for sheet, _ in self.tables]
        if not self.key_sheets:
            self.faults.append(fault("keys_lost", sheet=names[0]))
        elif not names:
            self.faults.append(fault("table_lost"))
        elif len(names) > 1:
            found = "、".join(f"“{name}”" for name in names)
            self.faults.append(fault("two_tables", count=len(names), found=found))
        else:
            keys = read_keys([str(cell.value) for cell in self.key_sheets[0].cells if not cell.col])
            _, mark = self.tables[0]
            if keys is not None and mark.value == MARKER + keys.identity.digest:
                return keys
            self.faults.append(fault("keys_changed", sheet=names[0]))
        return None

    def _is_elsewhere(self, keys: Keys) -> bool:
        """Whether the figures belong to another form, reporter or period; tells which."""
        if self.expect is None:
            return False
        wanted, found = self.expect.identity, keys.identity
        differences = [
            (wanted.form_id, found.form_id, "wrong_form", self.expect.title, keys.title),
            (wanted.reporter, found.reporter, "wrong_reporter", self.expect.reporter_name,
             keys.reporter_name),
            (wanted.period, found.period, "wrong_period", self.expect.period_label,
             keys.period_label),
        ]  # fmt: skip
        told = [
            fault(code, found=found_name, wanted=wanted_name)
            for one, other, code, wanted_name, found_name in differences
            if one != other
        ]
        self.faults.extend(told)
        return bool(told)

    def _still_asked(self, keys: Keys, cells: list[FilledCell]) -> list[FilledCell]:
        """The cells that the form as it is now asks for in the same words."""
        if self.expect is None or self.expect.identity == keys.identity:
            return cells
        asked = set(_asked(self.expect.rows, self.expect))
        known = {key: what for key, *what in _asked(keys.rows, keys)}
        kept = [cell for cell in cells if (cell.key, *known[cell.key]) in asked]
        is_same_form = self.expect.version == keys.identity.version
        is_other = is_same_form and self.expect.return_id != keys.identity.return_id
        code = "other_return" if is_other else "stale_form"
        filled = sum(not cell.is_blank for cell in cells)
        count = sum(not cell.is_blank for cell in kept)
        self.faults.append(fault(code, kept=count, dropped=filled - count))
        return kept

    def _tell_other_sheets(self) -> None:
        ours = {self.tables[0][0].name, KEY_SHEET, OPINION_SHEET}
        for sheet in self.book.sheets:
            if sheet.name not in ours:
                self.faults.append(fault("extra_sheet", sheet=sheet.name, found=sheet.name))


Asked = tuple[CellKey, str, str, int]


def _asked(rows: Sequence[FormRow], form: FormSheet | Keys) -> Iterator[Asked]:
    """Each input with its name, unit and decimals."""
    units = {column.facet: column.unit for column in form.columns}
    for row in rows:
        for facet, one in row.inputs.items():
            key = CellKey(row.indicator, row.org, facet)
            yield key, row.label, units[facet] or row.unit, one.decimals


class _TableReader:
    """Reads the visible sheet with the help of the keys."""

    def __init__(self, sheet: Sheet, mark: Cell, keys: Keys, faults: list[FormFault]) -> None:
        self.sheet = sheet
        self.mark = mark
        self.keys = keys
        self.faults = faults
        self.cells: list[FilledCell] = []
        self.notes: list[RowNote] = []
        self.units = {column.facet: column.unit for column in keys.columns}
        self.heads = {column.facet: column.title for column in keys.columns}
        self.has_orgs = len({row.org for row in keys.rows}) > 1
        self.input = InputReader(sheet.name, keys.words, faults.append)
        self.rows: dict[int, Row] = {}
        for cell in sheet.cells:
            self.rows.setdefault(cell.row, {})[cell.col] = cell
        self.columns = self._columns()

    def read(self) -> None:
        keyed = {
            number: str(row[self.mark.col].value)
            for number, row in self.rows.items()
            if number > self.mark.row and self.mark.col in row
        }
        counts = Counter(keyed.values())
        found = {key: number for number, key in keyed.items()}  # of several the last
        for row in self.keys.rows:
            key = row_key(row)
            if counts[key] > 1:
                self._tell("row_twice", row, found[key])
            elif key in found:
                self._row(found[key], row)
        lost = [row for row in self.keys.rows if row_key(row) not in found]
        known = {row_key(row) for row in self.keys.rows}
        strangers = {number for number in self.rows if keyed.get(number) not in known}
        self._strangers(strangers - self._lost(lost, strangers))
        self._outside()
        self._moved([found[key] for row in self.keys.rows if counts[key := row_key(row)] == 1])

    # -- columns ---------------------------------------------------------------------------------

    def _columns(self) -> dict[str, int]:
        """Mark → column, for the marks that stand in the hidden row exactly once."""
        marks = {
            cell.col: str(cell.value)
            for cell in self.rows[self.mark.row].values()
            if cell.col != self.mark.col
        }
        counts = Counter(marks.values())
        found = {mark: col for col, mark in marks.items() if counts[mark] == 1}
        for mark, head in self._needed():
            if mark not in found:
                self.faults.append(fault("column_lost", sheet=self.sheet.name, found=head))
        return found

    def _needed(self) -> Iterator[tuple[str, str]]:
        yield layout.NAME, "指标名称"
        yield layout.UNIT, "计量单位"
        if self.has_orgs:
            yield layout.ORG, "填报对象"
        for facet, title in self.heads.items():
            yield f"{layout.INPUT}:{facet}", f"本期{title}"
        yield layout.NOTE, layout.NOTE_HEAD
        yield layout.REASON, layout.REASON_HEAD

    # -- rows ------------------------------------------------------------------------------------

    def _row(self, number: int, row: FormRow) -> None:
        cells = self.rows[number]
        is_named = self._is_named(number, cells, row)
        told = len(self.faults)
        read = [
            cell
            for facet, one in row.inputs.items()
            if (cell := self._input(number, cells, row, facet, one)) is not None
        ]
        if not is_named:  # nothing is taken, so only what must be mended anyway is told
            self.faults[told:] = [each for each in self.faults[told:] if each.severity == "hard"]
            return
        self._known(number, cells, row)
        self._note(number, cells, row)
        self._closed(number, cells, row)
        reason = self._reason(number, cells, row, read)
        self.cells.extend(
            _with_reason(cell, reason) if reason and _has_no_figure(cell) else cell for cell in read
        )

    def _is_named(self, number: int, cells: Row, row: FormRow) -> bool:
        """Whether name, unit and org beside the key are still those of the key."""
        checks = [(layout.NAME, row.label, "name_changed"), (layout.UNIT, row.unit, "unit_changed")]
        if self.has_orgs:
            checks.append((layout.ORG, row.org_name, "org_changed"))
        good = True
        for mark, wanted, code in checks:
            found = self._text(cells, mark)
            if mark not in self.columns or fold(found) != fold(wanted):
                good = False
                if mark in self.columns:
                    self._tell(code, row, number, mark, found=found, wanted=wanted)
        return good

    def _input(
        self, number: int, cells: Row, row: FormRow, facet: str, one: FormInput
    ) -> FilledCell | None:
        col = self.columns.get(f"{layout.INPUT}:{facet}")
        if col is None:
            return None
        key = CellKey(row.indicator, row.org, facet)
        unit = self.units[facet] or row.unit
        return self.input.read(
            (number, col), cells.get(col), key, self._label(row), unit, one.most_decimals
        )

    def _closed(self, number: int, cells: Row, row: FormRow) -> None:
        for facet in self.units:
            mark = f"{layout.INPUT}:{facet}"
            found = self._text(cells, mark)
            if facet not in row.inputs and found not in ("", layout.CLOSED):
                self._tell("closed_filled", row, number, mark, found=found)

    def _known(self, number: int, cells: Row, row: FormRow) -> None:
        """Figures on file that somebody overwrote: they are not read, so it must be told."""
        for facet, one in row.inputs.items():
            for role, shown in ((layout.LAST_YEAR, one.last_year), (layout.LAST, one.last)):
                mark = f"{role}:{facet}"
                if mark in self.columns and not _is_same(cells.get(self.columns[mark]), shown):
                    self._tell(
                        "known_changed", row, number, mark, column=_KNOWN_NAMES[role],
                        found=self._text(cells, mark), wanted=_plain(shown),
                    )  # fmt: skip

    def _note(self, number: int, cells: Row, row: FormRow) -> None:
        cell = cells.get(self.columns.get(layout.NOTE, -1))
        if cell is None:
            return
        if cell.mark & _UNREADABLE:
            code = "formula_error" if cell.mark & Mark.ERROR else "no_cached_value"
            self._tell(code, row, number, layout.NOTE, found=cell.text)
            return
        text = str(cell.value) if type(cell.value) is str else cell.text
        if not text.strip():
            return
        if looks_like_script(text):
            self._tell("script_text", row, number, layout.NOTE, found=text)
        place = cell_name(number, cell.col)
        self.notes.append(RowNote(row.indicator, row.org, text, self.sheet.name, place))

    def _reason(self, number: int, cells: Row, row: FormRow, read: list[FilledCell]) -> str:
        found = self._text(cells, layout.REASON)
        if not found:
            return ""
        if found not in self.keys.reasons:
            known = "、".join(self.keys.reasons)
            self._tell("unknown_reason", row, number, layout.REASON, found=found, reasons=known)
            return ""
        is_filled = len(read) == len(row.inputs) and not any(map(_has_no_figure, read))
        if is_filled:
            self._tell("reason_beside_value", row, number, layout.REASON, found=found)
            return ""
        return found

    def _moved(self, numbers: list[int]) -> None:
        """Rows that stand in another order than they were written. One inserted or lost row
        shifts all that follow, but that is told by itself."""
        moved = [one for one, other in zip(numbers, sorted(numbers), strict=True) if one != other]
        if moved:
            place = cell_name(moved[0], self.columns.get(layout.NAME, 0))
            self.faults.append(
                fault("rows_moved", sheet=self.sheet.name, cell=place, count=len(moved))
            )

    # -- what is not asked for -------------------------------------------------------------------

    def _lost(self, lost: list[FormRow], strangers: set[int]) -> set[int]:
        """Tell the rows whose key is not found; the numbers of those that stand there all the
        same, their key alone being changed."""
        if not lost:
            return set()
        named = {self._names(self.rows[number]): number for number in strangers}
        changed: set[int] = set()
        for row in lost:
            org = row.org_name if self.has_orgs else ""
            number = named.get((fold(row.label), fold(org)))
            if number is None:
                self._tell("row_lost", row)
            else:
                self._tell("row_key_changed", row, number)
                changed.add(number)
        return changed

    def _names(self, cells: Row) -> tuple[str, str]:
        return fold(self._text(cells, layout.NAME)), fold(self._text(cells, layout.ORG))

    def _strangers(self, numbers: set[int]) -> None:
        """Rows that somebody added."""
        inside = {col for mark, col in self.columns.items() if mark != layout.NO}
        for number in sorted(numbers):
            filled = sorted(inside & self.rows[number].keys())
            if filled and number > self.mark.row + _HEAD_ROWS:
                place = cell_name(number, filled[0])
                self.faults.append(
                    fault("row_extra", sheet=self.sheet.name, cell=place, row=number + 1,
                          found=self.rows[number][filled[0]].text)
                )  # fmt: skip

    def _outside(self) -> None:
        """What was written to the right of the table."""
        outside = [cell for cell in self.sheet.cells if cell.col > self.mark.col]
        if outside:
            place = cell_name(outside[0].row, outside[0].col)
            self.faults.append(
                fault("outside", sheet=self.sheet.name, cell=place, count=len(outside),
                      found=outside[0].text)
            )  # fmt: skip

    # -- words -----------------------------------------------------------------------------------

    def _tell(
        self, code: str, row: FormRow, number: int | None = None, mark: str = layout.NAME,
        *, found: str = "", **facts: object,
    ) -> None:  # fmt: skip
        col = self.columns.get(mark)
        place = "" if number is None or col is None else cell_name(number, col)
        facet = mark.partition(":")[2]
        key = CellKey(row.indicator, row.org, facet)
        self.faults.append(
            fault(code, sheet=self.sheet.name, cell=place, label=self._label(row), key=key,
                  found=found, **facts)
        )  # fmt: skip

    def _label(self, row: FormRow) -> str:
        return f"{row.org_name}，{row.name}" if self.has_orgs else row.name

    def _text(self, cells: Row, mark: str) -> str:
        cell = cells.get(self.columns.get(mark, -1))
        return cell.text.strip() if cell is not None else ""


def _has_no_figure(cell: FilledCell) -> bool:
    return cell.value is None and cell.word in (None, MISSING)


def _with_reason(cell: FilledCell, reason: str) -> FilledCell:
    return FilledCell(
        cell.key, cell.sheet, cell.cell, cell.value, cell.decimals, cell.word, cell.value_given,
        cell.unit_given, cell.unit, reason,
    )  # fmt: skip


def _is_same(cell: Cell | None, shown: Shown) -> bool:
    if cell is None:
        return shown == ""
    if isinstance(cell.value, Decimal):
        return cell.value == shown
    return cell.text.strip() == _plain(shown).strip()


def _plain(shown: Shown) -> str:
    return format(shown, "f") if isinstance(shown, Decimal) else shown
