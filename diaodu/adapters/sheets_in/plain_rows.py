"""Rows of a worksheet in the plain shape that offices' programs write, told by a pattern.

Nearly all cells of nearly all returns are `<c r="B3" s="2" t="n"><v>12.3</v></c>`. A pattern walks
over them in a fifth of the time that expat takes to call for each tag. One cell of another shape
(a formula, a text of its own, a comment between two cells), and the whole sheet goes to expat.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from diaodu.adapters.sheets_in.xml_pass import Attributes

_OPENS, _CLOSES = b"<sheetData>", b"</sheetData>"
_SHOWN = "!-%'-;=?-~"  # what ASCII prints, without the blank and & < >
_DRESS = r'(?: s="[0-9]{1,9}")?(?: t="[A-Za-z]{1,9}")?'
_VALUED = rf"(?:/>|>(?:<v>([{_SHOWN}]+)</v>)?</c>)"
_CELLS = re.compile(rf'<c r="([A-Z]{{1,3}})[0-9]+"({_DRESS}){_VALUED}')
_NAME = "[A-Za-z][A-Za-z0-9:]*"
_VALUE = r"[ !#-%'-;=?-~]*"
_ATTRIBUTE = re.compile(rf' ({_NAME})="({_VALUE})"')
# The digits of each cell's address are those of its row.
_ROW = re.compile(
    rf'<row( r="(?P<row>[1-9][0-9]{{0,6}})"(?: {_NAME}="{_VALUE}")*+)'
    rf'(?:/>|>((?:<c r="[A-Z]{{1,3}}(?P=row)"{_DRESS}{_VALUED.replace("([", "(?:[")})*+)</row>)'
)

# Letters of the column, the attributes behind it as they stand, the text of <v> or "".
PlainCell = tuple[str, str, str]


class PlainRow(NamedTuple):
    """A row's attributes and where its cells stand in the text."""

    attributes: Attributes
    start: int
    end: int


class PlainSheet(NamedTuple):
    """A worksheet part: `rest` is its XML without the rows, `text` the rows."""

    rest: bytes
    text: str
    rows: list[PlainRow]

    def cells(self) -> Iterator[tuple[Attributes, list[PlainCell]]]:
        """Row by row, so that a large sheet never stands in memory as a whole."""
        for attributes, start, end in self.rows:
            yield attributes, _CELLS.findall(self.text, start, end)


class Dresses(dict[str, tuple[int, str]]):
    """Style and type by the attributes of a cell: a sheet has few sorts of them."""

    def __missing__(self, written: str) -> tuple[int, str]:
        found = dict(_ATTRIBUTE.findall(written))
        self[written] = dress = (int(found.get("s", 0)), found.get("t", "n"))
        return dress


def plain_sheet(content: bytes) -> PlainSheet | None:
    """The part taken apart; None unless every one of its rows is plain."""
    start, end = content.find(_OPENS), content.rfind(_CLOSES)
    if start < 0 or end < start or not _is_plain_head(content[:start]):
        return None
    start += len(_OPENS)
    try:
        text = content[start:end].decode("ascii")
    except UnicodeDecodeError:
        return None
    rows = _rows(text)
    return None if rows is None else PlainSheet(content[:start] + content[end:], text, rows)


def _is_plain_head(head: bytes) -> bool:
    """Nothing in it hides the rows behind it: no comment, CDATA, document type, instruction."""
    return b"<!" not in head and b"<?" not in head[1:]


def _rows(text: str) -> list[PlainRow] | None:
    rows: list[PlainRow] = []
    at, end = 0, len(text)
    while at < end:
        match = _ROW.match(text, at)
        if match is None:
            return None
        pairs = _ATTRIBUTE.findall(match[1])
        attributes = dict(pairs)
        if len(attributes) != len(pairs):
            return None
        start, stop = match.span(3) if match[3] else (at, at)
        rows.append(PlainRow(attributes, start, stop))
        at = match.end()
    return rows
