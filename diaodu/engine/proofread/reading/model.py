"""What is read in a text: figures, and the sentences and clauses they stand in.

A sentence has a *form*: its text without spaces and line breaks, in one width of punctuation, in
which every figure is one sign that says of what sort it is. Checks look for turns of phrase in the
form (`占[^，]*的％`) and get the figures back by their place in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Literal

from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.quantity import Printed, Unit

# The signs that stand for figures in a form. None of them is left in a form otherwise.
AMOUNT: Final = "¤"  # a level with a unit of its own: 14.64亿元, 6个, 3.5万亩
PERCENT: Final = "％"  # 8.5%, 三成, 三分之一
POINTS: Final = "℗"  # 0.3个百分点
PLACE: Final = "№"  # 第3位
TIMES: Final = "×"  # 2.9倍
PLAIN: Final = "＃"  # a number without a unit
TIME: Final = "＠"  # a date or a period: no figure, kept to be looked up
FIGURES = AMOUNT + PERCENT + POINTS + PLACE + TIMES + PLAIN

Sign = Literal["¤", "％", "℗", "№", "×", "＃"]
Hedge = Literal["about", "under", "over", "at_least", "at_most", "range"]
"""about 约、左右 · under 近、不足 · over 余、多、超、突破 · at_least 以上、不低于 · at_most 以内 ·
range 15%-20%, its interval from the one to the other"""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as printed, with what belongs to it.

    `start` and `end` hold the digits with their unit (code points of the text). `printed` has the
    sign that is printed, not the one a word such as 下降 gives: that is `falls`. `interval` stands
    in the unit's base (元 for 万元), widened where a hedge says that the number is rough.
    """

    start: int
    end: int
    quote: str
    sign: Sign
    printed: Printed
    unit: Unit | None
    interval: Interval
    hedge: Hedge | None = None
    falls: bool = False  # 下降8.2%, 负增长4.2%
    word: str = ""  # the word that says what it is: 完成, 增长, 占, 高于, 目标 …
    subject: str = ""  # the words that name what is measured, carried across clauses
    org: str = ""  # 全市, 某镇 …; "" where none is named
    period: str = ""  # as printed: 1-5月, 上半年 …; carried within a paragraph
    against: str = ""  # what it is compared with: 同比, 比上月, 全省 …
    spelled: bool = False  # in Chinese numerals

    @property
    def dimension(self) -> str:
        """What it measures: the unit's base (元, 亩, %, 百分点, 个 …), "" without a unit."""
        return self.unit.base if self.unit is not None else self.printed.unit

    @property
    def is_count(self) -> bool:
        """Whether it counts whole things and is exact."""
        return self.interval.lo == self.interval.hi

    @property
    def value(self) -> Decimal:
        """In the printed unit, negative where a word says that it fell."""
        return self.printed.value.copy_negate() if self.falls else self.printed.value

    @property
    def signed(self) -> Interval:
        """`interval`, negative where a word says that it fell."""
        return -self.interval if self.falls else self.interval


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or period in a text, as printed: no figure."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Found:
    """A turn of phrase found in a sentence's form."""

    sentence: Sentence
    match: re.Match[str]

    def figure(self, group: str | int) -> Figure | None:
        """The figure that a group of one sign holds; None where the group is not there."""
        if self.match[group] is None:
            return None
        return self.sentence.figure_at(self.match.start(group))

    def figures(self, group: str | int = 0) -> list[Figure]:
        """All figures within a group, in order."""
        start, end = self.match.span(group)
        return [self.sentence.at[i] for i in range(start, end) if i in self.sentence.at]

    def text(self, group: str | int = 0) -> str:
        """The form's text of a group, "" where it is not there."""
        return self.match[group] or ""


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """Up to 。！？ or the end of a paragraph. `offsets[i]` is where `form[i]` stands in the text;
    one more closes the sentence."""

    start: int
    end: int
    paragraph: int
    form: str
    offsets: tuple[int, ...]
    at: dict[int, Figure] = field(repr=False)  # place in the form → figure
    moments: dict[int, Moment] = field(repr=False)  # place in the form → date or period

    @property
    def figures(self) -> list[Figure]:
        return [self.at[place] for place in sorted(self.at)]

    def figure_at(self, place: int) -> Figure:
        return self.at[place]

    def find(self, pattern: re.Pattern[str]) -> Iterator[Found]:
        """Every place where a pattern fits the form."""
        return (Found(self, match) for match in pattern.finditer(self.form))

    def words(self, start: int, end: int) -> str:
        """A stretch of the form with its figures and dates written out."""
        quotes = {place: figure.quote for place, figure in self.at.items()}
        quotes |= {place: moment.quote for place, moment in self.moments.items()}
        return "".join("".join(quotes.get(i, self.form[i]).split()) for i in range(start, end))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the text of a stretch of the form."""
        return self.offsets[start], self.offsets[end]


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A text as read: its sentences in order; the lines of tables are told apart from prose."""

    text: str
    sentences: tuple[Sentence, ...]
    rows: tuple[tuple[str, ...], ...] = ()  # cells of table lines, as printed

    @property
    def figures(self) -> list[Figure]:
        return [figure for sentence in self.sentences for figure in sentence.figures]
