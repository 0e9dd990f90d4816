"""Words on a course against the figures that are listed: 逐月提升, 由负转正, 都在9%—10%之间."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from diaodu.engine.proofread.claims import Claim, Grade, Verdict
from diaodu.engine.proofread.numerals import NUMERAL
from diaodu.engine.proofread.reading.model import (
    AMOUNT,
    PERCENT,
    TIME,
    Figure,
    Reading,
    Sentence,
)

_STEP = (
    r"(?:逐[月季年旬周日]|月月|季季|年年|节节|持续|不断|一路"
    rf"|连续(?:{NUMERAL}个?(?:年|月|季度)|{AMOUNT})?)"
)
_BETWEEN = r"(?:[都均]?呈?现?出?|稳步|保持|小幅|稳定|态势|地|不断|持续|平稳)*"
_UP = "提升 上升 回升 走高 攀升 增长 提高 加快 递增 扩大 增加 抬升 好转 上扬 增强 向上 增大".split()
_DOWN = "下滑 下降 回落 走低 放缓 递减 减少 趋缓 降低 减弱 减缓 下行 走弱 缩小".split()
_COURSE = re.compile(
    rf"{_STEP}{_BETWEEN}(?:(?P<up>{'|'.join(_UP)})|(?P<down>{'|'.join(_DOWN)})|(?P<narrow>收窄))"
)
# 一季度增长％、上半年增长％、前三季度增长％
_MEMBER = rf"{TIME}[^{TIME}。；，、]{{0,24}}?(?:，[^{TIME}。；，、]{{0,8}}?)?[{PERCENT}{AMOUNT}]"
_SERIES = re.compile(rf"{_MEMBER}(?:[，、；和及][^{TIME}。]{{0,6}}?{_MEMBER}){{2,}}")
# 一季度、上半年、前三季度分别增长％、％、％
_TIMES = rf"{TIME}(?:[、和及]{TIME}){{2,}}"
_RESPECTIVELY = re.compile(
    rf"{_TIMES}[^{TIME}。；]{{0,24}}?(?P<figures>[{PERCENT}{AMOUNT}](?:[、和及][{PERCENT}{AMOUNT}]){{2,}})"
)
# 持续增长，分别为24.6万吨、25.3万吨、26.1万吨
_PLAIN_SERIES = re.compile(
    rf"(?:(?<=，)|(?:{TIME}|近[三四五]年|各[月季年]度?)[^，。；、]{{0,8}})分别(?:为|是|达到?|完成|实现)(?P<figures>[{PERCENT}{AMOUNT}](?:[、和及][{PERCENT}{AMOUNT}]){{2,}})"
)
_NEAR = 30  # signs of the form between a series and the words on it
_TURN = re.compile(
    rf"(?:(?P<up>由负转正|扭负为正)|由正转负)[，、]?[^{PERCENT}，。；比较从由去上]{{0,14}}(?P<figure>{PERCENT})"
)
_WITHIN = re.compile(
    rf"(?:[都均]|全部)(?:稳定|保持|运行|处于|处|控制|落)?在?(?P<bound>{PERCENT})(?P<word>区间|之间|这|以上|以下|左右)?"
)


# 增长6.8%，连续12个季度稳定运行在6.7%到6.9%
_STEADY = re.compile(
    rf"(?P<figure>{PERCENT})[，、]?[^{PERCENT}，。；]{{0,14}}(?:稳定|保持|运行|处于|维持)"
    rf"[^{PERCENT}，。；]{{0,6}}在(?P<bound>{PERCENT})"
)


def checks(reading: Reading) -> Iterator[Claim]:
    """Courses and bounds told of a series in the same sentence."""
    for sentence in reading.sentences:
        for series, end in _series(sentence):
            yield from _courses(reading.text, sentence, series, end)
            yield from _bounds(reading.text, sentence, series, end)
        yield from _turns(reading.text, sentence)
        yield from _turned_from(reading.text, sentence)
        yield from _steady(reading.text, sentence)
        yield from _shifts(reading.text, sentence)


def _series(sentence: Sentence) -> Iterator[tuple[list[Figure], int]]:
    """Three figures or more of one sort at one time each, and where they end in the form."""
    for found in sentence.find(_SERIES):
        yield found.figures(), found.match.end()
    for found in sentence.find(_RESPECTIVELY):
        times = found.text().count(TIME)
        figures = found.figures("figures")
        if times == len(figures):
            yield figures, found.match.end()
    for found in sentence.find(_PLAIN_SERIES):
        yield found.figures("figures"), found.match.end()


# -- courses ---------------------------------------------------------------------------------------


def _courses(text: str, sentence: Sentence, series: Sequence[Figure], end: int) -> Iterator[Claim]:
    match = _course(sentence, series, end)
    if match is None or not _comparable(series):
        return
    if match.group().endswith(_GROWING) and series[0].sign == PERCENT:
        return  # what grows by less each year still grows
    falls = all(figure.falls for figure in series)
    rises = match["up"] is not None or (match["narrow"] is not None and falls)
    if match["narrow"] is not None and not falls:
        return
    against = [
        (one, other) for one, other in pairwise(series) if _goes_against(one, other, rises=rises)
    ]
    first, last = sentence.span(match.start(), match.end())
    first, last = min(first, series[0].start), max(last, series[-1].end)
    word = match.group()
    if not against:
        told = f"所列{len(series)}个数{_listed(series)}与“{word}”相符"
        yield _claim(text, first, last, "holds", word, told)
        return
    one, other = against[0]
    told = (
        f"说“{word}”，但{other.period or '后一个数'}{other.quote}"
        f"{'低于' if rises else '高于'}{one.period or '前一个数'}{one.quote}；应核对数据或改写走势"
    )
    yield _claim(text, first, last, "contradicts", word, told)


_GROWING = ("增长", "增加", "减少")


def _course(sentence: Sentence, series: Sequence[Figure], end: int) -> re.Match[str] | None:
    """The words on a series: right behind it, else in the clause before it."""
    match = _COURSE.search(sentence.form, end, end + _NEAR)
    if match is not None:
        return None if _other_subject(sentence.form[end : match.start()]) else match
    start = next(place for place, one in sentence.at.items() if one is series[0])
    told = list(_COURSE.finditer(sentence.form, max(0, start - _NEAR), start))
    if not told:
        return None
    between = sentence.form[told[-1].end() : start]
    clear = re.fullmatch(
        rf"[，：{TIME}]*(?:分别|其中|增长|下降|为|是|达到?|完成|实现|的|、|和|投资|{TIME})*",
        between,
    )
    return told[-1] if clear else None


def _comparable(series: Sequence[Figure]) -> bool:
    return len({(figure.sign, figure.dimension) for figure in series}) == 1 and not any(
        figure.hedge for figure in series
    )


def _other_subject(between: str) -> bool:
    """Whether the words may tell of something else: figures other than bounds stand between."""
    between = _WITHIN.sub("", between)
    return any(sign in between for sign in (TIME, PERCENT, AMOUNT, "其中"))


def _goes_against(one: Figure, other: Figure, *, rises: bool) -> bool:
    """Equal prints may hide a rise or a fall; only what must go the other way goes against it."""
    before, after = one.signed, other.signed
    return after.hi <= before.lo if rises else after.lo >= before.hi


def _listed(series: Sequence[Figure]) -> str:
    return "（" + "、".join(figure.quote for figure in series) + "）"


# -- bounds ----------------------------------------------------------------------------------------


def _bounds(text: str, sentence: Sentence, series: Sequence[Figure], end: int) -> Iterator[Claim]:
    """都在9%—10%之间, 都在10%以上: of the whole series, or of the members named again."""
    match = _WITHIN.search(sentence.form, end, end + _NEAR)
    if match is None or not _comparable(series):
        return
    between = sentence.form[end : match.start()]
    named = [
        moment.quote for place, moment in sentence.moments.items() if end <= place < match.start()
    ]
    meant = [one for one in series if not named or one.period in named]
    if PERCENT in between or len(meant) < max(1, len(named)):
        return
    bound = sentence.figure_at(match.start("bound"))
    out = [one for one in meant if _out_of(one, bound)]
    if bound.hedge not in ("range", "at_least", "at_most") or bound.dimension != meant[0].dimension:
        return
    last = sentence.span(match.start(), match.end())[1]
    told = f"{_listed(meant)}与“{bound.quote}”相符"
    if out:
        told = f"{out[0].period}{out[0].quote}不在“{bound.quote}”范围内；应核对数据或改写范围"
    verdict: Verdict = "contradicts" if out else "holds"
    yield _claim(text, meant[0].start, last, verdict, bound.quote, told)


def _out_of(one: Figure, bound: Figure) -> bool:
    """Whether the figure cannot lie within the bounds; a bound that is reached counts as within."""
    low, high = one.signed.lo, one.signed.hi
    if bound.hedge == "at_least":
        return high < bound.interval.lo
    if bound.hedge == "at_most":
        return low > bound.interval.hi
    return high < bound.interval.lo or low > bound.interval.hi


def _steady(text: str, sentence: Sentence) -> Iterator[Claim]:
    """One figure and the range it is said to keep within."""
    for found in sentence.find(_STEADY):
        figure, bound = found.figure("figure"), found.figure("bound")
        if figure is None or bound is None or bound.hedge != "range" or figure.hedge:
            continue
        out = _out_of(figure, bound)
        told = f"{figure.quote}{'不' * out}在“{bound.quote}”范围内" + (
            "；应核对" if out else "，相符"
        )
        verdict: Verdict = "contradicts" if out else "holds"
        yield _claim(text, figure.start, bound.end, verdict, bound.quote, told)


# -- two figures and the way between them ----------------------------------------------------------

_RISES = "提高|提升|上升|增加|增长|增|回升|攀升|扩大|升"
_SINKS = "下降|降低|降|减少|减|回落|下滑|压缩|压减|缩短|缩减"
_FIGURE = f"[{PERCENT}{AMOUNT}]"
# 从3.2%下降到2.6%
_SHIFT = re.compile(
    rf"[由从][^，。；{PERCENT}{AMOUNT}]{{0,16}}(?P<one>{_FIGURE})[^，。；、{PERCENT}{AMOUNT}]{{0,4}}?"
    rf"(?:(?P<up>{_RISES})|(?P<down>{_SINKS}))(?:到|至|为)(?:了|＠|今年|现在|目前|的|约|近)*(?P<two>{_FIGURE})"
)
# 8.1%，比1—4月的7.6%有所加快
_COMPARED = re.compile(
    rf"(?P<two>{PERCENT})，(?:增速|增幅)?[比较][^，。；{PERCENT}{AMOUNT}℗]{{0,12}}(?:的|（)(?P<one>{PERCENT})）?"
    r"(?:有所|明显|略有|稍有|小幅|继续|进一步|大幅)(?:(?P<up>加快|提高|回升|提升|上升)|(?P<down>放缓|回落|下降|降低|减缓))"
    rf"(?![了约{PERCENT}{AMOUNT}℗])"
)


def _shifts(text: str, sentence: Sentence) -> Iterator[Claim]:
    """Figures that lie the other way than the word between them says."""
    for pattern in (_SHIFT, _COMPARED):
        for found in sentence.find(pattern):
            one, two = found.figure("one"), found.figure("two")
            if one is None or two is None or one.dimension != two.dimension:
                continue
            if one.hedge is not None or two.hedge is not None or one.falls or two.falls:
                continue
            rises = found.match["up"] is not None
            wrong = _goes_against(one, two, rises=rises)
            word = found.match["up"] or found.match["down"]
            start, end = min(one.start, two.start), max(one.end, two.end)
            start, end = min(start, end), max(end, sentence.span(*found.match.span())[1])
            told = f"{one.quote}到{two.quote}是{'下降' if rises == wrong else '上升'}，" + (
                f"不是“{word}”；应核对数据或改写走势" if wrong else "相符"
            )
            verdict: Verdict = "contradicts" if wrong else "holds"
            yield _claim(text, start, end, verdict, word, told)


# -- turns -----------------------------------------------------------------------------------------


def _turns(text: str, sentence: Sentence) -> Iterator[Claim]:
    """由负转正 beside the figure it turned to."""
    for found in sentence.find(_TURN):
        figure = found.figure("figure")
        if figure is None or not figure.value:
            continue
        rose = found.match["up"] is not None
        holds = (figure.value > 0) is rose
        start, end = sentence.span(found.match.start(), found.match.end())
        word = found.text()[:4]
        told = f"“{word}”与后面的{figure.quote}" + ("相符" if holds else "方向相反；应核对正负")
        yield _claim(text, start, end, "holds" if holds else "contradicts", word, told)


# 由下降2.1%转为增长1.5%，实现由负转正
_TURNED_FROM = re.compile(
    rf"[由从][^。；{PERCENT}]{{0,20}}(?P<one>{PERCENT})[^。；{PERCENT}]{{0,10}}?(?:转为|转|到|至|变为|提升为)"
    rf"[^。；{PERCENT}]{{0,16}}(?P<two>{PERCENT})[^。；{PERCENT}]{{0,12}}(?P<word>(?P<up>由负转正|扭负为正)|由正转负)"
)


def _turned_from(text: str, sentence: Sentence) -> Iterator[Claim]:
    """由负转正 behind the figures it turned from and to."""
    for found in sentence.find(_TURNED_FROM):
        one, two = found.figure("one"), found.figure("two")
        if one is None or two is None or not one.value or not two.value:
            continue
        word, rose = found.text("word"), found.match["up"] is not None
        holds = (one.value < 0 < two.value) if rose else (two.value < 0 < one.value)
        told = f"“{word}”与前面的两个数" + ("相符" if holds else "正负不合；应核对数据或改写走势")
        end = sentence.span(*found.match.span("word"))[1]
        yield _claim(text, one.start, end, "holds" if holds else "contradicts", word, told)


def _claim(text: str, start: int, end: int, verdict: Verdict, printed: str, told: str) -> Claim:
    grade: Grade | None = "wrong" if verdict == "contradicts" else None
    return Claim(start, end, text[start:end], "trend", verdict, printed, told, grade)
