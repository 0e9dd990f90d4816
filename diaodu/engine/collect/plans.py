"""From labels to one meaning: which indicator, facet, period, track and unit a figure has.

A plan is worked out once for every pair of row and column meaning, not for every cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from diaodu.engine.collect.comparisons import LAST_YEAR
from diaodu.engine.collect.context import Surroundings
from diaodu.engine.collect.faults import Fault
from diaodu.engine.collect.months import FALLEN
from diaodu.engine.collect.names import NOTHING, Label, Names, combine, join_facets, written_in
from diaodu.engine.collect.sources import proposal
from diaodu.engine.collect.values import power_of_ten
from diaodu.engine.collect.words import fold
from diaodu.engine.ground.errors import PeriodError, QuantityError
from diaodu.engine.ground.period import Period, Written, align, parse_written, print_period
from diaodu.engine.ground.quantity import find_unit, unit_ratio
from diaodu.engine.ground.words import FACET_NAMES
from diaodu.engine.rules.calendar import is_filed, previous_filed, short_cadence
from diaodu.engine.rules.models import Indicator, Place, Source

# Monthly figures that offices send without a word on their standing are the month's first count.
DEFAULT_TRACK = "flash"
_FACET_UNITS = {"growth": "%", "share": "%", "completion": "%", "change_pp": "百分点",
                "gap": "百分点", "rank_level": "位", "rank_growth": "位"}  # fmt: skip
_CUMULATIVE = frozenset({"ytd", "rate", "mean", "count"})
OPEN_PART = "上旬？"  # of this month, or the 旬 before 本旬
_SYLLABLES = 3  # what is left of a text read in part and is no longer than this is no name


@dataclass(slots=True)
class Plan:
    """What the figures of one row-and-column meaning are. `fault` holds them; `dropped` passes
    them over. `ratio` converts from `unit_given`; None where each cell must bring its unit."""

    indicator: str = ""
    facet: str = ""
    period: str = ""
    track: str = DEFAULT_TRACK
    against: str = ""  # level, settled for each org
    org: str = ""  # where the column or the title says it
    unit: str = ""
    unit_given: str = ""
    ratio: Decimal | None = None
    power: int | None = None  # the ratio as a power of ten, where it is one
    unit_fault: tuple[tuple[str, ...], Fault] | None = None
    fault: tuple[tuple[str, ...], Fault] | None = None
    dropped: str = ""
    facet_is_inferred: bool = False  # 累计 over a figure that only has a growth

    @property
    def has_key(self) -> bool:
        return bool(self.indicator and self.facet and self.period)

    @property
    def takes_numbers(self) -> bool:
        """A plain number under it can be taken without another question."""
        asked = self.fault or self.unit_fault or self.dropped
        return bool(self.has_key and self.unit and self.ratio and not asked)

    @property
    def is_rank(self) -> bool:
        return self.facet in ("rank_level", "rank_growth")


# -- columns explain each other ----------------------------------------------------------------


@lru_cache(maxsize=256)  # many sheets have the same heads
def settle_neighbours(heads: tuple[Label, ...]) -> tuple[tuple[Label, ...], Mapping[int, str]]:
    """Let column heads of one group explain each other, left to right.

    位次 ranks the column it follows; 同比 without 当月 or 累计 belongs to the figure it follows.
    Returns the labels and, by position, the reading of the left neighbour where one lonely
    column follows two sorts of figures and only the indicator's basis can confirm it.
    """
    labels = contrast(spread_indicators(_doubt_parts(heads)))
    doubtful: dict[int, str] = {}
    for first, last in _groups(labels):
        _settle_group(labels, first, last, doubtful)
    return tuple(labels), doubtful


def _doubt_parts(heads: Sequence[Label]) -> Sequence[Label]:
    """本旬 | 上旬: beside this 旬 the upper one may be the one before."""
    if not any("本旬" in head.text or "当旬" in head.text for head in heads):
        return heads
    return [head._replace(part=OPEN_PART) if head.part == "上旬" else head for head in heads]


def spread_indicators(heads: Sequence[Label]) -> list[Label]:
    """社零（亿元） | 上年同期 | 增速: a head that only says what sort of figure it holds speaks of
    the indicator to its left (known or not), and a level there is in the same unit."""
    labels: list[Label] = []
    for head in heads:
        left = labels[-1] if labels else None
        if left is None or not _only_says_sort(head):
            pass
        elif left.rest:
            head = head._replace(rest=left.rest, unread=left.unread)
        elif left.indicators:
            units = head.units
            if not units and head.facet == "level" and _sort(left) == "level":
                units = left.units
            head = head._replace(indicators=left.indicators, units=units)
        labels.append(head)
    return labels


def _only_says_sort(head: Label) -> bool:
    said = head.facet or head.reading or head.shift
    return bool(said) and not (head.indicators or head.rest or head.dropped)


def contrast(labels: Sequence[Label]) -> list[Label]:
    """A bare 5月 or 同比增长 beside an outspoken 1—5月 or 累计增长 is the month's own."""
    settled = list(labels)
    for block in {label.block for label in labels}:
        places = [at for at, label in enumerate(labels) if label.block == block]
        alike = _contrast([labels[at] for at in places])
        for at, label in zip(places, alike, strict=True):
            settled[at] = label
    return settled


