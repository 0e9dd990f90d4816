"""Which figures of a text are of the ledger: a walk along each sentence.

A figure is followed back to the name of an indicator through words that are known to the last
sign (`phrases`). Any other word in between, a stranger's name before the indicator's, a word of
wish or plan before it: and the figure is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from diaodu.engine.ground.errors import PeriodError
from diaodu.engine.ground.period import Period, parse_period
from diaodu.engine.proofread.ledger.model import Ledger
from diaodu.engine.proofread.ledger.phrases import INDICATOR, ORG, PATTERNS, Phrase
from diaodu.engine.proofread.reading.model import FIGURES, TIME, Figure, Reading, Sentence

# What may stand between a break and the name of an indicator.
_HEAD = re.compile(
    rf"(?:其中|今年以来|今年|本年|截至|截止|目前|当前|同时|此外|另外|初步核算|据统计|累计|{TIME}|末|底)*"
    rf"(?P<org>{ORG})?的?(?:{TIME}|累计|共|完成|实现|分别)*"
)
_BREAKS = "，；：。、（）" + FIGURES
# A sentence that says one of these before the indicator tells of what is wanted, not of what is.
_WISH = re.compile(
    r"目标|任务|预期|力争|确保|争取|计划|预计|规划|要求|下达|五年|测算|如果|预算安排"
)
# A clause that begins so tells of a year that is not said.
_VAGUE = re.compile(
    rf"(?:^|(?<=[，；：。、（]))"
    rf"(?:(?:去年|上年|前年|往年)(?!同期|{TIME})|全年(?!缺口|任务|目标|计划|预算|预期))"
)
_THIS_YEAR = re.compile(rf"(?:^|(?<=[，；：。、（]))(?:今年以来|今年|本年)(?!{TIME})")
_YEAR_BACK = ("去年", "上年")
# A period behind these tells of itself; behind other words it is compared with, or is an event.
_OPENS = re.compile(r"(?:^|[，；：。、])(?:其中)?(?P<until>截至|截止到?)?(?:今年|本年|去年|上年)?")
_ENDS = ("末", "底", "累计")
# Words that join an indicator's name to something that is told of another.
# A place that the ledger has no name for: what is told from there on is its own.
_STRANGER = re.compile(
    r"[\u4e00-\u9fff]{1,3}(?<![城乡各集村小上超夜股楼都门县省全我本])"
    r"(?:省(?!级|内|外|委|直)|市(?!场|民|政|区|值|级|州|县|委|直)|县(?!域|级|委|区|城|乡|政|直|市)"
    r"|自治州|镇(?!村|区|化)|乡(?!村|镇)|街道)(?!长|领导|统计)"
)
_BETWEEN = frozenset("在居列比较与和占位")
_JOINS = tuple("占比较与和及同对于由从以将把使动进响高低的，")
_SECTION = re.compile(r"目标|计划|打算|任务|预期|要求|安排|部署|下一步|下步|今后|措施")
_HEADING = re.compile(r"[^，；：。]{1,30}")
_PART = ("拉动", "下拉", "基本没有拉动")


@dataclass(frozen=True, slots=True)
class Meant:
    """A figure, and what it is in the ledger: of which indicator, org and period (None: the
    indicator's newest in the run). `own`: the org told of, where `org` is a part of it.

    `who`: the org it is compared with or ranked in; `base`: the period it is compared with;
    `whole`: the indicator or org that a part's pull is of; `before`: the figure in the same
    sentence that this one goes on from.
    """

    figure: Figure
    phrase: Phrase
    match: re.Match[str]
    ends: re.Match[str]
    indicator: str
    org: str
    own: str
    period: Period | None
    who: str = ""
    base: Period | None = None
    whole: tuple[str, ...] = ()
    before: Meant | None = None

    def word(self, *groups: str) -> str:
        """The first of these groups of the words before or behind it that is there."""
        for match in (self.match, self.ends):
            known = [one for one in groups if one in match.re.groupindex and match[one]]
            if known:
                return match[known[0]]
        return ""


@dataclass(slots=True)
class _Marked:
    """A sentence's form with each name of the ledger as one sign; what stands at which place."""

    text: str = ""
    figures: dict[int, Figure] = field(default_factory=dict)
    times: dict[int, str] = field(default_factory=dict)
    orgs: dict[int, str] = field(default_factory=dict)
    indicators: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Carried:
    """What is carried from sentence to sentence. `is_lost`: the period told of is none that is
    understood; `is_foreign`: the paragraph told of somebody the ledger does not know."""

    period: Period | None = None
    is_lost: bool = False
    is_foreign: bool = False
    is_plan: bool = False
    org: str = ""


def scan(reading: Reading, ledger: Ledger) -> Iterator[Meant]:
    """Every figure of the prose that is the ledger's, in order."""
    names = sorted({*ledger.indicators, *ledger.orgs}, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, names)) or "(?!)")
    carried, paragraph = _Carried(), -1
    for sentence in reading.sentences:
        if sentence.paragraph != paragraph:
            _turn(carried, sentence)
        paragraph = sentence.paragraph
        if not carried.is_plan:
            yield from _Walk(ledger, _marked(sentence, ledger, pattern), carried).run()


