""".xlsx and .xlsm: values by python-calamine, everything else by one pass over the XML."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from io import BytesIO
from itertools import repeat
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from diaodu.adapters.sheets_in import limits
from diaodu.adapters.sheets_in.cells import (
    ERROR,
    FORMULA,
    HIDDEN,
    MARKS,
    NO_CACHE,
    TEXT,
    finish,
    shown_smaller,
)  # fmt: skip
from diaodu.adapters.sheets_in.number_format import (
    NumberFormat,
    Value,
    built_in,
    parse_format,
    show_number,
    show_numbers,
    show_text,
)
from diaodu.adapters.sheets_in.sheet_pass import SheetPass, Stretch, pass_over
from diaodu.adapters.sheets_in.trouble import Trouble, empty_sheet, too_big, unreadable
from diaodu.adapters.sheets_in.xml_pass import Attributes, by_name, walk
from diaodu.adapters.sheets_in.zip_parts import Package
from diaodu.engine.collect.sheet import Cell, Sheet, cell_name

WORKBOOK = "xl/workbook.xml"
_LINKS = "xl/_rels/workbook.xml.rels"
_GENERAL = parse_format("General")
_SMALL_PART = 64 * 1024
_new_tuple = tuple.__new__  # what Cell(…) comes to, for half the price

OnSheet = Callable[[Sheet], None]
OnTrouble = Callable[[Trouble, str], None]


@dataclass(frozen=True, slots=True)
class _SheetEntry:
    name: str
    part: str
    hidden: bool


def read_xlsx(package: Package, on_sheet: OnSheet, on_trouble: OnTrouble) -> None:
    """Hand over each sheet that can be read, and the trouble with each that cannot.

    Raises Trouble where the file as a whole cannot be read.
    """
    entries, from_1904 = _entries(package)
    formats = _formats(package)
    passes = _passes(package, entries, on_trouble)
    if not passes:
        return
    package.check_rest()  # calamine opens the package by itself and trusts the directory
    workbook = _guard(lambda: CalamineWorkbook.from_filelike(BytesIO(package.data)))
    scaled = any(form.is_scaled for form in formats)
    for entry, found in passes:
        try:
            cells = _cells(found.stretches, _values(workbook, entry.name), formats, from_1904)
            sheet = finish(entry.name, cells, found.merges, entry.hidden, found.hides_zeros)
            on_sheet(sheet)
            smaller = shown_smaller(sheet) if scaled else None
            if smaller:
                on_trouble(smaller, entry.name)
        except Trouble as trouble:
            on_trouble(trouble, entry.name)


# -- the workbook's own parts ----------------------------------------------------------------


def _entries(package: Package) -> tuple[list[_SheetEntry], bool]:
    """The worksheets in tab order, and whether days count from 1904."""
    workbook, links = package.read(WORKBOOK), package.read(_LINKS)
    if len(workbook) + len(links) > _SMALL_PART:
        return _read_entries(workbook, links)
    entries, from_1904 = _known_entries(workbook, links)
    return list(entries), from_1904


@lru_cache(maxsize=64)  # two hundred returns share one template and with it these parts
def _known_entries(workbook: bytes, links: bytes) -> tuple[tuple[_SheetEntry, ...], bool]:
    entries, from_1904 = _read_entries(workbook, links)
    return tuple(entries), from_1904


def _read_entries(workbook: bytes, relations: bytes) -> tuple[list[_SheetEntry], bool]:
    listed: list[Attributes] = []
    properties: Attributes = {}
    walk(workbook, WORKBOOK, by_name({"sheet": listed.append, "workbookPr": properties.update}))
    names = [sheet.get("name", "") for sheet in listed]
    if len(set(names)) != len(names):
        raise unreadable("里面有重名的工作表")
    links = _links(relations)
    entries: list[_SheetEntry] = []
    for sheet, name in zip(listed, names, strict=True):
        kind, part = links.get(_link(sheet), ("worksheet", "（没有指明）"))
        if kind == "worksheet":  # chart sheets and macro sheets hold no table
            entries.append(_SheetEntry(name, part, sheet.get("state") in _HIDDEN_STATES))
    if not entries:
        raise unreadable("里面没有工作表")
    return entries, properties.get("date1904") in ("1", "true")


_HIDDEN_STATES = frozenset({"hidden", "veryHidden"})


def _link(sheet: Attributes) -> str:
    """The r:id, whatever prefix the writing program gave it."""
    return next((value for key, value in sheet.items() if key.endswith(":id")), "")


def _links(content: bytes) -> dict[str, tuple[str, str]]:
    """Id → (kind, part) for everything the workbook points at."""
    links: list[Attributes] = []
    walk(content, _LINKS, by_name({"Relationship": links.append}))
    return {
        link.get("Id", ""): (link.get("Type", "").rpartition("/")[2], _resolve(link))
        for link in links
    }


def _resolve(link: Attributes) -> str:
    """The part a link names, from /xl/worksheets/sheet1.xml or worksheets/sheet1.xml."""
    return posixpath.normpath(posixpath.join("/xl", link.get("Target", ""))).lstrip("/")


def _formats(package: Package) -> tuple[NumberFormat, ...]:
    """The number format of each cell style, by its index."""
    if "xl/styles.xml" not in package:
        return (_GENERAL,)
    content = package.read("xl/styles.xml")
    return _known_formats(content) if len(content) <= _SMALL_PART else _read_formats(content)


@lru_cache(maxsize=64)
def _known_formats(content: bytes) -> tuple[NumberFormat, ...]:
    return _read_formats(content)


def _read_formats(content: bytes) -> tuple[NumberFormat, ...]:
    codes: dict[int, str] = {}
    numbers: list[int] = []
    inside = [False]

    def on_format(attributes: Attributes) -> None:
        codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")

    def on_style(attributes: Attributes) -> None:
        if inside[0]:
            numbers.append(int(attributes.get("numFmtId", 0)))

    def enter(_: Attributes) -> None:
        inside[0] = True

    def leave(_: Attributes) -> None:
        inside[0] = False

    walk(
        content, "xl/styles.xml",
        by_name({"numFmt": on_format, "cellXfs": enter, "cellStyles": leave,
                 "cellStyleXfs": leave, "dxfs": leave, "xf": on_style}),
    )  # fmt: skip
    return tuple(
        parse_format(codes[number]) if number in codes else built_in(number) for number in numbers
    ) or (_GENERAL,)


# -- sheets ----------------------------------------------------------------------------------


def _passes(
    package: Package, entries: list[_SheetEntry], on_trouble: OnTrouble
) -> list[tuple[_SheetEntry, SheetPass]]:
    found: list[tuple[_SheetEntry, SheetPass]] = []
    for entry in entries:
        try:
            one = pass_over(package.read(entry.part), entry.part)
            if not one.stretches:
                raise empty_sheet()
            _check_spread(one)
            found.append((entry, one))
        except Trouble as trouble:
            on_trouble(trouble, entry.name)
    return found


def _check_spread(found: SheetPass) -> None:
    """calamine holds the block from the first to the last filled cell in memory as a whole."""
    stretches = found.stretches  # the pass takes rows and columns in rising order only
    first, last = stretches[0].row, stretches[-1].row
    left = min(stretch.cols[0] for stretch in stretches)
    right = max(stretch.cols[-1] for stretch in stretches)
    if (last - first + 1) * (right - left + 1) > limits.MAX_GRID_CELLS:
        far = cell_name(last, right)
        raise too_big(f"内容一直散布到 {far}，只有 {found.filled} 个单元格有内容")


def _guard(call: Callable[[], Any]) -> Any:
    """What calamine raises, told in words. Its panics are no Exception, hence the wide net."""
    try:
        return call()
    except CalamineError as error:
        raise unreadable(f"读不出内容（{error}）") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise unreadable("读不出内容（内部结构异常）") from error


Rows = dict[int, tuple[int, list[Any]]]  # row number → (first column, values from there on)


def _values(workbook: CalamineWorkbook, name: str) -> Rows:
    sheet = _guard(lambda: workbook.get_sheet_by_name(name))
    if sheet.start is None:
        return {}
    top, left = sheet.start
    grid = _guard(sheet.to_python)
    return {number: (left, row) for number, row in enumerate(grid, start=top)}


def _cells(
    stretches: list[Stretch], rows: Rows, formats: tuple[NumberFormat, ...], from_1904: bool
) -> list[Cell]:
    """calamine's values put to the places of the pass. Raises Trouble where the two disagree:
    a value that only one of them sees would otherwise be lost without a word."""
    taken = 0
    cells: list[Cell] = []
    for stretch in stretches:
        row, cols, style, _, _, formula, hidden = stretch
        values = _values_at(cols, *rows.get(row, _NO_ROW))
        if not 0 <= style < len(formats):
            raise _unknown_style(stretch)
        form = formats[style]
        bits = (HIDDEN if hidden else 0) | (FORMULA if formula else 0)
        is_numeric = set(map(type, values)) == _ONLY_FLOAT and not form.is_date
        taken += len(values) if is_numeric else len(values) - values.count("")
        shown = show_numbers(form, values) if is_numeric else None
        if shown is not None:
            mark = repeat(MARKS[bits])
            fields = zip(repeat(row), cols, *shown, mark, strict=False)
            cells += map(_new_tuple, repeat(Cell), fields)
        elif is_numeric:
            for col, value in zip(cols, values, strict=True):
                number, text, more = show_number(form, value)
                cells.append(_new_tuple(Cell, (row, col, number, text, MARKS[bits | more])))
        else:
            cells += _other_cells(stretch, values, form, bits, from_1904)
    if taken != sum(len(values) - values.count("") for _, values in rows.values()):
        raise unreadable("里单元格的地址前后不一")
    return cells


def _values_at(cols: list[int], left: int, values: list[Any]) -> list[Any]:
    """What calamine has in these columns of a row, "" where it has nothing."""
    first, end = cols[0] - left, cols[-1] - left + 1
    if end - first == len(cols) and first >= 0 and end <= len(values):
        return values[first:end]
    width = len(values)
    return [values[col - left] if 0 <= col - left < width else "" for col in cols]


def _unknown_style(stretch: Stretch) -> Trouble:
    return unreadable(
        f"里 {cell_name(stretch.row, stretch.cols[0])} 用了文件里没有的数字格式"
        f"（编号 {stretch.style}），看不出是不是百分数"
    )


_ONLY_FLOAT = {float}
_NOTHING: list[Any] = []
_NO_ROW: tuple[int, list[Any]] = (0, _NOTHING)


def _other_cells(
    stretch: Stretch, values: list[Any], form: NumberFormat, bits: int, from_1904: bool
) -> Iterator[Cell]:
    """Cells that are no plain numbers, without those that hold nothing that anybody sees."""
    row, cols, _, kind, texts, formula, _ = stretch
    for col, value, stored in zip(cols, values, texts, strict=True):
        if type(value) is float and not form.is_date:
            shown, text, more = show_number(form, value)
        elif kind == "s" and stored and not _is_index(stored):
            raise unreadable(f"里 {cell_name(row, col)} 指向的文字编号“{stored}”写法有误")
        elif kind == "e":
            shown, text, more = None, stored or "", ERROR
        elif formula and not stored and kind != "str":
            yield Cell(row, col, None, "", MARKS[bits & ~FORMULA | NO_CACHE])
            continue
        elif type(value) is bool:
            shown = text = "TRUE" if value else "FALSE"
            more = 0
        elif type(value) is str and (kind != "n" or not stored):
            if not value:
                continue
            shown, (text, more) = value, show_text(form, value)
            more |= TEXT
        else:
            shown, text, more = _moment_or_number(stored or "", form, from_1904)
        yield Cell(row, col, shown, text, MARKS[bits | more])


def _is_index(stored: str) -> bool:
    """calamine takes what is no index for the first text."""
    return stored.isascii() and stored.isdecimal() and len(stored) < 10


def _moment_or_number(stored: str, form: NumberFormat, from_1904: bool) -> tuple[Value, str, int]:
    """Days are read from the stored number and our own formats: calamine does not know the ones
    a Chinese Excel names by number only (57: 2023年5月)."""
    try:
        if "_" not in stored:  # 1_000 is a number to Python alone
            return show_number(form, float(stored), from_1904=from_1904)
    except ValueError:
        pass
    try:
        day = date.fromisoformat(stored[:10])
    except ValueError:
        return stored, stored, TEXT
    return day, stored, 0
