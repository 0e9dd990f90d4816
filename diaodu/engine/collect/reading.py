"""Reading a workbook: every non-empty cell gets one fate, every figure its key and origin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from diaodu.engine.collect.beside import tables_beside
from diaodu.engine.collect.context import surroundings
from diaodu.engine.collect.faults import Fault, Faults
from diaodu.engine.collect.figures import BlockReader, Tray
from diaodu.engine.collect.grid import Block, Grid, find_blocks, kind, words
from diaodu.engine.collect.hidden import HiddenBlocks
from diaodu.engine.collect.names import Names
from diaodu.engine.collect.pasted import HeldLine, unpasted
from diaodu.engine.collect.sheet import PARTS, Cell, Mark, Sheet, Workbook, cell_name
from diaodu.engine.collect.sources import find_source
from diaodu.engine.collect.targets import TargetSheet, find_target_header
from diaodu.engine.ground.records import Finding, Observation, Target
from diaodu.engine.ground.words import CELL_FATES
from diaodu.engine.rules.models import Source
from diaodu.engine.rules.rulebook import Rulebook

_OF_FIGURES = ("kept", "held", "ignored", "marker")
# Which fate a cell has of those of the figures that stand in it.
_GRAVEST = ("held", "kept", "ignored", "marker", "label", "note")


@dataclass(frozen=True, slots=True)
class SheetReading:
    """One sheet read. `counts` has one entry per fate and sums to the non-empty cells.

    `ignored` tells how many cells were passed over for each reason.
    """

    file: str
    sheet: str
    sha256: str
    observations: tuple[Observation, ...]
    targets: tuple[Target, ...]
    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    ignored: Mapping[str, int]
    source: str = ""  # id of the `sources` entry used


@dataclass(frozen=True, slots=True)
class BookReading:
    """One workbook read, before vintages are settled."""

    file: str
    sha256: str
    received: date
    sheets: tuple[SheetReading, ...]
    findings: tuple[Finding, ...] = ()  # those the doors brought with the file


def read_workbook(book: Workbook, names: Names, rulebook: Rulebook) -> BookReading:
    """Read all sheets of a workbook. Raises nothing for bad input: it becomes findings."""
    sheets = tuple(_SheetReader(book, sheet, names, rulebook).read() for sheet in book.sheets)
    return BookReading(book.file, book.sha256, book.received, sheets, tuple(book.findings))


class _SheetReader:
    def __init__(self, book: Workbook, sheet: Sheet, names: Names, rulebook: Rulebook) -> None:
        self.book = book
        self.sheet = sheet
        self.names = names
        self.rulebook = rulebook
        self.tray = Tray()
        self.faults = Faults(book.file, sheet.name)
        self.source: Source | None = None
        self.spread, self.held_lines = unpasted(sheet, names)
        self.readers: list[BlockReader] = []
        self.rowless: list[tuple[Grid, Block]] = []

    def read(self) -> SheetReading:
        grid = Grid.of(self.spread)
        for cell in grid.blanks:
            self.tray.fates[cell[0], cell[1]] = "note"
        header = find_target_header(grid)
        if header is not None:
            TargetSheet(self.book, self.sheet, self.names, self.faults).read(
                grid, header, self.tray.fates, self.tray.targets
            )
        elif self.sheet.cells:
            self._read_figures(grid)
        for line in self.held_lines:
            self._hold_line(line)
        return self._finish()

    def _hold_line(self, line: HeldLine) -> None:
        """A line of figures pasted into one cell that cannot be parted for certain."""
        place = cell_name(line.cell.row, line.cell.col)
        self.tray.fates[line.cell.row, line.cell.col] = "held"
        self.faults.ask(
            ("pasted", place),
            Fault(
                "unknown_layout",
                f"{place} 一格里写了一整行，{line.why}，不能确定哪个数在哪一列",
                "请用“数据→分列”把这一列分到各列，没有数的格写“—”，重新报送",
                cell=place, found=line.cell.text, discriminator=place,
            ),
        )  # fmt: skip

    def _tell_passed_by(self) -> None:
        """A sheet with numbers of which none was taken for a figure."""
        passed_by = [cell for reader in self.readers for cell in reader.passed_by()]
        passed_by += [
            cell
            for grid, block in self.rowless
            for row in block.headers
            for cell in grid.rows[row]
            if cell[1] not in block.placed_cols and kind(cell) == "number"
        ]
        if not passed_by:
            return
        first = min(passed_by)
        place = cell_name(first[0], first[1])
        self.faults.ask(
            ("passed_by",),
            Fault(
                "unknown_layout",
                f"这张表有{len(passed_by)}个像数的格（如{place}的“{first[3]}”），都当成了年份、"
                "代码、表头或说明，没有读出一个数",
                "没有要报的数，不用管；有的，请给每一列写上表头（单位、指标、统计期），重新报送",
                cell=place, severity="soft", found=first[3], discriminator="passed_by",
            ),
        )  # fmt: skip

    def _read_figures(self, grid: Grid) -> None:
        tables = [(part, find_blocks(part, self.names)) for part in tables_beside(grid, self.names)]
        above = [Cell(-1, 0, line, line, Mark.TEXT) for line in self.sheet.above]
        titles = [words(cell) for cell in above]
        titles += [words(cell) for _, blocks in tables for one in blocks for cell in one.titles]
        self.source = find_source(self.rulebook.sources, self.book.file, self.sheet.name, titles)
        policy = self.source.hidden if self.source else "ask"
        hidden = HiddenBlocks(self.spread, policy)
        for part, blocks in tables:
            self._read_blocks(part, blocks, above, hidden)

    def _read_blocks(
        self, grid: Grid, blocks: list[Block], above: list[Cell], hidden: HiddenBlocks
    ) -> None:
        """The tables under one another. One without a title goes on with that of the one above."""
        titles = above
        for block in blocks:
            self._mark_texts(grid, block)
            if block.titles:
                titles = [*above, *block.titles] if block is blocks[0] else block.titles
            if block.rows:
                around = surroundings(self.names, titles, self.sheet.name, self.book.file)
                reader = BlockReader(
                    self.book, self.sheet.name, self.names, self.source, self.tray, self.faults,
                    grid, block, around, hidden,
                )  # fmt: skip
                reader.read()
                self.readers.append(reader)
            else:
                self.rowless.append((grid, block))

    def _mark_texts(self, grid: Grid, block: Block) -> None:
        fates = self.tray.fates
        plain = "label" if block.rows else "note"
        for cell in block.titles:
            fates[cell[0], cell[1]] = plain
        for cell in block.notes:
            fates[cell[0], cell[1]] = "note"
        for cell in block.sections.values():
            fates[cell[0], cell[1]] = "label"
        for row in (*block.headers, *block.signs):
            for cell in grid.rows[row]:
                fates[cell[0], cell[1]] = plain if row not in block.signs else "label"

    def _fates(self) -> dict[tuple[int, int], str]:
        """One fate for each cell, also where several figures stand in one."""
        if self.spread is self.sheet:
            return self.tray.fates
        fates: dict[tuple[int, int], str] = {}
        for (row, col), fate in self.tray.fates.items():
            place = (row, col % PARTS)
            fates[place] = min(fate, fates.get(place, fate), key=_GRAVEST.index)
        return fates

    def _finish(self) -> SheetReading:
        tally = Counter(self._fates().values())
        tally["kept"] += self.tray.taken
        counts = {fate: tally.get(fate, 0) for fate in CELL_FATES}
        if sum(counts.values()) != len(self.sheet.cells):
            raise AssertionError(
                f"{self.book.file}［{self.sheet.name}］: {sum(counts.values())} fates for "
                f"{len(self.sheet.cells)} cells"
            )
        if not any(counts[fate] for fate in _OF_FIGURES):
            self._tell_passed_by()
        return SheetReading(
            self.book.file, self.sheet.name, self.book.sha256, tuple(self.tray.observations),
            tuple(self.tray.targets), tuple(self.faults.findings()), counts,
            dict(sorted(self.tray.ignored.items())), self.source.id if self.source else "",
        )  # fmt: skip
