"""Growth from two levels, or from a level and its change (完成50亿元，同比增加5亿元，增长11.1%).

Two levels with their growths must come from one base: 突破50亿元、增长24%（任务46亿元、增长18%）.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from diaodu.engine.compute import calculator_formulas as formulas
from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.quantity import Printed
from diaodu.engine.proofread.arithmetic import (
    Attempt,
    computed,
    factor,
    judged,
    plain,
    unhedged,
    unverifiable,
)
from diaodu.engine.proofread.claims import Claim
from diaodu.engine.proofread.nearby import Paragraphs, Spot, amounts_before, spots
from diaodu.engine.proofread.reading.model import (
    AMOUNT,
    PERCENT,
    POINTS,
    TIMES,
    Figure,
    Reading,
    Sentence,
)
from diaodu.engine.proofread.reading.numerals import from_chinese
from diaodu.engine.proofread.reading.units import alike
from diaodu.engine.proofread.share import as_percent

_UP = "增长|增加|提高|提升|上升|上涨|增幅|增速|净增|增"
_DOWN = "下降|减少|降低|回落|下滑|下跌|降幅|减幅|跌幅|负增长|缩减|减|降"
_LIGHT = r"(?:了|约|近|达|为|仅|只|幅度?|到|率|分别|高达|超过?|同比)*"
_GROWTH = re.compile(
    rf"(?P<against>同比|环比|[比较][^，；。％¤]{{0,14}}?)?(?:实际|名义|平均)?"
    rf"(?:(?P<down>{_DOWN})|(?P<up>{_UP})){_LIGHT}$"
)
# Growths at comparable prices, and the indicators whose growth is always given so.
_REAL = re.compile(
    r"可比价|可比口径|同口径|不变价|剔除|扣除|还原|生产总值|GDP|增加值|总产值|生产指数|周转量|经济总量"
)
_FROM = re.compile(r"[由从](?P<base>[^，；。]*?¤)[^，；。¤]*?(?:到|至|为|成)[^，；。¤]{0,6}$")
_LAST = re.compile(r"去年|上年|同期|前年|年初|基期|基数|上月|上季|原来|以前|20\d\d年")
_CHANGED = re.compile(
    r"(?:(?P<less>减少|减收|少[收支]?|下降|净减|减支|减|降低|回落)|"
    r"(?P<more>净增加?|增加|增收|多[收支]?|新增|增支|增加额为?|增量为?|增长|上升|提高|增))"
    r"(?:了|约|近|收|达|为)*$"
)
# Held against a plan, no level: 短收187万元.
_AGAINST_PLAN = re.compile(
    r"(?:[短超]收|[短超差欠缺](?:序时|时序|平均|月|年)?(?:进度|任务|目标|计划)?)(?:了|约|近)?$"
)
_MEAN = re.compile(r"年平均|年均|月均|季均|平均增|平均每")
_TO = re.compile(r"[到至]$|[由从][^，；。]*[为成]$")  # 由4.1%下降为2.7%


def checks(reading: Reading) -> Iterator[Claim]:
    for sentence, _ in Paragraphs(reading).walk():
        for spot in spots(sentence, PERCENT + TIMES + POINTS):
            claim = _growth(spot)
            if claim is not None:
                yield claim
        yield from _bases(sentence)
        yield from _doubled(sentence)
        yield from _multiples(sentence)
        yield from _printed_bases(sentence)


def _growth(spot: Spot) -> Claim | None:
    match = _GROWTH.search(spot.clause)
    if (
        match is None
        or _MEAN.search(spot.clause)
        or _TO.search(spot.clause)
        or spot.figure.hedge == "range"
    ):
        return None
    printed, words = _as_growth(spot.figure, falls=match["down"] is not None)
    attempts = [
        replace(attempt, words=words, sure=attempt.sure and words is None)
        for attempt in (*_by_levels(spot), *_by_change(spot))
    ]
    claim = judged(spot.sentence, "growth", printed, attempts)
    if claim is None or (words is not None and claim.grade != "wording"):
        return None
    if claim.verdict == "contradicts" and _is_real(spot):
        missing = "可比价的同期数，增速可能按可比价计算"
        return unverifiable(spot.sentence, "growth", printed, missing)
    return claim


def _is_real(spot: Spot) -> bool:
    clause = spot.before[-60:]
    return _REAL.search(clause) is not None or _REAL.search(spot.figure.subject) is not None


def _as_growth(figure: Figure, *, falls: bool) -> tuple[Figure, tuple[str, str] | None]:
    """增长1.2倍 is a growth of 120%."""
    if figure.sign != TIMES:
        percent, words = as_percent(figure)
        return replace(percent, falls=falls), words
    value = figure.printed.value * 100
    printed = Printed(value, max(0, figure.printed.decimals - 2), "%")
    return replace(figure, printed=printed, falls=falls), None


# -- from levels ---------------------------------------------------------------------------------


def _by_levels(spot: Spot) -> Iterator[Attempt]:
    amounts = amounts_before(spot)
    for index, one in enumerate(amounts[:3]):
        for other in amounts[index + 1 : index + 3]:
            if not alike(one.figure.unit, other.figure.unit):
                continue
            if not (_is_level(one) and _is_level(other)):
                continue
            if other.figure.hedge is not None and _is_told_closer(other, one, amounts):
                continue
            if not _same_base(one.clause + other.clause, spot.clause):
                continue
            if _are_of_other_lengths(other, one):
                continue
            order = _order(other, one)
            if order is None:
                continue
            actual, base, sure = order
            given = {"actual": actual.figure, "base": base.figure}
            found = computed(formulas.growth, "growth", given, scale=factor(actual.figure))
            if found is not None:
                near = sure and index == 0 and other is amounts[index + 1]
                yield Attempt(*found, (actual.figure, base.figure), near)


def _is_told_closer(rough: Spot, base: Spot, amounts: Sequence[Spot]) -> bool:
    """突破10亿元，达到10.6亿元: the rough figure is followed by what it is roughly."""
    between = [one for one in amounts if rough.place < one.place < base.place]
    return any(one.figure.hedge is None and _REACHED.search(one.clause) for one in between)


_REACHED = re.compile(r"^(?:，)?(?:达到?|为|完成|实现)$")


def _is_level(spot: Spot) -> bool:
    return not (_CHANGED.search(spot.clause) or _AGAINST_PLAN.search(spot.clause))


def _are_of_other_lengths(one: Spot, other: Spot) -> bool:
    """去年全年完成86亿元；今年前三季度完成72亿元: a year and a part of one."""
    clauses = [
        spot.sentence.words(spot.place - len(spot.clause), spot.place) for spot in (one, other)
    ]
    whole = [_WHOLE_YEAR.search(clause) is not None for clause in clauses]
    part = [_PART_OF_YEAR.search(clause) is not None for clause in clauses]
    return (whole[0] and part[1]) or (whole[1] and part[0])


_WHOLE_YEAR = re.compile(r"全年|年度")
_PART_OF_YEAR = re.compile(r"季度|半年|\d月|\d[—～~-]\d+月")


def _order(first: Spot, second: Spot) -> tuple[Spot, Spot, bool] | None:
    """Which of two levels is the later one: 由A增加到B, A（去年B）, 去年A，今年B."""
    moved = _FROM.search(second.before)
    if moved is not None and moved.end("base") - 1 == first.place:
        return second, first, True
    last_first, last_second = _names_last(first), _names_last(second)
    if last_second and not last_first:
        return first, second, True
    if last_first and not last_second:
        return second, first, True
    return None


_BASES = (
    re.compile(r"年初|上年末|去年末|上年底|去年底"),
    re.compile(r"上月|环比|上季|上期|[比较]＠"),
    re.compile(r"同比|同期|[比较]上年(?![末底])|[比较]去年(?![末底])"),
)


def _same_base(one: str, other: str) -> bool:
    """Whether two clauses name no bases, or one and the same: 年初, 上月, 同期."""
    named = [
        {index for index, base in enumerate(_BASES) if base.search(clause)}
        for clause in (one, other)
    ]
    return not (named[0] and named[1]) or bool(named[0] & named[1])


def _names_last(spot: Spot) -> bool:
    """Whether an amount is said to be last year's: 去年同期50亿元; 比上年的50亿元."""
    clause = spot.clause.rpartition("¤")[2].rpartition("（")[2]
    return _LAST.search(clause) is not None and not _GROWTH.search(clause)


