"""A line of minutes as it is typed while the meeting goes on: who, what, by when.

Read is only what is said without doubt; what is missing or open is left out, so that it is asked
for. A day is a deadline only where it lies ahead: “落实7月30日会议精神” said in October names none.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
           "十": 10}  # fmt: skip
_WEEKDAYS = "一二三四五六日"
_COUNT = r"(?P<count>\d{1,3}|[一二两三四五六七八九十])"
_YEAR = r"(?<!\d)(?:(?P<year>20\d\d)年|(?P<next_year>明年)|今年)?"
_BEFORE = r"(?:之前|以前|前)?"

# The more telling first; what one has read no later one reads again.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("day", rf"{_YEAR}(?P<month>1?\d)月(?P<day>[123]?\d)[日号]{_BEFORE}"),
        ("third", rf"{_YEAR}(?P<month>1?\d)月(?:份)?(?P<third>[上中下])旬{_BEFORE}"),
        ("month", rf"{_YEAR}(?P<month>1?\d)月(?:份)?(?:底|末){_BEFORE}"),
        ("this_month", rf"(?:本月|这个月|(?<![\d个]))(?:月底|月末|月内){_BEFORE}"),
        ("next_month", rf"下(?:个)?月底{_BEFORE}"),
        ("quarter", rf"(?:本季度|季度|季)(?:末|底|内){_BEFORE}"),
        ("this_year", rf"(?:今年)?(?:年底|年末|年内){_BEFORE}"),
        ("weekday", rf"(?P<week>本|这|下)周(?P<weekday>[一二三四五六日天]){_BEFORE}"),
        ("week", rf"(?P<week>本|这|下)周(?:内|末){_BEFORE}"),
        ("days", rf"{_COUNT}[天日](?:之内|以内|内)"),
        ("weeks", rf"{_COUNT}(?:个)?(?:周|星期)(?:之内|以内|内)"),
        ("months", rf"{_COUNT}个月(?:之内|以内|内)"),
        ("near", r"(?P<near>今天|明天|后天)"),
        ("day_of_month", r"(?<!月)(?P<day>[123]?\d)[日号](?:之前|以前|前)"),
    )
)
_HOPED = re.compile(r"(?:力争|争取)[在于到]?\s*$")
_TOGETHER = re.compile(r"\s*(?:、|和|会同|配合[:：]?|，?协办[:：]?)\s*")
_LEADING = " 　：:，,、"
_BEFORE_A_DAY = re.compile(r"(?:力争|争取|最晚|最迟|确保|务必|必须|请|于|在|到)*")


class Deadline(NamedTuple):
    """A day that was said, and where in the text. `hoped`: 力争, not the last."""

    day: date
    hoped: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """What a line says. `orgs`: the lead unit first, then those that support it; empty where none
    is named. `days_said`: all deadlines, where more than one could be meant and none is taken."""

    what: str
    orgs: tuple[str, ...] = ()
    person: str = ""
    latest: date | None = None
    best: date | None = None
    days_said: tuple[date, ...] = ()


def read_line(text: str, day: date, orgs: Mapping[str, str], people: Mapping[str, str]) -> Line:
    """orgs: name or alias → id; people: name → id of their org."""
    units = _units(text, orgs)
    person, home = _person(text, people)
    ids = tuple(dict.fromkeys(one for one, *_ in units)) or ((home,) if home else ())
    days = [one for one in _deadlines(text, day) if one.day >= day]
    latest, best = _chosen(days)
    open_days = () if latest else tuple(sorted({one.day for one in days if not one.hoped}))
    return Line(
        what=_what(text, units, person, [one for one in days if one.day in (latest, best)]),
        orgs=ids, person=person, latest=latest, best=best,
        days_said=open_days,
    )  # fmt: skip


def _units(text: str, orgs: Mapping[str, str]) -> list[tuple[str, int, int]]:
    """The first unit named, and those named right beside it: id and place."""
    found: list[tuple[str, int, int]] = []
    for one in _named(text, orgs):
        if found and not _TOGETHER.fullmatch(text[found[-1][2] : one[1]]):
            break
        found.append(one)
    return found


def _named(text: str, orgs: Mapping[str, str]) -> Iterator[tuple[str, int, int]]:
    """Every name in the text, the longest at each place."""
    longest = max(map(len, orgs), default=0)
    at = 0
    while at < len(text):
        for size in range(min(longest, len(text) - at), 1, -1):
            id = orgs.get(text[at : at + size])
            if id is not None:
                yield id, at, at + size
                at += size
                break
        else:
            at += 1


def _person(text: str, people: Mapping[str, str]) -> tuple[str, str]:
    """The one person named, with their org; nobody where two are."""
    named = {name for name in people if len(name) > 1 and name in text}
    named = {name for name in named if not any(name != one and name in one for one in named)}
    if len(named) != 1:
        return "", ""
    [name] = named
    return name, people[name]


def _what(
    text: str, units: list[tuple[str, int, int]], person: str, days: list[Deadline]
) -> str:  # fmt: skip
    """The line without the units, the person and the days it begins with: they stand in fields of
    their own."""
    start = _past_signs(text, 0)
    if units and units[0][1] == start:
        start = _past_signs(text, units[-1][2])
    if person and text.startswith(person, start):
        start = _past_signs(text, start + len(person))
    for one in days:
        led = _BEFORE_A_DAY.match(text, start)
        if led is not None and led.end() == one.start:
            start = _past_signs(text, one.end)
    return text[start:].strip(_LEADING)


def _past_signs(text: str, start: int) -> int:
    return len(text) - len(text[start:].lstrip(_LEADING))


def _chosen(days: list[Deadline]) -> tuple[date | None, date | None]:
    last = {one.day for one in days if not one.hoped}
    hoped = {one.day for one in days if one.hoped}
    latest = last.pop() if len(last) == 1 else None
    best = hoped.pop() if len(hoped) == 1 else None
    return latest, best if latest is None or best is None or best <= latest else None


def _deadlines(text: str, day: date) -> list[Deadline]:
    taken: list[tuple[int, int]] = []
    found: list[Deadline] = []
    for name, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < stop and begin < end for begin, stop in taken):
                continue
            taken.append((start, end))
            meant = _day(name, match, day)
            if meant is not None:
                hoped = _HOPED.search(text[:start]) is not None
                found.append(Deadline(meant, hoped, start, end))
    return sorted(found, key=lambda one: one.start)


def _day(name: str, match: re.Match[str], day: date) -> date | None:
    """The last day that the words leave; None where there is no such day."""
    said = match.groupdict()
    if name in ("day", "third", "month"):
        return _in_month(name, said, day)
    if name in ("days", "weeks", "months"):
        return _within(name, _number(said["count"]), day)
    if name in ("weekday", "week"):
        return _in_week(said, day)
    if name == "near":
        return day + timedelta(days=("今天", "明天", "后天").index(said["near"]))
    if name == "day_of_month":
        return _day_of_month(int(said["day"]), day)
    ahead = {"this_month": 0, "next_month": 1, "quarter": -day.month % 3}
    return _month_end(day.year, day.month + ahead.get(name, 12 - day.month))


def _in_month(name: str, said: dict[str, str | None], day: date) -> date | None:
    year = day.year + 1 if said["next_year"] else int(said["year"] or day.year)
    month = int(said["month"] or 0)
    if not 1 <= month <= 12:
        return None
    if name == "month":
        return _month_end(year, month)
    if name == "third":
        return {"上": date(year, month, 10), "中": date(year, month, 20)}.get(
            said["third"] or "", _month_end(year, month)
        )
    number = int(said["day"] or 0)
    return date(year, month, number) if 1 <= number <= monthrange(year, month)[1] else None


def _within(name: str, count: int, day: date) -> date:
    if name == "months":
        year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
        return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    return day + timedelta(days=count * (7 if name == "weeks" else 1))


def _in_week(said: dict[str, str | None], day: date) -> date:
    monday = day - timedelta(days=day.weekday())
    if said["week"] == "下":
        monday += timedelta(days=7)
    named = (said.get("weekday") or "日").replace("天", "日")
    return monday + timedelta(days=_WEEKDAYS.index(named))


def _day_of_month(number: int, day: date) -> date | None:
    """This month's, or the next one's where that is past."""
    for ahead in (0, 1):
        last = _month_end(day.year, day.month + ahead)
        if 1 <= number <= last.day and last.replace(day=number) >= day:
            return last.replace(day=number)
    return None


def _month_end(year: int, month: int) -> date:
    """Of a month counted on beyond December."""
    years, rest = divmod(month - 1, 12)
    return date(year + years, rest + 1, monthrange(year + years, rest + 1)[1])


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else _DIGITS[text or ""]
