"""What one printed text says: which indicator, org, period, facet, unit, track.

Built once from the rulebook; every distinct text is read once and remembered. A text is
understood only where nothing of it is left over: what is left over is asked about, not guessed.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, NamedTuple

from diaodu.engine.collect.comparisons import compared_with
from diaodu.engine.collect.words import (
    DIMENSION_WORDS,
    DROPPED_WORDS,
    FIGURE_WORDS,
    HARMLESS_WORDS,
    LEADS,
    LONE_WORDS,
    TARGET_REASON,
    TOTAL_WORDS,
    TRACK_WORDS,
    UNIT_LINE,
    WHOLE_WORDS,
    Word,
    fold,
)
from diaodu.engine.ground.errors import PeriodError
from diaodu.engine.ground.period import Written, find_periods, normal, parse_written
from diaodu.engine.ground.quantity import find_unit
from diaodu.engine.rules.rulebook import Rulebook

Kind = Literal["indicator", "org"]
NO_YEAR = 1904  # a leap year
_SAME_UNIT = {"个百分点": "百分点", "百分比": "%"}
_ABOUT_EQUAL = 0.6  # difflib's own default: closer names are offered as suggestions
_LONGEST_LABEL = 200  # signs; each word taken off costs a walk over all that is left
_LONGEST_WORD = max(len(word) for word in FIGURE_WORDS)


class Label(NamedTuple):
    """What a text says. Tuples of indicators and orgs are candidates: more than one is open.

    `facet` may also be plain, rank or change (settled by its neighbours), or falls where the
    sign of the numbers is open. `reading` may be open: whether a month stands for itself or for
    the year so far. `rest` is what could not be read; a label with a rest must not be relied on.
    """

    text: str = ""
    indicators: tuple[str, ...] = ()
    orgs: tuple[str, ...] = ()
    whole: str = ""  # level named by 全县, 全市 …
    periods: tuple[Written, ...] = ()
    yearless: str = ""  # the text, where it names a period without a year
    block: int = 0  # the year over several columns that say no year of their own
    part: str = ""  # 上旬, 12日: of a month that is named elsewhere
    facet: str = ""
    reading: str = ""
    shift: str = ""
    units: tuple[str, ...] = ()
    track: str = ""
    against: str = ""  # level named by 全市位次, 占全县比重 …
    compared: str = ""  # period named by 比上月, 较1—4月: what a change is a change from
    dimension: str = ""  # the text heads a column of orgs, periods, units …
    dropped: str = ""  # why figures under this text are passed over
    rest: str = ""
    unread: str = ""  # the printed text that has the rest

    @property
    def says_something(self) -> bool:
        return bool(
            self.indicators or self.orgs or self.whole or self.periods or self.yearless
            or self.part or self.facet or self.reading or self.shift or self.units or self.track
            or self.dimension or self.dropped
        )  # fmt: skip

    @property
    def beside_org(self) -> tuple[object, ...]:
        """All it says but for the org, and not how it is printed."""
        return (self.indicators, *self[_BEHIND_ORG:])

    @property
    def about_figures(self) -> bool:
        """Says what kind of figure, beside which one."""
        return bool(self.facet or self.reading or self.shift or self.dropped)


NOTHING = Label()
_BEHIND_ORG = Label._fields.index("periods")


def written_in(label: Label) -> Written | None:
    """The period a label names; of one without year the months, in a year that never was."""
    if label.periods:
        return None if label.part else label.periods[0]
    if not label.yearless:
        return None
    try:
        return parse_written(label.yearless, year=NO_YEAR)
    except PeriodError:
        return None


def combine(upper: Label, lower: Label) -> Label:
    """What two labels over one another say together; the lower one, nearer the figure, wins."""
    if upper is NOTHING:
        return lower
    if lower is NOTHING:
        return upper
    facet = join_facets(upper.facet, lower.facet)
    dropped = lower.dropped or upper.dropped
    if dropped == TARGET_REASON and lower.facet == "completion":
        dropped = ""  # 年度目标 over 完成率: the rate is a figure, the target beside it is not
    return Label(
        text=f"{upper.text}·{lower.text}"
        if upper.text and lower.text
        else upper.text or lower.text,
        indicators=_both(upper.indicators, lower.indicators),
        orgs=lower.orgs or upper.orgs,
        whole=lower.whole or upper.whole,
        periods=lower.periods or upper.periods,
        yearless=lower.yearless or upper.yearless,
        block=lower.block or upper.block,
        part=lower.part or upper.part,
        facet=facet,
        reading=lower.reading or upper.reading,
        shift=lower.shift or upper.shift,
        units=lower.units or upper.units,
        track=lower.track or upper.track,
        against=lower.against or upper.against,
        compared=lower.compared or upper.compared,
        dimension=lower.dimension or upper.dimension,
        dropped=dropped,
        rest=lower.rest or upper.rest,
        unread=lower.unread or upper.unread,
    )


def join_facets(upper: str, lower: str) -> str:
    """The facet that two words say together: 增速 over 位次 is the rank of the growth; a plain
    值 takes the other's; an amount under 比上年增长 is a change, not a level."""
    if not lower or lower == "plain":
        return upper or lower
    if lower == "rank" and upper in ("level", "plain", "growth"):
        return "rank_growth" if upper == "growth" else "rank_level"
    if lower == "level" and upper == "growth":
        return "change"
    return lower


