"""Differences of amounts: 比全市平均（39.68亿元）低16.1亿元, 由10家增加到16家、净增6家.

What is left of a task is one too: 距离17.38亿元的目标还差2.74亿元.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from diaodu.engine.compute import calculator_formulas as formulas
from diaodu.engine.proofread.arithmetic import (
    Attempt,
    computed,
    factor,
    judged,
)
from diaodu.engine.proofread.claims import Claim
from diaodu.engine.proofread.nearby import Paragraphs, Spot, amounts_before, earlier_amounts, spots
from diaodu.engine.proofread.reading.model import AMOUNT, Figure, Reading, Sentence
from diaodu.engine.proofread.reading.units import alike

_MORE = "净增加?|新增|增加|增长|增收|多增|提高|提升|上升|多出|高出|多|高|超过?|增"
_LESS = "净减少?|减少|减收|下降|降低|回落|少|低|减"
_LIGHT = r"(?:了|约|近|达|为|仅|出|于|额)*"
_AGAINST = re.compile(
    rf"(?<![同占环对])(?:比|较|与)(?P<name>[^，；。¤]{{0,16}}?)(?P<own>（?的?[^，；。¤（）]{{0,6}}¤）?|)(?:相比)?"
    rf"(?:净|仅|只|还|要|多|共|总共|分别|同比)*?(?:(?P<more>{_MORE})|(?P<less>{_LESS})){_LIGHT}$"
)
_MOVED = re.compile(rf"(?:(?P<more>{_MORE})|(?P<less>{_LESS})){_LIGHT}$")
_FROM = re.compile(
    r"[由从][^，；。]*?(?P<base>¤)[^，；。¤]*?(?:到|至|为|成)[^，；。¤]{0,6}(?P<now>¤)"
)
_SHORT = re.compile(
    rf"(?:距离?|离|与|比|较)?(?P<of>[^，；。]{{0,30}}?)(?:还|尚|仍|相|只)?(?:差|缺口|缺额|缺|短缺|不足|少){_LIGHT}$"
)
_WANTED_BEHIND = re.compile(r"的?[^，；。¤完成]{0,6}(?:任务|目标|计划)")
_LAST = re.compile(r"去年|上年|前年|年初|基数|20\d\d年|＠")


def checks(reading: Reading) -> Iterator[Claim]:
    for sentence, around in Paragraphs(reading).walk():
        for spot in spots(sentence, AMOUNT):
            claim = _moved(spot) or _against(spot, around) or _short(spot, around) or _needed(spot)
            if claim is not None:
                yield claim


def _attempt(a: Figure, b: Figure, printed: Figure, *, sure: bool) -> Attempt | None:
    """a − b in the printed figure's unit."""
    found = computed(
        formulas.difference, "difference", {"a": a, "b": b}, printed.printed.unit,
        scale=factor(printed),
    )  # fmt: skip
    return None if found is None else Attempt(*found, (a, b), sure)


def _turned(attempt: Attempt, word: str, right: str) -> Attempt:
    return replace(attempt, found=-attempt.found, sure=False, words=(word, right))


# -- 由A增加到B，增加C -----------------------------------------------------------------------------


def _moved(spot: Spot) -> Claim | None:
    match = _MOVED.search(spot.clause)
    if match is None:
        return None
    for found in _FROM.finditer(spot.before):
        between = spot.before[found.end() :]
        if "；" in between or "¤" in between or len(between) > 30:
            continue
        base, now = (spot.sentence.at[found.start(group)] for group in ("base", "now"))
        if not alike(base.unit, spot.figure.unit) or not alike(now.unit, spot.figure.unit):
            continue
        printed = replace(spot.figure, falls=match["less"] is not None)
        attempt = _attempt(now, base, printed, sure=True)
        if attempt is not None:
            words = (match["less"] or match["more"], "增加" if match["less"] else "减少")
            tried = [attempt, _turned(attempt, *words)]
            return judged(spot.sentence, "difference", printed, tried)
    return None