def _turn(carried: _Carried, sentence: Sentence) -> None:
    """A new paragraph: whose figures were told is forgotten; a heading says whether what is under
    it is a plan."""
    carried.is_foreign, carried.org = False, ""
    if _HEADING.fullmatch(sentence.form) and not sentence.at:
        carried.is_plan = _SECTION.search(sentence.form) is not None


def _marked(sentence: Sentence, ledger: Ledger, names: re.Pattern[str]) -> _Marked:
    found = _Marked()
    place = 0
    for match in names.finditer(sentence.form):
        _take(found, sentence, place, match.start())
        if match[0] in ledger.indicators:
            found.indicators[len(found.text)] = ledger.indicators[match[0]]
            found.text += INDICATOR
        else:
            found.orgs[len(found.text)] = ledger.orgs[match[0]]
            found.text += ORG
        place = match.end()
    _take(found, sentence, place, len(sentence.form))
    return found


def _take(found: _Marked, sentence: Sentence, start: int, end: int) -> None:
    """A stretch of the form without names."""
    for place in range(start, end):
        there = len(found.text) + place - start
        if place in sentence.at:
            found.figures[there] = sentence.at[place]
        elif place in sentence.moments:
            found.times[there] = sentence.moments[place].quote
    found.text += sentence.form[start:end]


