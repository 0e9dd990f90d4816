"""Tallies that add up to what is counted: 14个地市“11增3降”, 8项指标“两个第一、六个第二”."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from diaodu.engine.proofread.claims import Claim
from diaodu.engine.proofread.flat import Flat, flatten
from diaodu.engine.proofread.numerals import NUMERAL, whole
from diaodu.engine.proofread.reading.model import Reading

_BRACKETS = re.compile(r"（[^（）]*）")


def _part(name: str, words: str) -> str:
    return rf"(?<![第\d.])(?P<{name}>{NUMERAL})(?:个|项|家)?(?:{words})"


_TALLY = re.compile(
    rf"{_part('up', '升|增|高|涨|优|达标')}[、，□]*(?:{_part('flat', '平|持平')}[、，□]*)?"
    rf"{_part('down', '降|低|减|跌|差|未达标')}(?![低于%\d.])"
)
_PLACES = re.compile(
    rf"(?:(?:{NUMERAL})个(?:第[一二三四五六七八九十\d]+|倒数第[一二三四五六七八九十\d]+)[、，]?){{2,}}"
)
_ONE_PLACE = re.compile(rf"(?P<count>{NUMERAL})个(?:倒数)?第")
_WHOLE = re.compile(
    rf"(?<![第前每近\d.一二三四五六七八九十])(?P<count>{NUMERAL})(?:个|项|家|大)"
    r"(?=(?:[^，。；：、□\d]{0,8})?(?:指标|市|县|区|州|行业|企业|乡镇|镇|部门|地市))"
)
_ONE = re.compile(rf"(?P<count>{NUMERAL})(?:个|项|家)?(?P<word>[升增高涨平降低减跌])")
_AGAIN = re.compile(
    rf"“(?P<count>{NUMERAL})(?P<word>[升增高涨平降低减跌])”(?:指标)?(?:分别)?[为是：]"
)
_BEHIND = 1200
_BEFORE = 600


def checks(reading: Reading) -> Iterator[Claim]:
    """Tallies with the number of what is tallied in the same sentence or the one before."""
    flat = flatten(reading.text)
    bare = _BRACKETS.sub(lambda found: "□" * len(found.group()), flat.text)
    for match in _TALLY.finditer(bare):
        parts = [whole(match[name]) for name in ("up", "flat", "down") if match[name]]
        yield from _claims(reading.text, flat, bare, match, parts)
        yield from _told_apart(reading.text, flat, match)
    for match in _PLACES.finditer(bare):
        parts = [whole(one["count"]) for one in _ONE_PLACE.finditer(match.group())]
        yield from _claims(reading.text, flat, bare, match, parts)


def _claims(
    text: str, flat: Flat, bare: str, match: re.Match[str], parts: list[int]
) -> Iterator[Claim]:
    """A contradiction only where one whole stands in the sentence and no other number beside it."""
    wholes = _wholes(bare, match.start())
    total = sum(parts)
    fitting = [one for one in wholes if whole(one["count"]) == total]
    own = bare.rfind("。", 0, match.start())
    near = [one for one in wholes if one.start() > own]
    if not fitting and len(near) != 1:
        return
    meant = fitting[-1] if fitting else near[0]
    apart = meant.start() < own
    start, end = flat.span(match.start() if apart else meant.start(), match.end())
    told = f"{'+'.join(str(part) for part in parts)}={total}"
    count = whole(meant["count"])
    yield Claim(
        start, end, text[start:end], "sum", "holds" if fitting else "contradicts", f"{count}个",
        f"{told}，与总数{count}个相符" if fitting
        else f"{told}，与总数{count}个不符；应核对各项个数，或把总数写成{total}个",
        None if fitting else "wrong", f"{total}个", (Fraction(total), Fraction(total)),
        None if fitting else f"{total}个", (flat.span(*meant.span()),) if apart else (),
    )  # fmt: skip


def _told_apart(text: str, flat: Flat, match: re.Match[str]) -> Iterator[Claim]:
    """“10高1低” … “10高”为: the numbers told again one by one are those of the tally."""
    counts = {one["word"]: whole(one["count"]) for one in _ONE.finditer(match.group())}
    again = [
        one
        for one in _AGAIN.finditer(flat.text, match.end(), match.end() + _BEHIND)
        if one["word"] in counts
    ]
    if not again:
        return
    wrong = [one for one in again if whole(one["count"]) != counts[one["word"]]]
    start, end = flat.span(*match.span())
    meant = (wrong or again)[0]
    printed = f"{counts[meant['word']]}{meant['word']}"
    told = f"前面说“{printed}”，后面写的是“{meant['count']}{meant['word']}”，"
    count = Fraction(whole(meant["count"]))
    computed = f"{meant['count']}{meant['word']}"
    yield Claim(
        start, end, text[start:end], "count", "contradicts" if wrong else "holds", printed,
        told + ("前后不一致；应核对并统一" if wrong else "相符"), "wrong" if wrong else None,
        computed, (count, count), computed if wrong else None,
        tuple(flat.span(*one.span()) for one in again),
    )  # fmt: skip


def _wholes(bare: str, end: int) -> list[re.Match[str]]:
    """What may be the whole: counted nouns shortly before, in this sentence or the one before."""
    paragraph = bare.rfind("\n", 0, end) + 1
    return list(_WHOLE.finditer(bare, max(paragraph, end - _BEFORE), end))
