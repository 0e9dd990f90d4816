"""One printed number spoilt at a time: what a proofreader must notice, and what it must not.

A mutant is made of a text in which a claim holds. Breaking ones: the printed result moved out of
the interval that rounding leaves (by one to three units of its last digit, and by a lot), 高于 for
低于, % for 百分点, 亿 for 万, one figure of a 分别 list left out. Quiet ones: the printed result
moved, but still inside the interval.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from diaodu.engine.proofread.claims import Claim
from diaodu.engine.proofread.numerals import spelt

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_OPPOSITES = (
    ("高于", "低于"), ("高出", "低于"), ("快于", "慢于"), ("超序时", "差序时"), ("超前", "滞后"),
    ("提高", "回落"), ("回升", "回落"), ("加快", "放缓"), ("上升", "下降"), ("多", "少"),
    ("高", "低"), ("超", "差"),
)  # fmt: skip
_RATES = frozenset("share growth progress pp_diff pace_gap contribution average".split())
_WITH_DIRECTION = frozenset(("pp_diff", "pace_gap", "difference"))
_STEPS = (1, 2, 3)
_MOST_STEPS = 5000


@dataclass(frozen=True, slots=True)
class Mutant:
    """`text` with `[start, end)` changed; `sort` names the mutation."""

    sort: str
    text: str
    start: int
    end: int
    breaks: bool

    def told_by(self, claim: Claim) -> bool:
        """Whether a claim of the mutant's text speaks of the changed place."""
        stretches = ((claim.start, claim.end), *claim.operands)
        return any(start <= self.end and self.start <= end for start, end in stretches)


def mutants_of(text: str, claim: Claim) -> Iterator[Mutant]:
    """All mutants of one claim that holds in `text`."""
    yield from _moved(text, claim)
    yield from _turned(text, claim)
    yield from _points_for_percent(text, claim)
    yield from _wrong_amounts(text, claim)
    yield from _shorter_lists(text, claim)


def _replaced(sort: str, text: str, start: int, end: int, new: str, *, breaks: bool) -> Mutant:
    return Mutant(sort, text[:start] + new + text[end:], start, start + len(new), breaks)


# -- the printed number moved ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the printed result stands: its digits alone."""

    start: int
    end: int
    value: Decimal
    in_words: bool = False

    @property
    def decimals(self) -> int:
        exponent = self.value.as_tuple().exponent
        return -exponent if isinstance(exponent, int) else 0

    def after(self, steps: int) -> Decimal:
        return self.value + Decimal(steps).scaleb(-self.decimals)

    def moved(self, steps: int) -> str:
        moved = self.after(steps)
        return spelt(int(moved)) if self.in_words and 0 < moved < 100 else f"{moved:f}"


def place_of(text: str, claim: Claim) -> _Place | None:
    """The last number of the claim that is the printed one, in digits or in words."""
    wanted = _NUMBER.search(claim.printed or "")
    if wanted is None:
        return None
    digits = wanted.group().replace(",", "")
    spelt = re.compile(r"(?<![\d.])" + r"[\s,，]?".join(map(_either_width, digits)) + r"(?![\d])")
    found = list(spelt.finditer(text, claim.start, claim.end))
    if found:
        return _Place(found[-1].start(), found[-1].end(), Decimal(digits))
    in_words = _in_words(digits)
    start = text.rfind(in_words, claim.start, claim.end) if in_words else -1
    if start < 0:
        return None
    return _Place(start, start + len(in_words), Decimal(digits), in_words=True)


def _in_words(digits: str) -> str:
    return spelt(int(digits)) if digits.isdecimal() and 0 < int(digits) < 100 else ""


def _either_width(sign: str) -> str:
    wide = "．" if sign == "." else chr(ord(sign) + 0xFEE0)
    return f"[{re.escape(sign)}{wide}]"


def _moved(text: str, claim: Claim) -> Iterator[Mutant]:
    place = place_of(text, claim)
    if place is None or claim.interval is None:
        return
    is_open = claim.kind == "count" and "等" in claim.quote  # the list may leave something out
    low, high = sorted(abs(Fraction(str(end))) for end in claim.interval)
    for sign in (-1,) if is_open else (1, -1):
        out = _steps_out(place, low, high, sign)
        for steps in range(1, min(out, 3)):
            yield _moved_by("inside", text, place, sign * steps, breaks=False)
        for more in _STEPS:
            steps = sign * (out + more - 1)
            if place.after(steps) >= 0:  # printed numbers have their sign in words
                yield _moved_by("last digit", text, place, steps, breaks=True)
    if place.value and not is_open:
        tenfold = f"{place.value * 10:f}"
        yield _replaced("large", text, place.start, place.end, tenfold, breaks=True)


def _steps_out(place: _Place, low: Fraction, high: Fraction, sign: int) -> int:
    """How many units of the last digit until no number printed alike can be the computed one."""
    unit = Fraction(1, 10**place.decimals)
    half = Fraction(0) if low == high and low.denominator == 1 else unit / 2
    steps = 1
    while (
        steps < _MOST_STEPS
        and low - half < Fraction(place.value) + sign * steps * unit < high + half
    ):
        steps += 1
    return steps


def _moved_by(sort: str, text: str, place: _Place, steps: int, *, breaks: bool) -> Mutant:
    new = place.moved(steps).lstrip("-")
    return _replaced(sort, text, place.start, place.end, new, breaks=breaks)


# -- words and units -------------------------------------------------------------------------------


def _turned(text: str, claim: Claim) -> Iterator[Mutant]:
    """The nearest word of direction before the printed number, turned round."""
    place = place_of(text, claim)
    if place is None or not place.value or claim.kind not in _WITH_DIRECTION:
        return
    pairs = {one: other for up, down in _OPPOSITES for one, other in ((down, up), (up, down))}
    words = "|".join(sorted(pairs, key=len, reverse=True))
    found = list(re.compile(words).finditer(text, claim.start, place.start))
    if found:
        start, end = found[-1].span()
        yield _replaced("direction", text, start, end, pairs[found[-1].group()], breaks=True)


def _points_for_percent(text: str, claim: Claim) -> Iterator[Mutant]:
    place = place_of(text, claim)
    if place is None or claim.kind not in _RATES:
        return
    unit = re.compile(r"\s*(?:(?P<percent>[%％])|个?百分点)").match(text, place.end)
    if unit:
        new = "个百分点" if unit["percent"] else "%"
        yield _replaced("% and 百分点", text, unit.start(), unit.end(), new, breaks=True)


def _wrong_amounts(text: str, claim: Claim) -> Iterator[Mutant]:
    """亿 for 万 and the other way round, at each amount of the claim in turn."""
    stretches = {(claim.start, claim.end), *claim.operands}
    places = {
        found.start("unit"): found["unit"]
        for start, end in stretches
        for found in re.compile(r"\d\s*(?P<unit>[亿万])(?![万亿])").finditer(text, start, end)
    }
    for start, unit in sorted(places.items()):
        new = "万" if unit == "亿" else "亿"
        yield _replaced("亿 and 万", text, start, start + 1, new, breaks=True)


def _shorter_lists(text: str, claim: Claim) -> Iterator[Mutant]:
    """One figure of a 分别 list left out: the second."""
    list_ = re.compile(
        r"分别[^，,；;。\d]*?(?P<first>[\d.]+\s*[^\d、，；。]{0,5})(?P<second>[、和][\d.]+[^、，；。和]{0,6})"
    ).search(text, claim.start, claim.end)
    if list_:
        start, end = list_.span("second")
        yield _replaced("分别 list", text, start, end, "", breaks=True)