class _Walk:
    """Along one sentence."""

    def __init__(self, ledger: Ledger, marked: _Marked, carried: _Carried) -> None:
        self._ledger, self._marked, self._carried = ledger, marked, carried
        self._indicator = self._main = ""
        self._anchor = 0
        self._before: Meant | None = None
        self._times: dict[int, Period | None] = {}

    def run(self) -> Iterator[Meant]:
        marked = self._marked
        vague = {match.start() for match in _VAGUE.finditer(marked.text)}
        own = {match.start() for match in _THIS_YEAR.finditer(marked.text)}
        strangers = {match.start() for match in _STRANGER.finditer(marked.text)}
        events = (marked.figures, marked.times, marked.indicators, vague, own, strangers)
        for place in sorted(set().union(*events)):
            if place in strangers:
                self._carried.is_foreign, self._carried.org = True, ""
            elif place in vague or place in own:
                self._carried.period, self._carried.is_lost = None, place in vague
            elif place in marked.times:
                self._hear_time(place)
            elif place in marked.indicators:
                self._hear_name(place)
            elif self._indicator:
                found = self._meant(place)
                if found is None:
                    self._indicator = ""
                else:
                    self._before = found
                    yield found

    def _hear_time(self, place: int) -> None:
        """A period that opens a clause is what is told of from here."""
        self._times[place] = period = self._period(place)
        if period is not None and not period.is_whole_months:
            return  # a day is when something happened or was said
        text = self._marked.text
        start = max(text.rfind(sign, 0, place) for sign in "，；：。、")
        opens = _OPENS.fullmatch(text, max(start, 0), place)
        is_list = start > 0 and text[start] == "、" and text[start - 1] not in FIGURES
        if opens is None or is_list:  # 比2019年、2020年
            return
        is_end = opens["until"] or text.startswith(_ENDS, place + 1)
        is_end = is_end or self._marked.times[place].endswith(_ENDS)
        if period is not None and is_end:
            period = period.ytd()  # of a balance its end, of all else what came up to there
        self._carried.period, self._carried.is_lost = period, period is None

    def _period(self, place: int) -> Period | None:
        quote = re.sub(r"\s+", "", self._marked.times[place])
        try:
            period = parse_period(quote, year=self._ledger.period.year)
        except PeriodError:
            return None
        is_back = self._marked.text[:place].endswith(_YEAR_BACK)
        return period.last_year() if is_back and not quote[:4].isdigit() else period

    def _hear_name(self, place: int) -> None:
        """The indicator of the figures behind it, unless something unknown stands before it."""
        text, carried = self._marked.text, self._carried
        start = max(text.rfind(sign, 0, place) for sign in _BREAKS) + 1
        head = _HEAD.fullmatch(text, start, place)
        is_part = text.startswith(_PART, place + 1) and bool(self._main or self._indicator)
        if is_part:
            self._main = self._main or self._indicator
        else:
            self._main = ""
        self._indicator, self._before = "", None
        if head is None:
            if not text[start:place].endswith(_JOINS):
                carried.is_foreign, carried.org = True, ""
            return
        if head["org"]:
            carried.org, carried.is_foreign = self._marked.orgs[head.start("org")], False
        said = text[:place]
        is_told = is_part or not _WISH.search(said)
        if is_told and not carried.is_foreign:
            self._indicator, self._anchor = self._marked.indicators[place], place + 1

    def _meant(self, place: int) -> Meant | None:
        text, figure = self._marked.text, self._marked.figures[place]
        name = self._before.phrase.name if self._before is not None else ""
        for phrase, words, tail in PATTERNS:
            if phrase.sign != figure.sign or (phrase.after and name not in phrase.after):
                continue
            match = words.fullmatch(text, self._anchor, place)
            ends = tail.match(text, place + 1) if match else None
            if match and ends:
                self._anchor = ends.end()
                return self._made(figure, phrase, match, ends)
        return None

    def _made(
        self, figure: Figure, phrase: Phrase, match: re.Match[str], ends: re.Match[str]
    ) -> Meant | None:
        part = self._org_of(match, "part")
        own = self._before.own if self._before is not None else self._own(figure, part)
        if self._carried.is_lost or not own:
            return None
        if self._main and (part or phrase.name not in ("pull", "contribution")):
            self._indicator, self._main = self._main, ""
        whole = tuple(one for one in (self._main, own if part else "") if one)
        if phrase.name == "contribution" and self._before is not None:
            part, whole = self._before.org, self._before.whole
        return Meant(
            figure, phrase, match, ends, self._indicator, part or own, own, self._carried.period,
            self._org_of(match, "who") or self._org_of(match, "who2"), self._base(match), whole,
            self._before,
        )  # fmt: skip

    def _own(self, figure: Figure, part: str) -> str:
        """The org that stands before the indicator, else the one that the reading carried here
        (none where the ledger does not know it; not a part whose pull is told), else the
        ledger's own."""
        named = self._ledger.orgs.get(figure.org, "")
        is_none = figure.org[:1] in ("", "各") or _ends_with(figure.org, self._ledger)
        if not named and is_none:
            named = self._ledger.home
        return self._carried.org or (self._ledger.home if part and named == part else named)

    def _org_of(self, match: re.Match[str], group: str) -> str:
        if group not in match.re.groupindex or not match[group]:
            return ""
        return self._marked.orgs.get(match.start(group), "")

    def _base(self, match: re.Match[str]) -> Period | None:
        if "base" not in match.re.groupindex or not (match["base"] or "").startswith(TIME):
            return None
        return self._times.get(match.start("base"))


def _ends_with(org: str, ledger: Ledger) -> bool:
    """总量在全市: words before an org of the ledger, read with it; another's name before it makes
    it another org."""
    return any(
        org != name and org.endswith(name) and set(org.removesuffix(name)) & _BETWEEN
        for name in ledger.orgs
    )
