"""Which figures stand around a printed one: before it in its sentence, or in its paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from diaodu.engine.proofread.reading.model import (
    AMOUNT,
    FIGURES,
    Figure,
    Reading,
    Sentence,
)
from diaodu.engine.proofread.reading.units import alike

_STOPS = "，；。：！？"
# An amount with one of these before it is wanted, not done.
_WANTED = re.compile(
    r"(?:任务数?|目标|计划|预算(?!总?收入|总?支出|内)|指标)(?:任务|目标|值|数|额|总额)?[^，；。、完成实现达到有]{0,6}$"
)
# 全年计划完成投资105亿元; 按计划完成 and 占计划的 say what was done.
_PLANNED = re.compile(
    r"(?<![按照据占超的])(?:年度|全年|今年|年内|总共|共)(?:还|拟|要)?(?:计划|预计|任务|目标)"
    r"(?:完成|投资|实现|达到|新增|新建|改造|开工|建设|安排|争取|引进)[^，；。¤]{0,10}$"
)
_BEYOND = re.compile(r"(?:超出?|超过|大于|小于|多于|少于|高于|低于|[差欠短])[^，；。¤]{0,4}$")
# An amount with one of these right before it is a change, not a level.
_CHANGE = re.compile(
    r"(?:净增|增加|增收|增支|多收|减少|减收|减支|净减|短收|超收|增长|下降|提高|上升|回落|多|少|高|低|差|缺)"
    r"(?:了|约|近|额为?|达|为|出)*$"
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A figure with its place in its sentence's form."""

    sentence: Sentence
    place: int
    figure: Figure

    @property
    def before(self) -> str:
        """The form up to the figure."""
        return self.sentence.form[: self.place]

    @property
    def after(self) -> str:
        """The form behind the figure."""
        return self.sentence.form[self.place + 1 :]

    @property
    def clause(self) -> str:
        """The words before the figure, since the last comma or stop that is in no brackets."""
        return self.before[clause_start(self.before) :]

    @property
    def is_wanted(self) -> bool:
        """Whether it is a target: 任务173873万元; 超出目标5.9亿元 is none."""
        if _PLANNED.search(self.clause):
            return True
        found = _WANTED.search(self.clause)
        return found is not None and _BEYOND.search(self.clause[: found.start()]) is None

    @property
    def is_change(self) -> bool:
        """Whether it says by how much something grew or fell: 增加2362万元."""
        return _CHANGE.search(self.clause) is not None


def clause_start(before: str) -> int:
    """Where the clause at the end of a text begins; what stands in brackets does not part it."""
    depth = 0
    for place in range(len(before) - 1, -1, -1):
        sign = before[place]
        if sign == "）":
            depth += 1
        elif sign == "（":
            if not depth:
                return place + 1
            depth -= 1
        elif sign in _STOPS and not depth:
            return place + 1
    return 0


def spots(sentence: Sentence, signs: str = FIGURES) -> list[Spot]:
    """The figures of a sentence that are of one of these sorts, in order."""
    return [
        Spot(sentence, place, sentence.at[place])
        for place in sorted(sentence.at)
        if sentence.at[place].sign in signs
    ]


JOINED = frozenset(("、", "和", "及", "与", "以及", "，"))


def listed(sentence: Sentence, signs: str) -> Iterator[tuple[Spot, ...]]:
    """Figures of one sort that are listed one right after the other; one alone is a list too."""
    run: list[Spot] = []
    for spot in spots(sentence, signs):
        if run and not _follows(run[-1], spot):
            yield tuple(run)
            run = []
        run.append(spot)
    if run:
        yield tuple(run)


def _follows(one: Spot, other: Spot) -> bool:
    between = other.before[one.place + 1 :]
    return one.figure.sign == other.figure.sign and between in JOINED


def amounts_before(spot: Spot, other: Figure | None = None) -> list[Spot]:
    """The amounts before a figure in its sentence, nearest first; those in a unit like another's
    where one is given. Inside brackets, those inside and the one that they stand behind."""
    start, _ = brackets(spot.sentence.form, spot.place)
    found = [one for one in spots(spot.sentence, AMOUNT) if start <= one.place < spot.place]
    if other is not None:
        found = [one for one in found if alike(one.figure.unit, other.unit)]
    return found[::-1]


def brackets(form: str, place: int) -> tuple[int, int]:
    """The stretch that belongs to a place: its brackets with the sign before them, or all."""
    opened, closed = form.rfind("（", 0, place), form.rfind("）", 0, place)
    if opened <= closed:
        return 0, len(form)
    end = form.find("）", place)
    return max(0, opened - 1), len(form) if end < 0 else end


def earlier_amounts(around: Sequence[Sentence], other: Figure) -> Iterator[Spot]:
    """The amounts of earlier sentences in a unit like another's, nearest first."""
    for sentence in reversed(around):
        yield from (
            spot
            for spot in reversed(spots(sentence, AMOUNT))
            if alike(spot.figure.unit, other.unit)
        )


class Paragraphs:
    """The sentences of a reading by paragraph."""

    def __init__(self, reading: Reading) -> None:
        self._sentences = reading.sentences

    @cached_property
    def _starts(self) -> dict[int, int]:
        starts: dict[int, int] = {}
        for index, sentence in enumerate(self._sentences):
            starts.setdefault(sentence.paragraph, index)
        return starts

    def before(self, index: int) -> Sequence[Sentence]:
        """The sentences of the same paragraph before the one with an index."""
        return self._sentences[self._starts[self._sentences[index].paragraph] : index]

    def walk(self) -> Iterator[tuple[Sentence, Sequence[Sentence]]]:
        """Each sentence with those before it in its paragraph."""
        for index, sentence in enumerate(self._sentences):
            if sentence.at:
                yield sentence, self.before(index)


_COMPARED_WITH = ("比", "较", "与")


def last_moment(spot: Spot, around: Sequence[Sentence]) -> str:
    """The date or period named last before a figure, in its sentence or paragraph; "" if none.

    One that something is compared with (比1—4月上升3位) is not the one that is told of.
    """
    for sentence in (spot.sentence, *reversed(around)):
        limit = spot.place if sentence is spot.sentence else len(sentence.form)
        places = [
            place
            for place in sentence.moments
            if place < limit and not sentence.form[:place].endswith(_COMPARED_WITH)
        ]
        if places:
            return "".join(sentence.moments[max(places)].quote.split())
    return ""
