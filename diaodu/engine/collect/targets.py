"""Target sheets: 指标 | 单位 | 年份 | 层级 | 类型 | 比较 | 目标值 | 计量单位 → Targets.

A 年份 that is part of a year (2023年1—6月) makes a phase target. 对照 says what a place, a mean or
a relative target is held against, where it is not the usual.
"""

from __future__ import annotations

import difflib
import re
from decimal import Decimal, localcontext

from diaodu.engine.collect.faults import Fault, Faults
from diaodu.engine.collect.grid import Grid, words
from diaodu.engine.collect.names import Label, Names
from diaodu.engine.collect.sheet import Cell, Mark, Sheet, Workbook, cell_name
from diaodu.engine.collect.values import read_value
from diaodu.engine.collect.words import NOTE_START, fold
from diaodu.engine.ground.errors import PeriodError, QuantityError
from diaodu.engine.ground.period import parse_period
from diaodu.engine.ground.quantity import EXACT, LARGEST, convert, cut
from diaodu.engine.ground.records import Target
from diaodu.engine.ground.words import COMPARATOR_NAMES, KIND_NAMES, TIER_NAMES
from diaodu.engine.rules.models import Indicator

_NEEDED = ("指标", "单位", "年份", "层级", "类型", "比较", "目标值", "计量单位")
_OPTIONAL = ("容差", "下达单位", "文号", "对照")
_WITHIN_ROWS = 15  # a header farther down is no header of a target sheet
_YEAR = 12
_UNITS = {"growth": "%", "sign": "%", "rank": "位", "not_bottom": "位", "mean": "百分点"}
# What may be written for the number.
_SAID = {
    "yes_no": {"是": Decimal(1)}, "sign": {"由负转正": Decimal(0), "转正": Decimal(0)},
    "mean": {"不低于": Decimal(0)}, "relative": {"不低于": Decimal(0)},
}  # fmt: skip
_COMPARED = ("rank", "not_bottom", "mean", "relative")
_SORTS = {"总量": "level", "增速": "growth"}
_CODES = {
    "层级": {word: code for code, word in TIER_NAMES.items()},
    "类型": {word: code for code, word in KIND_NAMES.items()},
    "比较": {word: code for code, word in COMPARATOR_NAMES.items()},
}


def find_target_header(grid: Grid) -> int | None:
    """The row that holds all the header cells of a target sheet, or None."""
    for row in list(grid.rows)[:_WITHIN_ROWS]:
        present = {fold(str(cell[2])) for cell in grid.texts(row)}
        if all(fold(word) in present for word in _NEEDED):
            return row
    return None


class _BadRow(Exception):
    """A target row that cannot be taken."""

    def __init__(self, cell: Cell | None, code: str, message: str, action: str) -> None:
        self.cell = cell
        self.code = code
        self.message = message
        self.action = action