def _contrast(labels: Sequence[Label]) -> list[Label]:
    cumulative: set[tuple[object, ...]] = {
        (
            label.indicators,
            label.orgs,
            _sort(label),
            written.period.end if written else None,
        )
        for label in labels
        for written in (label.periods or (None,))
        if label.reading == "cumulative" or (written and written.reading == "cumulative")
    }
    settled = [
        label._replace(reading="single") if _is_bare_beside(label, cumulative) else label
        for label in labels
    ]
    return _open_months([_open_beside(label, cumulative) for label in settled])


def _open_beside(label: Label, cumulative: set[tuple[object, ...]]) -> Label:
    """5月增速 beside 累计 without a growth of its own: the month's, or the year's so far."""
    when = _month_or_range(label)
    if when is None or any(when[1:]) or label.reading or not label.periods:
        return label
    end = label.periods[0].period.end
    beside = any(
        key[:2] == (label.indicators, label.orgs) and key[3] in (None, end) for key in cumulative
    )
    return label._replace(reading="open") if beside else label


def _open_months(labels: Sequence[Label]) -> list[Label]:
    """1—2月 | 3月 | 4月 | 5月 | 1—5月合计: where one month is the month's own, all are. Without
    1—5月 the months may as well be the year so far: their reading is open."""
    whens = [_month_or_range(label) for label in labels]
    ranges = {axis for axis, is_range, _ in filter(None, whens) if is_range}
    own = {axis for axis, _, is_own in filter(None, whens) if is_own} & ranges
    settled: list[Label] = []
    for label, when in zip(labels, whens, strict=True):
        bare = when is not None and not when[1] and not label.reading
        if bare and when is not None and when[0] in ranges:
            label = label._replace(reading="single" if when[0] in own else "open")
        settled.append(label)
    return settled


def _month_or_range(label: Label) -> tuple[tuple[object, ...], bool, bool] | None:
    """Which axis of months a label belongs to, whether it is an outspoken range of several months,
    whether it is known for the month's own; None for whatever else. January is both."""
    written = written_in(label)
    if label.dropped or written is None or not written.period.is_whole_months:
        return None
    period = written.period
    axis = (label.indicators, label.orgs, _sort(label), period.year)
    if written.reading == "cumulative" or label.reading == "cumulative":
        return (axis, True, False) if period.months > 1 else None
    if period.months > 1 or period.month == 1 or written.reading == "end":
        return None
    return axis, False, "single" in (label.reading, written.reading)


def _is_bare_beside(label: Label, cumulative: set[tuple[object, ...]]) -> bool:
    if label.reading or label.dropped:
        return False
    written = label.periods[0] if label.periods else None
    if written is not None and written.reading != "bare":
        return False
    if written is None and label.facet != "growth":
        return False
    key = (label.indicators, label.orgs, _sort(label))
    end = written.period.end if written else None
    return (*key, None) in cumulative or (*key, end) in cumulative


def _sort(label: Label) -> str:
    return label.facet.replace("plain", "") or "level"


def _groups(labels: Sequence[Label]) -> list[tuple[int, int]]:
    """Runs of columns about the same indicator and org."""
    groups: list[tuple[int, int]] = []
    for at, label in enumerate(labels):
        if groups and _subject(labels[at - 1]) == _subject(label):
            groups[-1] = (groups[-1][0], at + 1)
        else:
            groups.append((at, at + 1))
    return groups


def _subject(label: Label) -> tuple[object, ...]:
    return (label.indicators, label.orgs, label.whole, label.block)


def _when(label: Label) -> tuple[object, ...]:
    return (label.periods, label.yearless, label.part, label.reading)


def _settle_group(labels: list[Label], first: int, last: int, doubtful: dict[int, str]) -> None:
    unsaid = ((), "", "", "")
    said = {_when(label) for label in labels[first:last] if _when(label) != unsaid}
    bare = [at for at in range(first, last) if _when(labels[at]) == unsaid and labels[at].facet]
    lonely = {at for at in bare if sum(_alike(labels[at], labels[b]) for b in bare) == 1}
    for at in range(first + 1, last):
        label, left = labels[at], labels[at - 1]
        if label.facet == "rank":
            ranked = "growth" if left.facet == "change" and _is_growth(left) else left.facet
            label = label._replace(facet=join_facets(ranked, "rank"))
        if at in bare and _when(left) != unsaid:
            if len(said) > 1 and at in lonely:
                doubtful[at] = left.reading
                left = _year_after(left, labels[first:at]) or left
            label = label._replace(
                periods=left.periods,
                yearless=left.yearless,
                part=left.part,
                reading=left.reading,
            )
        labels[at] = label


