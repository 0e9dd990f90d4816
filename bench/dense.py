"""The measures of bench.country computed densely on numpy arrays, and by plain pandas.

Arrays are indicator × month × county in whole numbers: figures in halves of their last digit, so
that their bounds are whole too; percentages times 10^12, cut off as the engine cuts them off.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

YEAR = 12
_HALF_DIGITS = 10**7  # fourteen digits in two steps: remainders below 10^12 stay inside 64 bits
_HUNDRED = 10**14
_TENTH = 10**11

Array = np.ndarray[Any, np.dtype[np.int64]]


class Dense(NamedTuple):
    """value, lo, hi of a measure from month `since` on; `group` where it is of a peer group."""

    measure: str
    group: str
    since: int
    value: Array
    lo: Array
    hi: Array


class _Ratio(NamedTuple):
    floor: Array
    rest: Array
    den: Array
    cut: Array
    lo: Array
    hi: Array


def by_numpy(tenths: Array, cities: int) -> Iterator[Dense]:
    """The measures of `numbers`, in arrays. `cities`: county n belongs to city n % cities."""
    v = 2 * tenths
    lo, hi = v - 1, v + 1
    yield Dense("value", "", 0, v, lo, hi)
    month, month_lo, month_hi = v.copy(), lo.copy(), hi.copy()
    later = np.arange(v.shape[1]) % YEAR > 0
    before = np.flatnonzero(later) - 1
    month[:, later] -= v[:, before]
    month_lo[:, later] -= hi[:, before]
    month_hi[:, later] -= lo[:, before]
    yield Dense("month_value", "", 0, month, month_lo, month_hi)
    now, now_lo, now_hi = (part[:, YEAR:] for part in (v, lo, hi))
    base, base_lo, base_hi = (part[:, :-YEAR] for part in (v, lo, hi))
    yield Dense("last_year", "", YEAR, base, base_lo, base_hi)
    yield Dense("change", "", YEAR, now - base, now_lo - base_hi, now_hi - base_lo)
    g = _ratio((now, now_lo, now_hi), (base, base_lo, base_hi))
    yield Dense("growth", "", YEAR, g.cut, g.lo, g.hi)
    after, ago = _Ratio(*(part[:, 1:] for part in g)), _Ratio(*(part[:, :-1] for part in g))
    yield Dense(
        "growth_change_pp", "", YEAR + 1, _difference(after, ago), after.lo - ago.hi,
        after.hi - ago.lo,
    )  # fmt: skip
    grown = np.sign(g.cut) * ((np.abs(g.cut) + _TENTH // 2) // _TENTH)
    for sort, score, since in (("rank_level", tenths, 0), ("rank_growth", grown, YEAR)):
        yield from _ranks(sort, score, since, cities)
    for group, size in (("all", 1), ("city", cities)):
        sums = [
            _spread(_by_group(part, size, 0).sum(axis=-1), v.shape[2])
            for part in (now, now_lo, now_hi, base, base_lo, base_hi)
        ]
        m = _ratio(tuple(sums[:3]), tuple(sums[3:]))
        yield Dense(
            "gap_peers_mean", group, YEAR, _difference(g, m), g.lo - m.hi, g.hi - m.lo
        )  # fmt: skip


def _divided(num: Array, den: Array) -> tuple[Array, Array]:
    floor, rest = np.divmod(num, den)
    for _ in range(2):
        digits, rest = np.divmod(rest * _HALF_DIGITS, den)
        floor = floor * _HALF_DIGITS + digits
    return floor, rest


def _ratio(num: tuple[Array, ...], den: tuple[Array, ...]) -> _Ratio:
    """num ÷ den − 1 in percent, of positive numbers."""
    floor, rest = _divided(num[0], den[0])
    floor -= _HUNDRED
    low, _ = _divided(num[1], den[2])
    high, high_rest = _divided(num[2], den[1])
    return _Ratio(
        floor, rest, den[0], floor + ((floor < 0) & (rest > 0)), low - _HUNDRED,
        high - _HUNDRED + (high_rest > 0),
    )  # fmt: skip


def _difference(one: _Ratio, other: _Ratio) -> Array:
    floor = one.floor - other.floor
    apart = one.rest * other.den - other.rest * one.den
    return floor - ((floor > 0) & (apart < 0)) + ((floor < 0) & (apart > 0))


def _by_group(numbers: Array, groups: int, missing: int) -> Array:
    """… × county → … × group × member; groups that are a member short are filled up."""
    if groups == 1:
        return numbers[..., None, :]
    members = -(-numbers.shape[-1] // groups)
    padding = [(0, 0)] * (numbers.ndim - 1) + [(0, members * groups - numbers.shape[-1])]
    filled = np.pad(numbers, padding, constant_values=missing)
    return filled.reshape(*numbers.shape[:-1], members, groups).swapaxes(-1, -2)


def _spread(of_group: Array, counties: int) -> Array:
    """… × group → … × county."""
    return of_group[..., np.arange(counties) % of_group.shape[-1]]


def _ranks(sort: str, score: Array, since: int, cities: int) -> Iterator[Dense]:
    counties = score.shape[-1]
    for group, size in (("all", 1), ("city", cities)):
        place, worse, n = _placed(_by_group(-score, size, np.iinfo(np.int64).max))
        n = _spread(n, counties)
        flat = [
            one.swapaxes(-1, -2).reshape(*score.shape[:-1], -1)[..., :counties]
            for one in (place, worse)
        ]
        place, reverse = flat[0], 1 + n - flat[1]
        yield Dense(sort, group, since, place, place, place)
        yield Dense(f"{sort}_reverse", group, since, reverse, reverse, reverse)
        yield Dense(f"{sort}_n", group, since, n, n, n)
        moved = place[:, :-1] - place[:, 1:]
        yield Dense(f"{sort}_move", group, since + 1, moved, moved, moved)


def _placed(worst_last: Array) -> tuple[Array, Array, Array]:
    """1 + number before, number up to the last alike, and how many there are."""
    order = np.argsort(worst_last, axis=-1)
    values = np.take_along_axis(worst_last, order, axis=-1)
    size = values.shape[-1]
    new = np.ones(values.shape, dtype=bool)
    new[..., 1:] = values[..., 1:] != values[..., :-1]
    position = np.arange(size)
    first = np.maximum.accumulate(np.where(new, position, 0), axis=-1)
    ends = np.ones(values.shape, dtype=bool)
    ends[..., :-1] = new[..., 1:]
    back = np.where(ends, position, size)[..., ::-1]
    last = np.minimum.accumulate(back, axis=-1)[..., ::-1]
    place, worse = np.empty_like(order), np.empty_like(order)
    np.put_along_axis(place, order, first + 1, axis=-1)
    np.put_along_axis(worse, order, last + 1, axis=-1)
    n = (worst_last != np.iinfo(np.int64).max).sum(axis=-1)
    return place, worse, n


class Told(NamedTuple):
    """value, lo and hi of a measure, or its value alone; the index is that of what was given."""

    measure: str
    group: str
    found: pd.DataFrame | pd.Series[Any]


def by_pandas(given: pd.DataFrame, *, may_lack: bool) -> Iterator[Told]:
    """The same as an analyst would have it: each series with its earlier months, ranks and sums
    within each group. Columns figure, county, city, year, month, tenths, ordered by figure, year,
    month and county. `may_lack`: some figures; where none is missing it takes less."""
    table = given.assign(
        value=2 * given["tenths"], lo=2 * given["tenths"] - 1, hi=2 * given["tenths"] + 1,
        at=YEAR * given["year"] + given["month"],
    )  # fmt: skip
    yield Told("value", "", table[_ENDS])
    yield Told("month_value", "", _months(table, may_lack))
    table[_BASE] = _before(table, _ENDS, YEAR, may_lack)
    now = table.dropna().astype(dict.fromkeys(_BASE, int))
    last = now[_BASE].set_axis(_ENDS, axis=1)
    yield Told("last_year", "", last)
    yield Told("change", "", _less(now, last))
    growth = _growth(now)
    yield Told("growth", "", growth)
    parts = list(growth.columns)
    ago = _before(growth.join(now[[*_SERIES, "at"]]), parts, 1, may_lack).dropna().astype(int)
    yield Told("growth_change_pp", "", _minus(growth.loc[ago.index], ago))
    size = (growth["value"].abs() + _TENTH // 2) // _TENTH
    now["grown"] = size.where(growth["value"] >= 0, -size)
    for group, keys in _GROUPS.items():
        yield from _ranked(table, "rank_level", "tenths", group, keys, may_lack)
        yield from _ranked(now, "rank_growth", "grown", group, keys, may_lack)
        summed = now.groupby(keys)[[*_ENDS, *_BASE]]
        yield Told("gap_peers_mean", group, _minus(growth, _growth(summed.transform("sum"))))


_SERIES = ["figure", "county"]
_ENDS = ["value", "lo", "hi"]
_BASE = ["base", "base_lo", "base_hi"]
_GROUPS = {"all": ["figure", "year", "month"], "city": ["figure", "year", "month", "city"]}


def _before(table: pd.DataFrame, columns: list[str], months: int, may_lack: bool) -> pd.DataFrame:
    """The columns so many months before, of each series. So many rows up it is that month only
    where none is missing."""
    if not may_lack:
        return table.groupby(_SERIES)[columns].shift(months)
    earlier = table[[*_SERIES, "at", *columns]].assign(at=table["at"] + months)
    both = table[[*_SERIES, "at"]].merge(earlier, how="left", on=[*_SERIES, "at"])
    return both[columns].set_axis(table.index)


def _months(table: pd.DataFrame, may_lack: bool) -> pd.DataFrame:
    """What a month adds to the year so far, where the month before is known."""
    earlier = _before(table, _ENDS, 1, may_lack).where(table["month"] > 1, 0)
    return _less(table, earlier).dropna()


def _less(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "value": one["value"] - other["value"], "lo": one["lo"] - other["hi"],
            "hi": one["hi"] - other["lo"],
        }
    )  # fmt: skip


def _growth(now: pd.DataFrame) -> pd.DataFrame:
    """value, lo, hi, floor, rest and den of value ÷ base − 1 in percent."""
    floor, rest = _divided(now["value"], now["base"])
    low, _ = _divided(now["lo"], now["base_hi"])
    high, over = _divided(now["hi"], now["base_lo"])
    floor = floor - _HUNDRED
    return pd.DataFrame(
        {
            "value": floor + ((floor < 0) & (rest > 0)), "lo": low - _HUNDRED,
            "hi": high - _HUNDRED + (over > 0), "floor": floor, "rest": rest, "den": now["base"],
        }
    )  # fmt: skip


def _minus(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    floor = one["floor"] - other["floor"]
    apart = one["rest"] * other["den"] - other["rest"] * one["den"]
    value = floor - ((floor > 0) & (apart < 0)) + ((floor < 0) & (apart > 0))
    return _less(one, other).assign(value=value)


def _ranked(
    table: pd.DataFrame, sort: str, by: str, group: str, keys: list[str], may_lack: bool
) -> Iterator[Told]:
    within = table.groupby(keys)[by]
    ranked = table[[*_SERIES, "at"]].assign(
        place=within.rank(method="min", ascending=False), n=within.transform("count")
    )
    yield Told(sort, group, ranked["place"])
    yield Told(f"{sort}_reverse", group, within.rank(method="min"))
    yield Told(f"{sort}_n", group, ranked["n"])
    earlier = _before(ranked, ["place", "n"], 1, may_lack)
    moved = earlier["place"] - ranked["place"]
    if may_lack:
        # Places are compared where the same counties were ranked.
        both = earlier["place"].groupby([table[key] for key in keys]).transform("count")
        moved = moved.where((earlier["n"] == ranked["n"]) & (both == ranked["n"]))
    yield Told(f"{sort}_move", group, moved.dropna())
