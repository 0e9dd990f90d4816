"""Reading a workbook: every non-empty cell gets one fate, every figure its key and origin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, localcontext

from diaodu.engine.collect.axes import PLAIN, STUBS, Axes, Segment
from diaodu.engine.collect.context import Surroundings, surroundings
from diaodu.engine.collect.faults import Fault, Faults
from diaodu.engine.collect.grid import Block, Grid, find_blocks, words
from diaodu.engine.collect.hidden import HiddenBlocks
from diaodu.engine.collect.names import NOTHING, Label, Names
from diaodu.engine.collect.plans import Plan, Planner, contrast, settle_neighbours
from diaodu.engine.collect.sheet import Cell, Mark, Sheet, Workbook, cell_name
from diaodu.engine.collect.sources import find_source
from diaodu.engine.collect.targets import TargetSheet, find_target_header
from diaodu.engine.collect.values import Value, read_value
from diaodu.engine.ground.errors import QuantityError
from diaodu.engine.ground.quantity import EXACT, SCALE, cut, unit_ratio
from diaodu.engine.ground.records import Finding, Observation, Target
from diaodu.engine.ground.words import CELL_FATES
from diaodu.engine.rules.models import Source
from diaodu.engine.rules.rulebook import Rulebook


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


@dataclass(slots=True)
class _Tray:
    """What has been gathered from a sheet so far."""

    fates: dict[tuple[int, int], str] = field(default_factory=dict)
    ignored: Counter[str] = field(default_factory=Counter)
    observations: list[Observation] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)


class _SheetReader:
    def __init__(self, book: Workbook, sheet: Sheet, names: Names, rulebook: Rulebook) -> None:
        self.book = book
        self.sheet = sheet
        self.names = names
        self.rulebook = rulebook
        self.tray = _Tray()
        self.faults = Faults(book.file, sheet.name)
        self.source: Source | None = None

    def read(self) -> SheetReading:
        grid = Grid.of(self.sheet)
        header = find_target_header(grid)
        if header is not None:
            TargetSheet(self.book, self.sheet, self.names, self.faults).read(
                grid, header, self.tray.fates, self.tray.targets
            )
        elif self.sheet.cells:
            self._read_figures(grid)
        return self._finish()

    def _read_figures(self, grid: Grid) -> None:
        blocks = find_blocks(grid, self.names)
        titles = [words(cell) for block in blocks for cell in block.titles]
        self.source = find_source(self.rulebook.sources, self.book.file, self.sheet.name, titles)
        policy = self.source.hidden if self.source else "ask"
        hidden = HiddenBlocks(self.sheet, policy)
        all_titles: list[Cell] = []
        for block in blocks:
            self._mark_texts(grid, block)
            if block.titles:
                all_titles = block.titles
            if block.rows:
                around = surroundings(self.names, all_titles, self.sheet.name, self.book.file)
                _BlockReader(self, grid, block, around, hidden).read()

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

    def _finish(self) -> SheetReading:
        tally = Counter(self.tray.fates.values())
        counts = {fate: tally.get(fate, 0) for fate in CELL_FATES}
        if sum(counts.values()) != len(self.sheet.cells):
            raise AssertionError(
                f"{self.book.file}［{self.sheet.name}］: {sum(counts.values())} fates for "
                f"{len(self.sheet.cells)} cells"
            )
        return SheetReading(
            self.book.file, self.sheet.name, self.book.sha256, tuple(self.tray.observations),
            tuple(self.tray.targets), tuple(self.faults.findings()), counts,
            dict(sorted(self.tray.ignored.items())), self.source.id if self.source else "",
        )  # fmt: skip


_Asked = tuple[tuple[str, ...], Fault]


class _BlockReader:
    """Reads the rows of one block under its heads."""

    def __init__(
        self, sheet: _SheetReader, grid: Grid, block: Block, around: Surroundings,
        hidden: HiddenBlocks,
    ) -> None:  # fmt: skip
        self.out = sheet
        self.names = sheet.names
        self.grid = grid
        self.block = block
        self.around = around
        self.hidden = hidden
        self.axes = Axes(grid, block, sheet.names, sheet.source, around.year)
        self._plans: dict[tuple[Label, int, Label], Plan] = {}
        self._values: dict[tuple[str, str], Decimal | None] = {}
        heads = self.axes.heads
        self.order = sorted(heads)
        labels, doubts = settle_neighbours([heads[col] for col in self.order])
        self.heads = dict(zip(self.order, labels, strict=True))
        self.doubts = {self.order[at]: reading for at, reading in doubts.items()}
        self.stubs = self._read_stubs()
        self.axis_orgs = self._axis_orgs()
        book = sheet.book
        self.planner = Planner(
            sheet.names, around, sheet.source, book.file, sheet.sheet.name, book.received,
            self._kind_of(labels), self._kind_of_stubs(),
        )  # fmt: skip

    # -- preparation -------------------------------------------------------------------------------
    def _read_stubs(self) -> dict[tuple[int, int], tuple[Label, dict[int, Label]]]:
        """(segment, row) → the row's label without orgs, and each stub column's label."""
        found: dict[tuple[int, int], tuple[Label, dict[int, Label]]] = {}
        for index, segment in enumerate(self.axes.segments):
            pairs = [self.axes.stub(segment, row) for row in self.block.rows]
            wholes = contrast([whole for whole, _ in pairs])
            for row, whole, pair in zip(self.block.rows, wholes, pairs, strict=True):
                found[index, row] = (whole, pair[1])
        return found

    def _axis_orgs(self) -> frozenset[str]:
        labels = [one for _, said in self.stubs.values() for one in said.values()]
        labels += list(self.heads.values())
        return frozenset(label.orgs[0] for label in labels if len(label.orgs) == 1)

    @staticmethod
    def _kind_of(labels: list[Label]) -> str:
        orgs = sum(bool(label.orgs or label.whole) for label in labels)
        indicators = sum(bool(label.indicators) for label in labels)
        return "org" if orgs > indicators else "indicator"

    def _kind_of_stubs(self) -> str:
        roles = [role for seg in self.axes.segments for role in seg.stubs.values()]
        return "org" if "org" in roles and "indicator" not in roles else "indicator"

    # -- rows --------------------------------------------------------------------------------------
    def read(self) -> None:
        if not self._knows_an_indicator():
            self._hold_all()
            return
        owner = {col: index for index, seg in enumerate(self.axes.segments) for col in seg.figures}
        fates = self.out.tray.fates
        roles = self.axes.roles
        orgs: dict[tuple[int, int], str | _Asked] = {}
        for row in self.block.rows:
            section = self._section(row)
            for cell in self.grid.rows[row]:
                col = cell[1]
                role = roles.get(col, "figure")
                if role != "figure":
                    fates[row, col] = _plain_fate(role)
                    continue
                index = owner.get(col)
                if index is None:
                    fates[row, col] = "note"
                    continue
                key = (index, row)
                if key not in orgs:
                    orgs[key] = self._row_org(self.axes.segments[index], *self.stubs[key])
                self._read_cell(cell, self.stubs[key][0], section, orgs[key])

    def _knows_an_indicator(self) -> bool:
        source = self.out.source
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
        first = ""
        held = 0
        for row in self.block.rows:
            for cell in self.grid.rows[row]:
                role = self.axes.roles.get(cell[1], "figure")
                if role != "figure":
                    self.out.tray.fates[row, cell[1]] = _plain_fate(role)
                    continue
                self.out.tray.fates[row, cell[1]] = "held"
                first = first or cell_name(row, cell[1])
                held += 1
        fault = self.out.faults.ask(
            ("unknown_layout", first),
            Fault(
                "unknown_layout",
                "这张表里没有认出规则库的任何指标，不知道数是什么",
                "请核对表头和标题；确需收取的，在 sources 里补一条：\n"
                + self.planner.propose("indicator: {column: ?}", "org: {column: ?}",
                                       "period: {title: true}"),
                cell=first, discriminator=first,
            ),
        )  # fmt: skip
        fault.cells += held

    def _section(self, row: int) -> Label:
        cell = self.block.sections.get(row)
        if cell is None:
            return NOTHING
        label = self.axes.read(cell)
        return NOTHING if label.rest or label.dropped else label

    # -- orgs --------------------------------------------------------------------------------------
    def _row_org(self, segment: Segment, whole: Label, said: dict[int, Label]) -> str | _Asked:
        """The org a row is about: its id, empty where the row does not say, or the question."""
        places = [col for col, role in segment.stubs.items() if role in ("org", "code")]
        subject = self._subject_column(segment, [c for c in places if c in said])
        if subject is None:
            if whole.orgs:
                return self._choose(whole.text, whole.orgs, ())
            return ""
        label = said[subject]
        codes = [said[c].orgs for c in places if c in said and segment.stubs[c] == "code"]
        beside = [
            one
            for col in places
            if col in said and col != subject and segment.stubs[col] == "org"
            for ids in self.names.search_orgs(said[col].text)
            for one in ids
        ]
        if label.dropped:
            return ("dropped", label.dropped), Fault("ignored", label.dropped, "")
        if label.whole and not label.orgs:
            return self._whole_org(label)
        coded = codes[0] if codes and segment.stubs[subject] != "code" else ()
        if not label.orgs:
            if len(coded) == 1:
                return coded[0]
            return self.planner.unknown_name(label.text, label.rest or label.text, "org")
        if coded:
            both = tuple(one for one in label.orgs if one in coded)
            if not both:
                return self._disagree(label, coded)
            return self._choose(label.text, both, tuple(beside))
        return self._choose(label.text, label.orgs, tuple(beside))

    def _subject_column(self, segment: Segment, cols: list[int]) -> int | None:
        """Of province, city and county columns the row is about the one with most names."""
        orgs = [col for col in cols if segment.stubs[col] == "org"]
        if not orgs:
            return cols[0] if cols else None
        tallies = self.axes.tallies
        return max(orgs, key=lambda col: (len(tallies[col].texts), col))

    def _choose(
        self, text: str, candidates: tuple[str, ...], beside: tuple[str, ...]
    ) -> str | _Asked:
        found = self.names.narrow(candidates, beside)
        if len(found) > 1:
            found = self.names.narrow(found, self.around.around)
        if len(found) == 1:
            return found[0]
        listed = "、".join(self._full_name(one) for one in found)
        return ("ambiguous_name", text), Fault(
            "ambiguous_name",
            f"“{text}”有几个同名单位：{listed}，不能确定是哪一个",
            "请在旁边一列或标题写明上级单位，或加一列代码，或在 sources 里补一条：\n"
            + self.planner.propose(f'rename: {{"{text}": ?}}'),
            expected=listed, found=text, discriminator=text,
        )  # fmt: skip

    def _full_name(self, org: str) -> str:
        above = self.out.rulebook.ancestors(org)
        return (above[0].name if above else "") + self.out.rulebook.orgs[org].name

    def _disagree(self, label: Label, coded: tuple[str, ...]) -> _Asked:
        listed = "、".join(self._full_name(one) for one in coded)
        return ("ambiguous_name", label.text, "code"), Fault(
            "ambiguous_name",
            f"名称“{label.text}”与同一行的代码（{listed}）不是同一个单位",
            "请核对名称和代码，改正后重新报送；单位改过名的，请在 orgs 里补上旧名 aliases "
            "或代码沿革 codes",
            expected=listed, found=label.text, discriminator=label.text,
        )  # fmt: skip

    def _whole_org(self, label: Label) -> str | _Asked:
        """全县 among townships is the county they share; else the only one of its level."""
        orgs = self.out.rulebook.orgs
        of_level = [one.id for one in orgs.values() if one.level == label.whole]
        named = self.axis_orgs | self.around.around
        shared = [
            one
            for one in of_level
            if one in named or any(self.names.is_below(other, one) for other in named)
        ]
        found = shared or of_level
        if len(found) == 1:
            return found[0]
        return ("ambiguous_name", label.text), Fault(
            "ambiguous_name",
            f"“{label.text}”指哪个单位没有写明"
            if found
            else f"规则库里没有“{label.text}”这一级单位",
            "请写全称，或在 sources 里补一条：\n"
            + self.planner.propose(f'rename: {{"{label.text}": ?}}'),
            found=label.text, discriminator=label.text,
        )  # fmt: skip

    def _org_of(self, head: Label, row_org: str | _Asked, indicator: str) -> str | _Asked:
        source = self.out.source
        place = source.org if source else None
        if place is not None and place.fixed:
            found = self.names.orgs.get(place.fixed, ()) or self.names.label(place.fixed).orgs
            return self._choose(place.fixed, found, ()) if found else self.planner.unknown_name(
                place.fixed, place.fixed, "org")  # fmt: skip
        if not (place is not None and place.title):
            if head.orgs and row_org:
                return ("ambiguous_name", head.text, "both"), Fault(
                    "ambiguous_name", f"“{head.text}”一列和左边的行名都写了单位，不能确定是哪一个",
                    "请在 sources 里补一条，写明单位在哪里：\n"
                    + self.planner.propose("org: {column: ?}"),
                    found=head.text, discriminator=head.text,
                )  # fmt: skip
            if row_org:
                return row_org
            if head.orgs:
                return self._choose(head.text, head.orgs, ())
            if head.whole:
                return self._whole_org(head)
        return self._surrounding_org(indicator)

    def _surrounding_org(self, indicator: str) -> str | _Asked:
        around = self.around
        if len(around.orgs) == 1:
            org = around.orgs[0]
            known = self.out.rulebook.indicators.get(indicator)
            if known is None or known.owner != org:
                return org
        elif around.orgs_open:
            listed = "、".join(self._full_name(one) for one in around.orgs_open)
            return ("orgs_open",), Fault(
                "ambiguous_name", f"标题或名称里有几个单位：{listed}，不能确定是谁的数据",
                "请在标题写明单位，或在 sources 里补一条：\n"
                + self.planner.propose("org: {fixed: ?}"),
                expected=listed,
            )  # fmt: skip
        elif around.whole:
            return self._whole_org(Label(text=_WHOLE_TEXT[around.whole], whole=around.whole))
        return ("unknown_org", ""), Fault(
            "unknown_org", "这张表没有写明是哪个单位的数据",
            "请在标题、工作表名或文件名里写明单位，或在 sources 里补一条：\n"
            + self.planner.propose("org: {fixed: ?}"),
        )  # fmt: skip

    # -- cells -------------------------------------------------------------------------------------
    def _plan(self, stub: Label, col: int, section: Label) -> Plan:
        key = (stub, col, section)
        plan = self._plans.get(key)
        if plan is None:
            head = self.heads[col]
            plan = self.planner.plan(stub, head, section, self.doubts.get(col, ""))
            self._plans[key] = plan
        return plan

    def _read_cell(self, cell: Cell, stub: Label, section: Label, row_org: str | _Asked) -> None:
        row, col = cell[0], cell[1]
        out = self.out
        fates = out.tray.fates
        plan = self._plan(stub, col, section)
        if plan.dropped or (type(row_org) is tuple and row_org[0][0] == "dropped"):
            reason = plan.dropped or row_org[0][1]
            fates[row, col] = "ignored"
            out.tray.ignored[reason] += 1
            return
        value = read_value(cell, plan.facet[:4] == "rank")
        fault = plan.fault
        org = ""
        if plan.indicator:
            chosen = self._org_of(self.heads[col], row_org, plan.indicator)
            if type(chosen) is str:
                org = chosen
            else:
                fault = fault or chosen  # type: ignore[assignment]
        if value.word == "missing" and not value.fault:
            fates[row, col] = "marker"
            if plan.has_key and org and fault is None and self._expects(plan):
                self._observe(cell, plan, org, value, None, None)
            return
        number, digits, asked = self._number(plan, value, cell)
        fault = fault or asked
        hidden = self.hidden.fault_of(cell)
        if hidden is not None:
            if self.hidden.policy == "ignore":
                fates[row, col] = "ignored"
                out.tray.ignored["隐藏的行、列或工作表，按 sources 的规定不读"] += 1
                return
            fault = fault or hidden
        if fault is None:
            fates[row, col] = "kept"
            self._observe(cell, plan, org, value, number, digits)
        else:
            fates[row, col] = "held"
            self._hold(cell, plan, org, value, number, digits, fault)

    def _expects(self, plan: Plan) -> bool:
        """A dash under a facet the indicator is never published with says nothing."""
        return plan.facet in self.out.rulebook.indicators[plan.indicator].facets

    def _number(
        self, plan: Plan, value: Value, cell: Cell
    ) -> tuple[Decimal | None, int | None, _Asked | None]:
        """The value in the plan's unit with its digits, or the question that holds it."""
        if value.fault:
            return None, None, _cell_fault(value.fault, cell)
        if value.number is None or not plan.indicator or not plan.unit:
            return None, None, None
        if cell[4] & Mark.SCALED:
            return None, None, _scaled(cell, plan)
        ratio = plan.ratio
        if value.unit and value.unit != plan.unit_given:
            ratio = self._own_ratio(value.unit, plan.unit)
            if ratio is None:
                return None, None, _foreign_unit(cell, plan, value.unit)
        elif plan.unit_fault is not None:
            return None, None, plan.unit_fault
        assert ratio is not None
        return (*_converted(value.number, value.digits, ratio), None)

    def _own_ratio(self, given: str, wanted: str) -> Decimal | None:
        key = (given, wanted)
        if key not in self._values:
            try:
                self._values[key] = unit_ratio(given, wanted)
            except QuantityError:
                self._values[key] = None
        return self._values[key]

    def _observe(
        self, cell: Cell, plan: Plan, org: str, value: Value, number: Decimal | None,
        digits: int | None, held: bool = False,
    ) -> str:  # fmt: skip
        book = self.out.book
        against = self._against(plan.against, org) if plan.against else None
        obs_id = Observation.make_id(
            plan.indicator, org, plan.period, plan.facet, against, plan.track, book.received
        )
        self.out.tray.observations.append(
            Observation(
                obs_id, plan.indicator, org, plan.period, plan.facet, against, value.n,
                plan.track, book.received, number, digits, value.word, plan.unit,
                value.unit or plan.unit_given, cell[3], book.file, book.sha256,
                self.out.sheet.name, cell_name(cell[0], cell[1]), held,
            )
        )  # fmt: skip
        return obs_id

    def _against(self, level: str, org: str) -> str | None:
        above = (one.id for one in self.out.rulebook.ancestors(org) if one.level == level)
        return next(above, None)

    def _hold(
        self, cell: Cell, plan: Plan, org: str, value: Value, number: Decimal | None,
        digits: int | None, asked: _Asked,
    ) -> None:  # fmt: skip
        key, new = asked
        fault = self.out.faults.ask(key, new)
        if not fault.cell and not fault.cells:
            fault.cell = cell_name(cell[0], cell[1])
        fault.cells += 1
        if plan.has_key and org:
            fault.obs_ids.add(self._observe(cell, plan, org, value, number, digits, held=True))