class TargetSheet:
    """Reads the rows under a target header."""

    def __init__(self, book: Workbook, sheet: Sheet, names: Names, faults: Faults) -> None:
        self.book = book
        self.sheet = sheet
        self.names = names
        self.faults = faults

    def read(
        self, grid: Grid, header: int, fates: dict[tuple[int, int], str], targets: list[Target]
    ) -> None:
        """Fill `fates` for every cell of the sheet and `targets` from the good rows."""
        columns = {
            fold(words(cell)): cell[1]
            for cell in grid.rows[header]
            if fold(words(cell)) in {fold(word) for word in (*_NEEDED, *_OPTIONAL)}
        }
        for row, cells in grid.rows.items():
            if row <= header or self._is_note(cells, columns):
                for cell in cells:
                    fates[row, cell[1]] = "label" if row <= header else "note"
                continue
            self._read_row(grid, row, cells, columns, fates, targets)

    @staticmethod
    def _is_note(cells: list[Cell], columns: dict[str, int]) -> bool:
        figures = (columns["目标值"], columns["计量单位"])
        return bool(NOTE_START.match(fold(words(cells[0])))) or (
            len(cells) == 1 and cells[0][1] not in figures
        )

    def _read_row(
        self, grid: Grid, row: int, cells: list[Cell], columns: dict[str, int],
        fates: dict[tuple[int, int], str], targets: list[Target],
    ) -> None:  # fmt: skip
        known = {col: word for word, col in columns.items()}
        figures = {columns["目标值"], columns.get("容差", -1)}
        for cell in cells:
            col = cell[1]
            fates[row, col] = "kept" if col in figures else "label" if col in known else "note"
        fields = {word: grid.shown(row, col) for word, col in columns.items()}
        try:
            targets.append(self._target(row, fields))
        except _BadRow as bad:
            for cell in cells:
                if cell[1] in figures:
                    fates[row, cell[1]] = "held"
            self._tell(row, bad, columns)

    def _tell(self, row: int, bad: _BadRow, columns: dict[str, int]) -> None:
        place = (
            cell_name(bad.cell[0], bad.cell[1]) if bad.cell else cell_name(row, columns["目标值"])
        )
        self.faults.ask(
            (bad.code, place, bad.message),
            Fault(
                bad.code, f"目标表第{row + 1}行：{bad.message}", bad.action, cell=place,
                found=bad.cell[3] if bad.cell else "", discriminator=bad.message,
            ),
        )  # fmt: skip

    # -- one row -----------------------------------------------------------------------------------
    def _target(self, row: int, fields: dict[str, Cell | None]) -> Target:
        for cell in fields.values():
            if cell is not None and (cell[4] & Mark.HIDDEN or self.sheet.hidden):
                raise _BadRow(
                    cell, "hidden", "该行（或列、工作表）是隐藏的，目标要不要用没有写明",
                    "请取消隐藏后重新报送，或删去该行",
                )  # fmt: skip
        indicator = self.names.rulebook.indicators[self._name(fields, "指标", "indicator")]
        org = self._name(fields, "单位", "org")
        kind = self._code(fields, "类型")
        year, period = self._period(fields, kind)
        tier = self._code(fields, "层级")
        comparator = self._code(fields, "比较")
        unit = self._unit(fields, kind, indicator)
        value, word, text = self._wanted(fields, kind, unit)
        against = self._against(fields, kind)
        issuer = fields.get("下达单位")
        document = fields.get("文号")
        cell = fields["目标值"]
        assert cell is not None
        book = self.book
        return Target(
            Target.make_id(
                indicator.id, org, year, tier, kind, book.received, period, against
            ),
            indicator.id, org, year, tier, kind, comparator, value,
            self._tolerance(fields, unit), unit, word,
            words(issuer).strip() if issuer else "", words(document).strip() if document else "",
            book.received, book.file, book.sha256, self.sheet.name, cell_name(row, cell[1]),
            period, against, text,
        )  # fmt: skip

    def _unit(self, fields: dict[str, Cell | None], kind: str, indicator: Indicator) -> str:
        if kind == "relative":
            given = fields.get("计量单位")
            return "倍" if given is not None and fold(words(given)) == "倍" else "百分点"
        return _UNITS.get(kind, indicator.unit)

    def _wanted(
        self, fields: dict[str, Cell | None], kind: str, unit: str
    ) -> tuple[Decimal | None, str | None, str]:
        """Value, word, and the words of a qualitative target."""
        cell = self._needed(fields, "目标值")
        said = fold(words(cell))
        if kind == "qualitative":
            return None, None, words(cell).strip()
        if said in _SAID.get(kind, {}):
            return _SAID[kind][said], None, ""
        return *self._value(fields, unit), ""

    def _against(self, fields: dict[str, Cell | None], kind: str) -> str:
        """对照 as ids: of a place 总量 or 增速 or a group, of a mean an org above or a group, of a
        relative target an indicator, an org, or both with | between them."""
        cell = fields.get("对照")
        text = "" if cell is None else words(cell).strip()
        if not text:
            return ""
        if kind not in _COMPARED:
            named = "、".join(KIND_NAMES[one] for one in _COMPARED)
            raise _BadRow(
                cell, "unknown_layout", f"{KIND_NAMES[kind]}目标不用写对照，写的是“{text}”",
                f"删去；对照只用于{named}目标",
            )  # fmt: skip
        if kind == "relative":
            return self._reference(cell, text)
        parts = [_SORTS.get(part, part) for part in text.split("|")]
        if kind == "mean" and "/" not in text and text not in self._groups:
            return self._named(cell, text, "org")
        return "|".join(parts)

    @property
    def _groups(self) -> set[str]:
        return {one for org in self.names.rulebook.orgs.values() for one in org.groups}

    def _reference(self, cell: Cell | None, text: str) -> str:
        what, bar, who = (part.strip() for part in text.partition("|"))
        if bar:
            indicator = self._named(cell, what, "indicator") if what else ""
            return f"{indicator}|{self._named(cell, who, 'org')}" if who else indicator
        if self.names.label(text).indicators:
            return self._named(cell, text, "indicator")
        return f"|{self._named(cell, text, 'org')}"

    def _name(self, fields: dict[str, Cell | None], word: str, kind: str) -> str:
        cell = self._needed(fields, word)
        return self._named(cell, words(cell), kind)

    def _named(self, cell: Cell | None, text: str, kind: str) -> str:
        label = self.names.label(text)
        found = label.indicators if kind == "indicator" else label.orgs or self._whole(label)
        if label.rest or not found:
            near = self.names.suggest(text, "indicator" if kind == "indicator" else "org")
            hint = f"，是不是“{near}”" if near else ""
            raise _BadRow(
                cell, f"unknown_{kind}", f"“{text}”在规则库里找不到{hint}",
                f"请改用规则库里的名称，或把这种写法加进 {kind}s 里的 aliases",
            )  # fmt: skip
        if len(found) > 1:
            listed = "、".join(found)
            raise _BadRow(
                cell, "ambiguous_name", f"“{text}”可能是：{listed}，不能确定是哪一个",
                "请写全称或编号",
            )  # fmt: skip
        return found[0]

    def _whole(self, label: Label) -> tuple[str, ...]:
        return self.names.whole_of(label.whole) if label.whole else ()

    def _needed(self, fields: dict[str, Cell | None], word: str) -> Cell:
        cell = fields[fold(word)]
        if cell is None:
            raise _BadRow(None, "unknown_layout", f"“{word}”没有填", f"请填写“{word}”")
        return cell

    def _period(self, fields: dict[str, Cell | None], kind: str) -> tuple[int, str]:
        """The year, and the id of the period of a phase target; "" for the year as a whole."""
        cell = self._needed(fields, "年份")
        match = re.fullmatch(r"((?:19|20)\d\d)(?:年|年度)?", fold(words(cell)))
        if match is not None:
            return int(match.group(1)), ""
        try:
            period = parse_period(words(cell))
        except PeriodError:
            raise _BadRow(
                cell, "ambiguous_period", f"年份“{cell[3]}”看不懂",
                "请写四位年份，如 2023；阶段任务写到哪个月为止，如 2023年1—6月",
            ) from None  # fmt: skip
        if not (period.is_cumulative and period.is_whole_months) or kind != "level":
            raise _BadRow(
                cell, "ambiguous_period", f"“{cell[3]}”不能作{KIND_NAMES[kind]}目标的期限",
                "只有总量目标有阶段任务，写从1月到哪个月为止，如 2023年1—6月",
            )  # fmt: skip
        return period.year, "" if period.month == _YEAR else period.id

    def _code(self, fields: dict[str, Cell | None], word: str) -> str:
        cell = self._needed(fields, word)
        codes = _CODES[word]
        text = fold(words(cell))
        if text not in codes:
            near = difflib.get_close_matches(text, codes, n=1, cutoff=0.5)
            hint = f"，是不是“{near[0]}”" if near else ""
            raise _BadRow(
                cell, "ambiguous_name", f"{word}“{cell[3]}”不在{'、'.join(codes)}之内{hint}",
                f"请把“{word}”改成其中之一",
            )  # fmt: skip
        return codes[text]

    def _value(
        self, fields: dict[str, Cell | None], unit: str
    ) -> tuple[Decimal | None, str | None]:
        cell = self._needed(fields, "目标值")
        if fold(words(cell)) in ("未下达", "未下达任务"):
            return None, "no_target"
        return self._number(cell, fields, unit), None

    def _tolerance(self, fields: dict[str, Cell | None], unit: str) -> Decimal | None:
        cell = fields.get("容差")
        if cell is None or read_value(cell).word == "missing":
            return None
        return self._number(cell, fields, unit)

    def _number(self, cell: Cell, fields: dict[str, Cell | None], unit: str) -> Decimal:
        value = read_value(cell)
        if value.number is None:
            code = value.fault or "not_a_number"
            raise _BadRow(cell, code, f"“{cell[3]}”不是数", "请填数；还没有下达的写“未下达”")
        given = value.unit
        if not given:
            given_cell = self._needed(fields, "计量单位")
            given = fold(words(given_cell)).strip("()")
        try:
            with localcontext(EXACT):
                number = convert(value.number, given, unit)
        except QuantityError as error:
            raise _BadRow(
                cell, "unknown_unit", str(error), f"请把“计量单位”写成能换算成“{unit}”的单位"
            ) from error
        if abs(number) >= LARGEST:
            raise _BadRow(
                cell, "out_of_range", f"目标值“{cell[3][:40]}”大得不可能", "请核对目标值和计量单位"
            )
        with localcontext(EXACT):
            number = cut(number).normalize()
            whole = number == number.to_integral_value()
            return number.quantize(Decimal(1)) if whole else number
