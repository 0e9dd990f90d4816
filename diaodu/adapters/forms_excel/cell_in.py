"""One input cell read: a figure, a word, nothing, or why it cannot be taken."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache

from diaodu.adapters.forms_excel.model import CellKey, FilledCell, FormFault, places
from diaodu.adapters.forms_excel.say import fault
from diaodu.engine.collect.sheet import Cell, Mark, cell_name
from diaodu.engine.collect.values import (
    Value,
    converted,
    digits_of,
    power_of_ten,
    read_text,
    read_value,
)
from diaodu.engine.ground.errors import QuantityError
from diaodu.engine.ground.quantity import LARGEST, unit_ratio

_EXACT_DIGITS = 15  # of a number in a cell; a longer one can only be given as text
_SCRIPT = re.compile(r"^\s*[=+\-@].*[(|!]|<\s*[a-z!/]|javascript:", re.IGNORECASE | re.DOTALL)
MISSING = "missing"

Tell = Callable[[FormFault], None]


class InputReader:
    """Reads the inputs of one sheet of a form; what is wrong goes to `tell`."""

    def __init__(self, sheet: str, words: tuple[str, ...], tell: Tell) -> None:
        self._sheet = sheet
        self._tell = tell
        self._words = frozenset(read_text(word).word for word in words) | {MISSING}
        self._known = "，或者" + "、".join(words) if words else ""

    def read(
        self, at: tuple[int, int], cell: Cell | None, key: CellKey, label: str, unit: str,
        most_decimals: int,
    ) -> FilledCell | None:  # fmt: skip
        """The cell; None where something stands in it that cannot be taken."""
        place = cell_name(*at)
        if cell is None or (type(cell.value) is str and not cell.value.strip()):
            return FilledCell(key, self._sheet, place, None, None, None, "", "", unit)
        value = read_value(cell)

        def complain(code: str, **facts: object) -> None:
            self._tell(
                fault(code, sheet=self._sheet, cell=place, label=label, key=key, found=cell.text,
                      wanted=unit, **facts)
            )  # fmt: skip

        if value.fault or value.word:
            return self._no_number(value, cell, key, place, unit, complain)
        return self._number(value, cell, key, place, unit, most_decimals, complain)

    def _no_number(
        self, value: Value, cell: Cell, key: CellKey, place: str, unit: str,
        complain: Callable[..., None],
    ) -> FilledCell | None:  # fmt: skip
        if isinstance(cell.value, date):
            complain("is_date")
        elif type(cell.value) is str and looks_like_script(cell.value):
            complain("script_input")
        elif value.fault:
            complain(value.fault, words=self._known)
        elif value.word not in self._words:
            complain("word_not_allowed", words=self._known)
        else:
            return FilledCell(
                key, self._sheet, place, None, None, value.word, cell.text, value.unit, unit
            )
        return None

    def _number(
        self, value: Value, cell: Cell, key: CellKey, place: str, unit: str, decimals: int,
        complain: Callable[..., None],
    ) -> FilledCell | None:  # fmt: skip
        assert value.number is not None
        if cell.mark & Mark.SCALED:
            complain("shown_smaller", value=_written(value.number))
            return None
        ratio = _ratio(value.unit or unit, unit)
        if ratio is None:
            complain("foreign_unit", unit=value.unit)
            return None
        number, digits = converted(value.number, value.digits, ratio, power_of_ten(ratio))
        if abs(number) >= LARGEST:
            complain("out_of_range")
            return None
        self._remark(value, number, cell, unit, decimals, complain)
        return FilledCell(
            key, self._sheet, place, number, digits, None, cell.text, value.unit or unit, unit
        )

    def _remark(
        self, value: Value, number: Decimal, cell: Cell, unit: str, decimals: int,
        complain: Callable[..., None],
    ) -> None:  # fmt: skip
        """What is to be said of a figure that is taken."""
        if value.unit and value.unit != unit:
            complain("unit_converted", value=_written(number))
        elif cell.mark & Mark.TEXT and len(number.as_tuple().digits) <= _EXACT_DIGITS:
            complain("text_number", value=_written(number))
        if places(number) > decimals:
            shown = "" if places(number) == digits_of(cell.text) else f"；格子里显示为“{cell.text}”"
            is_share = unit == "%" and abs(number) < 1
            hint = f"；要报{_written(number * 100)}%的，请填{_written(number * 100)}"
            complain("many_decimals", value=_written(number), decimals=decimals, shown=shown,
                     hint=hint if is_share else "")  # fmt: skip
        if cell.mark & Mark.HIDDEN:
            complain("hidden_cell")


def looks_like_script(text: str) -> bool:
    """=cmd|'/C calc'!A0, @SUM(…), <script>: harmless as text, but worth a word."""
    return _SCRIPT.search(text) is not None


@lru_cache(maxsize=256)
def _ratio(given: str, wanted: str) -> Decimal | None:
    try:
        return unit_ratio(given, wanted)
    except QuantityError:
        return None


def _written(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