_WHOLE_TEXT = {"nation": "全国", "province": "全省", "city": "全市", "county": "全县"}


def _plain_fate(role: str) -> str:
    return "label" if role in STUBS or role in PLAIN else "note"


def _converted(number: Decimal, digits: int, ratio: Decimal) -> tuple[Decimal, int]:
    """The number in the wanted unit and its digits there; never fewer than it needs."""
    if ratio != 1:
        with localcontext(EXACT):
            number = number * ratio
            number = number.normalize() if number else Decimal(0)
            if number.as_tuple().exponent > 0:  # type: ignore[operator]
                number = number.quantize(Decimal(1))
        digits -= ratio.adjusted() if ratio.scaleb(-ratio.adjusted()) == 1 else 0
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    if -exponent > SCALE:
        number = cut(number)
        exponent = -SCALE
    return number, max(digits, -exponent, 0)


_CELL_FAULTS = {
    "not_a_number": ("“{text}”不是数", "请在 {cell} 填数；没有数的写“—”，持平写“持平”"),
    "formula_error": ("公式出错，显示为“{text}”", "请改正 {cell} 的公式后重新保存、报送"),
    "no_cached_value": (
        "公式没有存下计算结果",
        "请用办公软件打开该文件，重新计算并保存后报送（或把 {cell} 粘贴为数值）",
    ),
}


