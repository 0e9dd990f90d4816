"""The text of a .docx, and where each stretch of it stands in the XML.

Body in order, one line per paragraph, cells of a table joined by tabs and its rows by newlines;
then the footnotes, the endnotes and the text boxes, each after a newline. Inserted text counts,
deleted text does not. Every sign of the text but those newlines and tabs between paragraphs and
cells belongs to a `Piece`, so that a stretch can be found again and marked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from docx.oxml.ns import qn

Element = Any  # lxml ships no types
StoryKind = Literal["body", "footnote", "endnote", "box"]

_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_ALTERNATE, _CHOICE, _FALLBACK = (
    _COMPATIBILITY + tag for tag in ("AlternateContent", "Choice", "Fallback")
)
MATH = f"{_MATH}oMath"
RUN, TEXT = qn("w:r"), qn("w:t")
_PARAGRAPH, _TABLE, _ROW, _CELL = (qn(f"w:{tag}") for tag in ("p", "tbl", "tr", "tc"))
_BOX = qn("w:txbxContent")
_BREAK = qn("w:br")
_OBJECT = qn("w:object")
_PICTURES = (qn("pic:pic"), "{urn:schemas-microsoft-com:vml}imagedata")
_REFERENCES = {qn("w:footnoteReference"): "footnote", qn("w:endnoteReference"): "endnote"}
_TEXTS = frozenset((TEXT, f"{_MATH}t"))
_DELETED = frozenset((qn("w:del"), qn("w:moveFrom")))
# What holds no text of the document itself: properties, codes of fields, the sounds over 汉字.
_SILENT = _DELETED | frozenset(
    qn(f"w:{tag}") for tag in ("pPr", "rPr", "instrText", "delText", "delInstrText", "rt", "sdtPr")
)
# A symbol of a picture font has no letter of its own; whoever reads it must see that it is there.
_SIGNS = {
    qn("w:tab"): "\t", qn("w:ptab"): "\t", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-",
    qn("w:sym"): "□",
}  # fmt: skip
_TURNS = ("page", "column")  # breaks that end no line
# A footnote's sign must not become a digit of the figure before it: 12 with a raised 1 is not 121.
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_NO_NOTES = frozenset(("separator", "continuationSeparator", "continuationNotice"))
_OWN_NOTE = "normal"


@dataclass(frozen=True, slots=True)
class Story:
    """One of the document's texts. `host`: the element of the body that a note or a box hangs
    on, None for the body itself and where it cannot be told."""

    kind: StoryKind
    host: Element | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text that one element of the XML prints; `start` in code points."""

    start: int
    length: int
    element: Element
    story: Story

    @property
    def end(self) -> int:
        return self.start + self.length


@dataclass(slots=True)
class WordText:
    """The text and its pieces in order; `pictures` and `objects` (a sheet put in) are not read."""

    text: str = ""
    pieces: list[Piece] = field(default_factory=list)
    pictures: int = 0
    objects: int = 0


def read_story_texts(
    document: Element, footnotes: Element | None = None, endnotes: Element | None = None
) -> WordText:
    """The whole text of a document by the root elements of its parts."""
    return _Reader().read(document, footnotes, endnotes)