def _alike(one: Label, other: Label) -> bool:
    return one.facet == other.facet and one.shift == other.shift


def _year_after(left: Label, group: Sequence[Label]) -> Label | None:
    """2023年1—5月 | 2022年1—5月 | 增速: what follows both speaks of the later year."""
    if not left.periods:
        return None
    before = left.periods[0].period
    return next((o for o in group if o.periods and o.periods[0].period.last_year() == before), None)


def _is_growth(change: Label) -> bool:
    """比上月±% is 环比; 增减% beside 上年同期 or alone is the growth."""
    return "%" in change.units and change.compared in ("", LAST_YEAR)


# -- one meaning ---------------------------------------------------------------------------------


class Planner:
    """Works out plans for one block."""

    def __init__(
        self, names: Names, around: Surroundings, source: Source | None, file: str, sheet: str,
        received: date, head_kind: str, stub_kind: str, heads: Iterable[Label] = (),
        stubs: Iterable[Label] = (),
    ) -> None:  # fmt: skip
        self.names = names
        self.around = around
        self.source = source
        self.file = file
        self.sheet = sheet
        self.received = received
        self.head_kind = head_kind
        self.stub_kind = stub_kind
        self._shared_periods: dict[tuple[str, ...], str] = {}
        self.block_years = frozenset(head.block for head in heads)
        self.bare_years = frozenset(_bare_year(label) for label in (*heads, *stubs))
        self.only_years = _are_years(heads) or _are_years(stubs)

    def plan(self, stub: Label, head: Label, section: Label, doubt: str) -> Plan:
        """The meaning of a figure that has this stub beside and this head over it."""
        plan = Plan()
        both = combine(stub, head)
        if both.dropped:
            plan.dropped = both.dropped
            return plan
        if both.rest:
            plan.fault = self._unknown(stub, head)
            return plan
        indicator = self._indicator(plan, both, section)
        if indicator is None:
            return plan
        plan.track = self._said("track") or both.track or self.around.track or DEFAULT_TRACK
        plan.facet = self._facet(both, indicator)
        if both.reading == FALLEN:  # fallen growth tells nothing of what its months stand for
            is_told = both.facet or plan.facet == "level"
            both = both._replace(reading="single" if is_told else "open")
        plan.facet_is_inferred = (
            plan.facet == "growth"
            and bool(both.reading)
            and not (both.facet or self.around.facet or self._said("facet"))
        )
        plan.against = both.against
        if plan.facet == "dropped":
            plan.dropped = "增减量由系统据已有数据计算，不作为观测值收取"
            return plan
        if plan.facet in ("rank", "change", "falls"):
            ask = self._open_sign if plan.facet == "falls" else self._open_facet
            plan.fault = ask(plan, both)
            plan.facet = ""
            return plan
        self._period(plan, both, stub, head, indicator, doubt)
        self._unit(plan, both, indicator, section)
        if self._turns(both, section):
            plan.fault = plan.fault or self._open_section(plan, section)
        if plan.facet == "change_pp" and both.compared and plan.period:
            period = Period.from_id(plan.period)
            if not _is_last_period(both.compared, indicator, period):
                plan.dropped = f"与{both.compared}相比，不是与上一期相比，不作为增减百分点收取"
        return plan

    # -- source ------------------------------------------------------------------------------------
    def _place(self, dimension: str) -> Place | None:
        place: Place | None = getattr(self.source, dimension) if self.source else None
        return place

    def _said(self, dimension: str) -> str:
        """What a source fixes for a dimension, or an empty text."""
        place = self._place(dimension)
        return place.fixed if place is not None and place.fixed else ""

    def _from_title(self, dimension: str) -> bool:
        place = self._place(dimension)
        return bool(place is not None and place.title)

    def propose(self, *lines: str) -> str:
        return proposal(self.file, self.sheet, lines)

    # -- what is unknown ---------------------------------------------------------------------------
    def _unknown(self, stub: Label, head: Label) -> tuple[tuple[str, ...], Fault]:
        label, kind = (head, self.head_kind) if head.rest else (stub, self.stub_kind)
        if label.orgs or label.whole:
            kind = "indicator"
        return self.unknown_name(label.unread, label.rest, kind)

    def unknown_name(self, text: str, rest: str, kind: str) -> tuple[tuple[str, ...], Fault]:
        code = f"unknown_{kind}"
        what = "单位" if kind == "org" else "指标"
        near = self.names.suggest(rest, "org" if kind == "org" else "indicator")
        hint = f"，是不是“{near}”" if near else ""
        folder = "orgs" if kind == "org" else "indicators"
        fault = Fault(
            code,
            f"“{text}”在规则库里找不到对应的{what}{hint}",
            _new_alias(text, rest, near, what, folder)
            + "在 sources 里补一条：\n"
            + self.propose(f"rename: {{{_quoted(text)}: ?}}"),
            expected=near,
            found=text,
            discriminator=text,
        )
        return (code, text), fault

    # -- indicator ---------------------------------------------------------------------------------
    def _indicator(self, plan: Plan, both: Label, section: Label) -> Indicator | None:
        fixed = self._said("indicator")
        found: tuple[str, ...]
        if fixed:
            found = self.names.indicators.get(fixed, ()) or self.names.label(fixed).indicators
        elif self._from_title("indicator"):
            found = self.around.indicators
        else:
            found = both.indicators or section.indicators or self.around.indicators
        if len(found) > 1:
            found = self._by_unit(found, both)
        if len(found) == 1:
            plan.indicator = found[0]
            return self.names.rulebook.indicators[found[0]]
        open_ones = found or self.around.indicators_open
        plan.fault = self._open_indicator(both, open_ones)
        return None

    def _by_unit(self, found: tuple[str, ...], both: Label) -> tuple[str, ...]:
        """Indicators of one name are told apart by the unit written here, if only one fits."""
        units = both.units or self.around.units
        fitting = tuple(
            one
            for one in found
            if any(_ratio(unit, self.names.rulebook.indicators[one].unit) for unit in units)
        )
        return fitting if len(fitting) == 1 else found

    def _open_indicator(self, both: Label, found: tuple[str, ...]) -> tuple[tuple[str, ...], Fault]:
        action = "请在标题或表头写明指标，或在 sources 里补一条：\n" + self.propose(
            "indicator: {fixed: ?}"
        )
        if found:
            listed = "、".join(self.names.rulebook.names_of(found))
            message = f"“{both.text}”可能是几个指标：{listed}，不能确定是哪一个"
            return ("ambiguous_name", both.text), Fault(
                "ambiguous_name", message, action, found=both.text, expected=listed,
                discriminator=both.text,
            )  # fmt: skip
        return ("unknown_indicator", ""), Fault(
            "unknown_indicator", "这张表没有写明是哪个指标的数据", action
        )

    # -- section -----------------------------------------------------------------------------------
    def _turns(self, both: Label, section: Label) -> bool:
        """Whether a line between the rows says that those below it are of another org, period or
        sort than the table, and nothing beside or over the figure says so."""
        if section is NOTHING:
            return False
        around = self.around
        on_axes = "org" in (self.head_kind, self.stub_kind) or both.orgs or both.whole
        org = section.orgs not in ((), around.orgs) or section.whole not in ("", around.whole)
        said = [one.period for one in section.periods]
        written = [around.written.period] if around.written else []
        when = bool(said and said != written) or bool(section.yearless or section.part)
        has_when = both.periods or both.yearless or both.part
        sort = (section.facet, section.reading, section.shift, section.track)
        own_sort = (both.facet, both.reading, both.shift, both.track)
        other_sort = any(one and one != own for one, own in zip(sort, own_sort, strict=True))
        return bool((org and not on_axes) or (when and not has_when) or other_sort
                    or section.dropped)  # fmt: skip

    def _open_section(self, plan: Plan, section: Label) -> tuple[tuple[str, ...], Fault]:
        return ("section", section.text), Fault(
            "unknown_layout",
            f"表中间的“{section.text}”没有写明是不是说它下面各行的数",
            "请把它上下的行分成两张表，各写标题；只是说明的，前面写“注：”后重新报送",
            indicator=plan.indicator, found=section.text, discriminator=section.text,
        )  # fmt: skip

    # -- facet -------------------------------------------------------------------------------------
    def _facet(self, both: Label, indicator: Indicator) -> str:
        fixed = self._said("facet")
        facet = fixed and (self.names.label(fixed).facet or fixed)
        facet = facet or both.facet.replace("plain", "") or self.around.facet
        if not facet and both.units == ("%",) and indicator.unit != "%":
            facet = self.around.percent_facet
        if facet == "change":
            if "百分点" in both.units:
                return "change_pp"
            return "growth" if _is_growth(both) else "dropped"
        if facet == "rank" and indicator.is_rate_only:
            return "rank_growth"
        if facet == "level" and both.units == ("%",) and both.text.rstrip("(%)").endswith("完成"):
            return "completion"
        if facet in ("", "level") and indicator.is_rate_only:
            said_nothing = not facet and not both.reading
            return "growth" if said_nothing or both.units == ("%",) else "level"
        return facet or "level"

    def _open_facet(self, plan: Plan, both: Label) -> tuple[tuple[str, ...], Fault]:
        name = self.names.rulebook.indicators[plan.indicator].name
        return ("facet", both.text), Fault(
            "ambiguous_name",
            f"“{both.text}”没有写明是{name}的总量位次还是增速位次",
            "请把表头写成“总量位次”或“增速位次”，或在 sources 里补一条：\n"
            + self.propose("facet: {fixed: ?}"),
            indicator=plan.indicator, found=both.text, discriminator=both.text,
        )  # fmt: skip

    def _open_sign(self, plan: Plan, both: Label) -> tuple[tuple[str, ...], Fault]:
        return ("sign", both.text), Fault(
            "ambiguous_name",
            f"“{both.text}”没有写明正数表示升还是降",
            "请把表头写成“增减百分点”（升为正、降为负）并核对各数的正负号，重新报送；"
            "不用读的，在 sources 里补一条：\n"
            + self.propose(f"ignore: [{{text: {_quoted(_last_part(both.text))}, reason: ?}}]"),
            indicator=plan.indicator, found=both.text, discriminator=both.text,
        )  # fmt: skip

    # -- period ------------------------------------------------------------------------------------
    def _period(
        self, plan: Plan, both: Label, stub: Label, head: Label, indicator: Indicator, doubt: str
    ) -> None:
        """Columns that say nothing of the time share the period of indicators that come alike."""
        if both.periods or both.yearless or both.part or both.block:
            self._find_period(plan, both, stub, head, indicator, doubt)
            return
        key = (
            both.reading, both.shift, doubt, plan.track, indicator.basis, indicator.cadence,
            indicator.january,
        )  # fmt: skip
        if key in self._shared_periods:
            plan.period = self._shared_periods[key]
            return
        self._find_period(plan, both, stub, head, indicator, doubt)
        if plan.fault is None:
            self._shared_periods[key] = plan.period

    def _find_period(
        self, plan: Plan, both: Label, stub: Label, head: Label, indicator: Indicator, doubt: str
    ) -> None:
        fault = self.around.period_fault
        fixed = self._said("period")
        if fault is not None and not fixed and not self._place("period"):
            plan.fault = self._contradiction(fault)
            return
        if _two_periods(stub, head) and not fixed:
            shown = f"{stub.periods[0].period}、{head.periods[0].period}"
            plan.fault = self._open_period(f"同一个数旁边写了两个统计期：{shown}")
            return
        written = self._written(plan, both, stub, fixed, indicator)
        if written is None:
            return
        if both.reading == "open" and indicator.basis in _CUMULATIVE:
            plan.fault = self._open_month(plan, both, written)
            return
        if doubt and not self._confirms(doubt, indicator):
            plan.fault = self._doubtful(plan, both)
            return
        try:
            period = _resolve(written, both, indicator)
        except PeriodError as error:
            plan.fault = self._open_period(str(error))
            return
        plan.period = period.id
        self._ask_calendar(plan, period, indicator, both)

    def _written(
        self, plan: Plan, both: Label, stub: Label, fixed: str, indicator: Indicator
    ) -> Written | None:
        if fixed:
            try:
                return parse_written(fixed, year=self.around.year)
            except PeriodError as error:
                plan.fault = self._open_period(str(error))
                return None
        if not self._from_title("period"):
            if both.part:
                return self._of_month(plan, both)
            if both.yearless and (not both.periods or stub.periods or _bare_year(both)):
                return self._with_year(plan, both, stub)
            nearest = _finest(both.periods)
            if nearest is not None:
                if self._may_be_months(nearest, both):
                    plan.fault = self._open_period(
                        f"“{both.text}”没有写明是{nearest.period.year}年全年还是其中几个月"
                    )
                    return None
                return nearest
            if both.block and not both.periods:
                return self._of_block(plan, both, indicator)
            if both.periods:
                listed = "、".join(str(written.period) for written in both.periods)
                plan.fault = self._open_period(f"“{both.text}”写了几个统计期：{listed}")
                return None
        written = self._around(indicator)
        if isinstance(written, str):
            plan.fault = self._open_period(written)
            return None
        return written

    def _around(self, indicator: Indicator) -> Written | str:
        """The period that title and names give, or why none can be taken."""
        around = self.around
        if around.odd_span:
            return f"标题或名称里的{around.odd_span}，没有对应的统计期"
        said = [*around.short, *([around.written] if around.written else [])]
        if short_cadence(indicator) is not None and around.short:
            found = _finest(said)
            return found or _several(str(one.period) for one in said)
        if around.periods_open:
            return _several(around.periods_open)
        if around.written is None:
            if short_cadence(indicator) is not None and around.loose_day:
                return f"“{around.loose_day}”没有写明是数据的日期还是制表的日期"
            return "这张表没有写明是哪个统计期的数据"
        if any(_is_within(one.period, around.written.period) for one in around.short):
            return _several(str(one.period) for one in said)
        if around.written.period.months == 12 and around.months:
            return f"“{around.months}”没有写明是哪一年的"
        return around.written

    def _may_be_months(self, written: Written, both: Label) -> bool:
        """2022年 | 2023年 in a table of 2023年1—5月, or of 1—5月 without a year; 2022年 over 累计
        there: all of the year?"""
        period = written.period
        if not period.is_whole_months or period.months != 12 or "全年" in both.text:
            return False
        if self.around.months and self.only_years:
            return True
        around = self.around.written or self.around.undated
        if around is None or around.period.months == 12:
            return False
        year = around.period.year
        if around is self.around.undated or self.around.several_years:
            return True
        said = both.reading in ("single", "cumulative") and period.year <= year
        return said or (year in self.bare_years and period.year <= year)

    def _of_block(self, plan: Plan, both: Label, indicator: Indicator) -> Written | None:
        """2022年 over 本月, 累计 and 增长: the months of the title, in that year; without any the
        whole year, where nothing below it speaks of less."""
        around = self._around(indicator) if self.around.written else self.around.undated
        if isinstance(around, str) or (around is None and both.reading):
            plan.fault = self._open_period(f"“{both.text}”没有写明是{both.block}年几月的")
            return None
        year = Period.of_months(both.block, 1, 12)
        if around is None or around.period.months == 12:
            if not (both.reading or self.around.months):
                return Written(year, "cumulative")
        elif around is self.around.undated or around.period.year in self.block_years:
            written = _in_year(around, both.block)
            if written is not None:
                return written
        plan.fault = self._open_period(f"“{both.text}”没有写明是{both.block}年几月的")
        return None

    def _of_month(self, plan: Plan, both: Label) -> Written | None:
        """上旬, 12日 below or beside 6月, or in a table of June."""
        if both.part == OPEN_PART:
            plan.fault = self._open_period("“上旬”旁边有“本旬”，没有写明是当月上旬还是上一旬")
            return None
        month = _finest(both.periods)
        if month is None and both.yearless:
            month = _parsed(both.yearless, self.around.year)
        if (month is None or month.period.months == 12) and self.around.written is not None:
            month = self.around.written
        if month is None or month.period.kind != "month":
            plan.fault = self._open_period(f"“{both.part}”没有写明是哪一年哪一月的")
            return None
        try:
            return parse_written(f"{print_period(month.period)}{both.part}")
        except PeriodError as error:
            plan.fault = self._open_period(str(error))
            return None

    def _with_year(self, plan: Plan, both: Label, stub: Label) -> Written | None:
        """A month without year beside a row (or under a title) that gives the year."""
        year = both.block or _bare_year(both) or self.around.year
        if stub.periods:
            year = stub.periods[0].period.year
        try:
            return parse_written(both.yearless, year=year)
        except PeriodError:
            plan.fault = self._open_period(f"“{both.yearless}”没有写年份")
            return None

    def _open_period(self, message: str) -> tuple[tuple[str, ...], Fault]:
        return ("ambiguous_period", message), Fault(
            "ambiguous_period",
            message,
            "请在标题、工作表名或文件名里写明统计期（如“2023年1—5月”），或在 sources 里补一条：\n"
            + self.propose("period: {fixed: ?}"),
            discriminator=message,
        )

    def _contradiction(self, fault: tuple[str, str, str, str]) -> tuple[tuple[str, ...], Fault]:
        place, text, other_place, other_text = fault
        return ("wrong_period",), Fault(
            "wrong_period",
            f"{place}“{text}”与{other_place}“{other_text}”写的统计期不一致，整表暂不采用",
            "请核对是哪一期的数据，改正后重新报送；确认无误的，在 sources 里补一条：\n"
            + self.propose("period: {fixed: ?}"),
            expected=other_text,
            found=text,
        )

    def _confirms(self, reading: str, indicator: Indicator) -> bool:
        if indicator.basis == "stock":
            return True  # 本月 and 累计 over a balance both mean the month's end
        wanted = "cumulative" if indicator.basis in _CUMULATIVE else "single"
        return reading in ("", wanted)

    def _doubtful(self, plan: Plan, both: Label) -> tuple[tuple[str, ...], Fault]:
        facet = FACET_NAMES.get(plan.facet, plan.facet)
        return ("doubtful", both.text), Fault(
            "ambiguous_period",
            f"“{both.text}”一列没有写明是当月还是累计的{facet}",
            f"请把表头写成“当月{facet}”或“累计{facet}”，或在 sources 里补一条：\n"
            + self.propose(f"rename: {{{_quoted(both.text)}: ?}}"),
            indicator=plan.indicator, found=both.text, discriminator=both.text,
        )  # fmt: skip

    def _open_month(
        self, plan: Plan, both: Label, written: Written
    ) -> tuple[tuple[str, ...], Fault]:
        month = written.period.month
        return ("open_month",), Fault(
            "ambiguous_period",
            f"表里另有累计的统计期，“{month}月”没有写明是当月数还是1—{month}月的累计数",
            f"请把各月写成“{month}月当月”或“1—{month}月”后重新报送，或在 sources 里补一条：\n"
            + self.propose(f'rename: {{"{month}月": ?}}'),
            indicator=plan.indicator, found=both.text, discriminator="open_month",
        )  # fmt: skip

    def _ask_calendar(self, plan: Plan, period: Period, indicator: Indicator, both: Label) -> None:
        if _is_future(period, self.received) and plan.track != "estimate":
            shown = print_period(period)
            plan.fault = (
                ("wrong_period", "future", plan.period),
                Fault(
                    "wrong_period",
                    f"{shown}到收到之日（{self.received.isoformat()}）还没有结束，不应有数",
                    "请核对统计期；确是预计数的，在标题或表头注明“预计”后重新报送",
                    period=plan.period, found=shown, discriminator="future",
                ),
            )  # fmt: skip
        elif not is_filed(indicator, period):
            shown = print_period(period)
            plan.fault = (
                ("wrong_period", "cadence", plan.indicator, plan.period),
                Fault(
                    "wrong_period",
                    f"按发布日历，{indicator.name}没有{shown}这一期",
                    "请核对表头写的统计期；指标的报送频率变了的，请改 indicators 里的 cadence "
                    "或 january",
                    indicator=plan.indicator, period=plan.period, found=shown,
                    discriminator="cadence",
                ),
            )  # fmt: skip

    # -- unit --------------------------------------------------------------------------------------
    def _unit(self, plan: Plan, both: Label, indicator: Indicator, section: Label) -> None:
        wanted = _FACET_UNITS.get(plan.facet, indicator.unit)
        plan.unit = wanted
        fixed = self._said("unit")
        if plan.facet != "level":
            self._rate_unit(plan, both, wanted)
            return
        units = (fixed,) if fixed else both.units or section.units or self.around.units
        fitting = [unit for unit in units if _ratio(unit, wanted) is not None]
        if len({_ratio(unit, wanted) for unit in fitting}) == 1:
            plan.unit_given = fitting[0]
            plan.ratio = _ratio(fitting[0], wanted)
            plan.power = power_of_ten(plan.ratio) if plan.ratio else None
            return
        plan.unit_fault = self._open_unit(indicator, both, units)

    def _rate_unit(self, plan: Plan, both: Label, wanted: str) -> None:
        plan.ratio, plan.power = Decimal(1), 0
        plan.unit_given = wanted if wanted in both.units else ""
        if both.units and not plan.unit_given and plan.facet in ("change_pp", "growth", "gap"):
            mixed = {
                unit for unit in both.units if unit in ("百分点", "‰", "倍") or not find_unit(unit)
            }
            if mixed:
                indicator = self.names.rulebook.indicators[plan.indicator]
                plan.unit_fault = self._open_unit(indicator, both, tuple(sorted(mixed)), wanted)

    def _open_unit(
        self, indicator: Indicator, both: Label, units: tuple[str, ...], wanted: str = ""
    ) -> tuple[tuple[str, ...], Fault]:
        wanted = wanted or indicator.unit
        action = (
            "请在表头或标题注明计量单位（如“单位：万元”），或在 sources 里补一条：\n"
            + self.propose("unit: {fixed: ?}")
        )
        if not units:
            fault = Fault(
                "unknown_unit",
                f"{indicator.name}的数没有写计量单位，不能换算成“{wanted}”",
                action, indicator=indicator.id, expected=wanted,
            )  # fmt: skip
            return ("unknown_unit", indicator.id), fault
        listed = "、".join(units)
        fault = Fault(
            "unknown_unit",
            f"写的计量单位“{listed}”不能换算成{indicator.name}的“{wanted}”",
            action, indicator=indicator.id, expected=wanted, found=listed,
            discriminator=listed if wanted == indicator.unit else f"{listed}|{wanted}",
        )  # fmt: skip
        return ("unknown_unit", indicator.id, listed, wanted), fault


