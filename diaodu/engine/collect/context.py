"""What stands around a table: the period, org, indicator, unit and track that title, sheet name
and file name give to every figure under them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from diaodu.engine.collect.names import NO_YEAR, Names
from diaodu.engine.collect.sheet import Cell
from diaodu.engine.collect.words import (
    FIGURE_WORDS,
    NOTE_START,
    PAPER_DATE,
    TRACK_WORDS,
    WHOLE_WORDS,
    fold,
)
from diaodu.engine.ground.errors import OddSpanError, PeriodError
from diaodu.engine.ground.period import Period, Written, find_periods, normal
from diaodu.engine.ground.quantity import find_unit

# In a longer line the unit ends at a bracket or a space: （单位：万元） 填报单位：某某局
_UNITS_IN_LINE = re.compile(r"(?:计量单位|金额单位|数据单位|单位):\s*(?P<units>.+?)(?=[)）\s]|$)")
_BRACKET = re.compile(r"[(（](?P<units>[^()（）]+)[)）]")
_SENDER = re.compile(r"(?:报送|填报|编制|制表|提供|报出|供稿|来源)(?:部门|单位|人)?:")
# 一月报 is a report of every month, 一月一报 likewise: in a name neither says January.
_MONTHLY = re.compile(r"(?<!年)(?<!十)一月(?=报|一)")
# 历年1—6月, 各年上半年: the months of several years, none of which is written.
_YEARS = re.compile(r"(?:历|各|逐|分|[近最前][一二两三四五六七八九十\d]+)年度?(?:来|间)?的?")
# Less than a year, however it is written: 1—6月, 上半年, 五月份; 7月5日 is the day of a paper.
_MONTHS = re.compile("[\\d一二三四五六七八九十]个?月(?!\\d)|半年|季度|第\\d+周|旬")
_ALL_MONTHS = re.compile("1月?[-‐-―−~至到]12月|12个月")
_LAST_YEAR = re.compile(r"(?:月份?|季度|半年|年度?)的?(?:上年|去年)同期(?!相?比|对比|增)")
_PERCENT_WORDS = {
    facet: re.compile(
        "|".join(
            re.escape(name)
            for name, word in FIGURE_WORDS.items()
            if word.facet == facet and len(name) > 1
        )
    ).search
    for facet in ("growth", "share", "completion")
}
_SHORT = frozenset(("day", "week", "xun"))
_PLACE_NAMES = {"title": "标题", "sheet": "工作表名", "file": "文件名"}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all figures of a block share. Empty or None where nothing was said.

    `period_fault` names two places that contradict each other; `periods_open` are several
    periods of equal right; `orgs_open` several orgs.
    """

    written: Written | None = None
    year: int | None = None
    period_fault: tuple[str, str, str, str] | None = None  # place, text, place, text
    periods_open: tuple[str, ...] = ()
    short: tuple[Written, ...] = ()  # days, weeks, 旬 named; more than one are open
    loose_day: str = ""  # a day that stands alone: of the figures or of the paper
    undated: Written | None = None  # months named without a year, in a year that never was
    odd_span: str = ""  # why the days named from–to are no period
    months: str = ""  # the first text that says less than a year, dated or not
    several_years: bool = False
    orgs: tuple[str, ...] = ()
    orgs_open: tuple[str, ...] = ()
    around: frozenset[str] = frozenset()  # every org named about the table
    indicators: tuple[str, ...] = ()
    indicators_open: tuple[str, ...] = ()
    facet: str = ""
    percent_facet: str = ""  # what figures in % are, where nothing nearer says so
    units: tuple[str, ...] = ()
    track: str = ""
    whole: str = ""


def surroundings(names: Names, titles: Iterable[Cell], sheet: str, file: str) -> Surroundings:
    """Read title lines, sheet name and file path (without its day folder)."""
    lines = [str(cell[3]) for cell in titles if not NOTE_START.match(fold(cell[3]))]
    path = file.split("/")[1:] or [file]
    stem = path[-1].rpartition(".")[0] or path[-1]
    places = {"title": lines, "sheet": [sheet], "file": [stem]}
    periods = _Periods(
        {"title": lines, "sheet": [_MONTHLY.sub("", sheet)], "file": [_MONTHLY.sub("", stem)]}
    )
    subject = [line for line in lines if not _SENDER.match(fold(line))]
    senders = [line for line in lines if line not in subject]
    if periods.written is not None and _is_last_year(lines, sheet):
        both = (periods.written.period, periods.written.period.last_year())
        periods.written, periods.open = None, tuple(str(one) for one in both)
    orgs, orgs_open, around, whole = _orgs(names, subject, [*senders, sheet, *path[:-1], stem])
    indicators, indicators_open, facet = _indicators(names, places)
    return Surroundings(
        periods.written, periods.year, periods.fault, periods.open, periods.short,
        periods.loose_day, periods.undated, periods.odd_span, periods.months,
        periods.several_years, orgs, orgs_open, around, indicators, indicators_open, facet,
        _percent_facet([*lines, sheet]), _units(lines), _track([*lines, sheet, stem]), whole,
    )  # fmt: skip


