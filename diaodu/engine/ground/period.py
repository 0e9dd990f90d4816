"""Periods: one interval, one id; the ways offices write it, read and printed.

A period is the interval it covers. 1—5月, "前5个月" and 截至5月31日 are the same interval and
therefore the same period with the same id; the name is only a way of printing it.

Ids:  2023-05 (one month) · 2023-01/05 (whole months of one year) · 2023-05-06 (day) ·
2023-W19 (ISO week) · 2023-05-X1|X2|X3 (旬) · 2023-01-01/2023-10-20 (cumulative to a day).
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from diaodu.engine.ground.errors import OddSpanError, PeriodError

Kind = Literal["day", "week", "xun", "month", "months", "until"]
Short = Literal["day", "week", "xun"]
Reading = Literal["bare", "single", "cumulative", "end"]


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The closed interval [start, end]; build it with the class methods or `parse_period`."""

    start: date
    end: date

    # -- making ------------------------------------------------------------------------------
    @classmethod
    def of_month(cls, year: int, month: int) -> Period:
        return cls.of_months(year, month, month)

    @classmethod
    def of_months(cls, year: int, first: int, last: int) -> Period:
        if not 1 <= first <= last <= 12:
            raise PeriodError(f"月份应在1至12之间且先小后大，写的是{first}—{last}月")
        return cls(_day(year, first, 1), _month_end(year, last))

    @classmethod
    def of_day(cls, day: date) -> Period:
        return cls(day, day)

    @classmethod
    def of_week(cls, year: int, week: int) -> Period:
        try:
            start = date.fromisocalendar(year, week, 1)
        except ValueError as error:
            raise PeriodError(f"{year}年没有第{week}周") from error
        return cls(start, start + timedelta(days=6))

    @classmethod
    def of_xun(cls, year: int, month: int, which: int) -> Period:
        if which not in (1, 2, 3):
            raise PeriodError("旬只有上旬、中旬、下旬")
        first = (1, 11, 21)[which - 1]
        end = _month_end(year, month) if which == 3 else _day(year, month, first + 9)
        return cls(_day(year, month, first), end)

    @classmethod
    def until(cls, day: date) -> Period:
        return cls(date(day.year, 1, 1), day)

    @classmethod
    def newest(cls, kind: Short, day: date) -> Period:
        """The newest day, ISO week or 旬 that is over at the end of `day`."""
        if kind == "day":
            return cls.of_day(day)
        if kind == "week":
            sunday = day - timedelta(days=day.isoweekday() % 7)
            return cls(sunday - timedelta(days=6), sunday)
        if day == _month_end(day.year, day.month):
            return cls.of_xun(day.year, day.month, 3)
        if day.day >= 10:
            return cls.of_xun(day.year, day.month, 1 if day.day < 20 else 2)
        before = day.replace(day=1) - timedelta(days=1)
        return cls.of_xun(before.year, before.month, 3)

    @classmethod
    def spanning(cls, start: date, end: date) -> Period:
        """The period from one day to another. Raises PeriodError where it has no id."""
        period = cls(start, end)
        if period.kind == "until" and not period.is_cumulative:
            raise OddSpanError(
                f"{start.year}年{start.month}月{start.day}日至{end.month}月{end.day}日"
                "不是一旬、一周、整月，也不是从1月1日起"
            )
        return period

    @classmethod
    def from_id(cls, text: str) -> Period:
        """Read an id as printed by `id`. Raises PeriodError for anything else."""
        period = _from_id(text)
        if period is None:
            raise PeriodError(f"“{text}”不是统计期编号；写法如 2023-05、2023-01/05、2023-05-X1")
        return period

    # -- telling -----------------------------------------------------------------------------
    @property
    def id(self) -> str:
        return _id(self.start, self.end)

    @property
    def kind(self) -> Kind:
        if self.is_whole_months:
            return "month" if self.start.month == self.end.month else "months"
        if self.start == self.end:
            return "day"
        if _xun_of(self.start, self.end):
            return "xun"
        if _is_iso_week(self.start, self.end):
            return "week"
        return "until"

    @property
    def is_whole_months(self) -> bool:
        return (
            self.start.day == 1
            and self.start.year == self.end.year
            and self.end == _month_end(self.end.year, self.end.month)
        )

    @property
    def is_cumulative(self) -> bool:
        """Runs from 1 January (a single January does as well)."""
        return (self.start.month, self.start.day) == (1, 1) and self.start.year == self.end.year

    @property
    def year(self) -> int:
        return self.end.year

    @property
    def month(self) -> int:
        """The last month it touches, 1..12."""
        return self.end.month

    @property
    def months(self) -> int:
        """Number of months it touches."""
        return self.end.month - self.start.month + 1 + 12 * (self.end.year - self.start.year)

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    # -- moving ------------------------------------------------------------------------------
    def ytd(self) -> Period:
        """From January to the end of this period's last month."""
        return Period.of_months(self.year, 1, self.month)

    def last_month(self) -> Period:
        """The single month in which this period ends."""
        return Period.of_month(self.year, self.month)

    def last_year(self) -> Period:
        """The same period a year earlier; week 53 and 29 February fall back to the last one."""
        kind = self.kind
        if kind in ("month", "months"):
            return Period.of_months(self.year - 1, self.start.month, self.end.month)
        if kind == "week":
            year, week, _ = self.start.isocalendar()
            last = date(year - 1, 12, 28).isocalendar().week
            return Period.of_week(year - 1, min(week, last))
        if kind == "xun":
            return Period.of_xun(self.year - 1, self.month, _xun_of(self.start, self.end))
        return Period(_year_back(self.start), _year_back(self.end))

    def previous_month(self) -> Period:
        """The single month before the one in which this period ends."""
        if self.month == 1:
            return Period.of_month(self.year - 1, 12)
        return Period.of_month(self.year, self.month - 1)

    # -- printing ----------------------------------------------------------------------------
    def __str__(self) -> str:
        return print_period(self)


