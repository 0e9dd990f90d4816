"""The figures of a paragraph, told apart from everything else that has digits in it.

Dates, numbers of documents, codes (“14585”, S105, 5G), names with digits in them (310国道, 500强),
list labels and thresholds that only say which things are meant (3亿元以上项目) are no figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from diaodu.engine.ground.interval import Interval
from diaodu.engine.ground.quantity import COUNT_WORDS, Printed, Unit, half_unit
from diaodu.engine.proofread.reading import units
from diaodu.engine.proofread.reading.model import (
    AMOUNT,
    PERCENT,
    PLACE,
    PLAIN,
    POINTS,
    TIMES,
    Hedge,
    Sign,
)

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_CHINESE = "一二三四五六七八九十"
_ONE = "[一二三四五六七八九]"
_SMALL = rf"(?:{_ONE}?十{_ONE}?|{_ONE})"  # 三, 十二, 三十五
_HUNDRED = rf"(?:{_ONE}百(?:零{_ONE}|{_SMALL})?|百|{_SMALL})"
_TO = r"[-—~至到]"
_YEAR = r"(?:(?:19|20)\d\d|20[Xx*]{2}|[Xx*]{2,4})(?:年(?:度|末|底|初)?)"
_MONTH = r"(?:元|\d{1,2})月(?:份|末|底|初|上旬|中旬|下旬)?"
_MONTHS = rf"(?:元|\d{{1,2}})(?:月份?)?(?:{_TO}|、)(?:\d{{1,2}}、)*\d{{1,2}}月(?:份|末|底)?"
_DAY = rf"\d{{1,2}}(?:{_TO}\d{{1,2}})?[日号](?:前|晚|上午|下午)?"
_QUARTER = (
    rf"(?:第?[一二三四1-4](?:(?:{_TO}|、)[一二三四1-4])*季度|前[一二三两1-3]个?季度|上半年|下半年)"
)
_TIME = (
    rf"{_YEAR}(?:{_TO}{_YEAR})?(?:(?:{_MONTHS}|{_MONTH})(?:{_DAY})?|{_QUARTER})?"
    rf"|(?:19|20)\d\d{_TO}(?:(?:19|20)\d\d|20[Xx*]{{2}})年"
    rf"|(?:19|20)\d\d[-./]\d{{1,2}}(?:[-./]\d{{1,2}})?(?![\d.%万亿千百元人户家个吨亩公米平倍‰])"
    rf"|(?:{_MONTHS}|{_MONTH})(?:{_DAY})?|{_DAY}|{_QUARTER}"
    r"|\d{1,2}：\d{2}(?![\d：.%])|\d{1,2}[时点](?:\d{1,2}分)?(?!间|[之左右])"
)
_NAMES = "强|国道|省道|县道|线|医院|工程|计划|热线|平台|行动|路|街|大道|号|室|楼|级|型|班|后青|后出"
_CODE = (
    r"[“‘《\"'][\d+\-—.·*xX/]{1,12}[”’》\"']"  # “14585”, “4+4”
    r"|(?:\d+|N)(?:\+(?:\d+|[NnXx]))+(?![\d.%]|[万亿]?元)"  # 10+5, 1+3+N
    r"|[〔\[【（](?:19|20)[\dXx*]{2}[〕\]】）](?:第?\d+号?)?"
    r"|PM2\.5|PM10|[A-Za-z][A-Za-z\-]*\d[\d.]*[A-Za-z]*"
    r"|(?<![\d.])\d+(?:[A-LN-Z][A-Za-z\d]*|[a-z]+)(?<!k)"  # 5G, 4A; 20MW has a unit
    # Thousands parted by a wide comma, or a list of numbers: 1，392，476万元
    r"|(?<![\d.第])\d{1,3}(?:[,，]\d{3})*，\d{3}(?:,\d{3})*(?=(?:\.\d+)?[万亿]?元)"
    r"|1[3-9]\d{9}(?!\d)|0\d{2,3}-\d{7,8}|(?<!\d)\d{5}热线"
    rf"|\d{{1,4}}(?:{_NAMES})"
    r"|[前后]\d{1,3}[位名]"
)
_ORDINAL = (
    r"第(?P<places>\d{1,4}(?:[、和及与]第?\d{1,4})*)(?P<placed>[位名]?)"
    rf"|第(?P<spelled>{_SMALL})(?![{_CHINESE}])(?P<spelled_placed>[位名]?)"
)
_SPELLED = (
    rf"百分之(?P<percent>{_HUNDRED}|{_DIGITS})(?![点{_CHINESE}百零\d])"
    rf"|(?P<of>百|{_SMALL}|\d+)分之(?P<part>{_SMALL}|两|\d+)(?=[^{_CHINESE}\d]|$)"
    rf"|(?<![{_CHINESE}])(?P<tenths>[{_CHINESE}两]|\d(?:\.\d)?)成(?P<half>半)?"
    r"(?=[多以左，、。；）的]|$|为|企)"
)
_SIGN = (
    rf"(?:(?<![\d{_CHINESE}A-Za-z月日年个%位—])[-+—](?=\d)"
    r"|(?<=[长为是幅率速达了：（、，])一(?=\d))?"  # what scanning makes of a minus
)
_TOKEN = re.compile(
    rf"(?P<code>{_CODE})|(?P<time>(?<![\d.])(?:{_TIME}))|{_ORDINAL}|{_SPELLED}"
    rf"|(?P<sign>{_SIGN})(?P<digits>{_DIGITS}){units.PATTERN}"
)
_LABEL = re.compile(r"(?:^|(?<=[。；：！？]))(?:\d{1,2}[.、](?!\d)|（\d{1,2}）|\d{1,2}）)")

# 第一 names a place where something is ranked, else it is a label or a name (第一产业).
_RANKED = re.compile(r"(?:[居列排位名为获在的省市区县州国]|倒数|并列|保持|稳居|跃居|取得|前)$")
_NOT_RANKED = re.compile(
    r"^(?:[产季批次届期轮阶方梯书步类个条大组章节款代线人者时责生动要师医中小课种部场站台站位高梯家]|问题|粮)"
)
_ROUGHLY = re.compile(
    r"(?P<about>大?约|大概|大体)为?$|(?P<under>(?<![最附临邻])近|将近|接近|不足|不到)$"
    r"|(?P<over>超过|突破|逾|(?<![赶反提])超|高达到?|达到或超过)了?$"
    r"|(?P<at_least>至少|不低于|不少于|不小于)$"
    r"|(?P<at_most>至多|最多|不超过|不高于|控制在|不多于)$"
)
_ROUGH = re.compile(
    r"(?P<about>左右|上下)|(?P<at_least>及?以上)|(?P<at_most>及?以[内下])|(?P<over>多(?![于个])|余|出头)"
)
# Behind 以上 a thing may follow that the number only describes: 3亿元以上项目.
_BOUND = re.compile(r"及?以[上下](?:（不?含[^）]*）)?的?")
_NOT_DESCRIBED = re.compile(r"$|[^\u4e00-\u9fff“]|和|与|且|目标|水平|要求|任务|增|幅度|左右")
_SIGNS: dict[str, Sign] = {
    "%": PERCENT, "‰": PERCENT, "百分点": POINTS, "个百分点": POINTS, "‰点": POINTS, "倍": TIMES,
}  # fmt: skip


_COUNTED = COUNT_WORDS | frozenset(
    "人次 户次 批 批次 场 场次 只 头 羽 栋 幢 所 组 类 种 支 部 份 对 单 艘 镇 乡 村 县 市 "
    "个工作日 周 个季度 架 套 床 间 口 株 匹 尾 幅 本 册 篇 片 块 孔 眼 岁".split()
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number found in a folded paragraph, at [start, end) of it, its unit with it."""

    start: int
    end: int
    sign: Sign
    printed: Printed
    unit: Unit | None
    interval: Interval  # in the unit's base
    hedge: Hedge | None
    spelled: bool = False