def _is_last_year(lines: Iterable[str], sheet: str) -> bool:
    """A sheet named 上年同期, 2023年5月上年同期 in a title: whether the year written is this year
    or the year before nobody can tell."""
    word = FIGURE_WORDS.get(fold(sheet))
    named = word is not None and word.shift == "last_year"
    return named or any(_LAST_YEAR.search(fold(line)) for line in lines)


# -- period ----------------------------------------------------------------------------------


class _Periods:
    """Title, sheet and file name each may say a period; they must not contradict each other."""

    def __init__(self, places: dict[str, list[str]]) -> None:
        self.written: Written | None = None
        self.year: int | None = None
        self.fault: tuple[str, str, str, str] | None = None
        self.open: tuple[str, ...] = ()
        self.loose_day = self.odd_span = self.months = ""
        self.undated: Written | None = None
        self._short: dict[Period, Written] = {}
        years = {y for texts in places.values() for text in texts for y in _years(text)}
        self.year = next(iter(years)) if len(years) == 1 else None
        said = [
            (place, *found)
            for place, texts in places.items()
            if (found := self._said(place, texts)) is not None
        ]
        named = {written.period.year for _, found, _ in said for written in found}
        self.several_years = len(named) > 1
        self._settle(said)

    @property
    def short(self) -> tuple[Written, ...]:
        return tuple(self._short.values())

    def _said(self, place: str, texts: list[str]) -> tuple[tuple[Written, ...], str] | None:
        """The months that the texts of one place say, and the first such text."""
        found: list[Written] = []
        first = ""
        for text in texts:
            if PAPER_DATE.search(fold(text)):
                continue
            if not self.months and _MONTHS.search(_ALL_MONTHS.sub("", fold(text))):
                self.months = text.strip()
            here = self._periods_in(text)
            months = [written for written in here if written.period.kind not in _SHORT]
            if months and not first:
                first = text
            found.extend(months)
            for one in here:
                if one not in months:
                    self._note_short(one, text, place)
        return (tuple(found), first) if found else None

    def _periods_in(self, text: str) -> list[Written]:
        found = _found(text, self.year)
        if isinstance(found, OddSpanError):
            self.odd_span = self.odd_span or str(found)
        elif isinstance(found, PeriodError):
            self._note_undated(text)
        else:
            return list(found)
        return []

    def _note_undated(self, text: str) -> None:
        found = _found(_YEARS.sub("·", _plain(text)), NO_YEAR)
        if isinstance(found, PeriodError):
            return
        if len(found) == 1 and found[0].period.is_whole_months:
            self.undated = self.undated or found[0]

    def _note_short(self, written: Written, text: str, place: str) -> None:
        """A sheet named 6月12日 is of that day; a date alone elsewhere may be that of the paper."""
        is_day = written.period.kind == "day"
        if is_day and place != "sheet" and _is_bare_date(text, written):
            self.loose_day = self.loose_day or text.strip()
        else:
            self._short.setdefault(written.period, written)

    def _settle(self, said: list[tuple[str, tuple[Written, ...], str]]) -> None:
        single: list[tuple[str, Written, str]] = []
        for place, found, text in said:
            one = _one_of(found)
            if one is None:
                self.open = self.open or tuple(str(written.period) for written in found)
            else:
                single.append((place, one, text))
        months = [entry for entry in single if not _is_year(entry[1].period)]
        for index, (place, written, text) in enumerate(single):
            for other_place, other, other_text in single[index + 1 :]:
                if self.fault is None and _contradict(written.period, other.period):
                    self.fault = (
                        _PLACE_NAMES[place], text, _PLACE_NAMES[other_place], other_text,
                    )  # fmt: skip
        best = months or single
        if best:
            self.written = best[0][1]
            self.year = self.written.period.year


@lru_cache(maxsize=4096)
def _found(text: str, year: int | None) -> tuple[Written, ...] | PeriodError:
    """The periods a text names, or why they cannot be told. Titles recur from sheet to sheet."""
    try:
        return tuple(find_periods(_plain(text), year=year))
    except PeriodError as error:
        return error.with_traceback(None)


@lru_cache(maxsize=4096)
def _years(text: str) -> set[int]:
    return {int(year) for year in re.findall(r"(?<!\d)((?:19|20)\d\d)(?=年|[-./]\d)", _plain(text))}


def _plain(text: str) -> str:
    """Underscores part words in file names; for the patterns of periods they are letters."""
    return text.replace("_", "·")


def _is_bare_date(text: str, written: Written) -> bool:
    """2023年6月12日 on a line of its own, 日期：2023-06-12."""
    clean = normal(_plain(text))
    rest = clean[: written.start] + clean[written.end :]
    return not rest.strip("()[]:：日期")


def _one_of(found: tuple[Written, ...]) -> Written | None:
    """One period, or several ways of saying one month (1—5月 and 5月): then the month, bare."""
    periods = {written.period for written in found}
    if len(periods) == 1:
        return found[0]
    months = [written for written in found if not _is_year(written.period)]
    ends = {written.period.end for written in months}
    if len(ends) != 1 or not all(written.period.is_whole_months for written in months):
        return None
    if len({written.period for written in months}) == 1:
        return months[0]
    return Written(months[0].period.last_month(), "bare")