@dataclass(frozen=True, slots=True)
class Written:
    """A period as somebody wrote it: what it covers and how the words say to take it."""

    period: Period
    reading: Reading
    start: int = 0
    end: int = 0


Basis = Literal["ytd", "month", "stock", "rate", "mean", "count"]

# A bare “5月” or “二季度” does not say whether it means the month or January to May. The
# indicator's declared basis does; words such as 当月 or 1—5月 win over it.
_CUMULATIVE_BASES = frozenset({"ytd", "rate", "mean", "count"})


def align(written: Written, basis: Basis) -> Period:
    """The period a figure of this basis has when its label was written like this."""
    period = written.period
    if not period.is_whole_months:
        return period
    if basis == "stock" or written.reading == "end":
        return period.last_month()
    if written.reading == "bare" and basis in _CUMULATIVE_BASES:
        return period.ytd()
    return period


def is_summed_up(basis: Basis) -> bool:
    """Whether a figure of this basis is given from January on."""
    return basis in _CUMULATIVE_BASES


def due_period(period: Period, basis: Basis) -> Period:
    """The period under which an indicator of this basis is filed for the month of `period`."""
    return period.ytd() if basis in _CUMULATIVE_BASES else period.last_month()


# -- reading ---------------------------------------------------------------------------------


