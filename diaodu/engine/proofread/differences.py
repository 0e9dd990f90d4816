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
    rf"(?:距离?|离|与|比|较)?(?P<of>[^，；。]{{0,30}}?)(?:还|尚|仍|相|只)?"
    rf"(?:差|缺口|缺额|缺|短缺|不足|少|(?P<over>超额?(?:完成)?)){_LIGHT}$"
)
_STILL = re.compile(rf"^(?:还|尚|仍)(?:有|存在)?(?:差|缺口|缺|欠){_LIGHT}$")
_SURPASSED = re.compile(rf"^(?:已)?(?:超额|超出|超)(?:完成|任务|目标)?{_LIGHT}$")
_GOAL = re.compile(r"目标|任务|计划")
_WANTED_BEHIND = re.compile(r"的?[^，；。¤完成]{0,6}(?:任务|目标|计划)")
_LAST = re.compile(r"去年|上年|前年|年初|基数|20\d\d年|＠")


def checks(reading: Reading) -> Iterator[Claim]:
    for sentence, around in Paragraphs(reading).walk():
        for spot in spots(sentence, AMOUNT):
            claim = (
                _moved(spot) or _against(spot, around) or _short(spot, around)
                or _needed(spot) or _rest(spot, around) or _balance(spot)
            )  # fmt: skip
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
    behind = _named_behind(spot, name)
    if behind is not None and mine:
        yield _attempt(mine[0].figure, behind.figure, printed, sure=True)
    called = [one for one in mine if len(name) > 1 and _is_called(one, name)]
    others = [one for one in mine if one not in called]
    if len(called) == 1 and others and not re.search(r"去年|上年|同期|年初|上月", name):
        sure = len(others) == 1 and called[0].figure.unit == spot.figure.unit
        yield _attempt(others[0].figure, called[0].figure, printed, sure=sure)
    if not re.search(r"去年|上年|同期|年初|上月", name) or len(mine) < 2:
        return
    for one in mine[:1]:
        for other in mine[1:2]:
            pair = (one, other) if _LAST.search(other.clause) else (other, one)
            if _LAST.search(pair[1].clause) and not _LAST.search(pair[0].clause):
                sure = len(mine) == 2 and _is_bare_year(pair[1], name)
                yield _attempt(pair[0].figure, pair[1].figure, printed, sure=sure)


def _named_behind(spot: Spot, name: str) -> Spot | None:
    """比去年多2.4亿元，去年为10.2亿元."""
    bare = re.escape(name.rstrip("的"))
    match = bare and re.match(
        rf"[，（](?:而)?{bare}(?:同期)?(?:为|是|完成|实现|只有|仅)*¤", spot.after
    )
    if not match:
        return None
    place = spot.place + match.end()
    behind = Spot(spot.sentence, place, spot.sentence.at[place])
    return behind if alike(behind.figure.unit, spot.figure.unit) else None


def _is_called(one: Spot, name: str) -> bool:
    """Whether a clause begins with the name that another is compared with: 全省平均86.2分."""
    return one.clause.startswith(name.rstrip("的")) and not one.is_change


def _is_bare_year(last: Spot, name: str) -> bool:
    """去年入库28家 and 比去年: the amount of the very year that is compared with."""
    return last.clause.startswith(name.rstrip("的")) and not _OF_YEAR_LONG.search(last.clause)


_OF_YEAR_LONG = re.compile(r"全年|累计|季度|半年|月|＠")


# -- 距目标还差 -----------------------------------------------------------------------------------


def _short(spot: Spot, around: Sequence[Sentence]) -> Claim | None:
    """距离17.38亿元的目标任务还差2.74亿元: done is the nearest amount before that is no target."""
    match = _SHORT.search(spot.clause)
    if match is None:
        return None
    clause, here = spot.clause, amounts_before(spot, spot.figure)
    start = spot.place - len(clause)
    wanted = [one for one in here if one.place >= start and _is_target(one)][:1]
    still = _STILL.search(clause) or _SURPASSED.search(clause)
    if not wanted and (_GOAL.search(match["of"]) or still):
        wanted = [one for one in here if one.is_wanted and not _SHORT.search(one.clause)][:1]
    if not wanted:
        return None
    done = [one for one in here if not _is_target(one)]
    sure = bool(done)
    done = done or list(earlier_amounts(around[-1:], spot.figure))
    over = match["over"] is not None
    printed = replace(spot.figure, falls=over)
    attempts = []
    for index, one in enumerate(done[:3]):
        given = _attempt(wanted[0].figure, one.figure, printed, sure=sure and not index)
        if given is not None:
            attempts += [given, _turned(given, *(("超", "差") if over else ("差", "超")))]
    return judged(spot.sentence, "difference", printed, attempts)


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
    if len(here) < 2 or not _LAST.search(here[1].before[-30:]) or here[1].is_change:
        return None
    printed = replace(spot.figure, falls=False)
    attempt = _attempt(here[0].figure, here[1].figure, printed, sure=True)
    return None if attempt is None else judged(spot.sentence, "difference", printed, [attempt])


