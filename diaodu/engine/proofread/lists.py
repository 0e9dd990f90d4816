"""Lists with labels: 一是…二是…, （一）…（二）…, 第一，…第二，…, 1.…2.…

A label counts where a clause or a paragraph begins. Lists of one style may stand inside each
other; where a label could belong to two of them, both are unclear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from diaodu.engine.proofread.flat import Flat
from diaodu.engine.proofread.numerals import spelt, whole

_HAN = r"[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]"
# Style → how a label of it is written; `k` is its number. What may hold what: from the outside in.
_STYLES = {
    "一、": re.compile(rf"(?<=\n)(?P<k>{_HAN})、"),
    "（一）": re.compile(rf"(?<=[。；：，！？、\n])（(?P<k>{_HAN})）"),
    "第": re.compile(rf"(?<=[。；：！？\n”])第(?P<k>{_HAN})[，、：是要]"),
    "1.": re.compile(r"(?<=\n)(?P<k>\d{1,2})(?:[、，．]|\.(?!\d))"),
    "（1）": re.compile(r"(?<=[。；：，！？、\n])（(?P<k>\d{1,2})）"),
    "是": re.compile(rf"(?<=[。；：，！？、\n”])(?P<k>{_HAN})是"),
    "要": re.compile(rf"(?<=[。；：，！？\n”])(?P<k>{_HAN})要"),
    "其": re.compile(rf"(?<=[。；：！？\n”])其(?P<k>{_HAN})[，、：是]"),
}
_ORDER = tuple(_STYLES)


@dataclass(frozen=True, slots=True)
class Label:
    """`[start, end)` in the flat text."""

    number: int
    start: int
    end: int


@dataclass(slots=True)
class Labelled:
    """A list by its labels 1, 2, 3 …; `clear` unless a label of it is in doubt."""

    style: str
    labels: list[Label]
    clear: bool = True

    @property
    def count(self) -> int:
        return len(self.labels)

    @property
    def rank(self) -> int:
        """The lower, the further outside such a list usually stands."""
        return _ORDER.index(self.style)


def labelled_lists(flat: Flat) -> list[Labelled]:
    """Every list of two items at least, by where it begins."""
    found = [one for style in _STYLES for one in _lists_of(style, flat)]
    return sorted((one for one in found if one.count > 1), key=lambda one: one.labels[0].start)


def labels_of(style: str, flat: Flat) -> Iterator[Label]:
    text = "\n" + flat.text  # a label may open the text
    for match in _STYLES[style].finditer(text):
        yield Label(whole(match["k"]), match.start() - 1, match.end() - 1)


def may_follow(flat: Flat, number: int, start: int, end: int) -> bool:
    """Whether a label of this number stands in a stretch, in any style, anywhere in a clause."""
    han = spelt(number)
    label = rf"第{han}(?![季产届次名位])|{han}[是要、]|（{han}）|（{number}）|\n{number}[、.．]"
    return re.compile(label).search(flat.text, start, end) is not None


def _lists_of(style: str, flat: Flat) -> list[Labelled]:
    found: list[Labelled] = []
    for label in labels_of(style, flat):
        if label.number == 1:
            found.append(Labelled(style, [label]))
            continue
        near = [one for one in found if label.start - one.labels[-1].end < _FAR]
        fitting = [one for one in near if one.count == label.number - 1]
        for one in fitting[:-1] if fitting else near:
            one.clear = one.clear and _is_over(flat, one)
        if fitting:
            fitting[-1].labels.append(label)
    return found


def _is_over(flat: Flat, found: Labelled) -> bool:
    """Whether a list within one paragraph ends with it: no later label can be its own."""
    first, last = found.labels[0].start, found.labels[-1].end
    return found.count > 1 and "\n" not in flat.text[first:last]


_FAR = 6000