def _both(upper: tuple[str, ...], lower: tuple[str, ...]) -> tuple[str, ...]:
    """Candidates of two labels: their overlap where there is one, else all (that is open)."""
    if not upper or not lower:
        return upper or lower
    shared = tuple(one for one in lower if one in upper)
    return shared or tuple(dict.fromkeys(upper + lower))


@dataclass
class Names:
    """All names, aliases and codes of a rulebook, and the texts read so far."""

    rulebook: Rulebook
    indicators: dict[str, tuple[str, ...]] = field(default_factory=dict)
    orgs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    codes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    fields: frozenset[str] = frozenset()
    ancestors: dict[str, frozenset[str]] = field(default_factory=dict)
    said_indicators: dict[str, tuple[str, ...]] = field(default_factory=dict)  # without ids
    said_orgs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _labels: dict[tuple[str, int | None], Label] = field(default_factory=dict)
    _searches: dict[tuple[str, Kind], list[tuple[str, ...]]] = field(default_factory=dict)
    _suggestions: dict[tuple[str, Kind], str] = field(default_factory=dict)

    @cached_property
    def are_dated(self) -> bool:
        """Whether any org or code comes or goes: then whose figure it is depends on its period."""
        return any(
            org.opened or org.closed or any(code.from_ or code.to for code in org.codes)
            for org in self.rulebook.orgs.values()
        )

    def label(self, text: str, year: int | None = None) -> Label:
        """What a header or stub text says; `year` for periods that name none. Prose is not read."""
        if len(text) > _LONGEST_LABEL:
            return Label(text=text, rest=text, unread=text)
        key = (text, year)
        found = self._labels.get(key)
        if found is None:
            found = self._labels[key] = _Reader(self, year).read(text)
        return found

    def suggest(self, text: str, kind: Kind) -> str:
        """The printed name nearest to a text, or an empty text."""
        key = (fold(text), kind)
        if key not in self._suggestions:
            self._suggestions[key] = self._nearest(*key)
        return self._suggestions[key]

    def _nearest(self, text: str, kind: Kind) -> str:
        table = self.indicators if kind == "indicator" else self.orgs
        signs = set(text)
        likely = [
            name for name in table if len(signs & set(name)) * 2 >= min(len(signs), len(name))
        ]
        close = difflib.get_close_matches(text, likely, n=1, cutoff=_ABOUT_EQUAL)
        if not close:
            return ""
        known = self.rulebook.indicators if kind == "indicator" else self.rulebook.orgs
        return known[table[close[0]][0]].name

    def is_below(self, org: str, above: str) -> bool:
        return above in self.ancestors[org]

    def whole_of(self, level: str) -> tuple[str, ...]:
        """Whom 全县 may mean where nothing around it tells: the orgs of that level that have orgs
        below them, for where those are unknown nobody adds them up; else all of the level."""
        orgs = self.rulebook.orgs.values()
        of_level = tuple(one.id for one in orgs if one.level == level)
        parents = {one.parent for one in orgs}
        return tuple(one for one in of_level if one in parents) or of_level

    def narrow(self, candidates: Iterable[str], context: Iterable[str]) -> tuple[str, ...]:
        """The candidates that are one of, stand below or above the orgs around them.

        All of them where the surroundings tell nothing about any.
        """
        all_of = tuple(candidates)
        around = set(context)
        if len(all_of) < 2 or not around:
            return all_of
        exact = tuple(one for one in all_of if one in around)
        below = exact or tuple(one for one in all_of if self.ancestors[one] & around)
        return below or all_of

    def search_orgs(self, text: str) -> list[tuple[str, ...]]:
        """Every org named inside a longer text, longest names first; two letters at least.

        Ids and codes are not looked for: t1 stands in Sheet1 and means nothing there.
        """
        return self._search(text, "org", self.said_orgs, self._org_lengths)

    def search_indicators(self, text: str) -> list[tuple[str, ...]]:
        return self._search(text, "indicator", self.said_indicators, self._indicator_lengths)

    def _search(
        self, text: str, kind: Kind, table: dict[str, tuple[str, ...]], lengths: tuple[int, ...]
    ) -> list[tuple[str, ...]]:
        found = self._searches.get((text, kind))
        if found is None:
            found = self._searches[text, kind] = _search(fold(text), table, lengths)
        return found

    @cached_property
    def said_from_longest(self) -> tuple[str, ...]:
        """The names of indicators that may stand inside a text."""
        names = sorted(self.said_indicators, key=len, reverse=True)
        return tuple(name for name in names if len(name) > 1)

    @cached_property
    def _org_lengths(self) -> tuple[int, ...]:
        return _lengths(self.said_orgs)

    @cached_property
    def _indicator_lengths(self) -> tuple[int, ...]:
        return _lengths(self.said_indicators)


