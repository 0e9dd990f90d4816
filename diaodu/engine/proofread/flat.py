"""A text without its blanks: what checks read that look for words and not for figures.

Spaces are gone, brackets, colons and commas have one width, and a line break is kept only where
a paragraph ends: scanned pages break lines, and whole paragraphs, in the middle of a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

_LINE_LENGTH = 45  # a shorter line that ends without a full stop is a heading
_ENDS = frozenset("。！？：；…”’）!?:;)")
_OPEN_ENDS = frozenset("，、,（(")
_GO_ON = frozenset("（(，、。；%％")  # what no paragraph begins with
_LABEL = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十]{1,3}[）)、，是要]|第[一二三四五六七八九十]|[（(]?\d{1,2}[）)、．.](?!\d))"
)
_SAME = str.maketrans({
    **{chr(ord("０") + digit): str(digit) for digit in range(10)},
    "(": "（", ")": "）", ":": "：", "；": "；", ";": "；", "!": "！", "?": "？", "％": "%",
    "．": ".", "﹪": "%",
})  # fmt: skip
_STRAIGHT = frozenset('"＂')
_BLANK = frozenset(" \t\r\u3000\u00a0\u200b\ufeff")


@dataclass(frozen=True)
class Flat:
    """`text` without blanks; `offsets[i]` is where `text[i]` stands in the text that was read."""

    text: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the text that was read, of a stretch that is not empty."""
        return self.offsets[start], self.offsets[end - 1] + 1

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Stretches up to 。！？ or the end of a paragraph; ； and ： do not end one."""
        found = re.finditer(r"[^。！？\n]+[。！？]?", self.text)
        return tuple(one.span() for one in found)


@lru_cache(maxsize=1)
def flatten(text: str) -> Flat:
    """Every character that is kept stands for itself, so offsets stay those of the text."""
    signs: list[str] = []
    offsets: list[int] = []
    for line, start in _paragraphs(text):
        quotes = 0
        for place, sign in enumerate(line, start):
            if sign in _BLANK or sign == "\n":
                continue
            if sign in _STRAIGHT:  # one sign opens and closes
                sign, quotes = "“”"[quotes % 2], quotes + 1
            signs.append(_comma(text, place) if sign == "," else sign.translate(_SAME))
            offsets.append(place)
        signs.append("\n")
        offsets.append(start + len(line) - 1 if line else start)
    return Flat("".join(signs), tuple(offsets))


def _comma(text: str, place: int) -> str:
    """A comma between digits separates thousands."""
    around = text[place - 1 : place] + text[place + 1 : place + 2]
    return "," if len(around) == 2 and around.isdigit() else "，"


def _paragraphs(text: str) -> list[tuple[str, int]]:
    """Paragraphs with where they begin; lines that go on in the next are one."""
    found: list[tuple[str, int]] = []
    start = 0
    for line in re.finditer(r"[^\n]*\n*", text):
        if not line.group():
            continue
        bare = line.group().strip()
        if bare and _goes_on(bare, text[line.end() : line.end() + 12]):
            continue
        found.append((text[start : line.end()], start))
        start = line.end()
    if start < len(text):
        found.append((text[start:], start))
    return found


def _goes_on(line: str, following: str) -> bool:
    """Whether a sentence that stands at the end of a line goes on in the next line."""
    if not following or "\t" in line or line[-1] in _ENDS or _LABEL.match(following):
        return False
    if following[0] in _GO_ON:
        return True
    if line[-1] in _OPEN_ENDS or len(line) > _LINE_LENGTH:
        return True
    return "，" in line and not _LABEL.match(line)
