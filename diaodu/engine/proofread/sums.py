"""Sums: parts listed behind 其中 or in brackets, what is added up by 加上."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from diaodu.engine.compute import calculator_formulas as formulas
from diaodu.engine.proofread.arithmetic import Attempt, computed, factor, judged
from diaodu.engine.proofread.claims import Claim
from diaodu.engine.proofread.nearby import Paragraphs, Spot, spots
from diaodu.engine.proofread.numerals import NUMERAL
from diaodu.engine.proofread.numerals import whole as number_of
from diaodu.engine.proofread.reading.model import AMOUNT, PLAIN, Figure, Found, Reading, Sentence
from diaodu.engine.proofread.reading.units import alike

_ADDED = re.compile(
    r"(?P<one>¤)[^。；¤]{0,40}?(?:加上|连同|再加)[^。；¤]{0,20}?(?P<other>¤)[^。；¤]{0,30}?"
    r"(?:增至|增加到|达到?|共计?|合计|总数|总计|累计)[^，。；¤]{0,8}(?P<whole>¤)"
)
_BRACKETS = re.compile(
    r"(?P<whole>¤)[^，；。（）¤]{0,12}（(?:其中)?[：，]?(?P<parts>[^（）]*¤[^（）]*¤[^（）]*)）"
)
_AMONG = re.compile(r"其中[：，]?|分别(?:是|为)[：，]?|包括[：，]?")
_OPEN = re.compile(r"等|以上|含|之外|重点|主要|特别")
_GROWS = re.compile(r"增长|下降|增加(?!值)|减少|多|少|比|较|占|高|低|距|差")


def checks(reading: Reading) -> Iterator[Claim]:
    for sentence, around in Paragraphs(reading).walk():
        for found in sentence.find(_ADDED):
            yield from _of(
                found.figure("whole"),
                [found.figure("one"), found.figure("other")],
                sentence,
                sure=True,
            )
        seen: set[int] = set()
        for found in sentence.find(_BRACKETS):
            yield from _in_brackets(found, seen)
        yield from _lists(sentence, around, seen)
        for spot in spots(sentence, AMOUNT):
            yield from _totals(spot)


def _of(
    whole: Figure | None, parts: Sequence[Figure | None], sentence: Sentence, *, sure: bool
) -> Iterator[Claim]:
    """The claim that parts make up a whole, all of one kind of unit."""
    figures = [part for part in parts if part is not None]
    if whole is None or len(figures) < 2:
        return
    if not all(alike(part.unit, whole.unit) for part in figures):
        return
    attempt = attempt_of(whole, figures, sure=sure)
    claim = None if attempt is None else judged(sentence, "sum", whole, [attempt])
    if claim is not None:
        yield claim


def is_meant(whole: Figure, parts: Sequence[Figure]) -> bool:
    """Whether parts were meant to make up their whole: few parts of a count seldom are, and others
    are when one wrong digit, two digits exchanged or the point moved explain the difference."""
    attempt = attempt_of(whole, parts, sure=False)
    if attempt is None:
        return False
    value, found = Fraction(whole.printed.value), attempt.found
    step = Fraction(1, 10**whole.printed.decimals)
    free = (found.hi - found.lo + step) / 2
    off = abs(value - found.value)
    digits = range(-whole.printed.decimals, len(str(int(abs(value)))))
    slips = [k * Fraction(10) ** p for p in digits for k in (*range(1, 10), *range(9, 82, 9))]
    moved = (abs(value - found.value * 10) / 10, abs(value * 10 - found.value) / 10)
    return any(abs(off - slip) <= free for slip in slips) or min(moved) <= free


def is_complete(parts: Sequence[Spot]) -> bool:
    """Whether listed parts leave nothing out by their names: the last is the rest, or they are
    the quarters, the sectors, or a pair such as 城镇 and 乡村."""
    names = [one.clause for one in parts]
    if _REST.search(names[-1]) or all(_SERIES.search(name) for name in names):
        return True
    return (
        any(all(any(re.search(side, name) for name in names) for side in pair) for pair in _PAIRS)
        and len(parts) == 2
    )


_REST = re.compile(r"其他|其它|其余|剩余|另外")
_SERIES = re.compile(r"＠[^，；。]{0,4}$|[一二三123](?:季度|产)|[上下]半年|第[一二三四]批")
_COME = "(?:完成|开工|达标|办结|整改|竣工)"
_PAIRS = (
    ("城", "乡|农村|镇村"), ("出口", "进口"), ("税", "非税"), ("中央", "地方"), ("男", "女"),
    ("商品", "餐饮"), ("国税", "地税"), ("省内", "省外"), ("境内|国内", "境外|入境|国外"),
    ("内资", "外资"), ("新建|新开工", "续建"), ("一般", "专项"), ("轻工", "重工"),
    ("公立|公办", "民办|民营"), ("基本支出", "项目支出"), ("市级|本级", "县"), ("过夜", "一日"),
    ("一般", "重大"), ("人大", "政协"), ("建议", "提案"), ("本地|县内|就地", "外出|县外"),
    ("住户", "非住户|单位|企业"), ("结转", "新增"), ("财政拨款", "自筹"),
    (rf"(?<!未)(?<!没有){_COME}", rf"(?:未|没有){_COME}"),
    ("(?<!非)贫困", "非贫困"), ("线上", "线下"), ("国有", "民营|非国有"), ("第一批", "第二批"),
)  # fmt: skip


def is_slip_of_all(whole: Figure, parts: Sequence[Figure]) -> bool:
    """Whether parts that may leave something out were yet meant to make up all: they come to more
    than it, or a long number misses it by its last digit, or by two digits exchanged."""
    attempt = attempt_of(whole, parts, sure=False)
    if attempt is None:
        return False
    step = Fraction(1, 10**whole.printed.decimals)
    value = Fraction(whole.printed.value)
    short = value - attempt.found.value
    free = (attempt.found.hi - attempt.found.lo + step) / 2
    if short < -free or abs(value / 10 - attempt.found.value) <= free:
        return True
    if len(parts) < 3 or len(whole.printed.value.as_tuple().digits) < 4:
        return False
    unit = factor(whole)
    swaps = [-swap for swap in _swaps(whole)]
    swaps += [swap * factor(part) / unit for part in parts for swap in _swaps(part)]
    return short <= free + 3 * step or any(2 * abs(short - swap) <= free for swap in swaps)


def _swaps(figure: Figure) -> Iterator[Fraction]:
    """By how much a number changes when two digits side by side are exchanged."""
    digits = figure.printed.value.as_tuple().digits
    for index, (one, other) in enumerate(pairwise(digits[::-1])):
        yield Fraction((one - other) * 9 * 10**index, 10**figure.printed.decimals)


def attempt_of(whole: Figure, parts: Sequence[Figure], *, sure: bool) -> Attempt | None:
    """The sum of the parts, in the unit of their whole; None where it gives no number."""
    found = computed(
        formulas.total, "sum", {}, whole.printed.unit, {"values": parts}, scale=factor(whole)
    )
    if found is None:
        return None
    formula = found[1].partition("（")[0].strip()
    return Attempt(found[0], formula, tuple(parts), sure)


def _in_brackets(found: Found, seen: set[int]) -> Iterator[Claim]:
    """5个（单体项目2个，产业集群项目3个）: parts alone stand in the brackets."""
    whole = found.figure("whole")
    if whole is None or _OPEN.search(found.text("parts")) or _GROWS.search(found.text("parts")):
        return
    parts = [part for part in found.figures("parts") if alike(part.unit, whole.unit)]
    place = found.match.start("whole")
    seen.add(place)
    if len(parts) >= 2:
        yield from _of(whole, parts, found.sentence, sure=_is_slip(whole, parts))


def _is_slip(whole: Figure, parts: Sequence[Figure]) -> bool:
    """Whether parts are near enough to their whole that they were meant to make it up: more than
    three quarters of it, or more than all."""
    total = sum((part.interval.value for part in parts), start=whole.interval.value * 0)
    return total * 4 >= whole.interval.value * 3


def _lists(sentence: Sentence, around: Sequence[Sentence], seen: set[int]) -> Iterator[Claim]:
    """共29个…其中A4个，B9个，…: the parts run to the end of the sentence."""
    for match in _AMONG.finditer(sentence.form):
        parts = _run(sentence, match.end())
        if len(parts) < 2:
            continue
        whole = _whole(sentence, around, match.start(), parts[0].figure)
        if whole is None and match.start() <= 1:
            yield from _one_of(around, parts)
        if whole is None or (whole.sentence is sentence and whole.place in seen):
            continue
        tail = sentence.form[parts[-1].place :][:3]
        stretch = sentence.form[match.end() : parts[-1].place]
        open_ = "等" in tail or _OPEN.search(stretch) is not None
        figures = [part.figure for part in parts]
        sure = not open_ and len(parts) >= 3 and _is_slip(whole.figure, figures)
        all_told = (whole.figure.is_count and len(parts) > 2) or is_complete(parts)
        nested = _NESTED.search(stretch) is not None
        for claim in _of(whole.figure, figures, whole.sentence, sure=sure):
            meant = not (open_ or nested) and is_meant(whole.figure, figures)
            if claim.verdict == "holds" or (
                meant and (all_told or is_slip_of_all(whole.figure, figures))
            ):
                yield claim


_NESTED = re.compile(r"其中|[中里]的")  # 企业4200户，企业中的外资企业64户


def _one_of(around: Sequence[Sentence], listed: Sequence[Spot]) -> Iterator[Claim]:
    """Of several amounts in the sentence before, the one that the parts add up to; else the last
    one, where it looks like a slip of their sum."""
    parts = [one.figure for one in listed]
    for earlier in around[-1:]:
        wholes = _levels(spots(earlier, AMOUNT), parts[0], len(earlier.form))
        claims = [claim for one in wholes for claim in _of(one.figure, parts, earlier, sure=False)]
        holding = [claim for claim in claims if claim.verdict == "holds"]
        yield from holding
        if not wholes or holding or len(parts) < 3:
            continue
        last = wholes[-1].figure
        all_told = last.is_count or is_complete(listed) or is_slip_of_all(last, parts)
        if all_told and _is_slip(last, parts) and is_meant(last, parts):
            yield from _of(last, parts, earlier, sure=True)


def _run(sentence: Sentence, start: int) -> list[Spot]:
    """Amounts of one unit from a place on, each in a clause of its own that says nothing of growth;
    up to the next ； where the list began in the middle of a clause."""
    end = len(sentence.form)
    if not sentence.form[:start].endswith(("：", "，")):
        stop = sentence.form.find("；", start)
        end = stop if stop >= 0 and start > 3 else end
    run: list[Spot] = []
    for spot in spots(sentence, AMOUNT):
        if not start <= spot.place < end or (len(run) > 1 and _is_over(run, spot)):
            continue
        if run and not alike(spot.figure.unit, run[0].figure.unit):
            continue
        if _is_deeper(sentence.form, start, spot.place):
            continue
        if run and not re.search("[，、；：（和及与]", spot.before[run[-1].place + 1 :]):
            continue  # 市级项目36个开工30个: of the part itself
        offset = spot.place - len(spot.clause)
        if _GROWS.search(sentence.form[max(start, offset) : spot.place]) or spot.is_wanted:
            continue
        run.append(spot)
    return run


def _is_deeper(form: str, start: int, place: int) -> bool:
    """Whether a bracket that opens behind `start` holds a place: 27项（省级6项）."""
    opened = form.rfind("（", start, place)
    return opened > form.rfind("）", start, place) and "）" in form[place:]


def _is_over(run: Sequence[Spot], spot: Spot) -> bool:
    """Whether a list whose parts stand side by side (A380亿元、B372亿元，…) has ended before."""
    beside = run[1].before[run[0].place + 1 :]
    behind = spot.before[run[-1].place + 1 :]
    side_by_side = "、" in beside and re.search("[，；]", beside) is None
    return side_by_side and re.search("[，；]", behind) is not None


def _whole(sentence: Sentence, around: Sequence[Sentence], start: int, part: Figure) -> Spot | None:
    before = _levels(spots(sentence, AMOUNT), part, start)
    if before:
        return before[-1]
    if around and start <= 1:
        earlier = _levels(spots(around[-1], AMOUNT), part, len(around[-1].form))
        return earlier[0] if len(earlier) == 1 else None
    return None


def _levels(amounts: Sequence[Spot], part: Figure, end: int) -> list[Spot]:
    """The amounts of a part's kind before a place that are no changes; targets only where there
    is nothing else."""
    found = [
        one
        for one in amounts
        if one.place < end and alike(one.figure.unit, part.unit) and not one.is_change
    ]
    return [one for one in found if not one.is_wanted] or found


# -- 合计 ----------------------------------------------------------------------------------------

_TOTAL = re.compile(r"(?:合计|共计|总计|总分|总共|总数|加起来)[^，；。¤]{0,6}$")


def _totals(spot: Spot) -> Iterator[Claim]:
    """A45.1分，B22.8分，合计67.9分: all amounts of the sentence before it."""
    if not _TOTAL.search(spot.clause):
        return
    start = spot.before.rfind("；") + 1
    parts = [
        one
        for one in spots(spot.sentence, AMOUNT + PLAIN)
        if start <= one.place < spot.place
        and (one.figure.sign == PLAIN or alike(one.figure.unit, spot.figure.unit))
        and not _GROWS.search(one.clause)
    ]
    if len(parts) < 2 or (any(one.figure.sign == PLAIN for one in parts) and not _scored(spot)):
        return
    figures = [one.figure for one in parts]
    sure = _adds_all(spot, figures) and is_meant(spot.figure, figures)
    attempt = attempt_of(spot.figure, figures, sure=sure)
    claim = None if attempt is None else judged(spot.sentence, "sum", spot.figure, [attempt])
    if claim is not None:
        yield claim


def _adds_all(spot: Spot, parts: Sequence[Figure]) -> bool:
    """Whether nothing but the parts before it is added up: ，合计; ，三镇合计, of three."""
    match = _OF_ALL.search(spot.clause)
    if match is None or any(one.unit != spot.figure.unit for one in parts):
        return False
    return match["number"] is None or number_of(match["number"]) == len(parts)


_OF_ALL = re.compile(
    rf"^(?:以上|全年)?(?:(?P<number>{NUMERAL})(?:者|项|镇|乡|家|类|块|个|县|区|部分)[^，。；¤]{{0,4}})?(?:合计|共计|总计)[^，。；¤]{{0,4}}$"
)


def _scored(spot: Spot) -> bool:
    """Whether bare numbers before it are points of a score: 得分44.8."""
    return spot.figure.printed.unit == "分" and "得分" in spot.before
