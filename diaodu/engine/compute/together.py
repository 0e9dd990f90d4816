"""What the orgs directly below owe to their pace, taken together: gross and net.

They differ: gross adds up those that are behind, net lets those ahead make up for them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from math import lcm
from typing import Any, NamedTuple

import narwhals as nw

from diaodu.engine.compute.emit import BREAK, Row
from diaodu.engine.compute.exact import Frame, Range
from diaodu.engine.compute.figures import table
from diaodu.engine.compute.goals import part_decimals
from diaodu.engine.compute.pace import Elapsed, Paces
from diaodu.engine.ground.period import Period
from diaodu.engine.ground.records import Measure

_NUMBERS = ("value", "lo", "hi")


class _Sum(NamedTuple):
    """What is summed: indicator, parent, period, tier; how it is printed."""

    indicator: str
    parent: str
    period: str
    tier: str
    unit: str
    decimals: int


class _Owed(NamedTuple):
    """Of one org: `span` × what it owes, scaled, with bounds; None without figure or pace.
    `span`: the parts of the year by which its pace runs."""

    value: int | None
    lo: int | None
    hi: int | None
    key: str
    span: int = 1


def measures(cells: Frame, targets: Frame, paces: Paces) -> Iterator[Frame]:
    """arrears_gross and arrears_net: the sum of the positive arrears_pace, and of all, of the orgs
    directly below that have a target; `base` is the tier. Two of them must have a figure."""
    found = _by_parent(cells, targets, paces)
    told = {one: owed for one, owed in found.items() if sum(o.value is not None for o in owed) > 1}
    if told:
        yield _GROSS.of(_table(cells, told, gross=True))
        yield _NET.of(_table(cells, told, gross=False))


_ALIKE: dict[str, Any] = {
    "number": Range(*(nw.col(name) for name in _NUMBERS)), "unit": nw.col("unit"),
    "decimals": nw.col("decimals"), "formula": nw.col("formula"), "inputs": nw.col("keys"),
    "base": nw.col("tier"),
}  # fmt: skip
_GROSS, _NET = Row("arrears_gross", **_ALIKE), Row("arrears_net", **_ALIKE)


def _by_parent(cells: Frame, targets: Frame, paces: Paces) -> dict[_Sum, list[_Owed]]:
    flows = cells.filter(nw.col("asked") & nw.col("flow") & nw.col("additive"))
    aimed = flows.join(targets, on=["indicator", "org", "year"]).filter(
        (nw.col("kind") == "level") & ~nw.col("t").is_null()
    )
    found: dict[_Sum, list[_Owed]] = defaultdict(list)
    for row in aimed.sort("indicator", "org", "period", "target_id").iter_rows(named=True):
        parent = paces.rulebook.orgs[row["org"]].parent
        if parent is not None:
            decimals = part_decimals(row["decimals"])
            period = Period.from_id(row["period"])
            now = paces.of(row["indicator"], row["org"], row["tier"], period, row["t"])
            place = _Sum(
                row["indicator"], parent, row["period"], row["tier"], row["unit"], decimals
            )
            found[place].append(_owed(row, now))
    return found


def _owed(row: dict[str, Any], now: Elapsed | None) -> _Owed:
    key = Measure.make_key(
        row["indicator"], row["org"], row["period"], "arrears_pace", row["target_id"]
    )
    if row["v"] is None or now is None:
        return _Owed(None, None, None, "")
    due, span = now.gone * row["t"], now.span
    value, one, other = (due - span * row[name] for name in ("v", "v_hi", "v_lo"))
    if row["low"]:
        return _Owed(-value, -other, -one, key, span)
    return _Owed(value, one, other, key, span)


def _table(like: Frame, told: dict[_Sum, list[_Owed]], *, gross: bool) -> Frame:
    columns: dict[str, list[Any]] = {
        "indicator": [one.indicator for one in told], "org": [one.parent for one in told],
        "period": [one.period for one in told], "tier": [one.tier for one in told],
        "unit": [one.unit for one in told], "decimals": [one.decimals for one in told],
        **{name: [] for name in (*_NUMBERS, "formula", "keys")},
    }  # fmt: skip
    for owed in told.values():
        known = [one for one in owed if one.value is not None]
        span = lcm(*(one.span for one in known))
        for name in _NUMBERS:
            ends = [getattr(one, name) * (span // one.span) for one in known]
            total = sum(max(end, 0) if gross else end for end in ends)
            columns[name].append(_part(total, span, name))
        way = "下级进度欠账之和，只计欠账的" if gross else "下级进度欠账之和，超额的抵减"
        columns["formula"].append(f"{way}（{len(owed)}个目标，{len(known)}个有数）")
        columns["keys"].append(BREAK.join(one.key for one in known))
    types: dict[str, Any] = dict.fromkeys(columns, nw.String)
    types |= {"decimals": nw.Int64, **dict.fromkeys(_NUMBERS, nw.Int128)}
    return table(like, columns, types)


def _part(total: int, span: int, name: str) -> int:
    """The value cut off toward zero, its bounds rounded outward."""
    if name == "hi" or (name == "value" and total < 0):
        return -(-total // span)
    return total // span