def _by_change(spot: Spot) -> Iterator[Attempt]:
    """完成50亿元，同比增加5亿元、增长11.1%: the base is what there is less what was added.

    The change may stand behind as well: 增长11.1%，增收5亿元."""
    amounts = amounts_before(spot)
    behind = _change_behind(spot)
    change = behind or (amounts[0] if amounts else None)
    match = None if change is None else _CHANGED.search(change.clause)
    if change is None or match is None or not _same_base(change.clause, spot.clause):
        return
    if behind is None and not _stands_beside(change, spot):
        return
    levels = [
        one
        for one in amounts
        if one.place < change.place
        and alike(one.figure.unit, change.figure.unit)
        and not (one.is_wanted or _CHANGED.search(one.clause))
    ]
    for level in levels[:2]:
        attempt = _over_base(level, change, falls=match["less"] is not None)
        if attempt is not None:
            yield replace(attempt, sure=level is levels[0] and behind is None)


def _change_behind(spot: Spot) -> Spot | None:
    """The change right behind a growth that is in no list of growths."""
    match = re.match(
        r"[，、](?:同比)?(?:净增|增收|增加|减收|减少|增支|减支)(?:了|约)?¤", spot.after
    )
    if match is None or re.search(r"％(?:、|和|及)$", spot.before):
        return None
    place = spot.place + match.end()
    return Spot(spot.sentence, place, spot.sentence.at[place])


