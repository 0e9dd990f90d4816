"""The questions that a single cell raises."""

from __future__ import annotations

from diaodu.engine.collect.faults import Asked, Fault
from diaodu.engine.collect.sheet import Cell, cell_name

_TEXTS = {
    "not_a_number": ("“{text}”不是数", "请在 {cell} 填数；没有数的写“—”，持平写“持平”"),
    "open_sign": (
        "“{text}”没有写明是升还是降，或不是这一列的数",
        "请在 {cell} 填数，升为正、降为负，不用文字和符号表示，重新报送",
    ),
    "formula_error": ("公式出错，显示为“{text}”", "请改正 {cell} 的公式后重新保存、报送"),
    "no_cached_value": (
        "公式没有存下计算结果",
        "请用办公软件打开该文件，重新计算并保存后报送（或把 {cell} 粘贴为数值）",
    ),
}


def unreadable(code: str, cell: Cell) -> Asked:
    """A cell whose value cannot be taken: not_a_number, formula_error, no_cached_value, or
    open_sign, which is no number either."""
    place = cell_name(cell[0], cell[1])
    message, action = _TEXTS[code]
    code = "not_a_number" if code == "open_sign" else code
    return (code, place), Fault(
        code, f"{place}：" + message.format(text=cell[3]), action.format(cell=place), cell=place,
        found=cell[3],
    )  # fmt: skip


def giant(cell: Cell, indicator: str, wanted: str) -> Asked:
    """A number beyond what can be computed with exactly: nothing an office counts is as large."""
    place = cell_name(cell[0], cell[1])
    return ("out_of_range", place), Fault(
        "out_of_range",
        f"{place} 的数折合一百万亿{wanted}以上，大得不可能",
        f"请核对 {place} 的数和计量单位，改正后重新报送",
        cell=place, indicator=indicator, expected=f"小于一百万亿{wanted}", found=cell[3][:40],
    )  # fmt: skip


def foreign_unit(cell: Cell, indicator: str, unit: str, wanted: str) -> Asked:
    """A unit printed in the cell itself that does not measure the same thing."""
    place = cell_name(cell[0], cell[1])
    return ("unknown_unit", place), Fault(
        "unknown_unit",
        f"{place} 写的是“{cell[3]}”，单位“{unit}”不能换算成“{wanted}”",
        f"请核对 {place} 的数和单位，改正后重新报送",
        cell=place, indicator=indicator, expected=wanted, found=unit,
    )  # fmt: skip


def shown_smaller(cell: Cell, indicator: str, wanted: str) -> Asked:
    """What is seen and what is stored differ by a power of ten: nobody can tell which is meant.

    Asked once per column, as number formats are set by columns.
    """
    place = cell_name(cell[0], cell[1])
    return ("shown_smaller", str(cell[1])), Fault(
        "unknown_unit",
        f"{place} 存的是{cell[2]}，按格式缩小后显示为“{cell[3]}”，不能确定哪一个对应所写的单位",
        "请把单元格格式改为常规后，按所写的单位填数，重新报送",
        cell=place, indicator=indicator, expected=wanted, found=cell[3],
        discriminator=f"column {cell[1]}",
    )  # fmt: skip
