"""heaped: figures that look filled in rather than counted. For the statistics office alone.

one_number: many orgs with the very same figure of an indicator · at_target: many exactly at their
target · last_period: an org whose levels repeat those of the period before · last_digit: many
figures of an indicator or of an org that end in 0 or 5. A number of few digits meets itself by
chance, so figures count from three significant digits; growth, of which there are few different
ones, counts as printed but never where it is zero. Whole counts are left out under “*”.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import narwhals as nw

from diaodu.engine.ground.period import Period
from diaodu.engine.ground.quantity import COUNT_WORDS, SCALE
from diaodu.engine.ground.records import Finding, Observation, Target, finding
from diaodu.engine.ground.words import FACET_NAMES
from diaodu.engine.rules.calendar import latest_filed
from diaodu.engine.rules.models import Check
from diaodu.engine.verify import say
from diaodu.engine.verify.figures import Figures, before_in_year, scaled_up, unscaled


class _Least(NamedTuple):
    """From how many figures, and from what share (percent) of those that could, it is told."""

    number: int
    share: Decimal


# What a check that leaves them open means. Under 0 and 5 falls a fifth by chance.
LEAST: Mapping[str, _Least] = {
    "one_number": _Least(6, Decimal(30)),
    "at_target": _Least(4, Decimal(30)),
    "last_period": _Least(5, Decimal(50)),
    "last_digit": _Least(20, Decimal(60)),
}
_DIGITS = 3
_NAMED = 5


class _Figure(NamedTuple):
    """A figure of the newest period of its indicator. `value` is scaled; `whole` the digits given,
    without point and sign, `digits` how many of them count."""

    obs_id: str
    indicator: str
    org: str
    period: str
    facet: str
    track: str
    unit: str
    decimals: int
    value: int
    whole: int
    digits: int


def heaps(figures: Figures, targets: Iterable[Target], month: Period) -> Iterator[Finding]:
    checks = [one for one in figures.rulebook.checks if one.kind == "heaped" and not one.off]
    if not checks:
        return
    newest = _newest(figures, month)
    before = _before(figures, newest)
    aims = _aims(targets)
    for check in checks:
        chosen = [one for one in newest if _is_for(check, one)] if check.holds_on(month.end) else []
        for pattern in [check.pattern] if check.pattern else LEAST:
            if pattern == "one_number":
                yield from _one_number(figures, check, chosen)
            elif pattern == "at_target":
                yield from _at_target(figures, check, chosen, aims)
            elif pattern == "last_period":
                yield from _last_period(figures, check, chosen, before)
            else:
                yield from _last_digit(figures, check, chosen)


# -- which figures ---------------------------------------------------------------------------


def _newest(figures: Figures, month: Period) -> list[_Figure]:
    known = figures.rulebook.indicators.values()
    periods = {one.id: latest_filed(one, month).id for one in known}
    return list(_read(figures, periods))


def _before(figures: Figures, newest: Iterable[_Figure]) -> dict[tuple[str, str, str], _Figure]:
    """The levels of the period before in the same year, by indicator, org and track."""
    periods: dict[str, str] = {}
    for name, period in {(one.indicator, one.period) for one in newest}:
        earlier = before_in_year(figures.rulebook.indicators[name], Period.from_id(period))
        if earlier is not None:
            periods[name] = earlier.id
    return {
        (one.indicator, one.org, one.track): one
        for one in _read(figures, periods)
        if one.facet == "level"
    }


def _read(figures: Figures, periods: Mapping[str, str]) -> Iterator[_Figure]:
    """Levels and growths of each indicator at its period."""
    wanted = figures.table(
        {"indicator": list(periods), "period": list(periods.values())},
        {"indicator": nw.String, "period": nw.String},
    )
    rows = figures.frame.filter(nw.col("facet").is_in(["level", "growth"]))
    rows = rows.join(wanted, on=["indicator", "period"], how="semi").sort("obs_id")
    columns = ("obs_id", "indicator", "org", "period", "facet", "track", "unit", "decimals",
               "value")  # fmt: skip
    for *place, decimals, value in rows.select(*columns).iter_rows():
        given = max(decimals or 0, 0)
        whole = abs(value) // 10 ** max(SCALE - given, 0)
        digits = len(str(whole)) if whole else 0
        yield _Figure._make((*place, given, value, whole, digits))


def _is_for(check: Check, one: _Figure) -> bool:
    named = one.indicator in check.indicators
    counted = one.unit in COUNT_WORDS and one.decimals == 0
    if not named and ("*" not in check.indicators or counted):
        return False
    if "facet" in check.model_fields_set and check.facet != one.facet:
        return False
    return one.value != 0 if one.facet == "growth" else one.digits >= _DIGITS


def _grouped(
    rows: Iterable[_Figure], key: Callable[[_Figure], tuple[Any, ...]]
) -> dict[tuple[Any, ...], list[_Figure]]:
    found: dict[tuple[Any, ...], list[_Figure]] = {}
    for one in rows:
        found.setdefault(key(one), []).append(one)
    return {name: found[name] for name in sorted(found)}


def _enough(check: Check, pattern: str, alike: int, all_: int) -> bool:
    least = LEAST[pattern]
    share = Fraction(check.share or least.share)
    return alike >= (check.at_least or least.number) and Fraction(alike * 100, all_) >= share


# -- the four patterns -----------------------------------------------------------------------


def _column(figures: Figures) -> Callable[[_Figure], tuple[Any, ...]]:
    """An indicator's figures of one period for orgs of one level: a column of a table."""
    orgs = figures.rulebook.orgs
    return lambda one: (one.indicator, one.period, one.facet, one.track, orgs[one.org].level)