def _over_base(level: Spot, change: Spot, *, falls: bool) -> Attempt | None:
    ratio = computed(formulas.ratio, "ratio", _intervals(level, change))
    base = None if ratio is None else ratio[0].times(-1 if falls else 1) - Interval.exact(1)
    if base is None or base.holds_zero:
        return None
    added, shown = plain(change.figure), plain(level.figure)
    sign, other = ("−", "+") if falls else ("", "−")
    formula = f"增速 = {sign}{added} ÷ ({shown} {other} {added}) × 100"
    return Attempt(Interval.exact(100) / base, formula, (level.figure, change.figure))


def _intervals(a: Spot, b: Spot) -> dict[str, Figure | Interval]:
    """Two amounts in their common base, so that 亿 and 万 need no more conversion."""
    return {"a": a.figure.interval, "b": b.figure.interval}


def _stands_beside(change: Spot, spot: Spot) -> bool:
    between = change.after[: spot.place - change.place - 1]
    return len(between) <= 10 and not re.search(r"[；。：]|其中", between)


# -- two bases that must be one ------------------------------------------------------------------

_PAIR = r"¤[^，；。（）¤]{0,8}[，、]?[^，；。（）¤]{0,6}(?:增长|增幅)[^，；。（）¤]{0,4}％"
_TWO = re.compile(rf"(?P<one>{_PAIR})[^，；。（）¤]{{0,4}}（(?P<other>[^（）]*?{_PAIR})[^（）]*）")


def _bases(sentence: Sentence) -> Iterator[Claim]:
    for found in sentence.find(_TWO):
        level, growth = _pair(found.figures("one"))
        task, wanted = _pair(found.figures("other"))
        if not alike(level.unit, task.unit) or _REAL.search(sentence.form):
            continue
        base = computed(
            formulas.implied_base, "implied_base", {"actual": task, "growth": wanted},
            scale=factor(level),
        )  # fmt: skip
        if base is None:
            continue
        given: dict[str, Figure | Interval] = {"actual": level, "base": base[0]}
        found_ = computed(formulas.growth, "growth", given, scale=factor(level))
        if found_ is None:
            continue
        formula = f"由{plain(task)}、增长{plain(wanted)}倒推同期数，{found_[1]}"
        attempt = Attempt(found_[0], formula, (level, task, wanted))
        claim = judged(sentence, "growth", replace(growth, hedge=None), [attempt])
        if claim is not None:
            yield claim


