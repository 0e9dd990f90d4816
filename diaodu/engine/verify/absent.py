"""late and missing: figures that should be there and are not.

Before its due day nothing is said of a figure. `late`: the calendar obliges the org, the due day
has passed, nothing came. `missing`: a form came with the cell blank, or no calendar obliges the
org but its own last twelve months make the figure expected. Where the calendar dates the
indicator for others only, its latest day is waited for: the province releases with the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import narwhals as nw

from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Finding, finding
from diaodu.engine.ground.words import FACET_NAMES
from diaodu.engine.rules.calendar import day_after, latest_filed, previous_filed
from diaodu.engine.rules.models import CalendarEntry, Indicator
from diaodu.engine.verify import say
from diaodu.engine.verify.figures import ABSENT_WORDS, Figures, Frame
from diaodu.engine.verify.standard import STANDARD

_PAIR = ["indicator", "org"]
_PLACE = ["indicator", "org", "facet"]
_LEADING = ["level", "growth"]
_YEAR_IN_MONTHS = 12


def absences(figures: Figures) -> Iterator[Finding]:
    """For the newest filed period of every indicator that is over."""
    newest = {
        indicator.id: latest_filed(indicator, figures.period)
        for indicator in figures.rulebook.indicators.values()
        if not indicator.formula
    }
    newest = {name: period for name, period in newest.items() if period.end < figures.as_of}
    obliged, dated = _owed(figures, newest)
    came = _came(figures, newest)
    now = came.filter(nw.col("newest"))
    told, blank = now.filter(~nw.col("absent")), now.filter(nw.col("absent"))
    before = came.filter(~nw.col("newest") & ~nw.col("absent")).select(*_PLACE).unique()
    past = before.filter(nw.col("facet").is_in(_LEADING))
    past = past.join(obliged.select(*_PAIR), on=_PAIR, how="anti").unique()
    leading = told.filter(nw.col("facet").is_in(_LEADING)).select(*_PAIR)
    silent = past.join(leading, on=_PAIR, how="anti")
    others = silent.join(dated, on=["indicator", "facet"], how="inner")
    owed = nw.concat([obliged, others.select(*_PLACE, "due")])
    yield from _owed_but_absent(figures, newest, owed, told, blank)
    over = {name: period for name, period in newest.items() if not _awaited(figures, name, period)}
    yield from _expected_but_absent(figures, over, past, owed, told, _sought(blank, told, before))


def _awaited(figures: Figures, indicator: str, period: Period) -> bool:
    """Whether some entry's due day or day of release is yet to pass."""
    days = [
        day_after(when, period)
        for entry in figures.rulebook.calendar_for(indicator, period)
        for when in (entry.due, entry.released)
        if when is not None
    ]
    return bool(days) and figures.as_of <= max(days)


# -- what came and what is owed --------------------------------------------------------------


def _came(figures: Figures, newest: dict[str, Period]) -> Frame:
    """Rows indicator, org, facet, `newest` (else of the twelve months before), `absent` (a blank
    or marker). Held figures count as received: they have findings of their own."""
    columns: dict[str, list[Any]] = {"indicator": [], "period": [], "newest": []}
    known: dict[tuple[str, ...], list[str]] = {}
    for name, period in newest.items():
        indicator = figures.rulebook.indicators[name]
        alike = (indicator.basis, indicator.cadence, indicator.january, period.id)
        if alike not in known:
            known[alike] = [one.id for one in (period, *_year_before(indicator, period))]
        columns["indicator"] += [name] * len(known[alike])
        columns["period"] += known[alike]
        columns["newest"] += [one == period.id for one in known[alike]]
    schema = {"indicator": nw.String, "period": nw.String, "newest": nw.Boolean}
    windows = figures.table(columns, schema)
    received = figures.received.select(*_PLACE, "period", "word").filter(
        nw.col("period").is_in(sorted(set(columns["period"])))
    )
    rows = received.join(windows, on=["indicator", "period"], how="inner")
    absent = nw.col("word").fill_null("").is_in(ABSENT_WORDS).alias("absent")
    return rows.select(*_PLACE, "newest", absent)


def _year_before(indicator: Indicator, period: Period) -> Iterator[Period]:
    """The filed periods that ended in the twelve months before."""
    one = previous_filed(indicator, period)
    while (period.year - one.year) * 12 + period.month - one.month <= _YEAR_IN_MONTHS:
        yield one
        one = previous_filed(indicator, one)


