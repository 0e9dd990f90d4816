"""The axes of a block: what each column is for, what each column head and each row stub says."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from diaodu.engine.collect.grid import Block, Grid, is_year_cell, kind, words
from diaodu.engine.collect.names import NOTHING, Label, Names, combine
from diaodu.engine.collect.sheet import Cell
from diaodu.engine.collect.sources import DIMENSIONS, ignored_for, same_text
from diaodu.engine.collect.words import SCOPE
from diaodu.engine.rules.models import Place, Source

STUBS = frozenset(("indicator", "org", "period", "year", "month", "facet", "track", "unit", "code"))
PLAIN = frozenset(("serial", "skip"))
_SAYS_ORGS = ("org", "org_or_unit", "names")


@dataclass(slots=True)
class Tally:
    """What the cells of one column are, over the rows with figures."""

    numbers: int = 0
    years: int = 0
    marks: int = 0
    dates: int = 0
    texts: Counter[str] = field(default_factory=Counter)

    @property
    def text_count(self) -> int:
        return sum(self.texts.values())


@dataclass(slots=True)
class Segment:
    """Stub columns and the figure columns they speak for."""

    stubs: dict[int, str] = field(default_factory=dict)  # col → role
    figures: list[int] = field(default_factory=list)


class Axes:
    """Roles of the columns of a block and the labels of heads and stubs.

    Source entries win: a column or row they name has exactly the dimension they give it.
    """

    def __init__(
        self, grid: Grid, block: Block, names: Names, source: Source | None, year: int | None,
        has_indicator: bool,
    ) -> None:  # fmt: skip
        self.grid = grid
        self.block = block
        self.names = names
        self.source = source
        self.year = year
        self.has_indicator = has_indicator  # the title says what the figures are of
        self._merged_rows = {row for row, _ in grid.covered}
        self.header_rows = self._settle_headers()
        self._skipped_rows = {row for row in self.header_rows if self._is_skipped(row)}
        self.tallies = self._tally()
        self.roles = self._assign()
        self.segments = self._segment()
        self.banners = self._find_banners()
        self.year_blocks = self._find_year_blocks()
        self.heads = {col: self._head(col) for seg in self.segments for col in seg.figures}

    # -- texts ---------------------------------------------------------------------------------
    def read(self, cell: Cell, year: int | None = None, role: str = "") -> Label:
        """The label of a cell, renamed as the source says; only the given dimension of it."""
        text = words(cell)
        source = self.source
        reason = ignored_for(source, text)
        if reason:
            return Label(text=text, dropped=reason)
        if source is not None:
            for printed, meant in source.rename.items():
                if same_text(printed, text):
                    return self._renamed(text, meant)._replace(text=text)
        if role in ("org", "code", "indicator", "unit"):
            return self._only(text, role)
        return self.names.label(text, year or self.year)

    def _renamed(self, text: str, meant: str) -> Label:
        """A text that is understood in full keeps what it says beside the indicator's name:
        工业增加值同比增长(%) for another indicator is still its growth in percent."""
        said = self.names.label(text, self.year)
        if meant in self.names.rulebook.indicators and said.indicators and not said.rest:
            return said._replace(indicators=(meant,))
        return self._named(meant)

    def _named(self, meant: str) -> Label:
        """What a rename leads to: an id first, else a text that is read as if printed."""
        if meant in self.names.rulebook.indicators:
            return Label(indicators=(meant,))
        if meant in self.names.rulebook.orgs:
            return Label(orgs=(meant,))
        return self.names.label(meant, self.year)

    def _only(self, text: str, role: str) -> Label:
        """In a column of orgs 镇 is an org or unknown, never an indicator of that name."""
        names = self.names
        if role == "code" or (role == "org" and text.strip() in names.codes):
            return Label(text=text, orgs=names.codes.get(text.strip(), ()))
        label = names.label(text, self.year)
        if role == "unit" and label.rest and not label.says_something:
            return Label(text=text, units=(text.strip(),))  # no unit of the house: it is told so
        if role == "org" and (label.indicators or not (label.orgs or label.whole)):
            dropped = label.dropped if not label.indicators else ""
            rest = "" if dropped else text
            return Label(text=text, rest=rest, unread=rest, dropped=dropped)
        if role == "indicator" and not label.indicators:
            if label.about_figures or label.whole:
                return label
            return Label(text=text, rest=label.rest or text, unread=text, dropped=label.dropped)
        return label

    # -- header rows -----------------------------------------------------------------------------
    def _settle_headers(self) -> list[int]:
        """A blank row of the table (stub texts only, known orgs) is no header."""
        headers = self.block.headers
        if len(headers) < 2:
            return list(headers)
        kept = [headers[0]]
        for row in headers[1:]:
            cells = self.grid.rows[row]
            over_figures = any(cell[1] in self.block.figure_cols for cell in cells)
            if over_figures or not self.block.figure_cols:
                kept.append(row)
        return kept

    def header_cell(self, row: int, col: int) -> Cell | None:
        """The header seen over a column; where a table has no merges, an upper header stands
        for the blank cells to its right that have a header below."""
        cell = self.grid.shown(row, col)
        if cell is not None or row == self.header_rows[-1] or row in self._merged_rows:
            return cell
        if self.grid.shown(self.header_rows[-1], col) is None:
            return None
        left = next((cell for cell in reversed(self.grid.rows[row]) if cell[1] < col), None)
        return left if left is not None and left[1] in self.block.figure_cols else None

    # -- roles -----------------------------------------------------------------------------------
    def _tally(self) -> dict[int, Tally]:
        tallies: defaultdict[int, Tally] = defaultdict(Tally)
        grid, covered = self.grid, self.grid.covered
        for shape, count in Counter(map(grid.shapes.__getitem__, self.block.rows)).items():
            for col, one in zip(shape.cols, shape.types, strict=True):
                tallies[col].numbers += count if one is Decimal else 0
        for row in self.block.rows:
            cells = grid.rows[row]
            for at in grid.shapes[row].others:
                cell = cells[at]
                tally, what = tallies[cell[1]], kind(cell)
                if what == "number":
                    tally.numbers += 1
                elif what == "mark":
                    tally.marks += 1
                elif what == "date":
                    tally.dates += 1
                else:
                    tally.texts[words(cell)] += 1
        if covered:
            rows = set(self.block.rows)
            for (row, col), cell in covered.items():
                if row in rows and self.grid.at(row, col) is None and kind(cell) == "text":
                    tallies[col].texts[words(cell)] += 1
        return dict(tallies)

    def _assign(self) -> dict[int, str]:
        roles: dict[int, str] = {}
        for col in sorted(self.tallies):
            roles[col] = self._role(col)
        self.passed_over = self._pass_over(roles)
        self._give_way(roles)
        unknown = [col for col in sorted(roles) if roles[col] == "names"]
        if unknown:
            self._settle_names(roles, unknown)
        return roles

    def _pass_over(self, roles: dict[int, str]) -> dict[int, str]:
        """Columns of texts whose header the source ignores: they say nothing of the rows.

        By column the reason; figures under such a header are passed over by their label.
        """
        reasons: dict[int, str] = {}
        for col, role in roles.items():
            reason = "" if role == "figure" else self._ignored(col)
            if reason:
                roles[col] = "ignored"
                reasons[col] = reason
        return reasons

    def _ignored(self, col: int) -> str:
        for row in self.header_rows:
            cell = self.grid.shown(row, col)
            reason = ignored_for(self.source, words(cell)) if cell is not None else ""
            if reason:
                return reason
        return ""

    def _give_way(self, roles: dict[int, str]) -> None:
        """Where a source names the column of a dimension, others of that sort only remark.

        Other columns of orgs stay: province and city beside a county tell namesakes apart.
        """
        self.declared = {col: forced for col in roles if (forced := self._forced(col))}
        for col, role in roles.items():
            if role != "org" and role in self.declared.values() and col not in self.declared:
                roles[col] = "note"

    def _forced(self, col: int) -> str:
        if self.source is None:
            return ""
        for dimension in DIMENSIONS:
            place: Place | None = getattr(self.source, dimension)
            if place is not None and place.column is not None:
                for row in self.header_rows:
                    cell = self.grid.shown(row, col)
                    if cell is not None and same_text(place.column, words(cell)):
                        return dimension
        return ""

    def _role(self, col: int) -> str:
        forced = self._forced(col)
        if forced:
            return forced
        tally = self.tallies[col]
        heading = self._heading_dimension(col)
        if heading in ("skip", "note"):
            return heading
        content = self._content_role(tally.texts) if tally.text_count else ""
        if heading and self._agrees(heading, content, tally):
            return self._headed_role(col, heading, content)
        figures = tally.numbers + tally.marks
        if tally.dates > figures and tally.dates > tally.text_count:
            return "period"
        if heading == "serial" and figures >= tally.text_count:
            return heading  # 合计 under 序号 makes no figures of the numbers above it
        if tally.text_count > figures:
            return "figure" if content == "names" and self._heads_figures(col) else content
        if not tally.marks and self._all_years(col) and not self._is_headed(col):
            return "period"
        may_say_orgs = heading in _SAYS_ORGS or not self._is_headed(col)
        return "code" if may_say_orgs and self._all_codes(col) else "figure"

    def _agrees(self, heading: str, content: str, tally: Tally) -> bool:
        """Whether a column holds what its heading says; what it holds wins over the heading.

        A heading of several rows may say two things (Area over Unit), and 单位 means both.
        """
        if heading in ("org", "indicator", "names", "org_or_unit") and not tally.text_count:
            return False
        if content in ("", "names", heading):
            return heading != "names"
        if heading == "org_or_unit":
            return content in ("org", "unit")
        if heading in ("year", "month"):
            return content == "period"
        if heading == "org":
            named = sum(bool(self._org_label(text)) for text in tally.texts)
            return named * 2 >= len(tally.texts)
        return False

    def _org_label(self, text: str) -> bool:
        label = self.names.label(text, self.year)
        return bool((label.orgs or label.whole) and not label.rest)

    def _headed_role(self, col: int, heading: str, content: str) -> str:
        if heading in ("period", "year", "month"):
            return self._period_role(col, heading)
        if heading == "org_or_unit":
            return "unit" if content == "unit" else "org"
        return heading

    def _period_role(self, col: int, heading: str) -> str:
        cells = [self.grid.at(row, col) for row in self.block.rows]
        small = all(
            cell is None or (words(cell).isdecimal() and int(words(cell)) <= 12) for cell in cells
        )
        if heading == "month" and not small:
            return "period"
        if heading == "year" and not self._has_month_column():
            return "period"
        return heading

    def _has_month_column(self) -> bool:
        return any(self._heading_dimension(col) == "month" for col in self.tallies)

    def _heading_dimension(self, col: int) -> str:
        dimension = ""
        for row in self.header_rows:
            cell = self.grid.shown(row, col)
            if cell is None or row in self._skipped_rows:
                continue
            label = self.names.label(words(cell), self.year)
            if label.dimension and not label.rest:
                dimension = label.dimension
        return dimension

    def _heads_figures(self, col: int) -> bool:
        """Whether the head next to the rows says an indicator or a sort of figure, so that texts
        under it are figures that somebody could not give; a unit alone may head a stub."""
        cells = [self.grid.shown(row, col) for row in self.header_rows]
        present = [cell for cell in cells if cell is not None]
        if not present:
            return False
        label = self.read(present[-1])
        if label.rest or label.dimension or label.dropped:
            return False
        is_stub = col == min(self.tallies)
        return bool(label.facet or label.indicators or (label.units and not is_stub))

    def names_its_numbers(self, col: int) -> bool:
        """Whether the heading says that the numbers under it number, code or date the rows."""
        return self._heading_dimension(col) in ("serial", "code", "period", "year", "month")

    def _is_headed(self, col: int) -> bool:
        return any(self.grid.shown(row, col) is not None for row in self.header_rows)

    def _all_years(self, col: int) -> bool:
        count = 0
        for row in self.block.rows:
            cell = self.grid.at(row, col)
            if cell is not None:
                if not is_year_cell(cell):
                    return False
                count += 1
        return count > 1

    def _all_codes(self, col: int) -> bool:
        cells = [self.grid.at(row, col) for row in self.block.rows]
        present = [cell for cell in cells if cell is not None]
        return bool(present) and all(words(cell) in self.names.codes for cell in present)

    def _content_role(self, texts: Iterable[str]) -> str:
        seen: Counter[str] = Counter()
        for text in texts:
            label = self.names.label(text, self.year)
            if label.rest:
                continue
            if label.indicators:
                seen["indicator"] += 1
            elif label.orgs or label.whole:
                seen["org"] += 1
            elif label.periods or label.yearless or label.part:
                seen["period"] += 1
            elif label.units and not label.facet:
                seen["unit"] += 1
            elif label.track:
                seen["track"] += 1
            elif label.about_figures:
                seen["facet"] += 1
        if not seen:
            return "names"
        order = ("indicator", "org", "period", "unit", "track", "facet")
        return max(order, key=lambda role: (seen[role], -order.index(role)))

    def _settle_names(self, roles: dict[int, str], unknown: list[int]) -> None:
        """A text column nobody knows: the missing stub where rows could not be told apart
        without it (it is then asked about), else remarks."""
        first_figure = min((col for col in roles if roles[col] == "figure"), default=0)
        for col in unknown:
            needed = col < first_figure and not self._rows_differ(roles)
            if not needed:
                roles[col] = "note"
                continue
            heads = [self._plain_head(other) for other in roles if roles[other] == "figure"]
            known = (
                self.has_indicator
                or "indicator" in roles.values()
                or any(head.indicators for head in heads)
            )
            roles[col] = "org" if known else "indicator"

    def _rows_differ(self, roles: dict[int, str]) -> bool:
        """Whether the stubs known so far tell every row of figures from every other."""
        cols = [col for col in roles if roles[col] in STUBS and roles[col] != "unit"]
        if not cols:
            return False
        seen: set[tuple[str, ...]] = set()
        for row in self.block.rows:
            cells = [self.grid.shown(row, col) for col in cols]
            key = tuple(words(cell) if cell is not None else "" for cell in cells)
            if key in seen:
                return False
            seen.add(key)
        return True

    def _plain_head(self, col: int) -> Label:
        label = NOTHING
        for row in self.header_rows:
            cell = self.grid.shown(row, col)
            if cell is not None:
                label = combine(label, self.read(cell))
        return label

    # -- segments ----------------------------------------------------------------------------------
    def _segment(self) -> list[Segment]:
        segments = [Segment()]
        for col in sorted(self.roles):
            role = self.roles[col]
            current = segments[-1]
            if role == "figure":
                current.figures.append(col)
            elif role in STUBS:
                repeats = role in ("indicator", "org") and role in current.stubs.values()
                if current.figures and repeats:
                    segments.append(current := Segment())
                current.stubs[col] = role
        return segments

    # -- labels ------------------------------------------------------------------------------------
    def _head(self, col: int) -> Label:
        """What the header cells over a column say together, from top to bottom."""
        year = self.year
        labels: list[Label] = []
        block = 0
        for cell in self._chain(col):
            if cell in self.banners:
                continue
            label = self._read_head(cell, year)
            if cell in self.year_blocks:
                block = label.periods[0].period.year
            if len(label.periods) == 1 and not label.rest:
                year = label.periods[0].period.year
            labels.append(label)
        if any(label.periods and not _is_year(label) for label in labels):
            labels = [
                label._replace(periods=()) if label.periods and _is_year(label) else label
                for label in labels
            ]
        whole = NOTHING
        for label in labels:
            whole = combine(whole, label)
        if block:
            is_bare = bool(whole.periods) and _is_year(whole)
            whole = whole._replace(block=block, periods=() if is_bare else whole.periods)
        return whole

    def _find_year_blocks(self) -> frozenset[Cell]:
        """2022年 | 2023年, each over columns of its own: the year alone, whose months the columns
        or the title say."""
        if len(self.header_rows) < 2:
            return frozenset()
        over: dict[Cell, set[int]] = {}
        for col in (col for seg in self.segments for col in seg.figures):
            for cell in self._chain(col)[:-1]:
                label = self._read_head(cell, self.year)
                is_plain = label.periods and _is_year(label) and "全年" not in label.text
                if is_plain and not (label.rest or label.about_figures or label.indicators):
                    over.setdefault(cell, set()).add(col)
        return frozenset(cell for cell, cols in over.items() if len(cols) > 1)

    def _chain(self, col: int) -> list[Cell]:
        """The header cells seen over a column, from top to bottom, each once."""
        chain: list[Cell] = []
        for row in self.header_rows:
            cell = self.header_cell(row, col)
            if cell is not None and cell not in chain:
                chain.append(cell)
        return chain

    def _find_banners(self) -> frozenset[Cell]:
        """投资与财政 over 固投 and 财政收入: an unknown text over several columns, each with an
        indicator of its own below, groups them and says nothing of the figures.

        Not where the orgs are not in the rows, for it may name one; nor where the same indicator
        stands outside as well, for then it tells the two apart; nor where it may say that these
        are no figures of this period and scope.
        """
        has_orgs = any("org" in seg.stubs.values() for seg in self.segments)
        if not has_orgs or len(self.header_rows) < 2:
            return frozenset()
        under: dict[Cell, list[int]] = {}
        subjects: dict[int, tuple[str, ...]] = {}
        for col in (col for seg in self.segments for col in seg.figures):
            chain = self._chain(col)
            labels = [self._read_head(cell, self.year) for cell in chain]
            subjects[col] = next((one.indicators for one in labels if one.indicators), ())
            for at, label in enumerate(labels):
                below = labels[at + 1 :]
                plain = not any(one.rest for one in below)
                if self._may_group(label) and plain and any(one.indicators for one in below):
                    under.setdefault(chain[at], []).append(col)
        return frozenset(cell for cell, cols in under.items() if self._groups(cell, cols, subjects))

    @staticmethod
    def _may_group(label: Label) -> bool:
        return bool(label.rest) and not label.says_something and not SCOPE.search(label.text)

    def _groups(self, cell: Cell, cols: list[int], subjects: dict[int, tuple[str, ...]]) -> bool:
        over = [col for col in subjects if cell in self._chain(col)]
        inside = {subjects[col] for col in over}
        outside = {subject for col, subject in subjects.items() if col not in over}
        return len(over) > 1 and len(over) == len(cols) and not inside & outside

    def _read_head(self, cell: Cell, year: int | None) -> Label:
        role = self._row_role(cell[0])
        if role == "skip":
            return NOTHING
        return self.read(cell, year, role)

    def _row_role(self, row: int) -> str:
        """A header row whose first cell names a dimension (地区, 频度, 单位) is of that only."""
        first = self.grid.rows[row][0]
        if self.roles.get(first[1]) == "figure":
            return ""
        if self.source is not None:
            for dimension in DIMENSIONS:
                place: Place | None = getattr(self.source, dimension)
                if place is not None and place.row and same_text(place.row, words(first)):
                    return dimension
        return "skip" if row in self._skipped_rows else ""

    def _is_skipped(self, row: int) -> bool:
        label = self.names.label(words(self.grid.rows[row][0]), self.year)
        return label.dimension == "skip" and not label.rest

    def stub(self, segment: Segment, row: int) -> tuple[Label, dict[int, Label]]:
        """What the stub cells beside a row say together, and each stub column's own label."""
        said: dict[int, Label] = {}
        year_cell = month_cell = ""
        for col, role in segment.stubs.items():
            cell = self.grid.shown(row, col)
            if cell is None:
                continue
            if role == "year":
                year_cell = words(cell)
            elif role == "month":
                month_cell = words(cell)
            else:
                said[col] = self.read(cell, role=role)
        if year_cell or month_cell:
            year = f"{year_cell}年" if year_cell.isdecimal() else year_cell
            month = f"{month_cell}月" if month_cell.isdecimal() else month_cell
            said[-1] = self.names.label(year + month, self.year)
        whole = NOTHING
        for col, label in said.items():
            if segment.stubs.get(col) in ("org", "code"):
                continue
            whole = combine(whole, label)
        return whole, said


def _is_year(label: Label) -> bool:
    return all(written.period.months == 12 for written in label.periods)
