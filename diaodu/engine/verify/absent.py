"""late and missing: figures that should be there and are not.

Before its due day nothing is said of a figure. `late`: the calendar obliges the org, the due day
has passed, nothing came. `missing`: a form came with the cell blank, or no calendar obliges the
org but its own last twelve months make the figure expected.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import narwhals as nw

from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Finding, finding
from diaodu.engine.ground.words import FACET_NAMES
from diaodu.engine.rules.calendar import day_after, latest_filed, owed_entries, previous_filed
from diaodu.engine.rules.models import CalendarEntry, Indicator
from diaodu.engine.verify import say
from diaodu.engine.verify.figures import ABSENT_WORDS, Figures
from diaodu.engine.verify.standard import STANDARD

_LEADING = ("level", "growth")
_YEAR_IN_MONTHS = 12


@dataclass(frozen=True, slots=True)
class _Row:
    """Facets of one indicator and org that came in one period: with a figure or word of its own,
    or as a blank or marker."""

    told: frozenset[str]
    blank: frozenset[str]


def absences(figures: Figures) -> Iterator[Finding]:
    """For the newest filed period of every indicator."""
    for indicator in figures.rulebook.indicators.values():
        period = latest_filed(indicator, figures.period)
        if figures.as_of <= period.end or indicator.formula:
            continue
        rows = _received(figures, indicator.id, [period])
        expected = _history(figures, indicator, period)
        yield from _of_indicator(figures, indicator, period, rows, expected)


def _received(figures: Figures, indicator: str, periods: list[Period]) -> dict[str, _Row]:
    """By org. Held figures count as received: they have findings of their own."""
    frame = figures.received.filter(
        nw.col("indicator") == indicator, nw.col("period").is_in([p.id for p in periods])
    )
    absent = nw.col("word").fill_null("").is_in(ABSENT_WORDS).alias("absent")
    told: dict[str, set[str]] = {}
    blank: dict[str, set[str]] = {}
    for org, facet, is_absent in frame.select("org", "facet", absent).unique().iter_rows():
        (blank if is_absent else told).setdefault(org, set()).add(facet)
    return {
        org: _Row(frozenset(told.get(org, ())), frozenset(blank.get(org, ())))
        for org in sorted({*told, *blank})
    }


def _history(figures: Figures, indicator: Indicator, period: Period) -> dict[str, _Row]:
    """What came for the filed periods that ended in the twelve months before."""
    periods: list[Period] = []
    one = previous_filed(indicator, period)
    while _months_between(one, period) <= _YEAR_IN_MONTHS:
        periods.append(one)
        one = previous_filed(indicator, one)
    return _received(figures, indicator.id, periods)


def _months_between(one: Period, other: Period) -> int:
    return (other.year - one.year) * 12 + other.month - one.month


def _of_indicator(
    figures: Figures, indicator: Indicator, period: Period,
    rows: dict[str, _Row], history: dict[str, _Row],
) -> Iterator[Finding]:  # fmt: skip
    nothing = _Row(frozenset(), frozenset())
    dates_only = [
        entry
        for entry in figures.rulebook.calendar_for(indicator.id, period)
        if not entry.orgs and not entry.levels
    ]
    for org in figures.rulebook.orgs.values():
        if not org.exists_on(period.end):
            continue
        row = rows.get(org.id, nothing)
        entries = list(owed_entries(figures.rulebook, indicator.id, org.id, period))
        past = history.get(org.id, nothing)
        if not entries and past.told & set(_LEADING):
            entries = dates_only
        if entries:
            yield from _owed(figures, indicator, org.id, period, row, entries)
        else:
            yield from _expected(figures, indicator, org.id, period, row, past)


def _owed(
    figures: Figures, indicator: Indicator, org: str, period: Period, row: _Row,
    entries: list[CalendarEntry],
) -> Iterator[Finding]:  # fmt: skip
    """Past their due day: late where nothing came, missing where the cell came blank."""
    default = ("growth",) if indicator.is_rate_only else ("level",)
    due: dict[str, date] = {}
    for entry in entries:
        day = day_after(entry.due, period)
        for facet in entry.facets or default:
            due[facet] = min(day, due.get(facet, day))
    open_ = {f: day for f, day in due.items() if f not in row.told and day < figures.as_of}
    blank = sorted(set(open_) & row.blank, key=_facet_order)
    late = sorted(set(open_) - row.blank, key=_facet_order)
    if late:
        yield _late(figures, indicator, org, period, late, min(open_[f] for f in late))
    if blank:
        yield _missing(figures, indicator, org, period, blank, came_blank=True)


def _expected(
    figures: Figures, indicator: Indicator, org: str, period: Period, row: _Row, past: _Row
) -> Iterator[Finding]:
    blank = sorted(row.blank - row.told, key=_facet_order)
    absent = [f for f in _LEADING if f in past.told and f not in row.told | row.blank]
    if blank:
        yield _missing(figures, indicator, org, period, blank, came_blank=True)
    elif absent and not row.told & set(_LEADING):
        yield _missing(figures, indicator, org, period, absent, came_blank=False)


def _late(
    figures: Figures, indicator: Indicator, org: str, period: Period, facets: list[str], due: date
) -> Finding:
    name = _name(figures, indicator, org, period, facets)
    days = (figures.as_of - due).days
    return finding(
        "late", STANDARD["late"].severity,
        f"{name}应于{_day(due)}前报送，截至{_day(figures.as_of)}未收到，已逾期{days}天。",
        f"请催报{figures.rulebook.orgs[org].name}；收到前该数按逾期未报处理，不作零计算。",
        indicator=indicator.id, org=org, period=period.id,
        expected=f"{_day(due)}前报送", found="未收到",
    )  # fmt: skip


def _missing(
    figures: Figures, indicator: Indicator, org: str, period: Period, facets: list[str], *,
    came_blank: bool,
) -> Finding:  # fmt: skip
    name = _name(figures, indicator, org, period, facets)
    why = (
        "报表已收到，但该格为空或填了无数据符号"
        if came_blank
        else "没有数据，而近12个月该单位报过此指标"
    )
    return finding(
        "missing", STANDARD["missing"].severity, f"{name}：{why}。",
        f"请向{figures.rulebook.orgs[org].name}核实并补报；确无数据的，请在表中写明“无”。"
        "补报前不作零计算。",
        indicator=indicator.id, org=org, period=period.id, expected="有数据", found="无数据",
    )  # fmt: skip


def _name(
    figures: Figures, indicator: Indicator, org: str, period: Period, facets: list[str]
) -> str:
    which = "" if facets == ["level"] else "、".join(FACET_NAMES[f] for f in facets)
    return f"{figures.rulebook.orgs[org].name}{indicator.name}{say.period_name(period.id)}{which}"


def _facet_order(facet: str) -> int:
    return list(FACET_NAMES).index(facet)


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