def _one_number(figures: Figures, check: Check, rows: list[_Figure]) -> Iterator[Finding]:
    for column in _grouped(rows, _column(figures)).values():
        values = _grouped(column, lambda one: (one.value,)).values()
        for alike in values:
            if _enough(check, "one_number", len(alike), len(column)):
                number = say.number(unscaled(alike[0].value), alike[0].decimals, alike[0].unit)
                yield _told(
                    figures, check, "one_number", alike,
                    f"{len(column)}个单位中有{len(alike)}个都是{number}", "各单位的数各不相同",
                )  # fmt: skip


def _aims(targets: Iterable[Target]) -> dict[tuple[str, str, int, str], set[int]]:
    """(indicator, org, year, kind) → what is wanted, scaled."""
    found: dict[tuple[str, str, int, str], set[int]] = {}
    for one in targets:
        if one.value is not None and one.kind in ("level", "growth") and not one.period:
            found.setdefault((one.indicator, one.org, one.year, one.kind), set()).add(
                scaled_up(one.value)
            )
    return found


def _at_target(
    figures: Figures, check: Check, rows: list[_Figure],
    aims: Mapping[tuple[str, str, int, str], set[int]],
) -> Iterator[Finding]:  # fmt: skip
    years = {period: Period.from_id(period).year for period in {one.period for one in rows}}

    def wanted(one: _Figure) -> set[int]:
        year = years[one.period]
        return aims.get((one.indicator, one.org, year, one.facet), set())

    for column in _grouped((one for one in rows if wanted(one)), _column(figures)).values():
        alike = [one for one in column if one.value in wanted(one)]
        if _enough(check, "at_target", len(alike), len(column)):
            yield _told(
                figures, check, "at_target", alike,
                f"有目标的{len(column)}个单位中有{len(alike)}个恰好等于目标", "围绕目标有高有低",
            )  # fmt: skip