# -- 还有…未完成 -----------------------------------------------------------------------------------

_LEFT = re.compile(
    r"(?:还剩余?|剩余|剩下|余下|尚余|尚有|还有|仍有|其余|其他|另有|另外|未[^，；。¤]{1,6}|，)[^，；。¤]{0,6}$"
)
_NOT_YET = re.compile(r"^(?:目前|截至目前)?(?:尚|还|仍)?(?:有)?[未没][^，；。¤]{1,6}$")
_SAID_LEFT = re.compile(r"剩|余")
_OPEN = re.compile(r"[^，；。¤]{0,10}?(?:未|没有|正在|待|长期|尚|处于|滞后|推进|整改中)")
_DONE = re.compile(r"已|完成|整改|开工|办结|建成|竣工|销号|化解|兑付|启动|落实|到位|退出|拨付")


def _rest(spot: Spot, around: Sequence[Sentence]) -> Claim | None:
    """问题34个，已整改31个，还有3个正在整改: what is left is all of them less those done."""
    clause = spot.clause
    if not (_LEFT.search(clause) or not clause) or _DONE_HERE.search(clause):
        return None
    if not (_SAID_LEFT.search(clause) or _OPEN.match(spot.after) or _NOT_YET.search(clause)):
        return None
    here = amounts_before(spot, spot.figure)
    here = [one for one in here if one.figure.unit == spot.figure.unit]
    if len(here) > 1 and _ALL_TO_DO.search(here[0].clause):  # 已拆迁286户，占应拆迁320户的…
        here = [here[1], here[0], *here[2:]]
    if not here or not _is_done(here[0]) or "；" in here[0].after[: spot.place - here[0].place]:
        return None
    if _is_of_another(here[0], spot):
        return None
    wholes = here[1:2] or list(earlier_amounts(around[-1:], spot.figure))[:2]
    attempts = [
        attempt
        for one in wholes
        if one.figure.unit == spot.figure.unit
        and one.figure.interval.hi >= here[0].figure.interval.lo
        and (attempt := _attempt(one.figure, here[0].figure, spot.figure, sure=len(here) > 1))
    ]
    return judged(spot.sentence, "difference", spot.figure, attempts)


def _is_of_another(done: Spot, left: Spot) -> bool:
    """5个县完成投资任务，4个县未完成税收任务: what is not done is another thing."""
    yes, no = _DONE_WHAT.match(done.after), _DONE_WHAT.match(left.after)
    return yes is not None and no is not None and yes["what"] != no["what"]


_DONE_WHAT = re.compile(r"[^，；。¤]{0,10}?[未没有]{0,2}完成(?P<what>[^，；。¤的]+)(?:任务|目标)")
_ALL_TO_DO = re.compile(r"占[^，；。¤]{0,6}(?:应|总数|任务|全部|全县)[^，；。¤]{0,6}$")
_DONE_HERE = re.compile(r"已(?:经)?(?:完成|建成|整改|开工)")


def _is_done(spot: Spot) -> bool:
    behind = re.match(r"[^，；。¤]{0,8}", spot.after)
    return _DONE.search(spot.clause + (behind[0] if behind else "")) is not None


# -- 收支缺口, 顺差 -------------------------------------------------------------------------------

_BALANCE = re.compile(
    rf"(?:收支(?:缺口|差额|矛盾|相抵[^，；。¤]{{0,4}})|(?:贸易)?[顺逆]差|存贷差|净流[入出]|(?:两者|二者)?相差){_LIGHT}$"
)


def _balance(spot: Spot) -> Claim | None:
    """收入8.6亿元，支出36.2亿元，收支缺口27.6亿元: the larger of two less the smaller."""
    if not _BALANCE.search(spot.clause):
        return None
    here = [one for one in amounts_before(spot, spot.figure) if not one.is_change]
    if len(here) != 2:
        return None
    more, less = sorted((one.figure for one in here), key=lambda one: -one.interval.value)
    attempt = _attempt(more, less, replace(spot.figure, falls=False), sure=True)
    return None if attempt is None else judged(spot.sentence, "difference", spot.figure, [attempt])
