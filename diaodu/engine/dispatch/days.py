"""Days counted as a ladder counts them: every day, or the days on which people work."""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from diaodu.engine.rules.models import Ladder

_SATURDAY = 5


@dataclass(frozen=True)
class DayCount:
    """Counts days. `closed`: weekdays off, `opened`: days of weekends on which people work; both
    as ordinals, ascending. Without `working` every day counts."""

    working: bool = False
    closed: tuple[int, ...] = ()
    opened: tuple[int, ...] = ()

    @classmethod
    def of(cls, ladder: Ladder) -> DayCount:
        if ladder.days == "calendar":
            return cls()
        opened = set(ladder.workdays)
        off = {
            day
            for holiday in ladder.holidays
            for day in _days(holiday.from_, holiday.to)
            if day.weekday() < _SATURDAY and day not in opened
        }
        weekend = sorted(day.toordinal() for day in opened if day.weekday() >= _SATURDAY)
        return cls(True, tuple(sorted(day.toordinal() for day in off)), tuple(weekend))

    @property
    def unit(self) -> str:
        return "个工作日" if self.working else "天"

    def between(self, first: date, last: date) -> int:
        """How many days count after `first`, up to and including `last`; negative where `last`
        comes before."""
        if not self.working:
            return (last - first).days
        return self._until(last.toordinal()) - self._until(first.toordinal())

    def is_counted(self, day: date) -> bool:
        return not self.working or self.between(day - timedelta(days=1), day) == 1

    def deadline(self, day: date) -> date:
        """The day itself, or where nobody works on it the next on which they do
        (民法典第二百零三条)."""
        while not self.is_counted(day):
            day += timedelta(days=1)
        return day

    def late(self, latest: date, day: date) -> int:
        """How many days a thing due by `latest` is late on a day; negative: days left."""
        return self.between(self.deadline(latest), day)

    def _until(self, ordinal: int) -> int:
        """Days that count from 0001-01-01, a Monday, up to this one."""
        weeks, rest = divmod(ordinal, 7)
        weekdays = weeks * _SATURDAY + min(rest, _SATURDAY)
        return weekdays - bisect_right(self.closed, ordinal) + bisect_right(self.opened, ordinal)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def months_later(day: date, months: int) -> date:
    """The same day so many months later, the month's last where it has no such day. A term of
    months that begins on a day ends on this one, included (民法典第二百零一、二百零二条)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def said(day: date, beside: date) -> str:
    """10月20日; with its year where that is not the one spoken in."""
    words = f"{day.month}月{day.day}日"
    return words if day.year == beside.year else f"{day.year}年{words}"