def _search(
    text: str, table: dict[str, tuple[str, ...]], lengths: tuple[int, ...]
) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    at = 0
    while at < len(text):
        step = 1
        for length in lengths:
            ids = table.get(text[at : at + length]) if at + length <= len(text) else None
            if ids and _stands_apart(text, at, at + length):
                if ids not in found:
                    found.append(ids)
                step = length
                break
        at += step
    return found


def _stands_apart(text: str, start: int, end: int) -> bool:
    """GDP is not named in GDPX, nor PM2 in PM25: letters and digits do not run on."""
    before = text[start - 1 : start] if start else ""
    after = text[end : end + 1]
    return not (_runs_on(before, text[start]) or _runs_on(text[end - 1], after))


def _runs_on(one: str, other: str) -> bool:
    both = one + other
    if len(both) < 2 or not both.isascii():
        return False
    return both.isalpha() or both.isdigit()


def _lengths(names: Iterable[str]) -> tuple[int, ...]:
    """Lengths of names, longest first; single letters are never looked for inside texts."""
    return tuple(sorted({len(name) for name in names if len(name) > 1}, reverse=True))


def build_names(rulebook: Rulebook) -> Names:
    """The index of a rulebook's names. Holds no file and no clock; build it once per run."""
    indicators: dict[str, list[str]] = {}
    said_indicators: dict[str, list[str]] = {}
    for indicator in rulebook.indicators.values():
        for name in (indicator.name, *indicator.aliases):
            _enter(said_indicators, name, indicator.id)
        for name in (indicator.name, *indicator.aliases, indicator.id):
            _enter(indicators, name, indicator.id)
    orgs: dict[str, list[str]] = {}
    said_orgs: dict[str, list[str]] = {}
    codes: dict[str, list[str]] = {}
    ancestors: dict[str, frozenset[str]] = {}
    for org in rulebook.orgs.values():
        for name in (org.name, *org.aliases):
            _enter(said_orgs, name, org.id)
        for name in (org.name, *org.aliases, org.id):
            _enter(orgs, name, org.id)
        for code in org.codes:
            _enter(codes, code.code, org.id)
        ancestors[org.id] = frozenset(one.id for one in rulebook.ancestors(org.id))
    return Names(
        rulebook,
        {name: tuple(ids) for name, ids in indicators.items()},
        {name: tuple(ids) for name, ids in orgs.items()},
        {code: tuple(ids) for code, ids in codes.items()},
        frozenset(fold(i.field) for i in rulebook.indicators.values() if i.field),
        ancestors,
        {name: tuple(ids) for name, ids in said_indicators.items()},
        {name: tuple(ids) for name, ids in said_orgs.items()},
    )