def _is_year(period: Period) -> bool:
    return period.is_whole_months and period.months == 12


def _contradict(one: Period, other: Period) -> bool:
    if _is_year(one) or _is_year(other):
        return one.year != other.year
    return (one.year, one.month) != (other.year, other.month)


# -- org, indicator, unit, track ---------------------------------------------------------------


def _orgs(
    names: Names, titles: list[str], elsewhere: list[str]
) -> tuple[tuple[str, ...], tuple[str, ...], frozenset[str], str]:
    """The org the table is about, the open ones, all around it, the level of 全县, 全市 …

    A department in a path or beside 报送： is who sent the table, not whom it is about, where the
    title names somebody else; where only paths and senders name both, that is open.
    """
    titled = _named_in(names, titles)
    found = list(dict.fromkeys([*titled, *_named_in(names, elsewhere)]))
    whole = next(
        (
            level
            for text in (*titles, *elsewhere)
            for word, level in WHOLE_WORDS.items()
            if word in fold(text)
        ),
        "",
    )
    clear = {ids[0] for ids in found if len(ids) == 1}
    around = frozenset(one for ids in found for one in names.narrow(ids, clear))
    if any(not _all_departments(names, ids) for ids in titled):
        found = [ids for ids in found if ids in titled or not _all_departments(names, ids)]
    settled = [names.narrow(ids, clear) for ids in found]
    lowest = _lowest(names, settled)
    named = [ids for ids in lowest if not _all_departments(names, ids)]
    subject = named or lowest
    if whole and not named:
        return (), (), around, whole
    if not titled and not named:
        above = [ids for ids in settled if not _all_departments(names, ids)]
        subject = [*_lowest(names, above), *subject]
    if len(subject) == 1 and len(subject[0]) == 1:
        return subject[0], (), around, whole
    return (), tuple(dict.fromkeys(one for ids in subject for one in ids)), around, whole


def _named_in(names: Names, texts: list[str]) -> list[tuple[str, ...]]:
    return list(dict.fromkeys(ids for text in texts for ids in names.search_orgs(text)))


def _lowest(names: Names, found: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Leave out the orgs that only say where another one lies: 示例县 in 示例县甲镇."""
    return [
        ids
        for ids in found
        if not any(
            other is not ids and all(any(names.is_below(o, one) for one in ids) for o in other)
            for other in found
        )
    ]


def _all_departments(names: Names, ids: tuple[str, ...]) -> bool:
    return all(names.rulebook.orgs[one].level == "department" for one in ids)


def _indicators(
    names: Names, places: dict[str, list[str]]
) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    for texts in places.values():
        found = [ids for text in texts for ids in names.search_indicators(text)]
        distinct = list(dict.fromkeys(found))
        if len(distinct) == 1 and len(distinct[0]) == 1:
            return distinct[0], (), _facet_behind(names, texts)
        if distinct:
            return (), tuple(dict.fromkeys(one for ids in distinct for one in ids)), ""
    return (), (), ""


def _facet_behind(names: Names, texts: list[str]) -> str:
    """各镇固定资产投资增速: the word behind the indicator's name says what is given of it."""
    for text in texts:
        folded = fold(text)
        for name in names.said_from_longest:
            at = folded.find(name)
            if at < 0:
                continue
            tail = folded[at + len(name) :]
            for length in range(min(8, len(tail)), 1, -1):
                word = FIGURE_WORDS.get(tail[:length])
                if word is not None:
                    return word.facet if word.facet in ("growth", "share", "completion") else ""
            return ""
    return ""


def _percent_facet(texts: list[str]) -> str:
    """主要指标同比增速 as a title or a sheet's name: growth, share or completion, if only one."""
    folded = [fold(text) for text in texts]
    found = {facet for facet, said in _PERCENT_WORDS.items() if any(map(said, folded))}
    return found.pop() if len(found) == 1 else ""


def _units(lines: list[str]) -> tuple[str, ...]:
    units: list[str] = []
    for line in lines:
        for match in _UNITS_IN_LINE.finditer(line.replace("：", ":")):
            units.extend(part for part in _split_units(match.group("units")) if find_unit(part))
        for match in _BRACKET.finditer(line):
            parts = _split_units(match.group("units"))
            if all(find_unit(part) for part in parts):
                units.extend(parts)
    return tuple(dict.fromkeys(units))


def _split_units(text: str) -> list[str]:
    parts = [text] if find_unit(text) else re.split(r"[、,，;；/和]", text)
    return [part.strip() for part in parts if part.strip()]


def _track(texts: list[str]) -> str:
    folded = [fold(text) for text in texts]
    tracks = {
        track
        for word, track in TRACK_WORDS.items()
        if not word.isascii() and any(word in text for text in folded)
    }
    return next(iter(tracks)) if len(tracks) == 1 else ""
