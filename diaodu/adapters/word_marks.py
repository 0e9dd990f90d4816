"""A text handed back as .docx with remarks: real comments of Word at the stretches they are about.

The document's own text stays as it is. Comments stand in the body alone: a remark on a footnote,
an endnote or a text box hangs on the place in the body that these hang on.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

import docx
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.text.run import Run

from diaodu.adapters.sheets_in.trouble import Trouble
from diaodu.adapters.sheets_in.zip_parts import Package
from diaodu.adapters.texts_in import TextError, read_word
from diaodu.adapters.word_out import set_fonts, word_bytes
from diaodu.adapters.word_text import (
    MATH,
    RUN,
    TEXT,
    Element,
    Piece,
    Story,
    WordText,
    read_story_texts,
)
from diaodu.engine.report.document import Document, Paragraph, Span

AUTHOR, INITIALS = "文稿校核", "校"
_FONT = "宋体"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_STORY_NAMES = {"footnote": "脚注", "endnote": "尾注", "box": "文本框"}
_NOTES = ("/footnotes", "/endnotes")


@dataclass(frozen=True, slots=True)
class Remark:
    """What to say of text[start:end]."""

    start: int
    end: int
    text: str


def mark_word(data: bytes, remarks: Iterable[Remark], *, at: datetime | None = None) -> bytes:
    """The .docx with the remarks as comments, `at` their moment (none: they carry no time).

    Raises TextError where the file cannot be read, or is built so that it cannot be written again.
    """
    read_word(data)
    try:
        Package(data).check_rest()
        document = docx.Document(BytesIO(data))
        marked = _Marked(document)
        for remark in _in_order(remarks):
            marked.add(remark, at)
        return marked.saved()
    except (Trouble, KeyError, ValueError, AttributeError) as error:
        raise TextError(f"内部结构不寻常（{error}），没有写成带批注的文件") from error


def mark_text(
    text: str, remarks: Iterable[Remark], *, on: date, at: datetime | None = None
) -> bytes:
    """A plain text as a .docx of its lines, with the remarks as comments."""
    kept, moved = _printable(text)
    lines = (Paragraph((Span(line, "name"),)) for line in kept.split("\n"))
    there = [Remark(moved[one.start], moved[one.end], one.text) for one in remarks]
    return mark_word(word_bytes(Document(tuple(lines)), on), there, at=at)


def _printable(text: str) -> tuple[str, list[int]]:
    """The text without the signs that XML cannot hold, and where each place of it has gone."""
    kept: list[str] = []
    moved = []
    for sign in text:
        moved.append(len(kept))
        if sign in "\t\n" or (sign >= " " and sign not in "\ufffe\uffff"):
            kept.append(sign)
    return "".join(kept), [*moved, len(kept)]


def _in_order(remarks: Iterable[Remark]) -> list[Remark]:
    return sorted(remarks, key=lambda one: (one.start, one.end))


class _Marked:
    """A document that comments are put into. Runs are parted where a remark begins or ends."""

    def __init__(self, document: docx.document.Document) -> None:
        self._document = document
        self._found = self._read()
        self._last: Element | None = None

    def _read(self) -> WordText:
        part = self._document.part
        notes = [
            next((parse_xml(one.target_part.blob) for one in part.rels.values()
                  if one.reltype.endswith(kind) and not one.is_external), None)
            for kind in _NOTES
        ]  # fmt: skip
        return read_story_texts(part.element, *notes)

    def add(self, remark: Remark, at: datetime | None) -> None:
        """Only the part of it in the story where it begins is marked."""
        pieces = self._pieces(remark) or self._nearest(remark.start)
        if not pieces:
            return  # a text without a sign: nothing to hang a comment on
        story = pieces[0].story
        if story.kind == "body":
            self._part_at(remark.start)
            self._part_at(remark.end)
            pieces = self._pieces(remark) or pieces
            inside = [_anchor(one.element) for one in pieces if one.story.kind == "body"]
            self._comment(inside[0], inside[-1], remark.text, at)
        else:
            host = story.host if story.host is not None else self._first_run()
            if host is None:
                return
            quote = self._found.text[remark.start : remark.end]
            told = f"{_STORY_NAMES[story.kind]}“{quote}”：{remark.text}"
            self._comment(host, host, told, at)

    def _pieces(self, remark: Remark) -> list[Piece]:
        """Those that print any sign of its stretch."""
        pieces = self._found.pieces
        first = bisect_right(pieces, remark.start, key=lambda one: one.end)
        behind = bisect_left(pieces, remark.end, key=lambda one: one.start)
        return pieces[first:behind]

    def _nearest(self, place: int) -> list[Piece]:
        """The last piece before a place where none stands, else the first of all."""
        before = [one for one in self._found.pieces if one.end <= place]
        return before[-1:] or self._found.pieces[:1]

    def _first_run(self) -> Element | None:
        for one in self._found.pieces:
            if one.story == Story("body"):
                return _anchor(one.element)
        return None

    def _comment(self, first: Element, last: Element, text: str, at: datetime | None) -> None:
        self._last = made = self._made(" ".join(text.split("\n")), at)
        number = int(made.get(qn("w:id")))
        if first.tag == RUN and last.tag == RUN:
            parent = self._document._body
            Run(first, parent).mark_comment_range(Run(last, parent), number)
        else:
            _mark_around(first, last, number)

    def _made(self, text: str, at: datetime | None) -> Element:
        """A new comment: the first by python-docx, the others as copies of the one before, for it
        looks through all numbers given each time it gives one."""
        if self._last is None:
            comment = self._document.comments.add_comment(text, AUTHOR, INITIALS)
            for run in comment.paragraphs[0].runs:
                set_fonts(run._r.get_or_add_rPr(), _FONT)
            _set_time(comment._comment_elm, at)
            return comment._comment_elm
        made = deepcopy(self._last)
        made.set(qn("w:id"), str(int(self._last.get(qn("w:id"))) + 1))
        (words,) = made.iter(TEXT)
        words.text = text
        self._last.addnext(made)
        return made

    def _part_at(self, place: int) -> None:
        """See that no run stands across a place of the text."""
        pieces = self._found.pieces
        number = bisect_right(pieces, place, key=lambda one: one.start) - 1
        if number < 0 or pieces[number].end <= place:
            return
        one = pieces[number]
        if one.element.getparent().tag != RUN:
            return
        if one.start < place:
            pieces[number : number + 1] = _parted(one, place)
        elif number and _share_run(pieces[number - 1], one):
            _break_before(one.element)

    def saved(self) -> bytes:
        stream = BytesIO()
        self._document.save(stream)
        return stream.getvalue()


def _anchor(element: Element) -> Element:
    """What a comment may begin before or end behind: the run, or the whole of a formula."""
    formula = None
    for one in element.iterancestors():
        if one.tag == RUN:
            return one
        if one.tag == MATH:
            formula = one
    return formula if formula is not None else element


def _share_run(one: Piece, other: Piece) -> bool:
    return one.element.getparent() is other.element.getparent()


def _parted(piece: Piece, place: int) -> Sequence[Piece]:
    """The two pieces of one that stands across a place; of what is no text, itself."""
    element = piece.element
    if element.tag != TEXT:
        return (piece,)
    text, cut = element.text or "", place - piece.start
    rest = OxmlElement("w:t")
    element.text, rest.text = text[:cut], text[cut:]
    for one in (element, rest):
        one.set(_SPACE, "preserve")
    element.addnext(rest)
    _break_before(rest)
    return (
        Piece(piece.start, cut, element, piece.story),
        Piece(place, piece.length - cut, rest, piece.story),
    )


def _break_before(element: Element) -> None:
    """Move an element of a run, and all behind it, into a run of its own of the same look."""
    run = element.getparent()
    rest = OxmlElement("w:r")
    look = run.find(qn("w:rPr"))
    if look is not None:
        rest.append(deepcopy(look))
    for one in [element, *element.itersiblings()]:
        rest.append(one)
    run.addnext(rest)


def _mark_around(first: Element, last: Element, number: int) -> None:
    """A comment's range around what is no run."""
    made = []
    for tag in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        one = OxmlElement(f"w:{tag}")
        one.set(qn("w:id"), str(number))
        made.append(one)
    start, end, reference = made
    run = OxmlElement("w:r")
    run.append(reference)
    first.addprevious(start)
    last.addnext(run)
    last.addnext(end)


def _set_time(comment: Element, at: datetime | None) -> None:
    if at is not None:
        comment.date = at
    elif comment.get(qn("w:date")) is not None:
        del comment.attrib[qn("w:date")]