def find(compact: str) -> tuple[list[Numeral], list[tuple[int, int]]]:
    """Figures, and the places of dates and periods, of a folded paragraph, in order."""
    numerals: list[Numeral] = []
    times: list[tuple[int, int]] = []
    labels = [match.span() for match in _LABEL.finditer(compact)]
    for match in _TOKEN.finditer(compact):
        if match["code"] or any(start <= match.start() < end for start, end in labels):
            continue
        if match["time"]:
            times.append(match.span())
        else:
            numerals += _numerals(compact, match)
    return _joined_ranges(compact, _with_lent_units(compact, numerals)), times


def _numerals(compact: str, match: re.Match[str]) -> Iterator[Numeral]:
    if match["places"] or match["spelled"]:
        yield from _places(compact, match)
    elif match["digits"]:
        found = _number(compact, match)
        if found is not None:
            yield found
    else:
        yield _fraction(match)


# -- places ------------------------------------------------------------------------------------


def _places(compact: str, match: re.Match[str]) -> Iterator[Numeral]:
    """第3位, 第1、2、7名; without 位 only where something is ranked: 居全市第3."""
    before, after = compact[max(0, match.start() - 3) : match.start()], compact[match.end() :][:3]
    placed = match["placed"] or match["spelled_placed"]
    if not placed and (_NOT_RANKED.match(after) or not _RANKED.search(before)):
        return
    if match["spelled"]:
        yield _place(*match.span(), from_chinese(match["spelled"]), spelled=True)
        return
    numbers = list(re.finditer(r"\d+", match["places"]))
    for index, number in enumerate(numbers):
        start = match.start("places") + number.start()
        end = match.end() if index == len(numbers) - 1 else match.start("places") + number.end()
        yield _place(match.start() if index == 0 else start, end, int(number[0]))


