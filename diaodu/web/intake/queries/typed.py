"""What a text typed in a cell says: a figure in the indicator's unit, or why it cannot be taken."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from diaodu.engine.collect.values import Value, converted, power_of_ten, read_rank, read_text
from diaodu.engine.ground.errors import QuantityError
from diaodu.engine.ground.quantity import LARGEST, SCALE, unit_ratio
from diaodu.web.intake.queries.forms import Row

LONGEST = 60
NIL = "nil"
FLAT = "flat"
_MAY_BE_FLAT = ("growth", "change_pp", "gap")
_RANKS = ("rank_level", "rank_growth")


@dataclass(frozen=True)
class Typed:
    """`given` as typed; a value, or a word (nil: there is none; flat: 持平), or a fault in plain
    words. All empty: the cell was cleared."""

    given: str
    value: Decimal | None = None
    decimals: int | None = None
    word: str = ""
    fault: str = ""


def read_typed(row: Row, facet: str, text: str) -> Typed:
    """Nothing is guessed: what is no figure stays as typed, with its fault beside it."""
    given = text.strip()
    if not given:
        return Typed("")
    if len(given) > LONGEST:
        return Typed(given[:LONGEST], fault=f"这一格最多{LONGEST}个字，请只填数")
    read = read_rank(given) if facet in _RANKS else read_text(given)
    if read.fault:
        return Typed(given, fault=f"“{_shortened(given)}”不是数，请只填数字")
    if read.word == NIL or (read.word == FLAT and facet in _MAY_BE_FLAT):
        return Typed(given, word=read.word)
    if read.number is None:
        return Typed(given, fault=_WORDS)
    return _in_unit(row, facet, given, read)


_WORDS = "要填数。本期确实没有这项数的，填“无”并选原因；还没有数的先空着"


def _shortened(text: str) -> str:
    return text if len(text) <= 16 else f"{text[:16]}…"


def _in_unit(row: Row, facet: str, given: str, read: Value) -> Typed:
    """Converted by the unit typed behind the number, if there is one."""
    assert read.number is not None
    wanted = row.unit(facet)
    if read.unit == "%" and wanted == "百分点":
        return Typed(given, fault="这里填百分点，不要带%")
    try:
        ratio = Decimal(1) if not read.unit else unit_ratio(read.unit, wanted)
    except QuantityError:
        return Typed(given, fault=f"这一格按{wanted}填，“{read.unit}”换算不过来")
    power = power_of_ten(ratio)
    value, decimals = converted(read.number, read.digits, ratio, power)
    if abs(value) >= LARGEST:
        return Typed(given, fault="数太大，请核对小数点和计量单位")
    if read.digits > SCALE:
        return Typed(given, fault=f"最多填{SCALE}位小数")
    return Typed(given, value, decimals)
