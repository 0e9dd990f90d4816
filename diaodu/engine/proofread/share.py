"""Shares: 占全市的5.5%, 占比12%, 上报率37.9%; structures a:b:c that make up a hundred."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from diaodu.engine.compute import calculator_formulas as formulas
from diaodu.engine.ground.interval import Interval
from diaodu.engine.proofread.arithmetic import (
    Attempt,
    computed,
    judged,
    plain,
    unverifiable,
    with_other_sign,
)
from diaodu.engine.proofread.claims import Claim, Kind
from diaodu.engine.proofread.known import Known, named
from diaodu.engine.proofread.nearby import (
    Paragraphs,
    Spot,
    amounts_before,
    earlier_amounts,
    listed,
    spots,
)
from diaodu.engine.proofread.reading.model import (
    AMOUNT,
    PERCENT,
    POINTS,
    Figure,
    Found,
    Reading,
    Sentence,
)
from diaodu.engine.proofread.reading.units import alike

_LIGHT = r"(?:只有|只|仅|为|达到|达|至|约|近|超过|超|到|了|是|的|比重|比例|份额|比|总数|总量|左右)*"
_SHARE = re.compile(
    rf"占(?!比较|地|用)(?:比|了|到(?!位))?(?P<whole>[^，；。占]{{0,30}}?)(?:的)?{_LIGHT}$"
)
_TASKS = re.compile(r"任务|目标|计划|预算(?!总?收入|总?支出|内)|进度")
_CHANGES = re.compile(
    r"提高|提升|上升|下降|降低|增加|由|从|至|到|高于|低于|不低|不少|(?<!规模)(?<!限额)以上"
)
# Shares that are named after what a part of the things has come to.
_RATE = re.compile(
    rf"(?P<stem>[\u4e00-\u9fff]{{0,4}}(?:开工|竣工|投产|签约|履约|落地|到位|上报|填报|授信|入库|覆盖|"
    rf"办结|整改|化解|达标|合格|达产|转化|参保|支付|拨付|支出|入统|利用|销号|收缴|受理|走访|响应|参与|"
    rf"回收|收回|发放|兑现|脱贫|完工|开业|复工|复产|申报|中标|建成|交付|使用|验收|培训|检测|检查|接种|"
    rf"并网|(?<!户籍人口)城镇化))率{_LIGHT}$|(?P<side>增长|下降|亏损|盈利|停产)面{_LIGHT}$"
)
_EVERY = re.compile(r"^(?:全部|所有|全县|全市|全区|全省|全州|全国|同期|总|整个|规模以上)+")
_OWN_SHARE = re.compile(r"^[^，；。¤]{0,12}[，、（]?(?:分别)?占[^，；。¤]{0,20}[％℗]")
_LEFT = re.compile(r"还?剩|尚|还有|仍有|其余|余下|未")
_DONE = re.compile(r"已|完成|累计|整改|实现|办结|销号")
_WITHIN = re.compile(r"其中")
_AMONG = re.compile(r"其中|中|里|之内")
_NAMES_BACK = 30  # characters of a clause in which an amount's name is looked for
_NAMES_ON = 10  # and behind it: 158个行政村


@dataclass(frozen=True, slots=True)
class _Pair:
    part: Figure
    whole: Figure
    sure: bool
    of_task: bool = False  # 计划191个，已开工126个
    guess: bool = False  # the whole is not called what the share is said to be of


def checks(reading: Reading) -> Iterator[Claim]:
    known = Known(reading)
    for sentence, around in Paragraphs(reading).walk():
        for spot in spots(sentence, PERCENT + POINTS):
            claim = _share(spot, around, known) or _rate(spot)
            if claim is not None:
                yield claim
        for run in listed(sentence, PERCENT):
            yield from _respectively(run)
        yield from _structures(sentence)


# -- 占 ------------------------------------------------------------------------------------------


def _share(spot: Spot, around: Sequence[Sentence], known: Known) -> Claim | None:
    match = _SHARE.search(spot.clause)
    if match is not None and PERCENT in spot.after[1:3] and "分别" in spot.clause:
        return None
    if (
        match is None
        or _TASKS.search(match["whole"])
        or _CHANGES.search(match["whole"])
        or spot.figure.hedge == "range"
    ):
        return None
    start = spot.place - len(spot.clause) + match.start()
    parts = _parts(spot, start)
    printed, words = as_percent(spot.figure)
    pairs = _pairs(spot, start, parts, match["whole"], around)
    pairs += _of_known(parts, match["whole"], spot, known)
    attempts = [*_attempts(pairs, words)]
    attempts += [one for part in parts for one in _left(part, words)]
    claim = judged(spot.sentence, "share", printed, attempts)
    if claim is None and words is None and spot.figure.hedge is None:
        first = start - match.start()  # where the clause begins
        name = spot.sentence.words(first + match.start("whole"), first + match.end("whole"))
        missing = f"“{name}”的数" if len(name) > 1 else "可用来核对的部分和全部的数"
        return unverifiable(spot.sentence, "share", printed, missing)
    return claim


def as_percent(figure: Figure) -> tuple[Figure, tuple[str, str] | None]:
    """A percentage, and the words to tell where it is printed in points."""
    if figure.sign == PERCENT:
        return figure, None
    printed, word, right = with_other_sign(figure)
    return printed, (word, right)


def _attempts(pairs: Sequence[_Pair], words: tuple[str, str] | None) -> Iterator[Attempt]:
    for pair in pairs:
        found = computed(formulas.share, "share", {"part": pair.part, "whole": pair.whole})
        if found is not None and pair.whole.interval.value > 0:
            operands = (pair.part, pair.whole)
            yield Attempt(*found, operands, pair.sure, words=words, guess=pair.guess)


def _parts(spot: Spot, start: int) -> list[Spot]:
    """What is part of something: the amount before 占, and one that stands beside it
    (343户1705万元); where the words before 占 name it (税收占…), the amount that is called so."""
    before = [one for one in amounts_before(spot) if one.place < start and not one.is_change]
    name = spot.clause[: start - spot.place]
    called = [one for one in before if len(name) > 1 and name in one.clause]
    if called:
        return called[:1]
    beside = [one for one in before[1:2] if before[0].place - one.place <= 2]
    return [*before[:1], *beside]


def _pairs(
    spot: Spot, start: int, parts: Sequence[Spot], named: str, around: Sequence[Sentence]
) -> list[_Pair]:
    within = [one for one in amounts_before(spot) if one.place > start]
    pairs: list[_Pair] = []
    for part in parts:
        if within:
            pairs += _with_whole(part, spot, within[0].figure)
            continue
        pairs += _by_name(part, named, around)
        pairs += _in_sentence(part, sure=not named and _stands_before(part, start))
    if not within:
        pairs += [pair for part in parts for pair in _in_paragraph(part, around, bare=not named)]
    sentences = (*around, spot.sentence)
    return [replace(one, guess=_is_another(one.whole, named, sentences)) for one in pairs]


def _is_another(whole: Figure, name: str, sentences: Sequence[Sentence]) -> bool:
    """Whether a whole is called something else than what a share is said to be of: most of the
    name (占出口总值) stands nowhere around it (进出口总值64.7亿元)."""
    bare = _QUANTITY.sub("", named(_EVERY.sub("", name)).replace("进出口", "外贸"))
    home = next((one for one in sentences if one.start <= whole.start < one.end), None)
    if len(bare) < 2 or home is None:
        return False
    place = next(place for place, one in home.at.items() if one.start == whole.start)
    around = home.form[max(0, place - _NAMES_BACK) : place + _NAMES_ON] + whole.subject
    called = named(around).replace("进出口", "外贸")
    return 3 * sum(sign in called for sign in bare) < 2 * len(bare)


_QUANTITY = re.compile(r"(?:总?[值量额数]|总计|合计|全部|比[重例])+$|（.*")


def _left(part: Spot, words: tuple[str, str] | None) -> Iterator[Attempt]:
    """已完成773户，还剩343户，占…: both together are the whole."""
    if not _LEFT.search(part.clause) or _WITHIN.search(part.clause):
        return
    for done in amounts_before(part, part.figure)[:1]:
        if not _DONE.search(done.clause):
            continue
        rest = _ratio(done.figure, part.figure)
        if rest is not None:
            shown = f"{plain(part.figure)} ÷ ({plain(done.figure)} + {plain(part.figure)}) × 100"
            share = Interval.exact(100) / (rest + Interval.exact(1))
            yield Attempt(share, f"占比 = {shown}", (part.figure, done.figure), words=words)


def _ratio(a: Figure, b: Figure) -> Interval | None:
    found = computed(formulas.ratio, "ratio", {"a": a.interval, "b": b.interval})
    return None if found is None else found[0]


def _with_whole(part: Spot, spot: Spot, whole: Figure) -> list[_Pair]:
    """占全省4748.2亿元的3.3%: the part is the nearest amount of that kind before it."""
    if alike(part.figure.unit, whole.unit):
        return [_Pair(part.figure, whole, sure=True)]
    others = [one for one in amounts_before(part, whole) if one.place < part.place]
    return [_Pair(one.figure, whole, sure=False) for one in others[:2]]


def _by_name(part: Spot, named: str, around: Sequence[Sentence]) -> list[_Pair]:
    """占贷款余额的17.6%: the amount that is called so, in this sentence or its paragraph."""
    name = _EVERY.sub("", named)
    if len(name) < 2:
        return []
    told = [
        *amounts_before(part, part.figure),
        *earlier_amounts(around, part.figure),
        *_amounts_behind(part),
    ]
    called = [
        one
        for one in told
        if name in one.clause[-_NAMES_BACK:]
        and _AMOUNTS_TO.sub("", one.clause).endswith(_AMOUNTS_TO.sub("", name))
        and _is_whole(one.figure, part.figure)
        and not (one.is_change or _OWN_SHARE.match(one.after))
    ]
    sure = len(called) == 1 and len(name) > 2
    return [_Pair(part.figure, one.figure, sure) for one in called]


_AMOUNTS_TO = re.compile(r"(?:为|达到?|约|近|是|仅|有|完成|实现|共|总量|总额|总值)+$")


def _amounts_behind(part: Spot) -> list[Spot]:
    """占一般公共预算收入的64.6%，一般公共预算收入为19.2亿元."""
    return [
        one
        for one in spots(part.sentence, AMOUNT)
        if one.place > part.place and alike(one.figure.unit, part.figure.unit)
    ]


def _stands_before(part: Spot, start: int) -> bool:
    """Whether a share follows its part at once: 27个项目滞后，占29.6%."""
    between = part.after[: start - part.place - 1]
    return len(between) <= 16 and PERCENT not in between and between.count("，") <= 1


def _in_sentence(part: Spot, *, sure: bool) -> list[_Pair]:
    """Amounts of that kind before the part, larger, and no parts with a share of their own."""
    wholes = [
        one
        for one in amounts_before(part, part.figure)
        if _is_whole(one.figure, part.figure)
        and not _OWN_SHARE.match(one.after)
        and not one.is_change
    ]
    if _LEFT.search(part.clause):  # 已完成773户，还剩343户: what is done is no whole of the rest
        return [
            _Pair(part.figure, one.figure, sure=False)
            for one in wholes
            if not _DONE.search(one.clause)
        ]
    pairs = []
    for index, one in enumerate(wholes):
        between = part.before[one.place + 1 :]
        only = len(wholes) == 1 or (index == 0 and _AMONG.search(between) is not None)
        same = one.figure.unit == part.figure.unit
        pairs.append(_Pair(part.figure, one.figure, sure and only and same))
    return pairs


def _of_known(parts: Sequence[Spot], named: str, spot: Spot, known: Known) -> list[_Pair]:
    """占GDP的27.3%: the amount that is called so and was told before in the text."""
    whole = known.level(named, spot)
    if whole is None:
        return []
    return [
        _Pair(part.figure, whole.figure, sure=False)
        for part in parts
        if alike(part.figure.unit, whole.figure.unit) and _is_whole(whole.figure, part.figure)
    ]


def _in_paragraph(part: Spot, around: Sequence[Sentence], *, bare: bool) -> list[_Pair]:
    """Amounts of the two sentences before; sure of the only one where this one lists its parts:
    完成总产值24.6亿元。其中种植业12.9亿元，占52.4%."""
    wholes = [
        one
        for one in earlier_amounts(around[-2:], part.figure)
        if _is_whole(one.figure, part.figure)
        and not _OWN_SHARE.match(one.after)
        and not one.is_change
    ]
    before = [one for one in wholes if around and one.sentence is around[-1]]
    sure = bare and len(before) == 1 and part.sentence.form.startswith("其中")
    return [_Pair(part.figure, one.figure, sure and one in before) for one in wholes]


def _is_whole(whole: Figure, part: Figure) -> bool:
    return whole.interval.hi >= part.interval.lo and whole.interval.value > 0


def _respectively(run: Sequence[Spot]) -> Iterator[Claim]:
    """29个、总投资154亿元，分别占60.4%、65.3%: the parts in the same order, each with the nearest
    amount of its kind before them."""
    match = _SHARE.search(run[0].clause)
    if len(run) < 2 or match is None or match["whole"]:
        return
    start = run[0].place - len(run[0].clause)
    parts = [one for one in amounts_before(run[0]) if one.place < start][: len(run)][::-1]
    if len(parts) < len(run):
        return
    for spot, part in zip(run, parts, strict=True):
        wholes = [
            one
            for one in amounts_before(part, part.figure)
            if one.place < parts[0].place and _is_whole(one.figure, part.figure)
        ]
        pairs = [_Pair(part.figure, wholes[0].figure, sure=True)] if wholes else []
        claim = judged(spot.sentence, "share", spot.figure, _attempts(pairs, None))
        if claim is not None:
            yield claim


# -- rates named after what has come of things ---------------------------------------------------


def _rate(spot: Spot) -> Claim | None:
    """147家企业中授信13家，授信率8.8%: two counts before it, in either order."""
    match = _RATE.search(spot.clause)
    if match is None or spot.figure.hedge == "range":
        return None
    printed, words = as_percent(spot.figure)
    stem = _STEMS.get(match["stem"], (match["stem"] or match["side"])[-2:])
    amounts = amounts_before(spot)[:4]
    pairs = [
        _Pair(
            part.figure,
            whole.figure,
            len(amounts) == 2 and not _COME.search(whole.clause),
            whole.is_wanted,
        )
        for part in amounts
        for whole in amounts
        if part is not whole
        and alike(part.figure.unit, whole.figure.unit)
        and _is_whole(whole.figure, part.figure)
        and (whole.place < part.place or whole.place == amounts[0].place)
        and _is_named(part, stem)
    ]
    claims = [
        judged(
            spot.sentence, kind, printed, _attempts([p for p in pairs if p.of_task is task], words)
        )
        for kind, task in _RATES
    ]
    with_rest = list(_with_rest(amounts, stem, words))
    if with_rest:
        return judged(spot.sentence, "share", printed, with_rest)
    told = [claim for claim in claims if claim is not None]
    return next((one for one in told if one.verdict == "holds"), told[0] if told else None)


_STEMS = {"城镇化": "城镇人口", "人口城镇化": "城镇人口", "常住人口城镇化": "城镇人口"}
_RATES: tuple[tuple[Kind, bool], ...] = (("share", False), ("progress", True))


def _is_named(part: Spot, stem: str) -> bool:
    """Whether an amount is of what has come so far (已开工33个), not of what has not (未开工)."""
    behind = _SAME_CLAUSE.match(part.after)
    around = f"{part.clause}{AMOUNT}{behind[0] if behind else ''}"
    return re.search(rf"(?<!未)(?<!没有)(?<!尚未){stem}", around) is not None


_COME = re.compile(
    r"已[^，；。]{0,6}$"
)  # 已开工84户，其中已竣工54户，竣工率 of a task that is left out
_SAME_CLAUSE = re.compile(r"[^，；。：]{0,16}")


def _with_rest(
    amounts: Sequence[Spot], stem: str, words: tuple[str, str] | None
) -> Iterator[Attempt]:
    """已开工33个，未开工17个，开工率66%: both together are the whole."""
    rest = [one for one in amounts if re.search(rf"(?:未|没有){stem}", one.clause + one.after[:8])]
    for left in rest[:1]:
        for part in amounts:
            if part is left or not _is_named(part, stem):
                continue
            ratio = _ratio(left.figure, part.figure)
            if ratio is not None and alike(left.figure.unit, part.figure.unit):
                shown = f"{plain(part.figure)} ÷ ({plain(part.figure)} + {plain(left.figure)})"
                found = Interval.exact(100) / (ratio + Interval.exact(1))
                operands = (part.figure, left.figure)
                yield Attempt(found, f"占比 = {shown} × 100", operands, words=words)


# -- structures ----------------------------------------------------------------------------------

_STRUCTURE = re.compile(r"(?P<parts>＃(?:：＃){2,5})")
_OF_SECTORS = re.compile(r"三次产业|三产|产业结构|产业比")
_OF_STRUCTURE = re.compile(r"结构|比重|占比|比例|产业比|三次产业|三产比|构成|之比|比[由为]")


def _structures(sentence: Sentence) -> Iterator[Claim]:
    """Three or more parts a:b:c of something make up a hundred."""
    if not _OF_STRUCTURE.search(sentence.form):
        return
    for found in sentence.find(_STRUCTURE):
        claim = _hundred(found)
        if claim is not None:
            yield claim


def _hundred(found: Found) -> Claim | None:
    """No claim where the parts are nowhere near a hundred: 3:2:1 is a proportion."""
    parts = found.figures("parts")
    given = computed(formulas.total, "sum", {}, "%", {"values": parts})
    if given is None:
        return None
    near = abs(given[0].value - 100) <= 15
    if not near and not (len(parts) == 3 and _OF_SECTORS.search(found.sentence.form)):
        return None
    rest, last = parts[:-1], parts[-1]
    others = computed(formulas.total, "sum", {}, "%", {"values": rest})
    if others is None:
        return None
    shown = " − ".join(part.quote for part in rest)
    attempt = Attempt(Interval.exact(100) - others[0], f"100 − {shown}", tuple(rest))
    return judged(found.sentence, "share", last, [attempt])
