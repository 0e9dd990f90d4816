"""How much of a task is done (完成年度任务13亿元的83.77%), and how that stands to the time gone by
(超序时进度5.3个百分点)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from diaodu.engine.compute import calculator_formulas as formulas
from diaodu.engine.ground.interval import Interval
from diaodu.engine.proofread.arithmetic import (
    Attempt,
    computed,
    judged,
    unverifiable,
    with_other_sign,
)
from diaodu.engine.proofread.claims import Claim
from diaodu.engine.proofread.known import Known
from diaodu.engine.proofread.nearby import (
    Paragraphs,
    Spot,
    amounts_before,
    earlier_amounts,
    last_moment,
    listed,
    spots,
)
from diaodu.engine.proofread.reading.model import (
    AMOUNT,
    PERCENT,
    PLAIN,
    POINTS,
    Figure,
    Reading,
    Sentence,
)
from diaodu.engine.proofread.reading.units import alike
from diaodu.engine.proofread.share import as_percent

_TASK = (
    r"(?:任务|目标|计划|预算(?!总?收入|总?支出|内)|指标)"
    r"(?:任务|目标|总投资|投资)?(?:数|额|值|总额)?"
)
_LIGHT = r"(?:只|仅|为|达到|达|至|约|近|超过|超|到|了|是|的|比重|比例|左右|进度|之)*"
# 完成年度任务（13个）的84.6%, 占年度投资计划的38.6%, 为目标41亿元的42%
_OF_TASK = re.compile(
    rf"(?:完成|占|达到|达|为|实现)(?P<name>[^，；。]{{0,24}}?)(?:{_TASK})(?P<rest>[^，；。]{{0,14}}?)的?{_LIGHT}$"
)
_RATE = re.compile(rf"(?:完成率|完成比例|完成进度|达成率){_LIGHT}$")
_RISES = re.compile(r"增长|下降|增速|增幅|高于|低于|提高|回落")
_GROWS = re.compile(r"增长|下降|增速|增幅|[比较]|低|高|差|缺口")


def checks(reading: Reading) -> Iterator[Claim]:
    known = Known(reading)
    for sentence, around in Paragraphs(reading).walk():
        for spot in spots(sentence, PERCENT + POINTS):
            claim = _progress(spot, around, known)
            if claim is not None:
                yield claim
        for run in listed(sentence, POINTS + PERCENT):
            yield from _gaps(run, around)


# -- of a task -----------------------------------------------------------------------------------


def _progress(spot: Spot, around: Sequence[Sentence], known: Known) -> Claim | None:
    match = _OF_TASK.search(spot.clause)
    if spot.figure.hedge == "range" or (match is None and not _RATE.search(spot.clause)):
        return None
    if match is not None and _GROWS.search(match["name"] + match["rest"]):
        return None
    start = spot.place - len(spot.clause) + (match.start() if match else 0)
    printed, words = as_percent(spot.figure)
    within = [one for one in amounts_before(spot) if one.place > start and match is not None]
    pairs = (
        _with_target(spot, start, within[0])
        if within
        else _with_earlier_target(spot, start if match else spot.place, around)
    )
    attempts = []
    for actual, target, sure in pairs or _from_elsewhere(spot, known):
        found = computed(formulas.completion, "completion", {"actual": actual, "target": target})
        if found is not None:
            attempts.append(Attempt(*found, (actual, target), sure, words))
    claim = judged(spot.sentence, "progress", printed, attempts)
    if claim is None and words is None and spot.figure.hedge is None:
        missing = "任务（目标、计划、预算）的数" if amounts_before(spot) else "完成的数和任务的数"
        return unverifiable(spot.sentence, "progress", printed, missing)
    return claim


_Pair = tuple[Figure, Figure, bool]


def _with_target(spot: Spot, start: int, target: Spot) -> list[_Pair]:
    """The target is printed in the phrase: done is the nearest amount before it of its kind."""
    done = [
        one
        for one in amounts_before(spot, target.figure)
        if one.place < start and not one.is_wanted and not _is_target_of(one)
    ]
    same = [one for one in done if one.figure.unit == target.figure.unit] or done
    return [(one.figure, target.figure, one is same[0]) for one in done[:3]]


_TARGET_BEHIND = re.compile(r"^）?的?[％℗]|^）?的")


def _is_target_of(spot: Spot) -> bool:
    """Whether an amount is itself what a percentage is of: 41165万元的41.72%."""
    return _TARGET_BEHIND.match(spot.after) is not None


def _with_earlier_target(spot: Spot, start: int, around: Sequence[Sentence]) -> list[_Pair]:
    """任务数295个，仅完成67个，完成比例22.7%: the target stands before, in the sentence or the one
    before it."""
    done = [one for one in amounts_before(spot) if one.place < start and not one.is_wanted][:1]
    pairs: list[_Pair] = []
    for actual in done:
        targets = [one for one in amounts_before(actual, actual.figure) if one.is_wanted]
        far = [
            one
            for one in earlier_amounts(around[-3:], actual.figure)
            if one.is_wanted or _ALL_OF_IT.search(one.clause)
        ]
        pairs += [(actual.figure, one.figure, index == 0) for index, one in enumerate(targets)]
        later = [
            one
            for one in spots(spot.sentence, AMOUNT)
            if one.place > spot.place
            and one.is_wanted
            and alike(one.figure.unit, actual.figure.unit)
        ]
        sure = not targets and len(later) == 1
        pairs += [(actual.figure, one.figure, sure) for one in later]
        pairs += [(actual.figure, one.figure, False) for one in far]
        if not (targets or later):
            pairs += _all_there_are(actual)
    return pairs


def _all_there_are(done: Spot) -> list[_Pair]:
    """86项重点工作，已完成52项: the one count before it of the same unit."""
    wholes = [
        one
        for one in amounts_before(done)
        if one.figure.unit == done.figure.unit and one.figure.is_count and not one.is_change
    ]
    if len(wholes) != 1 or not _HAS_COME.search(done.clause):
        return []
    return [
        (done.figure, wholes[0].figure, wholes[0].figure.interval.hi >= done.figure.interval.lo)
    ]


_HAS_COME = re.compile(r"已[^，；。¤]{0,6}$")


def _from_elsewhere(spot: Spot, known: Known) -> list[_Pair]:
    """What is done and what is wanted of the same indicator, where one task alone is told of."""
    targets = known.amounts(spot, wanted=True)
    if len({one.figure.interval for one in targets}) != 1:
        return []
    own = [one for one in amounts_before(spot) if not (one.is_wanted or one.is_change)][:1]
    return [
        (done.figure, targets[0].figure, False)
        for done in own or known.amounts(spot, wanted=False)
        if alike(done.figure.unit, targets[0].figure.unit)
    ]


_ALL_OF_IT = re.compile(r"(?:共|共计|总计|合计)$")


# -- against the time gone by --------------------------------------------------------------------

_GAP = re.compile(
    r"(?P<side>超前|超出|超过|超|快于|高于|高出|低出|领先于?|差|低于|慢于|落后于?|滞后于?|欠|比|较|与)(?:了)?"
    r"(?P<pace>[^，；。％℗]{0,6}(?:序时进度|时间进度|序时|时序进度|均衡进度|计划进度|进度要求|(?<=[超欠差])进度))(?:要求|计划|任务|目标)?"
    r"(?P<verb>超前|快|高出?|多|慢|低|少|落后|滞后|差|相差|欠)?(?:了|约|近|出)*$"
)
_BEHIND = re.compile(r"差|低|慢|落后|滞后|欠|少")
_MONTHS = re.compile(r"(?P<last>\d{1,2})月(?:份|末|底)?$")
_NAMED = {
    "一季度": 3, "第一季度": 3, "上半年": 6, "前三季度": 9, "前3季度": 9, "二季度": 6, "三季度": 9,
    "前两个季度": 6, "1-3季度": 9, "前三个季度": 9,
}  # fmt: skip
_DAY = re.compile(r"(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]")
_YEAR_DAYS = 365


def _gaps(run: Sequence[Spot], around: Sequence[Sentence]) -> Iterator[Claim]:
    """One gap to the pace, or several in the order of as many percentages."""
    match = _GAP.search(run[0].clause)
    if match is None:
        return
    start = run[0].place - len(run[0].clause) + match.start()
    dones = [one for one in listed(run[0].sentence, PERCENT + PLAIN) if one[-1].place < start]
    done = dones[-1] if dones and not _RISES.search(dones[-1][0].clause) else ()
    for index, spot in enumerate(run):
        own = (
            done[index] if len(done) == len(run) else (done[-1] if len(run) == 1 and done else None)
        )
        claim = _gap(spot, match, own, start, around)
        if claim is not None:
            yield claim


def _gap(
    spot: Spot, match: re.Match[str], own: Spot | None, start: int, around: Sequence[Sentence]
) -> Claim | None:
    behind = _BEHIND.search(match["side"] + (match["verb"] or "")) is not None
    printed, words = replace(spot.figure, falls=behind), None
    if spot.figure.sign == PERCENT:
        printed, *pair = with_other_sign(printed)
        words = (pair[0], pair[1])
    at = spot.sentence.offsets[start]
    if own is None:
        return unverifiable(spot.sentence, "pace_gap", spot.figure, "完成率", start=at)
    paces = _paces(last_moment(spot, around))
    if not paces:
        return unverifiable(spot.sentence, "pace_gap", spot.figure, "截至的月份", start=at)
    side = match["side"] if match["side"] not in "比较与" else match["verb"] or ""
    attempts = [_pace(own.figure, pace, len(paces) == 1) for pace in paces]
    attempts = [replace(one, words=words) for one in attempts]
    turned = [
        replace(one, found=-one.found, sure=False, words=(side, _TURNED[behind]))
        for one in attempts
    ]
    claim = judged(spot.sentence, "pace_gap", printed, [*attempts, *turned], start=at)
    if claim is not None and claim.grade == "wrong" and _is_other_pace(own.figure, printed, paces):
        missing = "所说的序时进度是多少（看来不是按月均摊的）"
        return unverifiable(spot.sentence, "pace_gap", spot.figure, missing, start=at)
    return claim if words is None or (claim is not None and claim.grade == "wording") else None


def _is_other_pace(done: Figure, gap: Figure, paces: Sequence[tuple[int, int]]) -> bool:
    """Whether a gap fits a round pace far from the months gone by: 82.2%，高于序时进度2.2个百分点
    in August rests on 80 %, as a plan of milestones may want."""
    implied = Fraction(done.printed.value) - Fraction(gap.value)
    far = all(abs(implied - Fraction(100 * part, whole)) >= _FAR for part, whole in paces)
    return far and 0 < implied <= 100 and implied % _ROUND == 0


_ROUND, _FAR = 5, 3
_TURNED = {True: "超", False: "差"}


def _pace(done: Figure, pace: tuple[int, int], sure: bool) -> Attempt:
    part, whole = pace
    gap = done.interval - Interval.exact(Fraction(part * 100, whole))
    return Attempt(
        gap, f"进度差 = {''.join(done.quote.split())} − {part} ÷ {whole} × 100", (done,), sure
    )


def _paces(moment: str) -> list[tuple[int, int]]:
    """The parts of the year gone by that a date or period may mean, as fractions."""
    day = _DAY.search(moment)
    if day is not None:
        month, date = int(day["month"]), int(day["day"])
        gone = sum((31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[: month - 1]) + date
        return [(gone, _YEAR_DAYS), (gone + 1, _YEAR_DAYS + 1), (month - 1, 12), (month, 12)]
    named = [months for name, months in _NAMED.items() if moment.endswith(name)]
    if named:
        return [(named[-1], 12)]
    month_ = _MONTHS.search(moment)
    if month_ is None or not 1 <= int(month_["last"]) <= 12:
        return []
    gone = int(month_["last"])
    alone = re.fullmatch(r"(?:\d{4}年)?\d{1,2}月份?", moment) is not None
    return [(gone, 12), (1, 12)] if alone and gone > 1 else [(gone, 12)]