def _is_future(period: Period, received: date) -> bool:
    """A day's figure may come on its evening, a month's only when it is over."""
    return period.end >= received if period.is_whole_months else period.end > received


def _finest(said: Sequence[Written]) -> Written | None:
    """The one period that all of them name, or the week, day or 旬 that lies in the others."""
    periods = {one.period for one in said}
    if len(periods) < 2:
        return said[0] if said else None
    finest = min(said, key=lambda one: one.period.days)
    if finest.period.is_whole_months:
        return None
    rest = periods - {finest.period}
    return finest if all(_is_within(finest.period, one) for one in rest) else None


def _is_within(one: Period, other: Period) -> bool:
    """Whether a short period falls into the month with which another ends, or into its year."""
    if not other.is_whole_months:
        return one == other
    around = other if other.months == 12 else other.last_month()
    return one.start <= around.end and around.start <= one.end


def _several(periods: Iterable[str]) -> str:
    return f"标题或名称里有几个统计期：{'、'.join(periods)}，不能确定用哪一个"


def _bare_year(label: Label) -> int:
    """The year of a head that says no more than a year; 0 for any other."""
    periods = [one.period for one in label.periods]
    is_year = len(periods) == 1 and periods[0].months == 12 and periods[0].is_whole_months
    return periods[0].year if is_year and "全年" not in label.text else 0