class _Reader:
    def __init__(self) -> None:
        self._found = WordText()
        self._texts: list[str] = []
        self._length = 0
        self._story = Story("body")
        self._hosts: dict[tuple[str, str], Element] = {}
        self._boxes: list[tuple[Element, Element | None]] = []

    def read(
        self, document: Element, footnotes: Element | None, endnotes: Element | None
    ) -> WordText:
        for body in document.iterchildren(qn("w:body")):
            self._lines(body)
        for kind, notes in (("footnote", footnotes), ("endnote", endnotes)):
            for note in () if notes is None else _own_notes(notes, kind):
                host = self._hosts.get((kind, note.get(qn("w:id"), "")))
                self._begin(Story("footnote" if kind == "footnote" else "endnote", host))
                self._lines(note)
        for box, host in self._boxes:  # grows while it is read: a box may hold another
            self._begin(Story("box", host))
            self._lines(box)
        self._found.text = "".join(self._texts)
        return self._found

    def _begin(self, story: Story) -> None:
        self._part("\n")
        self._story = story

    def _part(self, sign: str) -> None:
        """A newline or tab that no element prints."""
        self._texts.append(sign)
        self._length += len(sign)

    def _put(self, text: str, element: Element) -> None:
        if text:
            self._found.pieces.append(Piece(self._length, len(text), element, self._story))
            self._part(text)

    def _lines(self, parent: Element) -> None:
        """Paragraphs and tables; a paragraph whose mark is deleted runs on into the next."""
        is_first = runs_on = True
        for block in _within(parent, (_PARAGRAPH, _TABLE)):
            is_table = block.tag == _TABLE
            if not is_first and (is_table or not runs_on):
                self._part("\n")
            is_first, runs_on = False, not is_table and _is_deleted(block, "pPr", "rPr")
            if is_table:
                self._table(block)
            else:
                self._signs(block)

    def _table(self, table: Element) -> None:
        rows = (row for row in _within(table, (_ROW,)) if not _is_deleted(row, "trPr"))
        for number, row in enumerate(rows):
            if number:
                self._part("\n")
            for place, cell in enumerate(_within(row, (_CELL,))):
                if place:
                    self._part("\t")
                if not _is_deleted(cell, "tcPr", by="cellDel"):
                    self._lines(cell)

    def _signs(self, parent: Element) -> None:
        """What a paragraph, a run or anything in it prints."""
        for child in parent.iterchildren(tag="*"):
            tag = child.tag
            if tag in _SILENT:
                continue
            if tag in _TEXTS:
                text = child.text or ""
                self._put(text.translate(_RAISED) if _is_raised(parent) else text, child)
            elif tag in _SIGNS:
                self._put(_SIGNS[tag], child)
            elif tag == _BREAK:
                self._put("" if child.get(qn("w:type")) in _TURNS else "\n", child)
            elif tag == _BOX:
                self._boxes.append((child, _run_of(child)))
            elif tag in _REFERENCES:
                self._hosts[(_REFERENCES[tag], child.get(qn("w:id"), ""))] = parent
            elif tag == _ALTERNATE:
                self._alternate(child)
            elif tag == _OBJECT:
                self._found.objects += 1
            else:
                self._found.pictures += tag in _PICTURES
                self._signs(child)

    def _alternate(self, element: Element) -> None:
        """The same thing written for new and old programs: it is read once."""
        for tag in (_CHOICE, _FALLBACK):
            for chosen in element.iterchildren(tag):
                self._signs(chosen)
                return


def _within(parent: Element, tags: tuple[str, ...]) -> Iterator[Element]:
    """The nearest descendants by these tags, in order, out of whatever wraps them (content
    controls, insertions); not those in deletions or in one another."""
    for child in parent.iterchildren(tag="*"):
        if child.tag in tags:
            yield child
        elif child.tag not in _SILENT and child.tag not in (_PARAGRAPH, _TABLE, _ROW, _CELL):
            yield from _within(child, tags)


def _own_notes(notes: Element, kind: str) -> Iterator[Element]:
    for note in notes.iterchildren(qn(f"w:{kind}")):
        if note.get(qn("w:type"), _OWN_NOTE) not in _NO_NOTES:
            yield note


def _is_deleted(element: Element, *path: str, by: str = "del") -> bool:
    """Whether its properties say so: of a paragraph its mark, of a row or cell all of it."""
    for tag in (*path, by):
        element = element.find(qn(f"w:{tag}"))
        if element is None:
            return False
    return True


def _is_raised(run: Element) -> bool:
    align = run.find(f"{qn('w:rPr')}/{qn('w:vertAlign')}")
    return align is not None and align.get(qn("w:val")) == "superscript"


def _run_of(element: Element) -> Element | None:
    return next(element.iterancestors(RUN), None)
