"""What is typed or pasted into the grid, read: digits with a unit, 未下达, or why it is neither."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from diaodu.engine.ground.errors import QuantityError
from diaodu.engine.ground.quantity import LARGEST, SCALE, convert, read_number
from diaodu.engine.ground.words import MEASURE_WORD_NAMES
from diaodu.web.targets.queries.columns import WHOLE

NO_TARGET = "no_target"
NO_TARGET_NAME = MEASURE_WORD_NAMES[NO_TARGET]
_BESIDE = ("mean", "relative")
_COUNTED = ("rank", "not_bottom")
TIMES = "倍"
_NO_LESS = ("不低于", "不低", "不高于")  # of a mean or another one: by nothing


class Read(NamedTuple):
    """A number, a word, neither (the cell is emptied), or a fault in words. `unit`: where it is
    another than the kind's; `against`: of the cell of 对照."""

    value: Decimal | None = None
    word: str | None = None
    fault: str = ""
    unit: str = ""
    against: str = ""


def read_cell(text: str, unit: str, kind: str, column: str) -> Read:
    """`unit`: the one that a number without any is in."""
    said = text.strip()
    if not said:
        return Read()
    if said in (NO_TARGET_NAME, "未下达任务"):
        if column == WHOLE:
            return Read(word=NO_TARGET)
        return Read(fault="“未下达”只能写在全年一栏；这个月没有任务就空着")
    if kind in _BESIDE and said in _NO_LESS:
        return Read(value=Decimal(0))
    printed = read_number(said)
    if printed is None:
        return Read(fault=f"“{_short(said)}”不是数；请填数，全年没有下达的填“未下达”")
    if kind == "relative" and printed.unit == TIMES:
        if column != WHOLE:
            return Read(fault="几倍只写在全年一栏；这个月的清空")
        return _fitting(printed.value, said, kind)._replace(unit=TIMES)
    try:
        value = convert(printed.value, printed.unit, unit) if printed.unit else printed.value
    except QuantityError:
        return Read(fault=f"“{_short(said)}”的计量单位不能换算成{unit}；请只填以{unit}为单位的数")
    return _fitting(value, said, kind)


def _fitting(value: Decimal, said: str, kind: str) -> Read:
    if abs(value) >= LARGEST or int(value.normalize().as_tuple().exponent) < -SCALE:
        told = f"最多{SCALE}位小数，整数部分不到{len(f'{LARGEST:f}')}位"
        return Read(fault=f"“{_short(said)}”存不下：{told}；请核对数和计量单位")
    if kind in _COUNTED and (value != value.to_integral_value() or value < 1):
        return Read(fault=f"“{_short(said)}”不是名次；请填1以上的整数")
    return Read(value=value)


def _short(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:20]}……"


def digits(value: Decimal) -> str:
    """As they are kept in a cell: no exponent."""
    return f"{value:f}"


class Block(NamedTuple):
    """A block copied from a table: its lines of cells. `wide`: of the longest."""

    lines: tuple[tuple[str, ...], ...]

    @property
    def wide(self) -> int:
        return max((len(line) for line in self.lines), default=0)


def read_block(text: str) -> Block:
    """Lines and tabs, as Excel and WPS copy them; a cell that holds a line break or a tab stands in
    quotes, and a quote in it is doubled."""
    lines: list[tuple[str, ...]] = []
    cells: list[str] = []
    cell, quoted, at = "", False, 0
    while at < len(text):
        sign = text[at]
        if quoted:
            if sign != '"':
                cell += sign
            elif text[at + 1 : at + 2] == '"':
                cell, at = cell + '"', at + 1
            else:
                quoted = False
        elif sign == '"' and not cell:
            quoted = True
        elif sign == "\t":
            cells.append(cell)
            cell = ""
        elif sign == "\n":
            lines.append((*cells, cell))
            cells, cell = [], ""
        elif sign != "\r":
            cell += sign
        at += 1
    if cell or cells:
        lines.append((*cells, cell))
    return Block(tuple(lines))


def listed(names: Sequence[str], most: int = 3) -> str:
    """甲、乙、丙等5个"""
    shown = "、".join(names[:most])
    return shown if len(names) <= most else f"{shown}等{len(names)}个"
