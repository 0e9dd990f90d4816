"""The figures of one block: each cell gets its fate, each figure its key, value and origin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import groupby

from diaodu.engine.collect.axes import PLAIN, STUBS, Axes
from diaodu.engine.collect.cell_faults import foreign_unit, giant, shown_smaller, unreadable
from diaodu.engine.collect.context import Surroundings
from diaodu.engine.collect.faults import Asked, Fault, Faults
from diaodu.engine.collect.grid import Block, Grid, Shape, kind, words
from diaodu.engine.collect.hidden import HiddenBlocks
from diaodu.engine.collect.months import are_open, as_own_month, months_fall
from diaodu.engine.collect.names import NOTHING, Label, Names
from diaodu.engine.collect.orgs import OrgFinder
from diaodu.engine.collect.plans import (
    Plan,
    Planner,
    contrast,
    settle_neighbours,
    spread_indicators,
)
from diaodu.engine.collect.runs import TOO_LARGE, Lane, Run
from diaodu.engine.collect.sheet import Cell, Mark, Workbook, cell_name, column_letters
from diaodu.engine.collect.signs import TRIANGLE, triangles_are_open
from diaodu.engine.collect.sources import ignored_for
from diaodu.engine.collect.values import (
    OPEN_SIGN,
    Value,
    converted,
    in_unit,
    power_of_ten,
    read_value,
)
from diaodu.engine.ground.errors import QuantityError
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import unit_ratio
from diaodu.engine.ground.records import Observation, Target
from diaodu.engine.rules.models import Source

_SCALED = int(Mark.SCALED)
_CODE_OF = ("code", "org")  # a column of codes says the org as well
_ABOUT_NAMES = frozenset(("unknown_org", "unknown_indicator", "ambiguous_name"))
_new_tuple = tuple.__new__  # what Observation(…) comes to, for half the price
_HIDDEN_REASON = "隐藏的行、列或工作表，按 sources 的规定不读"


@dataclass(slots=True)
class Tray:
    """What has been gathered from a sheet so far. `fates` by (row, col), but for the cells `taken`
    with their rows, all of which are kept."""

    fates: dict[tuple[int, int], str] = field(default_factory=dict)
    taken: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    observations: list[Observation] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)


@dataclass(slots=True)
class _Column:
    """A column as the row loop needs it: a fixed fate, or a head with its segment."""

    fate: str = ""
    reason: str = ""  # why the whole column is ignored
    segment: int = -1
    head_key: int = -1
    head: Label = NOTHING
    names_org: bool = False


@dataclass(slots=True)
class _RowPart:
    """What a row's stub says for one segment. `key` numbers equal meanings; `orgs` by period,
    where orgs are dated; `lanes` by column, shared with all rows of the meaning."""

    key: int
    stub: Label
    lanes: dict[int, Lane]
    unnamed: Asked | None = None  # its indicator is left blank
    orgs: dict[str, str | Asked] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class _Span:
    """What rows of one shape have in common: the places of cells with a fixed fate and of figures,
    the columns of the figures, and their one segment where all are numbers."""

    fixed: tuple[int, ...]
    figures: tuple[int, ...]
    cols: tuple[int, ...]
    is_plain: bool
    segment: int

    def figures_of(self, cells: list[Cell]) -> list[Cell]:
        """The figures of a row, which mostly stand side by side."""
        figures = self.figures
        if figures and figures[-1] - figures[0] + 1 == len(figures):
            return cells[figures[0] : figures[-1] + 1]
        return [cells[at] for at in figures]


class BlockReader:
    """Reads the rows of one block under its heads into a tray."""

    def __init__(
        self, book: Workbook, sheet: str, names: Names, source: Source | None, tray: Tray,
        faults: Faults, grid: Grid, block: Block, around: Surroundings, hidden: HiddenBlocks,
    ) -> None:  # fmt: skip
        self.book = book
        self.sheet = sheet
        self.names = names
        self.source = source
        self.tray = tray
        self.faults = faults
        self.grid = grid
        self.block = block
        self.hidden = hidden
        self.axes = Axes(grid, block, names, source, around.year, bool(around.indicators))
        order = sorted(self.axes.heads)
        labels, doubts = settle_neighbours(tuple(self.axes.heads[col] for col in order))
        self.heads = dict(zip(order, labels, strict=True))
        self.doubts = {order[at]: reading for at, reading in doubts.items()}
        self._read_lone_values()
        self.stubs = self._read_stubs()
        self._settle_months(around.indicators)
        self.around = self._compare_periods(around)
        self.planner = Planner(
            names, self.around, source, book.file, sheet, book.received, self._kind_of_heads(),
            self._kind_of_stubs(), self.heads.values(), [stub for stub, _ in self.stubs.values()],
        )  # fmt: skip
        self.orgs = OrgFinder(
            names, self.around, source, self.planner, self.axes, self._axis_orgs()
        )
        self.peers = self._peers()
        self.columns = self._number_columns()
        self.unheaded = self._unheaded()
        self._meanings: dict[Label, int] = {}
        self._plans: dict[tuple[int, int, int], Plan] = {}
        self._lanes: dict[tuple[int, int], dict[int, Lane]] = {}
        self._spans: dict[Shape, _Span] = {}
        self._runs: dict[tuple[int, int, _Span], Run | None] = {}
        self._head_orgs: dict[tuple[int, str, str], str | Asked] = {}
        self._ratios: dict[tuple[str, str], Decimal | None] = {}

    # -- preparation -------------------------------------------------------------------------------
    def _read_lone_values(self) -> None:
        """In a declared list of records the one column of figures needs no known head."""
        if self.source is not None and self.source.layout == "long" and len(self.heads) == 1:
            ((col, head),) = self.heads.items()
            self.heads[col] = NOTHING if head.rest else head

    def _compare_periods(self, around: Surroundings) -> Surroundings:
        """A single month in head or stub that is not the title's: one of them is left over."""
        written = around.written
        if written is None or written.period.months == 12 or around.period_fault:
            return around
        labels = [*self.heads.values(), *(stub for stub, _ in self.stubs.values())]
        named: dict[Period, str] = {}
        for label in labels:
            for one in label.periods:
                named.setdefault(one.period, label.text)
        ends = {period.end: text for period, text in named.items() if period.months < 12}
        if len(ends) != 1 or len(named) != len([p for p in named if p.months < 12]):
            return around
        ((end, text),) = ends.items()
        if end == written.period.end or written.period.last_year().end == end:
            return around
        if end.year == written.period.year and end.month == written.period.month:
            return around  # a day or week of the title's month
        return replace(around, period_fault=("表头", text, "标题或名称", str(written.period)))

    def _read_stubs(self) -> dict[tuple[int, int], tuple[Label, dict[int, Label]]]:
        """(segment, row) → the row's label without orgs, and each stub column's label."""
        found: dict[tuple[int, int], tuple[Label, dict[int, Label]]] = {}
        for index, segment in enumerate(self.axes.segments):
            pairs = [self.axes.stub(segment, row) for row in self.block.rows]
            wholes = contrast(self._inherit([whole for whole, _ in pairs]))
            for row, whole, pair in zip(self.block.rows, wholes, pairs, strict=True):
                found[index, row] = (whole, pair[1])
        return found

    def _inherit(self, stubs: list[Label]) -> list[Label]:
        """固定资产投资 and under it 增速: a row that says no indicator speaks of the one above,
        within its section, where no column says one."""
        if any(head.indicators for head in self.heads.values()):
            return stubs
        sections = [self.block.sections.get(row) for row in self.block.rows]
        runs = groupby(zip(sections, stubs, strict=True), key=lambda pair: pair[0])
        return [one for _, run in runs for one in spread_indicators([stub for _, stub in run])]

    def _settle_months(self, titled: tuple[str, ...]) -> None:
        """Months that may stand for themselves or for the year so far: the numbers may tell."""
        across = are_open(self.heads.values())
        if not across and not are_open(stub for stub, _ in self.stubs.values()):
            return
        figures = {
            (row, col): (stub._replace(orgs=_orgs_said(said)), self.heads[col])
            for (index, row), (stub, said) in self.stubs.items()
            for col in self.axes.segments[index].figures
        }
        if not months_fall(self.grid, self.names, titled, figures, across):
            return
        self.heads = {col: as_own_month(head) for col, head in self.heads.items()}
        self.stubs = {at: (as_own_month(stub), said) for at, (stub, said) in self.stubs.items()}
        self.doubts = {col: "single" if r == "open" else r for col, r in self.doubts.items()}

    def _peers(self) -> str | None:
        """The peer group that the orgs of the axis belong to, beside those above them: whom a
        bare 位次 ranks. None where they are not of one level under one parent."""
        book = self.names.rulebook
        named = self._axis_orgs()
        above = {one for org in named for one in self.names.ancestors[org]}
        groups = {(book.orgs[org].parent, book.orgs[org].level) for org in named - above}
        if len(named - above) < 2 or len(groups) != 1:
            return None
        ((parent, level),) = groups
        return f"{parent}/{level}" if parent is not None else None

    def _axis_orgs(self) -> frozenset[str]:
        labels = [one for _, said in self.stubs.values() for one in said.values()]
        labels += list(self.heads.values())
        return frozenset(label.orgs[0] for label in labels if len(label.orgs) == 1)

    def _kind_of_heads(self) -> str:
        heads = self.heads.values()
        orgs = sum(bool(head.orgs or head.whole) for head in heads)
        return "org" if orgs > sum(bool(head.indicators) for head in heads) else "indicator"

    def _kind_of_stubs(self) -> str:
        roles = [role for seg in self.axes.segments for role in seg.stubs.values()]
        return "org" if "org" in roles and "indicator" not in roles else "indicator"

    def _number_columns(self) -> dict[int, _Column]:
        """Columns whose heads differ only in the org share one number, and so their plans."""
        owner = {col: index for index, seg in enumerate(self.axes.segments) for col in seg.figures}
        numbers: dict[tuple[object, ...], int] = {}
        columns: dict[int, _Column] = {}
        for col, role in self.axes.roles.items():
            if role != "figure":
                fate = "label" if role in STUBS or role in PLAIN else "note"
                passed_over = self.axes.passed_over.get(col, "")
                columns[col] = _Column("ignored" if passed_over else fate, passed_over)
                continue
            head = self.heads[col]
            alike = (*head.beside_org, self.doubts.get(col, ""))
            key = numbers.setdefault(alike, len(numbers))
            columns[col] = _Column("", "", owner[col], key, head, bool(head.orgs or head.whole))
        return columns

    def _unheaded(self) -> frozenset[int]:
        """Columns of figures without a head, where others have one."""
        bare = frozenset(
            col
            for col in self.heads
            if not any(self.axes.header_cell(row, col) for row in self.axes.header_rows)
        )
        return bare if len(bare) < len(self.heads) else frozenset()

    def _hold_unheaded(self, row: int, figures: list[Cell]) -> list[Cell]:
        """Hold the figures of a row that stand under no head; all of its figures, where none is
        left out: 1,234 parted at the comma moves whatever stands to the right. The rest is
        returned."""
        bare = [cell for cell in figures if cell[1] in self.unheaded]
        is_full = {cell[1] for cell in figures} >= self.heads.keys() - self.unheaded
        held = figures if is_full else bare
        col = bare[0][1]
        place = cell_name(row, col)
        fault = self.faults.ask(
            ("unheaded", str(col)),
            Fault(
                "unknown_indicator",
                f"{column_letters(col)}列有数而没有表头，不知道是什么，也可能是同一行的数错了位",
                "请给这一列补上表头，或核对该行的数是不是错位（如“1,234”被分成了两格），重新报送",
                cell=place, discriminator=f"column {col}",
            ),
        )  # fmt: skip
        for cell in held:
            self.tray.fates[row, cell[1]] = "held"
            fault.touch(cell_name(row, cell[1]), "", "", "")
        return [cell for cell in figures if cell not in held]

    # -- rows --------------------------------------------------------------------------------------
    def read(self) -> None:
        """Give every cell of the block's rows its fate."""
        if self._knows_an_indicator():
            for row in self.block.rows:
                self._read_row(row)
        else:
            self._hold_all()

    def passed_by(self) -> list[Cell]:
        """Numbers in the block's rows that were taken for labels or remarks, though no heading
        says that they are."""
        cols = {
            col
            for col, role in self.axes.roles.items()
            if role != "figure" and not self.axes.names_its_numbers(col)
        }
        return [
            cell
            for row in self.block.rows
            for cell in self.grid.rows[row]
            if cell[1] in cols and kind(cell) == "number"
        ]

    def _read_row(self, row: int) -> None:
        section = self._section(row)
        section_key = self._number(section)
        parts: dict[int, _RowPart] = {}
        fates = self.tray.fates
        digits = str(row + 1)
        span, figures = self._without_fixed(row)
        if self.unheaded and any(cell[1] in self.unheaded for cell in figures):
            figures = self._hold_unheaded(row, figures)
        elif span.is_plain and self._take_run(row, figures, span, section, section_key, digits):
            return
        for cell in figures:
            col = cell[1]
            column = self.columns[col]
            part = parts.get(column.segment)
            if part is None:
                part = self._row_part(column.segment, row, section_key)
                parts[column.segment] = part
            if self._take_plain(cell, part, digits):
                fates[row, col] = "kept"
            else:
                fates[row, col] = self._read_with(cell, part, column, section, section_key)

    def _read_with(
        self, cell: Cell, part: _RowPart, column: _Column, section: Label, section_key: int
    ) -> str:
        """Work out what a cell's row and column say, and read it."""
        row, col = cell[0], cell[1]
        if part.unnamed is not None and not column.head.indicators:
            return self._read_cell(cell, Plan(fault=part.unnamed), column, "")
        plan = self._plan(col, part, column, section, section_key)
        period = plan.period if self.names.are_dated else ""
        org = part.orgs.get(period)
        if org is None:
            org = part.orgs[period] = self._row_org(column.segment, row, period)
        if type(org) is str and col not in part.lanes:
            self._open_lane(part.lanes, col, plan, column, org, period)
            if self._take_plain(cell, part, str(row + 1)):
                return "kept"
        return self._read_cell(cell, plan, column, org)

    def _plan(
        self, col: int, part: _RowPart, column: _Column, section: Label, section_key: int
    ) -> Plan:
        key = (part.key, section_key, column.head_key)
        plan = self._plans.get(key)
        if plan is None:
            plan = self.planner.plan(part.stub, column.head, section, self.doubts.get(col, ""))
            self._plans[key] = plan
        return plan

    def _open_lane(
        self, lanes: dict[int, Lane], col: int, plan: Plan, column: _Column, row_org: str,
        when: str,
    ) -> None:  # fmt: skip
        """From here on, plain numbers of the column go by the lane, where nothing else is asked."""
        set_against = plan.against or (self.peers is not None and plan.is_rank)
        if not (plan.takes_numbers and self.hidden.none) or set_against:
            return
        own = "" if row_org else self._org_of(column, col, "", plan)
        if type(own) is str:
            takes_row = not column.names_org and self.orgs.place is None
            around = Observation.id_around(
                plan.indicator, plan.period, plan.facet, None, plan.track, self.book.received
            )
            lanes[col] = Lane(plan, when, column_letters(col), takes_row, own, *around)

    def _without_fixed(self, row: int) -> tuple[_Span, list[Cell]]:
        """The row's figure cells; the others get the fate of their column."""
        shape, cells = self.grid.shapes[row], self.grid.rows[row]
        span = self._spans.get(shape)
        if span is None:
            span = self._spans[shape] = self._span(shape)
        for at in span.fixed:
            col = cells[at][1]
            self.tray.fates[row, col] = self._fixed_fate(self.columns[col])
        return span, span.figures_of(cells)

    def _span(self, shape: Shape) -> _Span:
        fixed = tuple(at for at, col in enumerate(shape.cols) if self.columns[col].fate)
        figures = tuple(at for at in range(len(shape.cols)) if at not in fixed)
        cols = tuple(shape.cols[at] for at in figures)
        segments = {self.columns[col].segment for col in cols}
        is_plain = len(segments) == 1 and all(shape.types[at] is Decimal for at in figures)
        return _Span(fixed, figures, cols, is_plain, segments.pop() if is_plain else -1)

    def _fixed_fate(self, column: _Column) -> str:
        if column.fate == "ignored":
            self.tray.ignored[column.reason] += 1
        return column.fate

    def _row_part(self, segment: int, row: int, section_key: int) -> _RowPart:
        stub, _ = self.stubs[segment, row]
        key = self._number(stub)
        lanes = self._lanes.setdefault((key, section_key), {})
        return _RowPart(key, stub, lanes, self._left_blank(segment, row, "indicator"))

    def _row_org(self, segment: int, row: int, period: str) -> str | Asked:
        blank = self._left_blank(segment, row, "org")
        if blank is not None:
            return blank
        stub, said = self.stubs[segment, row]
        return self.orgs.of_row(self.axes.segments[segment], stub, said, _last_day(period))

    def _left_blank(self, segment: int, row: int, role: str) -> Asked | None:
        """The question about a row that leaves out what its neighbours say in the same column.

        Whether it continues the row above or belongs to the title nobody can tell.
        """
        place = getattr(self.source, role) if self.source else None
        stubs = self.axes.segments[segment].stubs
        cols = [col for col, what in stubs.items() if what == role or (what, role) == _CODE_OF]
        shown = any(self.grid.shown(row, col) is not None for col in cols)
        if not cols or shown or (place is not None and not place.column):
            return None
        what = "单位" if role == "org" else "指标"
        return ("blank", role, str(row)), Fault(
            f"unknown_{role}",
            f"第{row + 1}行没有写是哪个{what}的数",
            f"请在{cell_name(row, cols[0])}写明{what}；与上一行相同的也要写，或与上一行合并单元格",
            cell=cell_name(row, cols[0]),
        )

    def _number(self, label: Label) -> int:
        return self._meanings.setdefault(label, len(self._meanings))

    def _section(self, row: int) -> Label:
        cell = self.block.sections.get(row)
        if cell is None or ignored_for(self.source, words(cell)):
            return NOTHING
        label = self.axes.read(cell)
        return NOTHING if label.rest else label

    def _knows_an_indicator(self) -> bool:
        source = self.source
        if source is not None and (source.indicator is not None or source.rename):
            return True
        labels = [*self.heads.values(), *(whole for whole, _ in self.stubs.values())]
        return bool(
            self.around.indicators
            or self.around.indicators_open
            or any(label.indicators for label in labels)
            or any(self._section(row).indicators for row in self.block.sections)
        )

    def _hold_all(self) -> None:
        """No indicator of the rulebook anywhere: one question for the table, all cells held."""
        held: list[str] = []
        for row in self.block.rows:
            for cell in self.grid.rows[row]:
                column = self.columns[cell[1]]
                self.tray.fates[row, cell[1]] = self._fixed_fate(column) or "held"
                if not column.fate:
                    held.append(cell_name(row, cell[1]))
        if not held:
            return
        fault = self.faults.ask(
            ("unknown_layout", held[0]),
            Fault(
                "unknown_layout",
                "这张表里没有认出规则库的任何指标，不知道数是什么",
                "请核对表头和标题；确需收取的，在 sources 里补一条：\n"
                + self.planner.propose(
                    "indicator: {column: ?}", "org: {column: ?}", "period: {title: true}"
                ),
                cell=held[0], discriminator=held[0],
            ),
        )  # fmt: skip
        fault.cells += len(held)

    # -- cells -------------------------------------------------------------------------------------
    def _take_run(
        self, row: int, cells: list[Cell], span: _Span, section: Label, section_key: int,
        row_digits: str,
    ) -> bool:  # fmt: skip
        """A whole row as `_take_plain` takes its cells one by one; False where it would not take
        each of them, and then nothing is done."""
        part = self._row_part(span.segment, row, section_key)
        if part.unnamed is not None:
            return False
        run = self._run(part, row, span, section, section_key)
        if run is None:
            return False
        org = self._row_org(span.segment, row, run.when)
        if type(org) is not str or (org and not run.takes_row):
            return False
        orgs = [org] * len(cells) if org else run.own
        found = run.observations(cells, orgs, row_digits) if all(orgs) else None
        if found is None:
            return False
        self.tray.observations += found
        self.tray.taken += len(found)
        return True

    def _run(
        self, part: _RowPart, row: int, span: _Span, section: Label, section_key: int
    ) -> Run | None:
        """The lanes of a row, where its columns can all have theirs."""
        key = (part.key, section_key, span)
        if key in self._runs:
            return self._runs[key]
        lanes = self._lanes_of(part, row, span, section, section_key)
        if lanes is None:
            return None
        run = Run(lanes, self.book, self.sheet) if lanes else None
        self._runs[key] = run if run is not None and run.is_even else None
        return self._runs[key]

    def _lanes_of(
        self, part: _RowPart, row: int, span: _Span, section: Label, section_key: int
    ) -> list[Lane] | None:
        """One for each column; an empty list where a column has none in any row, None where only
        this row cannot tell."""
        orgs: dict[str, str | Asked] = {}
        for col in span.cols:
            if col in part.lanes:
                continue
            column = self.columns[col]
            plan = self._plan(col, part, column, section, section_key)
            when = plan.period if self.names.are_dated else ""
            if when not in orgs:
                orgs[when] = self._row_org(span.segment, row, when)
            org = orgs[when]
            if type(org) is not str:
                return None
            self._open_lane(part.lanes, col, plan, column, org, when)
            if col not in part.lanes:
                return []
        return [part.lanes[col] for col in span.cols]

    def _take_plain(self, cell: Cell, part: _RowPart, row_digits: str) -> bool:
        """As `_read_cell`, for an unmarked number in a lane; False where it is too much for it."""
        lane = part.lanes.get(cell[1])
        if lane is None or cell[4] != 0 or part.unnamed is not None:
            return False
        org = part.orgs.get(lane.when)
        if org == "":
            org = lane.own
        elif not lane.takes_row:
            return False
        plan = lane.plan
        number, text = cell[2], cell[3]
        if type(number) is not Decimal or type(org) is not str or not org:
            return False
        if not number.is_finite() or plan.ratio is None:
            return False
        number, digits = in_unit(number, text, plan.ratio, plan.power)
        if number.adjusted() >= TOO_LARGE:
            return False
        book = self.book
        self.tray.observations.append(
            _new_tuple(
                Observation,
                (
                    Observation.id_of(lane.before + org + lane.behind), plan.indicator, org,
                    plan.period, plan.facet, None, None, plan.track, book.received, number,
                    digits, None, plan.unit, plan.unit_given, text, book.file, book.sha256,
                    self.sheet, lane.letters + row_digits, False,
                ),
            )
        )  # fmt: skip
        return True

    def _read_cell(self, cell: Cell, plan: Plan, column: _Column, row_org: str | Asked) -> str:
        """Read one figure cell and return its fate."""
        dropped = plan.dropped or (row_org[1].dropped if type(row_org) is tuple else "")
        if dropped:
            self.tray.ignored[dropped] += 1
            return "ignored"
        value = read_value(cell, plan.facet)
        if value.number is not None and TRIANGLE in cell[3] and self._triangles_are_open:
            value = OPEN_SIGN
        fault = plan.fault
        org: str | Asked = ""
        if plan.indicator:
            org = self._org_of(column, cell[1], row_org, plan)
            if type(org) is tuple:
                fault, org = fault or org, org[1].org
        assert isinstance(org, str)
        if value.word == "missing":
            if plan.has_key and org and fault is None and self._expects(plan):
                self._observe(cell, plan, org, value, None, None)
            return "marker"
        number, digits, asked = self._figure(plan, value, cell)
        fault = fault or asked
        if not self.hidden.none:
            hidden = self.hidden.fault_of(cell)
            if hidden is not None and self.hidden.policy == "ignore":
                self.tray.ignored[_HIDDEN_REASON] += 1
                return "ignored"
            fault = fault or hidden
        if fault is None:
            self._observe(cell, plan, org, value, number, digits)
            return "kept"
        self._hold(cell, plan, org, value, number, digits, fault)
        return "held"

    def _org_of(self, column: _Column, col: int, row_org: str | Asked, plan: Plan) -> str | Asked:
        if row_org and not column.names_org and self.orgs.place is None:
            return row_org
        period = plan.period if self.names.are_dated else ""
        if row_org:
            return self.orgs.of_figure(column.head, row_org, plan.indicator, _last_day(period))
        key = (col, plan.indicator, period)
        known = self._head_orgs.get(key)
        if known is None:
            known = self.orgs.of_figure(column.head, "", plan.indicator, _last_day(period))
            self._head_orgs[key] = known
        return known

    @cached_property
    def _triangles_are_open(self) -> bool:
        return triangles_are_open(self.grid.cells())

    def _expects(self, plan: Plan) -> bool:
        """A dash under a facet the indicator is never published with says nothing, nor does one
        under 累计 where only a growth is published: the growth has a column of its own."""
        return (
            not plan.facet_is_inferred
            and plan.facet in self.names.rulebook.indicators[plan.indicator].facets
        )

    def _figure(
        self, plan: Plan, value: Value, cell: Cell
    ) -> tuple[Decimal | None, int | None, Asked | None]:
        """The value in the plan's unit with its digits, or the question that holds it."""
        if value.fault:
            return None, None, unreadable(value.fault, cell)
        if value.number is None or not plan.unit:
            return None, None, None
        if cell[4] != 0 and int(cell[4]) & _SCALED:
            return None, None, shown_smaller(cell, plan.indicator, plan.unit)
        ratio, power = plan.ratio, plan.power
        if value.unit and value.unit != plan.unit_given:
            ratio = self._own_ratio(value.unit, plan.unit)
            if ratio is None:
                return None, None, foreign_unit(cell, plan.indicator, value.unit, plan.unit)
            power = power_of_ten(ratio)
        elif plan.unit_fault is not None:
            return None, None, plan.unit_fault
        assert ratio is not None
        number, digits = converted(value.number, value.digits, ratio, power)
        if number.adjusted() >= TOO_LARGE:
            return None, None, giant(cell, plan.indicator, plan.unit)
        return number, digits, None

    def _own_ratio(self, given: str, wanted: str) -> Decimal | None:
        key = (given, wanted)
        if key not in self._ratios:
            try:
                self._ratios[key] = unit_ratio(given, wanted)
            except QuantityError:
                self._ratios[key] = None
        return self._ratios[key]

    def _observe(
        self, cell: Cell, plan: Plan, org: str, value: Value, number: Decimal | None,
        digits: int | None, held: bool = False,
    ) -> str:  # fmt: skip
        book = self.book
        against = self._against(plan, org)
        obs_id = Observation.make_id(
            plan.indicator, org, plan.period, plan.facet, against, plan.track, book.received
        )
        self.tray.observations.append(
            Observation(
                obs_id, plan.indicator, org, plan.period, plan.facet, against, value.n,
                plan.track, book.received, number, digits, value.word, plan.unit,
                value.unit or plan.unit_given, cell[3], book.file, book.sha256, self.sheet,
                cell_name(cell[0], cell[1]), held,
            )
        )  # fmt: skip
        return obs_id

    def _against(self, plan: Plan, org: str) -> str | None:
        """Whom a figure is set against: the org of the level named, else of a rank the peers."""
        if plan.against:
            above = self.names.rulebook.ancestors(org)
            return next((one.id for one in above if one.level == plan.against), None)
        if self.peers is None or not plan.is_rank:
            return None
        known = self.names.rulebook.orgs[org]
        return self.peers if f"{known.parent}/{known.level}" == self.peers else None

    def _hold(
        self, cell: Cell, plan: Plan, org: str, value: Value, number: Decimal | None,
        digits: int | None, asked: Asked,
    ) -> None:  # fmt: skip
        key, new = asked
        if new.code in _ABOUT_NAMES and not new.cell and key not in self.faults:
            new.cell = self._place_of_name(cell, new)
        fault = self.faults.ask(key, new)
        fault.touch(cell_name(cell[0], cell[1]), plan.indicator, org, plan.period)
        if plan.has_key and org:
            held = self._observe(cell, plan, org, value, number, digits, held=True)
            fault.obs_ids.add(held)

    # -- where a name stands -----------------------------------------------------------------------
    def _place_of_name(self, cell: Cell, fault: Fault) -> str:
        """The cell of the name that a question is about, A1: there it is to be mended. Empty where
        no single cell holds it."""
        over = list(self._labels_of(cell))
        said = fault.found.split("·")
        for fits in (
            lambda text, _: text == fault.found,
            lambda text, label: text in said and (label.indicators or label.orgs or label.rest),
            lambda _, label: fault.org in label.orgs,
        ):
            for one in over:
                if fits(words(one), self.axes.read(one)):
                    return cell_name(one[0], one[1])
        return ""

    def _labels_of(self, cell: Cell) -> Iterator[Cell]:
        """The cells that say what a figure is: beside it, over it, its section, the titles."""
        row, col, *_ = cell
        for stub in self.axes.segments[self.columns[col].segment].stubs:
            beside = self.grid.shown(row, stub)
            if beside is not None:
                yield beside
        for header in reversed(self.axes.header_rows):
            over = self.axes.header_cell(header, col)
            if over is not None:
                yield over
        if row in self.block.sections:
            yield self.block.sections[row]
        yield from self.block.titles


def _last_day(period: str) -> date | None:
    return Period.from_id(period).end if period else None


def _orgs_said(said: dict[int, Label]) -> tuple[str, ...]:
    return tuple(one for label in said.values() for one in label.orgs)