def _place(start: int, end: int, value: int, *, spelled: bool = False) -> Numeral:
    printed = Printed(Decimal(value), 0, "位")
    interval = Interval.exact(value)
    return Numeral(start, end, PLACE, printed, units.unit_of("", "位"), interval, None, spelled)


def from_chinese(text: str) -> int:
    """三 is 3, 十二 is 12, 二十 is 20, 百 is 100, 一百零五 is 105."""
    if "百" in text:
        hundreds, _, rest = text.partition("百")
        return 100 * (_digit(hundreds) if hundreds else 1) + (from_chinese(rest) if rest else 0)
    tens, ten, ones = text.lstrip("零").partition("十")
    if not ten:
        return _digit(tens)
    return 10 * (_digit(tens) if tens else 1) + (_digit(ones) if ones else 0)


def _digit(text: str) -> int:
    return 2 if text == "两" else f"零{_CHINESE}".index(text)


# -- numbers -----------------------------------------------------------------------------------


def _number(compact: str, match: re.Match[str]) -> Numeral | None:
    """A number in digits with its unit and hedge, None where it only describes a thing."""
    after = compact[match.end() : match.end() + 12]
    bound = _BOUND.match(after)
    if bound and not _NOT_DESCRIBED.match(after, bound.end()):
        return None
    digits = match["digits"].replace(",", "")
    value = Decimal(digits)
    if match["sign"] and match["sign"] != "+":
        value = value.copy_negate()
    prefix, base = match["prefix"] or "", match["base"] or match["after"] or ""
    unit = units.unit_of(prefix, base)
    printed = Printed(value, len(digits.partition(".")[2]), unit.text if unit else "")
    sign: Sign = PLAIN if unit is None else _SIGNS.get(unit.text, AMOUNT)
    hedge = _hedge(compact[max(0, match.start() - 6) : match.start()], match, after)
    interval = _scaled(_widened(printed, hedge), unit)
    return Numeral(match.start(), match.end(), sign, printed, unit, interval, hedge)


def _hedge(before: str, match: re.Match[str], after: str) -> Hedge | None:
    if match["before"] or match["middle"]:
        return "over"
    found = _ROUGHLY.search(before) or _ROUGH.match(after)
    return None if found is None else _HEDGES[str(found.lastgroup)]


_HEDGES: dict[str, Hedge] = {
    "about": "about", "under": "under", "over": "over", "at_least": "at_least",
    "at_most": "at_most",
}  # fmt: skip


def _widened(printed: Printed, hedge: Hedge | None) -> Interval:
    """What a printed number may stand for, in its printed unit. A hedged one: a tenth more or
    less, or as far as its last digit that is not zero says (30余 is less than 40)."""
    value = Fraction(printed.value)
    half = Fraction(half_unit(printed.decimals))
    if hedge is None:
        exact = printed.decimals == 0 and printed.unit in _COUNTED
        return Interval.exact(value) if exact else Interval(value, value - half, value + half)
    wide = max(abs(value) / 10, _step(printed.value), half)
    if hedge == "about":
        return Interval(value, value - wide, value + wide)
    if (hedge in ("over", "at_least")) == (value >= 0):
        return Interval(value, value, value + (wide if hedge == "over" else 2 * abs(value)))
    return Interval(value, value - (wide if hedge == "under" else 2 * abs(value)), value)


def _step(value: Decimal) -> Fraction:
    """One of the last digit that is not zero: 10 of 30, 100 of 1500."""
    digits = str(abs(value).normalize().as_tuple().exponent)
    return Fraction(10) ** int(digits)


def _scaled(interval: Interval, unit: Unit | None) -> Interval:
    return interval if unit is None else interval.times(Fraction(unit.factor))