def _are_years(labels: Iterable[Label]) -> bool:
    """Whether all that an axis says of the time are bare years; what is not read says nothing."""
    read = [label for label in labels if not (label.rest or label.dropped)]
    return bool(read) and all(_bare_year(label) for label in read)


def _in_year(written: Written, year: int) -> Written | None:
    """The same months of another year; None where days would have to be guessed."""
    start, end = written.period.start, written.period.end
    if end.year == year:
        return written
    if not written.period.is_whole_months:
        return None
    return Written(Period.of_months(year, start.month, end.month), written.reading)


def _parsed(text: str, year: int | None) -> Written | None:
    try:
        return parse_written(text, year=year)
    except PeriodError:
        return None


def _two_periods(stub: Label, head: Label) -> bool:
    """A row and a column that name different periods; a year beside a month is one period."""
    if not stub.periods or not head.periods:
        return False
    one, other = stub.periods[0].period, head.periods[0].period
    if one == other:
        return False
    if not other.is_whole_months and one.is_whole_months:
        return not _is_within(other, one)
    return not (one.months == 12 and other.year == one.year)


_BEFORE = {"上周": "week", "上一周": "week", "上一旬": "xun", "昨日": "day", "前一日": "day",
           "上日": "day"}  # fmt: skip


def _new_alias(text: str, rest: str, near: str, what: str, folder: str) -> str:
    """Offers what could not be read as another name; a syllable left over is no name."""
    if near or fold(rest) == fold(text) or len(rest) > _SYLLABLES:
        return (
            f"如是已有{what}的另一种写法，请把“{rest}”加进 {folder} 里该{what}的 aliases；"
            "只在这张表这样写的，"
        )
    return (
        f"不用读的，在 sources 里给这张表写 ignore: [{{text: {_quoted(text)}, reason: ?}}]；"
        f"要读的，写明它是什么，"
    )