def normal(text: str) -> str:
    """Half-width, without spaces, with one sort of dash: what all patterns below expect."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"\s+", "", text)
    text = _HAN_YEAR.sub(lambda m: "".join(str(_HAN_DIGITS[c]) for c in m[1]) + "年", text)
    text = _HAN_MONTH.sub(lambda m: str(_number(m[0])), text)
    return re.sub(r"[‐-―−－~～]|(?<!截)至(?=\d)", "-", text)


_HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "O": 0}
# 二〇二三年一至五月, as 公文 write it. Numerals elsewhere (一季度, 一般公共预算) stay as they are.
_HAN_YEAR = re.compile(r"([一二][零〇○O一二三四五六七八九]{3})年")
_HAN_MONTH = re.compile(
    r"(?<![一二三四五六七八九十])(?:十[一二]?|[一二三四五六七八九])"
    r"(?=月|[-‐-―−－~～至](?:十[一二]?|[一二三四五六七八九])月)"
)
# Two digits make a year only before 年 and a month: 22年1-5月.
_FOUR = r"(?:19|20)\d\d"
_YEAR = r"(?:(?P<{p}year>" + _FOUR + r"|(?<!\d)\d\d(?=年\d))(?:年度|年|[-./]))?"
_QUARTER_WORDS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_XUN_WORDS = {"上": 1, "中": 2, "下": 3}
_SINGLE = r"(?P<{p}single>当月|当期|单月|本月(?!止)|当季|单季)"
_CUM = r"(?P<{p}cum>累计)"
_END = r"(?P<{p}end>末|底)"


def _alternative(name: str, body: str) -> str:
    return f"(?P<{name}>{body.replace('{p}', name + '_')})"


_PATTERN = re.compile(
    "|".join(
        [
            _alternative(
                "isow",
                r"(?<![A-Za-z0-9])(?:(?P<{p}year>(?:19|20)\d\d)[年-]?)?W(?P<{p}week>\d\d?)(?!\d)",
            ),
            _alternative(
                "isox", r"(?P<{p}year>(?:19|20)\d\d)-(?P<{p}month>\d\d)-X(?P<{p}xun>[123])"
            ),
            _alternative(
                "isou",
                r"(?P<{p}year>(?:19|20)\d\d)-(?P<{p}m1>\d\d)-(?P<{p}d1>\d\d)/"
                r"(?P<{p}year2>(?:19|20)\d\d)-(?P<{p}m2>\d\d)-(?P<{p}d2>\d\d)",
            ),
            _alternative(
                "isor", r"(?P<{p}year>(?:19|20)\d\d)-(?P<{p}m1>\d\d)/(?P<{p}m2>\d\d)(?!\d|[-/.])"
            ),
            _alternative(
                "isospan",
                r"(?P<{p}year>(?:19|20)\d\d)(?P<{p}sep>[-./])(?P<{p}m1>\d\d?)(?P=isospan_sep)"
                r"(?P<{p}d1>\d\d?)-(?:(?P<{p}year2>(?:19|20)\d\d)(?P=isospan_sep))?"
                r"(?P<{p}m2>\d\d?)(?P=isospan_sep)(?P<{p}d2>\d\d?)(?![\d月])",
            ),
            _alternative(
                "span",
                _YEAR + r"(?P<{p}m1>\d\d?)月(?P<{p}d1>\d\d?)日?-"
                r"(?:(?:(?P<{p}year2>(?:19|20)\d\d)年)?(?P<{p}m2>\d\d?)月)?(?P<{p}d2>\d\d?)日",
            ),
            _alternative(
                "isountil",
                r"截[至止]到?(?P<{p}year>(?:19|20)\d\d)(?P<{p}sep>[-./])(?P<{p}month>\d\d?)"
                r"(?P=isountil_sep)(?P<{p}day>\d\d?)(?![\d月])",
            ),
            _alternative(
                "until",
                r"截[至止]到?" + _YEAR + r"(?P<{p}month>\d\d?)月(?:(?P<{p}day>\d\d?)日|末|底)?",
            ),
            _alternative("xun", _YEAR + r"(?P<{p}month>\d\d?)月份?(?P<{p}xun>[上中下])旬"),
            _alternative("day", _YEAR + r"(?P<{p}month>\d\d?)月(?P<{p}day>\d\d?)日"),
            _alternative(
                "isod",
                r"(?P<{p}year>(?:19|20)\d\d)(?P<{p}sep>[-./])(?P<{p}month>\d\d?)(?P=isod_sep)"
                r"(?P<{p}day>\d\d?)(?![\d月])",
            ),
            _alternative(
                "nthweek", _YEAR + r"(?P<{p}month>\d\d?)月份?第(?P<{p}n>[1-6一二三四五六])周"
            ),
            _alternative("week", _YEAR + r"第(?P<{p}week>\d\d?|[一二三四五六七八九十]{1,3})周"),
            _alternative(
                "range",
                _YEAR + r"(?P<{p}m1>\d\d?)月?(?:份)?-(?:(?P<{p}year2>(?:19|20)\d\d)年)?"
                r"(?P<{p}m2>\d\d?)月(?:份)?" + _CUM + "?",
            ),
            _alternative(
                "months",
                r"(?P<{p}year>" + _FOUR + r")(?:[年./]|(?=[01]\d-))"
                r"(?P<{p}m1>\d\d?)-(?P<{p}m2>\d\d?)(?![\d月日年./-])",
            ),
            _alternative("firstn", _YEAR + r"前(?P<{p}m2>\d\d?|[一二三四五六七八九十]+)个?月"),
            _alternative("q3", _YEAR + r"前三个?季度"),
            _alternative("half", _YEAR + r"(?P<{p}which>上|下)半年"),
            _alternative(
                "quarter",
                r"(?:(?P<{p}year>(?:19|20)\d\d)(?:年度|年|[-./]|(?=Q)))?"
                r"(?:第?(?P<{p}q>[一二三四1234])季度?|Q(?P<{p}q2>[1-4]))"
                r"(?:" + _SINGLE + "|" + _CUM + "|" + _END + ")?",
            ),
            _alternative(
                "month",
                _YEAR + r"(?P<{p}month>\d\d?|十[一二]?|[一二三四五六七八九])月(?:份)?"
                r"(?:" + _SINGLE + "|" + _CUM + "|" + _END + ")?",
            ),
            _alternative(
                "ym",
                r"(?<![\d.])(?P<{p}year>(?:19|20)\d\d)[-./年](?P<{p}month>0?[1-9]|1[0-2])(?![\d.年月]|-\d)",
            ),
            _alternative(
                "ym6", r"(?<![\d.])(?P<{p}year>(?:19|20)\d\d)(?P<{p}month>0[1-9]|1[0-2])(?![\d.])"
            ),
            _alternative(
                "yearonly",
                r"(?<!\d)(?P<{p}year>(?:19|20)\d\d)(?:年度|年)(?:全年)?" + _END + "?|"
                r"(?P<{p}whole>全年)",
            ),
            _alternative("plainyear", r"(?<![\w.])(?P<{p}year>(?:19|20)\d\d)(?![\w.])"),
        ]
    )
)


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.partition("十")
    if not ten:
        tens, ones = "零", text
    try:
        return 10 * _HAN_DIGITS[tens or "一"] + _HAN_DIGITS[ones or "零"]
    except KeyError as error:
        raise PeriodError(f"“{text}”不是数") from error


def parse_written(text: str, *, year: int | None = None) -> Written:
    """Read a text that is nothing but a period.

    `year` stands in where the text names none. Raises PeriodError (in Chinese) for a text that
    is no period, names two, or lacks its year.
    """
    found = list(find_periods(text, year=year))
    clean = normal(text)
    if len(found) != 1 or not _covers(clean, found[0]):
        raise PeriodError(
            f"“{text}”看不出统计期；写法如 2023年5月、2023年1—5月、截至2023年10月20日"
        )
    return found[0]


def parse_period(text: str, *, year: int | None = None) -> Period:
    """Like `parse_written`, the period alone."""
    return parse_written(text, year=year).period


def find_periods(text: str, *, year: int | None = None) -> Iterator[Written]:
    """Every period named in a title, header or file name, in order.

    A year that stands apart (“2023年全县主要指标（1—5月）”) gives the year to the periods that
    lack one and is then not a period itself. Offsets count in `normal(text)`. Raises PeriodError
    where a period without year has none to take, or names a day that does not exist.
    """
    clean = normal(text)
    matches = list(_PATTERN.finditer(clean))
    years = {int(m.group("yearonly_year")) for m in matches if m.group("yearonly_year")}
    years |= {int(m.group("plainyear_year")) for m in matches if m.group("plainyear")}
    without = [m for m in matches if _lacks_year(m)]
    given = {_year_of(m) for m in matches} - {None}
    context = year
    if len(given) == 1:
        context = next(iter(given))
    for match in matches:
        kind = _which(match)
        if kind in ("yearonly", "plainyear") and without and not match.group("yearonly_whole"):
            continue
        yield _written(match, kind, _context_at(clean[: match.start()], context))


def _context_at(before: str, year: int | None) -> int | None:
    """The year that a period without one takes: 去年1—5月 is a year back, and a year that stands
    there in a writing not understood is none."""
    if year is None:
        return None
    if before.endswith(("去年", "上年")):
        return year - 1
    if before.endswith("前年"):
        return year - 2
    if before.endswith(("今年", "本年", "当年", "全年")):
        return year
    return None if before.endswith("年") else year


def _lacks_year(match: re.Match[str]) -> bool:
    return _year_of(match) is None


def _which(match: re.Match[str]) -> str:
    return next(name for name in _NAMES if match.group(name) is not None)


_NAMES = (
    "isow isox isou isor isospan span isountil until xun day isod nthweek week range months firstn "
    "q3 half quarter month ym ym6 yearonly plainyear"
).split()


def _year_of(match: re.Match[str]) -> int | None:
    value = _group(match, f"{_which(match)}_year")
    return _full_year(value) if value else None


def _group(match: re.Match[str], name: str) -> str | None:
    """Nothing for a group that the pattern does not have either."""
    return match[name] if name in _PATTERN.groupindex else None


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _written(match: re.Match[str], kind: str, context: int | None) -> Written:
    def get(name: str) -> str | None:
        return _group(match, f"{kind}_{name}")

    year_text = get("year")
    year = _full_year(year_text) if year_text else context
    if year is None:
        raise PeriodError(f"“{match.group()}”没有写年份，也没有别处可取")
    return Written(*_interval(kind, get, year, match.group()), match.start(), match.end())


_Getter = Callable[[str], str | None]  # name of a group's part → its text


def _interval(kind: str, get: _Getter, year: int, text: str) -> tuple[Period, Reading]:
    def num(name: str) -> int:
        value = get(name)
        assert value is not None
        return _number(value)

    reading: Reading = "bare"
    if get("single"):
        reading = "single"
    elif get("cum"):
        reading = "cumulative"
    elif get("end"):
        reading = "end"

    if kind in ("isow", "week"):
        return Period.of_week(year, num("week")), "single"
    if kind == "isox":
        return Period.of_xun(year, num("month"), num("xun")), "single"
    if kind == "xun":
        return Period.of_xun(year, num("month"), _XUN_WORDS[str(get("xun"))]), "single"
    if kind == "isou":
        start, end = _day(year, num("m1"), num("d1")), _day(num("year2"), num("m2"), num("d2"))
        if start != date(end.year, 1, 1):
            raise PeriodError(f"“{text}”应从当年1月1日起")
        return Period(start, end), "cumulative"
    if kind == "nthweek":
        raise OddSpanError(f"“{text}”是当月的第几周，不是全年的周次，看不出起止日期")
    if kind in ("isospan", "span"):
        return _span(get, num, year, text)
    if kind in ("day", "isod"):
        return Period.of_day(_day(year, num("month"), num("day"))), "single"
    if kind in ("until", "isountil"):
        if get("day"):
            return Period.until(_day(year, num("month"), num("day"))), "cumulative"
        return Period.of_months(year, 1, num("month")), "cumulative"
    if kind in ("range", "months", "isor"):
        other = get("year2")
        if other and int(other) != year:
            raise PeriodError(f"“{text}”跨了年度，统计期不跨年")
        return Period.of_months(year, num("m1"), num("m2")), "cumulative"
    if kind == "firstn":
        return Period.of_months(year, 1, num("m2")), "cumulative"
    if kind == "q3":
        return Period.of_months(year, 1, 9), "cumulative"
    if kind == "half":
        first, last = (1, 6) if get("which") == "上" else (7, 12)
        return Period.of_months(year, first, last), "cumulative"
    if kind == "quarter":
        quarter = _QUARTER_WORDS[str(get("q") or get("q2"))]
        period = Period.of_months(year, 3 * quarter - 2, 3 * quarter)
        if reading == "bare" and quarter > 1:
            reading = "single"  # 二季度 is April to June, whatever the basis
        return (period.ytd() if reading == "cumulative" else period), reading
    if kind in ("yearonly", "plainyear"):
        return Period.of_months(year, 1, 12), "end" if reading == "end" else "cumulative"
    period = Period.of_month(year, num("month"))
    return (period.ytd() if reading == "cumulative" else period), reading


def _span(get: _Getter, num: Callable[[str], int], year: int, text: str) -> tuple[Period, Reading]:
    """6月12—18日, 5月29日—6月4日: from day to day."""
    start = _day(year, num("m1"), num("d1"))
    end_year = num("year2") if get("year2") else year
    end = _day(end_year, num("m2") if get("m2") else start.month, num("d2"))
    if end < start:
        raise OddSpanError(f"“{text}”的起止日期颠倒")
    period = Period.spanning(start, end)
    return period, "cumulative" if period.is_cumulative else "single"


def _covers(clean: str, written: Written) -> bool:
    rest = clean[: written.start] + clean[written.end :]
    return rest.strip("()（）") in ("", "累计", "份")


# -- printing --------------------------------------------------------------------------------

_NAMED = {(1, 3): "一季度", (1, 6): "上半年", (1, 9): "前三季度", (1, 12): "全年"}
_QUARTERS = {(4, 6): "二季度", (7, 9): "三季度", (10, 12): "四季度", (7, 12): "下半年"}


def print_period(period: Period, *, with_year: bool = True, named: bool = False) -> str:
    """As offices print it: 2023年1—5月, 2023年5月, 2023年5月上旬, 截至2023年10月20日.

    `named` prefers 一季度, 上半年, 前三季度, 全年 and 二季度 … where the interval has such a name.
    """
    year = f"{period.year}年" if with_year else ""
    start, end = period.start, period.end
    kind = period.kind
    if kind == "month":
        return f"{year}{end.month}月"
    if kind == "months":
        span = (start.month, end.month)
        if named and (span in _NAMED or span in _QUARTERS):
            return year + (_NAMED.get(span) or _QUARTERS[span])
        return f"{year}{start.month}—{end.month}月"
    if kind == "day":
        return f"{year}{end.month}月{end.day}日"
    if kind == "xun":
        return f"{year}{end.month}月{'上中下'[_xun_of(start, end) - 1]}旬"
    if kind == "week":
        iso = start.isocalendar()
        return (f"{iso.year}年" if with_year else "") + f"第{iso.week}周"
    return f"截至{year}{end.month}月{end.day}日"


# -- small parts -----------------------------------------------------------------------------


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise PeriodError(f"没有{year}年{month}月{day}日这一天") from error


@lru_cache(maxsize=4096)
def _month_end(year: int, month: int) -> date:
    _day(year, month, 1)
    return date(year, month, monthrange(year, month)[1])


def _year_back(day: date) -> date:
    last = monthrange(day.year - 1, day.month)[1]
    return date(day.year - 1, day.month, min(day.day, last))


def _xun_of(start: date, end: date) -> int:
    """1, 2, 3 where the interval is a 旬, else 0."""
    if (start.year, start.month) != (end.year, end.month):
        return 0
    spans = {(1, 10): 1, (11, 20): 2, (21, _month_end(end.year, end.month).day): 3}
    return spans.get((start.day, end.day), 0)


def _is_iso_week(start: date, end: date) -> bool:
    return start.isoweekday() == 1 and (end - start).days == 6


@lru_cache(maxsize=4096)
def _id(start: date, end: date) -> str:
    period = Period(start, end)
    kind = period.kind
    if kind == "month":
        return f"{end.year}-{end.month:02d}"
    if kind == "months":
        return f"{end.year}-{start.month:02d}/{end.month:02d}"
    if kind == "day":
        return end.isoformat()
    if kind == "xun":
        return f"{end.year}-{end.month:02d}-X{_xun_of(start, end)}"
    if kind == "week":
        iso = start.isocalendar()
        return f"{iso.year}-W{iso.week:02d}"
    return f"{start.isoformat()}/{end.isoformat()}"


_ID_SHAPES = re.compile(
    r"\d{4}-\d\d|\d{4}-\d\d/\d\d|\d{4}-\d\d-\d\d|\d{4}-W\d\d|\d{4}-\d\d-X[123]"
    r"|\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d"
)


@lru_cache(maxsize=4096)
def _from_id(text: str) -> Period | None:
    if not _ID_SHAPES.fullmatch(text):
        return None
    return parse_period(text)
