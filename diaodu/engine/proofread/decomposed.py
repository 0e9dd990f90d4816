"""A task given out to the items of a list: 抓好110个重点项目建设 … 1.工业组要抓好25个重点项目建设 …

Every item of the list says the same thing of its own part in the same words, and so does the text
before the list of the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from diaodu.engine.compute.grading import grade
from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.quantity import Printed, read_number
from diaodu.engine.proofread.arithmetic import number_text
from diaodu.engine.proofread.claims import Claim
from diaodu.engine.proofread.flat import Flat, flatten
from diaodu.engine.proofread.lists import Labelled, labelled_lists
from diaodu.engine.proofread.reading.model import Reading

_AMOUNT = re.compile(
    r"(?P<lead>[\u4e00-\u9fff]{0,4})(?P<number>(?<![\d.,])\d+(?:\.\d+)?(?P<unit>[万亿]?元|万亩|亩|个|家|户|项|人))"
    r"(?P<noun>[\u4e00-\u9fff]{0,4})"
)
_COUNTED = frozenset("个家户项人")
_HEAD, _ITEM = 800, 160  # signs before a list, and of each item, in which the words are looked for
_FEWEST = 3


@dataclass(frozen=True, slots=True)
class _Said:
    """`[start, end)` of a number with its unit in the flat text."""

    number: Printed
    start: int
    end: int

    @property
    def interval(self) -> Interval:
        if self.number.unit in _COUNTED:
            return Interval.exact(self.number.value)
        return Interval.printed(self.number)


_Key = tuple[str, str]


def checks(reading: Reading) -> Iterator[Claim]:
    """What every item of a list says in the words that its head says of the whole."""
    flat = flatten(reading.text)
    for found in labelled_lists(flat):
        if found.count < _FEWEST or not found.clear:
            continue
        items = [_said(flat, start, end) for start, end in _items(flat, found)]
        first = found.labels[0].start
        head = _said(flat, max(0, first - _HEAD), first, last=True)
        for key, whole in head.items():
            if all(key in item for item in items):
                claim = _claim(reading.text, flat, whole, [item[key] for item in items])
                if claim is not None:
                    yield claim


def _items(flat: Flat, found: Labelled) -> Iterator[tuple[int, int]]:
    """The beginning of each item."""
    ends = [label.start for label in found.labels[1:]] + [len(flat.text)]
    for label, end in zip(found.labels, ends, strict=True):
        yield label.end, min(end, label.end + _ITEM)


def _said(flat: Flat, start: int, end: int, *, last: bool = False) -> dict[_Key, _Said]:
    """The amounts of a stretch by the words around them, the first of each or the last: counts by
    what is counted, others by what stands before them."""
    told: dict[_Key, _Said] = {}
    for match in _AMOUNT.finditer(flat.text, start, end):
        number = read_number(match["number"])
        counted = match["unit"] in _COUNTED
        words = match["noun"] if counted else match["lead"]
        if number is None or len(words) < 4:
            continue
        key = (match["unit"], words)
        if last or key not in told:
            told[key] = _Said(number, match.start("number"), match.end("number"))
    return told


def _claim(text: str, flat: Flat, whole: _Said, parts: Sequence[_Said]) -> Claim | None:
    """Parts that come to less than their whole by much may leave something to others."""
    total = Interval.exact(0)
    for part in parts:
        total = total + part.interval
    holds = grade(whole.number, total) == "holds"
    if not holds and total.hi * 20 < whole.interval.lo * 19:
        return None
    start, end = flat.span(whole.start, whole.end)
    unit = whole.number.unit
    computed = f"{number_text(total.value, whole.number.decimals)}{unit}"
    printed = flat.text[whole.start : whole.end]
    told = f"后面{len(parts)}项分到的合计{computed}，"
    told += f"与印的{printed}相符" if holds else f"与印的{printed}不符；应核对总数和各项"
    return Claim(
        start, end, text[start:end], "sum", "holds" if holds else "contradicts", printed, told,
        None if holds else "wrong", computed, (total.lo, total.hi), None if holds else computed,
        tuple(flat.span(part.start, part.end) for part in parts),
    )  # fmt: skip