def _last_part(text: str) -> str:
    """The head nearest to the figures, of texts put together with “·”."""
    return text.rpartition("·")[2]


def _is_last_period(compared: str, indicator: Indicator, period: Period) -> bool:
    """Whether a change from what is named here is the change from the period before."""
    if compared in ("上月", "上期"):
        return compared == "上期" or indicator.cadence == "month"
    if compared in _BEFORE:
        return indicator.cadence == _BEFORE[compared]
    if compared.startswith("上季"):
        return indicator.cadence == "quarter"
    if not period.is_whole_months:
        return False
    end = previous_filed(indicator, period).end
    for year in (period.year, period.year - 1):
        try:
            if parse_written(compared, year=year).period.end == end:
                return True
        except PeriodError:
            return False
    return False


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def _ratio(given: str, wanted: str) -> Decimal | None:
    try:
        return unit_ratio(given, wanted)
    except QuantityError:
        return None


def _resolve(written: Written, both: Label, indicator: Indicator) -> Period:
    """The interval a figure covers, from the words for period, 当月/累计/期末 and 上年."""
    period = written.period
    if both.shift == "last_whole_year":
        whole = Period.of_months(period.year - 1, 1, 12)
        return whole.last_month() if indicator.basis == "stock" else whole
    if not period.is_whole_months:
        period = _resolve_short(written, both, indicator)
    elif indicator.basis == "stock":
        period = align(written, "stock")  # 累计 over a balance can only mean the month's end
    elif both.reading == "single" and period.is_whole_months:
        quarter = (
            period.months == 3 and period.start.month % 3 == 1 and written.reading != "cumulative"
        )
        period = period if quarter else _own_period(period.last_month(), indicator)
    elif both.reading == "cumulative" and period.is_whole_months:
        period = period.ytd()
    elif both.reading == "end":
        period = period.last_month()
    elif written.reading == "end" and indicator.basis in ("ytd", "rate"):
        period = period.ytd()  # 至5月末 of what is summed up is the year so far
    else:
        period = align(written, indicator.basis)
    return period.last_year() if both.shift == "last_year" else period