def _cell_fault(code: str, cell: Cell) -> _Asked:
    place = cell_name(cell[0], cell[1])
    message, action = _CELL_FAULTS[code]
    return (code, place), Fault(
        code, f"{place}：" + message.format(text=cell[3]), action.format(cell=place), cell=place,
        found=cell[3],
    )  # fmt: skip


def _foreign_unit(cell: Cell, plan: Plan, unit: str) -> _Asked:
    place = cell_name(cell[0], cell[1])
    return ("unknown_unit", place), Fault(
        "unknown_unit",
        f"{place} 写的是“{cell[3]}”，单位“{unit}”不能换算成“{plan.unit}”",
        f"请核对 {place} 的数和单位，改正后重新报送",
        cell=place, indicator=plan.indicator, expected=plan.unit, found=unit,
    )  # fmt: skip


def _scaled(cell: Cell, plan: Plan) -> _Asked:
    """What is seen and what is stored differ by a power of ten: nobody can tell which is meant."""
    place = cell_name(cell[0], cell[1])
    return ("scaled", str(cell[1])), Fault(
        "unknown_unit",
        f"{place} 存的是{cell[2]}，按格式缩小后显示为“{cell[3]}”，不能确定哪一个对应所写的单位",
        "请把单元格格式改为常规后，按所写的单位填数，重新报送",
        cell=place, indicator=plan.indicator, expected=plan.unit, found=cell[3],
        discriminator=str(cell[1]),
    )  # fmt: skip
