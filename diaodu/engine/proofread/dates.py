"""Dates that do not exist, weekdays, spans told in days or years, and days left in the year."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from diaodu.engine.proofread.claims import Claim
from diaodu.engine.proofread.flat import Flat, flatten
from diaodu.engine.proofread.numerals import NUMERAL, whole
from diaodu.engine.proofread.reading.model import Reading

# Stand in for a year that is not told: a leap year where any day may exist, a common one elsewhere.
_LEAP, _COMMON = 2024, 2023
_WEEKDAYS = "一二三四五六日"
_DAY = r"(?<!\d)(?:(?P<{p}year>[12]\d{{3}})年)?(?P<{p}month>\d{{1,2}})月(?P<{p}day>\d{{1,2}})[日号]"
_DATE = re.compile(
    _DAY.format(p="") + r"(?:（?(?:星期|礼拜|周)(?P<weekday>[一二三四五六日天])(?![期转边末])）?)?"
)
# 3月1日至3月20日，共20天
_SPAN = re.compile(
    _DAY.format(p="one_") + r"(?:起|开始)?(?:持续到|延续到|至|到|—|－|-|~|～)"
    + _DAY.format(p="two_")
    + r"(?:止|结束)?[，（]?(?:为期|持续|历时|共计?|共用|用时|前后|时间为?)+"
    + rf"(?P<count>{NUMERAL})(?P<unit>天|日|个月|周)"
)  # fmt: skip
# 2021年至2025年五年
_YEARS = re.compile(
    r"(?<!\d)(?P<one>[12]\d{3})年?(?:至|到|—|－|-|~|～)(?P<two>[12]\d{3})年"
    rf"[，（、]?(?:为期|历时|共|这|的)?(?P<count>{NUMERAL})年(?![级度代前])"
)
_TODAY = re.compile(
    r"(?:今天|现在|目前|当前)(?:已经|已)?(?:是|到了?)(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]"
)
# 10月下旬: its days.
_TENTH = re.compile(
    r"(?:今天|现在|目前|当前)(?:已经|已)?(?:是|到了?|进入)?(?P<month>\d{1,2})月(?P<part>上旬|中旬|下旬|底)"
)
_TENTHS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "底": (26, 31)}
# 1—10月工作及后2个月打算
_REMAINING = re.compile(
    rf"(?<!\d)1(?:—|-|－|~|～|至|到)(?P<month>\d{{1,2}})月[^。；\n]{{0,30}}?(?:后|剩余|余下|剩下|最后)的?"
    rf"(?P<count>{NUMERAL})个月(?!内)"
)
# 截至10月31日，…今年仅剩两个月
_GONE = (
    r"(?:1(?:—|-|－|~|～|至|到)(?P<months>\d{1,2})月|截[至止](?P<day>\d{1,2})月(?:底|末|30日|31日|28日|29日)"
    r"|(?P<half>上半年)|(?P<three>前三季度))"
)
_YEAR_LEFT = re.compile(
    rf"{_GONE}[^。；\n]{{0,60}}?(?:今年|全年|年内|[离距]年底|[离距]年末|到年底)(?:只|仅|还|就|已)?(?:剩下?|有|余)"
    rf"(?P<count>{NUMERAL})个月(?!内)"
)
_HALVES = (3, 6, 9, 12)
_LEFT = re.compile(
    r"(?:距离?|离)?(?P<end>今年|年底|年末|年终|全年|全年结束|(?:今年)?上半年|半年|6月底)(?:上?的?时间)?(?:还有|仅剩|只剩下?|还剩下?|剩下|仅有|只有|剩余)"
    rf"的?(?:时间)?(?P<count>{NUMERAL})天"
)
# 离10月31日还有33天
_LEFT_TO = re.compile(
    r"[距离](?P<month>\d{1,2})月(?P<day>\d{1,2})[日号](?:的?[^，。；\d]{0,12})?(?:还有|仅剩|只剩下?|还剩下?|只有|仅有)"
    rf"(?P<count>{NUMERAL})天"
)
_HALF = frozenset(("今年上半年", "上半年", "半年", "6月底"))
_SOON = 40
_FAR = 3000  # how far before a countdown the day may be named
_DAYS_A_WEEK = 7


def checks(reading: Reading) -> Iterator[Claim]:
    """Dates and spans that can be told right or wrong from the text alone."""
    flat = flatten(reading.text)
    yield from _days(reading.text, flat)
    yield from _spans(reading.text, flat)
    yield from _years(reading.text, flat)
    yield from _countdowns(reading.text, flat)
    yield from _countdowns_to(reading.text, flat)
    yield from _months(reading.text, flat)
    yield from _months_left(reading.text, flat)


# -- single days -----------------------------------------------------------------------------------


def _days(text: str, flat: Flat) -> Iterator[Claim]:
    for match in _DATE.finditer(flat.text):
        month, number = int(match["month"]), int(match["day"])
        start, end = flat.span(*match.span())
        quote = match.group()
        if not 1 <= month <= 12:
            told = f"“{quote}”：没有{month}月；应核对日期"
            yield _claim(text, start, end, quote, None, None, told, wrong=True)
            continue
        last = _days_of(match["year"], month)
        if not 1 <= number <= last:
            told = f"“{quote}”：{month}月最多{last}天；应核对日期"
            yield _claim(text, start, end, quote, None, None, told, wrong=True)
        elif match["weekday"] and match["year"]:
            yield _weekday(text, start, end, match)


def _days_of(year: str | None, month: int) -> int:
    """The days of a month; of a February whose year is not told, 29."""
    return monthrange(int(year) if year else _LEAP, month)[1]


def _weekday(text: str, start: int, end: int, match: re.Match[str]) -> Claim:
    day = date(int(match["year"]), int(match["month"]), int(match["day"]))
    right = _WEEKDAYS[day.weekday()]
    said = "日" if match["weekday"] == "天" else match["weekday"]
    named = f"{day.year}年{day.month}月{day.day}日"
    wrong = right != said
    told = f"{named}是星期{right}，" + (f"不是星期{said}；应核对日期和星期" if wrong else "相符")
    return _claim(text, start, end, f"星期{said}", f"星期{right}", None, told, wrong=wrong)


# -- spans -----------------------------------------------------------------------------------------


def _spans(text: str, flat: Flat) -> Iterator[Claim]:
    """The last day may count or not."""
    for match in _SPAN.finditer(flat.text):
        ends = _ends(match)
        if ends is None:
            continue
        count, days = whole(match["count"]), (ends[1] - ends[0]).days
        fitting = _fitting(match["unit"], days)
        start, end = flat.span(*match.span())
        unit = match["unit"]
        wrong = count not in fitting
        told = f"从{_named(ends[0])}到{_named(ends[1])}共{days + 1}天"
        told += f"，不是{count}{unit}；应核对起止日期或时长" if wrong else f"，与{count}{unit}相符"
        computed = f"{fitting[-1]}{unit}" if wrong else f"{count}{unit}"
        interval = (Fraction(fitting[0]), Fraction(fitting[-1]))
        yield _claim(text, start, end, f"{count}{unit}", computed, interval, told, wrong=wrong)


def _ends(match: re.Match[str]) -> tuple[date, date] | None:
    """The two days; of a year that is not told, one that the text allows. None for no such days."""
    year = int(match["one_year"] or match["two_year"] or 0)
    later = int(match["two_year"] or year)
    try:
        one = date(year or _COMMON, int(match["one_month"]), int(match["one_day"]))
        two = date(later or _COMMON, int(match["two_month"]), int(match["two_day"]))
    except ValueError:
        return None
    return (one, two) if one <= two else None


def _named(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _fitting(unit: str, days: int) -> list[int]:
    """The numbers that may be told of a span of so many days between its ends."""
    if unit in ("天", "日"):
        return [days, days + 1]
    length = _DAYS_A_WEEK if unit == "周" else 30
    return sorted({days // length, (days + 1) // length, -(-days // length)})


def _years(text: str, flat: Flat) -> Iterator[Claim]:
    for match in _YEARS.finditer(flat.text):
        one, two, count = int(match["one"]), int(match["two"]), whole(match["count"])
        if two <= one:
            continue
        start, end = flat.span(*match.span())
        wrong = count not in (two - one, two - one + 1)
        told = f"{one}年到{two}年，首尾都算是{two - one + 1}年"
        told += f"，不是{count}年；应核对年份或年数" if wrong else f"，与{count}年相符"
        computed = f"{two - one + 1 if wrong else count}年"
        interval = (Fraction(two - one), Fraction(two - one + 1))
        yield _claim(text, start, end, f"{count}年", computed, interval, told, wrong=wrong)


# -- days left -------------------------------------------------------------------------------------


def _countdowns(text: str, flat: Flat) -> Iterator[Claim]:
    """Days to the end of the year or half-year from the day the text calls today."""
    for match in _LEFT.finditer(flat.text):
        today = _today(flat, match.start(), half=match["end"] in _HALF)
        if today is None:
            continue
        place, fewest, most = today
        count = whole(match["count"])
        wrong = not fewest - 1 <= count <= most + 1
        start, end = flat.span(*match.span())
        left = f"{most}天" if fewest == most else f"{fewest}至{most}天"
        named = flat.text[place[0] : place[1]]
        told = f"“{named}”到{'6月30日' if match['end'] in _HALF else '12月31日'}还有{left}"
        told += f"，不是{count}天；应核对日期或天数" if wrong else f"，与{count}天相符"
        yield _claim(
            text, start, end, f"{count}天", f"{most if wrong else count}天",
            (Fraction(fewest - 1), Fraction(most + 1)), told, wrong=wrong,
            operands=(flat.span(*place),),
        )  # fmt: skip


def _countdowns_to(text: str, flat: Flat) -> Iterator[Claim]:
    """Days to a day of the same year from the day the text calls today; it may count or not."""
    for match in _LEFT_TO.finditer(flat.text):
        told_days = list(_TODAY.finditer(flat.text, max(0, match.start() - _FAR), match.start()))
        if not told_days:
            continue
        today = told_days[-1]
        try:
            ends = [date(_COMMON, int(one["month"]), int(one["day"])) for one in (today, match)]
        except ValueError:
            continue
        days, count = (ends[1] - ends[0]).days, whole(match["count"])
        if days < 0:
            continue
        wrong = count not in (days - 1, days, days + 1)
        start, end = flat.span(*match.span())
        told = f"从“{today.group()}”到{_named(ends[1])}还有{days}天"
        told += f"，不是{count}天；应核对日期或天数" if wrong else f"，与{count}天相符"
        yield _claim(
            text, start, end, f"{count}天", f"{days if wrong else count}天",
            (Fraction(days - 1), Fraction(days + 1)), told, wrong=wrong,
            operands=(flat.span(*today.span()),),
        )  # fmt: skip


def _today(flat: Flat, before: int, *, half: bool) -> tuple[tuple[int, int], int, int] | None:
    """Where the text last says what day it is, and how many days are left at least and at most."""
    near = max(0, before - _FAR)
    days = [(one, one["day"], one["day"]) for one in _TODAY.finditer(flat.text, near, before)]
    days = days or [
        (one, one["day"], one["day"]) for one in _TODAY.finditer(flat.text, before, before + _SOON)
    ]
    for one in _TENTH.finditer(flat.text, near, before):
        first, last = _TENTHS[one["part"]]
        month = int(one["month"])
        last = min(last, _days_of(None, month)) if 1 <= month <= 12 else last
        days.append((one, str(first), str(last)))
    if not days:
        return None
    found, first_day, last_day = max(days, key=lambda one: one[0].start())
    most = _left(int(found["month"]), int(first_day), half=half)
    fewest = _left(int(found["month"]), int(last_day), half=half)
    return None if most is None or fewest is None else (found.span(), fewest, most)


def _months(text: str, flat: Flat) -> Iterator[Claim]:
    """Months gone and months left make a quarter's end; the meeting may be a month later."""
    for match in _REMAINING.finditer(flat.text):
        gone, left = int(match["month"]), whole(match["count"])
        wanted = [end - gone for end in _HALVES if end > gone]
        if not 1 <= gone < 12:
            continue
        wrong = not any(left in (one, one - 1) for one in wanted) or left == 0
        start, end = flat.span(*match.span())
        right = wanted[-1]
        told = f"1至{gone}月之后到年底是{right}个月"
        told += f"，不是{left}个月；应核对月数" if wrong else "，相符" if left == right else ""
        if wrong or left == right:
            yield _claim(
                text, start, end, f"{left}个月", f"{right}个月",
                (Fraction(right - 1), Fraction(right)), told, wrong=wrong,
            )  # fmt: skip


