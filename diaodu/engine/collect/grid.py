"""The shape of a sheet: which rows are titles, headers, figures, notes.

A block is one table: title lines, header rows, rows with figures. A sheet may hold several, one
under another. Nothing here knows what the figures mean.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import chain, groupby
from operator import itemgetter

from diaodu.engine.collect.names import Names, is_year_like, period_text
from diaodu.engine.collect.sheet import Cell, Mark, Sheet
from diaodu.engine.collect.values import kind_of_text
from diaodu.engine.collect.words import INFO, LONE_NOTES, NOTE_START, fold

_PLACED_DIMENSIONS = frozenset(("serial", "code", "period", "year", "month"))
_STUB_DIMENSIONS = frozenset(("org", "indicator", "names", "org_or_unit"))
_COLUMN_SIGNS = frozenset("甲乙丙丁戊己")
_UNREADABLE = int(Mark.ERROR | Mark.NO_CACHE)
_ROW = itemgetter(0)
_MAX_SPREAD = 400  # header cells wider than this are layout, not meaning


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """The columns of a row's cells and the types of their values. Nearly all rows of a table have
    the same one, so what only depends on it is worked out once. `others` are the places in the row
    of what is no number. Within a grid equal shapes are one object."""

    cols: tuple[int, ...]
    types: tuple[type, ...]
    others: tuple[int, ...]


class _Shapes(dict[tuple[tuple[int, ...], tuple[type, ...]], Shape]):
    """The shapes of a grid, each once."""

    def __missing__(self, key: tuple[tuple[int, ...], tuple[type, ...]]) -> Shape:
        cols, types = key
        others = tuple([at for at, one in enumerate(types) if one is not Decimal])
        self[key] = shape = Shape(cols, types, others)
        return shape

    def of(self, cells: Sequence[Cell]) -> Shape:
        _, cols, values, _, _ = zip(*cells, strict=True)
        return self[cols, tuple(map(type, values))]

    @property
    def have_days(self) -> bool:
        return any(issubclass(one, date) for shape in self.values() for one in set(shape.types))


@dataclass(slots=True)
class Grid:
    """The cells of a sheet by row; `covered` gives the cell shown at a merged-over place.

    `blanks` are cells that hold nothing but spaces: a person sees nothing there.
    """

    sheet: Sheet
    rows: dict[int, list[Cell]]
    shapes: dict[int, Shape]
    covered: dict[tuple[int, int], Cell]
    blanks: list[Cell]
    _at: dict[int, dict[int, Cell]] = field(default_factory=dict)

    @classmethod
    def of(cls, sheet: Sheet) -> Grid:
        known = _Shapes()
        rows: dict[int, list[Cell]] = {}
        shapes: dict[int, Shape] = {}
        blanks: list[Cell] = []
        for row, in_row in groupby(sheet.cells, key=_ROW):
            cells = list(in_row)
            shape = known.of(cells)
            empty = [cells[at] for at in shape.others if _is_blank(cells[at])]
            if empty:
                blanks += empty
                cells = [cell for cell in cells if cell not in empty]
                if not cells:
                    continue
                shape = known.of(cells)
            rows[row], shapes[row] = cells, shape
        if known.have_days:
            _tell_days(rows)
            shapes = {row: known.of(cells) for row, cells in rows.items()}
        grid = cls(sheet, rows, shapes, {}, blanks)
        grid._cover()
        return grid

    def _cover(self) -> None:
        last_row = max(self.rows, default=-1)
        for merge in self.sheet.merges:
            origin = self.at(merge.top, merge.left)
            if origin is None:
                continue
            for row in range(merge.top, min(merge.bottom, last_row) + 1):
                for col in range(merge.left, min(merge.right, merge.left + _MAX_SPREAD) + 1):
                    self.covered.setdefault((row, col), origin)

    def part(self, left: int, right: int, shared: Container[Cell]) -> Grid:
        """The columns from one to before another, with the cells that all parts share."""
        rows = {
            row: [cell for cell in cells if left <= cell[1] < right or cell in shared]
            for row, cells in self.rows.items()
        }
        rows = {row: cells for row, cells in rows.items() if cells}
        known = _Shapes()
        covered = {place: cell for place, cell in self.covered.items() if left <= place[1] < right}
        return Grid(
            self.sheet, rows, {row: known.of(cells) for row, cells in rows.items()}, covered, []
        )

    def at(self, row: int, col: int) -> Cell | None:
        """The cell that stands at a place."""
        in_row = self._at.get(row)
        if in_row is None:
            in_row = self._at[row] = {cell[1]: cell for cell in self.rows.get(row, ())}
        return in_row.get(col)

    def shown(self, row: int, col: int) -> Cell | None:
        """The cell seen at a place: its own, or the merged one that covers it."""
        return self.at(row, col) or self.covered.get((row, col))

    def texts(self, row: int) -> list[Cell]:
        """The cells of a row that hold texts."""
        cells = self.rows[row]
        return [cells[at] for at in self.shapes[row].others if type(cells[at][2]) is str]

    def cells(self) -> Iterator[Cell]:
        return chain.from_iterable(self.rows.values())


def _is_blank(cell: Cell) -> bool:
    value = cell[2]
    return type(value) is str and not fold(value)


def _tell_days(rows: dict[int, list[Cell]]) -> None:
    """Put days as texts into rows and columns with a date that begins no month: their other dates
    are days as well."""
    days = [
        cell
        for cell in chain.from_iterable(rows.values())
        if isinstance(cell[2], date) and cell[2].day != 1
    ]
    in_rows, in_cols = {cell[0] for cell in days}, {cell[1] for cell in days}
    for cells in rows.values():
        for at, cell in enumerate(cells):
            if isinstance(cell[2], date) and (cell[0] in in_rows or cell[1] in in_cols):
                cells[at] = cell._replace(value=cell[2].isoformat())


def kind(cell: Cell) -> str:
    """number, mark (marker, word, error), date or text."""
    value = cell[2]
    if type(value) is Decimal:
        return "number"
    if value is None or (cell[4] != 0 and int(cell[4]) & _UNREADABLE):
        return "mark"
    if isinstance(value, date):
        return "date"
    return kind_of_text(str(value))


def words(cell: Cell) -> str:
    """The text of a cell in a header or stub; years and dates become period texts."""
    value = cell[2]
    if isinstance(value, date):
        if value.day == 1:
            return f"{value.year}-{value.month:02d}"
        return f"{value.year}-{value.month:02d}-{value.day:02d}"
    if type(value) is Decimal:
        return period_text(value) if value == value.to_integral_value() else cell[3]
    return value if isinstance(value, str) else cell[3]


def is_year_cell(cell: Cell) -> bool:
    value = cell[2]
    if type(value) is Decimal:
        return value.is_finite() and is_year_like(value)
    return isinstance(value, str) and value.isdecimal() and is_year_like(Decimal(value))


@dataclass(slots=True)
class Block:
    """One table. `rows` are its rows with figures (or blank ones between), in order."""

    titles: list[Cell] = field(default_factory=list)
    headers: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    sections: dict[int, Cell] = field(default_factory=dict)  # row → heading in force
    notes: list[Cell] = field(default_factory=list)
    signs: list[int] = field(default_factory=list)  # rows that number the columns
    figure_cols: set[int] = field(default_factory=set)
    placed_cols: set[int] = field(default_factory=set)  # serial, code, period columns


class _Scan:
    """Walks the rows of a grid downward and deals them out to blocks."""

    def __init__(self, grid: Grid, names: Names) -> None:
        self.grid = grid
        self.names = names
        self.blocks = [Block()]
        self.pending: list[Cell] = []  # single texts under figures: sections, notes or titles
        # Rows of texts since the last figures, each with the single texts that stood above it.
        self.texts: list[tuple[int, list[Cell], list[Cell]]] = []
        self._number_cols: dict[Shape, frozenset[int]] = {}  # in this block

    def run(self) -> list[Block]:
        for row, cells in self.grid.rows.items():
            self._deal(row, cells)
        self.blocks[-1].notes.extend(self.pending)
        return self.blocks

    def _deal(self, row: int, cells: list[Cell]) -> None:
        block = self.blocks[-1]
        if not block.rows and _numbers_columns(cells):
            block.signs.append(row)
            return
        cols = self._figure_cols(block, self.grid.shapes[row], cells)
        if cols and (block.rows or not self._heads_years(cells, cols)):
            self._add_figures(block, row, cols)
        elif block.rows:
            self._add_below(block, row, cells)
        elif self._holds_no_number(block, cells):
            self._add_blank(block, row)
        else:
            self._add_above(block, row, cells)

    def _figure_cols(self, block: Block, shape: Shape, cells: list[Cell]) -> frozenset[int]:
        """Where a row has what may be figures."""
        numbers = self._number_cols.get(shape)
        if numbers is None:
            cols = {col for col, one in zip(shape.cols, shape.types, strict=True) if one is Decimal}
            numbers = self._number_cols[shape] = frozenset(cols - block.placed_cols)
        more = {cells[at][1] for at in shape.others if kind(cells[at]) in ("number", "mark")}
        return numbers | (more - block.placed_cols) if more else numbers

    def _holds_no_number(self, block: Block, cells: list[Cell]) -> bool:
        """城关镇 | 待核 under 乡镇 | 总量: a row of figures, though it holds none. A second header
        row has nothing beside its stub that cannot be read."""
        stub = next((cell for cell in cells if self._is_stub(block, cell)), None)
        if stub is None:
            return False
        labels = [self.names.label(words(cell)) for cell in cells if cell is not stub]
        return any(label.rest or not label.says_something for label in labels)

    def _is_stub(self, block: Block, cell: Cell) -> bool:
        label = self.names.label(words(cell))
        if label.rest or not (label.orgs or label.whole or label.indicators):
            return False
        heads = [self.grid.shown(row, cell[1]) for row in block.headers]
        return any(
            self.names.label(words(head)).dimension in _STUB_DIMENSIONS
            for head in heads
            if head is not None
        )

    def _heads_years(self, cells: list[Cell], cols: Container[int]) -> bool:
        """指标 | 2018 | 2019: a header whose only numbers are years."""
        kinds = [kind(cell) for cell in cells]
        if self._heads_units(cells, kinds):
            return True
        if not all(is_year_cell(cell) for cell in cells if cell[1] in cols):
            return False
        texts = [cell for cell, what in zip(cells, kinds, strict=True) if what == "text"]
        labels = [self.names.label(words(cell)) for cell in texts]
        return all(label.dimension or not (label.indicators or label.orgs) for label in labels)

    def _heads_units(self, cells: list[Cell], kinds: list[str]) -> bool:
        """单位 | 亿元 | - | %: a dash among units says that a column has none."""
        if "number" in kinds or len(cells) < 3:
            return False
        texts = [words(cell) for cell, what in zip(cells, kinds, strict=True) if what == "text"]
        labels = [self.names.label(text) for text in texts[1:]]
        return bool(labels) and all(label.units and not label.rest for label in labels)

    def _add_figures(self, block: Block, row: int, cols: frozenset[int]) -> None:
        self.texts = []
        heading = self._heading()
        if heading is not None:
            block.sections[row] = heading
        elif block.rows and block.rows[-1] in block.sections:
            block.sections[row] = block.sections[block.rows[-1]]
        block.rows.append(row)
        block.figure_cols |= cols

    def _heading(self) -> Cell | None:
        """Of the texts above a row the one that heads it; the others are notes. One that says a
        unit or period is never passed over for a later one."""
        if not self.pending:
            return None
        block = self.blocks[-1]
        heads = [cell for cell in self.pending if not _is_note(cell)]
        labels = [self.names.label(words(cell)) for cell in heads]
        telling = [
            cell
            for cell, label in zip(heads, labels, strict=True)
            if label.units or label.periods or label.yearless
        ]
        heading = next(iter([*telling, *reversed(heads)]), None)
        block.notes.extend(cell for cell in self.pending if cell is not heading)
        self.pending = []
        return heading

    def _add_below(self, block: Block, row: int, cells: list[Cell]) -> None:
        kinds = [kind(cell) for cell in cells]
        if self._opens_table(block, cells, kinds):
            above = [*self._taken_back(block), *self.pending]
            titles = [cell for cell in above if not _is_note(cell)]
            block.notes.extend(cell for cell in above if _is_note(cell))
            self.pending = []
            self.blocks.append(Block(titles=titles))
            self._number_cols = {}
            self._add_header(self.blocks[-1], row, cells)
        elif len(cells) == 1 and not any(what == "number" for what in kinds):
            self.pending.append(cells[0])
        elif _is_note(cells[0]):
            block.notes.extend(cells)
        else:
            self.texts.append((row, cells, list(self.pending)))
            self._add_blank(block, row)

    def _taken_back(self, block: Block) -> list[Cell]:
        """What stood between the last figures and a new table: its titles, however many cells
        a line of them has. A row that goes on with the names of the rows above is none."""
        titles: list[Cell] = []
        for row, cells, above in self.texts:
            if self._goes_on(block, cells[0]):
                titles = []
                continue
            block.rows.remove(row)
            block.sections.pop(row, None)
            block.notes = [cell for cell in block.notes if cell not in above]
            titles += [*above, *cells]
        self.texts = []
        return titles

    def _goes_on(self, block: Block, cell: Cell) -> bool:
        first = self.grid.at(block.rows[0], cell[1])
        if first is None:
            return False
        one, other = (self.names.label(words(each)) for each in (first, cell))
        if one.rest or other.rest:
            return False
        are_orgs = bool((one.orgs or one.whole) and (other.orgs or other.whole))
        return are_orgs or bool(one.indicators and other.indicators)

    def _add_blank(self, block: Block, row: int) -> None:
        if block.rows and block.rows[-1] in block.sections and not self.pending:
            block.sections[row] = block.sections[block.rows[-1]]
        block.notes.extend(self.pending)
        self.pending = []
        block.rows.append(row)

    def _opens_table(self, block: Block, cells: list[Cell], kinds: list[str]) -> bool:
        over = [
            cell
            for cell, what in zip(cells, kinds, strict=True)
            if what in ("text", "date") and cell[1] in block.figure_cols
        ]
        labels = [self.names.label(words(cell)) for cell in over]
        good = [label for label in labels if label.says_something and not label.rest]
        heads_stub = self.names.label(words(cells[0]))
        enough = 1 if heads_stub.dimension and not heads_stub.rest else 2
        enough = min(enough, len(block.figure_cols))
        return len(good) >= enough and len(good) * 2 > len(over) and enough > 0

    def _add_above(self, block: Block, row: int, cells: list[Cell]) -> None:
        shown = {id(one) for one in self._shown_in(row)}
        is_line = any(INFO.match(fold(words(cell))) for cell in cells)
        if is_line or (len(shown) <= 1 and not block.headers):
            block.titles.extend(cells)
        elif len(shown) <= 1 and len(cells) == 1:
            is_first = cells[0][1] == self.grid.rows[block.headers[0]][0][1]
            (self.pending if is_first else block.notes).append(cells[0])
        else:
            block.notes.extend(self.pending)
            self.pending = []
            self._add_header(block, row, cells)

    def _shown_in(self, row: int) -> Iterator[Cell]:
        yield from self.grid.rows[row]
        for (at_row, _), cell in self.grid.covered.items():
            if at_row == row:
                yield cell

    def _add_header(self, block: Block, row: int, cells: list[Cell]) -> None:
        block.headers.append(row)
        if self.names.label(words(cells[0])).dimension == "skip":
            return  # 频度 | 月 | 月: 月 heads no column here
        for cell in cells:
            label = self.names.label(words(cell))
            if label.dimension in _PLACED_DIMENSIONS:
                block.placed_cols.add(cell[1])


def _is_note(cell: Cell) -> bool:
    text = fold(words(cell))
    return bool(NOTE_START.match(text)) or text in LONE_NOTES


def _numbers_columns(cells: list[Cell]) -> bool:
    """甲 | 乙 | 1 | 2 | 3: the row of statistical forms that numbers the columns."""
    if len(cells) < 3:
        return False
    expected = 1
    for cell in cells:
        text = fold(words(cell))
        if text in _COLUMN_SIGNS and expected == 1:
            continue
        if text != str(expected):
            return False
        expected += 1
    return expected > 2


def find_blocks(grid: Grid, names: Names) -> list[Block]:
    """The tables of a sheet from top to bottom; the first holds whatever stands above it."""
    return _Scan(grid, names).run()