def _fraction(match: re.Match[str]) -> Numeral:
    """百分之三十, 三分之一, 七成: percentages; the last two are rough by nature."""
    start, end = match.span()
    unit = units.unit_of("", "%")
    if match["percent"]:
        text = match["percent"]
        value = Decimal(text) if text[0].isdigit() else Decimal(from_chinese(text))
        printed = Printed(value, len(text.partition(".")[2]), "%")
        return Numeral(start, end, PERCENT, printed, unit, _widened(printed, None), None, True)
    share = _share(match)
    rough = max(share / 20, Fraction(2)) if match["of"] else Fraction(5)
    interval = Interval(share, share - rough, share + rough)
    printed = Printed(Decimal(round(share * 100)).scaleb(-2), 2, "%")
    return Numeral(start, end, PERCENT, printed, unit, interval, "about", True)


def _share(match: re.Match[str]) -> Fraction:
    if match["tenths"]:
        text = match["tenths"]
        tenths = Fraction(text) if text[0].isdigit() else Fraction(from_chinese(text))
        return 10 * tenths + (5 if match["half"] else 0)
    of, part = (
        int(text) if text.isdigit() else from_chinese(text) for text in (match["of"], match["part"])
    )
    return Fraction(100 * part, of) if of else Fraction(0)


# -- lists and ranges --------------------------------------------------------------------------

_LISTED = frozenset(("、", "和", "及", "与", "以及", "，"))
_SPANNED = frozenset(("-", "—", "——", "~", "至", "到", ""))


def _with_lent_units(compact: str, numerals: list[Numeral]) -> list[Numeral]:
    """1.7、0.3、0.1个百分点 and 4.2个、2个百分点: the last number's unit is that of all."""
    lent: list[Numeral] = []
    for numeral in reversed(numerals):
        if lent and _borrows(compact, numeral, lent[-1]):
            numeral = _in_unit_of(numeral, lent[-1])
        lent.append(numeral)
    return lent[::-1]


def _borrows(compact: str, numeral: Numeral, following: Numeral) -> bool:
    between = compact[numeral.end : following.start]
    if _is_gap_to_many(compact, numeral, following, between):
        return True
    if between not in _LISTED or (between == "，" and following.sign != POINTS):
        return False
    if numeral.sign == PLAIN:
        return following.sign not in (PLAIN, PLACE) and not following.spelled
    return (
        following.sign == POINTS
        and numeral.printed.unit == "个"
        and compact[following.start : following.end].rstrip("百分点").endswith("个")
    )


def _is_gap_to_many(compact: str, numeral: Numeral, following: Numeral, between: str) -> bool:
    """高于全国3.1个、全省2.4个百分点: what is counted in parts of one is no thing."""
    return (
        numeral.printed.unit == "个"
        and numeral.printed.decimals > 0
        and following.sign == POINTS
        and _NEXT_PEER.fullmatch(between) is not None
    )


_NEXT_PEER = re.compile(r"[、和，](?:高于|低于|比)?[\u4e00-\u9fff]{2,8}")


def _in_unit_of(numeral: Numeral, other: Numeral) -> Numeral:
    unit = other.unit
    printed = Printed(numeral.printed.value, numeral.printed.decimals, other.printed.unit)
    interval = _scaled(_widened(printed, numeral.hedge), unit)
    return Numeral(numeral.start, numeral.end, other.sign, printed, unit, interval, numeral.hedge)


def _joined_ranges(compact: str, numerals: list[Numeral]) -> list[Numeral]:
    """15%-20%, 5000至8000万元: one rough figure. 由15%到20% are two."""
    joined: list[Numeral] = []
    for numeral in numerals:
        if joined and _is_range(compact, joined[-1], numeral):
            numeral = _range(compact, joined.pop(), numeral)
        joined.append(numeral)
    return joined


def _is_range(compact: str, one: Numeral, other: Numeral) -> bool:
    between = compact[one.end : other.start]
    if between not in _SPANNED or (not between and compact[other.start] not in "-—"):
        return False
    if one.sign not in (PLAIN, other.sign) or one.hedge == "range":
        return False
    return not re.search(
        r"[由从自比][^，。；、]{0,12}$", compact[max(0, one.start - 13) : one.start]
    )


def _range(compact: str, one: Numeral, other: Numeral) -> Numeral:
    if one.sign == PLAIN:
        one = _in_unit_of(one, other)
    high = abs(other.interval.value) if one.end == other.start else other.interval.value
    ends = sorted((one.interval.value, high))
    interval = Interval(ends[1], *ends)
    return Numeral(one.start, other.end, other.sign, other.printed, other.unit, interval, "range")