def _owed(figures: Figures, newest: dict[str, Period]) -> tuple[Frame, Frame]:
    """What the calendar obliges orgs by name or level to file (indicator, org, facet, due), and
    what it only dates (indicator, facet, due), for whoever told that facet in the year before."""
    columns: dict[str, list[Any]] = {"indicator": [], "org": [], "facet": [], "due": []}
    dated: dict[str, list[Any]] = {"indicator": [], "facet": [], "due": []}
    for name, period in newest.items():
        entries = figures.rulebook.calendar_for(name, period)
        named = [entry for entry in entries if entry.orgs or entry.levels]
        unnamed = [entry for entry in entries if not entry.orgs and not entry.levels]
        for facet, due in _due_days(unnamed, period, tuple(_LEADING)):
            _append(dated, name, facet, due)
        if not named:
            continue
        rate_only = figures.rulebook.indicators[name].is_rate_only
        default: tuple[str, ...] = ("growth",) if rate_only else ("level",)
        for org in figures.rulebook.orgs.values():
            mine = [e for e in named if org.id in e.orgs or org.level in e.levels]
            if mine and org.exists_on(period.end):
                for facet, due in _due_days(mine, period, default):
                    _append(columns, name, org.id, facet, due)
    schema = {"indicator": nw.String, "org": nw.String, "facet": nw.String, "due": nw.Date}
    obliged = figures.table(columns, schema)
    of_all = figures.table(dated, {name: schema[name] for name in dated})
    return obliged, of_all


def _due_days(
    entries: Iterable[CalendarEntry], period: Period, default: tuple[str, ...]
) -> list[tuple[str, date]]:
    """The first due day of each facet; of `default` where an entry names none."""
    due: dict[str, date] = {}
    for entry in entries:
        day = day_after(entry.due, period)
        for facet in entry.facets or default:
            due[facet] = min(day, due.get(facet, day))
    return list(due.items())


def _append(columns: dict[str, list[Any]], *values: object) -> None:
    for column, value in zip(columns.values(), values, strict=True):
        column.append(value)


def _sought(blank: Frame, told: Frame, before: Frame) -> Frame:
    """The blank cells somebody looks for a figure in: a facet the org told before, or an
    indicator it now tells nothing of. A “—” where no level was ever published is no gap."""
    told_before = blank.join(before, on=_PLACE, how="semi")
    silent = blank.join(told.select(*_PAIR), on=_PAIR, how="anti")
    return nw.concat([told_before, silent]).unique()


# -- what is not there -----------------------------------------------------------------------


def _owed_but_absent(
    figures: Figures, newest: dict[str, Period], owed: Frame, told: Frame, blank: Frame
) -> Iterator[Finding]:
    """Past their due day: late where nothing came, missing where the cell came blank."""
    over = owed.filter(nw.col("due") < figures.as_of).join(
        told.select(*_PLACE), on=_PLACE, how="anti"
    )
    late = over.join(blank.select(*_PLACE), on=_PLACE, how="anti")
    due: dict[tuple[str, str], date] = {}
    for indicator, org, day in late.select(*_PAIR, "due").iter_rows():
        due[indicator, org] = min(day, due.get((indicator, org), day))
    for (indicator, org), facets in _facets(late):
        if _exists(figures, org, newest[indicator]):
            day = due[indicator, org]
            yield _late(
                figures, figures.rulebook.indicators[indicator], org, newest[indicator], facets, day
            )
    came_blank = over.join(blank.select(*_PLACE), on=_PLACE, how="semi")
    yield from _all_missing(figures, newest, came_blank, came_blank=True)


def _expected_but_absent(
    figures: Figures, newest: dict[str, Period], past: Frame, owed: Frame, told: Frame,
    blank: Frame,
) -> Iterator[Finding]:  # fmt: skip
    """Where no calendar obliges: cells that came blank, and what the org filed until now; only
    for the indicators in `newest`."""
    obliged = owed.select(*_PAIR)
    came_blank = blank.join(obliged, on=_PAIR, how="anti").join(
        told.select(*_PLACE), on=_PLACE, how="anti"
    )
    yield from _all_missing(figures, newest, came_blank, came_blank=True)
    leading = told.filter(nw.col("facet").is_in(_LEADING)).select(*_PAIR)
    silent = past.join(obliged, on=_PAIR, how="anti").join(leading, on=_PAIR, how="anti")
    silent = silent.join(blank.select(*_PAIR), on=_PAIR, how="anti")
    yield from _all_missing(figures, newest, silent, came_blank=False)


def _all_missing(
    figures: Figures, newest: dict[str, Period], rows: Frame, *, came_blank: bool
) -> Iterator[Finding]:
    for (indicator, org), facets in _facets(rows):
        if indicator in newest and _exists(figures, org, newest[indicator]):
            known = figures.rulebook.indicators[indicator]
            yield _missing(figures, known, org, newest[indicator], facets, came_blank=came_blank)


def _facets(rows: Frame) -> Iterator[tuple[tuple[str, str], list[str]]]:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for indicator, org, facet in rows.select(*_PLACE).iter_rows():
        found[indicator, org].add(facet)
    for pair in sorted(found):
        yield pair, sorted(found[pair], key=_facet_order)


def _exists(figures: Figures, org: str, period: Period) -> bool:
    return figures.rulebook.orgs[org].exists_on(period.end)


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