def _last_period(
    figures: Figures, check: Check, rows: list[_Figure],
    before: Mapping[tuple[str, str, str], _Figure],
) -> Iterator[Finding]:  # fmt: skip
    levels = [
        one
        for one in rows
        if one.facet == "level" and (one.indicator, one.org, one.track) in before
    ]
    for own in _grouped(levels, lambda one: (one.org, one.track)).values():
        alike = [one for one in own if before[one.indicator, one.org, one.track].value == one.value]
        if alike and _enough(check, "last_period", len(alike), len(own)):
            yield _told(
                figures, check, "last_period", alike,
                f"{len(own)}项指标中有{len(alike)}项与上期一字不差", "本期与上期不同",
            )  # fmt: skip


def _last_digit(figures: Figures, check: Check, rows: list[_Figure]) -> Iterator[Finding]:
    columns = _grouped((one for one in rows if one.digits >= _DIGITS), _column(figures))
    digits = {
        one.obs_id: one.whole // unit % 10
        for column in columns.values()
        for unit in [_coarseness(column)]
        for one in column
    }
    known = [one for column in columns.values() for one in column]
    groups = [*columns.values(), *_grouped(known, lambda one: (one.org, one.track)).values()]
    for group in groups:
        least = check.at_least or LEAST["last_digit"].number
        alike = [one for one in group if digits[one.obs_id] in (0, 5)]
        share = Fraction(check.share or LEAST["last_digit"].share)
        if len(group) >= least and Fraction(len(alike) * 100, len(group)) >= share:
            yield _told(
                figures, check, "last_digit", alike,
                f"{len(group)}个数中有{len(alike)}个的末位是0或5", "末位是0或5的约占五分之一",
            )  # fmt: skip


def _coarseness(column: list[_Figure]) -> int:
    """The power of ten that all of a column are given in: 万元 written as 亿元 end in 0 all."""
    zeros = min(len(str(one.whole)) - len(str(one.whole).rstrip("0")) for one in column)
    return int(10**zeros)


# -- what is said ----------------------------------------------------------------------------


def _told(
    figures: Figures, check: Check, pattern: str, alike: list[_Figure], what: str, expected: str
) -> Finding:
    """One finding for all of them; it names what they share."""
    seen = figures.load(one.obs_id for one in alike)
    first = seen[alike[0].obs_id]
    indicator = _shared(one.indicator for one in alike)
    org = _shared(one.org for one in alike)
    period = _shared(one.period for one in alike)
    facet = _shared(one.facet for one in alike)
    names = figures.rulebook.names_of(name for name in (org, indicator) if name)
    about = "".join(names) + say.period_name(first.period)
    about += FACET_NAMES[facet] if facet not in ("", "level") else ""
    return finding(
        "heaped", "soft",
        f"{about}：{what}。{_cells([seen[one.obs_id] for one in alike], figures)}。",
        "只供统计部门参考：请抽查这些单位的台账和原始凭证，看是不是照抄、照目标填或估填；"
        f"查实无误的不必处理。尺度在规则 checks/“{check.id}”里。",
        file=first.file, sheet=first.sheet, cell=first.cell, indicator=indicator, org=org,
        period=period, expected=expected, found=what, obs_ids=tuple(seen),
        discriminator=f"{check.id}|{pattern}|{facet}|{first.track}|{_level(figures, first)}",
    )  # fmt: skip


def _level(figures: Figures, one: Observation) -> str:
    return figures.rulebook.orgs[one.org].level


def _shared(values: Iterable[str]) -> str:
    """What they all have, empty where they differ."""
    found = set(values)
    return found.pop() if len(found) == 1 else ""


def _cells(seen: list[Observation], figures: Figures) -> str:
    one_org = len({one.org for one in seen}) == 1
    named = [
        figures.rulebook.names_of([one.indicator if one_org else one.org])[0]
        + f"{say.figure(one)}（{say.place(one)}）"
        for one in seen[:_NAMED]
    ]
    more = f"等{len(seen)}处" if len(seen) > _NAMED else ""
    return "、".join(named) + more
