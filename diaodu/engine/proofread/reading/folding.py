"""A text in one width, without spaces and broken lines, every sign with its place in the text.

Scanned and pasted texts put spaces around figures and break lines in the middle of a sentence, or
of a number. Folding takes both away; a line that ends a paragraph, and a line of a table, stay
apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ASCII = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_ALIKE = {
    "．": ".", "﹒": ".", "﹪": "%", "٪": "%", "∶": "：", "︰": "：", ":": "：", "：": "：",
    "；": "；", ";": "；", "，": "，", "﹐": "，", "（": "（", "(": "（", "）": "）", ")": "）",
    "！": "！", "!": "！", "？": "？", "?": "？", "｡": "。", "､": "、", "～": "~", "〜": "~",
    "∼": "~", "‐": "-", "‑": "-", "‒": "-", "–": "-", "−": "-", "﹣": "-", "－": "-", "―": "—",
    "─": "—", "━": "—",
    # signs that stand for figures in a form
    "＃": "#", "＠": "@", "％": "%", "×": "*", "№": "N", "℗": "P", "¤": "*",
}  # fmt: skip
_FOLDED: dict[int, int | str] = {**_ASCII, **{ord(sign): alike for sign, alike in _ALIKE.items()}}
_SPACES = re.compile(r"[\s\u200b\u200c\u200d\ufeff\xad]+")
_WIDE_COMMA = re.compile(r"(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")  # １７，１７６
_COMMA = re.compile(r",(?!(?<=\d,)\d{3}(?!\d))")  # all but those of 17,176

# A line that begins like this begins a paragraph, whatever the line before it ends with.
_BEGINS = re.compile(
    r"\s*(?:[一二三四五六七八九十]+(?:[、.．]|是|要)|[（(][一二三四五六七八九十\d]+[)）]"
    r"|第[一二三四五六七八九十]+[，、：:]|\d{1,2}[、.．](?!\d)|[①-⑳]|——|[●■◆★▲·•])"
)
_ENDS = tuple("。！？；：…!?;:”」』")  # a line that ends like this ends a paragraph
_PAGE = re.compile(r"\s*[-—–－]*\s*\d{1,3}\s*[-—–－]*\s*")
_RUNNING = re.compile(r"[，。；、,;]")
_SHORTEST_LINE = 12  # a shorter line without a stop is a heading


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`compact[i]` stands at `offsets[i]` of the text."""

    compact: str
    offsets: tuple[int, ...]


_CLAUSES = re.compile("[，；。]")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: its cells as (start, end) in the text."""

    cells: tuple[tuple[int, int], ...]


def fold(text: str) -> tuple[list[Paragraph], list[Row]]:
    """The paragraphs of a text, lines joined that belong together, and its table lines;
    a sentence in a cell is a paragraph as well."""
    paragraphs: list[Paragraph] = []
    rows: list[Row] = []
    lines: list[tuple[int, int]] = []

    def close() -> None:
        if lines:
            paragraphs.append(_compact(text, lines))
            lines.clear()

    for start, end in _lines(text):
        line = text[start:end]
        if "\t" in line.strip():
            close()
            rows.append(_row(line, start))
            paragraphs += [
                _compact(text, [cell]) for cell in rows[-1].cells if _is_prose(text, cell)
            ]
        elif not line.strip() or (lines and _PAGE.fullmatch(line) and _is_open(text, lines[-1])):
            continue
        else:
            if not (lines and _is_open(text, lines[-1]) and not _BEGINS.match(line)):
                close()
            lines.append((start, end))
    close()
    return paragraphs, rows


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.splitlines(keepends=True):
        yield start, start + len(line.rstrip("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"))
        start += len(line)


def _is_open(text: str, line: tuple[int, int]) -> bool:
    """Whether a sentence goes on after a line."""
    words = text[slice(*line)].rstrip()
    if words.endswith(_ENDS):
        return False
    if words.endswith(("，", "、", ",", "（", "(")) or words[-1:].isdigit():
        return True
    return len(words) >= _SHORTEST_LINE and _RUNNING.search(words) is not None


def _is_prose(text: str, cell: tuple[int, int]) -> bool:
    """Whether a cell holds a sentence, as lists of tasks do, and not a figure or a name."""
    return _CLAUSES.search(text, *cell) is not None


def _row(line: str, start: int) -> Row:
    cells, place = [], start
    for cell in line.split("\t"):
        cells.append((place, place + len(cell)))
        place += len(cell) + 1
    return Row(tuple(cells))


def _compact(text: str, lines: list[tuple[int, int]]) -> Paragraph:
    signs: list[str] = []
    offsets: list[int] = []
    for start, end in lines:
        place = start
        for space in _SPACES.finditer(text, start, end):
            _take(text, place, space.start(), signs, offsets)
            place = space.end()
            if _parts_numbers(text, space.start(), place):
                signs.append(" ")
                offsets.append(space.start())
        _take(text, place, end, signs, offsets)
    return Paragraph("".join(signs), tuple(offsets))


def _take(text: str, start: int, end: int, signs: list[str], offsets: list[int]) -> None:
    stretch = _COMMA.sub("，", text[start:end])
    signs.extend(_WIDE_COMMA.sub(",", stretch).translate(_FOLDED))
    offsets.extend(range(start, end))


_DIGIT_BEFORE = re.compile(r"(?:^|[^\d.])\d+(?:\.\d+)?$")
_DIGITS_AFTER = re.compile(r"\d+(?:\.\d+)?\s*[^\d\s.]")


def _parts_numbers(text: str, start: int, end: int) -> bool:
    """Whether a space stands between two numbers, not inside one. One space inside 1 3.5% is
    the scanner's; a row of numbers, or two of them with a point each, are several."""
    before, after = text[max(0, start - 12) : start], text[end : end + 12]
    if not (before[-1:].isdigit() and after[:1].isdigit()):
        return False
    whole = _DIGIT_BEFORE.search(before)
    rest = _DIGITS_AFTER.match(after)
    return not (whole and rest and "." not in whole[0] and end - start == 1)
