"""Small whole numbers as they stand in prose: 四, 十二, 两, 12."""

from __future__ import annotations

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
NUMERAL = r"(?:\d{1,3}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
_ORDER = "一二三四五六七八九"


def whole(text: str) -> int:
    """The number that fits NUMERAL, below a thousand. ValueError for another text."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    try:
        if not ten:
            return _DIGITS[text]
        return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)
    except KeyError:
        raise ValueError(f"{text!r} is no small whole number") from None


def spelt(number: int) -> str:
    """一 to 九十九, as labels are written; ValueError beyond."""
    if not 1 <= number <= 99:
        raise ValueError(f"no label {number}")
    tens, ones = divmod(number, 10)
    ten = "" if tens == 0 else "十" if tens == 1 else _ORDER[tens - 1] + "十"
    return ten + (_ORDER[ones - 1] if ones else "")