def _resolve_short(written: Written, both: Label, indicator: Indicator) -> Period:
    """Days, weeks, 旬 and 截至某日: the period itself, the year so far to its end, or the day, week
    or 旬 with which it ends."""
    period, short = written.period, short_cadence(indicator)
    to_a_day = period.kind == "until"
    if both.reading == "cumulative" and indicator.basis != "stock":
        return Period.until(period.end)
    if to_a_day and short and (both.reading == "single" or indicator.basis == "stock"):
        own = Period.newest(short, period.end)
        if own.end != period.end:
            raise PeriodError(f"“{period}”不是一个{_SHORT_NAMES[short]}的末日，看不出是哪一期的数")
        return own
    open_day = period.kind == "day" and indicator.basis in ("ytd", "rate", "mean")
    if open_day and both.reading != "single":
        raise PeriodError(f"“{period}”没有写明是当日数还是截至当日的累计数")
    return period


_SHORT_NAMES = {"day": "日", "week": "周", "xun": "旬"}


def _own_period(month: Period, indicator: Indicator) -> Period:
    """当期 beside 2018-06 is the second quarter where the indicator comes by quarters."""
    if indicator.cadence == "quarter" and month.month % 3 == 0:
        return Period.of_months(month.year, month.month - 2, month.month)
    return month
