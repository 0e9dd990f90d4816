"""What each part of a whole pulls it up or down by, as a waterfall: of every breakdown of the
rulebook that takes the indicator apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from diaodu.engine.compute.apart import left_over
from diaodu.engine.compute.wholes import parts_of, wholes_of
from diaodu.engine.ground.period import Period
from diaodu.engine.report.material import whole
from diaodu.engine.rules.models import Breakdown
from diaodu.web.board.queries.choosing import Chosen
from diaodu.web.board.queries.table import indicator_url
from diaodu.web.runs import queries as runs
from diaodu.web.runs.queries import Figure, RowView
from diaodu.web.shared.access import Access
from diaodu.web.shared.templatetags.figures import figure, signed

_REST = "其他"
_PRICES = "其他和价格口径"
_ROUNDING = "舍入"


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its own growth, what it pulls, its share in the whole's growth or why there is
    none."""

    name: str
    url: str
    growth: str
    pull: str
    contribution: str


@dataclass(frozen=True, slots=True)
class Pulls:
    """`spec`: the waterfall. `silent`: parts without a pull, each with its word."""

    id: str
    title: str
    spec: dict[str, Any]
    parts: tuple[Part, ...]
    total: str
    note: str
    silent: tuple[tuple[str, str], ...]


def of_row(
    chosen: Chosen, access: Access, now: datetime, row: RowView, children: Sequence[RowView]
) -> list[Pulls]:
    """Those there is something to draw of."""
    found = []
    for number, breakdown in enumerate(_breakdowns(row), 1):
        parts = (
            [one for one in children if one.org.level == breakdown.child_level]
            if breakdown.of == "orgs"
            else _child_rows(chosen, access, now, row, breakdown)
        )
        told = _pulls(chosen, row, breakdown, parts, number)
        if told is not None:
            found.append(told)
    return found


def _breakdowns(row: RowView) -> Iterator[Breakdown]:
    if row.embargoed or row.indicator is None:
        return
    for one in row.rulebook.breakdowns:
        is_own = one.of == "indicators" or one.parent == row.org_id
        if is_own and row.indicator in wholes_of(one, row.rulebook):
            yield one


def _child_rows(
    chosen: Chosen, access: Access, now: datetime, row: RowView, breakdown: Breakdown
) -> list[RowView]:
    assert row.indicator is not None
    names = [one.id for one in parts_of(breakdown, row.indicator, row.rulebook)]
    return runs.rows(chosen.run, access, now, org=row.org_id, indicators=names)


def _pulls(
    chosen: Chosen, row: RowView, breakdown: Breakdown, rows: Iterable[RowView], number: int
) -> Pulls | None:
    base = row.org_id if breakdown.of == "orgs" else row.indicator_id
    listed = [(one, one.get("pull", base=base, peer_group=breakdown.id)) for one in rows]
    known = [(one, pull) for one, pull in listed if pull is not None and pull.is_number]
    total = row.growth
    if total is None or not total.is_number or len(known) < 2:
        return None
    known.sort(key=lambda pair: Decimal(pair[1].shown), reverse=True)
    named = [(_name(breakdown, one), pull.shown) for one, pull in known]
    rest = left_over(total.shown, [pull for _, pull in named])
    if not rest.is_nothing:
        named.append((_rest_name(row, breakdown, is_rounding=rest.is_rounding), rest.digits))
    spec = {
        "kind": "waterfall",
        "parts": [[name, digits, signed(digits)] for name, digits in named],
        "total": [_total_name(row, breakdown), total.shown, signed(total.shown)],
    }
    return Pulls(
        id=f"pull{number}", title=f"{breakdown.name}的拉动", spec=spec,
        parts=tuple(_part(chosen, breakdown, base, one, pull) for one, pull in known),
        total=figure(total.shown), note=_note(row, breakdown, named[-1][0]),
        silent=tuple(_silent(row, breakdown, listed)),
    )  # fmt: skip


def _silent(
    row: RowView, breakdown: Breakdown, listed: Sequence[tuple[RowView, Figure | None]]
) -> Iterator[tuple[str, str]]:
    """The parts without a pull: by their word, and those the run has nothing of."""
    for one, pull in listed:
        if pull is None or not pull.is_number:
            yield _name(breakdown, one), pull.shown if pull is not None else one.missing or "无数据"
    if breakdown.of == "orgs":
        there = {one.org_id for one, _ in listed}
        for org in row.rulebook.members(breakdown, Period.from_id(row.period).end):
            if org.id not in there:
                yield org.name, "无数据"


def _name(breakdown: Breakdown, row: RowView) -> str:
    if breakdown.of == "orgs" or row.indicator is None:
        return row.org.name
    return row.indicator.name


def _total_name(row: RowView, breakdown: Breakdown) -> str:
    return whole(row.org) if breakdown.of == "orgs" or row.indicator is None else row.indicator.name


def _part(
    chosen: Chosen, breakdown: Breakdown, base: str, row: RowView, pull: Figure
) -> Part:  # fmt: skip
    share = row.get("contribution", base=base, peer_group=breakdown.id)
    return Part(
        name=_name(breakdown, row), url=indicator_url(chosen, row.indicator_id, row.org_id),
        growth=figure(row.growth.shown) if row.growth is not None else "无数据",
        pull=signed(pull.shown), contribution=figure(share.shown) if share is not None else "不计",
    )  # fmt: skip


def _rest_name(row: RowView, breakdown: Breakdown, *, is_rounding: bool) -> str:
    """Where the printed digits leave it open, it is no more than that."""
    if is_rounding and row.get("pull_other", peer_group=breakdown.id) is None:
        return _ROUNDING
    return _PRICES if _differs(row) else _REST


def _differs(row: RowView) -> bool:
    """Whether the growth that is printed is another than the one that levels give."""
    computed = row.get("growth")
    return row.growth_is_published and (computed is None or computed.shown != _shown(row.growth))


def _shown(one: Figure | None) -> str:
    return one.shown if one is not None else ""


def _note(row: RowView, breakdown: Breakdown, last: str) -> str:
    told = ["拉动=本部分增减÷总体去年同期，按总量算"]
    computed = row.get("growth")
    if _differs(row) and computed is not None:
        told.append(f"公布增速{figure(_shown(row.growth))}%，按总量算{figure(computed.shown)}%")
    if last in (_REST, _PRICES):
        told.append(f"“{last}”是各部分加起来与增速之差，不摊到各部分")
    elif last == _ROUNDING:
        told.append("“舍入”是各数四舍五入造成的差")
    return "；".join(told) + "。"
