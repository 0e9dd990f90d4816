"""△5.5, 下降6.6, 回落0.3: a growth or change whose sign is a word or a mark.

Each is read only where it can mean one thing. 回落0.3 is a change in points; under a growth it may
be the growth or what has become of it. △ is a fall, unless the table uses ▲ or ▽ beside it or says
otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from diaodu.engine.collect.sheet import Cell
from diaodu.engine.collect.words import fold

TRIANGLE = "△"
_OF_GROWTH = "(?:同比)?(?:{})"
_UP = "增长|上升|上涨|增加|增|升|涨"
_DOWN = "负增长|下降|下跌|下滑|降低|减少|降|跌|减"
_UP_IN_POINTS = "提高|加快|回升|上升|提升|增加|高|升"
_DOWN_IN_POINTS = "回落|放缓|减缓|下降|降低|减少|低|降"
# By facet what goes up and what goes down: as patterns of a folded text before its number.
_WORDS = {
    "growth": (_OF_GROWTH.format(_UP), _OF_GROWTH.format(_DOWN)),
    "change_pp": (_UP_IN_POINTS, _DOWN_IN_POINTS),
    "gap": (f"{_UP_IN_POINTS}|高于|高出", f"{_DOWN_IN_POINTS}|低于"),
}
SIGNED = frozenset(_WORDS)
_NUMBER = r"(?P<number>[\d.][^△]*)"
_RISES = {
    facet: re.compile(f"(?:(?:{up})(?P<minus>-?)|↑){_NUMBER}") for facet, (up, _) in _WORDS.items()
}
_FALLS = {
    facet: re.compile(f"(?:{down}|{TRIANGLE}|↓){_NUMBER}") for facet, (_, down) in _WORDS.items()
}
_ANY = re.compile(
    f"(?:{'|'.join(word for pair in _WORDS.values() for word in pair)}|[{TRIANGLE}↑↓])-?{_NUMBER}"
)
_OTHER_MARKS = re.compile(r"[▽▼]|▲\s*\d")
_LEGEND = re.compile(f"{TRIANGLE}[^\\d]{{0,2}}(?:表示|代表|为|指|是|系)(?P<meaning>.{{0,8}})")
_A_FALL = re.compile("降|减|负|跌")


def told_number(text: str, facet: str) -> str:
    """The number of a text that tells its sign, with a minus where it falls; empty where the text
    does not, or not for figures of this facet."""
    folded = fold(text)
    if facet not in _WORDS:
        return ""
    if fall := _FALLS[facet].fullmatch(folded):
        return f"-{fall['number']}"
    if rise := _RISES[facet].fullmatch(folded):
        return f"{rise['minus'] or ''}{rise['number']}"
    return ""


def bare_number(text: str) -> str:
    """The number behind a word or mark of any facet; empty where there is none."""
    found = _ANY.fullmatch(fold(text))
    return found["number"] if found else ""


def triangles_are_open(cells: Iterable[Cell]) -> bool:
    """Whether △ may mean something else than a fall on this sheet: other marks stand beside it,
    or a line says that it means no fall."""
    return any(_opens(str(cell[2])) for cell in cells if type(cell[2]) is str)


def _opens(text: str) -> bool:
    if _OTHER_MARKS.search(text):
        return True
    said = _LEGEND.search(fold(text))
    return said is not None and not _A_FALL.search(said["meaning"])