def _months_left(text: str, flat: Flat) -> Iterator[Claim]:
    """Months to the end of the year; the meeting may be a month behind its figures."""
    for match in _YEAR_LEFT.finditer(flat.text):
        gone = int(match["months"] or match["day"] or (6 if match["half"] else 9))
        left = whole(match["count"])
        if not 1 <= gone < 12:
            continue
        right = 12 - gone
        wrong = left not in (right, right - 1)
        if not wrong and left != right:
            continue
        start, end = flat.span(*match.span())
        told = f"到{gone}月底，离年底还有{right}个月"
        told += f"，不是{left}个月；应核对月数" if wrong else "，相符"
        interval = (Fraction(right - 1), Fraction(right))
        printed, computed = f"{left}个月", f"{right}个月"
        yield _claim(text, start, end, printed, computed, interval, told, wrong=wrong)


def _left(month: int, day: int, *, half: bool) -> int | None:
    """Days to the end of the year or the half-year; None from no such day, or from behind it."""
    try:
        now = date(_COMMON, month, day)
    except ValueError:
        return None
    left = (date(_COMMON, 6 if half else 12, 30 if half else 31) - now).days
    return left if left >= 0 else None


def _claim(
    text: str, start: int, end: int, printed: str, computed: str | None,
    interval: tuple[Fraction, Fraction] | None, told: str, *, wrong: bool,
    operands: tuple[tuple[int, int], ...] = (),
) -> Claim:  # fmt: skip
    return Claim(
        start, end, text[start:end], "date", "contradicts" if wrong else "holds", printed, told,
        "wrong" if wrong else None, computed, interval, computed if wrong else None, operands,
    )  # fmt: skip
