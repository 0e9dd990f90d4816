"""Units that do not fit the words around them or the same figure elsewhere.

A change of a rate is told in 百分点 and a share in %; in a list of like amounts, one in 元 among
亿元 has lost its 亿; the same digits twice, once in 亿元 and once in 万元, cannot both be right.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from diaodu.engine.proofread.claims import Claim, Grade
from diaodu.engine.proofread.reading.model import (
    AMOUNT,
    PERCENT,
    POINTS,
    TIME,
    Figure,
    Found,
    Reading,
    Sentence,
)

# Rates whose change is hardly ever meant as a percentage of the rate.
_RATE = (
    "增速|增幅|涨幅|降幅|比重|占比|城镇化率|失业率|贡献率|负债率|优良率|覆盖率|普及率|入学率|参保率|"
    "达标率|合格率|渗透率|利用率|不良率|巩固率|自给率"
)
_AGAINST = (
    rf"(?:比|较)(?=上|去|前|年|同|全|{TIME}|目标|计划|省|市|基期|期初|[一二三四]季度"
    r"|[一二三五十]年前)"
)
_CHANGED = "提高|提升|上升|回升|回落|下降|放缓|收窄|扩大|加快|降低|减缓"
# 增速比上月回落1.5%
_POINTS_MEANT = re.compile(
    rf"(?P<rate>{_RATE})[^，。；{PERCENT}{POINTS}{AMOUNT}]{{0,8}}?{_AGAINST}"
    rf"[^，。；{PERCENT}{POINTS}{AMOUNT}]{{1,14}}?(?:{_CHANGED}|[高低快慢])(?:了|约|近|出)?(?P<figure>{PERCENT})(?!的)"
)
# 比重为32.5%，比上年下降2.1%
_POINTS_BEHIND = re.compile(
    rf"(?P<rate>{_RATE})(?:达到?|为|是|：|完成|仅|约)*{PERCENT}，(?:同比|{_AGAINST}"
    rf"[^，。；{PERCENT}{POINTS}{AMOUNT}]{{1,8}}?)(?:{_CHANGED})(?:了|约|近)?(?P<figure>{PERCENT})(?!的)"
)
# 完成14亿元，同比增长18个百分点; 占全市的5个百分点; 完成任务的40个百分点
_PERCENT_MEANT = (
    re.compile(
        rf"{AMOUNT}[，、]?(?:同比|环比|(?:比|较)(?:上年|去年)(?:同期)?)?"
        rf"(?P<word>增长|下降)(?:了|约|近)?(?P<figure>{POINTS})"
    ),
    re.compile(
        rf"(?P<word>占)[^，。；提高升降低增减加快慢放扩收拉比{PERCENT}{POINTS}{AMOUNT}]{{0,16}}(?P<figure>{POINTS})"
    ),
    re.compile(
        rf"(?P<word>完成)[^，。；高低快慢差超{PERCENT}{POINTS}]{{0,16}}的(?P<figure>{POINTS})"
    ),
    re.compile(rf"(?P<word>贡献率)(?:为|达到?|是)?(?P<figure>{POINTS})"),
)
_LIST = re.compile(
    rf"(?:[\u4e00-\u9fff]{{1,8}}{AMOUNT}[，、；]){{3,}}[\u4e00-\u9fff]{{1,8}}{AMOUNT}"
)
# 分别为1.2万吨、35.6万吨和4.8亿吨
_PARALLEL = re.compile(
    rf"分别[^，。；、{AMOUNT}]{{0,8}}(?P<list>{AMOUNT}(?:[、和及与]{AMOUNT}){{2,}})"
)
_FAR, _LIKE = Decimal(1000), 10  # units so far apart; numbers so near that they are of one kind
_DIGITS = 4  # as many significant digits in two places are no chance


def checks(reading: Reading) -> Iterator[Claim]:
    """Contradictions only: a unit that fits is told of by the other checks."""
    for sentence in reading.sentences:
        for pattern in (_POINTS_MEANT, _POINTS_BEHIND):
            for found in sentence.find(pattern):
                yield _wording(reading.text, found, "rate", "%", "个百分点", "增减用")
        for pattern in _PERCENT_MEANT:
            for found in sentence.find(pattern):
                yield _wording(reading.text, found, "word", "个百分点", "%", "应用")
        for pattern in (_LIST, _PARALLEL):
            for found in sentence.find(pattern):
                yield from _odd_one_out(reading.text, found)
    yield from _same_digits(reading)


def _wording(text: str, found: Found, first: str, printed: str, right: str, told: str) -> Claim:
    figure = found.figure("figure")
    assert figure is not None, "the pattern has the group"
    start, _ = found.sentence.span(found.match.start(first), found.match.end(first))
    number = f"{figure.printed.value:f}"
    word = found.text(first)
    return Claim(
        start, figure.end, text[start : figure.end], "unit", "contradicts", f"{number}{printed}",
        f"“{word}”的{told}“{right}”，不用“{printed}”；应写{number}{right}" if first == "rate"
        else f"“{word}”后面{told}“{right}”，不用“{printed}”；应写{number}{right}",
        "wording", f"{number}{right}", None, f"{number}{right}",
    )  # fmt: skip


# -- amounts ---------------------------------------------------------------------------------------


def _odd_one_out(text: str, found: Found) -> Iterator[Claim]:
    """甲2.5亿元、乙3.1元、丙4亿元: of like numbers, one in a unit far from the others'."""
    figures = [one for one in found.figures() if one.unit is not None]
    if not figures:
        return
    common, count = Counter(one.printed.unit for one in figures).most_common(1)[0]
    usual = [one for one in figures if one.printed.unit == common]
    if count < len(figures) - 1 or count < 2 or usual[0].unit is None:
        return
    for figure in figures:
        assert figure.unit is not None, "only figures with a unit are looked at"
        factors = sorted((usual[0].unit.factor, figure.unit.factor))
        is_far = factors[1] >= _FAR * factors[0]
        if figure.unit.base == usual[0].unit.base and is_far and _is_like(figure, usual):
            number = f"{figure.printed.value:f}"
            told = (
                f"同列的数都以{common}计，{figure.quote}相差悬殊；应核对单位，似为{number}{common}"
            )
            yield _claim(text, figure, f"{number}{common}", told, ())


