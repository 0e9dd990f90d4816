"""A document before it is Word or text: blocks of spans, where every numeral says what it is.

A span that holds a digit must be declared: a figure (with the key of the measure, observation or
target it prints), a name, a period or date, or an ordinal. Plain text with a digit in it is
refused, so no unaccounted numeral can reach paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

SpanKind = Literal["text", "figure", "name", "period", "ordinal"]
Align = Literal["left", "center", "right"]

_DIGIT = re.compile(r"[0-9０-９]")
_FIGURE = re.compile(r"[−]?\d[\d,，]*(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text. `key` (figures only) is a measure key, an obs_id or a target_id."""

    text: str
    kind: SpanKind = "text"
    key: str | None = None
    strong: bool = False

    def __post_init__(self) -> None:
        if self.kind == "text" and _DIGIT.search(self.text):
            raise ValueError(f"plain text with a numeral that refers to nothing: {self.text!r}")
        if (self.kind == "figure") != (self.key is not None):
            raise ValueError(f"a figure has a key and nothing else has one: {self.text!r}")
        if self.kind == "figure" and not _FIGURE.fullmatch(self.text):
            raise ValueError(f"a figure is one numeral: {self.text!r}")


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Title:
    spans: Spans


@dataclass(frozen=True, slots=True)
class Note:
    """A line under the title: document number, declaration that the figures are invented."""

    spans: Spans


@dataclass(frozen=True, slots=True)
class Heading:
    """level 1 is numbered 一、 and level 2 （一）; the ordinal is part of `spans`."""

    level: Literal[1, 2]
    spans: Spans


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`remark`: a small line under a table; `sign`: who issues, the day. Of a letter: `issuer`
    heads it, `number` stands over the red line, `to` is whom it is sent to, `copy` its last line.
    `keep`: stands on one page with what follows."""

    spans: Spans
    kind: Literal["body", "remark", "sign", "issuer", "number", "to", "copy"] = "body"
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """`number` is the figure as shown with ASCII minus, for workbooks that keep numbers; `signs`
    are the words printed before it where it is over or under zero, and in its place at zero.

    `continues`: merged with the cell above it, which holds the text.
    """

    spans: Spans = ()
    align: Align = "left"
    number: str | None = None
    continues: bool = False
    signs: tuple[str, str, str] | None = None

    @property
    def text(self) -> str:
        return text_of(self.spans)


@dataclass(frozen=True, slots=True)
class Table:
    """`widths` are relative. `wide`: for a page turned by a quarter; `dense`: long texts, set
    small."""

    caption: Spans
    header: tuple[Spans, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...]
    unit: str = ""
    wide: bool = False
    dense: bool = False


@dataclass(frozen=True, slots=True)
class PageTurn:
    """What follows stands on new pages, upright or turned by a quarter for wide tables."""

    wide: bool


Block = Title | Note | Heading | Paragraph | Table | PageTurn


@dataclass(frozen=True, slots=True)
class Document:
    blocks: tuple[Block, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Numeral:
    """One line of bulletin.json. `paragraph` counts every paragraph of the document from 0 in
    reading order, those in table cells included; `start`/`end` are code points in it."""

    paragraph: int
    start: int
    end: int
    text: str
    key: str


def text_of(spans: Iterable[Span]) -> str:
    return "".join(span.text for span in spans)


def unit_line(table: Table) -> Spans:
    return (Span(f"单位：{table.unit}", "name"),) if table.unit else ()


def paragraphs(document: Document) -> Iterator[Spans]:
    """Every paragraph in the order in which the Word file holds it, empty cells included."""
    after_table = False
    for block in document.blocks:
        if isinstance(block, Table):
            yield from _table_paragraphs(block)
        elif not isinstance(block, PageTurn):
            yield block.spans
        elif after_table:
            yield ()  # Word ends a part in a paragraph, and a table is none
        after_table = isinstance(block, Table)


def _table_paragraphs(table: Table) -> Iterator[Spans]:
    yield table.caption
    if table.unit:
        yield unit_line(table)
    yield from table.header
    for row in table.rows:
        for cell in row:
            yield cell.spans


def numerals(document: Document) -> list[Numeral]:
    """Every numeral that refers to a measure, observation or target, in reading order."""
    found: list[Numeral] = []
    for index, spans in enumerate(paragraphs(document)):
        start = 0
        for span in spans:
            end = start + len(span.text)
            if span.key is not None:
                found.append(Numeral(index, start, end, span.text, span.key))
            start = end
    return found


def plain_text(document: Document) -> str:
    """The document as text: what golden files hold."""
    lines: list[str] = []
    for block in document.blocks:
        if isinstance(block, Table):
            lines += _plain_table(block)
        elif isinstance(block, Heading):
            lines += ["", text_of(block.spans)]
        elif not isinstance(block, PageTurn):
            lines.append(text_of(block.spans))
    return "\n".join(lines).strip() + "\n"


def _plain_table(table: Table) -> list[str]:
    lines = ["", f"〔{text_of(table.caption)}〕"]
    if table.unit:
        lines.append(text_of(unit_line(table)))
    lines.append(_plain_row(text_of(cell) for cell in table.header))
    lines += [_plain_row("〃" if c.continues else c.text for c in row) for row in table.rows]
    return [*lines, ""]


def _plain_row(texts: Iterable[str]) -> str:
    return "｜".join(texts)


def joined(parts: Sequence[Spans], separator: str) -> Spans:
    """The parts with the separator between them."""
    found: list[Span] = []
    for index, part in enumerate(parts):
        if index:
            found.append(Span(separator))
        found.extend(part)
    return tuple(found)
