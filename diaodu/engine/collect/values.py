"""What a value cell says: number and digits given, or word, or why it cannot be taken."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from diaodu.engine.collect.sheet import Cell, Mark
from diaodu.engine.collect.signs import SIGNED, bare_number, told_number
from diaodu.engine.collect.words import CELL_WORDS, MARKERS, fold
from diaodu.engine.ground.quantity import EXACT, SCALE, cut, find_unit, read_number


class Value(NamedTuple):
    """`number` as printed, its `digits` after the point and printed `unit`, or a `word`.

    `fault` says why the cell cannot be taken (`cell_faults`). `n` is the peers of “7/22”.
    """

    number: Decimal | None = None
    digits: int = 0
    unit: str = ""
    word: str | None = None
    n: int | None = None
    fault: str = ""


_ONE = Decimal(1)
_ENDLESS = EXACT.prec - SCALE  # from 10 to this power on a number cannot be cut off exactly
_RANK = re.compile(r"(?:并列)?第?(?P<rank>\d{1,4})(?:位|名)?(?:/(?P<n>\d{1,4}))?(?:\(并列\))?")
_DATE_LIKE = ("年", "月", "日")
# Digits parted by a blank are one number only where it parts thousands: 1 234.5, not 100  8.
_PARTED = re.compile(r"\d\s+\d")
_THOUSANDS = re.compile(r"\D*\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?!\d)\S*")
_UNREADABLE = int(Mark.ERROR | Mark.NO_CACHE)
_PERCENT = int(Mark.PERCENT)
_NOT_A_NUMBER = Value(fault="not_a_number")
OPEN_SIGN = Value(fault="open_sign")


@lru_cache(maxsize=65536)
def read_text(text: str) -> Value:
    """Read a text as a figure, a marker or a word; fault not_a_number where it is neither."""
    folded = fold(text)
    if MARKERS.fullmatch(folded):
        return Value(word="missing")
    if folded in CELL_WORDS:
        return Value(word=CELL_WORDS[folded])
    if any(unicodedata.category(sign) == "No" for sign in text):
        return _NOT_A_NUMBER  # 12① and 12² would be read as 121 and 122
    if _PARTED.search(text) and not _THOUSANDS.fullmatch(text.strip()):
        return _NOT_A_NUMBER
    printed = read_number(text)
    if printed is None or printed.unit.startswith(_DATE_LIKE):
        return _NOT_A_NUMBER
    if printed.unit and find_unit(printed.unit) is None:
        return _NOT_A_NUMBER
    return Value(printed.value, printed.decimals, printed.unit)


@lru_cache(maxsize=4096)
def read_rank(text: str) -> Value:
    """A place: 7, 第7位, 并列第7, 7/22."""
    match = _RANK.fullmatch(fold(text))
    if match is None:
        return read_text(text)
    n = match.group("n")
    return Value(Decimal(match.group("rank")), 0, "", n=int(n) if n else None)


@lru_cache(maxsize=4096)
def read_change(text: str, facet: str) -> Value:
    """A growth, change or gap, which may tell its sign in words: 下降6.6, △5.5."""
    if not bare_number(text):
        return read_text(text)
    told = told_number(text, facet)
    return read_text(told) if told else OPEN_SIGN


def digits_of(text: str) -> int:
    """Digits after the point as a person sees them: 1,234.50 has two, 8.3% has one."""
    point = text.rfind(".")
    if point < 0 or "E" in text or "e" in text:
        return 0
    end = point + 1
    if text[end:].isdecimal():
        return len(text) - end
    while end < len(text) and text[end].isdecimal():
        end += 1
    return end - point - 1


def read_value(cell: Cell, facet: str = "") -> Value:
    """What a cell says as a figure of a facet; the state of the cell (error, no cache) comes
    first."""
    value = cell[2]
    # An int is compared many times faster than a flag, and most cells have no mark at all.
    mark = 0 if cell[4] == 0 else int(cell[4])
    if mark & _UNREADABLE:
        return Value(fault="formula_error" if mark & Mark.ERROR else "no_cached_value")
    if type(value) is Decimal:
        if not value.is_finite():
            return _NOT_A_NUMBER
        return Value(value, digits_of(cell[3]), "%" if mark & _PERCENT else "")
    if type(value) is str:
        if facet in ("rank_level", "rank_growth"):
            return read_rank(value)
        return read_change(value, facet) if facet in SIGNED else read_text(value)
    return _NOT_A_NUMBER


@lru_cache(maxsize=65536)
def kind_of_text(text: str) -> str:
    """number, mark (marker or word) or text: how a text looks before its place is known."""
    text = bare_number(text) or text
    value = read_rank(text) if "/" in text or "第" in text or "位" in text else read_text(text)
    if value.fault:
        return "text"
    return "mark" if value.word else "number"


# -- conversion --------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def power_of_ten(ratio: Decimal) -> int | None:
    """−4 for 0.0001; None where the ratio is no power of ten."""
    power = ratio.adjusted()
    return power if ratio.scaleb(-power) == 1 else None


def converted(
    number: Decimal, digits: int, ratio: Decimal, power: int | None
) -> tuple[Decimal, int]:
    """The number times the ratio, exactly, and its digits after the point in the new unit.

    Digits given are moved by the power of ten (173873 万元 has four as 17.3873 亿元), are never
    fewer than the number needs and never negative. Beyond twelve digits the number is cut off.
    A number too large for that, which nobody takes for a figure, comes back as it is.
    """
    if power is None:
        number = EXACT.multiply(number, ratio).normalize(EXACT)
    elif power:
        number = number.scaleb(power, EXACT)
        digits -= power
    if number.adjusted() >= _ENDLESS:
        return number, max(digits, 0)
    text = str(number)  # asking for the exponent would build a tuple of all digits
    if "E" in text:
        return _written_out(number, digits)
    needed = len(text) - text.find(".") - 1 if "." in text else 0
    if needed > SCALE:
        return cut(number), SCALE
    return number, digits if digits > needed else needed


def in_unit(number: Decimal, text: str, ratio: Decimal, power: int | None) -> tuple[Decimal, int]:
    """`converted` for a number shown as `text`. Most need no conversion."""
    plain = str(number) if power == 0 else "E"
    if "E" in plain:
        return converted(number, digits_of(text), ratio, power)
    point = plain.find(".")
    needed = len(plain) - point - 1 if point >= 0 else 0
    digits = needed if text == plain else digits_of(text)
    if needed > SCALE:
        return converted(number, digits, ratio, power)
    return number, digits if digits > needed else needed


def _written_out(number: Decimal, digits: int) -> tuple[Decimal, int]:
    """As `converted`, for a number that Python writes with an exponent."""
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int)
    if exponent > 0:
        return number.quantize(_ONE, context=EXACT), max(digits, 0)
    if -exponent > SCALE:
        return cut(number), SCALE
    return number, max(digits, -exponent)