def _is_like(figure: Figure, usual: Sequence[Figure]) -> bool:
    numbers = sorted(one.printed.value for one in usual)
    return numbers[0] / _LIKE <= figure.printed.value <= numbers[-1] * _LIKE


def _same_digits(reading: Reading) -> Iterator[Claim]:
    """The same digits of the same kind in units that are far apart."""
    seen: dict[tuple[str, str], Figure] = {}
    for figure in _amounts(reading.sentences):
        if figure.unit is None or _significant(figure) < _DIGITS:
            continue
        key = (f"{figure.printed.value:f}", figure.unit.base)
        first = seen.setdefault(key, figure)
        if first.unit is None or first.unit.factor == figure.unit.factor:
            continue
        factors = sorted((first.unit.factor, figure.unit.factor))
        if factors[1] / factors[0] >= _FAR:
            told = f"{figure.quote}与前文{first.quote}数字相同而单位不同；应核对是哪一处写错了单位"
            yield _claim(reading.text, figure, first.quote, told, ((first.start, first.end),))


def _amounts(sentences: Sequence[Sentence]) -> Iterator[Figure]:
    for sentence in sentences:
        yield from (one for one in sentence.figures if one.sign == AMOUNT)


def _significant(figure: Figure) -> int:
    digits = f"{figure.printed.value:f}".replace(".", "").strip("0")
    return len(digits)


def _claim(
    text: str, figure: Figure, right: str, told: str, operands: tuple[tuple[int, int], ...]
) -> Claim:
    grade: Grade = "wrong"
    return Claim(
        figure.start, figure.end, text[figure.start : figure.end], "unit", "contradicts",
        figure.quote, told, grade, right, None, right, operands,
    )  # fmt: skip