def _enter(table: dict[str, list[str]], name: str, thing: str) -> None:
    ids = table.setdefault(fold(name), [])
    if thing not in ids:
        ids.append(thing)


_BRACKET = re.compile(r"[(\[【〔](?P<inside>[^()\[\]【】〔〕]*)[)\]】〕]")
_PART = re.compile(r"[上中下]旬|(?:\d{1,2}日?[-‐-―−~～至])?\d{1,2}日")
_EDGES = "_:、,-—·/|±+和与及的"
_FOOTNOTE = re.compile(r"(?:\(?注?\d{1,2}\)?|\*+|#+|\[\d\])$")


class _Reader:
    """Reads one text by taking off, piece by piece, what it knows."""

    def __init__(self, names: Names, year: int | None) -> None:
        self.names = names
        self.year = year
        self.said = Label()

    def read(self, text: str) -> Label:
        self.said = Label(text=text)
        rest = self._take(fold(text))
        self._settle_year_before()
        return self.said._replace(rest=rest, unread=text if rest else "")

    def _settle_year_before(self) -> None:
        """上年1—5月 in a table of 2023, 2022年1—5月同期: the period lies a year back already.
        2022年同期 names no other months than the table's."""
        said = self.said
        if said.shift != "last_year":
            return
        written = written_in(said)
        year = self.year if said.periods else NO_YEAR
        if written is None or year is None or written.period.year != year - 1:
            return
        if written.period.months == 12:
            self._say(periods=(), yearless="")
        else:
            self._say(shift="")

    # -- the whole of what is left -------------------------------------------------------------
    def _take(self, text: str) -> str:
        """Take off all that is known; what remains is returned."""
        while text:
            if self._whole(text):
                return ""
            shorter = self._shorten(text)
            if shorter is None:
                return text
            text = shorter
        return ""

    def _shorten(self, text: str) -> str | None:
        for cut in (
            self._cut_edges, self._cut_lead, self._cut_bracket, self._cut_footnote,
            self._cut_percent, self._cut_compared, self._cut_last_word, self._cut_period,
            self._cut_part, self._cut_first_word, self._cut_org,
        ):  # fmt: skip
            shorter = cut(text)
            if shorter is not None:
                return shorter
        return None

    def _whole(self, text: str) -> bool:
        names = self.names
        if text in names.indicators:
            self._say(indicators=names.indicators[text])
        elif text in names.orgs:
            self._say_orgs(names.orgs[text])
        elif text in WHOLE_WORDS:
            self._say(whole=WHOLE_WORDS[text])
        elif text in FIGURE_WORDS:
            self._say_word(FIGURE_WORDS[text])
        elif text in DROPPED_WORDS:
            self._say(dropped=DROPPED_WORDS[text])
        elif text in TRACK_WORDS:
            self._say(track=TRACK_WORDS[text])
        elif text in LONE_WORDS:
            self._say_word(LONE_WORDS[text])
        elif text in DIMENSION_WORDS and not self._mid_way():
            self._say(dimension=DIMENSION_WORDS[text])
        elif text in HARMLESS_WORDS or text in names.fields:
            pass
        elif _PART.fullmatch(text):
            self._say(part=text)
        else:
            return self._unit(text) or self._cut_compared(text) == "" or self._period(text)
        return True

    def _mid_way(self) -> bool:
        """县 heads a column of counties, but is no more than a rest in 某某县."""
        said = self.said
        return bool(said.indicators or said.orgs or said.facet or said.reading)

    def _unit(self, text: str) -> bool:
        line = UNIT_LINE.fullmatch(text)
        listed = (line.group("units") if line else text).strip("()")
        listed = _SAME_UNIT.get(listed, listed)
        if find_unit(listed):
            self._say(units=(*self.said.units, listed))
            return True
        units = [part for part in re.split(r"[、,,;；/和]", listed) if part]
        if not units or not all(find_unit(part) for part in units):
            return False
        self._say(units=(*self.said.units, *units))
        return True

    def _cut_compared(self, text: str) -> str | None:
        """全市位次, 占全县比重, 较1—4月提高: a figure set against another org or period."""
        found = compared_with(text)
        if found is None:
            return None
        if found.facet:
            self._say_word(Word(found.facet))
        self._say(
            against=found.level or self.said.against,
            compared=found.compared or self.said.compared,
            dropped=found.dropped or self.said.dropped,
        )
        return found.before

    def _period(self, text: str) -> bool:
        return self._cut_period(text, whole=True) == ""

    # -- pieces at the ends --------------------------------------------------------------------
    def _cut_edges(self, text: str) -> str | None:
        shorter = text.strip(_EDGES)
        return shorter if shorter != text else None

    def _cut_lead(self, text: str) -> str | None:
        match = LEADS.match(text)
        return text[match.end() :] if match and match.end() < len(text) else None

    def _cut_bracket(self, text: str) -> str | None:
        """Take off one bracket that is understood in full; any other stays part of the name."""
        for match in reversed(list(_BRACKET.finditer(text))):
            before = self.said
            inside = match.group("inside")
            if not inside or self._inside(inside):
                return text[: match.start()] + text[match.end() :]
            self.said = before
        return None

    def _inside(self, text: str) -> bool:
        if text.isdecimal() or re.fullmatch(r"注\d*", text):
            return True
        inner = _Reader(self.names, self.year)
        if inner._take(text) or inner.said.indicators or inner.said.orgs or inner.said.dimension:
            return False
        self.said = combine(self.said, inner.said._replace(text=""))._replace(text=self.said.text)
        return True

    def _cut_footnote(self, text: str) -> str | None:
        match = _FOOTNOTE.search(text)
        if match is None or match.start() == 0:
            return None
        shorter = text[: match.start()]
        known = shorter in self.names.indicators or shorter in self.names.orgs
        return shorter if known or match.group().strip("*#") == "" else None

    def _cut_percent(self, text: str) -> str | None:
        for unit in ("百分点", "%"):
            if text.endswith(unit) and len(text) > len(unit):
                self._say(units=(*self.said.units, unit))
                return text[: -len(unit)]
        return None

    def _cut_last_word(self, text: str) -> str | None:
        for length in range(min(_LONGEST_WORD, len(text) - 1), 0, -1):
            if self._word(text[-length:]):
                return text[:-length]
        return None

    def _cut_first_word(self, text: str) -> str | None:
        for length in range(min(_LONGEST_WORD, len(text) - 1), 1, -1):
            piece = text[:length]
            if piece in WHOLE_WORDS:
                self._say(whole=WHOLE_WORDS[piece])
                return text[length:]
            if self._word(piece):
                return text[length:]
        return None

    def _word(self, piece: str) -> bool:
        if piece in FIGURE_WORDS:
            self._say_word(FIGURE_WORDS[piece])
        elif piece in DROPPED_WORDS and piece not in TOTAL_WORDS:
            self._say(dropped=DROPPED_WORDS[piece])
        elif piece in TRACK_WORDS:
            self._say(track=TRACK_WORDS[piece])
        else:
            return False
        return True

    def _cut_period(self, text: str, whole: bool = False) -> str | None:
        clean = normal(text.upper())  # 2017Q2 and 2023-W19 were folded to small letters
        try:
            found = list(find_periods(clean, year=self.year))
        except PeriodError:
            return self._cut_yearless(clean, whole)
        if not found:
            return None
        rest = clean
        for written in reversed(found):
            rest = rest[: written.start] + rest[written.end :]
        rest = re.sub(r"(?:19|20)\d\d年", "", rest).strip("()份").lower()
        totals = rest in TOTAL_WORDS and clean.endswith(rest)
        if whole and rest and not totals:
            return None
        self._say(periods=(*self.said.periods, *found))
        return self._so_far(rest, totals)

    def _cut_part(self, text: str) -> str | None:
        """中旬完成, 12日用电量: what it is part of stands elsewhere."""
        match = _PART.match(text)
        if match is None:
            return None
        self._say(part=match.group())
        return text[match.end() :]

    def _so_far(self, rest: str, totals: bool) -> str:
        """1—5月合计 adds up months, not orgs: a cumulative figure."""
        if not totals:
            return rest
        self._say(reading=self.said.reading or "cumulative")
        return ""

    def _cut_yearless(self, clean: str, whole: bool) -> str | None:
        """A period without a year: found with any year, kept as text until a year is known."""
        try:
            found = list(find_periods(clean, year=2000))
        except PeriodError:
            return None
        rest = clean
        for written in reversed(found):
            rest = rest[: written.start] + rest[written.end :]
        rest = rest.strip("()份").lower()
        totals = rest in TOTAL_WORDS and clean.endswith(rest)
        if whole and rest and not totals:
            return None
        self._say(yearless=clean.removesuffix(rest) if totals else clean)
        return self._so_far(rest, totals)

    def _cut_org(self, text: str) -> str | None:
        """An org's name before (示例县甲镇, 甲镇工业增加值) or an office's tail behind it."""
        orgs = self.names.said_orgs
        for tail in ("人民政府", "政府"):
            if text.endswith(tail) and text[: -len(tail)] in orgs:
                return text[: -len(tail)]
        for length in range(len(text) - 1, 1, -1):
            if text[:length] in orgs:
                self._say_orgs(orgs[text[:length]])
                return text[length:]
        return None

    # -- saying --------------------------------------------------------------------------------
    def _say(self, **what: Any) -> None:
        self.said = self.said._replace(**what)

    def _say_word(self, word: Word) -> None:
        said = self.said
        facet = said.facet
        if word.facet and facet in ("", "level", "plain"):
            facet = word.facet if word.facet != "plain" else facet or "plain"
        elif facet == "rank":
            facet = join_facets(word.facet, "rank")
        self._say(facet=facet, reading=said.reading or word.reading, shift=said.shift or word.shift)

    def _say_orgs(self, orgs: tuple[str, ...]) -> None:
        """A second org named after a first is looked for below it."""
        below = tuple(
            one for one in orgs if any(self.names.is_below(one, up) for up in self.said.orgs)
        )
        self._say(orgs=below or orgs)


def period_text(value: Decimal) -> str:
    """A year or year-month that stands in a number cell, as text."""
    return str(int(value))


def is_year_like(value: Decimal) -> bool:
    """2019 or 201905: may be a period as well as a figure; its neighbours decide."""
    if value != value.to_integral_value():
        return False
    number = int(value)
    return 1949 <= number <= 2099 or (194901 <= number <= 209912 and 1 <= number % 100 <= 12)