def _pair(figures: list[Figure]) -> tuple[Figure, Figure]:
    """A level and its growth. 突破50亿元 is taken as 50亿元: both floors are of one base."""
    level = [figure for figure in figures if figure.sign == AMOUNT][-1]
    growth = [figure for figure in figures if figure.sign == PERCENT][-1]
    return unhedged(level), growth


# -- doubling ------------------------------------------------------------------------------------

_DOUBLED = re.compile(
    r"(?P<base>¤)[^。；¤]{0,30}?(?P<years>[二两三四五六七八九十]|\d{1,2})年(?:倍增|翻一?番)"
    r"[^。；¤]{0,24}?(?:达到?|实现|完成|为)(?P<now>¤)"
)


def _doubled(sentence: Sentence) -> Iterator[Claim]:
    """去年181.5亿元，按三年倍增的要求，今年要达到228.7亿元: the first step of an even path."""
    for found in sentence.find(_DOUBLED):
        base, now = found.figure("base"), found.figure("now")
        if base is None or now is None or not alike(base.unit, now.unit):
            continue
        years = found.text("years")
        count = int(years) if years.isdigit() else from_chinese(years)
        exact = {"factor": 2, "years": count, "n": 1}
        given: dict[str, Figure | Interval] = {
            "base": base, **{key: Interval.exact(value) for key, value in exact.items()},
        }  # fmt: skip
        path = computed(formulas.multi_year_path, "multi_year_path", given, scale=factor(now))
        if path is not None:
            claim = judged(sentence, "growth", now, [Attempt(*path, (base,), sure=False)])
            if claim is not None:
                yield claim


# -- multiples -----------------------------------------------------------------------------------

_MULTIPLE = re.compile(
    r"(?P<now>¤)[^；。¤]{0,20}?(?:是|为|相当于|达到?)[^，；。¤]{0,12}(?P<base>¤)的(?P<times>×)"
)


def _multiples(sentence: Sentence) -> Iterator[Claim]:
    """实现收入1.2亿元，是去年0.6亿元的2倍."""
    for found in sentence.find(_MULTIPLE):
        now, base, times = (found.figure(name) for name in ("now", "base", "times"))
        if now is None or base is None or times is None or not alike(now.unit, base.unit):
            continue
        ratio = computed(formulas.ratio, "ratio", {"a": now.interval, "b": base.interval})
        if ratio is not None:
            formula = f"倍数 = {plain(now)} ÷ {plain(base)}"
            claim = judged(sentence, "growth", times, [Attempt(ratio[0], formula, (now, base))])
            if claim is not None:
                yield claim


# -- bases printed behind their growth -----------------------------------------------------------

_BASE_BEHIND = re.compile(
    rf"(?P<now>¤)[^，；。¤％]{{0,10}}[，、][^，；。¤％]{{0,8}}(?:(?P<down>{_DOWN})|{_UP}){_LIGHT}"
    r"(?P<growth>％)[^；。¤％]{0,4}[，（](?:而)?(?:去年|上年)(?:同期)?(?:基数|完成|实现|数)?(?:为|是|仅)?"
    r"(?P<base>¤)"
)


def _printed_bases(sentence: Sentence) -> Iterator[Claim]:
    """完成48.6亿元，增长8.0%，上年同期为45.0亿元: the base follows from the other two."""
    for found in sentence.find(_BASE_BEHIND):
        now, growth, base = (found.figure(name) for name in ("now", "growth", "base"))
        if now is None or growth is None or base is None or not alike(now.unit, base.unit):
            continue
        if _REAL.search(sentence.form[: found.match.end()]) or _REAL.search(now.subject):
            continue
        growth = replace(growth, falls=found.match["down"] is not None)
        given: dict[str, Figure | Interval] = {"actual": now, "growth": growth}
        implied = computed(
            formulas.implied_base, "implied_base", given, base.printed.unit, scale=factor(base)
        )
        if implied is not None:
            attempt = Attempt(*implied, (now, growth))
            claim = judged(sentence, "implied_base", base, [attempt])
            if claim is not None:
                yield claim
