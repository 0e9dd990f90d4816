"""Text → Reading: paragraphs are folded, figures found, sentences parted, contexts told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from diaodu.engine.proofread.reading import context, folding, numerals
from diaodu.engine.proofread.reading.model import TIME, Figure, Moment, Reading, Sentence
from diaodu.engine.proofread.reading.numerals import Numeral

_LONGEST = 800  # signs of a sentence; speeches stay below
_STOP = re.compile(r"[。！？]+[”’」』）]*")


def read(text: str) -> Reading:
    """The sentences of a text with their figures. Never fails: what is not understood is prose."""
    paragraphs, rows = folding.fold(text)
    sentences: list[Sentence] = []
    for number, paragraph in enumerate(paragraphs):
        told = context.Told()
        for sentence in _sentences(text, paragraph, number):
            sentences.append(told.add(sentence))
    cells = tuple(tuple(text[start:end] for start, end in row.cells) for row in rows)
    return Reading(text, tuple(sentences), cells)


def _sentences(text: str, paragraph: folding.Paragraph, number: int) -> Iterator[Sentence]:
    figures, times = numerals.find(paragraph.compact)
    start = 0
    stops = [match.end() for match in _STOP.finditer(paragraph.compact)]
    for end in _with_cuts(paragraph.compact, [*stops, len(paragraph.compact)]):
        if end > start:
            yield _sentence(
                text, paragraph, number, (start, end),
                [figure for figure in figures if start <= figure.start < end],
                [time for time in times if start <= time[0] < end],
            )  # fmt: skip
        start = max(start, end)


def _with_cuts(compact: str, stops: Sequence[int]) -> Iterator[int]:
    """The stops, and in between where a stretch without any is too long to be one sentence: lists
    pasted without a full stop would take checks longer than their length is worth."""
    start = 0
    for stop in stops:
        while stop - start > _LONGEST:
            pieces = (compact.rfind(sign, start, start + _LONGEST) + 1 for sign in "；，、")
            start = next((end for end in pieces if end > start), start + _LONGEST)
            yield start
        yield stop
        start = stop


def _sentence(
    text: str, paragraph: folding.Paragraph, number: int, span: tuple[int, int],
    figures: Sequence[Numeral], times: Sequence[tuple[int, int]],
) -> Sentence:  # fmt: skip
    signs: list[str] = []
    offsets: list[int] = []
    at: dict[int, Figure] = {}
    moments: dict[int, Moment] = {}
    taken = sorted([*((f.start, f.end, f) for f in figures), *((a, b, None) for a, b in times)],
                   key=lambda stretch: stretch[0])  # fmt: skip
    place = span[0]
    for start, end, numeral in taken:
        signs.append(paragraph.compact[place:start])
        offsets.extend(paragraph.offsets[place:start])
        first, last = paragraph.offsets[start], paragraph.offsets[end - 1] + 1
        if numeral is None:
            moments[len(offsets)] = Moment(first, last, text[first:last])
        else:
            at[len(offsets)] = _figure(numeral, first, last, text[first:last])
        signs.append(TIME if numeral is None else numeral.sign)
        offsets.append(first)
        place = end
    signs.append(paragraph.compact[place : span[1]])
    offsets.extend(paragraph.offsets[place : span[1]])
    close = paragraph.offsets[span[1] - 1] + 1
    offsets.append(close)
    return Sentence(offsets[0], close, number, "".join(signs), tuple(offsets), at, moments)


def _figure(numeral: Numeral, start: int, end: int, quote: str) -> Figure:
    return Figure(
        start, end, quote, numeral.sign, numeral.printed, numeral.unit, numeral.interval,
        numeral.hedge, spelled=numeral.spelled,
    )  # fmt: skip