# -- 比A（a）多c -----------------------------------------------------------------------------------


def _against(spot: Spot, around: Sequence[Sentence]) -> Claim | None:
    match = _AGAINST.search(spot.clause)
    if match is None:
        return None
    offset = spot.place - len(spot.clause)
    other = None
    if match["own"]:
        place = offset + match.start("own") + match["own"].index("¤")
        other = Spot(spot.sentence, place, spot.sentence.at[place])
        if not alike(other.figure.unit, spot.figure.unit):
            return None
    printed = replace(spot.figure, falls=match["less"] is not None)
    start = offset + match.start()
    mine = [one for one in amounts_before(spot, spot.figure) if one.place < start]
    attempts: list[Attempt | None] = []
    if other is not None:
        attempts += [_attempt(one.figure, other.figure, printed, sure=not i) for i, one in
                     enumerate(mine[:2])]  # fmt: skip
        if not mine:
            attempts += [
                _attempt(one.figure, other.figure, printed, sure=False)
                for one in earlier_amounts(around, spot.figure)
            ]
    else:
        attempts += _with_named(spot, mine, match["name"], printed)
    tried = [one for one in attempts if one is not None]
    word = match["less"] or match["more"]
    tried += [_turned(one, word, "低" if match["more"] else "高") for one in tried if one.sure]
    return judged(spot.sentence, "difference", printed, tried, start=None)


def _with_named(
    spot: Spot, mine: Sequence[Spot], name: str, printed: Figure
) -> Iterator[Attempt | None]:
    """完成50亿元，去年同期45亿元，同比增加5亿元: where words tell last year's amount apart."""
    if not re.search(r"去年|上年|同期|年初|上月", name) or len(mine) < 2:
        return
    for one in mine[:1]:
        for other in mine[1:2]:
            pair = (one, other) if _LAST.search(other.clause) else (other, one)
            if _LAST.search(pair[1].clause) and not _LAST.search(pair[0].clause):
                yield _attempt(pair[0].figure, pair[1].figure, printed, sure=False)


# -- 距目标还差 -----------------------------------------------------------------------------------


def _short(spot: Spot, around: Sequence[Sentence]) -> Claim | None:
    """距离17.38亿元的目标任务还差2.74亿元: done is the nearest amount before that is no target."""
    match = _SHORT.search(spot.clause)
    if match is None:
        return None
    here = amounts_before(spot, spot.figure)
    start = spot.place - len(spot.clause)
    wanted = [one for one in here if one.place >= start and _is_target(one)][:1]
    if not wanted:
        return None
    done = [one for one in here if not _is_target(one)]
    done = done or list(earlier_amounts(around[-1:], spot.figure))
    attempts = [
        _attempt(
            wanted[0].figure,
            one.figure,
            spot.figure,
            sure=not index and one.sentence is spot.sentence,
        )
        for index, one in enumerate(done[:3])
    ]
    return judged(spot.sentence, "difference", spot.figure, [a for a in attempts if a is not None])


def _is_target(spot: Spot) -> bool:
    return (
        spot.is_wanted
        or re.match(r"的?[^，；。¤完成]{0,6}(?:任务|目标|计划)", spot.after) is not None
    )


# -- 必须净增 -------------------------------------------------------------------------------------


_NET = re.compile(rf"(?:净增加?|净减少?|净增长){_LIGHT}$")


def _needed(spot: Spot) -> Claim | None:
    """去年181.51亿元，今年要达到228.7亿元，必须净增47.2亿元."""
    if not _NET.search(spot.clause):
        return None
    here = amounts_before(spot, spot.figure)[:2]
    if len(here) < 2 or not _LAST.search(here[1].before[-30:]):
        return None
    printed = replace(spot.figure, falls=False)
    attempt = _attempt(here[0].figure, here[1].figure, printed, sure=True)
    return None if attempt is None else judged(spot.sentence, "difference", printed, [attempt])
