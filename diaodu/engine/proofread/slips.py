"""An amount in 万元 that fits only in 亿元, or the other way round.

An amount in another unit than those around it, with digits like theirs, is read once more in their
unit: where sums, shares or growths of the paragraph hold only then, its unit is a slip.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import groupby

from diaodu.engine.proofread import differences, growth, progress, share, sums
from diaodu.engine.proofread.claims import Claim
from diaodu.engine.proofread.reading.model import AMOUNT, Figure, Reading, Sentence

_CHECKS = (share.checks, progress.checks, growth.checks, differences.checks, sums.checks)
_FAR, _LIKE = 1000, 50  # units so far apart; numbers so near that they are of one kind
_MOST = 30  # more amounts around are a list of many things
_AROUND = 1  # sentences before and behind whose amounts count


def checks(reading: Reading) -> Iterator[Claim]:
    """Units that a claim of the paragraph shows to be wrong."""
    for _, group in groupby(reading.sentences, key=lambda one: one.paragraph):
        sentences = tuple(group)
        for index, sentence in enumerate(sentences):
            around = sentences[max(0, index - _AROUND) : index + _AROUND + 1]
            for place, figure in sentence.at.items():
                usual = _usual(figure, around)
                if usual is not None:
                    meant = _in_unit_of(figure, usual)
                    yield from _slip(reading.text, around, sentence, place, meant)


def _usual(figure: Figure, around: Sequence[Sentence]) -> Figure | None:
    """An amount in the unit most amounts around have, where that is far from the figure's own and
    their numbers are like its own."""
    if figure.sign != AMOUNT or figure.unit is None or figure.hedge is not None:
        return None
    others = [
        one
        for sentence in around
        for one in sentence.at.values()
        if one is not figure and one.unit is not None and one.dimension == figure.dimension
    ]
    if len(others) > _MOST:
        return None
    far = [one for one in others if _is_far(one, figure)]
    if len(far) * 2 <= len(others):
        return None
    unit, _ = Counter(one.printed.unit for one in far).most_common(1)[0]
    alike = [one for one in far if one.printed.unit == unit and _is_like(one, figure)]
    return alike[0] if alike else None


def _is_far(one: Figure, other: Figure) -> bool:
    if one.unit is None or other.unit is None:
        return False
    factors = sorted((one.unit.factor, other.unit.factor))
    return factors[1] >= _FAR * factors[0]


def _is_like(one: Figure, other: Figure) -> bool:
    numbers = sorted((one.printed.value, other.printed.value))
    return numbers[0] > 0 and numbers[1] <= _LIKE * numbers[0]


def _in_unit_of(figure: Figure, usual: Figure) -> Figure:
    assert figure.unit is not None and usual.unit is not None, "both are amounts with a unit"
    ratio = Fraction(usual.unit.factor) / Fraction(figure.unit.factor)
    printed = replace(figure.printed, unit=usual.printed.unit)
    quote = f"{printed.value:f}{printed.unit}"
    interval = figure.interval.times(ratio)
    return replace(figure, quote=quote, unit=usual.unit, printed=printed, interval=interval)


def _slip(
    text: str, around: Sequence[Sentence], sentence: Sentence, place: int, meant: Figure
) -> Iterator[Claim]:
    """The slip, where more holds with the figure as meant than as printed."""
    figure = sentence.at[place]
    mended = replace(sentence, at={**sentence.at, place: meant})
    after = tuple(mended if one is sentence else one for one in around)
    before = {(claim.kind, claim.start, claim.end) for claim in _holding(text, around, figure)}
    shown = [
        claim
        for claim in _holding(text, after, figure)
        if (claim.kind, claim.start, claim.end) not in before
    ]
    if not shown:
        return
    number, unit = f"{figure.printed.value:f}", meant.printed.unit
    reason = shown[0].explanation.removeprefix("按文中的数算，")
    yield Claim(
        figure.start, figure.end, text[figure.start : figure.end], "unit", "contradicts",
        f"{number}{figure.printed.unit}",
        f"“{figure.quote}”的单位应核对：写成{number}{unit}，{reason}",
        "wrong", f"{number}{unit}", None, f"{number}{unit}",
    )  # fmt: skip


def _holding(text: str, sentences: Sequence[Sentence], figure: Figure) -> Iterator[Claim]:
    """Claims on the sentences that hold and rest on the figure."""
    reading = Reading(text, tuple(sentences))
    for check in _CHECKS:
        for claim in check(reading):
            stretches = ((claim.start, claim.end), *claim.operands)
            touches = any(start <= figure.start < end for start, end in stretches)
            if claim.verdict == "holds" and touches:
                yield claim
